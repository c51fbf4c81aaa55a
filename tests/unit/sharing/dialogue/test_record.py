"""The record of processing says what Article 30 asks for, in Markdown and in terms of DPV."""

import json
from dataclasses import replace
from datetime import timedelta
from typing import Any

from pyld import jsonld

from sayso.sharing import conditions, dpv
from sayso.sharing.attribute import Attribute
from sayso.sharing.conditions import Organisation, Recipient
from sayso.sharing.dialogue.reading import read_map
from sayso.sharing.dialogue.record import record_json_ld, record_of_processing
from tests.unit.sharing.dialogue.shop import SHOP

DPV = dpv.NAMESPACES["dpv"]


def test_what_article_30_asks_for() -> None:
    page = record_of_processing(read_map(SHOP))
    for told in (
        "**Controller (a):** Shop AS (Shop), NO",
        "**Data protection officer (a):** Kari Nordmann",
        "**Purpose (b):** Deliver your order (delivery of goods)",
        "**Data subjects (c):** Customers",
        "- **mobile**: erased after 2 days (f)",
        "- **age\\_over\\_18**: not stored (f)",
        "- **address.zip**: erased after 30 days (f); kept in NO (e)",
        "**Recipients (d):** Cloud AS (data processor), Posten (data controller)",
        "**Security measures (g):** Sealed on disk",
        "**Registered use:** NO-REG-4711",
        read_map(SHOP).digest,
    ):
        assert told in page


def test_what_a_map_does_not_say_is_said_to_be_missing() -> None:
    shop = read_map(SHOP)
    bare = replace(shop, conditions=conditions.NONE, officer=None, measures=(), steps=(replace(shop.steps[0], category=""),))
    assert record_of_processing(bare).count("not stated in the dialogue map") == 5


def test_whoever_receives_for_the_controller_and_special_data_stand_in_it() -> None:
    shop = read_map(SHOP.replace('reason = "Price', 'hasPersonalData = "dpv:SensitivePersonalData"\nreason = "Price'))
    other = replace(shop, conditions=shop.conditions._replace(intermediary=Organisation("Post Box AS")))
    page = record_of_processing(other)
    assert "**Received for the controller by:** Post Box AS" in page
    assert "- **address.zip** (sensitive personal data): erased" in page
    assert "https://w3id.org/dpv#SensitivePersonalData" in json.dumps(record_json_ld(other))
    assert "Post Box AS" in json.dumps(record_json_ld(other))


def _expanded(document: Any, **more: Any) -> Any:
    document = json.loads(json.dumps(document))
    document["@context"] |= more
    return jsonld.expand(document)


def test_no_term_is_undefined() -> None:
    """With a vocabulary for what is not defined, and without one, it says the same: so there is nothing that is not defined."""
    document = record_json_ld(read_map(SHOP))
    assert _expanded(document) == _expanded(document, **{"@vocab": "https://undefined.example/"})
    assert _expanded({**document, "planted": "x"}) != _expanded({**document, "planted": "x"}, **{"@vocab": "https://undefined.example/"})


def test_it_says_in_terms_of_dpv_what_the_map_says() -> None:
    shop = read_map(SHOP)
    shop = replace(shop, conditions=shop.conditions._replace(prohibited=(*shop.conditions.prohibited, "dpv:Profiling")))
    (node,) = _expanded(record_json_ld(shop))
    assert node["@id"] == shop.id
    assert node["@type"] == [DPV + "RecordsOfActivities"]
    assert node[DPV + "hasDataController"][0][DPV + "hasName"] == [{"@value": "Shop AS"}]
    deliver = node[DPV + "hasProcess"][1]
    assert deliver[DPV + "hasPurpose"][0]["@type"] == [DPV + "DeliveryOfGoods"]
    assert deliver[DPV + "hasLegalBasis"] == [{"@id": "https://w3id.org/dpv/legal/eu/gdpr#A6-1-b"}]
    place, _, mobile = deliver[DPV + "hasPersonalData"]
    assert place[DPV + "hasStorageCondition"][0][DPV + "hasLocation"] == [{"@id": "https://w3id.org/dpv/loc#NO"}]
    assert mobile[DPV + "hasNecessity"] == [{"@id": DPV + "Optional"}]
    assert mobile[DPV + "hasStorageCondition"][0][DPV + "hasDuration"][0]["@value"] == "P2D"
    sell, train, profile = deliver[DPV + "hasProhibition"]
    assert sell[DPV + "hasPurpose"] == [{"@id": DPV + "SellDataToThirdParties"}]
    assert "http://purl.org/dc/terms/description" in train
    assert profile[DPV + "hasProcessing"] == [{"@id": DPV + "Profiling"}]


def test_what_does_instead_is_recorded_with_what_is_done_with_it() -> None:
    shop = read_map(SHOP)
    other = Attribute("passport", keep_for=timedelta(days=9), recipients=(Recipient("Ads AS", "dpv:ThirdParty"),))
    shop = replace(shop, steps=(replace(shop.steps[0], required=(Attribute("birthdate", accepts=("age_over_18", other)),)),))
    page, record = record_of_processing(shop), json.dumps(record_json_ld(shop))
    assert "**Recipients (d):** Cloud AS (data processor), Ads AS (third party)" in page
    assert "- **birthdate**: not stored (f)" in page
    assert "- **passport**: erased after 9 days (f)" in page
    assert '"hasName": "Ads AS"' in record
    assert '"hasDuration": "P9D"' in record
