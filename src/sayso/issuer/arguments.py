"""Read what an issuer is called with, and refuse what no credential can be made of."""

from collections.abc import Collection, Mapping
from functools import lru_cache

from sayso.credentials.kinds import CredentialType
from sayso.issuer.choices import All
from sayso.issuer.status_options import StatusSource
from sayso.jsonvalue import DEFAULT_LIMITS, JsonObject, from_python


def said(claims: Mapping[str, object]) -> JsonObject:
    """Copy the claims as JSON.

    Raises:
        TypeError, ValueError: they are no JSON object.
    """
    # The credential around them is one level more than a verifier reads.
    copied = from_python(claims, depth=DEFAULT_LIMITS.depth - 1)
    if not isinstance(copied, dict):
        msg = "claims are a mapping"
        raise TypeError(msg)
    return copied


def described(kind: str | CredentialType) -> CredentialType:
    """Give the type of a credential, also where only its name is given.

    Raises:
        TypeError, ValueError: it is none.
    """
    if isinstance(kind, CredentialType):
        return kind
    if not isinstance(kind, str):  # pyright: ignore[reportUnnecessaryIsInstance] # callers need not have a type checker
        msg = f"type is a name or a CredentialType, not {type(kind).__name__}"
        raise TypeError(msg)
    from_python(kind, place="type")
    return _named(kind)


@lru_cache(256)
def _named(kind: str) -> CredentialType:
    return CredentialType(kind)


def check_named(**options: tuple[str, Collection[str]]) -> None:
    """Refuse an option that is none of those that are built.

    Raises:
        ValueError: with the options that are.
    """
    for name, (chosen, built) in options.items():
        if chosen not in built:
            msg = f"{name} is one of {', '.join(built)}"
            raise ValueError(msg)


def check_decoys(count: int) -> None:
    """Refuse what is no number of decoys.

    Raises:
        TypeError, ValueError: it is no number, or one that no credential can hold.
    """
    if not isinstance(count, int):  # pyright: ignore[reportUnnecessaryIsInstance] # callers need not have a type checker
        msg = f"decoys is a number, not {type(count).__name__}"
        raise TypeError(msg)
    if not 0 <= count <= DEFAULT_LIMITS.disclosures:
        msg = f"decoys is a number from 0 to {DEFAULT_LIMITS.disclosures}"
        raise ValueError(msg)


def check_status(status: object) -> None:
    """Refuse what gives no status entries.

    Raises:
        TypeError: it is something else.
    """
    if status is not None and not isinstance(status, StatusSource):
        msg = f"status is a status book or one of its entries, not {type(status).__name__}"
        raise TypeError(msg)


def check_whole(name: str, disclosable: object, concealing: object, default: object) -> None:
    """Refuse choices about disclosures for a format without any.

    Raises:
        ValueError: there are some.
    """
    if (not isinstance(disclosable, All) and disclosable) or concealing != default:
        msg = f"{name} is shown whole: disclosable, decoys, digest and serialization are for SD-JWT"
        raise ValueError(msg)


def within_limits(text: str, disclosures: int = 0) -> bytes:
    """Give a credential as bytes, unless no verifier would read it for its size.

    Raises:
        ValueError: it is larger than the default limits.
    """
    if disclosures > DEFAULT_LIMITS.disclosures:
        msg = f"at most {DEFAULT_LIMITS.disclosures} claims may be hidden"
        raise ValueError(msg)
    data = text.encode()
    if len(data) > DEFAULT_LIMITS.size_bytes:
        msg = f"the credential is longer than {DEFAULT_LIMITS.size_bytes} bytes"
        raise ValueError(msg)
    return data
