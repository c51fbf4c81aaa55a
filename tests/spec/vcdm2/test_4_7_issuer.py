"""VCDM 2.0, section 4.7: the issuer."""

import pytest

from sayso.credentials.credential import issuer_id
from sayso.jsonvalue import Json
from tests.spec.vcdm2.documents import ISSUER, MALFORMED, a_card, a_credential, found, without


@pytest.mark.parametrize("issuer", [ISSUER, {"id": ISSUER}, {"id": ISSUER, "type": "https://example.org/#City", "name": "Oslo"}])
def test_dm_6_an_issuer(issuer: Json) -> None:
    """DM-6: a URL, or an object with one."""
    assert found(a_card(issuer=issuer)) == []
    assert issuer_id(a_card(issuer=issuer)) == ISSUER


@pytest.mark.parametrize(
    ("issuer", "place"),
    [
        (None, "/issuer"),
        ("", "/issuer"),
        ("fake-issuer", "/issuer"),
        (5, "/issuer"),
        ([ISSUER], "/issuer"),
        ([{"id": ISSUER}], "/issuer"),
        ({}, "/issuer/id"),
        ({"name": "Oslo"}, "/issuer/id"),
        ({"id": None}, "/issuer/id"),
        ({"id": "fake-issuer"}, "/issuer/id"),
        ({"id": [ISSUER]}, "/issuer/id"),
    ],
)
def test_dm_6_anything_else_is_malformed(issuer: Json, place: str) -> None:
    """DM-6, DM-16: exactly one."""
    assert found(a_card(issuer=issuer)) == [(MALFORMED, place)]


def test_dm_6_it_is_required() -> None:
    """DM-6."""
    assert found(without(a_credential(), "issuer")) == [(MALFORMED, "/issuer")]


@pytest.mark.parametrize("issuer", [None, 5, [ISSUER], {}, {"id": 5}])
def test_no_other_identifier_is_read_from_it(issuer: Json) -> None:
    assert issuer_id({"issuer": issuer}) is None
    assert issuer_id({}) is None
