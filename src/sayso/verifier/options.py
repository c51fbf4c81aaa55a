"""Read the options of a verifier and of its requests."""

from collections.abc import Callable, Collection
from datetime import datetime, timedelta
from typing import NamedTuple

from sayso.clock import Clock
from sayso.credentials.kinds import CredentialType
from sayso.entropy import Entropy
from sayso.openid.client_id import is_origin, is_response_uri
from sayso.openid.encryption_key import EncryptionKey
from sayso.openid.request_object import is_token
from sayso.retrieval import Fetch
from sayso.sharing.conditions import Conditions
from sayso.sharing.texts import plain_text
from sayso.storage.nonces import NonceStore
from sayso.verification.options import Checks
from sayso.verification.report import Report
from sayso.verification.status_cache import StatusCache

_SECOND = timedelta(seconds=1)


class Options(Checks, total=False):
    """Name the options that a verifier has beside its key."""

    name: str
    reply_to: str | None
    origin: str | None
    encryption: EncryptionKey | None
    conditions: Conditions
    types: Collection[CredentialType]
    clock: Clock
    entropy: Entropy
    fetch: Fetch
    nonces: NonceStore | None
    on_report: Callable[[Report], None] | None
    status_cache: StatusCache | None


def check_options(name: str, nonces: NonceStore | None, on_report: Callable[[Report], None] | None) -> None:
    """Refuse options that are not what they are called.

    Raises:
        TypeError, ValueError: the call is wrong.
    """
    # Callers need not have a type checker.
    if name:
        plain_text("name", name)
    if nonces is not None and not all(callable(getattr(nonces, method, None)) for method in ("open", "knows", "burn")):
        msg = f"nonces is a NonceStore, not a {type(nonces).__name__}"
        raise TypeError(msg)
    if on_report is not None and not callable(on_report):
        msg = f"on_report is called with a report; a {type(on_report).__name__} cannot be"
        raise TypeError(msg)


class Route(NamedTuple):
    """Hold how answers travel: posted to a URL, over the Digital Credentials API from an origin, or by hand; and the key to encrypt to."""

    reply_to: str | None
    origin: str | None
    encryption: EncryptionKey | None


def checked_route(reply_to: str | None, origin: str | None, encryption: EncryptionKey | None) -> Route:
    """Take how answers travel.

    Raises:
        TypeError, ValueError: the call is wrong.
    """
    # Callers need not have a type checker.
    if not isinstance(encryption, EncryptionKey | None):  # pyright: ignore[reportUnnecessaryIsInstance]
        msg = f"encryption is an EncryptionKey, not {type(encryption).__name__}"
        raise TypeError(msg)
    if reply_to is not None and not is_response_uri(reply_to):
        msg = "reply_to is an https URL"
        raise ValueError(msg)
    if origin is not None and not is_origin(origin):
        msg = "origin is that of an https page, such as https://bar.example"
        raise ValueError(msg)
    if origin is not None and reply_to is not None:
        msg = "an answer is posted to reply_to or comes over the Digital Credentials API from origin, not both"
        raise ValueError(msg)
    if encryption is not None and origin is None and reply_to is None:
        msg = "an encrypted answer travels to reply_to, or from origin"
        raise ValueError(msg)
    return Route(reply_to, origin, encryption)


def check_tokens(state: str | None, wallet_nonce: str | None, reply_to: str | None) -> None:
    """Refuse a state that is none, or that nothing gives back, and a nonce that is none.

    Raises:
        ValueError: the call is wrong.
    """
    if not all(text is None or is_token(text) for text in (state, wallet_nonce)):
        msg = "state and wallet_nonce are text of letters, digits and -._~, of at most 512 characters"
        raise ValueError(msg)
    if state is not None and reply_to is None:
        msg = "state goes with reply_to: nothing else gives it back"
        raise ValueError(msg)


def expiry(now: datetime, answer_within: timedelta) -> datetime:
    """Say when a request expires.

    Raises:
        TypeError, ValueError: it is no duration of a second or more, or reaches beyond the year 9999.
    """
    if not isinstance(answer_within, timedelta):  # pyright: ignore[reportUnnecessaryIsInstance] # callers need not have a type checker
        msg = f"answer_within is a timedelta, not {type(answer_within).__name__}"
        raise TypeError(msg)
    if answer_within < _SECOND:
        msg = "answer_within is a second or more"
        raise ValueError(msg)
    try:
        return (now + answer_within).replace(microsecond=0)
    except OverflowError:
        msg = "answer_within reaches beyond the year 9999"
        raise ValueError(msg) from None
