"""What the pipeline makes of presentations and of what is in them, and of keys that are given."""

import base64
from collections.abc import Sequence
from datetime import timedelta
from typing import Any

import pytest

from sayso.credentials.formats import JWT_VC, JWT_VP, LDP_VC, LDP_VP, SD_JWT_VP
from sayso.credentials.presentation import MAX_CREDENTIALS
from sayso.dids import did_key
from sayso.dids.document import VerificationMethod
from sayso.dids.resolution import METHODS
from sayso.errors import (
    EXCESS_DISCLOSURE,
    HOLDER_BINDING,
    INVALID_CHALLENGE_ERROR,
    INVALID_DOMAIN_ERROR,
    INVALID_RELATIONSHIP_FOR_VERIFICATION_METHOD,
    INVALID_VERIFICATION_METHOD,
    INVALID_VERIFICATION_METHOD_URL,
    LIMIT_EXCEEDED,
    MISSING_CLAIM,
    PARSING_ERROR,
    REVOKED,
    UNEXPECTED_TYPE,
    UNTRUSTED_ISSUER,
    SaysoError,
)
from sayso.jsonvalue import FrozenObject, JsonObject, serialize
from sayso.keys import multikey
from sayso.proofs.mechanism import PROOF, TOKEN, Binding, Found, FoundKey, KeyUse, Proven, Wording, only_key
from sayso.query import grammar
from sayso.retrieval import drive, offline
from sayso.verification import stages
from sayso.verification.doors import examine_answer
from sayso.verification.expectations import ANYONE, Presenter
from sayso.verification.pipeline import presenter_of
from tests.spec.bitstring_status_list.lists import LIST, NUMBER, Shelf, a_list, a_subject, an_entry, bits_with
from tests.spec.bitstring_status_list.lists import report as examined
from tests.spec.data_integrity.documents import (
    AT,
    BOTH,
    HOLDER_DID,
    V2,
    Document,
    a_card,
    a_presentation,
    asking,
    expecting,
    found,
    look,
    presented,
    secured,
)
from tests.unit.dids.world import URL, World, document, method
from tests.unit.proofs.refusals import refused
from tests.unit.proofs.tokens import AUDIENCE, HOLDER, ISSUER, ISSUER_DID, ISSUER_KID, NONCE, POLICY, STRANGER
from tests.unit.verification import proven as put
from tests.unit.verification.proven import places

STRANGER_DID = did_key.did_of(STRANGER.public_key)


def vp(format_: Any = LDP_VP, *bindings: Binding, **members: Any) -> Proven:
    """Make a proven presentation of the holder by hand."""
    return Proven((FoundKey(HOLDER.public_key, HOLDER_DID),), format_, a_presentation(a_card(), **members), bindings=bindings)


def bound(wording: Wording, **members: Any) -> Binding:
    names = {wording.audience: AUDIENCE, wording.nonce: NONCE}
    said = {**names, **members}
    return Binding({name: value for name, value in said.items() if value is not None}, ("proof",), wording)


def test_what_is_in_a_presentation_that_is_refused_is_not_looked_at() -> None:
    """It would cost work, and tell a stranger what the verifier makes of it."""
    broken = {**secured(a_card()), "name": "x"}
    assert found(presented(broken), asking(nonce="other")) == [(INVALID_CHALLENGE_ERROR, "/proof/challenge")]
    assert [place for _, place in found(presented(broken), asking())] == ["/verifiableCredential/0/proof"]


def test_what_a_credential_calls_its_credentials_is_a_claim() -> None:
    """Only a presentation holds any."""
    odd = secured(a_card(verifiableCredential=[{"type": "x"}]))
    assert found(odd, undefined_terms="ignore") == []


# --- bind -----------------------------------------------------------------------------------------------------------------------------


