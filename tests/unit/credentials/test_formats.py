"""The formats: what each is called, and where it keeps what."""

from datetime import UTC, datetime, timedelta
from typing import Any

import pytest

from sayso.credentials.claims_path import ClaimsPath
from sayso.credentials.formats import FORMATS, SD_JWT_VC, VCDM_SD_JWT, spoken
from sayso.credentials.kinds import Claim, Context, CredentialType, reading_of
from sayso.credentials.media_types import DC_SD_JWT, VC_SD_JWT

AT = datetime(2026, 11, 21, 12, tzinfo=UTC)
SKEW = timedelta(0)
V2 = "https://www.w3.org/ns/credentials/v2"


def test_what_they_are_called() -> None:
    """SV-1, VJ-7: the names are registered; as the id of a query `vc+sd-jwt` is a profile of this library."""
    assert {name: (known.id, known.typ, known.cty, known.media_type) for name, known in FORMATS.items()} == {
        "vc+sd-jwt": ("vc+sd-jwt", "vc+sd-jwt", "vc", "application/vc+sd-jwt"),
        "dc+sd-jwt": ("dc+sd-jwt", "dc+sd-jwt", "", "application/dc+sd-jwt"),
    }
    assert (VCDM_SD_JWT.media_type, SD_JWT_VC.media_type) == (VC_SD_JWT, DC_SD_JWT)


def test_the_header_of_each() -> None:
    """VJ-2, VJ-5, SV-1: typ, cty where there is one, and the key by its DID URL."""
    assert VCDM_SD_JWT.header("EdDSA", "did:example:a#k") == {"alg": "EdDSA", "typ": "vc+sd-jwt", "cty": "vc", "kid": "did:example:a#k"}
    assert SD_JWT_VC.header("Ed25519", "did:example:a#k") == {"alg": "Ed25519", "typ": "dc+sd-jwt", "kid": "did:example:a#k"}


@pytest.mark.parametrize(
    ("claim", "in_vcdm", "in_sd_jwt_vc"),
    [
        ("name", ("credentialSubject", "name"), ("name",)),
        (("address", "city"), ("credentialSubject", "address", "city"), ("address", "city")),
        (("langs", None), ("credentialSubject", "langs", None), ("langs", None)),
        (("langs", 0), ("credentialSubject", "langs", 0), ("langs", 0)),
    ],
)
def test_a_claim_stands_below_the_root(claim: Claim, in_vcdm: ClaimsPath, in_sd_jwt_vc: ClaimsPath) -> None:
    assert VCDM_SD_JWT.path_of(claim) == in_vcdm
    assert SD_JWT_VC.path_of(claim) == in_sd_jwt_vc
    assert VCDM_SD_JWT.claim_at(in_vcdm) == claim
    assert SD_JWT_VC.claim_at(in_sd_jwt_vc) == claim


@pytest.mark.parametrize(
    ("path", "claim"), [(("issuer",), "issuer"), (("issuer", "id"), ("issuer", "id")), (("credentialSubject",), "credentialSubject")]
)
def test_what_is_not_below_the_root_is_named_too(path: ClaimsPath, claim: Claim) -> None:
    """Whoever asks for the whole subject asks for something that has a name."""
    assert VCDM_SD_JWT.claim_at(path) == claim
    assert spoken(VCDM_SD_JWT.claim_at(path))


def test_claims_are_written_for_people() -> None:
    assert spoken("name") == "name"
    assert spoken(("degrees", None, 0, "type")) == "degrees.*.0.type"


def test_the_issuer_of_each() -> None:
    for document, issuer in (
        ({"issuer": "did:a:b"}, "did:a:b"),
        ({"issuer": {"id": "did:a:b"}}, "did:a:b"),
        ({"issuer": [1]}, None),
        ({}, None),
    ):
        assert VCDM_SD_JWT.issuer_of(document) == issuer  # type: ignore[arg-type]
    odd: list[Any] = [None, 1, ["did:a:b"], {"id": "did:a:b"}]
    for value in odd:
        assert SD_JWT_VC.issuer_of({"iss": value}) is None
    assert SD_JWT_VC.issuer_of({}) is None
    assert SD_JWT_VC.issuer_of({"iss": "did:a:b"}) == "did:a:b"
    assert (VCDM_SD_JWT.issuer, SD_JWT_VC.issuer) == (("issuer",), ("iss",))


def test_the_types_of_each() -> None:
    """SV-2: `vct` and each of `aka_vcts`, whatever else stands there; DM-4: what the types expand to, as far as that is known."""
    assert SD_JWT_VC.types({"vct": "a", "aka_vcts": ["b", 1, None, "c"]}, reading_of()) == {"a", "b", "c"}
    odd: list[Any] = [None, 1, ["a"]]
    for vct in odd:
        assert SD_JWT_VC.types({"vct": vct, "aka_vcts": "b"}, reading_of()) == frozenset()
    kind = CredentialType("Pass", context=Context("https://a.example/v1", {"Pass": "https://a.example/Pass"}))
    document: dict[str, Any] = {"@context": [V2, "https://a.example/v1"], "type": ["VerifiableCredential", "Pass", "Unknown", 1]}
    assert VCDM_SD_JWT.types(document, reading_of([kind])) == {
        "https://www.w3.org/2018/credentials#VerifiableCredential",
        "https://a.example/Pass",
    }
    assert VCDM_SD_JWT.types({}, reading_of()) == frozenset()


def test_the_dates_of_each() -> None:
    """VJ-4: a VCDM credential has its own, and those of the token that carries it."""
    document: dict[str, Any] = {"validUntil": "2026-11-21T12:00:00Z", "exp": int(AT.timestamp())}
    assert [problem.pointer for problem in VCDM_SD_JWT.date_problems(document, AT, SKEW)] == ["/validUntil", "/exp"]
    assert [problem.pointer for problem in SD_JWT_VC.date_problems(document, AT, SKEW)] == ["/exp"]
    assert VCDM_SD_JWT.date_problems(document, AT, timedelta(microseconds=1)) == ()


def test_the_problems_of_each() -> None:
    """What was disclosed and what hides something must not be what decides on validity."""
    assert [problem.pointer for problem in SD_JWT_VC.problems({"iss": "did:a:b", "vct": "x"}, reading_of(), [("cnf",)], [("exp",)])] == [
        "/exp",
        "/cnf",
    ]
    found = VCDM_SD_JWT.problems({"vc": {}}, reading_of(), [("validUntil",)], [("type",)])
    assert {"/vc", "/issuer", "/validUntil", "/type"} <= {problem.pointer for problem in found}


def test_the_member_with_the_status_of_each() -> None:
    assert (VCDM_SD_JWT.status_member, SD_JWT_VC.status_member) == ("credentialStatus", "status")
