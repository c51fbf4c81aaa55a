"""Four implementations behind one form: each issues, presents and verifies, or says what it cannot do."""

from collections.abc import Callable, Iterable
from typing import Any, NamedTuple

from jwcrypto.common import JWException
from jwcrypto.jwk import JWK
from openvc.errors import OpenvcError
from openvc.keys import Ed25519SigningKey
from openvc.proof.sd_jwt import SdJwtVcProofSuite
from sd_jwt.common import SDObj
from sd_jwt.holder import SDJWTHolder
from sd_jwt.issuer import SDJWTIssuer
from sd_jwt.verifier import SDJWTVerifier

from sayso.clock import system_clock
from sayso.credentials.claims_path import Location
from sayso.credentials.formats import FORMATS
from sayso.dids import did_key
from sayso.entropy import system_entropy
from sayso.errors import SaysoError
from sayso.proofs.jose import jws
from sayso.proofs.sd_jwt.concealment import conceal
from sayso.proofs.sd_jwt.disclosure import HASHES
from sayso.verification.doors import verify
from tests.interop.javascript import Peer, PeerError
from tests.interop.parties import ADA, AUDIENCE, CITY, CLAIMS, ISSUER, NONCE, VCT, expected, present
from tests.unit.proofs.tokens import sd_jwt

FORMAT_IDS = ("dc+sd-jwt", "vc+sd-jwt")
KID = did_key.verification_method(CITY.signer.public_key)
REFUSALS = (SaysoError, OpenvcError, JWException, ValueError, PeerError)
"""How each of them says no."""

NAMES = ("sayso", "openvc", "sd-jwt", "js")
WRITES = {**dict.fromkeys(NAMES, FORMAT_IDS), "openvc": ("dc+sd-jwt",)}
"""The formats that each of them issues; all of them read both."""
KNOWS = {"sayso": tuple(HASHES), "openvc": ("sha-256", "sha-384", "sha-512"), "sd-jwt": ("sha-256",), "js": tuple(HASHES)}
"""The hashes that each of them knows."""


class Order(NamedTuple):
    """Say what is to be issued."""

    format_id: str
    decoys: int = 0
    hash_name: str = "sha-256"


class Side(NamedTuple):
    """Hold what one implementation does."""

    issue: Callable[[Order], str]
    present: Callable[[str, list[Location], str], str]
    verify: Callable[[str], dict[str, Any]]


def document(format_id: str, claims: dict[Any, Any]) -> dict[Any, Any]:
    """Write the payload around some claims, as every issuer signs it."""
    if format_id == "dc+sd-jwt":
        return {"iss": ISSUER.did, "vct": VCT, **claims}
    return {
        "@context": ["https://www.w3.org/ns/credentials/v2", "https://www.w3.org/ns/credentials/undefined-terms/v2"],
        "type": ["VerifiableCredential", "IdentityCard"],
        "issuer": ISSUER.did,
        "credentialSubject": claims,
    }


def everywhere(value: Any, at: Location = ()) -> Iterable[Location]:
    """Give every place below a place, of members and of elements."""
    parts: Iterable[tuple[str | int, Any]] = (
        value.items() if isinstance(value, dict) else enumerate(value) if isinstance(value, list) else ()
    )
    for step, part in parts:
        yield (*at, step)
        yield from everywhere(part, (*at, step))


def leaves(places: Iterable[Location]) -> list[Location]:
    """Give the places of CLAIMS at or below some others that have nothing below themselves; what holds them is opened with them."""
    every = [*everywhere(CLAIMS)]
    inside = [place for chosen in places for place in every if place[: len(chosen)] == chosen]
    return [place for place in inside if not any(other[:-1] == place for other in every)]


# --- sayso: every place, every hash ---


def _sayso_issues(order: Order) -> str:
    payload = {**document(order.format_id, CLAIMS), "cnf": {"jwk": ADA.public_jwk}}
    root: Location = ("credentialSubject",) if order.format_id == "vc+sd-jwt" else ()
    hide = [(*root, *place) for place in everywhere(CLAIMS)]
    made = conceal(payload, hide, system_entropy, hash_name=order.hash_name, decoys=order.decoys)
    return sd_jwt(jws.sign(jws.protect(FORMATS[order.format_id].header("EdDSA", KID)), made.payload, CITY.signer), *made.disclosures)


def _sayso_verifies(presented: str) -> dict[str, Any]:
    return verify(presented, expected(), at=system_clock()).claims


SAYSO = Side(_sayso_issues, present, _sayso_verifies)

# --- openvc: it issues `dc+sd-jwt` alone, whose top-level claims are disclosable ---


def _openvc_issues(order: Order) -> str:
    key = Ed25519SigningKey.from_jwk(CITY.private_jwk, KID)
    suite = SdJwtVcProofSuite(hash_name=order.hash_name)
    claims = {"iss": ISSUER.did, **CLAIMS}
    return suite.issue(claims, signing_key=key, disclosable=[*CLAIMS], holder_jwk=ADA.public_jwk, vct=VCT, decoys=order.decoys)


def _openvc_presents(issued: str, places: list[Location], format_id: str) -> str:
    # It presents all that it is given, and hashes with the name that its caller knows: choosing is sayso's part here.
    chosen = present(issued, places, format_id).rpartition("~")[0] + "~"
    holder = Ed25519SigningKey.from_jwk(ADA.private_jwk, "unused")
    suite = SdJwtVcProofSuite(hash_name=hash_of(issued))
    return suite.create_presentation(chosen, holder_key=holder, audience=AUDIENCE, nonce=NONCE)


