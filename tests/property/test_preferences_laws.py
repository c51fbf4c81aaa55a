"""Laws of a customer's rules and decisions: the same gives the same, more rules never share more, and what was decided is what leaves."""

import json
from datetime import UTC, date, datetime, timedelta
from functools import cache
from typing import Any

import pytest
from hypothesis import assume, given
from hypothesis import strategies as st
from jsonschema import Draft202012Validator

from sayso import ANYONE, Attribute, Conditions, Plan
from sayso.credentials.predicates import born, has_reached, over
from sayso.errors import LIMIT_EXCEEDED, MALFORMED_VALUE_ERROR, PARSING_ERROR
from sayso.issuer.concluding import concluded
from sayso.jsonvalue import serialize
from sayso.sharing import consent_reading, dpv
from sayso.sharing.consent import decide
from sayso.sharing.lint.finding import Finding, Smaller
from sayso.sharing.plan.pieces import leaving
from sayso.sharing.predicates import is_over_age
from sayso.sharing.preferences import reading
from sayso.sharing.preferences.evaluation import Evaluation, evaluate
from sayso.sharing.preferences.profile import APPROVE, ASK, DENY, OFFER, OUTCOMES, Preferences
from tests.journeys.town import HOUR, Town, opened, taken_apart, town
from tests.property.journeys import trees
from tests.property.outcomes import ODD, outcome
from tests.property.test_whole_queries_laws import CARDS, TERMS, chosen, queries
from tests.support import REPOSITORY, examples

pytestmark = pytest.mark.laws

MARKS = {"birthdate": "<born>", "given_name": "<name>", "city": "<city>", "zip": "<zip>", "no": "<no>", "en": "<en>"}
CLAIMS: dict[str, object] = {
    "birthdate": MARKS["birthdate"],
    "age_over_18": True,
    "age_over_21": True,
    "given_name": MARKS["given_name"],
    "address": {"city": MARKS["city"], "zip": MARKS["zip"]},
    "langs": [MARKS["no"], MARKS["en"]],
}
NAMED: list[Any] = ["birthdate", "age_over_18", "age_over_21", "given_name", "address", ["address", "zip"], ["address", "city"], "langs"]
NAMED += [["langs", None], ["langs", 1]]
GROUP = ("age_over_18", "age_over_21", "birthdate")  # the one that says least first


@cache
def there() -> Town:
    return town(CLAIMS)


@st.composite
def plans(draw: st.DrawFn) -> Plan:
    """Ask for an age, a birthdate, or either, and for up to four other things; and let the customer choose."""
    birthdate: Any = draw(st.sampled_from([Attribute("birthdate", accepts=("age_over_18", "age_over_21")), "birthdate", "age_over_18"]))
    more = ["given_name", "address", "langs"] if draw(st.booleans()) else ["given_name", ("address", "city"), ("langs", None)]
    required = [birthdate] if draw(st.booleans()) else [birthdate, more[0]]
    optional = [one for one in more if one not in required]
    if draw(st.booleans()):
        required, optional = required[1:], [birthdate, *optional]
    conditions = Conditions(
        category=draw(st.sampled_from(["", "dpv:DirectMarketing", "dpv:TargetedAdvertising", "dpv:AgeVerification"])),
        prohibited=draw(st.sampled_from([(), ("dpv:Profiling",), ("dpv:Sell", "dpv:Profiling", "dpv:Marketing")])),
        agreement=draw(st.sampled_from(["", "SD-BASE"])),
    )
    hours = draw(st.integers(1, 100))
    plan = there().plan(*required, optional=optional, keep_for=hours * HOUR, conditions=conditions)
    return plan.also(*draw(st.lists(st.sampled_from([*plan.optional]), unique=True))) if plan.optional else plan


CONDITIONS = st.fixed_dictionaries(
    {},
    optional={
        "claim": st.sampled_from(NAMED),
        "purpose": st.sampled_from(["dpv:Marketing", "dpv:Verification"]),
        "necessity": st.sampled_from([dpv.REQUIRED, dpv.OPTIONAL]),
        "hasDuration": st.sampled_from([">P1D", "<=P2D", "=PT1H"]),
        "recipient": st.sampled_from(["Posten", "dpv:ThirdParty"]),
        "notProhibited": st.sampled_from(["dpv:Profiling", "dpv:TargetedAdvertising"]),
        "agreement": st.just("SD-BASE"),
        "lint": st.sampled_from(["L01", "L02"]),
        "metBefore": st.booleans(),
        "category": st.sampled_from(sorted(dpv.CATEGORIES)),
    },
).filter(lambda condition: len(condition) < 3)
LIMITS = st.sampled_from(["PT1H", "P1D", "P3D"])


