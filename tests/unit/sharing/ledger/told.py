"""A small history to look at: a shop that was given three claims, and a club that was given one."""

from datetime import timedelta
from typing import Any

from sayso import Ledger, Transaction
from sayso.encodings.multihash import digest_multibase
from sayso.testing.world import START, World

SHOP, CLUB = "did:web:shop.example", "did:web:club.example"
DAY = timedelta(days=1)
SHARED = ("mobile", ("address", "postal_code"), "age_over_18")


def digest(name: str) -> str:
    return digest_multibase(name.encode())


def shared(*claims: Any, **more: Any) -> Transaction:
    said = {"kind": "presentation", "at": START, "until": START + 30 * DAY, "digest": digest("request"), "purpose": "Deliver", **more}
    return Transaction(claims=claims, **said)


def said(kind: str, *claims: Any, **more: Any) -> Transaction:
    return Transaction(kind=kind, claims=claims, **{"at": START, "digest": digest(kind), **more})


def ledger(world: World | None = None) -> tuple[World, Ledger]:
    world = world or World()
    return world, Ledger(world.signer(), clock=world.clock, entropy=world.entropy)


def told() -> tuple[World, Ledger]:
    """Give a ledger in which something has happened."""
    world, one = ledger()
    one.record(shared(*SHARED, name="The Shop", recipients=("Posten",)), SHOP)
    one.record(shared("mobile", until=START + 3 * DAY), CLUB, persona="chess")
    return world, one
