"""Somebody between the business and the customer changes what was asked: its words, its end, or where the answer goes."""

from collections.abc import Iterator

import pytest

from sayso import ANYONE, SaysoError
from sayso.errors import CRYPTOGRAPHIC_SECURITY_ERROR
from tests.journeys.town import Town, ask, header_of, payload_of, sign, town

ALPHABET = "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789-_"


def edits(text: str) -> Iterator[str]:
    """Give every edit in one place: each position, another character for it, one more, one less, or two swapped."""
    for place, character in enumerate(text):
        other = ALPHABET[(ALPHABET.find(character) + 1 + place % 61) % 64]
        yield text[:place] + text[place + 1 :]
        yield text[:place] + other + text[place + 1 :]
        yield text[:place] + other + text[place:]
        yield text[:place] + text[place : place + 2][::-1] + text[place + 2 :]


def test_every_edit_in_one_place_is_refused_by_the_wallet() -> None:
    there = town()
    text = ask(there.bar, "age_over_18", issuers=ANYONE).text
    tried = 0
    for edited in edits(text):
        if edited == text:
            continue
        tried += 1
        with pytest.raises(SaysoError):
            there.ada.plan(edited)
    assert tried > 3 * len(text)


@pytest.mark.parametrize("header", [{"typ": "OAUTH-AUTHZ-REQ+JWT"}, {"alg": "Ed25519"}])
def test_another_spelling_of_the_header_under_the_old_signature(header: dict[str, str]) -> None:
    there = town()
    request = there.ask("age_over_18")
    token = sign({**header_of(request.text), **header}, payload_of(request.text), there.ada_key)
    forged = token.rpartition(".")[0] + "." + request.text.rpartition(".")[2]
    with pytest.raises(SaysoError) as refused:
        there.ada.plan(forged)
    assert [(problem.kind, problem.stage) for problem in refused.value.problems] == [(CRYPTOGRAPHIC_SECURITY_ERROR, "prove")]


@pytest.mark.parametrize(
    "change",
    [
        {"response_mode": "direct_post", "response_uri": "https://thief.example/"},
        {"exp": 2_000_000_000},
        {"client_metadata": {"client_name": "The Bank"}},
        {"nonce": "of-the-thief"},
    ],
    ids=lambda change: next(iter(change)),
)
def test_a_thief_who_signs_it_anew_signs_in_his_own_name(change: dict[str, object]) -> None:
    there = town()
    thief = there.world.signer()
    request = there.ask("age_over_18")
    payload = {**payload_of(request.text), **change}
    with pytest.raises(SaysoError) as refused:
        there.ada.plan(sign(header_of(request.text), payload, thief))
    assert [problem.stage for problem in refused.value.problems] == ["prove"]
    with pytest.raises(SaysoError, match="client_id"):
        there.ada.plan(sign({**header_of(request.text), "kid": _kid(there)}, payload, there.ada_key))


def _kid(there: Town) -> str:
    return f"{there.holder}#{there.holder.removeprefix('did:key:')}"
