"""A credential that is shown whole answers by itself only where nothing leaves that is not required; else the customer has the word."""

from datetime import timedelta
from typing import Any

import pytest

from sayso import ANYONE, WILL_NOT_STORE, Attribute, Plan, Request, SaysoError
from sayso.errors import MISSING_CLAIM, NOT_ANSWERABLE, RANGE_ERROR, WHOLE_CREDENTIAL
from sayso.identifiers import StoredId
from sayso.keys import jwk
from sayso.openid import response
from sayso.sharing.plan.picking import Pick
from tests.journeys.town import CLAIMS, HOUR, SECOND, YEAR, Town, kinds, town

JCS, RDFC, JWT = WAYS = ("eddsa-jcs-2022", "eddsa-rdfc-2022", "vc+jwt")
WHOLE = ("ldp_vc", "jwt_vc_json")
EVERY_FORMAT = ("vc+sd-jwt", *WHOLE)
QUERY: dict[str, str] = {JCS: "ldp_vc", RDFC: "ldp_vc", JWT: "jwt_vc_json"}
TYPES = {"type_values": [["https://www.w3.org/2018/credentials#VerifiableCredential"]]}
WORDS: dict[str, Any] = {"purpose": "p", "benefit": "b", "keep_for": HOUR}


@pytest.fixture
def there() -> Town:
    return town(None)


def store(there: Town, claims: dict[str, Any] | None = None, way: str = JCS, **choices: Any) -> StoredId:
    return there.ada.store(there.issue(CLAIMS if claims is None else claims, format=way, **choices))


def plan(there: Town, *claims: Any, **choices: Any) -> Plan:
    return there.plan(*claims, **{"formats": WHOLE, **choices})


def query(query_id: str, *names: str, **more: Any) -> dict[str, Any]:
    claims = [{"id": f"{query_id}-{name}", "path": ["credentialSubject", *name.split(".")]} for name in names]
    return {"id": query_id, "format": "ldp_vc", "meta": TYPES, "claims": claims, **more}


def asking(there: Town, *credentials: dict[str, Any], sets: list[Any] | None = None) -> Request:
    whole = {"credentials": list(credentials), **({"credential_sets": sets} if sets else {})}
    return there.bar.request_query(whole, issuers=ANYONE, **WORDS)


class TestByItself:
    @pytest.mark.parametrize("way", WAYS)
    def test_it_answers_where_every_claim_in_it_is_required(self, there: Town, way: str) -> None:
        stored = store(there, {"given_name": "Ada", "age": 36}, way)
        found = plan(there, "given_name", "age")
        assert (found.answerable, found.credentials, found.only_whole) == (True, {QUERY[way]: (stored,)}, {})
        assert found.leaves == {"given_name": "Ada", "age": 36}
        assert (found.unasked, found.stays, found.parts, found.optional) == ((), (), (), ())
        assert found.visible == {"id": there.holder}

    def test_a_claim_that_is_required_takes_all_that_is_in_it(self, there: Town) -> None:
        store(there, {"address": CLAIMS["address"], "langs": ["no", "en"]})
        found = plan(there, "address", ("langs", None))
        assert found.answerable
        assert found.leaves == {"address": CLAIMS["address"], ("langs", None): ["no", "en"]}

    def test_the_issuer_is_no_claim_of_the_person(self, there: Town) -> None:
        store(there, {"age": 36})
        assert plan(there, "age", issuers=[there.city.did]).answerable
        assert plan(there, "age", issuers=ANYONE).answerable

    def test_nobody_who_is_named_is_a_subject_without_an_identifier(self, there: Town) -> None:
        document = {
            "@context": ["https://www.w3.org/ns/credentials/v2", "https://www.w3.org/ns/credentials/undefined-terms/v2"],
            "type": ["VerifiableCredential"],
            "credentialSubject": {"age": 36},
            "issuer": there.city.did,
            "cnf": {"jwk": jwk.encode(there.ada_key.public_key)},
        }
        there.ada.store(there.city.secure(document, format=JWT))
        found = plan(there, "age", formats=["jwt_vc_json"])
        assert (found.leaves, found.visible) == ({"age": 36}, {})

    def test_one_that_holds_no_longer_answers_nothing(self, there: Town) -> None:
        request = there.ask("age", formats=WHOLE, answer_within=timedelta(days=9))
        store(there, {"age": 36}, valid_until=there.world.clock() + HOUR)
        found = there.ada.plan(request)
        there.world.clock.turn(HOUR)
        late = there.ada.plan(request)
        assert [problem.kind for problem in late.problems[:2]] == [NOT_ANSWERABLE, RANGE_ERROR]
        with pytest.raises(SaysoError) as refused:
            there.ada.present(found)
        assert kinds(refused.value) == [RANGE_ERROR]

    def test_one_that_was_let_go_of_is_not_presented(self, there: Town) -> None:
        stored = store(there, {"age": 36})
        found = plan(there, "age")
        there.ada.remove(stored)
        with pytest.raises(SaysoError) as refused:
            there.ada.present(found)
        assert kinds(refused.value) == [NOT_ANSWERABLE]


