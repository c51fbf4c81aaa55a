"""Laws of resolution: whatever is asked, there is a result; what a did:peer was made of comes back; no reference leaves its endpoint."""

import posixpath
from datetime import UTC, datetime
from typing import Any
from urllib.parse import unquote, urljoin, urlsplit

import pytest
from hypothesis import given
from hypothesis import strategies as st

from sayso.dids import did_key, did_peer, did_peer_2, did_peer_4
from sayso.dids.dereferencing import joined
from sayso.dids.document import RELATIONSHIPS
from sayso.dids.doors import dereference, resolve
from sayso.dids.resolution import METHODS
from sayso.encodings import base64url, multibase
from sayso.errors import SaysoError
from sayso.identifiers import is_url
from sayso.jsonvalue import Json, JsonObject, serialize
from sayso.keys import multikey, x25519
from sayso.keys.ed25519 import PublicKey, key_pair
from tests.property.outcomes import ODD
from tests.property.test_dids_laws import DIDS, Fixed, documents
from tests.support import examples
from tests.unit.dids.world import DID

pytestmark = pytest.mark.laws

AT = datetime(2026, 11, 21, 12, tzinfo=UTC)
KEYS = st.binary(min_size=32, max_size=32).map(lambda seed: key_pair(seed)[0])
NAMES = st.sampled_from(
    [
        "accept",
        "versionId",
        "versionTime",
        "versionNumber",
        "expandRelativeUrls",
        "noCache",
        "verificationRelationship",
        "publicKeyFormat",
        "x",
    ]
)
VALUES: st.SearchStrategy[Json] = ODD | st.sampled_from(
    ["text/uri-list", "application/did", "1", "true", "2026-01-01T00:00:00Z", *RELATIONSHIPS]
)
OPTIONS = st.dictionaries(NAMES, VALUES, max_size=2)
QUERY = st.lists(
    st.sampled_from(["service", "serviceType", "relativeRef", "versionId", "x"]).flatmap(
        lambda name: st.sampled_from(["", "key-1", "T", "../x", "%2e", "%FF", "/x"]).map(lambda value: f"{name}={value}")
    ),
    max_size=3,
).map("&".join)
# DIDs that are nearly a did:peer.
ELEMENTS = st.sampled_from("AEVIDSX").flatmap(
    lambda code: (
        KEYS.map(multikey.encode) | st.text(max_size=5) | ODD.map(lambda value: base64url.encode(serialize({"t": value}).encode()))
    ).map(lambda data: f".{code}{data}")
)
PEERS = st.one_of(
    st.lists(ELEMENTS, max_size=3).map(lambda elements: "did:peer:2" + "".join(elements)),
    st.tuples(st.sampled_from("01234"), st.text(max_size=9) | KEYS.map(multikey.encode)).map(lambda parts: "did:peer:" + "".join(parts)),
    st.binary(max_size=20).map(lambda data: "did:peer:4z:" + multibase.encode_base58btc(data)),
)
URLS = st.text("[]:/@%.ab0", max_size=9).map("https://".__add__).filter(is_url)
WORDS = st.text(min_size=2)  # (none is an abbreviation)
SERVICES = st.lists(
    st.fixed_dictionaries({"type": WORDS.filter(lambda word: word != "dm"), "serviceEndpoint": st.dictionaries(WORDS, ODD, max_size=2)}),
    max_size=2,
)


@examples(300)
@given(DIDS | PEERS, OPTIONS)
def test_any_text_and_any_options_have_a_result(did: str, options: dict[str, Json]) -> None:
    found: Any = resolve(did, options, at=AT)
    assert [*found] == ["didResolutionMetadata", "didDocument", "didDocumentMetadata"]
    if found["didDocument"] is None:
        assert found["didResolutionMetadata"]["error"]["type"].startswith("https://www.w3.org/ns/did#")
    else:
        assert found["didDocument"]["id"] == did
    serialize(found)


