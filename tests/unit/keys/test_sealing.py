"""What is sealed opens under its passphrase and nothing else; every kind of damage has its own name."""

import json
from collections import Counter
from typing import Any

import pytest

from sayso.encodings import base64url
from sayso.errors import (
    KEY_FILE_DAMAGED,
    KEY_FILE_OUTDATED,
    KEY_FILE_TRUNCATED,
    KEY_FILE_UNKNOWN,
    LIMIT_EXCEEDED,
    WRONG_PASSPHRASE,
    ProblemType,
    SaysoError,
)
from sayso.jsonvalue import serialize
from sayso.keys import sealing
from sayso.keys.passphrase import DEFAULT_COST, LEAST_COST, Cost
from sayso.keys.sealing import MAX_BYTES, seal, unseal
from sayso.testing.world import CountingEntropy
from tests.unit.proofs.refusals import refused

SECRET = b"what nobody may read"
SEALED = seal(SECRET, "open sesame", CountingEntropy(), LEAST_COST)


WORDS = "open sesame"


def opened(data: bytes, passphrase: str = WORDS) -> bytes:
    return unseal(data, passphrase, outdated=True)


def outcome(data: bytes) -> ProblemType | None:
    try:
        opened(data)
    except SaysoError as error:
        (problem,) = error.problems
        return problem.kind
    return None


def rewritten(**changes: Any) -> bytes:
    """Change what a file says, and make its size and digest fit: what somebody does who knows the format and not the passphrase."""
    members = json.loads(SEALED)
    for name, value in changes.items():
        if isinstance(value, dict):
            members[name] |= value
        else:
            members[name] = value
    members = {name: value for name, value in members.items() if value is not None and name != "digest"}
    members["size"] = f"{len(serialize({**members, 'digest': 43 * 'A'}).encode()) + 1:06}"
    return serialize({**members, "digest": sealing._digest(members)}).encode() + b"\n"  # noqa: SLF001 - forged as a stranger would


def test_there_and_back() -> None:
    assert opened(SEALED) == SECRET
    assert opened(rewritten()) == SECRET
    assert opened(seal(b"", "x", CountingEntropy(), LEAST_COST), "x") == b""


def test_nothing_of_it_is_readable() -> None:
    assert SECRET not in SEALED
    assert b"sesame" not in SEALED
    assert {*json.loads(SEALED)} == {"size", "format", "kdf", "cipher", "check", "sealed", "digest"}


def test_it_is_never_sealed_alike() -> None:
    entropy = CountingEntropy()
    first, second = (json.loads(seal(SECRET, "x", entropy, LEAST_COST)) for _ in "ab")
    assert all(first[name] != second[name] for name in ("kdf", "cipher", "check", "sealed", "digest"))


def test_the_default_cost_is_asked_for() -> None:
    kept = json.loads(seal(SECRET, "x", CountingEntropy()))["kdf"]
    assert (kept["passes"], kept["memoryBytes"]) == DEFAULT_COST


def test_another_passphrase() -> None:
    for passphrase in ("open sesam", "Open sesame", "open sesame ", "x"):
        with refused(WRONG_PASSPHRASE):
            opened(SEALED, passphrase)


def test_every_shorter_text_is_truncated() -> None:
    assert {outcome(SEALED[:size]) for size in range(len(SEALED))} == {KEY_FILE_TRUNCATED}


def test_every_flipped_bit_is_damage() -> None:
    flipped: Counter[ProblemType | None] = Counter()
    for index in range(len(SEALED)):
        for bit in range(8):
            data = bytearray(SEALED)
            data[index] ^= 1 << bit
            flipped[outcome(bytes(data))] += 1
    assert {*flipped} == {KEY_FILE_DAMAGED}


def test_what_is_added_is_damage() -> None:
    for data in (SEALED + b"\n", SEALED + b"x", b" " + SEALED, SEALED.replace(b":", b": ", 1), SEALED[:-1] + b" \n"):
        assert outcome(data) == KEY_FILE_DAMAGED


def test_what_is_no_key_file() -> None:
    for data in (b"{}", b"[]\n", b'"}\n', b"\xff\xfe", b'{"size":"x"}\n', b"hello"):
        assert outcome(data) == KEY_FILE_DAMAGED
    assert outcome(b"") == KEY_FILE_TRUNCATED
    with refused(LIMIT_EXCEEDED):
        opened(b"x" * (MAX_BYTES + 1))
    assert outcome(b"x" * MAX_BYTES) == KEY_FILE_DAMAGED


class TestOlderParameters:
    @pytest.mark.parametrize(
        "cost", [DEFAULT_COST._replace(passes=DEFAULT_COST.passes - 1), DEFAULT_COST._replace(memory_bytes=DEFAULT_COST.memory_bytes - 1)]
    )
    def test_they_are_a_problem_of_their_own(self, cost: Cost) -> None:
        with refused(KEY_FILE_OUTDATED, "/kdf", says="save it again"):
            unseal(rewritten(kdf={"passes": cost.passes, "memoryBytes": cost.memory_bytes}), "open sesame")

    def test_nothing_is_lost(self) -> None:
        with refused(KEY_FILE_OUTDATED):
            unseal(SEALED, "open sesame")
        assert unseal(SEALED, "open sesame", outdated=True) == SECRET

    def test_what_no_cost_may_be_is_not_called_old(self) -> None:
        for kdf in ({"passes": 0}, {"memoryBytes": 8191}, {"memoryBytes": 2**40}):
            with refused(LIMIT_EXCEEDED):
                unseal(rewritten(kdf=kdf), "open sesame")

    def test_todays_are_none(self) -> None:
        assert unseal(seal(SECRET, "x", CountingEntropy()), "x") == SECRET


