"""Check that a document conforms to VCDM 2.0 as a presentation."""

from collections.abc import Callable, Mapping, Sequence
from functools import partial
from typing import Literal, NamedTuple, TypeAlias

from sayso.credentials import credential, envelopes
from sayso.credentials.claims_path import Location
from sayso.credentials.envelopes import Envelope
from sayso.credentials.kinds import CredentialType, vocabulary
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
from sayso.errors import LIMIT_EXCEEDED, MALFORMED_VALUE_ERROR, Problem, SaysoError
from sayso.jsonvalue import DEFAULT_LIMITS, Json, JsonObject, Limits

MAX_CREDENTIALS = 256
"""The most credentials that one presentation may hold: each may cost its verifier a signature and a retrieval."""

CredentialCheck: TypeAlias = Callable[[JsonObject, Sequence[CredentialType]], tuple[Problem, ...]]
"""Say what keeps a document from being a conforming credential."""


class Embedded(NamedTuple):
    """Hold one credential of a presentation, before anything about it was verified.

    `place` is where it stands in the presentation, `document` the object there. `kind` says what secures it: a `proof` of its own
    ("embedded"), the `envelope` that it came in ("enveloped"), or what secures the presentation ("self-asserted").

    Source: VCDM 2.0, section 4.13 (DM-20 to DM-22).
    """

    place: Location
    kind: Literal["embedded", "enveloped", "self-asserted"]
    document: JsonObject
    envelope: Envelope | None = None


def embedded(document: JsonObject, limits: Limits = DEFAULT_LIMITS) -> list[Embedded]:
    """Give every credential of a presentation, in its order.

    Whether an assertion of the holder may stand here is what `conformance_problems` says.

    Source: VCDM 2.0, section 4.13 (DM-20 to DM-23).

    Raises:
        SaysoError: MALFORMED_VALUE_ERROR for what is no object or no envelope, PARSING_ERROR for what an envelope carries in no proper
            base64, LIMIT_EXCEEDED beyond MAX_CREDENTIALS or `limits`.

    >>> embedded({"verifiableCredential": {"issuer": "did:example:ada"}})[0].kind
    'self-asserted'
    """
    value = document.get("verifiableCredential", [])
    items = value if isinstance(value, list) else [value]
    if len(items) > MAX_CREDENTIALS:
        raise SaysoError.of(LIMIT_EXCEEDED, "more credentials in one presentation than are accepted", "verifiableCredential")
    places: list[Location] = [("verifiableCredential", *((index,) if items is value else ())) for index in range(len(items))]
    return [_embedded(item, place, limits) for item, place in zip(items, places, strict=True)]


def _embedded(item: Json, place: Location, limits: Limits) -> Embedded:
    if not isinstance(item, dict):
        raise SaysoError.of(MALFORMED_VALUE_ERROR, "a credential in a presentation is an object", *place)
    if not envelopes.is_envelope(item, envelopes.CREDENTIAL):
        return Embedded(place, "embedded" if "proof" in item else "self-asserted", item)
    try:
        return Embedded(place, "enveloped", item, envelopes.unfold(item, limits))
    except SaysoError as error:
        raise error.under(*place) from None


def conformance_problems(
    document: JsonObject, kinds: Sequence[CredentialType] = (), inner: CredentialCheck = credential.conformance_problems
) -> tuple[Problem, ...]:
    """Say what keeps a document from being a conforming presentation; nothing, if it is one.

    The credentials in it are checked too, except those in an envelope, which are documents of their own. Whether what secures them
    holds is not looked at.

    Args:
        document: the presentation, without what secures it, or with its `proof`.
        kinds: the credential types whose contexts are known.
        inner: what the credentials inside must conform to.

    Source: VCDM 2.0, section 4.13 (DM-19 to DM-23).

    >>> conformance_problems({"@context": ["https://www.w3.org/ns/credentials/v2"], "type": "VerifiablePresentation"})
    ()
    """
    look = Inspection(vocabulary(document.get("@context"), kinds), (), [])
    check_node(look, document, (), _MEMBERS)
    for name in ("@context", "type"):
        if name not in document:
            look.malformed((name,), "a presentation needs this member")
    check_credentials(look, document, kinds, inner)
    return tuple(look.found)


def holder_id(document: JsonObject) -> str | None:
    """Give the identifier of the holder; None if there is none that is a string.

    Source: VCDM 2.0, section 4.13 (DM-19).
    """
    return party_id(document.get("holder"))


def check_presentation_types(look: Inspection, value: Json, place: Location) -> None:
    """Check the `type` of a presentation, of whichever data model.

    Source: VCDM 2.0, section 4.13 (DM-19).
    """
    check_types(look, value, place)
    if not includes(value, "VerifiablePresentation"):
        look.malformed(place, "a presentation has the type VerifiablePresentation")


def check_credentials(look: Inspection, document: JsonObject, kinds: Sequence[CredentialType], inner: CredentialCheck) -> None:
    """Check the credentials of a presentation, of whichever data model.

    Source: VCDM 2.0, section 4.13 (DM-20 to DM-23).
    """
    if "verifiableCredential" not in document:
        return
    # (DM-20) Strings, also those of an enveloped credential, are refused.
    for item, where in objects(look, document["verifiableCredential"], ("verifiableCredential",)):
        if envelopes.is_envelope(item, envelopes.CREDENTIAL):
            look.found.extend(problem.under(*where) for problem in envelopes.problems(item))
            continue
        # (DM-23) Each has a `@context` of its own, and is a document of its own.
        look.found.extend(problem.under(*where) for problem in inner(item, kinds))
        # Section 4.13.4 (DM-20, DM-22): secured itself, or by the presentation as an assertion of the holder.
        if "proof" not in item:
            holder = holder_id(document)
            if holder is None or credential.issuer_id(item) != holder:
                look.malformed(where, "a credential is secured, in an envelope, or issued by the holder")


_MEMBERS: Mapping[str, Check] = {
    **EVERYWHERE,
    **JWT_CLAIMS,
    "nonce": leave,  # OpenID4VP 1.0, appendix B.1.3.1.5: of a presentation that is a JWT
    "@context": check_contexts,
    "type": check_presentation_types,
    "holder": partial(check_party, checks=EVERYWHERE),
    "termsOfUse": check_objects,
    "proof": check_proofs,
    "verifiableCredential": leave,
}
