"""Read the rows of a file that says what to issue."""

from collections.abc import Iterator
from datetime import timedelta
from typing import Any, NamedTuple

from sayso.credentials.kinds import Claim
from sayso.errors import MALFORMED_VALUE_ERROR, SaysoError
from sayso.issuer.choices import ALL
from sayso.issuer.rows import Row
from sayso.jsonvalue import Json, JsonObject, parse

MAX_DAYS = 36525
"""The longest life of a credential: a hundred years."""

_MEMBERS = ("claims", "holder", "type", "days")


class Common(NamedTuple):
    """Hold what the options say of every row; a row may say otherwise of its holder, its type and its days."""

    holder: str | None
    type: str | None
    days: int | None
    format: str
    disclosable: tuple[Claim, ...]
    decoys: int


def claim(text: str) -> Claim:
    """Read the claim that an option names: steps between dots, where digits are the index of an element and `*` is every one.

    >>> claim("given_name"), claim("address.city"), claim("langs.*")
    ('given_name', ('address', 'city'), ('langs', None))
    """
    steps = [int(step) if step.isdecimal() and step.isascii() else None if step == "*" else step for step in text.split(".")]
    return text if len(steps) == 1 else tuple(steps)


def row(document: Json, common: Common) -> Row:
    """Read what one row says.

    Raises:
        SaysoError: MALFORMED_VALUE_ERROR.
    """
    claims = document.get("claims") if isinstance(document, dict) else None
    if not isinstance(document, dict) or not isinstance(claims, dict):
        raise SaysoError.of(MALFORMED_VALUE_ERROR, "a row is an object with claims, an object")
    for name in document:
        if name not in _MEMBERS:
            raise SaysoError.of(MALFORMED_VALUE_ERROR, f"a row has no other members than {', '.join(_MEMBERS)}")
    days = document.get("days", common.days)
    if type(days) is not int or not 0 < days <= MAX_DAYS:
        raise SaysoError.of(MALFORMED_VALUE_ERROR, f"days is a number from 1 to {MAX_DAYS}", "days")
    return Row(
        claims=claims,
        type=_text(document, "type", common.type),
        holder=_text(document, "holder", common.holder),
        valid_for=timedelta(days=days),
        format=common.format,
        disclosable=common.disclosable or ALL,
        decoys=common.decoys,
    )


class Rows:
    """Read rows one by one. A row that cannot be read refuses no other: it becomes an empty one, and `unreadable` says why."""

    def __init__(self, documents: list[Json] | Iterator[bytes], common: Common) -> None:
        """Take the elements of an array, or the lines of a file."""
        self._documents = documents
        self._common = common
        self.unreadable: dict[int, SaysoError] = {}
        self.total = len(documents) if isinstance(documents, list) else None

    def __iter__(self) -> Iterator[Row]:
        for number, document in enumerate(self._documents, 1):
            try:
                yield row(parse(document) if isinstance(document, bytes) else document, self._common)
            except SaysoError as error:
                self.unreadable[number] = error
                yield _NOTHING


_NOTHING: Any = {}


def _text(document: JsonObject, name: str, default: str | None) -> str:
    value = document.get(name, default)
    if not isinstance(value, str):
        raise SaysoError.of(MALFORMED_VALUE_ERROR, f"{name} is a text, in the row or as an option", name)
    return value
