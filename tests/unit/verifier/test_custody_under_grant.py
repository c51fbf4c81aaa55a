"""What is in custody under a grant ends with it, follows what its customer signs, and is confirmed when it is gone."""

import asyncio
import json
from collections.abc import Callable, Iterator
from contextlib import closing
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any, NamedTuple

import pytest

from sayso import (
    WILL_NOT_STORE,
    Attribute,
    CredentialType,
    Custody,
    CustodyShare,
    CustodyStore,
    Grant,
    Ledger,
    LocalMasterKey,
    MemoryCustodyStore,
    Retained,
    SaysoError,
    SqlCustodyStore,
    Told,
    Wallet,
)
from sayso.errors import (
    ALREADY_ANSWERED,
    CLAIM_USED,
    CRYPTOGRAPHIC_SECURITY_ERROR,
    EVENT_REPLAYED,
    GRANT_PAUSED,
    INVALID_VERIFICATION_METHOD,
    MALFORMED_VALUE_ERROR,
    MISSING_CLAIM,
    NOT_GRANTED,
    OTHER_GRANT,
    SHARE_ENDED,
    ProblemType,
)
from sayso.keys.signer import SeedSigner
from sayso.retrieval import Retrieve, Retrieved
from sayso.sharing import standing
from sayso.sharing.erasure import Erased
from sayso.sharing.statements import Returned
from sayso.testing.world import START, World
from sayso.verifier.taking import TakenClaim
from sayso.verifier.under_grant import limited
from sayso.wallet.record import Sharing
from tests.journeys.granting import changed_event
from tests.journeys.town import kinds, town
from tests.journeys.whole import WAYS, ask, whole_answer

DAY, SECOND = timedelta(days=1), timedelta(seconds=1)
PURPOSE = "Delivery"
CLAIMS = {"birthdate": "1990-12-10", "given_name": "Ada", "age_over_18": True, "address": {"city": "Oslo", "zip": "0150"}}
CITY = ("address", "city")
LAW = "justifications:LegalObligationImpaired"
LEASED = {"until": START + 90 * DAY, "lease": 20 * DAY}


class Place(NamedTuple):
    """Hold Ada, a shop, and the custody in which it keeps what she shares."""

    world: World
    ada: Any
    shop: Any
    shop_key: SeedSigner
    custody: Custody
    ledger: Ledger
    issuer: str

    def share(self, *claims: Any, **choices: Any) -> tuple[Sharing, Any]:
        asked = claims or ("birthdate", "given_name")
        request = self.shop.request(*asked, issuers=[self.issuer], purpose=PURPOSE, benefit="b", keep_for=30 * DAY)
        return self.ada.share(self.ada.plan(request), **choices), request

    def take(self, *claims: Any, **choices: Any) -> tuple[Grant, CustodyShare]:
        made, request = self.share(*claims, **choices)
        return made.grant, self.shop.accept_into(self.custody, made.answer, request, grant=made.grant)

    def use(self, share: CustodyShare, *claims: str) -> dict[str, Any]:
        with share.use(*claims, purpose=PURPOSE, step="label") as values:
            return {**values}

    def refused(self, act: Callable[[], object]) -> list[ProblemType]:
        with pytest.raises(SaysoError) as caught:
            act()
        return kinds(caught.value)


@pytest.fixture(params=["memory", "sqlite"])
def store(request: pytest.FixtureRequest, tmp_path: Path) -> Iterator[CustodyStore]:
    if request.param == "memory":
        yield MemoryCustodyStore()
        return
    with closing(SqlCustodyStore(tmp_path / "custody.db")) as kept:
        yield kept


@pytest.fixture
def place(store: CustodyStore) -> Place:
    world = World()
    ledger = Ledger.generate(clock=world.clock, entropy=world.entropy)
    city, ada, shop_key = world.issuer(), world.wallet(ledger=ledger), world.signer()
    shop = world.verifier(shop_key, name="Shop")
    ada.store(city.issue(CLAIMS, type="Card", holder=ada.new_key(), valid_for=900 * DAY))
    return Place(world, ada, shop, shop_key, Custody(store, LocalMasterKey(bytes(32)), clock=world.clock), ledger, city.did)


