"""Check that a document conforms to VCDM 1.1 as a credential, when a proof is added and when it is verified."""

from collections.abc import Mapping
from functools import partial

from sayso.credentials import validity
from sayso.credentials.claims_path import Location
from sayso.credentials.credential import check_credential_types
from sayso.credentials.shapes import (
    Check,
    Inspection,
    check_node,
    check_objects,
    check_party,
    check_proofs,
    check_types,
    check_url,
    leave,
    objects,
)
from sayso.credentials.versions import CREDENTIALS_V1
from sayso.credentials.vocabulary import Reading, meaning_problems
from sayso.errors import Problem
from sayso.identifiers import is_url
from sayso.jsonvalue import Json, JsonObject

_REQUIRED = ("@context", "type", "issuer", "credentialSubject", "issuanceDate")

# What is not of this data model, or a document of its own.
_LEFT = frozenset({"proof"})


def conformance_problems(document: JsonObject, reading: Reading) -> tuple[Problem, ...]:
    """Say what keeps a document from being a conforming credential of VCDM 1.1; nothing, if it is one.

    Source: VCDM 1.1, sections 4 and 5.
    """
    look = Inspection((), [])
    check_node(look, document, (), _MEMBERS)
    for name in _REQUIRED:
        if name not in document:
            look.malformed((name,), "a credential of VCDM 1.1 needs this member")
    look.found.extend(validity.date_problems(document))  # section 4.6
    return tuple(look.found) or meaning_problems(document, reading, _LEFT)


def check_contexts(look: Inspection, value: Json, place: Location) -> None:
    """Check `@context`.

    Source: VCDM 1.1, section 4.1.
    """
    if not isinstance(value, list) or value[:1] != [CREDENTIALS_V1]:
        look.malformed(place, f"an array that begins with {CREDENTIALS_V1}")
        return
    for index, item in enumerate(value):
        if not isinstance(item, dict) and not is_url(item):
            look.malformed((*place, index), "a context is a URL or an object")


def _check_subjects(look: Inspection, value: Json, place: Location) -> None:
    # Section 4.4
    for subject, where in objects(look, value, place):
        if not subject:
            look.malformed(where, "a subject without any claim")
        check_node(look, subject, where, EVERYWHERE)


# Terms of the base context that mean the same in every object.
EVERYWHERE: Mapping[str, Check] = {"id": check_url, "type": check_types}

_MEMBERS: Mapping[str, Check] = {
    **EVERYWHERE,
    "@context": check_contexts,
    "type": check_credential_types,
    "issuer": partial(check_party, checks=EVERYWHERE),
    "credentialSubject": _check_subjects,
    **dict.fromkeys(("issuanceDate", "expirationDate", "issued", "validFrom", "validUntil"), leave),
    # Sections 4.9, 5.4 and 5.5: these need an identifier too, unlike in VCDM 2.0.
    **dict.fromkeys(("credentialStatus", "credentialSchema", "refreshService"), partial(check_objects, needed=("type", "id"))),
    # Sections 5.6 and 5.7
    **dict.fromkeys(("termsOfUse", "evidence"), check_objects),
    "proof": check_proofs,
}
