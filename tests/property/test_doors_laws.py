"""Whatever comes to a public door gives a value or the one error: arbitrary bytes, spoilt tokens, and whatever a party may sign."""

import copy
import hashlib
from collections.abc import Callable, Sequence
from contextlib import suppress
from typing import Any, TypeVar

import pytest
from hypothesis import given
from hypothesis import strategies as st

from sayso import ANYONE, Expectations, Plan, SaysoError, examine, examine_answer, verify
from sayso.encodings import base64url
from sayso.errors import Problem
from sayso.jsonvalue import serialize
from sayso.proofs.sd_jwt.serialization import flattened, general
from sayso.query import grammar
from sayso.testing.world import START, CountingEntropy
from tests.journeys.town import HOUR, answer_of, header_of, payload_of, sign, taken_apart, town
from tests.property.journeys import claims
from tests.support import examples

T = TypeVar("T")

pytestmark = pytest.mark.laws

THERE = town()
CARDS = {format_: THERE.issue(format=format_) for format_ in ("vc+sd-jwt", "dc+sd-jwt")}
REQUEST = THERE.ask("age_over_18", ("address", "city"), optional=["given_name"], answer_within=HOUR)
PLAN = THERE.ada.plan(REQUEST)
ANSWER = THERE.ada.present(PLAN)
PARTS = taken_apart(ANSWER)
PRESENTED = "~".join((PARTS.card, *PARTS.disclosures, PARTS.binding))
EXPECTED = Expectations(issuers=[THERE.city.did], audience=PLAN.asked.request.client_id, nonce=PLAN.asked.request.nonce)
OPEN = Expectations(issuers=ANYONE, holder_binding=False, status="waive", unknown_status="ignore")
QUERY = PLAN.asked.request.query
IN_JSON = [write(text) for write in (flattened, general) for text in (PRESENTED, *(card.text for card in CARDS.values()))]
VALID = [REQUEST.data, ANSWER.data, PRESENTED.encode(), *(card.data for card in CARDS.values()), *map(str.encode, IN_JSON)]


SEEDS = st.integers(0, 2**64 - 1)

# What stands where something else belongs.
ODD: list[Any] = [
    None,
    True,
    0,
    -1,
    2**70,
    2.5,
    1e300,
    "",
    "x",
    "é\u202e",
    "did:key:z6Mk",
    "https://x.example/",
    [],
    ["x"],
    [None],
    [[]],
    [{}],
]
ODD += [
    {},
    {"x": 1},
    {"id": []},
    {"_sd": []},
    {"...": "x"},
    [{"...": "x"}],
    {"@value": 1},
    {"@context": []},
    {"jwk": {}},
    {"values": [1]},
    ["x"] * 300,
]
MEMBERS = [
    "x",
    "_sd",
    "...",
    "_sd_alg",
    "@type",
    "@context",
    "id",
    "type",
    "exp",
    "nbf",
    "iat",
    "aud",
    "cnf",
    "status",
    "credentialStatus",
    "crit",
]
PIECES = [b"", b".", b"~", b"~~", b'"', b"=", b"\0", b"\xff", b"{", b"[", b"AA", b" "]


class Chance:
    """Choose by a number: a law draws one, and the same number makes the same choices."""

    def __init__(self, seed: int) -> None:
        self._entropy = CountingEntropy(seed.to_bytes(8))

    def below(self, most: int) -> int:
        return int.from_bytes(self._entropy(4)) % most

    def pick(self, values: Sequence[T]) -> T:
        return values[self.below(len(values))]

    def spoil(self, data: bytes) -> bytes:
        """Cut pieces out, put some in, double them, or take them from something else."""
        for _ in range(1 + self.below(3)):
            start = self.below(len(data) + 1)
            end = start + self.pick([0, 1, 4, 100, 5000])
            other = self.pick(VALID)
            begin = self.below(len(other))
            data = data[:start] + self.pick([*PIECES, other[begin : begin + 100], data[start:end]]) + data[end:]
        return data

    def change(self, value: Any) -> Any:
        """Make something, somewhere in a JSON value, another thing, or missing, or more."""
        whole = copy.deepcopy(value)
        for _ in range(1 + self.below(2)):
            here = whole
            while here:
                step = self.pick([*here] if isinstance(here, dict) else range(len(here)))
                if isinstance(here[step], (dict, list)) and here[step] and self.below(4):
                    here = here[step]
                    continue
                match self.below(4):
                    case 0:
                        del here[step]
                    case 1 if isinstance(here, dict):
                        here[self.pick(MEMBERS)] = self.odd()
                    case _:
                        here[step] = self.odd()
                break
        return whole

    def odd(self) -> Any:
        return copy.deepcopy(self.pick(ODD))

    def header(self, token: str) -> Any:
        header = header_of(token)
        return header if self.below(4) else self.change(header)

    def some(self, values: Sequence[T]) -> list[T]:
        return [self.pick(values) for _ in range(self.below(5))]


def check(problems: tuple[Problem, ...]) -> None:
    for problem in problems:
        assert problem.title
        assert problem.detail
        assert problem.pointer == "" or problem.pointer.startswith("/")


