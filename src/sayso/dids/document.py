"""Read and write DID documents, as far as they say whose keys may sign what.

Source: Controlled Identifiers 1.0, section 2 (CID-1, CID-2, CID-4); DID 1.1, section 4.
"""

from collections.abc import Callable, Mapping
from datetime import datetime
from types import MappingProxyType
from typing import Literal, NamedTuple, TypeAlias

from sayso.credentials.validity import format_date_time, parse_date_time
from sayso.errors import INVALID_CONTROLLED_IDENTIFIER_DOCUMENT, INVALID_VERIFICATION_METHOD, UNDECIDABLE, Problem, SaysoError
from sayso.identifiers import Did, is_did, is_url
from sayso.jsonvalue import Json, JsonObject
from sayso.keys import jwk, multikey, x25519
from sayso.keys.verification_key import VerificationKey

CONTEXT = "https://www.w3.org/ns/did/v1.1"
"""Defines Multikey and JsonWebKey, which `did/v1` does not (DID-2)."""

SIGNING_RELATIONSHIPS = ("authentication", "assertionMethod", "capabilityInvocation", "capabilityDelegation")
RELATIONSHIPS = (*SIGNING_RELATIONSHIPS, "keyAgreement")

KeyFormat: TypeAlias = Literal["Multikey", "JsonWebKey"]
_ED25519_2020 = "Ed25519VerificationKey2020"  # a type whose name says what its key is
# How each type that is read here writes its key. The two suites of 2020 are older names of the same material.
_FORMATS: dict[str, KeyFormat] = {
    "Multikey": "Multikey",
    _ED25519_2020: "Multikey",
    "JsonWebKey": "JsonWebKey",
    "JsonWebKey2020": "JsonWebKey",
}
_AGREEING = ("Multikey", "JsonWebKey", "JsonWebKey2020", "X25519KeyAgreementKey2020")
_SECRETS = frozenset({"secretKeyMultibase", "secretKeyJwk", "privateKeyMultibase", "privateKeyJwk", "privateKeyBase58"})


class VerificationMethod(NamedTuple):
    """Hold a key of a DID document.

    `id` and `controller` are absolute; from `expires` or `revoked` on nothing verifies with it any more.

    Source: Controlled Identifiers 1.0, section 2.2 (CID-2).
    """

    id: str
    controller: str
    key: VerificationKey
    format: KeyFormat = "Multikey"
    expires: datetime | None = None
    revoked: datetime | None = None

    def to_json(self) -> JsonObject:
        """Give the verification method as JSON."""
        value: JsonObject = {"id": self.id, "type": self.format, "controller": self.controller}
        if self.format == "Multikey":
            value["publicKeyMultibase"] = multikey.encode_any(self.key)
        else:
            value["publicKeyJwk"] = jwk.encode_any(self.key)
        for name, at in (("expires", self.expires), ("revoked", self.revoked)):
            if at is not None:
                value[name] = format_date_time(at)
        return value


class UnreadableMethod(NamedTuple):
    """Keep why a verification method verifies nothing; that matters only to who asks for it.

    `agrees` is for a good key of X25519 that the DID controls itself: the instants from which on it agrees on keys no more.
    """

    id: str
    problem: Problem
    agrees: tuple[datetime | None, datetime | None] | None = None


_Methods: TypeAlias = dict[str, VerificationMethod | UnreadableMethod]


class DidDocument(NamedTuple):
    """Hold what a DID document says about keys: its methods by their absolute id, and the ids that each relationship names."""

    id: Did
    methods: Mapping[str, VerificationMethod | UnreadableMethod]
    relationships: Mapping[str, tuple[str, ...]]

    def to_json(self) -> JsonObject:
        """Give the document as JSON, without methods that could not be read."""
        methods: list[Json] = [method.to_json() for method in self.methods.values() if isinstance(method, VerificationMethod)]
        return members_of(self.id, methods, self.relationships)


def members_of(did: str, methods: list[Json], relationships: Mapping[str, tuple[str, ...]]) -> JsonObject:
    """Write a document from its verification methods, which are JSON already."""
    value: JsonObject = {"@context": [CONTEXT], "id": did, "verificationMethod": methods}
    for name, ids in relationships.items():
        value[name] = [*ids]
    return value


