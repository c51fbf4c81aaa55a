"""What reading gave: a value, or the kind of problem of the one error; anything else fails the test that asked."""

from collections.abc import Callable
from typing import ParamSpec, TypeVar

from hypothesis import strategies as st

from sayso.errors import ProblemType, SaysoError
from sayso.jsonvalue import Json

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
