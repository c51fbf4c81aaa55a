"""Token Status List (draft 20), sections 5.1 and 8.3: a token is verified, and then says what a credential's status is."""

from datetime import timedelta
from typing import Any

import pytest

from sayso.dids import did_key
from sayso.errors import (
    MALFORMED_VALUE_ERROR,
    RANGE_ERROR,
    REVOKED,
    STATUS_NOT_VALID,
    STATUS_RETRIEVAL_ERROR,
    STATUS_VERIFICATION_ERROR,
    SUSPENDED,
    ProblemType,
    SaysoError,
)
from sayso.jsonvalue import JsonObject
from sayso.keys import multikey
from sayso.status import inflating, list_token
from sayso.status.results import StatusResult
from sayso.verification.expectations import ANYONE
from tests.spec.bitstring_status_list.lists import TOKEN, Shelf, a_pid_with, a_token, look, report, said_by, tokens_with
from tests.spec.data_integrity.documents import AT, expecting
from tests.unit.proofs.tokens import CARD, ISSUER, ISSUER_DID, NOW, PID, STRANGER, sd_jwt, token
from tests.unit.verification.proven import places

STRANGER_DID = did_key.did_of(STRANGER.public_key)
PLACE = "/status/status_list"
BROKEN = [(STATUS_VERIFICATION_ERROR, PLACE)]
HOUR = 3600
NO_SIZES: list[Any] = [None, 0, 3, 16, -1, "1", 1.0, True]
NO_LISTS: list[Any] = [None, 5, []]
NO_TTLS: list[Any] = [0, -5, "300", True, []]


def test_ts_5_zero_is_valid() -> None:
    """TS-5, TS-6: the token is asked for by its media type, and said of whom it is."""
    shelf = Shelf(at={TOKEN: a_token(tokens_with(411, 413))})
    found = report(a_pid_with(), shelf)
    assert (found.problems, found.statuses) == ((), (StatusResult("", 0),))
    (asked,) = shelf.asked
    assert (asked.url, asked.accept) == (TOKEN, "application/statuslist+jwt")


@pytest.mark.parametrize(
    ("size", "value", "kind"),
    [
        (1, 1, REVOKED),
        (2, 1, REVOKED),
        (2, 2, SUSPENDED),
        (2, 3, STATUS_NOT_VALID),
        (4, 0xB, STATUS_NOT_VALID),
        (8, 0xC, STATUS_NOT_VALID),
        (8, 1, REVOKED),
        (8, 0xFF, STATUS_NOT_VALID),
    ],
)
def test_ts_5_any_other_value_refuses(size: int, value: int, kind: ProblemType) -> None:
    """TS-5: INVALID, SUSPENDED, and what only others know; decided, so never waived."""
    body = a_token(tokens_with(412, size=size, value=value), size)
    assert said_by(body) == said_by(body, status="waive") == [(kind, PLACE)]
    assert said_by(body, status="ignore") == []
    assert said_by(a_token(tokens_with(411, 413, size=size, value=value), size)) == []


def test_ts_6_a_token_that_is_not_to_be_had() -> None:
    """TS-6: no statement, and so refused."""
    assert look(a_pid_with(), Shelf()) == [(STATUS_RETRIEVAL_ERROR, PLACE)]
    assert look(a_pid_with(), Shelf(), status="waive") == []


def test_ts_6_the_last_entry_and_the_one_behind() -> None:
    """TS-6, step 7: whatever lies outside MUST be refused; no list is too short here (TS-10)."""
    body = a_token(tokens_with(entries=8))
    assert said_by(body, a_pid_with(idx=7)) == []
    for index in (8, 412, 10**30):
        assert said_by(body, a_pid_with(idx=index)) == [(RANGE_ERROR, PLACE)]


