"""VCDM 2.0, section 4.8: the subject."""

import pytest

from sayso.jsonvalue import Json
from tests.spec.vcdm2.documents import HOLDER, MALFORMED, a_card, a_credential, found, without


@pytest.mark.parametrize("subject", [{"id": HOLDER}, {"given_name": "Ada"}, [{"id": HOLDER}, {"given_name": "Ada"}], {"given_name": None}])
def test_dm_7_one_or_more_subjects_with_a_claim(subject: Json) -> None:
    """DM-7."""
    assert found(a_card(credentialSubject=subject)) == []


@pytest.mark.parametrize(
    ("subject", "place"),
    [
        (None, ""),
        ("Ada", ""),
        (HOLDER, ""),
        (5, ""),
        ({}, ""),
        ([], ""),
        ([{"id": HOLDER}, {}], "/1"),
        ([HOLDER], "/0"),
        ([[{"id": HOLDER}]], "/0"),
    ],
)
def test_dm_7_anything_else_is_malformed(subject: Json, place: str) -> None:
    """DM-7: also inside an array."""
    assert found(a_card(credentialSubject=subject)) == [(MALFORMED, f"/credentialSubject{place}")]


def test_dm_7_it_is_required() -> None:
    """DM-7."""
    assert found(without(a_credential(), "credentialSubject")) == [(MALFORMED, "/credentialSubject")]


def test_dm_7_undisclosed_claims_count() -> None:
    """DM-7: an SD-JWT's subject may show nothing, if it holds digests."""
    empty = a_card(credentialSubject={})
    assert found(empty, hiding=[("credentialSubject",)]) == []
    assert found(empty, hiding=[()]) == [(MALFORMED, "/credentialSubject")]
    several = a_card(credentialSubject=[{}, {}])
    assert found(several, hiding=[("credentialSubject", 1)]) == [(MALFORMED, "/credentialSubject/0")]
