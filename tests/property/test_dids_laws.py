"""Laws of DIDs: every key has its DIDs and is found again; any text or document gives a value or the one error."""

from datetime import UTC, datetime

import pytest
from hypothesis import given
from hypothesis import strategies as st

from sayso.dids import did_jwk, did_key
from sayso.dids.document import RELATIONSHIPS, DidDocument, VerificationMethod, parse
from sayso.dids.method import Options, Resolution
from sayso.dids.resolution import METHODS, document_of, key_of_did, retrieve_verification_method
from sayso.encodings import base64url, multibase
from sayso.errors import INVALID_CONTROLLED_IDENTIFIER_DOCUMENT, INVALID_DID, METHOD_NOT_SUPPORTED, UNDECIDABLE, ProblemType
from sayso.identifiers import Did
from sayso.jsonvalue import Json, JsonObject, serialize
from sayso.keys import jwk
from sayso.keys.ed25519 import PublicKey, key_pair
from sayso.retrieval import Steps, done, drive, offline
from tests.property.outcomes import ODD, outcome
from tests.support import examples
from tests.unit.dids.world import DID, URL, method

pytestmark = pytest.mark.laws

REFUSALS = (INVALID_DID, METHOD_NOT_SUPPORTED, UNDECIDABLE)
AT = datetime(2026, 11, 21, 12, tzinfo=UTC)
KEYS = st.binary(min_size=32, max_size=32).map(lambda seed: key_pair(seed)[0])
JWKS: st.SearchStrategy[JsonObject] = st.builds(
    lambda key, odd: jwk.encode(key) | odd, KEYS, st.dictionaries(st.sampled_from(["kty", "x", "d", "use"]), ODD)
)
# DIDs that are nearly one of the two methods'.
BODIES = (
    st.text() | st.binary(max_size=60).map(multibase.encode_base58btc) | JWKS.map(lambda value: base64url.encode(serialize(value).encode()))
)
DIDS = st.text() | st.tuples(st.sampled_from(["did:key:", "did:jwk:", "did:key:1:", "did:"]), BODIES).map("".join)
# Documents that are nearly good.
IDS = st.sampled_from(["#key-1", "#key-2", URL, DID, "did:example:other#key-1", "#", "", "key-1"])
MEMBERS = st.sampled_from(["id", "type", "controller", "publicKeyMultibase", "publicKeyJwk", "expires", "revoked", "secretKeyJwk"])
METHOD: st.SearchStrategy[Json] = st.builds(lambda ident, odd: method(id=ident) | odd, IDS, st.dictionaries(MEMBERS, ODD, max_size=2)) | ODD
SERVICE: st.SearchStrategy[Json] = st.builds(lambda ident, odd: {"id": ident, "type": "T", "serviceEndpoint": odd}, IDS, ODD)


@st.composite
def documents(draw: st.DrawFn) -> JsonObject:
    value: JsonObject = {"id": draw(st.sampled_from([DID] * 9 + [URL])), "verificationMethod": draw(st.lists(METHOD, max_size=3))}
    for name in ("assertionMethod", "authentication"):
        if draw(st.booleans()):
            value[name] = draw(st.lists(IDS | METHOD, max_size=2))
    if draw(st.booleans()):
        value |= {"service": draw(st.lists(SERVICE, max_size=2)), "controller": draw(ODD)}
    return value


@examples(150)
@given(KEYS)
def test_a_key_is_found_again_from_its_dids(key: PublicKey) -> None:
    for room in (did_key, did_jwk):
        did, url = room.did_of(key), room.verification_method(key)
        assert url.startswith(did + "#")
        assert drive(key_of_did(did, AT), offline) == key
        assert drive(retrieve_verification_method(url, "assertionMethod", AT), offline).key == key
        assert parse(drive(document_of(did, AT), offline).to_json()) == drive(document_of(did, AT), offline)


@examples(150)
@given(DIDS)
def test_any_text_is_a_document_of_its_own_or_the_one_error(did: str) -> None:
    found = outcome(drive, document_of(did, AT), offline)
    assert found in REFUSALS or (isinstance(found, DidDocument) and found.id == did)


@examples(150)
@given(DIDS, st.text(), st.sampled_from(RELATIONSHIPS))
def test_any_identifier_is_a_method_or_the_one_error(did: str, fragment: str, relationship: str) -> None:
    found = outcome(drive, retrieve_verification_method(f"{did}#{fragment}", relationship, AT), offline)
    if isinstance(found, VerificationMethod):
        assert (found.id, found.controller) == (f"{did}#{fragment}", did)


@examples(150)
@given(documents())
def test_any_json_is_a_document_or_the_one_error(value: JsonObject) -> None:
    read = outcome(parse, value)
    if isinstance(read, ProblemType):
        assert read is INVALID_CONTROLLED_IDENTIFIER_DOCUMENT
        return
    assert read.id == value["id"]
    readable = {url: found for url, found in read.methods.items() if isinstance(found, VerificationMethod)}
    assert parse(read.to_json()) == read._replace(methods=readable)


class Fixed:
    """Be the method did:example with one document."""

    name = "example"

    def __init__(self, value: JsonObject) -> None:
        self.value = value

    def resolve(self, _did: Did, _at: datetime, _options: Options, /) -> Steps[Resolution]:
        return done(Resolution(parse(self.value), self.value, {}))


@examples(150)
@given(documents(), st.sampled_from(["assertionMethod", "authentication"]), st.sampled_from([URL, DID + "#key-2", DID + "#"]))
def test_only_a_key_that_the_document_names_for_the_purpose_is_found(value: JsonObject, relationship: str, url: str) -> None:
    found = outcome(drive, retrieve_verification_method(url, relationship, AT, (Fixed(value), *METHODS)), offline)
    if isinstance(found, ProblemType):
        return
    assert value["id"] == found.controller == DID
    assert found.id == url
    named = value.get(relationship)
    assert isinstance(named, list)
    assert any(_id(entry) in {url, url.removeprefix(DID)} for entry in named)


def _id(entry: Json) -> Json:
    return entry.get("id") if isinstance(entry, dict) else entry