@pytest.mark.parametrize(
    ("claims", "place"),
    [
        ({"sub": None}, "/sub"),
        ({"sub": TOKEN + "/"}, "/sub"),
        ({"sub": [TOKEN]}, "/sub"),
        ({"iat": None}, "/iat"),
        ({"status_list": None}, "/status_list"),
        ({"status_list": "eNrbuRgAAhcBXQ"}, "/status_list"),
        *(({"status_list": {"bits": bits, "lst": tokens_with()}}, "/status_list/bits") for bits in NO_SIZES),
        *(({"status_list": {"bits": 1, "lst": lst}}, "/status_list/lst") for lst in NO_LISTS),
        *(({"status_list": {"bits": 1, "lst": tokens_with(), "aggregation_uri": uri}}, "/status_list/aggregation_uri") for uri in (1, "x")),
        *(({"ttl": ttl}, "/ttl") for ttl in NO_TTLS),
    ],
)
def test_ts_4_what_a_token_must_say(claims: dict[str, Any], place: str) -> None:
    """TS-4: `sub`, `iat` and the list are REQUIRED, and a `ttl` is a positive number."""
    body = a_token(**claims)
    assert said_by(body) == BROKEN
    payload = {"sub": TOKEN, "iat": NOW, "status_list": {"bits": 1, "lst": tokens_with()}, **claims}
    with pytest.raises(SaysoError) as refused:
        list_token.list_of({name: value for name, value in payload.items() if value is not None}, TOKEN, inflating.MAX_BYTES)
    assert places(refused.value.problems) == [(MALFORMED_VALUE_ERROR, place)]


def test_ts_4_what_a_token_may_say() -> None:
    """TS-4: where the other lists are, how long it may be kept, and who made it."""
    held = {"bits": 1, "lst": tokens_with(), "aggregation_uri": "https://city.example/tokens"}
    assert said_by(a_token(status_list=held, ttl=300, exp=NOW + HOUR, iss=ISSUER_DID, more=1)) == []
    payload: JsonObject = {"sub": TOKEN, "iat": NOW, "ttl": 0.5, "status_list": {"bits": 1, "lst": tokens_with()}}
    found = list_token.list_of(payload, TOKEN, inflating.MAX_BYTES)
    assert (found.ttl, found.made, found.size) == (timedelta(milliseconds=500), AT, 1)


@pytest.mark.parametrize("typ", ["JWT", "dc+sd-jwt", "vc+jwt", "statuslist+cwt", None])
def test_ts_4_the_type_of_a_token(typ: str | None) -> None:
    """TS-4: nothing else that the issuer ever signed may pass for a list."""
    assert said_by(a_token(header={"typ": typ})) == BROKEN
    assert said_by(a_token(header={"typ": "application/statuslist+jwt"})) == []


def test_ts_6_the_signature_and_the_rules_of_a_jwt() -> None:
    """TS-6, step 4."""
    good = a_token().decode()
    head, payload, _ = good.split(".")
    _, _, other = a_token(iat=NOW - 1).decode().split(".")
    for body in (f"{head}.{payload}.{other}", f"{head}.{payload}.", good + "~", "", "<html>", a_pid_with()):
        assert said_by(body.encode()) == BROKEN
    for header in (
        {"alg": "none"},
        {"alg": "HS256"},
        {"crit": ["x"], "x": 1},
        {"kid": None},
        {"kid": "key-1"},
        {"kid": STRANGER_DID},
    ):
        assert said_by(a_token(header=header)) == BROKEN
    pid = sd_jwt(token({**PID, "status": {"status_list": {"idx": 412, "uri": TOKEN}}}, alg="Ed25519"))
    assert said_by(good.encode(), pid) == said_by(a_token(header={"alg": "Ed25519"}), pid, algorithms=["Ed25519"]) == []
    assert said_by(good.encode(), pid, algorithms=["Ed25519"]) == BROKEN


def test_ts_6_the_dates_of_a_token() -> None:
    """TS-6, step 5: `exp` is not passed, and `iat` and `nbf` not in the future."""
    outside: list[dict[str, Any]] = [{"exp": NOW - HOUR}, {"nbf": NOW + HOUR}, {"iat": NOW + HOUR}]
    outside += [{"exp": str(NOW + HOUR)}, {"exp": "x"}, {"iat": "x"}]
    for claims in outside:
        assert said_by(a_token(**claims)) == BROKEN
    held: list[dict[str, Any]] = [{"exp": NOW + 1, "nbf": NOW, "iat": NOW - 40 * 24 * HOUR}, {"exp": NOW - 30, "iat": NOW + 30}]
    for claims in held:
        assert said_by(a_token(**claims)) == []