def of_one_key(did: Did, url: str, key: VerificationKey, key_format: KeyFormat = "Multikey") -> DidDocument:
    """Make the document of a DID that is its one key, which may sign for every purpose."""
    return of_keys(did, {url: key}, key_format)


def of_keys(did: Did, keys: Mapping[str, VerificationKey], key_format: KeyFormat = "Multikey") -> DidDocument:
    """Make the document of a DID whose keys, by their DID URLs, may sign for every purpose.

    There is no keyAgreement: Ed25519 only signs, and a key derived from it is made on request only (KEY-4).
    """
    methods = {url: VerificationMethod(url, did, key, key_format) for url, key in keys.items()}
    return DidDocument(did, MappingProxyType(methods), MappingProxyType(dict.fromkeys(SIGNING_RELATIONSHIPS, tuple(keys))))


def agreeing(did: Did, url: str) -> DidDocument:
    """Make the document of a DID that is its one key, which only agrees on keys: nothing that it signs is ever good."""
    problem = Problem(INVALID_VERIFICATION_METHOD, "the key agrees on keys and signs nothing")
    return DidDocument(
        did, MappingProxyType({url: UnreadableMethod(url, problem, (None, None))}), MappingProxyType({"keyAgreement": (url,)})
    )


def parse(value: JsonObject) -> DidDocument:
    """Read a DID document.

    It is read as JSON, by the names of DID 1.1, section 4: what `@context` says is not looked at (DID-2), and other members are ignored.
    A verification method that is malformed, or of a kind that is not read here, is kept as an `UnreadableMethod`.

    Source: Controlled Identifiers 1.0, sections 2.1 to 2.3 (CID-1, CID-4).

    Raises:
        SaysoError: INVALID_CONTROLLED_IDENTIFIER_DOCUMENT.
    """
    did = value.get("id")
    if not isinstance(did, str) or not is_did(did):
        raise _malformed("the id is not a DID", "id")
    controllers = value.get("controller", [])
    if not all(is_url(controller) for controller in (controllers if isinstance(controllers, list) else [controllers])):
        raise _malformed("a controller is not a URL", "controller")
    _check_services(value, did)
    methods: _Methods = {}
    for index, member in enumerate(_array(value, "verificationMethod")):
        _define(methods, did, member, "verificationMethod", index)
    relationships = {name: _references(methods, did, _array(value, name), name) for name in RELATIONSHIPS if name in value}
    return DidDocument(Did(did), MappingProxyType(methods), MappingProxyType(relationships))


def _malformed(detail: str, *steps: str | int) -> SaysoError:
    return SaysoError.of(INVALID_CONTROLLED_IDENTIFIER_DOCUMENT, detail, *steps)


def _array(value: JsonObject, name: str) -> list[Json]:
    array = value.get(name, [])
    if not isinstance(array, list):
        raise _malformed("not an array", name)
    return array


def _absolute(did: str, reference: str, *steps: str | int) -> str:
    # CID-4: a fragment alone is relative to the document's id.
    url = did + reference if reference.startswith("#") else reference
    if not is_url(url):
        raise _malformed("neither a URL nor a fragment", *steps)
    return url


def _check_services(value: JsonObject, did: str) -> None:
    # DID 1.1, section 4.4: id, type and serviceEndpoint are required, and no two services share an id (CID-1).
    seen = set[str]()
    for index, service in enumerate(_array(value, "service")):
        if not isinstance(service, dict) or not isinstance(name := service.get("id"), str):
            raise _malformed("a service is not an object with an id", "service", index)
        if not isinstance(service.get("type"), str | list) or not isinstance(service.get("serviceEndpoint"), str | list | dict):
            raise _malformed("a service has no type or no serviceEndpoint", "service", index)
        seen.add(_absolute(did, name, "service", index, "id"))
        if len(seen) <= index:
            raise _malformed("two services have one id", "service", index, "id")


def _references(methods: _Methods, did: str, members: list[Json], relationship: str) -> tuple[str, ...]:
    found = tuple(
        _absolute(did, member, relationship, index) if isinstance(member, str) else _define(methods, did, member, relationship, index)
        for index, member in enumerate(members)
    )
    if len(set(found)) != len(found):
        raise _malformed("a verification method is named twice", relationship)
    return found