@examples(300)
@given(documents(), st.sampled_from([DID, "did:key:x", ""]), QUERY, st.sampled_from(["", "key-1", "key-2", "x"]), OPTIONS)
def test_any_url_of_any_document_has_a_result(value: JsonObject, did: str, query: str, fragment: str, options: dict[str, Json]) -> None:
    url = did + (f"?{query}" if query else "") + (f"#{fragment}" if fragment else "")
    found: Any = dereference(url, options, at=AT, methods=(Fixed(value), *METHODS))
    assert [*found] == ["dereferencingMetadata", "content", "contentMetadata"]
    assert (found["content"] is None) == ("error" in found["dereferencingMetadata"])
    serialize(found)


@examples(300)
@given(KEYS)
def test_one_key_has_the_same_document_in_both_methods(key: PublicKey) -> None:
    one, other = resolve(did_key.did_of(key), at=AT), resolve(did_peer.did_of(key), at=AT)
    assert serialize(one).replace(did_key.did_of(key), did_peer.did_of(key)) == serialize(other)


@examples(150)
@given(st.lists(st.tuples(st.sampled_from(RELATIONSHIPS), KEYS), min_size=1, max_size=4), SERVICES)
def test_what_a_did_peer_2_was_made_of_comes_back(keys: list[tuple[str, PublicKey]], services: list[JsonObject]) -> None:
    given = [(name, x25519.from_ed25519(key) if name == "keyAgreement" else key) for name, key in keys]
    did = did_peer_2.did_of(given, services)
    found: Any = resolve(did, at=AT)["didDocument"]
    assert [{name: member for name, member in one.items() if name != "id"} for one in found.get("service", [])] == services
    for index, ((relationship, _), method) in enumerate(zip(given, found["verificationMethod"], strict=True), 1):
        assert method["id"] == f"#key-{index}"
        assert method["id"] in found[relationship]
    short = did_peer.short_of(did)
    again: Any = resolve(short, at=AT, methods=(did_peer.knowing(did),))["didDocument"]
    assert (again["id"], again["alsoKnownAs"], again.get("service")) == (short, [did], found.get("service"))


@examples(150)
@given(st.dictionaries(st.text(max_size=5).filter(lambda name: name != "id"), ODD, max_size=3))
def test_what_a_did_peer_4_was_made_of_comes_back(members: JsonObject) -> None:
    did = did_peer_4.did_of(members)
    found: Any = resolve(did, at=AT)["didDocument"]
    assert found == {**members, "id": did, "alsoKnownAs": [did_peer.short_of(did)]}


@examples(2_000)
@given(
    st.sampled_from(["https://a.example/b/c", "https://a.example/b/c/", "https://a.example", "https://a.example/"]) | URLS,
    st.lists(st.sampled_from([*"./\\?#:%", "..", "%2e", "%25", "%2F", "%5c", "//", "b", "https:", "evil.example"]), max_size=7).map("".join)
    | st.text(),
)
def test_no_reference_leaves_its_endpoint(endpoint: str, reference: str) -> None:
    """However often a server decodes the path and takes its dots away, it stays below the endpoint."""
    try:
        target = joined(endpoint, reference)
    except SaysoError:
        return
    if not reference:
        assert target == endpoint
        return
    base, found = urlsplit(endpoint), urlsplit(urljoin(endpoint, target))
    assert (found.scheme, found.netloc) == (base.scheme, base.netloc)
    directory = base.path.rpartition("/")[0] + "/"
    path = found.path or "/"
    for decoded in (path, unquote(path), unquote(unquote(path))):
        assert _normal(decoded).startswith(_normal(directory))


def _normal(path: str) -> str:
    """Give a path as a server may read it: with either slash, and without the empty steps."""
    return posixpath.normpath(path.replace("\\", "/")).replace("//", "/").rstrip("/") + "/"
