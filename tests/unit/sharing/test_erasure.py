"""Erasure: what becomes of a request, claim by claim, and how it stands on each day."""

from collections.abc import Callable
from dataclasses import replace
from datetime import timedelta
from typing import Any

import pytest

from sayso import Erased, ErasureAnswer, Retained, SaysoError, Told
from sayso.encodings.multihash import digest_multibase
from sayso.errors import ERASURE_DIFFERS, GRANT_WITHDRAWN
from sayso.sharing import artefact, dpv, erasure, standing
from sayso.sharing.erasure import ANSWER_WITHIN, LONGEST_DELAY, Answered
from sayso.sharing.events import Event, Notice
from sayso.sharing.statements import ErasureRequest, Withdrawal
from tests.journeys.granting import DAY, SECOND, Granting, granting
from tests.journeys.town import kinds

LAW = "justifications:LegalObligationImpaired"
BOTH = ("birthdate", "age_over_18")


class Asked:
    """Hold a grant whose erasure was asked for."""

    def __init__(self, *claims: Any, **choices: Any) -> None:
        self.one: Granting = granting()
        self.asked: Event = self.one.there.ada.ask_erasure(self.one.grant, *claims, **choices)
        self.notice: Notice = self.one.there.bar.take_event(self.asked, self.one.grant)
        self.at = self.one.there.world.clock()

    def answer(self, **said: Any) -> ErasureAnswer:
        return self.one.there.bar.confirm_erasure(self.one.grant, self.asked, **said)

    def read(self, answer: ErasureAnswer) -> Answered:
        return self.one.there.ada.read_erasure(answer, self.one.grant, self.asked)

    def erased(self, *claims: Any, **said: Any) -> list[Erased]:
        return [Erased(claims or BOTH, self.one.there.world.clock(), **said)]

    def state(self, *answers: Answered, after: timedelta = timedelta()) -> str:
        return erasure.state(self.notice, answers, self.at + after)


def test_what_is_asked() -> None:
    one = Asked("birthdate", justification="justifications:Objection", answer_within=7 * DAY, tell_recipients=False)
    request = ErasureRequest(one.at + 7 * DAY, ("birthdate",), "justifications:Objection", tell_recipients=False)
    assert one.notice.statements == (Withdrawal(("birthdate",)), request)
    assert Asked().notice.statements == (Withdrawal(), ErasureRequest(one.at + ANSWER_WITHIN))
    now = standing.of(one.one.granted, [one.notice])
    assert now.end("birthdate").kind is GRANT_WITHDRAWN
    assert now.permitted(one.at) == ("age_over_18",)


@pytest.mark.parametrize("format", artefact.FORMATS)
def test_everything_is_erased(format: str) -> None:
    one = Asked()
    told = Told("Posten", one.at, digest_multibase(b"theirs"))
    answer = one.answer(erased=one.erased(method="key-destroyed", copies=2), told=[told], backups_expire=one.at + DAY, format=format)
    said = one.read(answer)
    assert said.erased == (Erased(BOTH, one.at, "key-destroyed", 2),)
    assert (said.told, said.backups_expire, said.answer_by) == ((told,), one.at + DAY, None)
    assert (said.status, said.digest) == (("dpv:RightFulfilmentNotice", "dpv:RequestFulfilled"), digest_multibase(answer.data))
    assert one.state(said) == erasure.FULFILLED


def test_some_of_it_is_kept() -> None:
    one = Asked()
    kept = Retained(("age_over_18",), LAW, one.at + 365 * DAY)
    said = one.read(one.answer(erased=one.erased("birthdate"), retained=[kept], told=[Told("Posten", one.at)]))
    assert (said.retained, said.told) == ((kept,), (Told("Posten", one.at),))
    assert one.state(said) == erasure.PARTLY


def test_it_is_refused() -> None:
    one = Asked()
    said = one.read(one.answer(retained=[Retained(BOTH, LAW)]))
    assert said.status == ("dpv:RightNonFulfilmentNotice", "dpv:RequestRejected")
    assert one.state(said) == erasure.DENIED


def test_every_reason_that_is_known_can_be_given() -> None:
    one = Asked()
    for reason in sorted(dpv.NON_FULFILMENT):
        assert one.read(one.answer(retained=[Retained(BOTH, reason)])).retained[0].justification == reason
        assert dpv.expand(reason).startswith("https://w3id.org/dpv/justifications#")


def test_silence() -> None:
    one = Asked()
    assert one.state() == erasure.OPEN
    assert one.state(after=ANSWER_WITHIN - SECOND) == erasure.OPEN
    assert one.state(after=ANSWER_WITHIN) == erasure.EXPIRED


def test_it_is_put_off() -> None:
    one = Asked()
    by = one.at + ANSWER_WITHIN + LONGEST_DELAY
    said = one.read(one.answer(answer_by=by))
    assert said.status == ("dpv:RightExerciseNotice", "dpv:RequestActionDelayed")
    assert one.state(said) == erasure.IN_PROGRESS
    assert one.state(said, after=ANSWER_WITHIN + LONGEST_DELAY - SECOND) == erasure.IN_PROGRESS
    assert one.state(said, after=ANSWER_WITHIN + LONGEST_DELAY) == erasure.EXPIRED
    one.one.there.world.clock.turn(DAY)
    final = one.read(one.answer(erased=one.erased()))
    assert one.state(said, final, after=DAY) == erasure.FULFILLED
    assert one.state(final, said) == erasure.IN_PROGRESS  # the answer was not there yet


