"""A master key wraps keys for one context, and shows nothing of itself."""

import pickle
from copy import copy, deepcopy
from typing import Any

import pytest

from sayso import LocalMasterKey, MasterKey, SaysoError
from sayso.errors import STORE_UNREACHABLE
from sayso.testing.world import CountingEntropy

KEY = bytes(range(32))


def test_a_key_is_wrapped_anew_each_time_and_unwrapped() -> None:
    master = LocalMasterKey(KEY)
    first, second = master.wrap(b"key", b"context"), master.wrap(b"key", b"context")
    assert first != second
    assert {master.unwrap(wrapped, b"context") for wrapped in (first, second)} == {b"key"}
    assert isinstance(master, MasterKey)


@pytest.mark.parametrize(("key", "context"), [(KEY, b"other"), (bytes(32), b"context")], ids=["context", "key"])
def test_another_context_or_key_opens_nothing(key: bytes, context: bytes) -> None:
    wrapped = LocalMasterKey(KEY, entropy=CountingEntropy()).wrap(b"the key", b"context")
    with pytest.raises(SaysoError) as refused:
        LocalMasterKey(key).unwrap(wrapped, context)
    (problem,) = refused.value.problems
    assert problem.kind is STORE_UNREACHABLE
    assert "the key" not in str(refused.value)


@pytest.mark.parametrize("wrapped", [b"", b"x" * 24, b"x" * 39, b"x" * 40])
def test_what_is_no_wrapped_key(wrapped: bytes) -> None:
    with pytest.raises(SaysoError):
        LocalMasterKey(KEY).unwrap(wrapped, b"")


@pytest.mark.parametrize("wrong", ["x" * 32, bytearray(32), None, 5, b"", bytes(31), bytes(33)], ids=str)
def test_what_is_no_master_key(wrong: Any) -> None:
    with pytest.raises((TypeError, ValueError), match="a master key"):
        LocalMasterKey(wrong)


def test_it_is_a_secret() -> None:
    master = LocalMasterKey(KEY)
    assert repr(master) == "<secret>"
    assert master != LocalMasterKey(KEY)
    for copied in (copy, deepcopy, pickle.dumps):
        with pytest.raises(TypeError, match="not copied or pickled"):
            copied(master)
