"""A data request is a query and its terms: necessity compiles to claim sets, and both must say the same."""

from collections.abc import Sequence
from datetime import UTC, datetime, timedelta
from typing import Any

import pytest

from sayso.credentials.formats import SD_JWT_VC, VCDM_SD_JWT
from sayso.credentials.kinds import Claim
from sayso.errors import CLAIM_WITHOUT_TERMS, NECESSITY_MISMATCH, TERMS, TERMS_MISSING, TERMS_WITHOUT_CLAIM, ProblemType, SaysoError
from sayso.identifiers import Did, Nonce
from sayso.jsonvalue import JsonObject
from sayso.openid.request_object import RequestObject
from sayso.query import grammar
from sayso.query.grammar import Query
from sayso.sharing import composing
from sayso.sharing.attribute import Attribute, Said, terms_of
from sayso.sharing.composing import claim_sets
from sayso.sharing.dpv import OPTIONAL, REQUIRED
from sayso.sharing.request import issuers_of, join, parse, serialize

DID = Did("did:key:z6MkhaXgBZDvotDkL5257faiztiGiC2QtKLGpbnnEGta2doK")
AT = datetime(2026, 11, 20, 12, 0, tzinfo=UTC)
VCDM = {VCDM_SD_JWT: ("https://city.example#Card",)}
BOTH = {**VCDM, SD_JWT_VC: ("https://city.example/card",)}


SAID = Said("Serve alcohol", "A drink", timedelta(hours=1))


def compose(required: Sequence[Claim], optional: Sequence[Claim], issuers: Sequence[str], types: Any) -> tuple[Query, dict[Claim, str]]:
    return composing.compose([*map(Attribute, required)], [*map(Attribute, optional)], issuers, types)


def wire(
    required: Sequence[Claim] = ("name", "age"),
    optional: Sequence[Claim] = ("mail",),
    issuers: Sequence[str] = (DID,),
    types: Any = None,
    query: Query | None = None,
) -> dict[str, Any]:
    """Write the payload of a request; the rows are about what is composed, the query may be another one."""
    composed, ids = compose(required, optional, issuers, types or VCDM)
    asked = RequestObject(DID, "The Bar", Nonce("nonce"), AT, AT + timedelta(minutes=5), None, query or composed, ())
    said = terms_of([*map(Attribute, required)], [*map(Attribute, optional)], ids, SAID)
    return serialize(join(asked, said))


def query_of(payload: dict[str, Any], number: int = 0) -> dict[str, Any]:
    found: dict[str, Any] = payload["dcql_query"]["credentials"][number]
    return found


def refusal(payload: JsonObject, kind: ProblemType = TERMS) -> str:
    with pytest.raises(SaysoError) as refused:
        parse(payload)
    (problem,) = refused.value.problems
    assert problem.kind is kind
    return problem.pointer


class TestClaimSets:
    """CONTROL 2.1, compile rule; DESIGN: smallest first."""

    def test_required_only(self) -> None:
        assert claim_sets([["a"], ["b"]], []) == [["a", "b"]]

    def test_every_subset_of_four(self) -> None:
        sets = claim_sets([["r"]], [["a"], ["b"], ["c"], ["d"]])
        assert len(sets) == 16
        assert [len(chosen) for chosen in sets] == [1, 2, 2, 2, 2, 3, 3, 3, 3, 3, 3, 4, 4, 4, 4, 5]
        assert len({frozenset(chosen) for chosen in sets}) == 16
        assert all(chosen[0] == "r" for chosen in sets)

    def test_of_more_than_four_none_each_and_all(self) -> None:
        assert claim_sets([["r"]], [[one] for one in "abcde"]) == [["r"], *(["r", one] for one in "abcde"), ["r", *"abcde"]]

    def test_nothing_required(self) -> None:
        assert claim_sets([], [["a"], ["b"]]) == [[], ["a"], ["b"], ["a", "b"]]


