"""A whole answer: its shape, each presentation in it, and whether together they are what was asked for."""

import pytest

from sayso.errors import (
    EXCESS_DISCLOSURE,
    HOLDER_BINDING,
    INVALID_CHALLENGE_ERROR,
    LIMIT_EXCEEDED,
    MALFORMED_VALUE_ERROR,
    METHOD_NOT_SUPPORTED,
    MISSING_CLAIM,
    PARSING_ERROR,
    REVOKED,
    STATUS_RETRIEVAL_ERROR,
    STATUS_VERIFICATION_ERROR,
    UNEXPECTED_TYPE,
)
from sayso.jsonvalue import Json, JsonObject
from sayso.query import grammar
from sayso.query.grammar import Query
from sayso.retrieval import drive, offline
from sayso.verification.answers import MAX_PRESENTATIONS, AnswerJudgement, judge_answer
from sayso.verification.expectations import Expectations
from sayso.verification.status_cache import Lists
from tests.spec.bitstring_status_list.lists import TOKEN, Shelf, a_token, tokens_with
from tests.unit.proofs.tokens import AT, CARD, PID, bound, digest, member, sd_jwt, token
from tests.unit.verification.proven import TRUSTING, expecting, places

NAME, AGE = member("given_name", "Ada"), member("age", 36)
PID_JWT = token({**PID, "_sd": [digest(NAME), digest(AGE)]})
GOOD_PID = bound(sd_jwt(PID_JWT, NAME))
GOOD_CARD = bound(sd_jwt(token(CARD, typ="vc+sd-jwt")))
A_CREDENTIAL: Json = [["https://www.w3.org/2018/credentials#VerifiableCredential"]]


def _query(*, multiple: bool = False, binding: bool = True, sets: Json = None) -> Query:
    pid: JsonObject = {
        "id": "pid",
        "format": "dc+sd-jwt",
        "meta": {"vct_values": ["urn:example:pid"]},
        "claims": [{"path": ["given_name"]}],
        "multiple": multiple,
        "require_cryptographic_holder_binding": binding,
    }
    card: JsonObject = {"id": "card", "format": "vc+sd-jwt", "meta": {"type_values": A_CREDENTIAL}}
    return grammar.parse(
        {"credentials": [pid, card], "credential_sets": sets or [{"options": [["pid"]]}, {"options": [["card"]], "required": False}]}
    )


def _judge(answer: Json, query: Query | None = None, expectations: Expectations = TRUSTING) -> AnswerJudgement:
    return drive(judge_answer(answer, query or _query(), expectations, AT), offline)


def test_an_answer_that_is_what_was_asked_for() -> None:
    judged = _judge({"pid": [GOOD_PID], "card": [GOOD_CARD]})
    assert judged.problems == ()
    assert [(one.query.id, one.proven.format.id) for one in judged.answered] == [("pid", "dc+sd-jwt"), ("card", "vc+sd-jwt")]
    assert all(one.presentation is one.proven for one in judged.answered)
    report = judged.report()
    whole = report.require()
    assert (whole.format, whole.issuer, whole.types, whole.claims, whole.binding) == ("", "", (), {}, None)
    assert {query_id: [one.format for one in found] for query_id, found in whole.credentials.items()} == {
        "pid": ["dc+sd-jwt"],
        "card": ["vc+sd-jwt"],
    }
    assert whole.credentials["pid"][0].claims["given_name"] == "Ada"
    assert report.parts["pid"][0].verified == whole.credentials["pid"][0]


@pytest.mark.parametrize(
    "answer", [None, True, 1, "x", [], [GOOD_PID], {"pid": GOOD_PID}, {"pid": None}, {"pid": {"0": GOOD_PID}}, {"a/b": 1}], ids=repr
)
def test_vp_6_an_answer_is_an_object_of_arrays(answer: Json) -> None:
    """VP-6: an array for each credential query, also for one presentation."""
    judged = _judge(answer)
    place = "/" + next(iter(answer)).replace("/", "~1") if isinstance(answer, dict) else ""
    assert places(judged.problems) == [(MALFORMED_VALUE_ERROR, place)]
    assert [problem.stage for problem in judged.problems] == ["decode"]
    assert (judged.parts, judged.answered) == ({}, ())


