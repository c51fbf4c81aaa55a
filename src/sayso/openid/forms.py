"""Read a request in every form in which it can come: as a request object, in a URI, and over the Digital Credentials API.

Source: OpenID4VP 1.0, sections 5.1 to 5.10, and appendix A.3; RFC 9101, sections 5 and 6.
"""

from typing import Final, NamedTuple
from urllib.parse import urlsplit

from sayso.encodings import base64url
from sayso.entropy import Entropy
from sayso.errors import LIMIT_EXCEEDED, MALFORMED_VALUE_ERROR, PARSING_ERROR, UNDECIDABLE, SaysoError
from sayso.identifiers import is_url
from sayso.jsonvalue import DEFAULT_LIMITS, Json, JsonObject, Limits, parse, parse_object
from sayso.openid import form
from sayso.openid.client_id import PREFIX, SIGNED, Channel, is_response_uri
from sayso.openid.request_object import TYPE
from sayso.retrieval import Retrieve, Steps

SIGNED_PROTOCOL: Final = "openid4vp-v1-signed"
"""What the Digital Credentials API calls the form that is written here (appendix A.1); what is read is told by its members."""
MAX_URI_BYTES: Final = 64 * 1024
"""The longest URI that is read."""
MAX_OBJECT_BYTES: Final = 256 * 1024
"""The longest request object that is retrieved."""
MAX_SIGNATURES: Final = 16
"""How many signatures a request may have."""
NONCE_BYTES: Final = 18

_SCHEMES = frozenset({"openid4vp", "https"})
_METHODS = ("get", "post")
# What is a JSON value and not a text where parameters stand in a URI (section 5.1).
_JSON = ("dcql_query", "client_metadata", "verifier_info", "transaction_data", "iat", "exp")


class Received(NamedTuple):
    """Hold a request as it came; nobody has looked at a signature yet.

    Args:
        data: the request object; for a request that nobody signed, all that came.
        payload: the parameters of a request that nobody signed, None where the data have to be verified.
        channel: whether it is signed, and over which origin it came.
        beside: what stood beside the request object, and must be what that says.
        signed_by: the client identifier in the header of one signature of several, None where it stands in the request object.
    """

    data: bytes
    payload: JsonObject | None
    channel: Channel
    beside: JsonObject
    signed_by: str | None = None


def read(
    data: bytes, *, entropy: Entropy, origin: str | None = None, fetched: bytes | None = None, limits: Limits = DEFAULT_LIMITS
) -> Steps[Received]:
    """Read a request; where it stands at a URL and is not `fetched` yet, that is asked for.

    Args:
        data: a request object, a URI, or the JSON of a request over the Digital Credentials API; nobody is trusted.
        entropy: makes the nonce that a posted question is answered with.
        origin: who asks over the Digital Credentials API, as the platform says, which is trusted.
        fetched: what lies at the URL that the URI names.
        limits: what the input may cost.

    Source: OpenID4VP 1.0, sections 5.1, 5.7 and 5.10, and appendix A.3.

    Raises:
        SaysoError: LIMIT_EXCEEDED, PARSING_ERROR, MALFORMED_VALUE_ERROR; UNDECIDABLE for what is not built.
    """
    if data.lstrip(b" \t\r\n").startswith(b"{"):
        return _over_api(parse_object(data, limits), data, origin)
    if b":" not in data:  # which no compact serialization holds, and every URI
        return Received(data, None, Channel(origin=origin), {})
    if origin is not None:
        raise SaysoError.of(MALFORMED_VALUE_ERROR, "a URI does not come over the Digital Credentials API")
    return (yield from _uri(_parameters(data), data, entropy, fetched))


def confirmed(received: Received, payload: JsonObject) -> JsonObject:
    """Give the payload of a request object whose signature holds, once it says what stood beside it.

    Source: OpenID4VP 1.0, section 5.10 (wallet_nonce), and appendix A.3.2.2; RFC 9101, section 5 (client_id).

    Raises:
        SaysoError: MALFORMED_VALUE_ERROR.
    """
    for name, value in received.beside.items():
        if payload.get(name) != value:
            raise SaysoError.of(MALFORMED_VALUE_ERROR, f"{name} of the request object is another than was said beside it", name)
    return payload if received.signed_by is None else {**payload, "client_id": received.signed_by}


def _parameters(data: bytes) -> dict[str, str]:
    """Read the parameters of a URI.

    Source: OpenID4VP 1.0, section 5.1; RFC 6749, section 3.1 (no fragment).
    """
    if len(data) > MAX_URI_BYTES:
        raise SaysoError.of(LIMIT_EXCEEDED, f"a URI is longer than {MAX_URI_BYTES} bytes")
    try:
        text = data.decode("ascii")
        parts = urlsplit(text)
    except ValueError:
        raise SaysoError.of(PARSING_ERROR, "a URI is ASCII text") from None
    if parts.scheme not in _SCHEMES or "#" in text or not is_url(text):
        raise SaysoError.of(MALFORMED_VALUE_ERROR, f"the URI of a request begins with {' or '.join(sorted(_SCHEMES))}, and has no fragment")
    parameters = form.parse(parts.query.encode(), MAX_URI_BYTES)
    if "client_id" not in parameters:
        raise SaysoError.of(MALFORMED_VALUE_ERROR, "a URI names the client_id", "client_id")
    return parameters


