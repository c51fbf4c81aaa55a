"""Every attack of the shared corpus is refused, and every control accepted, as far as the formats are built."""

from collections import Counter

from sayso.testing.conformance import CORRECT, NOT_SUPPORTED, run
from sayso.testing.records import read
from tests.support import shared

FORMATS = ("sd-jwt-vc", "oid4vp")


def test_attacks_are_refused_and_controls_accepted() -> None:
    """RFC 9901, sections 7.1 and 7.3; SD-JWT VC draft 19, section 2.5; OpenID4VP 1.0, sections 6, 8.1 and 8.6."""
    records = [record for record in read(shared("attacks", "corpus.jsonl")) if record.format in FORMATS]
    outcomes = list(run(records))
    misses = [(found.outcome, found.record.id, found.detail) for found in outcomes if found.outcome not in (CORRECT, NOT_SUPPORTED)]
    assert misses == []
    assert Counter(found.outcome for found in outcomes) == {CORRECT: 265, NOT_SUPPORTED: 53}
