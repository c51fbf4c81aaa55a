"""Custody opens what was shared for its purpose and until its end, counts it, and erases it; whatever keeps it."""

import asyncio
import pickle
from collections.abc import Callable, Collection, Iterator
from contextlib import closing
from copy import copy
from datetime import datetime, timedelta
from pathlib import Path
from typing import Any, NamedTuple

import pytest

from sayso import (
    WILL_NOT_STORE,
    Attribute,
    Custody,
    CustodyShare,
    CustodyStore,
    LocalMasterKey,
    MemoryCustodyStore,
    SaysoError,
    SqlCustodyStore,
)
from sayso.errors import (
    ALREADY_ANSWERED,
    CLAIM_USED,
    LEASE_LAPSED,
    MISSING_CLAIM,
    PURPOSE_NOT_GRANTED,
    SHARE_ENDED,
    STORE_UNREACHABLE,
)
from sayso.retrieval import Retrieve, Retrieved
from sayso.storage.custody import Custodied
from sayso.testing.world import START, CountingEntropy
from sayso.verifier.taking import TakenClaim
from sayso.verifier.verifier import Verifier
from tests.journeys.town import HOUR, SECOND, Town, kinds, town

SUBJECT = "did:key:z6Mkpairwise"
PURPOSE = "Serve alcohol"
TICK = timedelta(microseconds=1)
ODD: Any = b"5"


class Kept(NamedTuple):
    there: Town
    custody: Custody
    store: CustodyStore

    def take(self, *claims: Any, subject: str = SUBJECT, lease: datetime | None = None, **choices: Any) -> CustodyShare:
        request = self.there.ask(*(claims or ("given_name", "birthdate")), **choices)
        return self.there.bar.accept_into(self.custody, self.there.answer(request), request, subject=subject, lease=lease)

    def turn(self, by: timedelta) -> None:
        self.there.world.clock.turn(by)


@pytest.fixture(params=["memory", "sqlite", "postgresql"])
def kept(request: pytest.FixtureRequest, tmp_path: Path) -> Iterator[Kept]:
    there = town()
    if request.param == "memory":
        store: CustodyStore = MemoryCustodyStore()
        yield Kept(there, custody_of(there, store), store)
        return
    with closing(SqlCustodyStore(tmp_path / "c.db" if request.param == "sqlite" else request.getfixturevalue("database"))) as in_sql:
        yield Kept(there, custody_of(there, in_sql), in_sql)


def custody_of(there: Town, store: CustodyStore, key: bytes = bytes(32)) -> Custody:
    master = LocalMasterKey(key, entropy=CountingEntropy(b"master"))
    return Custody(store, master, clock=there.world.clock, entropy=CountingEntropy(b"custody"))


def opened(share: CustodyShare, *claims: str, purpose: str = PURPOSE, step: str = "till") -> Any:
    with share.use(*claims, purpose=purpose, step=step) as values:
        return dict(values)


def refused(share: CustodyShare, *claims: str, purpose: str = PURPOSE) -> Any:
    with pytest.raises(SaysoError) as error, share.use(*claims, purpose=purpose, step="till"):
        pytest.fail("it was opened")
    return kinds(error.value)[0]


def test_it_is_opened_nested_as_in_the_credential(kept: Kept) -> None:
    share = kept.take(("address", "city"), ("address", "geo", "lat"), ("langs", 0), ("langs", 2), "age_over_18")
    assert opened(share) == {"address": {"city": "Oslo", "geo": {"lat": 59.9}}, "langs": ["no", "fr"], "age_over_18": True}
    assert opened(share, "address.city") == {"address": {"city": "Oslo"}}
    assert opened(share, "langs.2") == {"langs": ["fr"]}
    assert (share.subject, share.purpose, share.taken) == (SUBJECT, PURPOSE, START)


def test_a_claim_within_another(kept: Kept) -> None:
    share = kept.take(("address", "city"), "address")
    assert opened(share)["address"]["city"] == "Oslo"
    assert opened(share, "address.city") == {"address": {"city": "Oslo"}}