def test_ts_6_how_old_a_token_may_be() -> None:
    """TS-6, step 5: that is the verifier's to say."""
    for age, expected in ((HOUR, []), (HOUR + 1, BROKEN)):
        assert said_by(a_token(iat=NOW - age), max_status_age=timedelta(hours=1)) == expected
        assert said_by(a_token(iat=NOW - age, ttl=1)) == []


def test_ts_9_who_may_sign_a_token() -> None:
    """TS-9: the issuer of the credential, or whom the verifier names; whatever `iss` says."""
    strange = {"kid": did_key.verification_method(STRANGER.public_key)}
    payload = {"sub": TOKEN, "iat": NOW, "status_list": {"bits": 1, "lst": tokens_with()}}
    other = token(payload, STRANGER, typ="statuslist+jwt", **strange).encode()
    forged = token({**payload, "iss": ISSUER_DID}, STRANGER, typ="statuslist+jwt", **strange).encode()
    in_its_name = token(payload, STRANGER, typ="statuslist+jwt").encode()
    for body in (other, forged, in_its_name):
        assert said_by(body) == said_by(body, issuers=[ISSUER_DID, STRANGER_DID]) == BROKEN
    assert said_by(other, status_issuers=[STRANGER_DID]) == said_by(other, status_issuers=ANYONE) == []
    assert said_by(a_token(), status_issuers=[STRANGER_DID]) == BROKEN
    for body in (forged, in_its_name):
        assert said_by(body, status_issuers=[STRANGER_DID, ISSUER_DID]) == BROKEN


def test_ts_9_keys_that_the_verifier_knows() -> None:
    """TS-9: the key is found as that of a credential is."""
    known = {"id": "did:example:city#1", "type": "Multikey", "controller": "did:example:city"}
    keys = {"did:example:city#1": {**known, "publicKeyMultibase": multikey.encode(ISSUER.public_key)}}
    header = {"kid": "did:example:city#1"}
    pid = sd_jwt(token({**PID, "iss": "did:example:city", "status": {"status_list": {"idx": 0, "uri": TOKEN}}}, **header))
    assert said_by(a_token(header=header), pid, expectations=expecting(issuers=["did:example:city"], keys=keys)) == []
    assert said_by(a_token(), pid, expectations=expecting(issuers=["did:example:city"], keys=keys)) == BROKEN


def test_the_status_of_a_token_is_not_looked_up() -> None:
    """There would be no end."""
    assert said_by(a_token(status={"status_list": {"idx": 0, "uri": TOKEN}})) == BROKEN


def test_ts_1_beside_a_mechanism_that_nobody_knows() -> None:
    """TS-1: what is known says it all."""
    status = {"status_list": {"idx": 412, "uri": TOKEN}, "other": {"x": 1}}
    pid = sd_jwt(token({**PID, "status": status}))
    assert said_by(a_token(), pid) == []
    assert said_by(a_token(tokens_with(412)), pid) == [(REVOKED, PLACE)]


def test_ts_1_of_a_credential_of_vcdm() -> None:
    """TS-1: the claim is for every JWT."""
    card = token({**CARD, "status": {"status_list": {"idx": 412, "uri": TOKEN}}}, typ="vc+jwt")
    assert said_by(a_token(), card) == []
    assert said_by(a_token(tokens_with(412)), card) == [(REVOKED, PLACE)]


def test_ts_8_a_list_of_a_token_is_bounded() -> None:
    assert said_by(a_token(tokens_with(entries=8 * 1000)), max_status_list_bytes=1000) == []
    assert said_by(a_token(tokens_with(entries=8 * 1001)), max_status_list_bytes=1000) == BROKEN
