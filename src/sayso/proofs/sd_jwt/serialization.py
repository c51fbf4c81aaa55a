"""Turn the JSON serialisations of SD-JWT into the compact one, and back: whatever is checked, is checked on the compact form.

Source: RFC 9901, section 8; RFC 7515, section 7.2.
"""

import re
from collections.abc import Callable, Mapping
from typing import Final

from sayso.encodings import base64url
from sayso.errors import PARSING_ERROR, SaysoError
from sayso.jsonvalue import Json, JsonObject, Limits, parse_object, serialize
from sayso.proofs.jose.jws import is_json_serialization

COMPACT: Final = "compact"
FLATTENED: Final = "flattened"
GENERAL: Final = "general"

# What stands between the separators of the compact form: without the separators, so that one part cannot pass for two.
_PART = re.compile("[A-Za-z0-9_-]+")
_JWT = re.compile(r"[A-Za-z0-9_-]+\.[A-Za-z0-9_-]+\.[A-Za-z0-9_-]+")
_FIRST_ONLY = ("disclosures", "kb_jwt")
_WHITESPACE = b" \t\n\r"


def compact(data: bytes, limits: Limits) -> bytes | None:
    """Give the compact form of an SD-JWT in any serialisation; None for what is no SD-JWT.

    Of the general syntax the first signature counts: it alone carries disclosures and key binding. Members that are not known are ignored,
    and so is what an unprotected header says beside those two: nothing signed it.

    Source: RFC 9901, sections 8.1 to 8.3 (SD-J1); RFC 7515, sections 7.2.1 and 7.2.2.

    Raises:
        SaysoError: PARSING_ERROR, LIMIT_EXCEEDED.
    """
    if data.lstrip(_WHITESPACE)[:1] != b"{":
        return data if b"~" in data else None
    members = parse_object(data, limits)
    if not is_json_serialization(members):
        return None
    if "signatures" not in members:
        return _joined(members["payload"], members, limits)
    # RFC 7515, section 7.2.2: the members of the flattened syntax are not there.
    if not members.keys().isdisjoint(("signature", "protected", "header")):
        raise SaysoError.of(PARSING_ERROR, "a JWS has the members of both JSON syntaxes")
    signatures = members["signatures"]
    if not isinstance(signatures, list) or not signatures:
        raise SaysoError.of(PARSING_ERROR, "signatures is a non-empty array", "signatures")
    first = b""
    for index, signature in enumerate(signatures):
        try:
            if index:
                _check_further(signature, limits)
            else:
                first = _joined(members["payload"], signature, limits)
        except SaysoError as error:
            raise error.under("signatures", index) from None
    return first


def _check_further(signature: Json, limits: Limits) -> None:
    """Look at a signature from which nothing is concluded: it is well-formed, and discloses nothing.

    Source: RFC 9901, section 8.1; RFC 7515, section 7.2.1.
    """
    header = _header(signature, limits)
    base64url.decode(_part(_object(signature).get("signature")))
    if not header.keys().isdisjoint(_FIRST_ONLY):
        raise SaysoError.of(PARSING_ERROR, "disclosures and kb_jwt stand with the first signature only", "header")


def _joined(payload: Json, signature: Json, limits: Limits) -> bytes:
    members, header = _object(signature), _header(signature, limits)
    jwt = ".".join((_part(members.get("protected")), _part(payload), _part(members.get("signature"))))
    disclosures = header.get("disclosures", [])
    if not isinstance(disclosures, list):
        raise SaysoError.of(PARSING_ERROR, "disclosures is an array of strings", "header", "disclosures")
    binding = header.get("kb_jwt", "")
    if "kb_jwt" in header and not (isinstance(binding, str) and _JWT.fullmatch(binding)):
        raise SaysoError.of(PARSING_ERROR, "kb_jwt is a compact JWS", "header", "kb_jwt")
    return "~".join((jwt, *map(_part, disclosures), str(binding))).encode()


def _header(signature: Json, limits: Limits) -> JsonObject:
    """Give the unprotected header of a signature, which goes with its protected one."""
    members = _object(signature)
    protected = parse_object(base64url.decode(_part(members.get("protected"))), limits)
    header = _object(members.get("header", {}))
    # RFC 7515, section 7.2.1: no parameter stands in both; section 4.1.11: crit is protected.
    if not protected.keys().isdisjoint(header) or "crit" in header:
        raise SaysoError.of(PARSING_ERROR, "a parameter stands in the unprotected header that may not stand there", "header")
    return header


def _object(value: Json) -> JsonObject:
    if not isinstance(value, dict):
        raise SaysoError.of(PARSING_ERROR, "a signature and its header are objects")
    return value


def _part(value: Json) -> str:
    if not isinstance(value, str) or not _PART.fullmatch(value):
        raise SaysoError.of(PARSING_ERROR, "protected, payload, signature and disclosures are base64url that is not empty")
    return value


def flattened(text: str) -> str:
    """Write a compact SD-JWT, with or without key binding, in the flattened JSON syntax.

    Source: RFC 9901, section 8.2; RFC 7515, section 7.2.2.

    >>> flattened("eyJ.e30.c2ln~WyJd~")
    '{"payload":"e30","protected":"eyJ","header":{"disclosures":["WyJd"]},"signature":"c2ln"}'
    """
    payload, signature = _taken_apart(text)
    return serialize({"payload": payload, **signature})


def general(text: str) -> str:
    """Write a compact SD-JWT, with or without key binding, in the general JSON syntax.

    Source: RFC 9901, section 8.3; RFC 7515, section 7.2.1.

    >>> general("eyJ.e30.c2ln~")
    '{"payload":"e30","signatures":[{"protected":"eyJ","header":{"disclosures":[]},"signature":"c2ln"}]}'
    """
    payload, signature = _taken_apart(text)
    return serialize({"payload": payload, "signatures": [signature]})


def _taken_apart(text: str) -> tuple[str, Mapping[str, Json]]:
    jwt, *disclosures, binding = text.split("~")
    protected, payload, signature = jwt.split(".")
    header: JsonObject = {"disclosures": [*disclosures]}
    if binding:
        header["kb_jwt"] = binding
    return payload, {"protected": protected, "header": header, "signature": signature}


SERIALIZERS: Final[Mapping[str, Callable[[str], str]]] = {COMPACT: str, FLATTENED: flattened, GENERAL: general}
"""How a compact SD-JWT is written as what it may travel as: one text, or a JSON object in one of two syntaxes."""