def test_each_claim_ends_at_its_own_instant(kept: Kept) -> None:
    share = kept.take(Attribute("given_name", keep_for=SECOND), "birthdate")
    assert share.available == {"given_name": START + SECOND, "birthdate": START + HOUR}
    kept.turn(SECOND - TICK)
    assert opened(share) == {"given_name": "Ada", "birthdate": "1990-12-10"}
    kept.turn(TICK)
    assert share.available == {"birthdate": START + HOUR}
    assert refused(share, "given_name") == MISSING_CLAIM
    assert opened(share) == {"birthdate": "1990-12-10"}
    kept.turn(HOUR)
    assert refused(share) == SHARE_ENDED
    assert [(one.claims, one.cause, one.at) for one in kept.custody.statements()] == [
        (("given_name",), "ended", START + SECOND),
        (("birthdate",), "ended", START + SECOND + HOUR),
    ]
    assert refused(share) == SHARE_ENDED


def test_another_purpose(kept: Kept) -> None:
    share = kept.take()
    assert refused(share, purpose="Marketing") == PURPOSE_NOT_GRANTED
    assert kept.custody.use_report()[0].uses == 0, "what was not opened was not used"


def test_a_lease_is_renewed_or_lapses(kept: Kept) -> None:
    share = kept.take(lease=START + SECOND)
    assert opened(share, "given_name") == {"given_name": "Ada"}
    kept.turn(SECOND)
    assert refused(share) == LEASE_LAPSED
    assert not kept.store.count(share.id, ["given_name"], "till", START + SECOND), "the store sees to it too"
    share.renew(START + 2 * SECOND)
    assert opened(share, "given_name") == {"given_name": "Ada"}
    share.renew(START)
    assert refused(share) == LEASE_LAPSED
    share.renew(None)
    assert opened(share, "given_name") == {"given_name": "Ada"}


def test_what_is_not_kept_is_used_once(kept: Kept) -> None:
    share = kept.take(Attribute("given_name", keep_for=WILL_NOT_STORE), "birthdate")
    assert opened(share, "birthdate") == {"birthdate": "1990-12-10"}
    assert opened(share) == {"given_name": "Ada", "birthdate": "1990-12-10"}
    assert opened(share) == {"birthdate": "1990-12-10"}
    assert [(one.claims, one.uses, one.cause) for one in kept.custody.statements()] == [(("given_name",), (1,), "used")]


def test_uses_are_counted_by_claim_and_step(kept: Kept) -> None:
    share = kept.take()
    opened(share, "given_name", "given_name", step="door")
    opened(share, "given_name", step="door")
    opened(share, step="till")
    assert share.uses == {"given_name": {"door": 2, "till": 1}, "birthdate": {"till": 1}}
    kept.take("given_name")
    assert [tuple(use) for use in kept.custody.use_report()] == [
        ("birthdate", PURPOSE, 1, 0, 1),
        ("given_name", PURPOSE, 2, 1, 3),
    ]
    kept.custody.withdraw(share.id, "given_name")
    assert share.uses == {"birthdate": {"till": 1}}


def test_what_is_given_is_emptied_afterwards(kept: Kept) -> None:
    share = kept.take()
    with share.use(purpose=PURPOSE, step="till") as values:
        assert values
    assert values == {}


def test_a_customer_takes_back(kept: Kept) -> None:
    share = kept.take()
    erased = kept.custody.withdraw(share.id, "birthdate", "unknown")
    assert erased
    assert (erased.share, erased.subject, erased.claims, erased.uses, erased.cause, erased.taken, erased.at) == (
        share.id,
        SUBJECT,
        ("birthdate",),
        (0,),
        "withdrawn",
        START,
        START,
    )
    assert opened(share) == {"given_name": "Ada"}
    assert kept.custody.withdraw(share.id)
    assert kept.custody.withdraw(share.id) is None
    assert kept.custody.withdraw("unknown") is None
    assert refused(share) == SHARE_ENDED
    statements = kept.custody.statements()
    assert [one.claims for one in statements] == [("birthdate",), ("given_name",)]
    kept.custody.settle(statements[:1])
    kept.custody.settle(statements[:1])
    assert kept.custody.statements() == statements[1:]


