"""Response objects carry presentations in arrays, and an error response is no answer."""

import pytest

from sayso.errors import LIMIT_EXCEEDED, MALFORMED_VALUE_ERROR, NOT_ANSWERABLE, PARSING_ERROR, ProblemType, SaysoError
from sayso.jsonvalue import Limits
from sayso.openid import response


def test_presentations_always_stand_in_arrays() -> None:
    """VP-6."""
    assert response.serialize({"card": ["é~"], "pass": ["a", "b"]}) == '{"vp_token":{"card":["é~"],"pass":["a","b"]}}'.encode()
    assert response.serialize({}) == b'{"vp_token":{}}'


def test_what_was_written_is_read() -> None:
    assert response.parse(response.serialize({"card": ("a", "b")})) == {"card": ["a", "b"]}


def test_other_members_are_ignored() -> None:
    assert response.parse(b'{"vp_token": 5, "state": "x"}') == 5


@pytest.mark.parametrize(
    ("data", "kind", "pointer"),
    [
        (b'{"error":"access_denied"}', NOT_ANSWERABLE, "/error"),
        (b'{"error":null,"vp_token":{}}', NOT_ANSWERABLE, "/error"),
        (b"{}", MALFORMED_VALUE_ERROR, "/vp_token"),
        (b"[]", PARSING_ERROR, ""),
        (b"", PARSING_ERROR, ""),
        (b'{"vp_token":{},"vp_token":{}}', PARSING_ERROR, ""),
        (b"\xff", PARSING_ERROR, ""),
        (b" " * 101, LIMIT_EXCEEDED, ""),
    ],
)
def test_what_is_no_response(data: bytes, kind: ProblemType, pointer: str) -> None:
    """VP-13."""
    with pytest.raises(SaysoError) as refused:
        response.parse(data, Limits(size_bytes=100))
    (problem,) = refused.value.problems
    assert (problem.kind, problem.pointer) == (kind, pointer)
