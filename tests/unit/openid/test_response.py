"""Response objects carry presentations in arrays, and an error response is no answer."""

import pytest

from sayso.credentials.media_types import FORM, JSON
from sayso.credentials.wire import Answer
from sayso.errors import (
    CRYPTOGRAPHIC_SECURITY_ERROR,
    INVALID_CHALLENGE_ERROR,
    LIMIT_EXCEEDED,
    MALFORMED_VALUE_ERROR,
    NOT_ANSWERABLE,
    PARSING_ERROR,
    ProblemType,
    SaysoError,
)
from sayso.jsonvalue import Limits
from sayso.openid import error_response, form, response
from sayso.openid.encryption_key import EncryptionKey
from sayso.openid.request_object import RequestObject
from sayso.testing.world import CountingEntropy
from tests.unit.openid import test_request_object as request


def test_presentations_always_stand_in_arrays() -> None:
    """VP-6."""
    assert response.serialize({"card": ["é~"], "pass": ["a", "b"]}) == '{"vp_token":{"card":["é~"],"pass":["a","b"]}}'.encode()
    assert response.serialize({}) == b'{"vp_token":{}}'


def test_what_was_written_is_read() -> None:
    assert response.parse(response.serialize({"card": ("a", "b")})) == {"card": ["a", "b"]}


def test_other_members_are_ignored() -> None:
    assert response.parse(b'{"vp_token": 5, "state": "x"}') == 5


@pytest.mark.parametrize(
    ("data", "kind", "pointer"),
    [
        (b'{"error":"access_denied"}', NOT_ANSWERABLE, "/error"),
        (b'{"error":null,"vp_token":{}}', NOT_ANSWERABLE, "/error"),
        (b"{}", MALFORMED_VALUE_ERROR, "/vp_token"),
        (b"[]", PARSING_ERROR, ""),
        (b"", PARSING_ERROR, ""),
        (b'{"vp_token":{},"vp_token":{}}', PARSING_ERROR, ""),
        (b"\xff", PARSING_ERROR, ""),
        (b" " * 101, LIMIT_EXCEEDED, ""),
    ],
)
def test_what_is_no_response(data: bytes, kind: ProblemType, pointer: str) -> None:
    """VP-13."""
    with pytest.raises(SaysoError) as refused:
        response.parse(data, Limits(size_bytes=100))
    (problem,) = refused.value.problems
    assert (problem.kind, problem.pointer) == (kind, pointer)


REQUEST = request.REQUEST._replace(response_uri=None)
POSTED = request.REQUEST
STATED = POSTED._replace(state="table-7")
KEY = request.KEY


def test_the_answer_travels_as_the_request_says() -> None:
    """Sections 8.2 and 8.3, and appendix A.4."""
    shown, lists = {"card": ["a~"]}, {"https://city.example/list": b"token"}

    def made(asked: RequestObject) -> Answer:
        return response.answer(asked, shown, lists, CountingEntropy())

    listed = f'"{response.STATUS_LISTS}":{{"https://city.example/list":"token"}}'
    assert made(REQUEST) == Answer(f'{{"vp_token":{{"card":["a~"]}},{listed}}}'.encode(), JSON)
    assert made(REQUEST._replace(state="s")).data.endswith(b',"state":"s"}')
    assert made(REQUEST._replace(origin=request.PAGE)) == made(REQUEST)
    fields = form.parse(made(STATED).data, 1000)
    assert fields == {"vp_token": '{"card":["a~"]}', response.STATUS_LISTS: '{"https://city.example/list":"token"}', "state": "table-7"}
    assert "state" not in form.parse(made(POSTED).data, 1000)
    assert {made(asked).media_type for asked in (POSTED, STATED, STATED._replace(encryption=KEY.recipient))} == {FORM}
    for asked in (
        POSTED,
        STATED,
        STATED._replace(encryption=KEY.recipient),
        REQUEST._replace(origin=request.PAGE, encryption=KEY.recipient),
    ):
        members = response.read(made(asked).data, asked, KEY)
        assert response.token_of(members) == shown
        assert response.status_lists(members) == lists


def test_the_same_chance_makes_the_same_answer_and_other_chance_another() -> None:
    asked = POSTED._replace(encryption=KEY.recipient)
    once, again, other = (response.answer(asked, {"card": ["a~"]}, {}, CountingEntropy(seed)).data for seed in (b"", b"", b"2"))
    assert once == again != other


def read(data: bytes, asked: RequestObject, key: EncryptionKey | None = None) -> tuple[ProblemType, str]:
    with pytest.raises(SaysoError) as refused:
        response.read(data, asked, key)
    (problem,) = refused.value.problems
    return problem.kind, problem.pointer


def test_what_is_no_answer_to_the_request() -> None:
    sealed = response.answer(POSTED._replace(encryption=KEY.recipient), {"card": ["a~"]}, {}, CountingEntropy()).data
    encrypted = POSTED._replace(encryption=KEY.recipient)
    assert read(sealed, encrypted) == (CRYPTOGRAPHIC_SECURITY_ERROR, "/response")
    assert read(b"vp_token=%7B%7D", encrypted, KEY) == (CRYPTOGRAPHIC_SECURITY_ERROR, "/response")
    assert read(b"vp_token=%7B%7D", STATED) == (INVALID_CHALLENGE_ERROR, "/state")
    assert read(b"vp_token=%7B%7D&state=table-8", STATED) == (INVALID_CHALLENGE_ERROR, "/state")
    assert read(b"vp_token=%7B", POSTED) == (PARSING_ERROR, "/vp_token")
    assert read(b"error=access_denied", POSTED) == (NOT_ANSWERABLE, "/error")
    assert read(b"state=1", STATED) == (INVALID_CHALLENGE_ERROR, "/state")
    with pytest.raises(SaysoError) as refused:
        response.token_of(response.read(sealed, POSTED, KEY))  # nothing was to be encrypted, and so nothing is opened
    assert refused.value.problems[0].pointer == "/vp_token"


@pytest.mark.parametrize("code", error_response.CODES)
def test_an_error_is_told_by_its_code(code: str) -> None:
    """VP-13."""
    with pytest.raises(SaysoError, match=code):
        response.read(f"error={code}".encode(), POSTED, None)
    with pytest.raises(SaysoError, match="an error that is not known"):
        response.read(b"error=%3Cb%3E", POSTED, None)