def test_the_holder_of_a_presentation_is_who_signed() -> None:
    """DM-19, DM-27: where it names one."""
    good = bound(PROOF)
    assert put.found(stages.bind, vp(LDP_VP, good)) == []
    assert put.found(stages.bind, vp(LDP_VP, good, holder={"id": HOLDER_DID})) == []
    assert put.found(stages.bind, vp(LDP_VP, good, holder=None)) == []
    (problem,) = drive(stages.bind(vp(LDP_VP, good, holder=STRANGER_DID), put.TRUSTING, AT), offline)
    assert "the holder's" in problem.detail
    for holder in (STRANGER_DID, {"id": STRANGER_DID}, {}, 5, [HOLDER_DID], {"id": [HOLDER_DID]}):
        assert put.found(stages.bind, vp(LDP_VP, good, holder=holder)) == [(INVALID_VERIFICATION_METHOD, "/holder")]
        assert put.found(stages.bind, vp(LDP_VP, good, holder=holder), put.expecting(issuer_binding=False)) == []


def test_one_of_several_signers_is_enough() -> None:
    several = (FoundKey(STRANGER.public_key, STRANGER_DID), FoundKey(ISSUER.public_key, ISSUER_DID))
    card = put.card()._replace(format=LDP_VC, signers=several)
    assert put.found(stages.bind, card, put.expecting(holder_binding=False)) == []
    assert put.found(stages.bind, card._replace(signers=several[:1]), put.expecting(holder_binding=False)) == [
        (INVALID_VERIFICATION_METHOD, "/issuer")
    ]


def test_a_presentation_is_expected_or_not() -> None:
    """RFC 9901, section 9.5: decided before anything arrives."""
    assert put.found(stages.bind, vp(LDP_VP)) == [(HOLDER_BINDING, "")]
    assert put.found(stages.bind, vp(LDP_VP, bound(PROOF)), put.expecting(holder_binding=False)) == [(UNEXPECTED_TYPE, "")]


@pytest.mark.parametrize(
    ("wording", "value", "ok"),
    [
        (PROOF, AUDIENCE, True),
        (PROOF, [AUDIENCE], True),
        (PROOF, [AUDIENCE, "x"], False),
        (PROOF, [], False),
        (PROOF, None, False),
        (PROOF, 5, False),
        (TOKEN, AUDIENCE, True),
        (TOKEN, [AUDIENCE, "x"], True),
        (TOKEN, ["x"], False),
        (TOKEN, [AUDIENCE, 5], False),
        (TOKEN, [], False),
        (TOKEN, None, False),
        (TOKEN, {"x": AUDIENCE}, False),
    ],
    ids=repr,
)
def test_whom_a_presentation_is_for(wording: Wording, value: Any, ok: bool) -> None:
    """DI-V4 has the whole set; RFC 7519, section 4.1.3, one of it."""
    one = vp(LDP_VP, bound(wording, **{wording.audience: value}))
    assert put.found(stages.bind, one) == ([] if ok else [(INVALID_DOMAIN_ERROR, f"/proof/{wording.audience}")])
    nameless = put.expecting(audience=None)
    assert put.found(stages.bind, one, nameless) == ([] if value in (None, []) else [(INVALID_DOMAIN_ERROR, f"/proof/{wording.audience}")])


@pytest.mark.parametrize("wording", [PROOF, TOKEN], ids=["proof", "token"])
def test_a_verifier_that_has_only_a_domain(wording: Wording) -> None:
    """It is its name in every kind of signature."""
    expectations = put.expecting(audience=None, domain=["https://a.example"])
    for value, ok in (("https://a.example", True), (AUDIENCE, False), (None, False)):
        one = vp(LDP_VP, bound(wording, **{wording.audience: value}))
        assert (put.found(stages.bind, one, expectations) == []) == ok
    both = put.expecting(domain=["https://a.example", "https://b.example"])
    assert put.found(stages.bind, vp(LDP_VP, bound(PROOF, domain=["https://b.example", "https://a.example"])), both) == []
    assert put.found(stages.bind, vp(LDP_VP, bound(TOKEN)), both) == []


@pytest.mark.parametrize("wording", [PROOF, TOKEN], ids=["proof", "token"])
def test_what_a_presentation_answers(wording: Wording) -> None:
    for nonce in ("other", "", 5, [NONCE]):
        one = vp(LDP_VP, bound(wording, **{wording.nonce: nonce}))
        assert put.found(stages.bind, one) == [(INVALID_CHALLENGE_ERROR, f"/proof/{wording.nonce}")]
    unasked = put.expecting(nonce=None)
    assert put.found(stages.bind, vp(LDP_VP, bound(wording)), unasked) == [(INVALID_CHALLENGE_ERROR, f"/proof/{wording.nonce}")]
    assert put.found(stages.bind, vp(LDP_VP, bound(wording, **{wording.nonce: None})), unasked) == []


