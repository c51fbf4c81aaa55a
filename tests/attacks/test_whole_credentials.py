"""Answers with whole credentials in the hands of thieves, liars and those who say too much."""

from datetime import datetime, timedelta
from typing import Any
from urllib.parse import quote

import pytest

from sayso import ANYONE, WILL_NOT_STORE, Answer, Request, SaysoError
from sayso.dids import did_key
from sayso.errors import (
    ALREADY_ANSWERED,
    CRYPTOGRAPHIC_SECURITY_ERROR,
    EXCESS_DISCLOSURE,
    HOLDER_BINDING,
    INVALID_CHALLENGE_ERROR,
    INVALID_DOMAIN_ERROR,
    INVALID_VERIFICATION_METHOD,
    MALFORMED_VALUE_ERROR,
    MISSING_CLAIM,
    OTHER_REQUEST,
    RANGE_ERROR,
    SHARE_ENDED,
    UNEXPECTED_TYPE,
    UNTRUSTED_ISSUER,
    ProblemType,
)
from tests.journeys.town import HOUR, SECOND, SHARE_UNTIL, Town, kinds, town
from tests.journeys.whole import FORMATS, QUERY, WAYS, Change, again, ask, enveloped, held, holding, put, taken, whole_answer

HIDDEN = "<said nowhere else>"
CLAIMS = {"age": 36, "name": HIDDEN}
every_way = pytest.mark.parametrize("way", WAYS)


@pytest.fixture
def there() -> Town:
    return town(None)


def answered(there: Town, way: str, **choices: Any) -> tuple[Request, Answer]:
    """Let Ada answer with a whole credential."""
    there.ada.store(there.issue(CLAIMS, format=way))
    request = ask(there, "age", **choices)
    return request, whole_answer(there, request)


def refused(there: Town, answer: Answer, request: Request) -> list[ProblemType]:
    with pytest.raises(SaysoError) as error:
        there.bar.accept(answer, request)
    assert HIDDEN not in str(error.value)
    return kinds(error.value)


def forged(there: Town, answer: Answer, change: Change = bool, proof: Change = bool, **signer: Any) -> Answer:
    """Sign what Ada presented anew, changed; with her key, for it is she who lies."""
    entry, presentation = taken(answer)
    return put(entry, again(presentation, signer.get("signer", there.ada_key), change, proof))


@every_way
def test_an_answer_is_taken_once(there: Town, way: str) -> None:
    request, answer = answered(there, way)
    there.bar.accept(answer, request)
    assert refused(there, answer, request) == [ALREADY_ANSWERED]


@every_way
def test_an_answer_to_another_request(there: Town, way: str) -> None:
    _, answer = answered(there, way)
    assert refused(there, answer, ask(there, "age")) == [INVALID_CHALLENGE_ERROR]


@every_way
def test_an_answer_to_another_business(there: Town, way: str) -> None:
    other = there.world.verifier()
    request, answer = answered(there, way)
    asked = other.request("age", issuers=ANYONE, purpose="p", benefit="b", keep_for=HOUR, formats=FORMATS)
    with pytest.raises(SaysoError) as error:
        other.accept(answer, asked)
    assert {*kinds(error.value)} == {INVALID_DOMAIN_ERROR, INVALID_CHALLENGE_ERROR}
    there.bar.accept(answer, request)


@every_way
def test_a_thief_presents_a_card_that_is_not_theirs(there: Town, way: str) -> None:
    """The thief saw the card in an answer, and signs as themselves, or with their key in Ada's name."""
    request, answer = answered(there, way)
    thief = there.world.signer()

    def as_thief(document: dict[str, Any]) -> None:
        document["holder"] = did_key.did_of(thief.public_key)

    assert refused(there, forged(there, answer, as_thief, signer=thief), request) == [HOLDER_BINDING] * (2 if way == "vc+jwt" else 1)
    assert refused(there, forged(there, answer, signer=thief), request) == [INVALID_VERIFICATION_METHOD]


@every_way
def test_a_card_without_its_holder(there: Town, way: str) -> None:
    card = there.issue(CLAIMS, format=way)
    presented: Any = held(card) if way != "vc+jwt" else card.text
    assert HOLDER_BINDING in refused(there, put(QUERY[way], presented), ask(there, "age"))


