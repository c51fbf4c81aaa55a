"""Credentials without a proof, the same in every run: what is easy to write down in JSON and easy to canonicalise wrongly."""

import json
from functools import cache
from typing import Any

from sayso.credentials.contexts import bundled
from tests.interop.dcql_pairs import Author
from tests.support import shared

CREDENTIALS_V2 = "https://www.w3.org/ns/credentials/v2"
EXAMPLES_V2 = "https://www.w3.org/ns/credentials/examples/v2"
UNDEFINED_TERMS_V2 = "https://www.w3.org/ns/credentials/undefined-terms/v2"
DATA_INTEGRITY_V2 = "https://w3id.org/security/data-integrity/v2"
_PUBLISHED = {
    CREDENTIALS_V2: "credentials-v2.jsonld",
    EXAMPLES_V2: "examples-v2.jsonld",
    UNDEFINED_TERMS_V2: "undefined-terms-v2.jsonld",
    DATA_INTEGRITY_V2: "data-integrity-v2.jsonld",
}
LANGUAGES = "https://sayso.example/contexts/languages/v1"
_LANGUAGES = {"@context": {"motto": {"@id": "https://sayso.example/terms#motto", "@container": "@language"}}}

CONTROLS = "".join(map(chr, (*range(0x20), 0x7F, 0x85, 0x2028, 0xFEFF))) + '"\\'
"""Every control character, and what else has its own way in JSON or N-Quads."""
NUMBERS: dict[str, Any] = {
    "zero": 0,
    "negative": -1,
    "exact": 2**53 - 1,
    "half": 0.5,
    "small": 1.5e-7,
    "smaller": 2.5e-310,
    "large": 1.7976931348623157e308,
    "thirds": 1 / 3,
    "one": 1.0,
    "many": 1.5e20,
    "minus": -0.0,
    "edge": 1e21,
    "beyond": 1e22,
}
"""Numbers of every shape that a reader of doubles keeps; they are written differently in JSON, in RFC 8785 and as `xsd:double`."""
DIRECTED = {"@value": "שלום", "@language": "he", "@direction": "rtl"}


Documents = dict[str, dict[str, Any]]
"""Documents, by what is peculiar to each."""


@cache
def content(url: str) -> str:
    """Give the text of a context, as published; skip the test where it is not at hand."""
    found = bundled.content(url) if url in bundled.CONTEXTS else shared("vectors", "contexts", _PUBLISHED[url]).read_bytes()
    return found.decode()


def contexts() -> dict[str, str]:
    """Give the texts of all contexts that the documents name."""
    return {LANGUAGES: json.dumps(_LANGUAGES), **{url: content(url) for url in _PUBLISHED}}


def credential(issuer: str, subject: Any, *also: str | dict[str, Any], **members: Any) -> dict[str, Any]:
    """Write a credential with some contexts after the first: `examples/v2` where none is named."""
    return {
        "@context": [CREDENTIALS_V2, *(also or (EXAMPLES_V2,))],
        "type": ["VerifiableCredential", "ExampleCredential"],
        "issuer": issuer,
        "credentialSubject": subject,
        **members,
    }


def presentation(holder: str, *credentials: dict[str, Any]) -> dict[str, Any]:
    """Write a presentation."""
    return {
        "@context": [CREDENTIALS_V2],
        "type": ["VerifiablePresentation"],
        "holder": holder,
        "verifiableCredential": [*credentials],
    }


def plain(issuer: str) -> Documents:
    """Write documents that every implementation must agree about."""
    address = {"type": "PostalAddress", "city": "Köln", "lines": ["Domplatz 1", "Hinterhaus"]}
    whole = {
        "id": "urn:uuid:6b6fd0e2-7d3f-4f6e-8d0c-0b7f2a3c6a51",
        "validFrom": "2026-01-01T00:00:00Z",
        "validUntil": "2036-01-01T00:00:00+02:00",
        "name": {"@value": "Ausweis", "@language": "de"},
        "description": [{"@value": "Karte", "@language": "de"}, {"@value": "Card", "@language": "en"}],
    }
    return {
        "flat": credential(issuer, {"given_name": "Möbius 𝄞", "adult": True, "retired": False}),
        "nested": credential(issuer, {"id": "did:example:ada", "address": address, "work": {"address": address}}),
        "several subjects": credential(issuer, [{"id": "did:example:ada"}, {"id": "did:example:bob"}]),
        "twins": credential(issuer, {"knows": [{"age": 36}, {"age": 36}, {"age": 36, "knows": {"age": 36}}]}),
        "every member": credential(issuer, {"age": 36}, **whole),
        "an issuer with a name": {**credential(issuer, {"age": 36}), "issuer": {"id": issuer, "name": "City"}},
        "undefined terms": credential(issuer, {"age": 36}, UNDEFINED_TERMS_V2),
        "all contexts": credential(issuer, {"age": 36}, DATA_INTEGRITY_V2, EXAMPLES_V2),
        "numbers": credential(issuer, NUMBERS),
        "white space": credential(issuer, {"lines": "one\ntwo\rthree\tfour", "path": 'C:\\ "x"'}),
        "language maps": credential(issuer, {"motto": {"de": "eins", "en": ["one", "1"]}}, EXAMPLES_V2, LANGUAGES),
    }


