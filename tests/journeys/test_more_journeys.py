"""Journeys of other customers and businesses: choices, several cards, formats and keys, and the clock going on."""

import asyncio
from concurrent.futures import ThreadPoolExecutor
from datetime import timedelta
from typing import Any

import pytest

from sayso import ANYONE, WILL_NOT_STORE, CredentialType, Expectations, Issuer, SaysoError, Verifier, Wallet, examine
from sayso.credentials.kinds import Context
from sayso.dids import did_jwk
from sayso.errors import ALREADY_ANSWERED, MALFORMED_VALUE_ERROR, METHOD_NOT_SUPPORTED, NOT_ANSWERABLE, SHARE_ENDED, UNEXPECTED_TYPE
from sayso.proofs.jose import jws
from sayso.retrieval import Retrieve, Retrieved
from sayso.testing.world import START, World
from tests.journeys.town import (
    HOUR,
    SECOND,
    YEAR,
    Presentation,
    ask,
    disclosure_named,
    forced,
    header_of,
    kinds,
    payload_of,
    sign,
    taken_apart,
    town,
)

DAY = timedelta(days=1)


def test_a_parcel_for_which_the_customer_adds_a_phone_number() -> None:
    there = town({"name": "Ada", "address": {"street": "Storgata 1", "zip": "0150", "city": "Oslo"}, "mobile": "+47 555 0100"})
    request = there.ask(("address", "zip"), ("address", "city"), optional=["mobile"], purpose="Deliver order 1183", keep_for=30 * DAY)
    plan = there.ada.plan(request)
    assert plan.leaves == {("address", "zip"): "0150", ("address", "city"): "Oslo"}
    assert {*plan.stays} == {"name", ("address", "street"), "mobile"}
    share = there.bar.accept(there.ada.present(plan.also("mobile").ending(START + 2 * DAY)), request)
    assert share.read() == {"address": {"zip": "0150", "city": "Oslo"}, "mobile": "+47 555 0100"}
    assert share.ends == START + 2 * DAY
    there.world.clock.turn(2 * DAY)
    assert share.ended


def test_a_glance_that_is_not_kept() -> None:
    there = town()
    share = there.share("age_over_18", keep_for=WILL_NOT_STORE)
    with share.use(purpose="Serve alcohol") as claims:
        assert claims == {"age_over_18": True}
    with pytest.raises(SaysoError) as refused:
        share.read()
    assert kinds(refused.value) == [SHARE_ENDED]


def test_a_wallet_with_cards_of_two_formats_and_keys() -> None:
    there = town()
    there.ada.store(there.issue({"member": 7, "tier": "gold"}, type="Membership", format="dc+sd-jwt", holder=there.ada.new_key()))
    assert there.share("member", type="Membership", formats=["dc+sd-jwt"]).read() == {"member": 7}
    assert there.share("given_name").read() == {"given_name": "Ada"}
    assert [one.claims for one in there.ada.shared] == [("member",), ("given_name",)]


def test_a_type_with_terms_of_its_own() -> None:
    world = World()
    names = ("LibraryCard", "reader", "branch")
    kind = CredentialType(
        "LibraryCard",
        context=Context("https://library.example/v1", {name: f"https://library.example/terms#{name}" for name in names}),
        visible=["branch"],
    )
    library, ada, cafe = world.issuer(), world.wallet(types=[kind]), world.verifier(name="The Café")
    ada.store(library.issue({"reader": "R-17", "branch": "Deichman"}, type=kind, holder=ada.new_key(), valid_for=YEAR))
    request = ask(cafe, "reader", type=kind, issuers=[library.did])
    plan = ada.plan(request)
    assert (plan.leaves, plan.visible["branch"]) == ({"reader": "R-17"}, "Deichman")
    assert cafe.accept(ada.present(plan), request).read() == {"reader": "R-17"}


def test_parties_with_dids_of_another_method_and_the_other_algorithm_name() -> None:
    world = World()
    keys = [world.signer() for _ in range(3)]
    dids = [did_jwk.did_of(key.public_key) for key in keys]
    city = world.issuer(keys[0], dids[0], algorithm=jws.ED25519)
    ada, bar = world.wallet(), world.verifier(keys[1], dids[1])
    ada.add_key(keys[2])
    ada.store(city.issue({"age_over_18": True}, type="IdentityCard", holder=dids[2], valid_for=YEAR))
    request = ask(bar, "age_over_18", issuers=dids[:1])
    plan = ada.plan(request)
    assert plan.verifier == dids[1]
    assert bar.accept(ada.present(plan), request).read() == {"age_over_18": True}


