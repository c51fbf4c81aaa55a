"""Tell the first journey as it happens: a customer shares one attribute for one hour."""

from collections.abc import Iterator
from datetime import datetime, timedelta
from typing import Literal, NamedTuple, TypeAlias

from sayso import Answer, Credential, Plan, SaysoError, Share
from sayso.credentials.formats import spoken
from sayso.demo import anatomy, attempts
from sayso.demo.anatomy import Token
from sayso.demo.attempts import Attempt
from sayso.demo.cast import Cast
from sayso.jsonvalue import serialize

_SECOND = timedelta(seconds=1)
_UNITS = (("day", timedelta(days=1)), ("hour", timedelta(hours=1)), ("minute", timedelta(minutes=1)), ("second", _SECOND))

Tone: TypeAlias = Literal["plain", "leaves", "stays", "refused", "broken"]
"""What a line is about; "broken" is what must never be seen."""


class Line(NamedTuple):
    """Hold one line: what it is about, the words, at which stage or door that was, and what stands at the end."""

    what: str
    text: str
    tone: Tone = "plain"
    where: str = ""
    end: str = ""


class Scene(NamedTuple):
    """Hold a heading, its lines, and a note to the heading."""

    heading: str
    lines: tuple[Line, ...]
    note: str = ""

    @property
    def holds(self) -> bool:
        """Whether nothing happened that must not."""
        return all(line.tone != "broken" for line in self.lines)


def tell(cast: Cast) -> Iterator[Scene]:
    """Play the journey, and give each scene once it has happened."""
    script = cast.script
    card = cast.city.issue(script.claims, type=script.type, holder=cast.ada.new_key(), valid_for=script.valid_for)
    yield signed(card)
    cast.ada.store(card)
    yield held(card)
    request = cast.ask(script.asked)
    plan = cast.ada.plan(request)
    yield asked(plan)
    answer = cast.ada.present(plan)
    yield left(answer)
    yield stayed(plan, card, answer)
    share = cast.bar.accept(answer, request)
    yield tried(cast, attempts.forged_card(cast), attempts.edited_card(cast), attempts.replay(cast, answer, request))
    yield asked_too_much(cast)
    yield read(cast, share)


def signed(card: Credential) -> Scene:
    """Show what the issuer signed."""
    token, _ = anatomy.of_card(card)
    says = f"{token.digests} digests in place of claims, {token.header['alg']}"
    by = f"{short(token.payload['issuer'])}, until {token.payload['validUntil'][:10]}"
    return Scene("The city signs", (Line(token.payload["type"][-1], says, end=size(len(card.data))), Line("signed by", by)))


def held(card: Credential) -> Scene:
    """Show what the wallet holds, each claim with what it takes to disclose it."""
    _, disclosures = anatomy.of_card(card)
    return Scene("Ada holds", tuple(Line(one.name, serialize(one.value), end=size(one.size_bytes)) for one in disclosures))


def asked(plan: Plan) -> Scene:
    """Show what is asked and why, as the wallet shows it."""
    met = "met before" if plan.met_before else "new to Ada"
    claims = tuple(Line(spoken(name), f"{reason}; in return: {plan.benefits[name]}") for name, reason in plan.reasons.items())
    kept = f"{span(plan.ends - plan.planned)}, until {plan.ends:%H:%M:%S}"
    return Scene(f"{plan.calls_itself} asks", (*claims, Line("kept for", kept), Line("signed by", f"{short(plan.verifier)}, {met}")))


def left(answer: Answer) -> Scene:
    """Show all bytes that left the wallet."""
    parts = anatomy.of_answer(answer)
    lines = [Line(one.name, serialize(one.value), "leaves", end=size(one.size_bytes)) for one in parts.disclosures]
    lines += (
        Line("the card", f"{names(parts.card)}, {parts.card.digests} digests", end=size(parts.card.size_bytes)),
        Line("Ada signs", names(parts.binding), end=size(parts.binding.size_bytes)),
        Line("around it", "JSON", end=size(parts.wrapping_bytes)),
    )
    return Scene("What left", tuple(lines), size(len(answer.data)))


