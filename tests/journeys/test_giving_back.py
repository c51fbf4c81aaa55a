"""A shop counts what it opens, and gives back the birthday that it never used."""

from datetime import timedelta

from sayso import Custody, LocalMasterKey, MemoryCustodyStore
from sayso.sharing.statements import Returned
from sayso.testing.world import START
from tests.journeys.town import town

MONTH, YEARS = timedelta(days=30), timedelta(days=3650)
PURPOSE = "Serve alcohol"


def test_in_a_hundred_months_the_birthdate_is_given_back_once_and_nothing_else_ever() -> None:
    there = town()
    custody = Custody(MemoryCustodyStore(), LocalMasterKey(bytes(32)), clock=there.world.clock)
    request = there.ask("given_name", "birthdate", "age_over_18", keep_for=YEARS)
    made = there.ada.share(there.ada.plan(request))
    share = there.bar.accept_into(custody, made.answer, request, grant=made.grant)
    with share.use("age_over_18", purpose=PURPOSE, step="door"):
        pass
    notices = []
    for month in range(1, 101):
        there.world.clock.turn(MONTH)
        with share.use("given_name", purpose=PURPOSE, step="greeting"):
            pass
        custody.sweep()
        for unused in custody.unused(there.world.clock() - 6 * MONTH):
            confirmation, notice = there.bar.confirm(custody, custody.give_back(unused.share, unused.claim))
            assert notice is not None
            erased = there.ada.read_erasure(confirmation, made.grant)
            notices.append((month, there.ada.read_event(notice, made.grant).statements, erased.digest))
    ((month, (returned,), erasure),) = notices
    text = "We have not used this, so we are giving it back."
    assert (month, returned) == (6, Returned(("birthdate",), START, START + 6 * MONTH, text, erasure))
    assert [one.claims for one in custody.statements()] == [("birthdate",)]
    assert {*share.available} == {"given_name", "age_over_18"}
    assert share.uses == {"given_name": {"greeting": 100}, "age_over_18": {"door": 1}}
    there.world.clock.turn(YEARS)
    assert [(one.claims, one.cause) for one in custody.sweep()] == [(("age_over_18", "given_name"), "ended")]