class TestItWaitsForTheCustomer:
    @pytest.mark.parametrize("way", WAYS)
    def test_where_something_is_in_it_that_nobody_asked_for(self, there: Town, way: str) -> None:
        stored = store(there, {"age": 36, "name": "Ada"}, way)
        found = plan(there, "age")
        assert (found.answerable, found.leaves, found.credentials, found.choices) == (False, {}, {}, {})
        assert found.only_whole == {QUERY[way]: (stored,)}
        number = WHOLE.index(QUERY[way])
        (first, other) = found.problems
        assert (first.kind, first.pointer) == (WHOLE_CREDENTIAL, f"/credentials/{number}")
        assert not first.decided
        assert other.kind == NOT_ANSWERABLE
        assert found.unanswered[QUERY[way]][0].kind == WHOLE_CREDENTIAL
        assert str(found).startswith('can only be answered with a whole credential: "The Bar"')
        with pytest.raises(SaysoError) as refused:
            there.ada.present(found)
        assert kinds(refused.value)[0] == WHOLE_CREDENTIAL

    @pytest.mark.parametrize("way", WAYS)
    def test_and_then_all_of_it_leaves(self, there: Town, way: str) -> None:
        stored = store(there, {"age": 36, "name": "Ada", "address": CLAIMS["address"]}, way)
        before = plan(there, "age", ("address", "city"))
        found = before.whole(QUERY[way])
        assert not before.answerable
        assert (found.answerable, found.credentials, found.choices, found.only_whole) == (
            True,
            {QUERY[way]: (stored,)},
            {QUERY[way]: (stored,)},
            {},
        )
        assert found.leaves == {
            "age": 36,
            ("address", "city"): "Oslo",
            "name": "Ada",
            ("address", "zip"): "0150",
            ("address", "geo"): {"lat": 59.9, "lon": 10.7},
        }
        assert {*found.unasked} == {"name", ("address", "zip"), ("address", "geo")}
        assert found.names == tuple(found.leaves)
        assert (found.stays, found.parts, found.optional) == ((), (), ())
        assert WHOLE_CREDENTIAL not in [problem.kind for problem in found.problems]
        assert 'name="Ada"' in str(found)

    def test_where_something_in_it_is_optional(self, there: Town) -> None:
        store(there, {"age": 36, "name": "Ada"})
        found = plan(there, "age", optional=["name"])
        assert not found.answerable
        whole = found.whole("ldp_vc")
        assert (whole.leaves, whole.unasked, whole.optional) == ({"age": 36, "name": "Ada"}, (), ())

    def test_where_all_that_is_asked_for_is_optional(self, there: Town) -> None:
        store(there, {"name": "Ada"})
        found = plan(there, optional=["name"], issuers=ANYONE)
        assert (found.answerable, found.leaves, [*found.only_whole]) == (True, {}, ["ldp_vc"])
        assert found.whole("ldp_vc").leaves == {"name": "Ada"}

    def test_where_no_claim_is_asked_for(self, there: Town) -> None:
        store(there, {"name": "Ada"})
        there.ada.store(there.issue({"age": 36}))
        both = {"credentials": [{"id": "any", "format": "ldp_vc", "meta": TYPES}, {**query("age", "age"), "format": "vc+sd-jwt"}]}
        found = there.ada.plan(there.bar.request_query(both, issuers=ANYONE, **WORDS))
        assert not found.answerable
        assert found.whole("any").leaves == {"name": "Ada", "age": 36}

    def test_what_stands_beside_the_subject_counts_and_what_a_credential_says_of_itself_does_not(self, there: Town) -> None:
        document = {
            "@context": ["https://www.w3.org/ns/credentials/v2", "https://www.w3.org/ns/credentials/undefined-terms/v2"],
            "id": "urn:uuid:0c07c1ce-57cb-41af-bef2-1b932b986873",
            "type": ["VerifiableCredential"],
            "name": "A card",
            "description": "of the city",
            "issuer": there.city.did,
            "credentialSubject": {"id": there.holder, "age": 36},
        }
        there.ada.store(there.city.secure(document, format=JCS))
        assert plan(there, "age").answerable
        there.ada.store(there.city.secure({**document, "evidence": [{"type": "Passport", "number": "12"}]}, format=JCS))
        there.ada.remove(next(iter(there.ada.stored)))
        found = plan(there, "age")
        assert not found.answerable
        assert found.whole("ldp_vc").leaves == {"age": 36, "evidence": [{"type": "Passport", "number": "12"}]}

    def test_of_two_the_one_that_says_no_more_answers_and_the_other_waits(self, there: Town) -> None:
        more, less = store(there, {"age": 36, "name": "Ada"}), store(there, {"age": 36})
        found = plan(there, "age")
        assert (found.credentials, found.choices, found.only_whole) == ({"ldp_vc": (less,)}, {"ldp_vc": (less,)}, {"ldp_vc": (more,)})
        assert WHOLE_CREDENTIAL not in [problem.kind for problem in found.problems]
        whole = found.whole("ldp_vc")
        assert whole.choices == {"ldp_vc": (less, more)}
        assert whole.using("ldp_vc", more).leaves == {"age": 36, "name": "Ada"}

    @pytest.mark.parametrize("query_id", ["ldp_vc", "jwt_vc_json", "nobody"])
    def test_a_credential_query_that_does_not_wait(self, there: Town, query_id: str) -> None:
        store(there, {"age": 36})
        found = plan(there, "age")
        with pytest.raises(ValueError, match="no credential query that waits"):
            found.whole(query_id)


