"""A wallet that keeps a ledger enters there what it signs and what comes back, and can leave a business, and complain."""

from dataclasses import replace
from datetime import timedelta
from typing import Any

import pytest

from sayso import Conditions, Erased, Ledger, Organisation, Recipient, Retained, SaysoError, Transaction, Wallet
from sayso.errors import EVENT_REPLAYED, OTHER_GRANT
from sayso.sharing.ledger.entries import BREACH, ERASURE, ERASURE_REQUEST, GRANT, PRESENTATION, RECEIPT, RETURNED, WITHDRAWAL
from sayso.sharing.statements import ErasureRequest
from sayso.testing.world import START, World
from sayso.wallet.record import Sharing
from tests.journeys.town import kinds

DAY = timedelta(days=1)
LAW = "justifications:LegalObligationImpaired"
CLAIMS = {"birthdate": "1990-12-10", "given_name": "Ada", "age_over_18": True}
SHOP = Organisation("Shop AS", contact=("https://shop.example/privacy",))
SAID = Conditions(
    controller=SHOP,
    intermediary=Organisation("Super App"),
    authority=Organisation("Datatilsynet", contact=("https://authority.example",)),
    recipients=(Recipient("Posten"),),
)


class Home:
    """Hold Ada with her ledger, and a shop that she shares with."""

    def __init__(self) -> None:
        self.world = World()
        self.ledger = Ledger.generate(clock=self.world.clock, entropy=self.world.entropy)
        city, self.ada = self.world.issuer(), self.world.wallet(ledger=self.ledger)
        self.shop = self.world.verifier(name="Shop", conditions=SAID)
        self.ada.store(city.issue(CLAIMS, type="Card", holder=self.ada.new_key(), valid_for=900 * DAY))
        self.issuers = [city.did]

    def share(self, *claims: Any, **choices: Any) -> Sharing:
        self.request = self.shop.request(
            *claims or ("birthdate", "given_name"), issuers=self.issuers, purpose="Delivery", benefit="b", keep_for=30 * DAY
        )
        return self.ada.share(self.ada.plan(self.request), **choices)

    def said(self) -> list[Transaction]:
        return [replace(one, id="") for one in self.ledger.transactions(self.shop.did)]

    def kinds(self) -> list[str]:
        return [one.kind for one in self.said()]


@pytest.fixture
def home() -> Home:
    return Home()


def test_what_is_shared_is_entered_with_what_the_business_says_of_itself(home: Home) -> None:
    one = home.share(until=START + 90 * DAY, lease=20 * DAY)
    said = home.ada.read_grant(one.grant)
    both = ("birthdate", "given_name")
    assert home.said() == [
        Transaction(
            kind=PRESENTATION,
            at=START,
            claims=both,
            requested=both,
            until=START + 30 * DAY,
            digest=said.request,
            name="Shop",
            contact=SHOP.contact,
            authority="Datatilsynet",
            authority_contact=("https://authority.example",),
            intermediary="Super App",
            purpose="Delivery",
            recipients=("Posten",),
        ),
        Transaction(
            kind=GRANT,
            at=START,
            claims=both,
            until=START + 20 * DAY,
            answer_by=START + timedelta(hours=1),
            digest=said.digest,
            answers=(said.request,),
        ),
    ]
    assert one.head == home.ledger.head(home.shop.did)
    home.ada.present(home.ada.plan(home.request))
    home.ada.present(home.ada.plan(home.shop.sign_in_request(purpose="Welcome")))
    assert home.kinds() == [PRESENTATION, GRANT, PRESENTATION]
    assert home.ledger.transactions(home.issuers[0]) == ()


def test_a_grant_without_a_lease_is_entered_to_its_end(home: Home) -> None:
    home.share()
    assert home.said()[1].until == START + 30 * DAY


def test_the_receipt_signs_the_head_and_is_entered_once(home: Home) -> None:
    one = home.share()
    receipt = home.shop.receipt(one.grant, home.request, one.answer, head=one.head)
    read = home.ada.read_receipt(receipt, one.grant)
    assert home.ada.read_receipt(receipt, one.grant) == read
    assert read.head == one.head
    assert home.ledger.holds(home.shop.did, read.head)
    assert home.kinds() == [PRESENTATION, GRANT, RECEIPT]
    entered = home.said()[2]
    assert (entered.head, entered.digest, entered.answers) == (one.head, read.digest, (read.grant,))
    assert not home.ledger.overdue(START + DAY)


def test_what_is_refused_is_not_entered(home: Home) -> None:
    one, other = home.share(), home.share("age_over_18")
    before = home.kinds()
    with pytest.raises(SaysoError) as caught:
        home.ada.read_receipt(home.shop.receipt(other.grant, home.request, other.answer), one.grant)
    assert kinds(caught.value) == [OTHER_GRANT]
    assert home.kinds() == before


def test_renewals_pauses_and_withdrawals(home: Home) -> None:
    one = home.share(until=START + 90 * DAY, lease=20 * DAY)
    home.world.clock.turn(10 * DAY)
    home.ada.renew(one.grant)
    home.ada.pause(one.grant, START + 12 * DAY)
    home.ada.withdraw(one.grant, "birthdate")
    renewed, withdrawn = home.said()[2:]
    assert (renewed.kind, renewed.until, renewed.answer_by) == (GRANT, START + 30 * DAY, None)
    assert (withdrawn.kind, withdrawn.claims) == (WITHDRAWAL, ("birthdate",))
    assert {held.claim: held.permitted for held in home.ledger.held_by(home.shop.did)} == {"birthdate": False, "given_name": True}
    home.ada.withdraw(one.grant)
    assert home.said()[4].claims == ("birthdate", "given_name")
    assert not any(held.permitted for held in home.ledger.held_by(home.shop.did))


