"""Receipts: what the business countersigns, in the form of TS 27560 and in that of older tools."""

import asyncio
from datetime import timedelta
from typing import Any

import pytest

from sayso import Attribute, Conditions, Erased, Organisation, Recipient, SaysoError
from sayso.dids import did_key, did_web
from sayso.encodings.multihash import digest_multibase
from sayso.errors import INVALID_VERIFICATION_METHOD
from sayso.jsonvalue import Json, JsonObject, serialize
from sayso.retrieval import Retrieve, Retrieved
from sayso.sharing import artefact, receipt
from sayso.sharing.kantara import kantara
from sayso.sharing.receipt import Processed
from tests.journeys.granting import DAY, KEPT, Granting, granting
from tests.journeys.town import kinds, town

WHO = Organisation(
    "Bar AS", "The Bar", "NO", ("https://bar.example/privacy", "mailto:dpo@bar.example", "tel:+4722222222"), "https://bar.example/events"
)
CONDITIONS = Conditions(
    category="dpv:ServiceProvision",
    legal_basis="eu-gdpr:A9-2-a",
    controller=WHO,
    recipients=(Recipient("Till AS", "dpv:DataProcessor"),),
    prohibited=("dpv:Marketing",),
)


@pytest.mark.parametrize("format", artefact.FORMATS)
@pytest.mark.parametrize("first", [False, True], ids=["after", "first"])
def test_a_receipt_pins_everything(format: str, first: bool) -> None:
    one = granting(format=format, conditions=CONDITIONS)
    head = digest_multibase(b"head")
    made = one.there.bar.receipt(one.grant, one.request, None if first else one.answer, head=head, format=format)
    said = one.there.ada.read_receipt(made, one.grant)
    assert (said.request, said.grant) == (digest_multibase(one.request.data), digest_multibase(one.grant.data))
    assert (said.presentation, said.first, said.head) == (digest_multibase(one.answer.data), first, head)
    assert (said.business, said.customer) == (one.there.bar.did, one.granted.customer)
    assert (said.given, said.erase_by, said.benefits) == (one.granted.issued, one.granted.until, ("You get your drink",))
    assert said.controller == WHO._replace(did=one.there.bar.did)
    assert said.digest == digest_multibase(made.data)


def test_the_receipt_first_and_then_the_answer() -> None:
    """Nothing has left when the business signs, and what leaves is what it signed for."""
    one = granting()
    made = one.there.bar.receipt(one.grant, one.request)
    assert one.there.ada.read_receipt(made, one.grant).first
    assert one.there.bar.accept(one.answer, one.request).names == ("birthdate", "age_over_18")
    assert one.there.bar.read_grant(one.grant, one.request, one.answer).presentation == digest_multibase(one.answer.data)


def test_each_claim_is_processed_as_its_row_says() -> None:
    there = town()
    request = there.ask(
        Attribute("birthdate", keep_for=DAY, recipients=(Recipient("Posten"),), location="loc:NO"),
        optional=["age_over_18"],
        keep_for=KEPT,
    )
    plan = there.ada.plan(request).also("age_over_18")
    made = there.ada.grant(plan, there.ada.present(plan))
    said = there.ada.read_receipt(there.bar.receipt(made, request), made)
    assert said.processes == (
        Processed(("birthdate",), "Serve alcohol", DAY, "", "", "dpv:Required", "loc:NO", (Recipient("Posten"),)),
        Processed(("age_over_18",), "Serve alcohol", KEPT, "", "", "dpv:Optional"),
    )
    assert said.controller == Organisation("The Bar", did=there.bar.did)


def test_what_came_along_is_nobodys_need() -> None:
    there = town({"birthdate": "1990-12-10", "address": {"city": "Oslo", "zip": "0150"}}, disclosable=["address"])
    request = there.ask(("address", "city"), keep_for=KEPT)
    plan = there.ada.plan(request)
    made = there.ada.grant(plan, there.ada.present(plan))
    said = there.ada.read_receipt(there.bar.receipt(made, request), made)
    assert {one.claims: one.necessity for one in said.processes}[("address", "zip"),] == ""


def test_claims_that_are_processed_alike_stand_together() -> None:
    one = granting(optional=["age_over_18", "given_name"])
    said = one.there.ada.read_receipt(one.there.bar.receipt(one.grant, one.request), one.grant)
    assert [process.claims for process in said.processes] == [("birthdate",), ("age_over_18",)]
    both = town()
    request = both.ask("birthdate", "age_over_18", keep_for=KEPT)
    plan = both.ada.plan(request)
    made = both.ada.grant(plan, both.ada.present(plan))
    assert len(both.ada.read_receipt(both.bar.receipt(made, request), made).processes) == 1


def test_a_receipt_is_due() -> None:
    one = granting()
    assert receipt.due(one.granted) == one.granted.issued + timedelta(hours=1)


def test_countersigned_also_when_the_request_has_expired() -> None:
    one = granting()
    one.there.world.clock.turn(365 * DAY)
    assert one.there.ada.read_receipt(one.there.bar.receipt(one.grant, one.request), one.grant).at == one.there.world.clock()


