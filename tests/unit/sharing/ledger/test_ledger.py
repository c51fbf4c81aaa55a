"""The ledger keeps chains that hold, without what was deleted, and carries them elsewhere."""

import json
from concurrent.futures import ThreadPoolExecutor
from dataclasses import replace
from datetime import timedelta
from typing import Any

import pytest
from pyld import jsonld

from sayso import ANYONE, Ledger, SaysoError, SeedSigner
from sayso.dids import did_key
from sayso.proofs.jose import jws
from sayso.retrieval import drive, offline
from sayso.sharing.ledger import chain as chains
from sayso.sharing.ledger import checkpoint, entries, merkle
from sayso.sharing.ledger.chain import Chain, Link, Recorded, Relation
from sayso.sharing.ledger.store import MemoryLedger
from sayso.testing.actors import CARD, cast_of
from sayso.testing.world import START, World
from tests.unit.sharing.ledger.told import CLUB, DAY, SHARED, SHOP, digest, ledger, said, shared, told


def test_what_a_wallet_remembers_is_entered() -> None:
    cast = cast_of()
    request = cast.bar.request(
        "age_over_18", issuers=ANYONE, type=CARD, purpose="Serve alcohol", benefit="Your drink", keep_for=timedelta(hours=1)
    )
    cast.bar.accept(cast.ada.present(cast.ada.plan(request)), request)
    one = Ledger.generate(clock=cast.world.clock, entropy=cast.world.entropy)
    entries = [one.record(remembered) for remembered in cast.ada.shared]
    assert [(entry.number, entry.head) for entry in entries] == [(0, one.head(cast.bar.did))]
    (found,) = one.held_by(cast.bar.did)
    assert (found.claim, found.purpose, found.until) == ("age_over_18", "Serve alcohol", cast.world.clock() + timedelta(hours=1))
    assert "Lovelace" not in one.export()


def test_a_deleted_body_leaves_its_tombstone() -> None:
    _, one = told()
    head = one.head(SHOP)
    one.delete(Recorded(Relation(SHOP), 0, head))
    one.verify()
    assert one.head(SHOP) == head
    assert one.chain(SHOP).links[0].body is None
    assert (one.held_by(SHOP), "postal_code" in one.export()) == ((), False)
    for missing in (
        Recorded(Relation(SHOP), 1, head),
        Recorded(Relation(SHOP), -1, head),
        Recorded(Relation("did:web:x.example"), 0, head),
    ):
        with pytest.raises(LookupError):
            one.delete(missing)


def test_what_is_not_there() -> None:
    _, one = told()
    for ask in (one.head, one.chain, one.proof):
        with pytest.raises(LookupError):
            ask("did:web:nobody.example")
    with pytest.raises(LookupError):
        one.chain(CLUB)  # of that persona
    assert not one.holds("did:web:nobody.example", one.head(SHOP))


def test_a_head_that_a_business_signed() -> None:
    _, one = told()
    signed = one.head(SHOP)
    one.record(said("Receipt", head=signed), SHOP)
    assert one.holds(SHOP, signed)
    assert one.holds(SHOP, one.head(SHOP))
    assert one.holds(SHOP, one.chain(SHOP).origin)
    assert not one.holds(SHOP, one.head(CLUB, persona="chess"))


def test_two_relationships_share_nothing() -> None:
    """A head that two businesses know would tell them that they have a customer in common."""
    _, one = ledger()
    first, second = (one.record(shared("mobile", id="same"), business) for business in (SHOP, CLUB))
    assert first.head != second.head
    chain, other = one.chain(SHOP), one.chain(CLUB)
    assert chain.links[0].body_digest != other.links[0].body_digest


@pytest.mark.parametrize(
    ("what", "business"),
    [
        (shared("mobile"), ""),
        (said("Grant"), SHOP),
        (said("Party", "mobile"), SHOP),
        (shared("mobile", until=None), SHOP),
        (said("dataDeletionRequest"), SHOP),
        (said("PermissionReturned"), SHOP),
        (shared("mobile", digest="no digest"), SHOP),
        (shared("mobile", purpose="\u202eevil"), SHOP),
        (shared("mobile", purpose=7), SHOP),
        (shared("mobile", at=START.replace(tzinfo=None)), SHOP),
        (shared((), "mobile"), SHOP),
        (shared(*map(str, range(1001))), SHOP),
    ],
    ids=["business", "claims", "kind", "until", "answer_by", "returned", "digest", "text", "number", "naive", "path", "many"],
)
def test_what_cannot_be_entered(what: Any, business: str) -> None:
    _, one = ledger()
    with pytest.raises(ValueError, match=r".+"):
        one.record(what, business)
    assert one.relations() == ()


