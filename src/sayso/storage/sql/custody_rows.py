"""Write custody in tables, with what SQLite and PostgreSQL understand alike.

Whoever changes a share locks its row first, and who changes several does so in their order: the transactions of one share run one after
another, and none waits in a circle.
"""

import json
from collections.abc import Collection, Iterable, Sequence
from datetime import UTC, datetime, timedelta
from typing import Any, cast

from sqlalchemy import (
    BigInteger,
    Boolean,
    Column,
    Connection,
    ForeignKey,
    Integer,
    LargeBinary,
    MetaData,
    Table,
    Text,
    case,
    delete,
    exists,
    func,
    insert,
    select,
    update,
)

from sayso.storage.custody import Cause, Custodied, ErasureStatement, InCustody, SealedClaim, Swept, Unused, Use, check_unused
from sayso.storage.sql.dialects import sound, upsert

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
    Column("share", Text, nullable=False),
    Column("subject", Text, nullable=False),
    Column("claims", Text, nullable=False),
    Column("cause", Text, nullable=False),
    Column("taken", BigInteger, nullable=False),
    Column("at", BigInteger, nullable=False),
    sqlite_autoincrement=True,  # a number is never given twice
)
TABLES = ("sayso_custody_shares", "sayso_custody_claims", "sayso_custody_steps", "sayso_custody_statements")
"""What `compact` writes anew."""


def put(connection: Connection, share: Custodied, claims: Sequence[SealedClaim]) -> Custodied:
    """Keep a share, unless one of this name is remembered; give the one that is."""
    times = {"taken": _number(share.taken), "lease": share.lease and _number(share.lease), "answerable": _number(share.answerable)}
    row = {**share._asdict(), **times, "forget": None if claims else times["answerable"]}
    key = connection.execute(upsert(connection, SHARES).values(row).on_conflict_do_nothing().returning(SHARES.c.key)).scalar()
    if key is None:
        return _share(connection.execute(select(SHARES).where(SHARES.c.id == share.id)).one())
    if claims:
        connection.execute(insert(CLAIMS), [{**claim._asdict(), "share": key, "ends": _number(claim.ends)} for claim in claims])
    return share


@sound()
def find(connection: Connection, share: str) -> InCustody | None:
    """Give a share with what is left of it."""
    row = connection.execute(select(SHARES).where(SHARES.c.id == share)).one_or_none()
    return None if row is None else _in_custody(connection, row)


@sound()
def count(connection: Connection, share: str, names: Collection[str], step: str, at: datetime) -> bool:
    """Count a use of each of these claims, or of none."""
    row, now = _locked(connection, share), _number(at)
    if row is None or (row.lease is not None and row.lease <= now):
        return False
    these = (CLAIMS.c.share == row.key, CLAIMS.c.name.in_(names), CLAIMS.c.ends > now)
    once = {claim.name: claim.once for claim in connection.execute(select(CLAIMS.c.name, CLAIMS.c.once).where(*these))}
    if len(once) < len({*names}):
        return False
    connection.execute(update(CLAIMS).where(*these).values(uses=CLAIMS.c.uses + 1))
    for name in sorted(once):
        counted = upsert(connection, STEPS).values(share=row.key, name=name, step=step, uses=1)
        connection.execute(counted.on_conflict_do_update(index_elements=STEPS.primary_key, set_={"uses": STEPS.c.uses + 1}))
    if any(once.values()):
        _erase(connection, [row], CLAIMS.c.name.in_([name for name in once if once[name]]), "used", at)
    return True


@sound()
def steps(connection: Connection, share: str) -> dict[str, dict[str, int]]:
    """Give in which steps each claim was used."""
    counted: dict[str, dict[str, int]] = {}
    rows = select(STEPS.c.name, STEPS.c.step, STEPS.c.uses).join(SHARES).where(SHARES.c.id == share)
    for name, step, uses in connection.execute(rows):
        counted.setdefault(name, {})[step] = uses
    return counted


@sound()
def erase(connection: Connection, share: str, names: Collection[str] | None, cause: Cause, at: datetime) -> ErasureStatement | None:
    """Erase these claims of a share, or all."""
    row = _locked(connection, share)
    these: Any = True if names is None else CLAIMS.c.name.in_(names)
    if cause == "given-back":
        there = [*connection.execute(select(CLAIMS.c.name, CLAIMS.c.uses).where(CLAIMS.c.share == row.key, these))] if row else []
        check_unused(names, [claim.name for claim in there], [claim.name for claim in there if claim.uses])
    stated = _erase(connection, [row], these, cause, at) if row else ()
    return stated[0] if stated else None


@sound()
def sweep(connection: Connection, at: datetime, limit: int) -> Swept:
    """Erase what has ended in so many shares."""
    now = _number(at)
    due = select(CLAIMS.c.share).where(CLAIMS.c.ends <= now).order_by(CLAIMS.c.ends).limit(limit)
    found = sorted({*connection.execute(due).scalars()})
    rows = [*connection.execute(select(SHARES).where(SHARES.c.key.in_(found)).order_by(SHARES.c.key).with_for_update(skip_locked=True))]
    stated = _erase(connection, rows, CLAIMS.c.ends <= now, "ended", at) if rows else ()
    over = select(SHARES.c.key).where(SHARES.c.forget <= now).order_by(SHARES.c.key).limit(limit).with_for_update(skip_locked=True)
    gone = [*connection.execute(over).scalars()]
    if gone:
        connection.execute(delete(SHARES).where(SHARES.c.key.in_(gone)))
    return Swept(stated, more=bool(rows or gone))


