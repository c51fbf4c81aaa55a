"""Stages 5 and 6 on their own: who is bound to what, and whether this instant is inside every window."""

from datetime import UTC, datetime, timedelta

import pytest

from sayso.errors import (
    HOLDER_BINDING,
    INVALID_CHALLENGE_ERROR,
    INVALID_DOMAIN_ERROR,
    INVALID_VERIFICATION_METHOD,
    MALFORMED_VALUE_ERROR,
    RANGE_ERROR,
    TERMS_ALTERED,
)
from sayso.jsonvalue import Json, JsonObject
from sayso.retrieval import drive, offline
from sayso.verification import stages
from tests.unit.proofs.tokens import AT, AUDIENCE, ISSUER_DID, NOW
from tests.unit.verification.proven import TRUSTING, asking, bound_by, card, expecting, found, pid

TICK = timedelta(microseconds=1)
SKEW = timedelta(seconds=60)


# 5 bind


def test_nothing_to_bind() -> None:
    assert found(stages.bind, pid(), expecting(holder_binding=False)) == []
    assert found(stages.bind, bound_by(pid())) == []
    assert found(stages.bind, bound_by(card())) == []


@pytest.mark.parametrize("issuer", [None, "", 1, "did:example:other", ISSUER_DID + "x", [ISSUER_DID], {"id": ISSUER_DID}], ids=repr)
def test_the_key_is_the_issuers(issuer: Json) -> None:
    """DM-27, SV-7: whose DID signs for another is refused, however well it signs."""
    assert found(stages.bind, bound_by(pid(iss=issuer))) == [(INVALID_VERIFICATION_METHOD, "/iss")]
    (problem,) = drive(stages.bind(bound_by(pid(iss=issuer)), TRUSTING, AT), offline)
    assert "the issuer's" in problem.detail


def test_the_issuer_may_be_an_object() -> None:
    """DM-6."""
    assert found(stages.bind, bound_by(card(issuer={"id": ISSUER_DID}))) == []
    for issuer in ({"id": "did:example:other"}, {}, {"id": [ISSUER_DID]}, [ISSUER_DID], None):
        assert found(stages.bind, bound_by(card(issuer=issuer))) == [(INVALID_VERIFICATION_METHOD, "/issuer")]


@pytest.mark.parametrize("audience", [AUDIENCE, [AUDIENCE], ["other", AUDIENCE]], ids=repr)
def test_an_audience_that_is_named(audience: Json) -> None:
    """RFC 7519, section 4.1.3."""
    assert found(stages.bind, bound_by(pid(aud=audience))) == []
    without_name = expecting(audience=None, nonce=None, holder_binding=False)
    assert found(stages.bind, pid(aud=audience), without_name) == [(INVALID_DOMAIN_ERROR, "/aud")]


@pytest.mark.parametrize(
    "audience", [None, "", "other", AUDIENCE.upper(), AUDIENCE + " ", [], ["other"], [AUDIENCE, 1], [[AUDIENCE]], {}, 1, True], ids=repr
)
def test_an_audience_that_is_not(audience: Json) -> None:
    """Exact strings; a list holds nothing else."""
    assert found(stages.bind, bound_by(pid(aud=audience))) == [(INVALID_DOMAIN_ERROR, "/aud")]


def test_the_audience_of_the_jwt_around_a_document() -> None:
    """RFC 7519, section 4.1.3: `aud` is a claim, and none of the document that a JWT holds."""
    around = bound_by(card(aud="other"))
    assert found(stages.bind, around._replace(claims={"iss": ISSUER_DID})) == []
    assert found(stages.bind, around._replace(claims={"aud": AUDIENCE})) == []
    assert found(stages.bind, bound_by(card())._replace(claims={"aud": "other"})) == [(INVALID_DOMAIN_ERROR, "/aud")]


