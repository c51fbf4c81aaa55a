"""Laws of the wallet's index: whatever is stored and asked, what can answer is what a look at every credential finds."""

from collections.abc import Iterable
from datetime import datetime, timedelta
from itertools import product
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from sayso.credentials.claims_path import Location
from sayso.errors import NOT_ANSWERABLE, Problem
from sayso.identifiers import StoredId
from sayso.jsonvalue import serialize
from sayso.query import grammar
from sayso.query.claims import mismatch, missing, select
from sayso.query.grammar import CredentialQuery
from sayso.sharing.plan.picking import Candidate, Pick, least, nearest
from sayso.testing.world import START
from sayso.wallet.candidates import candidates_for
from sayso.wallet.held import Held
from sayso.wallet.index import Index
from tests.journeys.town import header_of, opened, payload_of, sign, town
from tests.support import examples

pytestmark = pytest.mark.laws

MINUTE = timedelta(minutes=1)
ROOT = "https://www.w3.org/ns/credentials/undefined-term#"
CREDENTIAL = "https://www.w3.org/2018/credentials#VerifiableCredential"
BODIES: list[dict[str, Any]] = [
    {"a": "one", "b": True, "c": {"x": 1, "y": [1, 2]}},
    {"a": "two", "b": 1, "c": {"x": 2, "y": [2, 1]}},
    {"a": "one", "b": True, "c": {"x": "1", "y": [1, 2, 3]}},
    {"a": ["one"], "b": False},
]
ISSUERS: list[str] = []


