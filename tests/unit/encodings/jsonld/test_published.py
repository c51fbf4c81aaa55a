"""Every published document is converted by one walk as by the complete processor, or left to it."""

from pathlib import Path

import pytest

from sayso.encodings.jsonld.contexts import Contexts
from sayso.encodings.jsonld.dataset import to_rdf
from sayso.errors import SaysoError
from sayso.jsonvalue import Json, parse, parse_object
from tests.property.jsonld_documents import Case
from tests.property.jsonld_oracle import BUNDLED, Verdict, compare
from tests.support import shared

CITIZENSHIP = "https://w3id.org/citizenship/v4rc1"
FOLDERS = ("vcdm2", "data-integrity", "vc-jose-cose")
PATHS = [path for folder in FOLDERS for path in sorted(shared("vectors", folder).rglob("*.json"))]
# What these would say is signed nowhere: terms that stand where they are not defined, and relative identifiers.
LOSSES = {"credential-proof-ok.json", "presentation-multiple.json"}


def documents() -> list[Path]:
    return [path for path in PATHS if isinstance(value := parse(path.read_bytes()), dict) and "@context" in value]


def citizenship() -> dict[str, dict[str, Json]]:
    return {CITIZENSHIP: parse_object(shared("vectors", "contexts", "citizenship-v4rc1.jsonld").read_bytes())}


@pytest.mark.parametrize("path", documents(), ids=lambda path: "-".join(path.parts[-3:]))
def test_a_published_document(path: Path) -> None:
    document = parse_object(path.read_bytes())
    verdict = compare(Case(document, citizenship()))
    assert verdict in {Verdict.EQUAL, Verdict.REFUSED, Verdict.FALLBACK}
    good = not path.stem.endswith(("-fail", "-fail-or-inject")) and path.name not in LOSSES
    assert (verdict is Verdict.EQUAL) or not good
    assert converts(document, BUNDLED.with_documents(citizenship())) is (verdict is Verdict.EQUAL)


def converts(document: dict[str, Json], contexts: Contexts) -> bool:
    try:
        return bool(to_rdf(document, contexts, inline=True))
    except SaysoError:
        return False
