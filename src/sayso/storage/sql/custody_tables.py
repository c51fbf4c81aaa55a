"""Lay custody out in tables, and read and write their rows."""

import json
from collections.abc import Iterable, Sequence
from datetime import UTC, datetime, timedelta
from typing import Any, cast

from sqlalchemy import BigInteger, Boolean, Column, ForeignKey, Integer, LargeBinary, MetaData, Table, Text

from sayso.storage.custody import Cause, Custodied, ErasureStatement, SealedClaim

METADATA = MetaData()
_KEY = BigInteger().with_variant(Integer, "sqlite")
_EPOCH = datetime(1970, 1, 1, tzinfo=UTC)
_MICROSECOND = timedelta(microseconds=1)

SHARES = Table(
    "sayso_custody_shares",
    METADATA,
    Column("key", _KEY, primary_key=True),
    Column("id", Text, nullable=False, unique=True),
    Column("answer", Text, nullable=False),
    Column("subject", Text, nullable=False, index=True),
    Column("purpose", Text, nullable=False),
    Column("taken", BigInteger, nullable=False),
    Column("lease", BigInteger),
    Column("answerable", BigInteger, nullable=False),
    Column("forget", BigInteger, index=True),  # when nothing is left of it: from when on it need not be remembered
    Column("grant", LargeBinary),
    Column("events", Text),
    Column("paused", BigInteger),
)
CLAIMS = Table(
    "sayso_custody_claims",
    METADATA,
    Column("share", _KEY, ForeignKey(SHARES.c.key), primary_key=True),
    Column("name", Text, primary_key=True),
    Column("ends", BigInteger, nullable=False, index=True),
    Column("once", Boolean, nullable=False),
    Column("wrapped", LargeBinary, nullable=False),
    Column("sealed", LargeBinary, nullable=False),
    Column("uses", BigInteger, nullable=False, default=0),
)
STEPS = Table(
    "sayso_custody_steps",
    METADATA,
    Column("share", _KEY, ForeignKey(SHARES.c.key), primary_key=True),
    Column("name", Text, primary_key=True),
    Column("step", Text, primary_key=True),
    Column("uses", BigInteger, nullable=False),
)
STATEMENTS = Table(
    "sayso_custody_statements",
    METADATA,
    Column("number", _KEY, primary_key=True),
    Column("share", Text, nullable=False, index=True),
    Column("subject", Text, nullable=False, index=True),
    Column("claims", Text, nullable=False),
    Column("cause", Text, nullable=False),
    Column("taken", BigInteger, nullable=False),
    Column("at", BigInteger, nullable=False),
    Column("grant", LargeBinary),
    Column("event", LargeBinary),
    Column("settled", Boolean),
    sqlite_autoincrement=True,  # a number is never given twice
)
TABLES = ("sayso_custody_shares", "sayso_custody_claims", "sayso_custody_steps", "sayso_custody_statements")
"""What `compact` writes anew."""


def statement_of(row: Any) -> ErasureStatement:
    """Read what was stated."""
    claims, uses = zip(*json.loads(row.claims), strict=True)
    return ErasureStatement(
        row.number,
        row.share,
        row.subject,
        claims,
        uses,
        cast("Cause", row.cause),
        instant(row.taken),
        instant(row.at),
        bytes(row.grant or b""),
        bytes(row.event or b""),
    )


def share_row(share: Custodied, claims: Sequence[SealedClaim]) -> dict[str, object]:
    """Write what is known of a share."""
    times = {name: maybe(getattr(share, name)) for name in ("taken", "lease", "answerable", "paused")}
    signed = {"grant": share.grant or None, "events": written(share.events)}
    return {**share._asdict(), **times, **signed, "forget": None if claims else times["answerable"]}


def claim_row(key: int, claim: SealedClaim) -> dict[str, object]:
    """Write a sealed claim of the share with this key."""
    return {**claim._asdict(), "share": key, "ends": number(claim.ends)}


def share_of(row: Any) -> Custodied:
    """Read what is known of a share."""
    lease, paused = (None if number is None else instant(number) for number in (row.lease, row.paused))
    events = tuple(text.encode() for text in json.loads(row.events or "[]"))
    taken, answerable = instant(row.taken), instant(row.answerable)
    return Custodied(row.id, row.answer, row.subject, row.purpose, taken, lease, answerable, bytes(row.grant or b""), events, paused)


def claim_of(row: Any) -> SealedClaim:
    """Read a sealed claim."""
    return SealedClaim(row.name, instant(row.ends), row.once, bytes(row.wrapped), bytes(row.sealed), int(row.uses))


def written(events: Iterable[bytes]) -> str | None:
    """Write events; None for none."""
    return json.dumps([event.decode() for event in events]) if events else None


def maybe(instant: datetime | None) -> int | None:
    """Write an instant, or None."""
    return None if instant is None else number(instant)


def number(instant: datetime) -> int:
    """Write an instant."""
    return (instant - _EPOCH) // _MICROSECOND


def instant(number: int) -> datetime:
    """Read an instant."""
    return _EPOCH + number * _MICROSECOND