def test_the_customer_is_who_signed_the_grant_and_the_grant_is_kept(place: Place) -> None:
    grant, share = place.take()
    assert share.subject == place.ada.read_grant(grant).customer
    assert share.grant == grant.data
    assert place.custody.held(share.subject)[0].id == share.id
    assert place.use(share) == {"birthdate": "1990-12-10", "given_name": "Ada"}


def test_it_ends_with_the_lease_unless_that_is_renewed(place: Place) -> None:
    grant, share = place.take(**LEASED)
    assert {*share.available.values()} == {START + 20 * DAY}
    place.world.clock.turn(10 * DAY)
    followed = place.shop.follow(place.custody, place.ada.renew(grant))
    assert (followed.share, followed.erased) == (share.id, None)
    assert {*share.available.values()} == {START + 30 * DAY}
    place.world.clock.set(START + 30 * DAY - SECOND)
    assert place.use(share, "birthdate") == {"birthdate": "1990-12-10"}
    place.shop.follow(place.custody, place.ada.renew(grant))
    assert {*share.available.values()} == {START + 50 * DAY - SECOND}
    assert share.uses == {"birthdate": {"label": 1}}
    place.world.clock.set(START + 50 * DAY - 2 * SECOND)
    late = place.ada.renew(grant)
    place.world.clock.turn(SECOND)
    assert place.refused(lambda: place.use(share)) == [SHARE_ENDED]
    assert place.refused(lambda: place.shop.follow(place.custody, late)) == [SHARE_ENDED]


def test_a_renewal_begins_retention_anew_up_to_the_end_of_the_grant(place: Place) -> None:
    grant, share = place.take(Attribute("birthdate", keep_for=5 * DAY), "given_name", **LEASED)
    assert share.available == {"birthdate": START + 5 * DAY, "given_name": START + 20 * DAY}
    place.world.clock.turn(4 * DAY)
    place.shop.follow(place.custody, place.ada.renew(grant))
    assert share.available == {"birthdate": START + 9 * DAY, "given_name": START + 24 * DAY}
    place.world.clock.turn(16 * DAY)
    place.shop.follow(place.custody, place.ada.renew(grant))
    assert share.available == {"given_name": START + 40 * DAY}


def test_a_renewal_that_comes_late_brings_nothing_back(place: Place) -> None:
    grant, share = place.take(Attribute("birthdate", keep_for=5 * DAY), "given_name", **LEASED)
    place.world.clock.turn(4 * DAY)
    renewal = place.ada.renew(grant)
    place.world.clock.turn(2 * DAY)
    place.shop.follow(place.custody, renewal)
    assert place.refused(lambda: place.use(share, "birthdate")) == [MISSING_CLAIM]
    assert share.available == {"given_name": START + 24 * DAY}


def test_what_is_used_once_is_not_renewed(place: Place) -> None:
    grant, share = place.take(Attribute("birthdate", keep_for=WILL_NOT_STORE), "given_name", **LEASED)
    ends = share.available["birthdate"]
    place.world.clock.turn(SECOND)
    place.shop.follow(place.custody, place.ada.renew(grant))
    assert share.available == {"birthdate": ends, "given_name": START + 20 * DAY + SECOND}
    assert place.use(share) == {"birthdate": "1990-12-10", "given_name": "Ada"}
    assert {*share.available} == {"given_name"}


def test_a_pause_lets_nothing_be_used_until_it_ends(place: Place) -> None:
    grant, share = place.take()
    place.shop.follow(place.custody, place.ada.pause(grant, START + 3 * DAY))
    place.world.clock.turn(3 * DAY - SECOND)
    assert place.refused(lambda: place.use(share)) == [GRANT_PAUSED]
    with share.hand_over() as values:
        assert values == {"birthdate": "1990-12-10", "given_name": "Ada"}
    place.world.clock.turn(SECOND)
    assert place.use(share, "given_name") == {"given_name": "Ada"}
    place.shop.follow(place.custody, place.ada.pause(grant, START + 9 * DAY))
    place.world.clock.turn(SECOND)
    place.shop.follow(place.custody, place.ada.pause(grant, START))
    assert place.use(share, "given_name") == {"given_name": "Ada"}


