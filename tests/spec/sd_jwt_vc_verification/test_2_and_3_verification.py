"""SD-JWT VC draft 19, sections 2 and 3, at verification; the issuer is a DID, which is this library's profile (SV-7, OQ-1)."""

from typing import Any

import pytest

from sayso.errors import (
    HOLDER_BINDING,
    INVALID_VERIFICATION_METHOD,
    MALFORMED_VALUE_ERROR,
    METHOD_NOT_SUPPORTED,
    PARSING_ERROR,
    STATUS_RETRIEVAL_ERROR,
    UNEXPECTED_TYPE,
    ProblemType,
)
from sayso.verification.doors import examine
from sayso.verification.expectations import ANYONE, Expectations
from tests.unit.proofs.tokens import (
    AT,
    CARD,
    ISSUER_DID,
    ISSUER_KID,
    PID,
    bound,
    digest,
    element,
    member,
    sd_jwt,
    token,
    without,
)
from tests.unit.verification.proven import TRUSTING, expecting, places


def _found(text: str, expectations: Expectations = TRUSTING) -> list[tuple[ProblemType, str]]:
    return places(examine(text, expectations, at=AT).problems)


def _of(payload: dict[str, Any], *disclosures: str, expectations: Expectations = TRUSTING, **header: Any) -> list[tuple[ProblemType, str]]:
    return _found(bound(sd_jwt(token(payload, **header), *disclosures)), expectations)


def test_sv_1_typ_is_dc_sd_jwt() -> None:
    """SV-1: `vc+sd-jwt` is another format now, and a payload without its members is not of it."""
    assert _of(PID) == []
    legacy = _of(PID, typ="vc+sd-jwt")
    assert (MALFORMED_VALUE_ERROR, "/@context") in legacy
    assert (MALFORMED_VALUE_ERROR, "/issuer") in legacy
    assert _of(PID, typ="sd-jwt") == [(PARSING_ERROR, "/typ")]


@pytest.mark.parametrize("vct", [None, "", 1, True, ["urn:example:pid"], {}], ids=repr)
def test_sv_2_vct_is_a_string(vct: Any) -> None:
    """SV-2: REQUIRED."""
    assert _of({**PID, "vct": vct}) == [(MALFORMED_VALUE_ERROR, "/vct")]
    assert _of(without(PID, "vct")) == [(MALFORMED_VALUE_ERROR, "/vct")]


def test_sv_2_a_type_is_compared_exactly_and_with_its_aliases() -> None:
    """SV-2: case-sensitive; `aka_vcts` count for matching."""
    assert _of(PID, expectations=expecting(types=["urn:example:pid"])) == []
    assert _of(PID, expectations=expecting(types=["urn:example:PID"])) == [(UNEXPECTED_TYPE, "")]
    aliased = {**PID, "aka_vcts": ["urn:example:person"]}
    assert _of(aliased, expectations=expecting(types=["urn:example:person"])) == []


@pytest.mark.parametrize(
    "aliases", [None, [], "urn:a", [1], ["urn:a", None], {}, ["urn:example:pid"], ["urn:a", "urn:example:pid"], [""]], ids=repr
)
def test_sv_2_aliases_are_other_strings(aliases: Any) -> None:
    """SV-2: a non-empty array that does not repeat `vct`."""
    assert _of({**PID, "aka_vcts": aliases}) == [(MALFORMED_VALUE_ERROR, "/aka_vcts")]


@pytest.mark.parametrize("name", ["iss", "nbf", "exp", "cnf", "vct", "vct#integrity", "aka_vcts", "status", "aud"])
def test_sv_3_what_decides_on_validity_was_not_in_a_disclosure(name: str) -> None:
    """SV-3: refused although everything in it would hold."""
    values: dict[str, Any] = {
        **PID,
        "nbf": 1,
        "exp": 4102444800,
        "vct#integrity": "sha256-x",
        "aka_vcts": ["urn:a"],
        "aud": expecting().audience,
        "status": {"x": {}},
    }
    text = member(name, values[name])
    found = _of({**without(PID, name), "_sd": [digest(text)]}, text, expectations=expecting(unknown_status="ignore"))
    assert (MALFORMED_VALUE_ERROR, f"/{name}") in found