class TestNothingCanBeLeftOut:
    def test_no_part_of_it(self, there: Town) -> None:
        store(there)
        found = plan(there, "address").whole("ldp_vc")
        for name in ("given_name", ("address", "city"), "address", "id"):
            with pytest.raises(ValueError, match="is no part of what leaves"):
                found.without(name)

    def test_no_claim_of_it(self, there: Town) -> None:
        store(there, {"age": 36, "name": "Ada"})
        found = plan(there, "age", optional=["name"]).whole("ldp_vc")
        with pytest.raises(ValueError, match="no combination of claims"):
            found.only("age")
        assert found.only("age", "name").leaves == found.also("name").leaves == {"age": 36, "name": "Ada"}

    def test_an_end_that_is_earlier_may_be_chosen(self, there: Town) -> None:
        store(there, {"age": 36, "name": "Ada"})
        found = plan(there, "age").whole("ldp_vc").ending(there.world.clock() + SECOND)
        assert found.ends == there.world.clock() + SECOND


class TestBesideOthers:
    def test_a_selective_one_is_preferred(self, there: Town) -> None:
        whole, selective = store(there, {"age": 36}), there.ada.store(there.issue({**CLAIMS, "age": 36}))
        found = plan(there, "age", formats=("ldp_vc", "vc+sd-jwt"))
        assert found.credentials == {"vc-sd-jwt": (selective,)}
        assert found.answering("ldp_vc").credentials == {"ldp_vc": (whole,)}

    def test_the_customer_may_prefer_the_whole_one(self, there: Town) -> None:
        whole = store(there, {"age": 36, "name": "Ada"})
        there.ada.store(there.issue({**CLAIMS, "age": 36}))
        found = plan(there, "age", formats=EVERY_FORMAT)
        assert (found.answerable, [*found.credentials], found.only_whole) == (True, ["vc-sd-jwt"], {"ldp_vc": (whole,)})
        assert found.unanswered["ldp_vc"][0].kind == WHOLE_CREDENTIAL
        agreed = found.whole("ldp_vc")
        assert agreed.credentials == {"ldp_vc": (whole,)}
        assert agreed.answering("vc-sd-jwt").leaves == {"age": 36}

    def test_each_waits_for_itself(self, there: Town) -> None:
        store(there, {"a": 1, "x": 1})
        store(there, {"b": 2, "y": 2})
        found = there.ada.plan(asking(there, query("p", "a"), query("q", "b")))
        half = found.whole("p")
        assert (half.answerable, half.leaves, [*half.only_whole]) == (False, {}, ["q"])
        assert [problem.pointer for problem in half.problems if problem.kind == WHOLE_CREDENTIAL] == ["/credentials/1"]
        assert half.whole("q").leaves == {"a": 1, "x": 1, "b": 2, "y": 2}
        assert found.whole("q").whole("p").answerable

    def test_what_nobody_has_is_still_missing(self, there: Town) -> None:
        store(there, {"a": 1, "x": 1})
        found = there.ada.plan(asking(there, query("p", "a"), query("q", "b")))
        assert [problem.kind for problem in found.problems] == [NOT_ANSWERABLE, NOT_ANSWERABLE, WHOLE_CREDENTIAL, MISSING_CLAIM]
        assert str(found).startswith("cannot be answered")
        half = found.whole("p")
        assert [problem.kind for problem in half.problems] == [NOT_ANSWERABLE, MISSING_CLAIM]

    def test_one_that_need_not_be_answered_is_answered_with_the_others(self, there: Town) -> None:
        store(there, {"a": 1})
        store(there, {"b": 2, "y": 2})
        sets = [{"options": [["p"]]}, {"options": [["q"]], "required": False}]
        found = there.ada.plan(asking(there, query("p", "a"), query("q", "b"), sets=sets))
        assert (found.leaves, found.optional) == ({"a": 1}, ())
        both = found.whole("q")
        assert both.leaves == {"a": 1, "b": 2, "y": 2}
        assert both.only("a").leaves == {"a": 1}
        assert both.only("a").also("b").leaves == both.leaves

    def test_what_was_chosen_before_stays(self, there: Town) -> None:
        there.ada.store(there.issue({"a": 1, "c": {"d": 3, "e": 4}}))
        there.ada.store(there.issue({"o": 5}))
        store(there, {"b": 2, "y": 2})
        sets: list[Any] = [{"options": [["p"]]}, {"options": [["r"]], "required": False}, {"options": [["q"]]}]
        p = query("p", "a", "c", format="vc+sd-jwt", claim_sets=[["p-a"], ["p-a", "p-c"]])
        found = there.ada.plan(asking(there, p, query("q", "b"), query("r", "o", format="vc+sd-jwt"), sets=sets))
        assert not found.answerable
        agreed = found.whole("q").also("c", "o").without(("c", "e"))
        assert agreed.leaves == {"a": 1, "c": {"d": 3}, "b": 2, "y": 2, "o": 5}

    def test_what_was_added_before_stays(self, there: Town) -> None:
        there.ada.store(there.issue({"a": 1, "c": 3}))
        there.ada.store(there.issue({"o": 5}))
        store(there, {"b": 2, "y": 2})
        sets: list[Any] = [{"options": [[one]], "required": one == "p"} for one in "pqr"]
        p = query("p", "a", "c", format="vc+sd-jwt", claim_sets=[["p-a"], ["p-a", "p-c"]])
        r = query("r", "o", format="vc+sd-jwt")
        found = there.ada.plan(asking(there, p, query("q", "b"), r, sets=sets)).also("c", "o").whole("q")
        assert found.leaves == {"a": 1, "c": 3, "b": 2, "y": 2, "o": 5}

    def test_where_the_customer_said_which_alternative_the_whole_one_takes_its_place(self, there: Town) -> None:
        there.ada.store(there.issue({"a": 1}))
        store(there, {"b": 2, "y": 2})
        sets = [{"options": [["p"], ["q"]]}]
        found = there.ada.plan(asking(there, query("p", "a", format="vc+sd-jwt"), query("q", "b"), sets=sets))
        agreed = found.answering("p").whole("q")
        assert agreed.leaves == {"b": 2, "y": 2}
        assert agreed.also().leaves == agreed.leaves
        assert agreed.answering("p").leaves == {"a": 1}

    def test_a_value_that_was_not_asked_for_leaves_too(self, there: Town) -> None:
        store(there, {"langs": ["no", "en"], "age": 36})
        claims = [
            {"id": "l", "path": ["credentialSubject", "langs", None], "values": ["en"]},
            {"id": "a", "path": ["credentialSubject", "age"]},
        ]
        request = asking(there, {**query("p"), "claims": claims, "claim_sets": [["l", "a"], ["a"]]})
        found = there.ada.plan(request).whole("p")
        assert found.leaves == {("langs", None): ["no", "en"], "age": 36}

    def test_several_where_the_query_takes_several(self, there: Town) -> None:
        first, second = store(there, {"a": 1}), store(there, {"a": 2})
        request = asking(there, query("p", "a", multiple=True))
        found = there.ada.plan(request).using("p", first, second)
        assert there.bar.accept(there.ada.present(found), request).read() == {"p": [{"a": 1}, {"a": 2}]}


