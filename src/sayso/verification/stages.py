"""Ask the eight questions, one function each."""

from collections.abc import Collection, Iterable, Mapping, Sequence
from datetime import datetime
from typing import TypeVar

from sayso.credentials import validity
from sayso.credentials.claims_path import Location
from sayso.credentials.formats import JWT_VC, JWT_VP, LDP_VC, LDP_VP
from sayso.credentials.presentation import number_of_credentials
from sayso.dids.document import VerificationMethod
from sayso.dids.method import DidMethod
from sayso.dids.resolution import usable
from sayso.errors import (
    EXCESS_DISCLOSURE,
    HOLDER_BINDING,
    INVALID_CHALLENGE_ERROR,
    INVALID_DOMAIN_ERROR,
    INVALID_VERIFICATION_METHOD,
    LIMIT_EXCEEDED,
    MISSING_CLAIM,
    PARSING_ERROR,
    STATUS_RETRIEVAL_ERROR,
    UNEXPECTED_TYPE,
    UNTRUSTED_ISSUER,
    Problem,
    SaysoError,
    pointer,
)
from sayso.jsonvalue import Json, JsonObject
from sayso.keys import jwk
from sayso.proofs.mechanism import Binding, Decoded, Found, FoundKey, Policy, Proven, SecuringMechanism
from sayso.query import claims as query_claims
from sayso.retrieval import Steps, done
from sayso.status import entries
from sayso.status.entries import StatusEntry
from sayso.verification.excess import excess, unneeded
from sayso.verification.expectations import Expectations, Presenter
from sayso.verification.key_sources import BY_DID, KeyWays, find_key, find_key_alone, is_vain

T = TypeVar("T")
Problems = tuple[Problem, ...]
KnownKeys = Mapping[str, VerificationMethod]

PRESENTED: Mapping[str, str] = {LDP_VP.id: LDP_VC.id, JWT_VP.id: JWT_VC.id}
"""The formats of presentations, and those of the credentials that an answer presents in them."""


def decode(data: bytes, mechanisms: Sequence[SecuringMechanism[T]], policy: Policy) -> Decoded[T]:
    """Ask (1) whether the input is of a known format, well-formed, canonical, and within the limits."""
    for mechanism in mechanisms:
        decoded = mechanism.decode(data, policy)
        if decoded is not None:
            return decoded
    raise SaysoError.of(PARSING_ERROR, "the input is of no format that is known here")


def resolve(
    decoded: Decoded[T],
    at: datetime,
    methods: tuple[DidMethod, ...],
    policy: Policy,
    known: KnownKeys,
    *,
    ways: KeyWays = BY_DID,
    trusted: Collection[str] | None = None,
) -> Steps[tuple[Found, ...]]:
    """Ask (2) whose keys should have signed, and whether they are authorised for this purpose.

    Nobody is asked for keys with which none of the `trusted` issuers can have signed (None: whoever signed may have). Where one of several
    signatures may be missing, the reason why its key could not be found stands in its place.

    Source: Controlled Identifiers 1.0, section 3.3 (CID-3).
    """
    found: list[Found] = []
    vain = is_vain(decoded.signers, trusted)
    for use in decoded.signers:
        try:
            if use.key_id in known:
                method = usable(known[use.key_id], at)
                found.append(FoundKey(method.key, method.controller))
            else:
                found.append((yield from (find_key_alone if vain else find_key)(use, at, methods, ways)))
        except SaysoError as error:
            if policy.all_proofs:
                raise error.under(*use.place) from None
            found.append(error.under(*use.place))
    return tuple(found)


def prove(decoded: Decoded[T], found: Sequence[Found]) -> T:
    """Ask (3) whether those keys, and the holder's, signed exactly this."""
    return decoded.prove(found)


def conform(proven: Proven, expectations: Expectations, _: datetime) -> Steps[Problems]:
    """Ask (4) whether it conforms to its data model."""
    # An element that stays undisclosed was made disclosable too (SD-I8): a status that its holder keeps back must not pass unseen.
    disclosed = [*proven.disclosed, *((*array, len(left)) for array, left in proven.positions.items())]
    reading = expectations.reading._replace(transformed=True) if proven.transformed else expectations.reading
    return done(proven.format.problems(proven.document, reading, proven.hiding, disclosed))


def bind(proven: Proven, expectations: Expectations, _: datetime) -> Steps[Problems]:
    """Ask (5) whether the issuer is bound to the key, the holder to the credential, and the presentation to this verifier and request."""
    return done((*_issuer_binding(proven, expectations), *_audience(proven, expectations), *_holder_binding(proven, expectations)))


