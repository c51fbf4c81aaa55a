"""Ask the eight questions, one function each."""

from collections.abc import Iterable, Sequence
from datetime import datetime
from typing import TypeVar

from sayso.credentials import validity
from sayso.credentials.claims_path import Location, Places
from sayso.dids.resolution import DidMethod, retrieve_verification_method
from sayso.errors import (
    EXCESS_DISCLOSURE,
    HOLDER_BINDING,
    INVALID_CHALLENGE_ERROR,
    INVALID_DOMAIN_ERROR,
    INVALID_VERIFICATION_METHOD,
    PARSING_ERROR,
    STATUS_RETRIEVAL_ERROR,
    UNEXPECTED_TYPE,
    UNTRUSTED_ISSUER,
    Problem,
    SaysoError,
    pointer,
)
from sayso.keys.verification_key import VerificationKey
from sayso.proofs.mechanism import Decoded, Policy, Proven, SecuringMechanism
from sayso.query import claims as query_claims
from sayso.query.claims import Selection
from sayso.retrieval import Steps, done
from sayso.status import entries
from sayso.verification.expectations import Expectations

T = TypeVar("T")
Problems = tuple[Problem, ...]


def decode(data: bytes, mechanisms: Sequence[SecuringMechanism[T]], policy: Policy) -> Decoded[T]:
    """Ask (1) whether the input is of a known format, well-formed, canonical, and within the limits."""
    for mechanism in mechanisms:
        decoded = mechanism.decode(data, policy)
        if decoded is not None:
            return decoded
    raise SaysoError.of(PARSING_ERROR, "the input is of no format that is known here")


def resolve(decoded: Decoded[T], at: datetime, methods: tuple[DidMethod, ...]) -> Steps[VerificationKey]:
    """Ask (2) whose key should have signed, and whether it is authorised for this purpose.

    Source: Controlled Identifiers 1.0, section 3.3 (CID-3).
    """
    method = yield from retrieve_verification_method(decoded.key_id, decoded.relationship, at, methods)
    return method.key


def prove(decoded: Decoded[T], key: VerificationKey) -> T:
    """Ask (3) whether that key, and the holder's, signed exactly this."""
    return decoded.prove(key)


def conform(proven: Proven, expectations: Expectations, _: datetime) -> Steps[Problems]:
    """Ask (4) whether it conforms to its data model."""
    # An element that stays undisclosed was made disclosable too (SD-I8): a status that its holder keeps back must not pass unseen.
    disclosed = [*proven.disclosed, *((*array, len(left)) for array, left in proven.positions.items())]
    return done(proven.format.problems(proven.document, expectations.kinds, proven.hiding, disclosed))


def bind(proven: Proven, expectations: Expectations, _: datetime) -> Steps[Problems]:
    """Ask (5) whether the issuer is bound to the key, the holder to the credential, and the presentation to this verifier and request."""
    return done((*_issuer_binding(proven), *_audience(proven, expectations), *_holder_binding(proven, expectations)))


def _issuer_binding(proven: Proven) -> Iterable[Problem]:
    # VCDM 2.0, section 7.1 (DM-27); SD-JWT VC draft 19, section 2.5 in our DID profile: the key is the issuer's own.
    did, _, _ = proven.key_id.partition("#")  # a DID with a fragment alone, or stage 2 had found no key
    if proven.format.issuer_of(proven.document) != did:
        yield Problem(INVALID_VERIFICATION_METHOD, "the key is not the issuer's", pointer(*proven.format.issuer))


def _audience(proven: Proven, expectations: Expectations) -> Iterable[Problem]:
    # RFC 7519, section 4.1.3: whoever is not in an aud that is present must refuse; RFC 9901, section 7.1, step 6.
    if "aud" in proven.document:
        audience = proven.document["aud"]
        named = audience if isinstance(audience, list) else [audience]
        if expectations.audience is None or not all(isinstance(name, str) for name in named) or expectations.audience not in named:
            yield Problem(INVALID_DOMAIN_ERROR, "the issuer restricted the credential to another audience", "/aud")


