"""Sync equals async, whatever is asked, answered, refused and caught."""

import asyncio

import pytest
from hypothesis import given
from hypothesis import strategies as st

from sayso.errors import NOT_FOUND, SaysoError
from sayso.retrieval import Retrieve, Retrieved, Steps, drive, drive_async
from tests.property.outcomes import outcome
from tests.support import examples

pytestmark = pytest.mark.laws


def _script(catches: list[bool]) -> Steps[list[str]]:
    """Ask once for each entry, and catch a refusal where it says so."""
    said = list[str]()
    for number, catch in enumerate(catches):
        question = Retrieve(f"https://example.org/{number}", "text/plain", 10, "a page")
        if not catch:
            said.append((yield question).body.decode())
            continue
        try:
            said.append((yield question).body.decode())
        except SaysoError as error:
            said.append(error.problems[0].detail)
    return said


@examples(100)
@given(st.lists(st.tuples(st.booleans(), st.booleans()), max_size=8))
def test_sync_equals_async(plan: list[tuple[bool, bool]]) -> None:
    def fetch(retrieve: Retrieve) -> Retrieved:
        number = int(retrieve.url.rpartition("/")[2])
        if plan[number][1]:
            raise SaysoError.of(NOT_FOUND, f"no page {number}")
        return Retrieved(f"page {number}".encode())

    async def afetch(retrieve: Retrieve) -> Retrieved:
        return fetch(retrieve)

    catches = [catch for catch, _ in plan]
    sync = outcome(drive, _script(catches), fetch)
    assert sync == outcome(asyncio.run, drive_async(_script(catches), afetch))
    if any(refused and not catch for catch, refused in plan):
        assert sync is NOT_FOUND
    else:
        assert sync == [f"no page {number}" if refused else f"page {number}" for number, (_, refused) in enumerate(plan)]
