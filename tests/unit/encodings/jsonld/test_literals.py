"""Values as literals: numbers in their canonical forms, and what processors do not agree on."""

import pytest

from sayso.encodings.jsonld import literals
from sayso.encodings.jsonld.keywords import XSD_DOUBLE, XSD_INTEGER, XSD_STRING
from sayso.errors import DATA_LOSS_DETECTION_ERROR, MALFORMED_VALUE_ERROR, UNDECIDABLE
from tests.unit.encodings.jsonld.documents import problem


@pytest.mark.parametrize(
    ("value", "datatype", "written"),
    [
        (True, "", '"true"^^<boolean>'),
        (False, "urn:t", '"false"^^<urn:t>'),
        (True, XSD_DOUBLE, '"true"^^<double>'),
        (0, "", '"0"^^<integer>'),
        (-0.0, "", '"0"^^<integer>'),
        (5, "urn:t", '"5"^^<urn:t>'),
        (5.0, "", '"5"^^<integer>'),
        (5, XSD_STRING, '"5"'),
        (5, XSD_DOUBLE, '"5.0E0"^^<double>'),
        (0, XSD_DOUBLE, '"0.0E0"^^<double>'),
        (1.5, "", '"1.5E0"^^<double>'),
        (-1.5, "", '"-1.5E0"^^<double>'),
        (1.5, XSD_INTEGER, '"1.5E0"^^<integer>'),
        (1e-7, "", '"1.0E-7"^^<double>'),
        (0.1, "", '"1.0E-1"^^<double>'),
        (123456789.125, "", '"1.23456789125E8"^^<double>'),
        (10**20, "", '"100000000000000000000"^^<integer>'),
        (1e20, "", '"100000000000000000000"^^<integer>'),
        (10**21, "", '"1.0E21"^^<double>'),
        (1e21, "urn:t", '"1.0E21"^^<urn:t>'),
        (-1e300, "", '"-1.0E300"^^<double>'),
        (2**53, "", '"9007199254740992"^^<integer>'),
    ],
)
def test_numbers_and_booleans(value: float, datatype: str, written: str) -> None:
    assert literals.native(value, datatype).replace("http://www.w3.org/2001/XMLSchema#", "") == written


@pytest.mark.parametrize("value", [2**53 + 1, 10**21 + 1, 10**400])
def test_an_integer_that_no_double_holds_is_refused(value: int) -> None:
    assert problem(lambda: literals.native(value)).kind is DATA_LOSS_DETECTION_ERROR


def test_strings() -> None:
    assert literals.text('a"b') == r'"a\"b"'
    assert literals.text("a", XSD_STRING) == '"a"'
    assert literals.text("a", "urn:t") == '"a"^^<urn:t>'


@pytest.mark.parametrize("text", ["1.5E0", "-1.0E-7", "0.0E0", "1.25E21"])
def test_a_canonical_double_is_kept(text: str) -> None:
    assert literals.text(text, XSD_DOUBLE).startswith(f'"{text}"^^')


OTHER_SPELLINGS = ["5", "1.50E0", "1.5e0", "15.0E0", "+1.5E0", "1.5E+0", "1.5E00", "0.5E0", "-0.0E0", "NaN", "INF", "1.5E0\n", "x"]


@pytest.mark.parametrize("text", OTHER_SPELLINGS)
def test_another_spelling_of_a_double_is_refused(text: str) -> None:
    assert problem(lambda: literals.text(text, XSD_DOUBLE)).kind is UNDECIDABLE


def test_what_follows_the_text() -> None:
    assert literals.suffix() == ""
    assert literals.suffix("urn:t") == "^^<urn:t>"
    assert literals.suffix("", "en") == "@en"
    assert literals.suffix("", "en", "rtl") == "^^<https://www.w3.org/ns/i18n#en_rtl>"
    assert literals.suffix("", None, "rtl") == "^^<https://www.w3.org/ns/i18n#_rtl>"


def test_json() -> None:
    assert literals.json({"b": [1.0], "a": None}) == r'"{\"a\":null,\"b\":[1]}"^^<http://www.w3.org/1999/02/22-rdf-syntax-ns#JSON>'
    assert problem(lambda: literals.json(2**53 + 1)).kind is MALFORMED_VALUE_ERROR


def test_datatypes_and_languages() -> None:
    assert literals.check_datatype("urn:t") == "urn:t"
    for iri in (None, "rel", "_:t", "http://www.w3.org/1999/02/22-rdf-syntax-ns#langString"):
        assert problem(lambda iri=iri: literals.check_datatype(iri)).kind is MALFORMED_VALUE_ERROR  # type: ignore[misc]
    assert literals.check_language("EN-us") == "en-us"
    for tag in ("", "x_y", "toolonglanguage", "en-", "en\n"):
        assert problem(lambda tag=tag: literals.check_language(tag)).kind is DATA_LOSS_DETECTION_ERROR  # type: ignore[misc]