def test_wrong_use() -> None:
    one = granting()
    with pytest.raises(ValueError, match="format is one of"):
        one.there.bar.receipt(one.grant, one.request, format="jwt")
    with pytest.raises(ValueError, match="digest"):
        one.there.bar.receipt(one.grant, one.request, head="head")


def projected(one: Granting) -> Any:
    return kantara(one.there.ada.read_receipt(one.there.bar.receipt(one.grant, one.request), one.grant))


def test_the_form_of_older_tools() -> None:
    shown = projected(granting(conditions=CONDITIONS))
    assert (shown["version"], shown["jurisdiction"], shown["policyUrl"]) == ("KI-CR-v1.1.0", "NO", "https://bar.example/privacy")
    (controller,) = shown["piiControllers"]
    assert (controller["piiController"], controller["email"], controller["phone"]) == ("Bar AS", "dpo@bar.example", "+4722222222")
    needed, optional = shown["services"][0]["purposes"]
    assert (needed["primaryPurpose"], optional["primaryPurpose"], needed["consentType"]) == (True, False, "EXPLICIT")
    assert (needed["purposeCategory"], needed["piiCategory"]) == (["dpv:ServiceProvision"], ["birthdate"])
    assert (needed["thirdPartyDisclosure"], needed["thirdPartyName"]) == (True, "Till AS")
    assert needed["termination"] == "P30D; erased by 2026-12-20 at the latest"
    assert (shown["sensitive"], shown["spiCat"]) == (True, ["age_over_18", "birthdate"])


def test_the_form_of_older_tools_where_little_is_said() -> None:
    shown = projected(granting())
    assert (shown["jurisdiction"], shown["policyUrl"], shown["sensitive"], shown["spiCat"]) == ("not stated", "not stated", False, [])
    assert shown["piiControllers"][0]["address"] == {}
    assert "thirdPartyName" not in shown["services"][0]["purposes"][0]


def _named(relationships: tuple[str, ...]) -> JsonObject:
    return {name: ["did:web:bar.example#key"] for name in relationships}


def _published(relationships: tuple[str, ...]) -> Granting:
    there = town()
    did = "did:web:bar.example"
    method: JsonObject = {
        "id": f"{did}#key",
        "type": "Multikey",
        "controller": did,
        "publicKeyMultibase": did_key.did_of(there.bar_key.public_key).removeprefix("did:key:"),
    }
    contexts: list[Json] = ["https://www.w3.org/ns/did/v1", "https://w3id.org/security/multikey/v1"]
    document: JsonObject = {"@context": contexts, "id": did, "verificationMethod": [method], **_named(relationships)}
    there.world.network.documents[did_web.url_of(did)] = Retrieved(serialize(document).encode(), "application/did")
    published = there._replace(bar=there.world.verifier(there.bar_key, did, name="The Bar"))
    request = published.ask("birthdate", keep_for=KEPT)
    plan = published.ada.plan(request)
    answer = published.ada.present(plan)
    made = published.ada.grant(plan, answer)
    return Granting(published, request, plan, answer, made, published.ada.read_grant(made))


def test_a_business_whose_did_is_published() -> None:
    """Its document is retrieved when it signs, and when the customer verifies."""
    one = _published(("authentication", "assertionMethod"))
    bar, ada = one.there.bar, one.there.ada
    assert ada.read_receipt(bar.receipt(one.grant, one.request, one.answer), one.grant).business == "did:web:bar.example"
    back = bar.give_back(one.grant, "birthdate", since=one.granted.issued, text="Not used")
    assert ada.read_event(back, one.grant).signer == "did:web:bar.example"


def test_a_key_that_only_signs_in_signs_no_receipt() -> None:
    one = _published(("authentication",))
    with pytest.raises(SaysoError) as error:
        one.there.bar.receipt(one.grant, one.request)
    assert kinds(error.value) == [INVALID_VERIFICATION_METHOD]


def test_the_doors_that_are_awaited() -> None:
    one = granting()
    bar, ada = one.there.bar, one.there.ada
    now = one.there.world.clock()
    asked = ada.ask_erasure(one.grant)
    made = bar.receipt(one.grant, one.request)
    answer = bar.confirm_erasure(one.grant, asked, erased=[Erased(("birthdate", "age_over_18"), now)])
    back = bar.give_back(one.grant, "birthdate", since=now, text="Not used")

    async def fetch(step: Retrieve) -> Retrieved:
        raise AssertionError(step.url)

    async def read() -> tuple[str, int, str]:
        first = await ada.read_receipt_async(made, one.grant, fetch=fetch)
        second = await ada.read_erasure_async(answer, one.grant, asked, fetch=fetch)
        third = await ada.read_event_async(back, one.grant, fetch=fetch)
        return first.grant, len(second.erased), third.grant

    assert asyncio.run(read()) == (one.granted.digest, 1, one.granted.digest)
