"""Check that a document conforms to VCDM 2.0 as a credential, when it is issued and when it is verified."""

from collections.abc import Collection, Mapping
from functools import partial

from sayso.credentials import related_resources, validity
from sayso.credentials.claims_path import Location
from sayso.credentials.shapes import (
    EVERYWHERE,
    JWT_CLAIMS,
    Check,
    Inspection,
    check_contexts,
    check_node,
    check_objects,
    check_party,
    check_proofs,
    check_text,
    check_types,
    includes,
    leave,
    objects,
    party_id,
)
from sayso.credentials.vocabulary import Reading, meaning_problems
from sayso.errors import Problem
from sayso.jsonvalue import Json, JsonObject

_REQUIRED = ("@context", "type", "issuer", "credentialSubject")  # DM-2, DM-4, DM-6, DM-7

# What is not of this data model, or a document of its own.
_LEFT = frozenset({"proof", *JWT_CLAIMS})


def conformance_problems(document: JsonObject, reading: Reading, hiding: Collection[Location] = ()) -> tuple[Problem, ...]:
    """Say what keeps a document from being a conforming credential; nothing, if it is one.

    What only JSON-LD processing can tell is a problem that is not decided: contexts inside the document or unknown here, and terms
    without a definition.

    Args:
        document: the credential; of an SD-JWT, what its issuer would see, as far as it is disclosed.
        reading: what is known to who reads it.
        hiding: where the objects are that hold undisclosed claims. A subject among them need not show any.

    Source: VCDM 2.0, sections 4 and 5 (DM-2 to DM-18).

    >>> from sayso.credentials.vocabulary import bundled
    >>> document: JsonObject = {"@context": ["https://www.w3.org/ns/credentials/v2"], "issuer": "Ada"}
    >>> [problem.pointer for problem in conformance_problems(document, Reading(bundled()))]
    ['/issuer', '/type', '/credentialSubject']
    """
    look = Inspection(hiding, [])
    check_node(look, document, (), _MEMBERS)
    for name in _REQUIRED:
        if name not in document:
            look.malformed((name,), "a credential needs this member")
    look.found.extend(validity.date_problems(document))  # section 4.9 (DM-8)
    look.found.extend(related_resources.problems(document))  # section 5.3 (DM-13)
    return tuple(look.found) or meaning_problems(document, reading, _LEFT)


def issuer_id(document: JsonObject) -> str | None:
    """Give the identifier of the issuer; None if there is none that is a string.

    Source: VCDM 2.0, section 4.7 (DM-6).
    """
    return party_id(document.get("issuer"))


def check_credential_types(look: Inspection, value: Json, place: Location) -> None:
    """Check the `type` of a credential, of whichever data model.

    Source: VCDM 2.0, section 4.5 (DM-4).
    """
    check_types(look, value, place)
    if not includes(value, "VerifiableCredential"):
        look.malformed(place, "a credential has the type VerifiableCredential")


def _check_subjects(look: Inspection, value: Json, place: Location) -> None:
    # Section 4.8 (DM-7). What is not disclosed is claimed all the same.
    for subject, where in objects(look, value, place):
        if not subject and where not in look.hiding:
            look.malformed(where, "a subject without any claim")
        check_node(look, subject, where)


def _check_related_resources(look: Inspection, value: Json, place: Location) -> None:
    # Section 5.3 (DM-13)
    seen: set[str] = set()
    for item, where in objects(look, value, place):
        identifier = item.get("id", "")
        if isinstance(identifier, str):
            if not identifier or identifier in seen:
                look.malformed((*where, "id"), "a related resource has an identifier of its own")
            seen.add(identifier)
        if "digestSRI" not in item and "digestMultibase" not in item:
            look.malformed(where, "a related resource has a digest")
        check_node(look, item, where)


_ISSUER: Mapping[str, Check] = {**EVERYWHERE, "name": check_text, "description": check_text}

_MEMBERS: Mapping[str, Check] = {
    **_ISSUER,
    **JWT_CLAIMS,
    "@context": check_contexts,
    "type": check_credential_types,
    "issuer": partial(check_party, checks=_ISSUER),
    "credentialSubject": _check_subjects,
    "validFrom": leave,
    "validUntil": leave,
    "credentialSchema": partial(check_objects, needed=("type", "id")),
    "relatedResource": _check_related_resources,
    "proof": check_proofs,
    # Sections 4.10, 5.4 to 5.6, and the reserved extension points of 5.10 (DM-5, DM-9, DM-12)
    **dict.fromkeys(("credentialStatus", "refreshService", "termsOfUse", "evidence", "confidenceMethod", "renderMethod"), check_objects),
}