def _holder_binding(proven: Proven, expectations: Expectations) -> Iterable[Problem]:
    # RFC 9901, section 7.3, steps 1, 2 and 3.7 (SD-B1, SD-B2): what is required was decided before this arrived.
    binding = proven.binding
    if binding is None:
        if expectations.holder_binding:
            yield Problem(HOLDER_BINDING, "key binding is required and absent")
        return
    if expectations.audience is None or binding["aud"] != expectations.audience:
        yield Problem(INVALID_DOMAIN_ERROR, "the holder presented it to another audience", "/key_binding/aud")
    if expectations.nonce is None or binding["nonce"] != expectations.nonce:
        yield Problem(INVALID_CHALLENGE_ERROR, "the holder answered another request", "/key_binding/nonce")


def date(proven: Proven, expectations: Expectations, at: datetime) -> Steps[Problems]:
    """Ask (6) whether this instant is inside every window.

    The windows are read from the processed claims (RFC 9901, section 7.1, step 6; SD-V8).
    """
    problems = proven.format.dates(proven.document, at, expectations.skew)
    if proven.binding is not None:
        held = validity.token_problems(proven.binding, at, expectations.skew, max_age=expectations.max_age)
        problems = (*problems, *(problem.under("key_binding") for problem in held))
    return done(problems)


def status(proven: Proven, expectations: Expectations, _: datetime) -> Steps[Problems]:
    """Ask (7) whether it is revoked or suspended, or whether that cannot be decided."""
    if expectations.status == "waive":
        return done(())
    return done(
        tuple(
            Problem(STATUS_RETRIEVAL_ERROR, "the status cannot be decided", entry.place)
            for entry in entries.entries(proven.document, proven.format.status_member)
            if entry.known or expectations.unknown_status == "refuse"
        )
    )


def trust(proven: Proven, expectations: Expectations, _: datetime) -> Steps[Problems]:
    """Ask (8) whether the issuer is trusted, the type expected, and whether this is what was asked for."""
    return done((*_issuer_trust(proven, expectations), *_type_trust(proven, expectations), *_asked(proven, expectations)))


def _issuer_trust(proven: Proven, expectations: Expectations) -> Iterable[Problem]:
    issuer = proven.format.issuer_of(proven.document)
    if issuer is None or not expectations.trusts(issuer):
        yield Problem(UNTRUSTED_ISSUER, "the issuer is not one of those that are trusted", pointer(*proven.format.issuer))


def _type_trust(proven: Proven, expectations: Expectations) -> Iterable[Problem]:
    if expectations.types is not None and _types(proven, expectations).isdisjoint(expectations.type_names):
        yield Problem(UNEXPECTED_TYPE, "the credential has none of the types that are expected")


def _types(proven: Proven, expectations: Expectations) -> frozenset[str]:
    return proven.format.types(proven.document, expectations.kinds)


def _asked(proven: Proven, expectations: Expectations) -> Iterable[Problem]:
    # OpenID4VP 1.0, section 8.6 (VP-12): a wallet is not trusted to have kept to the query.
    asked = expectations.asked
    if asked is None:
        return
    mismatch = query_claims.mismatch(asked, proven.format.id, _types(proven, expectations))
    if mismatch is not None:
        yield mismatch
    selection = query_claims.select(asked, proven.document, proven.positions)
    if not selection.options:
        yield from query_claims.missing(asked, proven.document, proven.positions)
    if expectations.unasked == "refuse":
        yield from excess(_unneeded(proven, selection))


def excess(places: Iterable[Location]) -> list[Problem]:
    """Say of disclosed places that nobody asked for them."""
    return [Problem(EXCESS_DISCLOSURE, "nobody asked for this claim", pointer(*place)) for place in places]


def unasked(proven: Proven, expectations: Expectations) -> list[Location]:
    """Give the disclosed places that nothing that was asked for needs, where that does not refuse the credential."""
    if expectations.asked is None or expectations.unasked == "refuse":
        return []  # or stage 8 has refused it
    return _unneeded(proven, query_claims.select(expectations.asked, proven.document, proven.positions))


def _unneeded(proven: Proven, selection: Selection) -> list[Location]:
    # OpenID4VP 1.0, section 6.4.1 (DQ-S5, DQ-S6)
    selected = {place for found in selection.asked for place in found.locations}
    if selected.issuperset(proven.disclosed):
        return []  # as it nearly always is: what was asked for, each in a disclosure of its own
    places = [*proven.disclosed]
    needed = {*Places(places).needed(selected)}
    return [place for number, place in enumerate(places) if number not in needed]
