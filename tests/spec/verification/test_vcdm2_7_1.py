"""VCDM 2.0, section 7: the verification algorithm, its problem details, and what is validation beyond it."""

from collections.abc import Mapping

import pytest

from sayso.errors import (
    CRYPTOGRAPHIC_SECURITY_ERROR,
    INVALID_VERIFICATION_METHOD,
    MALFORMED_VALUE_ERROR,
    PARSING_ERROR,
    RANGE_ERROR,
    UNTRUSTED_ISSUER,
    ProblemType,
    SaysoError,
)
from sayso.verification.doors import examine, verify
from sayso.verification.expectations import ANYONE, Expectations
from tests.unit.proofs.tokens import AT, CARD, ISSUER_DID, STRANGER, bound, sd_jwt, token, without
from tests.unit.verification.proven import TRUSTING, expecting

VCDM = "https://www.w3.org/TR/vc-data-model#"


def _bound(payload: Mapping[str, object]) -> str:
    return bound(sd_jwt(token(payload, typ="vc+sd-jwt")))


GOOD = _bound({**CARD})


def test_dm_24_what_comes_out() -> None:
    """DM-24, DM-25: the document without securing data, its type, and who controls the key; nothing of it when anything fails."""
    report = examine(GOOD, TRUSTING, at=AT)
    found = report.require()
    assert (report.ok, report.problems, report.warnings) == (True, (), ())
    assert (found.claims, found.format, found.issuer) == (CARD, "vc+sd-jwt", ISSUER_DID)


@pytest.mark.parametrize(
    ("text", "kind"),
    [
        ("not a credential", PARSING_ERROR),
        (bound(sd_jwt(token(CARD, STRANGER, typ="vc+sd-jwt"))), CRYPTOGRAPHIC_SECURITY_ERROR),
        (_bound({**CARD, "credentialSubject": []}), MALFORMED_VALUE_ERROR),
        (_bound({**CARD, "validUntil": "2020-01-01T00:00:00Z"}), RANGE_ERROR),
        (_bound({**CARD, "validFrom": "2030-01-01T00:00:00Z"}), RANGE_ERROR),
        (_bound(without(CARD, "issuer")), MALFORMED_VALUE_ERROR),
    ],
)
def test_dm_25_and_dm_26_what_failed_has_its_type(text: str, kind: ProblemType) -> None:
    """DM-25, DM-26: one problem or more, each a ProblemDetails with type, title and detail, and no document."""
    report = examine(text, TRUSTING, at=AT)
    assert report.verified is None
    assert report.problems[0].kind == kind
    assert report.problems[0].type.startswith(VCDM)
    for problem in report.problems:
        details = problem.to_json()
        assert details["type"] == problem.type
        assert details["title"]
        assert details["detail"]
    with pytest.raises(SaysoError) as caught:
        verify(text, TRUSTING, at=AT)
    assert caught.value.problems == report.problems


def test_dm_27_the_signature_is_not_everything() -> None:
    """DM-27: who controls the key, whether the issuer is trusted, and time are validation, each said by itself."""
    other = _bound({**CARD, "issuer": "did:example:other"})
    assert [(problem.kind, problem.stage) for problem in examine(other, expecting(ANYONE), at=AT).problems] == [
        (INVALID_VERIFICATION_METHOD, "bind")
    ]
    nobody = Expectations(issuers=["did:example:other"], audience=TRUSTING.audience, nonce=TRUSTING.nonce)
    assert [(problem.kind, problem.stage) for problem in examine(GOOD, nobody, at=AT).problems] == [(UNTRUSTED_ISSUER, "trust")]
    for window in ({"validUntil": "2020-01-01T00:00:00Z"}, {"validFrom": "2030-01-01T00:00:00Z"}):
        (late,) = examine(_bound({**CARD, **window}), TRUSTING, at=AT).problems
        assert (late.kind, late.stage, late.pointer) == (RANGE_ERROR, "date", f"/{next(iter(window))}")


def test_no_detail_tells_a_value() -> None:
    """Conventions: `detail` names the path and the rule, never a claim value, key, salt or nonce."""
    value = "an-anchor-tattoo"
    payload = {
        **CARD,
        "issuer": value,
        "validUntil": value,
        "credentialStatus": {"type": value},
        "aud": value,
        "exp": value,
        "iss": value,
    }
    text = bound(sd_jwt(token(payload, typ="vc+sd-jwt")), nonce=value, aud=value, exp=value)
    report = examine(text, expecting(types=["urn:x"]), at=AT)
    assert len(report.problems) > 8
    for problem in report.problems:
        assert value not in str(problem)
        assert value not in str(problem.to_json())
    assert value not in str(SaysoError(*report.problems))
    assert value not in repr(report)
