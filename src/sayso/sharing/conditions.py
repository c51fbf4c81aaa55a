"""Hold and read what a business says of a whole request: who it is, under what law it asks, whom it tells, and what it will not do."""

import re
from collections.abc import Callable, Collection, Mapping
from typing import Final, NamedTuple, TypeVar

from sayso.errors import LIMIT_EXCEEDED, TERMS, UNKNOWN_TERM, SaysoError
from sayso.identifiers import is_did
from sayso.jsonvalue import Json, JsonObject, from_python
from sayso.sharing import dpv
from sayso.sharing.texts import is_link, object_of, optional_text, text_of

T = TypeVar("T")

MAX_LISTED = 64
"""The most entries of a list inside of sharing terms."""

_COUNTRY = re.compile("[A-Z]{2}", re.ASCII)  # ISO 3166-1
_LANGUAGE = re.compile("[A-Za-z]{2,8}(-[A-Za-z0-9]{1,8}){0,4}", re.ASCII)  # RFC 5646, well-formed enough


class Organisation(NamedTuple):
    """Name a party: `did` is "" where none is known, `country` a code of two letters, `contact` links that people can follow.

    `rights` is where withdrawals and requests for erasure go, "" for none.
    """

    name: str
    trade_name: str = ""
    country: str = ""
    contact: tuple[str, ...] = ()
    rights: str = ""
    did: str = ""


class Recipient(NamedTuple):
    """Name who gets the data too, and as what: a role of `dpv.ROLES`."""

    name: str
    role: str = "dpv:Recipient"


class Process(NamedTuple):
    """Say where in the dialogue with a customer a request belongs; `registered` is the id of the use in a public register, "" for none."""

    id: str
    step: str = ""
    registered: str = ""


class Link(NamedTuple):
    """Point to a document, by its id and its digest as `digestMultibase`."""

    id: str
    digest: str


class Conditions(NamedTuple):
    """Hold what is the same for every attribute of a request.

    `category` is the purpose in terms of `dpv.PURPOSES`, `legal_basis` one of `dpv.LEGAL_BASES`; `prohibited` is what the business will not
    do, of `dpv.PROHIBITABLE`; `agreement` the id of terms that both sides know, such as those of MyTerms; `purposes` the purpose in other
    languages, by their tag; `offer` what the customer offered before, where the request answers that. "" and () say nothing.
    """

    category: str = ""
    legal_basis: str = ""
    process: Process | None = None
    controller: Organisation | None = None
    intermediary: Organisation | None = None
    authority: Organisation | None = None
    recipients: tuple[Recipient, ...] = ()
    prohibited: tuple[str, ...] = ()
    agreement: str = ""
    dialogue_map: Link | None = None
    purposes: tuple[tuple[str, str], ...] = ()
    offer: Link | None = None


NONE: Final = Conditions()
"""Nothing is said."""


def serialize(conditions: Conditions) -> JsonObject:
    """Write conditions as members of sharing terms."""
    process, linked = conditions.process, conditions.dialogue_map
    members: dict[str, Json] = {
        "process": process and stated(id=process.id, step=process.step, intendedUseIdentifier=process.registered),
        "controller": conditions.controller and organisation_members(conditions.controller),
        "intermediary": conditions.intermediary and organisation_members(conditions.intermediary),
        "supervisoryAuthority": conditions.authority and organisation_members(conditions.authority),
        "hasPurpose": conditions.category,
        "hasLegalBasis": conditions.legal_basis,
        "hasRecipient": recipients_members(conditions.recipients),
        "prohibited": [*conditions.prohibited],
        "agreement": conditions.agreement,
        "dialogueMap": linked and link_members(linked),
        "offer": conditions.offer and link_members(conditions.offer),
    }
    return stated(**members)


def own(said: object) -> Conditions:
    """Check conditions that a business made, as those that come from elsewhere are.

    Raises:
        TypeError: they are none.
        ValueError: something in them is not what it is called.
    """
    if not isinstance(said, Conditions):
        msg = f"conditions are Conditions, not {type(said).__name__}"
        raise TypeError(msg)
    try:
        parse(object_of(from_python(serialize(said)), "conditions are an object"))
    except (SaysoError, AttributeError) as error:
        raise ValueError(str(error)) from None
    return said


def stated(**members: Json) -> JsonObject:
    """Leave out what says nothing."""
    return {name: value for name, value in members.items() if value or isinstance(value, dict)}


def organisation_members(one: Organisation) -> JsonObject:
    """Write who somebody is."""
    return stated(
        legalName=one.name,
        tradeName=one.trade_name,
        country=one.country,
        supportURI=[*one.contact],
        rightsEndpoint=one.rights,
        identifier=one.did,
    )


def link_members(linked: Link) -> JsonObject:
    """Write a link."""
    return {"id": linked.id, "digestMultibase": linked.digest}


def recipients_members(recipients: Collection[Recipient]) -> list[Json]:
    """Write recipients."""
    return [{"name": one.name, "role": one.role} for one in recipients]


