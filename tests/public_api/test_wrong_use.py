"""Wrong types at every public door: TypeError, ValueError or the library's one error, which says what is wrong; nothing else comes out."""

import asyncio
from collections.abc import Callable, Iterator, Mapping
from dataclasses import fields
from datetime import UTC, date, datetime, timedelta
from decimal import Decimal
from typing import Any, NamedTuple

import pytest

from sayso import (
    ANYONE,
    WILL_NOT_STORE,
    Answer,
    Credential,
    CredentialType,
    EncryptionKey,
    Expectations,
    Issuer,
    MemoryStatusStore,
    Request,
    SaysoError,
    Verifier,
    Wallet,
    examine,
    examine_answer,
    examine_answer_async,
    examine_async,
    verify,
    verify_async,
    verify_many,
)
from sayso.credentials.kinds import Context
from sayso.encodings import base64url
from sayso.keys import jwk
from sayso.keys.signer import SeedSigner
from sayso.testing.world import START, TurningClock
from tests.journeys.town import HOUR, ask, town

THERE = town()
ASKED = THERE.ask("age_over_18", optional=["given_name"], answer_within=HOUR)
ANSWERED = THERE.answer(ASKED)
CARD = THERE.issue()
PLAN = THERE.ada.plan(ASKED)
WHOLE = THERE.plan("address")
(CHOICE,) = PLAN.choices["vc-sd-jwt"]
QUERY = {"credentials": [{"id": "q", "format": "vc+sd-jwt", "meta": {"type_values": [["x"]]}}]}
WANTED = {"credentials": [{**QUERY["credentials"][0], "claims": [{"path": ["credentialSubject", "a"]}]}]}
SEED = bytes(range(32))
KEY = SeedSigner(SEED)
ENCRYPTING = EncryptionKey("X25519", SEED)
PRIVATE = {**jwk.encode(KEY.public_key), "d": base64url.encode(SEED)}
OPEN = Expectations(issuers=ANYONE, holder_binding=False)


def endless() -> list[Any]:
    """Make a list that holds itself."""
    items: list[Any] = []
    items.append(items)
    return items


def junk() -> Iterator[Any]:
    """Give values of every kind; what can be gone through once is new for each door."""
    yield from (None, True, False, 0, 1, -1, 10**400, 1.5, float("nan"), float("inf"), Decimal(1), 1j)
    yield from ("", "x", "a b", "\x00", "\ud800", "did:key:", "did:key:z6Mk", "9" * 10_000, "https://x.example/", "../..", "{}", "~", "..")
    yield from (b"", b"x", b"\xff", bytes(32), bytearray(b"x"), memoryview(b"x"))
    yield from ([], [None], [5], [""], ["x"], [["x"]], [b"x"], [{}], endless(), ["\ud800"], ["x"] * 5000)
    yield from ((), ("x",), (None,), (1.5,), (("x",),), ("x", -1))
    yield from ({}, {"x": 1}, {5: 5}, {"x": object()}, {"\ud800": 1}, {"kty": 5}, {"d": 5}, {"credentials": 5}, {"id": 5}, {"@context": 5})
    yield from (set(), {"x"}, frozenset({5}), range(3), iter(()), iter(["x"]), iter([5]), (one for one in "x"))
    yield from (timedelta(0), timedelta(seconds=-1), timedelta.max, timedelta.min, timedelta(days=1))
    yield from (START.replace(tzinfo=None), datetime.min.replace(tzinfo=UTC), datetime.max.replace(tzinfo=UTC), START, date(2026, 1, 1))
    yield from (object(), int, str, dict, len, print, lambda *_: None, lambda *_: 5, Exception("x"), ..., pytest)
    yield from (
        ANYONE,
        WILL_NOT_STORE,
        CredentialType("Card"),
        Context("https://x.example/", {}),
        KEY,
        KEY.public_key,
        SeedSigner,
        TurningClock(),
    )
    yield from (CARD, ASKED, ANSWERED, PLAN, OPEN, THERE.bar, THERE.ada, SaysoError, Wallet, Credential(b"", CARD.media_type))


class Door(NamedTuple):
    """Hold a door, and a way in that is right."""

    enter: Callable[..., object]
    good: Mapping[str, Any]


def _issuer(**parts: Any) -> object:
    issuer = Issuer(**parts)
    return issuer.issue({"a": 1}, type="Card", holder=THERE.holder, valid_for=HOUR)


