"""Error responses say one code, and no more than that."""

import pytest

from sayso.errors import (
    CRYPTOGRAPHIC_SECURITY_ERROR,
    INVALID_TRANSACTION_DATA,
    MALFORMED_VALUE_ERROR,
    NOT_ANSWERABLE,
    TERMS,
    UNDECIDABLE,
    UNSIGNED_REQUEST,
    ProblemType,
    SaysoError,
)
from sayso.openid import error_response
from tests.unit.openid.test_request_object import PAGE, REQUEST


@pytest.mark.parametrize(
    ("kind", "steps", "stage", "code"),
    [
        (MALFORMED_VALUE_ERROR, ("nonce",), "", "invalid_request"),
        (TERMS, (), "", "invalid_request"),
        (MALFORMED_VALUE_ERROR, ("client_id",), "", "invalid_client"),
        (UNDECIDABLE, ("client_id",), "", "invalid_client"),
        (MALFORMED_VALUE_ERROR, ("client_metadata",), "", "invalid_request"),
        (CRYPTOGRAPHIC_SECURITY_ERROR, (), "prove", "invalid_client"),
        (UNDECIDABLE, (), "resolve", "invalid_client"),
        (CRYPTOGRAPHIC_SECURITY_ERROR, ("alg",), "decode", "invalid_request"),
        (UNSIGNED_REQUEST, (), "", "invalid_client"),
        (UNDECIDABLE, ("client_metadata", "vp_formats_supported"), "", "vp_formats_not_supported"),
        (MALFORMED_VALUE_ERROR, ("request_uri_method",), "", "invalid_request_uri_method"),
        (MALFORMED_VALUE_ERROR, ("request_uri",), "", "invalid_request"),
        (UNDECIDABLE, ("transaction_data", 0, "type"), "", "invalid_transaction_data"),
        (INVALID_TRANSACTION_DATA, (), "", "invalid_transaction_data"),
        (NOT_ANSWERABLE, (), "", "access_denied"),
    ],
)
def test_the_code_of_an_error(kind: ProblemType, steps: tuple[str | int, ...], stage: str, code: str) -> None:
    """VP-13."""
    error = SaysoError.of(kind, "a rule", *steps).under(stage=stage)
    assert error_response.code_of(error) == code
    assert code in error_response.CODES


def test_an_error_travels_as_the_answer_would_and_is_never_encrypted() -> None:
    assert error_response.answer(REQUEST).data == b"error=access_denied"
    assert error_response.answer(REQUEST._replace(state="a")).data == b"error=access_denied&state=a"
    by_hand = REQUEST._replace(response_uri=None)
    assert error_response.answer(by_hand, "invalid_request").data == b'{"error":"invalid_request"}'
    assert error_response.answer(by_hand._replace(origin=PAGE, state="a")).data == b'{"error":"access_denied","state":"a"}'


def test_a_code_that_is_none() -> None:
    with pytest.raises(ValueError, match="a code is one of"):
        error_response.answer(REQUEST, "no")
