"""Answers are posted as they are, once, to where they belong."""

import asyncio
from typing import Any

import pytest

from sayso import Request, Wallet
from sayso.credentials.media_types import FORM, JSON
from sayso.credentials.wire import Answer
from sayso.errors import PARSING_ERROR, REDIRECT_REFUSED, RETRIEVAL_FAILED, ProblemType, SaysoError
from sayso.http.addresses import LOOPBACK_FOR_DEVELOPMENT
from sayso.http.cache import MemoryCache
from sayso.http.fetcher import AsyncFetcher, Fetcher
from sayso.http.posting import post, post_async
from sayso.openid import uri
from tests.journeys.town import ask, town
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
        answer(b'{"redirect_uri": "https://bar.example/thanks#code=7"}', cache_control="max-age=3600")(conversation)

    with serving(take) as server:
        for _ in range(2):
            assert posted(at(server, "/answers"), awaited=awaited) == "https://bar.example/thanks#code=7"
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
@pytest.mark.parametrize(
    "reply",
    [
        b"{}",
        b'{"redirect_uri": "javascript:alert(1)"}',
        b'{"redirect_uri": 5}',
        b'{"redirect_uri": "https://"}',
        b'{"redirect_uri": "https://bar.example/\\n\\u001b[31m"}',
        b'{"redirect_uri": "https://bar.example/#\\u202e"}',
        b'{"redirect_uri": "https://bar.example@thief.example/"}',
    ],
    ids=["none", "a script", "a number", "no host", "a control character", "a turn of direction", "a host that is a name"],
)
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


@pytest.mark.enable_socket
@pytest.mark.parametrize("asked_with_a_nonce", [False, True])
def test_a_wallet_fetches_a_request_and_posts_its_answer(asked_with_a_nonce: bool) -> None:
    """Sections 5.10 and 8.2: the whole way over TLS, with and without a nonce of the wallet."""
    there = town()
    fetch = Fetcher(allow=LOOPBACK_FOR_DEVELOPMENT, tls=authority().client, lookup=Names())
    ada = Wallet(clock=there.world.clock, entropy=there.world.entropy, fetch=fetch)
    ada.store(there.issue(holder=ada.new_key()))
    accepted: list[object] = []
    made: list[Request] = []

    def business(conversation: Conversation) -> None:
        method, path, _ = conversation.request.split(" ", 2)
        if path == "/answers":
            accepted.append(bar.accept(conversation.body(), made[0]).read())
            answer(b"{}")(conversation)
            return
        nonce = uri.wallet_nonce(conversation.body()) if method == "POST" else None
        made.append(ask(bar, "age_over_18", issuers=[there.city.did], wallet_nonce=nonce))
        answer(made[0].data, media_type="application/oauth-authz-req+jwt")(conversation)

    with serving(business) as server:
        bar = there.world.verifier(reply_to=at(server, "/answers"))
        shown = uri.by_reference(ask(bar, "age_over_18", issuers=[there.city.did]), at(server, "/requests"), post=asked_with_a_nonce)
        plan = ada.plan(shown)
        assert (plan.asked.request.wallet_nonce is not None) == asked_with_a_nonce
        assert post(ada.present(plan), str(plan.asked.request.response_uri), fetch=fetch) is None
    assert accepted == [{"age_over_18": True}]


@pytest.mark.parametrize(("made", "to"), [(Answer(b"{}", JSON), "https://bar.example/"), (ANSWER, "ftp://bar.example/"), (ANSWER, "bar")])
def test_what_is_not_posted(made: Answer, to: str) -> None:
    with pytest.raises(ValueError, match="posted"):
        post(made, to, fetch=Fetcher())
