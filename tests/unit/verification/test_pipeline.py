"""The eight stages in their order: three that stop, five that collect, one instant, and no key before the lists."""

import asyncio
from collections.abc import Iterator
from datetime import datetime, timedelta
from typing import Any, NoReturn

import pytest

from sayso.dids.method import DidMethod, Options, Resolution
from sayso.dids.resolution import METHODS
from sayso.errors import (
    CRYPTOGRAPHIC_SECURITY_ERROR,
    INVALID_DOMAIN_ERROR,
    INVALID_VERIFICATION_METHOD,
    MALFORMED_VALUE_ERROR,
    NOT_FOUND,
    PARSING_ERROR,
    RANGE_ERROR,
    RETRIEVAL_REFUSED,
    STATUS_RETRIEVAL_ERROR,
    UNTRUSTED_ISSUER,
    ProblemType,
    SaysoError,
)
from sayso.identifiers import Did
from sayso.jsonvalue import Json
from sayso.keys import jwk, multikey
from sayso.keys.ed25519 import PublicKey
from sayso.proofs.data_integrity.mechanism import DataIntegrityMechanism
from sayso.proofs.jose.vc_claim import VcClaimMechanism
from sayso.proofs.jose.vc_jwt import VcJwtMechanism
from sayso.proofs.sd_jwt.mechanism import SdJwtMechanism
from sayso.retrieval import Retrieve, Retrieved, Steps, done, drive, drive_async, offline
from sayso.verification import pipeline
from sayso.verification.establishing import Laps
from sayso.verification.expectations import Expectations
from sayso.verification.pipeline import COLLECTING, Judgement, judge
from tests.spec.bitstring_status_list.lists import TOKEN, Shelf, a_pid_with, a_token
from tests.unit.dids.world import URL, World, document, method
from tests.unit.proofs.tokens import (
    AT,
    CARD,
    HOLDER,
    ISSUER,
    PID,
    STRANGER,
    bound,
    digest,
    encoded,
    member,
    sd_jwt,
    token,
)
from tests.unit.verification.proven import TRUSTING, expecting, places

NAME = member("given_name", "Ada")
GOOD = bound(sd_jwt(token({**PID, "_sd": [digest(NAME)]}), NAME))


def _judge(text: str, expectations: Expectations = TRUSTING, methods: tuple[DidMethod, ...] = METHODS) -> Judgement:
    return drive(judge(text.encode(), expectations, AT, methods=methods), offline)


def test_the_order_of_the_stages() -> None:
    assert [stage.__name__ for stage in COLLECTING] == ["conform", "bind", "date", "status", "trust"]
    assert [type(mechanism) for mechanism in pipeline.MECHANISMS] == [
        DataIntegrityMechanism,
        SdJwtMechanism,
        VcClaimMechanism,
        VcJwtMechanism,
    ]
    assert [*_judge(GOOD).timings] == ["decode", "resolve", "prove", "conform", "bind", "date", "status", "trust"]


def test_what_holds_has_no_problems() -> None:
    judged = _judge(GOOD)
    assert judged.problems == ()
    assert judged.proven is not None
    assert judged.proven.document["given_name"] == "Ada"
    assert judged.report().require().claims["given_name"] == "Ada"


@pytest.mark.parametrize(
    ("text", "stage"),
    [
        ("", "decode"),
        ("x~", "decode"),
        (GOOD[:-1], "decode"),
        (GOOD.replace(NAME, "WyJh"), "decode"),
        (sd_jwt(token(PID, kid="did:key:x")), "resolve"),
        (sd_jwt(token(PID, kid="did:example:a#k")), "resolve"),
        (sd_jwt(token(PID, STRANGER)), "prove"),
        (sd_jwt(token(PID), NAME), "prove"),
        (bound(sd_jwt(token(PID)), STRANGER), "prove"),
    ],
    ids=["nothing", "parts", "cut", "disclosure", "kid", "method", "signature", "unreferenced", "holder"],
)
def test_a_stage_that_stops_is_the_last(text: str, stage: str) -> None:
    judged = _judge(text)
    assert [problem.stage for problem in judged.problems] == [stage]
    assert judged.proven is None
    assert [*judged.timings] == ["decode", "resolve", "prove"][: ["decode", "resolve", "prove"].index(stage) + 1]
    assert judged.report().verified is None