def hash_of(issued: str) -> str:
    """Read which hash an issuer took."""
    decoded = jws.decode(issued.partition("~")[0].encode(), FORMAT_IDS)
    return str(decoded.payload["_sd_alg"])


def _openvc_verifies(presented: str) -> dict[str, Any]:
    suite = SdJwtVcProofSuite()
    found = suite.verify(presented, public_key_jwk=CITY.public_jwk, audience=AUDIENCE, nonce=NONCE, require_key_binding=True)
    return dict(found.claims)


OPENVC = Side(_openvc_issues, _openvc_presents, _openvc_verifies)

# --- sd-jwt: SHA-256 alone, a number of decoys of its own choice, and ES256 key bindings unless a subclass says otherwise ---


class EdDsaVerifier(SDJWTVerifier):  # type: ignore[misc] # it has no types
    """Check key bindings with EdDSA."""

    def _verify_key_binding_jwt(
        self, expected_aud: str | None = None, expected_nonce: str | None = None, sign_alg: str | None = None
    ) -> None:
        super()._verify_key_binding_jwt(expected_aud, expected_nonce, sign_alg or "EdDSA")


def disclosable(value: Any) -> Any:
    """Mark every member and every element, at every depth."""
    if isinstance(value, dict):
        return {SDObj(name): disclosable(item) for name, item in value.items()}
    if isinstance(value, list):
        return [SDObj(disclosable(item)) for item in value]
    return value


def _sd_jwt_issues(order: Order) -> str:
    header = FORMATS[order.format_id].header("EdDSA", KID)
    claims = document(order.format_id, disclosable(CLAIMS))
    keys = JWK(**CITY.private_jwk), JWK(**ADA.public_jwk)
    issuer = SDJWTIssuer(claims, *keys, sign_alg="EdDSA", add_decoy_claims=bool(order.decoys), extra_header_parameters=header)
    return str(issuer.sd_jwt_issuance)


def _sd_jwt_presents(issued: str, places: list[Location], format_id: str) -> str:
    holder = SDJWTHolder(issued)
    tree = _listed(chosen_tree(places))
    chosen = {"credentialSubject": tree} if format_id == "vc+sd-jwt" else tree
    holder.create_presentation(chosen, NONCE, AUDIENCE, JWK(**ADA.private_jwk), sign_alg="EdDSA")
    return str(holder.sd_jwt_presentation)


def chosen_tree(places: list[Location]) -> dict[str | int, Any]:
    """Write places as a tree whose leaves are True."""
    tree: dict[str | int, Any] = {}
    for *above, last in leaves(places):
        inner = tree
        for step in above:
            inner = inner.setdefault(step, {})
        inner[last] = True
    return tree


def _listed(tree: Any) -> Any:
    """Write the choice of elements as a list."""
    if not isinstance(tree, dict):
        return tree
    if tree and all(isinstance(step, int) for step in tree):
        return [_listed(tree.get(index)) for index in range(max(tree) + 1)]
    return {step: _listed(below) for step, below in tree.items()}


def _sd_jwt_verifies(presented: str) -> dict[str, Any]:
    known: Any = JWK(**CITY.public_jwk)
    found: Any = EdDsaVerifier(presented, lambda _issuer, _header: known, AUDIENCE, NONCE).get_verified_payload()
    return dict(found)


SD_JWT = Side(_sd_jwt_issues, _sd_jwt_presents, _sd_jwt_verifies)

# --- @sd-jwt/sd-jwt-vc: it compares the nonce of a key binding and not its audience, and is given node's hashes and keys ---


def frame(value: Any, decoys: int) -> dict[str, Any]:
    """Mark every member and every element, at every depth, as it wants them marked."""
    parts = [*value.items()] if isinstance(value, dict) else [*enumerate(value)]
    inner = {str(step): frame(part, decoys) for step, part in parts if isinstance(part, (dict, list))}
    return {"_sd": [step for step, _ in parts], **({"_sd_decoy": decoys} if decoys else {}), **inner}


def js_side(js: Peer) -> Side:
    """Make the side of the peer in JavaScript."""

    def issue(order: Order) -> str:
        payload = {**document(order.format_id, CLAIMS), "cnf": {"jwk": ADA.public_jwk}}
        marked = frame(CLAIMS, order.decoys)
        outer = {"credentialSubject": marked} if order.format_id == "vc+sd-jwt" else marked
        header = FORMATS[order.format_id].header("EdDSA", KID)
        return str(js.ask("issue", key=CITY.private_jwk, hash=order.hash_name, claims=payload, frame=outer, header=header))

    def presents(issued: str, places: list[Location], format_id: str) -> str:
        tree = chosen_tree(places)
        chosen = {"credentialSubject": tree} if format_id == "vc+sd-jwt" else tree
        binding = {"iat": int(system_clock().timestamp()), "aud": AUDIENCE, "nonce": NONCE}
        return str(js.ask("present", key=ADA.private_jwk, issued=issued, frame=chosen, binding=binding))

    def verifies(presented: str) -> dict[str, Any]:
        found = js.ask("verify", key=CITY.public_jwk, presented=presented, nonce=NONCE)
        if found["kb"]["payload"]["aud"] != AUDIENCE:
            msg = "made for another audience"
            raise PeerError(msg)
        return dict(found["payload"])

    return Side(issue, presents, verifies)
