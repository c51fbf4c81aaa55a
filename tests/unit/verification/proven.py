"""Make small proven credentials by hand, and put one question to them."""

from collections.abc import Collection, Mapping
from datetime import datetime
from typing import Any

from sayso.credentials.claims_path import Location
from sayso.credentials.formats import SD_JWT_VC, VCDM_SD_JWT, Format
from sayso.errors import Problem, ProblemType
from sayso.jsonvalue import Json, JsonObject
from sayso.proofs.mechanism import KEY_BINDING, Binding, FoundKey, Proven
from sayso.query import grammar
from sayso.query.grammar import CredentialQuery
from sayso.retrieval import drive, offline
from sayso.verification.expectations import ANYONE, Anyone, Expectations
from sayso.verification.pipeline import Stage
from tests.unit.proofs.tokens import AT, AUDIENCE, CARD, ISSUER, ISSUER_DID, NONCE, NOW, PID

BINDING: JsonObject = {"iat": NOW, "aud": AUDIENCE, "nonce": NONCE, "sd_hash": "x"}


def pid(**claims: Any) -> Proven:
    """Make a proven SD-JWT VC."""
    return _proven(SD_JWT_VC, {**PID, **claims})


def card(**members: Any) -> Proven:
    """Make a proven credential of VCDM 2.0."""
    return _proven(VCDM_SD_JWT, {**CARD, **members})


def _proven(format_: Format, document: JsonObject) -> Proven:
    return Proven((FoundKey(ISSUER.public_key, ISSUER_DID),), format_, document, digest="sha-256")


def disclosing(proven: Proven, *places: Location) -> Proven:
    """Say that some places came out of disclosures."""
    return proven._replace(disclosed={place: f"disclosure {number}" for number, place in enumerate(places)})


def bound_by(proven: Proven, **claims: Any) -> Proven:
    """Say that the holder signed."""
    return proven._replace(bindings=(Binding({**BINDING, **claims}, ("key_binding",), KEY_BINDING),))


def expecting(issuers: Collection[str] | Anyone = ANYONE, **others: Any) -> Expectations:
    """Expect what a verifier does that has a name and asked."""
    options: dict[str, Any] = {"audience": AUDIENCE, "nonce": NONCE, **others}
    return Expectations(issuers=issuers, **options)


TRUSTING = expecting([ISSUER_DID])


def asking(*claims: Json, format_id: str = "dc+sd-jwt", types: Json = None, claim_sets: Json = None, **members: Json) -> CredentialQuery:
    """Read a credential query for some claims."""
    meta: Mapping[str, JsonObject] = {
        "dc+sd-jwt": {"vct_values": types or ["urn:example:pid"]},
        "vc+sd-jwt": {"type_values": types or [["https://www.w3.org/2018/credentials#VerifiableCredential"]]},
    }
    asked: JsonObject = {"id": "q", "format": format_id, "meta": meta.get(format_id, {}), **members}
    if claims:
        asked["claims"] = [*claims]
    if claim_sets:
        asked["claim_sets"] = claim_sets
    return grammar.parse({"credentials": [asked]}).credentials[0]


def found(stage: Stage, proven: Proven, expectations: Expectations = TRUSTING, at: datetime = AT) -> list[tuple[ProblemType, str]]:
    """Put one question, and give the kind and the place of each problem."""
    return places(drive(stage(proven, expectations, at), offline))


def places(problems: Collection[Problem]) -> list[tuple[ProblemType, str]]:
    """Give the kind and the place of each problem."""
    return [(problem.kind, problem.pointer) for problem in problems]