def test_a_withdrawal_erases_at_once_and_is_confirmed(place: Place) -> None:
    grant, share = place.take("given_name", CITY, "birthdate")
    place.use(share, "address.city")
    followed = place.shop.follow(place.custody, place.ada.withdraw(grant, CITY))
    assert followed.erased == place.custody.statements()[0]
    assert (followed.erased.claims, followed.erased.uses, followed.erased.cause) == (("address.city",), (1,), "withdrawn")
    assert {*share.available} == {"given_name", "birthdate"}
    confirmed = place.shop.confirm(place.custody, followed.erased, backups_expire=START + 40 * DAY)
    said = place.ada.read_erasure(confirmed.confirmation, grant)
    assert said.erased == (Erased((CITY,), START, "key-destroyed"),)
    assert (said.request, said.backups_expire, confirmed.notice) == ("", START + 40 * DAY, None)


def test_an_erasure_is_answered_with_all_that_became_of_it(place: Place) -> None:
    grant, share = place.take("given_name", "birthdate", CITY)
    place.world.clock.turn(DAY)
    earlier = place.custody.give_back(share.id, "birthdate")
    place.custody.settle([earlier])
    assert place.custody.statements() == ()
    place.world.clock.turn(DAY)
    asked = place.ada.ask_erasure(grant)
    followed = place.shop.follow(place.custody, asked)
    answer = place.shop.confirm(
        place.custody,
        followed.erased,
        retained=[Retained((CITY, ("given_name",)), LAW, START + 90 * DAY)],
        told=[Told("Posten", place.world.clock())],
        format="eddsa-jcs-2022",
    ).confirmation
    said = place.ada.read_erasure(answer, grant, asked)
    assert {one.claims: one.at for one in said.erased} == {("birthdate",): START + DAY}
    assert [one.claims for one in said.retained] == [(CITY, "given_name")]
    assert [one.name for one in said.told] == ["Posten"]
    assert [(one.claim, one.retained) for one in place.ledger.held_by(place.shop.did)] == [("given_name", True), (CITY, True)]


def test_a_part_of_what_was_granted_is_asked_about(place: Place) -> None:
    grant, share = place.take()
    asked = place.ada.ask_erasure(grant, "birthdate")
    erased = place.shop.follow(place.custody, asked).erased
    said = place.ada.read_erasure(place.shop.confirm(place.custody, erased).confirmation, grant, asked)
    assert [one.claims for one in said.erased] == [("birthdate",)]
    assert {*share.available} == {"given_name"}


def test_what_is_given_back_comes_with_its_confirmation(place: Place) -> None:
    grant, share = place.take()
    place.world.clock.turn(5 * DAY)
    erased = place.custody.give_back(share.id, "birthdate")
    confirmed = place.shop.confirm(place.custody, erased)
    read = place.ada.read_erasure(confirmed.confirmation, grant)
    notice = place.ada.read_event(confirmed.notice, grant)
    text = "We have not used this, so we are giving it back."
    assert notice.statements == (Returned(("birthdate",), START, START + 5 * DAY, text, read.digest),)
    assert place.shop.confirm(place.custody, erased, text="It is yours.").notice is not None
    assert [held.claim for held in place.ledger.held_by(place.shop.did)] == ["given_name"]


def test_what_ended_is_confirmed_too(place: Place) -> None:
    grant, _ = place.take()
    place.world.clock.turn(30 * DAY)
    (erased,) = place.custody.sweep()
    said = place.ada.read_erasure(place.shop.confirm(place.custody, erased).confirmation, grant)
    assert [{*one.claims} for one in said.erased] == [{"birthdate", "given_name"}]


def test_an_event_is_taken_once_and_done_before_that(place: Place) -> None:
    grant, share = place.take()
    event = place.ada.withdraw(grant, "birthdate")
    place.shop.follow(place.custody, event)
    assert place.refused(lambda: place.shop.follow(place.custody, event)) == [EVENT_REPLAYED]
    assert [one.claims for one in place.custody.statements()] == [("birthdate",)]
    assert {*share.available} == {"given_name"}


