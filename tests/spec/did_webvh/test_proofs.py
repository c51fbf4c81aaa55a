"""VH-7: who signs an entry, and how."""

from datetime import timedelta

import pytest

from sayso.jsonvalue import Json, JsonObject, parse_object, serialize
from tests.spec.did_webvh.forge import AT, DAY, KEYS, PUBLIC, SIGNERS, Forge, signed
from tests.spec.did_webvh.reading import read, refusal

OWN = f"did:key:{KEYS[0]}#{KEYS[0]}"


def with_proofs(*proofs: Json) -> Forge:
    log = Forge()
    log.lines[0] = serialize(parse_object(log.lines[0]) | {"proof": [*proofs]})
    return log


def unsigned() -> JsonObject:
    value = parse_object(Forge().lines[0])
    return {name: member for name, member in value.items() if name != "proof"}


def test_every_proof_of_several_holds() -> None:
    good = signed(unsigned(), SIGNERS[0])
    assert read(with_proofs(good, good)).document
    bad = good | {"proofValue": signed({}, SIGNERS[0])["proofValue"]}
    assert refusal(with_proofs(good, bad)) == ("/0/proof/1", "the proof does not hold under the key that should have made it")
    assert refusal(with_proofs(good, signed(unsigned(), SIGNERS[1])))[0] == "/0/proof/1"


@pytest.mark.parametrize(
    ("changed", "pointer"),
    [
        ({"type": "Ed25519Signature2020"}, "/0/proof/0/cryptosuite"),
        ({"cryptosuite": "eddsa-rdfc-2022"}, "/0/proof/0/cryptosuite"),
        ({"cryptosuite": "ecdsa-jcs-2019"}, "/0/proof/0/cryptosuite"),
        ({"proofPurpose": "authentication"}, "/0/proof/0/proofPurpose"),
        ({"proofPurpose": None}, "/0/proof/0/proofPurpose"),
        ({"verificationMethod": KEYS[0]}, "/0/proof/0"),
        ({"verificationMethod": f"did:key:{KEYS[0]}"}, "/0/proof/0"),
        ({"verificationMethod": f"did:key:{KEYS[1]}#{KEYS[0]}"}, "/0/proof/0"),
        ({"verificationMethod": f"did:key:{KEYS[0]}#{KEYS[1]}"}, "/0/proof/0"),
        ({"verificationMethod": f"did:key:{KEYS[1]}#{KEYS[1]}"}, "/0/proof/0"),
        ({"verificationMethod": f"did:web:city.example#{KEYS[0]}"}, "/0/proof/0"),
        ({"created": "2026-11-20T12:00:01Z"}, "/0/proof/0"),
        ({"expires": "9999-11-20T12:00:00Z"}, "/0/proof/0"),
        ({"proofValue": "z"}, "/0/proof/0/proofValue"),
        ({"previousProof": "urn:x:1"}, "/0/proof/0/previousProof"),
        ({"@context": []}, "/0/@context"),
        ({"more": 1}, "/0/proof/0"),
    ],
)
def test_vh_7_what_is_no_proof(changed: JsonObject, pointer: str) -> None:
    found, _ = refusal(with_proofs(signed(unsigned(), SIGNERS[0]) | changed))
    assert found.startswith(pointer)


def test_vh_7_another_purpose_is_refused_also_where_its_proof_holds() -> None:
    proof = signed(unsigned(), SIGNERS[0], purpose="authentication")
    assert refusal(with_proofs(proof)) == ("/0/proof/0/proofPurpose", "the purpose of the proof is not assertionMethod")


def test_the_body_of_a_did_key_is_not_used_under_the_name_of_its_fragment() -> None:
    # The signature is good under the body, and the fragment is a key in force.
    proof = signed(unsigned(), SIGNERS[1], key_id=f"did:key:{KEYS[1]}#{KEYS[0]}")
    assert refusal(with_proofs(proof)) == ("/0/proof/0", "the key of the proof is not a did:key and the same text as its fragment")


def test_the_dates_of_a_proof() -> None:
    ahead = timedelta(minutes=5)
    assert read(Forge(), at=AT - ahead).document
    log = Forge(members={"versionTime": "2026-11-19T12:00:00Z"})
    assert refusal(log, at=AT - ahead - timedelta(seconds=1)) == ("/0/proof/0/created", "it was made in the future")
    ended = signed(unsigned(), SIGNERS[0]) | {"expires": "2026-11-20T12:00:00Z"}
    assert refusal(with_proofs(ended), at=AT + DAY)[1] == "the proof does not hold under the key that should have made it"


def test_the_keys_are_those_that_they_should_be() -> None:
    assert OWN in Forge().text
    assert len(set(PUBLIC)) == len(KEYS)
