"""Small status lists and credentials that name them, also such as no honest issuer would make; and a network that holds them."""

from collections.abc import Mapping
from datetime import datetime
from typing import Any

from sayso.errors import RETRIEVAL_REFUSED, STATUS_VERIFICATION_ERROR, SaysoError
from sayso.jsonvalue import serialize
from sayso.proofs.data_integrity.signing import ProofOptions, add_proof
from sayso.retrieval import Retrieve, Retrieved
from sayso.status import bitstring, token_list
from sayso.verification.doors import examine
from sayso.verification.expectations import Expectations
from sayso.verification.report import Report
from sayso.verification.status_cache import StatusCache
from tests.spec.data_integrity.documents import AT, JCS, V2, WORLD, Document, Found, a_card, expecting, secured
from tests.unit.proofs.tokens import ISSUER, ISSUER_DID, NOW, PID, sd_jwt, token
from tests.unit.verification.proven import places

LIST = "https://city.example/lists/1"
TOKEN = "https://city.example/tokens/1"  # noqa: S105 - it is one
NUMBER = 94567
WEB = "did:web:city.example"
DOCUMENT = "https://city.example/.well-known/did.json"
STATUS = "/credentialStatus"
BROKEN: Found = [(STATUS_VERIFICATION_ERROR, STATUS)]


def bits_with(*numbers: int, size: int = 1, value: int = 1, entries: int = bitstring.MIN_ENTRIES) -> str:
    """Write a list of bits in which some entries have a value, and all others 0."""
    bits = bytearray(entries * size // 8)
    for number in numbers:
        bitstring.put(bits, number, value, size)
    return bitstring.encode(bits)


def a_subject(encoded: str | None = None, **members: Any) -> Document:
    """Give the subject of a list in which nothing is set; a member that is None is left out."""
    subject: Document = {
        "type": "BitstringStatusList",
        "statusPurpose": "revocation",
        "encodedList": bits_with() if encoded is None else encoded,
        **members,
    }
    return {name: value for name, value in subject.items() if value is not None}


def a_list(subject: Any = None, **members: Any) -> Document:
    """Give a list credential that nobody signed; a member that is None is left out."""
    return a_card(
        **{
            "@context": [V2],
            "id": LIST,
            "type": ["VerifiableCredential", "BitstringStatusListCredential"],
            "credentialSubject": a_subject() if subject is None else subject,
            **members,
        }
    )


def an_entry(**members: Any) -> Document:
    """Give an entry of that list; a member that is None is left out."""
    entry: Document = {
        "type": "BitstringStatusListEntry",
        "statusPurpose": "revocation",
        "statusListIndex": str(NUMBER),
        "statusListCredential": LIST,
        **members,
    }
    return {name: value for name, value in entry.items() if value is not None}


def a_card_with(*entries: Document, **members: Any) -> str:
    """Issue a card with some status entries, one that is usual if none is given."""
    status: Any = [*entries] if len(entries) > 1 else (entries or (an_entry(),))[0]
    return serialize(secured(a_card(credentialStatus=status, **members)))


def tokens_with(*numbers: int, size: int = 1, value: int = 1, entries: int = 1024) -> str:
    """Write the list of a token in which some entries have a value, and all others 0."""
    bits = bytearray(entries * size // 8)
    for number in numbers:
        token_list.put(bits, number, value, size)
    return token_list.encode(bits)


def a_token(encoded: str | None = None, size: Any = 1, *, header: Mapping[str, Any] | None = None, **claims: Any) -> bytes:
    """Sign a status list token in which nothing is set; a claim that is None is left out."""
    payload: dict[str, Any] = {
        "sub": TOKEN,
        "iat": NOW,
        "status_list": {"bits": size, "lst": tokens_with() if encoded is None else encoded},
        **claims,
    }
    kept = {name: value for name, value in payload.items() if value is not None}
    return token(kept, **{"typ": "statuslist+jwt", **(header or {})}).encode()


def a_pid_with(**pointing: Any) -> str:
    """Issue a PID that points into that token."""
    return sd_jwt(token({**PID, "status": {"status_list": {"idx": 412, "uri": TOKEN, **pointing}}}))


def a_list_of_the_web() -> Document:
    """Give a list that a did:web signed, whose document has to be retrieved."""
    return add_proof(a_list(issuer=WEB), ProofOptions(JCS, WEB + "#1", "assertionMethod"), ISSUER, WORLD)


def document_of_the_web() -> bytes:
    """Give that document."""
    method = {"id": WEB + "#1", "type": "Multikey", "controller": WEB, "publicKeyMultibase": ISSUER_DID.removeprefix("did:key:")}
    return serialize({"id": WEB, "verificationMethod": [method], "assertionMethod": [WEB + "#1"]}).encode()


class Shelf:
    """Be a network that holds lists, and knows what it was asked for."""

    def __init__(self, *documents: Document, **others: Any) -> None:
        """Begin with list credentials at their ids; `at` maps more URLs to bodies, and `stapled` says that all of them were."""
        self.asked: list[Retrieve] = []
        self._stapled = others.get("stapled", False)
        self._bodies: dict[str, bytes] = {document.get("id", LIST): serialize(document).encode() for document in documents}
        self._bodies |= others.get("at", {})

    def __call__(self, retrieve: Retrieve) -> Retrieved:
        self.asked.append(retrieve)
        if retrieve.url not in self._bodies:
            raise SaysoError.of(RETRIEVAL_REFUSED, "nothing there")
        return Retrieved(self._bodies[retrieve.url], stapled=self._stapled)


def report(
    data: str,
    shelf: Shelf,
    expectations: Expectations | None = None,
    *,
    at: datetime = AT,
    cache: StatusCache | None = None,
    **options: Any,
) -> Report:
    """Examine a credential at the instant at which all of this happens."""
    return examine(data, expectations or expecting(**options), at=at, fetch=shelf, status_cache=cache)


def look(data: str, shelf: Shelf, expectations: Expectations | None = None, **options: Any) -> Found:
    """Examine a credential, and give the kind and the place of each problem."""
    found = report(data, shelf, expectations, **options)
    assert {problem.stage for problem in found.problems} <= {"conform", "status"}
    return places(found.problems)


def looked_up(subject: Document, *entries: Document, **options: Any) -> Found:
    """Look up entries in a list with this subject."""
    return look(a_card_with(*entries), Shelf(secured(a_list(subject))), **options)


def said_by(body: bytes, pid: str | None = None, **options: Any) -> Found:
    """Look up a PID in a token."""
    return look(pid or a_pid_with(), Shelf(at={TOKEN: body}), **options)
