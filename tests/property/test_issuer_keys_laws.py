"""Laws of keys of issuers that are URLs: whatever certificates or metadata arrive, a key is found or the one error is raised."""

import base64
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from sayso.dids.issuer_metadata import key_of, parse_issuer
from sayso.errors import SaysoError
from sayso.jsonvalue import serialize
from sayso.keys.certificates import certified_key, read_anchors
from sayso.retrieval import Retrieved, drive
from tests.spec.sd_jwt_vc_keys.authority import HOST, ISSUER
from tests.spec.sd_jwt_vc_keys.test_issuer_metadata import KEY, URL
from tests.spec.sd_jwt_vc_keys.test_x5c import LEAF, MIDDLE, ROOT
from tests.support import examples
from tests.unit.proofs.tokens import AT
from tests.unit.proofs.tokens import ISSUER as SIGNER

pytestmark = pytest.mark.laws

ANCHORS = read_anchors([ROOT.der])
JSON = st.recursive(
    st.none() | st.booleans() | st.integers(-1, 2) | st.text(max_size=8) | st.just(KEY),
    lambda inner: (
        st.lists(inner, max_size=3) | st.dictionaries(st.sampled_from(["issuer", "jwks", "jwks_uri", "keys", "kid"]), inner, max_size=3)
    ),
    max_leaves=8,
)


@examples()
@given(st.integers(0, len(LEAF.der) - 1), st.integers(1, 255))
def test_a_certificate_that_was_changed_certifies_nothing(place: int, by: int) -> None:
    """Every byte of it is signed, or is the signature, or says where these are."""
    changed = bytearray(LEAF.der)
    changed[place] ^= by
    with pytest.raises(SaysoError):
        certified_key([base64.b64encode(changed).decode(), MIDDLE.text], ANCHORS, AT, ISSUER, HOST)


@examples()
@given(JSON | st.lists(st.binary(max_size=60).map(lambda data: base64.b64encode(data).decode()), max_size=3))
def test_whatever_stands_in_x5c(chain: Any) -> None:
    with pytest.raises(SaysoError):
        certified_key(chain, ANCHORS, AT, ISSUER, HOST)


@examples()
@given(JSON, st.booleans())
def test_whatever_is_published(value: Any, named: bool) -> None:
    document = {"issuer": URL, **value} if named and isinstance(value, dict) else value
    try:
        found = drive(key_of(URL, "key-1"), lambda _: Retrieved(serialize(document).encode()))
    except SaysoError:
        return
    assert found == SIGNER.public_key


@examples()
@given(st.text(st.sampled_from("ab.:/?#@%[]-1~é\\ "), max_size=20))
def test_whatever_an_issuer_is_called(rest: str) -> None:
    """Its metadata is on the host that the URL names, as others read it."""
    from urllib.parse import urlsplit

    try:
        found = parse_issuer("https://" + rest)
    except SaysoError:
        return
    theirs = urlsplit(found.metadata_url)
    assert (theirs.scheme, theirs.netloc, theirs.hostname) == ("https", urlsplit("https://" + rest).netloc, found.host)
    assert (theirs.username, theirs.query, theirs.fragment) == (None, "", "")
