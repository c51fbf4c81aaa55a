"""What travels: bytes and what they are said to be, and no claim in sight."""

from typing import Any

import pytest

from sayso.credentials.media_types import DC_SD_JWT, JSON, REQUEST_OBJECT, VC_SD_JWT
from sayso.credentials.wire import Answer, Credential, Request, Wire, bytes_of
from sayso.errors import PARSING_ERROR
from tests.unit.proofs.refusals import refused


def test_the_media_types() -> None:
    assert (VC_SD_JWT, DC_SD_JWT, REQUEST_OBJECT, JSON) == (
        "application/vc+sd-jwt",
        "application/dc+sd-jwt",
        "application/oauth-authz-req+jwt",
        "application/json",
    )


def test_a_request_and_an_answer_have_one_form() -> None:
    assert Request(b"x").media_type == REQUEST_OBJECT
    assert Answer(b"x").media_type == JSON
    assert Credential(b"x", VC_SD_JWT).media_type == VC_SD_JWT


def test_what_travels_is_not_shown_and_not_changed() -> None:
    for value in (Credential(b"Ada", VC_SD_JWT), Request(b"Ada"), Answer(b"Ada"), Wire(b"Ada", JSON)):
        assert "Ada" not in repr(value) + str(value)
        with pytest.raises(AttributeError):
            value.data = b"Bob"  # type: ignore[misc]
        assert value.text == "Ada"


def test_values_of_one_kind_are_equal_by_what_they_hold() -> None:
    assert Request(b"x") == Request(b"x") != Request(b"y")
    assert {Answer(b"x"), Answer(b"x")} == {Answer(b"x")}
    values: list[Wire] = [Credential(b"x", JSON), Answer(b"x")]
    assert values[0] != values[1]


def test_bytes_that_are_no_text() -> None:
    with refused(PARSING_ERROR, says="UTF-8"):
        _ = Answer(b"\xff").text


@pytest.mark.parametrize("value", [b"x\xff", "xÿ", Wire(b"x\xff", JSON), Answer(b"")], ids=["bytes", "text", "wire", "answer"])
def test_the_bytes_of_what_came_to_a_door(value: object) -> None:
    expected = value.data if isinstance(value, Wire) else value.encode() if isinstance(value, str) else value
    assert bytes_of(value) == expected


def test_text_without_a_utf_8_form() -> None:
    with refused(PARSING_ERROR):
        bytes_of("\ud800")


@pytest.mark.parametrize(
    "value", [None, 1, {"a": 1}, ["x"], bytearray(b"x"), memoryview(b"x"), object()], ids=lambda value: type(value).__name__
)
def test_anything_else_is_a_wrong_call(value: Any) -> None:
    with pytest.raises(TypeError, match=f"not {type(value).__name__}"):
        bytes_of(value)


@pytest.mark.parametrize("data", ["text", None, bytearray(b"x"), {"a": 1}], ids=lambda data: type(data).__name__)
def test_what_travels_is_bytes(data: Any) -> None:
    for make in (Request, Answer):
        with pytest.raises(TypeError, match=f"{make.__name__} holds bytes"):
            make(data)
    with pytest.raises(TypeError, match="holds bytes"):
        Credential(data, VC_SD_JWT)
