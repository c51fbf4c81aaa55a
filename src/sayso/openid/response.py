"""Write and read OpenID4VP responses: as JSON objects, as forms that are posted, and encrypted.

Source: OpenID4VP 1.0, sections 8.1 to 8.5, and appendix A.4.
"""

from collections.abc import Mapping, Sequence
from types import MappingProxyType

from sayso.credentials.media_types import FORM, JSON
from sayso.credentials.wire import Answer
from sayso.entropy import Entropy
from sayso.errors import CRYPTOGRAPHIC_SECURITY_ERROR, INVALID_CHALLENGE_ERROR, MALFORMED_VALUE_ERROR, NOT_ANSWERABLE, SaysoError
from sayso.jsonvalue import DEFAULT_LIMITS, Json, JsonObject, Limits, parse_object
from sayso.jsonvalue import parse as parse_json
from sayso.jsonvalue import serialize as serialize_json
from sayso.openid import encryption, error_response, form
from sayso.openid.encryption_key import EncryptionKey
from sayso.openid.request_object import RequestObject

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
    return _object(_members(presentations, status_lists)).encode()


def _members(presentations: Mapping[str, Sequence[str]], status_lists: Mapping[str, bytes]) -> dict[str, str]:
    """Give the members of a response, each as JSON text."""
    token = [f"{serialize_json(query)}:[{','.join(map(_entry, texts))}]" for query, texts in presentations.items()]
    members = {"vp_token": "{" + ",".join(token) + "}"}
    if status_lists:
        lists: Json = {url: text.decode() for url, text in status_lists.items()}
        members[STATUS_LISTS] = serialize_json(lists)
    return members


def _object(members: Mapping[str, str]) -> str:
    return "{" + ",".join(f"{serialize_json(name)}:{text}" for name, text in members.items()) + "}"


def answer(
    request: RequestObject, presentations: Mapping[str, Sequence[str]], status_lists: Mapping[str, bytes], entropy: Entropy
) -> Answer:
    """Answer a request in the way that it asks for: what is given back is ready to be posted, or to be handed to the platform.

    Source: OpenID4VP 1.0, sections 8.2, 8.3 and 8.3.1, and appendix A.4.

    Raises:
        SaysoError: UNDECIDABLE, for an encrypted answer without the library joserfc.
    """
    members = _members(presentations, status_lists)
    posted = request.response_uri is not None
    if request.encryption is None and posted:
        state = {} if request.state is None else {"state": request.state}
        return Answer(form.serialize({**members, **state}).encode(), FORM)
    if request.state is not None:
        members["state"] = serialize_json(request.state)
    whole = _object(members).encode()
    if request.encryption is None:
        return Answer(whole, JSON)
    sealed = encryption.encrypt(whole, request.encryption, entropy)
    if posted:
        return Answer(form.serialize({"response": sealed}).encode(), FORM)
    return Answer(serialize_json({"response": sealed}).encode(), JSON)


def read(data: bytes, request: RequestObject, key: EncryptionKey | None, limits: Limits = DEFAULT_LIMITS) -> JsonObject:
    """Read the answer to a request, as it was posted or handed over; `key` opens what was to be encrypted.

    Source: OpenID4VP 1.0, sections 8.2 and 8.3.

    Raises:
        SaysoError: PARSING_ERROR, LIMIT_EXCEEDED; CRYPTOGRAPHIC_SECURITY_ERROR for what does not decrypt or was to be encrypted and is not;
            INVALID_CHALLENGE_ERROR where `state` is another than that of the request; NOT_ANSWERABLE where the wallet answered with an
            error.
    """
    members = fields(data, limits) if form.is_form(data) else parse_object(data, limits)
    _refuse_error(members)
    if request.encryption is not None:
        members = _opened(members, key, limits)
        _refuse_error(members)
    # Section 5.3 and RFC 6749, section 4.1.2: exactly what was sent.
    if request.state is not None and members.get("state") != request.state:
        raise SaysoError.of(INVALID_CHALLENGE_ERROR, "the answer gives back another state, or none", "state")
    return members


def fields(data: bytes, limits: Limits = DEFAULT_LIMITS) -> JsonObject:
    """Read the form of a posted answer, as the JSON object that it stands for; nothing in it is decrypted.

    Source: OpenID4VP 1.0, section 8.2.

    Raises:
        SaysoError: LIMIT_EXCEEDED, PARSING_ERROR.
    """
    members: JsonObject = {**form.parse(data, limits.size_bytes)}
    for name in members.keys() & {"vp_token", STATUS_LISTS}:
        try:
            members[name] = parse_json(str(members[name]), limits)
        except SaysoError as error:
            raise error.under(name) from None
    return members


def _opened(members: JsonObject, key: EncryptionKey | None, limits: Limits) -> JsonObject:
    sealed = members.get("response")
    # Section 8.3: who asks for an encrypted answer takes no other.
    if not isinstance(sealed, str):
        raise SaysoError.of(CRYPTOGRAPHIC_SECURITY_ERROR, "the answer was to be encrypted, and is not", "response")
    if key is None:
        raise SaysoError.of(CRYPTOGRAPHIC_SECURITY_ERROR, "the key that the answer is encrypted to is not here", "response")
    try:
        return parse_object(encryption.decrypt(sealed.encode(), key, limits), limits)
    except SaysoError as error:
        raise error.under("response") from None


def _refuse_error(members: JsonObject) -> None:
    if "error" in members:
        code = members["error"]
        known = code if isinstance(code, str) and code in error_response.CODES else "an error that is not known"
        raise SaysoError.of(NOT_ANSWERABLE, f"the wallet does not answer: {known}", "error")


def _entry(text: str) -> str:
    return text if text.startswith("{") else f'"{text}"'


def parse(data: bytes, limits: Limits = DEFAULT_LIMITS) -> Json:
    """Read a response and give its `vp_token` as it is.

    Source: OpenID4VP 1.0, sections 8.1 and 8.5 (VP-6, VP-13).

    Raises:
        SaysoError: PARSING_ERROR, MALFORMED_VALUE_ERROR, or NOT_ANSWERABLE where the wallet answered with an error.
    """
    members = parse_object(data, limits)
    _refuse_error(members)
    return token_of(members)


def token_of(members: JsonObject) -> Json:
    """Give the `vp_token` of a response that was read, as it is.

    Raises:
        SaysoError: MALFORMED_VALUE_ERROR.
    """
    if "vp_token" not in members:
        raise SaysoError.of(MALFORMED_VALUE_ERROR, "a response has a vp_token", "vp_token")
    return members["vp_token"]


def status_lists(members: JsonObject) -> dict[str, bytes]:
    """Give the status lists that came along with a response that was read, by their URL; none is trusted.

    Raises:
        SaysoError: MALFORMED_VALUE_ERROR.
    """
    lists = members.get(STATUS_LISTS, {})
    found = {url: text.encode() for url, text in lists.items() if isinstance(text, str)} if isinstance(lists, dict) else {}
    if not isinstance(lists, dict) or len(found) < len(lists):
        raise SaysoError.of(MALFORMED_VALUE_ERROR, "status lists are texts by their URL", STATUS_LISTS)
    return found
