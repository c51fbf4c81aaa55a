"""A business that wants its terms signed says so: a wallet that does not know them must refuse, and the answer signs their hash."""

import hashlib
import json
from collections.abc import Callable
from typing import Any

import pytest

from sayso import SaysoError
from sayso.encodings import base64url
from sayso.errors import INVALID_TRANSACTION_DATA, TERMS_ALTERED, TERMS_MISSING, UNDECIDABLE, ProblemType
from sayso.openid import request_object
from sayso.sharing.terms import FORMAT
from tests.journeys.town import CLAIMS, Town, kinds, payload_of, rewritten, taken_apart, town

FORMATS = ("vc+sd-jwt", "dc+sd-jwt")


def entry_of(said: dict[str, Any], number: int = 0) -> dict[str, Any]:
    read: dict[str, Any] = json.loads(base64url.decode(said["transaction_data"][number]))
    return read


def with_entry(said: dict[str, Any], **changed: Any) -> str:
    return base64url.encode(json.dumps({**entry_of(said), **changed}).encode())


@pytest.fixture
def there() -> Town:
    return town()


@pytest.mark.parametrize("format_id", FORMATS)
def test_the_answer_signs_the_terms(format_id: str) -> None:
    there = town(CLAIMS, format=format_id)
    request = there.ask("age_over_18", type="IdentityCard", formats=[format_id], strict=True)
    (text,) = payload_of(request.text)["transaction_data"]
    answer = there.answer(request)
    binding = taken_apart(answer).said
    assert binding["transaction_data_hashes"] == [base64url.encode(hashlib.sha256(text.encode()).digest())]
    assert "transaction_data_hashes_alg" not in binding
    assert there.bar.accept(answer, request).read() == {"age_over_18": True}


def test_it_says_the_terms_once_more_for_each_query(there: Town) -> None:
    said = payload_of(there.ask("age_over_18", type="IdentityCard", formats=FORMATS, strict=True).text)
    assert [entry_of(said, number)["credential_ids"] for number in (0, 1)] == [["vc-sd-jwt"], ["dc-sd-jwt"]]
    assert all(entry_of(said, number)["terms"] == said["verifier_info"][0]["data"] for number in (0, 1))
    assert entry_of(said)["type"] == FORMAT


def test_a_wallet_that_does_not_know_them_refuses(there: Town) -> None:
    with pytest.raises(SaysoError) as refused:
        request_object.parse(payload_of(there.ask("age_over_18", strict=True).text))
    assert kinds(refused.value) == [UNDECIDABLE]


def altered(said: dict[str, Any]) -> None:
    terms = entry_of(said)["terms"]
    terms["attributes"][0]["storage"]["hasDuration"] = "P36500D"
    said["transaction_data"] = [with_entry(said, terms=terms)]


def of_another_query(said: dict[str, Any]) -> None:
    said["transaction_data"] = [with_entry(said, credential_ids=["other"])]


def twice(said: dict[str, Any]) -> None:
    said["transaction_data"] *= 2


def of_another_type(said: dict[str, Any]) -> None:
    said["transaction_data"].append(with_entry(said, type="payment"))


def with_a_payment(said: dict[str, Any]) -> None:
    """OpenID4VP 1.0, section 8.5: an object of a known type but containing unknown fields."""
    said["transaction_data"] = [with_entry(said, payment={"amount": "10000"})]


def in_another_type_of_json(said: dict[str, Any]) -> None:
    said["verifier_info"][0]["data"]["later"] = True
    said["transaction_data"] = [with_entry(said, terms={**entry_of(said)["terms"], "later": 1})]


def hidden(said: dict[str, Any]) -> None:
    del said["verifier_info"]


def in_a_format_that_signs_none(said: dict[str, Any]) -> None:
    said["dcql_query"]["credentials"][0].update(format="ldp_vc")


@pytest.mark.parametrize(
    ("change", "kind"),
    [
        (altered, TERMS_ALTERED),
        (of_another_query, INVALID_TRANSACTION_DATA),
        (twice, TERMS_ALTERED),
        (with_a_payment, TERMS_ALTERED),
        (in_another_type_of_json, TERMS_ALTERED),
        (of_another_type, UNDECIDABLE),
        (hidden, TERMS_MISSING),
        (in_a_format_that_signs_none, UNDECIDABLE),
    ],
)
def test_terms_that_are_not_those_that_would_be_signed(there: Town, change: Callable[[dict[str, Any]], None], kind: ProblemType) -> None:
    with pytest.raises(SaysoError) as refused:
        there.ada.plan(rewritten(there.ask("age_over_18", strict=True), there.bar_key, change))
    assert kinds(refused.value) == [kind]


def test_terms_that_are_missing_are_missing_though_they_are_waived(there: Town) -> None:
    wallet = there.world.wallet(terms="waive")
    with pytest.raises(SaysoError) as refused:
        wallet.plan(rewritten(there.ask("age_over_18", strict=True), there.bar_key, hidden))
    assert kinds(refused.value) == [TERMS_MISSING]


@pytest.mark.parametrize(
    "said",
    [
        {"transaction_data_hashes": None},
        {"transaction_data_hashes": []},
        {"transaction_data_hashes": "x"},
        {"transaction_data_hashes": [5]},
        {"transaction_data_hashes": ["AAAA"]},
        {"transaction_data_hashes_alg": "sha-512"},
        {"transaction_data_hashes_alg": "md5"},
        {"transaction_data_hashes_alg": 5},
    ],
    ids=lambda said: "-".join(f"{name[-6:]}-{value}" for name, value in said.items()),
)
def test_an_answer_that_does_not_sign_them(there: Town, said: dict[str, Any]) -> None:
    request = there.ask("age_over_18", strict=True)
    answer = taken_apart(there.answer(request)).bound(there.ada_key, **said)
    with pytest.raises(SaysoError) as refused:
        there.bar.accept(answer, request)
    assert kinds(refused.value) == [TERMS_ALTERED]


def test_an_answer_that_signs_them_with_another_hash(there: Town) -> None:
    request = there.ask("age_over_18", strict=True)
    (text,) = payload_of(request.text)["transaction_data"]
    hashed = base64url.encode(hashlib.sha512(text.encode()).digest())
    said = {"transaction_data_hashes": [hashed], "transaction_data_hashes_alg": "sha-512"}
    assert there.bar.accept(taken_apart(there.answer(request)).bound(there.ada_key, **said), request).read() == {"age_over_18": True}


def test_an_answer_to_a_request_that_is_not_strict_signs_none(there: Town) -> None:
    assert "transaction_data_hashes" not in taken_apart(there.answer(there.ask("age_over_18"))).said


def test_a_format_in_which_nobody_signs_them(there: Town) -> None:
    with pytest.raises(ValueError, match="strict terms are signed in vc\\+sd-jwt and dc\\+sd-jwt"):
        there.ask("age_over_18", formats=["ldp_vc"], strict=True)
