"""Take apart what travels, without trusting any of it: nothing here looks at a signature."""

from collections import deque
from collections.abc import Iterator, Mapping, Sequence
from typing import Literal, NamedTuple, TypeAlias

from sayso.credentials.claims_path import Location
from sayso.credentials.shapes import includes
from sayso.encodings import base64url
from sayso.errors import MALFORMED_VALUE_ERROR, PARSING_ERROR, SaysoError
from sayso.jsonvalue import DEFAULT_LIMITS, Json, JsonObject, parse_object
from sayso.openid import form, request_object, response
from sayso.proofs.jose import jws
from sayso.proofs.sd_jwt import disclosure
from sayso.proofs.sd_jwt.disclosure import DEFAULT_HASH, HASHES, PROPERTY_PARTS
from sayso.verification.answers import MAX_PRESENTATIONS

Kind: TypeAlias = Literal["credential", "presentation", "request", "answer", "message", "document"]


class Disclosure(NamedTuple):
    """Hold a disclosure; `place` is where its digest stands, with the name it gives, and None where it stands nowhere."""

    place: Location | None
    value: Json
    salt: str


class Token(NamedTuple):
    """Hold what is said to be signed."""

    header: JsonObject
    payload: JsonObject


class Anatomy(NamedTuple):
    """Hold the parts of something that travels, as they are written there.

    Args:
        kind: what it looks like.
        headers: a header for each signature; none for what carries its proof inside, and for an answer.
        claims: what stands in the clear.
        disclosures: what can be disclosed with it.
        unopened: how many digests no disclosure opens: something withheld, or a decoy.
        binding: what the holder is said to have signed.
        parts: for an answer, what stands there for each credential query.
        notes: what could not be read, or fits nowhere.
    """

    kind: Kind
    headers: tuple[JsonObject, ...] = ()
    claims: JsonObject = {}  # noqa: RUF012 - never changed
    disclosures: tuple[Disclosure, ...] = ()
    unopened: int = 0
    binding: Token | None = None
    parts: Mapping[str, "tuple[Anatomy | SaysoError, ...]"] = {}
    notes: tuple[str, ...] = ()


def take_apart(data: bytes) -> Anatomy:
    """Take apart a credential, presentation, request or answer.

    Raises:
        SaysoError: it is none of them, or its first parts cannot be read.
    """
    if data[:1] == b"{":
        return _of_json(parse_object(data))
    return _of_json(response.fields(data)) if form.is_form(data) else _of_compact(data)


def _of_json(document: JsonObject) -> Anatomy:
    if "vp_token" in document:
        return _of_answer(document["vp_token"])
    if "response" in document:
        return Anatomy("answer", notes=("it is encrypted, and only who asked can read it",))
    if "payload" in document:
        return _of_json_serialization(document)
    if "error" in document:
        return Anatomy("answer", claims=document, notes=("the wallet answered with an error",))
    if "proof" in document or "@context" in document:
        return Anatomy(_kind_of_document(document), claims=document, notes=() if "proof" in document else ("there is no proof in it",))
    raise SaysoError.of(PARSING_ERROR, "the JSON is no credential, no presentation, no signed message and no answer")


def _kind_of_document(document: JsonObject) -> Kind:
    if "verifiableCredential" in document or includes(document.get("type"), "VerifiablePresentation"):
        return "presentation"
    return "credential" if includes(document.get("type"), "VerifiableCredential") else "document"


def _of_answer(token: Json) -> Anatomy:
    if not isinstance(token, dict):
        raise SaysoError.of(MALFORMED_VALUE_ERROR, "a vp_token is an object with an array for each credential query", "vp_token")
    parts = {query: tuple(_parts(texts)) for query, texts in token.items()}
    if sum(map(len, parts.values())) > MAX_PRESENTATIONS:
        raise SaysoError.of(MALFORMED_VALUE_ERROR, f"an answer has more than {MAX_PRESENTATIONS} presentations", "vp_token")
    return Anatomy("answer", parts=parts)


def _parts(texts: Json) -> Iterator[Anatomy | SaysoError]:
    for text in texts if isinstance(texts, list) else [texts]:
        try:
            if isinstance(text, dict) and "vp_token" not in text:
                yield _of_json(text)
            else:
                yield _of_compact(text.encode() if isinstance(text, str) else b"")
        except SaysoError as error:
            yield error


def _of_compact(data: bytes) -> Anatomy:
    if not data:
        raise SaysoError.of(PARSING_ERROR, "there is nothing in it that can be read")
    try:
        first, *others = data.decode("ascii").split("~")
    except UnicodeDecodeError:
        raise SaysoError.of(PARSING_ERROR, "it is neither JSON nor a compact token: a character lies outside ASCII") from None
    token = _token(first)
    if others:
        return _of_sd_jwt((token.header,), token.payload, others[:-1], others[-1])
    kind = _kind(jws.media_type(token.header.get("typ")))
    return Anatomy(kind, (token.header,), token.payload)


def _kind(typ: str) -> Kind:
    if typ == request_object.TYPE:
        return "request"
    if typ.endswith("vp+jwt"):
        return "presentation"
    return "credential" if typ.endswith("vc+jwt") else "message"