def test_wrong_use() -> None:
    _, one = ledger()
    with pytest.raises(TypeError, match="not a int"):
        one.record(7, SHOP)  # type: ignore[arg-type]  # pyright: ignore[reportArgumentType]
    with pytest.raises(TypeError, match="datetime"):
        one.record(shared("mobile", at="today"), SHOP)
    with pytest.raises(TypeError):
        Ledger(object())  # type: ignore[arg-type]  # pyright: ignore[reportArgumentType]
    with pytest.raises(TypeError, match="texts"):
        one.record(shared("mobile"), 7)  # type: ignore[arg-type]  # pyright: ignore[reportArgumentType]


def test_a_store_takes_an_entry_behind_its_head_alone() -> None:
    _, one = told()
    chain = one.chain(SHOP)
    store = MemoryLedger([chain])
    store.begin(chain.relation, "another salt")
    assert store.append(chain.relation, chain.links[0]) is None
    assert store.append(chain.relation, Link(chain.head, chain.links[0].body_digest, None)) == 1
    assert store.read(Relation("did:web:nobody.example")) is None


class Busy(MemoryLedger):
    """A store to which somebody else writes first, once."""

    def __init__(self) -> None:
        super().__init__()
        self.busy = True

    def append(self, relation: Relation, link: Link) -> int | None:
        if self.busy:
            self.busy = False
            super().append(relation, Link(link.prev, digest("another"), None))
        return super().append(relation, link)


def test_who_comes_second_goes_behind() -> None:
    world = World()
    one = Ledger(world.signer(), store=Busy(), clock=world.clock, entropy=world.entropy)
    assert one.record(shared("mobile"), SHOP).number == 1
    one.verify()


def test_a_store_that_changed_something_is_found_out() -> None:
    world, whole = told()
    chain = whole.chain(SHOP)
    store = MemoryLedger([chain])
    store._chains[chain.relation] = (chain.salt, [], chain.head)  # noqa: SLF001 - what a broken disk does
    with pytest.raises(SaysoError, match="another entry"):
        Ledger(world.signer(), store=store).verify()


# --- carried elsewhere


def test_everything_is_carried_elsewhere() -> None:
    world = World()
    signer = world.signer()
    one = Ledger(signer, clock=world.clock, entropy=world.entropy)
    one.record(shared(*SHARED, name="The Shop", reason="Because"), SHOP)
    one.record(said("Grant", *SHARED, until=START + 90 * DAY, answer_by=START + DAY), SHOP)
    one.record(shared("mobile"), CLUB, persona="chess")
    one.delete(Recorded(Relation(CLUB, "chess"), 0, ""))
    text = one.export()
    again = Ledger.load(text, signer, clock=world.clock, entropy=world.entropy)
    assert again.dashboard() == one.dashboard()
    assert again.export() == text
    assert [again.chain(SHOP), again.chain(CLUB, persona="chess")] == [one.chain(SHOP), one.chain(CLUB, persona="chess")]
    new = world.signer()
    assert Ledger.load(text.encode(), new, ledger=one.did, clock=world.clock).did != one.did
    with pytest.raises(SaysoError, match="another ledger"):
        Ledger.load(text, new, clock=world.clock)


def test_an_empty_ledger_is_carried_too() -> None:
    world = World()
    signer = world.signer()
    text = Ledger(signer, clock=world.clock).export()
    assert Ledger.load(text, signer, clock=world.clock).relations() == ()


def test_a_checkpoint_of_tomorrow() -> None:
    world, one = told()
    text = one.export()
    world.clock.turn(-DAY)
    with pytest.raises(SaysoError):
        Ledger.load(text, SeedSigner(bytes(32)), ledger=one.did, clock=world.clock)


def claiming(signer: SeedSigner, kind: str = checkpoint.TYPE, **said: Any) -> str:
    header = jws.protect({"alg": "EdDSA", "typ": kind, "kid": did_key.verification_method(signer.public_key)})
    whole = {"iss": did_key.did_of(signer.public_key), "iat": int(START.timestamp()), "root": "x", **said}
    return jws.sign(header, {name: value for name, value in whole.items() if value is not None}, signer)


def test_what_is_no_checkpoint() -> None:
    signer = SeedSigner(bytes(32))
    assert drive(checkpoint.verify(claiming(signer), START), offline).root == "x"
    wrong: tuple[dict[str, Any], ...] = ({"iss": "did:key:z6Mk"}, {"more": 1}, {"root": 1}, {"root": None}, {"iat": "x"}, {"kind": "JWT"})
    for said_so in wrong:
        with pytest.raises(SaysoError):
            drive(checkpoint.verify(claiming(signer, **said_so), START), offline)


