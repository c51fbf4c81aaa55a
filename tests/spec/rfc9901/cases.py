"""Run a case through issuing, holding, presenting and verifying: claims, what of them is concealed, what is shown, what arrives."""

from collections.abc import Iterator, Mapping, Sequence
from typing import NamedTuple, TypeAlias

from sayso.credentials.claims_path import Location
from sayso.jsonvalue import Json, JsonObject
from sayso.proofs.mechanism import Proven
from sayso.proofs.sd_jwt.concealment import conceal
from sayso.proofs.sd_jwt.holding import hold
from sayso.proofs.sd_jwt.serialization import COMPACT, SERIALIZERS
from sayso.testing.world import CountingEntropy
from tests.unit.proofs.tokens import HOLDER, PID, prove, said, sd_jwt, token


class Sd(NamedTuple):
    """Mark a value of an array, or the name of a member, as selectively disclosable."""

    value: object


Marked: TypeAlias = object
"""JSON with marks in it."""
Wanted: TypeAlias = object
"""The shape of the claims with true where something is shown: {"name": True, "langs": [False, True]}."""


class Case(NamedTuple):
    """Say what is issued, what is shown, and what arrives."""

    name: str
    claims: Mapping[object, Marked]
    shown: Mapping[str, Wanted]
    arrives: JsonObject


class Plain(NamedTuple):
    """Hold claims without marks, and the places that were marked."""

    claims: JsonObject
    hidden: list[Location]


def plain(claims: Mapping[object, Marked]) -> Plain:
    """Take the marks off."""
    hidden: list[Location] = []

    def unmarked(value: Marked, at: Location) -> Json:
        if isinstance(value, Mapping):
            members: JsonObject = {}
            for name, item in value.items():
                text = str(name.value if isinstance(name, Sd) else name)
                if isinstance(name, Sd):
                    hidden.append((*at, text))
                members[text] = unmarked(item, (*at, text))
            return members
        if isinstance(value, list):
            elements: list[Json] = []
            for index, item in enumerate(value):
                if isinstance(item, Sd):
                    hidden.append((*at, index))
                elements.append(unmarked(item.value if isinstance(item, Sd) else item, (*at, index)))
            return elements
        assert value is None or isinstance(value, (str, int, float))
        return value

    document = unmarked(claims, ())
    assert isinstance(document, dict)
    return Plain(document, hidden)


def selected(shown: Wanted, hidden: Sequence[Location], at: Location = ()) -> Iterator[Location]:
    """Give the marked places that are shown."""
    if isinstance(shown, Mapping):
        for name, item in shown.items():
            yield from selected(item, hidden, (*at, str(name)))
    elif isinstance(shown, list):
        for index, item in enumerate(shown):
            yield from selected(item, hidden, (*at, index))
    elif shown and at in hidden:
        yield at


def present(case: Case, *, decoys: int = 0, hash_name: str = "sha-256", form: str = COMPACT) -> str:
    """Issue the claims in a serialization, and present what is shown of them, with key binding."""
    claims, hidden = plain(case.claims)
    concealed = conceal({**PID, **claims}, hidden, CountingEntropy(), decoys=decoys, hash_name=hash_name)
    issued = sd_jwt(token(concealed.payload), *concealed.disclosures)
    proven = prove(SERIALIZERS[form](issued))
    assert claims_of(proven) == claims
    assert {*proven.disclosed} == {*hidden}
    return hold(issued.encode(), proven).present(selected(case.shown, hidden), said(), HOLDER)


def claims_of(proven: Proven) -> JsonObject:
    """Give what is not the same in every case."""
    return {name: value for name, value in proven.document.items() if name not in PID}


def check(case: Case, *, decoys: int = 0, hash_name: str = "sha-256", form: str = COMPACT) -> None:
    """Run a case with and without key binding, and see that just what was to arrive does."""
    presented = present(case, decoys=decoys, hash_name=hash_name, form=form)
    proven = prove(SERIALIZERS[form](presented))
    assert claims_of(proven) == case.arrives
    assert proven.bindings
    unbound = prove(SERIALIZERS[form](presented[: presented.rindex("~") + 1]))
    assert claims_of(unbound) == case.arrives
    assert not unbound.bindings
