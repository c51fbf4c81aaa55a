"""Check what credentials and presentations have in common: contexts, identifiers, types, texts, digests, and every node in them.

A check adds what it finds to the `Inspection`, so that one walk over a document tells everything that is wrong with it.
"""

import re
from collections.abc import Callable, Collection, Iterator, Mapping
from functools import cache
from typing import NamedTuple, TypeAlias

from sayso.credentials import digests
from sayso.credentials.claims_path import Location
from sayso.credentials.contexts.bundled import CREDENTIALS_V2, UNDEFINED_TERMS_V2, terms
from sayso.errors import MALFORMED_VALUE_ERROR, Problem, pointer
from sayso.identifiers import is_url
from sayso.jsonvalue import Json, JsonObject

MAX_PROBLEMS = 256
"""The most problems that are told of one document: hostile input must not choose how long a report is."""


class Inspection(NamedTuple):
    """Collect what is wrong with one document.

    `hiding` says where the objects are that hold undisclosed SD-JWT digests, `found` what was found.
    """

    hiding: Collection[Location]
    found: list[Problem]

    def malformed(self, place: Location, rule: str) -> None:
        """Note that what stands at a place breaks a rule."""
        # One is enough to refuse, and nobody reads a million.
        if len(self.found) < MAX_PROBLEMS:
            self.found.append(Problem(MALFORMED_VALUE_ERROR, rule, pointer(*place)))


Check: TypeAlias = Callable[[Inspection, Json, Location], None]
"""Look at the value at a place."""


def check_contexts(look: Inspection, value: Json, place: Location) -> None:
    """Check `@context`.

    Source: VCDM 2.0, sections 4.3 and 5.2 (DM-2, DM-15).
    """
    if not isinstance(value, list) or not value or value[0] != CREDENTIALS_V2:
        look.malformed(place, f"an array that begins with {CREDENTIALS_V2}")
        return
    for index, item in enumerate(value):
        if not isinstance(item, dict) and not is_url(item):
            look.malformed((*place, index), "a context is a URL or an object")
    if UNDEFINED_TERMS_V2 in value[:-1]:
        look.malformed(place, f"{UNDEFINED_TERMS_V2} stands last")


def check_url(look: Inspection, value: Json, place: Location) -> None:
    """Check an identifier: one URL.

    Source: VCDM 2.0, section 4.4 (DM-3, DM-16).
    """
    if not is_url(value):
        look.malformed(place, "an identifier is one URL")


def check_types(look: Inspection, value: Json, place: Location) -> None:
    """Check `type`: one or more terms or absolute URLs. What they mean is asked of the whole document.

    Source: VCDM 2.0, section 4.5 (DM-4).
    """
    names = value if isinstance(value, list) else [value]
    if not names:
        look.malformed(place, "at least one type is needed")
    for index, name in enumerate(names):
        where = (*place, index) if names is value else place
        if not isinstance(name, str) or not name:
            look.malformed(where, "a type is a term or an absolute URL")


def includes(value: Json, text: str) -> bool:
    """Tell whether a value, or one in an array, is this text."""
    return value == text or (isinstance(value, list) and text in value)


_LANGUAGE_MEMBERS = {"@value", "@language", "@direction"}
_DIRECTIONS = ("ltr", "rtl")


def is_text(value: Json) -> bool:
    """Tell whether this is a string or a language value object.

    Source: VCDM 2.0, section 11.1 (DM-11).
    """
    if not isinstance(value, dict):
        return isinstance(value, str)
    return (
        _LANGUAGE_MEMBERS.issuperset(value)
        and isinstance(value.get("@value"), str)
        and isinstance(value.get("@language", ""), str)
        and value.get("@direction", "ltr") in _DIRECTIONS  # JSON-LD 1.1 API, section 5.1.2, takes no null
    )


def check_text(look: Inspection, value: Json, place: Location) -> None:
    """Check `name` or `description`, in one language or several.

    Source: VCDM 2.0, sections 4.6 and 11.1 (DM-11).
    """
    texts = value if isinstance(value, list) else [value]
    if not texts or not all(map(is_text, texts)):
        look.malformed(place, "a string, a language value object, or an array of these")


def objects(look: Inspection, value: Json, place: Location) -> Iterator[tuple[JsonObject, Location]]:
    """Give each object of a value that must be an object, or an array of at least one, with its place."""
    items = value if isinstance(value, list) else [value]
    if not items:
        look.malformed(place, "an empty array where one or more objects are expected")
    for index, item in enumerate(items):
        where = (*place, index) if items is value else place
        if isinstance(item, dict):
            yield item, where
        else:
            look.malformed(where, "an object is expected")


