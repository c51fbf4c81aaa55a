"""What a wallet enters about one grant says nothing of another, and no end in the ledger is later, or earlier, than it is."""

from collections.abc import Callable
from datetime import datetime, timedelta
from typing import Any

import pytest

from sayso import Attribute, Erased, Ledger, Retained, SaysoError, Wallet
from sayso.errors import EVENT_REPLAYED
from sayso.sharing import bargain
from sayso.sharing.events import Event
from sayso.sharing.grant import Grant
from sayso.sharing.ledger.chain import Recorded, Relation
from sayso.sharing.ledger.dashboard import ASK_ERASURE, TRACK, WITHDRAW
from sayso.sharing.ledger.entries import BREACH, ERASURE, ERASURE_REQUEST, GRANT, PRESENTATION, WITHDRAWAL
from sayso.sharing.statements import ErasureRequest
from sayso.testing.world import START
from tests.journeys.town import kinds
from tests.unit.wallet.test_ledger import DAY, LAW, Home

HOUR, SECOND = timedelta(hours=1), timedelta(seconds=1)
LEASED: dict[str, Any] = {"until": START + 90 * DAY, "lease": 20 * DAY}


@pytest.fixture
def home() -> Home:
    return Home()


def held(home: Home) -> list[tuple[Any, bool, datetime]]:
    return [(one.claim, one.permitted, one.until) for one in home.ledger.held_by(home.shop.did)]


def erase(home: Home, grant: Grant, event: Event | None, *claims: str) -> None:
    home.ada.read_erasure(home.shop.confirm_erasure(grant, event, erased=[Erased(claims, home.world.clock())]), grant, event)


def asked_of(home: Home, event: Event, grant: Grant) -> Any:
    return next(one for one in home.shop.take_event(event, grant).statements if isinstance(one, ErasureRequest))


def due(home: Home) -> list[str]:
    return [one.what for one in home.ledger.dashboard()[0].due]


def end(name: str, home: Home) -> list[tuple[Any, datetime | None]]:
    return [(one.claims, one.until) for one in home.said() if one.kind == name]


@pytest.mark.parametrize("take_back", [Wallet.withdraw, Wallet.ask_erasure])
def test_taking_back_all_of_one_grant_leaves_the_others(home: Home, take_back: Callable[[Wallet, Grant], Event]) -> None:
    one, _ = home.share("given_name"), home.share("age_over_18")
    take_back(home.ada, one.grant)
    assert [(claim, permitted) for claim, permitted, _ in held(home)] == [("given_name", False), ("age_over_18", True)]
    assert {entry.claims for entry in home.said() if entry.kind in {WITHDRAWAL, ERASURE_REQUEST}} == {("given_name",)}


def test_a_delay_is_about_its_grant_only(home: Home) -> None:
    one = home.share("given_name")
    asked = home.ada.ask_erasure(one.grant)
    home.ada.read_erasure(home.shop.confirm_erasure(one.grant, asked, answer_by=START + 50 * DAY), one.grant, asked)
    assert home.said()[-1].claims == ("given_name",)


def test_what_one_grant_erased_another_holds(home: Home) -> None:
    one, other = home.share("given_name"), home.share("given_name", "birthdate")
    asked = home.ada.ask_erasure(one.grant)
    erase(home, one.grant, asked, "given_name")
    assert [(found.claim, found.grant) for found in home.ledger.held_by(home.shop.did)] == [
        (claim, home.ada.read_grant(other.grant).digest) for claim in ("given_name", "birthdate")
    ]
    (event,) = home.ada.leave(home.shop.did).events
    assert asked_of(home, event, other.grant).claims == ("given_name", "birthdate")


def test_what_one_grant_gave_back_another_holds(home: Home) -> None:
    one, other = home.share("given_name"), home.share("given_name")
    home.ada.read_event(home.shop.give_back(one.grant, "given_name", since=START, text="We have not used it."), one.grant)
    assert [(found.claim, found.grant) for found in home.ledger.held_by(home.shop.did)] == [
        ("given_name", home.ada.read_grant(other.grant).digest)
    ]


