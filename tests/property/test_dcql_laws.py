"""Laws of DCQL: what is read and written, and that wallet and verifier select by the same rules."""

from itertools import combinations
from typing import Any, TypeAlias

import pytest
from hypothesis import given
from hypothesis import strategies as st

from sayso.credentials.claims_path import find, text
from sayso.errors import SaysoError
from sayso.jsonvalue import Json, JsonObject
from sayso.jsonvalue import serialize as write
from sayso.query.claims import missing, select
from sayso.query.grammar import (
    ClaimsQuery,
    CredentialQuery,
    CredentialSetQuery,
    Query,
    TrustedAuthority,
    parse,
    serialize,
)
from sayso.query.selection import choose, surplus, unsatisfied
from tests.support import examples

pytestmark = pytest.mark.laws

ClaimQueries: TypeAlias = tuple[tuple[ClaimsQuery, ...], tuple[tuple[str, ...], ...]]

IDS = st.text("aZ0_-", min_size=1, max_size=3)
TEXTS = st.text(min_size=1, max_size=3)
TYPES = st.lists(TEXTS, min_size=1, max_size=3).map(tuple)
JSON: st.SearchStrategy[Json] = st.recursive(
    st.none() | st.booleans() | st.integers() | st.floats(allow_nan=False) | st.text(max_size=3),
    lambda inner: st.lists(inner, max_size=3) | st.dictionaries(st.text(max_size=3), inner, max_size=3),
    max_leaves=8,
)
# Few names, shapes and values, so that what is asked for is often there.
PATHS = st.sampled_from([("a",), ("b",), ("c",), ("c", None), ("c", 1), ("c", 0, "a"), ("d",)])
SCALARS = st.sampled_from([True, False, 1, 0, 1.0, "1", None])
VALUE: st.SearchStrategy[str | bool | int] = st.sampled_from([True, False, 1, 0, "1"])
VALUES = st.lists(VALUE, max_size=2).map(tuple)
TREES = st.fixed_dictionaries(
    {"a": SCALARS, "c": st.lists(SCALARS | st.dictionaries(st.just("a"), SCALARS), max_size=3)}, optional={"b": SCALARS, "d": SCALARS}
)


def subsets(ids: list[str], most: int = 3) -> st.SearchStrategy[tuple[tuple[str, ...], ...]]:
    return st.lists(st.lists(st.sampled_from(ids), min_size=1, max_size=3, unique=True).map(tuple), min_size=1, max_size=most).map(tuple)


@st.composite
def claim_queries(draw: st.DrawFn) -> ClaimQueries:
    ids = draw(st.lists(IDS, max_size=4, unique=True))
    claims = tuple(ClaimsQuery(draw(PATHS), claim_id, draw(VALUES)) for claim_id in ids)
    if not ids or draw(st.booleans()):
        return tuple(claim._replace(id="") if draw(st.booleans()) else claim for claim in claims), ()
    return claims, draw(subsets(ids))


@st.composite
def credential_queries(draw: st.DrawFn, query_id: str = "q") -> CredentialQuery:
    query_format = draw(st.sampled_from(["dc+sd-jwt", "vc+sd-jwt", "ldp_vc", "jwt_vc_json", "mso_mdoc"]) | TEXTS)
    kinds: dict[str, st.SearchStrategy[Any]] = {
        "dc+sd-jwt": TYPES.map(lambda types: tuple((one,) for one in types)),
        "mso_mdoc": TEXTS.map(lambda one: ((one,),)),
        **dict.fromkeys(["vc+sd-jwt", "ldp_vc", "jwt_vc_json"], st.lists(TYPES, min_size=1, max_size=3).map(tuple)),
    }
    claims, claim_sets = draw(claim_queries())
    return CredentialQuery(
        query_id,
        query_format,
        draw(kinds.get(query_format, st.just(()))),
        claims,
        claim_sets,
        draw(st.booleans()),
        draw(st.booleans()),
        tuple(draw(st.lists(st.builds(TrustedAuthority, TEXTS, TYPES), max_size=2))),
    )


@st.composite
def queries(draw: st.DrawFn) -> Query:
    ids = draw(st.lists(IDS, min_size=1, max_size=4, unique=True))
    sets = draw(st.lists(st.builds(CredentialSetQuery, subsets(ids), st.booleans()), max_size=3).map(tuple))
    return Query(tuple(draw(credential_queries(query_id)) for query_id in ids), sets)


def grown(value: Json, extra: Json) -> Json:
    """Add a member that no one knows to every object."""
    if isinstance(value, dict):
        return {**{name: grown(item, extra) for name, item in value.items()}, "x-unknown": extra}
    return [grown(item, extra) for item in value] if isinstance(value, list) else value


