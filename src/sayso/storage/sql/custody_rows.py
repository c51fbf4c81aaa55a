"""Write custody in tables, with what SQLite and PostgreSQL understand alike.

Whoever changes a share locks its row first, and who changes several does so in their order: the transactions of one share run one after
another, and none waits in a circle.
"""

import json
from collections.abc import Collection, Iterable, Sequence
from datetime import datetime
from typing import Any

from sqlalchemy import Connection, case, delete, exists, func, insert, select, true, update

from sayso.storage.custody import Cause, Change, Custodied, ErasureStatement, InCustody, SealedClaim, Swept, Unused, Use, check_unused
from sayso.storage.sql.custody_tables import (
    CLAIMS,
    SHARES,
    STATEMENTS,
    STEPS,
    claim_of,
    claim_row,
    instant,
    maybe,
    number,
    share_of,
    share_row,
    statement_of,
    written,
)
from sayso.storage.sql.dialects import sound, upsert


@sound()
def put(connection: Connection, share: Custodied, claims: Sequence[SealedClaim]) -> Custodied:
    """Keep a share, unless one of this name is remembered; give the one that is."""
    new = upsert(connection, SHARES).values(share_row(share, claims))
    key = connection.execute(new.on_conflict_do_nothing().returning(SHARES.c.key)).scalar()
    if key is None:
        return share_of(connection.execute(select(SHARES).where(SHARES.c.id == share.id)).one())
    if claims:
        connection.execute(insert(CLAIMS), [claim_row(key, claim) for claim in claims])
    return share


@sound()
def find(connection: Connection, share: str) -> InCustody | None:
    """Give a share with what is left of it."""
    row = connection.execute(select(SHARES).where(SHARES.c.id == share)).one_or_none()
    return None if row is None else _in_custody(connection, row)


@sound()
def count(connection: Connection, share: str, names: Collection[str], step: str, at: datetime) -> bool:
    """Count a use of each of these claims, or of none."""
    row, now = _locked(connection, share), number(at)
    if row is None or not share_of(row).usable(at):
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
def erase(
    connection: Connection, share: str, names: Collection[str] | None, cause: Cause, at: datetime, *, event: bytes
) -> ErasureStatement | None:
    """Erase these claims of a share, or all."""
    row = _locked(connection, share)
    these: Any = true() if names is None else CLAIMS.c.name.in_(names)
    if cause == "ended":
        these &= CLAIMS.c.ends <= number(at)
    if cause == "given-back":
        there = [*connection.execute(select(CLAIMS.c.name, CLAIMS.c.uses).where(CLAIMS.c.share == row.key, these))] if row else []
        check_unused(names, [claim.name for claim in there], [claim.name for claim in there if claim.uses])
    stated = _erase(connection, [row], these, cause, at, event=event) if row else ()
    return stated[0] if stated else None


@sound()
def sweep(connection: Connection, at: datetime, limit: int) -> Swept:
    """Erase what has ended in so many shares."""
    now = number(at)
    due = select(CLAIMS.c.share).where(CLAIMS.c.ends <= now).order_by(CLAIMS.c.ends).limit(limit)
    found = sorted({*connection.execute(due).scalars()})
    rows = [*connection.execute(select(SHARES).where(SHARES.c.key.in_(found)).order_by(SHARES.c.key).with_for_update(skip_locked=True))]
    stated = _erase(connection, rows, CLAIMS.c.ends <= now, "ended", at) if rows else ()
    # In the order of the index, or all that is held would be looked through where nothing is to be forgotten.
    over = select(SHARES.c.key, SHARES.c.id).where(SHARES.c.forget <= now).order_by(SHARES.c.forget).limit(limit)
    gone = [*connection.execute(over.with_for_update(skip_locked=True))]
    if gone:
        _forget_settled(connection, STATEMENTS.c.share.in_([row.id for row in gone]))
        connection.execute(delete(SHARES).where(SHARES.c.key.in_([row.key for row in gone])))
    return Swept(stated, more=bool(rows or gone))


def renew(connection: Connection, share: str, lease: datetime | None) -> bool:
    """Set the lease of a share."""
    renewed = update(SHARES).where(SHARES.c.id == share).values(lease=maybe(lease))
    return connection.execute(renewed).rowcount > 0