def _generated_issuer(**parts: Any) -> object:
    return Issuer.generate(**parts).issue({"a": 1}, type="Card", holder=THERE.holder, valid_for=HOUR)


def _wallet(**parts: Any) -> object:
    wallet = Wallet(**parts)
    wallet.add_key(THERE.ada_key)
    wallet.new_key()
    wallet.store(CARD)
    return wallet.present(wallet.plan(ASKED))


def _verifier(**parts: Any) -> object:
    verifier = Verifier(**parts)
    request = verifier.request("age_over_18", issuers=ANYONE, purpose="p", benefit="b", keep_for=HOUR)
    THERE.ada.plan(request)
    return verifier.accept(ANSWERED, request)


def _generated_verifier(**parts: Any) -> object:
    return _verifier(signer=KEY, **parts) and Verifier.generate(**parts).did


def _request(*, claim: Any, **choices: Any) -> object:
    verifier = THERE.world.verifier()
    request = verifier.request(claim, **choices)
    return THERE.ada.plan(request)


def _accept_async(**given: Any) -> object:
    return asyncio.run(THERE.bar.accept_async(**given))


def _examine_async(**given: Any) -> object:
    return asyncio.run(examine_async(**given))


def _awaited(twin: Callable[..., Any]) -> Callable[..., object]:
    """Await a twin of a door; it takes the fetcher of any door, for here nothing is retrieved."""
    return lambda **given: asyncio.run(twin(**given))


def _verify_many(**given: Any) -> object:
    return [*verify_many(**given)]


def _issue_many(**given: Any) -> object:
    return [*THERE.city.issue_many(**given)]


def _status_book(**given: Any) -> object:
    book = THERE.city.status_book(**given)
    book.revoke(book.allocate("card")) if "revocation" in given["purposes"] else book.set_message(book.allocate("card"), 1)
    return book.publish()


def _allocated(reference: Any) -> object:
    return BOOK.allocate(reference)


def _use(purpose: Any) -> object:
    with THERE.share("age_over_18").use(purpose=purpose) as claims:
        return claims


def _expectations(**options: Any) -> object:
    return examine(CARD, Expectations(**options), at=START)


def _credential_type(name: Any, **parts: Any) -> object:
    kind = CredentialType(name, **parts)
    card = THERE.issue({"a": 1}, type=kind)
    THERE.ask("a", type=kind, formats=["vc+sd-jwt", "dc+sd-jwt"])
    return examine(card, Expectations(issuers=ANYONE, types=[kind], holder_binding=False), at=START)


def _context(url: Any, terms: Any) -> object:
    return THERE.issue({"a": 1}, type=CredentialType("https://x.example#Card", context=Context(url, terms)))


def _stored(data: Any, media_type: Any) -> object:
    return THERE.ada.store(Credential(data, media_type))


REQUESTED = {
    "claim": "age_over_18",
    "issuers": ANYONE,
    "purpose": "p",
    "benefit": "b",
    "keep_for": HOUR,
    "type": "Card",
    "optional": ("mail",),
    "formats": ("vc+sd-jwt", "dc+sd-jwt"),
    "answer_within": HOUR,
}
ISSUED = {
    "claims": {"a": 1},
    "type": "Card",
    "holder": THERE.holder,
    "format": "vc+sd-jwt",
    "valid_for": HOUR,
    "valid_until": None,
    "valid_from": None,
    "disclosable": ["a"],
    "decoys": 1,
    "digest": "sha-256",
    "serialization": "compact",
    "status": None,
}
STATUS_URL = "https://city.example/status"
BOOKED = {
    "url": STATUS_URL,
    "format": "bitstring",
    "purposes": ["revocation"],
    "size": 1,
    "messages": [],
    "message_url": "",
    "entries": 131_072,
    "secured": "vc+sd-jwt",
    "ttl": HOUR,
    "valid_for": HOUR,
}
BOOK = THERE.city.status_book(MemoryStatusStore(), url=STATUS_URL)
NOTES = THERE.city.status_book(MemoryStatusStore(), url=STATUS_URL, purposes=["message"], messages=["a", "b"])
EXPECTED = {field.name: getattr(OPEN, field.name) for field in fields(Expectations) if field.init}
TYPE: dict[str, Any] = {
    "name": "Card",
    "context": None,
    "vct": "x",
    "aka_vcts": ["y"],
    "labels": {},
    "disclosable": None,
    "visible": (),
    "predicates": {},
}
CLOCK, ENTROPY = TurningClock(), THERE.world.entropy
PARTS = {"clock": CLOCK, "entropy": ENTROPY, "fetch": THERE.world.network}
KEYS: Mapping[str, Any] = {"algorithms": ["EdDSA"], "key_resolution": ["did"], "trust_anchors": []}
CHECKS: Mapping[str, Any] = {
    "status_cache": None,
    "status": "require",
    "unknown_status": "refuse",
    "status_issuers": None,
    "max_status_age": None,
    "type_metadata": "known",
    **KEYS,
}

