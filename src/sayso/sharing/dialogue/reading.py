"""Read the file of a dialogue map, TOML or JSON: strictly, for it is the business's own."""

import re
import tomllib
from collections.abc import Callable, Mapping
from datetime import timedelta
from typing import TypeVar

from sayso.credentials.formats import FORMATS as KNOWN_FORMATS
from sayso.credentials.kinds import Claim
from sayso.errors import DIALOGUE_MAP, LIMIT_EXCEEDED, PARSING_ERROR, SaysoError
from sayso.identifiers import is_url
from sayso.jsonvalue import DEFAULT_LIMITS, Json, JsonObject, Limits, from_python, parse_object
from sayso.query.grammar import MAX_CLAIMS
from sayso.sharing import conditions, dpv
from sayso.sharing.attribute import Attribute, read_claim
from sayso.sharing.conditions import MAX_LISTED, inner, listed, recipient, term
from sayso.sharing.dialogue.values import CUSTOMERS, FORMATS, DialogueMap, Step
from sayso.sharing.dpv import OPTIONAL, REQUIRED
from sayso.sharing.terms import WILL_NOT_STORE, WillNotStore, read_duration
from sayso.sharing.texts import object_of, optional_text, text_of

T = TypeVar("T")

_ID = re.compile("[A-Za-z0-9._-]{1,100}", re.ASCII)
_OF_STEPS = ("process", "hasPurpose", "dialogueMap", "offer")
"""Conditions of a request that a map says of no request, or of each step by itself."""


MAX_TOML_BYTES = 1 << 18
"""The longest dialogue map in TOML."""
MAX_DOTS = 64
"""The most dots in one of its lines: reading a key of many parts takes time with the square of their number."""


def read_map(data: bytes | str, *, limits: Limits = DEFAULT_LIMITS) -> DialogueMap:
    """Read a dialogue map: JSON, where the text begins with a brace, and TOML.

    Raises:
        SaysoError: PARSING_ERROR or LIMIT_EXCEEDED, or what is wrong in it, with a pointer: DIALOGUE_MAP, TERMS, UNKNOWN_TERM.

    Source: TOML 1.0.
    """
    members = parse_object(data, limits) if data.lstrip()[:1] in (b"{", "{") else _toml(data, limits)
    read = _map(members)
    _refuse_unread(members, read.to_json())
    return read


def _toml(data: bytes | str, limits: Limits) -> JsonObject:
    most = min(limits.size_bytes, MAX_TOML_BYTES)
    if len(data) > most:
        raise SaysoError.of(LIMIT_EXCEEDED, f"a dialogue map in TOML is longer than {most} bytes")
    try:
        text = data if isinstance(data, str) else data.decode()
        if any(line.count(".") > MAX_DOTS for line in text.splitlines()):
            raise SaysoError.of(LIMIT_EXCEEDED, f"a line of a dialogue map has more than {MAX_DOTS} dots")
        value = from_python(tomllib.loads(text), depth=limits.depth)
    except (ValueError, RecursionError):
        raise SaysoError.of(PARSING_ERROR, "not a TOML text") from None
    except TypeError:
        raise SaysoError.of(PARSING_ERROR, "a dialogue map holds no dates or times") from None
    return dict(object_of(value, "a dialogue map is an object"))


def _map(members: Mapping[str, Json]) -> DialogueMap:
    for name in _OF_STEPS:
        if name in members:
            raise _malformed("this is said by each step, or by requests", name)
    named = text_of(members, "id")
    if not is_url(named):
        raise _malformed("a map has a URL or URN as its id", "id")
    steps = _many(members, "steps", _step, MAX_LISTED)
    if len({step.id for step in steps}) < len(steps):
        raise _malformed("two steps go by one id", "steps")
    return DialogueMap(
        id=named,
        steps=steps,
        conditions=conditions.parse(members),
        title=optional_text(members, "title"),
        version=optional_text(members, "version"),
        subjects=optional_text(members, "dataSubjects") or CUSTOMERS,
        measures=listed(members, "securityMeasures", _measure),
        officer=inner(members, "dataProtectionOfficer", conditions.organisation),
    )


def _measure(value: Json) -> str:
    return text_of({"measure": value}, "measure")


def _many(members: Mapping[str, Json], name: str, read: Callable[[Mapping[str, Json]], T], most: int) -> tuple[T, ...]:
    rows = members.get(name)
    if not isinstance(rows, list) or not rows:
        raise _malformed(f"{name} is an array that is not empty", name)
    if len(rows) > most:
        raise SaysoError.of(LIMIT_EXCEEDED, f"{name} has more than {most} entries", name)
    found: list[T] = []
    for index, row in enumerate(rows):
        try:
            found.append(read(object_of(row, "an entry is an object")))
        except SaysoError as error:
            raise error.under(name, index) from None
    return tuple(found)