def test_only_the_customer_is_followed(place: Place) -> None:
    grant, share = place.take()
    forged = changed_event(place.ada.withdraw(grant), place.world.signer(), lambda payload: payload.update(jti="another"))
    assert place.refused(lambda: place.shop.follow(place.custody, forged)) == [CRYPTOGRAPHIC_SECURITY_ERROR]
    breach = place.shop.tell_breach(grant, "birthdate", noticed=START, text="It was read.")
    assert place.refused(lambda: place.shop.follow(place.custody, breach)) == [INVALID_VERIFICATION_METHOD]
    assert {*share.available} == {"birthdate", "given_name"}


@pytest.mark.parametrize(
    "change",
    [
        {"sub_id": None},
        {"sub_id": "did:key:z6Mk"},
        {"sub_id": {"format": "did", "url": 5}},
        {"events": []},
        {"events": {}},
        {"events": {"one": {"grant": ["u1"]}}},
        {"events": {"one": "u1"}},
        {"events": {"one": {"grant": "u1"}, "two": {"grant": "u2"}}},
    ],
    ids=str,
)
def test_an_event_about_nothing_is_refused(place: Place, change: dict[str, Any]) -> None:
    grant, _ = place.take()
    event = changed_event(place.ada.withdraw(grant), place.world.signer(), lambda payload: payload.update(change))
    assert place.refused(lambda: place.shop.follow(place.custody, event)) == [MALFORMED_VALUE_ERROR]


def test_an_event_about_what_is_not_held_is_refused(place: Place) -> None:
    grant, _ = place.take()
    event = place.ada.withdraw(grant)
    place.shop.follow(place.custody, event)
    assert place.refused(lambda: place.shop.follow(place.custody, place.ada.withdraw(grant))) == [SHARE_ENDED]


def test_the_answer_names_who_signed_the_grant(place: Place) -> None:
    request = place.shop.request("birthdate", issuers=[place.issuer], purpose=PURPOSE, benefit="b", keep_for=30 * DAY)
    plan = place.ada.plan(request)
    answer = place.ada.present(plan)
    grant = place.ada.grant(plan, answer)
    assert place.refused(lambda: place.shop.accept_into(place.custody, answer, request, grant=grant)) == [OTHER_GRANT]
    made = place.ada.share(plan)
    assert place.refused(lambda: place.shop.accept_into(place.custody, made.answer, request, grant=grant)) == [OTHER_GRANT]
    assert {*place.shop.accept_into(place.custody, made.answer, request, grant=made.grant).available} == {"birthdate"}


def test_it_is_held_under_a_grant_or_for_a_subject(place: Place) -> None:
    made, request = place.share()
    for more in ({}, {"grant": made.grant, "subject": "did:key:z6Mk"}, {"grant": made.grant, "lease": START + DAY}):
        with pytest.raises(TypeError, match="under a grant, or else for a subject"):
            place.shop.accept_into(place.custody, made.answer, request, **more)
    share = place.shop.accept_into(place.custody, made.answer, request, subject="did:key:z6Mk")
    assert share.grant == b""
    with pytest.raises(ValueError, match="by hand"):
        place.shop.confirm(place.custody, place.custody.give_back(share.id, "birthdate"))


def test_with_a_fetcher_that_is_awaited(place: Place) -> None:
    made, request = place.share()

    async def never(retrieve: Retrieve) -> Retrieved:
        raise AssertionError(retrieve.url)

    share = asyncio.run(place.shop.accept_into_async(place.custody, made.answer, request, grant=made.grant, fetch=never))
    assert {*share.available} == {"birthdate", "given_name"}


def test_what_is_handed_over_is_no_use_of_it(place: Place) -> None:
    _, share = place.take("given_name", CITY)
    with share.hand_over() as values:
        assert values == {"given_name": "Ada", "address": {"city": "Oslo"}}
    assert values == {}
    assert share.uses == {}
    assert len(place.custody.unused(START)) == len(("given_name", CITY))
    place.world.clock.turn(30 * DAY)

    def late() -> None:
        with share.hand_over():
            raise AssertionError

    assert place.refused(late) == [SHARE_ENDED]


