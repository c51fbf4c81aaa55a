"""What of a credential answers a credential query: types, values, combinations, and why not."""

from typing import Any

import pytest

from sayso.credentials.claims_path import ClaimsPath
from sayso.errors import MISSING_CLAIM, UNDECIDABLE, UNEXPECTED_TYPE
from sayso.jsonvalue import Json, freeze
from sayso.query.claims import Found, issuer_claim, mismatch, missing, select, telling
from sayso.query.grammar import ClaimsQuery, CredentialQuery, TrustedAuthority

CARD: dict[str, Any] = {
    "iss": "did:example:city",
    "given_name": "Ada",
    "age_over_18": True,
    "level": 1,
    "score": 2.0,
    "address": {"city": "Oslo", "zip": "0150"},
    "nationalities": ["NO", "GB", 1, {"code": "NO"}],
    "nothing": None,
}


def asking(*claims: ClaimsQuery, sets: tuple[tuple[str, ...], ...] = ()) -> CredentialQuery:
    return CredentialQuery("pid", "dc+sd-jwt", (("urn:pid",),), claims, sets)


def ids(options: tuple[tuple[Found, ...], ...]) -> list[list[str]]:
    return [[found.claim.id for found in option] for option in options]


A = ClaimsQuery(("given_name",), "a")
B = ClaimsQuery(("address", "zip"), "b")
C = ClaimsQuery(("email",), "c")
D = ClaimsQuery(("age_over_18",), "d")


class TestMismatch:
    query = CredentialQuery("x", "vc+sd-jwt", (("A", "B"), ("C",)))

    @pytest.mark.parametrize("types", [{"A", "B"}, {"A", "B", "Z"}, {"C"}, {"A", "C"}])
    def test_one_alternative_is_enough(self, types: set[str]) -> None:
        assert mismatch(self.query, "vc+sd-jwt", frozenset(types)) is None

    @pytest.mark.parametrize("types", [set(), {"A"}, {"B", "Z"}, {"AB"}])
    def test_half_an_alternative_is_none(self, types: set[str]) -> None:
        problem = mismatch(self.query, "vc+sd-jwt", frozenset(types))
        assert problem
        assert (problem.kind, "types" in problem.detail) == (UNEXPECTED_TYPE, True)

    def test_another_format_is_no_answer(self) -> None:
        problem = mismatch(self.query, "dc+sd-jwt", frozenset("C"))
        assert problem
        assert (problem.kind, "format" in problem.detail) == (UNEXPECTED_TYPE, True)

    def test_a_format_that_is_asked_for_without_types(self) -> None:
        assert mismatch(CredentialQuery("x", "new"), "new", frozenset()) is None

    def test_authorities_cannot_be_decided_and_the_rest_can(self) -> None:
        query = self.query._replace(trusted_authorities=(TrustedAuthority("aki", ("x",)),))
        problem = mismatch(query, "vc+sd-jwt", frozenset("C"))
        assert problem
        assert problem.kind == UNDECIDABLE
        decided = mismatch(query, "vc+sd-jwt", frozenset("Z"))
        assert decided
        assert decided.kind == UNEXPECTED_TYPE


class TestOptions:
    def test_all_claims_are_one_option(self) -> None:
        selection = select(asking(A, B), CARD)
        assert selection.options == ((Found(A, (("given_name",),)), Found(B, (("address", "zip"),))),)
        assert selection.asked == selection.options[0]

    def test_one_claim_missing_leaves_none(self) -> None:
        selection = select(asking(A, C), CARD)
        assert selection.options == ()
        assert [found.claim for found in selection.asked] == [A]

    def test_no_claims_are_one_option_that_holds_nothing(self) -> None:
        assert select(asking(), CARD) == (((),), ())

    def test_claims_without_ids(self) -> None:
        query = asking(ClaimsQuery(("given_name",)), ClaimsQuery(("level",)))
        assert [len(option) for option in select(query, CARD).options] == [2]

    def test_sets_keep_the_order_of_the_query(self) -> None:
        selection = select(asking(A, B, C, D, sets=(("d",), ("a", "c"), ("b", "a"), ("a",))), CARD)
        assert ids(selection.options) == [["d"], ["b", "a"], ["a"]]

    def test_a_set_of_all_that_the_credential_has(self) -> None:
        assert ids(select(asking(A, B, sets=(("b", "a"), ("a",))), CARD).options) == [["b", "a"], ["a"]]

    def test_no_set_that_can_be_had_leaves_none(self) -> None:
        assert select(asking(A, C, sets=(("c",), ("a", "c"))), CARD).options == ()

    def test_what_stands_in_no_set_is_not_asked_for(self) -> None:
        selection = select(asking(A, B, D, sets=(("a",), ("d",))), CARD)
        assert [found.claim for found in selection.asked] == [A, D]

    def test_hidden_elements_keep_their_index(self) -> None:
        second = asking(ClaimsQuery(("nationalities", 1), "n"))
        tree: dict[str, Any] = {"nationalities": ["GB"]}
        assert select(second, tree).options == ()
        assert select(second, tree, {("nationalities",): (1,)}).options[0][0].locations == (("nationalities", 0),)
        assert select(second, tree, {("nationalities",): (0,)}).options == ()


