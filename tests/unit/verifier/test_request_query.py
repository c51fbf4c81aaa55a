"""A business asks with a whole DCQL query of its own, and accepts what answers it."""

from datetime import timedelta
from typing import Any

import pytest

from sayso import ANYONE, WILL_NOT_STORE, Answer, Issuer, Request, SaysoError
from sayso.errors import EXCESS_DISCLOSURE, MISSING_CLAIM
from sayso.query import grammar
from sayso.query.grammar import ClaimsQuery, CredentialQuery, Query
from tests.journeys.town import CLAIMS, HOUR, Town, answer_of, kinds, payload_of, taken_apart, town

TERMS: dict[str, Any] = {"purpose": "Serve alcohol", "benefit": "You get your drink", "keep_for": HOUR}
ANY = "https://www.w3.org/2018/credentials#VerifiableCredential"


@pytest.fixture
def there() -> Town:
    return town()


def one(*paths: tuple[str | int | None, ...], id: str = "id", **more: Any) -> dict[str, Any]:
    claims = [{"path": ["credentialSubject", *path]} for path in paths]
    return {"id": id, "format": "vc+sd-jwt", "meta": {"type_values": [[ANY]]}, "claims": claims, **more}


def asked(there: Town, *credentials: dict[str, Any], issuers: Any = ANYONE, **more: Any) -> Request:
    return there.bar.request_query({"credentials": [*credentials], **more}, issuers=issuers, **TERMS)


def query_in(request: Request) -> Any:
    return payload_of(request.text)["dcql_query"]


def rows_in(request: Request) -> dict[str, str]:
    (entry,) = payload_of(request.text)["verifier_info"]
    return {row["claim"]: row["hasNecessity"] for row in entry["data"]["attributes"]}


class TestOnTheWire:
    def test_the_query_as_it_was_written(self, there: Town) -> None:
        query = {
            "credentials": [
                one(id="a", multiple=True, claims=[{"id": "x", "path": ["credentialSubject", "langs", None], "values": ["en", "no"]}]),
                one(id="b", claims=[{"id": "y", "path": ["credentialSubject", "given_name"]}], claim_sets=[["y"]]),
            ],
            "credential_sets": [{"options": [["a"], ["b"]]}],
        }
        request = there.bar.request_query(query, issuers=ANYONE, **TERMS)
        assert query_in(request) == query
        assert rows_in(request) == {"x": "dpv:Required", "y": "dpv:Required"}
        again = there.bar.request_query(grammar.parse(query_in(request)), issuers=ANYONE, **TERMS)
        assert query_in(again) == query

    def test_claims_get_ids(self, there: Town) -> None:
        named = {"id": "c1", "path": ["credentialSubject", "langs"]}
        request = asked(there, one(("given_name",), ("birthdate",)), one(id="other", claims=[named, {"path": ["credentialSubject", "x"]}]))
        assert [[claim["id"] for claim in query["claims"]] for query in query_in(request)["credentials"]] == [["c0", "c2"], ["c1", "c3"]]
        assert [*rows_in(request)] == ["c0", "c2", "c1", "c3"]

    def test_the_issuers_are_values(self, there: Town) -> None:
        sets = {"claims": [{"id": "issuer", "path": ["credentialSubject", "x"]}], "claim_sets": [["issuer"]]}
        issuers = {"id": [there.city.did], "other": ANYONE, "third": [there.city.did]}
        query = query_in(asked(there, one(("given_name",)), one(id="other", claims=[{"id": "o", "path": ["credentialSubject", "y"]}]),
                               one(id="third", **sets), issuers=issuers))  # fmt: skip
        trusted = {"id": "issuer0", "path": ["issuer"], "values": [there.city.did]}
        assert query["credentials"][0]["claims"] == [trusted, {"id": "c0", "path": ["credentialSubject", "given_name"]}]
        assert query["credentials"][1]["claims"] == [{"id": "o", "path": ["credentialSubject", "y"]}]
        assert query["credentials"][2]["claims"][0] == trusted
        assert query["credentials"][2]["claim_sets"] == [["issuer0", "issuer"]]

    def test_necessity_follows_from_the_query(self, there: Town) -> None:
        claims = [{"id": name, "path": ["credentialSubject", name]} for name in "abc"]
        request = asked(
            there,
            one(claims=claims, claim_sets=[["a", "b"], ["a", "c"]]),
            one(id="spare", claims=[{"id": "d", "path": ["credentialSubject", "d"]}]),
            credential_sets=[{"options": [["id"]]}, {"options": [["spare"]], "required": False}],
        )
        needed = {name: necessity.removeprefix("dpv:") for name, necessity in rows_in(request).items()}
        assert needed == {"a": "Required", "b": "Optional", "c": "Optional", "d": "Optional"}

    def test_how_long(self, there: Town) -> None:
        query = {"credentials": [one(("given_name",))]}
        words = {**TERMS, "keep_for": WILL_NOT_STORE}
        request = there.bar.request_query(query, issuers=ANYONE, answer_within=timedelta(minutes=9), **words)
        assert payload_of(request.text)["exp"] - payload_of(request.text)["iat"] == 540
        share = there.bar.accept(there.answer(request), request)
        assert share.read() == {"given_name": "Ada"}
        assert share.ended


