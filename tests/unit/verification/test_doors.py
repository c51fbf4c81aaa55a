"""The doors: bytes, text or a value in; a report or what was verified out; never an exception for what was received."""

import asyncio
from datetime import UTC, timedelta, timezone
from typing import Any

import pytest

from sayso.credentials.media_types import DC_SD_JWT, JSON
from sayso.credentials.wire import Answer, Credential, Wire
from sayso.errors import LIMIT_EXCEEDED, MALFORMED_VALUE_ERROR, PARSING_ERROR, RANGE_ERROR, UNTRUSTED_ISSUER, SaysoError
from sayso.jsonvalue import JsonObject, Limits, serialize
from sayso.query import grammar
from sayso.retrieval import Retrieve, Retrieved
from sayso.verification.doors import examine, examine_answer, examine_async, verify
from sayso.verification.report import Report
from tests.unit.proofs.tokens import AT, PID, bound, digest, element, encoded, member, sd_jwt, token
from tests.unit.verification.proven import TRUSTING, expecting, places

NAME = member("given_name", "Ada")
GOOD = bound(sd_jwt(token({**PID, "_sd": [digest(NAME)]}), NAME))
QUERY: JsonObject = {"credentials": [{"id": "pid", "format": "dc+sd-jwt", "meta": {"vct_values": ["urn:example:pid"]}}]}


@pytest.mark.parametrize(
    "data",
    [GOOD, GOOD.encode(), Wire(GOOD.encode(), DC_SD_JWT), Credential(GOOD.encode(), JSON)],
    ids=["text", "bytes", "wire", "credential"],
)
def test_a_door_takes_bytes_text_or_a_value(data: Wire | bytes | str) -> None:
    """What it is said to be does not matter: what it is, is found out."""
    assert examine(data, TRUSTING, at=AT).ok
    assert verify(data, TRUSTING, at=AT).claims["given_name"] == "Ada"


@pytest.mark.parametrize(
    "data",
    [None, 1, {}, [GOOD], bytearray(GOOD.encode()), memoryview(GOOD.encode())],
    ids=lambda data: type(data).__name__,
)
def test_never_something_that_was_parsed_elsewhere(data: Any) -> None:
    for door in (examine, verify):
        with pytest.raises(TypeError):
            door(data, TRUSTING, at=AT)
    with pytest.raises(TypeError):
        examine_answer(data, QUERY, TRUSTING, at=AT)


@pytest.mark.parametrize(
    ("at", "error"), [(AT.replace(tzinfo=None), ValueError), (1.5, TypeError), (None, TypeError), ("now", TypeError)], ids=repr
)
def test_an_instant_is_an_aware_datetime(at: Any, error: type[Exception]) -> None:
    for data in (GOOD, "x", ""):
        with pytest.raises(error):
            examine(data, TRUSTING, at=at)
        with pytest.raises(error):
            verify(data, TRUSTING, at=at)
    with pytest.raises(error):
        examine_answer("{}", QUERY, TRUSTING, at=at)


def test_as_deep_as_can_be_allowed_is_not_too_deep_for_the_stack() -> None:
    """Whoever raises the limit meets hostile input with it."""
    value: Any = 1
    for _ in range(127):
        value = [value]
    expectations = expecting(limits=Limits(depth=128), holder_binding=False)
    assert examine(sd_jwt(token({**PID, "x": value})), expectations, at=AT).ok
    refused = examine(sd_jwt(token({**PID, "x": [value]})), expectations, at=AT)
    assert places(refused.problems) == [(LIMIT_EXCEEDED, "")]


@pytest.mark.parametrize("expectations", [None, {"issuers": ["did:example:a"]}, "ANYONE"], ids=repr)
def test_what_is_expected_is_said_in_expectations(expectations: Any) -> None:
    for data in (GOOD, "x", "\ud800"):
        with pytest.raises(TypeError, match="expectations"):
            examine(data, expectations, at=AT)
        with pytest.raises(TypeError, match="expectations"):
            verify(data, expectations, at=AT)
    with pytest.raises(TypeError, match="expectations"):
        examine_answer("{}", QUERY, expectations, at=AT)


def test_an_instant_may_be_told_in_any_zone() -> None:
    elsewhere = AT.astimezone(timezone(timedelta(hours=-9)))
    assert examine(GOOD, TRUSTING, at=elsewhere).ok
    assert places(examine(GOOD, TRUSTING, at=elsewhere.replace(tzinfo=UTC)).problems) == [(RANGE_ERROR, "/key_binding/iat")]