class TestForged:
    """Whoever knows the format can write a file; without the passphrase it opens nothing, and costs little."""

    @pytest.mark.parametrize(
        ("changes", "kind"),
        [
            ({"kdf": {"memoryBytes": 2**40}}, LIMIT_EXCEEDED),
            ({"kdf": {"passes": 10**9}}, LIMIT_EXCEEDED),
            ({"kdf": {"passes": 0}}, LIMIT_EXCEEDED),
            ({"kdf": {"memoryBytes": 8191}}, LIMIT_EXCEEDED),
            ({"kdf": {"passes": True}}, KEY_FILE_DAMAGED),
            ({"kdf": {"passes": 1.0}}, KEY_FILE_DAMAGED),
            ({"kdf": {"memoryBytes": "8192"}}, KEY_FILE_DAMAGED),
            ({"kdf": {"salt": "AAAA"}}, KEY_FILE_DAMAGED),
            ({"kdf": {"salt": 5}}, KEY_FILE_DAMAGED),
            ({"kdf": {"salt": "!" * 22}}, KEY_FILE_DAMAGED),
            ({"kdf": {"salt": 22 * "A"}}, WRONG_PASSPHRASE),
            ({"cipher": {"nonce": 32 * "A"}}, KEY_FILE_DAMAGED),
            ({"cipher": {"nonce": "AAAA"}}, KEY_FILE_DAMAGED),
            ({"sealed": ""}, KEY_FILE_DAMAGED),
            ({"sealed": "AAAA"}, KEY_FILE_DAMAGED),
            ({"sealed": 5}, KEY_FILE_DAMAGED),
            ({"check": 43 * "A"}, WRONG_PASSPHRASE),
            ({"check": None}, KEY_FILE_UNKNOWN),
            ({"check": 5}, WRONG_PASSPHRASE),
            ({"check": 43 * "é"}, WRONG_PASSPHRASE),
            ({"extra": 1}, KEY_FILE_UNKNOWN),
            ({"format": "https://w3id.org/sayso/key-file/v2"}, KEY_FILE_UNKNOWN),
            ({"format": 1}, KEY_FILE_UNKNOWN),
            ({"kdf": {"name": "scrypt"}}, KEY_FILE_UNKNOWN),
            ({"cipher": {"name": "aes-256-gcm"}}, KEY_FILE_UNKNOWN),
            ({"kdf": "argon2id"}, KEY_FILE_UNKNOWN),
            ({"cipher": ["xchacha20-poly1305"]}, KEY_FILE_UNKNOWN),
        ],
        ids=str,
    )
    def test_it_is_refused(self, changes: dict[str, Any], kind: ProblemType) -> None:
        assert outcome(rewritten(**changes)) == kind

    def test_what_the_header_says_is_sealed_too(self) -> None:
        """Passes that were changed under the right key would open it otherwise: they are associated data."""
        header = json.loads(SEALED)["kdf"]
        assert outcome(rewritten(kdf={"extra": header["salt"]})) == KEY_FILE_DAMAGED


def test_what_is_too_long_to_be_sealed() -> None:
    with pytest.raises(ValueError, match="too long"):
        seal(bytes(MAX_BYTES), "x", CountingEntropy(), LEAST_COST)


def test_the_longest_text_that_is_read() -> None:
    assert MAX_BYTES == 256 * 1024
    cost = LEAST_COST._replace(passes=10)  # two digits: with them some secret fills the text to the last character
    empty = len(seal(b"", "x", CountingEntropy(), cost))
    most = next(size for size in range((MAX_BYTES - empty) * 3 // 4 + 3, 0, -1) if empty + _grown(size) <= MAX_BYTES)
    sealed = seal(bytes(most), "x", CountingEntropy(), cost)
    assert len(sealed) == MAX_BYTES
    assert opened(sealed, "x") == bytes(most)
    with pytest.raises(ValueError, match="too long"):
        seal(bytes(most + 1), "x", CountingEntropy(), cost)


def _grown(size: int) -> int:
    """Say by how many characters base64url of a secret and its tag of 16 bytes is longer than that of the tag."""
    return len(base64url.encode(bytes(size + 16))) - len(base64url.encode(bytes(16)))


@pytest.mark.parametrize(
    ("changes", "pointer"),
    [
        ({"kdf": {"passes": True}}, "/kdf/passes"),
        ({"kdf": {"memoryBytes": None}}, "/kdf/memoryBytes"),
        ({"format": 1}, "/format"),
        ({"sealed": "AAAA"}, "/sealed"),
        ({"cipher": {"nonce": 32 * "A"}}, "/sealed"),
        ({"cipher": {"nonce": "AAAA"}}, "/nonce"),
        ({"kdf": {"salt": "AAAA"}}, "/salt"),
    ],
    ids=str,
)
def test_a_problem_has_its_place(changes: dict[str, Any], pointer: str) -> None:
    with pytest.raises(SaysoError) as error:
        opened(rewritten(**changes))
    assert [problem.pointer for problem in error.value.problems] == [pointer]