def test_the_last_answer_counts_and_those_to_others_do_not() -> None:
    one = Asked()
    refused = one.read(one.answer(retained=[Retained(BOTH, LAW)]))
    one.one.there.world.clock.turn(40 * DAY)
    erased = one.read(one.answer(erased=one.erased()))
    assert one.state(erased, refused, after=40 * DAY) == erasure.FULFILLED
    assert one.state(replace(erased, request=digest_multibase(b"other")), after=40 * DAY) == erasure.EXPIRED


def test_what_nobody_asked_for() -> None:
    """The time was over, or it was given back: what was erased may be part of it."""
    one = granting()
    bar, ada, now = one.there.bar, one.there.ada, one.there.world.clock()
    answer = bar.confirm_erasure(one.grant, erased=[Erased(("birthdate",), now)])
    said = ada.read_erasure(answer, one.grant)
    assert (said.request, said.erased) == ("", (Erased(("birthdate",), now),))
    back = bar.give_back(one.grant, "birthdate", since=now, text="We have not used your birthday.", erasure=answer)
    statement = ada.read_event(back, one.grant).statements[0]
    assert statement.erasure == said.digest  # type: ignore[union-attr]


WRONG: dict[str, Callable[[Asked], dict[str, Any]]] = {
    "nothing": lambda _: {},
    "a part": lambda one: {"erased": one.erased("birthdate")},
    "more": lambda one: {"erased": one.erased(*BOTH, "given_name")},
    "twice": lambda one: {"erased": one.erased() + one.erased("birthdate")},
    "both": lambda one: {"erased": one.erased(), "retained": [Retained(("birthdate",), LAW)]},
    "tomorrow": lambda one: {"erased": [Erased(BOTH, one.at + DAY)]},
    "told tomorrow": lambda one: {"erased": one.erased(), "told": [Told("Posten", one.at + DAY)]},
    "kept until now": lambda one: {"retained": [Retained(BOTH, LAW, one.at)]},
    "no reason": lambda _: {"retained": [Retained(BOTH, "")]},
    "another reason": lambda _: {"retained": [Retained(BOTH, "dpv:Marketing")]},
    "another way": lambda one: {"erased": one.erased(method="hidden")},
    "no copies": lambda one: {"erased": one.erased(copies=0)},
    "no claims": lambda one: {"erased": [Erased((), one.at)]},
    "put off for too long": lambda one: {"answer_by": one.at + ANSWER_WITHIN + LONGEST_DELAY + SECOND},
    "put off until now": lambda one: {"answer_by": one.at},
    "an answer that is put off": lambda one: {"erased": one.erased(), "answer_by": one.at + DAY},
    "no list": lambda _: {"erased": ["birthdate"]},
    "no name": lambda one: {"erased": one.erased(), "told": [Told("", one.at)]},
    "another format": lambda one: {"erased": one.erased(), "format": "jwt"},
}


@pytest.mark.parametrize("wrong", WRONG)
def test_what_a_business_cannot_say(wrong: str) -> None:
    one = Asked()
    with pytest.raises(ValueError):  # noqa: PT011 - each has its own words
        one.answer(**WRONG[wrong](one))


@pytest.mark.parametrize("said", [{}, {"retained": [Retained(("birthdate",), LAW)]}])
def test_what_a_business_cannot_say_unasked(said: dict[str, Any]) -> None:
    one = granting()
    with pytest.raises(ValueError, match="nobody asked"):
        one.there.bar.confirm_erasure(one.grant, **said)


def test_an_answer_to_what_is_no_request() -> None:
    one = granting()
    withdrawn = one.there.ada.withdraw(one.grant)
    with pytest.raises(ValueError, match="does not ask for erasure"):
        one.there.bar.confirm_erasure(one.grant, withdrawn, erased=[Erased(BOTH, one.there.world.clock())])
    with pytest.raises(SaysoError) as error:
        erasure.request_of(one.there.bar.take_event(withdrawn, one.grant))
    assert kinds(error.value) == [ERASURE_DIFFERS]


def test_an_answer_from_before_the_request() -> None:
    one = Asked()
    said = one.read(one.answer(erased=one.erased()))
    with pytest.raises(ValueError, match="comes after"):
        erasure.sign(
            replace(said, at=one.at - SECOND, erased=(Erased(BOTH, one.at - SECOND),)),
            one.one.granted,
            one.notice,
            one.one.there.bar._asserting(),  # noqa: SLF001
            "vc+jwt",
        )


@pytest.mark.parametrize("statement", ["withdraw", "ask_erasure"])
def test_claims_that_were_not_granted(statement: str) -> None:
    one = granting()
    with pytest.raises(ValueError, match="not about"):
        getattr(one.there.ada, statement)(one.grant, "given_name")


def test_what_else_does_not_fit_the_grant() -> None:
    one = granting()
    bar, ada, now = one.there.bar, one.there.ada, one.there.world.clock()
    with pytest.raises(ValueError, match="lease"):
        ada.renew(one.grant)
    with pytest.raises(ValueError, match="pause ends"):
        ada.pause(one.grant, one.granted.until + SECOND)
    with pytest.raises(ValueError, match="due later"):
        ada.ask_erasure(one.grant, answer_within=timedelta())
    with pytest.raises(ValueError, match="one of the terms"):
        ada.ask_erasure(one.grant, justification="justifications:Whim")
    with pytest.raises(ValueError, match="looked at"):
        bar.give_back(one.grant, "birthdate", since=now - SECOND, text="Not used")
    with pytest.raises(ValueError, match="claims are one"):
        bar.give_back(one.grant, since=now, text="Not used")
    with pytest.raises(ValueError, match="noticed"):
        bar.tell_breach(one.grant, "birthdate", noticed=now + SECOND, text="Gone")
    assert ada.pause(one.grant, now).media_type == "application/secevent+jwt"
