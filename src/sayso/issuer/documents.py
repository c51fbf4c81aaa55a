"""Write what is to be signed, and say how, for each format by the name that an issuer gives it."""

from collections.abc import Callable
from typing import NamedTuple, TypeAlias

from sayso.credentials.formats import FORMATS, JWT_VC, LDP_VC, SD_JWT_VC, VCDM_SD_JWT, Format
from sayso.credentials.kinds import CredentialType
from sayso.credentials.validity import format_date_time
from sayso.identifiers import Did
from sayso.issuer.choices import Lifetime
from sayso.jsonvalue import Json, JsonObject
from sayso.keys import jwk
from sayso.keys.ed25519 import PublicKey
from sayso.proofs.data_integrity.suites import SUITES, WRITABLE


class Statement(NamedTuple):
    """Hold what an issuer says about a holder."""

    issuer: Did
    kind: CredentialType
    holder: Did
    key: PublicKey
    lifetime: Lifetime
    claims: JsonObject


Writer: TypeAlias = Callable[[Statement], JsonObject]


class Way(NamedTuple):
    """Say how a credential is made: its format, how its document is written, and with which cryptosuite a proof is added ("" for none)."""

    format: Format
    write: Writer
    suite: str = ""

    @property
    def discloses(self) -> bool:
        """Whether its claims are disclosed one by one."""
        return self.format.id in FORMATS

    @property
    def transforms(self) -> bool:
        """Whether its proof signs the statements of the document."""
        return self.suite != "" and SUITES[self.suite].transforms


def _confirming(said: Statement) -> JsonObject:
    """Write a credential of VCDM 2.0 with the holder's key, for a JWT (RFC 7800, section 3.2; VJ-6)."""
    return {**_vcdm(said), "cnf": {"jwk": jwk.encode(said.key)}}


def _vcdm(said: Statement) -> JsonObject:
    """Write a credential of VCDM 2.0 (sections 4.3 to 4.9)."""
    contexts: list[Json] = [*said.kind.contexts]
    return {
        "@context": contexts,
        "type": ["VerifiableCredential", said.kind.name],
        "issuer": said.issuer,
        "validFrom": format_date_time(said.lifetime.start),
        "validUntil": format_date_time(said.lifetime.end),
        "credentialSubject": {"id": said.holder, **said.claims},
    }


def _sd_jwt_vc(said: Statement) -> JsonObject:
    """Write an SD-JWT VC (draft 19, section 2.2.2), whose issuer is a DID (a profile: SV-7)."""
    registered: JsonObject = {
        "iss": said.issuer,
        "vct": said.kind.type_name,
        "nbf": int(said.lifetime.start.timestamp()),
        "exp": int(said.lifetime.end.timestamp()),
        "cnf": {"jwk": jwk.encode(said.key)},
    }
    if said.kind.aka_vcts:
        registered["aka_vcts"] = [*said.kind.aka_vcts]
    if said.kind.type_integrity is not None:
        registered["vct#integrity"] = said.kind.type_integrity
    if not registered.keys().isdisjoint(said.claims):
        msg = f"a claim has the name of one that the issuer sets: {', '.join(registered)}"
        raise ValueError(msg)
    return {**registered, **said.claims}


WAYS: dict[str, Way] = {
    VCDM_SD_JWT.id: Way(VCDM_SD_JWT, _confirming),
    SD_JWT_VC.id: Way(SD_JWT_VC, _sd_jwt_vc),
    JWT_VC.typ: Way(JWT_VC, _confirming),
    **{suite: Way(LDP_VC, _vcdm, suite) for suite in WRITABLE},
}
"""The ways to make a credential: the formats that an issuer can name."""
