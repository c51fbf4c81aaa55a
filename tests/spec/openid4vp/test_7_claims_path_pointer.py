"""OpenID4VP 1.0, section 7: claims path pointers."""

from typing import Any

import pytest

from sayso.credentials.claims_path import Positions, parse, select
from sayso.errors import MALFORMED_VALUE_ERROR, MISSING_CLAIM, ProblemType, SaysoError
from sayso.jsonvalue import Json

PERSON: Json = {
    "name": "Grace",
    "address": {"city": "New York"},
    "degrees": [{"type": "BA"}, {"type": "PhD", "field": "mathematics"}],
    "ranks": ["Commander", "Rear Admiral"],
    "mixed": [{"type": "a"}, "b"],
}


def selected(path: Any) -> list[Json]:
    return [value for _, value in select(PERSON, parse(path))]


@pytest.mark.parametrize(
    ("path", "values"),
    [
        (["name"], ["Grace"]),
        (["address"], [{"city": "New York"}]),
        (["address", "city"], ["New York"]),
        (["ranks", 1], ["Rear Admiral"]),
        (["ranks", None], ["Commander", "Rear Admiral"]),
        (["degrees", None, "type"], ["BA", "PhD"]),
        (["degrees", None, "field"], ["mathematics"]),  # elements without the member are left out
    ],
)
def test_processing(path: Any, values: Any) -> None:
    """DQ-P1: steps (1) to (2.3)."""
    assert selected(path) == values


@pytest.mark.parametrize(
    ("path", "kind"),
    [
        (["name", "first"], MALFORMED_VALUE_ERROR),  # (2.1)
        (["address", None], MALFORMED_VALUE_ERROR),  # (2.2)
        (["address", 0], MALFORMED_VALUE_ERROR),  # (2.3)
        (["ranks", -1], MALFORMED_VALUE_ERROR),  # (2.4)
        (["ranks", True], MALFORMED_VALUE_ERROR),
        (["ranks", 1.0], MALFORMED_VALUE_ERROR),
        (["ranks", {}], MALFORMED_VALUE_ERROR),
        (["email"], MISSING_CLAIM),  # (3)
        (["ranks", 2], MISSING_CLAIM),
        ([], MALFORMED_VALUE_ERROR),
    ],
    ids=repr,
)
def test_errors(path: Any, kind: ProblemType) -> None:
    """DQ-P1: another shape, another component, an empty selection; booleans are not ints."""
    for attempt in (lambda: selected(path), lambda: select(PERSON, tuple(path))):  # also of a path that was not read
        with pytest.raises(SaysoError) as refused:
            attempt()
        assert refused.value.problems[0].kind is kind


def test_an_index_counts_what_is_not_disclosed() -> None:
    """DQ-P1: the original positions are kept; the index of an undisclosed element is missing."""
    ranks: Json = {"ranks": ["Rear Admiral"]}
    second: Positions = {("ranks",): (1,)}
    assert select(ranks, ("ranks", 1), second) == select(ranks, ("ranks", None), second) == [(("ranks", 0), "Rear Admiral")]
    with pytest.raises(SaysoError):
        select(ranks, ("ranks", 0), second)


def test_a_path_starts_at_the_credential() -> None:
    """DQ-P2: at the VC for W3C formats, at the processed payload for SD-JWT VC."""
    credential: Json = {"type": ["VerifiableCredential"], "credentialSubject": {"name": "Grace"}}
    assert [value for _, value in select(credential, ("credentialSubject", "name"))] == ["Grace"]
    with pytest.raises(SaysoError):
        select(credential, ("name",))


def test_one_element_of_another_shape_is_an_error() -> None:
    """DQ-P3: even if others match."""
    with pytest.raises(SaysoError):
        selected(["mixed", None, "type"])
