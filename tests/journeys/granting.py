"""A share that is granted, with signers that the tests hold: Ada's answer to the bar, a grant, and whatever else is signed about it."""

from collections.abc import Callable
from dataclasses import replace
from datetime import timedelta
from typing import Any, NamedTuple

from sayso import Answer, Grant, Plan, Request
from sayso.dids import did_key
from sayso.dids.identity import Identity
from sayso.keys.signer import SeedSigner
from sayso.proofs.jose import jws
from sayso.retrieval import drive, offline
from sayso.sharing import events, grant
from sayso.sharing.events import Event, Notice
from sayso.sharing.grant import Granted
from sayso.sharing.statements import Statement
from tests.journeys.town import Town, header_of, payload_of, sign, town

DAY = timedelta(days=1)
SECOND = timedelta(seconds=1)
KEPT = 30 * DAY
UNTIL = 100 * DAY
LEASE = 20 * DAY


def identity_of(signer: SeedSigner) -> Identity:
    """Sign for the did:key of a signer."""
    key = signer.public_key
    return Identity(did_key.did_of(key), did_key.verification_method(key), signer, jws.EDDSA)


class Granting(NamedTuple):
    """Hold a share, and the grant of it by Ada's own wallet."""

    there: Town
    request: Request
    plan: Plan
    answer: Answer
    grant: Grant
    granted: Granted

    def event(self, *statements: Statement, by: SeedSigner | None = None, identifier: str = "one") -> Event:
        """Let the bar, or another, sign what happened now."""
        signer = identity_of(by or self.there.bar_key)
        return events.sign(self.granted, signer, self.there.world.clock(), identifier, *statements)


def granting(*, format: str = "vc+jwt", leased: bool = False, **choices: Any) -> Granting:
    """Let Ada share her birthdate and her age, for thirty days, and grant it; with a lease, for a hundred."""
    there = town()
    request = there.ask("birthdate", **{"keep_for": KEPT, "optional": ["age_over_18"], **choices})
    plan = there.ada.plan(request).also("age_over_18")
    answer = there.ada.present(plan)
    longer: dict[str, Any] = {"until": there.world.clock() + UNTIL, "lease": LEASE} if leased else {}
    made = there.ada.grant(plan, answer, format=format, **longer)
    return Granting(there, request, plan, answer, made, there.ada.read_grant(made))


class Held(NamedTuple):
    """Hold a grant of a customer whose key the tests hold."""

    of: Granting
    key: SeedSigner
    grant: Grant
    granted: Granted

    def notice(self, *statements: Statement, after: timedelta = timedelta(), identifier: str = "one") -> Notice:
        """Let the customer say something, and read it."""
        return read_event(self, self.event(*statements, after=after, identifier=identifier), after)

    def event(self, *statements: Statement, after: timedelta = timedelta(), identifier: str = "one") -> Event:
        """Let the customer say something some time after the grant."""
        return events.sign(self.granted, identity_of(self.key), self.granted.issued + after, identifier, *statements)

    def forged(self, change: Callable[[dict[str, Any]], None], *, by: SeedSigner | None = None) -> Grant:
        """Sign the grant again, changed, with the customer's key or another."""
        payload = payload_of(self.grant.text)
        change(payload)
        signer = by or self.key
        header = {**header_of(self.grant.text), "kid": did_key.verification_method(signer.public_key)}
        return Grant(sign(header, payload, signer).encode())


def held(*, leased: bool = False, **choices: Any) -> Held:
    """Let somebody grant what Ada shared, with a key that the tests hold."""
    of = granting(leased=leased, **choices)
    key = of.there.world.signer()
    terms = replace(of.granted, customer=identity_of(key).did, digest="")
    made = grant.sign(terms, identity_of(key), "vc+jwt")
    return Held(of, key, made, drive(grant.read(made.data, of.there.world.clock()), offline))


def read_event(one: Held, event: Event, after: timedelta = timedelta(), **options: Any) -> Notice:
    """Read an event some time after the grant."""
    return drive(events.read(event.data, one.granted, one.granted.issued + after, **options), offline)


def changed_event(event: Event, key: SeedSigner, change: Callable[[dict[str, Any]], None], **header: Any) -> Event:
    """Sign an event again, changed."""
    payload = payload_of(event.text)
    change(payload)
    return Event(sign({**header_of(event.text), **header}, payload, key).encode())