class TestWrongUse:
    @pytest.mark.parametrize("query", [None, "{}", [], 5, b"{}"], ids=repr)
    def test_what_is_no_query(self, there: Town, query: Any) -> None:
        with pytest.raises(TypeError, match="a query is a Query or its JSON form"):
            there.bar.request_query(query, issuers=ANYONE, **TERMS)

    @pytest.mark.parametrize(
        "query",
        [
            {},
            {"credentials": []},
            {"credentials": [{"id": "x"}]},
            {"credentials": [one()]},
            Query(()),
            Query((CredentialQuery("id", "vc+sd-jwt", ((ANY,),), (ClaimsQuery(()),)),)),
        ],
        ids=["empty", "none", "format", "claims", "no value", "path"],
    )
    def test_a_query_that_is_malformed(self, there: Town, query: Any) -> None:
        with pytest.raises(ValueError, match="/credentials"):
            there.bar.request_query(query, issuers=ANYONE, **TERMS)

    @pytest.mark.parametrize(
        "change",
        [
            {"format": "mso_mdoc", "meta": {"doctype_value": "x"}},
            {"trusted_authorities": [{"type": "aki", "values": ["x"]}]},
            {"require_cryptographic_holder_binding": False},
        ],
        ids=["format", "authorities", "holder"],
    )
    def test_what_nothing_here_could_accept(self, there: Town, change: dict[str, Any]) -> None:
        with pytest.raises(ValueError, match="nothing here could accept it"):
            asked(there, one(("given_name",), **change))

    def test_nothing_is_asked_for(self, there: Town) -> None:
        query = one()
        del query["claims"]
        with pytest.raises(ValueError, match="at least one claim"):
            asked(there, query)

    def test_one_id_that_is_required_here_and_not_there(self, there: Town) -> None:
        claims = [{"id": name, "path": ["credentialSubject", name]} for name in "ab"]
        with pytest.raises(ValueError, match="give them different ids"):
            asked(there, one(claims=claims), one(id="other", claims=claims, claim_sets=[["a"], ["a", "b"]]))

    def test_a_claim_that_names_issuers_has_an_id_of_its_own(self, there: Town) -> None:
        named = {"id": "a", "path": ["issuer"], "values": [there.city.did]}
        claims = [{"id": name, "path": ["credentialSubject", name]} for name in "ab"]
        with pytest.raises(ValueError, match="an id of its own"):
            asked(there, one(claims=claims), one(id="other", claims=[named, claims[1]]))

    def test_two_names_of_one_credential(self, there: Town) -> None:
        with pytest.raises(ValueError, match="go by one name"):
            asked(there, one(("given_name",), ("given_name",)))

    @pytest.mark.parametrize(
        ("issuers", "error"),
        [
            ({}, ValueError),
            ({"x": ANYONE}, ValueError),
            ({"id": []}, ValueError),
            ({"id": "did:x:y"}, TypeError),
            ([], ValueError),
            (None, TypeError),
        ],
        ids=repr,
    )
    def test_whom_it_trusts(self, there: Town, issuers: Any, error: type[Exception]) -> None:
        with pytest.raises(error):
            asked(there, one(("given_name",)), issuers=issuers)


