"""The grammar of DCQL: what is read, what is refused and where, and what is written."""

from typing import Any

import pytest

from sayso.errors import LIMIT_EXCEEDED, MALFORMED_VALUE_ERROR, ProblemType, SaysoError
from sayso.jsonvalue import Json, freeze
from sayso.jsonvalue import serialize as write
from sayso.query.grammar import (
    MAX_CLAIMS,
    MAX_CREDENTIALS,
    MAX_SETS,
    MAX_VALUES,
    ClaimsQuery,
    CredentialQuery,
    CredentialSetQuery,
    Query,
    TrustedAuthority,
    parse,
    serialize,
)

FULL: dict[str, Any] = {
    "credentials": [
        {
            "id": "pid",
            "format": "dc+sd-jwt",
            "meta": {"vct_values": ["https://id.example/pid", "urn:pid"]},
            "multiple": True,
            "require_cryptographic_holder_binding": False,
            "trusted_authorities": [{"type": "aki", "values": ["s9tIpPmhxdiuNkHMEWNpYim8S8Y"]}],
            "claims": [
                {"id": "a", "path": ["age_over_18"], "values": [True, 1, "yes"]},
                {"id": "b", "path": ["degrees", None, "type"]},
                {"id": "c", "path": ["nationalities", 0]},
            ],
            "claim_sets": [["a"], ["c", "b"]],
        },
        {
            "id": "Deg-1_x",
            "format": "vc+sd-jwt",
            "meta": {"type_values": [["https://x.example#A", "B"], ["C"]]},
            "claims": [{"path": ["x"]}],
        },
        {"id": "mdl", "format": "mso_mdoc", "meta": {"doctype_value": "org.iso.18013.5.1.mDL"}},
        {"id": "new", "format": "a-format-of-2031", "meta": {}},
    ],
    "credential_sets": [{"options": [["pid"], ["Deg-1_x", "mdl"]]}, {"options": [["new"]], "required": False}],
}


def credential(**members: Any) -> dict[str, Any]:
    """Make a query for one credential; a member that is None is left out."""
    members = {"id": "pid", "format": "dc+sd-jwt", "meta": {"vct_values": ["urn:pid"]}, **members}
    return {"credentials": [{name: value for name, value in members.items() if value is not None}]}


def refused(value: Any) -> tuple[ProblemType, str]:
    with pytest.raises(SaysoError) as caught:
        parse(value)
    (problem,) = caught.value.problems
    return problem.kind, problem.pointer


def test_everything_that_can_be_asked() -> None:
    query = parse(FULL)
    assert query == Query(
        (
            CredentialQuery(
                "pid",
                "dc+sd-jwt",
                (("https://id.example/pid",), ("urn:pid",)),
                (
                    ClaimsQuery(("age_over_18",), "a", (True, 1, "yes")),
                    ClaimsQuery(("degrees", None, "type"), "b"),
                    ClaimsQuery(("nationalities", 0), "c"),
                ),
                (("a",), ("c", "b")),
                multiple=True,
                require_cryptographic_holder_binding=False,
                trusted_authorities=(TrustedAuthority("aki", ("s9tIpPmhxdiuNkHMEWNpYim8S8Y",)),),
            ),
            CredentialQuery("Deg-1_x", "vc+sd-jwt", (("https://x.example#A", "B"), ("C",)), (ClaimsQuery(("x",)),)),
            CredentialQuery("mdl", "mso_mdoc", (("org.iso.18013.5.1.mDL",),)),
            CredentialQuery("new", "a-format-of-2031"),
        ),
        (CredentialSetQuery((("pid",), ("Deg-1_x", "mdl"))), CredentialSetQuery((("new",),), required=False)),
    )
    assert [type(value) for value in query.credentials[0].claims[0].values] == [bool, int, str]


def test_what_is_read_is_written_again() -> None:
    assert write(serialize(parse(freeze(FULL)))) == write(serialize(parse(FULL)))
    assert serialize(parse(FULL)) == FULL


def test_what_goes_without_saying_is_not_said() -> None:
    spelled = credential(multiple=False, require_cryptographic_holder_binding=True)
    spelled["credential_sets"] = [{"options": [["pid"]], "required": True}]
    assert serialize(parse(spelled)) == {**credential(), "credential_sets": [{"options": [["pid"]]}]}


@pytest.mark.parametrize("query_format", ["vc+sd-jwt", "ldp_vc", "jwt_vc_json"])
def test_the_w3c_formats_are_asked_for_by_their_types(query_format: str) -> None:
    value = credential(format=query_format, meta={"type_values": [["A", "B"]]})
    assert parse(value).credentials[0].types == (("A", "B"),)
    assert serialize(parse(value)) == value