def _issuer_binding(proven: Proven, expectations: Expectations) -> Iterable[Problem]:
    # VCDM 2.0, section 7.1 (DM-27); SD-JWT VC draft 19, section 2.5 in our DID profile: the key is the issuer's own, or one of the keys is.
    named = proven.format.issuer_of(proven.document)
    if proven.format.presents and "holder" not in proven.document:
        return  # section 4.13 (DM-19): who presents need not say so beside the signature
    if expectations.issuer_binding and all(signer.controller != named for signer in proven.signers):
        party = "holder" if proven.format.presents else "issuer"
        yield Problem(INVALID_VERIFICATION_METHOD, f"the key is not the {party}'s", pointer(*proven.format.issuer))


def _audience(proven: Proven, expectations: Expectations) -> Iterable[Problem]:
    # RFC 7519, section 4.1.3: whoever is not in an aud that is present must refuse; RFC 9901, section 7.1, step 6.
    claims = proven.claims or proven.document
    if "aud" in claims and not proven.format.presents:
        named = _names(claims["aud"])
        if named is None or expectations.audience not in named:
            yield Problem(INVALID_DOMAIN_ERROR, "the issuer restricted the credential to another audience", "/aud")


def _names(value: Json) -> frozenset[str] | None:
    names = value if isinstance(value, list) else [value]
    return frozenset(str(name) for name in names) if all(isinstance(name, str) for name in names) else None


def _holder_binding(proven: Proven, expectations: Expectations) -> Iterable[Problem]:
    # RFC 9901, section 7.3, steps 1, 2 and 3.7 (SD-B1, SD-B2): what is required was decided before this arrived.
    if expectations.holder_binding and not proven.bindings:
        yield Problem(HOLDER_BINDING, "a holder's signature is required and absent")
    if proven.format.presents and not expectations.holder_binding:
        yield Problem(UNEXPECTED_TYPE, "a credential is expected, and no presentation of one")
    if expectations.presenter is not None and expectations.subjects == "presenter":
        yield from _presented_by(proven, expectations.presenter)
    for binding in proven.bindings:
        yield from _addressee(binding, expectations)


def _addressee(binding: Binding, expectations: Expectations) -> Iterable[Problem]:
    # VC Data Integrity 1.0, section 4.4 (DI-V4: equality of sets, DI-V5); RFC 7519, section 4.1.3.
    members, wording = binding.members, binding.wording
    expected = expectations.audiences(wording.audience)
    named = _names(members[wording.audience]) if wording.audience in members else frozenset[str]()
    if named != expected and (wording.whole or not named or expected.isdisjoint(named)):
        yield Problem(INVALID_DOMAIN_ERROR, "the holder presented it to another audience", pointer(*binding.place, wording.audience))
    if members.get(wording.nonce) != expectations.nonce:
        yield Problem(INVALID_CHALLENGE_ERROR, "the holder answered another request", pointer(*binding.place, wording.nonce))


def _presented_by(proven: Proven, presenter: Presenter) -> Iterable[Problem]:
    # Each subject that has an identifier is who presents the credential, and so is who holds the key that it confirms.
    claims = proven.claims or proven.document
    for subject, _ in _subjects(proven):
        if "id" in subject and not _names_presenter(subject["id"], presenter):
            yield Problem(HOLDER_BINDING, "the subject is not who presented the credential", "/credentialSubject")
    if "cnf" in claims:
        if not _confirms(claims["cnf"], presenter):
            yield Problem(HOLDER_BINDING, "the credential confirms another key than that of who presented it", "/cnf")
    elif "sub" in claims and not _names_presenter(claims["sub"], presenter):
        yield Problem(HOLDER_BINDING, "sub is not who presented the credential", "/sub")
    elif _keeps_its_subject_back(proven):
        yield Problem(HOLDER_BINDING, "who the credential is about may stand in what it does not disclose", "/credentialSubject")


def _names_presenter(value: Json, presenter: Presenter) -> bool:
    return isinstance(value, str) and value in presenter.ids


def _subjects(proven: Proven) -> list[tuple[JsonObject, Location]]:
    place: Location = ("credentialSubject",)
    value = proven.document.get("credentialSubject")
    items = [(item, (*place, index)) for index, item in enumerate(value)] if isinstance(value, list) else [(value, place)]
    return [(item, where) for item, where in items if isinstance(item, dict)]


def _keeps_its_subject_back(proven: Proven) -> bool:
    # Somebody else's credential would pass for one about nobody, if the identifier in it were not disclosed.
    if "credentialSubject" not in proven.document:
        return () in proven.hiding
    anonymous = [where for subject, where in _subjects(proven) if "id" not in subject]
    return ("credentialSubject",) in proven.positions or not proven.hiding.isdisjoint(anonymous)


def _confirms(value: Json, presenter: Presenter) -> bool:
    # RFC 7800, section 3.1: what confirms a key in a way that is not known here confirms none.
    try:
        return isinstance(value, dict) and jwk.decode_any(value.get("jwk")) in presenter.keys
    except SaysoError:
        return False