def test_sv_3_nor_any_part_of_it() -> None:
    """SV-3: sub-claims, and elements."""
    key, alias = member("x", PID["iss"]), element("urn:a")
    assert _of({**PID, "cnf": {**_cnf(), "_sd": [digest(key)]}}, key) == [(MALFORMED_VALUE_ERROR, "/cnf/x")]
    assert _of({**PID, "aka_vcts": [{"...": digest(alias)}]}, alias) == [(MALFORMED_VALUE_ERROR, "/aka_vcts/0")]


def _cnf() -> dict[str, Any]:
    confirmation = PID["cnf"]
    assert isinstance(confirmation, dict)
    return confirmation


@pytest.mark.parametrize(("name", "value"), [("sub", "did:example:ada"), ("iat", 1)])
def test_sv_3_two_registered_claims_may_be_disclosed(name: str, value: Any) -> None:
    """SV-3: older drafts listed `iat` too."""
    text = member(name, value)
    assert _of({**PID, "_sd": [digest(text)]}, text) == []


def test_sd_i8_entries_of_an_audience_may_be_disclosed() -> None:
    """SD-I8, RFC 9901, section 9.7: and only what is disclosed counts."""
    entry = element(expecting().audience)
    payload: dict[str, Any] = {**PID, "aud": ["other", {"...": digest(entry)}]}
    assert _of(payload, entry) == []
    assert [place for _, place in _of(payload)] == ["/aud"]


def test_sv_4_cnf_is_needed_for_key_binding() -> None:
    """SV-4: without it nobody can present."""
    assert _of(without(PID, "cnf")) == [(HOLDER_BINDING, "/cnf")]
    plain = expecting(holder_binding=False)
    assert _found(sd_jwt(token(without(PID, "cnf"))), plain) == []
    assert _found(sd_jwt(token({**PID, "cnf": "x"})), plain) == [(MALFORMED_VALUE_ERROR, "/cnf")]


def test_sv_4_a_status_is_looked_at() -> None:
    """SV-4: what cannot be decided refuses."""
    status = {"status_list": {"idx": 1, "uri": "https://example.com/1"}}
    assert _of({**PID, "status": status}) == [(STATUS_RETRIEVAL_ERROR, "/status/status_list")]
    assert _of({**PID, "status": 1}) == [(MALFORMED_VALUE_ERROR, "/status"), (MALFORMED_VALUE_ERROR, "/status")]


def test_sv_5_without_anything_to_disclose() -> None:
    """SV-5: just the JWT and its tilde."""
    assert _found(sd_jwt(token(PID)), expecting(holder_binding=False)) == []


@pytest.mark.parametrize("issuer", ["http://issuer.example", "Ada", "", None, 1, {"id": ISSUER_DID}], ids=repr)
def test_sv_7_the_issuer_is_a_did(issuer: Any) -> None:
    """SV-7, OQ-1: or an HTTPS URL, where the mechanisms of the draft are named; another issuer is refused, not guessed at."""
    assert _of({**PID, "iss": issuer}, expectations=expecting(ANYONE))[:2] == [
        (MALFORMED_VALUE_ERROR, "/iss"),
        (INVALID_VERIFICATION_METHOD, "/iss"),
    ]


def test_sv_7_the_key_is_the_issuers_own() -> None:
    """SV-7, OQ-1: `kid` is a DID URL of `iss`."""
    assert _of({**PID, "iss": "did:example:other"}, expectations=expecting(ANYONE)) == [(INVALID_VERIFICATION_METHOD, "/iss")]
    assert _of(PID, kid="did:example:a#k") == [(METHOD_NOT_SUPPORTED, "")]
    assert _of(PID, x5c=["AAAA"], jwk={"kty": "OKP"}, jku="https://a.example") == []


def test_sv_7_a_relative_kid_is_not_taken() -> None:
    """SV-7, VJ-5: the digest allows `#frag`; the profile here takes the absolute form only, so that what is signed says whose key it is."""
    fragment = "#" + ISSUER_KID.partition("#")[2]
    report = examine(bound(sd_jwt(token(PID, kid=fragment))), TRUSTING, at=AT)
    assert [problem.stage for problem in report.problems] == ["resolve"]


def test_members_of_the_other_data_model_mean_nothing() -> None:
    """An SD-JWT VC is no VCDM credential, whatever it carries."""
    assert _of({**PID, "validUntil": "1990-01-01T00:00:00Z", "credentialStatus": {"type": "x"}, "vc": {}}) == []
    assert _of(CARD)[0] == (MALFORMED_VALUE_ERROR, "/iss")
