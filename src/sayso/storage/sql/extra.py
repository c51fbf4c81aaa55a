"""Say what to install where a database cannot be opened without it."""

from collections.abc import Generator
from contextlib import contextmanager

from sayso.errors import UNDECIDABLE, SaysoError


@contextmanager
def needed() -> Generator[None]:
    """Refuse where a library is missing.

    Raises:
        SaysoError: UNDECIDABLE.
    """
    try:
        yield
    except ModuleNotFoundError as error:
        raise SaysoError.of(
            UNDECIDABLE, f'a database needs the library {error.name}, which comes with an extra: pip install "sayso[sql]"'
        ) from None