def _pool() -> list[tuple[StoredId, Held]]:
    """Make cards of which many are alike but for what decides: an issuer, a value, a length, a date, an order of dates."""
    there = town(None)
    keys = [there.city_key, there.world.signer()]
    issuers = [there.world.issuer(key) for key in keys]
    ISSUERS.extend(issuer.did for issuer in issuers)
    there.world.clock.turn(MINUTE / 2)
    for format_, number in product(("vc+sd-jwt", "dc+sd-jwt"), range(48)):
        body = BODIES[number % 4]
        card = issuers[number // 4 % 2].issue(
            body,
            type="Pass" if number % 16 == 15 else "Card",
            holder=there.holder,
            format=format_,
            disclosable=["a", *([] if number == 0 else ["b"]), *([("c", "y", 0), ("c", "y", 1)] if "c" in body else ["b"])],
            valid_from=START + timedelta(seconds=20),
            valid_for=MINUTE if number >= 24 else 60 * MINUTE,
        )
        token, *disclosures, _ = card.text.split("~")
        said = payload_of(token)
        if format_ == "dc+sd-jwt":
            # made before, at and after it begins, so that what its dates say does not change in one order
            said["iat"] = said["nbf"] + (number // 8 % 3 - 1) * 20
        if number % 8 == 1:
            # what is missing keeps its place: of two elements the first or the second is not there
            elements = [one for one in disclosures if len(opened(one)) == 2]
            disclosures.remove(elements[number // 8 % 2])
        if number % 24 == 3 and format_ == "vc+sd-jwt":
            # a W3C issuer may be an object, which is no value that a query can name
            said["issuer"] = {"id": said["issuer"], "name": "The City"}
        token = sign(header_of(token), said, keys[number // 4 % 2])
        there.ada.store("~".join([token, *disclosures, ""]))
    return [*vars(there.ada)["_held"].items()]


POOL = _pool()
PATHS: list[tuple[Any, ...]] = [("a",), ("b",), ("c",), ("c", "x"), ("c", "y", None), ("c", "y", 1), ("c", "y", 2), ("a", 0), ("d",)]
ONE = st.integers(0, len(POOL) - 1)
SECONDS = st.sampled_from([-1, 0, 10, 20, 30, 40, 60, 80, 3620, 3621])
VALUES = st.sampled_from(["one", "two", "1", True, False, 1, 2])


@st.composite
def queries(draw: st.DrawFn) -> CredentialQuery:
    format_ = draw(st.sampled_from(["vc+sd-jwt", "dc+sd-jwt", "mso_mdoc"]))
    vcdm = format_ == "vc+sd-jwt"
    paths = draw(st.lists(st.sampled_from(PATHS), max_size=4))
    claims: list[dict[str, Any]] = [{"path": [*(["credentialSubject"] if vcdm else []), *path]} for path in paths]
    for claim in claims:
        if draw(st.booleans()):
            claim["values"] = draw(st.lists(VALUES, min_size=1, max_size=3))
    if draw(st.booleans()):
        issuer = ["issuer"] if vcdm else ["iss"]
        named = draw(st.lists(st.sampled_from([*ISSUERS, "did:example:nobody", 5]), min_size=1, max_size=2))
        claim = {"path": issuer, "values": named} if draw(st.integers(0, 3)) else {"path": issuer}
        claims.insert(draw(st.integers(0, len(claims))), claim)
    for number, claim in enumerate(claims):
        claim["id"] = f"c{number}"
    names = [CREDENTIAL, ROOT + "Card", ROOT + "Pass"] if vcdm else ["Card", "Pass", "Club"]
    types = draw(st.lists(st.lists(st.sampled_from(names), min_size=1, max_size=2), min_size=1, max_size=3))
    meta = {"vct_values": [one for one, *_ in types], "type_values": types, "doctype_value": "Card"}
    query: dict[str, Any] = {"id": "q", "format": format_, "meta": meta}
    if claims:
        query["claims"] = claims
        ids = st.sampled_from([claim["id"] for claim in claims])
        if draw(st.booleans()):
            query["claim_sets"] = draw(st.lists(st.lists(ids, min_size=1, unique=True), min_size=1, max_size=3))
    if draw(st.integers(0, 9)) == 0:
        query["trusted_authorities"] = [{"type": "aki", "values": ["x"]}]
    parsed = grammar.parse({"credentials": [query]}).credentials[0]
    return parsed._replace(types=()) if draw(st.integers(0, 9)) == 0 else parsed


def _every(query: CredentialQuery, stored: Iterable[tuple[StoredId, Held]], now: datetime) -> tuple[list[Candidate], list[Problem]]:
    """Look at every credential, one by one, as if there were no index."""
    able: list[Candidate] = []
    problems: list[Problem] = []
    foreign: list[Problem] = []
    needed = [claim for claim in query.claims if all(claim.id in ids for ids in query.claim_sets)]
    for stored_id, held in stored:
        document = held.verified.claims
        if mismatch(query, held.format.id, held.types):
            continue
        named = [claim for claim in needed if claim.values and claim.path in {("issuer",), ("iss",)}]
        found = document.get("issuer", document.get("iss"))
        if named and (isinstance(found, dict) or found not in named[0].values):
            foreign = [one for one in missing(query, document, held.positions) if one.pointer in {"/issuer", "/iss"}]
            continue
        late = held.format.date_problems(document, now, timedelta(0))
        options = () if late else select(query, document, held.positions).options
        if len(options) < max(1, len(query.claim_sets)):
            problems += late or missing(query, document, held.positions)
        if options:
            able.append(Candidate(stored_id, held.format, document, held.disclosable, held.holding.places, held.exposed, options))
    said = [*dict.fromkeys([*problems, *foreign])]
    if not able and not said:
        said = [Problem(NOT_ANSWERABLE, "no stored credential has this format and type")]
    return able, said


@examples()
@given(st.lists(st.tuples(st.sampled_from([True, True, True, False]), ONE), min_size=2, max_size=60), queries(), SECONDS)
def test_what_the_index_finds_is_what_a_look_at_all_of_them_finds(
    changes: list[tuple[bool, int]], query: CredentialQuery, seconds: int
) -> None:
    index = Index()
    plain: dict[StoredId, Held] = {}
    for kept, number in changes:
        stored_id, held = POOL[number]
        plain.pop(stored_id, None)
        if kept:
            index[stored_id] = plain[stored_id] = held
        else:
            index.pop(stored_id, None)
    assert [*index.items()] == [*plain.items()]
    now = START + timedelta(seconds=seconds)
    able, problems = candidates_for(query, index.matches(query), now)
    assert ([*able], problems) == _every(query, plain.items(), now)


@examples()
@given(st.lists(ONE, unique=True, min_size=1), queries(), st.data())
def test_what_reveals_least_is_found_as_if_each_were_weighed_anew(numbers: list[int], query: CredentialQuery, data: st.DataObject) -> None:
    able, _ = _every(query, [POOL[number] for number in numbers], START + MINUTE)
    picks = [Pick(candidate, option) for candidate in able for option in candidate.options]
    if not picks:
        return
    cheapest = min(picks, key=_cost)
    found = least(able)
    assert (found.pick, found.cost) == (cheapest, _cost(cheapest))
    ids = [claim.id for claim in query.claims]
    wanted, about = (frozenset(data.draw(st.lists(st.sampled_from(ids)) if ids else st.just([]))) for _ in range(2))
    inside = [pick for pick in picks if pick.claim_ids & about <= wanted]
    chosen = min(inside, key=lambda pick: (-len(pick.claim_ids & about), _cost(pick)), default=None)
    assert nearest(able, wanted, about) == chosen


def _cost(pick: Pick) -> int:
    root = pick.candidate.format.root
    visible = [place for place in pick.candidate.exposed.visible if place != (*root, "id")]
    return sum(_weight(pick, place) for place in [*visible, *pick.selected, *pick.carried()])


def _weight(pick: Pick, place: Location) -> int:
    value = pick.candidate.value(place)
    return 2**48 if isinstance(value, bool) else 2**48 + 2**32 + len(serialize(value))