def test_what_is_handed_over_comes_back_to_the_customer_as_a_credential(place: Place) -> None:
    _, share = place.take("given_name", CITY)
    press = place.world.issuer(place.shop_key)
    with share.hand_over() as values:
        card = press.issue(values, type="WhatTheShopHas", holder=share.subject, valid_for=30 * DAY)
    name = place.ada.store(card)
    assert place.ada.stored[name].claims["credentialSubject"]["given_name"] == "Ada"


def test_a_claim_that_the_grant_is_not_about_is_not_taken(place: Place) -> None:
    said = standing.of(place.ada.read_grant(place.share("birthdate")[0].grant))
    one = TakenClaim("birthdate", START + DAY, once=False, text=b"")
    assert limited([one], said) == [one]
    assert limited([one._replace(ends=START + 40 * DAY)], said) == [one._replace(ends=START + 30 * DAY)]
    assert place.refused(lambda: limited([one, one._replace(name="given_name")], said)) == [NOT_GRANTED]


def test_claims_that_go_by_one_name_are_held_and_let_go_of_together(store: CustodyStore) -> None:
    world = World()
    city, ada, shop = world.issuer(), world.wallet(), world.verifier()
    odd: Any = {"a.b": "one", "a": {"b": "other"}}
    ada.store(city.issue(odd, type="Card", holder=ada.new_key(), valid_for=900 * DAY))
    custody = Custody(store, LocalMasterKey(bytes(32)), clock=world.clock)
    request = shop.request("a.b", ("a", "b"), issuers=[city.did], purpose=PURPOSE, benefit="b", keep_for=30 * DAY)
    for withdrawn in ("a.b", ("a", "b")):
        made = ada.share(ada.plan(request))
        share = shop.accept_into(custody, made.answer, request, grant=made.grant)
        assert [*share.available] == ["a.b"]
        erased = shop.follow(custody, ada.withdraw(made.grant, withdrawn)).erased
        assert erased is not None
        assert share.available == {}
        said = ada.read_erasure(shop.confirm(custody, erased).confirmation, made.grant)
        assert {claim for one in said.erased for claim in one.claims} == {"a.b", ("a", "b")}
        request = shop.request("a.b", ("a", "b"), issuers=[city.did], purpose=PURPOSE, benefit="b", keep_for=30 * DAY)


@pytest.mark.parametrize("way", WAYS)
def test_a_whole_credential_is_held_under_a_grant_too(place: Place, way: str) -> None:
    there = town(None)
    there.ada.store(there.issue(CLAIMS, format=way, type=CredentialType("Card")))
    request = ask(there, "birthdate", type="Card")
    plan = there.ada.plan(request)
    (query_id,) = plan.only_whole
    made = there.ada.share(plan.whole(query_id))
    share = there.bar.accept_into(place.custody, made.answer, request, grant=made.grant)
    assert share.subject == there.ada.read_grant(made.grant).customer
    again = ask(there, "birthdate", type="Card")
    plain = whole_answer(there, again)
    other = there.ada.grant(there.ada.plan(again).whole(query_id), plain)
    assert place.refused(lambda: there.bar.accept_into(place.custody, plain, again, grant=other)) == [OTHER_GRANT]


def test_what_stands_inside_another_claim_goes_with_it(place: Place) -> None:
    grant, share = place.take("address", CITY, "given_name")
    followed = place.shop.follow(place.custody, place.ada.withdraw(grant, CITY))
    assert followed.erased.claims == ("address", "address.city")
    assert place.use(share) == {"given_name": "Ada"}
    grant, share = place.take("address", CITY, "given_name")
    place.shop.follow(place.custody, place.ada.ask_erasure(grant, "address"))
    assert {*share.available} == {"given_name"}


