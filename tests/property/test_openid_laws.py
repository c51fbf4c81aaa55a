"""Whatever comes as a request or an answer gives a value or the one error, and what was written is what is read."""

from functools import cache
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from sayso import EncryptionKey, SaysoError
from sayso.errors import INVALID_TRANSACTION_DATA, ProblemType
from sayso.openid import encryption, encryption_key, form, forms, request_object, response, transaction_data
from sayso.openid.client_id import SIGNED, Channel
from sayso.openid.encryption_key import CURVES, ENCRYPTIONS, AgreementCurve
from sayso.retrieval import drive, offline
from sayso.testing.world import CountingEntropy
from tests.property.outcomes import outcome
from tests.support import examples
from tests.unit.openid.test_request_object import KEY, PAGE, REQUEST

pytestmark = pytest.mark.laws

CHANNELS = (SIGNED, Channel(origin=PAGE), Channel(signed=False), Channel(signed=False, origin=PAGE))
JSON = st.recursive(
    st.none() | st.booleans() | st.integers() | st.floats(allow_nan=False, allow_infinity=False) | st.text(max_size=8),
    lambda inner: st.lists(inner, max_size=3) | st.dictionaries(st.text(max_size=8), inner, max_size=3),
    max_leaves=6,
)
GOOD = request_object.serialize(REQUEST._replace(state="table-7", encryption=KEY.recipient))
MEMBERS = [*GOOD, "transaction_data", "expected_origins", "redirect_uri", "scope"]
REQUESTS = (REQUEST, REQUEST._replace(state="s"), REQUEST._replace(encryption=KEY.recipient))
BEGINNINGS = st.sampled_from(
    [b"", b"{", b"openid4vp://?client_id=x&", b"https://a/?", b'{"protocol":"openid4vp-v1-signed","data":', b"vp_token="]
)


@cache
def key_on(curve: AgreementCurve) -> EncryptionKey:
    return EncryptionKey.generate(curve, entropy=CountingEntropy())


@given(BEGINNINGS, st.binary(max_size=200), st.sampled_from([None, PAGE]))
@examples()
def test_any_bytes_are_a_request_or_refused(beginning: bytes, rest: bytes, origin: str | None) -> None:
    try:
        received = drive(forms.read(beginning + rest, entropy=CountingEntropy(), origin=origin), offline)
    except SaysoError:
        return
    assert isinstance(received, forms.Received)


@given(st.dictionaries(st.sampled_from(MEMBERS), JSON, max_size=3), st.sampled_from(CHANNELS))
@examples()
def test_any_payload_is_read_or_refused(changes: Any, channel: Channel) -> None:
    try:
        read = request_object.parse({**GOOD, **changes}, channel=channel)
    except SaysoError:
        return
    assert read.nonce
    assert read.audience
    assert read.response_mode


@given(st.lists(JSON | st.fixed_dictionaries({"kid": st.text()}, optional=dict.fromkeys(("kty", "crv", "x", "y"), JSON)), max_size=2), JSON)
@examples()
def test_any_keys_are_read_or_refused(keys: Any, names: Any) -> None:
    try:
        recipient = encryption_key.parse({"keys": keys}, names)
    except SaysoError:
        return
    assert recipient.encryption in ENCRYPTIONS


@given(JSON)
@examples()
def test_any_transaction_data_are_read_or_refused(value: Any) -> None:
    read = outcome(transaction_data.parse, value, REQUEST.query, ["payment"])
    assert read is INVALID_TRANSACTION_DATA or not isinstance(read, ProblemType)


@given(BEGINNINGS | st.just(b"response="), st.binary(max_size=200), st.sampled_from(REQUESTS))
@examples()
def test_any_bytes_are_an_answer_or_refused(beginning: bytes, rest: bytes, asked: request_object.RequestObject) -> None:
    try:
        assert isinstance(response.read(beginning + rest, asked, KEY), dict)
    except SaysoError:
        return


@given(st.dictionaries(st.text(min_size=1), st.text(), min_size=1, max_size=5))
@examples()
def test_a_form_that_was_written_is_read(fields: dict[str, str]) -> None:
    assert form.parse(form.serialize(fields).encode(), 100_000) == fields


@pytest.mark.parametrize("curve", CURVES)
@given(plaintext=st.binary(max_size=300), seed=st.binary(max_size=4), data=st.data())
@examples(200)
def test_what_was_encrypted_is_read_and_nothing_near_it(curve: AgreementCurve, plaintext: bytes, seed: bytes, data: Any) -> None:
    key = key_on(curve)
    sealed = encryption.encrypt(plaintext, key.recipient, CountingEntropy(seed)).encode()
    assert encryption.decrypt(sealed, key) == plaintext
    assert plaintext not in sealed or len(plaintext) < 8
    place = data.draw(st.integers(0, len(sealed) - 1))
    other = data.draw(st.sampled_from([byte for byte in b"ABC.-_=" if byte != sealed[place]]))
    with pytest.raises(SaysoError):
        encryption.decrypt(sealed[:place] + bytes([other]) + sealed[place + 1 :], key)


@given(
    st.lists(st.text("abcXYZ019~._-", min_size=1, max_size=20), min_size=1, max_size=3), st.sampled_from(REQUESTS), st.binary(max_size=4)
)
@examples(500)
def test_an_answer_that_was_written_is_read(shown: list[str], asked: request_object.RequestObject, seed: bytes) -> None:
    answer = response.answer(asked, {"card": shown}, {}, CountingEntropy(seed))
    assert response.token_of(response.read(answer.data, asked, KEY)) == {"card": shown}