class TestValues:
    @pytest.mark.parametrize(
        ("path", "values"),
        [
            (("given_name",), ("Bob", "Ada")),
            (("age_over_18",), (True,)),
            (("age_over_18",), (1, True)),
            (("level",), (1,)),
            (("level",), (True, 1)),
            (("score",), (2,)),  # 2 and 2.0 are one JSON number
            (("nationalities", None), ("GB",)),
        ],
    )
    def test_type_and_value_match(self, path: ClaimsPath, values: Any) -> None:
        query = asking(ClaimsQuery(path, "v", values))
        assert ids(select(query, CARD).options) == ids(select(query, freeze(CARD)).options) == [["v"]]
        assert missing(query, CARD) == ()

    @pytest.mark.parametrize(
        ("path", "values"),
        [
            (("given_name",), ("ada", "Ada ")),
            (("age_over_18",), (1, "true", False)),
            (("level",), (True, "1", 0)),
            (("score",), ("2.0", 3)),
            (("nothing",), ("", 0, False)),
            (("address",), ("Oslo", 1)),
            (("nationalities",), ("NO", 1)),
            (("nationalities", None), (True, "SE")),
            (("nationalities", 3), ("NO",)),
        ],
    )
    def test_another_type_or_value_is_as_if_the_claim_did_not_exist(self, path: ClaimsPath, values: Any) -> None:
        query = asking(ClaimsQuery(path, "v", values))
        assert select(query, CARD).options == ()
        (problem,) = missing(query, CARD)
        assert (problem.kind, problem.detail.startswith("no value that was asked for")) == (MISSING_CLAIM, True)

    def test_of_several_claims_those_that_match_are_selected(self) -> None:
        claim = ClaimsQuery(("nationalities", None), "v", ("GB", "SE"))
        selection = select(asking(claim), CARD)
        assert selection.options == ((Found(claim, (("nationalities", 1),)),),)

    def test_what_did_not_match_was_still_asked_for(self) -> None:
        claim = ClaimsQuery(("nationalities", None), "v", ("GB",))
        (found,) = select(asking(claim), CARD).asked
        assert [*found.locations] == [("nationalities", number) for number in range(4)]


class TestMissing:
    def test_it_says_what_is_not_there_and_never_a_value(self) -> None:
        claims = (
            A,
            C,
            ClaimsQuery(("given_name", "first")),
            ClaimsQuery(("nationalities", None, "code")),
            ClaimsQuery(("level",), "", ("Oslo",)),
        )
        problems = missing(asking(*claims), CARD)
        assert [problem.pointer for problem in problems] == ["/email", "/given_name/first", "/nationalities", "/level"]
        assert [problem.detail for problem in problems] == [
            'nothing is at the claims path ["email"]',
            'nothing is at the claims path ["given_name","first"]',
            'nothing is at the claims path ["nationalities",null,"code"]',
            'no value that was asked for is at the claims path ["level"]',
        ]
        assert {problem.kind for problem in problems} == {MISSING_CLAIM}

    def test_it_looks_at_what_is_asked_for_only(self) -> None:
        other = ClaimsQuery(("other",), "o")
        assert [problem.pointer for problem in missing(asking(A, C, other, sets=(("a",), ("c",))), CARD)] == ["/email"]

    def test_it_counts_hidden_elements(self) -> None:
        assert len(missing(asking(ClaimsQuery(("n", 0))), {"n": ["GB"]}, {("n",): (1,)})) == 1


class TestIssuer:
    iss = ClaimsQuery(("iss",), "i", ("did:example:city", 5))

    def test_who_must_have_issued_it(self) -> None:
        assert issuer_claim(asking(A, self.iss)) == self.iss
        assert issuer_claim(asking(A, self.iss, sets=(("i", "a"), ("i",)))) == self.iss
        assert issuer_claim(asking(self.iss)._replace(format="mso_mdoc")) is None

    def test_who_need_not_have(self) -> None:
        for query in (
            asking(A),
            asking(A, self.iss, sets=(("i", "a"), ("a",))),
            asking(self.iss._replace(values=())),
            asking(self.iss._replace(path=("issuer",))),
            asking(self.iss._replace(path=("iss", "id"))),
        ):
            assert issuer_claim(query) is None

    def test_of_a_w3c_credential(self) -> None:
        issuer = self.iss._replace(path=("issuer",))
        assert issuer_claim(asking(issuer)._replace(format="vc+sd-jwt")) == issuer
        assert issuer_claim(asking(self.iss)._replace(format="vc+sd-jwt")) is None


def test_the_places_whose_values_decide() -> None:
    several = ClaimsQuery(("nationalities", None), "n", ("NO", 1))
    found = telling(asking(A, several, ClaimsQuery(("email",), "e", ("x",)), ClaimsQuery(("level",), "l", (True, 2))), CARD)
    assert [place for place, _ in found] == [*[("nationalities", number) for number in range(4)], ("level",)]
    accepts = [accepted for _, accepted in found]
    values: list[Json] = ["NO", 1, 1.0, "GB", True, None, {"code": "NO"}, ["NO"]]
    assert [accepts[0](value) for value in values] == [True, True, True, *[False] * 5]
    assert [accepts[4](value) for value in (1, True, 2)] == [False, True, True]
