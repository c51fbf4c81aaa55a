"""The whole life of a share between two processes that exchange nothing but bytes, whatever database the business has."""

from collections.abc import Iterator
from pathlib import Path

import pytest

from tests.journeys.whole_life import life
from tests.support import postgresql
from tools.postgres import postgres


@pytest.fixture(params=["sqlite", "postgresql"])
def where(request: pytest.FixtureRequest, tmp_path: Path) -> Iterator[str]:
    if request.param == "sqlite":
        yield str(tmp_path / "bar.db")
        return
    with postgres(postgresql()) as url:
        yield url


def test_from_the_request_to_the_last_erasure(where: str) -> None:
    made = life(where, "vc+jwt")
    assert [kind for kind, _ in made] == ["SharingGrant", "ConsentReceipt", *["ErasureConfirmation"] * 3]