def stayed(plan: Plan, card: Credential, answer: Answer) -> Scene:
    """Show what stayed home, and that it did."""
    home = set(map(spoken, plan.stays))
    _, disclosures = anatomy.of_card(card)
    lines: list[Line] = []
    for one in disclosures:
        if one.name in home:
            sent = answer.text.count(one.text) * one.size_bytes
            lines.append(Line(one.name, serialize(one.value), "broken" if sent else "stays", end=f"{sent} of {size(one.size_bytes)}"))
    return Scene("What stayed", tuple(lines))


def tried(cast: Cast, *trials: Attempt) -> Scene:
    """Show what was tried with the bar."""
    return Scene(f"{cast.script.verifier} refuses", tuple(map(_trial, trials)), "(where, why)")


def _trial(one: Attempt) -> Line:
    return Line(one.what, one.why, "refused", one.where) if one.refused else Line(one.what, "NOT REFUSED", "broken")


def asked_too_much(cast: Cast) -> Scene:
    """Show what the wallet makes of a business that asks for more than it needs."""
    asked, more = cast.script.asked, cast.script.too_much
    may, must = cast.ada.plan(cast.ask(asked, optional=[more])), cast.ada.plan(cast.ask(asked, more))
    lines = _planned(more, may, "optional"), _planned(more, must, "required"), _trial(attempts.unexplained(cast))
    return Scene("Over-asking", lines, "(Ada's plan)")


def _planned(claim: str, plan: Plan, necessity: str) -> Line:
    if not plan.answerable:
        return Line(claim, plan.problems[0].title, "stays", necessity)
    if claim in plan.leaves:
        return Line(claim, f"{serialize(plan.leaves[claim])} would leave; Ada is asked", "leaves", necessity)
    return Line(claim, "stays home, unless Ada adds it" if claim in plan.optional else "Ada has none", "stays", necessity)


def read(cast: Cast, share: Share) -> Scene:
    """Show what the business can read: at once, at the last second, and from the end on."""
    now = cast.clock()
    readings = tuple(_reading(cast, share, at, now) for at in (now, share.ends - _SECOND, share.ends))
    return Scene(f"{cast.script.verifier} reads", readings, "(clock turned)")


def _reading(cast: Cast, share: Share, at: datetime, now: datetime) -> Line:
    cast.clock.set(at)
    turned = "now" if at == now else f"turned by {at - now}"
    try:
        values = serialize(share.read())
    except SaysoError as error:
        return Line(f"{at:%H:%M:%S}", f"refused: {error.problems[0].title}", "refused", end=turned)
    return Line(f"{at:%H:%M:%S}", values, "leaves" if at < share.ends else "broken", end=turned)


def names(token: Token) -> str:
    """Name what a token says openly.

    >>> names(Token({}, {"@context": [], "_sd_alg": "sha-256", "https://w3id.org/sayso/share_until": 1, "exp": 2}, 0))
    'share_until exp'
    """
    return " ".join(name.rpartition("/")[2] for name in token.payload if name[0] not in "@_")


def short(did: str) -> str:
    """Shorten a DID so that it fits into a line.

    >>> short("did:key:z6MkhaXgBZDvotDkL5257faiztiGiC2QtKLGpbnnEGta2doK")
    'did:key:z6MkhaXg..2doK'
    """
    return f"{did[:16]}..{did[-4:]}"


def size(count_bytes: int) -> str:
    """Write a number of bytes.

    >>> size(1354)
    '1,354 bytes'
    """
    return f"{count_bytes:,} bytes"


def span(duration: timedelta) -> str:
    """Write a duration in the largest unit that measures it.

    >>> span(timedelta(hours=1)), span(timedelta(minutes=90)), span(timedelta(days=30))
    ('1 hour', '90 minutes', '30 days')
    """
    unit, measure = next((unit, measure) for unit, measure in _UNITS if not duration % measure)
    number = duration // measure
    return f"{number} {unit}" + ("s" if number > 1 else "")
