"""Write, sign and read what lasts: plain credentials about a share, which any verifier of VCDM 2.0 reads. They hold no value of a claim."""

from collections.abc import Callable, Iterable, Mapping
from datetime import datetime, timedelta
from typing import Any, Final, NamedTuple, TypeAlias

from sayso.credentials.contexts.bundled import CREDENTIALS_V2, UNDEFINED_TERMS_V2
from sayso.credentials.formats import JWT_VC, LDP_VC
from sayso.credentials.kinds import Claim
from sayso.credentials.media_types import VC, VC_JWT
from sayso.credentials.validity import format_date_time, parse_date_time
from sayso.dids.identity import Identity
from sayso.dids.method import DidMethod
from sayso.dids.resolution import METHODS
from sayso.encodings import base64url, jcs, multibase, multihash
from sayso.encodings.multihash import digest_multibase
from sayso.entropy import Entropy
from sayso.errors import RANGE_ERROR, SaysoError
from sayso.identifiers import Did, MediaType
from sayso.jsonvalue import Json, JsonObject, parse_object
from sayso.proofs.data_integrity.signing import ProofOptions, add_proof
from sayso.proofs.data_integrity.suites import EDDSA_JCS, World
from sayso.proofs.jose import jws
from sayso.retrieval import Steps
from sayso.sharing import attribute, strict
from sayso.sharing.offer import path_of
from sayso.sharing.terms import read_duration
from sayso.verification.expectations import ANYONE, Expectations
from sayso.verification.pipeline import judge

Readers: TypeAlias = dict[str, Callable[[Json], Any]]
"""Read members, each by its name."""

FORMATS: Final = (JWT_VC.typ, EDDSA_JCS)
"""How it can be signed: "vc+jwt" or "eddsa-jcs-2022"."""
NO_SKEW: Final = timedelta(0)
_CONTEXTS: Final = (CREDENTIALS_V2, UNDEFINED_TERMS_V2)
_PROOF: Final = frozenset({"type", "cryptosuite", "created", "verificationMethod", "proofPurpose", "@context", "proofValue"})
_SHA_256: Final = "sha2-256"
_UUID_BYTES: Final = 16
_RANDOM, _VARIANT = 4, 2  # RFC 9562, sections 4.1 and 5.4


class Artefact(NamedTuple):
    """Hold a document that its issuer signed, and the digest of its bytes as `digestMultibase`."""

    document: JsonObject
    issuer: Did
    digest: str


def new_id(entropy: Entropy) -> str:
    """Make an identifier. Source: RFC 9562, section 5.4 (UUID version 4)."""
    number = bytearray(entropy(_UUID_BYTES))
    number[6] = number[6] & 0x0F | _RANDOM << 4
    number[8] = number[8] & 0x3F | _VARIANT << 6
    text = number.hex()
    return "urn:uuid:" + "-".join((text[:8], text[8:12], text[12:16], text[16:20], text[20:]))


def document_of(kind: str, identifier: str, issuer: Did, at: datetime, subject: JsonObject, **more: Json) -> JsonObject:
    """Write a credential of this kind; what is None is left out."""
    document: JsonObject = {
        "@context": [*_CONTEXTS],
        "type": ["VerifiableCredential", kind],
        "id": identifier,
        "issuer": issuer,
        "validFrom": format_date_time(at),
        **more,
        "credentialSubject": subject,
    }
    return {name: value for name, value in document.items() if value is not None}


def check_format(name: object) -> None:
    """Refuse what is no way to sign it.

    Raises:
        ValueError: it is none of FORMATS.
    """
    if name not in FORMATS:
        msg = f"format is one of {', '.join(FORMATS)}"
        raise ValueError(msg)


def secure(document: JsonObject, identity: Identity, name: str, at: datetime) -> tuple[bytes, MediaType]:
    """Sign a document as it stands.

    Raises:
        ValueError: the format is none of FORMATS.
    """
    check_format(name)
    if name == JWT_VC.typ:
        token = jws.sign(jws.protect(JWT_VC.header(identity.algorithm, identity.key_id)), document, identity.signer)
        return token.encode(), VC_JWT
    options = ProofOptions(suite=EDDSA_JCS, key_id=identity.key_id, purpose=LDP_VC.relationship, created=at)
    world = World(_expected().reading.contexts)
    return jcs.canonicalize(add_proof(document, options, identity.signer, world)), VC


def _expected() -> Expectations:
    # The end of what lasts is asked about by who wants to know: it is evidence after it too. JCS signs it to the letter, lists in order.
    return Expectations(
        issuers=ANYONE, holder_binding=False, status="ignore", schema="ignore", cryptosuites=(EDDSA_JCS,), skew=timedelta.max
    )


