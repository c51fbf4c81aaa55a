"""Say what a rule found in a request, and what smaller request would do."""

from dataclasses import dataclass
from datetime import timedelta
from typing import Final, Literal, TypeAlias, get_args

from sayso.credentials.formats import spoken
from sayso.credentials.kinds import Claim
from sayso.jsonvalue import JsonObject
from sayso.sharing.terms import write_duration
from sayso.sharing.texts import printable

Severity: TypeAlias = Literal["error", "warning", "note"]
SEVERITIES: Final[tuple[str, ...]] = get_args(Severity)
"""How much a finding weighs, the heaviest first: the levels of SARIF. An error contradicts what was said or declared elsewhere."""


@dataclass(frozen=True, slots=True)
class Smaller:
    """Say what smaller request would do: in words, and where it can be said so, the claim to ask for or how long to keep it."""

    text: str
    claim: Claim | None = None
    keep_for: timedelta | None = None


@dataclass(frozen=True, slots=True)
class Finding:
    """Hold what a rule found.

    No text of the business is in it but the claim's name, which is as the business wrote it: `shown` is safe to print.

    Args:
        rule: the id of the rule.
        title: what the rule is about.
        severity: how much it weighs.
        message: what was found.
        smaller: what smaller request would do.
        claim: what is asked for, as people name it; None: it is about the whole request.
        pointer: a JSON Pointer into the payload of the request.
    """

    rule: str
    title: str
    severity: Severity
    message: str
    smaller: Smaller
    claim: Claim | None = None
    pointer: str = ""

    @property
    def shown(self) -> str:
        """The claim for people, in one line; "" for the whole request."""
        return "" if self.claim is None else printable(spoken(self.claim))

    def weighs(self, severity: str) -> bool:
        """Tell whether it weighs as much as one of SEVERITIES, or more."""
        return SEVERITIES.index(self.severity) <= SEVERITIES.index(severity)

    def to_json(self) -> JsonObject:
        """Write it as JSON; what it does not say is left out."""
        smaller: JsonObject = {"text": self.smaller.text}
        if self.smaller.claim is not None:
            smaller["claim"] = printable(spoken(self.smaller.claim))
        if self.smaller.keep_for is not None:
            smaller["hasDuration"] = write_duration(self.smaller.keep_for)
        about: JsonObject = {} if self.claim is None else {"claim": self.shown}
        return {
            "rule": self.rule,
            "title": self.title,
            "severity": self.severity,
            **about,
            "message": self.message,
            "smaller": smaller,
            "pointer": self.pointer,
        }
