"""VCDM 2.0 on the 120 unsigned documents of its test suite.

As the suite does, an issuer is added where a document leaves it to whoever issues, dates that are told in words become dates, and embedded
credentials are secured unless the document is about assertions of the holder.
"""

import json
from typing import Any

import pytest

from sayso.credentials import credential, presentation
from sayso.credentials.kinds import reading_of
from sayso.credentials.presentation import embedded
from sayso.credentials.vocabulary import Reading
from sayso.errors import Problem
from sayso.jsonvalue import JsonObject
from tests.spec.vcdm2.documents import ISSUER
from tests.support import SHARED, needs_shared

FOLDER = SHARED / "vectors" / "vcdm2" if SHARED else None
NAMES = sorted(path.stem for path in FOLDER.rglob("*.json")) if FOLDER else []
DATES = {"PAST DATE": "2020-01-01T00:00:00Z", "FUTURE DATE": "2040-01-01T00:00:00Z"}
HOLDER_ASSERTS = "self-asserted"

pytestmark = needs_shared


def read(name: str) -> JsonObject:
    assert FOLDER is not None
    (path,) = FOLDER.rglob(f"{name}.json")
    document: dict[str, Any] = json.loads(path.read_bytes())
    if name.startswith("presentation"):
        if HOLDER_ASSERTS not in name:
            for embedded in document.get("verifiableCredential", ()):
                if isinstance(embedded, dict) and "issuer" in embedded:
                    embedded["proof"] = {"type": "DataIntegrityProof"}
        return document
    issuer = document.setdefault("issuer", ISSUER)
    if isinstance(issuer, dict):
        issuer.setdefault("id", ISSUER)
    return {member: DATES.get(value, value) if isinstance(value, str) else value for member, value in document.items()}


def problems(name: str, document: JsonObject, reading: Reading) -> tuple[Problem, ...]:
    """Look at a document as the pipeline does: at a presentation, and at each credential in it that stands there by itself."""
    if not name.startswith("presentation"):
        return credential.conformance_problems(document, reading)
    found = presentation.conformance_problems(document, reading)
    if found:
        return found
    inside = [one.document for one in embedded(document) if one.kind in ("embedded", "self-asserted")]
    return tuple(problem for one in inside for problem in credential.conformance_problems(one, reading))


def expected(name: str) -> bool:
    """Tell whether the suite wants the document accepted; the three without a suffix show mistaken assertions of a holder (DM-22)."""
    return name.endswith("-ok")


def test_all_of_them_are_here() -> None:
    assert (len(NAMES), sum(map(expected, NAMES))) == (120, 65)


@pytest.mark.parametrize("name", NAMES)
def test_each_gets_the_published_verdict(name: str) -> None:
    """DM-2 to DM-22; some documents bring contexts of their own, which the suite wants read."""
    found = problems(name, read(name), reading_of(inline=True))
    assert (found == ()) is expected(name)
    assert all(problem.decided for problem in found)


@pytest.mark.parametrize("name", [name for name in NAMES if expected(name)])
def test_a_context_inside_is_not_read_unless_that_is_named(name: str) -> None:
    """DM-17, DI-X1."""
    document = read(name)
    contexts = document["@context"]
    assert isinstance(contexts, list)
    inside = any(isinstance(item, dict) for item in contexts)
    assert bool(problems(name, document, reading_of())) is inside
