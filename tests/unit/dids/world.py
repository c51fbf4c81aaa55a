"""A DID method whose documents lie behind a URL, and the fetcher that answers for it."""

from datetime import UTC, datetime

from sayso.dids.document import VerificationMethod, parse
from sayso.dids.method import Options, Resolution
from sayso.dids.resolution import METHODS, retrieve_verification_method
from sayso.errors import NOT_FOUND, SaysoError
from sayso.identifiers import Did
from sayso.jsonvalue import Json, JsonObject, parse_object, serialize
from sayso.keys import multikey
from sayso.keys.ed25519 import key_pair
from sayso.retrieval import Retrieve, Retrieved, Steps, drive

DID = "did:example:org"
URL = DID + "#key-1"
AT = datetime(2026, 11, 21, 12, tzinfo=UTC)
KEY, _ = key_pair(bytes(range(32)))
OTHER_KEY, _ = key_pair(bytes(32))


def method(**changed: Json) -> JsonObject:
    """Give a good verification method, and what is changed in it; what becomes None is left out."""
    value: JsonObject = {"id": URL, "type": "Multikey", "controller": DID, "publicKeyMultibase": multikey.encode(KEY)}
    value |= changed
    return {name: member for name, member in value.items() if member is not None}


def document(*methods: Json, **members: Json) -> JsonObject:
    """Give a DID document with these verification methods, the first key asserting, and other members."""
    return {"id": DID, "verificationMethod": [*methods], "assertionMethod": [URL], **members}


class Example:
    """Be the method did:example."""

    name = "example"

    def resolve(self, did: Did, _at: datetime, _options: Options) -> Steps[Resolution]:
        found = yield Retrieve(f"https://dids.example/{did}", "application/did", 65_536, "the DID document")
        members = parse_object(found.body)
        return Resolution(parse(members), members, {})


class World:
    """Know documents by DID, and count what was asked."""

    def __init__(self, **documents: JsonObject) -> None:
        self.documents = {f"did:example:{name}": value for name, value in documents.items()}
        self.asked = list[str]()
        self.methods = (Example(), *METHODS)

    def fetch(self, retrieve: Retrieve) -> Retrieved:
        self.asked.append(retrieve.url)
        did = retrieve.url.removeprefix("https://dids.example/")
        if did not in self.documents:
            raise SaysoError.of(NOT_FOUND, "no such DID document")
        return Retrieved(serialize(self.documents[did]).encode(), "application/did")

    def retrieve(self, did_url: str = URL, relationship: str = "assertionMethod", at: datetime = AT) -> VerificationMethod:
        return drive(retrieve_verification_method(did_url, relationship, at, self.methods), self.fetch)
