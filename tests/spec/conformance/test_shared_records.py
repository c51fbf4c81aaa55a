"""Every attack of the shared corpus is refused, and every control accepted."""

from collections import Counter

from sayso.testing.conformance import CORRECT, WRONGLY_ACCEPTED, run
from sayso.testing.records import read
from tests.support import shared

# RFC 8785, section 3.2.2.3: 4 and 4.0 are one number, and have one canonical form; strict readers may refuse the second.
PERMITTED = {"di-jcs/json/int-to-float-text"}


def test_attacks_are_refused_and_controls_accepted() -> None:
    """RFC 9901, sections 7.1 and 7.3; SD-JWT VC draft 19, section 2.5; OpenID4VP 1.0, sections 6, 8.1 and 8.6."""
    outcomes = list(run(read(shared("attacks", "corpus.jsonl"))))
    misses = [(found.outcome, found.record.id, found.detail) for found in outcomes if found.outcome is not CORRECT]
    assert {name for _, name, _ in misses} == PERMITTED
    assert Counter(found.outcome for found in outcomes) == {CORRECT: 1159, WRONGLY_ACCEPTED: 1}
