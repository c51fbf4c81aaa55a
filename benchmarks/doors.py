"""Ask, plan and accept: the doors between a business and a customer, who is asked for three claims of ten.

A plan is made with one card in the wallet too, and among many, of which all can answer or those of one issuer in a hundred.
"""

import json
from collections.abc import Iterator
from functools import partial

from benchmarks import raw
from benchmarks.measuring import Batch, Operation, Task, Title
from benchmarks.wallets import SIZES, Full, full
from benchmarks.world import World
from sayso import Answer, Request, Verifier

_SIZE = 10


def operations() -> Iterator[Operation]:
    """List what is measured here."""
    yield Operation(Title("request", "door", _SIZE, "claims", "1 crypto_sign", 4.5), _request)
    yield Operation(Title("plan", "door", _SIZE, "claims", "1 crypto_sign_open", 5.0), _plan)
    for size in SIZES:
        for unit in ("cards", "cards 1%"):
            title = Title("plan", "door", size, unit, "1 crypto_sign_open")
            yield Operation(title, partial(_plan_among, size, one_issuer=unit != "cards"))
    yield Operation(Title("accept", "door", _SIZE, "claims", "2 crypto_sign_open", 3.5), _accept)


def _request(count: int) -> Batch:
    world = World.of(_SIZE)
    return Batch([world.request] * count, [raw.signing(world.request().data) for _ in range(count)])


def _plan(count: int) -> Batch:
    world = World.of(_SIZE)
    requests = [world.request() for _ in range(count)]
    return Batch([partial(world.ada.plan, request) for request in requests], [raw.opening(request.data) for request in requests])


def _plan_among(size: int, count: int, *, one_issuer: bool) -> Batch:
    among, bar = full(size), Verifier.generate(name="The Bar")
    requests = [among.request(bar, one_issuer=one_issuer) for _ in range(count)]
    return Batch([partial(_planned, among, request) for request in requests], [raw.opening(request.data) for request in requests])


def _planned(among: Full, request: Request) -> None:
    assert among.wallet.plan(request).answerable


def _accept(count: int) -> Batch:
    world = World.of(_SIZE)
    shown = [world.shown(_SIZE) for _ in range(count)]
    return Batch([partial(world.bar.accept, one.answer, one.request) for one in shown], [_opening(one.answer) for one in shown])


def _opening(answer: Answer) -> Task:
    ((presentation,),) = json.loads(answer.data)["vp_token"].values()
    issuer_jwt, *_, binding = presentation.encode().split(b"~")
    return raw.opening(issuer_jwt, binding)
