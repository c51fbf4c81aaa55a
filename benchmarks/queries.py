"""Match a query against a wallet: read it, find for each card the claims that it asks for, and choose what to answer."""

import json
from collections.abc import Iterator, Sequence
from functools import partial

from benchmarks.measuring import Batch, Operation, Title
from benchmarks.peers import Peers
from benchmarks.world import claims
from sayso.jsonvalue import JsonObject, from_python
from sayso.query.claims import mismatch, select
from sayso.query.grammar import parse
from sayso.query.selection import choose

_CARDS = 10
_CLAIMS = 10
_QUERY: JsonObject = {
    "credentials": [
        {
            "id": "card",
            "format": "dc+sd-jwt",
            "meta": {"vct_values": ["urn:example:card"]},
            "claims": [
                {"id": "age", "path": ["age_over_18"], "values": [True]},
                {"id": "birth", "path": ["birthdate"]},
                {"id": "name", "path": ["given_name"]},
            ],
            "claim_sets": [["age"], ["birth", "name"]],
        }
    ]
}


def operations(peers: Peers) -> Iterator[Operation]:
    """List what is measured here."""
    yield Operation(Title("dcql-match", "mechanism", _CARDS, "cards", "1 json.loads of the cards"), partial(_match, peers))


def _match(peers: Peers, count: int) -> Batch:
    wallets = [[_card(wallet, number) for number in range(_CARDS)] for wallet in range(count)]
    texts = [json.dumps(cards) for cards in wallets]
    theirs = peers.match(_QUERY, [[_to_js(card) for card in cards] for cards in wallets])
    return Batch([partial(_matched, cards) for cards in wallets], [partial(json.loads, text) for text in texts], theirs)


def _card(wallet: int, number: int) -> JsonObject:
    said = from_python({"vct": "urn:example:card", **claims(_CLAIMS), "given_name": f"Ada {wallet}.{number}"})
    assert isinstance(said, dict)
    return said


def _to_js(card: JsonObject) -> dict[str, object]:
    return {"credential_format": "dc+sd-jwt", "vct": card["vct"], "claims": card, "cryptographic_holder_binding": True}


def _matched(cards: Sequence[JsonObject]) -> None:
    query = parse(_QUERY)
    able: set[str] = set()
    for credential in query.credentials:
        for card in cards:
            if mismatch(credential, "dc+sd-jwt", frozenset((str(card["vct"]),))) is None and select(credential, card).options:
                able.add(credential.id)
    assert choose(query, able, lambda _: 1).ids