def parse(members: Mapping[str, Json], purposes: tuple[tuple[str, str], ...] = ()) -> Conditions:
    """Read conditions from the members of sharing terms; members that are not known are ignored, unknown terms are not.

    Raises:
        SaysoError: TERMS, UNKNOWN_TERM, or LIMIT_EXCEEDED, with a pointer to the member.
    """
    return Conditions(
        category=term(members, "hasPurpose", dpv.PURPOSES),
        legal_basis=term(members, "hasLegalBasis", dpv.LEGAL_BASES),
        process=inner(members, "process", _process),
        controller=inner(members, "controller", organisation),
        intermediary=inner(members, "intermediary", organisation),
        authority=inner(members, "supervisoryAuthority", organisation),
        recipients=listed(members, "hasRecipient", recipient),
        prohibited=listed(members, "prohibited", prohibited),
        agreement=optional_text(members, "agreement"),
        dialogue_map=inner(members, "dialogueMap", link),
        purposes=purposes,
        offer=inner(members, "offer", link),
    )


def term(members: Mapping[str, Json], name: str, known: Collection[str]) -> str:
    """Read a term of a vocabulary, "" where there is none.

    Raises:
        SaysoError: UNKNOWN_TERM.
    """
    if name not in members:
        return ""
    value = members[name]
    if not isinstance(value, str) or value not in known:
        raise SaysoError.of(UNKNOWN_TERM, f"{name} is one of the terms of DPV {dpv.VERSION} that are known here", name)
    return value


def listed(members: Mapping[str, Json], name: str, read: Callable[[Json], T]) -> tuple[T, ...]:
    """Read a list, () where there is none.

    Raises:
        SaysoError: TERMS, LIMIT_EXCEEDED beyond MAX_LISTED, or what an entry has.
    """
    entries = members.get(name, [])
    if not isinstance(entries, list):
        raise SaysoError.of(TERMS, f"{name} is an array", name)
    if len(entries) > MAX_LISTED:
        raise SaysoError.of(LIMIT_EXCEEDED, f"{name} has more than {MAX_LISTED} entries", name)
    found: list[T] = []
    for index, entry in enumerate(entries):
        try:
            found.append(read(entry))
        except SaysoError as error:
            raise error.under(name, index) from None
    return tuple(found)


def inner(members: Mapping[str, Json], name: str, read: Callable[[Mapping[str, Json]], T]) -> T | None:
    """Read an object, None where there is none.

    Raises:
        SaysoError: TERMS, or what is wrong in it.
    """
    if members.get(name) is None:
        return None
    try:
        return read(object_of(members[name], f"{name} is an object"))
    except SaysoError as error:
        raise error.under(name) from None


def _process(members: Mapping[str, Json]) -> Process:
    return Process(text_of(members, "id"), optional_text(members, "step"), optional_text(members, "intendedUseIdentifier"))


def organisation(members: Mapping[str, Json]) -> Organisation:
    """Read who somebody is.

    Raises:
        SaysoError: TERMS, LIMIT_EXCEEDED.
    """
    did = optional_text(members, "identifier")
    if did and not is_did(did):
        raise SaysoError.of(TERMS, "an identifier is a DID", "identifier")
    country = optional_text(members, "country")
    if country and not _COUNTRY.fullmatch(country):
        raise SaysoError.of(TERMS, "a country is a code of two letters", "country")
    return Organisation(
        text_of(members, "legalName"),
        optional_text(members, "tradeName"),
        country,
        listed(members, "supportURI", _url),
        _url(members["rightsEndpoint"], "rightsEndpoint") if "rightsEndpoint" in members else "",
        did,
    )


def _url(value: Json, *place: str) -> str:
    if not isinstance(value, str) or not is_link(value):
        raise SaysoError.of(TERMS, "a link is a URL of https, mailto or tel", *place)
    return value


def link(members: Mapping[str, Json]) -> Link:
    """Read a link.

    Raises:
        SaysoError: TERMS.
    """
    return Link(text_of(members, "id"), text_of(members, "digestMultibase"))


def prohibited(value: Json) -> str:
    """Read what is not to be done.

    Raises:
        SaysoError: UNKNOWN_TERM.
    """
    if not isinstance(value, str) or value not in dpv.PROHIBITABLE:
        raise SaysoError.of(UNKNOWN_TERM, f"what is prohibited is a term of DPV {dpv.VERSION} that is known here")
    return value


def recipient(value: Json) -> Recipient:
    """Read a recipient.

    Raises:
        SaysoError: TERMS, UNKNOWN_TERM.
    """
    members = object_of(value, "a recipient is an object")
    return Recipient(text_of(members, "name"), term(members, "role", dpv.ROLES) or "dpv:Recipient")


def language(value: Json) -> str:
    """Read the tag of a language.

    Raises:
        SaysoError: TERMS.

    Source: RFC 5646, section 2.1.
    """
    if not isinstance(value, str) or not _LANGUAGE.fullmatch(value):
        raise SaysoError.of(TERMS, "a language has a tag of RFC 5646", "lang")
    return value
