"""Laws of custody: whatever is done in whatever order, a database holds what a dict holds, and each claim is there or stated as erased."""

from collections.abc import Iterator
from contextlib import contextmanager
from datetime import timedelta
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import TypeAlias, cast

import pytest
from hypothesis import given
from hypothesis import strategies as st

from sayso import CustodyStore, LocalMasterKey, MemoryCustodyStore, SaysoError, SqlCustodyStore
from sayso.jsonvalue import Json, JsonObject, serialize
from sayso.keys import wrapping
from sayso.storage.custody import Cause, Change, Custodied, ErasureStatement, SealedClaim
from sayso.testing.world import START, CountingEntropy
from sayso.verifier.taking import put_together
from tests.support import examples

pytestmark = pytest.mark.laws

SHARES = st.sampled_from(["s", "t"])
NAMES = st.lists(st.sampled_from(["a", "b", "c"]), max_size=3)
SECONDS = st.integers(0, 6)
CLAIM = st.tuples(st.sampled_from(["a", "b", "c"]), SECONDS, st.booleans())
CLAIMS = st.lists(CLAIM, max_size=3, unique_by=lambda claim: claim[0])
Step: TypeAlias = "tuple[str, tuple[object, ...]]"
STEPS = st.lists(
    st.one_of(
        st.tuples(st.just("put"), st.tuples(SHARES, CLAIMS, SECONDS, st.none() | SECONDS)),
        st.tuples(st.just("count"), st.tuples(SHARES, NAMES)),
        st.tuples(st.just("erase"), st.tuples(SHARES, st.none() | NAMES, st.sampled_from(["withdrawn", "given-back"]))),
        st.tuples(st.just("sweep"), st.tuples(st.integers(1, 3))),
        st.tuples(st.just("renew"), st.tuples(SHARES, st.none() | SECONDS)),
        st.tuples(st.just("follow"), st.tuples(SHARES, st.booleans(), st.sampled_from([b"e", b"f"]), st.none() | SECONDS, CLAIMS)),
        st.tuples(st.just("wait"), st.tuples(st.integers(1, 3))),
        st.tuples(st.just("settle"), st.tuples()),
    ),
    max_size=15,
)


@contextmanager
def stores() -> Iterator[tuple[CustodyStore, CustodyStore]]:
    with TemporaryDirectory() as folder:
        kept = SqlCustodyStore(Path(folder, "c.db"))
        try:
            yield MemoryCustodyStore(), kept
        finally:
            kept.close()


def at(second: int) -> timedelta:
    return timedelta(seconds=second)


def done(store: CustodyStore, now: int, verb: str, given: tuple[object, ...]) -> object:
    """Take one step, and give what came of it."""
    instant = START + at(now)
    came: object = None
    match verb, given:
        case "put", (str(share), list(claims), int(answerable), lease):
            until = START + at(lease) if isinstance(lease, int) else None
            grant = b"g" if share == "s" else b""
            held = Custodied(share, "answer", f"did:key:{share}", "p", instant, until, START + at(answerable), grant)
            came = store.put(held, _sealed(claims))
        case "count", (str(share), list(names)):
            came = bool(names) and store.count(share, names, f"step {len(names)}", instant)
        case "erase", (str(share), names, cause):
            try:
                came = _unnumbered(
                    store.erase(share, cast("list[str] | None", names), cast("Cause", cause), instant, event=b"e" if names else b"")
                )
            except SaysoError as error:
                came = error.problems[0].kind
        case "sweep", (int(limit),):
            erased, more = list[ErasureStatement](), True
            while more:
                part = store.sweep(instant, limit)
                erased, more = [*erased, *part.erased], part.more
            came = sorted(_unnumbered(one)[1:] for one in erased)
        case "renew", (str(share), lease):
            came = store.renew(share, START + at(lease) if isinstance(lease, int) else None)
        case "follow", (str(share), known, bytes(event), paused, list(claims)):
            found = store.find(share)
            before = found.share.events if found and known else (b"another",)
            until = START + at(paused) if isinstance(paused, int) else None
            came = store.follow(share, Change(before, event, until, tuple(_sealed(claims, b"n"))))
        case "settle", _:
            store.settle([one.number for one in store.statements()])
    return came


def _sealed(claims: list[tuple[str, int, bool]], key: bytes = b"k") -> list[SealedClaim]:
    return [SealedClaim(name, START + at(end), once, key, b"v") for name, end, once in claims]


