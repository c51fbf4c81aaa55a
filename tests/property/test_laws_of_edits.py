"""Every edit in one place of a presentation is refused: each position, and something put in, taken out, replaced or swapped there."""

from collections.abc import Callable, Iterator

import pytest

from sayso import Expectations, examine
from sayso.encodings import base64url
from sayso.proofs.sd_jwt.serialization import flattened, general
from sayso.testing.world import START
from tests.journeys.town import taken_apart, town

pytestmark = pytest.mark.laws

ALPHABET = "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789-_"
OTHERS = ALPHABET + "~.=+/ \n\0é\"'%"
MIN_EDITS = 10_000


def edits(text: str) -> Iterator[str]:
    """Give every edit in one place; which character comes in changes from place to place."""
    for place, character in enumerate(text):
        other = OTHERS[(OTHERS.find(character) + 1 + place % (len(OTHERS) - 1)) % len(OTHERS)]
        head, tail = text[:place], text[place + 1 :]
        yield head + other + character + tail
        yield head + tail
        yield head + other + tail
        yield head + tail[:1] + character + tail[1:]
    yield from (text + other for other in OTHERS)


def test_every_one_is_refused_and_no_exception_comes_out() -> None:
    tried = skipped = 0
    for format_ in ("vc+sd-jwt", "dc+sd-jwt"):
        there = town(format=format_, decoys=1)
        plan = there.plan("age_over_18", ("address", "city"), ("langs", 1), type="IdentityCard", formats=[format_])
        parts = taken_apart(there.ada.present(plan))
        text = "~".join((parts.card, *parts.disclosures, parts.binding))
        request = plan.asked.request
        expected = Expectations(issuers=[there.city.did], audience=request.client_id, nonce=request.nonce)
        assert examine(text, expected, at=START).ok
        for edited in edits(text):
            if edited == text:
                skipped += 1
                continue
            tried += 1
            report = examine(edited, expected, at=START)
            assert not report.ok
            assert report.verified is None
    assert tried >= MIN_EDITS
    assert skipped < tried / 20, "two neighbours that are alike cannot be swapped, and little else changes nothing"


def test_every_bit_of_what_the_holder_said_and_of_both_signatures() -> None:
    """One character stands for several bits: here each bit is turned by itself."""
    there = town()
    plan = there.plan("age_over_18")
    parts = taken_apart(there.ada.present(plan))
    request = plan.asked.request
    expected = Expectations(issuers=[there.city.did], audience=request.client_id, nonce=request.nonce)
    tokens = ([*parts.card.split(".")], [*parts.binding.split(".")])
    for token, index in ((0, 2), (1, 1), (1, 2)):
        raw = base64url.decode(tokens[token][index])
        for bit in range(len(raw) * 8):
            turned = bytearray(raw)
            turned[bit // 8] ^= 1 << bit % 8
            edited = [[*segments] for segments in tokens]
            edited[token][index] = base64url.encode(bytes(turned))
            card, binding = map(".".join, edited)
            assert not examine("~".join((card, *parts.disclosures, binding)), expected, at=START).ok


@pytest.mark.parametrize("form", [flattened, general])
def test_an_edit_of_the_json_around_it_changes_nothing_or_is_refused(form: Callable[[str], str]) -> None:
    """White space, or the name of a member that nobody knows, says nothing; whatever else is edited is refused."""
    there = town(format="dc+sd-jwt", decoys=1)
    plan = there.plan("age_over_18", ("langs", 1), type="IdentityCard", formats=["dc+sd-jwt"])
    parts = taken_apart(there.ada.present(plan))
    text = "~".join((parts.card, *parts.disclosures, parts.binding))
    request = plan.asked.request
    expected = Expectations(issuers=[there.city.did], audience=request.client_id, nonce=request.nonce)
    whole = examine(text, expected, at=START)
    passed = 0
    for edited in edits(form(text)):
        report = examine(edited, expected, at=START)
        if report.ok:
            passed += 1
            assert report == whole
    assert passed < 200, "white space between members"
