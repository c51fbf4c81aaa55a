"""What nobody can choose: what an issuer left visible, and what it hid in one piece with something else."""

from collections.abc import Collection

import pytest

from sayso.credentials.claims_path import Location
from sayso.credentials.formats import SD_JWT_VC, VCDM_SD_JWT
from sayso.credentials.remainder import value_at
from sayso.jsonvalue import JsonObject
from sayso.sharing.plan.exposure import Exposure, Weights, carried, exposure

A: JsonObject = {"b": {"c": 1, "d": [2, {"e": 3}]}, "f": []}
CARD: JsonObject = {"iss": "x", "vct": "y", "cnf": {}, "sub": "z", **A}


def of(disclosable: Collection[Location]) -> Exposure:
    return exposure({"credentialSubject": A, "issuer": "x"}, VCDM_SD_JWT, [("credentialSubject", *place) for place in disclosable])


def below(places: Collection[Location]) -> set[Location]:
    return {place[1:] for place in places}


@pytest.mark.parametrize(
    ("disclosable", "visible", "mixed"),
    [
        ([], {("b",), ("f",)}, set()),
        ([("b",), ("f",)], set(), {("b",)}),
        ([("b",), ("b", "c"), ("b", "d")], {("f",)}, {("b", "d")}),
        ([("b", "c")], {("b", "d"), ("f",)}, set()),
        ([("b", "d", 1, "e")], {("b", "c"), ("b", "d", 0), ("f",)}, set()),
        ([("b",), ("b", "d", 1, "e")], {("f",)}, {("b",)}),
        ([("b",), ("b", "c"), ("b", "d"), ("b", "d", 0), ("b", "d", 1), ("b", "d", 1, "e"), ("f",)], set(), set()),
        ([()], {("b",), ("f",)}, {()}),
    ],
)
def test_exposure(disclosable: list[Location], visible: set[Location], mixed: set[Location]) -> None:
    found = of(disclosable)
    assert (below(found.visible), below(found.mixed)) == (visible, mixed)


def test_what_a_card_says_about_itself_is_nobodys_claim() -> None:
    assert exposure(CARD, SD_JWT_VC, [("b",)]).visible == (("sub",), ("f",))


@pytest.mark.parametrize(
    ("selected", "along"),
    [
        ([("b",)], set()),
        ([("b", "c")], {("b", "d")}),
        ([("b", "d", 0)], {("b", "c"), ("b", "d", 1)}),
        ([("b", "d", 1, "e")], {("b", "c"), ("b", "d", 0)}),
        ([("b", "c"), ("b", "d")], set()),
        ([("b", "c"), ("b",)], set()),
        ([()], set()),
        ([("f",)], set()),
    ],
)
def test_what_was_hidden_in_one_piece(selected: list[Location], along: set[Location]) -> None:
    disclosable: list[Location] = [("b",), ("f",)]
    opened = [place for place in disclosable if any(place == chosen[:1] or not chosen for chosen in selected)]
    assert {*carried(A, Exposure((), frozenset({("b",)}), Weights(A), 0), opened, disclosable, selected)} == along


def test_values_at_places() -> None:
    assert value_at(A, ("b", "d", 1, "e")) == 3
    assert value_at(A, ()) is A
