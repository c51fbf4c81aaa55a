"""What reading gave: a value, or the kind of problem of the one error; anything else fails the test that asked."""

from collections.abc import Callable
from typing import ParamSpec, TypeVar

import pytest
from hypothesis import strategies as st

from sayso.errors import ProblemType, SaysoError
from sayso.jsonvalue import Json
from sayso.verification.doors import examine, verify
from sayso.verification.expectations import Expectations
from tests.unit.proofs.tokens import AT

P = ParamSpec("P")
T = TypeVar("T")

ODD: st.SearchStrategy[Json] = st.sampled_from(
    [
        None,
        True,
        0,
        -1,
        2.5,
        "",
        "x",
        "é",
        "#",
        "verify",
        "sig",
        "enc",
        [],
        ["x"],
        ["verify"],
        ["verify", 1],
        [[]],
        {},
        {"x": 1},
        {"id": []},
    ]
)
"""Values of every type, quickly: for what stands where something else belongs."""


def outcome(read: Callable[P, T], *args: P.args, **kwargs: P.kwargs) -> T | ProblemType:
    """Read, and give the value or the kind of the first problem."""
    try:
        return read(*args, **kwargs)
    except SaysoError as error:
        return error.problems[0].kind


def agree(text: str | bytes, expectations: Expectations) -> bool:
    """Examine and verify: both say the same, and nothing but a report comes out. Tell whether it holds."""
    report = examine(text, expectations, at=AT)
    assert (report.verified is None) == bool(report.problems) == (not report.ok)
    if report.ok:
        assert verify(text, expectations, at=AT) == report.verified
        return True
    with pytest.raises(SaysoError) as caught:
        verify(text, expectations, at=AT)
    assert caught.value.problems == report.problems
    return False
