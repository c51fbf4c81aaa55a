"""An issuer signs what it says about a holder, so that each claim can be shown by itself."""

from datetime import UTC, datetime, timedelta
from typing import Any

import pytest

from sayso import ANYONE, Credential, CredentialType, Expectations, Issuer, SaysoError, verify
from sayso.credentials.kinds import Context
from sayso.dids import did_jwk
from sayso.encodings import base64url
from sayso.errors import DATA_LOSS_DETECTION_ERROR, INVALID_DID, INVALID_VERIFICATION_METHOD, MALFORMED_VALUE_ERROR
from sayso.jsonvalue import DEFAULT_LIMITS
from sayso.keys import jwk, multikey
from sayso.keys.ed25519 import PublicKey
from sayso.keys.signer import SeedSigner
from sayso.proofs.jose import jws
from sayso.proofs.sd_jwt.disclosure import HASHES
from sayso.proofs.sd_jwt.serialization import flattened
from sayso.proofs.sd_jwt.serialization import general as written_general
from sayso.testing.world import START, World
from tests.journeys.town import Town, header_of, kinds, opened, payload_of, town
from tests.unit.proofs.tokens import digest

DAY = timedelta(days=1)
HOUR = timedelta(hours=1)
SEED = bytes(range(32))


@pytest.fixture
def there() -> Town:
    return town(None)


def disclosed(card: Credential) -> list[list[Any]]:
    return [opened(text)[1:] for text in card.text.split("~")[1:-1]]