@examples(75)
@given(queries(), JSON)
def test_what_is_written_is_read_again_and_unknown_members_change_nothing(query: Query, extra: Json) -> None:
    """Rule DQ-1."""
    written = serialize(query)
    again = parse(written)
    assert again == query
    assert write(serialize(again)) == write(written)  # True == 1 in Python, and not here
    assert repr(parse(grown(written, extra))) == repr(query)


@examples(100)
@given(JSON)
def test_any_json_is_a_query_or_an_error(value: Json) -> None:
    try:
        parse(value)
    except SaysoError:
        pass
    else:
        pytest.fail("this cannot be a query")


@examples(150)
@given(queries().map(serialize), st.data())
def test_a_query_with_anything_in_one_place_is_a_query_or_an_error(written: JsonObject, data: st.DataObject) -> None:
    here: Any = written
    while True:
        step = data.draw(st.sampled_from([*here] if isinstance(here, dict) else range(len(here))))
        if not isinstance(here[step], dict | list) or not here[step] or data.draw(st.integers(0, 3)) == 0:
            break
        here = here[step]
    here[step] = data.draw(JSON)
    try:
        query = parse(written)
    except SaysoError:
        return
    assert parse(serialize(query)) == query


def equal(value: Json, other: Json) -> bool:
    """Compare as JSON does: by kind, and numbers by what they are."""
    kinds = {bool: "boolean", str: "string", int: "number", float: "number"}
    return type(value) in kinds and kinds[type(value)] == kinds[type(other)] and value == other


def answers(claim: ClaimsQuery, tree: JsonObject) -> list[tuple[str | int, ...]]:
    try:
        found = find(tree, claim.path)
    except SaysoError:
        return []
    return [place for place, value in found if not claim.values or any(equal(value, wanted) for wanted in claim.values)]


@examples(60)
@given(claim_queries(), TREES)
def test_the_options_are_those_sets_of_which_every_claim_answers(drawn: ClaimQueries, tree: JsonObject) -> None:
    """Rules DQ-S1 to DQ-S4: no set is left out, none comes before its turn, and every place exists."""
    query = CredentialQuery("q", "vc+sd-jwt", (("A",),), *drawn)
    by_id = {claim.id: claim for claim in query.claims}
    sets = [[by_id[claim_id] for claim_id in ids] for ids in query.claim_sets] or [[*query.claims]]
    expected = [
        [(claim, tuple(answers(claim, tree))) for claim in claims] for claims in sets if all(answers(claim, tree) for claim in claims)
    ]
    selection = select(query, tree)
    assert [[tuple(found) for found in option] for option in selection.options] == expected
    asked = {(text(found.claim.path), place) for found in selection.asked for place in found.locations}
    assert asked >= {(text(found.claim.path), place) for option in selection.options for found in option for place in found.locations}
    if not selection.options:
        assert missing(query, tree)


SETS = st.lists(st.builds(CredentialSetQuery, subsets([*"abcd"]), st.booleans()), max_size=3).map(tuple)


@examples(60)
@given(SETS, st.sets(st.sampled_from("abcd")))
def test_a_wallet_answers_exactly_where_an_answer_exists_and_the_verifier_agrees(
    sets: tuple[CredentialSetQuery, ...], answerable: set[str]
) -> None:
    """Rules DQ-C1 to DQ-C4."""
    query = Query(tuple(CredentialQuery(letter, "dc+sd-jwt") for letter in "abcd"), sets)
    choice = choose(query, answerable, "abcd".index)
    possible = [
        {*chosen}
        for count in range(len(answerable) + 1)
        for chosen in combinations(answerable, count)
        if not unsatisfied(query, dict.fromkeys(chosen, 1))
    ]
    assert bool(choice.problems) == (not possible)
    assert choice.problems or {*choice.ids} in possible
    assert all({*choice.ids, *option} in possible for option in choice.optional)


@examples(250)
@given(
    st.lists(st.builds(CredentialSetQuery, subsets([*"abcde"], 4), st.booleans()), max_size=4).map(tuple),
    st.sets(st.sampled_from("abcde")),
)
def test_what_is_left_over_is_what_every_set_with_it_is_answered_without(sets: tuple[CredentialSetQuery, ...], answered: set[str]) -> None:
    """OpenID4VP 1.0, section 6.4.2: one option answers a credential set."""
    for name in answered:
        named = [one for one in sets if any(name in option for option in one.options)]
        without = [any(answered - {name} >= {*option} for option in one.options) for one in named]
        assert (name in surplus(Query((), sets), answered)) == (bool(named) and all(without))
