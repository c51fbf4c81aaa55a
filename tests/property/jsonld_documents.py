"""Make JSON-LD documents by chance: most of them ordinary, some unusual, some wrong, with contexts that use every feature of terms."""

from collections.abc import Sequence
from typing import Any, NamedTuple, Protocol

from sayso.jsonvalue import Json

V2 = "https://www.w3.org/ns/credentials/v2"
EXAMPLES = "https://www.w3.org/ns/credentials/examples/v2"
UNDEFINED = "https://www.w3.org/ns/credentials/undefined-terms/v2"
OTHERS: list[list[Json]] = [
    ["https://www.w3.org/2018/credentials/v1", EXAMPLES],
    ["https://www.w3.org/2018/credentials/v1", "https://w3id.org/security/suites/ed25519-2020/v1", UNDEFINED],
    ["https://w3id.org/security/data-integrity/v2", UNDEFINED],
    ["https://www.w3.org/ns/did/v1", "https://w3id.org/security/multikey/v1", UNDEFINED],
    ["https://www.w3.org/ns/did/v1.1", UNDEFINED],
    ["https://www.w3.org/ns/cid/v1", "https://w3id.org/security/jwk/v1", UNDEFINED],
    [V2, "https://www.w3.org/ns/credentials/status/v1", EXAMPLES],
    [V2, "https://w3id.org/security/data-integrity/v2", EXAMPLES],
    [V2, "https://www.w3.org/ns/cid/v1", UNDEFINED],
]
OWN = "https://example.org/contexts/"
_DIALECTS = ("plain", "plain", "credential", "credential", "mixed")


class Chance(Protocol):
    """Be asked for choices: `random.Random`, or what hypothesis gives."""

    def random(self) -> float: ...
    def randrange(self, stop: int, /) -> int: ...
    def choice(self, seq: Sequence[Any], /) -> Any: ...


class Case(NamedTuple):
    """Hold a document and the context documents of its own that it may name."""

    document: dict[str, Json]
    contexts: dict[str, dict[str, Json]]


TERMS = ["a", "b", "c", "d", "e", "f", "g", "name", "id", "type"]
TYPES = ["T", "U", "V", "W"]
IRIS = ["https://e.org/ns#p", "https://e.org/q", "urn:x:y", "ex:r", "ex:", "https://e.org/ns#", "a", "b", "T", "did:example:1"]
IDENTIFIERS = [
    "urn:uuid:1",
    "did:example:ada",
    "https://e.org/1",
    "ex:one",
    "a:b",
    "_:x",
    "_:y",
    "https://e.org/é",
    "T",
    "https://e.org/ns#T",
]
BAD_IDENTIFIERS = [
    "relative",
    "",
    "#f",
    "/p",
    "//h/p",
    "https://e.org/a b",
    "https://e.org/<",
    "_:",
    "@id",
    "@foo",
    "../x",
    "1:2",
    "urn:x\n",
]
STRINGS = [
    "",
    "Ada",
    'text "q" \\ \n\t\r',
    "\x00\x08\x0c\x1f\x7f",
    "é€😀",
    "2020-01-01T00:00:00Z",
    "1.5E0",
    "\u2028\ufffe",
    "T",
    "a",
    "ex:one",
]
NUMBERS = [0, 1, -1, 5, 1.0, 1.5, -0.0, 1e-7, 1e20, 1e21, 10**21, 10**22, 2**53, 2**53 + 1, -2.5e-10, 123456789.125, 1e300, 0.1, 10**400]
LANGUAGES = ["en", "EN-us", "de", "zh-Hant-TW", "", "x_y", "toolonglanguage"]
XSD = "http://www.w3.org/2001/XMLSchema#"
COERCIONS = ["@id", "@vocab", "@json", "@none", XSD + "date", XSD + "integer", XSD + "double", XSD + "string", "ex:dt", "https://e.org/dt"]
CONTAINERS: list[Json] = ["@set", "@list", "@graph", ["@graph", "@set"], "@language", ["@language", "@set"], [], "@set", "@list"]
RARE_CONTAINERS: list[Json] = [
    "@index",
    "@id",
    "@type",
    ["@graph", "@id"],
    ["@graph", "@index"],
    ["@list", "@set"],
    "@foo",
    ["@set", "@type"],
    1,
]
CREDENTIAL_TERMS = [
    "name",
    "description",
    "issuer",
    "credentialSubject",
    "evidence",
    "credentialStatus",
    "credentialSchema",
    "termsOfUse",
    "validFrom",
    "validUntil",
    "proof",
    "refreshService",
    "relatedResource",
    "digestSRI",
    "digestMultibase",
    "mediaType",
    "cnf",
    "kid",
    "jwk",
    "_sd",
    "...",
    "exp",
    "iss",
    "sub",
    "holder",
    "verifiableCredential",
    "statusListIndex",
    "statusListCredential",
    "statusPurpose",
    "statusMessage",
    "message",
    "statusSize",
    "cryptosuite",
    "created",
    "proofPurpose",
    "verificationMethod",
    "proofValue",
    "domain",
    "challenge",
    "previousProof",
    "jsonSchema",
    "encodedList",
    "ttl",
    "nonce",
    "expires",
    "status",
    "assertionMethod",
    "authentication",
    "controller",
    "service",
    "serviceEndpoint",
    "publicKeyMultibase",
    "publicKeyJwk",
    "alsoKnownAs",
    "keyAgreement",
    "revoked",
]
CREDENTIAL_TYPES = [
    "VerifiableCredential",
    "VerifiablePresentation",
    "EnvelopedVerifiableCredential",
    "JsonSchema",
    "BitstringStatusListEntry",
    "BitstringStatusListCredential",
    "BitstringStatusList",
    "DataIntegrityProof",
    "AlumniCredential",
    "Multikey",
    "JsonWebKey",
    "Ed25519Signature2020",
    "Ed25519VerificationKey2020",
]


