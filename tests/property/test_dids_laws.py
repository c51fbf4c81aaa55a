"""Laws of DIDs: every key has its DIDs and is found again; any text or document gives a value or the one error."""

from datetime import UTC, datetime

import pytest
from hypothesis import given
from hypothesis import strategies as st

from sayso.dids import did_jwk, did_key
from sayso.dids.document import RELATIONSHIPS, DidDocument, UnreadableMethod, parse
from sayso.dids.resolution import METHODS, key_of_did, resolve, retrieve_verification_method
from sayso.encodings import base64url, multibase
from sayso.errors import SaysoError
from sayso.identifiers import Did
from sayso.jsonvalue import Json, JsonObject, serialize
from sayso.keys.ed25519 import key_pair
from sayso.retrieval import Steps, done, drive, offline
from tests.property.test_jsonvalue_laws import VALUES
from tests.support import examples
from tests.unit.dids.world import DID, URL, method

pytestmark = pytest.mark.laws

AT = datetime(2026, 11, 21, 12, tzinfo=UTC)
KEYS = st.binary(min_size=32, max_size=32).map(lambda seed: key_pair(seed)[0])
# DIDs that are nearly one of the two methods'.
BODIES = st.text() | st.binary(max_size=60).map(multibase.encode_base58btc) | VALUES.map(lambda value: base64url.encode(serialize(value).encode()))
DIDS = st.text() | st.tuples(st.sampled_from(["did:key:", "did:jwk:", "did:key:1:", "did:"]), BODIES).map("".join)
# Documents that are nearly good.
IDS = st.sampled_from(["#key-1", "#key-2", URL, DID, "did:example:other#key-1", "#", "", "key-1"])
MEMBERS = {name: VALUES for name in ("id", "type", "controller", "publicKeyMultibase", "publicKeyJwk", "expires", "revoked", "secretKeyJwk")}
METHOD = st.builds(lambda ident, odd: method(id=ident) | odd, IDS, st.fixed_dictionaries({}, optional=MEMBERS)) | VALUES
SERVICE = st.fixed_dictionaries({"id": IDS, "type": st.just("T"), "serviceEndpoint": VALUES})
DOCUMENTS: st.SearchStrategy[JsonObject] = st.fixed_dictionaries(
    {"id": st.just(DID) | VALUES},
    optional={"verificationMethod": st.lists(METHOD, max_size=3), "service": st.lists(SERVICE, max_size=2), "controller": VALUES}
    | {name: st.lists(IDS | METHOD, max_size=3) for name in RELATIONSHIPS},
)


@examples(500)
@given(KEYS)
def test_a_key_is_found_again_from_its_dids(key: object) -> None:
    for room in (did_key, did_jwk):
        did, url = room.did_of(key), room.verification_method(key)  # type: ignore[arg-type]
        assert url.startswith(did + "#")
        assert drive(key_of_did(did, AT), offline) == key
        assert drive(retrieve_verification_method(url, "assertionMethod", AT), offline).key == key
        assert parse(drive(resolve(did), offline).to_json()) == drive(resolve(did), offline)


@examples()
@given(DIDS)
def test_any_text_is_a_document_of_its_own_or_the_one_error(did: str) -> None:
    try:
        assert drive(resolve(did), offline).id == did
    except SaysoError as error:
        assert error.problems


@examples()
@given(DIDS, st.text(), st.sampled_from(RELATIONSHIPS))
def test_any_identifier_is_a_method_or_the_one_error(did: str, fragment: str, relationship: str) -> None:
    try:
        found = drive(retrieve_verification_method(f"{did}#{fragment}", relationship, AT), offline)
    except SaysoError:
        return
    assert (found.id, found.controller) == (f"{did}#{fragment}", did)


@examples()
@given(DOCUMENTS)
def test_any_json_is_a_document_or_the_one_error(value: JsonObject) -> None:
    try:
        read = parse(value)
    except SaysoError:
        return
    assert read.id == value["id"]
    if not any(isinstance(found, UnreadableMethod) for found in read.methods.values()):
        again = parse(read.to_json())
        assert (again.relationships, list(again.methods)) == (read.relationships, list(read.methods))


class Fixed:
    """Be the method did:example with one document."""

    name = "example"

    def __init__(self, value: JsonObject) -> None:
        self.value = value

    def resolve(self, did: Did) -> Steps[DidDocument]:
        return done(parse(self.value))


@examples()
@given(DOCUMENTS, st.sampled_from(RELATIONSHIPS), st.sampled_from([URL, DID + "#key-2", DID + "#"]))
def test_only_a_key_that_the_document_names_for_the_purpose_is_found(value: JsonObject, relationship: str, url: str) -> None:
    try:
        found = drive(retrieve_verification_method(url, relationship, AT, (Fixed(value), *METHODS)), offline)
    except SaysoError:
        return
    assert value["id"] == found.controller == DID
    assert found.id == url
    named = value.get(relationship)
    assert isinstance(named, list)
    assert any(_id(entry) in {url, url.removeprefix(DID)} for entry in named)


def _id(entry: Json) -> Json:
    return entry.get("id") if isinstance(entry, dict) else entry
