"""Describe the credential formats: what they are called, and where a credential of each keeps what."""

from collections.abc import Callable, Collection
from datetime import datetime, timedelta
from typing import NamedTuple

from sayso.credentials import credential, data_model, presentation, sd_jwt_vc, validity, vc_jose_cose
from sayso.credentials.claims_path import ClaimsPath, Location
from sayso.credentials.kinds import Claim
from sayso.credentials.media_types import DC_SD_JWT, JWT, VC, VC_JWT, VC_SD_JWT, VP, VP_JWT, VP_SD_JWT
from sayso.credentials.vocabulary import Reading, expanded_types
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
        problems: what a document, with what its reader knows, hiding places and disclosed places, has against its data model.
        dates: what the dates of its data model have against an instant, with a skew.
        issuer_of: the issuer's DID, None where there is none.
        types: the types it counts as, expanded.
        token: whether the claims of a JWT stand in it.
        presents: whether it is a presentation, whose issuer is its holder.
    """

    id: str
    typ: str
    cty: str
    media_type: MediaType
    root: tuple[str, ...]
    issuer: tuple[str, ...]
    status_member: str
    problems: Callable[[JsonObject, Reading, Collection[Location], Collection[Location]], tuple[Problem, ...]]
    dates: Callable[[JsonObject, datetime, timedelta], tuple[Problem, ...]]
    issuer_of: Callable[[JsonObject], str | None]
    types: Callable[[JsonObject, Reading], frozenset[str]]
    token: bool = False
    presents: bool = False

    @property
    def has_schemas(self) -> bool:
        """Whether a credential of it may name schemas (VCDM 2.0, section 4.11)."""
        return self.status_member == "credentialStatus" and not self.presents

    @property
    def is_sd_jwt_vc(self) -> bool:
        """Whether its types may have metadata with rules, and its issuers keys that no DID names (SD-JWT VC draft 19: SV-7, SV-10)."""
        return self.issuer == ("iss",)

    @property
    def relationship(self) -> str:
        """What its signer's DID document must authorise the key for (VCDM 2.0, section 7.1: DM-27)."""
        return "authentication" if self.presents else "assertionMethod"

    def path_of(self, claim: Claim) -> ClaimsPath:
        """Give the path of a claim of a person in a credential of this format."""
        return (*self.root, *((claim,) if isinstance(claim, str) else claim))

    def claim_at(self, path: ClaimsPath) -> Claim:
        """Give the claim at a path, as people name it; what is not below the root has the name of its path."""
        inner = (path[len(self.root) :] if path[: len(self.root)] == self.root else ()) or path
        return inner[0] if len(inner) == 1 and isinstance(inner[0], str) else inner

    def date_problems(self, document: JsonObject, at: datetime, skew: timedelta, *, text: bool = False) -> tuple[Problem, ...]:
        """Say what its dates have against an instant; `text` is that of `validity.token_problems`.

        Source: VC-JOSE-COSE, section 3.1.3 (VJ-4): `nbf`, `exp` and `iat` are about the signature, and hold beside the credential's own.
        """
        found = self.dates(document, at, skew)
        return (*found, *validity.token_problems(document, at, skew, text=text)) if self.token else found

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


def _no_dates(_: JsonObject, __: datetime, ___: timedelta) -> tuple[Problem, ...]:
    return ()


def _document_dates(document: JsonObject, at: datetime, skew: timedelta) -> tuple[Problem, ...]:
    return validity.document_problems(document, at, skew)


def _credential_problems(
    document: JsonObject, reading: Reading, hiding: Collection[Location], _: Collection[Location]
) -> tuple[Problem, ...]:
    return data_model.credential_problems(document, reading, hiding)


def _presentation_problems(
    document: JsonObject, reading: Reading, _: Collection[Location], __: Collection[Location]
) -> tuple[Problem, ...]:
    return data_model.presentation_problems(document, reading)


def _claimed_credential_problems(
    document: JsonObject, reading: Reading, _: Collection[Location], __: Collection[Location]
) -> tuple[Problem, ...]:
    # What stands in a claim of a JWT is signed as it is; VCDM 1.1, section 6.3.1, asks for no JSON-LD processing.
    return data_model.credential_problems(document, reading._replace(undefined=True))


