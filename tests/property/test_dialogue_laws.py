"""Laws of dialogue maps: what is read is what was written, no change goes unseen, and whatever is no map is refused in one way."""

import json
from collections.abc import Iterator
from contextlib import suppress
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from sayso.errors import SaysoError
from sayso.sharing import dpv
from sayso.sharing.dialogue.changes import diff
from sayso.sharing.dialogue.notice import privacy_notice
from sayso.sharing.dialogue.reading import read_map
from sayso.sharing.dialogue.record import record_json_ld, record_of_processing
from sayso.sharing.dialogue.values import DialogueMap

pytestmark = pytest.mark.laws

texts = st.text(st.characters(codec="utf-8", exclude_categories=("C", "Z")), min_size=1, max_size=12)
durations = st.sampled_from(["PT0S", "PT1H", "P1D", "P30D", "P36525D"])
bases = st.sampled_from(sorted(dpv.LEGAL_BASES))
recipients = st.lists(st.fixed_dictionaries({"name": texts, "role": st.sampled_from(sorted(dpv.ROLES))}), max_size=2, unique_by=str)
organisations = st.fixed_dictionaries(
    {"legalName": texts},
    optional={
        "tradeName": texts,
        "country": st.just("NO"),
        "supportURI": st.just(["https://shop.example/"]),
        "rightsEndpoint": st.just("tel:1"),
    },
)
row_members: dict[str, st.SearchStrategy[Any]] = {
    "reason": texts,
    "benefit": texts,
    "ifNotShared": texts,
    "hasLegalBasis": bases,
    "hasRecipient": recipients,
    "hasPersonalData": st.sampled_from(sorted(dpv.CATEGORIES)),
    "storage": st.fixed_dictionaries(
        {"hasDuration": durations}, optional={"trigger": texts, "hasLocation": st.sampled_from(["loc:NO", "loc:SE"])}
    ),
    "values": st.lists(texts, min_size=1, max_size=2),
}
step_members: dict[str, st.SearchStrategy[Any]] = {
    "ifNotShared": texts,
    "hasPurpose": st.sampled_from(sorted(dpv.PURPOSES)),
    "hasLegalBasis": bases,
    "hasRecipient": recipients,
    "intendedUseIdentifier": texts,
    "type": texts,
}
map_members: dict[str, st.SearchStrategy[Any]] = {
    "title": texts,
    "version": texts,
    "dataSubjects": texts,
    "securityMeasures": st.lists(texts, max_size=2, unique=True),
    "controller": organisations,
    "intermediary": organisations,
    "supervisoryAuthority": organisations,
    "dataProtectionOfficer": organisations,
    "hasLegalBasis": bases,
    "hasRecipient": recipients,
    "prohibited": st.lists(st.sampled_from(sorted(dpv.PROHIBITABLE)), max_size=3, unique=True),
    "agreement": texts,
}


@st.composite
def maps(draw: st.DrawFn) -> Any:
    """Draw a map as its file has it."""
    steps: list[Any] = []
    for number in range(draw(st.integers(1, 2))):
        rows: list[Any] = []
        for index in range(draw(st.integers(1, 2))):
            necessity = st.sampled_from(["dpv:Required", "dpv:Optional"])
            row = st.fixed_dictionaries({"claim": st.just(f"c{index}"), "hasNecessity": necessity}, optional=row_members)
            rows.append(draw(row))
        purposes = [{"content": draw(texts)}, *([{"lang": "nb", "content": draw(texts)}] if draw(st.booleans()) else [])]
        said = {"id": f"s{number}", "purposeText": purposes, "benefit": draw(texts), "storage": {"hasDuration": draw(durations)}}
        steps.append({**said, "attributes": rows, **draw(st.fixed_dictionaries({}, optional=step_members))})
    return {"id": "urn:example:map", "steps": steps, **draw(st.fixed_dictionaries({}, optional=map_members))}


def _read(members: Any) -> DialogueMap:
    return read_map(json.dumps(members))


def _leaves(value: Any, *place: str | int) -> Iterator[tuple[str | int, ...]]:
    items = value.items() if isinstance(value, dict) else enumerate(value) if isinstance(value, list) else ()
    for name, item in items:
        yield (*place, name)
        yield from _leaves(item, *place, name)


@given(maps())
def test_what_is_read_is_what_was_written(members: Any) -> None:
    one = _read(members)
    assert _read(one.to_json()) == one
    assert diff(one, _read(one.to_json())) == ()


@given(maps(), st.data())
def test_every_member_that_is_taken_away_is_seen(members: Any, data: st.DataObject) -> None:
    place = data.draw(st.sampled_from([*_leaves(members)]))
    changed = json.loads(json.dumps(members))
    inner = changed
    for step in place[:-1]:
        inner = inner[step]
    del inner[place[-1]]
    with suppress(SaysoError):
        old, new = _read(members), _read(changed)
        assert bool(diff(old, new)) == bool(diff(new, old)) == (old.to_json() != new.to_json())


@given(maps(), maps())
def test_every_difference_is_seen(one: Any, other: Any) -> None:
    old, new = _read(one), _read(other)
    assert bool(diff(old, new)) == (_sorted(old.to_json()) != _sorted(new.to_json()))


def _sorted(value: Any) -> Any:
    """Give a value whose lists stand in one order: that is no difference."""
    if isinstance(value, dict):
        return {name: _sorted(item) for name, item in value.items()}
    return sorted((_sorted(item) for item in value), key=json.dumps) if isinstance(value, list) else value


@given(maps())
def test_every_map_can_be_told_and_recorded(members: Any) -> None:
    one = _read(members)
    assert privacy_notice(one)
    assert record_of_processing(one)
    json.dumps(record_json_ld(one))


@given(st.one_of(st.binary(max_size=60), st.text(max_size=60)))
def test_whatever_comes_is_a_map_or_the_one_error(data: bytes | str) -> None:
    with suppress(SaysoError):
        read_map(data)


@given(maps(), st.data(), st.recursive(st.none() | st.integers() | texts, lambda inner: st.lists(inner) | st.dictionaries(texts, inner)))
def test_whatever_stands_in_a_map_is_read_or_the_one_error(members: Any, data: st.DataObject, value: Any) -> None:
    place = data.draw(st.sampled_from([*_leaves(members)]))
    inner = members
    for step in place[:-1]:
        inner = inner[step]
    inner[place[-1]] = value
    with suppress(SaysoError):
        _read(members)
