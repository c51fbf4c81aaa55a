"""Write down in tables which requests were made and which were answered."""

import hashlib
from datetime import UTC, datetime, timedelta

from sqlalchemy import BigInteger, Column, Connection, LargeBinary, MetaData, Table, delete, select

from sayso.identifiers import Nonce
from sayso.storage.sql.dialects import upsert

METADATA = MetaData()
# A nonce stands here as its digest: that has one length, and can be written whatever somebody sent.
MADE = Table(
    "sayso_requests_made",
    METADATA,
    Column("nonce", LargeBinary, primary_key=True),
    Column("digest", LargeBinary, nullable=False),
    Column("until", BigInteger, nullable=False, index=True),
)
ANSWERED = Table(
    "sayso_requests_answered",
    METADATA,
    Column("nonce", LargeBinary, primary_key=True),
    Column("until", BigInteger, nullable=False, index=True),
)
FORGOTTEN_AT_ONCE = 100
"""How many that are over are deleted with each that is new: so the tables do not grow, and nobody waits for long."""
_EPOCH = datetime(1970, 1, 1, tzinfo=UTC)
_MICROSECOND = timedelta(microseconds=1)


def open_request(connection: Connection, nonce: Nonce, digest: bytes, until: datetime, now: datetime) -> None:
    """Remember that a request was made, in place of one that had its nonce."""
    _forget(connection, MADE, now)
    row = {"digest": digest, "until": _number(until)}
    made = upsert(connection, MADE).values(nonce=_name(nonce), **row)
    connection.execute(made.on_conflict_do_update(index_elements=MADE.primary_key, set_=row))


def knows(connection: Connection, nonce: Nonce, digest: bytes) -> bool:
    """Tell whether a request with this nonce and these bytes was made."""
    found = connection.execute(select(MADE.c.digest).where(MADE.c.nonce == _name(nonce))).scalar()
    return found is not None and bytes(found) == digest


def burn(connection: Connection, nonce: Nonce, until: datetime, now: datetime) -> bool:
    """Mark a request as answered; False where it was before: of two who try at once, the second waits for the first."""
    _forget(connection, ANSWERED, now)
    written = upsert(connection, ANSWERED).values(nonce=_name(nonce), until=_number(until))
    return connection.execute(written.on_conflict_do_nothing().returning(ANSWERED.c.nonce)).scalar() is not None


def _forget(connection: Connection, table: Table, now: datetime) -> None:
    over = select(table.c.nonce).where(table.c.until <= _number(now)).limit(FORGOTTEN_AT_ONCE).with_for_update(skip_locked=True)
    gone = [*connection.execute(over).scalars()]
    if gone:
        connection.execute(delete(table).where(table.c.nonce.in_(gone)))


def _name(nonce: Nonce) -> bytes:
    return hashlib.sha256(nonce.encode("utf-8", "surrogatepass")).digest()


def _number(instant: datetime) -> int:
    return (instant - _EPOCH) // _MICROSECOND
