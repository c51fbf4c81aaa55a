"""Logs that no writer would write: every hash and proof is right, whatever else is wrong."""

from collections.abc import Mapping
from datetime import UTC, datetime, timedelta
from types import EllipsisType
from typing import Any, Self

from sayso.credentials.validity import format_date_time
from sayso.dids import did_key
from sayso.dids.did_webvh import entries
from sayso.encodings.jsonld.contexts import Contexts
from sayso.errors import Problem, SaysoError
from sayso.jsonvalue import Json, JsonObject, serialize
from sayso.keys import multikey
from sayso.keys.signer import SeedSigner, Signer
from sayso.proofs.data_integrity.signing import ProofOptions, add_proof
from sayso.proofs.data_integrity.suites import EDDSA_JCS, World

AT = datetime(2026, 11, 20, 12, tzinfo=UTC)
DAY = timedelta(days=1)
NOW = AT + 100 * DAY
SIGNERS = tuple(SeedSigner(bytes([number]) * 32) for number in range(8))
PUBLIC = tuple(signer.public_key for signer in SIGNERS)
KEYS = tuple(multikey.encode(key) for key in PUBLIC)
WITNESSES = tuple(f"did:key:{key}" for key in KEYS)
Members = Mapping[str, Any]


def merged(value: JsonObject, changed: Members) -> JsonObject:
    """Change members; `...` takes one away."""
    return {name: member for name, member in (value | dict(changed)).items() if not isinstance(member, EllipsisType)}


def signed(document: JsonObject, signer: Signer, *, key_id: str = "", purpose: str = "assertionMethod") -> JsonObject:
    """Give the proof of a document."""
    options = ProofOptions(EDDSA_JCS, key_id or did_key.verification_method(signer.public_key), purpose, created=AT)
    proof = add_proof(document, options, signer, World(Contexts({})))["proof"]
    assert isinstance(proof, dict)
    return proof


class Forge:
    """Write a log as it is told; `late` are members of the first entry as they stand there when its SCID is known."""

    def __init__(
        self,
        parameters: Members | None = None,
        state: Members | None = None,
        members: Members | None = None,
        *,
        signer: int = 0,
        rest: str = "city.example",
        late: Members | None = None,
    ) -> None:
        said = merged({"method": "did:webvh:1.0", "scid": "{SCID}", "updateKeys": [KEYS[0]]}, parameters or {})
        written = merged({"id": f"did:webvh:{{SCID}}:{rest}"}, state or {})
        draft: JsonObject = {"versionTime": format_date_time(AT), "parameters": said, "state": written}
        draft = merged(draft, members or {})
        self.scid = entries.hash_of(draft | {"versionId": "{SCID}"})
        self.did = f"did:webvh:{self.scid}:{rest}"
        self.lines: list[str] = []
        self.version_ids = [self.scid]
        self._append(merged(entries.replaced(draft, "{SCID}", self.scid), late or {}), signer)

    def add(
        self, parameters: Members | None = None, state: Members | None = None, members: Members | None = None, *, signer: int = 0
    ) -> Self:
        """Add an entry, a day after the last one unless `versionTime` is among the members."""
        draft: JsonObject = {
            "versionTime": format_date_time(AT + len(self.lines) * DAY),
            "parameters": merged({}, parameters or {}),
            "state": merged({"id": self.did}, state or {}),
        }
        self._append(merged(draft, members or {}), signer)
        return self

    def _append(self, draft: JsonObject, signer: int) -> None:
        given = draft.get("versionId")
        version_id = f"{len(self.version_ids)}-{entries.entry_hash(draft, self.version_ids[-1])}"
        value = draft | {"versionId": given if isinstance(given, str) else version_id}
        proof: Json = [signed({name: item for name, item in value.items() if name != "proof"}, SIGNERS[signer])]
        self.version_ids.append(version_id)
        self.lines.append(serialize({"proof": proof} | value))

    @property
    def text(self) -> str:
        """The log."""
        return "".join(line + "\n" for line in self.lines)

    def approvals(self, *given: tuple[int, int]) -> str:
        """Give the file of the witnesses: which version each of these witnesses approved."""
        items: list[Json] = []
        for number, witness in given:
            document: JsonObject = {"versionId": self.version_ids[number]}
            proofs: list[Json] = [signed(document, SIGNERS[witness])]
            items.append({**document, "proof": proofs})
        return serialize(items)


def problem_of(error: SaysoError) -> Problem:
    """Give the one problem of an error."""
    (problem,) = error.problems
    return problem