@every_way
def test_two_cards_in_one_presentation_and_none(there: Town, way: str) -> None:
    request, answer = answered(there, way)
    cards = [held(there.issue(CLAIMS, format=way)) for _ in range(2)]
    assert refused(there, forged(there, answer, holding(*cards)), request) == [EXCESS_DISCLOSURE]
    assert MISSING_CLAIM in refused(there, forged(there, answer, lambda document: document.pop("verifiableCredential")), request)


@every_way
def test_two_cards_in_one_presentation_where_several_may_answer(there: Town, way: str) -> None:
    """Each has a presentation of its own, so that what came can be counted."""
    there.ada.store(there.issue(CLAIMS, format=way))
    meta = {"type_values": [["https://www.w3.org/2018/credentials#VerifiableCredential"]]}
    claims = [{"path": ["credentialSubject", "age"]}]
    query = {"credentials": [{"id": QUERY[way], "format": QUERY[way], "meta": meta, "claims": claims, "multiple": True}]}
    request = there.bar.request_query(query, issuers=ANYONE, purpose="p", benefit="b", keep_for=HOUR)
    cards = [held(there.issue(CLAIMS, format=way)) for _ in range(2)]
    assert refused(there, forged(there, whole_answer(there, request), holding(*cards)), request) == [EXCESS_DISCLOSURE]


@every_way
def test_a_card_of_a_format_that_was_not_asked_for(there: Town, way: str) -> None:
    request, answer = answered(there, way)
    others = [there.issue(CLAIMS, format=other) for other in ("vc+jwt", "eddsa-jcs-2022") if QUERY[other] != QUERY[way]]
    for card in others:
        inside = held(card) if way != "vc+jwt" else enveloped(quote(card.text, safe=""), "vc")
        assert refused(there, forged(there, answer, holding(inside)), request) == [UNEXPECTED_TYPE]
    entry, presentation = taken(answer)
    (other,) = {*FORMATS} - {entry}
    assert UNEXPECTED_TYPE in refused(there, put(other, presentation), request)


@every_way
def test_a_card_of_another_issuer_or_type(there: Town, way: str) -> None:
    request, answer = answered(there, way, type="IdentityCard")
    stranger = there.world.issuer()
    validity: dict[str, Any] = {"holder": there.holder, "valid_for": timedelta(days=1), "format": way}
    of_stranger = stranger.issue(CLAIMS, type="IdentityCard", **validity)
    assert UNTRUSTED_ISSUER in refused(there, forged(there, answer, holding(held(of_stranger))), request)
    of_another_type = there.issue(CLAIMS, format=way, type="ClubCard")
    assert refused(there, forged(there, answer, holding(held(of_another_type))), request) == [UNEXPECTED_TYPE]
    without = there.issue({"name": HIDDEN}, format=way)
    assert MISSING_CLAIM in refused(there, forged(there, answer, holding(held(without))), request)


@every_way
def test_a_card_without_the_value_that_was_asked_for(there: Town, way: str) -> None:
    there.ada.store(there.issue({"adult": True}, format=way))
    meta = {"type_values": [["https://www.w3.org/2018/credentials#VerifiableCredential"]]}
    claims = [{"path": ["credentialSubject", "adult"], "values": [True]}]
    query = {"credentials": [{"id": QUERY[way], "format": QUERY[way], "meta": meta, "claims": claims}]}
    request = there.bar.request_query(query, issuers=ANYONE, purpose="p", benefit="b", keep_for=HOUR)
    answer = whole_answer(there, request)
    for value in (False, 1, "true"):
        card = there.issue({"adult": value}, format=way)
        assert refused(there, forged(there, answer, holding(held(card))), request) == [MISSING_CLAIM]
    assert there.bar.accept(answer, request).read() == {"adult": True}


@every_way
def test_a_card_that_somebody_changed(there: Town, way: str) -> None:
    request, answer = answered(there, way)
    card: Any = held(there.issue({"age": 17}, format=way))
    if way == "vc+jwt":
        first, second, _ = card["id"].split(".")
        card["id"] = ".".join((first, second, held(there.issue(CLAIMS, format=way))["id"].split(".")[2]))
    else:
        card["credentialSubject"]["age"] = 18
    assert refused(there, forged(there, answer, holding(card)), request) == [CRYPTOGRAPHIC_SECURITY_ERROR]


