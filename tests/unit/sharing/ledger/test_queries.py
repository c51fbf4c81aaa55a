"""What a customer asks the ledger, and how each relationship stands."""

from datetime import datetime, timedelta
from typing import Any

import pytest

from sayso import Ledger, Transaction
from sayso.sharing.ledger.chain import Relation
from sayso.sharing.ledger.dashboard import ASK_ERASURE, EXPORT, TRACK, WITHDRAW
from sayso.testing.world import START
from tests.unit.sharing.ledger.told import CLUB, DAY, SHARED, SHOP, digest, ledger, said, shared, told

LATER = START + DAY


def state(one: Ledger, at: datetime = LATER, business: str = SHOP) -> str:
    return next(row.state for row in one.dashboard(at) if row.relation.business == business)


def test_who_has_it() -> None:
    _, one = told()
    assert [(found.relation, found.until) for found in one.who_has("mobile")] == [
        (Relation(SHOP), START + 30 * DAY),
        (Relation(CLUB, "chess"), START + 3 * DAY),
    ]
    assert [found.claim for found in one.who_has("address")] == [("address", "postal_code")]
    assert [found.claim for found in one.who_has(("address", "postal_code", "first"))] == [("address", "postal_code")]
    assert one.who_has(("address", "city")) == one.who_has("birthdate") == ()
    assert one.who_has(("age_over_18", None))[0].recipients == ("Posten",)


def test_what_a_business_has() -> None:
    _, one = told()
    assert [found.claim for found in one.held_by(SHOP)] == [*SHARED]
    assert {found.purpose for found in one.held_by(SHOP)} == {"Deliver"}
    assert one.held_by("did:web:nobody.example") == ()


def test_what_ends_soon() -> None:
    world, one = told()
    assert [(found.relation.business, found.until) for found in one.expiring(7 * DAY)] == [(CLUB, START + 3 * DAY)]
    assert len(one.expiring(30 * DAY)) == 4
    assert one.expiring(30 * DAY)[0].relation.business == CLUB
    world.clock.turn(3 * DAY)
    assert one.expiring(7 * DAY) == ()  # it has ended
    assert [found.permitted for found in one.held_by(CLUB)] == [False]  # and nobody said that it is gone


def test_each_limit_is_reached_at_its_own_instant() -> None:
    second = timedelta(seconds=1)
    _, one = told()
    end = START + 3 * DAY
    assert [found.permitted for found in one.held_by(CLUB, end - second)] == [True]
    assert [found.permitted for found in one.held_by(CLUB, end)] == [False]
    one.record(said("dataDeletionRequest", answer_by=end), CLUB, persona="chess")
    assert one.overdue(end - second) == ()
    assert [due.what for due in one.overdue(end)] == ["dataDeletionRequest"]


STATES: list[tuple[str, list[Transaction], datetime]] = [
    ("on", [], LATER),
    ("ends soon", [], START + 25 * DAY),
    ("off", [], START + 31 * DAY),
    ("on", [said("Grant", *SHARED, until=START + 90 * DAY)], START + 31 * DAY),
    ("off", [said("Grant", "mobile", until=START + 90 * DAY), said("Withdrawal")], LATER),
    ("on", [said("Withdrawal", "mobile")], LATER),
    ("overdue", [said("Withdrawal", answer_by=LATER)], LATER),
    ("overdue", [said("Grant", "mobile", until=START + 90 * DAY, answer_by=LATER)], LATER),
    ("on", [said("Grant", "mobile", until=START + 90 * DAY, answer_by=LATER), said("Receipt", answers=(digest("Grant"),))], LATER),
    ("on", [said("Grant", "mobile", until=START + 90 * DAY, answer_by=LATER), said("Receipt")], LATER),
    ("overdue", [said("Grant", "mobile", until=START + 90 * DAY, answer_by=LATER), said("Receipt", answers=(digest("x"),))], LATER),
    ("asked to erase", [said("dataDeletionRequest", answer_by=START + 9 * DAY)], LATER),
    ("overdue", [said("dataDeletionRequest", answer_by=LATER)], LATER),
    ("erased", [said("dataDeletionRequest", answer_by=LATER), said("ErasureConfirmation")], LATER),
    ("off", [said("Withdrawal"), said("ErasureConfirmation", retained=("mobile",), until=START + 900 * DAY)], LATER),
    ("on", [said("dataDeletionRequest", answer_by=LATER), said("ErasureConfirmation", completed=False, reason="The law")], LATER),
    ("given back", [said("PermissionReturned", *SHARED)], LATER),
    ("on", [said("PermissionReturned", "mobile", "unheard_of")], LATER),
    ("breach", [said("Breach", "mobile")], LATER),
    ("breach", [said("Breach", "mobile"), shared("mobile", at=LATER)], LATER),
    ("on", [said("Withdrawal"), said("Grant", "mobile", until=START + 90 * DAY)], LATER),
    ("off", [said("Withdrawal"), said("Grant", "mobile", until=LATER)], LATER),
    ("breach", [said("Breach"), said("dataDeletionRequest", answer_by=LATER)], LATER),
    ("erased", [said("Breach"), said("ErasureConfirmation")], LATER),
    ("on", [said("dpaReport", reason="They do not answer")], LATER),
    ("on", [said("UseReport")], LATER),
]


@pytest.mark.parametrize(("expected", "happened", "at"), STATES, ids=[f"{number}-{row[0]}" for number, row in enumerate(STATES)])
def test_how_it_stands(expected: str, happened: list[Transaction], at: datetime) -> None:
    _, one = told()
    for what in happened:
        one.record(what, SHOP)
    assert state(one, at) == expected
    assert state(one, START, CLUB) == "ends soon"


