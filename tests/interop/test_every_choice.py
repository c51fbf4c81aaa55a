"""Whatever the customer chooses, the answer is one that the standard query lists: ordinary verifiers accept every choice.

Two claims are needed and three are not, so there are eight choices. `dcql` says whether a presentation is what the query asked for, and
looks at no signature; `openvc-core` looks at the signatures, the key binding and, for SD-JWT VC, the type, and knows no query.
"""

import json
from datetime import timedelta
from itertools import chain, combinations
from typing import Any, NamedTuple

import pytest
from openvc.proof.errors import ProofError
from openvc.proof.sd_jwt import SdJwtVcProofSuite

from sayso import Request, SaysoError, Verifier, Wallet
from sayso.encodings import base64url
from sayso.errors import MISSING_CLAIM
from sayso.proofs.jose import jws
from tests.interop.javascript import Peer
from tests.interop.parties import CITY, ISSUER

NEEDED = ("given_name", "postal_code")
MORE = ("mobile", "mail", "birthdate")
CLAIMS: dict[str, object] = {name: f"{name}-7f3aq" for name in (*NEEDED, *MORE, "shoe_size")}
CHOICES = [*chain.from_iterable(combinations(MORE, size) for size in range(len(MORE) + 1))]
FORMATS = ("vc+sd-jwt", "dc+sd-jwt")
TYPE = "IdentityCard"
DAY = timedelta(days=1)


class Journey(NamedTuple):
    """Hold one request, and what it takes to answer it."""

    ada: Wallet
    shop: Verifier
    issued: str
    request: Request

    @property
    def asked(self) -> Any:
        return jws.decode(self.request.data, ("oauth-authz-req+jwt",)).payload


def journey(format_id: str) -> Journey:
    ada, shop = Wallet.generate(), Verifier.generate(name="Shop")
    issued = ISSUER.issue(CLAIMS, type=TYPE, holder=ada.new_key(), valid_for=DAY, format=format_id)
    ada.store(issued)
    return Journey(ada, shop, issued.text, ask(shop, *NEEDED, optional=MORE, formats=[format_id]))


def ask(shop: Verifier, *claims: str, **more: Any) -> Request:
    return shop.request(*claims, issuers=[ISSUER.did], type=TYPE, purpose="Deliver", benefit="At your door", keep_for=DAY, **more)


def presented(there: Journey, *chosen: str) -> str:
    token: Any = json.loads(there.ada.present(there.ada.plan(there.request).also(*chosen)).data)["vp_token"]
    ((text,),) = token.values()
    return str(text)


def verified(there: Journey, text: str, **changed: Any) -> Any:
    expected = {"public_key_jwk": CITY.public_jwk, "audience": there.asked["client_id"], "nonce": there.asked["nonce"]}
    return SdJwtVcProofSuite().verify(text, require_key_binding=True, **{**expected, **changed})


def as_presentation(claims: dict[str, Any], format_id: str) -> dict[str, Any]:
    """Write what openvc found as `dcql` takes it."""
    said: dict[str, Any] = {"credential_format": format_id, "claims": claims, "cryptographic_holder_binding": True}
    types = {"vct": claims["vct"]} if format_id == "dc+sd-jwt" else {"type": [expanded(name) for name in claims["type"]]}
    return {**said, **types}


def expanded(name: str) -> str:
    base = "https://www.w3.org/2018/credentials#" if name == "VerifiableCredential" else "https://www.w3.org/ns/credentials/undefined-term#"
    return base + name


def satisfied(js: Peer, there: Journey, claims: dict[str, Any], format_id: str) -> bool:
    query = there.asked["dcql_query"]
    answer = {query["credentials"][0]["id"]: [as_presentation(claims, format_id)]}
    return bool(js.ask("satisfied", query=query, presentations=answer))


def person(claims: dict[str, Any], format_id: str) -> dict[str, Any]:
    inner = claims["credentialSubject"] if format_id == "vc+sd-jwt" else claims
    return {name: value for name, value in inner.items() if name in CLAIMS}