def knock(*doors: Callable[[], object]) -> None:
    """Knock at doors: whoever is refused is refused by the one error, with problems that say what."""
    for door in doors:
        try:
            door()
        except SaysoError as error:
            check(error.problems)


def look(data: Any) -> None:
    for expected in (EXPECTED, OPEN):
        check(examine(data, expected, at=START).problems)


def put_away(data: Any) -> None:
    THERE.ada.remove(THERE.ada.store(data))


def use(plan: Plan) -> None:
    """Do with a plan whatever can be done."""
    assert str(plan).isprintable()
    assert repr((plan.leaves, plan.stays, plan.visible, plan.reasons, plan.benefits, plan.ends, plan.names))
    knock(lambda: THERE.ada.present(plan.also(*plan.optional)))


DATA = st.binary(max_size=200) | st.text(max_size=100) | SEEDS.map(lambda seed: Chance(seed).spoil(Chance(seed).pick(VALID)))


@examples()
@given(DATA | SEEDS.map(lambda seed: Chance(seed).spoil(Chance(seed).pick(VALID)).decode("latin-1")))
def test_arbitrary_bytes_and_texts(data: bytes | str) -> None:
    knock(
        lambda: use(THERE.ada.plan(data)),
        lambda: put_away(data),
        lambda: THERE.bar.accept(data, REQUEST),
        lambda: THERE.bar.accept(b"{}", data),
        lambda: verify(data, OPEN, at=START),
    )
    look(data)
    check(examine_answer(data, QUERY, EXPECTED, at=START).problems)


@examples(125)
@given(SEEDS)
def test_whatever_a_business_signs(seed: int) -> None:
    chance = Chance(seed)
    token = sign(chance.header(REQUEST.text), chance.change(payload_of(REQUEST.text)), THERE.bar_key)
    knock(lambda: use(THERE.ada.plan(token)), lambda: THERE.bar.accept(ANSWER, token))


@examples(125)
@given(SEEDS)
def test_whatever_an_issuer_signs(seed: int) -> None:
    chance = Chance(seed)
    card, *disclosures, _ = chance.pick([*CARDS.values()]).text.split("~")
    text = "~".join((sign(chance.header(card), chance.change(payload_of(card)), THERE.city_key), *chance.some(disclosures), ""))
    knock(lambda: put_away(text))
    look(text)


@examples(125)
@given(SEEDS)
def test_whatever_an_issuer_hides(seed: int) -> None:
    """Disclosures that hold anything, with digests that are right."""
    chance = Chance(seed)
    digests: list[Any] = []
    disclosures: list[str] = []
    for _ in range(1 + chance.below(4)):
        inner: Any = chance.pick([{"_sd": digests[-1:]}, [{"...": one} for one in digests[-1:]], chance.odd()])
        parts: Any = chance.pick([["s", "a", inner], ["s", f"n{len(digests)}", inner], ["s", inner], inner, [1, "a", 2], ["s", "_sd", []]])
        disclosures.append(base64url.encode(serialize(parts).encode()))
        digests.append(base64url.encode(hashlib.sha256(disclosures[-1].encode()).digest()))
    hiding: Any = chance.pick(
        [{"_sd": digests}, {"_sd": digests[-1:]}, {"list": [{"...": one} for one in digests]}, {"in": {"_sd": digests}}]
    )
    card = CARDS["dc+sd-jwt"].text
    text = "~".join((sign(header_of(card), {**payload_of(card), **hiding}, THERE.city_key), *disclosures, ""))
    knock(lambda: put_away(text))
    look(text)


@examples(125)
@given(SEEDS)
def test_whatever_a_holder_signs(seed: int) -> None:
    chance = Chance(seed)
    said = chance.change(PARTS.said)
    if chance.below(2):
        parts = PARTS._replace(disclosures=tuple(chance.some(CARDS["vc+sd-jwt"].text.split("~")[1:-1])))
        answer = parts.bound(THERE.ada_key, **{name: value for name, value in said.items() if name != "sd_hash"})
    else:
        answer = PARTS._replace(binding=sign(chance.header(PARTS.binding), said, THERE.ada_key)).answer()
    knock(
        lambda: THERE.bar.accept(answer, REQUEST),
        lambda: THERE.bar.accept(answer_of({chance.pick([PARTS.query, "", "\0", "x" * 300]): PRESENTED}), REQUEST),
        lambda: THERE.bar.accept(serialize(chance.change({"vp_token": {PARTS.query: [PRESENTED]}})), REQUEST),
    )


@examples(125)
@given(SEEDS)
def test_whatever_is_asked(seed: int) -> None:
    """A query of one's own is a programmer's: what is wrong with it is a ValueError."""
    query = Chance(seed).change(grammar.serialize(QUERY))
    with suppress(ValueError):
        check(examine_answer(serialize({PARTS.query: [PRESENTED]}), query, EXPECTED, at=START).problems)


@examples(100)
@given(claims(), st.sampled_from([*CARDS]))
def test_whatever_is_issued_can_be_stored(made: Any, format_: str) -> None:
    put_away(THERE.issue(made, format=format_))
