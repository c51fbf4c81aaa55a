"""What a business signs when it asks, member by member, as it travels."""

from datetime import timedelta
from pathlib import Path
from typing import Any

import pytest

from sayso import ANYONE, WILL_NOT_STORE, CredentialType, Verifier
from sayso.encodings import base64url
from sayso.errors import INVALID_VERIFICATION_METHOD, SaysoError
from sayso.keys import multikey
from sayso.keys.signer import SeedSigner
from sayso.openid.encryption_key import EncryptionKey
from sayso.testing.world import START, World
from tests.journeys.town import HOUR, Town, ask, header_of, payload_of, town

NOW = int(START.timestamp())


@pytest.fixture
def there() -> Town:
    return town(None)


def asked(there: Town, *claims: Any, **choices: Any) -> dict[str, Any]:
    return payload_of(there.ask(*claims, **choices).text)


class TestOnTheWire:
    """DESIGN: On the wire from the first day."""

    def test_the_header(self, there: Town) -> None:
        """VP-2, VP-3."""
        key = multikey.encode(there.bar_key.public_key)
        assert header_of(there.ask("age").text) == {"alg": "EdDSA", "typ": "oauth-authz-req+jwt", "kid": f"did:key:{key}#{key}"}

    def test_every_member(self, there: Town) -> None:
        payload = asked(there, "age", ("address", "city"), optional=["mail"])
        nonce = payload.pop("nonce")
        assert payload == {
            "client_id": f"decentralized_identifier:{there.bar.did}",
            "aud": "https://self-issued.me/v2",
            "response_type": "vp_token",
            "response_mode": "https://w3id.org/sayso/by_hand",
            "iat": NOW,
            "exp": NOW + 300,
            "client_metadata": {
                "client_name": "The Bar",
                "vp_formats_supported": {
                    "vc+sd-jwt": {"sd-jwt_alg_values": ["EdDSA", "Ed25519"], "kb-jwt_alg_values": ["EdDSA", "Ed25519"]}
                },
            },
            "dcql_query": {
                "credentials": [
                    {
                        "id": "vc-sd-jwt",
                        "format": "vc+sd-jwt",
                        "meta": {"type_values": [["https://www.w3.org/2018/credentials#VerifiableCredential"]]},
                        "claims": [
                            {"id": "issuer", "path": ["issuer"], "values": [there.city.did]},
                            {"id": "age", "path": ["credentialSubject", "age"]},
                            {"id": "c0", "path": ["credentialSubject", "address", "city"]},
                            {"id": "mail", "path": ["credentialSubject", "mail"]},
                        ],
                        "claim_sets": [["issuer", "age", "c0"], ["issuer", "age", "c0", "mail"]],
                    }
                ]
            },
            "verifier_info": [
                {
                    "format": "https://w3id.org/sayso/sharing-terms/v1",
                    "data": {
                        "purposeText": [{"content": "Serve alcohol"}],
                        "attributes": [
                            {
                                "claim": claim,
                                "hasNecessity": necessity,
                                "reason": "Serve alcohol",
                                "benefit": "You get your drink",
                                "storage": {"hasDuration": "PT1H"},
                            }
                            for claim, necessity in (("age", "dpv:Required"), ("c0", "dpv:Required"), ("mail", "dpv:Optional"))
                        ],
                    },
                    "credential_ids": ["vc-sd-jwt"],
                }
            ],
        }
        assert len(base64url.decode(nonce)) == 18

    def test_reply_to(self, there: Town) -> None:
        shop = there.world.verifier(reply_to="https://shop.example/answers/8Fq")
        payload = payload_of(ask(shop, "age", issuers=ANYONE).text)
        assert (payload["response_mode"], payload["response_uri"]) == ("direct_post", "https://shop.example/answers/8Fq")
        assert "client_name" not in payload["client_metadata"]

    def test_each_request_has_a_nonce_of_its_own(self, there: Town) -> None:
        assert len({asked(there, "age")["nonce"] for _ in range(20)}) == 20

    def test_retention(self, there: Town) -> None:
        for keep_for, written in ((timedelta(days=30), "P30D"), (timedelta(minutes=90), "PT1H30M"), (WILL_NOT_STORE, "PT0S")):
            (row,) = asked(there, "age", keep_for=keep_for)["verifier_info"][0]["data"]["attributes"]
            assert row["storage"] == {"hasDuration": written}

    def test_whole_seconds(self, there: Town) -> None:
        there.world.clock.turn(timedelta(microseconds=999_999))
        payload = asked(there, "age", answer_within=timedelta(seconds=1))
        assert (payload["iat"], payload["exp"]) == (NOW, NOW + 1)

    def test_a_described_type_is_known_from_then_on(self, there: Town) -> None:
        (query,) = asked(there, "age", type=CredentialType("https://city.example#Card"))["dcql_query"]["credentials"]
        assert query["meta"] == {"type_values": [["https://www.w3.org/2018/credentials#VerifiableCredential", "https://city.example#Card"]]}

    def test_two_formats(self, there: Town) -> None:
        payload = asked(there, "age", type="Card", formats=("dc+sd-jwt", "vc+sd-jwt"))
        assert [query["id"] for query in payload["dcql_query"]["credentials"]] == ["dc-sd-jwt", "vc-sd-jwt"]
        assert payload["dcql_query"]["credential_sets"] == [{"options": [["dc-sd-jwt"], ["vc-sd-jwt"]]}]
        assert payload["verifier_info"][0]["credential_ids"] == ["dc-sd-jwt", "vc-sd-jwt"]
        assert [*payload["client_metadata"]["vp_formats_supported"]] == ["dc+sd-jwt", "vc+sd-jwt"]

    def test_iterators_ask_for_all_that_is_in_them(self, there: Town) -> None:
        payload = asked(there, "age", optional=iter(["mail"]), issuers=iter([there.city.did]), formats=iter(["vc+sd-jwt"]))
        (query,) = payload["dcql_query"]["credentials"]
        assert query["claims"][0] == {"id": "issuer", "path": ["issuer"], "values": [there.city.did]}
        assert query["claim_sets"] == [["issuer", "age"], ["issuer", "age", "mail"]]