@pytest.mark.parametrize("format_id", FORMATS)
@pytest.mark.parametrize("chosen", CHOICES, ids=lambda chosen: "+".join(chosen) or "none")
def test_ordinary_verifiers_accept_it(js: Peer, chosen: tuple[str, ...], format_id: str) -> None:
    there = journey(format_id)
    wanted = {name: CLAIMS[name] for name in (*NEEDED, *chosen)}
    text = presented(there, *chosen)
    found = verified(there, text, expected_vct=TYPE if format_id == "dc+sd-jwt" else None)
    assert found.key_bound
    assert person(found.claims, format_id) == wanted
    assert satisfied(js, there, found.claims, format_id)
    if format_id == "dc+sd-jwt":
        assert (found.typ, found.claims["vct"]) == ("dc+sd-jwt", TYPE)
    (query_id,) = (query["id"] for query in there.asked["dcql_query"]["credentials"])
    assert there.shop.accept(json.dumps({"vp_token": {query_id: [text]}}), there.request).read() == wanted


@pytest.mark.parametrize("format_id", FORMATS)
@pytest.mark.parametrize("chosen", CHOICES, ids=lambda chosen: "+".join(chosen) or "none")
def test_nothing_else_is_in_the_bytes(chosen: tuple[str, ...], format_id: str) -> None:
    there = journey(format_id)
    text = presented(there, *chosen)
    issuer_jwt, *rest = text.split("~")
    parts = [*issuer_jwt.split("."), *rest[:-1], *rest[-1].split(".")]
    readable = "\n".join([text, *(base64url.decode(part).decode(errors="replace") for part in parts)])
    opened = [(json.loads(base64url.decode(encoded)), encoded) for encoded in there.issued.split("~")[1:-1]]
    disclosures = {name: (salt, encoded) for (salt, name, _), encoded in opened}
    assert disclosures.keys() >= CLAIMS.keys()
    for name, (salt, encoded) in disclosures.items():
        there_it_is = name in {*NEEDED, *chosen}
        assert (salt in readable) is there_it_is
        assert (encoded in text) is there_it_is
        assert (str(CLAIMS[name]) in readable) is there_it_is


class TestTheOraclesRefuse:
    """Or their agreement would mean nothing."""

    @pytest.mark.parametrize("format_id", FORMATS)
    def test_dcql_an_answer_without_what_is_needed(self, js: Peer, format_id: str) -> None:
        there = journey(format_id)
        claims = dict(verified(there, presented(there)).claims)
        inner = claims["credentialSubject"] if format_id == "vc+sd-jwt" else claims
        del inner["postal_code"]
        assert not satisfied(js, there, claims, format_id)

    @pytest.mark.parametrize("format_id", FORMATS)
    def test_dcql_an_answer_of_another_issuer_or_type(self, js: Peer, format_id: str) -> None:
        there = journey(format_id)
        claims = dict(verified(there, presented(there)).claims)
        issuer = "issuer" if format_id == "vc+sd-jwt" else "iss"
        assert not satisfied(js, there, {**claims, issuer: "did:web:other.example"}, format_id)
        other = {"type": ["VerifiableCredential"]} if format_id == "vc+sd-jwt" else {"vct": "Other"}
        assert not satisfied(js, there, {**claims, **other}, format_id)

    def test_openvc_a_signature_a_binding_and_a_type(self) -> None:
        there = journey("dc+sd-jwt")
        text = presented(there)
        issuer_jwt, *rest = text.split("~")
        middle = len(issuer_jwt) // 2
        changed = issuer_jwt[:middle] + ("A" if issuer_jwt[middle] != "A" else "B") + issuer_jwt[middle + 1 :]
        with pytest.raises(ProofError):
            verified(there, "~".join([changed, *rest]))
        for other in ({"nonce": "other"}, {"audience": "other"}, {"expected_vct": "Other"}):
            with pytest.raises(ProofError):
                verified(there, text, **other)
        with pytest.raises(ProofError):
            verified(there, "~".join([issuer_jwt, *rest[:-1], ""]))

    def test_sayso_an_answer_without_what_is_needed(self) -> None:
        there = journey("dc+sd-jwt")
        (query_id,) = (query["id"] for query in there.asked["dcql_query"]["credentials"])
        text = presented(there._replace(request=ask(there.shop, "given_name", formats=["dc+sd-jwt"])))
        with pytest.raises(SaysoError) as refused:
            there.shop.accept(json.dumps({"vp_token": {query_id: [text]}}), there.request)
        assert MISSING_CLAIM in {problem.kind for problem in refused.value.problems}