class TestCompose:
    def test_the_query(self) -> None:
        query, ids = compose(["name", ("address", "city")], ["mail"], [DID], VCDM)
        assert ids == {"name": "name", ("address", "city"): "c0", "mail": "mail"}
        assert grammar.serialize(query) == {
            "credentials": [
                {
                    "id": "vc-sd-jwt",
                    "format": "vc+sd-jwt",
                    "meta": {"type_values": [["https://city.example#Card"]]},
                    "claims": [
                        {"id": "issuer", "path": ["issuer"], "values": [DID]},
                        {"id": "name", "path": ["credentialSubject", "name"]},
                        {"id": "c0", "path": ["credentialSubject", "address", "city"]},
                        {"id": "mail", "path": ["credentialSubject", "mail"]},
                    ],
                    "claim_sets": [["issuer", "name", "c0"], ["issuer", "name", "c0", "mail"]],
                }
            ]
        }

    def test_two_formats_are_alternatives(self) -> None:
        query, _ = compose(["name"], [], [DID], BOTH)
        written = grammar.serialize(query)
        assert written["credential_sets"] == [{"options": [["vc-sd-jwt"], ["dc-sd-jwt"]]}]
        assert [claim.path for claim in query.credentials[1].claims] == [("iss",), ("name",)]
        assert query.credentials[1].types == (("https://city.example/card",),)

    def test_anyone_may_have_issued(self) -> None:
        query, _ = compose(["name"], [], [], VCDM)
        assert [claim.id for claim in query.credentials[0].claims] == ["name"]
        assert query.credentials[0].claim_sets == (("name",),)
        assert query.credential_sets == ()

    def test_nothing_required_and_anyone(self) -> None:
        """CONTROL 2.1: the sets start with the single claims, and a credential set that is not required carries the query."""
        query, _ = compose([], ["name", "mail"], [], VCDM)
        assert query.credentials[0].claim_sets == (("name",), ("mail",), ("name", "mail"))
        assert grammar.serialize(query)["credential_sets"] == [{"options": [["vc-sd-jwt"]], "required": False}]

    def test_nothing_required_of_named_issuers(self) -> None:
        """The issuer's claim stands in every set, and so none is empty."""
        query, _ = compose([], ["name"], [DID], VCDM)
        assert query.credentials[0].claim_sets == (("issuer",), ("issuer", "name"))
        assert query.credential_sets == ()

    @pytest.mark.parametrize(
        ("names", "ids"),
        [
            (["given_name", "Given-Name", "9"], ["given_name", "Given-Name", "9"]),
            (["https://schema.org/name", "a b", "ø", ""], ["c0", "c1", "c2", "c3"]),
            ([("address", "city"), ("langs", None), ("langs", 0)], ["c0", "c1", "c2"]),
            (["issuer"], ["c0"]),  # that id is taken
            (["name\n"], ["c0"]),
        ],
    )
    def test_claim_ids(self, names: list[Claim], ids: list[str]) -> None:
        """DESIGN: claim ids are the name where it fits, else c0, c1, …"""
        assert [*compose(names, [], [DID], VCDM)[1].values()] == ids

    @pytest.mark.parametrize(
        ("names", "ids"),
        [
            (["c1", ("address", "city")], ["c1", "c0"]),
            ([("address", "city"), "c0"], ["c1", "c0"]),
            (["a b", "c1", "c d", "c0", "e f"], ["c2", "c1", "c3", "c0", "c4"]),
        ],
    )
    def test_an_id_never_takes_the_name_of_another_claim(self, names: list[Claim], ids: list[str]) -> None:
        assert [*compose(names, [], [DID], VCDM)[1].values()] == ids

    @pytest.mark.parametrize("types", [VCDM, BOTH])
    @pytest.mark.parametrize("issuers", [[], [DID], [DID, "did:web:x.example"]])
    @pytest.mark.parametrize(
        ("required", "optional"),
        [(["name"], []), (["name"], ["mail", ("a", None)]), ([], ["mail"]), ([], ["mail", "name"]), (["c1", ("a", 0)], [*"abcdef"])],
    )
    def test_what_is_composed_is_read(self, types: Any, issuers: list[str], required: list[Claim], optional: list[Claim]) -> None:
        payload = wire(required, optional, issuers, types)
        read = parse(payload)
        query, ids = compose(required, optional, issuers, types)
        assert read.request.query == query
        assert serialize(read) == payload
        assert {claim: read.rows[claim_id].required for claim, claim_id in ids.items()} == {
            **dict.fromkeys(required, True),
            **dict.fromkeys(optional, False),
        }
        assert [issuers_of(one) for one in query.credentials] == [tuple(issuers) or None] * len(types)


