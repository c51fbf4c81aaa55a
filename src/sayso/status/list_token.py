"""Read the claims of a status list token.

Source: Token Status List (draft 20), sections 4.2 and 5.1 (TS-3, TS-4).
"""

from datetime import timedelta

from sayso.credentials.validity import parse_numeric_date
from sayso.identifiers import is_url
from sayso.jsonvalue import JsonObject
from sayso.status import token_list
from sayso.status.lists import malformed, ttl_of
from sayso.status.results import StatusList

TYPE = "statuslist+jwt"
"""The `typ` of a token."""

MEDIA_TYPE = "application/statuslist+jwt"

_LIST = "status_list"
_SECOND = timedelta(seconds=1)


def list_of(payload: JsonObject, url: str, max_bytes: int) -> StatusList:
    """Give the list that a token holds, as it was found at a URL. Of its dates only `iat` is looked at: it is required.

    Raises:
        SaysoError: MALFORMED_VALUE_ERROR where the token is malformed or about another list; LIMIT_EXCEEDED.
    """
    if payload.get("sub") != url:  # TS-6, step 5
        raise malformed("the list is another one than that which was asked for", "sub")
    if "iat" not in payload:
        raise malformed("a token says when it was made", "iat")
    said = payload.get(_LIST)
    if not isinstance(said, dict):
        raise malformed("a token holds a list", _LIST)
    size, encoded = said.get("bits"), said.get("lst")
    if type(size) is not int or size not in token_list.SIZES:
        raise malformed("a value has 1, 2, 4 or 8 bits", _LIST, "bits")
    if not isinstance(encoded, str):
        raise malformed("a list is a text", _LIST, "lst")
    if not is_url(said.get("aggregation_uri", url)):
        raise malformed("where other lists are named is a URL", _LIST, "aggregation_uri")
    made, ttl = parse_numeric_date(payload["iat"]), ttl_of(payload, _SECOND)
    return StatusList(token_list.decode(encoded, max_bytes), size, frozenset(), made, ttl)
