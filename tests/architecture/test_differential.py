"""The tool that converts documents in both ways counts, shows what differs, and says so to its caller."""

import pytest

from tests.property.jsonld_oracle import Verdict
from tools import differential


def test_what_differs_is_shown_and_counted(capsys: pytest.CaptureFixture[str]) -> None:
    counts = differential.report(iter([(1, Verdict.EQUAL), (2, Verdict.DIFFERS), (3, Verdict.EQUAL)]))
    assert (counts[Verdict.EQUAL], counts[Verdict.DIFFERS], counts[Verdict.REFUSED]) == (2, 1, 0)
    assert capsys.readouterr().out.startswith("seed 2 differs: {")


def test_a_document_is_the_same_for_the_same_seed() -> None:
    assert [differential.tried(seed) for seed in range(20)] == [differential.tried(seed) for seed in range(20)]
    assert {differential.tried(seed)[1] for seed in range(20)} >= {Verdict.EQUAL, Verdict.REFUSED, Verdict.FALLBACK}


@pytest.mark.parametrize(("differing", "code"), [(0, 0), (1, 1)])
def test_a_difference_is_a_failure(differing: int, code: int) -> None:
    counts = differential.report(iter([(5, Verdict.DIFFERS)] * differing))
    assert differential.verdict(counts, 1, 5) == code
