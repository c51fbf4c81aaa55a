"""Describe the credential formats: what they are called, and where a credential of each keeps what."""

from collections.abc import Callable, Collection, Sequence
from datetime import datetime, timedelta
from typing import NamedTuple

from sayso.credentials import credential, sd_jwt_vc, validity, vc_jose_cose
from sayso.credentials.claims_path import ClaimsPath, Location
from sayso.credentials.kinds import Claim, CredentialType, expanded_types
from sayso.credentials.media_types import DC_SD_JWT, VC_SD_JWT
from sayso.errors import Problem
from sayso.identifiers import MediaType
from sayso.jsonvalue import Json, JsonObject


class Format(NamedTuple):
    """Describe one credential format.

    Args:
        id: what it is called in a query.
        typ: its JOSE header, and `cty` the other one ("" for none).
        root: the path above the claims of a person.
        issuer: the path of the issuer's DID.
        status_member: the member with the status entries.
        problems: what a document, with credential types, hiding places and disclosed places, has against its data model.
        dates: what its dates have against an instant, with a skew.
        issuer_of: the issuer's DID, None where there is none.
        types: the types it counts as, expanded.
    """

    id: str
    typ: str
    cty: str
    media_type: MediaType
    root: tuple[str, ...]
    issuer: tuple[str, ...]
    status_member: str
    problems: Callable[[JsonObject, Sequence[CredentialType], Collection[Location], Collection[Location]], tuple[Problem, ...]]
    dates: Callable[[JsonObject, datetime, timedelta], tuple[Problem, ...]]
    issuer_of: Callable[[JsonObject], str | None]
    types: Callable[[JsonObject, Sequence[CredentialType]], frozenset[str]]

    def path_of(self, claim: Claim) -> ClaimsPath:
        """Give the path of a claim of a person in a credential of this format."""
        return (*self.root, *((claim,) if isinstance(claim, str) else claim))

    def claim_at(self, path: ClaimsPath) -> Claim:
        """Give the claim at a path, as people name it; what is not below the root has the name of its path."""
        inner = (path[len(self.root) :] if path[: len(self.root)] == self.root else ()) or path
        return inner[0] if len(inner) == 1 and isinstance(inner[0], str) else inner

    def header(self, algorithm: str, key_id: str) -> JsonObject:
        """Give the JOSE header of a credential of this format."""
        header: JsonObject = {"alg": algorithm, "typ": self.typ}
        if self.cty:
            header["cty"] = self.cty
        return {**header, "kid": key_id}


def spoken(claim: Claim) -> str:
    """Write a claim for people.

    >>> spoken(("address", None, "city"))
    'address.*.city'
    """
    return claim if isinstance(claim, str) else ".".join("*" if step is None else str(step) for step in claim)


def _vcdm_dates(document: JsonObject, at: datetime, skew: timedelta) -> tuple[Problem, ...]:
    # VC-JOSE-COSE, section 3.1.3 (VJ-4): `nbf`, `exp` and `iat` are about the signature, and hold beside the credential's own dates.
    return (*validity.document_problems(document, at, skew), *validity.token_problems(document, at, skew))


def _vcdm_types(document: JsonObject, kinds: Sequence[CredentialType]) -> frozenset[str]:
    return frozenset(iri for iri in expanded_types(document, kinds) if iri is not None)


def _sd_jwt_vc_problems(
    payload: JsonObject, _: Sequence[CredentialType], hiding: Collection[Location], disclosed: Collection[Location]
) -> tuple[Problem, ...]:
    return sd_jwt_vc.conformance_problems(payload, [*disclosed, *hiding])


def _sd_jwt_vc_issuer(payload: JsonObject) -> str | None:
    issuer = payload.get("iss")
    return issuer if isinstance(issuer, str) else None


def _sd_jwt_vc_types(payload: JsonObject, _: Sequence[CredentialType]) -> frozenset[str]:
    # Section 2.2.2.2 (SV-2): a credential counts as any of its further types.
    aliases = payload.get("aka_vcts")
    names: list[Json] = [payload.get("vct"), *(aliases if isinstance(aliases, list) else [])]
    return frozenset(name for name in names if isinstance(name, str))


VCDM_SD_JWT = Format(
    # VC-JOSE-COSE, section 3.2 (VJ-7); as the id of a query it is a profile of this library, with `type_values` as for other W3C formats.
    id="vc+sd-jwt",
    typ="vc+sd-jwt",
    cty="vc",
    media_type=VC_SD_JWT,
    root=("credentialSubject",),
    issuer=("issuer",),
    status_member="credentialStatus",
    problems=vc_jose_cose.conformance_problems,
    dates=_vcdm_dates,
    issuer_of=credential.issuer_id,
    types=_vcdm_types,
)
SD_JWT_VC = Format(
    # SD-JWT VC draft 19, section 2 (SV-1); OpenID4VP 1.0, appendix B.3
    id="dc+sd-jwt",
    typ="dc+sd-jwt",
    cty="",
    media_type=DC_SD_JWT,
    root=(),
    issuer=("iss",),
    status_member="status",
    problems=_sd_jwt_vc_problems,
    dates=validity.token_problems,
    issuer_of=_sd_jwt_vc_issuer,
    types=_sd_jwt_vc_types,
)

FORMATS = {known.id: known for known in (VCDM_SD_JWT, SD_JWT_VC)}
"""The formats that are built, by their id."""
