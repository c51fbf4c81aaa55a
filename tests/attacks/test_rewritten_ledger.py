"""Somebody with the customer's backup, or the customer under pressure, would like the history to have been another one."""

import json
from collections.abc import Callable, Iterator
from functools import partial
from itertools import combinations, pairwise, product
from typing import Any, cast

import pytest

from sayso import Ledger, SaysoError
from sayso.jsonvalue import JsonObject, freeze, serialize, thaw
from sayso.sharing.ledger import chain as chains
from sayso.sharing.ledger.chain import Body, Chain, Link, Recorded, Relation
from sayso.testing.world import START, World
from tests.unit.sharing.ledger.told import DAY, SHOP, digest, ledger, said, shared, told

Links = tuple[Link, ...]
Edit = Callable[[Links], Links]
LONGEST = 6


def history(length: int) -> Chain:
    _, one = ledger()
    for number in range(length):
        one.record(shared(f"claim{number}"), SHOP)
    return one.chain(SHOP) if length else Chain(Relation(SHOP), "c2FsdA")


def other_body(link: Link) -> Body:
    body = link.body or Body("c2FsdHNhbHRzYWx0c2FsdA", freeze({"transactionType": "Breach"}))
    return body._replace(body=freeze({**cast("JsonObject", thaw(body.body)), "time": "2001-01-01T00:00:00Z"}))


def relinked(links: Links, origin: str) -> Links:
    """What a forger does who knows how the chain is made."""
    found: list[Link] = []
    for link in links:
        found.append(link._replace(prev=found[-1].digest if found else origin))
    return tuple(found)


def edits(length: int, origin: str) -> Iterator[tuple[str, Edit]]:
    """Every way to alter, drop, double, insert or exchange one entry of a chain."""
    for at in range(length):
        yield f"prev {at}", partial(changed, at=at, prev=digest("another"))
        yield f"digest {at}", partial(changed, at=at, body_digest=digest("another"))
        yield f"body {at}", partial(rewritten, at=at)
        yield f"forged {at}", partial(forged, at=at, origin=origin)
        yield f"drop {at}", partial(dropped, at=at)
        yield f"drop and relink {at}", forger(partial(dropped, at=at), origin)
        yield f"double {at}", partial(doubled, at=at)
        yield f"insert {at}", partial(inserted, at=at)
        yield f"insert and relink {at}", forger(partial(inserted, at=at), origin)
    yield "append", lambda links: inserted(links, len(links))
    for at, other in combinations(range(length), 2):
        exchange = partial(exchanged, at=at, other=other)
        yield f"exchange {at} {other}", exchange
        yield f"exchange and relink {at} {other}", forger(exchange, origin)


def forger(edit: Edit, origin: str) -> Edit:
    return lambda links: relinked(edit(links), origin)


def dropped(links: Links, at: int) -> Links:
    return links[:at] + links[at + 1 :]


def doubled(links: Links, at: int) -> Links:
    return links[: at + 1] + links[at:]


def changed(links: Links, at: int, **what: Any) -> Links:
    return tuple(link._replace(**what) if number == at else link for number, link in enumerate(links))


def rewritten(links: Links, at: int) -> Links:
    return changed(links, at, body=other_body(links[at])) if at < len(links) else links


def forged(links: Links, at: int, origin: str) -> Links:
    if at >= len(links):
        return links
    body = other_body(links[at])
    return relinked(changed(links, at, body=body, body_digest=body.digest), origin)


def inserted(links: Links, at: int) -> Links:
    prev = links[at - 1].digest if 0 < at <= len(links) else digest("before")
    return (*links[:at], Link(prev, digest("inserted"), None), *links[at:])


def exchanged(links: Links, at: int, other: int) -> Links:
    if other >= len(links):
        return links
    found = [*links]
    found[at], found[other] = found[other], found[at]
    return tuple(found)


def bare(links: Links) -> list[tuple[str, str]]:
    return [(link.prev, link.body_digest) for link in links]


def holds(chain: Chain, head: str) -> bool:
    try:
        chains.verify(chain, head)
    except SaysoError:
        return False
    return True