def test_a_business_gives_back_what_it_never_opened(kept: Kept) -> None:
    share = kept.take()
    opened(share, "given_name")
    kept.turn(SECOND)
    assert [(one.claim, one.share, one.taken) for one in kept.custody.unused(START)] == [("birthdate", share.id, START)]
    assert kept.custody.unused(START - TICK) == ()
    for claims, kind in (
        (("given_name",), CLAIM_USED),
        (("given_name", "birthdate"), CLAIM_USED),
        (("unknown",), SHARE_ENDED),
        (("birthdate", "unknown"), SHARE_ENDED),
    ):
        with pytest.raises(SaysoError) as error:
            kept.custody.give_back(share.id, *claims)
        assert kinds(error.value) == [kind]
    assert kept.custody.give_back(share.id, "birthdate").cause == "given-back"
    for name in (share.id, "unknown"):
        with pytest.raises(SaysoError) as error:
            kept.custody.give_back(name, "birthdate")
        assert kinds(error.value) == [SHARE_ENDED]
    with pytest.raises(ValueError, match="is named"):
        kept.custody.give_back(share.id)


def test_a_sweep_erases_what_is_due_and_nothing_else(kept: Kept) -> None:
    short, long = kept.take("given_name", keep_for=SECOND), kept.take(keep_for=HOUR)
    assert kept.custody.sweep() == ()
    kept.turn(SECOND)
    (erased,) = kept.custody.sweep()
    assert (erased.share, erased.claims, erased.cause) == (short.id, ("given_name",), "ended")
    assert kept.custody.sweep() == ()
    assert kept.custody.statements() == (erased,)
    assert opened(long, "given_name") == {"given_name": "Ada"}
    kept.turn(2 * HOUR)
    assert len(kept.custody.sweep()) == 1
    assert kept.custody.held(SUBJECT) == ()
    for share in (short, long):
        with pytest.raises(SaysoError) as error:
            kept.custody.share(share.id)
        assert kinds(error.value) == [SHARE_ENDED]
        with pytest.raises(SaysoError) as error:
            share.renew(None)
        assert kinds(error.value) == [SHARE_ENDED]
        assert (share.available, share.uses, refused(share)) == ({}, {}, SHARE_ENDED)
    assert not kept.store.count(long.id, ["given_name"], "till", START)


def test_a_share_without_claims_is_forgotten_with_its_request(kept: Kept) -> None:
    share = kept.take(keep_for=SECOND)
    kept.turn(SECOND)
    kept.custody.sweep()
    assert kept.custody.share(share.id).available == {}, "until the request can be answered no more"
    kept.turn(HOUR)
    assert kept.custody.sweep() == ()
    with pytest.raises(SaysoError):
        kept.custody.share(share.id)


def test_a_sweep_in_parts(kept: Kept) -> None:
    for _ in range(3):
        kept.take("given_name", keep_for=SECOND)
    kept.turn(SECOND)
    parts = [kept.store.sweep(START + SECOND, 2) for _ in range(4)]
    assert sum(len(part.erased) for part in parts) == 3
    assert all(len(part.erased) <= 2 for part in parts)
    assert parts[0].more
    assert not parts[-1].more


def test_a_clock_that_goes_back_opens_nothing_again(kept: Kept) -> None:
    share, other = kept.take(keep_for=SECOND), kept.take()
    kept.turn(SECOND)
    assert opened(other, "given_name")
    kept.turn(-SECOND)
    assert refused(share) == SHARE_ENDED
    restarted = custody_of(kept.there, kept.store)
    assert refused(restarted.share(share.id)) == SHARE_ENDED


def test_who_asks_is_told_what_is_held_of_them(kept: Kept) -> None:
    mine, other = kept.take(), kept.take(subject="did:key:z6Mkother")
    assert [share.id for share in kept.custody.held(SUBJECT)] == [mine.id]
    assert [share.id for share in kept.custody.held(other.subject)] == [other.id]
    assert kept.custody.held("did:key:z6Mknobody") == ()


def test_another_custody_of_the_same_store_opens_it(kept: Kept) -> None:
    share = kept.take()
    assert opened(custody_of(kept.there, kept.store).share(share.id), "given_name") == {"given_name": "Ada"}
    assert refused(custody_of(kept.there, kept.store, bytes([1]) * 32).share(share.id)) == STORE_UNREACHABLE
    assert share.uses == {"given_name": {"till": 1}}, "what was not opened was not used"


