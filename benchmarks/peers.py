"""Do SD-JWT with the peers: openvc-core, sd-jwt and @sd-jwt/sd-jwt-vc, over the same claims, with Ed25519 keys.

What a caller keeps is made before: keys, resolvers, the parsed credential of sd-jwt's holder, an index of disclosures for openvc, which
leaves choosing to its caller. A peer with one call for an operation is measured with it at both levels. What each makes is checked once
for every batch: it must be what ours makes.
"""

import json
import time
from collections.abc import Iterator, Mapping, Sequence
from contextlib import contextmanager
from datetime import UTC, datetime
from functools import partial
from importlib.metadata import version
from typing import Any, NamedTuple

from jwcrypto.jwk import JWK
from openvc.keys import Ed25519SigningKey
from openvc.proof.sd_jwt import SdJwtVcProofSuite
from openvc.verify import VerificationPolicy, default_resolver, verify_credential
from sd_jwt.common import SDObj
from sd_jwt.holder import SDJWTHolder
from sd_jwt.issuer import SDJWTIssuer

from benchmarks.measuring import SLICE, Side, Task, timed
from benchmarks.world import ASKED, YEAR
from sayso import ANYONE, Expectations, verify
from sayso.dids import did_key
from sayso.encodings import base64url
from sayso.jsonvalue import JsonObject
from tests.interop import javascript
from tests.interop.javascript import Peer
from tests.interop.parties import VCT, Party
from tests.interop.sides import EdDsaVerifier

Sides = dict[str, Side]
_WARMING = 10
_LIFETIME = int(YEAR.total_seconds())


class Presentation(NamedTuple):
    """Hold what a verifier receives, and what it must be bound to."""

    text: str
    audience: str
    nonce: str


