"""Each question on its own, put to small proven credentials."""

from datetime import UTC, datetime, timedelta
from typing import Literal

import pytest

from sayso.credentials.claims_path import Location, Positions
from sayso.credentials.kinds import Context, CredentialType
from sayso.dids.resolution import METHODS
from sayso.errors import (
    EXCESS_DISCLOSURE,
    HOLDER_BINDING,
    INVALID_CHALLENGE_ERROR,
    INVALID_DOMAIN_ERROR,
    INVALID_RELATIONSHIP_FOR_VERIFICATION_METHOD,
    INVALID_VERIFICATION_METHOD,
    INVALID_VERIFICATION_METHOD_URL,
    MALFORMED_VALUE_ERROR,
    METHOD_NOT_SUPPORTED,
    MISSING_CLAIM,
    PARSING_ERROR,
    RANGE_ERROR,
    STATUS_RETRIEVAL_ERROR,
    UNDECIDABLE,
    UNEXPECTED_TYPE,
    UNTRUSTED_ISSUER,
    ProblemType,
    SaysoError,
)
from sayso.jsonvalue import Json, JsonObject
from sayso.keys.ed25519 import PublicKey
from sayso.proofs.jose.message import MessageMechanism
from sayso.proofs.mechanism import Policy, Proven
from sayso.proofs.sd_jwt.mechanism import SdJwtMechanism
from sayso.retrieval import drive, offline
from sayso.verification import stages
from sayso.verification.expectations import ANYONE
from tests.unit.dids.world import URL, World, document, method
from tests.unit.proofs.refusals import refused
from tests.unit.proofs.tokens import AT, AUDIENCE, ISSUER, ISSUER_DID, ISSUER_KID, NOW, PID, POLICY, sd_jwt, token
from tests.unit.verification.proven import asking, bound_by, card, disclosing, expecting, found, pid

TICK = timedelta(microseconds=1)
SKEW = timedelta(seconds=60)
STATUS: JsonObject = {"status_list": {"idx": 1, "uri": "https://example.com/1"}}


# 1 decode


def test_the_first_mechanism_that_knows_the_input_reads_it() -> None:
    class Other:
        def decode(self, data: bytes, policy: Policy) -> None:
            del data, policy

    decoded = stages.decode(sd_jwt(token(PID)).encode(), (Other(), SdJwtMechanism()), POLICY)
    assert decoded.key_id == ISSUER_KID
    with refused(PARSING_ERROR, says="no format"):
        stages.decode(b"x", (Other(), SdJwtMechanism()), POLICY)


# 2 resolve


class Named:
    """Be something decoded that names a key."""

    relationship = "assertionMethod"

    def __init__(self, key_id: str) -> None:
        self.key_id = key_id

    def prove(self, key: PublicKey) -> PublicKey:
        return key


def test_the_key_is_that_of_the_did_document() -> None:
    assert drive(stages.resolve(Named(ISSUER_KID), AT, METHODS), offline) == ISSUER.public_key
    world = World(org=document(method()))
    assert drive(stages.resolve(Named(URL), AT, world.methods), world.fetch) == ISSUER.public_key
    assert len(world.asked) == 1


@pytest.mark.parametrize(
    "key_id", ["", "x", ISSUER_DID, "#key", ISSUER_KID + "#x", ISSUER_KID.replace("#", "?a=b#"), "https://a.example/#k"]
)
def test_a_key_is_named_by_a_did_with_a_fragment(key_id: str) -> None:
    """VJ-5, SV-7: absolute, and nothing but DID and fragment."""
    with refused(INVALID_VERIFICATION_METHOD_URL):
        drive(stages.resolve(Named(key_id), AT, METHODS), offline)


def test_a_fragment_that_the_document_does_not_have() -> None:
    """KEY-1: a did:key has the one key that it is."""
    with refused(INVALID_VERIFICATION_METHOD):
        drive(stages.resolve(Named(ISSUER_DID + "#z6Mk"), AT, METHODS), offline)


def test_a_key_for_another_purpose_does_not_count() -> None:
    """CID-3, step 8."""
    world = World(org=document(method(), assertionMethod=[], authentication=[URL]))
    with refused(INVALID_RELATIONSHIP_FOR_VERIFICATION_METHOD):
        drive(stages.resolve(Named(URL), AT, world.methods), world.fetch)


def test_what_cannot_be_resolved_is_not_decided() -> None:
    with pytest.raises(SaysoError) as caught:
        drive(stages.resolve(Named("did:web:example.com#key"), AT, METHODS), offline)
    assert [problem.kind for problem in caught.value.problems] == [METHOD_NOT_SUPPORTED]
    assert not caught.value.decided


