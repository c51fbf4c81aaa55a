"""OpenID4VP 1.0, sections 6 to 6.3 and appendix B: what a DCQL query is."""

from typing import Any

import pytest

from sayso.errors import MALFORMED_VALUE_ERROR, SaysoError
from sayso.jsonvalue import Json
from sayso.query.grammar import parse, serialize

CLAIMS = [{"id": "a", "path": ["age_over_18"]}, {"id": "n", "path": ["given_name"]}]


def query(**members: Any) -> dict[str, Any]:
    """Make a query whose credential query has these members too, or instead."""
    return {"credentials": [{"id": "pid", "format": "dc+sd-jwt", "meta": {"vct_values": ["urn:pid"]}, **members}]}


def refused(value: Any) -> str:
    with pytest.raises(SaysoError) as caught:
        parse(value)
    (problem,) = caught.value.problems
    assert problem.kind == MALFORMED_VALUE_ERROR
    return problem.pointer


def test_claim_sets_need_claims() -> None:
    """DQ-1: `claim_sets` without `claims` is invalid."""
    assert refused(query(claim_sets=[["a"]])).startswith("/credentials/0/claim_sets")


def test_ids_refer_to_what_is_there() -> None:
    """DQ-1: ids in `claim_sets` and `options` must refer to existing entries."""
    assert refused(query(claims=CLAIMS, claim_sets=[["a"], ["n", "x"]])) == "/credentials/0/claim_sets/1/1"
    assert refused({**query(), "credential_sets": [{"options": [["mdl"]]}]}) == "/credential_sets/0/options/0/0"


def test_ids_are_unique_and_needed_where_sets_refer_to_them() -> None:
    """DQ-1: a claim's `id` is required if and only if `claim_sets` is present, and unique in `claims`; so are those of credentials."""
    assert parse(query(claims=[{"path": ["x"]}])).credentials[0].claims[0].id == ""
    assert refused(query(claims=[*CLAIMS, {"path": ["x"]}], claim_sets=[["a"]])) == "/credentials/0/claims"
    assert refused(query(claims=[CLAIMS[0], CLAIMS[0]])) == "/credentials/0/claims"
    assert refused({"credentials": query()["credentials"] * 2}) == "/credentials"


@pytest.mark.parametrize(
    ("value", "place"),
    [
        ({"credentials": []}, "/credentials"),
        (query(claims=[]), "/credentials/0/claims"),
        (query(claims=CLAIMS, claim_sets=[]), "/credentials/0/claim_sets"),
        (query(claims=CLAIMS, claim_sets=[[]]), "/credentials/0/claim_sets/0"),
        (query(claims=[{"path": []}]), "/credentials/0/claims/0/path"),
        (query(claims=[{"path": ["x"], "values": []}]), "/credentials/0/claims/0/values"),
        (query(trusted_authorities=[]), "/credentials/0/trusted_authorities"),
        (query(trusted_authorities=[{"type": "aki", "values": []}]), "/credentials/0/trusted_authorities/0/values"),
        ({**query(), "credential_sets": []}, "/credential_sets"),
        ({**query(), "credential_sets": [{"options": []}]}, "/credential_sets/0/options"),
        ({**query(), "credential_sets": [{"options": [[]]}]}, "/credential_sets/0/options/0"),
    ],
)
def test_empty_arrays_are_invalid(value: Any, place: str) -> None:
    """DQ-1: empty arrays are invalid."""
    assert refused(value) == place


def test_meta_is_required() -> None:
    """DQ-1: `meta` is required, and may be empty only where the format requires nothing."""
    assert refused({"credentials": [{"id": "pid", "format": "new-format"}]}) == "/credentials/0/meta"
    assert parse(query(format="new-format", meta={})).credentials[0].types == ()


@pytest.mark.parametrize(
    ("query_format", "meta", "types"),
    [
        ("dc+sd-jwt", {"vct_values": ["urn:a", "urn:b"]}, (("urn:a",), ("urn:b",))),
        ("ldp_vc", {"type_values": [["urn:a", "B"], ["urn:c"]]}, (("urn:a", "B"), ("urn:c",))),
        ("jwt_vc_json", {"type_values": [["urn:a"]]}, (("urn:a",),)),
        ("vc+sd-jwt", {"type_values": [["urn:a"]]}, (("urn:a",),)),  # this library's profile
        ("mso_mdoc", {"doctype_value": "org.iso.18013.5.1.mDL"}, (("org.iso.18013.5.1.mDL",),)),
    ],
)
def test_meta_by_format(query_format: str, meta: Any, types: Any) -> None:
    """DQ-2: each format names its types in its own member, which is required and not empty."""
    value = query(format=query_format, meta=meta)
    assert parse(value).credentials[0].types == types
    assert serialize(parse(value)) == value
    (name,) = meta
    nothing: list[Json] = [[], "", None]
    for wrong in nothing:
        assert refused(query(format=query_format, meta={name: wrong})) == f"/credentials/0/meta/{name}"
    assert refused(query(format=query_format, meta={})) == f"/credentials/0/meta/{name}"


def test_what_drafts_had_is_unknown() -> None:
    """DQ-3: `purpose`, `namespace` and `claim_name` are no members of 1.0; unknown members are ignored, and replace nothing."""
    old = query(purpose="age", claims=[{"path": ["x"], "namespace": "n", "claim_name": "c"}])
    assert parse(old) == parse(query(claims=[{"path": ["x"]}]))
    assert refused(query(claims=[{"namespace": "n", "claim_name": "c"}])) == "/credentials/0/claims/0/path"
