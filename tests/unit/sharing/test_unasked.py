"""A request is answered without a question only where the customer approved of exactly that, and was asked before."""

from dataclasses import replace
from datetime import timedelta
from typing import Any

import pytest

from sayso import Conditions, Plan, Recipient, Request
from sayso.sharing.consent import Decision, decide, refuse
from sayso.sharing.lint.finding import Finding, Smaller
from sayso.sharing.preferences.evaluation import evaluate
from sayso.sharing.preferences.profile import APPROVE, PreApproval, Preferences, Rule, When
from sayso.sharing.preferences.unasked import (
    APPROVED,
    ASKED_BEFORE,
    ATTRIBUTES,
    CONDITIONS,
    LASTING,
    LISTED,
    NOTIFIED,
    missing,
)
from tests.journeys.town import HOUR, SECOND, Town, town

DAY = timedelta(days=1)
MINUTE = timedelta(minutes=1)


class Story:
    """The bar asked once, and Ada gave it her age; a day later it asks again."""

    def __init__(self) -> None:
        self.there: Town = town()
        first = self.there.ask("age_over_18", optional=["given_name"])
        self.decisions: list[Decision] = [decide(self.there.ada.plan(first).also("given_name"))]
        self.there.world.clock.turn(DAY)
        self.until = self.there.world.clock() + 30 * DAY
        self.rules: Preferences = Preferences(
            (Rule("adult", When(), APPROVE),),
            pre_approved=(PreApproval(self.there.bar.did, ("age_over_18", "given_name"), self.until),),
        )

    def plan(self, **words: Any) -> Plan:
        request: Request = self.there.ask("age_over_18", optional=["given_name", "birthdate"], **words)
        return self.there.ada.plan(request)

    def missing(self, plan: Plan | None = None, *, tells: bool = True, lint: Any = ()) -> tuple[str, ...]:
        evaluation = evaluate(self.rules, plan or self.plan(), lint=lint)
        return missing(self.rules, evaluation, self.decisions, self.there.world.clock(), tells_afterwards=tells)


@pytest.fixture
def story() -> Story:
    return Story()


def test_nothing_is_missing(story: Story) -> None:
    assert story.missing() == ()
    assert story.missing(story.plan().also("given_name")) == ()
    assert {APPROVED, LISTED, LASTING, ATTRIBUTES, ASKED_BEFORE, NOTIFIED} == {*CONDITIONS}


def test_a_rule_that_approves(story: Story) -> None:
    story.rules = replace(story.rules, rules=())
    assert story.missing() == (APPROVED,)
    story.rules = replace(story.rules, rules=(Rule("adult", When(), APPROVE), Rule("no", When("age_over_18"), "deny")))
    assert story.missing(tells=False) == (APPROVED, NOTIFIED)


def test_a_rule_about_what_was_found_wrong(story: Story) -> None:
    story.rules = replace(story.rules, rules=(Rule("adult", When(), APPROVE), Rule("lint", When(lint="L01"), "ask")))
    assert story.missing() == ()
    assert story.missing(lint=[Finding("L01", "title", "warning", "message", Smaller("less"))]) == (APPROVED,)


def test_this_business(story: Story) -> None:
    (approval,) = story.rules.pre_approved
    story.rules = replace(story.rules, pre_approved=(approval._replace(verifier=story.there.city.did),))
    assert story.missing() == (LISTED,)
    story.rules = replace(story.rules, pre_approved=())
    assert story.missing() == (LISTED,)


def test_an_end_that_is_not_over(story: Story) -> None:
    story.there.world.clock.set(story.until - SECOND)
    story.there.ada.store(story.there.issue())
    assert story.missing() == ()
    story.there.world.clock.set(story.until)
    assert story.missing() == (LASTING,)


def test_these_attributes(story: Story) -> None:
    (approval,) = story.rules.pre_approved
    story.rules = replace(story.rules, pre_approved=(approval._replace(claims=("given_name",)), approval._replace(claims=("birthdate",))))
    assert story.missing() == (ATTRIBUTES,)
    story.rules = replace(story.rules, pre_approved=(approval._replace(claims=("given_name",)), approval))
    assert story.missing() == ()
    assert story.missing(story.plan().also("birthdate")) == (ATTRIBUTES, ASKED_BEFORE)


@pytest.mark.parametrize(
    "change",
    [
        {"mode": "preference"},
        {"mode": "pre-authorised"},
        {"terms": "uEiOther"},
        {"verifier": "did:web:x.example"},
    ],
    ids=str,
)
def test_asked_before_about_the_same(story: Story, change: dict[str, Any]) -> None:
    story.decisions = [replace(one, **change) for one in story.decisions]
    assert story.missing() == (ASKED_BEFORE,)