# 3 prove


def test_what_was_decoded_is_proven_under_the_key() -> None:
    decoded = stages.decode(sd_jwt(token(PID)).encode(), (SdJwtMechanism(),), POLICY)
    assert stages.prove(decoded, ISSUER.public_key).document == PID
    message = MessageMechanism(("dc+sd-jwt",), "assertionMethod").decode(token(PID).encode(), POLICY)
    assert stages.prove(message, ISSUER.public_key).payload == PID


# 4 conform


def test_a_conforming_credential_has_no_problems() -> None:
    assert found(stages.conform, pid()) == []
    assert found(stages.conform, card()) == []


def test_every_problem_is_collected() -> None:
    assert found(stages.conform, pid(vct=1, iss="Ada", cnf=[])) == [
        (MALFORMED_VALUE_ERROR, "/iss"),
        (MALFORMED_VALUE_ERROR, "/vct"),
        (MALFORMED_VALUE_ERROR, "/cnf"),
    ]


def test_a_context_that_nobody_here_knows_is_not_decided() -> None:
    """DM-15: until a credential type brings it."""
    kind = CredentialType(
        "Pass", context=Context("https://a.example/v1", {"Pass": "https://a.example/Pass", "nick": "https://a.example/n"})
    )
    contexts: list[Json] = ["https://www.w3.org/ns/credentials/v2", "https://a.example/v1"]
    proven = card(**{"@context": contexts, "type": ["VerifiableCredential", "Pass"], "credentialSubject": {"nick": "Ada"}})
    assert found(stages.conform, proven) == [(UNDECIDABLE, "/@context/1")]
    for expectations in (expecting(types=[kind]), expecting(known_types=[kind])):
        assert found(stages.conform, proven, expectations) == []


@pytest.mark.parametrize("name", ["iss", "nbf", "exp", "cnf", "vct", "vct#integrity", "aka_vcts", "status", "aud"])
def test_what_decides_on_validity_was_not_disclosed(name: str) -> None:
    """SV-3, SD-I8."""
    inside: Location = (name, "jwk") if name != "aud" else (name,)
    for place in ((name,), inside):
        (problem,) = found(stages.conform, disclosing(pid(**({name: PID[name]} if name in PID else {})), place))
        assert problem == (MALFORMED_VALUE_ERROR, "/" + "/".join(map(str, place)))


@pytest.mark.parametrize(
    "name", ["@context", "type", "issuer", "validFrom", "validUntil", "credentialStatus", "credentialSchema", "cnf", "exp"]
)
def test_what_decides_on_a_vcdm_credential_was_not_disclosed(name: str) -> None:
    """VJ-7, SD-I8."""
    problems = found(stages.conform, disclosing(card(), (name,)))
    assert problems == [(MALFORMED_VALUE_ERROR, f"/{name}")]


def test_an_object_that_keeps_something_back_may_not_decide_on_validity() -> None:
    """SV-3: hidden members of `status` or `cnf` were made disclosable, whether they are shown or not."""
    assert found(stages.conform, pid(status=STATUS)._replace(hiding=frozenset({("status",)}))) == [(MALFORMED_VALUE_ERROR, "/status")]
    assert found(stages.conform, pid()._replace(hiding=frozenset({(), ("address",)}))) == []


@pytest.mark.parametrize(
    ("proven", "positions", "pointer"),
    [
        (pid(aka_vcts=["a"]), {("aka_vcts",): (0,)}, "/aka_vcts/1"),
        (pid(status={"status_list": [1, 2]}), {("status", "status_list"): (0, 2)}, "/status/status_list/2"),
        (card(credentialStatus=[{"type": "Other"}]), {("credentialStatus",): (1,)}, "/credentialStatus/1"),
        (card(), {("type",): (0, 2)}, "/type/2"),
        (card(), {("@context",): (0, 1)}, "/@context/2"),
    ],
)
def test_an_array_that_keeps_an_element_back_may_not_either(proven: Proven, positions: Positions, pointer: str) -> None:
    """SV-3, VJ-7, SD-I8: a status entry that the holder does not show is one that nobody can check."""
    assert found(stages.conform, proven._replace(positions=positions)) == [(MALFORMED_VALUE_ERROR, pointer)]


def test_other_arrays_may_keep_elements_back() -> None:
    """RFC 9901, section 9.7: entries of `aud` too."""
    assert found(stages.conform, pid(langs=["en"], aud=[AUDIENCE])._replace(positions={("langs",): (1,), ("aud",): (0,)})) == []