class Peers:
    """Make the sides of the peers that are there; JavaScript is where node and its packages are."""

    def __init__(self, js: Peer | None = None) -> None:
        self._js = js
        self._warm: set[str] = set()

    def issue(self, issuer: Party, rows: Sequence[Mapping[str, object]], holders: Sequence[JsonObject], *, door: bool) -> Sides:
        """Issue SD-JWT VCs, which is what all of them make, with every claim disclosable.

        For a door sd-jwt also reads the holder's key and marks the claims; openvc and @sd-jwt take both as they come.
        """
        did, kid = did_key.did_of(issuer.signer.public_key), did_key.verification_method(issuer.signer.public_key)
        suite, key = SdJwtVcProofSuite(), Ed25519SigningKey.from_jwk(issuer.private_jwk, kid)
        signing = JWK(**issuer.private_jwk)
        header = {"typ": "dc+sd-jwt", "kid": kid}

        def openvc(row: Mapping[str, object], holder: JsonObject) -> str:
            claims = {"iss": did, **row}
            return suite.issue(claims, signing_key=key, disclosable=[*row], holder_jwk=holder, vct=VCT, expires_in_s=_LIFETIME)

        def prepared(row: Mapping[str, object], holder: JsonObject) -> tuple[dict[Any, Any], JWK]:
            now = int(time.time())
            said: dict[Any, Any] = {"iss": did, "vct": VCT, "iat": now, "exp": now + _LIFETIME}
            return said | {SDObj(name): value for name, value in row.items()}, JWK(**holder)

        def sd_jwt(claims: dict[Any, Any], holder: JWK) -> str:
            return str(SDJWTIssuer(claims, signing, holder, sign_alg="EdDSA", extra_header_parameters=header).sd_jwt_issuance)

        def whole(row: Mapping[str, object], holder: JsonObject) -> str:
            return sd_jwt(*prepared(row, holder))

        pairs = [*zip(rows, holders, strict=True)]
        theirs: list[Task] = [partial(whole, *pair) if door else partial(sd_jwt, *prepared(*pair)) for pair in pairs]
        shared = {"key": issuer.private_jwk, "hash": "sha-256", "header": {"kid": kid}}
        now = int(time.time())
        said = {"iss": did, "vct": VCT, "iat": now, "exp": now + _LIFETIME}
        items = [{"claims": {**said, "cnf": {"jwk": holder}, **row}, "frame": {"_sd": [*row]}} for row, holder in pairs]
        for text in (openvc(*pairs[0]), whole(*pairs[0]), *self.once("issue", shared, items)):
            found = verify(text, Expectations(issuers=[did], holder_binding=False), at=datetime.now(UTC))
            assert found.claims.keys() >= rows[0].keys()
        return {"openvc": timed([partial(openvc, *pair) for pair in pairs]), "sd_jwt": timed(theirs), **self.side("issue", shared, items)}

    def present(self, issued: str, holder: Party, audience: str, nonces: Sequence[str]) -> Sides:
        """Present three claims of a stored credential; @sd-jwt reads it each time, for it keeps no parsed form."""
        suite, key, binding = SdJwtVcProofSuite(), Ed25519SigningKey.from_jwk(holder.private_jwk, "unused"), JWK(**holder.private_jwk)
        token, *disclosures, _ = issued.split("~")
        by_name = {json.loads(base64url.decode(text))[1]: text for text in disclosures}
        parsed = SDJWTHolder(issued)
        chosen = {"credentialSubject": dict.fromkeys(ASKED, True)}

        def openvc(nonce: str) -> str:
            kept = "~".join((token, *(by_name[name] for name in ASKED), ""))
            return suite.create_presentation(kept, holder_key=key, audience=audience, nonce=nonce)

        def sd_jwt(nonce: str) -> str:
            parsed.create_presentation(chosen, nonce, audience, binding, sign_alg="EdDSA")
            return str(parsed.sd_jwt_presentation)

        shared = {"key": holder.private_jwk, "issued": issued, "frame": chosen}
        items = [{"binding": {"iat": int(time.time()), "aud": audience, "nonce": nonce}} for nonce in nonces]
        for text in (openvc(nonces[0]), sd_jwt(nonces[0]), *self.once("present", shared, items)):
            shown = verify(text, Expectations(issuers=ANYONE, audience=audience, nonce=nonces[0]), at=datetime.now(UTC))
            subject = shown.claims["credentialSubject"]
            assert isinstance(subject, dict)
            assert {*subject} == {"id", *ASKED}
        return {
            "openvc": timed([partial(openvc, nonce) for nonce in nonces]),
            "sd_jwt": timed([partial(sd_jwt, nonce) for nonce in nonces]),
            **self.side("present", shared, items),
        }

    def verify(self, issuer: Party, presentations: Sequence[Presentation], *, door: bool) -> Sides:
        """Verify what a holder presented; at the door openvc finds the key by itself.

        sd-jwt checks a key binding with ES256 by its constructor; a subclass of one method names EdDSA, and changes nothing else.
        """
        suite, jwk, resolver = SdJwtVcProofSuite(), issuer.public_jwk, default_resolver()
        known: Any = JWK(**jwk)

        def openvc(text: str, audience: str, nonce: str) -> object:
            return suite.verify(text, public_key_jwk=jwk, audience=audience, nonce=nonce, require_key_binding=True)

        def openvc_door(text: str, audience: str, nonce: str) -> object:
            policy = VerificationPolicy(audience=audience, nonce=nonce, require_key_binding=True)
            return verify_credential(text, policy=policy, resolver=resolver)

        def sd_jwt(text: str, audience: str, nonce: str) -> object:
            return EdDsaVerifier(text, lambda _issuer, _header: known, audience, nonce).get_verified_payload()

        items = [{"presented": one.text, "nonce": one.nonce} for one in presentations]
        return {
            "openvc": timed([partial(openvc_door if door else openvc, *one) for one in presentations]),
            "sd_jwt": timed([partial(sd_jwt, *one) for one in presentations]),
            **self.side("verify", {"key": jwk}, items),
        }

    def match(self, query: Mapping[str, object], wallets: Sequence[Sequence[Mapping[str, object]]]) -> Sides:
        """Read a query and match it against the credentials of a wallet, with npm's dcql; the others have no matcher."""
        return self.side("match", {"query": query}, [{"credentials": [*wallet]} for wallet in wallets])

    def once(self, task: str, shared: Mapping[str, object], items: Sequence[Mapping[str, object]]) -> list[Any]:
        """Let the peer in JavaScript do the first of many tasks, where it is there, and give what came out."""
        return [] if self._js is None else [self._js.ask(task, **shared, **items[0])]

    def side(self, task: str, shared: Mapping[str, object], items: Sequence[Mapping[str, object]]) -> Sides:
        """Make the side of the peer in JavaScript, where it is there; `shared` is set up before the time is taken."""
        js = self._js
        if js is None:
            return {}

        def measured(start: int, stop: int, times: int = 1) -> int:
            return int(js.ask("measure", task=task, shared=shared, items=[*items[start:stop]], times=times))

        if task not in self._warm:
            self._warm.add(task)  # a compiler that watches needs to have seen something
            measured(0, SLICE, _WARMING)
        return {"js": measured}


@contextmanager
def found() -> Iterator[Peers]:
    """Give the peers that are there, while they run."""
    if javascript.absent():
        yield Peers()
        return
    with javascript.peer() as js:
        yield Peers(js)


def described() -> str:
    """Say which peers these are, and why one is missing."""
    theirs = javascript.VERSIONS
    names = ("@sd-jwt/sd-jwt-vc", "@digitalbazaar/vc", "@digitalbazaar/data-integrity")
    packages = ", ".join(f"{name} {theirs[name]}" for name in names)
    js = javascript.absent() or f"{packages} and dcql {theirs['dcql']} on node {javascript.node_version()}"
    python = {"openvc": "openvc-core", "sd_jwt": "sd-jwt", "pyld": "PyLD", "oxigraph": "pyoxigraph"}
    return " · ".join([*(f"x_{name} {package} {version(package)}" for name, package in python.items()), f"x_js {js}"])