def rules(*outcomes: str) -> st.SearchStrategy[list[dict[str, Any]]]:
    counter = st.fixed_dictionaries({"hasDuration": LIMITS})
    members = {"if": CONDITIONS, "then": st.sampled_from(outcomes)}
    return st.lists(st.fixed_dictionaries(members, optional={"maxUntil": LIMITS, "counter": counter}), max_size=4)


PROFILES = st.fixed_dictionaries(
    {"rules": rules(*OUTCOMES), "gpc": st.booleans(), "agreements": st.sampled_from([[], ["SD-BASE"]])},
    optional={"preApproved": st.just([{"verifier": "did:web:x.example", "claims": ["a", ["b", 0]], "validUntil": "2030-01-01T00:00:00Z"}])},
)
FOUND: list[tuple[str, Any]] = [("L01", None), ("L02", "birthdate"), ("L01", "langs")]
LINT = st.lists(
    st.sampled_from([Finding(rule, "title", "warning", "message", Smaller("less"), claim) for rule, claim in FOUND]), max_size=2
)


def more_than(profile: dict[str, Any], added: list[dict[str, Any]]) -> Preferences:
    return reading.read({**profile, "rules": [*profile["rules"], *added]})


def revealed(found: Evaluation) -> dict[Any, int]:
    """How much of what leaves; of claims of which one is shared, which."""
    shown: dict[Any, int] = {}
    for one in leaving(found.plan) if found.plan else ():
        if one.name in GROUP:
            shown["age"] = GROUP.index(one.name)
        else:
            shown |= {(one.name, *place): 0 for place in _places(one.value) if not any(place[: len(part)] == part for part in one.home)}
    return shown


def _places(value: Any) -> list[tuple[Any, ...]]:
    items = value.items() if isinstance(value, dict) else enumerate(value) if isinstance(value, list) else ()
    return [(), *((name, *place) for name, item in items for place in _places(item))]


@examples(200)
@given(plans(), PROFILES, LINT)
def test_the_same_rules_make_the_same_of_the_same_plan(plan: Plan, profile: dict[str, Any], lint: list[Any]) -> None:
    first, second = (evaluate(reading.read(profile), plan, lint=findings) for findings in (lint, lint[::-1]))
    assert (first.rulings, first.limited_by, first.outcome, first.rules) == (
        second.rulings,
        second.limited_by,
        second.outcome,
        second.rules,
    )
    assert (first.plan is None) == (second.plan is None)
    if first.plan is not None and second.plan is not None:
        assert there().ada.present(first.plan).data == there().ada.present(second.plan).data


@examples(200)
@given(plans(), PROFILES, LINT)
def test_a_plan_is_only_narrowed(plan: Plan, profile: dict[str, Any], lint: list[Any]) -> None:
    before, found = Evaluation(plan, ()), evaluate(reading.read(profile), plan, lint=lint)
    if found.plan is not None:
        was, now = revealed(before), revealed(found)
        assert now.keys() <= was.keys()
        assert all(now[key] <= was[key] for key in now)
        assert found.plan.ends <= plan.ends


@examples(300)
@given(plan=plans(), profile=PROFILES, added=rules(DENY, ASK, OFFER), lint=LINT, gpc=st.booleans())
def test_more_rules_that_protect_never_share_more(
    plan: Plan, profile: dict[str, Any], added: list[Any], lint: list[Any], gpc: bool
) -> None:
    wide = evaluate(reading.read(profile), plan, lint=lint)
    narrow = evaluate(more_than({**profile, "gpc": gpc or profile["gpc"]}, added), plan, lint=lint)
    was, now = revealed(wide), revealed(narrow)
    assert now.keys() <= was.keys()
    assert all(now[key] <= was[key] for key in now)
    if narrow.plan is not None and wide.plan is not None:
        assert narrow.plan.ends <= wide.plan.ends
    order = [APPROVE, ASK, DENY]
    same = narrow.plan is None or now == was
    assert not same or order.index(narrow.outcome) >= order.index(wide.outcome)


@examples(300)
@given(plans(), PROFILES, st.lists(st.sampled_from(NAMED), min_size=1, max_size=3))
def test_what_is_denied_never_leaves(plan: Plan, profile: dict[str, Any], denied: list[Any]) -> None:
    found = evaluate(more_than(profile, [{"if": {"claim": claim}, "then": "deny"} for claim in denied]), plan)
    if found.plan is None:
        return
    answer = taken_apart(there().ada.present(found.plan))
    parts = [opened(text) for text in answer.disclosures]
    seen = serialize([part[-1] for part in parts])
    names = {part[1] for part in parts if len(part) == 3}
    inside = {
        "birthdate": ["birthdate"],
        "given_name": ["given_name"],
        "address": ["city", "zip"],
        "address.zip": ["zip"],
        "address.city": ["city"],
        "langs": ["no", "en"],
        "langs.None": ["no", "en"],
        "langs.1": ["en"],
    }
    for claim in denied:
        key = claim if isinstance(claim, str) else ".".join(map(str, claim))
        for mark in inside.get(key, []):
            assert MARKS[mark] not in seen
        if isinstance(claim, str):
            assert claim not in names