@pytest.mark.parametrize("length", range(LONGEST + 1))
def test_every_edit_and_every_two_edits_are_noticed(length: int) -> None:
    chain = history(length)
    head, noticed = chain.head, 0
    known = [*edits(length, chain.origin)]
    for (_, first), second in product(known, (None, *known)):
        links = first(chain.links)
        links = second[1](links) if second else links
        if bare(links) == bare(chain.links) and all(link.body in (None, kept.body) for link, kept in zip(links, chain.links, strict=True)):
            continue  # the second edit undid the first
        assert not holds(chain._replace(links=links), head)
        noticed += 1
    assert noticed >= len(known)


@pytest.mark.parametrize("length", range(LONGEST + 1))
def test_any_set_of_bodies_may_be_deleted(length: int) -> None:
    chain = history(length)
    for deleted in product((False, True), repeat=length):
        links = chain.links
        for number in (number for number, gone in enumerate(deleted) if gone):
            links = chains.without(links, number)
        assert holds(chain._replace(links=links), chain.head)
        assert [link.body is None for link in links] == [*deleted]


def test_another_business_or_persona_has_another_origin() -> None:
    chain = history(2)
    for other in (Relation("did:web:other.example"), Relation(SHOP, "chess")):
        assert not holds(chain._replace(relation=other), chain.head)
    assert not holds(chain._replace(salt="c2FsdHNhbHRzYWx0c2FsdA"), chain.head)


# --- the exported file


def exported() -> tuple[World, Ledger, str]:
    world, one = told()
    one.record(said("Grant", "mobile", until=START + 90 * DAY), SHOP)
    one.delete(Recorded(Relation(SHOP), 0, ""))
    return world, one, one.export()


def loads(world: World, one: Ledger, text: str) -> None:
    Ledger.load(text, world.signer(), ledger=one.did, clock=world.clock)


def places(value: Any, *path: Any) -> Iterator[tuple[Any, ...]]:
    yield path
    for step, inner in value.items() if isinstance(value, dict) else enumerate(value) if isinstance(value, list) else ():
        yield from places(inner, *path, step)


def test_no_member_can_be_changed_or_left_out() -> None:
    world, one, text = exported()
    loads(world, one, text)
    for path in places(json.loads(text)):
        if not path:
            continue
        for change in ("drop", "other", "null", "wrap"):
            copy = json.loads(text)
            inner = copy
            for step in path[:-1]:
                inner = inner[step]
            kept = inner[path[-1]]
            if change == "drop":
                del inner[path[-1]]
            else:
                inner[path[-1]] = {"other": digest("another"), "null": None, "wrap": [kept]}[change]
            with pytest.raises(SaysoError):
                loads(world, one, serialize(copy))


def test_a_body_can_be_deleted_from_a_file_and_not_given_back_another() -> None:
    world, one, text = exported()
    copy: Any = json.loads(text)
    shop, club = copy["relations"]
    del club["entries"][0]["body"], club["entries"][0]["salt"]
    loads(world, one, serialize(copy))
    shop["entries"][0] |= {name: shop["entries"][1][name] for name in ("salt", "body")}
    with pytest.raises(SaysoError, match="not the one that was entered"):
        loads(world, one, serialize(copy))


def test_a_relationship_cannot_be_left_out_doubled_or_shortened() -> None:
    world, one, text = exported()
    shorter, doubled, fewer = (json.loads(text) for _ in range(3))
    del shorter["relations"][0]["entries"][1]
    doubled["relations"].append(doubled["relations"][0])
    del fewer["relations"][1]
    for copy, why in ((shorter, "checkpoint"), (doubled, "one history"), (fewer, "checkpoint")):
        with pytest.raises(SaysoError, match=why):
            loads(world, one, serialize(copy))


def test_an_entry_has_no_place_for_more() -> None:
    world, one, text = exported()
    for place in ("body", "grant"):
        copy: Any = json.loads(text)
        entry = copy["relations"][0]["entries"][1]
        (entry["body"] if place == "body" else entry["body"]["grant"])["value"] = "12345678"
        with pytest.raises(SaysoError) as refused:
            loads(world, one, serialize(copy))
        assert "12345678" not in str(refused.value)


def test_the_checkpoint_of_an_older_history_is_not_that_of_this_one() -> None:
    world, one, text = exported()
    old = json.loads(text)
    one.record(said("Withdrawal"), SHOP)
    new = json.loads(one.export())
    for first, second in pairwise((old, new, old)):
        with pytest.raises(SaysoError, match="checkpoint"):
            loads(world, one, serialize({**first, "checkpoint": second["checkpoint"]}))
