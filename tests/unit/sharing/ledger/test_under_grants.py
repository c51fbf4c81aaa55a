"""What is held under one grant is told apart from what another grant to the same business holds."""

from datetime import datetime
from typing import Any

import pytest

from sayso import Ledger, Transaction
from sayso.sharing.ledger.chain import Recorded, Relation
from sayso.sharing.ledger.dashboard import ASK_ERASURE, EXPORT, TRACK, WITHDRAW
from sayso.testing.world import START
from tests.unit.sharing.ledger.told import DAY, SHOP, digest, ledger, said, shared

ONE, OTHER = digest("grant one"), digest("grant other")


def entered(*happened: Transaction) -> Ledger:
    _, one = ledger()
    for what in happened:
        one.record(what, SHOP)
    return one


def asked(name: str, *claims: Any, until: datetime = START + 30 * DAY, **more: Any) -> Transaction:
    return shared(*claims, until=until, digest=digest(f"request {name}"), **more)


def grant(name: str, *claims: Any, until: datetime = START + 30 * DAY, **more: Any) -> Transaction:
    return said("Grant", *claims, until=until, digest=digest(f"grant {name}"), answers=(digest(f"request {name}"),), **more)


def two() -> Ledger:
    """Enter a claim that two grants hold, and one that only the second does."""
    return entered(
        asked("one", "mobile"),
        grant("one", "mobile"),
        asked("other", "mobile", "email"),
        grant("other", "mobile", "email", until=START + 60 * DAY),
    )


def held(one: Ledger, at: datetime = START) -> list[tuple[str, Any, bool]]:
    return [(found.grant, found.claim, found.permitted) for found in one.held_by(SHOP, at)]


def test_each_grant_holds_its_own() -> None:
    one = two()
    assert held(one) == [(ONE, "mobile", True), (OTHER, "mobile", True), (OTHER, "email", True)]
    assert [(found.grant, found.until) for found in one.who_has("mobile")] == [(ONE, START + 30 * DAY), (OTHER, START + 60 * DAY)]
    assert held(one, START + 30 * DAY) == [(ONE, "mobile", False), (OTHER, "mobile", True), (OTHER, "email", True)]


@pytest.mark.parametrize("kind", ["ErasureConfirmation", "PermissionReturned"])
def test_what_is_gone_under_one_grant_is_held_under_another(kind: str) -> None:
    one = two()
    one.record(said(kind, "mobile", answers=(ONE,)), SHOP)
    assert held(one) == [(OTHER, "mobile", True), (OTHER, "email", True)]
    one.record(said(kind, "mobile", "email", answers=(OTHER,)), SHOP)
    assert held(one) == []


def test_a_withdrawal_is_of_its_own_grant() -> None:
    one = two()
    one.record(said("Withdrawal", answers=(ONE,)), SHOP)
    assert held(one) == [(ONE, "mobile", False), (OTHER, "mobile", True), (OTHER, "email", True)]
    assert one.leave(SHOP)[0].artefacts == (OTHER,)


def test_what_answers_nothing_is_about_all_of_the_relationship() -> None:
    one = two()
    one.record(said("Withdrawal", "mobile"), SHOP)
    assert held(one) == [(ONE, "mobile", False), (OTHER, "mobile", False), (OTHER, "email", True)]
    one.record(said("ErasureConfirmation"), SHOP)
    assert held(one) == []


def test_an_answer_is_about_what_its_request_was() -> None:
    one = two()
    one.record(said("dataDeletionRequest", answer_by=START + DAY, answers=(ONE,)), SHOP)
    one.record(said("ErasureConfirmation", answers=(digest("dataDeletionRequest"),)), SHOP)
    assert held(one) == [(OTHER, "mobile", True), (OTHER, "email", True)]


def test_what_answers_something_unknown_is_about_what_was_shared_without_a_grant() -> None:
    one = two()
    one.record(asked("third", "age_over_18"), SHOP)
    one.record(said("Withdrawal", answers=(digest("a grant that was deleted"),)), SHOP)
    assert [claim for _, claim, permitted in held(one) if not permitted] == ["age_over_18"]


def test_a_grant_is_about_one_request_only() -> None:
    one = entered(asked("one", "mobile"), grant("one", "mobile"), asked("plain", "mobile"))
    assert held(one) == [(ONE, "mobile", True), ("", "mobile", True)]
    one.record(said("Withdrawal", answers=(digest("request plain"),)), SHOP)
    assert held(one) == [(ONE, "mobile", True), ("", "mobile", False)]
    one.record(said("Withdrawal", answers=(digest("request one"),)), SHOP)
    assert held(one) == [(ONE, "mobile", False), ("", "mobile", False)]


