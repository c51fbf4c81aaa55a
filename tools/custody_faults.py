"""Kill whoever keeps custody, at every step and at any moment, and see that no share is lost, and nothing is stated that is not so.

Usage: python -m tools.custody_faults [MOMENTS], on SQLite and, where it is installed, on PostgreSQL
"""

import json
import os
import signal
import sys
from collections.abc import Callable
from datetime import timedelta
from itertools import islice
from pathlib import Path
from tempfile import TemporaryDirectory
from types import FrameType
from typing import Any, NamedTuple

from sayso import Answer, Attribute, Custody, Event, Grant, LocalMasterKey, Request, SaysoError, SqlCustodyStore, SqlNonceStore, Verifier
from sayso.encodings import base64url
from sayso.errors import ALREADY_ANSWERED, EVENT_REPLAYED
from sayso.testing.world import TurningClock, World
from tools.faults import fractions, heard, in_schema, kill_after, spawn
from tools.postgres import postgres, programs

MOMENTS = 500
LONGEST_SECONDS = 0.15
"""Within this time a victim has gone through its steps."""
PURPOSE = "Serve alcohol"
HOUR, DAY = timedelta(hours=1), timedelta(days=1)
CLAIMS = {"given_name": "Ada", "birthdate": "1990-12-10", "nickname": "A.", "age_over_18": True}
ERASED_IN = {"birthdate": ("giving back", "given back"), "nickname": ("withdrawing", "withdrawn"), "given_name": ("sweeping", "swept")}
"""What is said before and after the step that erases a claim."""

_STEPS = (
    "safe.py",
    "custody.py",
    "custody_share.py",
    "custody_rows.py",
    "custody_doors.py",
    "custody_store.py",
    "engine.py",
    "nonce_rows.py",
    "nonce_store.py",
    "own.py",
)
Report = Callable[..., object]
Boundary = tuple[str, str, int]


class Question(NamedTuple):
    """Hold a request and its answer, with the grant of it, what the customer takes back later, and their DID."""

    subject: str
    request: Request
    answer: Answer
    grant: Grant
    withdrawal: Event


class Business:
    """Be one process of the business: what it holds lies in a database."""

    def __init__(self, where: str, signer: Any) -> None:
        self.clock = TurningClock()
        self.store = SqlCustodyStore(where)
        self.custody = Custody(self.store, LocalMasterKey(bytes(32)), clock=self.clock)
        self.nonces = SqlNonceStore(where)
        self.verifier = Verifier(signer, clock=self.clock, nonces=self.nonces)

    def close(self) -> None:
        """Close the connections."""
        self.store.close()
        self.nonces.close()


class Town:
    """Ask and answer as often as is needed, and hold the key of the business."""

    def __init__(self, where: str, count: int) -> None:
        world = World()
        city, self.signer = world.issuer(), world.signer()
        business = Business(where, self.signer)
        asked = [Attribute(name, keep_for=DAY if name == "age_over_18" else HOUR) for name in CLAIMS]
        self.questions = list[Question]()
        for _ in range(count):
            ada = world.wallet()
            ada.store(city.issue(CLAIMS, type="Card", holder=ada.new_key(), valid_for=365 * DAY))
            request = business.verifier.request(
                *asked, issuers=[city.did], purpose=PURPOSE, benefit="b", keep_for=HOUR, answer_within=2 * HOUR
            )
            answer, grant, _ = ada.share(ada.plan(request))
            self.questions.append(Question(ada.read_grant(grant).customer, request, answer, grant, ada.withdraw(grant, "nickname")))
        business.close()


def live(where: str, signer: Any, question: Question, report: Report) -> None:
    """Lead a share through its whole life, and say so before and after each step."""
    business = Business(where, signer)
    report("ready")
    report("accepting")
    share = business.verifier.accept_into(business.custody, question.answer, question.request, grant=question.grant)
    report("accepted", share.id)
    report("using")
    with share.use("given_name", purpose=PURPOSE, step="till"):
        pass
    report("used")
    report("giving back")
    business.custody.give_back(share.id, "birthdate")
    report("given back")
    report("withdrawing")
    business.verifier.follow(business.custody, question.withdrawal)
    report("withdrawn")
    report("sweeping")
    business.clock.turn(HOUR)
    business.custody.sweep()
    report("swept")
    business.close()


def traced(where: str, signer: Any, question: Question, report: Report, watch: Callable[[Boundary], object]) -> None:
    """Live, and tell of each line of the library's steps when it is first reached, and what is being done."""
    doing, known = "", set[Boundary]()

    def said(verb: str, *what: object) -> None:
        nonlocal doing
        report(verb, *what)
        doing = verb

    def trace(frame: FrameType, event: str, _: object) -> Any:
        path = Path(frame.f_code.co_filename)
        if path.name not in _STEPS or "sayso" not in path.parts:
            return None
        boundary = (doing, path.name, frame.f_lineno)
        if event == "line" and "ing" in doing and boundary not in known:
            known.add(boundary)
            watch(boundary)
        return trace

    sys.settrace(trace)
    try:
        live(where, signer, question, said)
    finally:
        sys.settrace(None)