def test_an_erasure_that_is_put_off_then_kept_in_part(home: Home) -> None:
    one = home.share()
    asked = home.ada.ask_erasure(one.grant)
    assert [(due.what, due.by) for due in home.ledger.overdue(START + 40 * DAY)] == [
        (ERASURE_REQUEST, START + 30 * DAY),
        (GRANT, START + timedelta(hours=1)),
    ][::-1]
    home.ada.read_erasure(home.shop.confirm_erasure(one.grant, asked, answer_by=START + 50 * DAY), one.grant, asked)
    assert [due.by for due in home.ledger.overdue(START + 60 * DAY) if due.what == ERASURE_REQUEST] == [START + 50 * DAY]
    answer = home.shop.confirm_erasure(
        one.grant, asked, erased=[Erased(("birthdate",), START)], retained=[Retained(("given_name",), LAW, START + 80 * DAY)]
    )
    home.ada.read_erasure(answer, one.grant, asked)
    assert home.kinds()[-1] == ERASURE
    (held,) = home.ledger.held_by(home.shop.did)
    assert (held.claim, held.retained, held.until) == ("given_name", True, START + 80 * DAY)
    assert [due.what for due in home.ledger.overdue(START + 90 * DAY)] == [GRANT]


def test_a_refusal_is_an_answer_and_erases_nothing(home: Home) -> None:
    one = home.share()
    asked = home.ada.ask_erasure(one.grant, "birthdate")
    home.ada.read_erasure(home.shop.confirm_erasure(one.grant, asked, retained=[Retained(("birthdate",), LAW)]), one.grant, asked)
    assert not home.said()[-1].completed
    assert {held.claim for held in home.ledger.held_by(home.shop.did)} == {"birthdate", "given_name"}
    assert ERASURE_REQUEST not in [due.what for due in home.ledger.overdue(START + 90 * DAY)]


def test_what_is_given_back_and_what_is_lost(home: Home) -> None:
    one = home.share()
    erasure = home.shop.confirm_erasure(one.grant, erased=[Erased(("birthdate",), START, "key-destroyed")])
    back = home.shop.give_back(one.grant, "birthdate", since=START, text="We have not used it.", erasure=erasure)
    home.ada.read_event(back, one.grant)
    home.ada.read_event(home.shop.tell_breach(one.grant, "given_name", noticed=START, text="It was read."), one.grant)
    assert [(entered.kind, entered.claims) for entered in home.said()[2:]] == [(RETURNED, ("birthdate",)), (BREACH, ("given_name",))]
    with pytest.raises(SaysoError) as caught:
        home.ada.read_event(back, one.grant)
    assert kinds(caught.value) == [EVENT_REPLAYED]
    assert len(home.said()) == len((PRESENTATION, GRANT, RETURNED, BREACH))


def test_leaving_takes_back_what_is_held_and_asks_for_its_erasure(home: Home) -> None:
    one, other = home.share(), home.share("age_over_18")
    home.ada.read_event(home.shop.give_back(one.grant, "birthdate", since=START, text="We have not used it."), one.grant)
    left = home.ada.leave(home.shop.did)
    notices = [home.shop.take_event(event, made) for event, made in zip(left.events, (one.grant, other.grant), strict=True)]
    asked = [one.claims for notice in notices for one in notice.statements if isinstance(one, ErasureRequest)]
    assert asked == [("given_name",), ("age_over_18",)]
    assert {due.what for due in left.due} == {GRANT, ERASURE_REQUEST}
    assert home.ledger.dashboard()[0].state == "asked to erase"
    assert '"checkpoint"' in left.history
    again = home.ada.leave(home.shop.did)
    assert (again.events, len(again.due)) == ((), len(left.due))
    for event, made, claim in zip(left.events, (one.grant, other.grant), ("given_name", "age_over_18"), strict=True):
        home.ada.read_erasure(home.shop.confirm_erasure(made, event, erased=[Erased((claim,), START)]), made, event)
    assert not home.ledger.held_by(home.shop.did)
    assert home.ada.leave(home.shop.did).events == ()


def test_a_complaint_holds_what_was_signed(home: Home) -> None:
    one = home.share()
    home.ada.ask_erasure(one.grant)
    home.world.clock.turn(31 * DAY)
    bundle = home.ada.complain(one.grant, alleged="They do not answer.")
    shown = bundle.verify(at=home.world.clock())
    assert [due.what for due in shown.overdue] == [GRANT, ERASURE_REQUEST]
    assert (shown.cover.name, shown.cover.authority, shown.cover.intermediary) == ("Shop", "Datatilsynet", "Super App")
    assert {fact.part for fact in shown.facts} == {"request.jwt", "grant.vc", "withdrawal.jwt", "erasure-request.jwt"}
    assert all(fact.entered for fact in shown.facts)
    assert not any(value in bundle.to_json() for value in ("1990-12-10", '"Ada"'))


def test_without_a_ledger_nothing_is_left_or_complained_of(home: Home) -> None:
    plain = home.world.wallet()
    with pytest.raises(ValueError, match="keeps no ledger"):
        plain.leave(home.shop.did)
    ledger: Any = "ledger"
    with pytest.raises(TypeError, match="a Ledger, not str"):
        Wallet(ledger=ledger)


def test_who_never_shared_does_not_leave(home: Home) -> None:
    with pytest.raises(LookupError):
        home.ada.leave(home.shop.did)
