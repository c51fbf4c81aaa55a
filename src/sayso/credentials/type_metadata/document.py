"""Read the metadata of a type of SD-JWT VC.

Source: SD-JWT VC draft 19, type metadata (SV-10, SV-12, SV-13).
"""

import re
from collections import Counter
from collections.abc import Iterable
from typing import Final, NamedTuple

from sayso.credentials import claims_path
from sayso.credentials.claims_path import ClaimsPath, Location
from sayso.credentials.type_metadata.appearance import ClaimDisplay, TypeDisplay, read_claim_displays, read_type_displays
from sayso.credentials.type_metadata.members import digests, malformed, of_objects, one_of, text
from sayso.errors import LIMIT_EXCEEDED, SaysoError
from sayso.jsonvalue import JsonObject, Limits, parse_object

MAX_BYTES = 256 * 1024
"""The size of one document above which it is refused."""

MAX_CLAIMS = 1024
"""The most claims that one document has rules for."""

ALWAYS: Final = "always"
ALLOWED: Final = "allowed"
NEVER: Final = "never"

_LIMITS = Limits(size_bytes=MAX_BYTES)
_SVG_ID = re.compile(r"[A-Za-z_][A-Za-z0-9_]*")


class Reference(NamedTuple):
    """Name a type, with the digests of its metadata; None where none are given."""

    vct: str
    integrity: str | None = None


class ClaimRule(NamedTuple):
    """Hold what a type says of one claim, or of all that a path selects. What is None it does not say.

    Source: SD-JWT VC draft 19, claim metadata (SV-13).
    """

    path: ClaimsPath
    display: tuple[ClaimDisplay, ...] | None = None
    mandatory: bool | None = None
    sd: str | None = None
    svg_id: str | None = None


class TypeMetadata(NamedTuple):
    """Hold the metadata of a type.

    `extends` names the type whose rules hold too; None: there is none, or they are among these. `display` is None where that of the type
    it extends is used.

    Source: SD-JWT VC draft 19, type metadata format (SV-10).
    """

    vct: str
    name: str = ""
    description: str = ""
    extends: Reference | None = None
    display: tuple[TypeDisplay, ...] | None = None
    claims: tuple[ClaimRule, ...] = ()


class Held(NamedTuple):
    """Hold the metadata of a type, and the bytes it was read from, of which digests are made."""

    content: bytes
    metadata: TypeMetadata


def read(content: bytes) -> Held:
    """Read the metadata of a type from its bytes.

    Raises:
        SaysoError: PARSING_ERROR, MALFORMED_VALUE_ERROR with a pointer into it, LIMIT_EXCEEDED.
    """
    return Held(content, parse(parse_object(content, _LIMITS)))


def parse(value: JsonObject) -> TypeMetadata:
    """Read the metadata of a type; members that are not known are ignored.

    Raises:
        SaysoError: MALFORMED_VALUE_ERROR, LIMIT_EXCEEDED.

    >>> parse({"vct": "urn:example:card", "claims": [{"path": ["name"], "sd": "always"}]}).claims[0].path
    ('name',)
    """
    claims = of_objects(value, "claims", (), _claim) or ()
    if len(claims) > MAX_CLAIMS:
        raise SaysoError.of(LIMIT_EXCEEDED, f"more than {MAX_CLAIMS} claims have rules", "claims")
    if len({claim.path for claim in claims}) < len(claims):
        raise malformed("a claim has one rule", "claims")  # two could contradict each other
    check_svg_ids(claims)
    return TypeMetadata(
        text(value, "vct", needed=True), text(value, "name"), text(value, "description"), _extends(value), read_type_displays(value), claims
    )


def _extends(value: JsonObject) -> Reference | None:
    if "extends" not in value:
        return None
    return Reference(text(value, "extends", needed=True), digests(value, "extends#integrity", ()) or None)


def _claim(value: JsonObject, place: Location) -> ClaimRule:
    try:
        path = claims_path.parse(value.get("path"))
    except SaysoError as error:
        raise error.under(*place, "path") from None
    mandatory = value.get("mandatory")
    if "mandatory" in value and not isinstance(mandatory, bool):
        raise malformed("true or false", *place, "mandatory")
    svg_id = text(value, "svg_id", place)
    if "svg_id" in value and not _SVG_ID.fullmatch(svg_id):
        raise malformed("letters, digits and underscores, and no digit first", *place, "svg_id")
    return ClaimRule(
        path,
        read_claim_displays(value, place),
        mandatory if isinstance(mandatory, bool) else None,
        one_of(value, "sd", (ALWAYS, ALLOWED, NEVER), place) or None,
        svg_id or None,
    )


def check_svg_ids(claims: Iterable[ClaimRule]) -> None:
    """See that no two claims are called the same in templates.

    Raises:
        SaysoError: MALFORMED_VALUE_ERROR.
    """
    counted = Counter(claim.svg_id for claim in claims if claim.svg_id)
    if counted and max(counted.values()) > 1:
        raise malformed("two claims have one svg_id", "claims")