def test_what_ended_under_one_grant_is_held_under_the_next(home: Home) -> None:
    one = home.share("given_name")
    home.world.clock.turn(20 * DAY)
    home.share("given_name")
    home.world.clock.turn(11 * DAY)
    erase(home, one.grant, None, "given_name")
    assert held(home) == [("given_name", True, START + 50 * DAY)]


def test_leaving_asks_for_what_was_not_asked_about(home: Home) -> None:
    one = home.share("birthdate", "given_name")
    home.ada.ask_erasure(one.grant, "birthdate")
    left = home.ada.leave(home.shop.did)
    assert [asked_of(home, event, one.grant).claims for event in left.events] == [("given_name",)]
    assert (left.unsigned, home.ada.leave(home.shop.did).events) == ((), ())


def test_leaving_asks_for_what_was_kept_when_that_is_over(home: Home) -> None:
    one = home.share()
    (asked,) = home.ada.leave(home.shop.did).events
    kept = [Retained(("birthdate", "given_name"), LAW, START + 5 * DAY)]
    home.ada.read_erasure(home.shop.confirm_erasure(one.grant, asked, retained=kept), one.grant, asked)
    home.world.clock.turn(5 * DAY - SECOND)
    assert home.ada.leave(home.shop.did).events == ()
    home.world.clock.turn(SECOND)
    (again,) = home.ada.leave(home.shop.did).events
    assert asked_of(home, again, one.grant).claims == ("birthdate", "given_name")


def test_what_was_shared_without_a_grant_is_not_signed_away(home: Home) -> None:
    one = home.share("given_name")
    home.ada.present(home.ada.plan(home.shop.request("age_over_18", issuers=home.issuers, purpose="p", benefit="b", keep_for=DAY)))
    left = home.ada.leave(home.shop.did)
    assert [asked_of(home, event, one.grant).claims for event in left.events] == [("given_name",)]
    assert [(step.what, step.claims, step.artefacts) for step in left.unsigned] == [
        (WITHDRAW, ("age_over_18",), ()),
        (ASK_ERASURE, ("age_over_18",), ()),
    ]
    assert TRACK in [step.what for step in home.ledger.leave(home.shop.did)]


def test_a_wallet_without_the_grant_says_what_it_cannot_sign(home: Home) -> None:
    one = home.share("given_name")
    digest = home.ada.read_grant(one.grant).digest
    left = home.world.wallet(ledger=home.ledger).leave(home.shop.did)
    assert left.events == ()
    assert [(step.what, step.claims, step.artefacts) for step in left.unsigned] == [
        (WITHDRAW, ("given_name",), (digest,)),
        (ASK_ERASURE, ("given_name",), (digest,)),
    ]


def test_each_claim_has_its_own_end(home: Home) -> None:
    home.share(Attribute("birthdate", keep_for=2 * DAY), "given_name")
    own = [(("birthdate",), START + 2 * DAY), (("given_name",), START + 30 * DAY)]
    assert end(PRESENTATION, home) == end(GRANT, home) == own
    assert [one.requested for one in home.said()[:2]] == [("birthdate", "given_name")] * 2
    assert [one.answer_by for one in home.said()[2:]] == [START + HOUR, None]
    home.world.clock.turn(3 * DAY)
    assert held(home) == [("birthdate", False, START + 2 * DAY), ("given_name", True, START + 30 * DAY)]
    assert [one.claim for one in home.ledger.expiring(30 * DAY)] == ["given_name"]


def test_a_record_of_a_share_is_entered_with_each_end(home: Home) -> None:
    home.share(Attribute("birthdate", keep_for=2 * DAY), "given_name")
    plain = Ledger.generate(clock=home.world.clock, entropy=home.world.entropy)
    entered = plain.record(home.ada.shared[-1])
    assert (entered.number, entered.head) == (1, plain.head(home.shop.did))
    assert [one.until for one in plain.held_by(home.shop.did)] == [START + 2 * DAY, START + 30 * DAY]


