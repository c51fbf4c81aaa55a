"""Be what a rule finds."""

from collections.abc import Callable, Iterator
from typing import NamedTuple, TypeAlias

from sayso.credentials.kinds import Claim
from sayso.sharing.lint.asked import Asked
from sayso.sharing.lint.context import LintContext
from sayso.sharing.lint.finding import Smaller


class Hit(NamedTuple):
    """Hold what a rule found, and where."""

    message: str
    smaller: Smaller
    pointer: str
    claim: Claim | None = None


Finder: TypeAlias = Callable[[Asked, LintContext], Iterator[Hit]]
"""What finds something in a request, with what is known beside it."""