def test_vp_6_as_many_presentations_as_are_allowed() -> None:
    assert MAX_PRESENTATIONS == 64
    answer: JsonObject = {"pid": [*["x"] * (MAX_PRESENTATIONS - 1)], "card": ["x"]}
    assert LIMIT_EXCEEDED not in {kind for kind, _ in places(_judge(answer, _query(multiple=True)).problems)}
    answer["card"] = ["x", "x"]
    refused = _judge(answer, _query(multiple=True)).problems
    assert places(refused) == [(LIMIT_EXCEEDED, "")]
    assert refused[0].stage == "decode"


def test_vp_6_an_array_without_a_presentation_counts_as_one() -> None:
    """Or an answer to very many questions that nobody asked would cost a problem each."""
    empty: JsonObject = {f"q{number}": [] for number in range(MAX_PRESENTATIONS)}
    assert len(_judge(empty).problems) == MAX_PRESENTATIONS + 1
    assert places(_judge({**empty, "pid": []}).problems) == [(LIMIT_EXCEEDED, "")]


@pytest.mark.parametrize(
    ("answer", "problem"),
    [
        ({}, (MISSING_CLAIM, "")),
        ({"card": [GOOD_CARD]}, (MISSING_CLAIM, "")),
        ({"pid": []}, (MISSING_CLAIM, "/pid")),
        ({"pid": [GOOD_PID, GOOD_PID]}, (EXCESS_DISCLOSURE, "/pid")),
        ({"pid": [GOOD_PID], "other": [GOOD_CARD]}, (EXCESS_DISCLOSURE, "/other")),
        ({"pid": [GOOD_PID], "card": []}, (MISSING_CLAIM, "/card")),
    ],
)
def test_vp_6_what_was_asked_for_is_answered_and_nothing_else(answer: Json, problem: object) -> None:
    """VP-6, DQ-C1, DQ-C2."""
    judged = _judge(answer)
    assert problem in places(judged.problems)
    assert {one.stage for one in judged.problems} == {"trust"}
    assert judged.answered == ()


def test_vp_6_more_than_one_where_that_is_allowed() -> None:
    """DQ-C4: `multiple`."""
    judged = _judge({"pid": [GOOD_PID, GOOD_PID]}, _query(multiple=True))
    assert judged.problems == ()
    assert len(judged.report().require().credentials["pid"]) == 2


@pytest.mark.parametrize("presentation", [None, True, 1, [], {}, "", "x", [GOOD_PID], {"format": GOOD_PID}], ids=repr)
def test_a_presentation_is_text_of_a_known_format(presentation: Json) -> None:
    judged = _judge({"pid": [presentation]})
    assert places(judged.problems) == [(PARSING_ERROR, "/pid/0")]


def test_each_presentation_is_judged_and_its_place_is_told() -> None:
    stolen = GOOD_PID.rpartition("~")[0] + "~"
    judged = _judge({"pid": [GOOD_PID, bound(sd_jwt(PID_JWT), nonce="other"), stolen, GOOD_CARD]}, _query(multiple=True))
    assert places(judged.problems) == [
        (INVALID_CHALLENGE_ERROR, "/pid/1/key_binding/nonce"),
        (MISSING_CLAIM, "/pid/1/given_name"),
        (HOLDER_BINDING, "/pid/2"),
        (UNEXPECTED_TYPE, "/pid/3"),
        (MISSING_CLAIM, "/pid/3/given_name"),
    ]
    assert [one.proven is not None for one in judged.parts["pid"]] == [True, False, False, False]


def test_only_what_was_answered_has_a_part_in_the_report() -> None:
    assert [*_judge({"pid": [GOOD_PID]}).report().parts] == ["pid"]


def test_the_did_methods_are_the_callers() -> None:
    judged = drive(judge_answer({"pid": [GOOD_PID]}, _query(), TRUSTING, AT, methods=()), offline)
    assert places(judged.problems) == [(METHOD_NOT_SUPPORTED, "/pid/0")]


def test_dq_1_whether_the_holder_must_sign_is_what_the_query_says() -> None:
    """DQ-1: not what the expectations say of single presentations."""
    unbound = GOOD_PID.rpartition("~")[0] + "~"
    assert places(_judge({"pid": [unbound]}, expectations=expecting(holder_binding=False)).problems) == [(HOLDER_BINDING, "/pid/0")]
    assert _judge({"pid": [unbound]}, _query(binding=False)).problems == ()
    wrong = bound(unbound, nonce="other")
    assert places(_judge({"pid": [wrong]}, _query(binding=False)).problems) == [(INVALID_CHALLENGE_ERROR, "/pid/0/key_binding/nonce")]


