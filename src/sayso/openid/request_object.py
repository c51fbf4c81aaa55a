"""Write and read OpenID4VP request objects.

Source: OpenID4VP 1.0, sections 5.1 to 5.10; RFC 9101.
"""

import re
from collections.abc import Collection
from datetime import datetime
from typing import Final, NamedTuple

from sayso.credentials.formats import JWT_VC, LDP_VC
from sayso.credentials.validity import parse_numeric_date
from sayso.errors import MALFORMED_VALUE_ERROR, UNDECIDABLE, SaysoError
from sayso.identifiers import Did, Nonce, is_did, is_url
from sayso.jsonvalue import Json, JsonObject
from sayso.proofs.data_integrity.suites import DATA_INTEGRITY_PROOF, DEFAULT_SUITES
from sayso.proofs.jose import jws
from sayso.query import grammar
from sayso.query.grammar import Query

TYPE: Final = "oauth-authz-req+jwt"
AUDIENCE: Final = "https://self-issued.me/v2"
"""The audience of every request: static discovery (VP-2)."""
PREFIX: Final = "decentralized_identifier:"
DIRECT_POST: Final = "direct_post"
SIGN_IN: Final = "https://w3id.org/sayso/sign-in"
"""The scope of a request that asks for no credential: only for a presentation that the holder signs, with a key for this verifier."""
BY_HAND: Final = "https://w3id.org/sayso/by_hand"
"""The response mode of a request without a response URI: the caller brings the answer back. It serves wallets of this library only."""

# VP-1: at least 128 bits, of these characters; how much chance is in them cannot be seen.
_NONCE = re.compile(r"[A-Za-z0-9._~-]{1,512}")


class VerifierInfo(NamedTuple):
    """Hold one entry of `verifier_info`; without `credential_ids` it is about all credential queries."""

    format: str
    data: Json
    credential_ids: tuple[str, ...] | None


class RequestObject(NamedTuple):
    """Hold what a request object says.

    `verifier` is the DID without its prefix; `name` is what the verifier calls itself, "" if it does not say; `response_uri` is None for a
    request whose answer is brought back by hand. A request with a `scope` has an empty query.
    """

    verifier: Did
    name: str
    nonce: Nonce
    issued: datetime
    expires: datetime
    response_uri: str | None
    query: Query
    info: tuple[VerifierInfo, ...]
    scope: str = ""

    @property
    def client_id(self) -> str:
        """The client identifier with its prefix: the audience of every presentation (VP-4)."""
        return PREFIX + self.verifier


def serialize(request: RequestObject, algorithms: Collection[str] = jws.ALGORITHMS) -> JsonObject:
    """Write a request object; `algorithms` are those of the signatures that may answer it.

    Source: OpenID4VP 1.0, sections 5.1, 5.2, 5.9 and 11.1 (VP-1 to VP-5, VP-9).
    """
    answered: JsonObject = {"response_mode": BY_HAND}
    if request.response_uri is not None:
        answered = {"response_mode": DIRECT_POST, "response_uri": request.response_uri}
    names = [JWT_VC.id] if request.scope else [query.format for query in request.query.credentials]
    formats: JsonObject = {name: _supported(name, [*algorithms]) for name in names}
    name: JsonObject = {"client_name": request.name} if request.name else {}
    return {
        "client_id": request.client_id,
        "aud": AUDIENCE,
        "response_type": "vp_token",
        **answered,
        "nonce": request.nonce,
        "iat": int(request.issued.timestamp()),
        "exp": int(request.expires.timestamp()),
        "client_metadata": {**name, "vp_formats_supported": formats},
        **({"scope": request.scope} if request.scope else {"dcql_query": grammar.serialize(request.query)}),
        "verifier_info": [
            {
                "format": entry.format,
                "data": entry.data,
                **({} if entry.credential_ids is None else {"credential_ids": [*entry.credential_ids]}),
            }
            for entry in request.info
        ],
    }


def _supported(query_format: str, algorithms: list[Json]) -> JsonObject:
    # Appendices B.1.3.1.3, B.1.3.2.3 and B.3.4 (VP-9)
    if query_format == LDP_VC.id:
        return {"proof_type_values": [DATA_INTEGRITY_PROOF], "cryptosuite_values": [*DEFAULT_SUITES]}
    if query_format == JWT_VC.id:
        return {"alg_values": algorithms}
    return {"sd-jwt_alg_values": algorithms, "kb-jwt_alg_values": algorithms}


def parse(payload: JsonObject) -> RequestObject:
    """Read the payload of a request object; members that are not known are ignored, as the standard says.

    Source: OpenID4VP 1.0, sections 5.1, 5.2, 5.9 and 8.2 (VP-1 to VP-5, VP-10).

    Raises:
        SaysoError: MALFORMED_VALUE_ERROR, or UNDECIDABLE for what a wallet must understand and this one does not.
    """
    client_id = _text(payload, "client_id")
    verifier = client_id.removeprefix(PREFIX)
    if verifier == client_id or not is_did(verifier):
        raise SaysoError.of(MALFORMED_VALUE_ERROR, "client_id is a DID behind decentralized_identifier:", "client_id")
    if payload.get("response_type") != "vp_token":
        raise SaysoError.of(MALFORMED_VALUE_ERROR, "response_type is vp_token", "response_type")
    if payload.get("aud") != AUDIENCE:
        raise SaysoError.of(MALFORMED_VALUE_ERROR, "aud is that of static discovery", "aud")
    nonce = _text(payload, "nonce")
    if not _NONCE.fullmatch(nonce):
        raise SaysoError.of(MALFORMED_VALUE_ERROR, "nonce holds letters, digits and -._~ only", "nonce")
    # (VP-10) A wallet that does not support transaction data must refuse the request.
    if "transaction_data" in payload:
        raise SaysoError.of(UNDECIDABLE, "transaction_data is not supported", "transaction_data")
    query, scope = _asked(payload)
    return RequestObject(
        verifier=Did(verifier),
        name=_name(payload),
        nonce=Nonce(nonce),
        issued=_instant(payload, "iat"),
        expires=_instant(payload, "exp"),
        response_uri=_response_uri(payload),
        query=query,
        info=_info(payload),
        scope=scope,
    )


def _asked(payload: JsonObject) -> tuple[Query, str]:
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


def _response_uri(payload: JsonObject) -> str | None:
    mode = payload.get("response_mode")
    if mode == BY_HAND:
        return None
    if mode != DIRECT_POST:
        raise SaysoError.of(UNDECIDABLE, "the response mode is not supported", "response_mode")
    # Section 8.2: response_uri is there, and redirect_uri is not.
    if "redirect_uri" in payload or not is_url(payload.get("response_uri")):
        raise SaysoError.of(MALFORMED_VALUE_ERROR, "direct_post has a response_uri, a URL, and no redirect_uri", "response_uri")
    return _text(payload, "response_uri")


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


def _name(payload: JsonObject) -> str:
    metadata = payload.get("client_metadata", {})
    if not isinstance(metadata, dict):
        raise SaysoError.of(MALFORMED_VALUE_ERROR, "client_metadata is an object", "client_metadata")
    name = metadata.get("client_name", "")
    if not isinstance(name, str):
        raise SaysoError.of(MALFORMED_VALUE_ERROR, "client_name is a text", "client_metadata", "client_name")
    return name


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
