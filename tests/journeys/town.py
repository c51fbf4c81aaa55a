"""A town for journeys and attacks: a city that issues cards, Ada who holds one, a bar that asks; and what no door makes, made by hand."""

import hashlib
import json
from collections.abc import Callable, Mapping
from dataclasses import replace
from datetime import timedelta
from typing import Any, NamedTuple

from sayso import Answer, Credential, Issuer, Plan, Request, SaysoError, Share, Verifier, Wallet
from sayso.encodings import base64url
from sayso.errors import ProblemType
from sayso.identifiers import Did
from sayso.jsonvalue import JsonObject, serialize
from sayso.keys.signer import SeedSigner, Signer
from sayso.openid import response
from sayso.proofs.jose import jws
from sayso.proofs.sd_jwt import key_binding
from sayso.testing.world import World

CLAIMS: Mapping[str, object] = {
    "given_name": "Ada",
    "birthdate": "1990-12-10",
    "age_over_18": True,
    "address": {"city": "Oslo", "zip": "0150", "geo": {"lat": 59.9, "lon": 10.7}},
    "langs": ["no", "en", "fr"],
}
CARD = "IdentityCard"
YEAR = timedelta(days=365)
HOUR = timedelta(hours=1)
SECOND = timedelta(seconds=1)
SHARE_UNTIL = "https://w3id.org/sayso/share_until"


class Town(NamedTuple):
    """Hold the parties, and the signers that they would not show anybody."""

    world: World
    city: Issuer
    city_key: SeedSigner
    ada: Wallet
    ada_key: SeedSigner
    holder: Did
    bar: Verifier
    bar_key: SeedSigner

    def issue(self, claims: Mapping[str, object] = CLAIMS, **choices: Any) -> Credential:
        """Issue a card about Ada that holds for a year, unless the choices say otherwise."""
        validity = {} if "valid_for" in choices or "valid_until" in choices else {"valid_for": YEAR}
        return self.city.issue(claims, **{"type": CARD, "holder": self.holder, **validity, **choices})

    def ask(self, *claims: Any, **choices: Any) -> Request:
        """Ask for claims of the city, for the bar's purpose, unless the choices say otherwise."""
        return ask(self.bar, *claims, **{"issuers": [self.city.did], **choices})

    def plan(self, *claims: Any, **choices: Any) -> Plan:
        """Let Ada look at what the bar asks."""
        return self.ada.plan(self.ask(*claims, **choices))

    def answer(self, request: Request) -> Answer:
        """Let Ada answer with the least."""
        return self.ada.present(self.ada.plan(request))

    def share(self, *claims: Any, **choices: Any) -> Share:
        """Go the whole way."""
        request = self.ask(*claims, **choices)
        return self.bar.accept(self.answer(request), request)


def ask(verifier: Verifier, *claims: Any, **choices: Any) -> Request:
    """Ask for claims with the bar's words, unless the choices say otherwise."""
    words: dict[str, Any] = {"purpose": "Serve alcohol", "benefit": "You get your drink", "keep_for": HOUR}
    return verifier.request(*claims, **{**words, **choices})


def town(claims: Mapping[str, object] | None = CLAIMS, **choices: Any) -> Town:
    """Build the town; with claims, a card that says them is in Ada's wallet."""
    world = World()
    city_key, ada_key, bar_key = world.signer(), world.signer(), world.signer()
    ada = world.wallet()
    holder = ada.add_key(ada_key)
    built = Town(world, world.issuer(city_key), city_key, ada, ada_key, holder, world.verifier(bar_key, name="The Bar"), bar_key)
    if claims is not None:
        ada.store(built.issue(claims, **choices))
    return built


def kinds(error: SaysoError) -> list[ProblemType]:
    """List what an error says went wrong."""
    return [problem.kind for problem in error.problems]


# --- by hand ---------------------------------------------------------------------------------------------------------------------------


def header_of(token: str) -> dict[str, Any]:
    """Read the header of a JWT."""
    header: dict[str, Any] = json.loads(base64url.decode(token.split(".", maxsplit=1)[0]))
    return header


def payload_of(token: str) -> dict[str, Any]:
    """Read the payload of a JWT."""
    payload: dict[str, Any] = json.loads(base64url.decode(token.split(".")[1]))
    return payload


def sign(header: Mapping[str, Any], payload: Mapping[str, Any], signer: Signer) -> str:
    """Sign a JWT, whatever it says."""
    return jws.sign(jws.protect(dict(header)), dict(payload), signer)


def rewritten(request: Request, signer: Signer, change: Callable[[dict[str, Any]], None]) -> Request:
    """Change what a request object says and sign it anew."""
    payload = payload_of(request.text)
    change(payload)
    return Request(sign(header_of(request.text), payload, signer).encode())


class Presentation(NamedTuple):
    """Hold the parts of the one presentation of an answer."""

    query: str
    card: str
    disclosures: tuple[str, ...]
    binding: str

    @property
    def said(self) -> dict[str, Any]:
        """What the holder signed."""
        return payload_of(self.binding)

    def answer(self) -> Answer:
        """Put the parts together again."""
        return answer_of({self.query: "~".join((self.card, *self.disclosures, self.binding))})

    def bound(self, signer: Signer, **claims: Any) -> Answer:
        """Bind the parts anew, with some claims changed, or left out where they become None."""
        presented = "~".join((self.card, *self.disclosures, ""))
        before = self.said if self.binding else {}
        said: JsonObject = {name: value for name, value in {**before, **claims}.items() if value is not None and name != "sd_hash"}
        return self._replace(binding=key_binding.sign(said, hashlib.sha256(presented.encode()), signer)).answer()


def taken_apart(answer: Answer) -> Presentation:
    """Take an answer with one presentation apart."""
    token: Any = response.parse(answer.data)
    ((query, (text,)),) = token.items()
    card, *disclosures, binding = text.split("~")
    return Presentation(query, card, tuple(disclosures), binding)


def answer_of(presentations: Mapping[str, str]) -> Answer:
    """Answer with one presentation for each query."""
    return Answer(sealed_json({"vp_token": {query: [text] for query, text in presentations.items()}}))


def opened(disclosure: str) -> list[Any]:
    """Read a disclosure."""
    parts: list[Any] = json.loads(base64url.decode(disclosure))
    return parts


def disclosure_named(card: Credential, name: str) -> str:
    """Find the disclosure of a member by its name."""
    return next(text for text in card.text.split("~")[1:-1] if opened(text)[1:-1] == [name])


def forced(plan: Plan, other: Plan) -> Plan:
    """Answer the request of one plan with the picks of another: what a wallet that lies can do."""
    return replace(plan, picks=other.picks, answerable=True)


def sealed_json(value: Any) -> bytes:
    """Write JSON as it travels."""
    return serialize(value).encode()
