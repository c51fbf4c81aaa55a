"""Laws of SD-JWT: what is disclosed is what was chosen; what was not never leaves; nothing hostile gives more than the one error."""

from collections.abc import Iterator
from itertools import count
from typing import NamedTuple

import pytest
from hypothesis import given
from hypothesis import strategies as st

from sayso.credentials.claims_path import Location, Places
from sayso.encodings import base64url
from sayso.errors import CRYPTOGRAPHIC_SECURITY_ERROR, LIMIT_EXCEEDED, PARSING_ERROR, ProblemType
from sayso.jsonvalue import DEFAULT_LIMITS, Json, JsonObject, serialize
from sayso.proofs.mechanism import Proven
from sayso.proofs.sd_jwt.concealment import conceal
from sayso.proofs.sd_jwt.disclosure import HASHES
from sayso.proofs.sd_jwt.holding import hold
from sayso.testing.world import CountingEntropy
from tests.property.outcomes import ODD, outcome
from tests.property.test_jsonvalue_laws import VALUES
from tests.support import examples
from tests.unit.proofs.tokens import HOLDER, PID, POLICY, bound, digest, encoded, prove, said, sd_jwt, token

pytestmark = pytest.mark.laws

NAMES = st.sampled_from(["a", "b", "cc", "é", "", " ", "0", "__proto__", "iat", '"'])
SCALARS = st.none() | st.booleans() | st.integers(-9, 9) | st.text(max_size=3, alphabet='aé\\" \u2028')
TREES: st.SearchStrategy[Json] = st.recursive(
    SCALARS, lambda inner: st.lists(inner, max_size=3) | st.dictionaries(NAMES, inner, max_size=3), max_leaves=8
)
CLAIMS: st.SearchStrategy[JsonObject] = st.dictionaries(NAMES, TREES, min_size=1, max_size=4)


def _places(value: Json, at: Location = ()) -> Iterator[Location]:
    parts = value.items() if isinstance(value, dict) else enumerate(value) if isinstance(value, list) else ()
    for step, item in parts:
        yield (*at, step)
        yield from _places(item, (*at, step))


class Issued(NamedTuple):
    """Hold claims, what of them is concealed, what of that is chosen, and the text."""

    claims: JsonObject
    hidden: list[Location]
    chosen: list[Location]
    text: str
    hash_name: str


@st.composite
def issued(draw: st.DrawFn) -> Issued:
    claims = draw(CLAIMS)
    places = [*_places(claims)]
    hidden = draw(st.lists(st.sampled_from(places), unique=True))
    chosen = draw(st.lists(st.sampled_from(places), unique=True, max_size=4))
    hash_name = draw(st.sampled_from([*HASHES]))
    concealed = conceal({**PID, **claims}, hidden, CountingEntropy(), hash_name=hash_name, decoys=draw(st.integers(0, 2)))
    return Issued(claims, hidden, chosen, sd_jwt(token(concealed.payload), *concealed.disclosures), hash_name)


def _left(value: Json, gone: set[Location], at: Location = ()) -> Json:
    """Say what is left of claims when some places are gone: the law, written as plainly as it can be."""
    if isinstance(value, dict):
        return {name: _left(item, gone, (*at, name)) for name, item in value.items() if (*at, name) not in gone}
    if isinstance(value, list):
        return [_left(item, gone, (*at, index)) for index, item in enumerate(value) if (*at, index) not in gone]
    return value


def _claims(proven: Proven) -> JsonObject:
    return {name: value for name, value in proven.document.items() if name not in PID}


@examples(100)
@given(issued())
def test_what_was_concealed_comes_back(case: Issued) -> None:
    """All disclosures give all claims; none give what was never concealed."""
    proven = prove(case.text)
    assert _claims(proven) == case.claims
    assert {*proven.disclosed} == {*case.hidden}
    bare = prove(case.text.partition("~")[0] + "~")
    assert _claims(bare) == _left(case.claims, {*case.hidden})


@examples(150)
@given(issued())
def test_what_arrives_is_what_was_chosen(case: Issued) -> None:
    """What is chosen, what it takes to get there and what lies inside; no other disclosure, value or salt is in the text."""
    proven = prove(case.text)
    presented = hold(case.text.encode(), proven).present(case.chosen, said(), HOLDER)
    arrived = prove(presented)
    needed = {*Places(case.hidden).needed(case.chosen)}
    kept = {place for number, place in enumerate(case.hidden) if number not in needed}
    assert _claims(arrived) == _left(case.claims, kept)
    assert len(arrived.disclosed) == len(needed)
    for place, disclosure in proven.disclosed.items():
        assert (disclosure in presented) == (place not in kept)


@examples(100)
@given(issued())
def test_positions_count_as_the_issuer_did(case: Issued) -> None:
    """Whatever is left of an array knows where it stood."""
    proven = prove(hold(case.text.encode(), prove(case.text)).present(case.chosen, said(), HOLDER))
    needed = {*Places(case.hidden).needed(case.chosen)}
    kept = {place for number, place in enumerate(case.hidden) if number not in needed}

    def check(value: Json, before: Json, at: Location, was: Location) -> None:
        if isinstance(value, dict):
            assert isinstance(before, dict)
            for name, item in value.items():
                check(item, before[name], (*at, name), (*was, name))
        if isinstance(value, list):
            assert isinstance(before, list)
            stood = [index for index in range(len(before)) if (*was, index) not in kept]
            assert [*proven.positions.get(at, range(len(value)))] == stood
            for index, item in enumerate(value):
                check(item, before[stood[index]], (*at, index), (*was, stood[index]))

    check({name: value for name, value in proven.document.items() if name in case.claims}, {**PID, **case.claims}, (), ())