def test_asked_before_at_all(story: Story) -> None:
    story.decisions = []
    assert story.missing(tells=False) == (ASKED_BEFORE, NOTIFIED)


def test_for_the_same_purpose_and_no_longer(story: Story) -> None:
    assert story.missing(story.plan(keep_for=HOUR + SECOND)) == (ASKED_BEFORE,)
    assert story.missing(story.plan(keep_for=HOUR - SECOND)) == ()
    assert story.missing(story.plan(purpose="Sell you more")) == (ASKED_BEFORE,)
    assert story.missing(story.plan(conditions=Conditions(category="dpv:Marketing"))) == (ASKED_BEFORE,)
    told = Conditions(recipients=(Recipient("Data Broker Inc", "dpv:ThirdParty"),))
    assert story.missing(story.plan(conditions=told)) == (ASKED_BEFORE,)


def test_what_was_refused_then_is_asked_now(story: Story) -> None:
    first = story.there.ask("age_over_18", optional=["given_name"])
    story.decisions = [refuse(story.there.ada.plan(first))]
    assert story.missing() == (ASKED_BEFORE,)
    story.decisions = [decide(story.there.ada.plan(first))]
    assert story.missing(story.plan().also("given_name")) == (ASKED_BEFORE,)


def test_what_was_taken_back_counts_no_longer(story: Story) -> None:
    (given,) = story.decisions
    back = given.withdraw(given.at + MINUTE)
    for order in ([given, back], [back, given]):
        story.decisions = order
        assert story.missing() == (ASKED_BEFORE,)


def test_what_was_taken_back_in_the_same_second_counts_no_longer(story: Story) -> None:
    (given,) = story.decisions
    for order in ([given, given.withdraw(given.at)], [given.withdraw(given.at), given]):
        story.decisions = order
        assert story.missing() == (ASKED_BEFORE,)


def test_the_last_word_counts(story: Story) -> None:
    given, plan = story.decisions[0], story.plan()
    later = decide(plan)
    for no in (refuse(plan), refuse(plan, later=True), later.withdraw(plan.planned + MINUTE)):
        story.decisions = [given, no]
        assert story.missing() == (ASKED_BEFORE,)
        story.decisions = [no, replace(given, at=no.at + SECOND, answers=tuple(one._replace(until=no.at + DAY) for one in given.answers))]
        assert story.missing() == ()
    # What was not given then is asked about now, and what was given is not.
    story.decisions = [given, later]
    assert story.missing() == ()
    assert story.missing(story.plan().also("given_name")) == (ASKED_BEFORE,)


def test_a_no_for_another_purpose_or_by_a_rule_is_no_last_word(story: Story) -> None:
    given, no = story.decisions[0], refuse(story.plan())
    for other in (replace(no, purpose="Other"), replace(no, category="dpv:Marketing"), replace(no, mode="preference")):
        story.decisions = [given, other]
        assert story.missing() == ()


def test_parts_that_stayed_home_then_stay_home_now() -> None:
    story = Story()
    (approval,) = story.rules.pre_approved
    story.rules = replace(story.rules, pre_approved=(approval._replace(claims=("address",)),))
    whole = story.there.plan("address")
    less = whole.without(("address", "zip"))
    story.decisions = [decide(less)]
    assert story.missing(whole) == (ASKED_BEFORE,)
    assert story.missing(less) == ()
    assert story.missing(whole.without(("address", "zip"), ("address", "geo"))) == ()


def test_what_comes_along_counts_too() -> None:
    there = town({"person": {"name": "Ada", "sex": "F"}}, disclosable=["person", ("person", "name")])
    plan = there.plan(("person", "name"))
    until = plan.planned + DAY
    approve = (Rule("all", When(("person",)), APPROVE),)
    for claims, decisions, found in (
        ([("person", "name")], [decide(plan)], (ATTRIBUTES,)),
        ([("person", "name"), ("person", "sex")], [replace(decide(plan), beside=())], (ASKED_BEFORE,)),
        ([("person", "name"), ("person", "sex")], [decide(plan)], ()),
    ):
        rules = Preferences(approve, pre_approved=(PreApproval(there.bar.did, tuple(claims), until),))
        assert missing(rules, evaluate(rules, plan), decisions, plan.planned, tells_afterwards=True) == found


def test_told_afterwards_with_a_way_to_undo_it(story: Story) -> None:
    assert story.missing(tells=False) == (NOTIFIED,)
    plan = story.plan()
    made = decide(plan, mode="pre-authorised", rules=evaluate(story.rules, plan).rules)
    assert made.withdraw(made.at + MINUTE).given == ()


def test_at_an_instant(story: Story) -> None:
    evaluation = evaluate(story.rules, story.plan())
    with pytest.raises(ValueError, match="aware"):
        missing(story.rules, evaluation, [], story.there.world.clock().replace(tzinfo=None), tells_afterwards=True)