def test_a_grant_ends_a_share_earlier(home: Home) -> None:
    home.share("given_name", until=START + 2 * DAY)
    home.world.clock.turn(3 * DAY)
    assert held(home) == [("given_name", False, START + 2 * DAY)]


def test_a_lease_ends_what_is_kept_longer(home: Home) -> None:
    home.share(Attribute("birthdate", keep_for=2 * DAY), "given_name", **LEASED)
    assert end(GRANT, home) == [(("birthdate",), START + 2 * DAY), (("given_name",), START + 20 * DAY)]


def test_a_renewal_is_entered_for_what_it_prolongs(home: Home) -> None:
    one = home.share(Attribute("birthdate", keep_for=2 * DAY), "given_name", "age_over_18", **LEASED)
    home.world.clock.turn(3 * DAY)
    home.ada.withdraw(one.grant, "given_name")
    home.ada.renew(one.grant)
    assert end(GRANT, home)[2:] == [(("age_over_18",), START + 23 * DAY + SECOND)]
    assert held(home) == [
        ("birthdate", False, START + 2 * DAY),
        ("given_name", False, START + 20 * DAY),
        ("age_over_18", True, START + 23 * DAY + SECOND),
    ]


def test_a_lease_that_lapsed_is_not_renewed(home: Home) -> None:
    one = home.share("given_name", **LEASED)
    home.world.clock.turn(20 * DAY - SECOND)
    home.ada.renew(one.grant)
    home.world.clock.turn(20 * DAY)
    before = home.said()
    with pytest.raises(ValueError, match="lapsed is not renewed"):
        home.ada.renew(one.grant)
    assert home.said() == before
    assert held(home) == [("given_name", False, START + 40 * DAY - SECOND)]


def test_a_grant_without_a_lease_is_not_renewed(home: Home) -> None:
    one = home.share("given_name")
    with pytest.raises(ValueError, match="a lease is renewed for its period"):
        home.ada.renew(one.grant)


def test_what_was_taken_back_is_not_renewed(home: Home) -> None:
    one = home.share("given_name", "birthdate", **LEASED)
    home.ada.withdraw(one.grant, "given_name")
    home.ada.renew(one.grant)
    home.ada.withdraw(one.grant, "birthdate")
    with pytest.raises(ValueError, match="taken back is not renewed"):
        home.ada.renew(one.grant)
    assert [permitted for _, permitted, _ in held(home)] == [False, False]


def test_what_is_kept_is_kept_until_its_own_end(home: Home) -> None:
    one = home.share("birthdate", "given_name", "age_over_18")
    asked = home.ada.ask_erasure(one.grant)
    kept = [Retained(("given_name",), LAW, START + 5 * DAY), Retained(("birthdate",), LAW)]
    answer = home.shop.confirm_erasure(one.grant, asked, erased=[Erased(("age_over_18",), START)], retained=kept)
    home.ada.read_erasure(answer, one.grant, asked)
    home.ada.read_erasure(answer, one.grant, asked)
    assert end(ERASURE, home) == [(("age_over_18", "given_name"), START + 5 * DAY), (("birthdate",), None)]
    assert {claim: until for claim, _, until in held(home)} == {"given_name": START + 5 * DAY, "birthdate": START + 30 * DAY}
    assert due(home) == [GRANT]


def test_a_delay_that_comes_after_the_answer_changes_nothing(home: Home) -> None:
    one = home.share("given_name")
    asked = home.ada.ask_erasure(one.grant)
    late = home.shop.confirm_erasure(one.grant, asked, answer_by=START + 50 * DAY)
    home.ada.read_erasure(late, one.grant, asked)
    home.world.clock.turn(DAY)
    erase(home, one.grant, asked, "given_name")
    before, shown = home.said(), home.ada.complain(one.grant, alleged="a").parts["answer.vc"]
    home.ada.read_erasure(home.shop.confirm_erasure(one.grant, asked, answer_by=START + 60 * DAY), one.grant, asked)
    home.ada.read_erasure(late, one.grant, asked)
    assert (home.said(), due(home)) == (before, [GRANT])
    home.ledger.delete(Recorded(Relation(home.shop.did), len(before) - 1, ""))
    home.ada.read_erasure(late, one.grant, asked)
    assert home.said() == before[:-1]
    assert home.ada.complain(one.grant, alleged="a").parts["answer.vc"] == shown


