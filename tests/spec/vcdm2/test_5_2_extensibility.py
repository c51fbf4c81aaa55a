"""VCDM 2.0, section 5.2: terms that no context defines."""

import pytest

from sayso.credentials.contexts.bundled import CREDENTIALS_V2, UNDEFINED_TERMS_V2
from sayso.jsonvalue import Json
from tests.spec.vcdm2.documents import (
    CARD_CONTEXT,
    ISSUER,
    MALFORMED,
    OPEN,
    a_card,
    a_credential,
    a_presentation,
    found,
    found_in_presentation,
)

URL = "https://example.org/#Type"


@pytest.mark.parametrize(
    ("members", "place"),
    [
        ({"shoe_size": 38}, "/shoe_size"),
        ({"issuanceDate": "2026-11-20T12:00:00Z"}, "/issuanceDate"),  # of VCDM 1.1
        ({"a:b": 1}, ""),
        ({"card:b": 1}, ""),
        ({"Card:b": 1}, "/Card:b"),  # a prefix, perhaps
        ({"https://example.org/#shoe_size": 38}, ""),
        ({"credentialSubject": {"shoe_size": 38}}, "/credentialSubject/shoe_size"),
        ({"credentialSubject": {"given_name": "Ada", "issuer": ISSUER}}, "/credentialSubject/issuer"),  # a term of credentials only
        ({"credentialSubject": {"address": {"zip": "0155"}}}, "/credentialSubject/address/zip"),
        ({"credentialSubject": {"address": {"street": {"number": 1}}}}, "/credentialSubject/address/street/number"),
        ({"issuer": {"id": ISSUER, "image": "https://example.org/i.png"}}, "/issuer/image"),
        ({"credentialStatus": {"type": URL, "statusPurpose": "revocation"}}, "/credentialStatus/statusPurpose"),  # of another type
        ({"credentialSubject": {"type": "BitstringStatusList", "encodedList": "u", "ttl": 1, "statusPurpose": "refresh"}}, ""),
        ({"credentialSubject": {"type": [URL, "JsonSchema"], "jsonSchema": {"id": "any JSON"}}}, ""),
        ({"credentialSubject": {"cnf": {"jwk": {"kty": "OKP"}}}}, ""),
        ({"iss": ISSUER, "sub": "x", "aud": ["y"], "exp": 1, "nbf": 1, "iat": 1, "jti": "z", "cnf": {"jwk": {}, "x": {}}, "kid": "k"}, ""),
    ],
)
def test_dm_15_a_term_without_definition_is_not_decided(members: dict[str, Json], place: str) -> None:
    """DM-15: undefined terms MUST come last; what flat terms do not show, JSON-LD processing may."""
    assert found(a_card(**members)) == ([(OPEN, place)] if place else [])


def test_dm_15_every_term_without_definition_is_named_once() -> None:
    """DM-15."""
    subject: Json = {"shoe_size": 38, "hat": 1, "given_name": "Ada"}
    assert found(a_card(credentialSubject=subject)) == [(OPEN, "/credentialSubject/shoe_size"), (OPEN, "/credentialSubject/hat")]


def test_dm_15_types_that_are_none_bring_no_terms() -> None:
    """DM-4, DM-15."""
    subject: Json = {"type": [{}, None, "JsonSchema"], "jsonSchema": {}, "shoe_size": 38}
    assert found(a_card(credentialSubject=subject)) == [
        (MALFORMED, "/credentialSubject/type/0"),
        (MALFORMED, "/credentialSubject/type/1"),
        (OPEN, "/credentialSubject/shoe_size"),
    ]


def test_dm_15_undefined_terms_come_last() -> None:
    """DM-15."""
    shoe: Json = {"shoe_size": {"value": 38}}
    last = [CREDENTIALS_V2, CARD_CONTEXT, UNDEFINED_TERMS_V2]
    assert found(a_credential(context=last, credentialSubject=shoe, hat=1)) == []
    assert found(a_credential(context=last, credentialSubject={"given name": "Ada", "": 1, "a#b": 2})) == []  # whatever they are called
    early = [CREDENTIALS_V2, UNDEFINED_TERMS_V2, CARD_CONTEXT]
    assert found(a_credential(context=early)) == []  # the card needs none
    assert found(a_credential(context=early, credentialSubject=shoe)) == [
        (OPEN, "/credentialSubject/shoe_size"),
        (OPEN, "/credentialSubject/shoe_size/value"),
    ]


def test_dm_15_in_presentations() -> None:
    """DM-15."""
    assert found_in_presentation(a_presentation(shoe_size=38)) == [(OPEN, "/shoe_size")]
    assert found_in_presentation(a_presentation(nonce="n", aud="a")) == []
    assert found_in_presentation(a_presentation(context=[CREDENTIALS_V2, UNDEFINED_TERMS_V2], shoe_size=38)) == []
