"""A claim inside of another one: an answer does not tell which was chosen, and nothing is kept for longer than the customer saw."""

from datetime import datetime, timedelta
from typing import Any

import pytest

from sayso import WILL_NOT_STORE, Attribute, Plan, Share
from sayso.testing.world import START
from tests.journeys.town import Town, town

DAY = timedelta(days=1)
YEARS = timedelta(days=3650)
ZIP, CITY = ("address", "zip"), ("address", "city")
NAME = Attribute("given_name", keep_for=YEARS)


@pytest.fixture
def there() -> Town:
    return town()


def shared(there: Town, choose: Any, *claims: Any, **choices: Any) -> tuple[Plan, Share]:
    request = there.ask(NAME, *claims, **choices)
    plan = choose(there.ada.plan(request))
    return plan, there.bar.accept(there.ada.present(plan), request)


def ends(share: Share) -> dict[str, datetime]:
    return {name: end for name, end in share.available.items() if name != "given_name"}


def address(keep_for: Any) -> Attribute:
    return Attribute("address", keep_for=keep_for)


def part(keep_for: Any, claim: Any = ZIP) -> Attribute:
    return Attribute(claim, keep_for=keep_for)


def test_what_is_around_a_part_ends_with_the_part_that_was_chosen(there: Town) -> None:
    plan, share = shared(there, lambda plan: plan.also(ZIP), optional=[address(YEARS), part(DAY)])
    assert plan.leaves == {"given_name": "Ada", ZIP: "0150"}
    assert ends(share) == {"address": START + DAY, "address.zip": START + DAY}
    there.world.clock.turn(DAY)
    assert share.read() == {"given_name": "Ada"}


def test_what_stands_in_for_the_whole_ends_as_it_says(there: Town) -> None:
    asked = Attribute("address", keep_for=YEARS, accepts=(part(DAY),))
    _, share = shared(there, lambda plan: plan, asked)
    assert ends(share) == {"address": START + DAY, "address.zip": START + DAY}


def test_what_is_not_kept_is_read_once_though_something_around_it_is_kept(there: Town) -> None:
    _, share = shared(there, lambda plan: plan.also(ZIP), optional=[address(YEARS), part(WILL_NOT_STORE)])
    assert share.read() == {"given_name": "Ada", "address": {"zip": "0150"}}
    assert share.read() == {"given_name": "Ada"}


def test_a_part_that_was_not_chosen_ends_with_the_whole(there: Town) -> None:
    plan, share = shared(there, lambda plan: plan.also("address"), optional=[address(DAY), part(YEARS)])
    assert ZIP not in plan.names
    assert ends(share) == {"address": START + DAY, "address.zip": START + DAY}


def test_a_part_of_a_whole_that_is_not_kept_is_not_kept(there: Town) -> None:
    _, share = shared(there, lambda plan: plan.also("address"), optional=[address(WILL_NOT_STORE), part(YEARS)])
    share.read()
    assert share.read() == {"given_name": "Ada"}


def test_several_parts_end_each_by_itself_and_what_is_around_them_with_the_last(there: Town) -> None:
    optional = [address(YEARS), part(DAY), part(2 * DAY, CITY)]
    _, share = shared(there, lambda plan: plan.also(ZIP, CITY), optional=optional)
    assert ends(share) == {"address": START + 2 * DAY, "address.zip": START + DAY, "address.city": START + 2 * DAY}


def test_what_is_required_was_chosen(there: Town) -> None:
    _, share = shared(there, lambda plan: plan.also("address"), part(2 * DAY), optional=[address(DAY)])
    assert ends(share) == {"address": START + DAY, "address.zip": START + 2 * DAY}
    _, share = shared(there, lambda plan: plan, address(2 * DAY), optional=[part(DAY)])
    assert ends(share) == {"address": START + 2 * DAY, "address.zip": START + DAY}


def test_two_names_of_one_place() -> None:
    there = town({"given_name": "Ada", "langs": ["no"]})
    first = ("langs", 0)
    _, share = shared(there, lambda plan: plan.also(first), optional=[Attribute(("langs", None), keep_for=YEARS), part(DAY, first)])
    assert set(ends(share).values()) == {START + DAY}


def test_of_claims_beside_each_other_each_ends_as_it_says(there: Town) -> None:
    _, share = shared(there, lambda plan: plan.also(ZIP, CITY), optional=[part(DAY), part(2 * DAY, CITY)])
    assert ends(share) == {"address.zip": START + DAY, "address.city": START + 2 * DAY}
