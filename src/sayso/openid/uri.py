"""Write the URIs by which requests reach wallets, and the JSON by which the Digital Credentials API takes them.

Source: OpenID4VP 1.0, sections 5.1, 5.4 and 5.10, and appendix A.3.
"""

from typing import Final

from sayso.credentials.wire import Request
from sayso.errors import MALFORMED_VALUE_ERROR, SaysoError
from sayso.jsonvalue import JsonObject
from sayso.openid import form
from sayso.openid.client_id import is_response_uri
from sayso.openid.forms import SIGNED_PROTOCOL
from sayso.openid.request_object import TYPE, is_token
from sayso.proofs.jose import jws

ANY_WALLET: Final = "openid4vp://"
"""The authorization endpoint of any wallet on the device (section 13.1.2)."""
MAX_POSTED_BYTES: Final = 64 * 1024
"""The longest form that a wallet posts to ask for a request object."""


def by_value(request: Request, *, endpoint: str = ANY_WALLET) -> str:
    """Write the URI of a request with the whole request object in it: fit for a link, and long for a QR code.

    Raises:
        ValueError: the endpoint is none.
        SaysoError: the request is no request object.

    Source: OpenID4VP 1.0, section 5.1; RFC 9101, section 5.1.
    """
    return _uri(endpoint, {"client_id": _client_id(request), "request": request.text})


def by_reference(request: Request, request_uri: str, *, post: bool = False, endpoint: str = ANY_WALLET) -> str:
    """Write the URI of a request that a wallet fetches from `request_uri`: short enough for a QR code.

    Args:
        request: what lies there, as `application/oauth-authz-req+jwt`.
        request_uri: where: an https URL.
        post: whether wallets ask with a POST, and so can send a nonce that the request object then has to say.
        endpoint: the wallet's.

    Raises:
        ValueError: the endpoint or the `request_uri` is none.
        SaysoError: the request is no request object.

    Source: OpenID4VP 1.0, sections 5.1 and 5.10.
    """
    if not is_response_uri(request_uri):
        msg = "request_uri is an https URL"
        raise ValueError(msg)
    method = {"request_uri_method": "post"} if post else {}
    return _uri(endpoint, {"client_id": _client_id(request), "request_uri": request_uri, **method})


def wallet_nonce(posted: bytes) -> str | None:
    """Give the nonce that a wallet posted when it asked for a request object, None if it posted none; `posted` is the body of its question.

    Raises:
        SaysoError: LIMIT_EXCEEDED, PARSING_ERROR; MALFORMED_VALUE_ERROR for a nonce that is none.

    Source: OpenID4VP 1.0, section 5.10.
    """
    nonce = form.parse(posted, MAX_POSTED_BYTES).get("wallet_nonce")
    if nonce is not None and not is_token(nonce):
        raise SaysoError.of(MALFORMED_VALUE_ERROR, "wallet_nonce holds letters, digits and -._~ only", "wallet_nonce")
    return nonce


def digital_credentials(request: Request) -> JsonObject:
    """Give what a page hands to the Digital Credentials API for a request: its protocol, and its data.

    Raises:
        SaysoError: the request is no request object.

    Source: OpenID4VP 1.0, appendix A.3.2.1.
    """
    _client_id(request)
    return {"protocol": SIGNED_PROTOCOL, "data": {"request": request.text}}


def _uri(endpoint: str, parameters: dict[str, str]) -> str:
    if endpoint != ANY_WALLET and not (is_response_uri(endpoint) and "?" not in endpoint):
        msg = f"an endpoint is {ANY_WALLET} or an https URL without a query"
        raise ValueError(msg)
    return f"{endpoint}?{form.serialize(parameters)}"


def _client_id(request: Request) -> str:
    client_id = jws.decode(request.data, (TYPE,), jws.READABLE).payload.get("client_id")
    if not isinstance(client_id, str):
        raise SaysoError.of(MALFORMED_VALUE_ERROR, "client_id is a text", "client_id")
    return client_id
