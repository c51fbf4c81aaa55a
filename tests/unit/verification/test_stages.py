"""The stages that stop, and whether what was proven conforms: each question on its own."""

from collections.abc import Sequence

import pytest

from sayso.credentials.claims_path import Location, Positions
from sayso.credentials.kinds import Context, CredentialType
from sayso.dids.method import DidMethod
from sayso.dids.resolution import METHODS
from sayso.errors import (
    DATA_LOSS_DETECTION_ERROR,
    INVALID_RELATIONSHIP_FOR_VERIFICATION_METHOD,
    INVALID_VERIFICATION_METHOD,
    INVALID_VERIFICATION_METHOD_URL,
    MALFORMED_VALUE_ERROR,
    METHOD_NOT_SUPPORTED,
    PARSING_ERROR,
    UNDECIDABLE,
    SaysoError,
)
from sayso.jsonvalue import Json, JsonObject
from sayso.proofs.jose.message import MessageMechanism
from sayso.proofs.mechanism import Found, FoundKey, KeyUse, Policy, Proven
from sayso.proofs.sd_jwt.mechanism import SdJwtMechanism
from sayso.retrieval import Fetch, drive, offline
from sayso.verification import stages
from tests.unit.dids.world import URL, World, document, method
from tests.unit.proofs.refusals import refused
from tests.unit.proofs.tokens import AT, AUDIENCE, ISSUER, ISSUER_DID, ISSUER_KID, PID, POLICY, sd_jwt, token
from tests.unit.verification.proven import card, disclosing, expecting, found, pid

STATUS: JsonObject = {"status_list": {"idx": 1, "uri": "https://example.com/1"}}


FOUND = (FoundKey(ISSUER.public_key, ISSUER_DID),)

# 1 decode


def test_the_first_mechanism_that_knows_the_input_reads_it() -> None:
    class Other:
        def decode(self, data: bytes, policy: Policy) -> None:
            del data, policy

    decoded = stages.decode(sd_jwt(token(PID)).encode(), (Other(), SdJwtMechanism()), POLICY)
    assert decoded.signers == (KeyUse(ISSUER_KID, "assertionMethod", issuer=ISSUER_DID),)
    with refused(PARSING_ERROR, says="no format"):
        stages.decode(b"x", (Other(), SdJwtMechanism()), POLICY)


# 2 resolve


class Named:
    """Be something decoded that names a key."""

    def __init__(self, key_id: str) -> None:
        self.signers = (KeyUse(key_id, "assertionMethod"),)

    def prove(self, found: Sequence[Found]) -> Sequence[Found]:
        return found


def resolved(key_id: str, methods: tuple[DidMethod, ...] = METHODS, fetch: Fetch = offline) -> tuple[Found, ...]:
    return drive(stages.resolve(Named(key_id), AT, methods, POLICY, {}), fetch)


def test_the_key_is_that_of_the_did_document() -> None:
    assert resolved(ISSUER_KID) == (FoundKey(ISSUER.public_key, ISSUER_DID),)
    world = World(org=document(method()))
    assert resolved(URL, world.methods, world.fetch) == (FoundKey(ISSUER.public_key, URL.partition("#")[0]),)
    assert len(world.asked) == 1


@pytest.mark.parametrize(
    "key_id", ["", "x", ISSUER_DID, "#key", ISSUER_KID + "#x", ISSUER_KID.replace("#", "?a=b#"), "https://a.example/#k"]
)
def test_a_key_is_named_by_a_did_with_a_fragment(key_id: str) -> None:
    """VJ-5, SV-7: absolute, and nothing but DID and fragment."""
    with refused(INVALID_VERIFICATION_METHOD_URL):
        resolved(key_id)


def test_a_fragment_that_the_document_does_not_have() -> None:
    """KEY-1: a did:key has the one key that it is."""
    with refused(INVALID_VERIFICATION_METHOD):
        resolved(ISSUER_DID + "#z6Mk")


def test_a_key_for_another_purpose_does_not_count() -> None:
    """CID-3, step 8."""
    world = World(org=document(method(), assertionMethod=[], authentication=[URL]))
    with refused(INVALID_RELATIONSHIP_FOR_VERIFICATION_METHOD):
        resolved(URL, world.methods, world.fetch)


def test_what_cannot_be_resolved_is_not_decided() -> None:
    with pytest.raises(SaysoError) as caught:
        resolved("did:example:org#key")
    assert [problem.kind for problem in caught.value.problems] == [METHOD_NOT_SUPPORTED]
    assert not caught.value.decided


# 3 prove


def test_what_was_decoded_is_proven_under_the_key() -> None:
    decoded = stages.decode(sd_jwt(token(PID)).encode(), (SdJwtMechanism(),), POLICY)
    assert stages.prove(decoded, FOUND).document == PID
    message = MessageMechanism(("dc+sd-jwt",), "assertionMethod").decode(token(PID).encode(), POLICY)
    assert stages.prove(message, FOUND).payload == PID


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


def test_what_json_ld_would_lose_is_refused_once() -> None:
    """DI-3: here, or where its proofs transform the document."""
    losing = card(**{"@context": ["https://www.w3.org/ns/credentials/v2"], "type": ["VerifiableCredential"], "nick": "Ada"})
    assert [kind for kind, _ in found(stages.conform, losing)] == [DATA_LOSS_DETECTION_ERROR]
    assert found(stages.conform, losing._replace(transformed=True)) == []


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
