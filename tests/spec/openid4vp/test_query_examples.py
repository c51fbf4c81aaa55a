"""The published example queries, answered from a small wallet."""

from pathlib import Path
from typing import Any

import pytest

from sayso.jsonvalue import parse as read
from sayso.query.claims import mismatch, select
from sayso.query.grammar import Query, parse, serialize
from sayso.query.selection import choose, unsatisfied

PID = "https://credentials.example.com/identity_credential"
WALLET: list[tuple[str, dict[str, Any]]] = [
    (
        PID,
        {
            "given_name": "Ada",
            "family_name": "Doe",
            "address": {"street_address": "Kirkegata 1"},
            "postal_code": "90210",
            "date_of_birth": "1990-12-10",
        },
    ),
    ("https://othercredentials.example/pid", {"given_name": "Ada", "family_name": "Doe"}),
    ("https://credentials.example.com/reduced_identity_credential", {"given_name": "Ada", "family_name": "Doe"}),
    ("https://cred.example/residence_credential", {"postal_code": "90210", "locality": "Beverly Hills", "region": "CA"}),
    ("https://company.example/company_rewards", {"rewards_number": "4711"}),
]


def answers(query: Query, wallet: list[tuple[str, dict[str, Any]]]) -> dict[str, list[str]]:
    """For each query that can be answered, give the paths of the first option."""
    found: dict[str, list[str]] = {}
    for credential in query.credentials:
        for vct, claims in wallet:
            options = () if mismatch(credential, "dc+sd-jwt", frozenset({vct})) else select(credential, claims).options
            if options:
                found[credential.id] = [".".join(map(str, place)) for claim in options[0] for place in claim.locations]
    return found


def chosen(query: Query, wallet: list[tuple[str, dict[str, Any]]] = WALLET) -> dict[str, list[str]]:
    found = answers(query, wallet)
    ids = choose(query, found, lambda query_id: len(found[query_id])).ids
    assert bool(ids) != bool(unsatisfied(query, dict.fromkeys(ids, 1)))
    return {query_id: found[query_id] for query_id in ids}


def query(shared: Path, name: str) -> Query:
    return parse(read((shared / "vectors/openid4vp" / name).read_bytes()))


def test_every_example_is_read_and_written(shared: Path) -> None:
    """DQ-1, DQ-2."""
    paths = [*(shared / "vectors/openid4vp").glob("**/query_lang/*.json"), *(shared / "vectors/openid4vp/request").glob("dcql_*.json")]
    assert len(paths) == 9
    for path in paths:
        value = read(path.read_bytes())
        assert serialize(parse(value)) == value, path.name


@pytest.mark.parametrize(
    ("name", "selected"),
    [
        ("simple", {"my_credential": ["family_name", "given_name", "address.street_address"]}),
        ("value_matching_simple", {"my_credential": ["family_name", "given_name", "address.street_address", "postal_code"]}),
        ("claims_alternatives", {"pid": ["family_name", "postal_code", "date_of_birth"]}),  # the second set
        ("credentials_alternatives", {"pid": ["given_name", "family_name", "address.street_address"]}),
        ("multi_credentials", {}),  # half of it is an mdoc, and all is required
        ("simple_mdoc", {}),
        ("complex_mdoc", {}),
    ],
)
def test_what_the_wallet_answers(shared: Path, name: str, selected: dict[str, list[str]]) -> None:
    """DQ-S2, DQ-S3, DQ-S4, DQ-C1, DQ-C2, DQ-C3."""
    assert chosen(query(shared, f"query_lang/{name}.json")) == selected


def test_alternatives_are_taken_whole(shared: Path) -> None:
    """DQ-C2: without the first credential, two others answer together; the optional one is known to be possible."""
    alternatives = query(shared, "query_lang/credentials_alternatives.json")
    rest = WALLET[1:]
    assert [*chosen(alternatives, rest)] == ["pid_reduced_cred_1", "pid_reduced_cred_2"]
    assert choose(alternatives, answers(alternatives, rest), len).optional == (("nice_to_have",),)
    assert chosen(alternatives, [*WALLET[1:3], WALLET[4]]) == {}


def test_another_value_is_no_answer(shared: Path) -> None:
    """DQ-S4."""
    moved = [(PID, {**WALLET[0][1], "postal_code": "90212"})]
    assert chosen(query(shared, "query_lang/value_matching_simple.json"), moved) == {}


def test_the_rest_of_a_query_is_answered_where_only_an_mdoc_is_missing(shared: Path) -> None:
    """DQ-C3: what cannot be answered is named."""
    both = query(shared, "query_lang/multi_credentials.json")
    found = answers(both, WALLET)
    assert [*found] == ["pid"]
    assert [problem.pointer for problem in choose(both, found, len).problems] == ["/credentials/1"]