class TestTermsMatchTheQuery:
    def test_they_do(self) -> None:
        read = parse(wire())
        assert [*read.rows] == ["name", "age", "mail"]
        assert read.terms.purpose == "Serve alcohol"

    def test_a_row_is_missing(self) -> None:
        payload = wire()
        payload["verifier_info"][0]["data"]["attributes"].pop()
        assert refusal(payload, CLAIM_WITHOUT_TERMS) == "/verifier_info/0/data/attributes"

    def test_a_row_is_about_nothing(self) -> None:
        payload = wire()
        rows = payload["verifier_info"][0]["data"]["attributes"]
        rows.append({**rows[0], "claim": "birthdate"})
        assert refusal(payload, TERMS_WITHOUT_CLAIM) == "/verifier_info/0/data/attributes/3"

    def test_two_rows_are_about_one_claim(self) -> None:
        payload = wire()
        rows = payload["verifier_info"][0]["data"]["attributes"]
        rows.append({**rows[0], "storage": {"hasDuration": "P1D"}})
        assert refusal(payload) == "/verifier_info/0/data/attributes"

    def test_a_claim_without_an_id(self) -> None:
        payload = wire([("name")], [])
        query = query_of(payload)
        del query["claim_sets"]
        query["claims"].append({"path": ["credentialSubject", "birthdate"]})
        assert refusal(payload, CLAIM_WITHOUT_TERMS) == "/verifier_info/0/data/attributes"

    @pytest.mark.parametrize(("number", "necessity"), [(0, OPTIONAL), (2, REQUIRED)])
    def test_an_altered_necessity(self, number: int, necessity: str) -> None:
        payload = wire()
        payload["verifier_info"][0]["data"]["attributes"][number]["hasNecessity"] = necessity
        assert refusal(payload, NECESSITY_MISMATCH) == "/verifier_info/0/data/attributes"

    def test_an_optional_claim_that_every_set_holds(self) -> None:
        payload = wire()
        query_of(payload)["claim_sets"] = [["issuer", "name", "age", "mail"]]
        assert refusal(payload, NECESSITY_MISMATCH) == "/verifier_info/0/data/attributes"

    def test_a_required_claim_that_a_set_leaves_out(self) -> None:
        payload = wire()
        query_of(payload)["claim_sets"].append(["issuer", "name", "mail"])
        assert refusal(payload, NECESSITY_MISMATCH) == "/verifier_info/0/data/attributes"

    def test_without_claim_sets_everything_is_required(self) -> None:
        payload = wire(["name"], [])
        del query_of(payload)["claim_sets"]
        assert parse(payload).rows["name"].required

    def test_of_an_optional_credential_nothing_is_required(self) -> None:
        payload = wire([], ["mail"], [])
        payload["verifier_info"][0]["data"]["attributes"][0]["hasNecessity"] = REQUIRED
        assert refusal(payload, NECESSITY_MISMATCH) == "/verifier_info/0/data/attributes"

    def test_a_second_way_to_ask_for_the_issuer_needs_a_row(self) -> None:
        """Value matching on the issuer needs none; without values the claim is asked for like any other."""
        payload = wire()
        query_of(payload)["claims"].append({"id": "who", "path": ["issuer"]})
        assert refusal(payload, CLAIM_WITHOUT_TERMS) == "/verifier_info/0/data/attributes"

    def test_values_of_another_claim_need_a_row(self) -> None:
        payload = wire()
        query_of(payload)["claims"].append({"id": "city", "path": ["credentialSubject", "city"], "values": ["Oslo"]})
        assert refusal(payload, CLAIM_WITHOUT_TERMS) == "/verifier_info/0/data/attributes"

    @pytest.mark.parametrize("paths", [(["credentialSubject", "evidence"], ["evidence"]), (["credentialSubject", "a"],) * 2])
    def test_two_claims_that_a_person_cannot_tell_apart(self, paths: tuple[list[str], list[str]]) -> None:
        """OpenID4VP 1.0, section 6.1: verifiers MUST NOT point to one claim twice; and who reads a plan must see each claim that leaves."""
        payload = wire(["name", "age"], [])
        claims = query_of(payload)["claims"]
        claims[1]["path"], claims[2]["path"] = paths
        assert refusal(payload) == "/verifier_info/0/data"

    @pytest.mark.parametrize("name", ["a\nb", " ", "a" * 501, "\u202egnihton"])
    def test_a_name_that_is_not_fit_to_be_shown(self, name: str) -> None:
        payload = wire()
        payload["client_metadata"]["client_name"] = name
        assert refusal(payload) == "/client_metadata/client_name"

    def test_a_verifier_need_not_say_its_name(self) -> None:
        payload = wire()
        del payload["client_metadata"]
        assert parse(payload).request.name == ""