class TestDocuments:
    def test_vcdm(self, there: Town) -> None:
        card = there.issue({"given_name": "Ada"}, valid_for=DAY)
        payload = payload_of(card.text)
        (digest,) = payload["credentialSubject"].pop("_sd")
        assert len(digest) == 43
        assert payload == {
            "@context": ["https://www.w3.org/ns/credentials/v2", "https://www.w3.org/ns/credentials/undefined-terms/v2"],
            "type": ["VerifiableCredential", "IdentityCard"],
            "issuer": there.city.did,
            "validFrom": "2026-11-20T00:00:00Z",
            "validUntil": "2026-11-22T00:00:00Z",
            "credentialSubject": {"id": there.holder},
            "cnf": {"jwk": jwk.encode(there.ada_key.public_key)},
            "_sd_alg": "sha-256",
        }
        key = multikey.encode(there.city_key.public_key)
        assert header_of(card.text) == {"alg": "EdDSA", "typ": "vc+sd-jwt", "cty": "vc", "kid": f"{there.city.did}#{key}"}
        assert disclosed(card) == [["given_name", "Ada"]]
        assert card.media_type == "application/vc+sd-jwt"

    def test_sd_jwt_vc(self, there: Town) -> None:
        card = there.issue({"given_name": "Ada"}, format="dc+sd-jwt", valid_for=HOUR)
        payload = payload_of(card.text)
        payload.pop("_sd")
        assert payload == {
            "iss": there.city.did,
            "vct": "IdentityCard",
            "nbf": int(START.timestamp()),
            "exp": int((START + HOUR).timestamp()),
            "cnf": {"jwk": jwk.encode(there.ada_key.public_key)},
            "_sd_alg": "sha-256",
        }
        assert {name: header_of(card.text).get(name) for name in ("typ", "cty")} == {"typ": "dc+sd-jwt", "cty": None}
        assert card.media_type == "application/dc+sd-jwt"

    @pytest.mark.parametrize("hash_name", HASHES)
    def test_a_digest_by_name(self, there: Town, hash_name: str) -> None:
        card = there.issue({"a": [1]}, digest=hash_name, decoys=1)
        payload = payload_of(card.text)
        assert payload["_sd_alg"] == hash_name
        inner, outer = card.text.split("~")[1:-1]
        assert digest(outer, hash_name) in payload["credentialSubject"]["_sd"]
        assert {"...": digest(inner, hash_name)} in opened(outer)[-1]
        assert {len(one) for one in payload["credentialSubject"]["_sd"]} == {len(digest("", hash_name))}

    @pytest.mark.parametrize("format_", ["vc+sd-jwt", "dc+sd-jwt"])
    def test_in_json(self, format_: str) -> None:
        """The same card, written in another way: its media type says how it is written, and its `typ` what it is."""
        compact, flat, general = (town(None).issue(format=format_, serialization=form) for form in ("compact", "flattened", "general"))
        assert (flat.text, general.text) == (flattened(compact.text), written_general(compact.text))
        assert [card.media_type for card in (compact, flat, general)] == [f"application/{format_}", *["application/sd-jwt+json"] * 2]

    def test_a_described_type(self, there: Town) -> None:
        terms = {"Card": "https://city.example#Card", "zip": "https://city.example#zip"}
        kind = CredentialType("Card", context=Context("https://city.example/v1", terms), vct="https://city.example/card")
        payload = payload_of(there.issue({"zip": "0150"}, type=kind).text)
        assert payload["@context"] == ["https://www.w3.org/ns/credentials/v2", "https://city.example/v1"]
        assert payload["type"] == ["VerifiableCredential", "Card"]
        assert payload_of(there.issue({"zip": "0150"}, type=kind, format="dc+sd-jwt").text)["vct"] == "https://city.example/card"

    def test_a_term_that_the_type_does_not_define(self, there: Town) -> None:
        kind = CredentialType("Card", context=Context("https://city.example/v1", {"Card": "https://city.example#Card"}))
        with pytest.raises(SaysoError) as refused:
            there.issue({"zip": "0150"}, type=kind)
        (problem,) = refused.value.problems
        assert (problem.kind, problem.pointer) == (DATA_LOSS_DETECTION_ERROR, "/credentialSubject/zip")

    @pytest.mark.parametrize("name", ["iss", "vct", "nbf", "exp", "cnf"])
    def test_what_the_issuer_sets_is_no_claim(self, there: Town, name: str) -> None:
        with pytest.raises(ValueError, match="a claim has the name of one that the issuer sets"):
            there.issue({name: "x"}, format="dc+sd-jwt")
        assert there.issue({name: "urn:example:x"}).text

    def test_the_subject_may_have_another_identifier(self, there: Town) -> None:
        subject = payload_of(there.issue({"id": "urn:uuid:5c1f", "given_name": "Ada"}).text)["credentialSubject"]
        assert subject["id"] == "urn:uuid:5c1f"

    def test_decoys(self, there: Town) -> None:
        card = there.issue({"a": 1, "langs": ["no"]}, decoys=3)
        subject = payload_of(card.text)["credentialSubject"]
        assert len(subject["_sd"]) == 5
        assert len(next(value for name, value in disclosed(card)[-1:] if name == "langs")) == 4

    def test_nothing_hidden(self, there: Town) -> None:
        card = there.issue({"a": 1}, disclosable=[])
        assert card.text.endswith("~")
        assert card.text.count("~") == 1
        assert "_sd_alg" not in payload_of(card.text)

    def test_no_claims(self, there: Town) -> None:
        assert payload_of(there.issue({}).text)["credentialSubject"] == {"id": there.holder}

    def test_each_card_has_salts_of_its_own(self, there: Town) -> None:
        salts = [opened(text)[0] for _ in range(5) for text in there.issue().text.split("~")[1:-1]]
        assert len({*salts}) == len(salts)
        assert all(len(base64url.decode(salt)) == 18 for salt in salts)

    def test_what_is_issued_verifies(self, there: Town) -> None:
        for format_ in ("vc+sd-jwt", "dc+sd-jwt"):
            card = there.issue(format=format_)
            found = verify(card, Expectations(issuers=[there.city.did], holder_binding=False), at=START)
            assert (found.format, found.issuer) == (format_, there.city.did)

    def test_claims_are_copied(self, there: Town) -> None:
        claims: dict[str, Any] = {"langs": ("no", "en"), "n": {"m": 1}}
        card = there.issue(claims, disclosable=[])
        assert payload_of(card.text)["credentialSubject"] == {"id": there.holder, "langs": ["no", "en"], "n": {"m": 1}}
        assert claims == {"langs": ("no", "en"), "n": {"m": 1}}


class TestHolders:
    def test_a_did_or_a_key(self, there: Town) -> None:
        by_did, by_key = payload_of(there.issue({}).text), payload_of(there.issue({}, holder=there.ada_key.public_key).text)
        assert by_did == by_key

    def test_a_did_of_another_method(self, there: Town) -> None:
        did = did_jwk.did_of(there.ada_key.public_key)
        payload = payload_of(there.issue({}, holder=did).text)
        assert payload["credentialSubject"] == {"id": did}
        assert payload["cnf"] == {"jwk": jwk.encode(there.ada_key.public_key)}

    @pytest.mark.parametrize("did", ["", "me", "did:key:z6Mk", "did:key:z6Mk#z6Mk"])
    def test_a_did_that_is_none(self, there: Town, did: str) -> None:
        with pytest.raises(SaysoError) as refused:
            there.issue({}, holder=did)
        assert kinds(refused.value) == [INVALID_DID]

    @pytest.mark.parametrize("raw", [b"", bytes(32), b"\xff" * 32, bytes(31), bytes(33)])
    def test_a_key_that_nobody_may_have(self, there: Town, raw: bytes) -> None:
        with pytest.raises(SaysoError) as refused:
            there.issue({}, holder=PublicKey(raw))
        assert kinds(refused.value) == [INVALID_VERIFICATION_METHOD]

    @pytest.mark.parametrize("holder", [None, 5, b"did:key:z6Mk", SeedSigner(SEED)])
    def test_no_holder(self, there: Town, holder: Any) -> None:
        with pytest.raises(TypeError, match="holder is a DID or a PublicKey"):
            there.issue({}, holder=holder)


