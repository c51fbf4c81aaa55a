"""The one error says what was refused, where, and whether that is a verdict; it travels between processes whole."""

import copy
import pickle

import pytest

from sayso import errors
from sayso.errors import MALFORMED_VALUE_ERROR, NOT_FOUND, RANGE_ERROR, UNDECIDABLE, Problem, ProblemType, SaysoError, pointer

KINDS = [value for value in vars(errors).values() if isinstance(value, ProblemType)]


@pytest.mark.parametrize(
    ("steps", "written"),
    [
        ((), ""),
        (("",), "/"),
        (("credentialSubject", 0, "a/b"), "/credentialSubject/0/a~1b"),
        (("a~b",), "/a~0b"),
        (("~1",), "/~01"),
        (("/~",), "/~1~0"),
    ],
)
def test_a_pointer_escapes_tilde_before_slash(steps: tuple[str | int, ...], written: str) -> None:
    assert pointer(*steps) == written


def test_problem_types_have_urls_and_titles_of_their_own() -> None:
    assert len({kind.url for kind in KINDS}) == len({kind.title for kind in KINDS}) == len(KINDS)
    assert all(kind.url.startswith("https://") and kind.url.partition("#")[2] for kind in KINDS)


@pytest.mark.parametrize(
    ("name", "url"),
    [
        ("PARSING_ERROR", "https://www.w3.org/TR/vc-data-model#PARSING_ERROR"),
        ("PROOF_VERIFICATION_ERROR", "https://w3id.org/security#PROOF_VERIFICATION_ERROR"),
        ("INVALID_RELATIONSHIP_FOR_VERIFICATION_METHOD", "https://w3id.org/security#INVALID_RELATIONSHIP_FOR_VERIFICATION_METHOD"),
        ("METHOD_NOT_SUPPORTED", "https://www.w3.org/ns/did#METHOD_NOT_SUPPORTED"),
        ("STATUS_RETRIEVAL_ERROR", "https://www.w3.org/ns/credentials/status-list#STATUS_RETRIEVAL_ERROR"),
    ],
)
def test_published_problems_keep_their_url(name: str, url: str) -> None:
    assert getattr(errors, name).url == url


def test_every_problem_is_named_as_its_url_ends() -> None:
    for name, value in vars(errors).items():
        if isinstance(value, ProblemType):
            assert value.url.rpartition("#")[2] == name


def test_a_problem_reads_as_problem_details() -> None:
    problem = Problem(RANGE_ERROR, "it holds no longer", "/exp", "date")
    assert problem.to_json() == {
        "type": "https://www.w3.org/TR/vc-data-model#RANGE_ERROR",
        "title": RANGE_ERROR.title,
        "detail": "it holds no longer",
        "pointer": "/exp",
        "stage": "date",
    }
    assert str(problem) == f"{RANGE_ERROR.title} at /exp: it holds no longer"
    assert str(Problem(RANGE_ERROR, "it holds no longer")) == f"{RANGE_ERROR.title}: it holds no longer"


def test_a_problem_is_placed_below_a_path_and_keeps_its_stage() -> None:
    placed = Problem(RANGE_ERROR, "ended", "/exp").under("pid", 0, stage="date")
    assert (placed.pointer, placed.stage) == ("/pid/0/exp", "date")
    assert placed.under("more", stage="conform") == Problem(RANGE_ERROR, "ended", "/more/pid/0/exp", "date")


def test_an_error_has_a_problem_at_least() -> None:
    with pytest.raises(ValueError, match="at least one problem"):
        SaysoError()


def test_one_verdict_decides() -> None:
    verdict, question = Problem(MALFORMED_VALUE_ERROR, "a"), Problem(UNDECIDABLE, "b")
    assert SaysoError(verdict).decided
    assert SaysoError(question, verdict).decided
    assert not SaysoError(question, Problem(NOT_FOUND, "c")).decided
    assert (verdict.decided, question.decided) == (True, False)


def test_an_error_of_one_problem_and_its_text() -> None:
    error = SaysoError.of(MALFORMED_VALUE_ERROR, "not a URL", "id", 1)
    assert error.problems == (Problem(MALFORMED_VALUE_ERROR, "not a URL", "/id/1"),)
    two = SaysoError(*error.problems, Problem(UNDECIDABLE, "unknown"))
    assert str(two) == f"{MALFORMED_VALUE_ERROR.title} at /id/1: not a URL; {UNDECIDABLE.title}: unknown"
    assert [problem.pointer for problem in two.under("vp", stage="decode").problems] == ["/vp/id/1", "/vp"]
    assert {problem.stage for problem in two.under("vp", stage="decode").problems} == {"decode"}


def test_an_error_travels_between_processes() -> None:
    error = SaysoError(Problem(MALFORMED_VALUE_ERROR, "not a URL", "/id"), Problem(UNDECIDABLE, "unknown"))
    for again in (pickle.loads(pickle.dumps(error)), copy.copy(error)):  # noqa: S301 (our own bytes)
        assert type(again) is SaysoError
        assert again.problems == error.problems