def test_nothing_was_shared() -> None:
    _, one = ledger()
    one.record(Transaction(kind="presentation", at=START, completed=False, requested=("birthdate",), reason="Too much"), SHOP)
    one.record(Transaction(kind="Grant", at=START, completed=False, claims=("mobile",)), SHOP)
    assert (state(one), one.held_by(SHOP)) == ("off", ())
    assert [step.what for step in one.leave(SHOP)] == [EXPORT]


def test_a_row_of_the_dashboard() -> None:
    _, one = told()
    one.record(said("Receipt", head=one.head(SHOP)), SHOP)
    one.record(said("UseReport", at=LATER), SHOP)
    row, _ = one.dashboard()
    assert (row.name, row.receipt, row.last_report, row.ends) == ("The Shop", digest("Receipt"), LATER, START + 30 * DAY)
    assert (row.due, len(row.holdings)) == ((), 3)


def test_a_second_share_goes_on_from_the_first() -> None:
    _, one = told()
    one.record(shared("mobile", at=LATER, until=START + 2 * DAY), SHOP)
    found = next(found for found in one.held_by(SHOP) if found.claim == "mobile")
    assert (found.since, found.until) == (START, START + 30 * DAY)
    one.record(said("Withdrawal", "mobile"), SHOP)
    one.record(shared("mobile", at=LATER, until=START + 2 * DAY), SHOP)
    again = next(found for found in one.held_by(SHOP) if found.claim == "mobile")
    assert (again.until, again.withdrawn) == (START + 2 * DAY, False)


def test_a_grant_may_come_first() -> None:
    _, one = ledger()
    one.record(said("Grant", "mobile", until=START + 60 * DAY), SHOP)
    assert one.held_by(SHOP) == ()
    one.record(shared("mobile"), SHOP)
    assert [found.until for found in one.held_by(SHOP)] == [START + 60 * DAY]


def test_what_they_had_on_the_day_of_the_leak() -> None:
    _, one = told()
    one.record(said("ErasureConfirmation", at=START + 5 * DAY), SHOP)
    assert one.held_by(SHOP) == ()
    assert [found.claim for found in one.affected(SHOP, START + 4 * DAY)] == [*SHARED]
    assert one.affected(SHOP, START - DAY) == one.affected(SHOP, START + 5 * DAY) == ()


def test_what_is_kept_for_another_reason() -> None:
    _, one = told()
    one.record(said("ErasureConfirmation", retained=("mobile", "unheard_of"), until=START + 900 * DAY), SHOP)
    (kept,) = one.held_by(SHOP)
    assert (kept.claim, kept.retained, kept.permitted, kept.until) == ("mobile", True, False, START + 900 * DAY)
    assert [step.what for step in one.leave(SHOP)] == [EXPORT]
    assert [step.what for step in one.leave(SHOP, START + 900 * DAY)] == [ASK_ERASURE, EXPORT]


def test_to_leave() -> None:
    _, one = told()
    one.record(said("Grant", "mobile", until=START + 90 * DAY, answer_by=LATER), SHOP)
    assert [(step.what, step.claims, step.artefacts, step.answer_by) for step in one.leave(SHOP)] == [
        (WITHDRAW, SHARED, (digest("Grant"),), START + 30 * DAY),
        (ASK_ERASURE, SHARED, (), START + 30 * DAY),
        (EXPORT, SHARED, (), None),
        (TRACK, (), (digest("Grant"),), LATER),
    ]
    one.record(said("Withdrawal"), SHOP)
    one.record(said("dataDeletionRequest", answer_by=LATER), SHOP)
    assert [step.what for step in one.leave(SHOP)] == [EXPORT, TRACK, TRACK]
    assert [step.relation for step in one.leave(CLUB)] == [Relation(CLUB, "chess")] * 3
    assert one.leave("did:web:nobody.example") == ()


def test_to_leave_takes_back_what_still_holds() -> None:
    _, one = ledger()
    one.record(said("Grant", "mobile", "email", until=START + 9 * DAY), SHOP)
    one.record(said("Grant", ("address", "city"), until=START + DAY, digest=digest("short")), SHOP)
    steps = one.leave(SHOP)
    assert (steps[0].claims, steps[0].artefacts) == ((("address", "city"), "email", "mobile"), (digest("Grant"), digest("short")))
    assert one.leave(SHOP, LATER)[0].artefacts == (digest("Grant"),)
    one.record(said("Withdrawal", "email"), SHOP)
    assert one.leave(SHOP, LATER)[0].claims == ("mobile",)
    assert [step.what for step in one.leave(SHOP, START + 9 * DAY)] == [EXPORT]
    one.record(shared("mobile", until=LATER), SHOP)
    one.record(said("ErasureConfirmation", "mobile"), SHOP)
    assert [step.what for step in one.leave(SHOP, START)] == [WITHDRAW, EXPORT]  # the other grant


def test_one_message_may_withdraw_and_ask_at_once() -> None:
    _, one = told()
    both: dict[str, Any] = {"digest": digest("both"), "answer_by": LATER}
    one.record(said("dataDeletionRequest", **both), SHOP)
    one.record(said("Withdrawal", **both), SHOP)
    assert [due.what for due in one.overdue(LATER)] == ["dataDeletionRequest", "Withdrawal"]
    one.record(said("ErasureConfirmation", answers=(digest("both"),)), SHOP)
    assert (one.overdue(LATER), state(one)) == ((), "erased")
