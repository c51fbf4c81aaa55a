"""A business writes into every field of its terms what turns a line round, or what a page would obey."""

import json
from collections.abc import Iterator
from typing import Any

import pytest

from sayso import Attribute, SaysoError
from sayso.errors import TERMS, UNKNOWN_TERM
from sayso.sharing.plan.sheet import sheet
from sayso.sharing.terms import serialize
from tests.journeys.town import kinds, payload_of, rewritten, town
from tests.unit.sharing.test_conditions import ALL, ROW

HOSTILE = ("Shop\u202eevil", "Shop\nAll is well", "\x1b[31mShop", "Shop\u2066\u2069", " ", "S" * 501)
MARKUP = "<script>alert(1)</script> [free](https://evil.example) `x` \"'&"
PLACE = tuple[str | int, ...]


def request() -> Any:
    there = town()
    name = Attribute(
        "given_name",
        reason=ROW.reason,
        benefit=ROW.benefit,
        if_not_shared=ROW.if_not_shared,
        legal_basis=ROW.legal_basis,
        recipients=ROW.recipients,
        trigger=ROW.trigger,
        location=ROW.location,
        category=ROW.category,
    )
    birthdate = Attribute("birthdate", accepts=("age_over_18",))
    return there, there.ask(birthdate, optional=[name], conditions=ALL)


def texts(value: Any, at: PLACE = ()) -> Iterator[PLACE]:
    """Give the places of all texts."""
    if isinstance(value, str):
        yield at
    for step, item in value.items() if isinstance(value, dict) else enumerate(value) if isinstance(value, list) else ():
        yield from texts(item, (*at, step))


def with_text(place: PLACE, text: str) -> Any:
    def change(said: dict[str, Any]) -> None:
        at: Any = said
        for step in place[:-1]:
            at = at[step]
        at[place[-1]] = text

    return change


def plan_or_refusal(there: Any, asked: Any) -> Any:
    try:
        return there.ada.plan(asked)
    except SaysoError as error:
        return error


def every_place() -> list[PLACE]:
    _, asked = request()
    terms: PLACE = ("verifier_info", 0, "data")
    said = payload_of(asked.text)
    found = [(*terms, *place) for place in texts(said["verifier_info"][0]["data"])]
    return [*found, ("client_metadata", "client_name")]


PLACES = every_place()


def test_every_member_of_the_terms_is_tried() -> None:
    written: Any = serialize(request()[0].ada.plan(request()[1]).asked.terms)
    assert len(PLACES) == len([*texts(written)]) + 1 > 50


@pytest.mark.parametrize("place", PLACES, ids=lambda place: "/".join(map(str, place)))
def test_what_would_turn_or_break_a_line_is_refused(place: PLACE) -> None:
    there, asked = request()
    for text in HOSTILE:
        with pytest.raises(SaysoError) as refused:
            there.ada.plan(rewritten(asked, there.bar_key, with_text(place, text)))
        assert {*kinds(refused.value)} <= {TERMS, UNKNOWN_TERM}
        assert text.strip() == "" or text not in str(refused.value)


@pytest.mark.parametrize("place", PLACES, ids=lambda place: "/".join(map(str, place)))
def test_markup_is_text_or_refused(place: PLACE) -> None:
    there, asked = request()
    plan = plan_or_refusal(there, rewritten(asked, there.bar_key, with_text(place, MARKUP)))
    if isinstance(plan, SaysoError):
        assert MARKUP not in str(plan)
    else:
        assert str(plan).isprintable()
        seen = json.dumps(sheet(plan).to_json(), ensure_ascii=False)
        assert json.dumps(MARKUP)[1:-1] in seen or place[-1] in {
            "trigger",
            "hasLocation",
            "id",
            "step",
            "intendedUseIdentifier",
            "digestMultibase",
            "tradeName",
        }
