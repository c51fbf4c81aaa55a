"""Say what came out of a verification."""

from collections.abc import Mapping
from dataclasses import dataclass, field

from sayso.credentials.claims_path import prune
from sayso.errors import Problem, SaysoError
from sayso.jsonvalue import JsonObject, freeze
from sayso.proofs.mechanism import Proven
from sayso.verification.expectations import Expectations
from sayso.verification.stages import excess, unasked


@dataclass(frozen=True, slots=True)
class Verified:
    """Hold what may be relied on.

    Args:
        format: the credential format, such as "vc+sd-jwt"; "" for a whole answer.
        issuer: the issuer's DID; "" for a whole answer.
        types: the types of the credential, expanded.
        claims: the credential as it was signed, without what was not disclosed or not asked for.
        binding: what the holder signed with the presentation; None without key binding.
        credentials: for a whole answer, the verified presentations of each credential query, by its id.
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
        parts: for a whole answer, the report of each presentation of each credential query.

    Source: VCDM 2.0, section 7.1 (DM-24).
    """

    problems: tuple[Problem, ...]
    warnings: tuple[Problem, ...] = ()
    verified: Verified | None = None
    timings: Mapping[str, int] = field(default_factory=dict[str, int], compare=False)
    parts: Mapping[str, tuple["Report", ...]] = field(default_factory=dict[str, tuple["Report", ...]])

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


def verified(proven: Proven, expectations: Expectations, timings: Mapping[str, int]) -> Report:
    """Report that everything holds; what nobody asked for is dropped, and never becomes readable."""
    places = unasked(proven, expectations)
    document = prune(proven.document, places) if places else proven.document
    result = Verified(
        format=proven.format.id,
        issuer=proven.format.issuer_of(proven.document) or "",
        types=tuple(sorted(proven.format.types(proven.document, expectations.kinds))),
        claims=freeze(document),  # type: ignore[arg-type]
        binding=None if proven.binding is None else freeze(proven.binding),  # type: ignore[arg-type]
    )
    return Report((), tuple(excess(places)), result, timings)
