"""Post answers to where a business wants them.

Source: OpenID4VP 1.0, section 8.2.
"""

from typing import Final

from sayso.credentials.media_types import FORM, JSON
from sayso.credentials.wire import Answer
from sayso.identifiers import is_url
from sayso.jsonvalue import parse_object
from sayso.openid.client_id import is_response_uri
from sayso.retrieval import AsyncFetch, Fetch, Retrieve, Retrieved

MAX_REPLY_BYTES: Final = 16 * 1024
"""The longest reply to an answer that is read."""


def post(answer: Answer, to: str, *, fetch: Fetch) -> str | None:
    """Post an answer to the response URI of its request, and give where the customer goes next, None if nowhere.

    Args:
        answer: what `present` or `decline` gave; it is sent as it is, once, and never to another host.
        to: the `response_uri` of the request.
        fetch: sends it, such as `Fetcher()`.

    Raises:
        ValueError: it is no answer that is posted, or no URL that answers are posted to.
        SaysoError: as `Fetcher`, and PARSING_ERROR for a reply that is no JSON object.

    Source: OpenID4VP 1.0, section 8.2 (redirect_uri is where the wallet sends the customer).
    """
    return _next(fetch(_posted(answer, to)))


async def post_async(answer: Answer, to: str, *, fetch: AsyncFetch) -> str | None:
    """Post as `post` does, with a fetcher that is awaited."""
    return _next(await fetch(_posted(answer, to)))


def _posted(answer: Answer, to: str) -> Retrieve:
    if answer.media_type != FORM:
        msg = "an answer is posted as a form, and this one travels in another way"
        raise ValueError(msg)
    if not is_response_uri(to):
        msg = "answers are posted to an https URL"
        raise ValueError(msg)
    return Retrieve(to, JSON, MAX_REPLY_BYTES, "the answer is posted", answer.data)


def _next(reply: Retrieved) -> str | None:
    uri = parse_object(reply.body).get("redirect_uri")
    # Whoever replies is the business that asked; still nothing but a page is opened, and of that no other host is shown than is meant.
    if not isinstance(uri, str) or not uri.startswith("https://") or not is_url(uri):
        return None
    return uri if is_response_uri(uri.partition("#")[0]) else None