class Maker:
    """Make one document and its contexts."""

    def __init__(self, chance: Chance) -> None:
        self.chance = chance
        self.dialect = chance.choice(_DIALECTS)
        self.contexts: dict[str, dict[str, Json]] = {}
        self.oddity = chance.choice([0.0, 0.0, 0.01, 0.04])

    def often(self, share: float) -> bool:
        return self.chance.random() < share

    def odd(self) -> bool:
        return self.often(self.oddity)

    def pick(self, usual: Sequence[Any], rare: Sequence[Any]) -> Any:
        return self.chance.choice(rare if self.odd() else usual)

    def case(self) -> Case:
        urls = [OWN + str(number) for number in range(self.chance.randrange(3))] if self.dialect != "credential" else []
        for url in urls:
            self.contexts[url] = {"@context": self.context_value()}
        document = self.node(0, top=True)
        return Case(document, self.contexts)

    # --- contexts ---

    def context_value(self) -> Any:
        return [self.context(0), self.context(0)] if self.often(0.1) else self.context(0)

    def context(self, depth: int) -> dict[str, Json]:
        chance = self.chance
        made: dict[str, Json] = {}
        if self.often(0.15):
            made["@protected"] = True
        if self.often(0.8 if depth == 0 else 0.25):
            made["@vocab"] = (
                chance.choice(["https://e.org/vocab#", "urn:v:"]) if not self.odd() else chance.choice(["", "ex:", "_:b", None, "#x", 1])
            )
        if self.often(0.15):
            made["@language"] = chance.choice(LANGUAGES[:3]) if not self.odd() else chance.choice([*LANGUAGES, None])
        if self.odd():
            made.update(
                chance.choice(
                    [{"@version": 1.1}, {"@base": "https://b.org/"}, {"@propagate": False}, {"@direction": "rtl"}, {"@import": OWN + "0"}]
                )
            )
        if depth == 0 and self.often(0.85):
            made.update({"id": "@id", "type": "@type"})
        if self.often(0.5):
            made["ex"] = "https://ex.org/ns#" if self.often(0.8) else {"@id": "https://ex.org/ns#", "@prefix": self.often(0.7)}
        for _ in range(1 + chance.randrange(6)):
            term = chance.choice(TERMS[:8]) if not self.odd() else chance.choice([*TERMS, "", "ex:r", "@foo", "x/y", "urn:x:y"])
            made[term] = self.definition(term, depth)
        for name in TYPES[: chance.randrange(4)]:
            made[name] = self.type_definition(name, depth)
        if self.odd():
            made[chance.choice(["v", "l", "s", "gr", "none", "lang"])] = chance.choice(
                ["@value", "@list", "@set", "@graph", "@none", "@language", "@nest", "@included"]
            )
        return made

    def type_definition(self, name: str, depth: int) -> Any:
        iri = f"https://e.org/ns#{name}"
        if depth < 2 and self.often(0.6):
            scoped = self.context(depth + 1)
            return {"@id": iri, "@context": scoped if not self.odd() else self.chance.choice([None, [scoped], [None, scoped], OWN + "0"])}
        return iri if self.often(0.8) else {"@id": iri, "@protected": self.often(0.5)}

    def definition(self, term: str, depth: int) -> Any:
        chance = self.chance
        iri: Json = f"https://e.org/ns#{term}" if self.often(0.7) else chance.choice(IRIS[:4])
        if self.odd():
            iri = chance.choice([*IRIS, None, "", 1, "@id", "@type", "@value", "@foo", "rel", "_:p"])
        if self.often(0.35):
            return iri
        made: dict[str, Json] = {"@id": iri}
        self.features(made)
        if depth < 2 and self.often(0.15):
            inner = self.context(depth + 1)
            made["@context"] = inner if not self.often(0.15) else chance.choice([None, [None, inner], [inner, {}]])
        if self.odd():
            made.update(chance.choice([{"@prefix": True}, {"@nest": "@nest"}, {"@index": "a"}, {"@foo": 1}, {"@reverse": iri}]))
        if self.odd():
            del made["@id"]
            if self.odd():
                made["@reverse"] = "https://e.org/reverse"
        return made

    def features(self, made: dict[str, Json]) -> None:
        if self.often(0.4):
            made["@type"] = self.pick(COERCIONS, ["@foo", "rel", None, "_:t"])
        if self.often(0.3):
            made["@container"] = self.pick(CONTAINERS, RARE_CONTAINERS)
            if made["@container"] in ("@language", ["@language", "@set"]) and not self.odd():
                made.pop("@type", None)
        if self.often(0.15):
            made["@language"] = self.pick(["en", "DE", None], [*LANGUAGES])
        if self.often(0.08):
            made["@direction"] = self.pick(["ltr", "rtl", None], ["up"])
        if self.often(0.08):
            made["@protected"] = self.often(0.5)

    def local(self, *, top: bool) -> Any:
        chance = self.chance
        if self.dialect == "credential" or (self.dialect == "mixed" and self.often(0.6)):
            made: list[Json] = [V2, *([EXAMPLES] if self.often(0.9) else [])]
            if self.often(0.2):
                made = [*chance.choice(OTHERS)]
            if self.often(0.2):
                made.append(self.context(0))
        else:
            made = []
        made += [url for url in self.contexts if self.often(0.6)]
        if not made or self.often(0.15):
            made.append(self.context(0))
        if self.odd():
            made.insert(chance.randrange(len(made) + 1), chance.choice([None, 1, "https://unknown.example/", {}, [], "", "relative"]))
        return made if len(made) > 1 or self.often(0.5) or not top else made[0]

    # --- documents ---

    def node(self, depth: int, *, top: bool = False) -> dict[str, Json]:
        chance = self.chance
        made: dict[str, Json] = {}
        if top or self.often(0.04):
            made["@context"] = self.local(top=top)
        if self.often(0.5):
            made[chance.choice(["id", "id", "@id"])] = self.identifier()
        if self.often(0.6):
            made[chance.choice(["type", "type", "@type"])] = self.types()
        for _ in range(chance.randrange(5) + (1 if top else 0)):
            key = self.key()
            made[key] = self.value(depth + 1, key)
        if self.odd():
            made.update(chance.choice(self.oddities(depth)))
        return made

    def oddities(self, depth: int) -> list[dict[str, Json]]:
        inner = self.node(depth + 1) if depth < 3 else {}
        whole: list[dict[str, Json]] = [{"@graph": inner}, {"@graph": [inner, "text"]}, {"@included": [inner]}, {"@reverse": {"a": inner}}]
        whole += [
            {"@nest": inner},
            {"@set": [inner]},
            {"@list": [1]},
            {"@value": "x"},
            {"gr": [inner]},
            {"v": "x"},
            {"_:p": 1},
            {"urn:x": None},
        ]
        whole += [{"@index": "i"}, {"@language": "en"}, {"@direction": "ltr"}, {"@foo": 1}, {"@type": None}, {"@id": None}]
        return [*whole, {"@context": None}, {"@context": []}]

    def identifier(self) -> Any:
        if self.odd():
            return self.chance.choice([*BAD_IDENTIFIERS, None, 1, ["urn:x"], {}])
        return self.chance.choice(IDENTIFIERS[:-2])

    def types(self) -> Any:
        chance = self.chance
        pool = TYPES + (CREDENTIAL_TYPES if self.dialect != "plain" else [])
        if self.odd():
            return chance.choice(
                [[], [None], 1, "@json", "@id", "relative type", "_:t", ["T", "T"], {"a": 1}, "undefined", ["T", 1], "https://e.org/<"]
            )
        if self.often(0.5):
            return chance.choice(pool)
        return [chance.choice(pool) for _ in range(chance.randrange(3) + 1)]

    def key(self) -> Any:
        chance = self.chance
        if self.odd():
            return chance.choice(
                ["undefined", "ex:k", "urn:k", "https://e.org/k", "x y", "", "@foo", "_:k", "un:defined:x", "https://e.org/<", ":x"]
            )
        if self.dialect != "plain" and self.often(0.8 if self.dialect == "credential" else 0.5):
            return chance.choice(CREDENTIAL_TERMS)
        return chance.choice(TERMS[:8]) if self.often(0.9) else chance.choice(["ex:k", "https://e.org/k", "urn:k"])

    def value(self, depth: int, key: str) -> Any:
        kind = self.chance.randrange(12)
        if key in {"verifiableCredential", "proof", "credentialSubject"} and self.often(0.8):
            kind = 6
        return self.simple(kind) if kind < 5 or depth > 4 else self.compound(kind, depth, key)

    def simple(self, kind: int) -> Any:
        match kind % 5:
            case 0 | 1:
                return self.chance.choice(STRINGS)
            case 2:
                return self.identifier() if self.often(0.9) else self.chance.choice(BAD_IDENTIFIERS)
            case 3:
                return self.pick([*NUMBERS[:9], True, False], NUMBERS)
            case _:
                return self.value_object() if not self.often(0.1) else None

    def compound(self, kind: int, depth: int, key: str) -> Any:
        if kind <= 7:
            inner = self.node(depth)
            if key == "verifiableCredential" and "@context" not in inner and self.often(0.9):
                inner["@context"] = self.local(top=True)
            return inner
        if kind == 10:
            return {language: self.texts() for language in (self.chance.choice(LANGUAGES[:4]) for _ in range(self.chance.randrange(3)))}
        items: list[Json] = [self.value(depth + 1, key) for _ in range(self.chance.randrange(4))]
        return items if kind < 10 else {"@list": items} if self.often(0.8) else {"@set": items}

    def texts(self) -> Any:
        if self.odd():
            return self.chance.choice([None, 1, ["x", None], {"@value": "x"}])
        return self.chance.choice(STRINGS[:5]) if self.often(0.7) else ["x", "y"]

    def value_object(self) -> Any:
        made: dict[str, Json] = {"@value": self.pick([*STRINGS[:6], 5, 1.5, True], [None, [], {"a": 1}, ["x"], 10**22, "5"])}
        kind = self.chance.randrange(6)
        if kind == 0:
            made["@type"] = self.pick([*COERCIONS[4:], "T", "@json"], ["@id", "rel", None, ["T"], "_:t", "@none"])
        elif kind <= 3 and (isinstance(made["@value"], str) or self.odd()):
            if self.often(0.8):
                made["@language"] = self.pick(LANGUAGES[:4], [*LANGUAGES, None, 1])
            if self.often(0.4):
                made["@direction"] = self.pick(["ltr", "rtl"], ["", None, "up"])
        if self.odd():
            made[self.chance.choice(["@index", "a", "id", "type", "@id", "@context"])] = "x"
        return made


def case(chance: Chance) -> Case:
    """Make a document, and the contexts of its own."""
    return Maker(chance).case()
