"""Name what an issuer chooses about status: light, so that who revokes nothing loads no more."""

from collections.abc import Sequence
from datetime import timedelta
from typing import Protocol, Required, TypedDict, runtime_checkable

from sayso.jsonvalue import JsonObject


@runtime_checkable
class StatusSource(Protocol):
    """Give a credential what it says about its status: a `StatusBook`, a new entry; a `StatusEntry`, itself."""

    def members_for(self, format: str, document: JsonObject) -> JsonObject:
        """Give the members to add to a credential of this format.

        Raises:
            ValueError: such a credential cannot have them.
        """
        ...


class BookOptions(TypedDict, total=False):
    """Hold what is chosen for a status book: the named arguments of `Issuer.status_book`.

    What cannot change while the book lasts is marked with a star; the store refuses it.

    Args:
        url: * what the URL of each list begins with. The lists are served at `url/purpose/1`, `url/purpose/2` and so on, token lists at
            `url/status/1`.
        format: * "bitstring" for W3C credentials, the default, or "token" for "dc+sd-jwt".
        purposes: * of "revocation", "suspension", "refresh" and "message"; the first two by default.
        size: * how many bits a message has, and in a token list every value; as few as will do by default.
        messages: what each message means, in the order of their values; for bitstring lists with the purpose "message".
        message_url: where more is told about the messages.
        entries: * how many entries a list has: 131,072, the least, by default.
        secured: the format of bitstring lists, which is that of the credentials: "vc+sd-jwt" by default.
        ttl: how long a list may be kept by whoever retrieved it, five minutes by default: a revocation is seen that much later.
        valid_for: how long a list holds, one day by default: publish more often than that.
    """

    url: Required[str]
    format: str
    purposes: Sequence[str]
    size: int | None
    messages: Sequence[str]
    message_url: str
    entries: int
    secured: str
    ttl: timedelta
    valid_for: timedelta
