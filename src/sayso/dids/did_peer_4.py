"""Read and write did:peer:4, whose long form holds a whole document, and whose short form is the digest of that.

Source: Peer DID Method (DIF, 2024), "Method 4" (PEER-4).
"""

from collections.abc import Iterator

from sayso.dids.document import RELATIONSHIPS
from sayso.encodings import multibase, multihash
from sayso.errors import INVALID_DID, SaysoError
from sayso.identifiers import Did
from sayso.jsonvalue import Json, JsonObject, parse_object, serialize

MAX_BASE58_CHARACTERS = 8192
"""The longest document that is read, as base58: about 6 kB of JSON."""

_PREFIX = "did:peer:4"
_JSON = b"\x80\x04"  # the varint of the multicodec 0x0200


def did_of(input_document: JsonObject) -> Did:
    """Give the DID, in its long form, of a document without an `id`, whose own ids and references are relative.

    Source: Peer DID Method, "Creating a DID" (PEER-4).

    Raises:
        SaysoError: INVALID_DID for a document that may not be one.
    """
    _check(input_document)
    encoded = multibase.encode_base58btc(_JSON + serialize(input_document).encode())
    return Did(f"{_PREFIX}{_hash(encoded)}:{encoded}")


def is_long(did: str) -> bool:
    """Tell whether a did:peer:4 is in its long form."""
    return ":" in did[len(_PREFIX) :]


def short_of(did: str) -> Did:
    """Give the short form of a DID in its long form.

    Raises:
        SaysoError: INVALID_DID, where the digest is not that of the document.
    """
    claimed, colon, encoded = did[len(_PREFIX) :].partition(":")
    if not colon or claimed != _hash(encoded):
        raise SaysoError.of(INVALID_DID, "the digest of a did:peer:4 is not that of its document")
    return Did(_PREFIX + claimed)


def members(did: Did, identity: Did) -> JsonObject:
    """Write the document that a did:peer:4 in its long form holds, of itself or of its short form.

    Source: Peer DID Method, "Resolving a DID" (PEER-4).

    Raises:
        SaysoError: INVALID_DID.
    """
    short = short_of(did)  # the digest first
    value = _decoded(did.rpartition(":")[2])
    _check(value)
    known = value.get("alsoKnownAs", [])
    if not isinstance(known, list):
        raise SaysoError.of(INVALID_DID, "alsoKnownAs is no array")
    for method in _methods(value):
        method.setdefault("controller", identity)
    return {**value, "id": identity, "alsoKnownAs": [*known, short if identity == did else did]}


def _hash(encoded: str) -> str:
    return multibase.encode_base58btc(multihash.encode(encoded.encode()))


def _decoded(encoded: str) -> JsonObject:
    try:
        data = multibase.decode_base58btc(encoded, most=MAX_BASE58_CHARACTERS)
        if not data.startswith(_JSON):
            raise SaysoError.of(INVALID_DID, "a did:peer:4 holds something else than JSON")
        return parse_object(data[len(_JSON) :])
    except SaysoError as error:
        raise SaysoError.of(INVALID_DID, error.problems[0].detail) from None


def _check(value: JsonObject) -> None:
    if "id" in value:
        raise SaysoError.of(INVALID_DID, "the document of a did:peer:4 has no id before it is resolved")
    services = value.get("service", [])
    for named in (*_methods(value), *(services if isinstance(services, list) else [])):
        if not isinstance(named, dict) or not str(named.get("id")).startswith("#"):
            raise SaysoError.of(INVALID_DID, "in the document of a did:peer:4 every id is relative")


def _methods(value: JsonObject) -> Iterator[JsonObject]:
    """Give every verification method, embedded ones too; what is no object is refused where the document is parsed."""
    for name in ("verificationMethod", *RELATIONSHIPS):
        members: Json = value.get(name)
        yield from (member for member in (members if isinstance(members, list) else []) if isinstance(member, dict))
