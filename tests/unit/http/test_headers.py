"""The head of an answer is judged before its body is read."""

import pytest

from sayso.errors import (
    CODING_REFUSED,
    LIMIT_EXCEEDED,
    MEDIA_TYPE_REFUSED,
    NOT_FOUND,
    REDIRECT_REFUSED,
    RETRIEVAL_FAILED,
    ProblemType,
    SaysoError,
)
from sayso.http.headers import Head, Headers, fits, head_of

GOOD: Headers = (("Content-Type", "application/json"), ("Content-Length", "10"))


def judged(
    *more: tuple[str, str], status: int = 200, headers: Headers = GOOD, accept: str = "application/json", conditional: bool = False
) -> Head:
    return head_of(status, (*headers, *more), accept=accept, max_bytes=10, conditional=conditional)


def test_a_good_one() -> None:
    found = judged(("X-Other", "x"))
    assert found == Head((*GOOD, ("X-Other", "x")), "application/json")
    assert found.has_body


def test_what_has_no_body() -> None:
    leads = judged(("LOCATION", "/x"), status=308)
    assert (leads.location, leads.has_body) == ("/x", False)
    holds = judged(status=304, headers=(), conditional=True)
    assert (holds.not_modified, holds.has_body) == (True, False)


@pytest.mark.parametrize(
    ("status", "more", "kind"),
    [
        (302, (), REDIRECT_REFUSED),
        (301, (("Location", "/a"), ("Location", "/b")), REDIRECT_REFUSED),
        (304, (), RETRIEVAL_FAILED),  # nobody asked
        (404, (), NOT_FOUND),
        (410, (), NOT_FOUND),
        (203, (), RETRIEVAL_FAILED),
        (206, (), RETRIEVAL_FAILED),
        (300, (("Location", "/a"),), RETRIEVAL_FAILED),
        (401, (), RETRIEVAL_FAILED),
        (503, (), RETRIEVAL_FAILED),
        (200, (("Content-Encoding", "gzip"),), CODING_REFUSED),
        (200, (("Content-Encoding", ""),), CODING_REFUSED),
        (200, (("Content-Encoding", "identity"), ("content-encoding", "br")), CODING_REFUSED),
        (200, (("Content-Length", "11"),), LIMIT_EXCEEDED),
        (200, (("Content-Length", "9" * 5000),), LIMIT_EXCEEDED),
        (200, (("Content-Length", "-1"),), LIMIT_EXCEEDED),
        (200, (("Content-Type", "application/json"),), MEDIA_TYPE_REFUSED),  # twice
    ],
)
def test_what_is_refused(status: int, more: Headers, kind: ProblemType) -> None:
    with pytest.raises(SaysoError) as refused:
        judged(*more, status=status)
    assert refused.value.problems[0].kind is kind


def test_identity_is_no_coding() -> None:
    assert judged(("Content-Encoding", "Identity ")).has_body


def test_it_says_where_it_ends() -> None:
    with pytest.raises(SaysoError) as refused:
        judged(headers=GOOD[:1])
    assert refused.value.problems[0].kind is RETRIEVAL_FAILED
    assert judged(("Transfer-Encoding", "chunked"), headers=GOOD[:1]).has_body


@pytest.mark.parametrize(
    "written", ["", "json", "application/", "/json", "application/json, text/html", "text/html", "application /json", "*/*"]
)
def test_another_type_or_none(written: str) -> None:
    for headers in ((("Content-Type", written), GOOD[1]), GOOD[1:]):
        with pytest.raises(SaysoError) as refused:
            judged(headers=headers)
        assert refused.value.problems[0].kind is MEDIA_TYPE_REFUSED


@pytest.mark.parametrize(
    ("media_type", "accept", "does"),
    [
        ("application/did", "application/did, application/did+json, application/json", True),
        ("application/json", "application/did, application/did+json, application/json", True),
        ("application/json", "application/did;q=1 , Application/JSON ;q=0.5", True),
        ("application/json", "application/*", True),
        ("application/json", "*/*", True),
        ("application/json", "text/*", False),
        ("application/json-seq", "application/json", False),
        ("application/json", "", False),
    ],
)
def test_fits(media_type: str, accept: str, does: bool) -> None:
    assert fits(media_type, accept) is does
