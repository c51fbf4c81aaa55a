"""A request that is kept is what would be read from its bytes, so that it makes no difference which of the two is used."""

from datetime import timedelta
from typing import Any

import pytest

from sayso import ANYONE, WILL_NOT_STORE, CredentialType, EncryptionKey, SaysoError, Verifier
from sayso.encodings import base64url
from sayso.jsonvalue import parse_object
from sayso.openid.request_object import own_channel
from sayso.sharing import request as data_request
from sayso.verifier.kept import MAX_KEPT_REQUESTS, Kept, KeptRequests
from tests.journeys.town import ask, town

KEY = EncryptionKey("X25519", bytes(31) + b"\x01")


@pytest.mark.parametrize(
    ("claims", "choices"),
    [
        (("age_over_18",), {}),
        (("age_over_18",), {"optional": ["given_name", ("address", "city")], "keep_for": timedelta(seconds=90061)}),
        ((("langs", None), "not an id"), {"type": "IdentityCard", "keep_for": WILL_NOT_STORE}),
        ((), {"issuers": ANYONE, "optional": ["given_name"]}),
        (("issuer",), {"type": CredentialType("Card", vct="https://id.example/card"), "formats": ["vc+sd-jwt", "dc+sd-jwt"]}),
    ],
)
@pytest.mark.parametrize(
    "made",
    [
        {},
        {"name": "The Bar", "reply_to": "https://bar.example/answers"},
        {"reply_to": "https://bar.example/answers", "encryption": KEY},
        {"origin": "https://bar.example"},
        {"origin": "https://bar.example", "encryption": KEY},
    ],
)
def test_a_kept_request_equals_the_one_that_is_read(claims: tuple[Any, ...], choices: dict[str, Any], made: dict[str, Any]) -> None:
    there = town()
    there.world.clock.turn(timedelta(microseconds=123_456))
    verifier = there.world.verifier(**made)
    data = ask(verifier, *claims, **{"issuers": [there.city.did], **choices}).data
    payload = parse_object(base64url.decode(data.split(b".")[1]))
    found = _kept_by(verifier).get(data)
    assert found == Kept(data_request.parse(payload, channel=own_channel(payload)), {"iat": payload["iat"], "exp": payload["exp"]})


def test_a_request_is_let_go_of_when_it_is_answered_and_not_before() -> None:
    there = town()
    request, other = there.ask("age_over_18"), there.ask("age_over_18")
    answer = there.answer(request)
    with pytest.raises(SaysoError):
        there.bar.accept(b"{}", request)
    assert _kept_by(there.bar).get(request.data)
    there.bar.accept(answer, request)
    assert not _kept_by(there.bar).get(request.data)
    assert _kept_by(there.bar).get(other.data)
    with pytest.raises(SaysoError):
        there.bar.accept(answer, request)


def test_the_oldest_is_let_go_of_first() -> None:
    there = town()
    first = there.ask("age_over_18").data
    one = _kept_by(there.bar).get(first)
    assert one
    requests = KeptRequests()
    for number in range(MAX_KEPT_REQUESTS + 1):
        assert requests.get(b"0") is (one if number else None)
        requests.add(str(number).encode(), one)
    assert requests.get(b"0") is None
    assert requests.get(b"1") is requests.get(str(MAX_KEPT_REQUESTS).encode()) is one


def _kept_by(verifier: Verifier) -> KeptRequests:
    return verifier._acceptance.own.kept  # noqa: SLF001 - what is kept shows nowhere else
