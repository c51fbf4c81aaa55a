"""What a whole credential says beside what was asked for."""

from typing import Any

import pytest

from sayso.credentials.formats import JWT_VC, LDP_VC, VCDM_SD_JWT
from sayso.credentials.remainder import ancestors, bare, beside, is_subject_id, value_at

ROOT = "credentialSubject"
PERSON: dict[str, Any] = {"id": "did:example:ada", "age": 36, "home": {"city": "Oslo", "street": "A 1"}, "langs": ["no", "en"]}
ITSELF: dict[str, Any] = {
    "@context": ["https://www.w3.org/ns/credentials/v2"],
    "id": "urn:x",
    "type": ["VerifiableCredential"],
    "name": "A card",
    "description": "of a city",
    "issuer": {"id": "did:example:city"},
    "issuanceDate": "2026-01-01T00:00:00Z",
    "expirationDate": "2027-01-01T00:00:00Z",
    "validFrom": "2026-01-01T00:00:00Z",
    "validUntil": "2027-01-01T00:00:00Z",
    "credentialStatus": {},
    "credentialSchema": {},
    "refreshService": {},
    "relatedResource": [],
    "renderMethod": [],
    "termsOfUse": [],
    "proof": {},
    "iss": "did:example:city",
    "sub": "did:example:ada",
    "aud": "x",
    "exp": 2,
    "nbf": 1,
    "iat": 1,
    "jti": "x",
    "nonce": "x",
    "cnf": {},
}


def of(subject: Any, *selected: Any, **members: Any) -> list[Any]:
    return [*beside({**ITSELF, ROOT: subject, **members}, LDP_VC, [*selected])]


@pytest.mark.parametrize(
    ("selected", "left"),
    [
        ([], [("age",), ("home",), ("langs",)]),
        ([("age",)], [("home",), ("langs",)]),
        ([("home", "city"), ("langs", 1)], [("age",), ("home", "street"), ("langs", 0)]),
        ([("home",), ("home", "city")], [("age",), ("langs",)]),
        ([("home",), ("langs",), ("age",)], []),
        ([()], []),
    ],
)
def test_the_largest_parts_that_nobody_named(selected: list[Any], left: list[Any]) -> None:
    assert of(PERSON, *[(ROOT, *place) for place in selected]) == [(ROOT, *place) for place in left]


def test_what_a_credential_says_of_itself_is_none_of_it() -> None:
    assert [*beside(ITSELF, JWT_VC, [])] == []
    assert of({"id": "did:example:ada"}) == []


def test_whatever_else_stands_beside_the_subject_is() -> None:
    more: dict[str, Any] = {"evidence": [{"number": "12"}, {"number": "13"}], "https://x.example/y": 1, "confidenceMethod": {}}
    assert of({}, **more) == [("evidence",), ("https://x.example/y",), ("confidenceMethod",)]
    assert of({}, ("evidence", 0), **more)[0] == ("evidence", 1)
    assert of({}, ("evidence",), ("issuer",), **more) == [("https://x.example/y",), ("confidenceMethod",)]


def test_several_subjects() -> None:
    two = [PERSON, {"id": "did:example:bo", "age": 7, "knows": {"id": "did:example:ada"}}]
    assert of(two) == [(ROOT, 0), (ROOT, 1)]
    assert of(two, (ROOT, 0), (ROOT, 1, "age")) == [(ROOT, 1, "knows")]


@pytest.mark.parametrize(
    ("place", "is_one"),
    [(("id",), True), ((0, "id"), True), (("knows", "id"), False), ((0, "knows", "id"), False), (("name",), False), ((0,), False)],
)
def test_the_identifier_of_a_subject(place: Any, is_one: bool) -> None:
    assert is_subject_id((ROOT, *place)) is is_one


def test_what_is_open() -> None:
    shut = {("home", "city")}
    assert [*bare(PERSON, (), shut, ancestors(shut))] == [("id",), ("age",), ("home", "street"), ("langs",)]
    assert [*bare(5, (), (), ())] == []
    assert ancestors([("a", 1, "b")]) == {(), ("a",), ("a", 1)}
    assert value_at(PERSON, ("langs", 1)) == "en"
    assert VCDM_SD_JWT.root == (ROOT,)