DOORS = {
    "Issuer": Door(_issuer, {"signer": KEY, "did": None, "algorithm": "EdDSA", **PARTS}),
    "Issuer.generate": Door(_generated_issuer, {"clock": CLOCK, "entropy": ENTROPY}),
    "Issuer.from_jwk": Door(Issuer.from_jwk, {"private": PRIVATE, "did": None, **PARTS}),
    "issue": Door(THERE.city.issue, ISSUED),
    "issue an SD-JWT VC": Door(THERE.city.issue, {**ISSUED, "format": "dc+sd-jwt"}),
    "issue until": Door(THERE.city.issue, {**ISSUED, "valid_for": None, "valid_until": START + HOUR, "valid_from": START}),
    "issue with a status": Door(THERE.city.issue, {**ISSUED, "status": BOOK}),
    "status_book": Door(_status_book, {"store": MemoryStatusStore(), **BOOKED}),
    "status_book with messages": Door(
        _status_book, {"store": MemoryStatusStore(), **BOOKED, "purposes": ["message"], "messages": ["a", "b"]}
    ),
    "allocate": Door(_allocated, {"reference": "card 1"}),
    "revoke": Door(BOOK.revoke, {"target": BOOK.allocate("card 2")}),
    "suspend": Door(BOOK.suspend, {"target": BOOK.allocate("card 3")}),
    "reinstate": Door(BOOK.reinstate, {"target": BOOK.allocate("card 4")}),
    "set_message": Door(NOTES.set_message, {"target": NOTES.allocate("card 5"), "message": 1}),
    "issue_async": Door(_awaited(THERE.city.issue_async), {**ISSUED, "fetch": THERE.world.network}),
    "issue_many": Door(_issue_many, {"rows": [ISSUED], "executor": None, "progress": None}),
    "Wallet": Door(_wallet, {"types": (), **PARTS, **KEYS}),
    "Wallet.generate": Door(Wallet.generate, {"types": (), **PARTS, **KEYS}),
    "add_key": Door(THERE.ada.add_key, {"signer": KEY}),
    "store": Door(THERE.ada.store, {"data": CARD}),
    "store_async": Door(_awaited(THERE.ada.store_async), {"data": CARD, "fetch": THERE.world.network}),
    "store a Credential": Door(_stored, {"data": CARD.data, "media_type": CARD.media_type}),
    "remove": Door(THERE.ada.remove, {"stored_id": THERE.ada.store(THERE.issue({"b": 1}))}),
    "plan": Door(THERE.ada.plan, {"request": ASKED}),
    "plan_async": Door(_awaited(THERE.ada.plan_async), {"request": ASKED, "fetch": THERE.world.network}),
    "present": Door(THERE.ada.present, {"plan": PLAN}),
    "also": Door(lambda name: str(PLAN.also(name)), {"name": "given_name"}),
    "only": Door(lambda name: str(PLAN.only("age_over_18", name)), {"name": "given_name"}),
    "without": Door(lambda name: str(WHOLE.without(name)), {"name": ("address", "zip")}),
    "using": Door(lambda query_id, stored_id: str(PLAN.using(query_id, stored_id)), {"query_id": "vc-sd-jwt", "stored_id": CHOICE}),
    "answering": Door(lambda query_id: str(PLAN.answering(query_id)), {"query_id": "vc-sd-jwt"}),
    "ending": Door(lambda at: str(PLAN.ending(at)), {"at": START}),
    "plan of a form": Door(THERE.ada.plan, {"request": ASKED, "origin": None, "fetched": None}),
    "decline": Door(THERE.ada.decline, {"request": ASKED, "origin": None}),
    "EncryptionKey": Door(EncryptionKey, {"curve": "P-256", "secret": bytes(31) + b"1"}),
    "EncryptionKey on the other curve": Door(EncryptionKey, {"curve": "X25519", "secret": bytes(31) + b"1"}),
    "EncryptionKey.generate": Door(EncryptionKey.generate, {"curve": "X25519"}),
    "EncryptionKey.from_jwk": Door(EncryptionKey.from_jwk, {"private": ENCRYPTING.private_jwk}),
    "a verifier's route": Door(
        lambda **route: THERE.world.verifier(**route).did, {"reply_to": "https://x.example/", "origin": None, "encryption": ENCRYPTING}
    ),
    "a request with a state": Door(
        lambda state: ask(THERE.world.verifier(reply_to="https://x.example/"), "age_over_18", issuers=ANYONE, state=state), {"state": "x"}
    ),
    "Verifier": Door(
        _verifier,
        {"signer": KEY, "did": None, "name": "n", "reply_to": None, "types": (), **PARTS, "nonces": None, "on_report": None, **CHECKS},
    ),
    "Verifier.generate": Door(
        _generated_verifier, {"name": "n", "reply_to": None, "clock": CLOCK, "entropy": ENTROPY, "on_report": None, **CHECKS}
    ),
    "request": Door(_request, REQUESTED),
    "request_query": Door(
        lambda **given: THERE.world.verifier().request_query(**given),
        {"query": WANTED, "issuers": ANYONE, "purpose": "p", "benefit": "b", "keep_for": HOUR, "answer_within": HOUR},
    ),
    "accept": Door(THERE.bar.accept, {"answer": ANSWERED, "request": ASKED}),
    "accept_async": Door(_accept_async, {"answer": ANSWERED, "request": ASKED, "fetch": THERE.world.network}),
    "use": Door(_use, {"purpose": "Serve alcohol"}),
    "examine": Door(examine, {"data": CARD, "expectations": OPEN, "at": START, "fetch": THERE.world.network}),
    "examine_async": Door(_examine_async, {"data": CARD, "expectations": OPEN, "at": START, "fetch": THERE.world.network}),
    "verify": Door(verify, {"data": CARD, "expectations": OPEN, "at": START, "fetch": THERE.world.network}),
    "examine_answer": Door(
        examine_answer, {"vp_token": "{}", "query": QUERY, "expectations": OPEN, "at": START, "fetch": THERE.world.network}
    ),
    "verify_async": Door(_awaited(verify_async), {"data": CARD, "expectations": OPEN, "at": START, "fetch": THERE.world.network}),
    "verify_many": Door(
        _verify_many,
        {"items": [CARD], "expectations": OPEN, "at": START, "fetch": THERE.world.network, "executor": None, "progress": None},
    ),
    "examine_answer_async": Door(
        _awaited(examine_answer_async),
        {"vp_token": "{}", "query": QUERY, "expectations": OPEN, "at": START, "fetch": THERE.world.network},
    ),
    "Expectations": Door(_expectations, EXPECTED),
    "CredentialType": Door(_credential_type, TYPE),
    "Context": Door(_context, {"url": "https://x.example/v1", "terms": {"a": "https://x.example#a"}}),
    "Request": Door(lambda **given: THERE.ada.plan(Request(**given)), {"data": ASKED.data}),
    "Answer": Door(lambda **given: THERE.bar.accept(Answer(**given), ASKED), {"data": ANSWERED.data}),
}


