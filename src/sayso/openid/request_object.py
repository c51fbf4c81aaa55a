"""Write and read OpenID4VP request objects.

Source: OpenID4VP 1.0, sections 5.1 to 5.10; RFC 9101.
"""

import re
from collections.abc import Collection
from datetime import datetime
from typing import Final, NamedTuple

from sayso.credentials.formats import JWT_VC
from sayso.credentials.validity import parse_numeric_date
from sayso.errors import MALFORMED_VALUE_ERROR, UNDECIDABLE, SaysoError
from sayso.identifiers import Nonce, is_did
from sayso.jsonvalue import Json, JsonObject
from sayso.openid import client_id, client_metadata, transaction_data
from sayso.openid.client_id import ORIGIN, PREFIX, REDIRECT_URI, SIGNED, Channel, is_response_uri
from sayso.openid.client_metadata import ClientMetadata
from sayso.openid.encryption_key import Recipient
from sayso.openid.transaction_data import TransactionData
from sayso.proofs.jose import jws
from sayso.query import grammar
from sayso.query.grammar import Query

TYPE: Final = "oauth-authz-req+jwt"
AUDIENCE: Final = "https://self-issued.me/v2"
"""The audience of every request: static discovery (VP-2)."""
DIRECT_POST: Final = "direct_post"
DC_API: Final = "dc_api"
ENCRYPTED: Final = ".jwt"
"""What is added to the name of a response mode where the answer is to be encrypted."""
SIGN_IN: Final = "https://w3id.org/sayso/sign-in"
"""The scope of a request that asks for no credential: only for a presentation that the holder signs, with a key for this verifier."""
BY_HAND: Final = "https://w3id.org/sayso/by_hand"
"""The response mode of a request without a response URI: the caller brings the answer back. It serves wallets of this library only."""

# VP-1: at least 128 bits, of these characters; how much chance is in them cannot be seen. The same goes for `state`.
_NONCE = re.compile(r"[A-Za-z0-9._~-]{1,512}")


class VerifierInfo(NamedTuple):
    """Hold one entry of `verifier_info`; without `credential_ids` it is about all credential queries."""

    format: str
    data: Json
    credential_ids: tuple[str, ...] | None


class RequestObject(NamedTuple):
    """Hold what a request says.

    `verifier` is the DID without its prefix, or the whole client identifier of a request that nobody signed; `name` is what the verifier
    calls itself, "" if it does not say; `response_uri` is None for a request whose answer is not posted: it is brought back by hand, or
    goes over the Digital Credentials API. Then `origins` are those that the verifier expects to ask, and `origin` is the one that does.
    `encryption` is the key that the answer is encrypted to, None for a plain one. `wallet_nonce` is what the wallet posted when it asked
    for the request, None if it did not. A request with a `scope` has an empty query.
    """

    verifier: str
    name: str
    nonce: Nonce
    issued: datetime
    expires: datetime
    response_uri: str | None
    query: Query
    info: tuple[VerifierInfo, ...]
    state: str | None = None
    encryption: Recipient | None = None
    transaction_data: tuple[TransactionData, ...] = ()
    origins: tuple[str, ...] = ()
    origin: str | None = None
    wallet_nonce: str | None = None
    scope: str = ""

    @property
    def signed(self) -> bool:
        """Whether it is a request that a DID signs."""
        return is_did(self.verifier)

    @property
    def client_id(self) -> str:
        """The client identifier with its prefix."""
        return PREFIX + self.verifier if self.signed else self.verifier

    @property
    def audience(self) -> str:
        """The audience of every presentation: over the Digital Credentials API the origin, and otherwise the client identifier (VP-4).

        Source: OpenID4VP 1.0, section 14.8 and appendix A.4.
        """
        return self.client_id if self.origin is None else ORIGIN + self.origin

    @property
    def response_mode(self) -> str:
        """How the answer travels."""
        if self.response_uri is None and self.origin is None:
            return BY_HAND
        return (DIRECT_POST if self.origin is None else DC_API) + ("" if self.encryption is None else ENCRYPTED)