def test_every_binding_is_looked_at() -> None:
    one = vp(LDP_VP, bound(PROOF), bound(TOKEN, aud="x"), bound(PROOF, challenge="y"))
    assert put.found(stages.bind, one) == [(INVALID_DOMAIN_ERROR, "/proof/aud"), (INVALID_CHALLENGE_ERROR, "/proof/challenge")]


def test_who_presents() -> None:
    """Whoever signed, and nobody who is only named."""
    presenter = presenter_of(vp(LDP_VP, holder=STRANGER_DID))
    assert presenter == Presenter(frozenset({HOLDER_DID}), (HOLDER.public_key,))


def test_every_subject_with_an_identifier_presents() -> None:
    inside = put.expecting().inside(Presenter(frozenset({HOLDER_DID}), (HOLDER.public_key,)))
    problem = (HOLDER_BINDING, "/credentialSubject")
    plain = Proven((FoundKey(ISSUER.public_key, ISSUER_DID),), LDP_VC, a_card())
    cases: list[tuple[Any, int]] = [
        ({"id": HOLDER_DID, "x": 1}, 0),
        ([{"id": HOLDER_DID}, {"x": 1}], 0),
        ({"x": 1}, 0),
        ({"id": STRANGER_DID}, 1),
        ([{"id": HOLDER_DID}, {"id": STRANGER_DID}], 1),
        ([{"id": STRANGER_DID}, {"id": ISSUER_DID}], 2),
        ({"id": None}, 1),
        ({"id": [HOLDER_DID]}, 1),
        ("x", 0),
        (None, 0),
    ]
    for subject, times in cases:
        one = plain._replace(document=a_card(credentialSubject=subject))
        assert put.found(stages.bind, one, inside) == [problem] * times
        assert put.found(stages.bind, one, put.expecting(subjects="any").inside(Presenter(frozenset(), ()))) == []


# --- date, status and trust ------------------------------------------------------------------------------------------------------------


def test_the_claims_around_a_presentation_are_dated_once() -> None:
    claims: JsonObject = {"exp": 1, "vp": {}}
    one = vp(JWT_VP, Binding(claims, (), TOKEN))._replace(claims=claims)
    assert [place for _, place in put.found(stages.date, one)] == ["/exp"]
    card = put.card()._replace(claims=claims)
    assert [place for _, place in put.found(stages.date, card)] == ["/exp"]


def test_how_many_credentials() -> None:
    one, none, two = vp(), vp()._replace(document=a_presentation()), vp()._replace(document=a_presentation({}, {}))
    for proven, number in ((none, 0), (one, 1), (two, 2)):
        assert (put.found(stages.trust, proven) == []) == (number > 0)
        for expected in (0, 1, 2):
            kind = MISSING_CLAIM if number < expected else EXCESS_DISCLOSURE
            wanted = [] if expected == number else [(kind, "/verifiableCredential")]
            assert put.found(stages.trust, proven, put.expecting(credentials=expected)) == wanted


@pytest.mark.parametrize(
    ("asked", "answered", "ok"),
    [
        ("ldp_vc", LDP_VP, True),
        ("ldp_vc", JWT_VP, False),
        ("ldp_vc", SD_JWT_VP, False),
        ("jwt_vc_json", JWT_VP, True),
        ("jwt_vc_json", LDP_VP, False),
        ("vc+sd-jwt", LDP_VP, False),
        ("vc+sd-jwt", JWT_VP, False),
        ("vc+sd-jwt", SD_JWT_VP, False),
        ("dc+sd-jwt", LDP_VP, False),
    ],
)
def test_each_format_is_presented_in_its_own(asked: str, answered: Any, ok: bool) -> None:
    """OpenID4VP 1.0, appendix B: an SD-JWT by itself."""
    meta: JsonObject = {"vct_values": ["x"]} if asked == "dc+sd-jwt" else {"type_values": [["https://a.example/Type"]]}
    query = grammar.parse({"credentials": [{"id": "q", "format": asked, "meta": meta}]}).credentials[0]
    problems = put.found(stages.trust, vp(answered), put.expecting(asked=query))
    assert problems == ([] if ok else [(UNEXPECTED_TYPE, "")])
    assert {LDP_VP.id: LDP_VC.id, JWT_VP.id: JWT_VC.id} == stages.PRESENTED


