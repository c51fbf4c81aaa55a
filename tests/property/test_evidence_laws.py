"""Laws of evidence: no value is in it, whatever was shared; one changed character is refused; bytes give a bundle or the one error."""

from contextlib import suppress
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from sayso import ComplaintBundle, SaysoError
from sayso.encodings import base64url
from sayso.sharing.evidence import parts as named
from sayso.testing.actors import ADA
from tests.unit.sharing.evidence.told import Story, story

pytestmark = pytest.mark.laws


@pytest.fixture(scope="module")
def told() -> Story:
    return story()


@pytest.fixture(scope="module")
def bundle(told: Story) -> ComplaintBundle:
    return told.bundle()


def readable(bundle: ComplaintBundle) -> str:
    """Give all that can be read in a bundle, inside its JWTs too."""
    texts = [*bundle.parts.values(), bundle.to_zip().decode("latin-1")]
    for text in bundle.parts.values():
        for part in text.split("."):
            with suppress(SaysoError):
                texts.append(base64url.decode(part).decode("latin-1"))
    return "\n".join(texts)


@settings(max_examples=25)
@given(
    st.lists(st.sampled_from(["given_name", "family_name", "birthdate", "age_over_18"]), min_size=1, unique=True),
    st.sampled_from(["vc+jwt", "eddsa-jcs-2022"]),
    st.binary(max_size=4),
)
def test_no_value_is_in_it(claims: list[str], format: str, seed: bytes) -> None:
    told = story(seed, claims, format)
    everything = readable(told.bundle())
    assert all(claim in everything for claim in claims)
    values = [str(value) for value in ADA.values() if isinstance(value, str) and len(value) > 3]
    assert values
    assert not any(value in everything for value in values)
    assert not any(f'"{value}"' in everything for value in ADA.values())
    presentation = told.cast.ada.shared[-1]
    assert presentation.claims
    assert told.cast.card.text.partition("~")[0] not in everything


@settings(max_examples=150)
@given(st.data())
def test_one_changed_character_is_refused(told: Story, bundle: ComplaintBundle, data: st.DataObject) -> None:
    part = data.draw(st.sampled_from([*bundle.parts]))
    text = bundle.parts[part]
    at = data.draw(st.integers(0, len(text) - 1))
    other = data.draw(st.characters(codec="utf-8").filter(lambda character: character != text[at]))
    changed = named.to_json({**bundle.parts, part: text[:at] + other + text[at + 1 :]})
    with pytest.raises(SaysoError):
        ComplaintBundle.parse(changed).verify(at=told.world.clock())


@given(st.binary(max_size=300) | st.binary(max_size=300).map(lambda data: b"PK" + data) | st.text(max_size=100))
def test_bytes_give_a_bundle_or_the_one_error(data: Any) -> None:
    with suppress(SaysoError):
        ComplaintBundle.parse(data)


@settings(max_examples=50)
@given(st.data())
def test_parts_give_evidence_or_the_one_error(told: Story, bundle: ComplaintBundle, data: st.DataObject) -> None:
    texts = st.text(max_size=30) | st.sampled_from([*bundle.parts.values()])
    parts = {**bundle.parts, **data.draw(st.dictionaries(st.sampled_from(named.NAMES), texts, max_size=4))}
    with suppress(SaysoError):
        ComplaintBundle.parse(named.to_json(parts)).verify(at=told.world.clock())