def check_objects(look: Inspection, value: Json, place: Location, needed: tuple[str, ...] = ("type",)) -> None:
    """Check one or more objects that each have some members.

    Source: VCDM 2.0, section 4.5 (DM-5, DM-16).
    """
    for item, where in objects(look, value, place):
        for name in needed:
            if name not in item:
                look.malformed((*where, name), "an object here needs this member")
        check_node(look, item, where)


def check_party(look: Inspection, value: Json, place: Location, checks: Mapping[str, Check]) -> None:
    """Check an issuer or holder: one URL, or an object with one.

    Source: VCDM 2.0, sections 4.7 and 4.13 (DM-6, DM-16, DM-19).
    """
    if isinstance(value, dict):
        if "id" not in value:
            look.malformed((*place, "id"), "a party has an identifier")
        check_node(look, value, place, checks)
    elif not is_url(value):
        look.malformed(place, "a party is a URL, or an object with one")


def party_id(value: Json) -> str | None:
    """Give the identifier of an issuer or holder; None if there is none that is a string."""
    identifier = value.get("id") if isinstance(value, dict) else value
    return identifier if isinstance(identifier, str) else None


def leave(_look: Inspection, _value: Json, _place: Location) -> None:
    """Leave a member to a check elsewhere."""


def check_proofs(look: Inspection, value: Json, place: Location) -> None:
    """Check that each proof is an object that says its type; what is in it is the securing mechanism's business.

    Source: VC Data Integrity 1.0, section 2.1.
    """
    for item, where in objects(look, value, place):
        if not isinstance(item.get("type"), str):
            look.malformed((*where, "type"), "a proof says its type")


def _one_or_more(value: Json) -> list[Json]:
    return value if isinstance(value, list) and value else [value]  # an empty array is malformed itself


def _check_sri(look: Inspection, value: Json, place: Location) -> None:
    for text in _one_or_more(value):
        if not isinstance(text, str) or not all(re.fullmatch(digests.SRI, digest) for digest in text.split(" ")):
            look.malformed(place, "not an integrity digest such as sha384-… in base64")


def _check_multibase(look: Inspection, value: Json, place: Location) -> None:
    for text in _one_or_more(value):
        if not isinstance(text, str) or not re.fullmatch(digests.MULTIBASE, text):
            look.malformed(place, "not a digest in base58btc or base64url with its multibase header")


# Terms of the base context that mean the same in every object.
EVERYWHERE: Mapping[str, Check] = {
    "id": check_url,
    "type": check_types,
    "digestSRI": _check_sri,
    "digestMultibase": _check_multibase,
}

# What VC-JOSE-COSE, section 3.1.3, lets stand beside the members of a document: it is the securing mechanism's business, and only some of
# it has a term in the base context.
JWT_CLAIMS: Mapping[str, Check] = dict.fromkeys(("iss", "sub", "aud", "exp", "nbf", "iat", "jti", "nonce", "cnf"), leave)


def check_node(look: Inspection, node: JsonObject, place: Location, checks: Mapping[str, Check] = EVERYWHERE) -> None:
    """Check an object and all that is in it: its members by `checks`, and that it uses the names of VCDM for what JSON-LD has keywords for.

    Source: VCDM 2.0, sections 4.3 and 4.4 (DM-3, DM-4, DM-14).
    """
    for name, value in node.items():
        if name in checks:
            checks[name](look, value, (*place, name))
        elif name[:1] == "@":
            # Whoever reads `id` would not see an `@id`; and a context inside the document can change what all around it means (DI-X1).
            look.malformed((*place, name), "a keyword of JSON-LD stands here")
        elif isinstance(value, _CONTAINERS) and name not in _literals():
            _check_below(look, value, (*place, name))


_CONTAINERS = (dict, list)  # a union would be made anew for every member


@cache
def _literals() -> frozenset[str]:
    return terms(CREDENTIALS_V2).literals


def _check_below(look: Inspection, value: Json, place: Location) -> None:
    if isinstance(value, list):
        for index, item in enumerate(value):
            _check_below(look, item, (*place, index))
    elif isinstance(value, dict) and "@value" not in value:  # whose members JSON-LD processing looks at
        check_node(look, value, place)