def test_a_shop_that_restarts_between_question_and_answer() -> None:
    there = town()
    request = there.ask("age_over_18")
    answer = there.answer(request)
    restarted = Verifier(there.bar_key, clock=there.world.clock)
    assert restarted.accept(answer, request).read() == {"age_over_18": True}


def test_an_asynchronous_shop() -> None:
    async def nowhere(_: Retrieve) -> Retrieved:
        raise AssertionError

    there = town()
    request = there.ask("age_over_18")
    share = asyncio.run(there.bar.accept_async(there.answer(request), request, fetch=nowhere))
    assert share.read() == {"age_over_18": True}


def test_a_customer_who_does_not_want_to() -> None:
    """What the business learns is that nothing came, whatever the reason."""
    there = town()
    request = there.ask("age_over_18")
    with pytest.raises(SaysoError) as refused:
        there.bar.accept(b'{"error":"access_denied"}', request)
    assert kinds(refused.value) == [NOT_ANSWERABLE]
    there.bar.accept(there.answer(request), request)


def test_a_card_that_is_renewed() -> None:
    there = town({"age_over_18": False}, valid_for=DAY)
    there.world.clock.turn(DAY + 12 * HOUR)
    assert not there.plan("age_over_18").answerable
    there.ada.store(there.issue({"age_over_18": True}))
    assert there.share("age_over_18").read() == {"age_over_18": True}


def test_the_same_question_again_has_another_answer_on_the_wire() -> None:
    there = town()
    one, two = (taken_apart(there.answer(there.ask("age_over_18"))) for _ in range(2))
    assert (one.card, one.disclosures) == (two.card, two.disclosures)
    assert one.binding != two.binding


def test_a_hundred_customers_at_one_counter() -> None:
    world = World()
    city, bar = world.issuer(), world.verifier()
    pairs = []
    for number in range(100):
        ada = world.wallet()
        ada.store(city.issue({"number": number}, type="Ticket", holder=ada.new_key(), valid_for=YEAR))
        request = ask(bar, "number", issuers=[city.did])
        pairs.append((ada.present(ada.plan(request)), request))
    assert [bar.accept(answer, request).read()["number"] for answer, request in pairs] == [*range(100)]
    for answer, request in pairs:
        with pytest.raises(SaysoError) as refused:
            bar.accept(answer, request)
        assert kinds(refused.value) == [ALREADY_ANSWERED]


def test_an_ordinary_wallet_sends_the_least() -> None:
    """`claim_sets` stand smallest first: who answers the first one that can be answered, as the standard says, sends the least.

    Such a wallet knows nothing of terms, and its key binding says no more than RFC 9901 asks for.
    """
    there = town(None)
    card = there.issue()
    request = there.ask("age_over_18", optional=["given_name", "birthdate"])
    payload = payload_of(request.text)
    (query,) = payload["dcql_query"]["credentials"]
    paths = {claim["id"]: claim["path"] for claim in query["claims"] if "values" not in claim}
    first = [paths[claim_id][-1] for claim_id in query["claim_sets"][0] if claim_id in paths]
    assert first == ["age_over_18"]
    parts = Presentation(query["id"], card.text.split("~", 1)[0], tuple(disclosure_named(card, name) for name in first), "")
    said = {"iat": payload["iat"], "aud": payload["client_id"], "nonce": payload["nonce"]}
    share = there.bar.accept(parts.bound(there.ada_key, **said), request)
    assert share.read() == {"age_over_18": True}
    assert share.ends == START + HOUR


def test_many_at_once() -> None:
    """Doors are safe to share between threads."""
    there = town()

    def go(number: int) -> tuple[object, str]:
        claim = ("age_over_18", "given_name", "birthdate", "langs")[number % 4]
        request = there.ask(claim)
        plan = there.ada.plan(request)
        return there.bar.accept(there.ada.present(plan), request).read()[claim], plan.asked.request.nonce

    with ThreadPoolExecutor(8) as pool:
        found = [*pool.map(go, range(64))]
    assert [value for value, _ in found] == [True, "Ada", "1990-12-10", ["no", "en", "fr"]] * 16
    assert len({nonce for _, nonce in found}) == len(there.ada.shared) == 64


def test_what_could_not_be_decided_is_no_success_and_no_verdict() -> None:
    """A DID of a method that is not built: nobody can say whether the card is good."""
    there = town(None)
    card = there.issue({"a": 1}, disclosable=[])
    payload = {**payload_of(card.text), "issuer": "did:example:city"}
    token = sign({**header_of(card.text), "kid": "did:example:city#key"}, payload, there.city_key)
    with pytest.raises(SaysoError) as refused:
        there.ada.store(token + "~")
    assert kinds(refused.value) == [METHOD_NOT_SUPPORTED]
    assert not refused.value.decided
    with pytest.raises(SaysoError) as refused:
        there.ada.store(sign(header_of(card.text), payload, there.city_key) + "~")
    assert refused.value.decided


