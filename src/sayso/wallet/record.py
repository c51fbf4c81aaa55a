"""Remember what was shared."""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime

from sayso.credentials.kinds import Claim


@dataclass(frozen=True, slots=True)
class Shared:
    """Tell what left the wallet, to whom and until when; names of claims, never values.

    Args:
        verifier: the DID of the business, or the client identifier that nobody signed for.
        calls_itself: the name it gives itself.
        purpose: what it says it is for.
        claims: what was shared.
        at: when.
        until: when the share ends.
        request: the digest of the request's bytes, as `digestMultibase`.
    """

    verifier: str
    calls_itself: str
    purpose: str
    claims: tuple[Claim, ...]
    at: datetime
    until: datetime
    request: str


def still_shared(shared: Iterable[Shared], verifier: str, at: datetime) -> dict[Claim, datetime]:
    """Give what a business has under shares that have not ended at an instant, each claim with its latest end."""
    ends: dict[Claim, datetime] = {}
    for one in shared:
        if one.verifier == verifier and one.until > at:
            ends |= {claim: max(one.until, ends.get(claim, one.until)) for claim in one.claims}
    return ends
