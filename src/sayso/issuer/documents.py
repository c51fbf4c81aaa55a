"""Write what is to be signed, for each format."""

from collections.abc import Callable
from typing import NamedTuple, TypeAlias

from sayso.credentials.formats import SD_JWT_VC, VCDM_SD_JWT
from sayso.credentials.kinds import CredentialType
from sayso.credentials.validity import format_date_time
from sayso.identifiers import Did
from sayso.issuer.choices import Lifetime
from sayso.jsonvalue import Json, JsonObject
from sayso.keys import jwk
from sayso.keys.ed25519 import PublicKey


class Statement(NamedTuple):
    """Hold what an issuer says about a holder."""

    issuer: Did
    kind: CredentialType
    holder: Did
    key: PublicKey
    lifetime: Lifetime
    claims: JsonObject


Writer: TypeAlias = Callable[[Statement], JsonObject]


def _vcdm(said: Statement) -> JsonObject:
    """Write a credential of VCDM 2.0 (sections 4.3 to 4.9), with the holder's key (RFC 7800, section 3.2; VJ-6)."""
    contexts: list[Json] = [*said.kind.contexts]
    return {
        "@context": contexts,
        "type": ["VerifiableCredential", said.kind.name],
        "issuer": said.issuer,
        "validFrom": format_date_time(said.lifetime.start),
        "validUntil": format_date_time(said.lifetime.end),
        "credentialSubject": {"id": said.holder, **said.claims},
        "cnf": {"jwk": jwk.encode(said.key)},
    }


def _sd_jwt_vc(said: Statement) -> JsonObject:
    """Write an SD-JWT VC (draft 19, section 2.2.2), whose issuer is a DID (a profile: SV-7)."""
    registered: JsonObject = {
        "iss": said.issuer,
        "vct": said.kind.vct or said.kind.name,
        "nbf": int(said.lifetime.start.timestamp()),
        "exp": int(said.lifetime.end.timestamp()),
        "cnf": {"jwk": jwk.encode(said.key)},
    }
    if said.kind.aka_vcts:
        registered["aka_vcts"] = [*said.kind.aka_vcts]
    if not registered.keys().isdisjoint(said.claims):
        msg = f"a claim has the name of one that the issuer sets: {', '.join(registered)}"
        raise ValueError(msg)
    return {**registered, **said.claims}


WRITERS: dict[str, Writer] = {VCDM_SD_JWT.id: _vcdm, SD_JWT_VC.id: _sd_jwt_vc}
"""How each format is written, by its id."""