def renew(connection: Connection, share: str, lease: datetime | None) -> bool:
    """Set the lease of a share."""
    renewed = update(SHARES).where(SHARES.c.id == share).values(lease=lease and _number(lease))
    return connection.execute(renewed).rowcount > 0


@sound()
def held(connection: Connection, subject: str) -> tuple[InCustody, ...]:
    """Give the shares of one customer of which anything is left."""
    rows = connection.execute(select(SHARES).where(SHARES.c.subject == subject, SHARES.c.forget.is_(None)).order_by(SHARES.c.key))
    return tuple(_in_custody(connection, row) for row in rows.all())


@sound()
def unused(connection: Connection, until: datetime) -> tuple[Unused, ...]:
    """Give the claims that are held since this instant or before, and were never opened."""
    rows = select(SHARES.c.id, SHARES.c.subject, CLAIMS.c.name, SHARES.c.taken).join(SHARES).where(CLAIMS.c.uses == 0)
    found = connection.execute(rows.where(SHARES.c.taken <= _number(until)).order_by(SHARES.c.key, CLAIMS.c.name))
    return tuple(Unused(share, subject, name, _instant(taken)) for share, subject, name, taken in found)


@sound()
def report(connection: Connection) -> tuple[Use, ...]:
    """Count the uses of all that is held."""
    by = (CLAIMS.c.name, SHARES.c.purpose)
    never = func.sum(case((CLAIMS.c.uses == 0, 1), else_=0))
    rows = select(*by, func.count(), never, func.sum(CLAIMS.c.uses)).join(SHARES).group_by(*by)
    return tuple(sorted(Use(name, purpose, *map(int, numbers)) for name, purpose, *numbers in connection.execute(rows)))


@sound()
def statements(connection: Connection) -> tuple[ErasureStatement, ...]:
    """Give what was stated and not settled, in order."""
    return tuple(_statement(row) for row in connection.execute(select(STATEMENTS).order_by(STATEMENTS.c.number)))


def settle(connection: Connection, numbers: Iterable[int]) -> None:
    """Forget these statements."""
    settled = sorted({*numbers})
    for start in range(0, len(settled), 500):  # no more parameters than a database takes
        connection.execute(delete(STATEMENTS).where(STATEMENTS.c.number.in_(settled[start : start + 500])))


def _locked(connection: Connection, share: str) -> Any:
    return connection.execute(select(SHARES).where(SHARES.c.id == share).with_for_update()).one_or_none()


def _erase(connection: Connection, rows: Sequence[Any], which: Any, cause: Cause, at: datetime) -> tuple[ErasureStatement, ...]:
    """Erase claims of shares whose rows are locked, and state it."""
    keys = [row.key for row in rows]
    erased = delete(CLAIMS).where(CLAIMS.c.share.in_(keys), which).returning(CLAIMS.c.share, CLAIMS.c.name, CLAIMS.c.uses)
    gone: dict[int, list[tuple[str, int]]] = {}
    for share, name, uses in connection.execute(erased).all():
        gone.setdefault(share, []).append((name, uses))
    if not gone:
        return ()
    left = exists().where(CLAIMS.c.share == STEPS.c.share, CLAIMS.c.name == STEPS.c.name)
    connection.execute(delete(STEPS).where(STEPS.c.share.in_([*gone]), ~left))
    empty = SHARES.c.key.in_([*gone]) & ~exists().where(CLAIMS.c.share == SHARES.c.key)
    connection.execute(update(SHARES).where(empty).values(forget=SHARES.c.answerable))
    new = [
        {"share": row.id, "subject": row.subject, "claims": json.dumps(sorted(gone[row.key])), "cause": cause, "taken": row.taken}
        for row in rows
        if row.key in gone
    ]
    written = insert(STATEMENTS).values(at=_number(at)).returning(STATEMENTS, sort_by_parameter_order=True)
    return tuple(_statement(row) for row in connection.execute(written, new))


def _statement(row: Any) -> ErasureStatement:
    claims, uses = zip(*json.loads(row.claims), strict=True)
    return ErasureStatement(
        row.number, row.share, row.subject, claims, uses, cast("Cause", row.cause), _instant(row.taken), _instant(row.at)
    )


def _in_custody(connection: Connection, row: Any) -> InCustody:
    claims = connection.execute(select(CLAIMS).where(CLAIMS.c.share == row.key).order_by(CLAIMS.c.name))
    return InCustody(_share(row), tuple(_claim(claim) for claim in claims))


def _share(row: Any) -> Custodied:
    lease = None if row.lease is None else _instant(row.lease)
    return Custodied(row.id, row.answer, row.subject, row.purpose, _instant(row.taken), lease, _instant(row.answerable))


def _claim(row: Any) -> SealedClaim:
    return SealedClaim(row.name, _instant(row.ends), row.once, bytes(row.wrapped), bytes(row.sealed), int(row.uses))


def _number(instant: datetime) -> int:
    return (instant - _EPOCH) // _MICROSECOND


def _instant(number: int) -> datetime:
    return _EPOCH + number * _MICROSECOND