class Meddling:
    """Be a master key in whose time something else happens."""

    def __init__(self, key: LocalMasterKey) -> None:
        self.key = key
        self.happens: Callable[[], object] = list

    def wrap(self, key: bytes, context: bytes) -> bytes:
        return self.key.wrap(key, context)

    def unwrap(self, wrapped: bytes, context: bytes) -> bytes:
        self.happens()
        return self.key.unwrap(wrapped, context)


@pytest.mark.parametrize("meanwhile", ["withdrawn", "ended", "lapsed"])
def test_what_ends_while_it_is_being_opened_is_not_given(kept: Kept, meanwhile: str) -> None:
    master = Meddling(LocalMasterKey(bytes(32)))
    meddled = kept._replace(custody=Custody(kept.store, master, clock=kept.there.world.clock))
    share = meddled.take()
    master.happens = {
        "withdrawn": lambda: kept.custody.withdraw(share.id, "birthdate"),
        "ended": lambda: kept.turn(HOUR),
        "lapsed": lambda: share.renew(START),
    }[meanwhile]
    kind = {"withdrawn": MISSING_CLAIM, "ended": SHARE_ENDED, "lapsed": LEASE_LAPSED}
    assert refused(share, "birthdate") == kind[meanwhile]
    assert all(use.uses == 0 for use in kept.custody.use_report())


def test_what_is_withdrawn_while_it_is_being_handed_over_is_not(kept: Kept) -> None:
    master = Meddling(LocalMasterKey(bytes(32)))
    share = kept._replace(custody=Custody(kept.store, master, clock=kept.there.world.clock)).take()
    master.happens = lambda: kept.custody.withdraw(share.id, "birthdate")
    with share.hand_over() as values:
        assert values == {"given_name": "Ada"}


class Changing(MemoryCustodyStore):
    """Be a store in which something has changed whenever a use is to be counted."""

    def count(self, share: str, names: Collection[str], step: str, at: datetime) -> bool:
        del share, names, step, at
        return False


def test_what_changes_all_the_time_is_not_opened(kept: Kept) -> None:
    master, store = LocalMasterKey(bytes(32)), Changing()
    share = kept._replace(custody=Custody(store, master, clock=kept.there.world.clock)).take()
    assert refused(share) == SHARE_ENDED


def test_what_was_renewed_meanwhile_is_not_erased_as_ended(kept: Kept) -> None:
    share = kept.take()
    found = kept.store.find(share.id)
    assert found is not None
    assert kept.store.erase(share.id, ["birthdate"], "ended", found.claims[0].ends - TICK) is None
    assert {*share.available} == {"birthdate", "given_name"}


def test_the_twin_that_awaits() -> None:
    there = town()
    custody = custody_of(there, MemoryCustodyStore())
    request = there.ask("given_name")

    async def fetch(retrieve: Retrieve) -> Retrieved:
        return there.world.network(retrieve)

    async def accepted() -> CustodyShare:
        return await there.bar.accept_into_async(custody, there.answer(request), request, subject=SUBJECT, lease=START + HOUR, fetch=fetch)

    assert opened(asyncio.run(accepted())) == {"given_name": "Ada"}


def test_a_share_of_nothing(kept: Kept) -> None:
    """Such a share is remembered, so that its request is not answered again, and forgotten."""
    share = Custodied("nothing", "", SUBJECT, PURPOSE, START, None, START + SECOND)
    assert kept.store.put(share, []) == share
    assert kept.store.sweep(START, 5) == ((), False)
    assert kept.store.find("nothing") == (share, ())
    kept.store.sweep(START + SECOND, 5)
    assert kept.store.find("nothing") is None


def test_what_stands_beside_the_subject_is_named_and_not_read_as_in_any_share() -> None:
    there = town()
    store = MemoryCustodyStore()
    meta = {"type_values": [["https://www.w3.org/2018/credentials#VerifiableCredential"]]}
    claims = [{"id": "until", "path": ["validUntil"]}, {"path": ["credentialSubject", "given_name"]}]
    query = {"credentials": [{"id": "one", "format": "vc+sd-jwt", "meta": meta, "claims": claims}]}
    words: Any = {"issuers": [there.city.did], "purpose": PURPOSE, "benefit": "b", "keep_for": HOUR}
    request, again = (there.bar.request_query(query, **words) for _ in range(2))
    plain = there.bar.accept(there.answer(request), request)
    share = there.bar.accept_into(custody_of(there, store), there.answer(again), again, subject=SUBJECT)
    assert opened(share) == plain.read() == {"given_name": "Ada"}
    assert len(share.available) == len(plain.available) == 2