def test_one_that_is_refused_takes_the_claims_of_all_others_with_it() -> None:
    """An answer is accepted or refused as a whole: no claim of one that is refused can be read from its report."""
    judged = _judge({"pid": [GOOD_PID], "card": ["x"]})
    assert judged.answered == ()
    report = judged.report()
    assert report.verified is None
    assert [one.verified for found in report.parts.values() for one in found] == [None, None]
    assert [len(found[0].problems) for found in report.parts.values()] == [0, 1]
    assert "trust" in report.parts["pid"][0].timings


def test_no_list_is_retrieved_for_an_answer_that_is_refused_already() -> None:
    """It would tell somebody that the credential is looked at, and change nothing."""
    status: Json = {"status_list": {"idx": 412, "uri": TOKEN}}
    shown = bound(sd_jwt(token({**PID, "_sd": [digest(NAME)], "status": status}), NAME))
    refused: list[tuple[JsonObject, Json]] = [
        ({"pid": [shown], "other": ["x"]}, None),
        ({"pid": [shown]}, [{"options": [["pid", "card"]]}]),
    ]
    for answer, sets in refused:
        shelf = Shelf(at={TOKEN: a_token()})
        judged = drive(judge_answer(answer, _query(sets=sets), TRUSTING, AT), shelf)
        assert len(judged.problems) == 2
        assert places(judged.problems)[-1:] == [(STATUS_RETRIEVAL_ERROR, "/pid/0/status/status_list")]
        assert shelf.asked == []
    shelf = Shelf(at={TOKEN: a_token()})
    assert drive(judge_answer({"pid": [shown]}, _query(), TRUSTING, AT), shelf).problems == ()
    assert [one.url for one in shelf.asked] == [TOKEN]


def test_a_list_that_came_with_an_answer_is_looked_at_all_the_same() -> None:
    status: Json = {"status_list": {"idx": 412, "uri": TOKEN}}
    shown = bound(sd_jwt(token({**PID, "_sd": [digest(NAME)], "status": status}), NAME))
    lists = Lists(stapled={TOKEN: a_token(tokens_with(412), ttl=300)})
    judged = drive(judge_answer({"pid": [shown], "other": []}, _query(), TRUSTING, AT, lists=lists), offline)
    assert REVOKED in {problem.kind for problem in judged.problems}


def test_a_list_that_came_with_an_answer_is_as_fresh_as_it_says_or_asked_for() -> None:
    status: Json = {"status_list": {"idx": 412, "uri": TOKEN}}
    answer: Json = {"pid": [bound(sd_jwt(token({**PID, "_sd": [digest(NAME)], "status": status}), NAME))]}
    fresh, undated = (Lists(stapled={TOKEN: a_token(ttl=ttl)}) for ttl in (300, None))
    assert drive(judge_answer(answer, _query(), TRUSTING, AT, lists=fresh), offline).problems == ()
    refused = drive(judge_answer(answer, _query(), TRUSTING, AT, lists=undated), offline)
    assert places(refused.problems) == [(STATUS_VERIFICATION_ERROR, "/pid/0/status/status_list")]
    shelf, again = Shelf(at={TOKEN: a_token()}), Lists(stapled={TOKEN: a_token()})
    assert drive(judge_answer(answer, _query(), TRUSTING, AT, lists=again), shelf).problems == ()
    assert [one.url for one in shelf.asked] == [TOKEN]


def test_an_outcome_holds_no_value_at_all() -> None:
    """For those who count why people are refused."""
    judged = _judge({"pid": [GOOD_PID]})
    outcome = judged.outcome()
    assert outcome.problems == ()
    assert outcome.verified is None
    assert [one.verified for found in outcome.parts.values() for one in found] == [None]
    assert "decode" in outcome.parts["pid"][0].timings


def test_what_was_dropped_is_a_warning_in_its_place() -> None:
    answer: JsonObject = {"pid": [bound(sd_jwt(PID_JWT, NAME, AGE))]}
    report = _judge(answer).report()
    assert places(report.warnings) == places(_judge(answer).outcome().warnings) == [(EXCESS_DISCLOSURE, "/pid/0/age")]
    assert _judge({**answer, "card": ["x"]}).outcome().warnings == ()  # where something is refused, nothing else counts
    assert "age" not in report.require().credentials["pid"][0].claims
    refused = _judge(answer, expectations=expecting(unasked="refuse"))
    assert places(refused.problems) == [(EXCESS_DISCLOSURE, "/pid/0/age")]


def test_before_anything_was_judged_there_is_nothing_to_tell() -> None:
    assert AnswerJudgement() == ((), {}, ())