@sound()
def follow(connection: Connection, share: str, change: Change) -> bool:
    """Change a share as its customer said, unless its events are others by now."""
    row = _locked(connection, share)
    if row is None or share_of(row).events != change.before:
        return False
    new = {"events": written(change.events), "paused": maybe(change.paused)}
    connection.execute(update(SHARES).where(SHARES.c.key == row.key).values(new))
    for claim in change.claims:
        there = (CLAIMS.c.share == row.key, CLAIMS.c.name == claim.name)
        sealed = {"ends": number(claim.ends), "wrapped": claim.wrapped, "sealed": claim.sealed}
        connection.execute(update(CLAIMS).where(*there).values(sealed))
    return True


@sound()
def held(connection: Connection, subject: str) -> tuple[InCustody, ...]:
    """Give the shares of one customer of which anything is left."""
    rows = connection.execute(select(SHARES).where(SHARES.c.subject == subject, SHARES.c.forget.is_(None)).order_by(SHARES.c.key))
    return tuple(_in_custody(connection, row) for row in rows.all())


@sound()
def unused(connection: Connection, until: datetime) -> tuple[Unused, ...]:
    """Give the claims that are held since this instant or before, and were never opened."""
    rows = select(SHARES.c.id, SHARES.c.subject, CLAIMS.c.name, SHARES.c.taken).join(SHARES).where(CLAIMS.c.uses == 0)
    found = connection.execute(rows.where(SHARES.c.taken <= number(until)).order_by(SHARES.c.key, CLAIMS.c.name))
    return tuple(Unused(share, subject, name, instant(taken)) for share, subject, name, taken in found)


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
    rows = connection.execute(select(STATEMENTS).where(STATEMENTS.c.settled.is_(None)).order_by(STATEMENTS.c.number))
    return tuple(statement_of(row) for row in rows)


def settle(connection: Connection, numbers: Iterable[int]) -> None:
    """Take these statements as settled: forget them, but for those of shares of which anything is left."""
    settled = sorted({*numbers})
    for start in range(0, len(settled), 500):  # no more parameters than a database takes
        numbered = STATEMENTS.c.number.in_(settled[start : start + 500])
        shares = {*connection.execute(update(STATEMENTS).where(numbered).values(settled=True).returning(STATEMENTS.c.share)).scalars()}
        left = exists().where(SHARES.c.id == STATEMENTS.c.share, SHARES.c.forget.is_(None))
        _forget_settled(connection, STATEMENTS.c.share.in_(sorted(shares)), ~left)


def _forget_settled(connection: Connection, *which: Any) -> None:
    """Forget what was settled of shares of which nothing waits to be."""
    other = STATEMENTS.alias()
    waits = exists().where(other.c.share == STATEMENTS.c.share, other.c.settled.is_(None))
    connection.execute(delete(STATEMENTS).where(*which, STATEMENTS.c.settled, ~waits))


@sound()
def stated(connection: Connection, subject: str) -> tuple[ErasureStatement, ...]:
    """Give what was stated of the shares of one customer, in order."""
    rows = connection.execute(select(STATEMENTS).where(STATEMENTS.c.subject == subject).order_by(STATEMENTS.c.number))
    return tuple(statement_of(row) for row in rows)


@sound()
def erased(connection: Connection, share: str) -> tuple[ErasureStatement, ...]:
    """Give what was stated of a share, in order."""
    rows = connection.execute(select(STATEMENTS).where(STATEMENTS.c.share == share).order_by(STATEMENTS.c.number))
    return tuple(statement_of(row) for row in rows)


def _locked(connection: Connection, share: str) -> Any:
    return connection.execute(select(SHARES).where(SHARES.c.id == share).with_for_update()).one_or_none()


def _erase(
    connection: Connection, rows: Sequence[Any], which: Any, cause: Cause, at: datetime, *, event: bytes = b""
) -> tuple[ErasureStatement, ...]:
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
        {
            "share": row.id,
            "subject": row.subject,
            "claims": json.dumps(sorted(gone[row.key])),
            "cause": cause,
            "taken": row.taken,
            "grant": row.grant,
            "event": event or None,
        }
        for row in rows
        if row.key in gone
    ]
    written = insert(STATEMENTS).values(at=number(at)).returning(STATEMENTS, sort_by_parameter_order=True)
    return tuple(statement_of(row) for row in connection.execute(written, new))


def _in_custody(connection: Connection, row: Any) -> InCustody:
    claims = connection.execute(select(CLAIMS).where(CLAIMS.c.share == row.key).order_by(CLAIMS.c.name))
    return InCustody(share_of(row), tuple(claim_of(claim) for claim in claims))
