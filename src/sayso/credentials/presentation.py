"""Check that a document conforms to VCDM 2.0 as a presentation."""

import re
from collections.abc import Mapping
from functools import partial

from sayso.credentials import credential
from sayso.credentials.claims_path import Location
from sayso.credentials.contexts.bundled import CREDENTIALS_V2
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
    check_types,
    includes,
    leave,
    objects,
    party_id,
)
from sayso.credentials.vocabulary import Reading, vocabulary
from sayso.errors import Problem
from sayso.jsonvalue import Json, JsonObject

# RFC 2397, section 3, with a media type and with data: "data:application/vc+jwt,eyJ…"
_DATA_URL = re.compile(r"data:[\w.!#$&^+-]+/[\w.!#$&^+-]+(?:;[\w.!#$&^+=\"-]+)*,[\x21-\x7e]+", re.ASCII)


def conformance_problems(document: JsonObject, reading: Reading) -> tuple[Problem, ...]:
    """Say what keeps a document from being a conforming presentation; nothing, if it is one.

    The credentials in it are checked too, except those in an envelope, which are documents of their own. Whether what secures them
    holds is not looked at.

    Args:
        document: the presentation, without what secures it, or with its `proof`.
        reading: what is known to who reads it.

    Source: VCDM 2.0, section 4.13 (DM-19 to DM-23).

    >>> conformance_problems({"@context": ["https://www.w3.org/ns/credentials/v2"], "type": "VerifiablePresentation"})
    ()
    """
    look = Inspection(vocabulary(document.get("@context"), reading), (), [])
    check_node(look, document, (), _MEMBERS)
    for name in ("@context", "type"):
        if name not in document:
            look.malformed((name,), "a presentation needs this member")
    _check_credentials(look, document, reading)
    return tuple(look.found)


def holder_id(document: JsonObject) -> str | None:
    """Give the identifier of the holder; None if there is none that is a string.

    Source: VCDM 2.0, section 4.13 (DM-19).
    """
    return party_id(document.get("holder"))


def _check_types(look: Inspection, value: Json, place: Location) -> None:
    check_types(look, value, place)
    if not includes(value, "VerifiablePresentation"):
        look.malformed(place, "a presentation has the type VerifiablePresentation")


def _check_credentials(look: Inspection, document: JsonObject, reading: Reading) -> None:
    if "verifiableCredential" not in document:
        return
    # (DM-20) Strings, also those of an enveloped credential, are refused.
    for item, where in objects(look, document["verifiableCredential"], ("verifiableCredential",)):
        if includes(item.get("type"), "EnvelopedVerifiableCredential"):
            _check_envelope(look, item, where)
            continue
        # (DM-23) Each has a `@context` of its own, and is a document of its own.
        look.found.extend(problem.under(*where) for problem in credential.conformance_problems(item, reading))
        # Section 4.13.4 (DM-20, DM-22): secured itself, or by the presentation as an assertion of the holder.
        if "proof" not in item:
            holder = holder_id(document)
            if holder is None or credential.issuer_id(item) != holder:
                look.malformed(where, "a credential is secured, in an envelope, or issued by the holder")


def _check_envelope(look: Inspection, item: JsonObject, place: Location) -> None:
    # Section 4.13.1 (DM-21): one context is enough, and needs no array.
    if not includes(item.get("@context"), CREDENTIALS_V2):
        look.malformed((*place, "@context"), "an envelope has the base context")
    identifier = item.get("id")
    if not isinstance(identifier, str) or not _DATA_URL.fullmatch(identifier):
        look.malformed((*place, "id"), "an envelope is a data: URL with a media type")


_MEMBERS: Mapping[str, Check] = {
    **EVERYWHERE,
    **JWT_CLAIMS,
    "nonce": leave,  # OpenID4VP 1.0, appendix B.1.3.1.5: of a presentation that is a JWT
    "@context": check_contexts,
    "type": _check_types,
    "holder": partial(check_party, checks=EVERYWHERE),
    "termsOfUse": check_objects,
    "proof": check_proofs,
    "verifiableCredential": leave,
}
