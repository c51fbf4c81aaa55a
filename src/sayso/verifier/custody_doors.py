"""Accept answers into custody: doors of the verifier."""

from datetime import datetime
from typing import TYPE_CHECKING

from sayso.credentials.wire import Answer, Request
from sayso.retrieval import AsyncFetch, Fetch, drive, drive_async
from sayso.verifier.accepting import Acceptance

if TYPE_CHECKING:  # who has no custody does not pay for it
    from sayso.verifier.custody import Custody
    from sayso.verifier.custody_share import CustodyShare


class CustodyDoors:
    """Accept answers into custody."""

    _acceptance: Acceptance
    _fetch: Fetch

    def accept_into(
        self,
        custody: "Custody",
        answer: Answer | bytes | str,
        request: Request | bytes | str,
        *,
        subject: str,
        lease: datetime | None = None,
    ) -> "CustodyShare":
        """Accept as `accept` does, but have custody hold what was shared, from before the request counts as answered on.

        Args:
            custody: where it is held.
            answer: the answer.
            request: the request that it answers.
            subject: the DID that the customer has for this business.
            lease: until when the share may be used unless that is renewed; None for as long as it lasts.

        Raises:
            SaysoError: as `accept`, and STORE_UNREACHABLE; then the request can be answered still.
            TypeError, ValueError: the call is wrong.
        """
        finish = custody.taking(answer, subject=subject, lease=lease)
        return drive(self._acceptance.accepting(answer, request, "", finish), self._fetch)

    async def accept_into_async(
        self,
        custody: "Custody",
        answer: Answer | bytes | str,
        request: Request | bytes | str,
        *,
        subject: str,
        lease: datetime | None = None,
        fetch: AsyncFetch,
    ) -> "CustodyShare":
        """Accept as `accept_into` does, with a fetcher that is awaited."""
        finish = custody.taking(answer, subject=subject, lease=lease)
        return await drive_async(self._acceptance.accepting(answer, request, "", finish), fetch)
