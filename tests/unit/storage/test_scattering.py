"""Places are a permutation of the numbers, another one for each key, and nothing about one tells the next."""

from itertools import pairwise

import pytest

from sayso.issuer.status_layout import MAX_BITS
from sayso.storage.scattering import KEY_BYTES, ROUNDS, scatter

KEYS = [bytes([number]) * KEY_BYTES for number in range(3)]


@pytest.mark.parametrize("count", [1, 2, 3, 10, 64, 1000])
def test_every_place_is_given_once(count: int) -> None:
    assert {scatter(KEYS[1], number, count) for number in range(count)} == {*range(count)}


def test_the_key_decides() -> None:
    orders = {tuple(scatter(key, number, 50) for number in range(50)) for key in KEYS}
    assert len(orders) == len(KEYS)
    assert tuple(range(50)) not in orders


def test_no_step_repeats() -> None:
    places = [scatter(KEYS[2], number, 131_072) for number in range(300)]
    steps = [(later - earlier) % 131_072 for earlier, later in pairwise(places)]
    assert len({*steps}) > 290, "an offset and a step would show all places after two"
    assert 60_000 < sum(places) / len(places) < 71_000


def test_the_same_key_gives_the_same_places() -> None:
    """Or what was handed out yesterday would be handed out again tomorrow."""
    assert [scatter(bytes(range(KEY_BYTES)), number, 131_072) for number in range(4)] == PLACES


def test_there_are_enough_rounds() -> None:
    assert 6 * MAX_BITS.bit_length() <= ROUNDS


PLACES = [9540, 86547, 110721, 12800]
