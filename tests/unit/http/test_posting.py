"""Answers are posted as they are, once, to where they belong."""

import asyncio
from typing import Any

import pytest

from sayso.credentials.media_types import FORM, JSON
from sayso.credentials.wire import Answer
from sayso.errors import PARSING_ERROR, REDIRECT_REFUSED, RETRIEVAL_FAILED, ProblemType, SaysoError
from sayso.http.addresses import LOOPBACK_FOR_DEVELOPMENT
from sayso.http.cache import MemoryCache
from sayso.http.fetcher import AsyncFetcher, Fetcher
from sayso.http.posting import post, post_async
from tests.server import Answer as Reply
from tests.server import Conversation, answer, authority, redirect, serving
from tests.unit.http.doors import Names, at

ANSWER = Answer(b"vp_token=%7B%7D&state=a", FORM)


def posted(to: str, *, awaited: bool = False) -> str | None:
    options: dict[str, Any] = {"allow": LOOPBACK_FOR_DEVELOPMENT, "tls": authority().client, "lookup": Names(), "cache": MemoryCache()}
    if awaited:
        return asyncio.run(post_async(ANSWER, to, fetch=AsyncFetcher(**options)))
    return post(ANSWER, to, fetch=Fetcher(**options))


@pytest.mark.enable_socket
@pytest.mark.parametrize("awaited", [False, True])
def test_an_answer_is_posted_each_time_anew(awaited: bool) -> None:
    bodies: list[bytes] = []

    def take(conversation: Conversation) -> None:
        bodies.append(conversation.body())
        answer(b'{"redirect_uri": "https://bar.example/thanks"}', cache_control="max-age=3600")(conversation)

    with serving(take) as server:
        for _ in range(2):
            assert posted(at(server, "/answers"), awaited=awaited) == "https://bar.example/thanks"
    assert bodies == [ANSWER.data] * 2
    lines = server.requests[0].partition("\r\n\r\n")[0].split("\r\n")
    assert lines[0] == "POST /answers HTTP/1.1"
    assert {"Content-Type: application/x-www-form-urlencoded", f"Content-Length: {len(ANSWER.data)}", "Accept: application/json"} < {*lines}


def after_reading(reply: Reply) -> Reply:
    """Reply once the answer has come."""

    def take(conversation: Conversation) -> None:
        conversation.body()
        reply(conversation)

    return take


@pytest.mark.enable_socket
@pytest.mark.parametrize("reply", [b"{}", b'{"redirect_uri": "javascript:alert(1)"}', b'{"redirect_uri": 5}'])
def test_a_reply_that_leads_nowhere(reply: bytes) -> None:
    with serving(after_reading(answer(reply))) as server:
        assert posted(at(server, "/")) is None


@pytest.mark.enable_socket
@pytest.mark.parametrize(
    ("reply", "kind"),
    [
        (redirect("/elsewhere", "307 Temporary Redirect"), REDIRECT_REFUSED),
        (answer(b"{}", "400 Bad Request"), RETRIEVAL_FAILED),
        (answer(b"thanks"), PARSING_ERROR),
    ],
    ids=["leads on", "refuses", "is no JSON"],
)
def test_an_answer_is_not_carried_on(reply: Reply, kind: ProblemType) -> None:
    with serving(after_reading(reply)) as server, pytest.raises(SaysoError) as refused:
        posted(at(server, "/"))
    assert refused.value.problems[0].kind is kind
    assert server.connections == 1


@pytest.mark.parametrize(("made", "to"), [(Answer(b"{}", JSON), "https://bar.example/"), (ANSWER, "ftp://bar.example/"), (ANSWER, "bar")])
def test_what_is_not_posted(made: Answer, to: str) -> None:
    with pytest.raises(ValueError, match="posted"):
        post(made, to, fetch=Fetcher())
