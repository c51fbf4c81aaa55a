"""Laws of the forms in which a card travels: each says the same, and in none can anybody change what was signed."""

import json
from collections.abc import Callable
from functools import cache
from typing import Any, NamedTuple

import pytest
from hypothesis import given
from hypothesis import strategies as st

from sayso import ANYONE, Answer, Expectations, Report, SaysoError, examine, examine_answer
from sayso.encodings import base64url
from sayso.jsonvalue import DEFAULT_LIMITS, serialize
from sayso.proofs.sd_jwt.disclosure import HASHES
from sayso.proofs.sd_jwt.serialization import FLATTENED, GENERAL, SERIALIZERS, compact
from sayso.testing.world import START
from tests.journeys.town import opened, payload_of, taken_apart, town
from tests.property.journeys import (
    FORMATS,
    Journey,
    Place,
    claims,
    compact_of,
    forms,
    inside,
    journeys,
    kept,
    members,
    places,
    selected,
    walk,
)
from tests.property.test_doors_laws import OPEN, SEEDS, Chance
from tests.property.test_laws_of_edits import OTHERS
from tests.support import examples

pytestmark = pytest.mark.laws


@examples(40)
@given(journeys(everything_hidden=True))
def test_every_serialization_says_the_same(journey: Journey) -> None:
    """Stored under one id, reported alike, alone and in an answer; and whichever of them comes to the bar is accepted."""
    walked = walk(journey)
    there, query, ada = walked.there, walked.plan.asked.request, walked.there.ada
    card, presented = compact_of(walked.card), "~".join((walked.parts.card, *walked.parts.disclosures, walked.parts.binding))
    expected = Expectations(issuers=ANYONE, audience=query.client_id, nonce=query.nonce)
    alone = examine(presented, expected, at=START)
    answers: list[Report] = []
    for write in SERIALIZERS.values():
        assert {ada.store(write(card))} == {*ada.stored}
        assert examine(write(presented), expected, at=START) == alone
        answers.append(examine_answer(json.dumps(_token(walked.parts.query, write(presented))), query.query, expected, at=START))
    assert alone.ok
    assert answers[0].ok
    assert answers == [answers[0]] * len(SERIALIZERS)
    written = SERIALIZERS[journey.issuing["serialization"]](presented)
    answer = Answer(serialize({"vp_token": _token(walked.parts.query, written)}).encode())
    leaving = kept(journey.claims, inside(journey.claims, selected(journey.claims, {*walked.plan.names})))
    assert there.bar.accept(answer, walked.request).read() == leaving


def _token(query: str, presented: str) -> Any:
    """Give a `vp_token`, in which a JSON form is no text."""
    return {query: [json.loads(presented) if presented.startswith("{") else presented]}


