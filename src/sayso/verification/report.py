"""Say what came out of a verification."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field

from sayso.credentials.claims_path import prune
from sayso.errors import Problem, SaysoError
from sayso.jsonvalue import Json, JsonObject, freeze
from sayso.proofs.mechanism import Proven
from sayso.status.results import StatusResult
from sayso.verification.excess import excess, unasked
from sayso.verification.expectations import Expectations

CREDENTIALS = "verifiableCredential"


@dataclass(frozen=True, slots=True)
class Verified:
    """Hold what may be relied on.

    Args:
        format: the credential format, such as "vc+sd-jwt"; "" for a whole answer.
        issuer: the issuer's DID, and of a presentation the holder's; "" for a whole answer.
        types: the types of the credential, expanded.
        claims: the credential as it was signed, without what was not disclosed or not asked for.
        binding: what the holder signed with the presentation; None without key binding.
        credentials: for a whole answer, the verified presentations of each credential query, by its id; for a presentation, what it holds,
            as "verifiableCredential".
    """

    format: str
    issuer: str
    types: tuple[str, ...]
    claims: JsonObject = field(repr=False)
    binding: JsonObject | None = field(repr=False)
    credentials: Mapping[str, tuple["Verified", ...]] = field(default_factory=dict[str, tuple["Verified", ...]], repr=False)


@dataclass(frozen=True, slots=True)
class Report:
    """Tell how each question was answered; holds no claim unless all of them were.

    Args:
        problems: all that was refused or could not be decided, in the order of the stages.
        warnings: what was left out and does not refuse.
        verified: what may be relied on; None where there is a problem.
        timings: nanoseconds spent in each stage that ran.
        statuses: what the status lists say that does not refuse it, such as that there is a newer one; an entry whose status was waived is
            not among them.
        parts: for a whole answer, the report of each presentation of each credential query; for a presentation, that of each credential.

    Source: VCDM 2.0, section 7.1 (DM-24).
    """

    problems: tuple[Problem, ...]
    warnings: tuple[Problem, ...] = ()
    verified: Verified | None = None
    timings: Mapping[str, int] = field(default_factory=dict[str, int], compare=False)
    parts: Mapping[str, tuple["Report", ...]] = field(default_factory=dict[str, tuple["Report", ...]])
    statuses: tuple[StatusResult, ...] = ()

    @property
    def ok(self) -> bool:
        """Whether everything that was expected holds."""
        return not self.problems

    @property
    def decided(self) -> bool:
        """Whether this is a verdict: it holds, or something was looked at and refused."""
        return not self.problems or any(problem.decided for problem in self.problems)

    def require(self) -> Verified:
        """Give what may be relied on.

        Raises:
            SaysoError: with every problem.
        """
        if self.verified is None:
            raise SaysoError(*self.problems)
        return self.verified


def verified(
    proven: Proven,
    expectations: Expectations,
    timings: Mapping[str, int],
    credentials: Sequence[Report] = (),
    statuses: tuple[StatusResult, ...] = (),
) -> Report:
    """Report that everything holds; what nobody asked for is dropped, and never becomes readable."""
    places = unasked(proven, expectations)
    document: Json = prune(proven.document, places) if places else proven.document
    if proven.format.presents:
        # What is in its credentials is read where they are: each may have lost what nobody asked for.
        document = {name: value for name, value in proven.document.items() if name != CREDENTIALS}
    result = Verified(
        format=proven.format.id,
        issuer=proven.format.issuer_of(proven.document) or proven.signers[0].controller,
        types=tuple(sorted(proven.format.types(proven.document, expectations.reading))),
        claims=freeze(document),  # type: ignore[arg-type]
        binding=freeze(proven.bindings[0].members) if proven.bindings else None,
        credentials={CREDENTIALS: tuple(one.require() for one in credentials)} if credentials else {},
    )
    warnings = [*excess(places), *(warning.under(CREDENTIALS, index) for index, one in enumerate(credentials) for warning in one.warnings)]
    return Report((), tuple(warnings), result, timings, {CREDENTIALS: tuple(credentials)} if credentials else {}, statuses)
