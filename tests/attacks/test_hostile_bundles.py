"""A bundle of evidence from a stranger: it bursts, it climbs out of its folder, or it is not what was signed."""

import base64
import io
import json
import zipfile
from typing import Any

import pytest

from sayso import ComplaintBundle, SaysoError
from sayso.jsonvalue import serialize
from sayso.proofs.jose import jws
from sayso.sharing.evidence import cover as covers
from sayso.sharing.evidence import parts as named
from tests.unit.sharing.evidence.told import Story, story


@pytest.fixture(scope="module")
def told() -> Story:
    return story()


@pytest.fixture(scope="module")
def bundle(told: Story) -> ComplaintBundle:
    return told.bundle()


def archive(parts: dict[str, Any], compression: int = zipfile.ZIP_STORED) -> bytes:
    stream = io.BytesIO()
    with zipfile.ZipFile(stream, "w", compression) as packed:
        for name, text in parts.items():
            packed.writestr(name, text)
    return stream.getvalue()


def refused(data: Any) -> str:
    with pytest.raises(SaysoError) as error:
        ComplaintBundle.parse(data)
    return str(error.value)


def test_a_bomb_is_not_lit(bundle: ComplaintBundle) -> None:
    bomb = archive({**bundle.parts, named.TIMELINE: b"0" * (64 * 1024 * 1024)}, zipfile.ZIP_DEFLATED)
    assert len(bomb) < named.MAX_BYTES
    assert "compressed" in refused(bomb)


def test_a_bomb_that_says_it_is_small() -> None:
    packed = bytearray(archive({named.TIMELINE: b"0" * (16 * 1024 * 1024)}, zipfile.ZIP_DEFLATED))
    directory = packed.rindex(b"PK\x01\x02")
    packed[8:10] = packed[directory + 10 : directory + 12] = b"\0\0"  # it says that nothing is compressed
    refused(bytes(packed))


@pytest.mark.parametrize("name", ["../evil", "/etc/passwd", "..\\evil", "cover.jwt/../evil", "C:evil", "COVER.JWT", "cover.jwt ", "évil"])
def test_no_part_leads_elsewhere(bundle: ComplaintBundle, name: str) -> None:
    assert "name" in refused(serialize({"format": named.FORMAT, "parts": {**bundle.parts, name: "x"}}))
    refused(archive({**bundle.parts, name: "x"}))


def test_too_large() -> None:
    for data in (b"PK" + bytes(named.MAX_BYTES), " " * (named.MAX_BYTES + 1), b"{" * (named.MAX_BYTES + 1)):
        assert "longer" in refused(data)
    assert "more parts" in refused(archive({str(number): "" for number in range(11)}))


@pytest.mark.parametrize("part", named.NEEDED)
def test_a_part_is_missing(bundle: ComplaintBundle, part: str) -> None:
    left = {name: text for name, text in bundle.parts.items() if name != part}
    for data in (named.to_json(left), named.to_zip(left)):
        assert part in refused(data)


@pytest.mark.parametrize(
    "data",
    [
        b"",
        b"PK",
        b"PK\x03\x04",
        b"PK\x05\x06" + bytes(18),
        b"null",
        b"[]",
        b"{}",
        b'{"format":1,"parts":{}}',
        b"\xff",
        "\ud800",
        '{"a":1,"a":2}',
    ],
    ids=str,
)
def test_what_is_no_bundle(data: Any) -> None:
    refused(data)


def test_a_part_that_is_no_text(bundle: ComplaintBundle) -> None:
    values: tuple[Any, ...] = (1, None, [], {})
    for value in values:
        assert "text" in refused(serialize({"format": named.FORMAT, "parts": {**bundle.parts, named.COVER: value}}))
    refused(named.to_json({**bundle.parts}).replace("v1", "v2"))
    refused(serialize({"format": named.FORMAT, "parts": []}))
    refused(archive({**bundle.parts, named.COVER: b"\xff"}))


def test_nothing_hides_beside_the_parts(bundle: ComplaintBundle) -> None:
    plain = bundle.to_zip()
    assert ComplaintBundle.parse(plain) == ComplaintBundle.parse(bundle.to_json())
    commented = io.BytesIO(plain)
    with zipfile.ZipFile(commented, "a") as packed:
        packed.comment = b"hidden"
    backwards = dict(reversed([*bundle.parts.items()]))
    for data in (plain + b"x", b"PK" + plain, commented.getvalue(), archive(backwards), archive({**bundle.parts})):
        refused(data)


