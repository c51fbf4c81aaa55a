"""How the tests of did:webvh read a log, and see it refused."""

from datetime import datetime

import pytest

from sayso.dids.did_webvh.resolution import read_log
from sayso.dids.method import NO_OPTIONS, Options, Resolution
from sayso.errors import INVALID_DID, ProblemType, SaysoError
from tests.spec.did_webvh.forge import NOW, Forge


def read(log: Forge, witnesses: str | None = None, options: Options = NO_OPTIONS, *, did: str = "", at: datetime = NOW) -> Resolution:
    """Resolve a log."""
    return read_log(did or log.did, log.text, at, witnesses, options)


def refusal(
    log: Forge,
    witnesses: str | None = None,
    options: Options = NO_OPTIONS,
    *,
    did: str = "",
    at: datetime = NOW,
    kind: ProblemType = INVALID_DID,
) -> tuple[str, str]:
    """See a log refused, and give the pointer and the reason."""
    with pytest.raises(SaysoError) as caught:
        read(log, witnesses, options, did=did, at=at)
    (problem,) = caught.value.problems
    assert problem.kind is kind
    return problem.pointer, problem.detail