@every_way
def test_what_nobody_asked_for_is_readable_nowhere(there: Town, way: str) -> None:
    """The format cannot leave it out; the business has it dropped, whoever else may see the bytes."""
    seen: list[Any] = []
    bar = there.world.verifier(on_report=seen.append)
    there.ada.store(there.issue({**CLAIMS, "home": {"city": "Oslo", "street": HIDDEN}}, format=way))
    request = bar.request("age", ("home", "city"), issuers=ANYONE, purpose="p", benefit="b", keep_for=HOUR, formats=FORMATS)
    share = bar.accept(whole_answer(there, request), request)
    assert share.read() == {"age": 36, "home": {"city": "Oslo"}}
    assert share.names == ("age", "home.city")
    (report,) = seen
    assert HIDDEN not in repr((share, report))
    place = f"/{QUERY[way]}/0/verifiableCredential/0/credentialSubject"
    assert [(one.kind, one.pointer) for one in report.warnings] == [
        (EXCESS_DISCLOSURE, f"{place}/name"),
        (EXCESS_DISCLOSURE, f"{place}/home/street"),
    ]
    assert report.parts[QUERY[way]][0].warnings[0].pointer == "/verifiableCredential/0/credentialSubject/name"


@every_way
def test_what_is_smuggled_beside_the_card_is_readable_nowhere(there: Town, way: str) -> None:
    request, answer = answered(there, way)
    smuggling = forged(there, answer, lambda document: document.update({"https://ada.example/more": HIDDEN}))
    assert there.bar.accept(smuggling, request).read() == {"age": 36}


@every_way
def test_the_share_ends_when_the_customer_said(there: Town, way: str) -> None:
    until = there.world.clock() + timedelta(minutes=10)
    request, answer = answered(there, way)
    sooner = forged(there, answer, lambda document: document.update({SHARE_UNTIL: int(until.timestamp())}))
    share = there.bar.accept(sooner, request)
    assert share.ends == until


@every_way
def test_the_share_ends_no_later_than_the_business_said(there: Town, way: str) -> None:
    request, answer = answered(there, way)
    later = forged(there, answer, lambda document: document.update({SHARE_UNTIL: 4_000_000_000}))
    assert there.bar.accept(later, request).ends == there.world.clock() + HOUR
    request, answer = answered(there, way)
    without = forged(there, answer, lambda document: document.pop(SHARE_UNTIL))
    assert there.bar.accept(without, request).ends == there.world.clock() + HOUR


@every_way
@pytest.mark.parametrize("end", ["soon", True, {"@value": "4"}, "2030-01-01T00:00:00Z"])
def test_an_end_that_is_no_instant(there: Town, way: str, end: Any) -> None:
    request, answer = answered(there, way)
    bad = forged(there, answer, lambda document: document.update({SHARE_UNTIL: end}))
    assert refused(there, bad, request) == [MALFORMED_VALUE_ERROR]


@every_way
def test_a_share_that_ended_before_it_was_accepted(there: Town, way: str) -> None:
    request, answer = answered(there, way)
    over = forged(there, answer, lambda document: document.update({SHARE_UNTIL: int(there.world.clock().timestamp())}))
    assert refused(there, over, request) == [SHARE_ENDED]


@every_way
def test_what_is_not_kept_can_be_used_as_long_as_the_presentation_holds(there: Town, way: str) -> None:
    request, answer = answered(there, way, keep_for=WILL_NOT_STORE)
    ends: datetime = there.world.clock() + timedelta(minutes=2)
    shorter = forged(there, answer, proof=lambda says: says.update({"exp": int(ends.timestamp())}))
    assert there.bar.accept(shorter, request).ends == ends


@every_way
def test_a_presentation_that_holds_no_longer(there: Town, way: str) -> None:
    request, answer = answered(there, way)
    shorter = forged(there, answer, proof=lambda says: says.update({"exp": int(there.world.clock().timestamp()) + 1}))
    there.world.clock.turn(timedelta(seconds=61) + SECOND)
    assert refused(there, shorter, request) == [RANGE_ERROR]
    there.bar.accept(answer, request)


@every_way
def test_a_presentation_for_anybody(there: Town, way: str) -> None:
    request, answer = answered(there, way)
    for name, kind in (("aud", INVALID_DOMAIN_ERROR), ("nonce", INVALID_CHALLENGE_ERROR)):
        assert refused(there, forged(there, answer, proof=lambda says, gone=name: says.pop(gone)), request) == [kind]  # type: ignore[misc]


@every_way
def test_who_shares_does_not_sign_in(there: Town, way: str) -> None:
    request, answer = answered(there, way)
    with pytest.raises(SaysoError) as error:
        there.bar.accept_sign_in(answer, request)
    assert kinds(error.value) == [OTHER_REQUEST]
    there.bar.accept(answer, request)