class TestWhatIsPresented:
    @pytest.mark.parametrize("way", WAYS)
    def test_an_object_or_a_text_secured_like_the_credential(self, there: Town, way: str) -> None:
        store(there, {"age": 36}, way)
        token: Any = response.parse(there.ada.present(plan(there, "age")).data)
        ((query_id, (one,)),) = token.items()
        assert query_id == QUERY[way]
        if way == JWT:
            assert isinstance(one, str)
        else:
            assert one["proof"]["cryptosuite"] == way
            assert one["proof"]["proofPurpose"] == "authentication"
            assert (one["proof"]["domain"], one["holder"]) == (f"decentralized_identifier:{there.bar.did}", there.holder)
            assert one["https://w3id.org/sayso/share_until"] == int((there.world.clock() + HOUR).timestamp())
            assert one["proof"]["expires"] == "2026-11-20T12:05:00Z"

    def test_it_is_remembered_with_all_that_left(self, there: Town) -> None:
        store(there, {"age": 36, "name": "Ada"})
        there.ada.present(plan(there, "age").whole("ldp_vc"))
        (record,) = there.ada.shared
        assert record.claims == ("age", "name")

    def test_what_is_not_kept_ends_with_the_request(self, there: Town) -> None:
        store(there, {"age": 36})
        assert plan(there, "age", keep_for=WILL_NOT_STORE).ends == there.world.clock() + timedelta(minutes=5)

    def test_no_key_is_in_a_plan(self, there: Town) -> None:
        store(there, {"age": 36}, valid_for=YEAR)
        ((one,),) = plan(there, "age").picks.values()
        assert isinstance(one, Pick)
        assert "Signer" not in repr(one)


def test_of_claims_that_do_instead_of_another_one_is_required(there: Town) -> None:
    """Who has both in one credential says more with it than is required."""
    asked = Attribute("birthdate", accepts=("age_over_18",))
    store(there, {"birthdate": "1990-12-10", "age_over_18": True})
    assert not plan(there, asked).answerable
    store(there, {"age_over_18": True})
    assert plan(there, asked).leaves == {"age_over_18": True}


def test_a_word_on_a_whole_credential_never_makes_another_answer_too_many(there: Town) -> None:
    """What answers one optional set must not be what another set makes needless: the business would refuse the answer."""
    store(there, {"age": 36, "member": 7})
    for name in ("a", "b"):
        store(there, {name: 1}, "vc+sd-jwt")
    parts = [{**query(name, name), "format": "vc+sd-jwt"} for name in ("a", "b")]
    sets = [{"options": [["a"], ["w", "b"]], "required": False}, {"options": [["w", "a"]], "required": False}]
    request = asking(there, *parts, query("w", "age"), sets=sets)
    agreed = there.ada.plan(request).whole("w")
    assert "w" in agreed.credentials
    assert there.bar.accept(there.ada.present(agreed), request).names
