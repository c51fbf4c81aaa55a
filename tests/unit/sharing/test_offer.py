"""An offer names claims and terms, and holds nothing else."""

from collections.abc import Callable
from dataclasses import replace
from datetime import timedelta
from typing import Any

import pytest

from sayso.errors import (
    INVALID_DOMAIN_ERROR,
    INVALID_VERIFICATION_METHOD,
    LIMIT_EXCEEDED,
    MALFORMED_VALUE_ERROR,
    OFFER,
    TERMS,
    UNKNOWN_TERM,
    ProblemType,
    SaysoError,
)
from sayso.identifiers import Did
from sayso.sharing import offer
from sayso.sharing.attribute import Attribute
from sayso.sharing.conditions import Link
from sayso.sharing.offer import Offered, Proposal, Refusal
from sayso.sharing.terms import NOTHING, WILL_NOT_STORE
from sayso.testing.world import START

DAY = timedelta(days=1)
CUSTOMER, SHOP = Did("did:key:z6MktwupdmLXVVqTzCw4i46r4uGyosGXRnR3XjN4Zq7oMMsw"), Did("did:web:shop.example")
PROPOSAL = Proposal(
    id="a",
    customer=CUSTOMER,
    business=SHOP,
    issued=START,
    expires=START + DAY,
    purpose="Deliver a sofa",
    attributes=(Offered(("address", "zip"), 30 * DAY), Offered("mobile", NOTHING), Offered(("langs", None), DAY)),
    category="dpv:DeliveryOfGoods",
    prohibited=("dpv:Marketing", "ai-training"),
    agreement="https://myterms.info/agreements/SD-BASE",
)
REFUSAL = Refusal(SHOP, CUSTOMER, START, Link("a", "uEi"), "not-now", "We are on holiday")


def test_what_is_written_is_read() -> None:
    assert offer.parse(offer.serialize(PROPOSAL)) == PROPOSAL
    assert offer.parse(offer.own(PROPOSAL)) == PROPOSAL
    assert offer.parse_refusal(offer.serialize_refusal(REFUSAL)) == REFUSAL


def test_a_path_of_one_name_is_the_name() -> None:
    payload: Any = offer.serialize(PROPOSAL)
    payload["attributes"][1]["claim"] = ["mobile"]
    assert offer.parse(payload) == PROPOSAL


def _set(*steps: str | int, to: Any) -> Callable[[Any], None]:
    def change(members: Any) -> None:
        for step in steps[:-1]:
            members = members[step]
        members[steps[-1]] = to

    return change


REFUSED: dict[str, tuple[Callable[[Any], None], ProblemType, str]] = {
    "a member that is not known": (_set("vp_token", to={"mobile": "+47"}), OFFER, ""),
    "a value": (_set("attributes", 1, "value", to="+47 900 00 000"), OFFER, "/attributes/1"),
    "a value in a storage": (_set("attributes", 1, "storage", "value", to="+47 900 00 000"), OFFER, "/attributes/1/storage"),
    "a value in a purpose": (_set("purposeText", 0, "value", to="+47"), OFFER, "/purposeText/0"),
    "no issuer": (_set("iss", to=None), OFFER, "/iss"),
    "an audience that is no DID": (_set("aud", to="shop.example"), OFFER, "/aud"),
    "two audiences": (_set("aud", to=[SHOP, CUSTOMER]), OFFER, "/aud"),
    "no id": (_set("jti", to=None), TERMS, "/jti"),
    "no purpose": (_set("purposeText", to=[]), OFFER, "/purposeText"),
    "a purpose that is none": (_set("purposeText", to=["x"]), TERMS, "/purposeText/0"),
    "two purposes": (_set("purposeText", to=[{"content": "a"}, {"content": "b"}]), OFFER, "/purposeText"),
    "a category that is none": (_set("hasPurpose", to="dpv:Whatever"), UNKNOWN_TERM, "/hasPurpose"),
    "a prohibition that is none": (_set("prohibited", to=["dpv:Whatever"]), UNKNOWN_TERM, "/prohibited/0"),
    "no attributes": (_set("attributes", to=[]), OFFER, "/attributes"),
    "too many attributes": (lambda members: members.update(attributes=members["attributes"] * 100), LIMIT_EXCEEDED, "/attributes"),
    "a row that is none": (_set("attributes", 0, to="mobile"), TERMS, "/attributes/0"),
    "a claim that is none": (_set("attributes", 0, "claim", to={}), OFFER, "/attributes/0/claim"),
    "a claim with a line break": (_set("attributes", 0, "claim", to="a\nb"), OFFER, "/attributes/0/claim"),
    "a claim twice": (_set("attributes", 0, "claim", to=["mobile"]), OFFER, "/attributes"),
    "no retention": (_set("attributes", 0, "storage", to={}), TERMS, "/attributes/0/storage/hasDuration"),
    "no storage": (_set("attributes", 0, "storage", to=None), TERMS, "/attributes/0"),
    "a retention in years": (_set("attributes", 0, "storage", "hasDuration", to="P1Y"), TERMS, "/attributes/0/storage/hasDuration"),
    "no dates": (_set("iat", to=None), MALFORMED_VALUE_ERROR, "/iat"),
    "ends before it begins": (_set("exp", to=1), OFFER, "/exp"),
    "for ever": (_set("exp", to=32503680000), OFFER, "/exp"),
}


