"""VCDM 2.0, section 4.13: what the credentials of a presentation are, and what an envelope carries."""

from typing import Any

import pytest

from sayso.credentials import envelopes, presentation
from sayso.credentials.contexts.bundled import CREDENTIALS_V2
from sayso.credentials.envelopes import Envelope
from sayso.credentials.kinds import reading_of
from sayso.credentials.presentation import MAX_CREDENTIALS, Embedded, embedded
from sayso.errors import LIMIT_EXCEEDED, MALFORMED_VALUE_ERROR, PARSING_ERROR, ProblemType, SaysoError
from sayso.identifiers import MediaType
from sayso.jsonvalue import Json, JsonObject, Limits
from tests.spec.vcdm2.documents import HOLDER, a_card, a_presentation, refused

SECURED = a_card(proof={"type": "DataIntegrityProof"})


def an_envelope(url: str, **members: Any) -> JsonObject:
    return {"@context": CREDENTIALS_V2, "type": "EnvelopedVerifiableCredential", "id": url, **members}


def test_dm_20_to_dm_22_each_kind_with_its_place() -> None:
    """DM-20, DM-21, DM-22."""
    own, envelope = a_card(issuer=HOLDER), an_envelope("data:application/vc+jwt,a.b.c")
    assert embedded(a_presentation(SECURED, envelope, own)) == [
        Embedded(("verifiableCredential", 0), "embedded", SECURED),
        Embedded(("verifiableCredential", 1), "enveloped", envelope, Envelope(MediaType("application/vc+jwt"), b"a.b.c")),
        Embedded(("verifiableCredential", 2), "self-asserted", own),
    ]
    assert embedded(a_presentation(verifiableCredential=SECURED)) == [Embedded(("verifiableCredential",), "embedded", SECURED)]
    assert embedded(a_presentation()) == []


def test_dm_22_a_proof_that_is_null_is_no_assertion_of_the_holder() -> None:
    """DM-20: what is to be secured by its own proof stays so, and fails there."""
    assert embedded(a_presentation(a_card(proof=None)))[0].kind == "embedded"


@pytest.mark.parametrize(
    ("url", "media_type", "data"),
    [
        ("data:application/vc+jwt,a.b.c", "application/vc+jwt", b"a.b.c"),
        ("data:application/vc+sd-jwt,a.b.c~d~", "application/vc+sd-jwt", b"a.b.c~d~"),
        ("data:application/vc+cose;base64,QUI=", "application/vc+cose", b"AB"),
        ("data:application/vc+cose;base64,QUI%3D", "application/vc+cose", b"AB"),
        ("data:application/vc+cose;base64,+/+/", "application/vc+cose", b"\xfb\xff\xbf"),
        ("data:Application/VC+JWT;charset=utf-8,%41+b", "application/vc+jwt", b"A+b"),
        ("data:application/vc-ld+jwt;base64url,a.b.c", "application/vc-ld+jwt", b"a.b.c"),
        ("data:application/vc+jwt;base64=a,QUI=", "application/vc+jwt", b"QUI="),
        ("data:application/vc;a=b;base64,QUJD", "application/vc", b"ABC"),
        ("data:application/vc,a,b;base64,c", "application/vc", b"a,b;base64,c"),
    ],
)
def test_dm_21_what_it_carries(url: str, media_type: str, data: bytes) -> None:
    """DM-21; RFC 2397, section 3."""
    assert envelopes.unfold(an_envelope(url)) == (media_type, data)
    assert envelopes.problems(an_envelope(url)) == ()


