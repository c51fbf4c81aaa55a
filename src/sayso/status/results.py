"""Hold what a status list says, in whole and of one entry."""

from datetime import datetime, timedelta
from typing import NamedTuple


class StatusList(NamedTuple):
    """Hold what a list says.

    Args:
        bits: the values, inflated.
        size: how many bits a value has, where the list says so; 0 where each entry does.
        purposes: what the values may be about; a token has none.
        made: when it was made, as far as it says.
        ttl: how long it may be kept before it is asked for again, as far as it says.
        named: whether it says at which URL it is.
    """

    bits: bytes
    size: int = 0
    purposes: frozenset[str] = frozenset()
    made: datetime | None = None
    ttl: timedelta | None = None
    named: bool = True

    def __repr__(self) -> str:
        return f"<StatusList of {len(self.bits)} bytes>"


class StatusResult(NamedTuple):
    """Hold what a list says of one credential.

    `purpose` is that of the entry, and "" for a Token Status List, which has none; `message` is what the entry says that the value means,
    "" where it says nothing.

    Source: Bitstring Status List 1.0, section 3.2 (BS-V6).
    """

    purpose: str
    value: int
    message: str = ""