def test_one_credential_is_asked_for_unless_the_query_takes_several() -> None:
    """OpenID4VP 1.0, section 6.1."""
    two = vp()._replace(document=a_presentation({}, {}))
    for multiple, credentials, ok in ((False, None, False), (True, None, True), (False, 2, True)):
        asked: JsonObject = {"id": "q", "format": "ldp_vc", "meta": {"type_values": [["https://a.example/T"]]}, "multiple": multiple}
        query = grammar.parse({"credentials": [asked]}).credentials[0]
        problems = put.found(stages.trust, two, put.expecting(asked=query, credentials=credentials))
        assert problems == ([] if ok else [(EXCESS_DISCLOSURE, "/verifiableCredential")])
        assert put.found(stages.trust, vp(), put.expecting(asked=query)) == []


def test_a_presentation_has_no_status() -> None:
    """Or whoever presents would have its verifier ask for whatever list they name; that of the credentials in it is looked at."""
    for status in (an_entry(), 5, [an_entry()] * 17):
        assert put.found(stages.status, vp(credentialStatus=status)) == []
    assert put.found(stages.status, vp(JWT_VP)._replace(claims={"status": {"status_list": {}}})) == []
    shelf = Shelf()
    context = [V2, "https://www.w3.org/ns/credentials/undefined-terms/v2"]
    said = {"@context": context, "credentialStatus": an_entry(), "status": {"status_list": {"idx": 0, "uri": LIST}}}
    own = presented(secured(a_card()), members=said)
    assert examined(serialize(own), shelf, asking()).ok
    assert shelf.asked == []
    listed = Shelf(secured(a_list(a_subject(bits_with(NUMBER)))))
    inside = presented(secured(a_card(credentialStatus=an_entry())))
    assert places(examined(serialize(inside), listed, asking()).problems) == [(REVOKED, "/verifiableCredential/0/credentialStatus")]
    assert len(listed.asked) == 1


# --- resolve ---------------------------------------------------------------------------------------------------------------------------


class Named:
    """Be something decoded with several signers."""

    def __init__(self, *uses: KeyUse) -> None:
        self.signers = uses

    def prove(self, found: Sequence[Found]) -> Sequence[Found]:
        return found


def test_each_signer_is_found() -> None:
    uses = (KeyUse(ISSUER_KID, "assertionMethod", ("proof", 0)), KeyUse("x", "assertionMethod", ("proof", 1)))
    with refused(INVALID_VERIFICATION_METHOD_URL, "/proof/1"):
        drive(stages.resolve(Named(*uses), AT, METHODS, POLICY, {}), offline)
    first, second = drive(stages.resolve(Named(*uses), AT, METHODS, POLICY._replace(all_proofs=False), {}), offline)
    assert first == FoundKey(ISSUER.public_key, ISSUER_DID)
    assert isinstance(second, SaysoError)
    assert places(second.problems) == [(INVALID_VERIFICATION_METHOD_URL, "/proof/1")]
    with refused(INVALID_VERIFICATION_METHOD_URL, "/proof/1"):
        only_key((second,))


def test_a_key_that_is_given_needs_no_did() -> None:
    known = {"key 1": VerificationMethod("https://a.example/#1", "https://a.example/", ISSUER.public_key)}
    given = drive(stages.resolve(Named(KeyUse("key 1", "assertionMethod")), AT, (), POLICY, known), offline)
    assert given == (FoundKey(ISSUER.public_key, "https://a.example/"),)
    ended = {"key 1": known["key 1"]._replace(revoked=AT)}
    with refused(INVALID_VERIFICATION_METHOD):
        drive(stages.resolve(Named(KeyUse("key 1", "assertionMethod")), AT, (), POLICY, ended), offline)
    before = drive(stages.resolve(Named(KeyUse("key 1", "x")), AT - timedelta(seconds=1), (), POLICY, ended), offline)
    assert before == given


