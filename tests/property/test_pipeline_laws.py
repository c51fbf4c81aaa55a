"""Laws of the pipeline: anything gives a report, `verify` raises just when it has problems, sync equals async."""

import asyncio
from datetime import timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from sayso.credentials.claims_path import Places
from sayso.errors import EXCESS_DISCLOSURE
from sayso.jsonvalue import Json, JsonObject, serialize
from sayso.retrieval import Retrieve, Retrieved, drive, drive_async
from sayso.verification.doors import examine, examine_answer
from sayso.verification.expectations import Expectations
from sayso.verification.pipeline import COLLECTING, judge
from tests.property.outcomes import ODD, agree
from tests.property.test_jsonvalue_laws import TEXT, VALUES
from tests.property.test_sd_jwt_laws import Issued, issued
from tests.support import examples
from tests.unit.dids.world import URL, World, document, method
from tests.unit.proofs.tokens import AT, AUDIENCE, CARD, NONCE, NOW, PID, STRANGER, bound, digest, kb_jwt, member, prove, sd_jwt, token
from tests.unit.verification.proven import TRUSTING, asking, expecting

pytestmark = pytest.mark.laws

STAGES = ["decode", "resolve", "prove", *(stage.__name__ for stage in COLLECTING)]
NAME, ADDRESS = member("given_name", "Ada"), member("address", {"city": "Köln"})
GOOD = bound(sd_jwt(token({**PID, "_sd": [digest(NAME), digest(ADDRESS)]}), NAME, ADDRESS))


def _agree(text: bytes | str, expectations: Expectations = TRUSTING) -> bool:
    """Examine and verify; they must say the same, in the order of the stages. Tell whether it holds."""
    report = examine(text, expectations, at=AT)
    order = [STAGES.index(problem.stage) for problem in report.problems]
    assert order == sorted(order)
    return agree(text, expectations)


@examples(250)
@given(st.binary() | st.text() | st.lists(st.sampled_from([*GOOD.split("~"), "~", ".", "e30", "é"])).map("~".join))
def test_anything_gives_a_report(text: bytes | str) -> None:
    assert _agree(text) == (text in (GOOD, GOOD.encode()))


MEMBERS = st.sampled_from(["iss", "vct", "aka_vcts", "cnf", "aud", "exp", "nbf", "iat", "sub", "status", "vct#integrity", "_sd_alg", "x"])
VCDM_MEMBERS = st.sampled_from(
    [*CARD, "id", "validFrom", "validUntil", "credentialStatus", "credentialSchema", "proof", "vc", "iss", "exp", "@id"]
)
HEADERS = st.dictionaries(
    st.sampled_from(["alg", "typ", "kid", "crit", "cty", "x"]), ODD | st.sampled_from(["EdDSA", "vc+sd-jwt", URL]), max_size=2
)
BINDINGS = st.dictionaries(st.sampled_from(["iat", "aud", "nonce", "exp", "nbf", "sd_hash", "x"]), ODD | VALUES, max_size=2)


@examples(200)
@given(st.dictionaries(MEMBERS, ODD | VALUES, max_size=3), HEADERS, BINDINGS)
def test_a_signed_payload_of_any_kind_gives_a_report(payload: JsonObject, header: JsonObject, binding: JsonObject) -> None:
    """Signed by the issuer and by the holder, so that every stage is reached."""
    _agree(bound(sd_jwt(token({**PID, **payload}, **header))), expecting(asked=asking({"path": ["x", None, "y"]}), unasked="refuse"))
    _agree(sd_jwt(token(PID)) + kb_jwt({"iat": NOW, "aud": AUDIENCE, "nonce": NONCE, "sd_hash": "x", **binding}))


@examples(200)
@given(st.dictionaries(VCDM_MEMBERS, ODD | VALUES, max_size=3))
def test_a_signed_credential_of_any_kind_gives_a_report(members: JsonObject) -> None:
    asked = asking({"path": ["credentialSubject", "given_name"]}, format_id="vc+sd-jwt")
    _agree(bound(sd_jwt(token({**CARD, **members}, typ="vc+sd-jwt"))), expecting(asked=asked))