def _uri(parameters: dict[str, str], data: bytes, entropy: Entropy, fetched: bytes | None) -> Steps[Received]:
    beside: JsonObject = {"client_id": parameters["client_id"]}
    method = parameters.get("request_uri_method", "get")
    if method not in _METHODS or ("request_uri_method" in parameters and "request_uri" not in parameters):
        raise SaysoError.of(MALFORMED_VALUE_ERROR, "request_uri_method is get or post, beside a request_uri", "request_uri_method")
    if "request_uri" not in parameters:
        if fetched is not None:
            raise SaysoError.of(MALFORMED_VALUE_ERROR, "nothing was to be fetched: the URI has no request_uri", "request_uri")
        if "request" in parameters:
            return Received(parameters["request"].encode(), None, SIGNED, beside)
        return Received(data, _plain(parameters), Channel(signed=False), {})
    # RFC 9101, section 5: one of them. Section 5.2.1 there: https, or this machine.
    if "request" in parameters or not is_response_uri(parameters["request_uri"]):
        raise SaysoError.of(MALFORMED_VALUE_ERROR, "request_uri is an https URL, and no request stands beside it", "request_uri")
    if fetched is not None:
        return Received(fetched, None, SIGNED, beside)
    posted = None
    if method == "post":
        # Section 5.10: the request object then says this nonce, so that nobody shows an old one.
        beside["wallet_nonce"] = base64url.encode(entropy(NONCE_BYTES))
        posted = form.serialize({"wallet_nonce": str(beside["wallet_nonce"])}).encode()
    found = yield Retrieve(parameters["request_uri"], f"application/{TYPE}", MAX_OBJECT_BYTES, "the request object", posted)
    return Received(found.body, None, SIGNED, beside)


def _plain(parameters: dict[str, str]) -> JsonObject:
    payload: JsonObject = {}
    for name, text in parameters.items():
        try:
            payload[name] = parse(text) if name in _JSON else text
        except SaysoError as error:
            raise error.under(name) from None
    return payload


def _over_api(members: JsonObject, data: bytes, origin: str | None) -> Received:
    """Read a request over the Digital Credentials API.

    Source: OpenID4VP 1.0, appendix A.1 to A.3.
    """
    if "protocol" not in members:
        raise SaysoError.of(PARSING_ERROR, "a request is a request object, a URI, or a JSON object with a protocol")
    if origin is None:
        raise SaysoError.of(UNDECIDABLE, "a request over the Digital Credentials API needs the origin that asks, as the platform says")
    said = members.get("data")
    if not isinstance(said, dict):
        raise SaysoError.of(MALFORMED_VALUE_ERROR, "a request over the Digital Credentials API has data, an object", "data")
    match members.get("protocol"):
        case "openid4vp-v1-unsigned":
            return Received(data, said, Channel(signed=False, origin=origin), {})
        case "openid4vp-v1-signed":
            request = said.get("request")
            if not isinstance(request, str):
                raise SaysoError.of(MALFORMED_VALUE_ERROR, "request is a request object, a text", "data", "request")
            return Received(request.encode(), None, Channel(origin=origin), {})
        case "openid4vp-v1-multisigned":
            return _multisigned(said.get("request"), origin)
        case _:
            raise SaysoError.of(UNDECIDABLE, "the protocol is none of those of OpenID4VP", "protocol")


def _multisigned(request: Json, origin: str) -> Received:
    """Choose the signature of a DID among several; the others are of verifiers that nobody here knows.

    Source: OpenID4VP 1.0, appendix A.3.2.2; RFC 7515, section 7.2.1.
    """
    place = ("data", "request")
    signatures = request.get("signatures") if isinstance(request, dict) else None
    payload = request.get("payload") if isinstance(request, dict) else None
    if not isinstance(payload, str) or not isinstance(signatures, list) or not 0 < len(signatures) <= MAX_SIGNATURES:
        raise SaysoError.of(MALFORMED_VALUE_ERROR, f"request is a JWS with a payload and 1 to {MAX_SIGNATURES} signatures", *place)
    for index, one in enumerate(signatures):
        protected, signature = (one.get("protected"), one.get("signature")) if isinstance(one, dict) else (None, None)
        if not isinstance(protected, str) or not isinstance(signature, str):
            raise SaysoError.of(MALFORMED_VALUE_ERROR, "a signature has protected and signature, texts", *place, "signatures", index)
        try:
            client_id = parse_object(base64url.decode(protected)).get("client_id")
        except SaysoError as error:
            raise error.under(*place, "signatures", index, "protected") from None
        if isinstance(client_id, str) and client_id.startswith(PREFIX):
            compact = f"{protected}.{payload}.{signature}"
            return Received(compact.encode(), None, Channel(origin=origin), {}, client_id)
    raise SaysoError.of(UNDECIDABLE, "none of the signatures is by a DID behind decentralized_identifier:", *place, "signatures")