def refused(enter: Callable[..., object], given: Mapping[str, Any]) -> Exception | None:
    """Go in, and give what was raised, if it is what may be."""
    try:
        enter(**given)
    except (TypeError, ValueError, SaysoError) as error:
        return error
    return None


@pytest.mark.parametrize(("door", "argument"), [(door, argument) for door, (_, good) in DOORS.items() for argument in good])
def test_a_wrong_argument(door: str, argument: str) -> None:
    enter, good = DOORS[door]
    for wrong in junk():
        error = refused(enter, {**good, argument: wrong})
        assert error is None or str(error)
        assert not isinstance(error, UnicodeError), f"{door}({argument}={wrong!r:.100}): {error!r}"


@pytest.mark.parametrize("door", DOORS)
def test_no_argument_and_one_that_nobody_knows(door: str) -> None:
    enter, good = DOORS[door]
    assert isinstance(refused(enter, {**good, "nobody_knows": 5}), TypeError)
    for missing in good:
        error = refused(enter, {name: value for name, value in good.items() if name != missing})
        assert error is None or str(error)


@pytest.mark.parametrize("door", sorted({*DOORS} - {"remove", "accept", "accept_async", "Answer", "Verifier", "Verifier.generate"}))
def test_the_right_way_in(door: str) -> None:
    """Otherwise the table above would try nothing."""
    enter, good = DOORS[door]
    enter(**good)