def test_a_key_for_another_purpose_signs_no_presentation() -> None:
    """CID-3: assertionMethod for credentials, authentication for presentations."""
    world = World(org=document(method(), assertionMethod=[URL], authentication=[]))
    with refused(INVALID_RELATIONSHIP_FOR_VERIFICATION_METHOD, "/proof"):
        drive(stages.resolve(Named(KeyUse(URL, "authentication", ("proof",))), AT, world.methods, POLICY, {}), world.fetch)


# --- through the door ------------------------------------------------------------------------------------------------------------------


@pytest.mark.parametrize("suite", BOTH)
def test_keys_that_are_given(suite: str) -> None:
    key: JsonObject = {
        "id": "https://city.example/#1",
        "type": "Multikey",
        "controller": "https://city.example/",
        "publicKeyMultibase": multikey.encode(ISSUER.public_key),
    }
    document_ = secured(a_card(issuer="https://city.example/"), suite)
    keys = {ISSUER_KID: key}
    assert found(document_, issuers=ANYONE) == [(INVALID_VERIFICATION_METHOD, "/issuer")]
    assert look(document_, issuers=["https://city.example/"], keys=keys).ok
    assert found(document_, keys=keys) == [(UNTRUSTED_ISSUER, "/issuer")]
    with pytest.raises(ValueError, match="verification methods"):
        expecting(keys={ISSUER_KID: {**key, "publicKeyMultibase": "z"}})


def test_a_presentation_of_nothing_misses_a_credential() -> None:
    nothing = vp()._replace(document=a_presentation())
    assert put.found(stages.trust, nothing) == [(MISSING_CLAIM, "/verifiableCredential")]
    assert put.found(stages.trust, nothing, put.expecting(credentials=0)) == []
    assert put.found(stages.trust, nothing, put.expecting(credentials=2)) == [(MISSING_CLAIM, "/verifiableCredential")]


def test_too_many_credentials() -> None:
    card = secured(a_card())
    assert look(presented(*[card] * MAX_CREDENTIALS), asking()).ok
    more = presented(*[card] * (MAX_CREDENTIALS + 1))
    assert found(more, asking()) == [(LIMIT_EXCEEDED, "/verifiableCredential")]
    assert look(more, asking()).problems[0].stage == "decode"


def test_an_envelope_in_base64() -> None:
    card = base64.b64encode(serialize(secured(a_card())).encode()).decode()
    envelope = {"@context": V2, "type": "EnvelopedVerifiableCredential", "id": "data:application/vc;base64," + card}
    assert look(presented(envelope), asking()).ok
    unused = {**envelope, "id": "data:application/vc;base64,e31="}
    (problem,) = look(presented(unused), asking()).problems
    assert (problem.kind, problem.pointer, problem.stage) == (PARSING_ERROR, "/verifiableCredential/0/id", "decode")
    other = {**envelope, "id": "data:application/vc+jwt;base64," + card}
    (problem,) = look(presented(other), asking()).problems
    assert (problem.kind, problem.pointer, problem.stage) == (PARSING_ERROR, "/verifiableCredential/0/id", "decode")


def test_what_is_wrong_inside_is_said_where_it_is() -> None:
    """And nothing is readable: one refused credential refuses the presentation."""
    good, bad = secured(a_card()), secured(a_card(issuer=STRANGER_DID), signer=STRANGER)
    report = look(presented(good, bad), asking())
    assert places(report.problems) == [(UNTRUSTED_ISSUER, "/verifiableCredential/1/issuer")]
    assert report.verified is None
    assert report.parts == {}


def test_what_an_honest_presentation_gives() -> None:
    report = look(presented(secured(a_card()), members={"id": "urn:uuid:1"}), asking())
    verified = report.require()
    assert (verified.format, verified.issuer) == ("ldp_vp", HOLDER_DID)
    assert dict(verified.claims) == {
        name: value for name, value in a_presentation(id="urn:uuid:1").items() if name != "verifiableCredential"
    }
    assert verified.binding is not None
    assert verified.binding["challenge"] == NONCE
    (one,) = verified.credentials["verifiableCredential"]
    assert one.claims == a_card()
    assert [part.require() for part in report.parts["verifiableCredential"]] == [one]
    nameless = look(presented(secured(a_card()), members={"holder": None}), asking())
    assert nameless.require().issuer == HOLDER_DID


