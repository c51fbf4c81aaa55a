"""Hold what is in custody to what its customer granted: when each claim ends, and what becomes of it by what they sign later."""

from collections.abc import Iterable, Iterator, Sequence
from datetime import datetime
from typing import NamedTuple

from sayso.credentials.formats import spoken
from sayso.credentials.kinds import Claim
from sayso.errors import NOT_GRANTED, OTHER_GRANT, SaysoError
from sayso.proofs.mechanism import PROOF
from sayso.sharing.grant import Granted
from sayso.sharing.standing import Standing
from sayso.sharing.terms import KNOWN_AS
from sayso.storage.custody import together
from sayso.verification.answers import Answered
from sayso.verifier.taking import TakenClaim


class UnderGrant(NamedTuple):
    """Hold a grant and events about it as they were signed, and what all of it permits."""

    data: bytes
    events: tuple[bytes, ...]
    stands: Standing


def claims_by_name(granted: Granted) -> dict[str, tuple[Claim, ...]]:
    """Give the claims of a grant by what they are called in custody, where those that go by one name are one."""
    names: dict[str, tuple[Claim, ...]] = {}
    for claim in granted.claims:
        names[spoken(claim)] = (*names.get(spoken(claim), ()), claim)
    return names


def check_introduced(answered: Iterable[Answered], granted: Granted) -> None:
    """See that the holder of each credential says to be who signed the grant: else anybody could make one up.

    Raises:
        SaysoError: OTHER_GRANT.
    """
    for one in answered:
        if {*_introduced(one)} != {granted.customer}:
            raise SaysoError.of(OTHER_GRANT, "the answer names another, or nobody, as who signs the grant", one.query.id)


def _introduced(one: Answered) -> Iterator[str]:
    presentation = one.presentation
    for binding in presentation.bindings:
        # A proof says nothing beside its signature: what is said stands in the presentation.
        named = (presentation.document if binding.wording is PROOF else binding.members).get(KNOWN_AS)
        yield named if isinstance(named, str) else ""


def limited(taken: Sequence[TakenClaim], stands: Standing) -> list[TakenClaim]:
    """End each claim when the grant does, where that is earlier, and leave out what was taken back.

    Raises:
        SaysoError: NOT_GRANTED, where the grant is not about one of them.
    """
    ends = _ends(stands)
    for claim in taken:
        if claim.name not in ends:
            raise SaysoError.of(NOT_GRANTED, "a claim was shared that the grant is not about", claim.name)
    gone = together(stopped(stands), [claim.name for claim in taken])
    return [claim._replace(ends=min(claim.ends, ends[claim.name])) for claim in taken if claim.name not in gone]


def stopped(stands: Standing) -> list[str]:
    """Name the claims that were taken back, or are to be erased, in whatever time: that ends at once.

    What stands inside of one of them, or around it, is in it, and is for `together` to find.
    """
    return [name for name, claims in claims_by_name(stands.granted).items() if not stands.stops.keys().isdisjoint(claims)]


def renewed(stands: Standing) -> dict[str, datetime]:
    """Give until when each claim may be held now, by its name; nothing where no lease was renewed."""
    return _ends(stands) if stands.renewals else {}


def _ends(stands: Standing) -> dict[str, datetime]:
    ends = {name: min(stands.ends[claim].at for claim in claims) for name, claims in claims_by_name(stands.granted).items()}
    return {name: min(ends[one] for one in together([name], ends)) for name in ends}


def paused(stands: Standing, at: datetime) -> datetime | None:
    """Give until when nothing may be used, None where it may."""
    return stands.paused[1] if stands.paused is not None and at < stands.paused[1] else None
