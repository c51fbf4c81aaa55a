"""Laws of credentials that are shown whole: what leaves is what the plan said, and what nobody asked for is never readable."""

from collections.abc import Iterator
from datetime import timedelta
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from sayso import ANYONE, Expectations, Report, SaysoError, examine_answer
from sayso.errors import WHOLE_CREDENTIAL
from sayso.jsonvalue import parse, serialize
from sayso.openid import response
from sayso.query.grammar import serialize as query_json
from sayso.testing.world import START
from tests.journeys.town import HOUR, Town, payload_of, town
from tests.journeys.whole import FORMATS, QUERY, WAYS, ask, put, said, taken, whole_answer
from tests.property.journeys import Path, Place, places
from tests.property.test_laws_of_edits import OTHERS
from tests.support import examples

pytestmark = pytest.mark.laws

NAMES = st.sampled_from("abcd")
MIN_EDITS = 1_000


def shapes(depth: int = 3) -> st.SearchStrategy[Any]:
    """Give the shape of a claim: a value, objects and arrays of more."""
    if depth == 1:
        return st.none()
    inner = shapes(depth - 1)
    return st.none() | st.lists(inner, min_size=1, max_size=3) | st.dictionaries(NAMES, inner, min_size=1, max_size=3)


def filled(shape: Any, at: Place = ()) -> Any:
    """Put values that stand nowhere else into a shape."""
    if isinstance(shape, dict):
        return {name: filled(item, (*at, name)) for name, item in shape.items()}
    if isinstance(shape, list):
        return [filled(item, (*at, number)) for number, item in enumerate(shape)]
    return f"<{'/'.join(map(str, at))}>"


def leaves(value: Any) -> Iterator[Any]:
    if isinstance(value, dict):
        yield from (leaf for item in value.values() for leaf in leaves(item))
    elif isinstance(value, list):
        yield from (leaf for item in value for leaf in leaves(item))
    else:
        yield value


def claims_of(presentation: Any) -> set[str]:
    """Give every value of the card in a presentation, but for who it is about."""
    (card,) = said(presentation)["verifiableCredential"]
    if "id" in card and card["id"].startswith("data:"):
        card = payload_of(card["id"])
    return {leaf for leaf in leaves(card["credentialSubject"]) if leaf.startswith("<")}


@examples(300)
@given(st.dictionaries(NAMES, shapes(), min_size=1, max_size=4), st.sampled_from(WAYS), st.data())
def test_what_leaves_is_what_the_plan_said(shape: dict[str, Any], way: str, data: st.DataObject) -> None:
    seen: list[Report] = []
    there = town(None)
    bar = there.world.verifier(on_report=seen.append)
    claims = filled(shape)
    there.ada.store(there.issue(claims, format=way))
    asked: list[Path] = data.draw(st.lists(st.sampled_from([*places(claims)]), min_size=1, max_size=6, unique=True))
    cut = data.draw(st.integers(0, len(asked)))
    words: dict[str, Any] = {"issuers": [there.city.did], "purpose": "p", "benefit": "b", "keep_for": HOUR, "formats": FORMATS}
    request = bar.request(*asked[:cut], optional=asked[cut:], **words)
    plan = there.ada.plan(request)

    required = {leaf for place in asked[:cut] for leaf in leaves(at(claims, place))}
    everything = {*leaves(claims)}
    assert (not plan.only_whole) == (required == everything and cut == len(asked)), "by itself only where no more leaves than is required"
    if plan.only_whole:
        assert not plan.answerable
        assert WHOLE_CREDENTIAL in [problem.kind for problem in plan.problems]
        with pytest.raises(SaysoError):
            there.ada.present(plan)
        plan = plan.whole(QUERY[way])

    assert {*leaves([*plan.leaves.values()])} == everything, "the plan shows all of it"
    assert plan.stays == ()
    answer = there.ada.present(plan)
    assert claims_of(taken(answer)[1]) == everything
    share = bar.accept(answer, request)
    wanted = {leaf for place in asked for leaf in leaves(at(claims, place))}
    assert {*leaves(share.read())} == wanted, "the business reads what it asked for"
    unasked = {leaf for name in plan.unasked for leaf in leaves(plan.leaves[name])}
    assert unasked == everything - wanted
    (report,) = seen
    assert len(report.warnings) == len(plan.unasked)
    shown = repr((share, share.names, report))
    assert not any(leaf in shown for leaf in everything)


@examples(100)
@given(st.dictionaries(NAMES, shapes(), min_size=1, max_size=4), st.sampled_from(WAYS), st.data())
def test_what_nobody_asked_for_is_in_no_report(shape: dict[str, Any], way: str, data: st.DataObject) -> None:
    there = town(None)
    claims = filled(shape)
    there.ada.store(there.issue(claims, format=way))
    place = data.draw(st.sampled_from([*places(claims)]))
    request = ask(there, place)
    report, _ = judged(there, response.parse(whole_answer(there, request).data), request)
    (one,) = report.require().credentials[QUERY[way]]
    (card,) = one.credentials["verifiableCredential"]
    seen = {leaf for leaf in leaves(card.claims["credentialSubject"]) if leaf.startswith("<")}
    assert seen == {*leaves(at(claims, place))}
    assert {leaf for leaf in leaves(one.claims) if isinstance(leaf, str) and leaf.startswith("<")} == set()


def at(value: Any, place: Path) -> Any:
    for step in place:
        value = value[step]
    return value


def judged(there: Town, token: Any, request: Any) -> tuple[Report, Any]:
    asked = there.ada.plan(request).asked.request
    expected = Expectations(issuers=ANYONE, audience=asked.client_id, nonce=asked.nonce, credentials=1, max_age=timedelta(minutes=9))
    return examine_answer(serialize(token), query_json(asked.query), expected, at=START), expected


def edits(text: str) -> Iterator[str]:
    """Give an edit at every place: put in, taken out, replaced or swapped in turn."""
    for place, character in enumerate(text):
        other = OTHERS[(OTHERS.find(character) + 1 + place % (len(OTHERS) - 1)) % len(OTHERS)]
        head, tail = text[:place], text[place + 1 :]
        yield (head + other + character + tail, head + tail, head + other + tail, head + tail[:1] + character + tail[1:])[place % 4]


@pytest.mark.parametrize("way", WAYS)
def test_every_edit_of_what_was_signed_is_refused(way: str) -> None:
    there = town(None)
    there.ada.store(there.issue({"age": 36, "name": "Ada"}, format=way))
    request = ask(there, "age")
    entry, presentation = taken(whole_answer(there, request))
    assert judged(there, {entry: [presentation]}, request)[0].ok
    text = presentation if isinstance(presentation, str) else serialize(presentation)
    tried = 0
    for edited in edits(text):
        try:
            other = edited if isinstance(presentation, str) else parse(edited)
        except SaysoError:
            continue  # it is no JSON any more
        if other == presentation:
            continue
        tried += 1
        report = judged(there, {entry: [other]}, request)[0]
        assert not report.ok, edited
        assert report.verified is None
    assert tried >= MIN_EDITS


def test_every_edit_of_who_signs_in_is_refused() -> None:
    there = town(None)
    request = there.bar.sign_in_request(purpose="Keep your tab")
    entry, presentation = taken(there.ada.present(there.ada.plan(request)))
    tried = 0
    for edited in edits(str(presentation)):
        if edited != presentation:
            tried += 1
            with pytest.raises(SaysoError):
                there.bar.accept_sign_in(put(entry, edited), request)
    assert tried >= MIN_EDITS / 2
    assert there.bar.accept_sign_in(put(entry, presentation), request).holder
