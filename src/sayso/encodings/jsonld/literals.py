"""Write values as literals of RDF."""

import re

from sayso.encodings.jcs import canonicalize
from sayso.encodings.jsonld.active import is_iri
from sayso.encodings.jsonld.definitions import is_language
from sayso.encodings.jsonld.keywords import I18N, RDF_JSON, RDF_LANG_STRING, XSD_BOOLEAN, XSD_DOUBLE, XSD_INTEGER, XSD_STRING
from sayso.encodings.rdfc.quads import literal
from sayso.errors import DATA_LOSS_DETECTION_ERROR, MALFORMED_VALUE_ERROR, UNDECIDABLE, SaysoError
from sayso.jsonvalue import Json

_MANTISSA = re.compile(r"(\d)0*E([+-])0*(\d)")
_CANONICAL_DOUBLE = re.compile(r"-?[1-9]\.(?:0|[0-9]{0,14}[1-9])E-?(?:0|[1-9][0-9]{0,2})|0\.0E0")
_FROM_HERE_DOUBLE = 10**21


def suffix(datatype: str = "", language: str | None = None, direction: str | None = None) -> str:
    """Write what follows the quotation marks of a literal: its datatype, or its language.

    Where a direction is known it becomes part of a datatype, as the `rdfDirection` option `i18n-datatype` says.

    Source: JSON-LD 1.1 API, section 8.2 (Object to RDF Conversion), steps 13 and 14.

    >>> suffix(language="en", direction="ltr"), suffix(language="en"), suffix()
    ('^^<https://www.w3.org/ns/i18n#en_ltr>', '@en', '')
    """
    if direction:
        return f"^^<{I18N}{language or ''}_{direction}>"
    if language:
        return "@" + language
    return f"^^<{datatype}>" if datatype and datatype != XSD_STRING else ""


def text(value: str, datatype: str = "") -> str:
    """Write a string as a literal.

    Raises:
        SaysoError: UNDECIDABLE for a double that is not canonical: the text of the standard keeps it, the processors in use rewrite it.
    """
    if datatype == XSD_DOUBLE and not _CANONICAL_DOUBLE.fullmatch(value):
        raise SaysoError.of(UNDECIDABLE, "processors do not agree on a string of type xsd:double that is not canonical")
    return literal(value) + suffix(datatype)


def native(value: float, datatype: str = "") -> str:
    """Write a JSON number or boolean as a literal.

    Source: JSON-LD 1.1 API, section 8.2 (Object to RDF Conversion), steps 8 to 11.

    Raises:
        SaysoError: DATA_LOSS_DETECTION_ERROR for an integer that no double holds: processors read another number.

    >>> native(1.0), native(1.5)
    ('"1"^^<http://www.w3.org/2001/XMLSchema#integer>', '"1.5E0"^^<http://www.w3.org/2001/XMLSchema#double>')
    """
    if isinstance(value, bool):
        return literal("true" if value else "false") + suffix(datatype or XSD_BOOLEAN)
    check_number(value)
    if datatype == XSD_DOUBLE or value != int(value) or abs(value) >= _FROM_HERE_DOUBLE:
        return literal(_double(value)) + suffix(datatype or XSD_DOUBLE)
    return literal(str(int(value))) + suffix(datatype or XSD_INTEGER)


def check_number(value: float) -> None:
    """See that a number is the same to those who read numbers as doubles.

    Raises:
        SaysoError: DATA_LOSS_DETECTION_ERROR.
    """
    if isinstance(value, int):
        try:
            exact = int(float(value)) == value
        except OverflowError:
            exact = False
        if not exact:
            raise SaysoError.of(DATA_LOSS_DETECTION_ERROR, "an integer is not exact as a double")


def _double(value: float) -> str:
    # The canonical lexical form, which the section writes as "%1.15E" without the zeros that say nothing.
    return _MANTISSA.sub(lambda found: f"{found[1]}E{'-' if found[2] == '-' else ''}{found[3]}", f"{value:1.15E}")


def json_text(value: Json) -> str:
    """Write any JSON value as the text of a literal of type rdf:JSON.

    Source: JSON-LD 1.1, section 10.2 (The rdf:JSON Datatype); JSON-LD 1.1 API, section 8.6.

    Raises:
        SaysoError: MALFORMED_VALUE_ERROR for what has no canonical form.
    """
    return canonicalize(value).decode()


def json(value: Json) -> str:
    """Write any JSON value as a literal.

    Raises:
        SaysoError: as `json_text`.
    """
    return literal(json_text(value)) + f"^^<{RDF_JSON}>"


def check_datatype(iri: object) -> str:
    """See that this is a datatype of a value.

    Raises:
        SaysoError: MALFORMED_VALUE_ERROR.
    """
    if not isinstance(iri, str) or not is_iri(iri) or iri == RDF_LANG_STRING:
        raise SaysoError.of(MALFORMED_VALUE_ERROR, "invalid typed value")
    return iri


def check_language(tag: str) -> str:
    """See that this is a language tag; it is written in lower case.

    Raises:
        SaysoError: DATA_LOSS_DETECTION_ERROR.
    """
    if not is_language(tag):
        raise SaysoError.of(DATA_LOSS_DETECTION_ERROR, "an invalid language tag")
    return tag.lower()