@examples(100)
@given(
    st.recursive(
        ODD | TEXT | st.just(GOOD), lambda inner: st.lists(inner) | st.dictionaries(st.sampled_from(["q", "r", ""]), inner), max_leaves=5
    )
)
def test_any_answer_gives_a_report(answer: Json) -> None:
    query: JsonObject = {"credentials": [{"id": "q", "format": "dc+sd-jwt", "meta": {"vct_values": ["urn:example:pid"]}}]}
    report = examine_answer(serialize(answer), query, TRUSTING, at=AT)
    assert report.ok == (answer == {"q": [GOOD]})
    assert (report.verified is None) == bool(report.problems)


@examples(100)
@given(st.data())
def test_no_two_texts_can_be_mixed(data: st.DataObject) -> None:
    """Parts of two good presentations make no third one."""
    other = bound(sd_jwt(token({**PID, "sub": "x", "_sd": [digest(NAME)]}), NAME), nonce="another")
    pieces = [*GOOD.split("~"), *other.split("~")]
    mixed = "~".join(data.draw(st.lists(st.sampled_from(pieces), min_size=2, max_size=5)))
    assert examine(mixed, TRUSTING, at=AT).ok == (mixed == GOOD)


@examples(100)
@given(issued())
def test_what_nobody_asked_for_is_not_in_the_result(case: Issued) -> None:
    """DQ-S5, DQ-S6: dropped is just what was disclosed and no asked path needs; "refuse" refuses just where something is dropped."""
    names = [name for name in case.claims if name != "iat"][:1]
    paths: list[Json] = [{"path": [name]} for name in ["vct", *names]]
    asked = asking(*paths)
    proven = prove(case.text)
    report = examine(case.text, expecting(asked=asked, holder_binding=False), at=AT)
    if not report.ok:  # the claims may be such that they are no SD-JWT VC
        return
    needed = {*Places(proven.disclosed).needed([("vct",), *((name,) for name in names)])}
    dropped = [place for number, place in enumerate(proven.disclosed) if number not in needed]
    assert len(report.warnings) == len(dropped)
    assert {problem.kind for problem in report.warnings} <= {EXCESS_DISCLOSURE}
    claims = report.require().claims
    assert not any(place[0] in claims for place in dropped if len(place) == 1)
    assert all(claims[name] == case.claims[name] for name in names)
    refused = examine(case.text, expecting(asked=asked, holder_binding=False, unasked="refuse"), at=AT)
    assert refused.ok == (not dropped)


@examples(50)
@given(st.booleans(), st.booleans(), st.booleans(), st.dictionaries(MEMBERS, ODD, max_size=2))
def test_sync_equals_async(found: bool, honest: bool, whole: bool, members: JsonObject) -> None:
    """Through a DID method that retrieves."""
    world = World(**({"org": document(method())} if found else {}))
    payload: JsonObject = {**PID, "iss": "did:example:org", **members}
    text = bound(sd_jwt(token(payload, kid=URL) if honest else token(payload, STRANGER, kid=URL)))
    data = (text if whole else text[:-1]).encode()

    async def fetch(retrieve: Retrieve) -> Retrieved:
        await asyncio.sleep(0)
        return world.fetch(retrieve)

    expectations = expecting(["did:example:org"])
    one = drive(judge(data, expectations, AT, methods=world.methods), world.fetch)
    other = asyncio.run(drive_async(judge(data, expectations, AT, methods=world.methods), fetch))
    assert one._replace(timings={}) == other._replace(timings={})


@examples(100)
@given(
    st.timedeltas(timedelta(days=-1), timedelta(days=1)),
    st.timedeltas(timedelta(0), timedelta(hours=1)),
    st.timedeltas(timedelta(0), timedelta(hours=1)),
)
def test_a_key_binding_holds_just_inside_its_window(later: timedelta, skew: timedelta, max_age: timedelta) -> None:
    """SD-B2: from `iat` less the skew, to `iat` and the age that is accepted, both included."""
    report = examine(GOOD, expecting(skew=skew, max_age=max_age), at=AT + later)
    assert report.ok == (-skew <= later <= max_age)