@examples(60)
@given(claims(), forms())
def test_decoys_stand_wherever_something_is_hidden(made: Any, form: dict[str, Any]) -> None:
    """In every object and behind every array, also in what is itself disclosed; and nothing of them is left in what is read."""
    there = town(None)
    card = compact_of(there.issue(made, **form))
    (payload, *disclosures) = (payload_of(card), *(opened(text) for text in card.split("~")[1:-1]))
    found = [*_digests(payload), *(one for parts in disclosures for one in _digests(parts[-1]))]
    hiding = {place[:-1] for place in places(made)}
    assert len(found) == len(disclosures) + form["decoys"] * len(hiding)
    assert len({*found}) == len(found)
    assert {len(digest) for digest in found} <= {(HASHES[form["digest"]](b"").digest_size * 8 + 5) // 6}  # type: ignore[attr-defined]
    claimed: Any = examine(card, OPEN, at=START).require().claims
    said = claimed.get("credentialSubject", claimed)
    assert {name: said[name] for name in made} == made


def _digests(value: Any) -> list[str]:
    inner = [digest for _, item in members(value) for digest in _digests(item)]
    if isinstance(value, dict):
        inner += [*value.get("_sd", []), *([value["..."]] if "..." in value else [])]
    return inner


class Shown(NamedTuple):
    """Hold a presentation, and what is expected of it."""

    text: str
    expected: Expectations
    report: Report


@cache
def shown(format_: str, digest: str) -> Shown:
    there = town(format=format_, digest=digest, decoys=1)
    plan = there.plan("age_over_18", ("address", "city"), ("langs", 1), type="IdentityCard", formats=[format_])
    parts = taken_apart(there.ada.present(plan))
    request = plan.asked.request
    text = "~".join((parts.card, *parts.disclosures, parts.binding))
    expected = Expectations(issuers=[there.city.did], audience=request.client_id, nonce=request.nonce)
    return Shown(text, expected, examine(text, expected, at=START))


SHOWN = st.builds(shown, st.sampled_from(FORMATS), st.sampled_from([*HASHES]))


def _signed(document: Any) -> list[Place]:
    """Give the places of the texts that are covered by a signature, or are one."""
    return [place for place in places(document) if isinstance(_at(document, place), str)]


def _at(document: Any, place: Place) -> Any:
    for step in place:
        document = document[step]
    return document


@examples(150)
@given(SHOWN, st.sampled_from([*SERIALIZERS]), st.integers(0, 2**32), st.sampled_from(OTHERS))
def test_a_change_of_what_was_signed_is_refused(seen: Shown, form: str, at: int, other: str) -> None:
    """Of one character: in the payload, the protected header, a signature, a disclosure or the key binding."""
    written = SERIALIZERS[form](seen.text)
    document: Any = json.loads(written) if form in (FLATTENED, GENERAL) else [written]
    signed = _signed(document)
    *around, last = signed[at % len(signed)]
    holder = _at(document, tuple(around))
    text = holder[last]
    cut = at // len(signed) % len(text)
    if text[cut] == other:
        other = "A" if other != "A" else "B"
    holder[last] = text[:cut] + other + text[cut + 1 :]
    changed = json.dumps(document) if form in (FLATTENED, GENERAL) else holder[last]
    report = examine(changed, seen.expected, at=START)
    assert not report.ok
    assert report.verified is None


@examples(200)
@given(SHOWN, st.sampled_from([FLATTENED, GENERAL]), st.integers(0, 2**32), st.integers(0, 255))
def test_another_byte_anywhere_is_refused_or_changes_nothing(seen: Shown, form: str, at: int, byte: int) -> None:
    """The JSON around what was signed may be written in other ways; none of them says anything else."""
    written = bytearray(SERIALIZERS[form](seen.text).encode())
    written[at % len(written)] = byte
    report = examine(bytes(written), seen.expected, at=START)
    assert report == seen.report if report.ok else report.verified is None


MEMBERS = ["payload", "protected", "header", "signature", "signatures", "disclosures", "kb_jwt", "alg", "crit", "kid", "typ", "x", ""]
LEAVES = st.sampled_from(["", "e30", "AAAA", "AB", "a.b.c", "~", "é", "none", None, True, 1, [], {}, ["e30"], {"x": 1}])
STRAY = ["crit", "alg", "kid", "disclosures", "kb_jwt", "signature", "protected", "header", "signatures", "x"]
EXTRA: st.SearchStrategy[dict[str, Any]] = st.just({}) | st.dictionaries(st.sampled_from(STRAY), LEAVES, min_size=1, max_size=1)
SHAPES: st.SearchStrategy[Any] = st.recursive(
    LEAVES, lambda inner: st.lists(inner, max_size=3) | st.dictionaries(st.sampled_from(MEMBERS), inner, max_size=5), max_leaves=12
)


@st.composite
def jws_like(draw: st.DrawFn) -> tuple[Any, Expectations]:
    """Give a JWS in JSON, some of whose members are what an honest one has, and some not; and what is expected of an honest one."""
    seen = draw(SHOWN)
    jwt, *disclosures, binding = seen.text.split("~")
    protected, payload, signature = jwt.split(".")
    if draw(st.integers(0, 3)) == 0:
        # Several parts in one text.
        joined: list[tuple[list[str], str]] = [(["~".join(disclosures)], binding), (disclosures[:-1], f"{disclosures[-1]}~{binding}")]
        disclosures, binding = draw(st.sampled_from(joined))

    def some(value: Any) -> Any:
        return draw(LEAVES) if draw(st.integers(0, 39)) == 0 else value

    def signed() -> Any:
        header = {"disclosures": [some(text) for text in disclosures], "kb_jwt": some(binding), "x": 1, **draw(EXTRA)}
        return {"protected": some(protected), "header": some(header), "signature": some(signature), **draw(EXTRA)}

    if draw(st.booleans()):
        return some({"payload": some(payload), **signed()}), seen.expected
    further = [{**signed(), "header": draw(EXTRA)} for _ in range(draw(st.integers(0, 2)))]
    return {"payload": some(payload), "signatures": some([some(signed()), *further]), **draw(EXTRA)}, seen.expected


def _means(data: bytes) -> bytes | None:
    """Give the compact form that JSON stands for; nothing where it is none or is refused."""
    try:
        return compact(data, DEFAULT_LIMITS)
    except SaysoError:
        return None


def _lawful(document: Any) -> bool:
    """Tell whether a JWS may be read, by the letter of RFC 9901, section 8, and RFC 7515, section 7.2: written as plainly as it can be."""
    signatures = document.get("signatures", [document])
    if "signatures" in document and not document.keys().isdisjoint({"signature", "protected", "header"}):
        return False
    for index, one in enumerate(signatures):
        header, protected = one.get("header", {}), json.loads(base64url.decode(one["protected"]))
        if header.keys() & {*protected, "crit", *(["disclosures", "kb_jwt"] if index else [])}:
            return False
        for text in (document["payload"], one["signature"], *header.get("disclosures", []), *header.get("kb_jwt", "").split(".")):
            base64url.decode(text)  # each part is one part
    return True


def _check(document: Any, write: Callable[[Any], str], *expected: Expectations) -> None:
    data = write(document).encode()
    there = _means(data)
    for one in expected:
        report = examine(data, one, at=START)
        assert (report.verified is None) == bool(report.problems)
        assert not report.ok or _lawful(document)
        if there is None:
            assert not report.ok
        else:
            assert report == examine(there, one, at=START)


@examples(200)
@given(st.tuples(SHAPES, st.just(OPEN)) | jws_like(), st.booleans())
def test_arbitrary_json_is_refused_or_is_the_compact_form_it_stands_for(made: tuple[Any, Expectations], ascii_only: bool) -> None:
    document, expected = made
    _check(document, lambda value: json.dumps(value, ensure_ascii=ascii_only, indent=1), expected)


@examples(200)
@given(SHOWN, st.sampled_from([FLATTENED, GENERAL]), SEEDS)
def test_spoilt_json_is_refused_or_is_the_compact_form_it_stands_for(seen: Shown, form: str, seed: int) -> None:
    """Members that are changed, missing, or more."""
    document = Chance(seed).change(json.loads(SERIALIZERS[form](seen.text)))
    _check(document, serialize, seen.expected, OPEN)
    report = examine(serialize(document), seen.expected, at=START)
    assert report == seen.report if report.ok else report.verified is None
