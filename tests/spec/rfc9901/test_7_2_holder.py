"""RFC 9901, section 7.2: what a holder sends: what was chosen, what it takes to get there, and nothing else."""

import pytest

from sayso.credentials.claims_path import Location
from sayso.jsonvalue import JsonObject
from sayso.proofs.jose import jws
from sayso.proofs.sd_jwt import key_binding
from sayso.proofs.sd_jwt.concealment import conceal
from sayso.proofs.sd_jwt.disclosure import HASHES
from sayso.proofs.sd_jwt.holding import hold
from sayso.testing.world import CountingEntropy
from tests.unit.proofs.tokens import HOLDER, PID, prove, said, sd_jwt, token

CLAIMS: JsonObject = {
    **PID,
    "name": "Ada",
    "address": {"city": "Köln", "country": "DE", "lines": ["a", "b"]},
    "langs": ["de", ["fr", "it"], "en"],
}
HIDDEN: list[Location] = [
    ("name",),
    ("address",),
    ("address", "city"),
    ("address", "lines", 0),
    ("address", "lines", 1),
    ("langs", 0),
    ("langs", 1),
    ("langs", 1, 0),
    ("langs", 1, 1),
]


def _issue(hash_name: str = "sha-256", decoys: int = 1) -> str:
    concealed = conceal(CLAIMS, HIDDEN, CountingEntropy(), hash_name=hash_name, decoys=decoys)
    return sd_jwt(token(concealed.payload), *concealed.disclosures)


ISSUED = _issue()


def _present(*selected: Location) -> str:
    holding = hold(ISSUED.encode(), prove(ISSUED))
    return holding.present(selected, said(), HOLDER)


@pytest.mark.parametrize(
    ("selected", "sent"),
    [
        ([], []),
        ([("name",)], [("name",)]),
        ([("iss",)], []),
        ([("address", "country")], [("address",)]),
        ([("address", "city")], [("address",), ("address", "city")]),
        ([("address", "lines")], [("address",), ("address", "lines", 0), ("address", "lines", 1)]),
        ([("address", "lines", 1)], [("address",), ("address", "lines", 1)]),
        ([("address",)], [("address",), ("address", "city"), ("address", "lines", 0), ("address", "lines", 1)]),
        ([("langs", 1, 1)], [("langs", 1), ("langs", 1, 1)]),
        ([("langs", 1)], [("langs", 1), ("langs", 1, 0), ("langs", 1, 1)]),
        ([("langs", 2)], []),
        ([("langs", 1, 0), ("langs", 1), ("langs", 1, 0), ("name",)], [("langs", 1), ("langs", 1, 0), ("langs", 1, 1), ("name",)]),
        ([()], HIDDEN),
    ],
    ids=repr,
)
def test_sd_h2_ancestors_and_what_lies_inside_and_nothing_else(selected: list[Location], sent: list[Location]) -> None:
    """SD-H2, DQ-S6: every disclosure that is sent is needed, every one that is needed is sent, none twice."""
    texts = prove(ISSUED).disclosed
    issuer_jwt, *disclosures, binding = _present(*selected).split("~")
    assert issuer_jwt == ISSUED.partition("~")[0]
    assert sorted(disclosures) == sorted(texts[place] for place in sent)
    assert binding


@pytest.mark.parametrize("hash_name", [*HASHES])
def test_sd_k2_what_is_sent_proves_under_the_hash_of_the_issuer(hash_name: str) -> None:
    """SD-K2, SD-H2."""
    issued = _issue(hash_name)
    presented = hold(issued.encode(), prove(issued)).present([("langs", 1, 0)], said(transaction="x"), HOLDER)
    proven = prove(presented)
    assert proven.bindings
    assert proven.bindings[0].members["transaction"] == "x"
    assert proven.document["langs"] == [["fr"], "en"]
    assert proven.positions == {("langs",): (1, 2), ("langs", 0): (0,)}


def test_a_holding_presents_more_than_once() -> None:
    """The hash that was begun for one presentation is not used up by it."""
    holding = hold(ISSUED.encode(), prove(ISSUED))
    first = holding.present([("name",)], said(), HOLDER)
    other = holding.present([("langs", 0)], said(), HOLDER)
    assert prove(first).document.keys() - prove(other).document.keys() == {"name"}
    assert holding.present([("name",)], said(), HOLDER) == first


def test_sd_h2_what_was_bound_before_is_not_sent_again() -> None:
    """What is held may have been received with a key binding; a presentation has one, its own."""
    received = _present(("name",), ("langs", 0))
    presented = hold(received.encode(), prove(received)).present([("name",)], said(nonce="another"), HOLDER)
    assert len(presented.split("~")) == 3
    binding = prove(presented).bindings[0].members
    assert binding is not None
    assert binding["nonce"] == "another"


def test_sd_k2_nobody_chooses_the_sd_hash() -> None:
    """SD-K2: what the holder says beside it cannot replace it."""
    presented = hold(ISSUED.encode(), prove(ISSUED)).present([], said(sd_hash="x"), HOLDER)
    assert prove(presented).bindings


def test_the_algorithm_of_the_key_binding_is_the_default() -> None:
    binding = jws.decode(_present(("name",)).rpartition("~")[2].encode(), (key_binding.TYPE,))
    assert binding.header == {"alg": "EdDSA", "typ": "kb+jwt"}