def date(proven: Proven, expectations: Expectations, at: datetime) -> Steps[Problems]:
    """Ask (6) whether this instant is inside every window.

    The windows are read from the processed claims (RFC 9901, section 7.1, step 6; SD-V8).
    """
    return done(date_problems(proven, expectations, at))


def date_problems(proven: Proven, expectations: Expectations, at: datetime) -> Problems:
    """Say what the windows have against an instant."""
    skew, text = expectations.skew, expectations.text_dates
    problems = [*proven.format.date_problems(proven.document, at, skew, text=text)]
    if proven.claims and not proven.format.presents:  # those of a presentation are its binding
        problems += validity.token_problems(proven.claims, at, skew, text=text)
    for bindings, oldest in ((proven.proofs, None), (proven.bindings, expectations.max_age)):
        for binding in bindings:
            problems += (problem.under(*binding.place) for problem in binding.date_problems(at, skew, oldest, text=text))
    return tuple(problems)


def status(proven: Proven, expectations: Expectations, _: datetime) -> Steps[Problems]:
    """Ask (7) whether it is revoked or suspended, or whether that cannot be decided.

    What the entries say of themselves is looked at here, and lists are asked for once nothing else is open (TS-6, step 1).
    """
    if expectations.status == "ignore":
        return done(())
    said = status_entries(proven)
    if len(said) > entries.MAX_ENTRIES:
        return done((Problem(LIMIT_EXCEEDED, "more status entries of one credential than are accepted", said[0].place),))
    return done(waived(_entry_problems(said, expectations), expectations))


def status_entries(proven: Proven) -> list[StatusEntry]:
    """Give the status entries of a credential, and those of the JWT around it (Token Status List, section 6.1); a presentation has none."""
    if proven.format.presents:  # its holder would have the verifier ask for whatever list they name
        return []
    said = entries.entries(proven.document, proven.format.status_member)
    return said + entries.entries(proven.claims, "status") if "status" in proven.claims else said


def _entry_problems(said: Iterable[StatusEntry], expectations: Expectations) -> Iterable[Problem]:
    for entry in said:
        try:
            if entries.parse(entry) is None and expectations.unknown_status == "refuse":
                yield Problem(STATUS_RETRIEVAL_ERROR, "nobody here knows this kind of status", entry.place)
        except SaysoError as error:
            yield from error.problems


def waived(problems: Iterable[Problem], expectations: Expectations) -> Problems:
    """Leave out what could not be decided of a status, where that may be so; what was decided stays."""
    return tuple(one for one in problems if one.decided or expectations.status == "require")


def trust(proven: Proven, expectations: Expectations, _: datetime) -> Steps[Problems]:
    """Ask (8) whether the issuer is trusted, the type expected, and whether this is what was asked for."""
    if proven.format.presents:
        # The rest is asked of each credential in it.
        return done((*_number(proven, expectations), *_presentation_asked(proven, expectations)))
    return done((*_issuer_trust(proven, expectations), *_type_trust(proven, expectations), *_asked(proven, expectations)))


def _number(proven: Proven, expectations: Expectations) -> Iterable[Problem]:
    number, expected = number_of_credentials(proven.document), expectations.credentials
    if number == 0 if expected is None else number != expected:
        kind = MISSING_CLAIM if number < (expected or 1) else EXCESS_DISCLOSURE
        yield Problem(kind, "the presentation does not hold as many credentials as are expected", "/verifiableCredential")


def _presentation_asked(proven: Proven, expectations: Expectations) -> Iterable[Problem]:
    # OpenID4VP 1.0, appendix B: each credential format has its own format of presentations; SD-JWTs are presented by themselves.
    asked = expectations.asked
    if asked is None:
        return
    if asked.format != PRESENTED.get(proven.format.id):
        yield Problem(UNEXPECTED_TYPE, "what was asked for is not presented in this format")
    # Section 6.1: one credential, unless the query takes several.
    if not asked.multiple and expectations.credentials is None and number_of_credentials(proven.document) > 1:
        yield Problem(EXCESS_DISCLOSURE, "one credential was asked for", "/verifiableCredential")


def _issuer_trust(proven: Proven, expectations: Expectations) -> Iterable[Problem]:
    issuer = proven.format.issuer_of(proven.document)
    if issuer is None or not expectations.trusts(issuer):
        yield Problem(UNTRUSTED_ISSUER, "the issuer is not one of those that are trusted", pointer(*proven.format.issuer))


def _type_trust(proven: Proven, expectations: Expectations) -> Iterable[Problem]:
    if expectations.types is not None and _types(proven, expectations).isdisjoint(expectations.type_names):
        yield Problem(UNEXPECTED_TYPE, "the credential has none of the types that are expected")


def _types(proven: Proven, expectations: Expectations) -> frozenset[str]:
    return proven.format.types(proven.document, expectations.reading)


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
        yield from excess(unneeded(proven, selection))
