"""Ada brings the status list of her card along, and the bar asks nobody."""

from datetime import timedelta

import pytest

from sayso.credentials.wire import Answer
from sayso.dids import did_key
from sayso.errors import MALFORMED_VALUE_ERROR, REVOKED, STATUS_RETRIEVAL_ERROR, STATUS_VERIFICATION_ERROR, ProblemType, SaysoError
from sayso.jsonvalue import parse_object
from sayso.keys import jwk
from sayso.openid import response
from sayso.retrieval import Retrieved
from sayso.testing.world import World
from sayso.verifier.verifier import Verifier
from sayso.wallet.wallet import Wallet
from tests.spec.bitstring_status_list.lists import TOKEN, a_token, tokens_with
from tests.unit.proofs.tokens import AT, HOLDER, ISSUER, ISSUER_DID, NOW, digest, member, sd_jwt, token

NAME = member("given_name", "Ada")
CARD = sd_jwt(
    token(
        {
            "iss": ISSUER_DID,
            "vct": "urn:example:card",
            "cnf": {"jwk": jwk.encode(HOLDER.public_key)},
            "_sd": [digest(NAME)],
            "status": {"status_list": {"idx": 412, "uri": TOKEN}},
        }
    ),
    NAME,
)


def _parties() -> tuple[World, Wallet, Verifier]:
    world = World(at=AT)
    ada = world.wallet()
    ada.add_key(HOLDER)
    ada.store(CARD)
    return world, ada, world.verifier(name="The Bar")


def _kinds(bar: Verifier, answer: Answer, request: object) -> list[ProblemType]:
    with pytest.raises(SaysoError) as refused:
        bar.accept(answer, request)  # type: ignore[arg-type]
    return [problem.kind for problem in refused.value.problems]


def test_the_bar_asks_nobody() -> None:
    world, ada, bar = _parties()
    ask = {"issuers": [ISSUER_DID], "type": "urn:example:card", "formats": ("dc+sd-jwt",), "keep_for": timedelta(hours=1)}
    request = bar.request("given_name", purpose="Greet", benefit="A greeting", **ask)  # type: ignore[arg-type]
    plan = ada.plan(request)
    assert _kinds(bar, ada.present(plan), request) == [STATUS_RETRIEVAL_ERROR]
    assert world.network.asked.total() == 1

    for body, kind in ((a_token(tokens_with(412), ttl=300), REVOKED), (a_token(ttl=300)[:-4], STATUS_VERIFICATION_ERROR)):
        assert _kinds(bar, ada.present(plan, status_lists={TOKEN: body}), request) == [kind]
    share = bar.accept(ada.present(plan, status_lists={TOKEN: a_token(ttl=300)}), request)
    assert share.read() == {"given_name": "Ada"}
    assert world.network.asked.total() == 1
    assert did_key.did_of(ISSUER.public_key) == ISSUER_DID


def test_the_bar_asks_where_what_came_along_is_too_old() -> None:
    world, ada, bar = _parties()
    ask = {"issuers": [ISSUER_DID], "type": "urn:example:card", "formats": ("dc+sd-jwt",), "keep_for": timedelta(hours=1)}
    request = bar.request("given_name", purpose="Greet", benefit="A greeting", **ask)  # type: ignore[arg-type]
    plan = ada.plan(request)
    late = (a_token(), a_token(ttl=300, iat=NOW - 301), a_token(ttl=300, exp=NOW - 61))
    for asked, body in enumerate(late, 1):
        assert _kinds(bar, ada.present(plan, status_lists={TOKEN: body}), request) == [STATUS_VERIFICATION_ERROR]
        assert world.network.asked.total() == asked
    world.network.documents[TOKEN] = Retrieved(a_token(tokens_with(412), iat=NOW - 301))
    assert _kinds(bar, ada.present(plan, status_lists={TOKEN: late[0]}), request) == [REVOKED]
    world.network.documents[TOKEN] = Retrieved(a_token(iat=NOW - 301))
    assert bar.accept(ada.present(plan, status_lists={TOKEN: late[0]}), request).read() == {"given_name": "Ada"}


def test_how_lists_are_written_in_an_answer() -> None:
    data = response.serialize({"q": ["x~"]}, {TOKEN: b'{"a": "\xc3\xa9"}'})
    assert response.parse(data) == {"q": ["x~"]}
    assert response.status_lists(parse_object(data)) == {TOKEN: b'{"a": "\xc3\xa9"}'}
    assert response.status_lists(parse_object(response.serialize({"q": ["x~"]}))) == {}
    assert response.status_lists({"vp_token": response.STATUS_LISTS}) == {}


@pytest.mark.parametrize("value", [b"[]", b"null", b'"x"', b'{"https://a":1}', b'{"https://a":"x","https://b":null}'])
def test_lists_that_are_none(value: bytes) -> None:
    with pytest.raises(SaysoError) as refused:
        response.status_lists(parse_object(b'{"vp_token":{},"' + response.STATUS_LISTS.encode() + b'":' + value + b"}"))
    assert [problem.kind for problem in refused.value.problems] == [MALFORMED_VALUE_ERROR]
