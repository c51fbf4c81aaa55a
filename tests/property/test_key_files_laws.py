"""Laws of key files: whatever bytes stand in one, it opens as what was saved or is refused, and no byte of it can be changed."""

import json
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import Any

import pytest
from hypothesis import example, given
from hypothesis import strategies as st

from sayso import KeyRing, SaysoError
from sayso.encodings import base64url
from sayso.errors import KEY_FILE_DAMAGED, KEY_FILE_TRUNCATED, ProblemType
from sayso.jsonvalue import Json, serialize
from sayso.keys import sealing
from sayso.keys.passphrase import LEAST_COST, MOST_COST
from sayso.storage import files
from sayso.testing.world import CountingEntropy
from tests.property.outcomes import ODD, outcome
from tests.support import examples

pytestmark = pytest.mark.laws

WORDS = "open sesame"
SECRET = b"what nobody may read"
SEALED = sealing.seal(SECRET, WORDS, CountingEntropy(), LEAST_COST)
PASSPHRASES = st.text(st.characters(exclude_categories=["Cs"]), min_size=1)


def opened(data: bytes, passphrase: str = WORDS) -> bytes | ProblemType:
    return outcome(sealing.unseal, data, passphrase, outdated=True)


def saved(data: bytes) -> KeyRing | ProblemType:
    """Open a file with these bytes, and see that this changed nothing."""
    with TemporaryDirectory() as folder:
        path = Path(folder) / "keys"
        path.write_bytes(data)
        found = outcome(KeyRing.open, path, WORDS, outdated=True)
        assert path.read_bytes() == data
        return found


@examples(150)
@given(st.binary(max_size=300), PASSPHRASES)
@example(b"", "x")
def test_what_is_sealed_is_read_back(secret: bytes, passphrase: str) -> None:
    data = sealing.seal(secret, passphrase, CountingEntropy(), LEAST_COST)
    assert opened(data, passphrase) == secret


@examples(150)
@given(PASSPHRASES)
def test_only_its_passphrase_opens_it(passphrase: str) -> None:
    assert (opened(SEALED, passphrase) == SECRET) == (passphrase == WORDS)


@examples(300)
@given(st.binary() | st.tuples(st.integers(0, len(SEALED)), st.binary(max_size=50)).map(lambda cut: SEALED[: cut[0]] + cut[1]))
@example(b"\xff" * 100)
@example(b"[" * 100_000)
def test_any_bytes_are_a_ring_or_the_one_error(data: bytes) -> None:
    assert isinstance(saved(data), ProblemType)


@examples(600)
@given(st.integers(0, len(SEALED) - 1), st.integers(1, 255))
def test_no_byte_can_be_changed(index: int, change: int) -> None:
    data = bytearray(SEALED)
    data[index] ^= change
    assert opened(bytes(data)) in {KEY_FILE_DAMAGED, KEY_FILE_TRUNCATED}


# Headers that are nearly good, with a size and a digest that fit: what a stranger can write who knows the format.
CHANGES = st.dictionaries(st.sampled_from(["format", "kdf", "cipher", "check", "sealed", "extra"]), ODD, max_size=2)
WITHIN = st.dictionaries(
    st.sampled_from(["name", "passes", "memoryBytes", "salt", "nonce"]),
    ODD | st.integers() | st.sampled_from([10**9, 2**40, *MOST_COST]) | st.text() | st.binary(max_size=40).map(base64url.encode),
    max_size=2,
)


@examples(300)
@given(CHANGES, WITHIN, WITHIN)
def test_what_a_stranger_writes_opens_nothing(changes: dict[str, Json], kdf: dict[str, Any], cipher: dict[str, Any]) -> None:
    if kdf.get("memoryBytes") == MOST_COST.memory_bytes or kdf.get("passes") == MOST_COST.passes:
        kdf.pop("memoryBytes", None)  # it would be tried, and take its time
    members: dict[str, Any] = json.loads(SEALED)
    members["kdf"].update(kdf)
    members["cipher"].update(cipher)
    members |= changes
    members.pop("digest")
    try:
        members["size"] = f"{len(serialize({**members, 'digest': 43 * 'A'}).encode()) + 1:06}"
        forged = serialize({**members, "digest": sealing._digest(members)}).encode() + b"\n"  # noqa: SLF001 - as a stranger would
    except UnicodeEncodeError:
        return
    found = opened(forged)
    assert isinstance(found, ProblemType) or (found == SECRET and json.loads(forged) == json.loads(SEALED))


# What another program sealed under the right passphrase: nearly a ring.
KEYS = (
    st.lists(st.fixed_dictionaries({"name": st.sampled_from(["a", "b", "", "a b"]) | ODD, "seed": st.just(43 * "A") | ODD}), max_size=3)
    | ODD
)
RINGS = st.fixed_dictionaries(
    {
        "method": st.sampled_from(["key", "jwk", "web", "peer"]) | ODD,
        "web": st.sampled_from(["", "did:web:city.example", "did:web:localhost", "did:key:x"]) | ODD,
        "current": st.sampled_from(["a", "b"]) | ODD,
        "keys": KEYS,
    },
    optional={"more": ODD},
)


@examples(300)
@given(RINGS | ODD)
def test_what_another_program_sealed_is_a_ring_or_the_one_error(value: Any) -> None:
    data = sealing.seal(serialize(value).encode(), WORDS, CountingEntropy(), LEAST_COST)
    found = saved(data)
    if not isinstance(found, ProblemType):
        assert [key["name"] for key in value["keys"]] == [*found.names]
        assert (found.method, found.web, found.current) == (value["method"], value["web"], value["current"])
        found.document()
        found.sign(b"message")
    else:
        assert found == KEY_FILE_DAMAGED


@examples(60)
@given(st.lists(st.sampled_from("abcd"), max_size=4, unique=True), st.sampled_from(["key", "jwk", "web", "peer"]), st.data())
def test_a_ring_is_read_back_after_any_life(names: list[str], method: Any, data: st.DataObject) -> None:
    """Whatever was rotated, chosen and retired: what is saved is what is opened, to the signature."""
    ring = KeyRing.generate(method, domain="city.example" if method == "web" else "", name="first", entropy=CountingEntropy())
    entropy = CountingEntropy(b"more")
    for name in names:
        ring = ring.rotate(name, entropy=entropy)
        ring = ring.using(data.draw(st.sampled_from(ring.names)))
        gone = data.draw(st.sampled_from(ring.names))
        if gone != ring.current:
            ring = ring.retire(gone)
    with TemporaryDirectory() as folder:
        path = Path(folder) / "keys"
        ring.save(path, WORDS, cost=LEAST_COST)
        again = KeyRing.open(path, WORDS, outdated=True)
        assert (again.names, again.current, again.did, again.key_id) == (ring.names, ring.current, ring.did, ring.key_id)
        assert again.document() == ring.document()
        assert again.sign(b"x") == ring.sign(b"x")
        again.save(path, WORDS, cost=LEAST_COST)
        assert files.read(path, sealing.MAX_BYTES) != b""
        with pytest.raises(SaysoError):
            KeyRing.open(path, WORDS + " ", outdated=True)
