"""An issuer and a holder whose keys the peers know too, and credentials with every kind of disclosure."""

from collections.abc import Iterable
from datetime import timedelta
from typing import Any, NamedTuple

from sayso.clock import system_clock
from sayso.credentials.claims_path import Location
from sayso.encodings import base64url
from sayso.entropy import system_entropy
from sayso.issuer.issuer import Issuer
from sayso.jsonvalue import JsonObject
from sayso.keys import jwk
from sayso.keys.signer import SeedSigner
from sayso.proofs.mechanism import FoundKey
from sayso.proofs.sd_jwt.holding import hold
from sayso.proofs.sd_jwt.mechanism import SdJwtMechanism
from sayso.verification.expectations import Expectations
from tests.unit.proofs.tokens import POLICY

AUDIENCE = "https://verifier.example"
NONCE = "fresh-and-random"
VCT = "urn:example:person"

CLAIMS: JsonObject = {
    "given_name": "Möbius",
    "age": 36,
    "adult": True,
    "nothing": None,
    "address": {"city": "Köln", "country": "DE", "lines": ["Domplatz 1", "Hinterhaus"]},
    "nationalities": ["DE", "FR"],
    "degrees": [{"type": "BSc", "year": 2010}, {"type": "MSc", "year": 2012}],
}


class Party(NamedTuple):
    """Hold one key in the forms that each side takes."""

    seed: bytes
    signer: SeedSigner

    @property
    def public_jwk(self) -> JsonObject:
        return jwk.encode(self.signer.public_key)

    @property
    def private_jwk(self) -> dict[str, Any]:
        return {**self.public_jwk, "d": base64url.encode(self.seed)}


def party() -> Party:
    """Make a key."""
    seed = system_entropy(32)
    return Party(seed, SeedSigner(seed))


CITY, ADA = party(), party()
ISSUER = Issuer(CITY.signer)


def issue(format_id: str, *, decoys: int = 0, algorithm: str = "EdDSA") -> str:
    """Issue everything disclosable, at every depth. The peers look at the clock of this machine, and so must we."""
    kind = VCT if format_id == "dc+sd-jwt" else "IdentityCard"
    issuer = Issuer(CITY.signer, algorithm=algorithm)
    card = issuer.issue(CLAIMS, type=kind, holder=ADA.signer.public_key, format=format_id, valid_for=timedelta(hours=1), decoys=decoys)
    return card.text


def present(issued: str, selected: Iterable[Location], format_id: str = "dc+sd-jwt") -> str:
    """Present some claims."""
    decoded = SdJwtMechanism().decode(issued.encode(), POLICY)
    assert decoded is not None
    root: Location = ("credentialSubject",) if format_id == "vc+sd-jwt" else ()
    holding = hold(issued.encode(), decoded.prove((FoundKey(CITY.signer.public_key, ISSUER.did),)))
    said: JsonObject = {"iat": int(system_clock().timestamp()), "aud": AUDIENCE, "nonce": NONCE}
    return holding.present([(*root, *place) for place in selected], said, ADA.signer)


def expected(nonce: str = NONCE, **others: Any) -> Expectations:
    """Expect a credential of the city, presented here and now."""
    return Expectations(issuers=[ISSUER.did], audience=AUDIENCE, nonce=nonce, **others)


class Showing(NamedTuple):
    """Name some claims, and what arrives of all the claims when they are shown."""

    name: str
    places: list[Location]
    arrives: JsonObject


SHOWINGS = [
    Showing("nothing", [], {}),
    Showing("flat", [("given_name",), ("adult",), ("nothing",)], {"given_name": "Möbius", "adult": True, "nothing": None}),
    Showing("nested", [("address", "city")], {"address": {"city": "Köln"}}),
    Showing("array", [("nationalities", 1)], {"nationalities": ["FR"]}),
    Showing("objects in an array", [("degrees", 1, "type")], {"degrees": [{"type": "MSc"}]}),
    Showing(
        "array in an object", [("address", "lines", 0), ("address", "country")], {"address": {"country": "DE", "lines": ["Domplatz 1"]}}
    ),
    Showing("everything", [(name,) for name in CLAIMS], CLAIMS),
]


def claims_of(document: dict[str, Any], format_id: str) -> dict[str, Any]:
    """Give what is said about the person."""
    subject = document["credentialSubject"] if format_id == "vc+sd-jwt" else document
    return {name: value for name, value in subject.items() if name in CLAIMS}