def test_what_is_opened_with_another_claim_was_used(place: Place) -> None:
    _, share = place.take("address", CITY, "given_name")
    place.use(share, "address")
    assert [one.claim for one in place.custody.unused(START)] == ["given_name"]
    assert place.refused(lambda: place.custody.give_back(share.id, "address.city")) == [CLAIM_USED]
    _, share = place.take("address", CITY)
    assert place.custody.give_back(share.id, "address.city").claims == ("address", "address.city")


def test_who_withdraws_and_then_asks_for_erasure_is_answered(place: Place) -> None:
    grant, _ = place.take()
    withdrawn = place.shop.follow(place.custody, place.ada.withdraw(grant)).erased
    asked = place.ada.ask_erasure(grant)
    followed = place.shop.follow(place.custody, asked)
    assert followed.erased == withdrawn
    said = place.ada.read_erasure(place.shop.confirm(place.custody, followed.erased, asked).confirmation, grant, asked)
    assert {claim for one in said.erased for claim in one.claims} == {"birthdate", "given_name"}
    assert place.refused(lambda: place.shop.follow(place.custody, asked)) == [EVENT_REPLAYED]


def test_nothing_is_confirmed_that_is_held(place: Place) -> None:
    grant, share = place.take()
    erased = place.custody.give_back(share.id, "birthdate")
    with pytest.raises(ValueError, match="follow the request first"):
        place.shop.confirm(place.custody, erased, place.ada.ask_erasure(grant))


@pytest.mark.parametrize("swept", [True, False])
def test_what_was_settled_is_remembered_until_all_of_it_is(place: Place, swept: bool) -> None:
    grant, share = place.take()
    earlier = place.custody.give_back(share.id, "birthdate")
    if swept:
        place.custody.settle([earlier])
    asked = place.ada.ask_erasure(grant)
    erased = place.shop.follow(place.custody, asked).erased
    place.world.clock.turn(DAY)
    if swept:
        place.custody.sweep()
    else:
        place.custody.settle([earlier])
    said = place.ada.read_erasure(place.shop.confirm(place.custody, erased).confirmation, grant, asked)
    assert {claim for one in said.erased for claim in one.claims} == {"birthdate", "given_name"}
    place.custody.settle([erased])
    place.custody.sweep()
    assert place.custody.erased(share.id) == ()


def test_clocks_that_are_apart_stop_no_confirmation(place: Place) -> None:
    phone = World(at=START + 30 * SECOND)
    ada = phone.wallet()
    city = phone.issuer()
    ada.store(city.issue(CLAIMS, type="Card", holder=ada.new_key(), valid_for=900 * DAY))
    request = place.shop.request("birthdate", "given_name", issuers=[city.did], purpose=PURPOSE, benefit="b", keep_for=30 * DAY)
    phone.clock.set(START)
    plan = ada.plan(request)
    phone.clock.set(START + 30 * SECOND)
    made = ada.share(plan)
    share = place.shop.accept_into(place.custody, made.answer, request, grant=made.grant)
    back = place.shop.confirm(place.custody, place.custody.give_back(share.id, "birthdate"))
    (returned,) = ada.read_event(back.notice, made.grant).statements
    assert isinstance(returned, Returned)
    assert returned.since == START + 30 * SECOND
    asked = ada.ask_erasure(made.grant)
    erased = place.shop.follow(place.custody, asked).erased
    assert ada.read_erasure(place.shop.confirm(place.custody, erased).confirmation, made.grant, asked).at == START + 30 * SECOND


def test_a_clock_that_goes_back_stops_no_confirmation(place: Place) -> None:
    grant, share = place.take()
    slow = place.ada.withdraw(grant, "given_name")
    place.world.clock.turn(DAY)
    erased = place.custody.give_back(share.id, "birthdate")
    place.shop.follow(place.custody, place.ada.withdraw(grant, "birthdate"))
    place.world.clock.turn(-2 * SECOND)
    assert place.shop.confirm(place.custody, erased).notice is not None
    place.world.clock.turn(-61 * SECOND)
    place.shop.follow(place.custody, slow)
    assert share.available == {}