def test_a_complaint_shows_the_answer_to_the_request_that_it_shows(home: Home) -> None:
    one = home.share("birthdate", "given_name", "age_over_18")
    erase(home, one.grant, None, "birthdate")
    assert "answer.vc" not in home.ada.complain(one.grant, alleged="a").parts
    first = home.ada.ask_erasure(one.grant, "given_name")
    assert "answer.vc" not in home.ada.complain(one.grant, alleged="a").parts
    erase(home, one.grant, first, "given_name")
    assert "answer.vc" in home.ada.complain(one.grant, alleged="a").parts
    home.ada.ask_erasure(one.grant, "age_over_18")
    shown = home.ada.complain(one.grant, alleged="a").verify(at=START + DAY)
    assert "answer.vc" not in {fact.part for fact in shown.facts}


def test_a_complaint_about_a_share_whose_entry_was_deleted(home: Home) -> None:
    one = home.share("given_name")
    home.ledger.delete(Recorded(Relation(home.shop.did), 0, ""))
    cover = home.ada.complain(one.grant, alleged="a").verify(at=START).cover
    assert (cover.business, cover.name, cover.authority, cover.intermediary) == (home.shop.did, "", "", "")


def test_an_event_that_could_not_be_entered_is_taken_later(home: Home, monkeypatch: pytest.MonkeyPatch) -> None:
    one = home.share("given_name")
    breach = home.shop.tell_breach(one.grant, "given_name", noticed=START, text="It was read.")

    def full(*_: Any, **__: Any) -> None:
        raise OSError(28, "no space left")

    with monkeypatch.context() as broken:
        broken.setattr(home.ledger, "record", full)
        with pytest.raises(OSError, match="no space left"):
            home.ada.read_event(breach, one.grant)
    home.ada.read_event(breach, one.grant)
    with pytest.raises(SaysoError) as caught:
        home.ada.read_event(breach, one.grant)
    assert kinds(caught.value) == [EVENT_REPLAYED]
    assert home.kinds() == [PRESENTATION, GRANT, BREACH]


def test_events_about_a_grant_have_an_order(home: Home) -> None:
    one, other = home.share("given_name", **LEASED), home.share("birthdate")
    home.world.clock.turn(SECOND / 2)
    ways = (
        home.ada.renew(one.grant),
        home.ada.pause(one.grant, START + DAY),
        home.ada.ask_erasure(one.grant),
        home.ada.withdraw(one.grant),
    )
    home.world.clock.turn(timedelta(minutes=1))
    assert [home.shop.take_event(event, one.grant).at for event in ways] == [START + number * SECOND for number in range(4)]
    later = home.ada.withdraw(other.grant)
    assert home.shop.take_event(later, other.grant).at == home.world.clock().replace(microsecond=0)
    home.ada.complain(one.grant, alleged="a")


def test_events_are_not_further_ahead_than_clocks_are_apart(home: Home) -> None:
    one = home.share("given_name")
    for _ in range(int(bargain.SKEW / SECOND)):
        home.ada.pause(one.grant, START)
        with pytest.raises(ValueError, match="not about"):
            home.ada.withdraw(one.grant, "birthdate")  # what is not signed has no instant
    home.ada.pause(one.grant, START)
    event = home.ada.withdraw(one.grant)
    assert home.shop.take_event(event, one.grant).at == START
    home.ada.complain(one.grant, alleged="a").verify(at=START + bargain.SKEW)


def test_a_clock_that_is_set_back_keeps_nobody_from_taking_something_back(home: Home) -> None:
    one = home.share("given_name")
    home.world.clock.turn(DAY)
    home.ada.pause(one.grant, START + 2 * DAY)
    home.world.clock.turn(-DAY + SECOND)
    asked = home.ada.ask_erasure(one.grant, answer_within=timedelta.max)
    assert home.shop.take_event(asked, one.grant).at == START + SECOND
