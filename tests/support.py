"""What tests share: the published vectors beside the project, and how many examples a law is tried on."""

import os
from pathlib import Path

import pytest
from hypothesis import settings

from tools.postgres import programs

REPOSITORY = Path(__file__).resolve().parents[1]

STANDARD_EXAMPLES = 2_000
"""How many examples a law is tried on unless it says otherwise."""


def _find_shared() -> Path | None:
    place = Path(os.environ.get("SAYSO_SHARED") or REPOSITORY.parent / "shared")
    return place.resolve() if (place / "vectors").is_dir() else None


SHARED: Path | None = _find_shared()
"""The folder that holds `vectors/` and `attacks/`, published data that no one here wrote: `../shared`, or what SAYSO_SHARED names."""

ABSENT = "the published vectors are not beside the project (../shared, or SAYSO_SHARED)"

needs_shared = pytest.mark.skipif(SHARED is None, reason=ABSENT)
"""Mark a test that reads SHARED."""


def shared(*parts: str) -> Path:
    """Return the path of a file in SHARED; skip the test, or the whole module that is being imported, where there is none."""
    if SHARED is None:
        pytest.skip(ABSENT, allow_module_level=True)
    path = SHARED.joinpath(*parts)
    if not path.exists():
        pytest.skip(f"not among the published vectors: {'/'.join(parts)}", allow_module_level=True)
    return path


def must_run(what: str) -> bool:
    """Whether a test that needs something beside Python may not be skipped: SAYSO_NO_SKIP names it, "interop" or "postgresql"."""
    return what in os.environ.get("SAYSO_NO_SKIP", "").split(",")


def postgresql() -> Path:
    """Give the folder of the programs of PostgreSQL; skip where there is none, unless it must be there."""
    found = programs()
    if found is None:
        no_server = "PostgreSQL is not installed (Debian: apt-get install postgresql)"
        if must_run("postgresql"):
            pytest.fail(no_server)
        pytest.skip(no_server)
    return found


def examples(count: int = STANDARD_EXAMPLES) -> settings:
    """Decorate a law with the number of examples it is tried on.

    SAYSO_EXAMPLES is the number for a law of the standard 2,000; a law with more or fewer grows in proportion. Each has at least one.
    """
    asked = int(os.environ.get("SAYSO_EXAMPLES") or STANDARD_EXAMPLES)
    return settings(max_examples=max(1, count * asked // STANDARD_EXAMPLES))