def test_the_other_stages_collect() -> None:
    """Everything that is wrong is said at once, in the order of the stages."""
    text = bound(sd_jwt(token({**PID, "vct": 1, "exp": 1, "status": {"x": {}}})), aud="other")
    judged = _judge(text, expecting(["did:example:other"]))
    assert [(problem.stage, problem.kind) for problem in judged.problems] == [
        ("conform", MALFORMED_VALUE_ERROR),
        ("bind", INVALID_DOMAIN_ERROR),
        ("date", RANGE_ERROR),
        ("status", STATUS_RETRIEVAL_ERROR),
        ("trust", UNTRUSTED_ISSUER),
    ]
    assert judged.proven is None


class Forbidden:
    """Be a DID method that must not be asked."""

    name = "key"

    def resolve(self, did: Did, _at: datetime, _options: Options) -> NoReturn:
        msg = f"{did} was looked up"
        raise AssertionError(msg)


class Untouchable(PublicKey):
    """Be a key that must not be used."""

    __slots__ = ()

    def verifies(self, signature: bytes, message: bytes) -> NoReturn:
        del signature, message
        msg = "the key was used"
        raise AssertionError(msg)


def _documents(key: PublicKey) -> tuple[DidMethod, ...]:
    """Give a DID method whose key this is."""

    class Known:
        name = "key"

        def resolve(self, did: Did, at: datetime, options: Options) -> Steps[Resolution]:
            known = drive(METHODS[0].resolve(did, at, options), offline)
            assert known.document is not None
            methods = {url: found._replace(key=key) for url, found in known.document.methods.items()}  # type: ignore[call-arg]
            return done(known._replace(document=known.document._replace(methods=methods)))

    return (Known(),)


def _bad_headers() -> Iterator[tuple[str, str]]:
    for algorithm in ("none", "HS256", "ES256", None, 1):
        yield f"alg {algorithm}", sd_jwt(token(PID, alg=algorithm))
    yield "typ", sd_jwt(token(PID, typ="JWT"))
    yield "crit", sd_jwt(token(PID, crit=["x"]))
    yield "cty", sd_jwt(token(CARD, typ="vc+sd-jwt", cty="vp"))
    presented = sd_jwt(token(PID))
    yield (
        "key binding alg",
        presented + bound(presented).rpartition("~")[2].replace(encoded({"alg": "EdDSA", "typ": "kb+jwt"}), encoded({"alg": "none"})),
    )
    yield "key binding", presented + "x"
    yield "disclosure", sd_jwt(token(PID), "WyJh")


@pytest.mark.parametrize("text", [pytest.param(text, id=name) for name, text in _bad_headers()])
def test_no_key_is_looked_for_before_all_lists_are_kept(text: str) -> None:
    """RFC 8725, section 3.1; SD-V1, SD-B2: what is on no list costs no retrieval and no signature."""
    judged = _judge(text, methods=(Forbidden(),))
    assert [problem.stage for problem in judged.problems] == ["decode"]


def test_these_keys_refuse_to_be_used() -> None:
    """Or the test above would prove nothing."""
    with pytest.raises(AssertionError, match="looked up"):
        _judge(GOOD, methods=(Forbidden(),))
    with pytest.raises(AssertionError, match="used"):
        _judge(GOOD, methods=_documents(Untouchable(ISSUER.public_key.raw)))
    assert _judge(GOOD, methods=_documents(ISSUER.public_key)).problems == ()


def test_the_issuers_signature_is_checked_before_anything_that_it_covers() -> None:
    """SD-V1: neither the hash's name nor a disclosure of an unsigned payload is looked at."""
    for payload in ({**PID, "_sd_alg": "none"}, {**PID, "_sd": 1}, {**PID, "_sd": ["x", "x"]}):
        (problem,) = _judge(sd_jwt(token(payload, STRANGER))).problems
        assert (problem.kind, problem.pointer) == (CRYPTOGRAPHIC_SECURITY_ERROR, "")


def test_a_key_that_the_issuer_has_for_another_purpose() -> None:
    world = World(org=document(method(), assertionMethod=[], authentication=[URL]))
    text = sd_jwt(token({**PID, "iss": "did:example:org"}, kid=URL))
    judged = drive(judge(text.encode(), expecting(["did:example:org"], holder_binding=False), AT, methods=world.methods), world.fetch)
    assert [problem.stage for problem in judged.problems] == ["resolve"]