class TestWrongUse:
    def test_issuers_must_be_named(self, there: Town) -> None:
        """DESIGN: leaving them out is a TypeError, an empty list a ValueError, ANYONE the named opt-out."""
        with pytest.raises(TypeError, match="issuers"):
            there.bar.request("age", purpose="p", benefit="b", keep_for=HOUR)  # type: ignore[call-arg]
        with pytest.raises(ValueError, match="ANYONE"):
            there.ask("age", issuers=[])
        there.ask("age", issuers=ANYONE)

    @pytest.mark.parametrize(
        ("choices", "error"),
        [
            ({"keep_for": timedelta(0)}, ValueError),
            ({"keep_for": -HOUR}, ValueError),
            ({"keep_for": 3600}, TypeError),
            ({"purpose": ""}, ValueError),
            ({"purpose": None}, TypeError),
            ({"purpose": "\ud800"}, ValueError),
            ({"benefit": "a\nb"}, ValueError),
            ({"answer_within": timedelta(microseconds=999_999)}, ValueError),
            ({"answer_within": timedelta.max}, ValueError),
            ({"answer_within": 300}, TypeError),
            ({"answer_within": None}, TypeError),
            ({"type": 5}, TypeError),
            ({"optional": "mail"}, TypeError),
            ({"formats": ()}, ValueError),
        ],
    )
    def test_choices(self, there: Town, choices: dict[str, Any], error: type[Exception]) -> None:
        with pytest.raises(error, match=next(iter(choices))):
            there.ask("age", **choices)

    @pytest.mark.parametrize(
        ("choices", "error"),
        [
            ({"name": "a\nb"}, ValueError),
            ({"name": 5}, TypeError),
            ({"reply_to": "shop.example"}, ValueError),
            ({"reply_to": 5}, ValueError),
            ({"reply_to": "http://shop.example/"}, ValueError),
            ({"origin": "https://shop.example/"}, ValueError),
            ({"origin": "shop.example"}, ValueError),
            ({"origin": 5}, ValueError),
            ({"origin": "https://Shop.example"}, ValueError),
            ({"encryption": 5}, TypeError),
            ({"types": ["Card"]}, TypeError),
            ({"types": 5}, TypeError),
            ({"types": CredentialType("Card")}, TypeError),
            ({"nonces": 5}, TypeError),
            ({"nonces": Path()}, TypeError),
            ({"on_report": 5}, TypeError),
        ],
    )
    def test_parts_of_a_verifier(self, choices: dict[str, Any], error: type[Exception]) -> None:
        with pytest.raises(error, match=next(iter(choices))):
            Verifier(SeedSigner(bytes(32)), **choices)

    def test_answers_that_travel_in_no_way_or_in_two(self) -> None:
        key = EncryptionKey.generate()
        with pytest.raises(ValueError, match="an encrypted answer travels"):
            Verifier(SeedSigner(bytes(32)), encryption=key)
        with pytest.raises(ValueError, match="not both"):
            Verifier(SeedSigner(bytes(32)), reply_to="https://shop.example/", origin="https://shop.example")

    @pytest.mark.parametrize("token", ["", "a b", 5, "a" * 513])
    @pytest.mark.parametrize("name", ["state", "wallet_nonce"])
    def test_a_token_that_is_none(self, name: str, token: Any) -> None:
        with pytest.raises(ValueError, match=name):
            ask(World().verifier(reply_to="https://shop.example/"), "age", issuers=ANYONE, **{name: token})

    def test_a_state_that_nothing_gives_back(self) -> None:
        with pytest.raises(ValueError, match="goes with reply_to"):
            ask(World().verifier(), "age", issuers=ANYONE, state="table-7")

    @pytest.mark.parametrize("signer", [None, 5, bytes(32), "key", SeedSigner, SeedSigner(bytes(32)).public_key])
    def test_a_signer_that_is_none(self, signer: Any) -> None:
        with pytest.raises(TypeError, match="signer "):
            Verifier(signer)


class TestIdentity:
    def test_of_a_did_that_names_the_key(self) -> None:
        world = World()
        signer = world.signer()
        did = world.verifier(signer).did
        assert world.verifier(signer, did).did == did

    def test_of_a_did_that_does_not(self) -> None:
        world = World()
        with pytest.raises(SaysoError) as refused:
            world.verifier(world.signer(), world.verifier().did)
        assert refused.value.problems[0].kind is INVALID_VERIFICATION_METHOD

    def test_generate(self) -> None:
        assert Verifier.generate().did != Verifier.generate().did
