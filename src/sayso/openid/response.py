"""Write and read OpenID4VP response objects.

Source: OpenID4VP 1.0, sections 8.1 and 8.5.
"""

from collections.abc import Mapping, Sequence

from sayso.errors import MALFORMED_VALUE_ERROR, NOT_ANSWERABLE, SaysoError
from sayso.jsonvalue import DEFAULT_LIMITS, Json, Limits, parse_object
from sayso.jsonvalue import serialize as serialize_json


def serialize(presentations: Mapping[str, Sequence[str]]) -> bytes:
    """Write a response with the presentations of each credential query, by its id; always arrays.

    The presentations are compact serializations, in which no character needs escaping (RFC 8259, section 7): they are not looked through,
    for they can be long.

    Source: OpenID4VP 1.0, section 8.1 (VP-6).

    >>> serialize({"pid": ["eyJ.eyJ.c2ln~"]})
    b'{"vp_token":{"pid":["eyJ.eyJ.c2ln~"]}}'
    """
    members = [serialize_json(query) + ':["' + '","'.join(texts) + '"]' for query, texts in presentations.items()]
    return ('{"vp_token":{' + ",".join(members) + "}}").encode()


def parse(data: bytes, limits: Limits = DEFAULT_LIMITS) -> Json:
    """Read a response and give its `vp_token` as it is.

    Source: OpenID4VP 1.0, sections 8.1 and 8.5 (VP-6, VP-13).

    Raises:
        SaysoError: PARSING_ERROR, MALFORMED_VALUE_ERROR, or NOT_ANSWERABLE where the wallet answered with an error.
    """
    response = parse_object(data, limits)
    if "error" in response:
        raise SaysoError.of(NOT_ANSWERABLE, "the wallet answered that it does not answer", "error")
    if "vp_token" not in response:
        raise SaysoError.of(MALFORMED_VALUE_ERROR, "a response has a vp_token", "vp_token")
    return response["vp_token"]