def test_what_was_taken_apart_shows_nothing() -> None:
    assert repr(TakenClaim("given_name", START, once=False, text=b"Ada")) == "<taken given_name>"


def test_a_request_is_answered_once(kept: Kept) -> None:
    request = kept.there.ask("given_name")
    answer = kept.there.answer(request)
    share = kept.there.bar.accept_into(kept.custody, answer, request, subject=SUBJECT)
    restarted = Verifier(kept.there.bar_key, clock=kept.there.world.clock)  # its nonces are in memory, and forgotten
    assert restarted.accept_into(kept.custody, answer, request, subject=SUBJECT).id == share.id
    assert len(kept.custody.held(SUBJECT)) == 1, "whoever was killed before the nonce was burned finds the share that was stored"
    kept.turn(SECOND)
    later = kept.there.answer(request)
    assert later.data != answer.data
    for given, subject in ((later, SUBJECT), (answer, "did:key:z6Mkother")):
        forgetful = Verifier(kept.there.bar_key, clock=kept.there.world.clock)
        with pytest.raises(SaysoError) as error:
            forgetful.accept_into(kept.custody, given, request, subject=subject)
        assert kinds(error.value) == [ALREADY_ANSWERED]
    with pytest.raises(SaysoError) as error:
        kept.there.bar.accept_into(kept.custody, answer, request, subject=SUBJECT)
    assert kinds(error.value) == [ALREADY_ANSWERED]


def test_a_share_shows_and_copies_nothing(kept: Kept) -> None:
    share = kept.take()
    (sealed, _) = kept.store.find(share.id).claims  # type: ignore[union-attr]
    shown = f"{share!r} {kept.custody!r} {sealed!r} {kept.store.find(share.id)!r}"
    assert "1990" not in shown
    assert "Ada" not in shown
    assert repr(sealed.wrapped)[2:-1] not in shown
    for copied in (copy, pickle.dumps):
        with pytest.raises(TypeError, match="not copied or pickled"):
            copied(share)


@pytest.mark.parametrize(
    "wrong",
    [
        lambda _: Custody(ODD, LocalMasterKey(bytes(32))),
        lambda _: Custody(MemoryCustodyStore(), ODD),
        lambda kept: kept.custody.unused("yesterday"),
        lambda kept: kept.custody.unused(START.replace(tzinfo=None)),
        lambda kept: kept.take(subject="Ada"),
        lambda kept: kept.take(lease=START.replace(tzinfo=None)),
        lambda kept: kept.take().renew("tomorrow"),
        lambda kept: opened(kept.take(), step=""),
        lambda kept: opened(kept.take(), step=ODD),
    ],
    ids=["store", "master", "since", "since-naive", "subject", "lease-naive", "renewal", "empty-step", "step"],
)
def test_wrong_use(wrong: Callable[[Kept], object]) -> None:
    there = town()
    store = MemoryCustodyStore()
    with pytest.raises((TypeError, ValueError)):
        wrong(Kept(there, custody_of(there, store), store))


def test_a_request_of_two_cards() -> None:
    there = town()
    store = MemoryCustodyStore()
    custody = custody_of(there, store)
    there.ada.store(there.issue({"age_over_18": True, "given_name": "Ada L."}, type="Second"))
    meta = {"type_values": [["https://www.w3.org/2018/credentials#VerifiableCredential"]]}
    claims = [{"path": ["credentialSubject", "given_name"]}]
    one = {"id": "one", "format": "vc+sd-jwt", "meta": meta, "claims": claims}
    two = {"id": "two", "format": "vc+sd-jwt", "meta": meta, "claims": claims, "multiple": True}
    request = there.bar.request_query({"credentials": [one, two]}, issuers=[there.city.did], purpose=PURPOSE, benefit="b", keep_for=HOUR)
    plain = there.bar.accept(there.answer(request), request).read()
    again = there.bar.request_query({"credentials": [one, two]}, issuers=[there.city.did], purpose=PURPOSE, benefit="b", keep_for=HOUR)
    share = there.bar.accept_into(custody, there.answer(again), again, subject=SUBJECT)
    assert opened(share) == plain
    assert {*plain} == {"one", "two"}
