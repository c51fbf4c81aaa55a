"""A DID method with versions and a deactivation, and a document with services."""

from datetime import UTC, datetime

from sayso.dids.document import parse
from sayso.dids.method import Options, Resolution, refuse_formats
from sayso.dids.resolution import METHODS
from sayso.errors import NOT_FOUND, SaysoError
from sayso.identifiers import Did
from sayso.jsonvalue import JsonObject
from sayso.retrieval import Retrieve, Steps

AT = datetime(2026, 11, 21, 12, tzinfo=UTC)
DID = "did:example:123456789abcdefghi"
KEY = "z6MkmM42vxfqZQsv4ehtTjFFxQ4sQKS2w6WR7emozFAn5cxu"
AGREEING = "z6LSj72tK8brWgZja8NLRwPigth2T9QRiG1uH9oKZuKjdh9p"

METHOD: JsonObject = {"id": f"{DID}#keys-1", "type": "Multikey", "controller": DID, "publicKeyMultibase": KEY}
ENDED: JsonObject = {"id": "#keys-2", "type": "Multikey", "controller": DID, "publicKeyMultibase": KEY, "revoked": "2026-01-01T00:00:00Z"}
AGREED: JsonObject = {
    "id": "#agreed",
    "type": "Multikey",
    "controller": DID,
    "publicKeyMultibase": AGREEING,
    "expires": "2027-01-01T00:00:00Z",
}
SERVICES: list[JsonObject] = [
    {"id": f"{DID}#messages", "type": "DIDCommMessaging", "serviceEndpoint": "https://example.com/messages/8377464"},
    {
        "id": "#linkedvp",
        "type": ["LinkedVerifiablePresentation", "Other"],
        "serviceEndpoint": ["https://example.com/vp.jsonld", {"uri": "x"}],
    },
    {"id": "#files", "type": "relativeRef", "serviceEndpoint": "https://example.com/files/"},
    {"id": "#whois", "type": "LinkedVerifiablePresentation", "serviceEndpoint": "https://example.com/whois.vp"},
    {"id": "#map", "type": "Map", "serviceEndpoint": {"uri": "https://example.com/"}},
    {"id": "#place", "type": "Place", "serviceEndpoint": "https://example.com/a?b#c"},
]
DOCUMENT: JsonObject = {
    "@context": ["https://www.w3.org/ns/did/v1.1"],
    "id": DID,
    "verificationMethod": [METHOD, ENDED],
    "authentication": [f"{DID}#keys-1", {**METHOD, "id": "#embedded"}],
    "assertionMethod": ["#keys-1", "#keys-2"],
    "keyAgreement": [AGREED],
    "service": [*SERVICES],
}
EARLIER: JsonObject = {"id": DID, "verificationMethod": [METHOD]}


class Example:
    """Be the method did:example: it retrieves, has two versions of one DID, and knows one DID that was deactivated."""

    def __init__(self, name: str = "example") -> None:
        self.name = name

    def resolve(self, did: Did, _at: datetime, options: Options) -> Steps[Resolution]:
        refuse_formats(options)
        if did.endswith(":gone"):
            return Resolution(None, {}, {"versionId": "3"})
        yield Retrieve(f"https://dids.example/{did}", "application/did", 65_536, "the DID document")
        members = {**(EARLIER if options != Options() else DOCUMENT)}
        if did.endswith(":bad"):
            members["service"] = 5
        elif did.endswith(":nobody"):
            raise SaysoError.of(NOT_FOUND, "there is none")
        elif self.name != "example":
            members["id"] = did
        return Resolution(parse(members), members, {"versionId": "1" if members == EARLIER else "2"})


WORLD = (Example(), Example("webvh"), *METHODS)
