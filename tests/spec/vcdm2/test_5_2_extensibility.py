"""VCDM 2.0, section 5.2: terms that no context defines."""

import pytest

from sayso.credentials.contexts.bundled import CREDENTIALS_V2, UNDEFINED_TERMS_V2
from sayso.jsonvalue import Json
from tests.spec.vcdm2.documents import (
    CARD_CONTEXT,
    ISSUER,
    LOST,
    MALFORMED,
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
        ({"Card:b": 1}, ""),  # a term whose definition is no prefix
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
        (
            {
                "iss": ISSUER,
                "sub": ISSUER,
                "aud": ["https://y.example"],
                "exp": 1,
                "nbf": 1,
                "iat": 1,
                "jti": "z",
                "cnf": {"jwk": {}, "x": {}},
                "kid": "urn:k",
            },
            "",
        ),
    ],
)
def test_dm_15_a_term_without_definition_would_be_lost(members: dict[str, Json], place: str) -> None:
    """DM-15: where no context gives undefined terms a meaning."""
    assert found(a_card(**members)) == ([(LOST, place)] if place else [])


def test_dm_15_the_first_term_without_definition_is_named() -> None:
    """DM-15: one is enough to refuse."""
    subject: Json = {"shoe_size": 38, "hat": 1, "given_name": "Ada"}
    assert found(a_card(credentialSubject=subject)) == [(LOST, "/credentialSubject/shoe_size")]


def test_dm_15_types_that_are_none_are_told_first() -> None:
    """DM-4, DM-15: what a broken document means is not asked."""
    subject: Json = {"type": [{}, None, "JsonSchema"], "jsonSchema": {}, "shoe_size": 38}
    assert found(a_card(credentialSubject=subject)) == [(MALFORMED, "/credentialSubject/type/0"), (MALFORMED, "/credentialSubject/type/1")]


def test_dm_15_undefined_terms_come_last() -> None:
    """DM-15."""
    shoe: Json = {"shoe_size": {"value": 38}}
    last = [CREDENTIALS_V2, CARD_CONTEXT, UNDEFINED_TERMS_V2]
    assert found(a_credential(context=last, credentialSubject=shoe, hat=1)) == []
    # A name that makes no IRI is lost all the same.
    assert found(a_credential(context=last, credentialSubject={"given name": "Ada"})) == [(LOST, "/credentialSubject/given name")]
    early = [CREDENTIALS_V2, UNDEFINED_TERMS_V2, CARD_CONTEXT]
    assert found(a_credential(context=early, credentialSubject=shoe)) == [(MALFORMED, "/@context")]


def test_dm_15_in_presentations() -> None:
    """DM-15."""
    assert found_in_presentation(a_presentation(shoe_size=38)) == [(LOST, "/shoe_size")]
    assert found_in_presentation(a_presentation(nonce="n", aud="a")) == []
    assert found_in_presentation(a_presentation(context=[CREDENTIALS_V2, UNDEFINED_TERMS_V2], shoe_size=38)) == []
