"""What a programmer may ask to conceal, and what is left as it was."""

import hashlib
from copy import deepcopy

import pytest

from sayso.credentials.claims_path import Location
from sayso.encodings import base64url
from sayso.jsonvalue import JsonObject
from sayso.proofs.sd_jwt.concealment import conceal
from sayso.testing.world import CountingEntropy
from tests.unit.proofs.tokens import digest

CLAIMS: JsonObject = {"a": {"b": 1}, "c": [2, {"d": 3}], "e": "text", "f": None}


@pytest.mark.parametrize(
    "place",
    [
        (),
        ("x",),
        ("a", "x"),
        ("a", 0),
        (0,),
        ("c", 2),
        ("c", -1),
        ("c", "0"),
        ("c", True),
        ("c", 1, "x"),
        ("a", "b", "x"),
        ("e", 0),
        ("e", "t"),
        ("f", "x"),
    ],
    ids=repr,
)
def test_a_place_that_is_not_there_is_a_wrong_call(place: Location) -> None:
    """To hide nothing in silence would show everything."""
    with pytest.raises(ValueError, match="place to hide"):
        conceal(CLAIMS, [("a",), place], CountingEntropy())


def test_the_claims_that_were_given_stay_as_they_are() -> None:
    before = deepcopy(CLAIMS)
    conceal(CLAIMS, [("a",), ("a", "b"), ("c", 1, "d"), ("c", 0), ("e",), ("f",)], CountingEntropy(), decoys=1)
    assert before == CLAIMS


def test_what_holds_something_hidden_need_not_be_hidden() -> None:
    concealed = conceal(CLAIMS, [("c", 1, "d")], CountingEntropy())
    assert concealed.payload.keys() == CLAIMS.keys() | {"_sd_alg"}
    c = concealed.payload["c"]
    assert isinstance(c, list)
    assert c[0] == 2
    assert isinstance(c[1], dict)
    assert c[1].keys() == {"_sd"}


def test_the_order_in_which_places_are_named_does_not_matter() -> None:
    inner_first = conceal(CLAIMS, [("a", "b"), ("a",)], CountingEntropy())
    assert inner_first == conceal(CLAIMS, [("a",), ("a", "b")], CountingEntropy())
    assert len(inner_first.disclosures) == 2


def test_a_place_that_is_named_twice_is_hidden_once() -> None:
    assert len(conceal(CLAIMS, [("e",), ("e",)], CountingEntropy()).disclosures) == 1


def test_each_decoy_is_the_digest_of_32_bytes_of_chance_of_its_own() -> None:
    """SD-I5: nobody can tell it from the digest of a disclosure, or find what it was made of."""
    drawn: list[bytes] = []

    def entropy(size: int) -> bytes:
        drawn.append(bytes((len(drawn) * 100 + number) % 256 for number in range(size)))
        return drawn[-1]

    concealed = conceal({"a": 1}, [("a",)], entropy, decoys=2)
    _, chance = drawn
    assert len(chance) == 64
    decoys = [base64url.encode(hashlib.sha256(part).digest()) for part in (chance[:32], chance[32:])]
    assert concealed.payload["_sd"] == sorted([digest(concealed.disclosures[0]), *decoys])


def test_decoys_are_a_number_that_is_not_negative() -> None:
    with pytest.raises(ValueError, match="decoys"):
        conceal(CLAIMS, [("e",)], CountingEntropy(), decoys=-1)


def test_every_name_and_value_can_be_hidden() -> None:
    """What a name or a value is made of does not matter to how it is written."""
    claims: JsonObject = {'"': '"', "\\": "\\", "\u2028": "\u0000", "": "", "🙂": "🙂", "x" * 1000: [None, {}, []]}
    concealed = conceal(claims, [(name,) for name in claims], CountingEntropy())
    assert len(concealed.disclosures) == len(claims)
    assert concealed.payload.keys() == {"_sd", "_sd_alg"}