def test_a_damaged_archive(bundle: ComplaintBundle) -> None:
    plain = bundle.to_zip()
    for at in range(0, len(plain), 97):
        damaged = bytearray(plain)
        damaged[at] ^= 1
        refused(bytes(damaged))
    for length in range(0, len(plain), 331):
        refused(plain[:length])


def altered(told: Story, bundle: ComplaintBundle, part: str, text: str) -> str:
    changed = ComplaintBundle.parse(named.to_json({**bundle.parts, part: text}))
    with pytest.raises(SaysoError) as error:
        changed.verify(at=told.world.clock())
    return str(error.value)


@pytest.mark.parametrize("part", [name for name in named.NAMES if name != named.ANSWER])
def test_an_altered_part(told: Story, bundle: ComplaintBundle, part: str) -> None:
    text = bundle.parts[part]
    assert named.COVER in altered(told, bundle, part, text + " ")
    assert named.COVER in altered(told, bundle, part, text[:-1])
    assert named.COVER in altered(told, bundle, part, "")


def test_a_part_that_was_left_out_or_put_in(told: Story, bundle: ComplaintBundle) -> None:
    less = {name: text for name, text in bundle.parts.items() if name != named.RECEIPT}
    more = {**bundle.parts, named.ANSWER: bundle.parts[named.RECEIPT]}
    for parts in (less, more):
        with pytest.raises(SaysoError, match="not those"):
            ComplaintBundle.parse(named.to_json(parts)).verify(at=told.world.clock())


def resigned(told: Story, bundle: ComplaintBundle, parts: dict[str, str], **more: Any) -> str:
    """Do what a customer can do who lies: change parts, and sign a cover over them."""
    header, payload, _ = bundle.parts[named.COVER].split(".")
    said = json.loads(base64.urlsafe_b64decode(payload + "=="))
    those = {name: text for name, text in {**bundle.parts, **parts}.items() if name != named.COVER}
    said |= {"parts": covers.digests(those), **more}
    said = {name: value for name, value in said.items() if value is not None}
    cover = jws.sign(header, said, told.ada)
    with pytest.raises(SaysoError) as error:
        ComplaintBundle.parse(named.to_json({**those, named.COVER: cover})).verify(at=told.world.clock())
    return str(error.value)


def test_a_customer_who_lies(told: Story, bundle: ComplaintBundle) -> None:
    def with_ledger(change: Any) -> str:
        copy = json.loads(bundle.parts[named.LEDGER])
        change(copy)
        return resigned(told, bundle, {named.LEDGER: serialize(copy)})

    assert "page" in resigned(told, bundle, {named.TIMELINE: bundle.parts[named.TIMELINE].replace("asked for erasure", "begged")})
    assert "follow" in with_ledger(lambda copy: copy["relation"]["entries"].pop(0))
    assert "under the root" in with_ledger(lambda copy: copy["relation"]["entries"].pop())
    assert "way" in with_ledger(lambda copy: copy["way"].append({"hash": "AA", "left": True}))
    assert "under the root" in with_ledger(lambda copy: copy["way"].append({"hash": "A" * 43, "left": True}))
    ways: tuple[Any, ...] = (7, [7], [{"hash": 7, "left": True}], [{"hash": "A" * 43, "left": 1}], [{"hash": "A" * 43}], [{}] * 65)
    for way in ways:
        assert "/way" in with_ledger(lambda copy, way=way: copy.update(way=way))
    assert "a proof has" in with_ledger(lambda copy: copy.update(more=1))
    assert "a relationship has" in with_ledger(lambda copy: copy.update(relation=1))
    assert "a ledger" not in with_ledger(lambda copy: copy.update(checkpoint=bundle.parts[named.WITHDRAWAL]))
    for name, value in (("iss", "did:key:z6Mk"), ("alleged", ""), ("alleged", None), ("dpaContact", 7), ("dpaContact", [7]), ("more", 1)):
        assert named.COVER in resigned(told, bundle, {}, **{name: value})
    assert "another business" in resigned(told, bundle, {}, interactingPartyIdentifier="did:web:other.example")
    assert "after the complaint" in resigned(told, bundle, {}, iat=int(told.world.clock().timestamp()) - 1)
    for documents in ("[]", "x"):
        assert named.DOCUMENTS in resigned(told, bundle, {named.DOCUMENTS: documents})


def test_a_history_that_was_kept_elsewhere(told: Story, bundle: ComplaintBundle) -> None:
    """Another ledger's checkpoint is no cover for this history."""
    other = story(b"another").bundle()
    proof = json.loads(bundle.parts[named.LEDGER])
    proof["checkpoint"] = json.loads(other.parts[named.LEDGER])["checkpoint"]
    assert "under the root" in resigned(told, bundle, {named.LEDGER: serialize(proof)})
