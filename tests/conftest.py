"""Fixtures and settings for every test."""

import os
from pathlib import Path

import pytest
from hypothesis import HealthCheck, settings

from tests.support import ABSENT, SHARED

# The machine's speed decides no verdict. In CI the same commit gives the same examples; elsewhere, and in `make fuzz`, new ones.
settings.register_profile(
    "sayso",
    deadline=None,
    derandomize="CI" in os.environ and not os.environ.get("SAYSO_EXAMPLES"),
    suppress_health_check=[HealthCheck.too_slow],
    print_blob=True,
)
settings.load_profile("sayso")


@pytest.fixture(scope="session")
def shared() -> Path:
    """Give the folder of the published vectors, or skip."""
    if SHARED is None:
        pytest.skip(ABSENT)
    return SHARED