@examples(300)
@given(queries(), st.data())
def test_a_decision_gives_the_same_answer_again(query: dict[str, Any], data: st.DataObject) -> None:
    cards = CARDS.there
    try:
        request = cards.bar.request_query(query, issuers=ANYONE, **TERMS)
    except ValueError:
        assume(False)
    fresh = cards.ada.plan(request)
    assume(fresh.answerable)
    plan = chosen(fresh, data)
    made = consent_reading.parse(json.dumps(decide(plan).to_json()))
    assert made == decide(plan)
    followed = made.plan(cards.ada.plan(request))
    assert cards.ada.present(followed).data == cards.ada.present(plan).data
    assert followed.leaves == plan.leaves


SUBSETS = [[name for index, name in enumerate(["given_name", "address", "langs", "birthdate"]) if mask >> index & 1] for mask in range(16)]


@pytest.mark.parametrize("subset", SUBSETS, ids=lambda names: "+".join(names) or "none")
def test_what_leaves_is_what_was_decided(subset: list[str]) -> None:
    request = there().ask("age_over_18", optional=["given_name", "address", "langs", "birthdate"])
    made = decide(there().ada.plan(request).also(*subset))
    assert {*made.given} == {"age_over_18", *subset}
    answer = there().ada.present(made.plan(there().ada.plan(request)))
    assert there().bar.accept(answer, request).read().keys() == {*made.given}
    disclosed = {part[1] for part in map(opened, taken_apart(answer).disclosures) if len(part) == 3}
    assert disclosed - {"city", "zip"} == {*made.given}


@cache
def _schema() -> Draft202012Validator:
    return Draft202012Validator(json.loads((REPOSITORY / "specs" / "preferences.schema.json").read_text(encoding="utf-8")))


@examples(250)
@given(PROFILES)
def test_rules_that_were_written_are_read(profile: dict[str, Any]) -> None:
    found = reading.read(profile)
    assert reading.read(reading.write(found)) == reading.own(found) == found
    assert _schema().is_valid(profile)
    assert _schema().is_valid(reading.write(found))


@examples(250)
@given(trees(4) | ODD, PROFILES, st.data())
def test_whatever_stands_for_rules_or_a_decision(value: Any, profile: dict[str, Any], data: st.DataObject) -> None:
    kinds = {MALFORMED_VALUE_ERROR, LIMIT_EXCEEDED, PARSING_ERROR}
    name = data.draw(st.sampled_from(["rules", "gpc", "agreements", "preApproved"]))
    profiles: list[Any] = [value, {**profile, name: value}, {"rules": [value]}, {"rules": [{"if": value, "then": "ask"}]}]
    for given_ in profiles:
        found: object = outcome(reading.read, given_)
        assert found in kinds if not isinstance(found, Preferences) else _schema().is_valid(given_)
    decisions: list[Any] = [value, {"answers": value}, {"answers": [value], "mode": value}]
    for given_ in decisions:
        read: object = outcome(consent_reading.read, given_)
        assert read in kinds


DATES = st.dates(date(1880, 1, 1), date(2060, 12, 31))


@examples(500)
@given(DATES, DATES, st.integers(1, 149), st.integers(1, 149))
def test_who_is_over_an_age_is_over_those_below_it(birth: date, day: date, age: int, other: int) -> None:
    assume(birth <= day)
    at = datetime(day.year, day.month, day.day, 12, tzinfo=UTC)
    claims: Any = concluded({"birthdate": birth.isoformat()}, over(age, other).values(), at)
    assert (
        claims[f"age_over_{age}"]
        is has_reached(age, born(birth.isoformat()), day)
        is is_over_age({"birthdate": birth.isoformat()}, age, at=at)
    )
    if age >= other:
        assert not claims[f"age_over_{age}"] or claims[f"age_over_{other}"]
    answers = {name: value for name, value in claims.items() if name != "birthdate"}
    assert is_over_age(answers, age, at=at) is claims[f"age_over_{age}"]
    # What was issued on an earlier day never says yes too soon.
    later = at + timedelta(days=400)
    assert not claims[f"age_over_{age}"] or has_reached(age, birth, later.date())