def _unnumbered(erased: ErasureStatement | None) -> tuple[object, ...]:
    return () if erased is None else tuple(erased._replace(number=0))


def seen(store: CustodyStore) -> list[object]:
    """Look at all there is."""
    return [
        *(store.find(share) for share in "st"),
        *(store.steps(share) for share in "st"),
        *(store.held(f"did:key:{share}") for share in "st"),
        *([_unnumbered(one) for one in store.erased(share)] for share in "st"),
        sorted(store.unused(START + at(3))),
        store.report(),
        sorted(_unnumbered(one) for one in store.statements()),
    ]


@given(STEPS)
@examples(100)
def test_a_database_holds_what_a_dict_holds(steps: list[Step]) -> None:
    with stores() as both:
        now = 0
        for verb, given_ in steps:
            now += int(str(given_[0])) if verb == "wait" else 0
            mine, theirs = (done(store, now, verb, given_) for store in both)
            assert mine == theirs
            assert seen(both[0]) == seen(both[1])


@given(STEPS)
@examples(600)
def test_a_claim_is_there_or_stated_as_erased_and_never_comes_back(steps: list[Step]) -> None:
    store, now = MemoryCustodyStore(), 0
    begun: dict[str, set[str]] = {}
    for verb, given_ in steps:
        now += int(str(given_[0])) if verb == "wait" else 0
        if verb == "settle":
            continue
        known = {share for share in "st" if store.find(share)}
        done(store, now, verb, given_)
        match verb, given_:
            case "put", (str(share), list(claims), *_) if share not in known:
                if begun.get(share):
                    return  # it was forgotten, and begins anew
                begun[share] = {name for name, _, _ in claims}
            case "sweep", _:
                assert all(claim.ends > START + at(now) for share in "st" if (found := store.find(share)) for claim in found.claims)
        for share, names in begun.items():
            left = [claim.name for claim in found.claims] if (found := store.find(share)) else []
            stated = [name for one in store.statements() if one.share == share for name in one.claims]
            assert sorted([*left, *stated]) == sorted(names)
            assert not any(uses for one in store.statements() if one.cause == "given-back" for uses in one.uses)


TREES = st.recursive(
    st.none() | st.booleans() | st.integers(-9, 9) | st.text("ab", max_size=3),
    lambda inner: st.lists(inner, max_size=3) | st.dictionaries(st.text("abc", min_size=1, max_size=1), inner, max_size=3),
    max_leaves=8,
)


def _places(value: object, step: tuple[object, ...]) -> Iterator[tuple[list[object], object]]:
    yield [*step], value
    parts = value.items() if isinstance(value, dict) else enumerate(value) if isinstance(value, list) else ()
    for name, part in parts:
        yield from _places(part, (*step, name))


@given(st.dictionaries(st.text("abc", min_size=1, max_size=1), TREES, min_size=1, max_size=3), st.data())
@examples(600)
def test_what_was_taken_apart_is_put_together(tree: JsonObject, data: st.DataObject) -> None:
    """With all that holds it: every member of the whole gives the whole, in whatever portions."""
    tops = [([name], value) for name, value in tree.items()]
    within = [place for place in _places(tree, ()) if len(place[0]) > 1]
    more = data.draw(st.lists(st.sampled_from(within), max_size=4)) if within else []
    portions = data.draw(st.permutations([*tops, *more]))
    assert put_together(serialize([cast("Json", [*portion])]).encode() + b"  " for portion in portions) == tree


@given(st.binary(), st.binary(), st.binary(min_size=1), st.integers(0, 10**6))
@examples()
def test_what_is_sealed_opens_for_its_context_and_unchanged(plain: bytes, context: bytes, other: bytes, where: int) -> None:
    master = LocalMasterKey(bytes(32), entropy=CountingEntropy(plain))
    wrapped = master.wrap(plain, context)
    assert master.unwrap(wrapped, context) == plain
    changed = bytearray(wrapped)
    changed[where % len(wrapped)] ^= 1
    for given_, said in ((bytes(changed), context), (wrapped, context + other), (wrapped[: where % len(wrapped)], context), (b"", context)):
        with pytest.raises(SaysoError):
            master.unwrap(given_, said)


def test_sealing_is_that_of_the_draft() -> None:
    """A key that is wrapped is the AEAD of libsodium, under a nonce that stands before it."""
    nonce, key = bytes(range(24)), bytes(range(32))
    assert wrapping.unseal(key, nonce, wrapping.seal(key, nonce, b"plain", b"context"), b"context") == b"plain"
