"""Compose and read requests to sign in: nothing is asked for but a key by which the customer is known to one business.

A profile of this library: `scope` in the place of a query, and the purpose as an object in `verifier_info`. The answer is a presentation of
no credential.

Source: OpenID4VP 1.0, section 5.1 (the request), and sections 5.5 and 8.1 (what a scope stands for is for its profile to say).
"""

from typing import Final

from sayso.errors import TERMS, SaysoError
from sayso.jsonvalue import Json, JsonObject
from sayso.openid.request_object import RequestObject, VerifierInfo
from sayso.sharing import terms
from sayso.sharing.terms import SharingTerms
from sayso.sharing.texts import plain_text

FORMAT: Final = "https://w3id.org/sayso/sign-in/v1"
"""The format identifier in `verifier_info`."""
ENTRY: Final = "sign-in"
"""Where the presentation stands in the `vp_token`."""


def with_purpose(request: RequestObject, purpose: str) -> RequestObject:
    """Say in a request what signing in is for.

    Raises:
        TypeError, ValueError: the text is not fit to be shown.
    """
    said: JsonObject = {"purposeText": [{"content": plain_text("purpose", purpose)}]}
    return request._replace(info=(*request.info, VerifierInfo(FORMAT, said, None)))


def terms_of(request: RequestObject) -> SharingTerms:
    """Read what a request to sign in is for: terms without a row, for nothing is asked for.

    Raises:
        SaysoError: TERMS where it does not say, says it twice, or says something else too.
    """
    entries = [(index, entry) for index, entry in enumerate(request.info) if entry.format in (FORMAT, terms.FORMAT)]
    if len(entries) != 1 or entries[0][1].format != FORMAT or entries[0][1].credential_ids is not None:
        raise SaysoError.of(TERMS, "a request to sign in says once what it is for, and asks for nothing", "verifier_info")
    ((index, entry),) = entries
    try:
        return SharingTerms(_purpose(entry.data), ())
    except SaysoError as error:
        raise error.under("verifier_info", index, "data", "purposeText") from None


def _purpose(data: Json) -> str:
    texts = data.get("purposeText") if isinstance(data, dict) else None
    first = texts[0] if isinstance(texts, list) and texts else None
    if not isinstance(first, dict):
        raise SaysoError.of(TERMS, "purposeText is an array of texts")
    try:
        return plain_text("content", first.get("content"))
    except (TypeError, ValueError) as error:
        raise SaysoError.of(TERMS, str(error), 0, "content") from None
