"""Laws of whole credentials and presentations: any document gives a report, no edit passes, and what was said is what is read."""

from collections.abc import Iterator
from typing import Any

import pytest
from hypothesis import assume, given
from hypothesis import strategies as st

from sayso import Expectations, SaysoError, examine
from sayso.jsonvalue import serialize
from sayso.testing.world import START
from tests.journeys.town import town
from tests.property.journeys import CHARACTERS, NAMES, claims
from tests.property.outcomes import ODD, agree
from tests.property.test_jsonvalue_laws import VALUES
from tests.spec.data_integrity.documents import (
    AT,
    BOTH,
    HOLDER_DID,
    JCS,
    RDFC,
    V1,
    Document,
    a_card,
    a_presentation,
    asking,
    by_hand,
    expecting,
    presented,
    proof_of,
    secured,
)
from tests.spec.vc_jose_cose.test_3_1_jwt import signed
from tests.support import examples
from tests.unit.proofs.tokens import AUDIENCE, HOLDER, ISSUER, NONCE

pytestmark = pytest.mark.laws

CARD = {suite: secured(a_card(id="urn:uuid:1", validUntil="2030-01-01T00:00:00Z"), suite, created=AT) for suite in BOTH}
CHAIN = {suite: secured(secured(a_card(), suite, id="urn:uuid:1"), suite, HOLDER, previous=["urn:uuid:1"]) for suite in BOTH}
SHOWN = {suite: presented(CARD[JCS], CARD[RDFC], suite=suite) for suite in BOTH}
WHOLE: list[tuple[Document, Expectations]] = [
    *((document, expecting()) for document in (*CARD.values(), *CHAIN.values())),
    *((document, asking()) for document in SHOWN.values()),
]
Place = tuple[str | int, ...]
PROOF_MEMBERS = ("id", "type", "cryptosuite", "created", "expires", "domain", "challenge", "nonce", "previousProof", "@context", "x")
PROOF = st.fixed_dictionaries(
    {},
    optional=dict.fromkeys(PROOF_MEMBERS, ODD | VALUES),
)
MEMBERS = st.dictionaries(
    st.sampled_from(
        [
            *a_card(),
            "id",
            "name",
            "validFrom",
            "credentialStatus",
            "credentialSchema",
            "evidence",
            "cnf",
            "aud",
            "sub",
            "status",
            "@id",
            "x:y",
        ]
    ),
    ODD | VALUES,
    max_size=3,
)


def places(value: Any, at: Place = ()) -> Iterator[Place]:
    """Give every place in a tree."""
    yield at
    for step, item in value.items() if isinstance(value, dict) else enumerate(value) if isinstance(value, list) else ():
        yield from places(item, (*at, step))


def value_at(value: Any, place: Place) -> Any:
    for step in place:
        value = value[step]
    return value


def replaced(value: Any, place: Place, other: Any) -> Any:
    """Copy a tree with another value at a place."""
    if not place:
        return other
    step, *rest = place
    if isinstance(value, dict):
        return {name: replaced(item, tuple(rest), other) if name == step else item for name, item in value.items()}
    return [replaced(item, tuple(rest), other) if index == step else item for index, item in enumerate(value)]


@pytest.mark.parametrize(("document", "expectations"), WHOLE)
def test_what_is_whole_verifies(document: Document, expectations: Expectations) -> None:
    assert agree(serialize(document), expectations)


@examples(300)
@given(st.data(), st.sampled_from(WHOLE), ODD | VALUES)
def test_whatever_stands_in_a_place_gives_a_report(data: st.DataObject, whole: tuple[Document, Expectations], other: Any) -> None:
    document, expectations = whole
    place = data.draw(st.sampled_from([*places(document)]))
    agree(serialize(replaced(document, place, other)), expectations)


