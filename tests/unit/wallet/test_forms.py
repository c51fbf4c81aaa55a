"""A wallet looks at requests in every form, declines without saying why, and takes what nobody signed only where it was told to."""

import asyncio
from typing import Any

import pytest

from sayso import SaysoError, Wallet
from sayso.errors import UNSIGNED_REQUEST
from sayso.jsonvalue import serialize
from sayso.openid import error_response, form, response, uri
from sayso.retrieval import Retrieve, Retrieved
from tests.journeys.town import Town, ask, kinds, payload_of, town

ANSWERS = "https://bar.example/answers"
PAGE = "https://bar.example"


def bar(there: Town, **options: Any) -> Any:
    said: dict[str, Any] = {"reply_to": ANSWERS, **options}
    return there.world.verifier(there.bar_key, name="The Bar", **said)


def unsigned(there: Town) -> str:
    said = {**payload_of(ask(bar(there), "age_over_18", issuers=[there.city.did]).text), "client_id": f"redirect_uri:{ANSWERS}"}
    return "openid4vp://?" + form.serialize({name: value if isinstance(value, str) else serialize(value) for name, value in said.items()})


class TestDecline:
    def test_nobody_can_tell_why(self) -> None:
        """VP-13: refused, not held and not matching look the same, to the byte."""
        there = town()
        state = "table-7"
        held = ask(bar(there), "age_over_18", issuers=[there.city.did], state=state)
        elsewhere = ask(bar(there), "age_over_18", issuers=[there.bar.did], state=state)
        missing = ask(bar(there), "mail", issuers=[there.city.did], state=state)
        answers = [there.ada.decline(there.ada.plan(request)) for request in (held, elsewhere, missing)]
        answers += [there.world.wallet().decline(held), there.ada.decline(held.text)]
        assert {answer.data for answer in answers} == {b"error=access_denied&state=table-7"}
        assert len({answer.media_type for answer in answers}) == 1
        assert there.ada.shared == ()
        with pytest.raises(SaysoError, match="access_denied"):
            bar(there).accept(answers[0], held)

    def test_over_the_digital_credentials_api(self) -> None:
        there = town()
        request = ask(bar(there, reply_to=None, origin=PAGE), "age_over_18", issuers=[there.city.did])
        assert there.ada.decline(request, origin=PAGE).data == b'{"error":"access_denied"}'

    def test_what_is_no_request(self) -> None:
        with pytest.raises(SaysoError):
            town().ada.decline("a.b.c")


class TestUnsigned:
    def test_it_is_refused_unless_the_wallet_was_told(self) -> None:
        there = town()
        with pytest.raises(SaysoError) as refused:
            there.ada.plan(unsigned(there))
        assert kinds(refused.value) == [UNSIGNED_REQUEST]
        assert error_response.code_of(refused.value) == "invalid_client"

    def test_the_answer_is_for_whoever_gets_it(self) -> None:
        there = town()
        free = there.world.wallet(unsigned="allow")
        free.store(there.issue(holder=free.new_key()))
        plan = free.plan(unsigned(there))
        assert plan.verifier == plan.asked.request.audience == f"redirect_uri:{ANSWERS}"
        assert not plan.met_before
        members = response.read(free.present(plan).data, plan.asked.request, None)
        assert response.token_of(members)
        assert free.plan(unsigned(there)).met_before

    @pytest.mark.parametrize("unsigned", ["", "yes", None, True])
    def test_an_option_that_is_none(self, unsigned: Any) -> None:
        with pytest.raises(ValueError, match="unsigned is refuse or allow"):
            Wallet(unsigned=unsigned)


def test_awaiting_what_lies_at_a_url() -> None:
    there = town()
    request = ask(bar(there), "age_over_18", issuers=[there.city.did])
    asked: list[Retrieve] = []

    async def fetch(retrieve: Retrieve) -> Retrieved:
        asked.append(retrieve)
        return Retrieved(request.data)

    plan = asyncio.run(there.ada.plan_async(uri.by_reference(request, "https://bar.example/r"), fetch=fetch))
    assert plan == there.ada.plan(request)
    assert [retrieve.url for retrieve in asked] == ["https://bar.example/r"]


@pytest.mark.parametrize("origin", [5, b"https://bar.example", ["https://bar.example"]])
def test_an_origin_that_is_no_text(origin: Any) -> None:
    there = town()
    with pytest.raises(TypeError, match="origin is a text"):
        there.ada.plan(there.ask("age_over_18"), origin=origin)
