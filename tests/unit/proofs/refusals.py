"""Expect to be refused, and look at the one problem."""

from collections.abc import Iterator
from contextlib import contextmanager

import pytest

from sayso.errors import ProblemType, SaysoError


@contextmanager
def refused(kind: ProblemType, pointer: str | None = None, *, says: str = "") -> Iterator[None]:
    """Expect one problem of a kind, at a place where one is given, whose detail has some words."""
    with pytest.raises(SaysoError) as caught:
        yield
    (problem,) = caught.value.problems
    assert problem.kind == kind, problem
    assert pointer is None or problem.pointer == pointer, problem
    assert says in problem.detail, problem