def test_nobody_need_be_trusted_by_name() -> None:
    ada, shop, anybody = Wallet.generate(), Verifier.generate(), Issuer.generate()
    ada.store(anybody.issue({"nick": "ada"}, type="Nickname", holder=ada.new_key(), valid_for=HOUR))
    request = shop.request("nick", issuers=ANYONE, purpose="Greet you", benefit="A greeting", keep_for=60 * SECOND)
    assert shop.accept(ada.present(ada.plan(request)), request).read() == {"nick": "ada"}


def test_a_card_counts_as_its_further_types() -> None:
    """SV-2: whoever asks by an older name of the type is answered, and so is who expects it."""
    there = town(None)
    kind = CredentialType("Card", vct="https://city.example/card/2", aka_vcts=["https://city.example/card/1", "urn:card"])
    card = there.issue({"nick": "ada"}, type=kind, format="dc+sd-jwt")
    assert payload_of(card.text)["aka_vcts"] == ["https://city.example/card/1", "urn:card"]
    assert "aka_vcts" not in payload_of(there.issue({"nick": "ada"}, type=kind).text)
    there.ada.store(card)
    for name in ("https://city.example/card/2", "https://city.example/card/1", "urn:card"):
        request = there.ask("nick", type=name, formats=["dc+sd-jwt"])
        assert there.bar.accept(there.answer(request), request).read() == {"nick": "ada"}
        assert examine(card, Expectations(issuers=ANYONE, types=[name], holder_binding=False), at=there.world.clock()).ok
    older = CredentialType("OldCard", vct="https://city.example/card/1")
    assert there.share("nick", type=older, formats=["dc+sd-jwt"]).read() == {"nick": "ada"}
    for wanted in ("urn:other", "URN:card", "Card", CredentialType("Card", vct="urn:other", aka_vcts=["urn:card"])):
        plan = there.ada.plan(there.ask("nick", type=wanted, formats=["dc+sd-jwt"]))
        assert not plan.answerable
        assert [problem.kind for problem in plan.problems] == [NOT_ANSWERABLE] * 2


def test_a_card_does_not_count_as_a_type_that_its_holder_wishes_for() -> None:
    """SV-2, SV-3: the further types are the issuer's word, and never a choice of the holder."""
    there = town(None)
    kind = CredentialType("Card", aka_vcts=["urn:card"])
    with pytest.raises(SaysoError) as refused:
        there.issue({"nick": "ada"}, type=kind, format="dc+sd-jwt", disclosable=["aka_vcts"])
    assert [(problem.kind, problem.pointer) for problem in refused.value.problems] == [(MALFORMED_VALUE_ERROR, "/aka_vcts")]
    with pytest.raises(ValueError, match="aka_vcts"):
        there.issue({"nick": "ada", "aka_vcts": ["urn:other"]}, type=kind, format="dc+sd-jwt")
    there.ada.store(there.issue({"nick": "ada"}, format="dc+sd-jwt"))
    asked = there.ask("nick", type="urn:card", formats=["dc+sd-jwt"])
    plan = there.ada.plan(asked)
    assert not plan.answerable
    lie = forced(plan, there.plan("nick", type="IdentityCard", formats=["dc+sd-jwt"]))
    with pytest.raises(SaysoError) as refused:
        there.bar.accept(there.ada.present(lie), asked)
    assert kinds(refused.value) == [UNEXPECTED_TYPE]


def test_both_formats_in_one_query() -> None:
    """A business that takes a card in either format gets it in the one that the customer has, or chooses."""
    there = town(None)
    both: dict[str, Any] = {"type": "IdentityCard", "formats": ["vc+sd-jwt", "dc+sd-jwt"]}
    there.ada.store(there.issue(format="dc+sd-jwt"))
    plan = there.ada.plan(there.ask("age_over_18", ("address", "city"), **both))
    assert plan.credentials.keys() == {"dc-sd-jwt"}
    assert there.bar.accept(there.ada.present(plan), plan.request).read() == {"age_over_18": True, "address": {"city": "Oslo"}}
    there.ada.store(there.issue(format="vc+sd-jwt"))
    plan = there.ada.plan(there.ask("age_over_18", ("address", "city"), **both))
    for query_id in ("vc-sd-jwt", "dc-sd-jwt"):
        chosen = there.ada.plan(there.ask("age_over_18", ("address", "city"), **both)).answering(query_id)
        assert chosen.leaves == plan.leaves
        assert there.bar.accept(there.ada.present(chosen), chosen.request).read() == {"age_over_18": True, "address": {"city": "Oslo"}}
