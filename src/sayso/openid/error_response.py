"""Write error responses, and say which error a refused request deserves.

Source: OpenID4VP 1.0, sections 8.5 and 15.4 (VP-13).
"""

from typing import Final

from sayso.credentials.media_types import FORM, JSON
from sayso.credentials.wire import Answer
from sayso.errors import INVALID_TRANSACTION_DATA, NOT_ANSWERABLE, UNSIGNED_REQUEST, SaysoError
from sayso.jsonvalue import JsonObject
from sayso.jsonvalue import serialize as serialize_json
from sayso.openid import form
from sayso.openid.request_object import RequestObject

ACCESS_DENIED: Final = "access_denied"
INVALID_REQUEST: Final = "invalid_request"
INVALID_CLIENT: Final = "invalid_client"
VP_FORMATS_NOT_SUPPORTED: Final = "vp_formats_not_supported"
INVALID_REQUEST_URI_METHOD: Final = "invalid_request_uri_method"
INVALID_TRANSACTION: Final = "invalid_transaction_data"
CODES: Final = (
    ACCESS_DENIED,
    INVALID_REQUEST,
    INVALID_CLIENT,
    VP_FORMATS_NOT_SUPPORTED,
    INVALID_REQUEST_URI_METHOD,
    INVALID_TRANSACTION,
    "wallet_unavailable",
    "invalid_scope",
)
"""The codes that a wallet can answer with."""

# Where in a request something is wrong, and what that is called; the first that fits.
_PLACES = (
    ("/transaction_data", INVALID_TRANSACTION),
    ("/request_uri_method", INVALID_REQUEST_URI_METHOD),
    ("/client_metadata/vp_formats_supported", VP_FORMATS_NOT_SUPPORTED),
    ("/client_id", INVALID_CLIENT),
)
# The stages at which a request turns out not to be that of the client which it names.
_STAGES = ("resolve", "prove")


def code_of(error: SaysoError) -> str:
    """Say what a wallet answers to a request that was refused with this error; the first of its problems decides.

    Source: OpenID4VP 1.0, section 8.5.
    """
    problem = error.problems[0]
    if problem.kind is INVALID_TRANSACTION_DATA:
        return INVALID_TRANSACTION
    if problem.kind is NOT_ANSWERABLE:
        return ACCESS_DENIED
    if problem.kind is UNSIGNED_REQUEST or problem.stage in _STAGES:
        return INVALID_CLIENT
    return next((code for place, code in _PLACES if (problem.pointer + "/").startswith(place + "/")), INVALID_REQUEST)


def answer(request: RequestObject, code: str = ACCESS_DENIED) -> Answer:
    """Answer a request with an error: the same bytes for the same request and code, and nothing that says why.

    It is never encrypted: then it would differ each time, and be no longer than it is.

    Source: OpenID4VP 1.0, sections 8.2 and 8.5, and appendix A.4.

    Raises:
        ValueError: there is no such code.
    """
    if code not in CODES:
        msg = f"a code is one of {', '.join(CODES)}"
        raise ValueError(msg)
    said = {"error": code} if request.state is None else {"error": code, "state": request.state}
    if request.response_uri is not None:
        return Answer(form.serialize(said).encode(), FORM)
    members: JsonObject = {**said}
    return Answer(serialize_json(members).encode(), JSON)