def serialize(request: RequestObject, algorithms: Collection[str] = jws.ALGORITHMS) -> JsonObject:
    """Write a request object; `algorithms` are those of the signatures that may answer it.

    Source: OpenID4VP 1.0, sections 5.1, 5.2, 5.9 and 11.1, and appendix A.2 (VP-1 to VP-5, VP-9, VP-10).
    """
    answered: JsonObject = {"response_mode": request.response_mode}
    if request.response_uri is not None:
        answered["response_uri"] = request.response_uri
    if request.origins:
        answered["expected_origins"] = [*request.origins]
    tokens = {"state": request.state, "wallet_nonce": request.wallet_nonce}
    answered.update({name: token for name, token in tokens.items() if token is not None})
    transactions: JsonObject = {}
    if request.transaction_data:
        transactions = {"transaction_data": [entry.text for entry in request.transaction_data]}
    formats = [JWT_VC.id] if request.scope else [query.format for query in request.query.credentials]
    return {
        "client_id": request.client_id,
        "aud": AUDIENCE,
        "response_type": "vp_token",
        **answered,
        "nonce": request.nonce,
        "iat": int(request.issued.timestamp()),
        "exp": int(request.expires.timestamp()),
        "client_metadata": client_metadata.serialize(request.name, formats, algorithms, request.encryption),
        **({"scope": request.scope} if request.scope else {"dcql_query": grammar.serialize(request.query)}),
        **transactions,
        "verifier_info": [
            {
                "format": entry.format,
                "data": entry.data,
                **({} if entry.credential_ids is None else {"credential_ids": [*entry.credential_ids]}),
            }
            for entry in request.info
        ],
    }


def parse(payload: JsonObject, *, channel: Channel = SIGNED, transaction_types: Collection[str] = ()) -> RequestObject:
    """Read the payload of a request object, or the parameters of a request; members that are not known are ignored, as the standard says.

    `transaction_types` are the types of transaction data that are known: a request with others is refused.

    Source: OpenID4VP 1.0, sections 5.1, 5.2, 5.9 and 8.2, and appendix A.2 (VP-1 to VP-5, VP-10).

    Raises:
        SaysoError: MALFORMED_VALUE_ERROR, INVALID_TRANSACTION_DATA, or UNDECIDABLE for what a wallet must understand and this one does not.
    """
    verifier = client_id.parse(payload, channel)
    if payload.get("response_type") != "vp_token":
        raise SaysoError.of(MALFORMED_VALUE_ERROR, "response_type is vp_token", "response_type")
    if channel.signed and payload.get("aud") != AUDIENCE:
        raise SaysoError.of(MALFORMED_VALUE_ERROR, "aud is that of static discovery", "aud")
    nonce = _token(payload, "nonce")
    query, scope = _asked(payload)
    encrypted = _is_encrypted(payload, channel)
    transactions: tuple[TransactionData, ...] = ()
    if "transaction_data" in payload:
        # (VP-10) A wallet must refuse what it does not understand; which types are understood is the caller's to say.
        transactions = transaction_data.parse(payload["transaction_data"], query, transaction_types)
    metadata = _metadata(payload, encrypted=encrypted)
    return RequestObject(
        verifier=verifier,
        name=metadata.name,
        nonce=Nonce(nonce),
        issued=_instant(payload, "iat"),
        expires=_instant(payload, "exp"),
        response_uri=_response_uri(payload, verifier) if channel.origin is None else None,
        query=query,
        info=_info(payload),
        # Appendix A.2: over the Digital Credentials API nothing has to be found again, and `state` is no parameter.
        state=_token(payload, "state") if "state" in payload and channel.origin is None else None,
        wallet_nonce=_token(payload, "wallet_nonce") if "wallet_nonce" in payload else None,
        encryption=metadata.encryption,
        transaction_data=transactions,
        origins=_origins(payload, channel),
        origin=channel.origin,
        scope=scope,
    )


def _asked(payload: JsonObject) -> tuple[Query, str]:
    # (VP-1) Exactly one of them.
    if ("scope" in payload) == ("dcql_query" in payload):
        raise SaysoError.of(MALFORMED_VALUE_ERROR, "a request has dcql_query or a scope, and never both", "dcql_query")
    if "scope" in payload:
        if payload["scope"] != SIGN_IN:
            raise SaysoError.of(UNDECIDABLE, "the scope is none that is known here", "scope")
        return Query(()), SIGN_IN
    try:
        return grammar.parse(payload["dcql_query"]), ""
    except SaysoError as error:
        raise error.under("dcql_query") from None


def own_channel(payload: JsonObject) -> Channel:
    """Say how a signed request goes out, by what it says: over the Digital Credentials API from an origin that it expects."""
    origins = payload.get("expected_origins")
    over_api = payload.get("response_mode") in (DC_API, DC_API + ENCRYPTED)
    return Channel(origin=str(origins[0])) if over_api and isinstance(origins, list) and origins else SIGNED