def disputed(issuer: str) -> Documents:
    """Write documents about which implementations are known to differ."""
    inline = {"motto": "https://sayso.example/terms#motto"}
    return {
        "direction": credential(issuer, {"age": 36}, name=DIRECTED),
        "controls": credential(issuer, {"text": CONTROLS}),
        "tiny": credential(issuer, {"small": 1e-7, "smallest": 5e-324}),
        "integers": credential(issuer, {"age": 2**53 + 1}),
        "case": credential(issuer, {"age": 36}, name={"@value": "Card", "@language": "en-GB"}),
        "nothing": credential(issuer, {"age": 36, "none": None}),
        "arrays": credential(issuer, {"lines": [["one"], "two"]}),
        "inline": credential(issuer, {"motto": "one"}, EXAMPLES_V2, inline),
    }


_SCALARS = (*NUMBERS.values(), True, False, "", "x", "Zoë", " ", "1", "@x", "a:b")
_TAGS = ("de", "en-gb", "he")


class _Writer(Author):
    def scalar(self) -> Any:
        kind = self.number(10)
        if kind == 0:
            return {"@value": self.one(("x", "y", "\n")), "@language": self.one(_TAGS)}
        if kind == 1:
            return "".join(chr(self.one((0x09, 0x0A, 0x0D, 0x20, 0x22, 0x5C, 0x61, 0xE9, 0x20AC, 0x1D11E))) for _ in range(self.number(6)))
        return self.one(_SCALARS)

    def item(self, depth: int) -> Any:
        return self.node(depth - 1) if depth and self.odds(40) else self.scalar()

    def claimed(self, depth: int) -> Any:
        return [self.item(depth) for _ in range(1 + self.number(3))] if self.odds(25) else self.item(depth)

    def node(self, depth: int) -> dict[str, Any]:
        named: dict[str, Any] = {"id": f"urn:example:{self.number(4)}"} if self.odds(20) else {}
        typed: dict[str, Any] = {"type": self.one(("Person", "Place"))} if self.odds(30) else {}
        return named | typed | {name: self.claimed(depth) for name in self.some(("a", "b", "given_name", "knows"))}


def generated(issuer: str, count: int) -> Documents:
    """Write so many documents that every implementation must agree about: nodes in nodes, arrays, numbers, languages, twins."""
    author = _Writer(b"documents")
    subjects = [(author.node(3), author.one((EXAMPLES_V2, UNDEFINED_TERMS_V2))) for _ in range(count)]
    return {f"generated {number}": credential(issuer, *subject) for number, subject in enumerate(subjects)}


class _Wilder(_Writer):
    def scalar(self) -> Any:
        kind = self.number(4)
        if kind == 0:
            direction = {"@direction": self.one(("ltr", "rtl"))} if self.odds(60) else {}
            return {"@value": self.text(), "@language": self.one(("de", "en-GB", "he", "zh-Hant-TW")), **direction}
        if kind == 1:
            return {"@value": self.text(), "@direction": self.one(("ltr", "rtl"))}
        return self.text() if kind == 2 else super().scalar()

    def text(self) -> str:
        return "".join(self.one(_CHARACTERS) for _ in range(self.number(6)))

    def node(self, depth: int) -> dict[str, Any]:
        tags = ("de", "en-GB", "he")
        mottos = {tag: self.one((self.text(), [self.text(), self.text()])) for tag in self.some(tags)}
        return super().node(depth) | ({"motto": mottos} if self.odds(30) else {})


_CHARACTERS = (*CONTROLS, "a", "é", "€", "𝄞", "שׁ", "\u0301", "\u2067")


def wild(issuer: str, count: int) -> Documents:
    """Write so many documents with directions, control characters and language maps, beside all that `generated` writes.

    openvc does not sign the same of them with RDF: see `disputed`.
    """
    author = _Wilder(b"wild documents")
    return {f"wild {number}": credential(issuer, author.node(3), EXAMPLES_V2, LANGUAGES) for number in range(count)}