class TestWrongUse:
    @pytest.mark.parametrize(
        ("choices", "error"),
        [
            ({"format": "jwt"}, ValueError),
            ({"format": None}, ValueError),
            ({"type": 5}, TypeError),
            ({"type": None}, TypeError),
            ({"type": ["Card"]}, TypeError),
            ({"type": ""}, ValueError),
            ({"type": "a b"}, ValueError),
            ({"type": "\ud800"}, ValueError),
            ({"valid_for": None, "valid_until": None}, ValueError),
            ({"valid_for": 5}, TypeError),
            ({"valid_until": "2027"}, TypeError),
            ({"valid_from": "2027"}, TypeError),
            ({"disclosable": "name"}, TypeError),
            ({"disclosable": ["nam"]}, ValueError),
            ({"decoys": -1}, ValueError),
            ({"decoys": DEFAULT_LIMITS.disclosures + 1}, ValueError),
            ({"decoys": 1.5}, TypeError),
            ({"decoys": "3"}, TypeError),
            ({"decoys": None}, TypeError),
            ({"digest": "md5"}, ValueError),
            ({"digest": "SHA-256"}, ValueError),
            ({"digest": "sha3-224"}, ValueError),
            ({"digest": None}, ValueError),
            ({"serialization": "json"}, ValueError),
            ({"serialization": "Compact"}, ValueError),
            ({"serialization": None}, ValueError),
        ],
    )
    def test_choices(self, there: Town, choices: dict[str, Any], error: type[Exception]) -> None:
        with pytest.raises(error, match=next(iter(choices)) if choices != {"disclosable": ["nam"]} else "'nam'"):
            there.issue({"name": "Ada"}, **choices)

    @pytest.mark.parametrize("kind", [5, None, ["Card"], b"Card"])
    def test_a_type_that_is_none(self, there: Town, kind: Any) -> None:
        with pytest.raises(TypeError, match="type is a name or a CredentialType, not"):
            there.issue({}, type=kind)

    def test_the_most_decoys(self, there: Town) -> None:
        card = there.issue({"a": 1}, decoys=DEFAULT_LIMITS.disclosures)
        assert len(payload_of(card.text)["credentialSubject"]["_sd"]) == DEFAULT_LIMITS.disclosures + 1
        there.ada.store(card)

    @pytest.mark.parametrize(
        ("claims", "error", "place"),
        [
            (None, TypeError, "claims are a mapping"),
            ([], TypeError, "claims are a mapping"),
            ("name", TypeError, "claims are a mapping"),
            ({"a": [{1, 2}]}, TypeError, "/a/0 is no JSON value but a set"),
            ({"a": b"x"}, TypeError, "/a is no JSON value but a bytes"),
            ({"a": {5: 1}}, TypeError, "/a has a member whose name is no string but a int"),
            ({"a": float("nan")}, ValueError, "/a is not a finite number"),
            ({"a": ["\ud800"]}, ValueError, "/a/0 holds half of a surrogate pair"),
            ({"a": {"_sd": []}}, ValueError, "a name that SD-JWT reserves"),
            ({"...": 1}, ValueError, "a name that SD-JWT reserves"),
        ],
    )
    def test_claims(self, there: Town, claims: Any, error: type[Exception], place: str) -> None:
        with pytest.raises(error, match=place):
            there.issue(claims)

    def test_claims_that_do_not_conform(self, there: Town) -> None:
        with pytest.raises(SaysoError) as refused:
            there.issue({"id": "not a url"})
        (problem,) = refused.value.problems
        assert (problem.kind, problem.pointer) == (MALFORMED_VALUE_ERROR, "/credentialSubject/id")

    @pytest.mark.parametrize("signer", [None, SEED, SeedSigner(SEED).public_key, SeedSigner])
    def test_no_signer(self, signer: Any) -> None:
        with pytest.raises(TypeError, match="signer has a public_key"):
            Issuer(signer)

    @pytest.mark.parametrize("algorithm", ["HS256", "none", ""])
    def test_no_algorithm(self, algorithm: Any) -> None:
        with pytest.raises(ValueError, match="algorithm is one of EdDSA, Ed25519"):
            Issuer(SeedSigner(SEED), algorithm=algorithm)


def nested(depth: int) -> dict[str, Any]:
    value: Any = 1
    for _ in range(depth - 1):
        value = [value]
    return {"a": value}