class TestAccepted:
    def test_values(self, there: Town) -> None:
        """DQ-S4: what a claim says may be asked, and a wallet whose card says something else does not answer."""
        wanted = {"path": ["credentialSubject", "given_name"], "values": ["Eve", "Ada"]}
        request = asked(there, one(claims=[wanted]))
        assert there.bar.accept(there.answer(request), request).read() == {"given_name": "Ada"}
        plan = there.ada.plan(asked(there, one(claims=[{**wanted, "values": ["Eve", True, 1]}])))
        assert [(problem.kind, problem.pointer) for problem in plan.unanswered["id"]][1:] == [
            (MISSING_CLAIM, "/credentialSubject/given_name")
        ]

    def test_every_element(self, there: Town) -> None:
        there.ada.store(there.issue({**CLAIMS, "degrees": [{"type": "BSc", "year": 1}, {"type": "MSc", "year": 2}]}))
        request = asked(there, one(("degrees", None, "type")))
        assert there.bar.accept(there.answer(request), request).read() == {"degrees": [{"type": "BSc"}, {"type": "MSc"}]}

    def test_elements_of_a_value(self, there: Town) -> None:
        request = asked(there, one(claims=[{"path": ["credentialSubject", "langs", None], "values": ["en"]}]))
        assert there.bar.accept(there.answer(request), request).read() == {"langs": ["en"]}

    def test_names_of_several_credentials(self, there: Town) -> None:
        request = asked(there, one(("given_name",)), one(("birthdate",), id="other"))
        share = there.bar.accept(there.answer(request), request)
        assert share.names == ("given_name", "birthdate")

    def test_where_nothing_is_required_nothing_may_come(self, there: Town) -> None:
        sets = [{"options": [["id"], ["other"]], "required": False}]
        request = asked(there, one(("given_name",)), one(("birthdate",), id="other"), credential_sets=sets)
        assert there.bar.accept(there.answer(request), request).read() == {}


class TestRefused:
    def test_a_credential_of_the_other_querys_issuer(self, there: Town) -> None:
        """Each credential query names its own issuers: what one of them trusts is not trusted for the other."""
        club = there.world.issuer()
        request = asked(there, one(("given_name",)), one(("birthdate",), id="other"), issuers={"id": [there.city.did], "other": [club.did]})
        there.ada.store(_issued(club, there))
        parts = {}
        for query_id in ("id", "other"):
            alone = asked(there, one(("given_name",) if query_id == "id" else ("birthdate",), id=query_id), issuers=[there.city.did])
            parts[query_id] = taken_apart(there.answer(alone))
        nonce = payload_of(request.text)["nonce"]
        texts = {query_id: taken_apart(part.bound(there.ada_key, nonce=nonce)) for query_id, part in parts.items()}
        answer = answer_of({query_id: "~".join((part.card, *part.disclosures, part.binding)) for query_id, part in texts.items()})
        error = refused(there, answer, request)
        assert [(problem.kind, problem.pointer) for problem in error.problems] == [(MISSING_CLAIM, "/other/0/issuer")]

    def test_two_where_one_was_asked_for(self, there: Town) -> None:
        request = asked(there, one(("given_name",)))
        part = taken_apart(there.answer(request))
        text = "~".join((part.card, *part.disclosures, part.binding))
        error = refused(there, Answer(('{"vp_token":{"id":["' + text + '","' + text + '"]}}').encode()), request)
        assert kinds(error) == [EXCESS_DISCLOSURE]


def _issued(club: Issuer, there: Town) -> Any:
    return club.issue({"given_name": "Ada", "birthdate": "1990-12-10"}, type="Card", holder=there.holder, valid_for=HOUR)


def refused(there: Town, answer: Answer, request: Request) -> SaysoError:
    with pytest.raises(SaysoError) as error:
        there.bar.accept(answer, request)
    return error.value