def test_vp_11_the_holder_signs_what_the_query_that_is_answered_agrees_on() -> None:
    agreed = expecting(asked=asking(), transaction_data={"q": ["eyJhIjoxfQ"]})
    assert found(stages.bind, bound_by(pid()), agreed) == [(TERMS_ALTERED, "/key_binding/transaction_data_hashes")]
    assert found(stages.bind, bound_by(pid()), expecting(asked=asking(), transaction_data={"other": ["eyJhIjoxfQ"]})) == []
    assert found(stages.bind, bound_by(pid()), expecting(transaction_data={"q": ["eyJhIjoxfQ"]})) == []


def test_sd_b1_what_is_required_was_decided_before() -> None:
    """SD-B1: never by what arrives; and what arrives is looked at all the same."""
    assert found(stages.bind, pid()) == [(HOLDER_BINDING, "")]
    assert found(stages.bind, pid(), expecting(holder_binding=False)) == []
    assert found(stages.bind, bound_by(pid(), nonce="other"), expecting(holder_binding=False)) == [
        (INVALID_CHALLENGE_ERROR, "/key_binding/nonce")
    ]


@pytest.mark.parametrize("value", ["", "other", AUDIENCE + "/"], ids=repr)
def test_sd_b2_audience_and_nonce_are_exact(value: str) -> None:
    """SD-B2."""
    problems = [(INVALID_DOMAIN_ERROR, "/key_binding/aud"), (INVALID_CHALLENGE_ERROR, "/key_binding/nonce")]
    assert found(stages.bind, bound_by(pid(), aud=value, nonce=value)) == problems


def test_sd_b2_without_a_name_or_a_question_every_key_binding_is_refused() -> None:
    """SD-B2: a binding to nobody, in answer to nothing, could be a replay of any."""
    assert found(stages.bind, bound_by(pid()), expecting(audience=None)) == [(INVALID_DOMAIN_ERROR, "/key_binding/aud")]
    assert found(stages.bind, bound_by(pid()), expecting(nonce=None)) == [(INVALID_CHALLENGE_ERROR, "/key_binding/nonce")]


# 6 date


def _at(seconds: int) -> datetime:
    return datetime.fromtimestamp(NOW + seconds, UTC)


@pytest.mark.parametrize(
    ("claims", "first", "last"),
    [
        ({}, None, None),
        ({"nbf": NOW}, -SKEW, None),
        ({"exp": NOW}, None, SKEW - TICK),
        ({"iat": NOW}, -SKEW, None),
        ({"nbf": NOW - 5, "exp": NOW + 5}, timedelta(seconds=-5) - SKEW, timedelta(seconds=5) + SKEW - TICK),
        ({"exp": NOW + 0.5}, None, timedelta(seconds=0.5) + SKEW - TICK),
    ],
    ids=repr,
)
def test_tm_2_windows_of_a_token_to_the_microsecond(claims: JsonObject, first: timedelta | None, last: timedelta | None) -> None:
    """TM-2, SD-V8: the skew widens both ends, and the end itself is outside."""
    for proven in (pid(**claims), card(**claims)):
        assert found(stages.date, proven, at=AT + (first or -timedelta(days=1))) == []
        assert found(stages.date, proven, at=AT + (last or timedelta(days=1))) == []
        if first is not None:
            assert [kind for kind, _ in found(stages.date, proven, at=AT + first - TICK)] == [RANGE_ERROR]
        if last is not None:
            assert [kind for kind, _ in found(stages.date, proven, at=AT + last + TICK)] == [RANGE_ERROR]


