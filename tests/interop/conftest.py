"""The peers in JavaScript, for the tests that compare with them."""

from collections.abc import Iterator

import pytest

from tests.interop import javascript
from tests.interop.javascript import Peer
from tests.support import must_run


@pytest.fixture(scope="session")
def js() -> Iterator[Peer]:
    """Give the running peers; skip where there are none, unless SAYSO_NO_SKIP says that they must be there."""
    missing = javascript.absent()
    if missing:
        (pytest.fail if must_run("interop") else pytest.skip)(missing)
    with javascript.peer() as running:
        yield running