def test_a_set_names_each_of_its_members_once() -> None:
    value = credential(claims=[{"id": "a", "path": ["a"]}], claim_sets=[["a", "a"]])
    value["credential_sets"] = [{"options": [["pid", "pid"]]}]
    query = parse(value)
    assert (query.credentials[0].claim_sets, query.credential_sets[0].options) == ((("a",),), (("pid",),))


def test_two_claims_at_one_path_are_not_refused() -> None:
    assert len(parse(credential(claims=[{"path": ["a"]}, {"path": ["a"]}])).credentials[0].claims) == 2


CLAIM = {"id": "a", "path": ["a"]}


@pytest.mark.parametrize(
    ("value", "place"),
    [
        (None, ""),
        ([], ""),
        ({}, "/credentials"),
        ({"credentials": None}, "/credentials"),
        ({"credentials": []}, "/credentials"),
        ({"credentials": {}}, "/credentials"),
        ({"credentials": ["pid"]}, "/credentials/0"),
        (credential(id=None), "/credentials/0/id"),
        (credential(id=""), "/credentials/0/id"),
        (credential(id="a b"), "/credentials/0/id"),
        (credential(id="pid\n"), "/credentials/0/id"),
        (credential(id="é"), "/credentials/0/id"),
        (credential(id=7), "/credentials/0/id"),
        (credential(format=None), "/credentials/0/format"),
        (credential(format=""), "/credentials/0/format"),
        (credential(format=1), "/credentials/0/format"),
        (credential(meta=None), "/credentials/0/meta"),
        (credential(meta=[]), "/credentials/0/meta"),
        (credential(format="unknown", meta=None), "/credentials/0/meta"),
        (credential(meta={}), "/credentials/0/meta/vct_values"),
        (credential(meta={"vct_values": []}), "/credentials/0/meta/vct_values"),
        (credential(meta={"vct_values": "urn:pid"}), "/credentials/0/meta/vct_values"),
        (credential(meta={"vct_values": ["urn:pid", ""]}), "/credentials/0/meta/vct_values/1"),
        (credential(meta={"vct_values": [None]}), "/credentials/0/meta/vct_values/0"),
        (credential(format="vc+sd-jwt"), "/credentials/0/meta/type_values"),
        (credential(format="ldp_vc", meta={"type_values": ["A"]}), "/credentials/0/meta/type_values/0"),
        (credential(format="ldp_vc", meta={"type_values": [["A"], []]}), "/credentials/0/meta/type_values/1"),
        (credential(format="jwt_vc_json", meta={"type_values": [["A", 1]]}), "/credentials/0/meta/type_values/0/1"),
        (credential(format="mso_mdoc"), "/credentials/0/meta/doctype_value"),
        (credential(format="mso_mdoc", meta={"doctype_value": ["x"]}), "/credentials/0/meta/doctype_value"),
        (credential(multiple="true"), "/credentials/0/multiple"),
        (credential(multiple=1), "/credentials/0/multiple"),
        (credential(require_cryptographic_holder_binding=0), "/credentials/0/require_cryptographic_holder_binding"),
        (credential(trusted_authorities=[]), "/credentials/0/trusted_authorities"),
        (credential(trusted_authorities=["aki"]), "/credentials/0/trusted_authorities/0"),
        (credential(trusted_authorities=[{"values": ["x"]}]), "/credentials/0/trusted_authorities/0/type"),
        (credential(trusted_authorities=[{"type": "aki"}]), "/credentials/0/trusted_authorities/0/values"),
        (credential(trusted_authorities=[{"type": "aki", "values": []}]), "/credentials/0/trusted_authorities/0/values"),
        (credential(claims=[]), "/credentials/0/claims"),
        (credential(claims=[["a"]]), "/credentials/0/claims/0"),
        (credential(claims=[{}]), "/credentials/0/claims/0/path"),
        (credential(claims=[{"path": []}]), "/credentials/0/claims/0/path"),
        (credential(claims=[{"path": ["a", True]}]), "/credentials/0/claims/0/path/1"),
        (credential(claims=[{"id": "a.b", "path": ["a"]}]), "/credentials/0/claims/0/id"),
        (credential(claims=[{"id": None, "path": ["a"]}]), "/credentials/0/claims/0/id"),
        (credential(claims=[CLAIM, CLAIM]), "/credentials/0/claims"),
        (credential(claims=[{"path": ["a"], "values": []}]), "/credentials/0/claims/0/values"),
        (credential(claims=[{"path": ["a"], "values": "x"}]), "/credentials/0/claims/0/values"),
        (credential(claims=[{"path": ["a"], "values": None}]), "/credentials/0/claims/0/values"),
        (credential(claims=[{"path": ["a"], "values": ["x", None]}]), "/credentials/0/claims/0/values/1"),
        (credential(claims=[{"path": ["a"], "values": [1.5]}]), "/credentials/0/claims/0/values/0"),
        (credential(claims=[{"path": ["a"], "values": [1.0]}]), "/credentials/0/claims/0/values/0"),
        (credential(claims=[{"path": ["a"], "values": [["x"]]}]), "/credentials/0/claims/0/values/0"),
        (credential(claim_sets=[["a"]]), "/credentials/0/claim_sets/0/0"),  # without claims
        (credential(claims=[CLAIM], claim_sets=[]), "/credentials/0/claim_sets"),
        (credential(claims=[CLAIM], claim_sets=[[]]), "/credentials/0/claim_sets/0"),
        (credential(claims=[CLAIM], claim_sets=["a"]), "/credentials/0/claim_sets/0"),
        (credential(claims=[CLAIM], claim_sets=[["a", "b"]]), "/credentials/0/claim_sets/0/1"),
        (credential(claims=[CLAIM], claim_sets=[[["a"]]]), "/credentials/0/claim_sets/0/0"),
        (credential(claims=[CLAIM, {"path": ["b"]}], claim_sets=[["a"]]), "/credentials/0/claims"),
        ({"credentials": credential()["credentials"] * 2}, "/credentials"),
        ({**credential(), "credential_sets": []}, "/credential_sets"),
        ({**credential(), "credential_sets": None}, "/credential_sets"),
        ({**credential(), "credential_sets": [[["pid"]]]}, "/credential_sets/0"),
        ({**credential(), "credential_sets": [{}]}, "/credential_sets/0/options"),
        ({**credential(), "credential_sets": [{"options": []}]}, "/credential_sets/0/options"),
        ({**credential(), "credential_sets": [{"options": [[]]}]}, "/credential_sets/0/options/0"),
        ({**credential(), "credential_sets": [{"options": [["pid"], ["who"]]}]}, "/credential_sets/0/options/1/0"),
        ({**credential(), "credential_sets": [{"options": [["pid"]], "required": None}]}, "/credential_sets/0/required"),
    ],
)
def test_what_is_not_by_the_grammar_is_refused_where_it_stands(value: Json, place: str) -> None:
    assert refused(value) == (MALFORMED_VALUE_ERROR, place)


