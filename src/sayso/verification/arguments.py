"""Read what callers say to a verification: what is wrong with it is their mistake."""

from collections.abc import Iterable, Mapping
from types import MappingProxyType
from typing import TypeVar

from sayso.credentials.kinds import CredentialType
from sayso.dids.document import VerificationMethod, parse_method
from sayso.errors import SaysoError
from sayso.identifiers import is_url
from sayso.jsonvalue import JsonObject, parse_object, serialize

T = TypeVar("T")
_AROUND_A_LIST = 64 * 1024


def known_keys(keys: Mapping[str, JsonObject]) -> Mapping[str, VerificationMethod]:
    """Read the verification methods that are known by their names.

    Raises:
        ValueError: one is malformed.
    """
    # These are the caller's own: what is wrong with one is the caller's mistake.
    try:
        return MappingProxyType({name: parse_method(parse_object(serialize(method))) for name, method in keys.items()})
    except SaysoError as error:
        msg = f"keys are verification methods by their names: {error}"
        raise ValueError(msg) from None


def named(name: str, values: Iterable[T]) -> tuple[T, ...]:
    """Keep a list that a caller gives; `name` is what it is called.

    Raises:
        TypeError: it is one string.
        ValueError: it is empty.
    """
    if isinstance(values, str):
        msg = f"{name} is a list, not one string"
        raise TypeError(msg)
    kept = tuple(values)
    if not kept:
        msg = f"{name} may not be empty"
        raise ValueError(msg)
    return kept


def certificates(anchors: Iterable[bytes | str]) -> tuple[bytes | str, ...]:
    """Keep a list of certificates that a caller gives; it may be empty.

    Raises:
        TypeError: it is one certificate.
    """
    if isinstance(anchors, bytes | str):
        msg = "trust_anchors is a list of certificates, not one"
        raise TypeError(msg)
    return tuple(anchors)


def type_names(kind: str | CredentialType) -> tuple[str, ...]:
    """Give every name under which a type may appear: its expanded IRI, and its `vct`."""
    if isinstance(kind, CredentialType):
        return (kind.iri, kind.vct or kind.name)  # without a `vct`, its name is what an issuer writes
    # A plain name is a `vct`, an IRI, or a term that no context defines.
    if is_url(kind):
        return (kind,)
    try:
        return (kind, CredentialType(kind).iri)
    except ValueError:
        return (kind,)  # any string can be a `vct`, also one that no term could be


def text_bytes(list_bytes: int) -> int:
    """Give the most bytes of what is signed about a list of so many: written as base64url, where nothing was saved, with what is around it.

    What is in a JWT is base64url once more.
    """
    return list_bytes * 16 // 9 + _AROUND_A_LIST
