"""Write and read forms, as answers are posted and URIs carry parameters: each name once, and nothing that has two readings.

Source: RFC 6749, sections 3.1 and 3.2 and appendix B; WHATWG URL, section 5 (application/x-www-form-urlencoded).
"""

import re
from collections.abc import Mapping
from urllib.parse import parse_qsl, quote, urlencode

from sayso.errors import LIMIT_EXCEEDED, PARSING_ERROR, SaysoError

MAX_FIELDS = 64
"""How many fields a form has at most."""

# What begins like this is a form: a name, and an equals sign. No JSON text and no compact serialization does.
_BEGINS = re.compile(rb"[A-Za-z0-9_.%~+-]{1,200}=")


def is_form(data: bytes) -> bool:
    """Tell whether these bytes begin as a form does.

    >>> is_form(b"vp_token=%7B%7D"), is_form(b'{"vp_token":{}}')
    (True, False)
    """
    return _BEGINS.match(data) is not None


def serialize(fields: Mapping[str, str]) -> str:
    """Write a form; what is read by a URI's rules is read the same by a form's.

    >>> serialize({"state": "a b"})
    'state=a%20b'
    """
    return urlencode(fields, quote_via=quote, safe="")


def parse(data: bytes, most: int) -> dict[str, str]:
    """Read a form of at most so many bytes.

    Raises:
        SaysoError: LIMIT_EXCEEDED, PARSING_ERROR.
    """
    if len(data) > most:
        raise SaysoError.of(LIMIT_EXCEEDED, f"a form is longer than {most} bytes")
    if data.count(b"&") >= MAX_FIELDS:
        raise SaysoError.of(LIMIT_EXCEEDED, f"a form has more than {MAX_FIELDS} fields")
    try:
        fields = parse_qsl(data.decode("ascii"), keep_blank_values=True, strict_parsing=True, errors="strict")
    except ValueError:
        raise SaysoError.of(PARSING_ERROR, "a form is ASCII text of names and values, and UTF-8 behind its escapes") from None
    named = dict(fields)
    # RFC 6749, section 3.1: no parameter more than once.
    if len(named) < len(fields):
        raise SaysoError.of(PARSING_ERROR, "a form has two fields of one name")
    return named
