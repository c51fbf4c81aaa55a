"""Transaction data keep the text that an answer signs, and whatever cannot be agreed to is refused."""

import hashlib
from typing import Any

import pytest

from sayso.encodings import base64url
from sayso.errors import INVALID_TRANSACTION_DATA, SaysoError
from sayso.jsonvalue import serialize
from sayso.openid import transaction_data
from sayso.openid.transaction_data import MAX_ENTRIES
from sayso.query.grammar import CredentialQuery, Query

QUERY = Query(
    (
        CredentialQuery("card", "dc+sd-jwt", (("https://city.example/card",),)),
        CredentialQuery("loose", "dc+sd-jwt", (("https://city.example/card",),), require_cryptographic_holder_binding=False),
    )
)
SAID: dict[str, Any] = {"type": "payment", "credential_ids": ["card"]}


def encoded(**changes: Any) -> str:
    return base64url.encode(serialize({name: value for name, value in {**SAID, **changes}.items() if value is not None}).encode())


def test_an_entry_keeps_its_text() -> None:
    """VP-10, VP-11."""
    (entry,) = transaction_data.parse([encoded(amount="10")], QUERY, ["payment"])
    assert (entry.type, entry.credential_ids, entry.members["amount"]) == ("payment", ("card",), "10")
    assert (entry.algorithms, entry.named) == (("sha-256",), False)
    for name, hash_ in (("sha-256", hashlib.sha256), ("sha-384", hashlib.sha384), ("sha-512", hashlib.sha512)):
        assert entry.digest(name) == base64url.encode(hash_(entry.text.encode()).digest())
    assert entry.digest() == entry.digest("sha-256")
    with pytest.raises(ValueError, match="a hash is one of"):
        entry.digest("md5")


def test_the_hashes_that_an_entry_names() -> None:
    """VP-11: those that are not built are passed over."""
    (entry,) = transaction_data.parse([encoded(transaction_data_hashes_alg=["sha3-256", "sha-512", "sha-256"])], QUERY, ["payment"])
    assert (entry.algorithms, entry.named) == (("sha-512", "sha-256"), True)


def test_an_entry_that_was_made_is_read() -> None:
    made = transaction_data.entry("payment", ["card"], transaction_data_hashes_alg=["sha-256"], amount=10)
    assert transaction_data.parse([made.text], QUERY, ["payment"]) == (made,)
    with pytest.raises(SaysoError):
        transaction_data.entry("", ["card"])


@pytest.mark.parametrize(
    ("value", "pointer"),
    [
        ([encoded()] * (MAX_ENTRIES + 1), ""),
        ({}, ""),
        ([5], "/0"),
        ([SAID], "/0"),
        (["="], "/0"),
        ([base64url.encode(b"[]")], "/0"),
        ([encoded(), encoded(type=None)], "/1/type"),
        ([encoded(type="")], "/0/type"),
        ([encoded(type=5)], "/0/type"),
        ([encoded(credential_ids=None)], "/0/credential_ids"),
        ([encoded(credential_ids=[])], "/0/credential_ids"),
        ([encoded(credential_ids="card")], "/0/credential_ids"),
        ([encoded(credential_ids=["card", 5])], "/0/credential_ids"),
        ([encoded(credential_ids=["other"])], "/0/credential_ids"),
        ([encoded(credential_ids=["loose"])], "/0/credential_ids"),
        ([encoded(transaction_data_hashes_alg="sha-256")], "/0/transaction_data_hashes_alg"),
        ([encoded(transaction_data_hashes_alg=[])], "/0/transaction_data_hashes_alg"),
        ([encoded(transaction_data_hashes_alg=["md5"])], "/0/transaction_data_hashes_alg"),
        ([encoded(transaction_data_hashes_alg=[5])], "/0/transaction_data_hashes_alg"),
    ],
)
def test_what_nobody_can_agree_to(value: Any, pointer: str) -> None:
    with pytest.raises(SaysoError) as refused:
        transaction_data.parse(value, QUERY, ["payment"])
    (problem,) = refused.value.problems
    assert (problem.kind, problem.pointer) == (INVALID_TRANSACTION_DATA, f"/transaction_data{pointer}")
