"""The running example, once for each way to start it that is asked for."""

from collections.abc import Iterator

import pytest

from tests.examples.parties import NOW
from tests.examples.server import Client, served


@pytest.fixture(scope="session")
def api() -> Iterator[Client]:
    with served("--now", NOW.isoformat()) as client:
        yield client


@pytest.fixture(scope="session")
def api_without_binding() -> Iterator[Client]:
    with served("--now", NOW.isoformat(), "--no-issuer-binding") as client:
        yield client


@pytest.fixture(scope="session")
def api_with_legacy() -> Iterator[Client]:
    with served("--now", NOW.isoformat(), "--legacy-vp") as client:
        yield client