def test_tm_1_windows_of_a_credential_to_the_microsecond() -> None:
    """TM-1, DM-8; VJ-4: beside those of the token, which are about the signature."""
    proven = card(validFrom="2026-11-21T12:00:00Z", validUntil="2026-11-21T13:00:00+00:30", exp=NOW + 7200)
    for at in (AT - SKEW, AT + timedelta(minutes=30) + SKEW - TICK):
        assert found(stages.date, proven, at=at) == []
    assert found(stages.date, proven, at=AT - SKEW - TICK) == [(RANGE_ERROR, "/validFrom")]
    assert found(stages.date, proven, at=AT + timedelta(minutes=30) + SKEW) == [(RANGE_ERROR, "/validUntil")]
    assert found(stages.date, proven, at=AT + timedelta(hours=3)) == [(RANGE_ERROR, "/validUntil"), (RANGE_ERROR, "/exp")]


def test_the_names_of_one_format_mean_nothing_in_the_other() -> None:
    assert found(stages.date, pid(validUntil="1990-01-01T00:00:00Z")) == []


@pytest.mark.parametrize("name", ["nbf", "exp", "iat"])
@pytest.mark.parametrize("value", [None, True, "1700000000", [], {}, 10**400, -(10**400), 1e300, 253402300800], ids=repr)
def test_sd_v8_a_date_that_cannot_be_read_is_not_absent(name: str, value: Json) -> None:
    """SD-V8, TM-2: also in the holder's own claims."""
    assert found(stages.date, pid(**{name: value})) == [(MALFORMED_VALUE_ERROR, f"/{name}")]
    assert found(stages.date, bound_by(pid(), **{name: value})) == [(MALFORMED_VALUE_ERROR, f"/key_binding/{name}")]


def test_sd_b2_a_key_binding_is_fresh_to_the_microsecond() -> None:
    """SD-B2: not older than `max_age`, which the skew does not prolong; not from the future, but for the skew."""
    proven = bound_by(pid())
    expectations = expecting(max_age=timedelta(minutes=2))
    for at in (AT + timedelta(minutes=2), AT - SKEW):
        assert found(stages.date, proven, expectations, at) == []
    for at in (AT + timedelta(minutes=2) + TICK, AT - SKEW - TICK):
        assert found(stages.date, proven, expectations, at) == [(RANGE_ERROR, "/key_binding/iat")]
    none = expecting(max_age=timedelta(0), skew=timedelta(0))
    assert found(stages.date, proven, none, AT) == []
    for at in (AT + TICK, AT - TICK):
        assert found(stages.date, proven, none, at) == [(RANGE_ERROR, "/key_binding/iat")]


def test_sd_b2_what_else_the_holder_says_about_time_holds_too() -> None:
    """SD-B2: generic JWT validity."""
    assert found(stages.date, bound_by(pid(), exp=NOW - 60)) == [(RANGE_ERROR, "/key_binding/exp")]
    assert found(stages.date, bound_by(pid(), nbf=NOW + 61)) == [(RANGE_ERROR, "/key_binding/nbf")]
    assert found(stages.date, bound_by(pid(), nbf=NOW, exp=NOW + 1)) == []


def test_everything_that_is_out_of_date_is_named() -> None:
    proven = bound_by(pid(exp=NOW - 60, nbf=NOW + 61), exp=NOW - 60, iat=NOW - 301)
    assert [place for _, place in found(stages.date, proven)] == ["/nbf", "/exp", "/key_binding/exp", "/key_binding/iat"]


def test_dates_of_the_jwt_around_a_document_are_text_only_where_that_may_be() -> None:
    around = card()._replace(claims={"exp": "2099-01-01T00:00:00Z"})
    assert found(stages.date, around) == [(MALFORMED_VALUE_ERROR, "/exp")]
    assert found(stages.date, around, expecting(text_dates=True)) == []
    assert found(stages.date, pid(exp="2099-01-01T00:00:00Z")) == [(MALFORMED_VALUE_ERROR, "/exp")]
    assert found(stages.date, pid(exp="2099-01-01T00:00:00Z"), expecting(text_dates=True)) == []
    assert found(stages.date, around._replace(claims={"exp": "2020-01-01T00:00:00Z"}), expecting(text_dates=True)) == [
        (RANGE_ERROR, "/exp")
    ]
