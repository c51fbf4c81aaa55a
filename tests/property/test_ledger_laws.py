"""Laws of the ledger: it holds whatever is deleted, notices whatever else is done, is carried elsewhere whole, and holds no value."""

from contextlib import suppress
from datetime import timedelta
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from sayso import ANYONE, Ledger, SaysoError, Transaction
from sayso.sharing.ledger import chain as chains
from sayso.sharing.ledger import native
from sayso.sharing.ledger.chain import Link, Recorded, Relation
from sayso.sharing.ledger.entries import KINDS
from sayso.testing.actors import CARD, cast_of
from sayso.testing.world import START, World
from tests.unit.sharing.ledger.told import SHOP, digest, ledger, shared

pytestmark = pytest.mark.laws

instants = st.integers(0, 400).map(lambda hours: START + timedelta(hours=hours))
claims = st.lists(st.sampled_from(["a", "b", ("c", "d"), ("c", None), ("e", 0)]), max_size=4, unique=True).map(tuple)
digests = st.sampled_from([digest(name) for name in "xyz"])
businesses = st.sampled_from([SHOP, "did:web:club.example", "somebody"])


def own(said: dict[str, Any]) -> Transaction:
    needs = said["kind"] in {"Grant", "PermissionReturned"}
    return Transaction(**{**said, "claims": said["claims"] or (("a",) if needs else ())})


transactions = st.fixed_dictionaries(
    {"kind": st.sampled_from(KINDS), "at": instants, "claims": claims, "until": instants, "answer_by": instants, "digest": digests},
    optional={
        "answers": st.lists(digests, max_size=2).map(tuple),
        "completed": st.booleans(),
        "retained": claims,
        "name": st.just("A shop"),
    },
).map(own)
histories = st.lists(st.tuples(transactions, businesses, st.sampled_from(["", "chess"])), max_size=12)


def written(history: Any) -> tuple[World, Any, Ledger]:
    world = World()
    signer = world.signer()
    one = Ledger(signer, clock=world.clock, entropy=world.entropy)
    for what, business, persona in history:
        one.record(what, business, persona=persona)
    return world, signer, one


@given(histories, instants, st.data())
def test_it_is_carried_elsewhere_whole(history: Any, at: Any, data: st.DataObject) -> None:
    world, signer, one = written(history)
    for relation in one.relations():
        for number in range(len(one.chain(relation.business, persona=relation.persona).links)):
            if data.draw(st.booleans()):
                one.delete(Recorded(relation, number, ""))
    one.verify()
    again = Ledger.load(one.export(), signer, clock=world.clock, entropy=world.entropy)
    assert again.dashboard(at) == one.dashboard(at)
    assert again.export() == one.export()
    assert again.export_ts10() == one.export_ts10()
    assert again.export_dpv() == one.export_dpv()


@given(histories, instants)
def test_what_is_asked_agrees(history: Any, at: Any) -> None:
    _, _, one = written(history)
    rows = one.dashboard(at)
    held = {holding for row in rows for holding in row.holdings}
    assert held == {holding for business in {row.relation.business for row in rows} for holding in one.held_by(business, at)}
    assert {holding for holding in held if holding.permitted} == {*one.expiring(timedelta(days=36500), at)}
    for holding in held:
        assert holding in one.who_has(holding.claim, at)
        assert not (holding.permitted and holding.until <= at)
    assert {due for row in rows for due in row.due if due.by <= at} == {*one.overdue(at)}
    for row in rows:
        assert (row.ends is None) == (not any(holding.permitted for holding in row.holdings))


@given(st.integers(7, 60), st.data())
def test_an_edit_of_a_long_chain_is_noticed(length: int, data: st.DataObject) -> None:
    _, one = ledger()
    for number in range(length):
        one.record(shared(f"claim{number}"), SHOP)
    chain = one.chain(SHOP)
    place = st.integers(0, length - 1)
    links = [*chain.links]
    for _ in range(data.draw(st.integers(1, 4))):
        at, other = data.draw(place) % len(links), data.draw(place) % len(links)
        match data.draw(st.sampled_from(["drop", "insert", "exchange", "alter", "delete"])):
            case "drop" if len(links) > 1:
                del links[at]
            case "insert":
                links.insert(at, Link(links[at].prev, digest("x"), None))
            case "exchange":
                links[at], links[other] = links[other], links[at]
            case "alter":
                links[at] = links[at]._replace(body=links[other].body, body_digest=links[other].body_digest)
            case _:
                links[at] = links[at]._replace(body=None)
    edited = chain._replace(links=tuple(links))
    same = [(link.prev, link.body_digest) for link in links] == [(link.prev, link.body_digest) for link in chain.links]
    try:
        chains.verify(edited, chain.head)
    except SaysoError:
        assert not same
    else:
        assert same


@given(st.binary(max_size=200) | st.text(max_size=200))
def test_bytes_give_a_ledger_or_the_one_error(data: Any) -> None:
    with suppress(SaysoError):
        native.read(data)


json_values = st.recursive(
    st.none() | st.booleans() | st.integers() | st.text(max_size=5) | digests,
    lambda inner: st.lists(inner, max_size=3) | st.dictionaries(st.text(max_size=5), inner, max_size=3),
    max_leaves=6,
)


@given(st.dictionaries(st.sampled_from(["business", "persona", "salt", "entries"]), json_values), json_values)
def test_any_json_gives_a_chain_or_the_one_error(value: Any, entry: Any) -> None:
    whole: Any
    for whole in (value, {"business": "a", "persona": "", "salt": "AAAAAAAAAAAAAAAAAAAAAA", "entries": [entry]}):
        with suppress(SaysoError):
            native.read_chain(whole)
    with suppress(SaysoError):
        from_body = {"prev": digest("a"), "bodyDigest": digest("b"), "salt": "AAAAAAAAAAAAAAAAAAAAAA", "body": entry}
        native.read_chain({"business": "a", "persona": "", "salt": "AAAAAAAAAAAAAAAAAAAAAA", "entries": [from_body]})


@given(st.sampled_from([("given_name",), ("age_over_18",), ("given_name", "birthdate")]), st.binary(min_size=2, max_size=8))
def test_no_value_is_in_it(asked: Any, seed: bytes) -> None:
    cast = cast_of(World(seed))
    request = cast.bar.request(*asked, issuers=ANYONE, type=CARD, purpose="A drink", benefit="It", keep_for=timedelta(hours=1))
    cast.ada.present(cast.ada.plan(request))
    one = Ledger(cast.world.signer(), clock=cast.world.clock, entropy=cast.world.entropy)
    for remembered in cast.ada.shared:
        one.record(remembered)
    everything = one.export() + str(one.export_dpv()) + str(one.export_ts10()) + repr(one.dashboard())
    assert asked[0] in everything
    assert not any(value in everything for value in ("Lovelace", "1990-12-10", "'Ada'", '"Ada"'))
    assert one.relations() == (Relation(cast.bar.did),)
