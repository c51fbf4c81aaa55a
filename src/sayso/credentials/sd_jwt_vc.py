"""Check that a payload conforms to SD-JWT VC, in this library's profile: the issuer is there, a DID or an HTTPS URL.

Source: SD-JWT VC draft 19, section 2.2.2; the profile is permitted by section 2.5 (SV-7).
"""

from collections.abc import Callable, Collection, Mapping

from sayso.credentials.claims_path import Location
from sayso.errors import MALFORMED_VALUE_ERROR, Problem, pointer
from sayso.identifiers import is_did, is_url
from sayso.jsonvalue import Json, JsonObject

NEVER_DISCLOSABLE = frozenset({"iss", "nbf", "exp", "cnf", "vct", "vct#integrity", "aka_vcts", "status", "aud"})
"""The claims that stand in the payload itself, with all that is in them: section 2.2.2.3 (SV-3).

`aud` is not in the draft's list; RFC 9901, section 9.7, names it among the claims that decide on validity (SD-I8).
"""


def conformance_problems(payload: JsonObject, disclosed: Collection[Location] = ()) -> tuple[Problem, ...]:
    """Say what keeps a processed payload from being a conforming SD-JWT VC; nothing, if it is one.

    Its dates and what its status says are not looked at.

    Args:
        payload: the claims, without digests.
        disclosed: as `disclosure_problems`.

    Source: SD-JWT VC draft 19, section 2.2.2 (SV-2 to SV-4, SV-7).

    >>> [problem.pointer for problem in conformance_problems({"iss": "did:example:city", "vct": "", "given_name": "Ada"})]
    ['/vct']
    """
    found = [
        Problem(MALFORMED_VALUE_ERROR, rule, pointer(name))
        for name, (check, rule) in _MEMBERS.items()
        if (name in payload or name in _REQUIRED) and not check(payload.get(name))
    ]
    aliases = payload.get("aka_vcts")
    if isinstance(aliases, list) and payload.get("vct") in aliases:
        found.append(Problem(MALFORMED_VALUE_ERROR, "aka_vcts repeats vct", "/aka_vcts"))
    return (*found, *disclosure_problems(disclosed))


def disclosure_problems(locations: Collection[Location], never: Collection[str] = NEVER_DISCLOSABLE) -> tuple[Problem, ...]:
    """Say which claims must not be selectively disclosable; to be asked when issuing and when verifying.

    Args:
        locations: where the claims stand that are to be concealed or were disclosed, and the objects that hold undisclosed ones.
        never: the names of the claims that must not be, with all that is in them.

    Source: SD-JWT VC draft 19, section 2.2.2.3 (SV-3); RFC 9901, section 9.7 (SD-I8).

    >>> disclosure_problems([("cnf", "jwk"), ("given_name",)])[0].pointer
    '/cnf/jwk'
    """
    # RFC 9901, section 9.7: the entries of an `aud` array may be.
    return tuple(
        Problem(MALFORMED_VALUE_ERROR, "the claim must not be selectively disclosable", pointer(*location))
        for location in locations
        if location and location[0] in never and (location[0] != "aud" or len(location) == 1)
    )


def is_issuer(value: Json) -> bool:
    """Tell whether a value can name who issued an SD-JWT VC: a DID, or an HTTPS URL."""
    return is_did(value) or (is_url(value) and str(value).startswith("https://"))


def _is_name(value: Json) -> bool:
    return isinstance(value, str) and value != ""


def _are_names(value: Json) -> bool:
    return isinstance(value, list) and bool(value) and all(map(_is_name, value))


def _is_string(value: Json) -> bool:
    return isinstance(value, str)


def _is_object(value: Json) -> bool:
    return isinstance(value, dict)


_REQUIRED = ("iss", "vct")
_MEMBERS: Mapping[str, tuple[Callable[[Json], bool], str]] = {
    "iss": (is_issuer, "the issuer is a DID or an HTTPS URL"),  # SV-7
    "vct": (_is_name, "vct is a string that is not empty"),  # SV-2
    "aka_vcts": (_are_names, "aka_vcts is an array of one or more strings"),  # SV-2
    "vct#integrity": (_is_string, "vct#integrity is a string"),  # SV-11
    "sub": (_is_string, "sub is a string"),
    "cnf": (_is_object, "cnf is an object"),  # SV-4
    "status": (_is_object, "status is an object"),  # SV-4
}