@examples(200)
@given(MEMBERS, PROOF)
def test_whatever_is_signed_gives_a_report(members: Document, proof: Document) -> None:
    """By the issuer, under JCS, which signs anything: so that every stage is reached."""
    document = {**a_card(), **members}
    try:
        whole = {**document, "proof": by_hand(document, JCS, **proof)}
    except SaysoError:  # an integer that JCS has no letters for
        return
    agree(serialize(whole), expecting())
    agree(
        serialize(whole), expecting(appended_contexts="drop", undefined_terms="ignore", status="waive", schema="ignore", all_proofs=False)
    )
    presentation = {**a_presentation(whole), **{name: value for name, value in members.items() if name != "type"}}
    said: Document = {"proofPurpose": "authentication", "domain": AUDIENCE, "challenge": NONCE, **proof}
    agree(serialize({**presentation, "proof": by_hand(presentation, JCS, HOLDER, **said)}), asking())


@examples(100)
@given(MEMBERS)
def test_whatever_rdf_signs_gives_a_report(members: Document) -> None:
    """What can be signed at all reads as it was signed, or is refused."""
    document = {**a_card(), **members}
    try:
        whole = secured(document, RDFC)
    except SaysoError:
        return
    agree(serialize(whole), expecting())


JWT = st.dictionaries(
    st.sampled_from(["iss", "sub", "aud", "jti", "nbf", "exp", "iat", "nonce", "cnf", "status", "vc", "vp", "_sd", "x"]),
    ODD | VALUES,
    max_size=3,
)
HEADER = st.fixed_dictionaries(
    {},
    optional={"typ": st.sampled_from(["vc+jwt", "vp+jwt", "JWT", "vc+sd-jwt", None]), "cty": st.sampled_from(["vc", "vp"]), "kid": ODD},
)


@examples(200)
@given(JWT, MEMBERS, HEADER)
def test_whatever_a_jwt_says_gives_a_report(said: Document, members: Document, header: Document) -> None:
    """As a payload itself, and in the claims of VCDM 1.1."""
    old = {**a_card(), "@context": [V1], "issuanceDate": "2026-01-01T00:00:00Z", **members}
    inside = signed({"vc": old, **said}, header)
    for payload, signer in (
        ({**a_card(), **members, **said}, ISSUER),
        ({"vc": old, **said}, ISSUER),
        ({"vp": {**a_presentation(inside), "@context": [V1], **members}, **said}, HOLDER),
        ({**a_presentation(), **members, **said}, HOLDER),
    ):
        text = signed(payload, header, signer)
        agree(text, expecting(vc_claim="any", text_dates=True))
        agree(text, asking(vc_claim="1.1"))


@examples(200)
@given(
    st.binary()
    | st.text()
    | st.recursive(ODD, lambda inner: st.dictionaries(st.sampled_from(["@context", "proof", "type", "x"]), inner)).map(serialize)
)
def test_anything_gives_a_report(text: bytes | str) -> None:
    assert not agree(text, expecting())


# --- edits ------------------------------------------------------------------------------------------------------------------------------


@examples(300)
@given(st.data(), st.sampled_from(WHOLE), ODD | st.text(CHARACTERS, max_size=4) | st.integers(0, 3))
def test_no_edit_passes(data: st.DataObject, whole: tuple[Document, Expectations], other: Any) -> None:
    """A value replaced, a member removed, renamed or added: in the document, in what is inside, and in each proof."""
    document, expectations = whole
    place = data.draw(st.sampled_from([place for place in places(document) if place]))
    there = value_at(document, place)
    around = value_at(document, place[:-1])
    how = data.draw(st.sampled_from(["replace", "remove", "rename", "add"]))
    if how == "replace" or not isinstance(around, dict):
        # For RDF, one value and an array of it are the same, and so are `true` and 1 to Python alone.
        assume(serialize(other) != serialize(there) and not (isinstance(there, list) and there == [other]) and [there] != other)
        edited = replaced(document, place, other)
    elif how == "add":
        name = data.draw(NAMES)
        assume(name not in around)
        edited = replaced(document, place[:-1], {**around, name: other})
    else:
        name = data.draw(NAMES)
        assume(name not in around)
        kept = [(name if one == place[-1] else one, item) for one, item in around.items() if how == "rename" or one != place[-1]]
        edited = replaced(document, place[:-1], dict(kept))
    assert not agree(serialize(edited), expectations)