def _is_encrypted(payload: JsonObject, channel: Channel) -> bool:
    mode, plain = payload.get("response_mode"), DIRECT_POST if channel.origin is None else DC_API
    by_hand = mode == BY_HAND and channel == SIGNED
    if mode not in (plain, plain + ENCRYPTED) and not by_hand:
        raise SaysoError.of(UNDECIDABLE, "the response mode is not supported", "response_mode")
    return mode == plain + ENCRYPTED


def _response_uri(payload: JsonObject, verifier: str) -> str | None:
    if payload.get("response_mode") == BY_HAND:
        return None
    # Section 8.2: response_uri is there, and redirect_uri is not.
    if "redirect_uri" in payload or not is_response_uri(payload.get("response_uri")):
        raise SaysoError.of(MALFORMED_VALUE_ERROR, "direct_post has a response_uri, an https URL, and no redirect_uri", "response_uri")
    uri = _text(payload, "response_uri")
    # Section 5.9.3: with the prefix redirect_uri, the answer goes to what stands behind it.
    if verifier.startswith(REDIRECT_URI) and uri != verifier.removeprefix(REDIRECT_URI):
        raise SaysoError.of(MALFORMED_VALUE_ERROR, "response_uri is what stands behind redirect_uri: in client_id", "response_uri")
    return uri


def _origins(payload: JsonObject, channel: Channel) -> tuple[str, ...]:
    if channel.origin is None or not channel.signed:
        return ()
    origins = payload.get("expected_origins")
    if not isinstance(origins, list) or not origins or not all(isinstance(origin, str) for origin in origins):
        raise SaysoError.of(MALFORMED_VALUE_ERROR, "expected_origins is a non-empty array of origins", "expected_origins")
    # Appendix A.2: so that another site cannot replay a request that it saw.
    if channel.origin not in origins:
        raise SaysoError.of(MALFORMED_VALUE_ERROR, "the origin that asks is none of those that the request expects", "expected_origins")
    return tuple(map(str, origins))


def _metadata(payload: JsonObject, *, encrypted: bool) -> ClientMetadata:
    try:
        return client_metadata.parse(payload.get("client_metadata", {}), encrypted=encrypted)
    except SaysoError as error:
        raise error.under("client_metadata") from None


def is_token(text: object) -> bool:
    """Tell whether this can be a nonce or a state (VP-1)."""
    return isinstance(text, str) and _NONCE.fullmatch(text) is not None


def _token(payload: JsonObject, name: str) -> str:
    value = _text(payload, name)
    if not is_token(value):
        raise SaysoError.of(MALFORMED_VALUE_ERROR, f"{name} holds letters, digits and -._~ only", name)
    return value


def _info(payload: JsonObject) -> tuple[VerifierInfo, ...]:
    if "verifier_info" not in payload:
        return ()
    entries = payload["verifier_info"]
    if not isinstance(entries, list) or not entries:
        raise SaysoError.of(MALFORMED_VALUE_ERROR, "verifier_info is a non-empty array", "verifier_info")
    return tuple(_entry(entry, index) for index, entry in enumerate(entries))


def _entry(entry: Json, index: int) -> VerifierInfo:
    place = ("verifier_info", index)
    if not isinstance(entry, dict) or not isinstance(entry.get("format"), str) or not isinstance(entry.get("data"), str | dict):
        raise SaysoError.of(MALFORMED_VALUE_ERROR, "an entry has a format and data", *place)
    if "credential_ids" not in entry:
        return VerifierInfo(str(entry["format"]), entry["data"], None)
    ids = entry["credential_ids"]
    if not isinstance(ids, list) or not ids or not all(isinstance(name, str) for name in ids):
        raise SaysoError.of(MALFORMED_VALUE_ERROR, "credential_ids is a non-empty array of ids", *place, "credential_ids")
    return VerifierInfo(str(entry["format"]), entry["data"], tuple(map(str, ids)))


def _text(payload: JsonObject, name: str) -> str:
    value = payload.get(name)
    if not isinstance(value, str):
        raise SaysoError.of(MALFORMED_VALUE_ERROR, f"{name} is a text", name)
    return value


def _instant(payload: JsonObject, name: str) -> datetime:
    try:
        return parse_numeric_date(payload.get(name))
    except SaysoError as error:
        raise error.under(name) from None
