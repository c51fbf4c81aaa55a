"""Check that the payload of a JWT or SD-JWT conforms to VCDM 2.0 as VC-JOSE-COSE carries it."""

from collections.abc import Collection, Iterator

from sayso.credentials import credential, envelopes, presentation, sd_jwt_vc
from sayso.credentials.claims_path import Location
from sayso.credentials.vocabulary import Reading
from sayso.errors import MALFORMED_VALUE_ERROR, Problem, pointer
from sayso.jsonvalue import Json, JsonObject

NEVER_DISCLOSABLE = frozenset(
    # VC-JOSE-COSE, section 3.2.1 (VJ-7): SHOULD NOT
    {"@context", "type", "credentialStatus", "credentialSchema", "relatedResource"}
    # RFC 9901, section 9.7 (SD-I8): MUST NOT, for what decides on validity; "at least" the names of JWT, and what VCDM 2.0 calls them
    | {"iss", "aud", "exp", "nbf", "cnf", "status", "issuer", "validFrom", "validUntil"}
)
"""The claims that stand in the payload itself, with all that is in them.

Refusing the five of VC-JOSE-COSE too is stricter than its SHOULD NOT. RFC 9901, section 9.7, permits it: each of them can keep a verifier
from refusing, a status or a schema by staying undisclosed, a context or a type by changing what was signed into another statement.
"""

# Whoever passes a presentation on could leave these out: to whom it was made, in answer to what, and until when.
_NEVER_DISCLOSABLE_OF_PRESENTATIONS = frozenset({"iss", "aud", "nonce", "iat", "exp", "nbf", "cnf", "validFrom", "validUntil"})


def conformance_problems(
    payload: JsonObject, reading: Reading, hiding: Collection[Location] = (), disclosed: Collection[Location] = ()
) -> tuple[Problem, ...]:
    """Say what keeps a processed payload from being a conforming credential; nothing, if it is one.

    Args:
        payload: the claims, without digests.
        reading: as `credential.conformance_problems`.
        hiding: as `credential.conformance_problems`.
        disclosed: where the claims stand that were disclosed, or are to be concealed.

    Source: VC-JOSE-COSE, sections 3.1.3 and 3.2.1 (VJ-1, VJ-4, VJ-7); VCDM 2.0, sections 4 and 5.
    """
    return (
        *credential.conformance_problems(payload, reading, hiding),
        *_claim_problems(payload, credential.issuer_id(payload), "issuer"),
        *sd_jwt_vc.disclosure_problems([*disclosed, *hiding], NEVER_DISCLOSABLE),
    )


def _claim_problems(payload: JsonObject, signer: str | None, party: str) -> Iterator[Problem]:
    for name in ("vc", "vp"):
        if name in payload:
            yield Problem(MALFORMED_VALUE_ERROR, "the payload is the document itself, not a claim of it", pointer(name))
    # Section 3.1.3 (VJ-4): other JWT claims SHOULD NOT conflict with what VCDM 2.0 says, `iss` MUST NOT.
    if "iss" in payload and (payload["iss"] is None or payload["iss"] != signer):
        yield Problem(MALFORMED_VALUE_ERROR, f"iss is not the {party}", "/iss")
    identifiers = (("jti", payload.get("id")), ("sub", _subject_id(payload)))
    for claim, said in identifiers:
        if claim in payload and said is not None and payload[claim] != said:
            yield Problem(MALFORMED_VALUE_ERROR, f"{claim} says something else than the document", pointer(claim))


def _subject_id(payload: JsonObject) -> Json:
    subject = payload.get("credentialSubject")
    return subject.get("id") if isinstance(subject, dict) else None


def presentation_problems(
    payload: JsonObject, reading: Reading, hiding: Collection[Location] = (), disclosed: Collection[Location] = ()
) -> tuple[Problem, ...]:
    """Say what keeps a processed payload from being a conforming presentation; nothing, if it is one.

    Source: VC-JOSE-COSE, sections 3.1.2, 3.1.3 and 3.2.2 (VJ-1, VJ-4, VJ-7, VJ-8); RFC 9901, section 9.7 (SD-I8).
    """
    return (
        *presentation.conformance_problems(payload, reading),
        *_claim_problems(payload, presentation.holder_id(payload), "holder"),
        *sd_jwt_vc.disclosure_problems([*disclosed, *hiding], _NEVER_DISCLOSABLE_OF_PRESENTATIONS),
        *_unenveloped(payload),
    )


def _unenveloped(payload: JsonObject) -> Iterator[Problem]:
    # Section 3.1.2 (VJ-8): a credential in here MUST be secured, and use the type EnvelopedVerifiableCredential.
    for item, place in presentation.items(payload):
        if isinstance(item, dict) and not envelopes.is_envelope(item, envelopes.CREDENTIAL):
            yield Problem(MALFORMED_VALUE_ERROR, "a credential in a presentation that is a JWT is in an envelope", pointer(*place))
