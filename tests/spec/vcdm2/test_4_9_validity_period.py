"""VCDM 2.0, sections 4.9 and 5.8: the validity period."""

import pytest

from sayso.jsonvalue import Json
from tests.spec.vcdm2.documents import MALFORMED, a_card, found

EARLY, LATE = "2026-11-20T12:00:00Z", "2026-11-20T12:00:01Z"


def test_dm_8_a_period() -> None:
    """DM-8: either end may be open, and an instant is a period too."""
    for period in (
        {},
        {"validFrom": EARLY},
        {"validUntil": EARLY},
        {"validFrom": EARLY, "validUntil": LATE},
        {"validFrom": EARLY, "validUntil": EARLY},
    ):
        assert found(a_card(**period)) == []


def test_dm_8_it_does_not_end_before_it_begins() -> None:
    """DM-8: by the instant, not by the text."""
    assert found(a_card(validFrom=LATE, validUntil=EARLY)) == [(MALFORMED, "/validUntil")]
    assert found(a_card(validFrom="2026-11-20T13:00:00+02:00", validUntil="2026-11-20T12:00:00Z")) == []
    assert found(a_card(validFrom="2026-11-20T11:00:00-02:00", validUntil="2026-11-20T12:00:00Z")) == [(MALFORMED, "/validUntil")]


@pytest.mark.parametrize("member", ["validFrom", "validUntil"])
@pytest.mark.parametrize("date", [None, "", "2026-11-20T12:00:00", "2026-11-20", 1_795_176_000, [EARLY], {"@value": EARLY}])
def test_tm_1_a_date_has_an_offset(member: str, date: Json) -> None:
    """TM-1, DM-16: one dateTimeStamp; a null is malformed, never absent."""
    assert found(a_card(**{member: date})) == [(MALFORMED, f"/{member}")]
