"""Read what a customer decided about a request from its JSON form."""

from collections.abc import Callable, Mapping
from typing import Any, Final

from sayso.jsonvalue import Json, parse_object
from sayso.sharing import dpv, strict
from sayso.sharing.consent import MODES, STATES, Decided, Decision, Source
from sayso.sharing.strict import listed, members, one_of, read_claim, refused


def parse(data: bytes | str) -> Decision:
    """Read a decision from JSON text.

    Raises:
        SaysoError: PARSING_ERROR, MALFORMED_VALUE_ERROR or LIMIT_EXCEEDED, with a pointer to the member.
    """
    return read(parse_object(data))


def read(value: Json) -> Decision:
    """Read a decision from its JSON form; a member that is not known is refused.

    Raises:
        SaysoError: MALFORMED_VALUE_ERROR or LIMIT_EXCEEDED, with a pointer to the member.
    """
    found = members(value, _MEMBERS, ("request", "verifier", "purpose", "terms", "at", "answers", "mode"))
    fields: dict[str, Any] = {_FIELDS.get(name, name): member for name, member in found.items()}
    fields.setdefault("category", "")
    return Decision(**fields)


def _answer(value: Json, _: int) -> Decided:
    readers: dict[str, Callable[[Json], Any]] = {
        "claim": read_claim,
        "consentStatus": one_of(STATES),
        "until": strict.instant,
        "as": one_of(("predicate",)),
        "insteadOf": read_claim,
    }
    found = members(value, readers, ("claim", "consentStatus"))
    if ("as" in found) != ("insteadOf" in found):
        raise refused("as and insteadOf stand together")
    return Decided(found["claim"], found["consentStatus"], found.get("until"), found.get("insteadOf"))


def _source(value: Json, _: int) -> Source:
    readers = {"query": strict.name, "stored": strict.names, "claims": strict.names}
    return Source(**members(value, readers, readers))


_MEMBERS: Final[Mapping[str, Callable[[Json], Any]]] = {
    "request": strict.text,
    "verifier": strict.did,
    "purpose": strict.text,
    "terms": strict.text,
    "at": strict.instant,
    "answers": lambda value: listed(value, _answer),
    "mode": one_of(MODES),
    "sources": lambda value: listed(value, _source),
    "hasPurpose": one_of(dpv.PURPOSES),
    "withheld": strict.claims,
    "whole": strict.names,
    "beside": strict.claims,
    "until": strict.instant,
    "lintShown": strict.texts,
    "rules": strict.texts,
}
_FIELDS: Final = {"lintShown": "lint_shown", "hasPurpose": "category"}
