"""Key files of tests are cheap to guess, so that they are opened at once."""

import pytest

from sayso.cli import keyfiles
from sayso.keys import sealing
from sayso.keys.passphrase import LEAST_COST


@pytest.fixture(autouse=True)
def _cheap_key_files(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(keyfiles, "COST", LEAST_COST)
    monkeypatch.setattr(sealing, "DEFAULT_COST", LEAST_COST)
