"""Try what must not work, at the same doors that everybody uses."""

import json
from collections.abc import Callable
from dataclasses import replace
from typing import NamedTuple

from sayso import ANYONE, Answer, Request, SaysoError, Wallet
from sayso.demo.anatomy import presentation
from sayso.demo.cast import Cast
from sayso.encodings import base64url
from sayso.keys.signer import Signer
from sayso.verification.pipeline import COLLECTING

STAGES = ("decode", "resolve", "prove", *(stage.__name__ for stage in COLLECTING))
"""The stages of verification, in their order."""


class Attempt(NamedTuple):
    """Hold what was tried, whether it was refused, by which stage or else which door, and why."""

    what: str
    refused: bool
    where: str
    why: str


def attempt(what: str, door: str, knock: Callable[[], object]) -> Attempt:
    """Knock at a door, whose name says where it was refused if no stage of the pipeline does; where the door opens, say so."""
    try:
        knock()
    except SaysoError as error:
        problem = error.problems[0]
        where = f"{STAGES.index(problem.stage) + 1} {problem.stage}" if problem.stage in STAGES else door
        return Attempt(what, refused=True, where=where, why=problem.title)
    return Attempt(what, refused=False, where="", why="")


def forged_card(cast: Cast) -> Attempt:
    """Show a card that says what Ada's says, and that somebody else signed."""
    script = cast.script
    mallory = Wallet.generate(clock=cast.clock, entropy=cast.entropy)
    mallory.store(cast.forger.issue(script.claims, type=script.type, holder=mallory.new_key(), valid_for=script.valid_for))
    request = cast.ask(script.asked)
    # A wallet sees that this card is no answer. Mallory's is told to send what it would send to a business that trusts anyone.
    careless = cast.ask(script.asked, issuers=ANYONE)
    answer = mallory.present(replace(mallory.plan(request), picks=mallory.plan(careless).picks, answerable=True))
    return attempt("forged card", "accept", lambda: cast.bar.accept(answer, request))


def edited_card(cast: Cast) -> Attempt:
    """Show Ada's card with one character of the city's signature changed."""
    request = cast.ask(cast.script.asked)
    answer = cast.ada.present(cast.ada.plan(request))
    text = presentation(answer)
    middle = text.index("~") - 40
    edited = text[:middle] + ("B" if text[middle] == "A" else "A") + text[middle + 1 :]
    return attempt("edited card", "accept", lambda: cast.bar.accept(answer.text.replace(text, edited), request))


def replay(cast: Cast, answer: Answer, request: Request) -> Attempt:
    """Bring an answer that was accepted once more."""
    return attempt("replay", "accept", lambda: cast.bar.accept(answer, request))


def unexplained(cast: Cast) -> Attempt:
    """Ask for one claim more, and sign no terms for it."""
    request = without_last_row(cast.ask(cast.script.asked, cast.script.too_much), cast.bar_signer)
    return attempt("no reason", "refused", lambda: cast.ada.plan(request))


def without_last_row(request: Request, signer: Signer) -> str:
    """Sign a request anew, without the last row of its terms; made by hand, for no door makes it."""
    header, payload, _ = request.text.split(".")
    said = json.loads(base64url.decode(payload))
    said["verifier_info"][0]["data"]["attributes"].pop()
    signing_input = f"{header}.{base64url.encode(json.dumps(said).encode())}"
    return f"{signing_input}.{base64url.encode(signer.sign(signing_input.encode()))}"
