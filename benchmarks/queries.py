"""Match a query against a wallet: read it, find the cards and the claims that it asks for, and choose what to answer."""

import json
from collections.abc import Iterator
from functools import partial

from benchmarks.measuring import Batch, Operation, Title
from benchmarks.peers import Peers
from benchmarks.wallets import SIZES, Full, full
from benchmarks.world import TYPE
from sayso.clock import system_clock
from sayso.jsonvalue import JsonObject
from sayso.query.grammar import parse
from sayso.query.selection import choose
from sayso.sharing.plan.picking import least
from sayso.wallet.candidates import candidates_for

_CLAIMS: list[JsonObject] = [
    {"id": "age", "path": ["age_over_18"], "values": [True]},
    {"id": "birth", "path": ["birthdate"]},
    {"id": "name", "path": ["given_name"]},
]


def operations(peers: Peers) -> Iterator[Operation]:
    """List what is measured here: all cards match, or those of one issuer in a hundred."""
    for size in SIZES:
        for unit in ("cards", "cards 1%"):
            title = Title("dcql-match", "mechanism", size, unit, "1 json.loads of the cards")
            yield Operation(title, partial(_match, peers, size, one_issuer=unit != "cards"))


def _match(peers: Peers, size: int, count: int, *, one_issuer: bool) -> Batch:
    wallet = full(size)
    cards: list[JsonObject] = [{**held.verified.claims} for held in wallet.held.values()]
    query = _query(wallet.issuer if one_issuer else None)
    theirs = peers.match(query, [[_to_js(card) for card in cards]] * count)
    matched = partial(_matched, wallet, query, wallet.of_issuer if one_issuer else size)
    return Batch([matched] * count, [partial(json.loads, json.dumps(cards))] * count, theirs)


def _query(issuer: str | None) -> JsonObject:
    always: list[JsonObject] = [] if issuer is None else [{"id": "iss", "path": ["iss"], "values": [issuer]}]
    ids = ["iss"] * len(always)
    card: JsonObject = {"id": "card", "format": "dc+sd-jwt", "meta": {"vct_values": [TYPE]}, "claims": [*always, *_CLAIMS]}
    return {"credentials": [{**card, "claim_sets": [[*ids, "age"], [*ids, "birth", "name"]]}]}


def _to_js(card: JsonObject) -> dict[str, object]:
    return {"credential_format": "dc+sd-jwt", "vct": card["vct"], "claims": card, "cryptographic_holder_binding": True}


def _matched(wallet: Full, asked: JsonObject, many: int) -> None:
    query = parse(asked)
    now = system_clock()
    able = {one.id: candidates_for(one, wallet.held.matches(one), now)[0] for one in query.credentials}
    assert len(able["card"]) == many
    assert choose(query, able, lambda query_id: least(able[query_id]).cost).ids