def _step(members: Mapping[str, Json]) -> Step:
    named = text_of(members, "id")
    if not _ID.fullmatch(named):
        raise _malformed("the id of a step holds letters, digits and ._- only", "id")
    texts = _many(members, "purposeText", _purpose, MAX_LISTED)
    if texts[0][0] or not all(lang for lang, _ in texts[1:]) or len({lang for lang, _ in texts}) < len(texts):
        raise _malformed("the first purpose has no language, and each that follows has one of its own", "purposeText")
    keep_for, storage = _storage(members)
    if keep_for is None or len(storage) > 1:
        raise _malformed("a step says how long, and nothing else, for what says nothing itself", "storage")
    rows = _many(members, "attributes", _row, MAX_CLAIMS - 1)
    claims = [member.claim for _, one in rows for member in one.group]
    if len({*claims}) < len(claims):
        raise _malformed("a claim is asked for twice", "attributes")
    return Step(
        id=named,
        purpose=texts[0][1],
        benefit=text_of(members, "benefit"),
        keep_for=keep_for,
        required=tuple(one for needed, one in rows if needed),
        optional=tuple(one for needed, one in rows if not needed),
        if_not_shared=optional_text(members, "ifNotShared"),
        category=term(members, "hasPurpose", dpv.PURPOSES),
        legal_basis=term(members, "hasLegalBasis", dpv.LEGAL_BASES),
        recipients=listed(members, "hasRecipient", recipient),
        registered=optional_text(members, "intendedUseIdentifier"),
        purposes=texts[1:],
        type=optional_text(members, "type"),
        formats=listed(members, "formats", _format) or FORMATS,
    )


def _purpose(members: Mapping[str, Json]) -> tuple[str, str]:
    return conditions.language(members["lang"]) if "lang" in members else "", text_of(members, "content")


def _format(value: Json) -> str:
    if not isinstance(value, str) or value not in KNOWN_FORMATS:
        raise _malformed(f"a format is one of {', '.join(KNOWN_FORMATS)}")
    return value


def _row(members: Mapping[str, Json]) -> tuple[bool, Attribute]:
    necessity = members.get("hasNecessity")
    if necessity not in (REQUIRED, OPTIONAL):
        raise _malformed("hasNecessity is dpv:Required or dpv:Optional", "hasNecessity")
    return necessity == REQUIRED, _attribute(members)


def _attribute(members: Mapping[str, Json], *, group: bool = True) -> Attribute:
    keep_for, storage = _storage(members)
    try:
        trigger, location = optional_text(storage, "trigger"), optional_text(storage, "hasLocation")
        if location and not dpv.is_location(location):
            raise _malformed("hasLocation is loc: and a country", "hasLocation")
    except SaysoError as error:
        raise error.under("storage") from None
    if "accepts" in members and not group:
        raise _malformed("nothing does instead of what does instead of a claim", "accepts")
    return Attribute(
        claim=_claim(members.get("claim")),
        accepts=listed(members, "accepts", _alternative),
        values=listed(members, "values", _value),
        reason=optional_text(members, "reason"),
        benefit=optional_text(members, "benefit"),
        if_not_shared=optional_text(members, "ifNotShared"),
        keep_for=keep_for,
        legal_basis=term(members, "hasLegalBasis", dpv.LEGAL_BASES),
        recipients=listed(members, "hasRecipient", recipient),
        trigger=trigger,
        location=location,
        category=term(members, "hasPersonalData", dpv.CATEGORIES),
    )


def _alternative(value: Json) -> Attribute:
    return _attribute(object_of(value, "what does instead of a claim is an object"), group=False)


def _value(value: Json) -> str | bool | int:
    if not isinstance(value, str | bool | int):
        raise _malformed("a value is a text, a number or a truth")
    return value


def _claim(value: Json) -> Claim:
    try:
        return read_claim(value)
    except ValueError as error:
        raise _malformed(str(error), "claim") from None


def _storage(members: Mapping[str, Json]) -> tuple[timedelta | WillNotStore | None, Mapping[str, Json]]:
    try:
        storage = object_of(members.get("storage", {}), "storage is an object")
        if "hasDuration" not in storage:
            return None, storage
        return read_duration(storage["hasDuration"]) or WILL_NOT_STORE, storage
    except SaysoError as error:
        raise error.under("storage") from None


def _refuse_unread(given: Json, read: Json, *place: str | int) -> None:
    """Refuse what was written and not read: in a business's own file that is a slip of the pen."""
    if isinstance(given, dict) and isinstance(read, dict):
        for name, value in given.items():
            if name not in read and value != []:
                raise _malformed("a member that is not known, or says nothing", *place, name)
            _refuse_unread(value, read.get(name), *place, name)
    elif isinstance(given, list) and isinstance(read, list):
        # What is needed is written first, in whatever order it was read.
        order = sorted(range(len(given)), key=lambda index: _is_optional(given[index]))
        for index, other in zip(order, read, strict=False):
            _refuse_unread(given[index], other, *place, index)


def _is_optional(value: Json) -> bool:
    return isinstance(value, dict) and value.get("hasNecessity") == OPTIONAL


def _malformed(rule: str, *place: str | int) -> SaysoError:
    return SaysoError.of(DIALOGUE_MAP, rule, *place)