@pytest.mark.parametrize(
    "url",
    [
        *("", "data:", "data:,abc", "data:application/vc+jwt,", "data:application/vc+jwt", "data:vc+jwt,abc", "DATA:application/vc,abc"),
        *("data:application/vc+jwt;base64;a=b,QUJD", "data:application/vc+jwt;BASE64,QUJD", "data:application/vc+jwt;,abc"),
        *("data:application/vc+jwt,a b", "data:application/vc+jwt,a#b", "data:application/vc+jwt,%4", "data:application/vc+jwt,\u00e9"),
        *("data:application/vc+jwt;base64;base64,QUJD", 'data:application/vc;a="b",c', " data:application/vc,a", "data:application/vc,a\n"),
    ],
)
def test_dm_21_what_is_no_envelope(url: str) -> None:
    """DM-21; RFC 2397, section 3."""
    assert [problem.pointer for problem in envelopes.problems(an_envelope(url))] == ["/id"]
    with refused(MALFORMED_VALUE_ERROR, "/id"):
        envelopes.unfold(an_envelope(url))


@pytest.mark.parametrize("text", ["QUI", "QUJ=", "QUI=QUI=", "QU-_", "Q%20UI=", "QUI=%0A", "===="])
def test_dm_21_base64_has_one_spelling(text: str) -> None:
    """RFC 4648, sections 3.2, 3.3 and 3.5."""
    with refused(PARSING_ERROR, "/id"):
        envelopes.unfold(an_envelope(f"data:application/vc+cose;base64,{text}"))


def test_dm_21_without_a_context_nothing_is_taken_out() -> None:
    """DM-21."""
    with refused(MALFORMED_VALUE_ERROR, "/@context"):
        envelopes.unfold({"id": "data:application/vc,a"})
    with pytest.raises(SaysoError) as caught:
        envelopes.unfold({"id": 5})
    assert [problem.pointer for problem in caught.value.problems] == ["/@context", "/id"]


def test_dm_21_of_presentations_too() -> None:
    """DM-21: `EnvelopedVerifiablePresentation`; it is no credential of a presentation."""
    envelope = an_envelope("data:application/vp+jwt,a.b.c", type=["EnvelopedVerifiablePresentation"])
    assert envelopes.is_envelope(envelope, envelopes.PRESENTATION)
    assert not envelopes.is_envelope(envelope, envelopes.CREDENTIAL)
    assert envelopes.unfold(envelope) == ("application/vp+jwt", b"a.b.c")
    (problem,) = presentation.conformance_problems(a_presentation(envelope), reading_of())
    assert problem.pointer == "/verifiableCredential/0"  # nothing secures it as a credential


def test_an_envelope_is_bounded() -> None:
    """A URL of exactly the limit is read."""
    url = "data:application/vc,abc"
    assert envelopes.unfold(an_envelope(url), Limits(size_bytes=len(url))).data == b"abc"
    with refused(LIMIT_EXCEEDED, "/id"):
        envelopes.unfold(an_envelope(url), Limits(size_bytes=len(url) - 1))
    with refused(LIMIT_EXCEEDED, "/verifiableCredential/0/id"):
        embedded(a_presentation(an_envelope(url)), Limits(size_bytes=len(url) - 1))


def test_the_number_of_credentials_is_bounded() -> None:
    """Each may cost a signature and a retrieval."""
    assert len(embedded(a_presentation(*[SECURED] * MAX_CREDENTIALS))) == MAX_CREDENTIALS
    with refused(LIMIT_EXCEEDED, "/verifiableCredential"):
        embedded(a_presentation(*[SECURED] * (MAX_CREDENTIALS + 1)))


@pytest.mark.parametrize(
    ("credentials", "kind", "place"),
    [
        (None, MALFORMED_VALUE_ERROR, ""),
        ([SECURED, 5], MALFORMED_VALUE_ERROR, "/1"),
        ([[SECURED]], MALFORMED_VALUE_ERROR, "/0"),
        (an_envelope("data:,a"), MALFORMED_VALUE_ERROR, "/id"),
        ([an_envelope("data:application/vc;base64,a")], PARSING_ERROR, "/0/id"),
    ],
)
def test_dm_20_what_is_no_credential_is_refused(credentials: Json, kind: ProblemType, place: str) -> None:
    """DM-20, DM-21."""
    with refused(kind, f"/verifiableCredential{place}"):
        embedded(a_presentation(verifiableCredential=credentials))
