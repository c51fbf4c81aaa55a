"""Check that a document conforms to VCDM 2.0 as a presentation."""

from collections.abc import Mapping
from functools import partial
from typing import Literal, NamedTuple

from sayso.credentials import credential, envelopes
from sayso.credentials.claims_path import Location
from sayso.credentials.envelopes import Envelope
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
    party_id,
)
from sayso.credentials.vocabulary import Reading, meaning_problems
from sayso.errors import LIMIT_EXCEEDED, MALFORMED_VALUE_ERROR, Problem, SaysoError
from sayso.identifiers import MediaType
from sayso.jsonvalue import DEFAULT_LIMITS, Json, JsonObject, Limits, serialize

MAX_CREDENTIALS = 64
"""The most credentials that one presentation may hold: each may cost its verifier a signature and a retrieval."""

# What is not of this data model, or a document of its own.
_LEFT = frozenset({"proof", "verifiableCredential", *JWT_CLAIMS})


class Embedded(NamedTuple):
    """Hold one credential of a presentation, before anything about it was verified.

    `place` is where it stands in the presentation, `document` the object there. `kind` says what secures it: a `proof` of its own
    ("embedded"), the `envelope` that it came in ("enveloped"), itself where it is text ("text"), or what secures the presentation
    ("self-asserted").

    Source: VCDM 2.0, section 4.13 (DM-20 to DM-22).
    """

    place: Location
    kind: Literal["embedded", "enveloped", "text", "self-asserted"]
    document: JsonObject
    envelope: Envelope | None = None

    @property
    def data(self) -> bytes | None:
        """The bytes that somebody secured; None where only the presentation does."""
        if self.envelope is not None:
            return self.envelope.data
        return serialize(self.document).encode() if self.kind == "embedded" else None


def number_of_credentials(document: JsonObject) -> int:
    """Say how many credentials a presentation holds, whatever is wrong with them."""
    return len(items(document))


def embedded(document: JsonObject, limits: Limits = DEFAULT_LIMITS) -> list[Embedded]:
    """Give every credential of a presentation, in its order.

    Whether text or an assertion of the holder may stand here is what `conformance_problems` says.

    Source: VCDM 2.0, section 4.13 (DM-20 to DM-23); VCDM 1.1, section 6.3.1, for text.

    Raises:
        SaysoError: MALFORMED_VALUE_ERROR for what is no object or no envelope, PARSING_ERROR for what an envelope carries in no proper
            base64, LIMIT_EXCEEDED beyond MAX_CREDENTIALS or `limits`.

    >>> embedded({"verifiableCredential": {"issuer": "did:example:ada"}})[0].kind
    'self-asserted'
    """
    found = items(document)
    if len(found) > MAX_CREDENTIALS:
        raise SaysoError.of(LIMIT_EXCEEDED, "more credentials in one presentation than are accepted", "verifiableCredential")
    return [_embedded(item, place, limits) for item, place in found]


def _embedded(item: Json, place: Location, limits: Limits) -> Embedded:
    if isinstance(item, str):
        return Embedded(place, "text", {}, Envelope(MediaType(""), item.encode()))
    if not isinstance(item, dict):
        raise SaysoError.of(MALFORMED_VALUE_ERROR, "a credential in a presentation is an object", *place)
    if not envelopes.is_envelope(item, envelopes.CREDENTIAL):
        return Embedded(place, "embedded" if "proof" in item else "self-asserted", item)
    try:
        return Embedded(place, "enveloped", item, envelopes.unfold(item, limits))
    except SaysoError as error:
        raise error.under(*place) from None


def conformance_problems(document: JsonObject, reading: Reading, *, text: bool = False) -> tuple[Problem, ...]:
    """Say what keeps a document from being a conforming presentation; nothing, if it is one.

    The credentials in it are documents of their own: of each it is only asked whether something secures it.

    Args:
        document: the presentation, without what secures it, or with its `proof`.
        reading: what is known to who reads it.
        text: whether a credential may be text, as in the claim `vp` of a JWT.

    Source: VCDM 2.0, section 4.13 (DM-19 to DM-23).

    >>> from sayso.credentials.vocabulary import bundled
    >>> document: JsonObject = {"@context": ["https://www.w3.org/ns/credentials/v2"], "type": "VerifiablePresentation"}
    >>> conformance_problems(document, Reading(bundled()))
    ()
    """
    look = Inspection((), [])
    check_node(look, document, (), _MEMBERS)
    for name in ("@context", "type"):
        if name not in document:
            look.malformed((name,), "a presentation needs this member")
    check_credentials(look, document, text=text)
    return tuple(look.found) or meaning_problems(document, reading, _LEFT)


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


def check_credentials(look: Inspection, document: JsonObject, *, text: bool) -> None:
    """Check the credentials of a presentation, of whichever data model, as far as they are its own business.

    Source: VCDM 2.0, section 4.13 (DM-20 to DM-23).
    """
    holder, found = holder_id(document), items(document)
    if "verifiableCredential" in document and not found:
        look.malformed(("verifiableCredential",), "an empty array where one or more credentials are expected")
    for item, place in found:
        if not isinstance(item, dict):
            # (DM-20) Strings, also those of an enveloped credential, are refused.
            if not (text and isinstance(item, str)):
                look.malformed(place, "an object is expected")
        elif envelopes.is_envelope(item, envelopes.CREDENTIAL):
            look.found.extend(problem.under(*place) for problem in envelopes.problems(item))
        # Section 4.13.4 (DM-20, DM-22): secured itself, or by the presentation as an assertion of the holder.
        elif "proof" not in item and (holder is None or credential.issuer_id(item) != holder):
            look.malformed(place, "a credential is secured, in an envelope, or issued by the holder")


def items(document: JsonObject) -> list[tuple[Json, Location]]:
    """Give whatever stands where a presentation has its credentials, each with its place."""
    if "verifiableCredential" not in document:
        return []
    value = document["verifiableCredential"]
    if isinstance(value, list):
        return [(item, ("verifiableCredential", index)) for index, item in enumerate(value)]
    return [(value, ("verifiableCredential",))]


_MEMBERS: Mapping[str, Check] = {
    **EVERYWHERE,
    **JWT_CLAIMS,
    "@context": check_contexts,
    "type": check_presentation_types,
    "holder": partial(check_party, checks=EVERYWHERE),
    "termsOfUse": check_objects,
    "proof": check_proofs,
    "verifiableCredential": leave,
}