def test_an_assertion_of_the_holder_has_no_disclosures_of_its_own() -> None:
    """DM-22: it is signed with the presentation, and is none of what the presentation discloses."""
    own: Document = a_card(issuer=HOLDER_DID)
    report = look(presented(own), asking(issuers=[HOLDER_DID]))
    assert report.problems == ()
    (one,) = report.require().credentials["verifiableCredential"]
    assert (one.issuer, one.format, one.binding) == (HOLDER_DID, "ldp_vc", None)
    assert isinstance(one.claims, FrozenObject)
    assert found(presented(own, members={"holder": None}), asking(issuers=[HOLDER_DID]))
    late = presented(a_card(issuer=HOLDER_DID, validUntil="2020-01-01T00:00:00Z"))
    assert [place for _, place in found(late, asking(issuers=[HOLDER_DID]))] == ["/verifiableCredential/0/validUntil"]


# --- answers -----------------------------------------------------------------------------------------------------------------------------

TYPES: JsonObject = {"type_values": [["https://www.w3.org/2018/credentials#VerifiableCredential"]]}


def query_for(format_: str, **members: Any) -> JsonObject:
    claims: list[Any] = [{"path": ["credentialSubject", "given_name"]}]
    return {"credentials": [{"id": "q", "format": format_, "meta": TYPES, "claims": claims, **members}]}


@pytest.mark.parametrize("suite", BOTH)
def test_an_answer_with_a_presentation(suite: str) -> None:
    """OpenID4VP 1.0, appendix B.1.3.2: an object in the answer, and a presentation of one credential that was asked for."""
    answer = serialize({"q": [presented(secured(a_card()), suite=suite)]})
    report = examine_answer(answer, query_for("ldp_vc"), asking(), at=AT)
    assert report.problems == ()
    (verified,) = report.require().credentials["q"]
    assert [one.claims for one in verified.credentials["verifiableCredential"]] == [a_card()]
    two = serialize({"q": [presented(secured(a_card()), secured(a_card()))]})
    assert places(examine_answer(two, query_for("ldp_vc"), asking(), at=AT).problems) == [(EXCESS_DISCLOSURE, "/q/0/verifiableCredential")]
    assert examine_answer(two, query_for("ldp_vc", multiple=True), asking(), at=AT).ok


def test_what_was_asked_for_is_in_the_credential_inside() -> None:
    answer = serialize({"q": [presented(secured(a_card(credentialSubject={"id": HOLDER_DID, "name": "Ada"})))]})
    found_ = places(examine_answer(answer, query_for("ldp_vc"), asking(), at=AT).problems)
    assert [(kind, place.startswith("/q/0/verifiableCredential/0")) for kind, place in found_] == [(MISSING_CLAIM, True)]


def test_an_answer_that_nobody_need_sign() -> None:
    """OpenID4VP 1.0, section 6.1: then the credential itself, and no presentation of it."""
    card = secured(a_card())
    query = query_for("ldp_vc", require_cryptographic_holder_binding=False)
    assert examine_answer(serialize({"q": [card]}), query, asking(), at=AT).ok
    assert not examine_answer(serialize({"q": [presented(card)]}), query, asking(), at=AT).ok
    assert not examine_answer(serialize({"q": [card]}), query_for("ldp_vc"), asking(), at=AT).ok


@pytest.mark.parametrize("domain", ["", [""], ["https://a.example", ""]], ids=repr)
def test_an_empty_domain_is_none(domain: Any) -> None:
    with pytest.raises(ValueError, match="not empty"):
        asking(domain=domain)


@pytest.mark.parametrize("domain", [5, [], [5], b"x"], ids=repr)
def test_a_domain_is_text_or_a_list_of_texts(domain: Any) -> None:
    with pytest.raises((TypeError, ValueError)):
        asking(domain=domain)