def check(where: str, signer: Any, question: Question, said: list[list[Any]]) -> None:
    """Compare what is in the store with what a victim said.

    Raises:
        AssertionError: a share was lost, a use was not counted, or something is stated that is not so.
    """
    verbs = {verb for verb, *_ in said}
    business = Business(where, signer)
    try:
        business.verifier.accept_into(business.custody, question.answer, question.request, grant=question.grant)
    except SaysoError as error:
        insist([one.kind for one in error.problems] == [ALREADY_ANSWERED], "a share can neither be found nor accepted again")
    else:
        insist("accepted" not in verbs, "a request was answered twice")
    held = business.custody.held(question.subject)
    insist(len(held) == 1, "a request is answered, and the share is lost")
    share = held[0]
    found = business.store.find(share.id)
    claims = found.claims if found else ()
    left = {claim.name: claim.uses for claim in claims}
    stated = [pair for one in business.custody.statements() if one.share == share.id for pair in zip(one.claims, one.uses, strict=True)]
    for name in CLAIMS:
        insist((name in left) + [erased for erased, _ in stated].count(name) == 1, "a claim is there and stated as erased, or neither")
    for name, (before, after) in ERASED_IN.items():
        insist(name in left or before in verbs, "a claim is gone that nobody erased")
        insist(name not in left or after not in verbs, "a claim is there that was erased")
    uses = {**left, **dict(stated)}["given_name"]
    insist(("used" in verbs) <= uses <= ("using" in verbs), "a use was not counted, or counted twice")
    insist(not any(uses for name, uses in stated if name == "birthdate"), "what was given back was used")
    try:
        business.verifier.follow(business.custody, question.withdrawal)
    except SaysoError as error:
        insist([one.kind for one in error.problems] == [EVENT_REPLAYED], "a withdrawal can neither be taken nor was it")
        insist("withdrawing" in verbs, "a withdrawal was taken that nobody made")
    else:
        insist("withdrawn" not in verbs, "a withdrawal was taken twice")
    insist("nickname" not in share.available, "a claim is there that was withdrawn")
    business.clock.turn(HOUR)
    with share.use("age_over_18", purpose=PURPOSE, step="check") as values:
        insist(values == {"age_over_18": True}, "what is left is something else")
    business.custody.sweep()
    insist(stated_truly(business, share.id), "what is confirmed is not what was erased")
    insist({*share.available} == {"age_over_18"}, "an end was passed over")
    business.close()


def stated_truly(business: Business, share: str) -> bool:
    """Tell whether what is confirmed of a share is what was erased of it."""
    erased = [one for one in business.custody.statements() if one.share == share]
    said = [
        json.loads(base64url.decode(business.verifier.confirm(business.custody, one).confirmation.text.split(".")[1])) for one in erased
    ]
    named = [{claim for part in one["credentialSubject"]["erased"] for (claim,) in part["claims"]} for one in said]
    return named == [{*one.claims} for one in erased]


def insist(holds: bool, what: str) -> None:
    """Raise an AssertionError where it does not hold."""
    if not holds:
        raise AssertionError(what)


def killed_at(where: str, signer: Any, question: Question, boundary: Boundary) -> list[list[Any]]:
    """Give what a victim said that was killed when it reached a step."""

    def suicide(reached: Boundary) -> None:
        if reached == boundary:
            os.kill(os.getpid(), signal.SIGKILL)

    child, ours = spawn(lambda report: traced(where, signer, question, report, suicide))
    said = heard(ours)
    _, status = os.waitpid(child, 0)
    insist(os.waitstatus_to_exitcode(status) == -signal.SIGKILL, f"the victim never reached {boundary}")
    return said


def killed_after(where: str, signer: Any, question: Question, seconds: float) -> list[list[Any]]:
    """Give what a victim said that was killed so long after it was ready."""
    return kill_after(lambda report: live(where, signer, question, report), seconds)


class Figures(NamedTuple):
    """Count what was tried."""

    boundaries: int
    moments: int


def kill(where: str, moments: int, most_boundaries: int | None = None) -> Figures:
    """Kill a victim at each step, or at so many of them, and at so many moments; look after each.

    Raises:
        AssertionError: as `check`.
    """
    town = Town(where, 1)
    child, ours = spawn(lambda report: traced(where, town.signer, town.questions[0], report, lambda boundary: report("step", *boundary)))
    said = heard(ours)
    insist(not os.waitpid(child, 0)[1], "the steps could not be gone through")
    check(where, town.signer, town.questions[0], said)
    steps = [(doing, name, line) for verb, *what in said if verb == "step" for doing, name, line in [what]]
    number = len(steps) if most_boundaries is None else min(most_boundaries, len(steps))
    chosen = [steps[index * len(steps) // number] for index in range(number)]
    town = Town(where, number + moments + 1)  # the world repeats itself: its first question is the one that was answered
    questions = iter(town.questions[1:])
    for step in chosen:
        question = next(questions)
        check(where, town.signer, question, killed_at(where, town.signer, question, step))
    for part in islice(fractions(), moments):
        question = next(questions)
        check(where, town.signer, question, killed_after(where, town.signer, question, part * LONGEST_SECONDS))
    return Figures(number, moments)


def measure(name: str, where: str, moments: int) -> None:
    """Try one database, and print what came of it."""
    print(name, *(f"{label}={value}" for label, value in kill(where, moments)._asdict().items()), flush=True)


def main(arguments: list[str]) -> None:
    """Try SQLite and PostgreSQL."""
    moments = int(arguments[0]) if arguments else MOMENTS
    with TemporaryDirectory() as folder:
        measure("SQLite", str(Path(folder, "custody.db")), moments)
    found = programs()
    if found is None:
        print("PostgreSQL is not installed (Debian: apt-get install postgresql)")
        return
    with postgres(found) as url:
        measure("PostgreSQL", in_schema(url, "custody"), moments)


if __name__ == "__main__":
    main(sys.argv[1:])