def read(data: bytes, kind: str, at: datetime, *, skew: timedelta, methods: tuple[DidMethod, ...] = METHODS) -> Steps[Artefact]:
    """Verify a credential of this kind, whether it has ended or not; it may not begin in the future.

    Raises:
        SaysoError: with every problem of the credential, MALFORMED_VALUE_ERROR where it is of another kind, or RANGE_ERROR.
    """
    judged = yield from judge(data, _expected(), at, methods=methods)
    proven = judged.proven
    if proven is None:
        raise SaysoError(*judged.problems)
    document = proven.document
    # What a proof of JCS signs has many spellings, and a digest is of one: that which it is written in.
    if proven.format is LDP_VC and data != jcs.canonicalize(parse_object(data)):
        raise strict.refused("it is written in its canonical form")
    if proven.format not in (JWT_VC, LDP_VC) or document.get("type") != ["VerifiableCredential", kind]:
        raise strict.refused(f"it is a VerifiableCredential and {kind}, and nothing else", "type")
    if document.get("@context") != [*_CONTEXTS]:
        raise strict.refused("the contexts are those of VCDM 2.0 and of undefined terms", "@context")
    # A set of proofs can be added to by anybody; and what a proof says beside its signature could be anything.
    if len(proven.proofs) > 1 or any(not one.members.keys() <= _PROOF for one in proven.proofs):
        raise strict.refused("there is one proof, that says what such a proof says and nothing else", "proof")
    if member(document, "validFrom", instant) - at > skew:
        raise SaysoError.of(RANGE_ERROR, "it was signed later than now", "validFrom")
    return Artefact(document, member(document, "issuer", strict.did), digest_multibase(data))


def member(members: Mapping[str, Json], name: str, read_one: Callable[[Json], Any]) -> Any:
    """Read one member with its reader.

    Raises:
        SaysoError: MALFORMED_VALUE_ERROR, with a pointer to it.
    """
    try:
        return read_one(members.get(name))
    except SaysoError as error:
        raise error.under(name) from None


def whole(artefact: Artefact, subject: Mapping[str, Callable[[Json], Any]], needed: Iterable[str], **more: Callable[[Json], Any]) -> Any:
    """Read the members of a document, and those of its subject; what is not known is refused, so that no value can hide there.

    Gives those of the document, with those of the subject as `credentialSubject`.

    Raises:
        SaysoError: MALFORMED_VALUE_ERROR, with a pointer.
    """
    required = [*needed]
    readers: Readers = {
        **dict.fromkeys(("@context", "type"), lambda _: None),
        "id": strict.name,
        "issuer": strict.did,
        "validFrom": instant,
        "credentialSubject": lambda value: strict.members(value, {"id": strict.did, **subject}, ["id", *required]),
        **more,
    }
    return strict.members(artefact.document, readers, ["id", "issuer", "validFrom", *more])


def instant(value: Json) -> datetime:
    """Read an instant, in UTC and whole seconds.

    Raises:
        SaysoError: MALFORMED_VALUE_ERROR.
    """
    found = parse_date_time(value)
    if format_date_time(found) != value:
        raise strict.refused("an instant is in UTC, to the second")
    return found


def duration(value: Json) -> timedelta:
    """Read a duration.

    Raises:
        SaysoError: MALFORMED_VALUE_ERROR.
    """
    try:
        return read_duration(value)
    except SaysoError as error:
        raise strict.refused(error.problems[0].detail) from None


def write_claims(claims: Iterable[Claim]) -> list[Json]:
    """Write claims as paths."""
    return [[*path_of(claim)] for claim in claims]


def read_claims(value: Json) -> tuple[Claim, ...]:
    """Read paths of claims, each once.

    Raises:
        SaysoError: MALFORMED_VALUE_ERROR, with a pointer.
    """
    found = strict.listed(value, _claim)
    if not found or len({path_of(claim) for claim in found}) < len(found):
        raise strict.refused("claims are one or more, each once")
    return found


def _claim(value: Json, _: int) -> Claim:
    try:
        if isinstance(value, list):
            return attribute.read_claim(value)
    except ValueError as error:
        raise strict.refused(str(error)) from None
    raise strict.refused("a claim is the array of its path")


def digest(value: Json) -> str:
    """Read the SHA-256 digest of something, as `digestMultibase`.

    Raises:
        SaysoError: MALFORMED_VALUE_ERROR.
    """
    text = strict.name(value)
    _hash(text)
    return text


def _hash(text: str) -> bytes:
    try:
        found = multihash.decode(multibase.decode(text))
    except SaysoError:
        found = None
    if found is None or found.name != _SHA_256 or not text.startswith("u"):
        raise strict.refused("a digest is base64url in multibase, of a multihash of SHA-256")
    return found.digest


def resources(**digests: str) -> list[Json]:
    """Write what a document is about, by its digests: each is a related resource, named by its content.

    Source: VCDM 2.0, section 5.3 (Integrity of Related Resources); RFC 6920, section 3.
    """
    return [{"id": _name_of(text), "role": role, "digestMultibase": text} for role, text in digests.items()]


def _name_of(text: str) -> str:
    return f"ni:///sha-256;{base64url.encode(_hash(text))}"


def read_resources(*roles: str) -> Callable[[Json], dict[str, str]]:
    """Give the reader of the digests of what a document is about, by their roles: these, in this order."""

    def read_one(value: Json, _: int) -> tuple[str, str]:
        found = strict.members(
            value, {"id": strict.name, "role": strict.name, "digestMultibase": digest}, ("id", "role", "digestMultibase")
        )
        if found["id"] != _name_of(found["digestMultibase"]):
            raise strict.refused("a resource is named by its digest", "id")
        return found["role"], found["digestMultibase"]

    def read_all(value: Json) -> dict[str, str]:
        found = strict.listed(value, read_one)
        if [role for role, _ in found] != [*roles]:
            raise strict.refused(f"the resources are {', '.join(roles)}")
        return dict(found)

    return read_all
