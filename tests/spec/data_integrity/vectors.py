"""Find the published vectors of the EdDSA and ECDSA cryptosuites, and what is needed to read them."""

import json
from datetime import UTC, datetime
from pathlib import Path
from typing import Any, NamedTuple

from sayso.credentials.vocabulary import bundled
from sayso.jsonvalue import JsonObject
from sayso.proofs.data_integrity.suites import World
from tests.support import shared

AT = datetime(2023, 3, 1, tzinfo=UTC)
CITIZENSHIP = "https://w3id.org/citizenship/v4rc1"


class Vector(NamedTuple):
    """Name one published vector: its folder, what its files end with, and its cryptosuite."""

    folder: str
    ending: str
    suite: str

    def text(self, name: str) -> str:
        """Give the text of one of its files."""
        return self._path(f"{name}{self.ending}.txt").read_text()

    def json(self, name: str) -> JsonObject:
        """Give the value of one of its files."""
        value: JsonObject = json.loads(self._path(f"{name}{self.ending}.json").read_text())
        return value

    def _path(self, name: str) -> Path:
        return shared("vectors", "data-integrity", *self.folder.split("/"), name)


EDDSA = (
    Vector("eddsa/eddsa-rdfc-2022", "DataInt", "eddsa-rdfc-2022"),
    Vector("eddsa/eddsa-rdfc-2022/employ", "DataInt", "eddsa-rdfc-2022"),
    Vector("eddsa/eddsa-jcs-2022", "JCS", "eddsa-jcs-2022"),
    Vector("eddsa/Ed25519Signature2020", "EdSig", "Ed25519Signature2020"),
)
ECDSA = tuple(
    vector
    for curve in ("P256", "P384")
    for vector in (
        Vector(f"ecdsa/ecdsa-rdfc-2019-{curve.lower()}", f"ECDSA{curve}", "ecdsa-rdfc-2019"),
        Vector(f"ecdsa/ecdsa-rdfc-2019-{curve.lower()}/employ", f"ECDSA{curve}", "ecdsa-rdfc-2019"),
        Vector(f"ecdsa/ecdsa-jcs-2019-{curve.lower()}", f"JCSECDSA{curve}", "ecdsa-jcs-2019"),
    )
)


def read(*path: str) -> Any:
    """Give the value of a published file."""
    return json.loads(shared("vectors", "data-integrity", *path).read_text())


def contexts() -> dict[str, JsonObject]:
    """Give the context that some vectors need and that does not come with the library."""
    found: JsonObject = json.loads(shared("vectors", "contexts", "citizenship-v4rc1.jsonld").read_text())
    return {CITIZENSHIP: found}


def world() -> World:
    """Give what JSON-LD processing of the vectors may know."""
    return World(bundled().with_documents(contexts()))
