"""Make the terms of a grant from what a customer decided to share."""

from collections.abc import Iterator, Mapping
from datetime import datetime, timedelta
from itertools import groupby

from sayso.credentials.kinds import Claim
from sayso.errors import GRANT_DIFFERS, SaysoError
from sayso.identifiers import Did
from sayso.sharing.grant import Granted, Lease, Permission
from sayso.sharing.offer import path_of
from sayso.sharing.plan.decision import Plan
from sayso.sharing.request import DataRequest
from sayso.sharing.terms import NOTHING, AttributeTerms


def lease_of(period: timedelta | None, at: datetime, end: datetime, until: datetime) -> Lease | None:
    """Say how a grant is renewed; None for not at all, and then it ends with the share.

    Raises:
        TypeError: the period is no duration.
        ValueError: the grant would end before it begins, or outlast the share without a lease, or a lease would.
    """
    if until <= at:
        msg = "until lies ahead"
        raise ValueError(msg)
    if period is None:
        if until > end:
            msg = "what outlasts the share is renewed lease by lease: name a lease"
            raise ValueError(msg)
        return None
    if not isinstance(period, timedelta):  # pyright: ignore[reportUnnecessaryIsInstance] # callers need not have a type checker
        msg = f"lease is a timedelta, not {type(period).__name__}"
        raise TypeError(msg)
    whole = timedelta(period.days, period.seconds)
    if not NOTHING < whole <= end - at:
        msg = "a lease is a second or more, and no longer than the share"
        raise ValueError(msg)
    return Lease(whole, min(at + whole, until))


def granted(
    plan: Plan,
    customer: Did,
    *,
    identifier: str,
    at: datetime,
    shared: datetime,
    until: datetime,
    lease: Lease | None,
    receipt_within: timedelta,
    presentation: str,
    request: str,
) -> Granted:
    """Write down what a plan shared at an instant, claim by claim, with what the business promised; what is over is left out."""
    said = plan.asked.terms
    return Granted(
        id=identifier,
        customer=customer,
        business=Did(plan.verifier),
        issued=at,
        until=until,
        permissions=tuple(_permissions(plan, at, shared, until)),
        prohibited=said.conditions.prohibited,
        receipt_within=receipt_within,
        request=request,
        presentation=presentation,
        lease=lease,
    )


def _permissions(plan: Plan, at: datetime, shared: datetime, until: datetime) -> Iterator[Permission]:
    rows: Mapping[Claim, AttributeTerms] = plan.rows
    said = plan.asked.terms.conditions
    names = dict.fromkeys(plan.names)

    def terms(name: Claim) -> tuple[datetime, timedelta, str]:
        row = rows.get(name)
        basis = row.legal_basis if row is not None else ""
        kept = row.keep_for if row is not None and row.keep_for else NOTHING
        return min(plan.end_of(row, shared), until), kept, basis or said.legal_basis

    for (end, kept, basis), claims in groupby(sorted(names, key=terms), terms):
        if end > at:
            yield Permission(tuple(claims), plan.purpose, end, kept, said.category, basis)


def refuse_more(granted: Granted, asked: DataRequest) -> None:
    """See that a grant has a business do nothing but what its own request said: it may be less, and for a shorter time.

    Raises:
        SaysoError: GRANT_DIFFERS.
    """
    said = asked.terms
    rows = {path_of(name): asked.rows[claim_id] for (_, claim_id), name in asked.names.items()}
    place = ("credentialSubject", "permission")
    if not {*granted.prohibited} <= {*said.conditions.prohibited}:
        raise SaysoError.of(GRANT_DIFFERS, "it prohibits what the request did not", "credentialSubject", "prohibition")
    for index, one in enumerate(granted.permissions):
        for claim in one.claims:
            row = rows.get(path_of(claim))
            basis = (row.legal_basis if row is not None else "") or said.conditions.legal_basis
            if (one.purpose, one.category, one.legal_basis) != (said.purpose, said.conditions.category, basis):
                raise SaysoError.of(GRANT_DIFFERS, "it states another purpose or legal basis than the request", *place, index)
            # Nobody asked for what has no row, and so nobody may keep it.
            lingers = one.keep_for == NOTHING and one.until > asked.request.expires
            if lingers or one.keep_for > ((row.keep_for if row is not None else None) or NOTHING):
                raise SaysoError.of(GRANT_DIFFERS, "it is kept for longer than the request said", *place, index, "storage")