# 5 bind


def test_nothing_to_bind() -> None:
    assert found(stages.bind, pid(), expecting(holder_binding=False)) == []
    assert found(stages.bind, bound_by(pid())) == []
    assert found(stages.bind, bound_by(card())) == []


@pytest.mark.parametrize("issuer", [None, "", 1, "did:example:other", ISSUER_DID + "x", [ISSUER_DID], {"id": ISSUER_DID}], ids=repr)
def test_the_key_is_the_issuers(issuer: Json) -> None:
    """DM-27, SV-7: whose DID signs for another is refused, however well it signs."""
    assert found(stages.bind, bound_by(pid(iss=issuer))) == [(INVALID_VERIFICATION_METHOD, "/iss")]


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


# 7 status


def test_without_a_status_there_is_nothing_to_decide() -> None:
    assert found(stages.status, pid()) == []
    assert found(stages.status, card()) == []


def test_a_status_that_cannot_be_decided_refuses() -> None:
    """No status list can be read here yet: what is there is not decided, and so refused, but told apart from a verdict."""
    assert found(stages.status, pid(status=STATUS)) == [(STATUS_RETRIEVAL_ERROR, "/status/status_list")]
    entry: JsonObject = {"type": "BitstringStatusListEntry"}
    assert found(stages.status, card(credentialStatus=[entry, entry])) == [
        (STATUS_RETRIEVAL_ERROR, "/credentialStatus/0"),
        (STATUS_RETRIEVAL_ERROR, "/credentialStatus/1"),
    ]
    assert not STATUS_RETRIEVAL_ERROR.decided


def test_a_status_may_be_waived_by_name() -> None:
    assert found(stages.status, pid(status=STATUS), expecting(status="waive")) == []
    assert found(stages.status, card(credentialStatus=1), expecting(status="waive", unknown_status="refuse")) == []


@pytest.mark.parametrize(("unknown_status", "problems"), [("refuse", 1), ("ignore", 0)])
def test_a_mechanism_that_nobody_knows(unknown_status: Literal["refuse", "ignore"], problems: int) -> None:
    """VJ-10: may be ignored, by name; what is known, or malformed, may not."""
    expectations = expecting(unknown_status=unknown_status)
    assert len(found(stages.status, pid(status={"other": {}}), expectations)) == problems
    assert len(found(stages.status, card(credentialStatus={"type": "Other"}), expectations)) == problems
    for proven in (pid(status=STATUS), pid(status={}), pid(status={"other": 1}), card(credentialStatus={}), card(credentialStatus="x")):
        assert len(found(stages.status, proven, expectations)) == 1


# 8 trust


def test_the_issuer_is_one_of_those_that_are_trusted() -> None:
    assert found(stages.trust, pid()) == []
    for issuers in (["did:example:other"], [ISSUER_DID + "x"], [ISSUER_DID.upper()], [ISSUER_KID]):
        assert found(stages.trust, pid(), expecting(issuers)) == [(UNTRUSTED_ISSUER, "/iss")]
        assert found(stages.trust, card(), expecting(issuers)) == [(UNTRUSTED_ISSUER, "/issuer")]
    assert found(stages.trust, pid(), expecting(ANYONE)) == []
    assert found(stages.trust, pid(), expecting(["did:example:other", ISSUER_DID])) == []


def test_nobody_is_not_anyone() -> None:
    """Without an issuer that can be named there is nobody to trust."""
    assert found(stages.trust, pid(iss=None), expecting(ANYONE)) == [(UNTRUSTED_ISSUER, "/iss")]


def test_the_type_is_one_of_those_that_are_expected() -> None:
    """SV-2, DM-4: by `vct`, by any of `aka_vcts`, by the expanded type."""
    vct = CredentialType("Pid", vct="urn:example:pid")
    undefined = "https://www.w3.org/ns/credentials/undefined-term#IdentityCard"
    for types in (["urn:example:pid"], ["other", "urn:example:pid"], [vct]):
        assert found(stages.trust, pid(), expecting(types=types)) == []
    assert found(stages.trust, pid(aka_vcts=["urn:example:more"]), expecting(types=["urn:example:more"])) == []
    for types in (["IdentityCard"], [undefined], [CredentialType("IdentityCard")], ["VerifiableCredential"]):
        assert found(stages.trust, card(), expecting(types=types)) == []


