"""Write and read OpenID4VP response objects.

Source: OpenID4VP 1.0, sections 8.1 and 8.5.
"""

from collections.abc import Mapping, Sequence
from types import MappingProxyType

from sayso.errors import MALFORMED_VALUE_ERROR, NOT_ANSWERABLE, SaysoError
from sayso.jsonvalue import DEFAULT_LIMITS, Json, Limits, parse_object
from sayso.jsonvalue import serialize as serialize_json

STATUS_LISTS = "https://w3id.org/sayso/status_lists"
"""The member of a response with the status lists that came along: texts by URL. Others ignore it, as they must (section 8.1)."""


def serialize(presentations: Mapping[str, Sequence[str]], status_lists: Mapping[str, bytes] = MappingProxyType({})) -> bytes:
    """Write a response with the presentations of each credential query, by its id; always arrays.

    A presentation that is JSON stands there as an object. Others are compact serializations, in which no character needs escaping
    (RFC 8259, section 7): they are not looked through, for they can be long.

    Source: OpenID4VP 1.0, section 8.1 (VP-6).

    >>> serialize({"pid": ["eyJ.eyJ.c2ln~"]})
    b'{"vp_token":{"pid":["eyJ.eyJ.c2ln~"]}}'
    """
    members = [f"{serialize_json(query)}:[{','.join(map(_entry, texts))}]" for query, texts in presentations.items()]
    lists: Json = {url: text.decode() for url, text in status_lists.items()}
    brought = f",{serialize_json(STATUS_LISTS)}:{serialize_json(lists)}" if lists else ""
    return ('{"vp_token":{' + ",".join(members) + "}" + brought + "}").encode()


def _entry(text: str) -> str:
    return text if text.startswith("{") else f'"{text}"'


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


def status_lists(data: bytes, limits: Limits = DEFAULT_LIMITS) -> dict[str, bytes]:
    """Give the status lists that came along with a response that was read, by their URL; none is trusted.

    Raises:
        SaysoError: PARSING_ERROR, MALFORMED_VALUE_ERROR.
    """
    if STATUS_LISTS.encode() not in data:
        return {}  # as nearly always; one that is written in another way is not seen, and its list is asked for
    lists = parse_object(data, limits).get(STATUS_LISTS, {})
    found = {url: text.encode() for url, text in lists.items() if isinstance(text, str)} if isinstance(lists, dict) else {}
    if not isinstance(lists, dict) or len(found) < len(lists):
        raise SaysoError.of(MALFORMED_VALUE_ERROR, "status lists are texts by their URL", STATUS_LISTS)
    return found
