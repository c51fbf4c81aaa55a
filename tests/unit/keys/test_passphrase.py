"""Keys from passphrases are slow to make, and no file can make them slower than a bound."""

import resource
import subprocess
import sys
from pathlib import Path
from typing import Any

import pytest
from nacl.bindings import crypto_pwhash_alg, crypto_pwhash_ALG_ARGON2ID13

from sayso.errors import LIMIT_EXCEEDED
from sayso.keys.passphrase import DEFAULT_COST, LEAST_COST, MOST_COST, Cost, check_cost, derive
from tests.unit.proofs.refusals import refused

SALT = bytes(range(16))


def test_the_published_profile() -> None:
    assert Cost(3, 256 * 1024 * 1024) == DEFAULT_COST


def test_another_passphrase_salt_or_cost_gives_another_key() -> None:
    keys = {
        derive("a", SALT, LEAST_COST, 32),
        derive("b", SALT, LEAST_COST, 32),
        derive("a", SALT[::-1], LEAST_COST, 32),
        derive("a", SALT, LEAST_COST._replace(passes=2), 32),
        derive("a", SALT, LEAST_COST._replace(memory_bytes=16 * 1024), 32),
    }
    assert len(keys) == 5
    assert derive("a", SALT, LEAST_COST, 64) == derive("a", SALT, LEAST_COST, 64)
    assert len(derive("a", SALT, LEAST_COST, 64)) == 64


def test_a_known_answer() -> None:
    """Argon2id v1.3 with one lane, as argon2's reference implementation prints it for t=1, m=8 KiB."""
    assert derive("password", b"somesaltsomesalt", LEAST_COST, 32).hex() == KNOWN


KNOWN = "05b6ca8f8038b683887ad4916533858b49cb52040126c134f4c6e9d8711b8c09"


def test_every_keyboard_gives_the_same() -> None:
    """NFC: a letter with its accent, and a letter followed by one."""
    assert derive("caf\u00e9", SALT, LEAST_COST, 32) == derive("cafe\u0301", SALT, LEAST_COST, 32)
    whole = crypto_pwhash_alg(32, b"caf\xc3\xa9", SALT, *LEAST_COST, crypto_pwhash_ALG_ARGON2ID13)
    assert derive("cafe\u0301", SALT, LEAST_COST, 32) == whole, "the letter with its accent is what counts, also in files of other programs"
    assert derive("\ufb01", SALT, LEAST_COST, 32) != derive("fi", SALT, LEAST_COST, 32), "but what looks alike is not one"


@pytest.mark.parametrize(
    "cost",
    [
        LEAST_COST._replace(passes=0),
        LEAST_COST._replace(memory_bytes=LEAST_COST.memory_bytes - 1),
        MOST_COST._replace(passes=MOST_COST.passes + 1),
        MOST_COST._replace(memory_bytes=MOST_COST.memory_bytes + 1),
        Cost(1, 2**40),
        Cost(10**9, 8192),
        Cost(-1, -1),
    ],
)
def test_a_cost_that_is_none(cost: Cost) -> None:
    with refused(LIMIT_EXCEEDED):
        check_cost(cost)
    with refused(LIMIT_EXCEEDED):
        derive("a", SALT, cost, 32)


def test_the_bounds_are_costs() -> None:
    check_cost(LEAST_COST)
    check_cost(MOST_COST)


@pytest.mark.parametrize(
    ("passphrase", "error"), [("", ValueError), ("\ud800", ValueError), (None, TypeError), (b"x", TypeError), (5, TypeError)]
)
def test_what_is_no_passphrase(passphrase: Any, error: type[Exception]) -> None:
    with pytest.raises(error) as refusal:
        derive(passphrase, SALT, LEAST_COST, 32)
    assert refusal.value.__cause__ is None
    assert "\ud800" not in str(refusal.value)


def test_a_salt_of_another_length_is_the_programmers_mistake() -> None:
    with pytest.raises(ValueError, match="16 bytes"):
        derive("x", SALT[1:], LEAST_COST, 32)


def test_not_enough_memory_is_a_problem_of_its_own() -> None:
    """In a process that may not have as much as is asked for."""
    code = (
        "import resource\nfrom sayso.errors import SaysoError\nfrom sayso.keys.passphrase import MOST_COST, derive\n"
        "resource.setrlimit(resource.RLIMIT_AS, (1 << 29, 1 << 29))\n"
        "try:\n    derive('a', bytes(16), MOST_COST._replace(passes=1), 32)\n"
        "except SaysoError as error:\n    print(error.problems[0].kind == __import__('sayso.errors').errors.LIMIT_EXCEEDED)\n"
    )
    assert subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True).stdout == "True\n"


def test_the_most_that_may_be_asked_for() -> None:
    assert Cost(16, 1024 * 1024 * 1024) == MOST_COST


def test_what_libsodium_may_not_allocate_is_told_here_too() -> None:
    """The same in this process, which gets its memory back."""
    before = resource.getrlimit(resource.RLIMIT_AS)
    used = int(Path("/proc/self/statm").read_text(encoding="ascii").split()[0]) * resource.getpagesize()
    resource.setrlimit(resource.RLIMIT_AS, (used + (64 << 20), before[1]))
    try:
        with refused(LIMIT_EXCEEDED, says="not enough memory"):
            derive("a", SALT, Cost(1, 512 << 20), 32)
    finally:
        resource.setrlimit(resource.RLIMIT_AS, before)
