"""Read the options of expectations, as callers write them."""

from collections.abc import Iterable, Mapping
from types import MappingProxyType
from typing import TypeVar

from sayso.credentials.kinds import CredentialType
from sayso.dids.document import VerificationMethod, parse_method
from sayso.errors import SaysoError
from sayso.identifiers import is_url
from sayso.jsonvalue import JsonObject, parse_object, serialize

T = TypeVar("T")


def known_keys(keys: Mapping[str, JsonObject]) -> Mapping[str, VerificationMethod]:
    """Read verification methods that a caller knows, by their names.

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
    """Keep the values of an option that lists some.

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


def names_of(kind: str | CredentialType) -> tuple[str, ...]:
    """Give every name under which a type may appear: expanded IRIs and `vct`s."""
    if isinstance(kind, CredentialType):
        return (kind.iri, kind.vct or kind.name)  # without a `vct`, its name is what an issuer writes
    # A plain name is a `vct`, an IRI, or a term that no context defines.
    if is_url(kind):
        return (kind,)
    try:
        return (kind, CredentialType(kind).iri)
    except ValueError:
        return (kind,)  # any string can be a `vct`, also one that no term could be


_AROUND_A_LIST = 64 * 1024


def text_bytes(list_bytes: int) -> int:
    """Give the most bytes of what is signed about a list of so many: written as base64url, where nothing was saved, with what is around it.

    What is in a JWT is base64url once more.
    """
    return list_bytes * 16 // 9 + _AROUND_A_LIST