@pytest.mark.parametrize("what", REFUSED)
def test_what_is_refused(what: str) -> None:
    change, kind, place = REFUSED[what]
    payload = offer.serialize(PROPOSAL)
    change(payload)
    with pytest.raises(SaysoError) as refused:
        offer.parse(payload)
    assert [(one.kind, one.pointer) for one in refused.value.problems] == [(kind, place)]
    assert "+47" not in str(refused.value)


@pytest.mark.parametrize(
    ("change", "kind", "place"),
    [
        (_set("more", to=1), OFFER, ""),
        (_set("offer", to=None), OFFER, "/offer"),
        (_set("offer", to={"id": "a"}), TERMS, "/offer/digestMultibase"),
        (_set("reason", to="because"), OFFER, "/reason"),
        (_set("reason", to=[]), OFFER, "/reason"),
        (_set("iss", to=1), OFFER, "/iss"),
        (_set("reasonText", to=""), TERMS, "/reasonText"),
    ],
    ids=["a member that is not known", "no offer", "half an offer", "a reason", "no reason", "no issuer", "no text"],
)
def test_what_is_no_refusal(change: Callable[[Any], None], kind: ProblemType, place: str) -> None:
    payload = offer.serialize_refusal(REFUSAL)
    change(payload)
    with pytest.raises(SaysoError) as refused:
        offer.parse_refusal(payload)
    assert [(one.kind, one.pointer) for one in refused.value.problems] == [(kind, place)]


def test_whom_it_is_from_and_for() -> None:
    payload = offer.serialize(PROPOSAL)
    assert offer.meant_for(payload, CUSTOMER, SHOP) == PROPOSAL
    for signer, business, kind in ((SHOP, SHOP, INVALID_VERIFICATION_METHOD), (CUSTOMER, CUSTOMER, INVALID_DOMAIN_ERROR)):
        with pytest.raises(SaysoError) as refused:
            offer.meant_for(payload, signer, business)
        assert refused.value.problems[0].kind is kind


def test_how_long_each_may_be_kept() -> None:
    own = Attribute("mobile", keep_for=DAY)
    assert offer.offered(["a", own], WILL_NOT_STORE) == (Offered("a", NOTHING), Offered("mobile", DAY))
    with pytest.raises(ValueError, match="nothing else"):
        offer.offered([Attribute("a", reason="so")], DAY)


def test_wrong_use() -> None:
    wrong: Any = 7
    for proposal in (
        replace(PROPOSAL, purpose=""),
        replace(PROPOSAL, attributes=()),
        replace(PROPOSAL, attributes=(Offered(wrong, DAY),)),
        replace(PROPOSAL, prohibited=("everything",)),
        replace(PROPOSAL, prohibited=(wrong,)),
    ):
        with pytest.raises(ValueError, match=r".+"):
            offer.own(proposal)
    with pytest.raises(ValueError, match="reason is one of"):
        offer.serialize_refusal(REFUSAL._replace(reason="because"))
    with pytest.raises(ValueError, match="text"):
        offer.serialize_refusal(REFUSAL._replace(text="a\nb"))
    assert "reasonText" not in offer.serialize_refusal(REFUSAL._replace(text=""))