class TestVerifierInfo:
    def test_the_terms_cover_every_query_and_say_so(self) -> None:
        assert wire(types=BOTH)["verifier_info"][0]["credential_ids"] == ["vc-sd-jwt", "dc-sd-jwt"]

    def test_other_formats_are_ignored(self) -> None:
        payload = wire()
        payload["verifier_info"].insert(0, {"format": "jwt", "data": "eyJ9"})
        assert len(parse(payload).rows) == 3
        payload["verifier_info"][1]["data"]["attributes"].pop()
        assert refusal(payload, CLAIM_WITHOUT_TERMS) == "/verifier_info/1/data/attributes"

    def test_without_credential_ids_it_is_about_all(self) -> None:
        payload = wire(types=BOTH)
        del payload["verifier_info"][0]["credential_ids"]
        assert len(parse(payload).rows) == 3

    @pytest.mark.parametrize("ids", [["vc-sd-jwt"], ["dc-sd-jwt", "other"], ["vc-sd-jwt", "dc-sd-jwt", "other"]])
    def test_terms_that_leave_out_a_query_or_name_another(self, ids: list[str]) -> None:
        payload = wire(types=BOTH)
        payload["verifier_info"][0]["credential_ids"] = ids
        assert refusal(payload, CLAIM_WITHOUT_TERMS) == "/verifier_info/0/data"

    def test_no_object_of_terms(self) -> None:
        payload = wire()
        payload["verifier_info"] = [{"format": "jwt", "data": "eyJ9"}]
        assert refusal(payload, TERMS_MISSING) == "/verifier_info"

    def test_two_objects_of_terms(self) -> None:
        payload = wire()
        payload["verifier_info"] *= 2
        assert refusal(payload) == "/verifier_info"

    def test_terms_that_are_a_text(self) -> None:
        """DESIGN: the terms are an object: the outer signature is theirs."""
        payload = wire()
        payload["verifier_info"][0]["data"] = "eyJ9"
        assert refusal(payload) == "/verifier_info/0/data"


class TestSeveralCredentials:
    """Rows are matched by claim id, whichever credential query carries them."""

    def payload(self) -> dict[str, Any]:
        payload = wire(["name", "age"], ["mail"], types=BOTH)
        del payload["dcql_query"]["credential_sets"]
        first, second = payload["dcql_query"]["credentials"]
        first["claims"] = [claim for claim in first["claims"] if claim["id"] in ("issuer", "name")]
        first["claim_sets"] = [["issuer", "name"]]
        second["claims"] = [claim for claim in second["claims"] if claim["id"] in ("issuer", "age", "mail")]
        second["claim_sets"] = [["issuer", "age"], ["issuer", "age", "mail"]]
        return payload

    def test_each_asks_for_some(self) -> None:
        assert [*parse(self.payload()).rows] == ["name", "age", "mail"]

    def test_together_they_ask_for_every_row(self) -> None:
        payload = self.payload()
        query_of(payload)["claims"].pop()
        query_of(payload)["claim_sets"] = [["issuer"]]
        assert refusal(payload, TERMS_WITHOUT_CLAIM) == "/verifier_info/0/data/attributes/0"

    def test_what_names_issuers_has_no_row(self) -> None:
        """It is always picked, and a claim of another query with its id would be with it, though nobody chose it."""
        payload = self.payload()
        query_of(payload)["claims"][0]["id"] = "mail"
        query_of(payload)["claim_sets"] = [["mail", "name"]]
        assert refusal(payload, TERMS_WITHOUT_CLAIM) == "/verifier_info/0/data/attributes/2"

    def test_one_name_has_one_row_in_a_credential(self) -> None:
        """A person is told why a claim is asked for by its name: two rows would be one reason too many."""
        payload = self.payload()
        age = next(claim for claim in query_of(payload, 1)["claims"] if claim["id"] == "age")
        age["path"] = ["mail"]
        assert refusal(payload) == "/verifier_info/0/data"

    def test_one_name_in_two_credentials_is_told_apart(self) -> None:
        payload = self.payload()
        age = next(claim for claim in query_of(payload, 1)["claims"] if claim["id"] == "age")
        age["path"] = ["name"]
        names = parse(payload).names
        assert [names[key] for key in names if key[1] in ("name", "age")] == ["name", ("dc-sd-jwt", "name")]

    def test_one_row_may_be_about_a_claim_of_both(self) -> None:
        payload = self.payload()
        query_of(payload, 1)["claims"].append({"id": "name", "path": ["name"]})
        query_of(payload, 1)["claim_sets"] = [["issuer", "age", "name"], ["issuer", "age", "name", "mail"]]
        assert [*parse(payload).rows] == ["name", "age", "mail"]

    def test_each_claim_has_a_row(self) -> None:
        payload = self.payload()
        payload["verifier_info"][0]["data"]["attributes"].pop(0)
        assert refusal(payload, CLAIM_WITHOUT_TERMS) == "/verifier_info/0/data/attributes"

    def test_a_claim_is_required_where_it_is_asked_for(self) -> None:
        payload = self.payload()
        query_of(payload, 1)["claim_sets"].append(["issuer", "mail"])
        assert refusal(payload, NECESSITY_MISMATCH) == "/verifier_info/0/data/attributes"


class TestIssuersOf:
    def test_of_a_format_that_is_not_built(self) -> None:
        payload = wire(["name"], [], [])
        query_of(payload).update(format="mso_mdoc", meta={"doctype_value": "org.iso.18013.5.1.mDL"})
        query_of(payload)["claims"][0]["path"] = ["org.iso.18013.5.1", "name"]
        read = parse(payload)
        assert issuers_of(read.request.query.credentials[0]) is None
        assert [*read.rows] == ["name"]
