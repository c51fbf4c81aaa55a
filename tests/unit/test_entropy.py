"""Chance gives as many bytes as asked for, new ones each time."""

import pytest

from sayso.entropy import system_entropy


@pytest.mark.parametrize("size", [0, 1, 16, 4096])
def test_as_many_bytes_as_asked_for(size: int) -> None:
    assert len(system_entropy(size)) == size


def test_no_draw_repeats() -> None:
    assert len({system_entropy(16) for _ in range(1_000)}) == 1_000