def test_a_key_that_had_expired_at_the_instant() -> None:
    """One instant for all: also for the key."""
    world = World(org=document(method(expires="2026-11-21T12:00:00Z")))
    text = sd_jwt(token({**PID, "iss": "did:example:org"}, kid=URL))
    expectations = expecting(["did:example:org"], holder_binding=False)
    before = drive(judge(text.encode(), expectations, AT - timedelta(microseconds=1), methods=world.methods), world.fetch)
    assert before.problems == ()
    at = drive(judge(text.encode(), expectations, AT, methods=world.methods), world.fetch)
    assert places(at.problems) == [(INVALID_VERIFICATION_METHOD, "")]


def test_a_small_order_key_in_a_did_document_signs_nothing() -> None:
    """ED-2: under it a signature can be made without any private key."""
    neutral = (1).to_bytes(32, "little")
    world = World(org=document(method(publicKeyMultibase=multikey.encode(PublicKey(neutral)))))
    header_and_payload = token({**PID, "iss": "did:example:org"}, kid=URL).rpartition(".")[0]
    forged = f"{header_and_payload}.{'AQ' + 'A' * 84}~"
    judged = drive(judge(forged.encode(), expecting(["did:example:org"], holder_binding=False), AT, methods=world.methods), world.fetch)
    assert [problem.stage for problem in judged.problems] == ["resolve"]


def _texts() -> list[str]:
    with_did = bound(sd_jwt(token({**PID, "iss": "did:example:org"}, kid=URL)))
    return [GOOD, with_did, with_did[:-4] + "AAAA", with_did.replace("~", "~~"), GOOD[:40], "", "x"]


def test_sync_equals_async() -> None:
    """With a DID method that retrieves, and with one that asks nothing; found, absent, or refused."""

    async def wait(retrieve: Retrieve) -> Retrieved:
        await asyncio.sleep(0)
        return world.fetch(retrieve)

    async def refuse(retrieve: Retrieve) -> Retrieved:
        return offline(retrieve)

    seen: set[str] = set()
    for world in (World(org=document(method())), World()):
        for text in _texts():
            for fetch, afetch in ((world.fetch, wait), (offline, refuse)):
                expectations = expecting(["did:example:org"])
                one = drive(judge(text.encode(), expectations, AT, methods=world.methods), fetch)
                other = asyncio.run(drive_async(judge(text.encode(), expectations, AT, methods=world.methods), afetch))
                assert one._replace(timings={}) == other._replace(timings={})
                seen |= {problem.title for problem in one.problems} or {"good"}
    assert {NOT_FOUND.title, RETRIEVAL_REFUSED.title, UNTRUSTED_ISSUER.title, CRYPTOGRAPHIC_SECURITY_ERROR.title, "good"} <= seen


def test_a_retrieval_that_is_refused_decides_nothing() -> None:
    world = World()
    text = sd_jwt(token({**PID, "iss": "did:example:org"}, kid=URL))
    report = _judge(text, expecting(["did:example:org"]), world.methods).report()
    assert [problem.kind for problem in report.problems] == [RETRIEVAL_REFUSED]
    assert not report.decided
    with pytest.raises(SaysoError) as caught:
        report.require()
    assert not caught.value.decided


def test_nobody_is_asked_in_vain() -> None:
    """A credential that none of the trusted issuers can have signed makes nobody retrieve anything."""
    world = World(org=document(method()))
    text = sd_jwt(token({**PID, "iss": "did:example:org"}, kid=URL)).encode()

    def kinds(expectations: Expectations) -> list[ProblemType]:
        judged = drive(judge(text, expectations, AT, methods=world.methods), world.fetch)
        return [problem.kind for problem in judged.problems]

    assert kinds(expecting(["did:example:other"], holder_binding=False)) == [UNTRUSTED_ISSUER]
    assert not world.asked
    for expectations in (expecting(holder_binding=False), expecting(["did:example:org"], holder_binding=False)):
        assert UNTRUSTED_ISSUER not in kinds(expectations)
        assert len(world.asked) == 1
        world.asked.clear()
    kinds(expecting(["did:example:other"], holder_binding=False, issuer_binding=False))
    assert len(world.asked) == 1