def test_the_limits() -> None:
    assert (MAX_CREDENTIALS, MAX_CLAIMS, MAX_SETS, MAX_VALUES) == (64, 256, 512, 1024)


def many(count: int, **members: Any) -> list[dict[str, Any]]:
    return [{"id": f"c{number}", **members} for number in range(count)]


@pytest.mark.parametrize(
    ("most", "make", "place"),
    [
        (MAX_CREDENTIALS, lambda n: {"credentials": many(n, format="x", meta={})}, "/credentials"),
        (MAX_CLAIMS, lambda n: credential(claims=many(n, path=["a"])), "/credentials/0/claims"),
        (MAX_SETS, lambda n: credential(claims=[CLAIM], claim_sets=[["a"]] * n), "/credentials/0/claim_sets"),
        (MAX_CLAIMS, lambda n: credential(claims=[CLAIM], claim_sets=[["a"] * n]), "/credentials/0/claim_sets/0"),
        (MAX_VALUES, lambda n: credential(claims=[{"path": ["a"], "values": [1] * n}]), "/credentials/0/claims/0/values"),
        (MAX_VALUES, lambda n: credential(meta={"vct_values": ["a"] * n}), "/credentials/0/meta/vct_values"),
        (MAX_VALUES, lambda n: credential(format="ldp_vc", meta={"type_values": [["a"]] * n}), "/credentials/0/meta/type_values"),
        (MAX_VALUES, lambda n: credential(format="ldp_vc", meta={"type_values": [["a"] * n]}), "/credentials/0/meta/type_values/0"),
        (
            MAX_VALUES,
            lambda n: credential(trusted_authorities=[{"type": "aki", "values": ["a"]}] * n),
            "/credentials/0/trusted_authorities",
        ),
        (
            MAX_VALUES,
            lambda n: credential(trusted_authorities=[{"type": "aki", "values": ["a"] * n}]),
            "/credentials/0/trusted_authorities/0/values",
        ),
        (MAX_SETS, lambda n: {**credential(), "credential_sets": [{"options": [["pid"]]}] * n}, "/credential_sets"),
        (MAX_SETS, lambda n: {**credential(), "credential_sets": [{"options": [["pid"]] * n}]}, "/credential_sets/0/options"),
        (MAX_CREDENTIALS, lambda n: {**credential(), "credential_sets": [{"options": [["pid"] * n]}]}, "/credential_sets/0/options/0"),
        pytest.param(
            MAX_SETS,
            lambda n: {**credential(), "credential_sets": [{"options": [["pid"]] * (n - 12)}, {"options": [["pid"]] * 12}]},
            "/credential_sets",
            id="options of all sets",
        ),
    ],
)
def test_the_limits_hold_at_their_edge(most: int, make: Any, place: str) -> None:
    parse(make(most))
    assert refused(make(most + 1)) == (LIMIT_EXCEEDED, place)
