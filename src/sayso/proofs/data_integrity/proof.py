"""Read proof objects, before any key is touched.

Source: VC Data Integrity 1.0, sections 2.1 and 4.4 (DI-V1, DI-V2).
"""

from collections.abc import Collection
from typing import NamedTuple

from sayso.credentials.claims_path import Location
from sayso.encodings import multibase
from sayso.errors import (
    CRYPTOGRAPHIC_SECURITY_ERROR,
    INVALID_VERIFICATION_METHOD_URL,
    LIMIT_EXCEEDED,
    MALFORMED_VALUE_ERROR,
    PARSING_ERROR,
    PROOF_VERIFICATION_ERROR,
    SaysoError,
)
from sayso.jsonvalue import Json, JsonObject
from sayso.proofs.data_integrity.suites import DATA_INTEGRITY_PROOF, SUITES, Suite

MAX_PROOFS = 16
"""The most proofs that one document may have: each costs a key, a canonicalisation and a verification."""

_NAMES = frozenset(
    {
        "id",
        "type",
        "cryptosuite",
        "created",
        "expires",
        "verificationMethod",
        "proofPurpose",
        "domain",
        "challenge",
        "nonce",
        "previousProof",
        "proofValue",
    }
)
"""What a proof can say. Source: VC Data Integrity 1.0, section 2.1."""


class Proof(NamedTuple):
    """Hold one proof that nobody has verified.

    `value` is the proof as it stands, `place` where it stands, `previous` the ids of the proofs that it covers too.
    """

    value: JsonObject
    place: Location
    suite: Suite
    key_id: str
    purpose: str
    signature: bytes
    previous: tuple[str, ...]


def proofs_of(document: JsonObject) -> list[tuple[JsonObject, Location]]:
    """List the proofs of a document, each with its place.

    Raises:
        SaysoError: PARSING_ERROR where a proof is no object or there is none, LIMIT_EXCEEDED beyond MAX_PROOFS.
    """
    value = document.get("proof")
    items = value if isinstance(value, list) else [value]
    if len(items) > MAX_PROOFS:
        raise SaysoError.of(LIMIT_EXCEEDED, f"a document has more than {MAX_PROOFS} proofs", "proof")
    found: list[tuple[JsonObject, Location]] = []
    for index, item in enumerate(items):
        place: Location = ("proof", index) if items is value else ("proof",)
        if not isinstance(item, dict):
            raise SaysoError.of(PARSING_ERROR, "a proof is an object", *place)
        found.append((item, place))
    if not found:
        raise SaysoError.of(PARSING_ERROR, "the document has no proof", "proof")
    return found


def read(value: JsonObject, place: Location, accepted: Collection[str]) -> Proof:
    """Read one proof object of an accepted suite.

    Source: VC Data Integrity 1.0, section 4.4 (DI-V2); EdDSA Cryptosuites 1.0, sections 3.2.1 and 3.3.1 (ED-C1, ED-C2).

    Raises:
        SaysoError: PROOF_VERIFICATION_ERROR and others, with a pointer to the member.
    """
    try:
        suite = _suite(value, accepted)
        _check_names(value, suite)
        key_id, purpose = _text(value, "verificationMethod"), _text(value, "proofPurpose")
        if not isinstance(value.get("id", ""), str):
            raise SaysoError.of(MALFORMED_VALUE_ERROR, "the id of a proof is a URL", "id")
        return Proof(value, place, suite, key_id, purpose, _signature(value, suite), _previous(value))
    except SaysoError as error:
        raise error.under(*place) from None


def _suite(value: JsonObject, accepted: Collection[str]) -> Suite:
    kind = value.get("type")
    name = value.get("cryptosuite") if kind == DATA_INTEGRITY_PROOF else kind
    suite = SUITES.get(name) if isinstance(name, str) and name in accepted else None
    if suite is None or suite.type != kind or value.get("cryptosuite") != suite.cryptosuite:
        raise SaysoError.of(CRYPTOGRAPHIC_SECURITY_ERROR, "the proof is of no cryptosuite that is accepted", "cryptosuite")
    return suite


def _check_names(value: JsonObject, suite: Suite) -> None:
    # RDF signs statements: `expires` under another name would keep its signature, and be read by nobody. Nor does it sign a context.
    if not suite.copies_context and not value.keys() <= _NAMES:
        raise SaysoError.of(MALFORMED_VALUE_ERROR, "a proof has a member that is none of those that proofs have")


def _text(value: JsonObject, name: str) -> str:
    text = value.get(name)
    if isinstance(text, str):
        return text
    if name == "verificationMethod" and name in value:
        raise SaysoError.of(INVALID_VERIFICATION_METHOD_URL, "verificationMethod is the DID URL of a key", name)
    raise SaysoError.of(PROOF_VERIFICATION_ERROR, f"a proof has {name}, a string", name)


def _signature(value: JsonObject, suite: Suite) -> bytes:
    text = value.get("proofValue")
    if not isinstance(text, str):
        raise SaysoError.of(PROOF_VERIFICATION_ERROR, "a proof has proofValue, a string", "proofValue")
    try:
        signature = multibase.decode_base58btc(text)
    except SaysoError as error:
        raise error.under("proofValue") from None
    if len(signature) not in {signing.signature_bytes for signing in suite.keys.values()}:
        raise SaysoError.of(PROOF_VERIFICATION_ERROR, "proofValue has the size of no signature of this cryptosuite", "proofValue")
    return signature


def _previous(value: JsonObject) -> tuple[str, ...]:
    # VC Data Integrity 1.0, section 2.1.2 (DI-S3): one string, or an array of them.
    previous: Json = value.get("previousProof", [])
    names = previous if isinstance(previous, list) else [previous]
    if not all(isinstance(name, str) for name in names) or ("previousProof" in value and not names):
        raise SaysoError.of(MALFORMED_VALUE_ERROR, "previousProof is the id of a proof, or an array of them", "previousProof")
    return tuple(str(name) for name in names)