@pytest.mark.parametrize("types", [["urn:example:PID"], ["urn:example:pi"], ["Pid"], [CredentialType("Pid")], ["not a term: <>"]], ids=repr)
def test_any_other_type_is_refused(types: list[str]) -> None:
    assert found(stages.trust, pid(), expecting(types=types)) == [(UNEXPECTED_TYPE, "")]
    assert found(stages.trust, card(), expecting(types=types)) == [(UNEXPECTED_TYPE, "")]


def test_vp_12_what_was_asked_for_is_there() -> None:
    """VP-12: the query is looked at again; a wallet is not trusted to have kept to it."""
    asked = asking({"path": ["name"]}, {"path": ["langs", None]}, {"path": ["age"], "values": [36]})
    complete: JsonObject = {"name": "Ada", "langs": ["en"], "age": 36}
    assert found(stages.trust, pid(**complete), expecting(asked=asked)) == []
    assert found(stages.trust, pid(**(complete | {"age": "36"})), expecting(asked=asked)) == [(MISSING_CLAIM, "/age")]
    assert found(stages.trust, pid(langs="en"), expecting(asked=asked)) == [
        (MISSING_CLAIM, "/name"),
        (MISSING_CLAIM, "/langs"),
        (MISSING_CLAIM, "/age"),
    ]


def test_vp_12_of_the_format_and_type_that_were_asked_for() -> None:
    """DQ-2: a query names both."""
    assert found(stages.trust, pid(), expecting(asked=asking(format_id="vc+sd-jwt"))) == [(UNEXPECTED_TYPE, "")]
    assert found(stages.trust, pid(vct="urn:other"), expecting(asked=asking())) == [(UNEXPECTED_TYPE, "")]
    assert found(stages.trust, card(), expecting(asked=asking(format_id="vc+sd-jwt"))) == []
    authority: Json = [{"type": "aki", "values": ["x"]}]
    assert found(stages.trust, pid(), expecting(asked=asking(trusted_authorities=authority))) == [(UNDECIDABLE, "")]


def test_dq_p1_an_index_counts_what_the_issuer_wrote() -> None:
    """DQ-P1: an element that is not disclosed keeps its index."""
    asked = asking({"path": ["langs", 1]})
    shown = pid(langs=["en"])
    assert found(stages.trust, shown._replace(positions={("langs",): (1,)}), expecting(asked=asked)) == []
    assert found(stages.trust, shown._replace(positions={("langs",): (0,)}), expecting(asked=asked)) == [(MISSING_CLAIM, "/langs/1")]


ADDRESS: JsonObject = {"city": "Köln", "zip": "50667"}


@pytest.mark.parametrize(
    ("paths", "excess"),
    [
        ([["name"], ["address"], ["langs"]], []),
        ([["name"]], ["/address", "/address/city", "/address/zip", "/langs/0", "/langs/1"]),
        ([["name"], ["address", "city"]], ["/address/zip", "/langs/0", "/langs/1"]),
        ([["name"], ["address"], ["langs", 1]], ["/langs/0"]),
        ([["name"], ["address"], ["langs", None]], []),
        ([["vct"]], ["/name", "/address", "/address/city", "/address/zip", "/langs/0", "/langs/1"]),
    ],
    ids=repr,
)
def test_dq_s6_what_nobody_asked_for_can_refuse(paths: list[Json], excess: list[str]) -> None:
    """DQ-S5, DQ-S6: every disclosure that no asked path needs, by its place; those above and inside of one are needed."""
    places: list[Location] = [("name",), ("address",), ("address", "city"), ("address", "zip"), ("langs", 0), ("langs", 1)]
    proven = disclosing(pid(name="Ada", address=ADDRESS, langs=["en", "fr"], plain="x"), *places)
    asked = asking(*({"path": path} for path in paths))
    assert found(stages.trust, proven, expecting(asked=asked)) == []
    assert found(stages.trust, proven, expecting(asked=asked, unasked="refuse")) == [(EXCESS_DISCLOSURE, place) for place in excess]
    dropped = stages.unasked(proven, expecting(asked=asked))
    assert ["/" + "/".join(map(str, place)) for place in dropped] == excess
    assert stages.unasked(proven, expecting()) == []


def test_all_that_is_wrong_with_trust_is_named() -> None:
    kinds: list[ProblemType] = [
        kind
        for kind, _ in found(
            stages.trust,
            disclosing(pid(name="Ada"), ("name",)),
            expecting(["did:example:other"], types=["urn:x"], asked=asking({"path": ["age"]}, types=["urn:x"]), unasked="refuse"),
        )
    ]
    assert kinds == [UNTRUSTED_ISSUER, UNEXPECTED_TYPE, UNEXPECTED_TYPE, MISSING_CLAIM, EXCESS_DISCLOSURE]
