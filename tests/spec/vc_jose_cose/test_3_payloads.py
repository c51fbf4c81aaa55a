"""VC-JOSE-COSE, section 3: a credential as the payload of a JWT or SD-JWT."""

from typing import Any

import pytest

from sayso.credentials.claims_path import Location
from sayso.credentials.credential import conformance_problems as credential_problems
from sayso.credentials.kinds import reading_of
from sayso.credentials.vc_jose_cose import NEVER_DISCLOSABLE, conformance_problems
from sayso.errors import MALFORMED_VALUE_ERROR, Problem
from sayso.verification.doors import examine
from sayso.verification.expectations import Expectations
from tests.spec.vcdm2.documents import CARD, HOLDER, ISSUER, a_card
from tests.unit.proofs.tokens import AT, ISSUER_DID, digest, member, sd_jwt, token
from tests.unit.proofs.tokens import CARD as SIGNED

READING = reading_of([CARD])


def places(problems: tuple[Problem, ...]) -> list[str]:
    assert all(problem.kind is MALFORMED_VALUE_ERROR for problem in problems)
    return [problem.pointer for problem in problems]


def test_vj_1_the_payload_is_the_credential() -> None:
    """VJ-1: `vc` and `vp` MUST NOT be present, whatever they hold."""
    assert conformance_problems(a_card(iat=1, exp=2, jti="urn:uuid:0b1c", sub=HOLDER, cnf={"jwk": {}}), READING) == ()
    for name in ("vc", "vp"):
        for value in (None, {}, a_card()):
            found = conformance_problems(a_card(**{name: value}), READING)
            assert [problem.pointer for problem in found if problem.kind is MALFORMED_VALUE_ERROR][-1:] == [f"/{name}"]


@pytest.mark.parametrize("issuer", [ISSUER, {"id": ISSUER}])
def test_vj_4_iss_is_the_issuer(issuer: Any) -> None:
    """VJ-4: if present, it MUST equal `issuer` or `issuer.id`."""
    assert conformance_problems(a_card(issuer=issuer, iss=ISSUER), READING) == ()
    for other in (None, "", HOLDER, {"id": ISSUER}, [ISSUER], 5):
        assert places(conformance_problems(a_card(issuer=issuer, iss=other), READING)) == ["/iss"]


def test_vj_4_a_missing_issuer_is_equalled_by_nothing() -> None:
    """VJ-4."""
    assert places(conformance_problems(a_card(issuer={}, iss=None), READING)) == ["/issuer/id", "/iss"]


@pytest.mark.parametrize("name", ["@context", "type", "credentialStatus", "credentialSchema", "relatedResource"])
def test_vj_7_what_should_not_be_disclosed_selectively(name: str) -> None:
    """VJ-7: a SHOULD NOT of the specification, a MUST NOT here."""
    assert name in NEVER_DISCLOSABLE
    assert places(conformance_problems(a_card(), READING, (), [(name,)])) == [f"/{name}"]
    assert places(conformance_problems(a_card(), READING, (), [(name, 0)])) == [f"/{name}/0"]


@pytest.mark.parametrize("name", ["iss", "aud", "exp", "nbf", "cnf", "status", "issuer", "validFrom", "validUntil"])
def test_sd_i8_what_decides_on_validity(name: str) -> None:
    """SD-I8."""
    assert name in NEVER_DISCLOSABLE
    assert places(conformance_problems(a_card(), READING, (), {(name,): "disclosure"})) == [f"/{name}"]


def test_sd_i8_a_status_in_the_claim_of_a_jwt() -> None:
    """SD-I8, TS-1: or a holder who was revoked keeps back where that is told; nothing in it either."""
    status: Any = {"status_list": {"idx": 0, "uri": "https://city.example/tokens/1"}}
    reading = READING._replace(undefined=True)
    assert conformance_problems(a_card(status=status), reading) == ()
    for hiding, disclosed in (([("status",)], []), ([], [("status",)])):
        assert places(conformance_problems(a_card(status=status), reading, hiding, disclosed)) == ["/status"]
    assert places(conformance_problems(a_card(status=status), reading, (), [("status", "status_list")])) == ["/status/status_list"]
    told = member("status", status)
    card = sd_jwt(token({**SIGNED, "_sd": [digest(told)]}, typ="vc+sd-jwt"), told)
    found = examine(card, Expectations(issuers=[ISSUER_DID], holder_binding=False, status="waive"), at=AT)
    assert places(found.problems) == ["/status"]


def test_what_may_be_disclosed_selectively() -> None:
    """Claims of the subject, whatever they are called, and what decides nothing."""
    locations: list[Location] = [
        ("credentialSubject", "type"),
        ("credentialSubject", "issuer"),
        ("id",),
        ("evidence",),
        ("iat",),
        ("aud", 0),
    ]
    assert conformance_problems(a_card(), READING, [(), ("credentialSubject",)], locations) == ()


def test_nothing_of_it_is_hidden() -> None:
    """VJ-7, SD-I8: an object that holds undisclosed claims."""
    assert places(conformance_problems(a_card(), READING, [("issuer",)])) == ["/issuer"]


def test_dm_7_a_subject_may_show_nothing() -> None:
    """DM-7, in this format."""
    empty = a_card(credentialSubject={})
    assert conformance_problems(empty, READING, [("credentialSubject",)]) == ()
    assert conformance_problems(empty, READING) == credential_problems(empty, READING) != ()
