"""What may be read of a whole credential that answers a query: what was asked for, and who asks for no claim asks for all of it."""

from typing import Any

import pytest

from sayso import ANYONE, Expectations, Report, examine, examine_answer
from sayso.errors import EXCESS_DISCLOSURE
from sayso.jsonvalue import parse, serialize
from sayso.query import grammar
from sayso.retrieval import drive, offline
from sayso.testing.world import START
from sayso.verification.answers import AnswerJudgement, judge_answer
from tests.journeys.town import Town, town
from tests.journeys.whole import QUERY, WAYS

AUDIENCE, NONCE = "https://bar.example", "n-0S6"
TYPES = {"type_values": [["https://www.w3.org/2018/credentials#VerifiableCredential"]]}
CLAIMS = {"age": 36, "name": "Ada", "home": {"city": "Oslo", "zip": "0150"}}
EXPECTED: dict[str, Any] = {"issuers": ANYONE, "audience": AUDIENCE, "nonce": NONCE}


@pytest.fixture
def there() -> Town:
    return town(None)


def presented(there: Town, way: str) -> str:
    stored = there.ada.store(there.issue(CLAIMS, format=way))
    signed = "vp+jwt" if way == "vc+jwt" else way
    return there.ada.presentation(stored, format=signed, audience=AUDIENCE, nonce=NONCE).text


def answer(there: Town, way: str) -> str:
    text = presented(there, way)
    return f'{{"q":[{serialize(text) if way == "vc+jwt" else text}]}}'


def asking(way: str, **query: Any) -> Any:
    return {"credentials": [{"id": "q", "format": QUERY[way], "meta": TYPES, **query}]}


def judgement(there: Town, way: str, **query: Any) -> AnswerJudgement:
    return drive(judge_answer(parse(answer(there, way)), grammar.parse(asking(way, **query)), Expectations(**EXPECTED), START), offline)


def judged(there: Town, way: str, unasked: Any = "drop", **query: Any) -> Report:
    return examine_answer(answer(there, way), asking(way, **query), Expectations(**EXPECTED, unasked=unasked), at=START)


def subject(report: Report) -> Any:
    (one,) = report.require().credentials["q"]
    (card,) = one.credentials["verifiableCredential"]
    return {name: value for name, value in card.claims["credentialSubject"].items() if name != "id"}  # type: ignore[union-attr]


@pytest.mark.parametrize("way", WAYS)
@pytest.mark.parametrize("unasked", ["drop", "refuse"])
def test_what_was_asked_for(there: Town, way: str, unasked: Any) -> None:
    """Also where everything else is refused: the format cannot leave it out."""
    report = judged(there, way, unasked, claims=[{"path": ["credentialSubject", "home", "city"]}])
    assert subject(report) == {"home": {"city": "Oslo"}}
    places = ["/age", "/name", "/home/zip"]
    above = "/q/0/verifiableCredential/0/credentialSubject"
    assert {(one.kind, one.pointer) for one in report.warnings} == {(EXCESS_DISCLOSURE, above + place) for place in places}


@pytest.mark.parametrize("way", WAYS)
def test_an_outcome_says_what_was_dropped(there: Town, way: str) -> None:
    found = judgement(there, way, claims=[{"path": ["credentialSubject", "home"]}])
    assert len(found.outcome().warnings) == 2
    assert found.outcome().warnings == found.report().warnings


@pytest.mark.parametrize("way", WAYS)
def test_what_answers_is_the_credential_beside_what_it_came_in(there: Town, way: str) -> None:
    ((_, card, presentation),) = judgement(there, way).answered
    assert {"id": there.holder, **CLAIMS} == card.document["credentialSubject"]
    assert (card.format.presents, presentation.format.presents) == (False, True)


@pytest.mark.parametrize("way", WAYS)
def test_who_asks_for_no_claim_asks_for_all_of_it(there: Town, way: str) -> None:
    """OpenID4VP 1.0, section 6.4.1 (DQ-S1)."""
    report = judged(there, way)
    assert (subject(report), report.warnings) == (CLAIMS, ())


@pytest.mark.parametrize("way", WAYS)
def test_who_asks_nothing_reads_all_of_it(there: Town, way: str) -> None:
    report = examine(presented(there, way), Expectations(**EXPECTED), at=START)
    (card,) = report.require().credentials["verifiableCredential"]
    assert {"id": there.holder, **CLAIMS} == card.claims["credentialSubject"]