DEEP = '{"a":' * 100 + "1" + "}" * 100
HOSTILE = [
    "",
    " ",
    "~",
    "~" * 5000,
    ".~",
    "..~",
    "{}",
    "[]",
    "null",
    "\ufeff" + GOOD,
    "\x00" + GOOD,
    GOOD + "\x00",
    GOOD + GOOD,
    GOOD.upper(),
    GOOD.replace("~", "~~"),
    GOOD.replace(".", "..", 1),
    GOOD.swapcase(),
    "é" * 100 + "~",
    "\ud800",
    GOOD + "\udfff",
    "💥~💥",
    encoded({"alg": "EdDSA"}) + "." + encoded(PID) + ".AAAA~",
    f"{encoded(DEEP)}.e30.AAAA~",
    token({"a": 10**4000}) + "~",
    token({**PID, "exp": 10**4000}) + "~",
    token({**PID, "iss": {"a": []}, "vct": [[]], "aud": {}, "status": [], "cnf": None, "aka_vcts": [{}]}) + "~",
    token({**PID, "iss": "did:key:" + "z" * 100_000}, kid="did:key:" + "z" * 100_000 + "#z") + "~",
    token(PID, kid="did:jwk:" + encoded({"kty": "OKP"}) + "#0") + "~",
    token(
        {"@context": [{}], "type": {}, "issuer": [], "credentialSubject": [[]], "validFrom": {}, "credentialStatus": [[]]}, typ="vc+sd-jwt"
    )
    + "~",
    token({"@context": {"a": "b"}, "type": [["x"]], "issuer": {"id": {}}, "proof": 1, "relatedResource": 1, "vc": 1}, typ="vc+sd-jwt")
    + "~",
    sd_jwt(token({**PID, "_sd": [digest(member("a", {"_sd": 1}))]}), member("a", {"_sd": 1})),
    sd_jwt(token({**PID, "a": [{"...": digest(element({"...": "x"}))}]}), element({"...": "x"})),
    bound(sd_jwt(token({**PID, "cnf": {"jwk": {"kty": "OKP", "crv": "Ed25519", "x": "AQ" + "A" * 41}}}))),
    bound(sd_jwt(token(PID)), iat=10**400, exp="x", nbf=[]),
]


@pytest.mark.parametrize("text", HOSTILE, ids=[str(number) for number in range(len(HOSTILE))])
def test_examine_never_raises_for_what_was_received(text: str) -> None:
    """And `verify` raises exactly where `examine` has problems, with the same ones."""
    report = examine(text, TRUSTING, at=AT)
    assert report.problems
    assert report.verified is None
    assert all(problem.stage for problem in report.problems)
    with pytest.raises(SaysoError) as caught:
        verify(text, TRUSTING, at=AT)
    assert caught.value.problems == report.problems
    answered = examine_answer(serialize({"pid": [text]}) if text.isprintable() else text, QUERY, TRUSTING, at=AT)
    assert answered.problems


def test_verify_gives_what_examine_found() -> None:
    assert verify(GOOD, TRUSTING, at=AT) == examine(GOOD, TRUSTING, at=AT).verified


def test_text_that_has_no_bytes_is_refused_where_bytes_are_read() -> None:
    report = examine("\ud800", TRUSTING, at=AT)
    assert [(problem.kind, problem.stage) for problem in report.problems] == [(PARSING_ERROR, "decode")]


@pytest.mark.parametrize("text", [GOOD, GOOD[:-1], "x", GOOD.replace("~", "~~"), "\ud800"], ids=["good", "cut", "x", "tildes", "surrogate"])
def test_sync_equals_async(text: str) -> None:
    async def nowhere(_: Retrieve) -> Retrieved:
        msg = "nothing is asked"
        raise AssertionError(msg)

    assert asyncio.run(examine_async(text, TRUSTING, at=AT, fetch=nowhere)) == examine(text, TRUSTING, at=AT)


def test_without_a_fetcher_nothing_is_retrieved() -> None:
    report = examine(sd_jwt(token(PID, kid="did:example:a#k")), TRUSTING, at=AT)
    assert not report.ok
    assert not report.decided


def _answer(answer: str | bytes, **options: Any) -> Report:
    return examine_answer(answer, QUERY, expecting(**options), at=AT)


def test_a_whole_answer() -> None:
    text = serialize({"pid": [GOOD]})
    for answer in (text, text.encode()):
        report = _answer(answer)
        assert report.require().credentials["pid"][0].claims["vct"] == "urn:example:pid"
    assert examine_answer(text, grammar.parse(QUERY), TRUSTING, at=AT).ok
    wrapped: Any = Answer(text.encode())
    assert examine_answer(wrapped, QUERY, TRUSTING, at=AT).ok
    refused = examine_answer(text, QUERY, expecting(["did:example:other"]), at=AT)
    assert places(refused.problems) == [(UNTRUSTED_ISSUER, "/pid/0/iss")]


@pytest.mark.parametrize(
    "text", ["", "{", '{"pid":[],"pid":[]}', '{"pid":NaN}', "\ud800", "\ufeff{}", b"\xff", '{"pid":["\\ud800"]}'], ids=repr
)
def test_an_answer_is_strict_json(text: str | bytes) -> None:
    report = _answer(text)
    assert [(problem.kind, problem.stage) for problem in report.problems] == [(PARSING_ERROR, "decode")]


def test_an_answer_costs_no_more_than_is_allowed() -> None:
    text = serialize({"pid": [GOOD]})
    assert _answer(text, limits=Limits(size_bytes=len(text))).ok
    assert places(_answer(text, limits=Limits(size_bytes=len(text) - 1)).problems) == [(LIMIT_EXCEEDED, "")]


@pytest.mark.parametrize("text", ["null", "[]", '"x"', "1", '{"pid":{}}'])
def test_the_shape_of_an_answer(text: str) -> None:
    assert [problem.kind for problem in _answer(text).problems] == [MALFORMED_VALUE_ERROR]


@pytest.mark.parametrize(
    ("query", "error"),
    [({}, ValueError), ([], TypeError), ("x", TypeError), ({"credentials": []}, ValueError), ({1: 2}, TypeError), (object(), TypeError)],
    ids=["empty", "list", "text", "none", "names", "object"],
)
def test_a_verifiers_own_query_is_well_formed(query: Any, error: type[Exception]) -> None:
    with pytest.raises(error):
        examine_answer("{}", query, TRUSTING, at=AT)