class Ticking:
    """Be a stopwatch that says 0, 1, 3, 6, 10, …"""

    def __init__(self) -> None:
        self.said = 0
        self.now = 0

    def __call__(self) -> int:
        self.now += self.said
        self.said += 1
        return self.now


def test_each_stage_that_ran_is_timed() -> None:
    """From its beginning to that of the next one."""
    judged = drive(judge(GOOD.encode(), TRUSTING, AT, stopwatch=Ticking()), offline)
    assert judged.timings == {"decode": 2, "resolve": 3, "prove": 4, "conform": 5, "bind": 6, "date": 7, "status": 8, "trust": 9}
    stopped = drive(judge(b"x", TRUSTING, AT, stopwatch=Ticking()), offline)
    assert stopped.timings == stopped.report().timings == {"decode": 2}


def test_a_list_is_looked_up_where_no_other_call_brings_any_and_its_time_is_that_of_the_status() -> None:
    unbound = expecting(holder_binding=False)
    judged = drive(judge(a_pid_with().encode(), unbound, AT, stopwatch=Ticking()), Shelf(at={TOKEN: a_token()}))
    assert (judged.problems, len(judged.statuses)) == ((), 1)
    assert ([*judged.timings], judged.timings["status"]) == (
        ["decode", "resolve", "prove", *(stage.__name__ for stage in COLLECTING)],
        8 + 11,
    )


def test_nothing_has_begun_before_the_first_stage() -> None:
    laps = Laps(Ticking())
    assert (laps.stage, laps.timings) == ("", {})
    laps.enter("one")
    assert (laps.stage, laps.timings) == ("one", {})


def test_a_status_entry_that_its_holder_keeps_back_does_not_pass() -> None:
    """SD-I8, VJ-7: a list of entries of which one is not disclosed would let a revoked credential through, with any status policy."""
    hidden = encoded(["salt", {"type": "BitstringStatusListEntry", "statusPurpose": "revocation"}])
    shown: Json = {"type": "https://example.com/OtherStatus"}
    issuer_jwt = token({**CARD, "credentialStatus": [shown, {"...": digest(hidden)}]}, typ="vc+sd-jwt")
    for disclosures in ((hidden,), ()):
        for options in ({}, {"unknown_status": "ignore"}, {"status": "waive"}):
            judged = _judge(bound(sd_jwt(issuer_jwt, *disclosures)), expecting(**options))
            assert (MALFORMED_VALUE_ERROR, "/credentialStatus/1") in places(judged.problems)


@pytest.mark.parametrize(
    "members",
    [
        {"aka_vcts": ["urn:a", {"...": digest("x")}]},
        {"status": {"other": [{"...": digest("x")}]}},
        {"cnf": {"jwk": jwk.encode(HOLDER.public_key), "_sd": [digest("x")]}},
    ],
    ids=["aka_vcts", "status", "cnf"],
)
def test_nor_does_anything_else_that_decides_on_an_sd_jwt_vc(members: dict[str, Any]) -> None:
    """SV-3, SD-I8: undisclosed, so that nobody sees what it says."""
    judged = _judge(bound(sd_jwt(token({**PID, **members}))), expecting(status="ignore"))
    assert [(problem.stage, problem.kind) for problem in judged.problems] == [("conform", MALFORMED_VALUE_ERROR)]


@pytest.mark.parametrize(
    "members",
    [
        {"type": ["VerifiableCredential", "IdentityCard", {"...": digest("x")}]},
        {"credentialSchema": [{"type": "https://example.com/Schema", "id": "urn:x"}, {"...": digest("x")}]},
    ],
    ids=["type", "schema"],
)
def test_nor_on_a_vcdm_credential(members: dict[str, Any]) -> None:
    """VJ-7, SD-I8."""
    judged = _judge(bound(sd_jwt(token({**CARD, **members}, typ="vc+sd-jwt"))))
    assert [(problem.stage, problem.kind) for problem in judged.problems] == [("conform", MALFORMED_VALUE_ERROR)]


def test_the_mechanisms_are_passed_in() -> None:
    judged = drive(judge(GOOD.encode(), TRUSTING, AT, mechanisms=()), offline)
    assert places(judged.problems) == [(PARSING_ERROR, "")]