def test_what_is_shared_often_without_a_grant_is_held_once() -> None:
    one = entered(
        asked("a", "mobile", until=START + 9 * DAY), asked("b", "mobile", at=START + DAY), asked("c", "mobile", until=START + 2 * DAY)
    )
    (found,) = one.held_by(SHOP)
    assert (found.since, found.until, found.grant) == (START, START + 30 * DAY, "")
    assert [step.claims for step in one.leave(SHOP)] == [("mobile",)] * 3


@pytest.mark.parametrize("until", [START + 2 * DAY, START + 90 * DAY])
def test_a_grant_ends_what_it_is_about_earlier_or_later(until: datetime) -> None:
    one = entered(asked("one", "mobile"), grant("one", "mobile", until=until))
    assert [found.until for found in one.held_by(SHOP)] == [until]
    first = entered(grant("one", "mobile", until=until), asked("one", "mobile"))
    assert [(found.grant, found.until) for found in first.held_by(SHOP)] == [(ONE, until)]


def test_each_claim_of_a_grant_has_its_own_end() -> None:
    one = entered(asked("one", "mobile", "email"), grant("one", "mobile", until=START + 2 * DAY), grant("one", "email"))
    assert [(found.claim, found.until) for found in one.held_by(SHOP)] == [("mobile", START + 2 * DAY), ("email", START + 30 * DAY)]
    assert one.leave(SHOP)[0].artefacts == (ONE,)


def test_two_grants_of_one_share_both_hold_it() -> None:
    again = said("Grant", "mobile", until=START + 9 * DAY, digest=OTHER, answers=(digest("request one"),))
    one = entered(asked("one", "mobile"), grant("one", "mobile"), again)
    assert [(found.grant, found.until) for found in one.held_by(SHOP)] == [(ONE, START + 30 * DAY), (OTHER, START + 9 * DAY)]


def test_a_renewal_prolongs_its_grant_and_gives_back_nothing() -> None:
    one = two()
    one.record(said("Withdrawal", "email", answers=(OTHER,)), SHOP)
    one.record(said("Grant", "mobile", "email", until=START + 80 * DAY, digest=digest("renewal"), answers=(OTHER,)), SHOP)
    found = {(found.grant, found.claim): (found.permitted, found.until) for found in one.held_by(SHOP)}
    assert found == {
        (ONE, "mobile"): (True, START + 30 * DAY),
        (OTHER, "mobile"): (True, START + 80 * DAY),
        (OTHER, "email"): (False, START + 60 * DAY),
    }
    assert one.leave(SHOP, START + 70 * DAY)[0].artefacts == (OTHER,)
    one.record(said("Withdrawal", answers=(OTHER,)), SHOP)
    one.record(said("Grant", "mobile", until=START + 85 * DAY, digest=digest("late renewal"), answers=(OTHER,)), SHOP)
    assert [step.what for step in one.leave(SHOP, START + 70 * DAY)] == [ASK_ERASURE, ASK_ERASURE, EXPORT]


def test_a_renewal_before_what_it_is_about_was_shared() -> None:
    renewal = said("Grant", "mobile", until=START + 80 * DAY, digest=digest("renewal"), answers=(ONE,))
    one = entered(grant("one", "mobile", "email"), renewal, said("Withdrawal", "email", answers=(ONE,)), asked("one", "mobile", "email"))
    assert [(found.grant, found.claim, found.until) for found in one.held_by(SHOP)] == [
        (ONE, "mobile", START + 80 * DAY),
        ("", "email", START + 30 * DAY),
    ]


def test_what_was_lost_is_lost_until_that_grant_says_that_it_is_erased() -> None:
    one = entered(
        asked("one", "mobile"), said("Breach", "mobile"), grant("one", "mobile"), asked("other", "mobile"), grant("other", "mobile")
    )
    one.record(said("ErasureConfirmation", answers=(OTHER,)), SHOP)
    assert one.dashboard(START)[0].state == "breach"
    one.record(said("ErasureConfirmation", answers=(ONE,)), SHOP)
    assert one.dashboard(START)[0].state == "erased"


def test_to_leave_is_to_ask_for_what_was_not_asked_yet_grant_by_grant() -> None:
    one = two()
    one.record(asked("plain", "age_over_18"), SHOP)
    one.record(said("dataDeletionRequest", "mobile", answer_by=START + DAY, answers=(OTHER,)), SHOP)
    steps = one.leave(SHOP)
    assert [step.what for step in steps] == [WITHDRAW, ASK_ERASURE, ASK_ERASURE, ASK_ERASURE, EXPORT, TRACK]
    assert [(step.claims, step.artefacts) for step in steps[1:4]] == [(("mobile",), (ONE,)), (("email",), (OTHER,)), (("age_over_18",), ())]
    assert steps[4].claims == ("mobile", "email", "age_over_18")


def test_a_grant_that_was_deleted_is_told_of_by_its_share() -> None:
    one = two()
    one.delete(Recorded(Relation(SHOP), 1, ""))
    assert held(one) == [("", "mobile", True), (OTHER, "mobile", True), (OTHER, "email", True)]
