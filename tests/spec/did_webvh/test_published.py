"""The published logs of did:webvh: what resolves, and what has to be refused."""

import re
from datetime import UTC, datetime
from pathlib import Path

import pytest

from sayso.dids.did_webvh.resolution import read_log
from sayso.dids.method import Options, Resolution
from sayso.errors import INVALID_DID, SaysoError
from sayso.jsonvalue import Json, JsonObject, parse_object
from tests.support import SHARED, needs_shared

AT = datetime(2026, 11, 27, tzinfo=UTC)
RESULTS = sorted(SHARED.glob("vectors/did-webvh/*/*/resolutionResult*.json")) if SHARED else []
POSITIVE = [path for path in RESULTS if not path.parts[-3].startswith("negative")]
NEGATIVE = [path for path in RESULTS if path.parts[-3].startswith("negative")]
# The second entry replaces two witnesses by one, and only that one approved it. "DID Witnesses": a replacement becomes active after the
# entry that names it, so both had to. Of the three implementations whose results are published, one refuses it too.
NOT_WITNESSED = "witness-update"
# These results were written down for version 1 or 2, and are of version 3.
WRONG_VERSION = re.compile(r"multi-update/python/resolutionResult\.[12]\.json")
# What DID Resolution has for a version that was asked for by its number; resolvers add it under this name.
EXTRA = frozenset({"versionNumber"})


def name_of(path: Path) -> str:
    return "/".join(path.parts[-3:])


def optional(path: Path) -> str | None:
    return path.read_text(encoding="utf-8") if path.exists() else None


def resolved(path: Path, did: str) -> Resolution:
    number = re.search(r"\.([0-9])\.json", path.name)
    options = Options(version_number=int(number[1]) if number else None)
    return read_log(did, (path.parent / "did.jsonl").read_bytes(), AT, optional(path.parent / "did-witness.json"), options)


def did_of(path: Path, line: int) -> str:
    state = parse_object((path.parent / "did.jsonl").read_bytes().splitlines()[line])["state"]
    assert isinstance(state, dict)
    return str(state["id"])


def alike(document: JsonObject) -> JsonObject:
    """Write a document so that a fragment and the whole DID URL, and an endpoint with and without the last slash, are one."""
    services = document["service"]
    assert isinstance(services, list)
    found: list[Json] = []
    for service in services:
        assert isinstance(service, dict)
        ident, endpoint = str(service["id"]), str(service["serviceEndpoint"])
        found.append(service | {"id": "#" + ident.rpartition("#")[2], "serviceEndpoint": endpoint.removesuffix("/")})
    return {**document, "service": found}


@needs_shared
def test_there_are_as_many_as_there_were() -> None:
    assert len({path.parts[-3] for path in POSITIVE}) == 13
    assert len({path.parts[-3] for path in NEGATIVE}) == 16


@pytest.mark.parametrize("path", POSITIVE, ids=name_of)
def test_a_published_log_gives_the_published_result(path: Path) -> None:
    published = parse_object(path.read_bytes())
    if NOT_WITNESSED in path.parts:
        with pytest.raises(SaysoError, match="/1: too few witnesses approved the entry"):
            resolved(path, did_of(path, -1))
        return
    found = resolved(path, did_of(path, -1))
    if WRONG_VERSION.search(str(path)):
        return
    document, metadata = published["didDocument"], published["didDocumentMetadata"]
    assert isinstance(document, dict)
    assert isinstance(metadata, dict)
    if found.metadata["deactivated"]:  # DID Resolution, section 4: a DID that is deactivated has no document
        assert (found.document, found.members, metadata["deactivated"]) == (None, {}, True)
    else:
        assert alike(found.members) == alike(document)
    witness = metadata.get("witness")
    if isinstance(witness, dict) and witness:  # did:webvh 1.0, "Read (Resolve)": the threshold is text here
        metadata["witness"] = witness | {"threshold": str(witness["threshold"])}
    assert metadata.items() <= (found.metadata | {name: metadata[name] for name in EXTRA}).items()


DIDS = re.compile(r'did: "(did:webvh:[^"]*)"')
NO_PLACE = "a did:web"
REASONS = {
    "cross-did-witness-replay": "/1: too few witnesses approved the entry",
    "did-key-body-fragment-mismatch": "/0/proof/0: the key of the proof is not a did:key and the same text as its fragment",
    "duplicate-witness-ids": "/0/parameters/witness/witnesses: a witness is named twice",
    "fragment-leaks-into-domain": NO_PLACE,
    "lowercase-pct-port-ip": "%3A",
    "path-traversal-did": NO_PLACE,
    "pct-encoded-ip-host": NO_PLACE,
    "pct-encoded-traversal": NO_PLACE,
    "portable-scid-swap": "/1/state/id: ",
    "pre-rotation-omit-updatekeys": "/1/parameters/updateKeys: under pre-rotation an entry has updateKeys and nextKeyHashes",
    "scid-mismatch-genesis": "/0/parameters/scid: the scid is not the hash of the first entry",
    "unknown-method-version": "/0/parameters/method: the method is not did:webvh:1.0",
    "versiontime-future": "/1/versionTime: a versionTime lies in the future",
    "versiontime-non-monotonic": "/1/versionTime: a versionTime is later than the one before",
    "wrong-cryptosuite": "/0/proof/0/cryptosuite: the proof is of no cryptosuite that is accepted",
    "zero-witness-threshold": "/0/parameters/witness/threshold: a threshold is a number from 1 to that of the witnesses",
}


def dids_of(path: Path) -> list[str]:
    """Give the DIDs that a script resolves, with a SCID that has the form of one; or the one that the first entry makes."""
    scripted = DIDS.findall((path.parents[1] / "script.yaml").read_text(encoding="utf-8"))
    if scripted:
        return [did.replace("Qm" + "0" * 46, "Qm" + "1" * 44) for did in scripted]
    parameters = parse_object((path.parent / "did.jsonl").read_bytes().splitlines()[0])["parameters"]
    assert isinstance(parameters, dict)
    return [f"did:webvh:{parameters['scid']}:example.com"]


@pytest.mark.parametrize("path", NEGATIVE, ids=name_of)
def test_what_has_to_be_refused_is_refused_for_its_reason(path: Path) -> None:
    dids = dids_of(path)
    assert dids
    for did in dids:
        with pytest.raises(SaysoError) as caught:
            resolved(path, did)
        (problem,) = caught.value.problems
        assert problem.kind is INVALID_DID
        assert REASONS[path.parts[-3].removeprefix("negative-")] in f"{problem.pointer}: {problem.detail}"
