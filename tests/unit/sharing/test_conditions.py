"""What is said of a whole request, in terms of DPV that are known: nothing is guessed."""

from datetime import timedelta
from typing import Any, cast

import pytest

from sayso import Verifier
from sayso.errors import LIMIT_EXCEEDED, TERMS, UNKNOWN_TERM, SaysoError
from sayso.jsonvalue import Json
from sayso.sharing import dpv
from sayso.sharing.conditions import MAX_LISTED, Conditions, Link, Organisation, Process, Recipient
from sayso.sharing.terms import MAX_ROWS, AttributeTerms, SharingTerms, own, parse, serialize

SHOP = Organisation(
    "Shop AS",
    "Shop",
    "NO",
    ("https://shop.example/privacy", "mailto:privacy@shop.example"),
    "https://shop.example/rights",
    "did:web:shop.example",
)
ALL = Conditions(
    category="dpv:DeliveryOfGoods",
    legal_basis="eu-gdpr:A6-1-b",
    process=Process("checkout/deliver", "choose-delivery", "NO-REG-4711"),
    controller=SHOP,
    intermediary=Organisation("Super App"),
    authority=Organisation("Datatilsynet", country="NO", contact=("https://dpa.example/form",)),
    recipients=(Recipient("Posten", "dpv:DataProcessor"), Recipient("Carrier")),
    prohibited=("dpv:SellDataToThirdParties", "dpv:Profiling", "ai-training"),
    agreement="https://myterms.example/SD-BASE",
    dialogue_map=Link("urn:uuid:5c1f", "uEiAb"),
    purposes=(("nb", "Levere ordre 1183"), ("de-AT", "Bestellung 1183 liefern")),
)
ROW = AttributeTerms(
    "mobile",
    required=False,
    reason="To call you an hour before",
    benefit="No waiting at home",
    keep_for=timedelta(days=2),
    if_not_shared="An e-mail the day before",
    legal_basis="eu-gdpr:A6-1-a",
    recipients=(Recipient("Posten"),),
    trigger="delivery",
    location="loc:NO",
    category="dpv:SensitivePersonalData",
    instead_of="phone",
)
SAID = SharingTerms("Deliver order 1183", (ROW,), ALL)


def said(**changed: Any) -> dict[str, Any]:
    return {**serialize(SAID), **changed}


def row(**changed: Any) -> dict[str, Any]:
    members: Any = serialize(SAID)["attributes"]
    return said(attributes=[{**members[0], **changed}])


def test_every_member_on_the_wire() -> None:
    """CONTROL 2.1."""
    assert serialize(SAID) == {
        "purposeText": [
            {"content": "Deliver order 1183"},
            {"lang": "nb", "content": "Levere ordre 1183"},
            {"lang": "de-AT", "content": "Bestellung 1183 liefern"},
        ],
        "attributes": [
            {
                "claim": "mobile",
                "hasNecessity": "dpv:Optional",
                "reason": "To call you an hour before",
                "benefit": "No waiting at home",
                "storage": {"hasDuration": "P2D", "trigger": "delivery", "hasLocation": "loc:NO"},
                "ifNotShared": "An e-mail the day before",
                "hasLegalBasis": "eu-gdpr:A6-1-a",
                "hasRecipient": [{"name": "Posten", "role": "dpv:Recipient"}],
                "hasPersonalData": "dpv:SensitivePersonalData",
                "insteadOf": "phone",
            }
        ],
        "process": {"id": "checkout/deliver", "step": "choose-delivery", "intendedUseIdentifier": "NO-REG-4711"},
        "controller": {
            "legalName": "Shop AS",
            "tradeName": "Shop",
            "country": "NO",
            "supportURI": ["https://shop.example/privacy", "mailto:privacy@shop.example"],
            "rightsEndpoint": "https://shop.example/rights",
            "identifier": "did:web:shop.example",
        },
        "intermediary": {"legalName": "Super App"},
        "supervisoryAuthority": {"legalName": "Datatilsynet", "country": "NO", "supportURI": ["https://dpa.example/form"]},
        "hasPurpose": "dpv:DeliveryOfGoods",
        "hasLegalBasis": "eu-gdpr:A6-1-b",
        "hasRecipient": [{"name": "Posten", "role": "dpv:DataProcessor"}, {"name": "Carrier", "role": "dpv:Recipient"}],
        "prohibited": ["dpv:SellDataToThirdParties", "dpv:Profiling", "ai-training"],
        "agreement": "https://myterms.example/SD-BASE",
        "dialogueMap": {"id": "urn:uuid:5c1f", "digestMultibase": "uEiAb"},
    }