class TestLimits:
    """What no verifier of this library would read is not issued."""

    @pytest.mark.parametrize("disclosable", [[], ["a"]])
    @pytest.mark.parametrize("format_", ["vc+sd-jwt", "dc+sd-jwt"])
    def test_depth(self, there: Town, disclosable: list[str], format_: str) -> None:
        there.ada.store(there.issue(nested(DEFAULT_LIMITS.depth - 1), disclosable=disclosable, format=format_))
        with pytest.raises(ValueError, match="nests too deep"):
            there.issue(nested(DEFAULT_LIMITS.depth), disclosable=disclosable, format=format_)

    def test_depth_with_everything_hidden(self, there: Town) -> None:
        there.ada.store(there.issue(nested(DEFAULT_LIMITS.depth - 1)))

    def test_number(self, there: Town) -> None:
        most = dict.fromkeys(map(str, range(DEFAULT_LIMITS.disclosures)), 1)
        there.ada.store(there.issue(most))
        with pytest.raises(ValueError, match="at most 4096 claims may be hidden"):
            there.issue({**most, "one": "more"})

    def test_size(self, there: Town) -> None:
        with pytest.raises(ValueError, match="longer than 1048576 bytes"):
            there.issue({"portrait": "x" * DEFAULT_LIMITS.size_bytes})
        with pytest.raises(ValueError, match="longer than 1048576 bytes"):
            there.issue({str(number): "x" * (DEFAULT_LIMITS.size_bytes // 8) for number in range(7)})

    def test_size_in_json(self, there: Town) -> None:
        """As it travels: what fits as one text need not fit in JSON."""
        left = DEFAULT_LIMITS.size_bytes - len(there.issue({"portrait": ""}, disclosable=[]).data) - 8
        claims = {"portrait": "x" * (left * 3 // 4)}
        there.ada.store(there.issue(claims, disclosable=[]))
        for form in ("flattened", "general"):
            with pytest.raises(ValueError, match="longer than 1048576 bytes"):
                there.issue(claims, disclosable=[], serialization=form)


class TestIdentity:
    def test_from_jwk(self) -> None:
        signer = SeedSigner(SEED)
        private = {**jwk.encode(signer.public_key), "d": base64url.encode(SEED)}
        assert Issuer.from_jwk(private).did == Issuer(signer).did
        assert Issuer.from_jwk(private, did_jwk.did_of(signer.public_key)).did == did_jwk.did_of(signer.public_key)

    @pytest.mark.parametrize("private", [None, 5, "key", {}, {"kty": "EC"}, jwk.encode(SeedSigner(SEED).public_key)])
    def test_from_what_is_no_private_jwk(self, private: Any) -> None:
        with pytest.raises(SaysoError) as refused:
            Issuer.from_jwk(private)
        assert kinds(refused.value) == [INVALID_VERIFICATION_METHOD]

    def test_generate(self) -> None:
        one, two = Issuer.generate(), Issuer.generate()
        assert one.did != two.did
        assert one.did.startswith("did:key:z6Mk")

    def test_a_did_that_does_not_name_the_key(self) -> None:
        world = World()
        with pytest.raises(SaysoError) as refused:
            world.issuer(world.signer(), world.issuer().did)
        assert kinds(refused.value) == [INVALID_VERIFICATION_METHOD]

    def test_the_fully_specified_algorithm(self) -> None:
        world = World()
        ada = world.wallet()
        city = world.issuer(algorithm=jws.ED25519)
        card = city.issue({"a": 1}, type="Card", holder=ada.new_key(), valid_for=DAY)
        assert header_of(card.text)["alg"] == "Ed25519"
        ada.store(card)

    def test_nothing_shows_of_the_key(self) -> None:
        issuer = Issuer(SeedSigner(SEED))
        assert base64url.encode(SEED) not in repr(vars(issuer))
        assert SEED.hex() not in repr(vars(issuer))


def test_the_same_inputs_give_the_same_bytes() -> None:
    def card() -> bytes:
        return town(None).issue(decoys=2).data

    assert card() == card()


def test_a_card_does_not_betray_its_second() -> None:
    world = World(at=datetime(2026, 11, 20, 17, 45, 12, tzinfo=UTC))
    card = world.issuer().issue({"a": 1}, type="Card", holder=world.wallet().new_key(), valid_for=DAY)
    payload = payload_of(card.text)
    assert payload["validFrom"].endswith("T00:00:00Z")
    assert payload["validUntil"].endswith("T00:00:00Z")
    assert verify(card, Expectations(issuers=ANYONE, holder_binding=False), at=world.clock() + DAY - timedelta(seconds=1)).issuer
