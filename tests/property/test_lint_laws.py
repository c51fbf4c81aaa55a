"""Laws of linting: it reads whatever a wallet reads, says the same every time, and saying more never makes it worse."""

import json
from collections import Counter
from datetime import timedelta
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from sayso import ANYONE, WILL_NOT_STORE, Conditions
from sayso.cli.lines import lines
from sayso.errors import pointer
from sayso.jsonvalue import Json
from sayso.query import grammar
from sayso.query.grammar import Query
from sayso.sharing import dpv, terms
from sayso.sharing import request as data_request
from sayso.sharing.conditions import Organisation
from sayso.sharing.lint import sarif
from sayso.sharing.lint.context import LintContext
from sayso.sharing.lint.finding import Finding
from sayso.sharing.lint.linting import lint
from sayso.sharing.request import DataRequest
from sayso.testing.world import START, World
from tests.journeys.town import payload_of
from tests.property.journeys import NAMES, trees
from tests.property.outcomes import ODD, outcome
from tests.property.test_dcql_laws import queries
from tests.support import examples
from tests.unit.sharing.test_lint_sarif import is_log

pytestmark = pytest.mark.laws

BAR = World().verifier()
WORDS: dict[str, Any] = {"purpose": "p", "benefit": "b", "keep_for": timedelta(days=1)}
TELLING = st.sampled_from(
    ["birthdate", "age", "age_over_18", "address", "religion", ("address", "postal_code"), ("address", "street"), ("health", None, "code")]
)
CLAIMS: st.SearchStrategy[list[Any]] = st.lists(
    TELLING | NAMES | st.lists(NAMES | st.integers(0, 3) | st.none(), min_size=1, max_size=3).map(tuple), max_size=5, unique=True
)
SECONDS = st.integers(1, int(terms.MAX_DURATION.total_seconds())).map(lambda count: timedelta(seconds=count))
PROMISES = ("dpv:Sell", "dpv:Profiling", dpv.AI_TRAINING)
SAID: st.SearchStrategy[dict[str, Any]] = st.fixed_dictionaries(
    {
        "category": st.sampled_from(["", *sorted(dpv.PURPOSES)]),
        "legal_basis": st.sampled_from(["", *sorted(dpv.LEGAL_BASES)]),
        "intermediary": st.sampled_from([None, Organisation("Hub")]),
        "prohibited": st.lists(st.sampled_from(sorted(dpv.PROHIBITABLE)) | st.sampled_from(PROMISES), max_size=4).map(tuple),
    }
)
CONDITIONS = SAID.map(lambda said: Conditions(**said))
CONTEXTS = st.builds(
    LintContext,
    allowed=st.none() | st.dictionaries(TELLING, SECONDS | st.none() | st.just(WILL_NOT_STORE), max_size=4),
    registered=st.none() | st.lists(TELLING, max_size=4),
    held=st.lists(TELLING, max_size=3),
    asked_before=st.none() | st.integers(-10, 60).map(lambda days: START - timedelta(days=days)),
)
OMITTED = st.lists(st.tuples(st.integers(0, 9), st.sampled_from(["reason", "benefit", "storage", "ifNotShared"])), max_size=6)


@st.composite
def payloads(draw: st.DrawFn) -> dict[str, Any]:
    """Draw the payload of a request that a verifier signed, with some of what it says of claims taken out, or all of it."""
    claims, optional = draw(CLAIMS), draw(CLAIMS)
    more = [one for one in optional if one not in claims]
    keep_for = draw(SECONDS | st.just(WILL_NOT_STORE))
    words: dict[str, Any] = {"purpose": "p", "benefit": "b", "keep_for": keep_for, "if_not_shared": draw(st.sampled_from(["", "n"]))}
    conditions = draw(CONDITIONS)
    asked = claims or [*more, "x"][:1]
    try:
        request = BAR.request(*asked, optional=more if claims else more[1:], issuers=ANYONE, conditions=conditions, **words)
    except ValueError:  # a name and a path that say the same
        request = BAR.request("x", issuers=ANYONE, conditions=conditions, **words)
    payload = payload_of(request.text)
    if draw(st.integers(0, 9)) == 0:
        del payload["verifier_info"]
        return payload
    rows = payload["verifier_info"][0]["data"]["attributes"]
    for index, member in draw(OMITTED):
        rows[index % len(rows)].pop(member, None)
    return payload


def read(payload: dict[str, Any]) -> DataRequest:
    return data_request.parse(payload, waive=True)


