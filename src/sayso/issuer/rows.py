"""Issue row by row: what one row says, and what becomes of it."""

from collections.abc import Callable, Collection, Mapping
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from typing import NoReturn, Required, TypedDict

from sayso.credentials.kinds import Claim, CredentialType
from sayso.credentials.wire import Credential
from sayso.errors import SaysoError
from sayso.issuer.choices import All
from sayso.issuer.status_options import StatusSource
from sayso.keys.ed25519 import PublicKey


class Choices(TypedDict, total=False):
    """Hold what an issuer chooses beside the claims: the named arguments of `Issuer.issue`, with its defaults for what is not there."""

    type: Required[str | CredentialType]
    holder: Required[str | PublicKey]
    format: str
    valid_for: timedelta | None
    valid_until: datetime | None
    valid_from: datetime | None
    disclosable: Collection[Claim] | All
    decoys: int
    digest: str
    serialization: str
    status: StatusSource | None


class Row(Choices, total=False):
    """Hold the arguments of one `Issuer.issue`, for `Issuer.issue_many`: the claims and the choices, as a dict."""

    claims: Required[Mapping[str, object]]


@dataclass(frozen=True, slots=True)
class Refused:
    """Tell that a row was refused.

    Args:
        row: the row, as it was given.
        error: what `Issuer.issue` raised: a SaysoError, a TypeError or a ValueError.
    """

    row: Row = field(repr=False)
    error: Exception


class IssueRows:
    """Be the work of `issue_many`. It stays in its process, as the signer does, and says so to an executor that would pickle it."""

    __slots__ = ("_issue",)

    def __init__(self, issue: Callable[..., Credential]) -> None:
        self._issue = issue

    def __call__(self, rows: list[Row]) -> list[Credential | Refused]:
        """Issue what each row says, or tell why it is refused."""
        return [self._issued(row) for row in rows]

    def _issued(self, row: Row) -> Credential | Refused:
        try:
            if not isinstance(row, Mapping):  # pyright: ignore[reportUnnecessaryIsInstance] # callers need not have a type checker
                msg = f"a row is a mapping with the arguments of issue, not {type(row).__name__}"
                raise TypeError(msg)
            return self._issue(**row)
        except (SaysoError, TypeError, ValueError) as error:
            return Refused(row, error)

    def __reduce__(self) -> NoReturn:
        msg = "issue_many takes an executor of threads: the signer stays in this process, and is not pickled"
        raise TypeError(msg)
