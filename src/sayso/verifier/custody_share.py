"""Name a share in custody, and open it."""

from collections.abc import Generator
from contextlib import contextmanager
from datetime import datetime
from typing import NoReturn

from sayso.clock import aware
from sayso.jsonvalue import JsonObject
from sayso.sharing.texts import plain_text
from sayso.storage.custody import Custodied
from sayso.verifier.safe import Safe, ended


class CustodyShare:
    """Name a share in custody, and open it for its purpose. It holds no value, and is not copied or pickled."""

    __slots__ = ("_safe", "_share")

    def __init__(self, safe: Safe, share: Custodied) -> None:
        """Name a share; `Custody.share` and `Verifier.accept_into` do."""
        self._safe, self._share = safe, share

    @property
    def id(self) -> str:
        """Its name, for `Custody.share` after a restart; it says nothing of what was shared."""
        return self._share.id

    @property
    def subject(self) -> str:
        """The DID that the customer has for this business."""
        return self._share.subject

    @property
    def purpose(self) -> str:
        """The purpose it was shared for."""
        return self._share.purpose

    @property
    def taken(self) -> datetime:
        """Since when it is held."""
        return self._share.taken

    @property
    def available(self) -> dict[str, datetime]:
        """The names of the claims that are left, each with its end."""
        found, now = self._safe.store.find(self.id), self._safe.now()
        return {claim.name: claim.ends for claim in found.claims if claim.ends > now} if found else {}

    @property
    def uses(self) -> dict[str, dict[str, int]]:
        """How often each claim that is left was opened, by step; what was never opened is not named."""
        return self._safe.store.steps(self.id)

    @contextmanager
    def use(self, *claims: str, purpose: str, step: str) -> Generator[JsonObject]:
        """Open claims for a purpose, or all that are left; counted for each of them, before it is given.

        Gives a copy, nested as in the credential, which is emptied when the context is left. What was copied out of it is the caller's to
        let go of.

        Args:
            claims: their names; all that are left where none is named, and then all count as used.
            purpose: what for; the one that the request said.
            step: what this program does with them, for the report; no value may stand here.

        Raises:
            TypeError, ValueError: the step is not plain text.
            SaysoError: SHARE_ENDED where nothing is left, PURPOSE_NOT_GRANTED, LEASE_LAPSED, GRANT_PAUSED, MISSING_CLAIM where one is
                not held (any more), STORE_UNREACHABLE.
        """
        opened = self._safe.opened(self.id, claims, purpose, plain_text("step", step))
        try:
            yield opened
        finally:
            opened.clear()

    @contextmanager
    def hand_over(self) -> Generator[JsonObject]:
        """Open all that is left for the customer whose it is, who asks for it, or wants to take it elsewhere.

        It is not counted as a use, and needs no purpose; a lease that lapsed or a pause does not stand in the way. Whether it is the
        customer who asks is for the caller to see. The copy is emptied as that of `use`.

        Raises:
            SaysoError: SHARE_ENDED where nothing is left, STORE_UNREACHABLE.

        Source: GDPR, Articles 15 and 20.
        """
        opened = self._safe.handed_over(self.id)
        try:
            yield opened
        finally:
            opened.clear()

    @property
    def grant(self) -> bytes:
        """What the customer signed about it, b"" where they did not."""
        return self._share.grant

    def renew(self, lease: datetime | None) -> None:
        """Set until when it may be used, as the customer said; an instant that is over pauses it, None lets it be used until it ends.

        Raises:
            TypeError, ValueError: it is no aware datetime.
            SaysoError: SHARE_ENDED.
        """
        if not self._safe.store.renew(self.id, None if lease is None else aware(lease, "lease")):
            raise ended()

    def __repr__(self) -> str:
        return f"<CustodyShare {self.id}>"

    def __reduce_ex__(self, protocol: object) -> NoReturn:
        msg = "a share is not copied or pickled"
        raise TypeError(msg)