def test_what_was_written_is_read() -> None:
    assert parse(serialize(SAID)) == SAID
    assert own(SAID) == SAID


def test_nothing_is_said_by_members_that_are_not_there_or_null() -> None:
    bare = parse({"purposeText": [{"content": "Deliver"}], "attributes": serialize(SAID)["attributes"], "intermediary": None, "id": "x"})
    assert bare.conditions == Conditions()


def test_a_business_may_leave_out_what_people_should_be_told() -> None:
    """What is missing can be read, and is found by lint; an absent retention grants nothing."""
    silent: Json = {"purposeText": [{"content": "Deliver"}], "attributes": [{"claim": "mobile", "hasNecessity": "dpv:Required"}]}
    assert parse(silent).attributes == (AttributeTerms("mobile", required=True, reason="", benefit="", keep_for=None),)
    assert serialize(parse(silent))["attributes"] == [{"claim": "mobile", "hasNecessity": "dpv:Required"}]


@pytest.mark.parametrize(
    ("value", "kind", "pointer"),
    [
        (said(hasPurpose="dpv:Delivery"), UNKNOWN_TERM, "/hasPurpose"),
        (said(hasPurpose="https://w3id.org/dpv#DeliveryOfGoods"), UNKNOWN_TERM, "/hasPurpose"),
        (said(hasPurpose=["dpv:DeliveryOfGoods"]), UNKNOWN_TERM, "/hasPurpose"),
        (said(hasPurpose=""), UNKNOWN_TERM, "/hasPurpose"),
        (said(hasLegalBasis="eu-gdpr:A6-1-g"), UNKNOWN_TERM, "/hasLegalBasis"),
        (said(prohibited=["dpv:Profiling", "dpv:profiling"]), UNKNOWN_TERM, "/prohibited/1"),
        (said(prohibited="dpv:Profiling"), TERMS, "/prohibited"),
        (said(prohibited=["dpv:Profiling"] * (MAX_LISTED + 1)), LIMIT_EXCEEDED, "/prohibited"),
        (said(hasRecipient=[{"name": "Posten", "role": "dpv:Postman"}]), UNKNOWN_TERM, "/hasRecipient/0/role"),
        (said(hasRecipient=[{"role": "dpv:Recipient"}]), TERMS, "/hasRecipient/0/name"),
        (said(hasRecipient=["Posten"]), TERMS, "/hasRecipient/0"),
        (said(controller="Shop AS"), TERMS, "/controller"),
        (said(controller={}), TERMS, "/controller/legalName"),
        (said(controller={"legalName": "Shop\u202e"}), TERMS, "/controller/legalName"),
        (said(controller={"legalName": "Shop", "country": "Norway"}), TERMS, "/controller/country"),
        (said(controller={"legalName": "Shop", "identifier": "shop.example"}), TERMS, "/controller/identifier"),
        (said(controller={"legalName": "Shop", "supportURI": ["javascript:alert(1)"]}), TERMS, "/controller/supportURI/0"),
        (said(controller={"legalName": "Shop", "supportURI": ["http://shop.example"]}), TERMS, "/controller/supportURI/0"),
        (said(controller={"legalName": "Shop", "supportURI": ["https://shop.example/" + "a" * 2000]}), TERMS, "/controller/supportURI/0"),
        (said(controller={"legalName": "Shop", "supportURI": [5]}), TERMS, "/controller/supportURI/0"),
        (said(controller={"legalName": "Shop", "supportURI": ["https://[::1"]}), TERMS, "/controller/supportURI/0"),
        (said(controller={"legalName": "Shop", "supportURI": ["https:///privacy"]}), TERMS, "/controller/supportURI/0"),
        (said(controller={"legalName": "Shop", "rightsEndpoint": "data:text/html,x"}), TERMS, "/controller/rightsEndpoint"),
        (said(intermediary={"legalName": ""}), TERMS, "/intermediary/legalName"),
        (said(supervisoryAuthority=[]), TERMS, "/supervisoryAuthority"),
        (said(process={"step": "x"}), TERMS, "/process/id"),
        (said(agreement=5), TERMS, "/agreement"),
        (said(dialogueMap={"id": "x"}), TERMS, "/dialogueMap/digestMultibase"),
        (said(purposeText=[{"content": "Deliver"}, {"content": "Levere", "lang": "norsk bokmål"}]), TERMS, "/purposeText/1/lang"),
        (said(purposeText=[{"content": "Deliver", "lang": 5}]), TERMS, "/purposeText/0/lang"),
        (said(purposeText=[{"content": "Deliver"}] * (MAX_LISTED + 1)), LIMIT_EXCEEDED, "/purposeText"),
        (said(attributes=[{"claim": "a", "hasNecessity": "dpv:Required"}] * (MAX_ROWS + 1)), LIMIT_EXCEEDED, "/attributes"),
        (row(hasNecessity="dpv:required"), UNKNOWN_TERM, "/attributes/0/hasNecessity"),
        (row(hasNecessity=["dpv:Required"]), UNKNOWN_TERM, "/attributes/0/hasNecessity"),
        (row(hasNecessity=None), UNKNOWN_TERM, "/attributes/0/hasNecessity"),
        (row(hasLegalBasis="consent"), UNKNOWN_TERM, "/attributes/0/hasLegalBasis"),
        (row(hasPersonalData="health"), UNKNOWN_TERM, "/attributes/0/hasPersonalData"),
        (row(hasRecipient=[{"name": ""}]), TERMS, "/attributes/0/hasRecipient/0/name"),
        (row(storage=None), TERMS, "/attributes/0"),
        (row(storage={"hasDuration": None}), TERMS, "/attributes/0/storage/hasDuration"),
        (row(storage={"hasDuration": "P2D", "trigger": "\n"}), TERMS, "/attributes/0/storage/trigger"),
        (row(storage={"hasDuration": "P2D", "hasLocation": "Norway"}), UNKNOWN_TERM, "/attributes/0/storage/hasLocation"),
        (row(ifNotShared=" "), TERMS, "/attributes/0/ifNotShared"),
        (row(insteadOf=5), TERMS, "/attributes/0/insteadOf"),
    ],
)
def test_what_is_wrong_is_told_where_it_stands(value: Json, kind: object, pointer: str) -> None:
    with pytest.raises(SaysoError) as refused:
        parse(value)
    (problem,) = refused.value.problems
    assert (problem.kind, problem.pointer) == (kind, pointer)