def test_a_grant_to_the_end_of_time_is_followed(place: Place) -> None:
    end = datetime.max.replace(tzinfo=UTC, microsecond=0)
    grant, share = place.take(until=end, lease=20 * DAY)
    asked = place.ada.ask_erasure(grant, answer_within=end - START)
    place.shop.follow(place.custody, asked)
    assert share.available == {}
    answer = place.shop.confirm_erasure(grant, asked, answer_by=START + DAY)
    assert place.ada.read_erasure(answer, grant, asked).answer_by == START + DAY


def test_a_grant_has_one_spelling(place: Place) -> None:
    made, request = place.share(format="eddsa-jcs-2022")
    again = json.dumps(json.loads(made.grant.data))
    assert place.refused(lambda: place.shop.accept_into(place.custody, made.answer, request, grant=again)) == [MALFORMED_VALUE_ERROR]


def test_an_answer_is_held_under_one_grant(place: Place) -> None:
    request = place.shop.request("birthdate", issuers=[place.issuer], purpose=PURPOSE, benefit="b", keep_for=30 * DAY)
    plan = place.ada.plan(request)
    made = place.ada.share(plan)
    other = place.ada.grant(plan, made.answer, until=START + DAY)
    place.shop.accept_into(place.custody, made.answer, request, grant=made.grant)
    elsewhere = place.world.verifier(place.shop_key, name="Shop")
    assert place.refused(lambda: elsewhere.accept_into(place.custody, made.answer, request, grant=other)) == [ALREADY_ANSWERED]


def test_a_withdrawal_that_came_first_counts(place: Place) -> None:
    made, request = place.share()
    event, pause = place.ada.withdraw(made.grant, "birthdate"), place.ada.pause(made.grant, START + DAY)
    assert place.refused(lambda: place.shop.follow(place.custody, event)) == [SHARE_ENDED]
    early = [event, pause]
    share = place.shop.accept_into(place.custody, made.answer, request, grant=made.grant, events=early)
    assert {*share.available} == {"given_name"}
    assert place.refused(lambda: place.use(share)) == [GRANT_PAUSED]
    made, request = place.share()
    early = [place.ada.withdraw(made.grant)]

    def accept() -> object:
        return place.shop.accept_into(place.custody, made.answer, request, grant=made.grant, events=early)

    assert place.refused(accept) == [SHARE_ENDED]


def test_what_had_ended_when_it_came_is_not_accepted(place: Place) -> None:
    made, request = place.share(until=START + 90 * DAY, lease=2 * SECOND)
    place.world.clock.turn(3 * SECOND)
    assert place.refused(lambda: place.shop.accept_into(place.custody, made.answer, request, grant=made.grant)) == [SHARE_ENDED]


def test_what_was_never_kept_is_confirmed_as_such(place: Place) -> None:
    made, request = place.share(Attribute("birthdate", keep_for=2 * SECOND), "given_name")
    place.world.clock.turn(3 * SECOND)
    share = place.shop.accept_into(place.custody, made.answer, request, grant=made.grant)
    assert {*share.available} == {"given_name"}
    asked = place.ada.ask_erasure(made.grant)
    erased = place.shop.follow(place.custody, asked).erased
    said = place.ada.read_erasure(place.shop.confirm(place.custody, erased).confirmation, made.grant, asked)
    assert {(one.claims, one.method) for one in said.erased} == {(("given_name",), "key-destroyed"), (("birthdate",), "deleted")}


def test_another_event_with_the_same_id_does_nothing(place: Place) -> None:
    city, same = place.world.issuer(), Wallet(clock=place.world.clock, entropy=bytes)  # whose chance is none: each id is the one before
    same.store(city.issue(CLAIMS, type="Card", holder=same.new_key(), valid_for=900 * DAY))
    request = place.shop.request("birthdate", "given_name", issuers=[city.did], purpose=PURPOSE, benefit="b", keep_for=30 * DAY)
    made = same.share(same.plan(request))
    share = place.shop.accept_into(place.custody, made.answer, request, grant=made.grant)
    place.shop.follow(place.custody, same.withdraw(made.grant, "birthdate"))
    assert place.refused(lambda: place.shop.follow(place.custody, same.withdraw(made.grant))) == [EVENT_REPLAYED]
    assert {*share.available} == {"given_name"}
