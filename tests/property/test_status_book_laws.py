"""Laws of status books: whatever is done in whatever order, a store holds what a dict holds, and what is published is what it holds."""

from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import TypeAlias

import pytest
from hypothesis import given
from hypothesis import strategies as st

from sayso import MemoryStatusStore, SaysoError, SqlStatusStore, StatusStore
from sayso.errors import REVOKED_FOR_GOOD, UNKNOWN_STATUS_ENTRY, ProblemType
from sayso.storage.scattering import KEY_BYTES, scatter
from sayso.storage.status_store import Change, Place, Terms
from tests.support import examples

pytestmark = pytest.mark.laws

URL = "https://city.example/status"
COLUMNS = ("revocation", "suspension")
ENTRIES = 4
REFERENCES = st.sampled_from(["a", "b"])
CHANGES = st.builds(Change, st.sampled_from(COLUMNS), st.integers(0, 3), st.booleans())
WHERE = st.lists(st.integers(0, 9), min_size=1, max_size=3)
"""Places by when they were handed out; a number too great names one that never was."""

Step: TypeAlias = "tuple[str, object]"
STEPS = st.lists(
    st.one_of(
        st.tuples(st.just("allocate"), REFERENCES | st.none()),
        st.tuples(st.just("change"), st.tuples(WHERE, CHANGES)),
        st.tuples(st.just("named"), st.tuples(REFERENCES, CHANGES)),
    ),
    max_size=20,
)


class Model:
    """Be a store that is easy to read."""

    def __init__(self) -> None:
        self.given: list[tuple[Place, str | None]] = []
        self.values: dict[tuple[Place, str], int] = {}
        self.closed: set[Place] = set()

    def change(self, places: list[Place], change: Change) -> ProblemType | None:
        known = {place for place, _ in self.given}
        if any(place not in known for place in places):
            return UNKNOWN_STATUS_ENTRY
        same = change.closes and all(self.values.get((place, change.column), 0) == change.value for place in places if place in self.closed)
        if self.closed.intersection(places) and not same:
            return REVOKED_FOR_GOOD
        self.values.update({(place, change.column): change.value for place in places})
        self.closed.update(places if change.closes else ())
        return None

    def sheet(self, number: int) -> dict[str, dict[int, int]]:
        return {
            column: {
                place.position: value for (place, name), value in self.values.items() if (name, place.sheet) == (column, number) and value
            }
            for column in COLUMNS
        }


@contextmanager
def _memory() -> Iterator[StatusStore]:
    yield MemoryStatusStore()


@contextmanager
def _file() -> Iterator[StatusStore]:
    with TemporaryDirectory() as folder:
        store = SqlStatusStore(Path(folder, "status.db"))
        yield store
        store.close()


def _change(store: StatusStore, places: list[Place], change: Change) -> ProblemType | None:
    try:
        store.change(URL, places, change)
    except SaysoError as error:
        return error.problems[0].kind
    return None


def _follow(store: StatusStore, steps: list[Step]) -> None:
    model = Model()
    version = 0
    store.open(URL, Terms("bitstring", COLUMNS, 2, ENTRIES, "did:example:city"), bytes(KEY_BYTES))
    for verb, what in steps:
        if verb == "allocate":
            assert what is None or isinstance(what, str)
            place = store.allocate(URL, what)
            assert place not in {given for given, _ in model.given}
            assert place.sheet == len(model.given) // ENTRIES
            model.given.append((place, what))
            continue
        assert isinstance(what, tuple)
        where, change = what
        if verb == "named":
            places = [place for place, reference in model.given if reference == where]
            assert {*store.places(URL, where)} == {*places}
        else:
            places = [model.given[number][0] if number < len(model.given) else Place(number, 0) for number in where]
        assert _change(store, places, change) == model.change(places, change)
        for sheet in range(3):
            found = store.snapshot(URL, sheet)
            assert found.values == model.sheet(sheet)
            assert found.version > version
            version = found.version
    assert store.allocated(URL) == len(model.given)


@examples()
@given(STEPS)
def test_a_store_in_memory_is_a_dict(steps: list[Step]) -> None:
    with _memory() as store:
        _follow(store, steps)


@examples(25)
@given(STEPS)
def test_a_store_in_a_file_is_a_dict(steps: list[Step]) -> None:
    with _file() as store:
        _follow(store, steps)


@examples(200)
@given(st.binary(min_size=KEY_BYTES, max_size=KEY_BYTES), st.integers(1, 60))
def test_scattering_is_a_permutation(key: bytes, count: int) -> None:
    assert sorted(scatter(key, number, count) for number in range(count)) == [*range(count)]
