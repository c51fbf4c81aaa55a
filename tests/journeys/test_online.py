"""A city whose DID is a place on the web: its document is fetched over TLS by every door that needs it."""

import asyncio
from collections.abc import Iterator
from datetime import timedelta
from typing import Any

import pytest

from sayso import (
    LOOPBACK_FOR_DEVELOPMENT,
    AsyncFetcher,
    Expectations,
    Fetcher,
    Issuer,
    KeyRing,
    SaysoError,
    Verifier,
    Wallet,
    examine,
    examine_async,
)
from sayso.dids import did_web
from sayso.errors import ADDRESS_REFUSED, INVALID_VERIFICATION_METHOD, NOT_FOUND
from sayso.http.cache import MemoryCache
from sayso.jsonvalue import serialize
from sayso.testing.world import START, World
from tests.journeys.town import HOUR, ask
from tests.server import Answer, Conversation, Server, answer, authority, serving
from tests.unit.http.doors import Names

pytestmark = pytest.mark.enable_socket


def network(**options: Any) -> dict[str, Any]:
    return {"allow": LOOPBACK_FOR_DEVELOPMENT, "tls": authority().client, "lookup": Names(), **options}


def published(ring: KeyRing) -> Answer:
    return answer(serialize(ring.document()).encode(), media_type="application/did")


class Place:
    """Hold a city that lives on a server of this machine, which answers as it is told: with its document unless told otherwise."""

    def __init__(self, server: Server, answers: list[Answer]) -> None:
        self.world = World()
        self.ring = KeyRing.generate("web", domain=f"city.example:{server.port}", name="2026")
        answers[:] = [published(self.ring)]
        self.fetch = Fetcher(**network())
        self.city = Issuer.of(self.ring, clock=self.world.clock, fetch=self.fetch)


@pytest.fixture
def answers() -> list[Answer]:
    """Hold what the server says next."""
    return []


@pytest.fixture
def place(answers: list[Answer]) -> Iterator[Place]:
    """Run the server of the city."""

    def next_answer(conversation: Conversation) -> None:
        answers[0](conversation)

    with serving(next_answer) as server:
        yield Place(server, answers)


def test_from_issuer_to_share(place: Place) -> None:
    options: dict[str, Any] = {"clock": place.world.clock, "entropy": place.world.entropy, "fetch": place.fetch}
    ada = Wallet(**options)
    bar = Verifier(place.world.signer(), **options)
    ada.store(place.city.issue({"age_over_18": True}, type="IdentityCard", holder=ada.new_key(), valid_for=timedelta(days=30)))
    request = ask(bar, "age_over_18", issuers=[place.city.did])
    share = bar.accept(ada.present(ada.plan(request)), request)
    assert share.read() == {"age_over_18": True}
    assert did_web.url_of(place.city.did).startswith("https://city.example:")


def test_a_card_is_examined_by_both_twins(place: Place, answers: list[Answer]) -> None:
    card = place.city.issue({"age_over_18": True}, type="IdentityCard", holder=place.world.wallet().new_key(), valid_for=HOUR)
    expected = Expectations(issuers=[place.city.did], holder_binding=False)
    fetch = AsyncFetcher(**network())
    assert examine(card, expected, at=START, fetch=place.fetch).ok
    assert asyncio.run(examine_async(card, expected, at=START, fetch=fetch)).ok
    answers[:] = [answer(b"", "404 Not Found")]
    for report in (
        examine(card, expected, at=START, fetch=place.fetch),
        asyncio.run(examine_async(card, expected, at=START, fetch=fetch)),
    ):
        (problem,) = report.problems
        assert (problem.kind, problem.stage, report.decided) == (NOT_FOUND, "resolve", False)


def test_a_key_that_was_withdrawn_while_a_cache_remembers_it(place: Place, answers: list[Answer]) -> None:
    card = place.city.issue({"age_over_18": True}, type="IdentityCard", holder=place.world.wallet().new_key(), valid_for=HOUR)
    expected = Expectations(issuers=[place.city.did], holder_binding=False)
    fetch = Fetcher(**network(cache=MemoryCache(), clock=place.world.clock, ttl=timedelta(minutes=1)))
    assert examine(card, expected, at=START, fetch=fetch).ok
    answers[:] = [published(place.ring.rotate("2027").retire("2026"))]
    assert examine(card, expected, at=START, fetch=fetch).ok  # as long as the caller chose, and no longer
    place.world.clock.turn(timedelta(minutes=1))
    assert [problem.kind for problem in examine(card, expected, at=START, fetch=fetch).problems] == [INVALID_VERIFICATION_METHOD]


def test_a_did_that_leads_inside(place: Place) -> None:
    with pytest.raises(SaysoError) as refused:
        Issuer.of(place.ring, fetch=Fetcher(tls=authority().client, lookup=Names(["10.0.0.1"])))
    assert refused.value.problems[0].kind is ADDRESS_REFUSED