def test_a_checkpoint_is_of_all_heads() -> None:
    _, one = told()
    signed = drive(checkpoint.verify(one.checkpoint(), START), offline)
    assert (signed.ledger, signed.at) == (one.did, START)
    assert signed.root == merkle.root([one.head(SHOP), one.head(CLUB, persona="chess")])


def test_many_write_at_once() -> None:
    _, one = ledger()
    with ThreadPoolExecutor(4) as threads:
        numbers = [*threads.map(lambda number: one.record(shared(f"claim{number}"), SHOP).number, range(60))]
    one.verify()
    assert sorted(numbers) == [*range(60)]


@pytest.mark.parametrize(
    ("member", "value"),
    [("time", "2026-11-20T12:00:00+00:00"), ("time", "soon"), ("transactionResult", "maybe"), ("presentation", []), ("more", 1)],
    ids=["offset", "time", "result", "details", "more"],
)
def test_what_is_no_entry(member: str, value: Any) -> None:
    whole = entries.own(replace(shared("mobile"), id="x"))
    assert entries.serialize(entries.parse(whole)) == whole
    with pytest.raises(SaysoError):
        entries.parse({**whole, member: value})


def test_what_is_under_the_root() -> None:
    _, one = ledger()
    heads: list[str] = []
    for number in range(7):
        one.record(shared("mobile"), f"did:web:shop{number}.example")
        heads[:] = [one.head(relation.business) for relation in one.relations()]
        for head in heads:
            way = merkle.path(heads, head)
            assert merkle.reaches(head, way, merkle.root(heads))
            assert not merkle.reaches(digest("another"), way, merkle.root(heads))
        proof = one.proof("did:web:shop0.example")
        assert (proof.way, proof.chain.head) == (merkle.path(heads, heads[0]), heads[0])
    with pytest.raises(ValueError, match=r".+"):
        merkle.path(heads, digest("another"))


def test_ts10() -> None:
    _, one = told()
    one.record(said("dataDeletionRequest", answer_by=START + DAY, at=START + DAY), SHOP)
    one.record(said("dpaReport", "mobile", reason="Silence", authority="Datatilsynet", at=START + DAY), SHOP)
    one.record(said("Grant", "mobile", until=START + DAY), SHOP)
    refused = shared(completed=False, requested=("birthdate",), reason="Too much", privacy_policy="https://shop.example/p", purpose="")
    one.record(refused, SHOP)
    log: Any = one.export_ts10()
    assert [each["transactionType"] for each in log["transactions"]] == ["presentation"] * 3 + ["dataDeletionRequest", "dpaReport"]
    first, refused_one = log["transactions"][0], log["transactions"][1]["presentation"]
    assert first["transactionResult"] == "success"
    assert first["presentation"] == {
        "interactingPartyIdentifier": SHOP,
        "interactingPartyName": "The Shop",
        "isIntermediary": False,
        "purpose": ["Deliver"],
        "privacyPolicy": [],
        "listOfClaimsRequested": ["mobile", "address.postal_code", "age_over_18"],
        "listOfClaimsPresented": ["mobile", "address.postal_code", "age_over_18"],
    }
    assert (refused_one["reasonOfNoncompletion"], refused_one["privacyPolicy"]) == ("Too much", ["https://shop.example/p"])
    assert log["transactions"][-1]["dpaReport"]["dpaName"] == "Datatilsynet"


def test_json_ld_has_no_undefined_terms() -> None:
    _, one = told()
    for kind in ("Receipt", "Withdrawal", "UseReport", "Breach", "dpaReport"):
        one.record(said(kind, reason="Because"), SHOP)
    one.record(said("ErasureConfirmation"), SHOP)
    one.record(said("ErasureConfirmation", completed=False), SHOP)
    one.record(said("dataDeletionRequest", answer_by=START), SHOP)
    one.record(shared(completed=False), "a name that nobody signed for")
    document = one.export_dpv()

    def named(value: Any) -> int:
        if isinstance(value, dict):
            return sum(1 + named(inner) for name, inner in value.items() if name != "@context")
        return sum(map(named, value)) if isinstance(value, list) else 0

    def expanded(value: Any) -> int:
        if isinstance(value, dict):
            inside = value.items()
            return sum((name != "@value" and not ("@value" in value and name == "@type")) + expanded(inner) for name, inner in inside)
        return sum(map(expanded, value)) if isinstance(value, list) else 0

    (graph,) = jsonld.expand(document)
    assert expanded(graph) == named(document)
    assert all(":" in name or name.startswith("@") for name in json.dumps(graph) and graph)


def test_a_chain_by_hand() -> None:
    empty = Chain(Relation(SHOP), "c2FsdA")
    chains.verify(empty, empty.head)
    with pytest.raises(SaysoError, match="another entry"):
        chains.verify(empty, digest("another"))
