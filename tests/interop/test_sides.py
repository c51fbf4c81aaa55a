"""Issued by one, presented by another, verified by a third: sayso, openvc-core, sd-jwt and @sd-jwt/sd-jwt-vc, with Ed25519.

What a peer cannot do is said in `sides.py`, beside the peer. The claims are nested, recursive and in arrays; every presentation has a
key binding.
"""

from itertools import product
from typing import Any

import pytest
from jwcrypto.jwk import JWK
from jwcrypto.jws import InvalidJWSSignature
from sd_jwt.verifier import SDJWTVerifier

from sayso.clock import system_clock
from sayso.encodings import base64url
from sayso.verification.doors import examine
from tests.interop.javascript import Peer
from tests.interop.parties import ADA, AUDIENCE, CITY, CLAIMS, NONCE, SHOWINGS, Showing, claims_of, expected
from tests.interop.sides import KNOWS, NAMES, OPENVC, REFUSALS, SAYSO, SD_JWT, WRITES, Order, Side, hash_of, js_side

PAIRS = [*product(NAMES, repeat=2)]
ORDERS = [(issuer, Order(format_id, decoys)) for issuer in NAMES for format_id in WRITES[issuer] for decoys in (0, 3)]
HASHED = [(issuer, holder, name) for issuer, holder in PAIRS for name in KNOWS[issuer] if name in KNOWS[holder]]


@pytest.fixture(scope="module")
def sides(js: Peer) -> dict[str, Side]:
    return {"sayso": SAYSO, "openvc": OPENVC, "sd-jwt": SD_JWT, "js": js_side(js)}


def _arrives(showing: Showing, issuer: str) -> dict[str, Any]:
    """What openvc makes disclosable are the top-level claims, each of which comes whole."""
    return {name: CLAIMS[name] for name in showing.arrives} if issuer == "openvc" else showing.arrives


@pytest.mark.parametrize("holder", NAMES)
@pytest.mark.parametrize(("issuer", "order"), ORDERS)
def test_what_one_issues_and_another_presents_is_verified_by_all(sides: dict[str, Side], issuer: str, order: Order, holder: str) -> None:
    """Exactly what was chosen arrives, wherever it goes."""
    issued = sides[issuer].issue(order)
    for showing in SHOWINGS:
        presented = sides[holder].present(issued, showing.places, order.format_id)
        found = {name: claims_of(side.verify(presented), order.format_id) for name, side in sides.items()}
        assert found == dict.fromkeys(NAMES, _arrives(showing, issuer)), showing.name


@pytest.mark.parametrize(("issuer", "holder", "hash_name"), HASHED)
def test_every_hash_is_read_by_all_who_know_it(sides: dict[str, Side], issuer: str, holder: str, hash_name: str) -> None:
    """And refused by the others."""
    issued = sides[issuer].issue(Order("dc+sd-jwt", 2, hash_name))
    assert hash_of(issued) == hash_name
    showing = SHOWINGS[1]
    presented = sides[holder].present(issued, showing.places, "dc+sd-jwt")
    for name, side in sides.items():
        if hash_name in KNOWS[name]:
            assert claims_of(side.verify(presented), "dc+sd-jwt") == showing.arrives
        else:
            with pytest.raises(REFUSALS):
                side.verify(presented)


def _flipped(token: str) -> str:
    """Change one bit of a signature."""
    head, _, signature = token.rpartition(".")
    data = bytearray(base64url.decode(signature))
    data[0] ^= 1
    return head + "." + base64url.encode(bytes(data))


def _tampered(presented: str) -> dict[str, str]:
    issuer_jwt, first, *disclosures, binding = presented.split("~")
    changed = base64url.encode(base64url.decode(first).replace(b"true", b"false"))
    assert changed != first
    return {
        "the issuer's signature": "~".join((_flipped(issuer_jwt), first, *disclosures, binding)),
        "the key binding's signature": "~".join((issuer_jwt, first, *disclosures, _flipped(binding))),
        "a claim": "~".join((issuer_jwt, changed, *disclosures, binding)),
        "a claim taken out": "~".join((issuer_jwt, *disclosures, binding)),
    }


@pytest.mark.parametrize(("issuer", "holder"), PAIRS)
def test_what_was_tampered_with_is_refused_by_all(sides: dict[str, Side], issuer: str, holder: str) -> None:
    presented = sides[holder].present(sides[issuer].issue(Order("dc+sd-jwt")), [("adult",)], "dc+sd-jwt")
    for what, text in _tampered(presented).items():
        for name, side in sides.items():
            with pytest.raises(REFUSALS):
                raise AssertionError(what, name, side.verify(text))


def test_a_key_binding_is_the_holders(sides: dict[str, Side]) -> None:
    """An issuer that presents for its holder is refused."""
    text = sides["sayso"].present(sides["js"].issue(Order("dc+sd-jwt")), [("adult",)], "dc+sd-jwt")
    *parts, _ = text.split("~")
    stranger = sides["js"].issue(Order("dc+sd-jwt")).partition("~")[0]
    for side in sides.values():
        with pytest.raises(REFUSALS):
            side.verify("~".join((*parts, stranger)))


# --- what peers leave out, so that the sides above do it for them: where one of these fails, a new release may need it no longer ---


def test_sd_jwt_checks_key_bindings_with_es256_alone(sides: dict[str, Side]) -> None:
    text = sides["sayso"].present(sides["sd-jwt"].issue(Order("dc+sd-jwt")), [], "dc+sd-jwt")
    known: Any = JWK(**CITY.public_jwk)
    with pytest.raises(InvalidJWSSignature):
        SDJWTVerifier(text, lambda _issuer, _header: known, AUDIENCE, NONCE)


def test_js_does_not_look_at_the_audience(js: Peer, sides: dict[str, Side]) -> None:
    issued = sides["js"].issue(Order("dc+sd-jwt"))
    binding = {"iat": int(system_clock().timestamp()), "aud": "another", "nonce": NONCE}
    text = str(js.ask("present", key=ADA.private_jwk, issued=issued, frame={}, binding=binding))
    assert js.ask("verify", key=CITY.public_jwk, presented=text, nonce=NONCE)["kb"]["payload"]["aud"] == "another"
    for side in sides.values():
        with pytest.raises(REFUSALS):
            side.verify(text)


def test_js_ignores_a_disclosure_that_nothing_refers_to(js: Peer, sides: dict[str, Side]) -> None:
    """RFC 9901, section 7.1, step 5: it is refused. A key binding covers it, so that only what has none is concerned."""
    issued = sides["sayso"].issue(Order("dc+sd-jwt"))
    text = issued + sides["js"].issue(Order("dc+sd-jwt")).split("~")[1] + "~"
    assert claims_of(js.ask("verify", key=CITY.public_jwk, presented=text)["payload"], "dc+sd-jwt") == CLAIMS
    for verified in (issued, text):
        report = examine(verified, expected(holder_binding=False), at=system_clock())
        assert bool(report.problems) is (verified == text)