@pytest.mark.parametrize("suite", BOTH)
def test_no_letter_of_a_signature_is_free(suite: str) -> None:
    text = proof_of(CARD[suite])["proofValue"]
    for place, letter in enumerate(text):
        for other in {"1", "z", "A", "l", "0", " ", "é"} - {letter}:
            for edited in (text[:place] + other + text[place + 1 :], text[:place] + other + text[place:], text[:place] + text[place + 1 :]):
                if edited != text:
                    assert not examine(
                        serialize({**CARD[suite], "proof": {**proof_of(CARD[suite]), "proofValue": edited}}), expecting(), at=AT
                    ).ok


# --- journeys ---------------------------------------------------------------------------------------------------------------------------


# Terms that the undefined-terms context defines, and values that every format has letters for.
WORDS = st.text("abcdefgh", min_size=1, max_size=6)
LEAVES = (
    st.booleans()
    | st.integers(-(2**53) + 1, 2**53 - 1)
    | st.floats(allow_nan=False, allow_infinity=False)
    | st.text(CHARACTERS, max_size=8)
)
CLAIMS = st.dictionaries(
    WORDS,
    st.recursive(
        LEAVES, lambda inner: st.lists(inner, min_size=1, max_size=3) | st.dictionaries(WORDS, inner, min_size=1, max_size=3), max_leaves=8
    ),
    min_size=1,
    max_size=5,
)
FORMATS = st.sampled_from([*BOTH, "vc+jwt"])


@examples(200)
@given(CLAIMS, FORMATS)
def test_what_is_issued_verifies_and_is_what_was_said(made: Document, format_: str) -> None:
    there = town(None)
    card = there.issue(made, format=format_)
    report = examine(card, Expectations(issuers=[there.city.did], holder_binding=False), at=START)
    assert report.problems == ()
    verified = report.require()
    assert serialize(verified.claims["credentialSubject"]) == serialize({"id": there.holder, **made})
    assert verified.issuer == there.city.did


@examples(200)
@given(claims(), FORMATS)
def test_what_is_issued_of_any_claims_verifies(made: Document, format_: str) -> None:
    """Or it is not issued: what has no IRI, what RDF has no statement for, and what JCS has no letters for."""
    there = town(None)
    try:
        card = there.issue(made, format=format_)
    except SaysoError:
        return
    report = examine(card, Expectations(issuers=[there.city.did], holder_binding=False), at=START)
    assert report.require().claims["credentialSubject"] == {"id": there.holder, **made}


@examples(150)
@given(CLAIMS, FORMATS, st.sampled_from([*BOTH, "vp+jwt"]), st.booleans())
def test_what_is_presented_verifies_and_is_what_was_said(made: Document, format_: str, way: str, twice: bool) -> None:
    there = town(None)
    stored = there.ada.store(there.issue(made, format=format_))
    shown = there.ada.presentation(*[stored] * (1 + twice), format=way, audience="https://bar.example", nonce="n")
    expected: Document = {"issuers": [there.city.did], "audience": "https://bar.example", "nonce": "n"}
    report = examine(shown, Expectations(**expected), at=START)
    assert report.problems == ()
    found = report.require().credentials["verifiableCredential"]
    said = serialize({"id": there.holder, **made})
    assert [serialize(one.claims["credentialSubject"]) for one in found] == [said] * (1 + twice)
    changes: list[Document] = [{"audience": "https://other.example"}, {"nonce": "other"}, {"issuers": [there.holder]}]
    for change in changes:
        assert not examine(shown, Expectations(**{**expected, **change}), at=START).ok


def test_the_holder_of_these_documents_is_their_subject() -> None:
    """Or the laws above would be about nothing."""
    assert value_at(CARD[JCS], ("credentialSubject", "id")) == HOLDER_DID
