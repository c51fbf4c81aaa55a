"""Read and write did:peer:2, which lists its keys and services one after the other.

Source: Peer DID Method (DIF, 2024), "Method 2" and "Method 3" (PEER-2, PEER-3).
"""

from collections.abc import Sequence

from sayso.encodings import base64url, multibase, multihash
from sayso.errors import INVALID_DID, LIMIT_EXCEEDED, SaysoError
from sayso.identifiers import Did
from sayso.jsonvalue import Json, JsonObject, parse_object, serialize
from sayso.keys import multikey, x25519
from sayso.keys.verification_key import VerificationKey
from sayso.keys.x25519 import AgreementKey

MAX_ELEMENTS = 64
"""The most keys and services of one DID."""
CONTEXTS = ("https://www.w3.org/ns/did/v1", "https://w3id.org/security/multikey/v1")

_PREFIX, _SHORT_PREFIX = "did:peer:2", "did:peer:3"
_SERVICE = "S"
_PURPOSES = {
    "A": "assertionMethod",
    "E": "keyAgreement",
    "V": "authentication",
    "I": "capabilityInvocation",
    "D": "capabilityDelegation",
}
_CODES = {relationship: code for code, relationship in _PURPOSES.items()}
_WORDS = {"t": "type", "s": "serviceEndpoint", "r": "routingKeys", "a": "accept"}
_TYPES = {"dm": "DIDCommMessaging"}


def did_of(keys: Sequence[tuple[str, VerificationKey | AgreementKey]], services: Sequence[JsonObject] = ()) -> Did:
    """Give the DID of keys, each for one relationship, and of services; the keys are then called `#key-1`, `#key-2` and so on.

    Source: Peer DID Method, "Generating a did:peer:2" (PEER-2).

    Raises:
        ValueError: there is no key, a relationship is none, or a service has an `id` that is not relative, or a member or type that is
            called as one of the abbreviations is.
    """
    if not keys or not all(relationship in _CODES for relationship, _ in keys):
        msg = f"each key has a relationship, one of {', '.join(_CODES)}, and there is at least one"
        raise ValueError(msg)
    if not all(str(service.get("id", "#")).startswith("#") for service in services):
        msg = "the id of a service is relative, such as #files"
        raise ValueError(msg)
    if any(_written_out(_abbreviated(service)) != service for service in services):
        msg = f"no member of a service is called {', '.join(_WORDS)}, and no type {', '.join(_TYPES)}: these are abbreviations"
        raise ValueError(msg)
    elements = [_CODES[relationship] + _multikey(key) for relationship, key in keys]
    elements += [_SERVICE + base64url.encode(serialize(_abbreviated(service)).encode()) for service in services]
    return Did("".join((_PREFIX, *("." + element for element in elements))))


def short_of(did: str) -> Did:
    """Give the did:peer:3 of a did:peer:2: a digest of what comes after the numalgo.

    Source: Peer DID Method, "Method 3" (PEER-3).
    """
    return Did(_SHORT_PREFIX + multibase.encode_base58btc(multihash.encode(did[len(_PREFIX) :].encode())))


def members(did: Did, identity: Did) -> JsonObject:
    """Write the document that a did:peer:2 stands for, of itself or of its short form.

    Source: Peer DID Method, "Resolving a did:peer:2" (PEER-2).

    Raises:
        SaysoError: INVALID_DID, LIMIT_EXCEEDED.
    """
    before, *elements = did[len(_PREFIX) :].split(".")
    if before or not elements:
        raise SaysoError.of(INVALID_DID, "a did:peer:2 is a list of elements, each behind a full stop")
    if len(elements) > MAX_ELEMENTS:
        raise SaysoError.of(LIMIT_EXCEEDED, f"a did:peer:2 has more than {MAX_ELEMENTS} elements")
    methods: list[Json] = []
    relationships: dict[str, list[Json]] = {}
    services: list[JsonObject] = []
    for element in elements:
        code, data = element[:1], element[1:]
        if code == _SERVICE:
            services.append(_service(data))
        elif code in _PURPOSES:
            url = f"#key-{len(methods) + 1}"
            methods.append({"id": url, "type": "Multikey", "controller": identity, "publicKeyMultibase": _checked(data)})
            relationships.setdefault(_PURPOSES[code], []).append(url)
        else:
            raise SaysoError.of(INVALID_DID, "an element of a did:peer:2 is neither a key for a known purpose nor a service")
    other = short_of(did) if identity == did else did
    value: JsonObject = {"@context": [*CONTEXTS], "id": identity, "alsoKnownAs": [other], "verificationMethod": methods}
    value |= relationships
    if services:
        value["service"] = _named(services)
    return value


def _multikey(key: VerificationKey | AgreementKey) -> str:
    return key.multikey if isinstance(key, AgreementKey) else multikey.encode_any(key)


def _checked(text: str) -> str:
    """See that this is a key, of a kind that is read here or of another that is known."""
    try:
        if text.startswith(x25519.MULTIKEY_BEGINS):
            x25519.decode_multikey(text)
        elif not multikey.is_foreign(text):
            multikey.decode_any(text)
    except SaysoError as error:
        raise SaysoError.of(INVALID_DID, error.problems[0].detail) from None
    return text


def _service(data: str) -> JsonObject:
    try:
        found = parse_object(base64url.decode(data))  # one object: several services are several elements
    except SaysoError as error:
        raise SaysoError.of(INVALID_DID, error.problems[0].detail) from None
    service = _written_out(found)
    if not str(service.get("id", "#")).startswith("#"):
        raise SaysoError.of(INVALID_DID, "the id of a service of a did:peer:2 is relative")
    return service


def _named(services: list[JsonObject]) -> list[Json]:
    """Give an id to each service that has none: #service, then #service-1, #service-2 and so on."""
    nameless = [service for service in services if "id" not in service]
    names = {id(service): f"#service-{index}" if index else "#service" for index, service in enumerate(nameless)}
    return [{**service, "id": names[id(service)]} if id(service) in names else service for service in services]


def _written_out(service: JsonObject) -> JsonObject:
    return _renamed(service, _WORDS, _TYPES)


def _abbreviated(service: JsonObject) -> JsonObject:
    return _renamed(service, {long: short for short, long in _WORDS.items()}, {long: short for short, long in _TYPES.items()})


def _renamed(value: JsonObject, words: dict[str, str], types: dict[str, str]) -> JsonObject:
    """Replace the names of members, at every depth, and the value of a type."""
    found: JsonObject = {}
    for member, item in value.items():
        if words.get(member, member) in found:
            raise SaysoError.of(INVALID_DID, "a member of a service stands there twice, once abbreviated")
        found[words.get(member, member)] = _renamed_item(item, words, types)
    for type_name in ("type", "t"):
        if isinstance(kind := found.get(type_name), str):
            found[type_name] = types.get(kind, kind)
    return found


def _renamed_item(item: Json, words: dict[str, str], types: dict[str, str]) -> Json:
    if isinstance(item, dict):
        return _renamed(item, words, types)
    if isinstance(item, list):
        return [_renamed_item(one, words, types) for one in item]
    return item
