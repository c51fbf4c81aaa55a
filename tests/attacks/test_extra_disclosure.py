"""Somebody adds to, takes from, or swaps what a customer disclosed; or the customer's own wallet says more than it shows."""

import pytest

from sayso import SaysoError
from sayso.encodings import base64url
from sayso.errors import CRYPTOGRAPHIC_SECURITY_ERROR, EXCESS_DISCLOSURE, MISSING_CLAIM, PARSING_ERROR
from tests.journeys.town import Town, disclosure_named, kinds, opened, sealed_json, taken_apart, town


@pytest.fixture
def there() -> Town:
    return town(None)


def test_somebody_on_the_way_cannot_add_one(there: Town) -> None:
    card = there.issue()
    there.ada.store(card)
    request = there.ask("age_over_18")
    parts = taken_apart(there.answer(request))
    more = parts._replace(disclosures=(*parts.disclosures, disclosure_named(card, "birthdate")))
    with pytest.raises(SaysoError) as refused:
        there.bar.accept(more.answer(), request)
    assert [(problem.kind, problem.pointer) for problem in refused.value.problems] == [
        (CRYPTOGRAPHIC_SECURITY_ERROR, "/vc-sd-jwt/0/key_binding/sd_hash")
    ]


def test_nor_take_one_away(there: Town) -> None:
    there.ada.store(there.issue())
    request = there.ask("age_over_18")
    parts = taken_apart(there.answer(request))
    with pytest.raises(SaysoError) as refused:
        there.bar.accept(parts._replace(disclosures=()).answer(), request)
    assert kinds(refused.value) == [CRYPTOGRAPHIC_SECURITY_ERROR]


def test_the_holder_who_takes_one_away_has_not_answered(there: Town) -> None:
    there.ada.store(there.issue())
    request = there.ask("age_over_18", "given_name")
    parts = taken_apart(there.answer(request))
    with pytest.raises(SaysoError) as refused:
        there.bar.accept(parts._replace(disclosures=parts.disclosures[:1]).bound(there.ada_key), request)
    assert kinds(refused.value) == [MISSING_CLAIM]


def test_the_holder_cannot_change_a_value(there: Town) -> None:
    there.ada.store(there.issue({"age_over_18": False}))
    request = there.ask("age_over_18")
    parts = taken_apart(there.answer(request))
    salt, name, _ = opened(parts.disclosures[0])
    lie = base64url.encode(sealed_json([salt, name, True]))
    with pytest.raises(SaysoError) as refused:
        there.bar.accept(parts._replace(disclosures=(lie,)).bound(there.ada_key), request)
    assert [(problem.kind, problem.stage) for problem in refused.value.problems] == [(PARSING_ERROR, "prove")]


def test_the_holder_cannot_borrow_a_value_from_another_card(there: Town) -> None:
    """Every disclosure belongs to the card whose issuer signed its digest."""
    young, old = there.issue({"age_over_18": False}), there.issue({"age_over_18": True})
    there.ada.store(young)
    request = there.ask("age_over_18")
    parts = taken_apart(there.answer(request))
    with pytest.raises(SaysoError) as refused:
        there.bar.accept(parts._replace(disclosures=(disclosure_named(old, "age_over_18"),)).bound(there.ada_key), request)
    assert kinds(refused.value) == [PARSING_ERROR]


def test_twice_the_same(there: Town) -> None:
    there.ada.store(there.issue())
    request = there.ask("age_over_18")
    parts = taken_apart(there.answer(request))
    with pytest.raises(SaysoError) as refused:
        there.bar.accept(parts._replace(disclosures=parts.disclosures * 2).bound(there.ada_key), request)
    assert kinds(refused.value) == [PARSING_ERROR]


def test_an_element_of_an_array_that_nobody_asked_for(there: Town) -> None:
    card = there.issue()
    there.ada.store(card)
    request = there.ask(("langs", 1))
    parts = taken_apart(there.answer(request))
    other = next(text for text in card.text.split("~")[1:-1] if opened(text)[1:] == ["fr"])
    with pytest.raises(SaysoError) as refused:
        there.bar.accept(parts._replace(disclosures=(*parts.disclosures, other)).bound(there.ada_key), request)
    assert [(problem.kind, problem.pointer) for problem in refused.value.problems] == [
        (EXCESS_DISCLOSURE, "/vc-sd-jwt/0/credentialSubject/langs/1")
    ]


def test_an_element_in_the_place_of_another(there: Town) -> None:
    """An index counts as the issuer counted: who shows another element does not answer."""
    card = there.issue()
    there.ada.store(card)
    request = there.ask(("langs", 1))
    parts = taken_apart(there.answer(request))
    outer = next(text for text in parts.disclosures if opened(text)[1] == "langs")
    other = next(text for text in card.text.split("~")[1:-1] if opened(text)[1:] == ["fr"])
    with pytest.raises(SaysoError) as refused:
        there.bar.accept(parts._replace(disclosures=(outer, other)).bound(there.ada_key), request)
    assert {*kinds(refused.value)} == {MISSING_CLAIM, EXCESS_DISCLOSURE}


def test_what_the_issuer_left_visible_is_never_an_excess(there: Town) -> None:
    there.ada.store(there.issue({"age_over_18": True, "name": "Ada"}, disclosable=["age_over_18"]))
    assert there.share("age_over_18").read() == {"age_over_18": True}
