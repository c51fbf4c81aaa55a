"""Say what is alleged, about whom and to whom, and pin every other part by its digest: a JWT under the key that the business knows.

Source: the reports to data protection authorities of the European wallet (TS8), whose fields these are; RFC 7515.
"""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import Final

from sayso.credentials.validity import parse_numeric_date
from sayso.dids import did_key
from sayso.encodings.multihash import digest_multibase
from sayso.errors import EVIDENCE, SaysoError
from sayso.identifiers import Did
from sayso.jsonvalue import Json, JsonObject
from sayso.keys.signer import Signer, own_ed25519_key
from sayso.proofs.jose import jws
from sayso.sharing.texts import plain_text

TYPE: Final = "sayso-complaint+jwt"
MAX_CONTACTS: Final = 10
_TEXTS: Final = {"name": "interactingPartyName", "intermediary": "intermediaryName", "authority": "dpaName"}
_MEMBERS: Final = frozenset({"iss", "iat", "interactingPartyIdentifier", "alleged", "parts", "dpaContact", *_TEXTS.values()})


@dataclass(frozen=True, slots=True)
class Cover:
    """Hold what a complaint says.

    Args:
        customer: the DID by which the business knows the customer.
        business: the DID of the business.
        at: when the complaint was written.
        alleged: what is alleged, in words.
        name: what the business calls itself.
        intermediary: the name of who asked on its behalf.
        authority: the data protection authority.
        authority_contact: how it is reached.
    """

    customer: Did
    business: str
    at: datetime
    alleged: str
    name: str = ""
    intermediary: str = ""
    authority: str = ""
    authority_contact: tuple[str, ...] = ()


def checked(cover: Cover) -> Cover:
    """Give a cover whose texts are fit to be shown.

    Raises:
        TypeError, ValueError: one is not.
    """
    plain_text("alleged", cover.alleged)
    plain_text("business", cover.business)
    for field in _TEXTS:
        if text := getattr(cover, field):
            plain_text(field, text)
    if len(cover.authority_contact) > MAX_CONTACTS:
        msg = f"an authority has at most {MAX_CONTACTS} contacts"
        raise ValueError(msg)
    for contact in cover.authority_contact:
        plain_text("authority_contact", contact)
    return cover


def sign(cover: Cover, parts: Mapping[str, str], signer: Signer) -> str:
    """Sign a cover over the digests of all other parts."""
    header = jws.protect({"alg": jws.EDDSA, "typ": TYPE, "kid": did_key.verification_method(own_ed25519_key(signer))})
    said: JsonObject = {
        "iss": cover.customer,
        "iat": int(cover.at.timestamp()),
        "interactingPartyIdentifier": cover.business,
        **{member: getattr(cover, field) for field, member in _TEXTS.items() if getattr(cover, field)},
        "alleged": cover.alleged,
        **({"dpaContact": [*cover.authority_contact]} if cover.authority_contact else {}),
        "parts": digests(parts),
    }
    return jws.sign(header, said, signer)


def digests(parts: Mapping[str, str]) -> JsonObject:
    """Give the digest of each part."""
    return {name: digest_multibase(text.encode()) for name, text in parts.items()}


def parse(said: JsonObject) -> Cover:
    """Read a cover.

    Raises:
        SaysoError: EVIDENCE, or what is wrong with its date.
    """
    if not said.keys() <= _MEMBERS:
        raise SaysoError.of(EVIDENCE, "a cover has a member that is not known")
    contacts = said.get("dpaContact", [])
    if not isinstance(contacts, list):
        raise SaysoError.of(EVIDENCE, "contacts are an array", "dpaContact")
    named = {field: _text(said, member) for field, member in _TEXTS.items() if member in said}
    cover = Cover(
        Did(_text(said, "iss")),
        _text(said, "interactingPartyIdentifier"),
        parse_numeric_date(said.get("iat")),
        _text(said, "alleged"),
        authority_contact=tuple(_is_text(contact, "dpaContact") for contact in contacts),
        **named,
    )
    try:
        return checked(cover)
    except ValueError as error:
        raise SaysoError.of(EVIDENCE, str(error)) from None


def _text(said: JsonObject, name: str) -> str:
    return _is_text(said.get(name), name)


def _is_text(value: Json, name: str) -> str:
    if not isinstance(value, str):
        raise SaysoError.of(EVIDENCE, "it is a text", name)
    return value
