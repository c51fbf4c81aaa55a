"""RDFC-1.0: the test suite of the W3C, every entry with the default budget."""

import json
from pathlib import Path
from typing import Any

import pytest

from sayso.encodings.rdfc.canonicalization import Canonical, canonicalize
from sayso.errors import LIMIT_EXCEEDED, SaysoError
from tests import nquads
from tests.support import SHARED, needs_shared

FOLDER = (SHARED or Path()) / "vectors" / "rdfc10"
ENTRIES: list[dict[str, Any]] = json.loads((FOLDER / "manifest.jsonld").read_bytes())["entries"] if SHARED else []
HASHES = {None: "sha-256", "SHA384": "sha-384"}

pytestmark = needs_shared


def _of(kind: str) -> list[Any]:
    return [pytest.param(entry, id=entry["id"]) for entry in ENTRIES if entry["type"] == f"rdfc:{kind}"]


def _canonical(entry: dict[str, Any]) -> Canonical:
    quads = nquads.read((FOLDER / entry["action"]).read_text())
    return canonicalize(quads, hash_name=HASHES[entry.get("hashAlgorithm")])


def test_rc_9_there_are_86_entries() -> None:
    """RC-9: 64 to evaluate, 21 maps, 1 that must not be answered; two of them with SHA-384."""
    assert [len(_of(kind)) for kind in ("RDFC10EvalTest", "RDFC10MapTest", "RDFC10NegativeEvalTest")] == [64, 21, 1]
    assert sum("hashAlgorithm" in entry for entry in ENTRIES) == 2


@pytest.mark.parametrize("entry", _of("RDFC10EvalTest"))
def test_rc_4_the_text_is_the_published_one(entry: dict[str, Any]) -> None:
    assert _canonical(entry).text == (FOLDER / entry["result"]).read_bytes().decode()


@pytest.mark.parametrize("entry", _of("RDFC10MapTest"))
def test_rc_8_the_labels_are_the_published_ones(entry: dict[str, Any]) -> None:
    labels = {node.removeprefix("_:"): label.removeprefix("_:") for node, label in _canonical(entry).labels.items()}
    assert labels == json.loads((FOLDER / entry["result"]).read_bytes())


@pytest.mark.parametrize("entry", _of("RDFC10NegativeEvalTest"))
def test_rc_7_the_poisoned_dataset_is_refused(entry: dict[str, Any]) -> None:
    with pytest.raises(SaysoError) as caught:
        _canonical(entry)
    assert caught.value.problems[0].kind is LIMIT_EXCEEDED