def _claimed_presentation_problems(
    document: JsonObject, reading: Reading, _: Collection[Location], __: Collection[Location]
) -> tuple[Problem, ...]:
    return data_model.presentation_problems(document, reading._replace(undefined=True), text=True)


def _vcdm_types(document: JsonObject, reading: Reading) -> frozenset[str]:
    return frozenset(iri for iri in expanded_types(document, reading) if iri is not None)


def _sd_jwt_vc_problems(
    payload: JsonObject, _: Reading, hiding: Collection[Location], disclosed: Collection[Location]
) -> tuple[Problem, ...]:
    return sd_jwt_vc.conformance_problems(payload, [*disclosed, *hiding])


def _sd_jwt_vc_issuer(payload: JsonObject) -> str | None:
    issuer = payload.get("iss")
    return issuer if isinstance(issuer, str) else None


def _sd_jwt_vc_types(payload: JsonObject, _: Reading) -> frozenset[str]:
    # Section 2.2.2.2 (SV-2): a credential counts as any of its further types.
    aliases = payload.get("aka_vcts")
    names: list[Json] = [payload.get("vct"), *(aliases if isinstance(aliases, list) else [])]
    return frozenset(name for name in names if isinstance(name, str))


_CREDENTIAL = Format(
    # Whatever secures it, it is a credential of VCDM.
    id="ldp_vc",
    typ="",
    cty="",
    media_type=VC,
    root=("credentialSubject",),
    issuer=("issuer",),
    status_member="credentialStatus",
    problems=_credential_problems,
    dates=_document_dates,
    issuer_of=credential.issuer_id,
    types=_vcdm_types,
)
VCDM_SD_JWT = _CREDENTIAL._replace(
    # VC-JOSE-COSE, section 3.2 (VJ-7); as the id of a query it is a profile of this library, with `type_values` as for other W3C formats.
    id="vc+sd-jwt",
    typ="vc+sd-jwt",
    cty="vc",
    media_type=VC_SD_JWT,
    problems=vc_jose_cose.conformance_problems,
    token=True,
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
    dates=_no_dates,
    issuer_of=_sd_jwt_vc_issuer,
    types=_sd_jwt_vc_types,
    token=True,
)
_PRESENTATION = _CREDENTIAL._replace(
    id="ldp_vp",
    media_type=VP,
    root=(),
    issuer=("holder",),
    problems=_presentation_problems,
    issuer_of=presentation.holder_id,
    presents=True,
)

LDP_VC = _CREDENTIAL
"""A credential with Data Integrity proofs (OpenID4VP 1.0, appendix B.1.3.2)."""
LDP_VP = _PRESENTATION
"""A presentation with Data Integrity proofs."""
JWT_VC = VCDM_SD_JWT._replace(id="jwt_vc_json", typ="vc+jwt", cty="vc", media_type=VC_JWT)
"""A credential that is the payload of a JWT (VC-JOSE-COSE, section 3.1.1)."""
JWT_VP = _PRESENTATION._replace(id="jwt_vp_json", typ="vp+jwt", cty="vp", media_type=VP_JWT, problems=vc_jose_cose.presentation_problems)
"""A presentation that is the payload of a JWT (VC-JOSE-COSE, section 3.1.2)."""
SD_JWT_VP = JWT_VP._replace(id="vp+sd-jwt", typ="vp+sd-jwt", media_type=VP_SD_JWT)
"""A presentation that is the payload of an SD-JWT (VC-JOSE-COSE, section 3.2.2)."""
CLAIM_VC = _CREDENTIAL._replace(id="jwt_vc_json", typ="jwt", media_type=JWT, problems=_claimed_credential_problems)
"""A credential in the claim `vc` of a JWT (VCDM 1.1, section 6.3.1)."""
CLAIM_VP = _PRESENTATION._replace(id="jwt_vp_json", typ="jwt", media_type=JWT, problems=_claimed_presentation_problems)
"""A presentation in the claim `vp` of a JWT."""

FORMATS = {known.id: known for known in (VCDM_SD_JWT, SD_JWT_VC)}
"""The formats whose claims are disclosed one by one, by their id."""
READABLE = {**FORMATS, LDP_VC.id: LDP_VC, JWT_VC.id: JWT_VC}
"""Every credential format that is read and may be asked for, by its id."""
SD_JWT_FORMATS = (VCDM_SD_JWT, SD_JWT_VC, SD_JWT_VP)
"""What an SD-JWT can be."""