def rules(findings: tuple[Finding, ...]) -> Counter[tuple[str, Any]]:
    return Counter((one.rule, one.claim) for one in findings)


@examples(150)
@given(payloads(), CONTEXTS)
def test_what_can_be_read_can_be_linted_and_says_the_same_twice(payload: dict[str, Any], context: LintContext) -> None:
    findings = lint(read(payload), context)
    assert findings == lint(read(json.loads(json.dumps(payload))), context)
    places = {"", *_places(payload)}
    assert all(one.pointer in places for one in findings)
    assert max(rules(findings).values(), default=1) == 1
    assert is_log(sarif.log(findings, "f", "1", lines={}))


@examples(150)
@given(queries(), CONTEXTS)
def test_what_an_ordinary_verifier_asks_can_be_linted(query: Query, context: LintContext) -> None:
    payload = {**payload_of(BAR.request("x", issuers=ANYONE, **WORDS).text), "dcql_query": grammar.serialize(query)}
    del payload["verifier_info"]
    asked = outcome(read, payload)
    if isinstance(asked, DataRequest):
        findings = lint(asked, context)
        assert findings == lint(read(payload), context)
        assert {one.pointer for one in findings} <= {*_places(payload)}
        assert {"L13", "L14", "L15"} <= {one.rule for one in findings}


@examples(150)
@given(payloads(), st.integers(0, 9), st.sampled_from(["reason", "benefit", "ifNotShared"]), CONTEXTS)
def test_to_say_more_of_a_claim_adds_no_finding(payload: dict[str, Any], index: int, member: str, context: LintContext) -> None:
    before = rules(lint(read(payload), context))
    said = _row(payload, index)
    said.setdefault(member, "It is so")
    assert rules(lint(read(payload), context)) <= before


@examples(150)
@given(payloads(), st.integers(0, 9), SECONDS, CONTEXTS)
def test_to_state_or_shorten_a_retention_adds_no_finding(
    payload: dict[str, Any], index: int, kept: timedelta, context: LintContext
) -> None:
    row = _row(payload, index)
    before = rules(lint(read(payload), context))
    stated = terms.read_duration(row["storage"]["hasDuration"]) if "storage" in row else None
    row["storage"] = {"hasDuration": terms.write_duration(kept if stated is None else min(kept, stated))}
    added = rules(lint(read(payload), context)) - before
    # Only what is stated for the first time can be too long.
    assert not added or (stated is None and {rule for rule, _ in added} <= {"L04", "L18"})
    row["storage"] = {"hasDuration": "PT0S"}
    assert rules(lint(read(payload), context)) <= before


@examples(150)
@given(payloads(), st.sampled_from(sorted(dpv.PROHIBITABLE)), CONTEXTS)
def test_a_promise_adds_nothing_but_its_contradiction(payload: dict[str, Any], promise: str, context: LintContext) -> None:
    before = rules(lint(read(payload), context))
    for entry in payload.get("verifier_info", []):
        entry["data"].setdefault("prohibited", []).append(promise)
    assert {rule for rule, _ in rules(lint(read(payload), context)) - before} <= {"L17"}


@examples(150)
@given(payloads())
def test_who_knows_nothing_is_told_nothing_that_needs_knowing(payload: dict[str, Any]) -> None:
    assert {one.rule for one in lint(read(payload))}.isdisjoint({"L07", "L08", "L10", "L12", "L18"})


@examples(250)
@given(trees(4) | ODD, st.sampled_from([None, 1, "\t"]))
def test_every_value_of_a_json_text_has_its_line(value: Any, indent: Any) -> None:
    text = json.dumps(value, indent=indent, ensure_ascii=False)
    found = lines(text)
    assert {*found} == {*_places(value)}
    whole = text.split("\n")
    assert all(1 <= line <= len(whole) for line in found.values())
    assert indent is not None or {*found.values()} == {1}


def _row(payload: dict[str, Any], index: int) -> dict[str, Any]:
    if "verifier_info" not in payload:
        return {}
    rows: list[dict[str, Any]] = payload["verifier_info"][0]["data"]["attributes"]
    return rows[index % len(rows)]


def _places(value: Json, *steps: str | int) -> list[str]:
    inner = [*value.items()] if isinstance(value, dict) else [*enumerate(value)] if isinstance(value, list) else []
    return [pointer(*steps), *(place for step, one in inner for place in _places(one, *steps, step))]