def _define(methods: _Methods, did: str, member: Json, relationship: str, index: int) -> str:
    if not isinstance(member, dict) or not isinstance(name := member.get("id"), str):
        raise _malformed("a verification method is not an object with an id", relationship, index)
    url = _absolute(did, name, relationship, index, "id")
    if url in methods:
        raise _malformed("two verification methods have one id", relationship, index, "id")
    try:
        methods[url] = _read_method(url, member)
    except SaysoError as error:
        found = error.problems[0]
        kind = UNDECIDABLE if found.kind is UNDECIDABLE else INVALID_VERIFICATION_METHOD
        problem = Problem(kind, found.detail, found.pointer).under(relationship, index)
        methods[url] = UnreadableMethod(url, problem, _agreement(did, member))
    return url


def _agreement(did: str, member: JsonObject) -> tuple[datetime | None, datetime | None] | None:
    """Read when a key that only agrees on keys ends; None for another, or one that is malformed."""
    text, value = member.get("publicKeyMultibase"), member.get("publicKeyJwk")
    if member.get("controller") != did or member.get("type") not in _AGREEING or not _SECRETS.isdisjoint(member):
        return None
    try:
        if isinstance(text, str) and "publicKeyJwk" not in member:
            x25519.decode_multikey(text)
        else:
            x25519.decode_jwk(value)
        return _instant(member, "expires"), _instant(member, "revoked")
    except SaysoError:
        return None


def parse_method(value: JsonObject) -> VerificationMethod:
    """Read a verification method that stands by itself, with an absolute id.

    Raises:
        SaysoError: INVALID_VERIFICATION_METHOD, UNDECIDABLE.
    """
    name = value.get("id")
    if not isinstance(name, str) or not is_url(name):
        raise SaysoError.of(INVALID_VERIFICATION_METHOD, "the id of a verification method is a URL", "id")
    return _read_method(name, value)


def _read_method(url: str, member: JsonObject) -> VerificationMethod:
    controller = member.get("controller")
    if not isinstance(controller, str) or not is_url(controller):
        raise SaysoError.of(INVALID_VERIFICATION_METHOD, "not one URL", "controller")
    if not _SECRETS.isdisjoint(member):
        raise SaysoError.of(INVALID_VERIFICATION_METHOD, "a verification method holds a secret key")
    if "publicKeyMultibase" in member and "publicKeyJwk" in member:  # MK-3
        raise SaysoError.of(INVALID_VERIFICATION_METHOD, "a verification method holds its key twice")
    kind = member.get("type")
    if not isinstance(kind, str):
        raise SaysoError.of(INVALID_VERIFICATION_METHOD, "not a string", "type")
    key_format = _FORMATS.get(kind)
    if key_format is None:
        raise SaysoError.of(UNDECIDABLE, "a verification method of a type that is not read here", "type")
    if key_format == "JsonWebKey":
        key = _read_jwk(member)
    else:
        key = _read_multikey(member, multikey.decode if kind == _ED25519_2020 else multikey.decode_any)
    return VerificationMethod(url, controller, key, key_format, _instant(member, "expires"), _instant(member, "revoked"))


def _read_multikey(member: JsonObject, read: Callable[[str], VerificationKey]) -> VerificationKey:
    text = member.get("publicKeyMultibase")
    if not isinstance(text, str):
        raise SaysoError.of(INVALID_VERIFICATION_METHOD, "not a string", "publicKeyMultibase")
    try:
        return read(text)
    except SaysoError as error:
        if multikey.is_foreign(text):
            raise SaysoError.of(UNDECIDABLE, "the key is of a kind that is not read here", "publicKeyMultibase") from None
        raise error.under("publicKeyMultibase") from None


def _read_jwk(member: JsonObject) -> VerificationKey:
    value = member.get("publicKeyJwk")
    try:
        return jwk.decode_any(value)
    except SaysoError as error:
        if isinstance(value, dict) and jwk.is_foreign(value):
            raise SaysoError.of(UNDECIDABLE, "the key is of a kind that is not read here", "publicKeyJwk") from None
        raise error.under("publicKeyJwk") from None


def _instant(member: JsonObject, name: str) -> datetime | None:
    if name not in member:
        return None
    try:
        return parse_date_time(member[name])
    except SaysoError as error:
        raise error.under(name) from None