@st.composite
def hostile(draw: st.DrawFn) -> tuple[JsonObject, list[str]]:
    """Write payloads and disclosures that refer to each other in every way, also those that no honest issuer would write."""
    number = count()
    disclosures: list[str] = []

    def reference() -> str:
        known = draw(st.sampled_from(disclosures)) if disclosures else ""
        return digest(known) if draw(st.booleans()) else f"unknown{next(number)}"

    def value() -> Json:
        odd = draw(ODD)
        shapes: list[Json] = [
            odd,
            {"_sd": [reference(), reference()]},
            [{"...": reference()}, odd],
            {"a": {"_sd": [reference()]}, "b": [[{"...": reference()}]]},
            {draw(st.sampled_from(["_sd", "...", "_sd_alg"])): odd},
        ]
        return draw(st.sampled_from(shapes))

    for _ in range(draw(st.integers(0, 5))):
        parts: list[Json] = [f"salt{next(number)}", draw(st.sampled_from(["a", "b", "_sd", "...", "_sd_alg", "iss"])), value()]
        if draw(st.booleans()):
            del parts[1]
        disclosures.append(draw(st.sampled_from([encoded(parts), encoded(parts), encoded(parts), encoded(draw(ODD)), "!"])))
    payload: JsonObject = {**PID, "x": value(), "_sd": [reference() for _ in range(draw(st.integers(0, 3)))]}
    if draw(st.booleans()):
        payload["_sd_alg"] = draw(st.sampled_from(["sha-256", "sha-512", "md5"]) | ODD)
    return payload, draw(st.permutations(disclosures))


REFUSALS = {PARSING_ERROR, CRYPTOGRAPHIC_SECURITY_ERROR, LIMIT_EXCEEDED}


def _clean(value: Json) -> bool:
    if isinstance(value, dict):
        return value.keys().isdisjoint({"_sd", "_sd_alg", "..."}) and all(map(_clean, value.values()))
    return not isinstance(value, list) or all(map(_clean, value))


@examples(75)
@given(hostile())
def test_hostile_disclosures_give_a_clean_document_or_the_one_error(case: tuple[JsonObject, list[str]]) -> None:
    """No digest, placeholder or hash name is left in what is processed, and every disclosure that was sent is in it."""
    payload, disclosures = case
    found = outcome(prove, sd_jwt(token(payload), *disclosures))
    if isinstance(found, ProblemType):
        assert found in REFUSALS
        return
    assert _clean(found.document)
    assert sorted(found.disclosed.values()) == sorted(disclosures)
    assert found.document["iss"] == PID["iss"]


@examples(100)
@given(st.text(max_size=40), VALUES)
def test_anything_as_a_disclosure_gives_a_value_or_the_one_error(text: str, value: Json) -> None:
    for disclosure in (
        text,
        base64url.encode(text.encode(errors="replace")),
        encoded(value),
        base64url.encode(serialize(value).encode() + b" "),
    ):
        found = (
            outcome(prove, sd_jwt(token({**PID, "a": [{"...": digest(disclosure)}]}), disclosure))
            if disclosure.isascii()
            else PARSING_ERROR
        )
        assert isinstance(found, Proven) or found in REFUSALS


@examples(50)
@given(st.integers(1, 80), st.sampled_from([4, 16, 64]))
def test_a_chain_is_as_deep_as_is_allowed_or_refused(length: int, depth: int) -> None:
    """Each disclosure is shallow; what comes out is as deep as a text may be, and not a level deeper."""
    texts = [encoded(["salt", "x", 1])]
    for _ in range(length - 1):
        texts.append(encoded(["salt", "x", {"_sd": [digest(texts[-1])]}]))
    limits = DEFAULT_LIMITS._replace(depth=depth)
    payload: JsonObject = {"iss": PID["iss"], "vct": PID["vct"], "_sd": [digest(texts[-1])]}
    found = outcome(prove, sd_jwt(token(payload), *texts), POLICY._replace(limits=limits))
    assert found is LIMIT_EXCEEDED if length > limits.depth else isinstance(found, Proven)


@examples(50)
@given(st.permutations(range(5)), st.integers(0, 4))
def test_the_order_of_disclosures_matters_to_the_binding_alone(order: list[int], cut: int) -> None:
    disclosures = [encoded([f"salt{number}", f"c{number}", number]) for number in range(5)]
    issuer_jwt = token({**PID, "_sd": [*map(digest, disclosures)]})
    sent = [disclosures[number] for number in order][cut:]
    found = prove(sd_jwt(issuer_jwt, *sent))
    assert {*found.disclosed} == {(f"c{number}",) for number in order[cut:]}
    binding = bound(sd_jwt(issuer_jwt, *disclosures)).rpartition("~")[2]
    assert (outcome(prove, sd_jwt(issuer_jwt, *sent) + binding) is CRYPTOGRAPHIC_SECURITY_ERROR) == (sent != disclosures)
