"""A business, an issuer or a customer sends what is large, deep or many; it is read, or refused, and nothing hangs."""

from collections.abc import Callable
from typing import Any

import pytest

from sayso import SaysoError
from sayso.errors import LIMIT_EXCEEDED, PARSING_ERROR
from sayso.jsonvalue import DEFAULT_LIMITS
from tests.journeys.town import answer_of, kinds, rewritten, sealed_json, taken_apart, town

CREDENTIAL = "https://www.w3.org/2018/credentials#VerifiableCredential"


def enormous(said: dict[str, Any], paths: list[list[Any]], sets: int, credentials: int) -> None:
    """Ask for as many claims in as many combinations as a query may hold; the last claim is the only one that may be left out."""
    ids = [f"c{number}" for number in range(len(paths))]
    query = {
        "format": "vc+sd-jwt",
        "meta": {"type_values": [[CREDENTIAL]]},
        "claims": [{"id": claim_id, "path": path} for claim_id, path in zip(ids, paths, strict=True)],
        "claim_sets": [ids[: len(ids) - number % 2] for number in range(sets)],
    }
    said["dcql_query"] = {"credentials": [{**query, "id": f"q{number}"} for number in range(credentials)]}
    (entry,) = said["verifier_info"]
    del entry["credential_ids"]
    (row,) = entry["data"]["attributes"]
    necessity = [*["dpv:Required"] * (len(ids) - 1), "dpv:Optional"]
    entry["data"]["attributes"] = [{**row, "claim": name, "hasNecessity": how} for name, how in zip(ids, necessity, strict=True)]


def test_every_combination_of_very_many_claims() -> None:
    there = town({f"claim{number}": number for number in range(255)})
    paths: list[list[Any]] = [["credentialSubject", f"claim{number}"] for number in range(255)]
    request = rewritten(there.ask("a"), there.bar_key, lambda said: enormous(said, paths, sets=256, credentials=1))
    plan = there.ada.plan(request)
    assert plan.answerable
    assert len(plan.leaves) == 254
    assert str(plan.also()).isprintable()


def test_a_large_value_in_every_combination() -> None:
    there = town({"portrait": "x" * 500_000, "name": "Ada"})
    paths = [["credentialSubject", "portrait"], ["credentialSubject", "name"]]
    request = rewritten(there.ask("a"), there.bar_key, lambda said: enormous(said, paths, sets=512, credentials=20))
    plan = there.ada.plan(request)
    assert plan.answerable
    with pytest.raises(SaysoError) as refused:
        there.bar.accept(there.ada.present(plan), request)
    assert kinds(refused.value) == [LIMIT_EXCEEDED], "a customer's wallet may refuse to send it, and a business to read it"


def test_paths_that_lead_nowhere() -> None:
    there = town()
    paths: list[list[Any]] = [["credentialSubject", "langs", *[None] * (number % 60)] for number in range(60)]
    request = rewritten(there.ask("a"), there.bar_key, lambda said: enormous(said, paths, sets=200, credentials=5))
    assert not there.ada.plan(request).answerable


@pytest.mark.parametrize("door", ["plan", "store", "accept", "accept for"])
def test_more_than_is_read(door: str) -> None:
    there = town()
    request = there.ask("age_over_18")
    answer = there.answer(request)
    large = b"a.b.c" * (DEFAULT_LIMITS.size_bytes // 5) + b"a.b.c~"
    doors: dict[str, Callable[[], object]] = {
        "plan": lambda: there.ada.plan(large),
        "store": lambda: there.ada.store(large),
        "accept": lambda: there.bar.accept(large, request),
        "accept for": lambda: there.bar.accept(answer, large),
    }
    with pytest.raises(SaysoError) as refused:
        doors[door]()
    assert kinds(refused.value) == [LIMIT_EXCEEDED]


@pytest.mark.parametrize("character", ["[", '{"a":', "~", ".", '"', "\\", " ", "{", "e30.", "WyI"])
def test_one_character_very_often(character: str) -> None:
    there = town()
    request = there.ask("age_over_18")
    answer = there.answer(request)
    text = character * (1_000_000 // len(character))
    doors = (
        lambda: there.ada.plan(text),
        lambda: there.ada.store(text),
        lambda: there.bar.accept(text, request),
        lambda: there.bar.accept(answer, text),
        lambda: there.bar.accept(answer_of({"vc-sd-jwt": text}), request),
    )
    for door in doors:
        with pytest.raises(SaysoError) as refused:
            door()
        assert {*kinds(refused.value)} <= {PARSING_ERROR, LIMIT_EXCEEDED}


def test_very_many_presentations() -> None:
    there = town()
    request = there.ask("age_over_18")
    parts = taken_apart(there.answer(request))
    text = "~".join((parts.card, *parts.disclosures, parts.binding))
    for token in ({"vc-sd-jwt": [text] * 65}, {f"q{number}": [text] for number in range(65)}):
        with pytest.raises(SaysoError) as refused:
            there.bar.accept(sealed_json({"vp_token": token}), request)
        assert kinds(refused.value) == [LIMIT_EXCEEDED]


def test_very_many_disclosures() -> None:
    there = town()
    request = there.ask("age_over_18")
    parts = taken_apart(there.answer(request))
    many = parts._replace(disclosures=("WyJzIiwibiIsMV0",) * (DEFAULT_LIMITS.disclosures + 1))
    with pytest.raises(SaysoError) as refused:
        there.bar.accept(many.bound(there.ada_key), request)
    assert kinds(refused.value) == [LIMIT_EXCEEDED]
