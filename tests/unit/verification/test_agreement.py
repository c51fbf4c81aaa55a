"""What a holder's signature says of the transaction data of a request: the hash of each text, once, and nothing else."""

import hashlib
from typing import Any

import pytest

from sayso.encodings import base64url
from sayso.errors import TERMS_ALTERED, ProblemType
from sayso.proofs.mechanism import KEY_BINDING, Binding
from sayso.verification.agreement import agreement_problems
from tests.unit.verification.proven import places

ONE, OTHER = "eyJhIjoxfQ", "eyJiIjoyfQ"
HASHES = {"sha-256": hashlib.sha256, "sha-384": hashlib.sha384, "sha-512": hashlib.sha512}


def _hashed(*texts: str, alg: str = "sha-256") -> list[Any]:
    return [base64url.encode(HASHES[alg](text.encode()).digest()) for text in texts]


def _found(*texts: str, **members: Any) -> list[tuple[ProblemType, str]]:
    return places([*agreement_problems(Binding(members, ("key_binding",), KEY_BINDING), texts)])


@pytest.mark.parametrize("alg", HASHES)
def test_vp_11_each_text_is_hashed_once(alg: str) -> None:
    """VP-11: in any order, with a hash that is named; without a name it is SHA-256."""
    for named in (_hashed(ONE, OTHER, alg=alg), _hashed(OTHER, ONE, alg=alg)):
        assert _found(ONE, OTHER, transaction_data_hashes=named, transaction_data_hashes_alg=alg) == []
        assert (_found(ONE, OTHER, transaction_data_hashes=named) == []) == (alg == "sha-256")


@pytest.mark.parametrize(
    "named",
    [
        None,
        [],
        {},
        5,
        _hashed(ONE)[0],
        _hashed(OTHER),
        _hashed(ONE, ONE),
        _hashed(ONE, OTHER),
        [*_hashed(ONE), 5],
        [*_hashed(ONE), []],
        [*_hashed(ONE), None],
        [ONE],
    ],
    ids=repr,
)
def test_vp_11_anything_else_is_another_agreement(named: Any) -> None:
    assert _found(ONE, transaction_data_hashes=named) == [(TERMS_ALTERED, "/key_binding/transaction_data_hashes")]
    assert _found(ONE) == [(TERMS_ALTERED, "/key_binding/transaction_data_hashes")]


@pytest.mark.parametrize("alg", ["md5", "sha-1", "SHA-256", "", None, 5, [], {}], ids=repr)
def test_vp_11_no_other_hash_counts(alg: Any) -> None:
    found = _found(ONE, transaction_data_hashes=_hashed(ONE), transaction_data_hashes_alg=alg)
    assert found == [(TERMS_ALTERED, "/key_binding/transaction_data_hashes_alg")]


def test_vp_11_where_nothing_was_agreed_nothing_is_looked_at() -> None:
    assert _found() == _found(transaction_data_hashes=_hashed(ONE), transaction_data_hashes_alg="md5") == []
