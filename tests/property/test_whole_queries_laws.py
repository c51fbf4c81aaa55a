"""Laws of whole DCQL queries: whatever is asked and chosen, what is presented is accepted, and is what the plan showed."""

from datetime import timedelta
from typing import Any

import pytest
from hypothesis import assume, given
from hypothesis import strategies as st

from sayso import ANYONE, Issuer, Plan
from sayso.credentials.kinds import Claim
from sayso.jsonvalue import serialize
from sayso.openid import response
from tests.journeys.town import HOUR, Town, opened, town
from tests.support import examples

pytestmark = pytest.mark.laws

TERMS: dict[str, Any] = {"purpose": "Serve alcohol", "benefit": "You get your drink", "keep_for": HOUR}
ROOT = "https://www.w3.org/ns/credentials/undefined-term#"
NAMES = ("a", "b", "c", "d")
PATHS = (("a",), ("b",), ("c",), ("c", "x"), ("d", None), ("d", 1), ("d",), ("e",))


class Cards:
    """Cards whose values are found nowhere else, so that they can be looked for in any bytes."""

    def __init__(self) -> None:
        self.there: Town = town(None)
        self.issuers: list[Issuer] = [self.there.city, self.there.world.issuer()]
        for number in range(6):
            mark = f"<{number}:"
            claims = {
                "a": mark + "a>",
                "b": number % 2 == 0,
                "c": {"x": mark + "cx>", "y": {"z": mark + "cyz>"}},
                "d": [mark + "d0>", mark + "d1>", mark + "d2>"][: number % 4],
            }
            format_ = ("vc+sd-jwt", "dc+sd-jwt")[number // 3]
            names = NAMES if number != 5 else NAMES[:2]
            card = self.issuers[number % 2].issue(
                {name: claims[name] for name in names}, type="Card", holder=self.there.holder, format=format_, valid_for=timedelta(days=30)
            )
            self.there.ada.store(card)


CARDS = Cards()


@st.composite
def credential_queries(draw: st.DrawFn, query_id: str) -> dict[str, Any]:
    format_ = draw(st.sampled_from(["vc+sd-jwt", "dc+sd-jwt"]))
    vcdm = format_ == "vc+sd-jwt"
    paths = draw(st.lists(st.sampled_from(PATHS), min_size=1, max_size=4, unique=True))
    claims: list[dict[str, Any]] = [
        {"id": f"{query_id}{number}", "path": [*(["credentialSubject"] if vcdm else []), *path]} for number, path in enumerate(paths)
    ]
    for claim in claims:
        if claim["path"][-1] == "b" and draw(st.booleans()):
            claim["values"] = draw(st.lists(st.sampled_from([True, False, 1]), min_size=1, max_size=2, unique_by=repr))
    query: dict[str, Any] = {"id": query_id, "format": format_, "claims": claims}
    query["meta"] = {"type_values": [[ROOT + "Card"]]} if vcdm else {"vct_values": ["Card"]}
    if draw(st.booleans()):
        ids = [claim["id"] for claim in claims]
        query["claim_sets"] = draw(st.lists(st.lists(st.sampled_from(ids), min_size=1, unique=True), min_size=1, max_size=3))
    if draw(st.booleans()):
        query["multiple"] = True
    return query


@st.composite
def queries(draw: st.DrawFn) -> dict[str, Any]:
    ids = ["p", "q", "r"][: draw(st.integers(1, 3))]
    query: dict[str, Any] = {"credentials": [draw(credential_queries(query_id)) for query_id in ids]}
    if draw(st.booleans()):
        option = st.lists(st.sampled_from(ids), min_size=1, unique=True)
        sets = st.fixed_dictionaries({"options": st.lists(option, min_size=1, max_size=3)}, optional={"required": st.booleans()})
        query["credential_sets"] = draw(st.lists(sets, min_size=1, max_size=3))
    return query


def chosen(plan: Plan, data: st.DataObject) -> Plan:
    """Let a customer choose at random; what is refused as a choice changes nothing."""
    for _ in range(data.draw(st.integers(0, 4))):
        try:
            plan = _choice(plan, data)
        except ValueError:
            continue
    return plan


def _choice(plan: Plan, data: st.DataObject) -> Plan:
    match data.draw(st.sampled_from(["also", "only", "without", "using", "answering"])):
        case "also":
            return plan.also(*_some(data, plan.optional))
        case "only":
            return plan.only(*_some(data, [*plan.reasons]))
        case "without":
            return plan.without(*_some(data, plan.parts))
        case "using":
            query_id = data.draw(st.sampled_from([*plan.choices] or [""]))
            return plan.using(query_id, *_some(data, plan.choices.get(query_id, ())))
        case _:
            return plan.answering(*_some(data, [*plan.choices]))


def _some(data: st.DataObject, values: Any) -> list[Any]:
    return data.draw(st.lists(st.sampled_from([*values]), unique=True)) if values else []


@examples(400)
@given(queries(), st.data())
def test_what_is_presented_is_accepted_and_is_what_the_plan_showed(query: dict[str, Any], data: st.DataObject) -> None:
    there = CARDS.there
    issuers: Any = data.draw(st.sampled_from([ANYONE, [CARDS.issuers[0].did], [issuer.did for issuer in CARDS.issuers]]))
    try:
        request = there.bar.request_query(query, issuers=issuers, **TERMS)
    except ValueError:
        assume(False)  # one id, required here and not there; or a claim that no set names
    plan = there.ada.plan(request)
    assert plan.answerable or plan.unanswered
    assume(plan.answerable)
    plan = chosen(plan, data)
    answer = there.ada.present(plan)
    share = there.bar.accept(answer, request)

    values = [*_leaves(share.read())]
    assert {*values} == {*_leaves([*plan.leaves.values()])}, "the business sees what the plan showed"
    token: Any = response.parse(answer.data)
    texts = [text for together in token.values() for text in together]
    assert {query_id: len(together) for query_id, together in token.items()} == {
        query_id: len(together) for query_id, together in plan.credentials.items()
    }
    disclosed = [opened(disclosure) for text in texts for disclosure in text.split("~")[1:-1]]
    seen = serialize([parts[-1] for parts in disclosed])
    shown = serialize([*values])
    for number in range(6):
        for mark in ("a", "cx", "cyz", "d0", "d1", "d2"):
            value = f"<{number}:{mark}>"
            assert (value in seen) == (value in shown), "nothing is opened but what was shown"


def _leaves(value: Any) -> list[str]:
    if isinstance(value, dict):
        return [one for item in value.values() for one in _leaves(item)]
    if isinstance(value, list):
        return [one for item in value for one in _leaves(item)]
    return [serialize(value)]


@examples(200)
@given(queries(), st.data())
def test_what_may_be_added_was_asked_for_and_does_not_leave_yet(query: dict[str, Any], data: st.DataObject) -> None:
    there = CARDS.there
    try:
        request = there.bar.request_query(query, issuers=ANYONE, **TERMS)
    except ValueError:
        assume(False)
    plan = chosen(there.ada.plan(request), data)
    asked: set[Claim] = {*there.ada.plan(request).asked.names.values()}
    assert {*plan.optional} <= asked
    assert {*plan.optional}.isdisjoint(plan.leaves)
