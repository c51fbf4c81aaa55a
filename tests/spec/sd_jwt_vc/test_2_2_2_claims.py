"""SD-JWT VC draft 19, section 2.2.2: the claims, and which of them are never disclosed selectively."""

from typing import Any

import pytest

from sayso.credentials.claims_path import Location
from sayso.credentials.sd_jwt_vc import NEVER_DISCLOSABLE, conformance_problems, disclosure_problems
from sayso.errors import MALFORMED_VALUE_ERROR, Problem
from sayso.jsonvalue import JsonObject

PAYLOAD: JsonObject = {"iss": "did:example:city", "vct": "urn:example:person:1"}


def places(problems: tuple[Problem, ...]) -> list[str]:
    assert all(problem.kind is MALFORMED_VALUE_ERROR for problem in problems)
    return [problem.pointer for problem in problems]


def test_a_small_and_a_large_one() -> None:
    assert conformance_problems(PAYLOAD) == ()
    large: JsonObject = {
        **PAYLOAD,
        "aka_vcts": ["urn:example:being:1"],
        "vct#integrity": "sha256-WZVc7WaX1h4D8rJVb+vlMIqxaEKEb1tYbX8fet7JJzQ=",
        "sub": "did:example:ada",
        "cnf": {"jwk": {}},
        "status": {"status_list": {"idx": 1, "uri": "https://example.org/status"}},
        "nbf": None,  # the dates are looked at with the clock
        "given_name": None,
    }
    assert conformance_problems(large, [("given_name",), ("sub",), ("iat",), ("nationalities", 1)]) == ()


@pytest.mark.parametrize("vct", [None, "", 5, True, ["urn:example:person:1"], {}])
def test_sv_2_the_type_is_a_string(vct: Any) -> None:
    """SV-2: REQUIRED."""
    assert places(conformance_problems({**PAYLOAD, "vct": vct})) == ["/vct"]
    assert places(conformance_problems({"iss": "did:example:city"})) == ["/vct"]


@pytest.mark.parametrize(
    "aliases", [None, [], "urn:example:being:1", {}, ["urn:a", ""], ["urn:a", None], [["urn:a"]], ["urn:example:person:1"]]
)
def test_sv_2_further_types(aliases: Any) -> None:
    """SV-2: a non-empty array, without `vct`."""
    assert places(conformance_problems({**PAYLOAD, "aka_vcts": aliases})) == ["/aka_vcts"]


@pytest.mark.parametrize(
    "issuer",
    [
        None,
        "",
        {},
        5,
        ["did:example:city"],
        {"id": "did:example:city"},
        "http://example.org",
        "https://example .org",
        "did:example:city#key-1",
        "did:example:city/path",
        "did:example:city?versionId=1",
        "did:example:ci ty",
        " did:example:city",
        "did:example:city\u0000",
        "DID:example:city",
        "did:Example:city",
        "did:example:",
        "did:example",
    ],
)
def test_sv_7_the_issuer_is_a_did(issuer: Any) -> None:
    """SV-7: our profile, in which `iss` is required."""
    assert places(conformance_problems({**PAYLOAD, "iss": issuer})) == ["/iss"]


def test_sv_7_or_an_https_url() -> None:
    """SV-7: of which somebody else asks where its keys are."""
    assert places(conformance_problems({**PAYLOAD, "iss": "https://city.example/tenant/1"})) == []


def test_sv_7_it_is_required() -> None:
    """SV-7."""
    assert places(conformance_problems({"vct": "urn:example:person:1"})) == ["/iss"]


@pytest.mark.parametrize(
    ("member", "values"),
    [
        ("cnf", [None, "key", [], 5]),
        ("status", [None, "valid", [], 5]),
        ("sub", [None, {}, [], 5]),
        ("vct#integrity", [None, {}, [], 5]),
    ],
)
def test_sv_4_other_claims_have_their_type(member: str, values: list[Any]) -> None:
    """SV-4, SV-11: present but null is malformed, never absent."""
    for value in values:
        assert places(conformance_problems({**PAYLOAD, member: value})) == [f"/{member}"]


@pytest.mark.parametrize("name", ["iss", "nbf", "exp", "cnf", "vct", "vct#integrity", "aka_vcts", "status"])
def test_sv_3_never_disclosed(name: str) -> None:
    """SV-3: neither the claim nor anything in it."""
    assert name in NEVER_DISCLOSABLE
    inner: list[Location] = [(name,), (name, "part"), (name, 0, "part")]
    for location in inner:
        (problem,) = disclosure_problems([("given_name",), location, ("address", name)])
        assert problem.pointer.startswith(f"/{name}")
        assert conformance_problems(PAYLOAD, {location: "disclosure"}) == (problem,)


def test_sd_i8_entries_of_the_audience_may_be() -> None:
    """SD-I8: but not the audience."""
    assert places(disclosure_problems([("aud",), ("aud", 1)])) == ["/aud"]


def test_what_hides_something_hides_nothing_of_these() -> None:
    """SV-3: an object that holds undisclosed claims; the payload itself may."""
    assert places(disclosure_problems([(), ("address",), ("cnf",)])) == ["/cnf"]


def test_no_problem_shows_a_value() -> None:
    problems = conformance_problems({"iss": "Oslo kommune", "vct": 12345, "aka_vcts": ["Kort", 5], "sub": {"name": "Ada"}})
    assert len(problems) == 4
    assert all(value not in str(problems) for value in ("Oslo", "12345", "Kort", "Ada"))