def _of_json_serialization(document: JsonObject) -> Anatomy:
    """Read the JSON serializations of a JWS, with the disclosures of an SD-JWT.

    Source: RFC 7515, section 7.2; RFC 9901, section 8 (disclosures and kb_jwt in the unprotected header).
    """
    payload = _object(document["payload"], "payload")
    entries = document.get("signatures", [document])
    if not isinstance(entries, list) or not all(isinstance(entry, dict) for entry in entries) or not entries:
        raise SaysoError.of(PARSING_ERROR, "signatures is an array of objects", "signatures")
    signatures = [entry for entry in entries if isinstance(entry, dict)]
    headers = tuple(_object(entry.get("protected"), "protected") for entry in signatures)
    open_header = signatures[0].get("header")
    extras = open_header if isinstance(open_header, dict) else {}
    texts = extras.get("disclosures")
    binding = extras.get("kb_jwt")
    if not isinstance(texts, list) and not isinstance(binding, str):
        kind = _kind(jws.media_type(headers[0].get("typ")))
        return Anatomy(kind, headers, payload)
    listed = texts if isinstance(texts, list) else []
    return _of_sd_jwt(
        headers, payload, [text if isinstance(text, str) else "" for text in listed], binding if isinstance(binding, str) else ""
    )


def _of_sd_jwt(headers: tuple[JsonObject, ...], payload: JsonObject, texts: Sequence[str], last: str) -> Anatomy:
    if len(texts) > DEFAULT_LIMITS.disclosures:
        raise SaysoError.of(PARSING_ERROR, f"there are more than {DEFAULT_LIMITS.disclosures} disclosures")
    notes: list[str] = []
    binding = None
    if last:
        try:
            binding = _token(last)
        except SaysoError as error:
            notes.append(f"the key binding cannot be read: {error}")
    name = payload.get("_sd_alg", DEFAULT_HASH)
    if not isinstance(name, str) or name not in HASHES:
        notes.append("_sd_alg is not a hash that is known here: no disclosure can be placed")
    opened = _Opening(name if isinstance(name, str) else "", notes)
    opened.take(texts)
    opened.place(payload)
    return Anatomy("presentation" if last else "credential", headers, payload, opened.found(), opened.unopened, binding, notes=tuple(notes))


class _Opening:
    """Find where each disclosure belongs; every one is opened once, so the work is linear in what was received."""

    def __init__(self, hash_name: str, notes: list[str]) -> None:
        self._hash = HASHES.get(hash_name)
        self._notes = notes
        self._read: list[list[Json]] = []
        self._by_digest: dict[str, int] = {}
        self._places: dict[int, Location] = {}
        self.unopened = 0

    def take(self, texts: Sequence[str]) -> None:
        """Read the disclosures."""
        for number, text in enumerate(texts):
            try:
                parts = disclosure.read(text, DEFAULT_LIMITS)
            except SaysoError as error:
                self._notes.append(f"disclosure {number + 1} cannot be read: {error}")
                continue
            if self._hash:
                self._by_digest[disclosure.digest_of(text, self._hash)] = len(self._read)
            self._read.append(parts)

    def place(self, payload: JsonObject) -> None:
        """Walk through the claims, and what is opened on the way."""
        waiting: deque[tuple[Location, Json]] = deque([((), payload)])
        while waiting:
            at, value = waiting.popleft()
            if len(at) > DEFAULT_LIMITS.depth:
                continue  # a verifier refuses it
            if isinstance(value, dict):
                digests = value.get("_sd")
                for digest in digests if isinstance(digests, list) else ():
                    waiting.extend(self._open(digest, at))
                waiting.extend(((*at, name), item) for name, item in value.items() if name not in {"_sd", "_sd_alg"})
            elif isinstance(value, list):
                for index, item in enumerate(value):
                    hidden = isinstance(item, dict) and item.keys() == {"..."}
                    waiting.extend(self._open(item["..."], (*at, index)) if hidden and isinstance(item, dict) else [((*at, index), item)])

    def _open(self, digest: Json, at: Location) -> list[tuple[Location, Json]]:
        number = self._by_digest.pop(digest, None) if isinstance(digest, str) else None
        if number is None:
            self.unopened += 1
            return []
        parts = self._read[number]
        place = (*at, str(parts[1])) if len(parts) == PROPERTY_PARTS else at
        self._places[number] = place
        return [(place, parts[-1])]

    def found(self) -> tuple[Disclosure, ...]:
        """Give the disclosures in the order in which they stand there."""
        return tuple(Disclosure(self._places.get(number), parts[-1], str(parts[0])) for number, parts in enumerate(self._read))


def _token(text: str) -> Token:
    segments = text.split(".")
    if len(segments) != 3:  # noqa: PLR2004 - RFC 7515, section 7.1: header, payload, signature
        raise SaysoError.of(PARSING_ERROR, "it is neither JSON nor a compact token of three segments")
    return Token(_object(segments[0], "header"), _object(segments[1], "payload"))


def _object(value: Json, name: str) -> JsonObject:
    try:
        return parse_object(base64url.decode(value if isinstance(value, str) else ""))
    except SaysoError as error:
        raise error.under(name) from None