@pytest.mark.parametrize(
    "wrong",
    [
        SAID._replace(conditions=ALL._replace(category="delivery")),
        SAID._replace(conditions=ALL._replace(controller=Organisation(""))),
        SAID._replace(conditions=ALL._replace(purposes=(("nb", ""),))),
        SAID._replace(attributes=(ROW._replace(location="Norway"),)),
        SAID._replace(attributes=()),
        SAID._replace(conditions=cast("Any", "Shop AS")),
    ],
    ids=["term", "name", "translation", "location", "rows", "type"],
)
def test_a_business_that_says_it_wrong(wrong: SharingTerms) -> None:
    with pytest.raises(ValueError, match=r"\w"):
        own(wrong)


class TestVocabulary:
    def test_every_wider_purpose_is_one(self) -> None:
        assert {wider for wider in dpv.PURPOSES.values() if wider} <= dpv.PURPOSES.keys()

    def test_a_purpose_belongs_to_itself_and_to_what_is_wider(self) -> None:
        assert dpv.is_within("dpv:TargetedAdvertising", "dpv:Advertising")
        assert dpv.is_within("dpv:Marketing", "dpv:Marketing")
        assert not dpv.is_within("", "dpv:Marketing")
        assert not dpv.is_within("dpv:Advertising", "dpv:TargetedAdvertising")

    def test_terms_are_iris(self) -> None:
        assert dpv.expand("eu-gdpr:A6-1-a") == "https://w3id.org/dpv/legal/eu/gdpr#A6-1-a"
        assert dpv.expand(dpv.AI_TRAINING) == "ai-training"

    @pytest.mark.parametrize("term", ["loc:no", "loc:NOR", "NO", "loc:", "loc:NO "])
    def test_no_country(self, term: str) -> None:
        assert not dpv.is_location(term)


def test_a_verifier_that_says_it_wrong() -> None:
    with pytest.raises(ValueError, match="known here"):
        Verifier.generate(conditions=Conditions(category="delivery"))
    with pytest.raises(TypeError, match="conditions are Conditions, not str"):
        Verifier.generate(conditions=cast("Any", "Shop AS"))
