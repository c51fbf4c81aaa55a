"""What a grant still permits: each end refuses at its own instant, by its own name, and not a second before."""

from collections.abc import Iterable
from datetime import datetime, timedelta

import pytest

from sayso import Attribute, Conditions, SaysoError
from sayso.errors import (
    GRANT_ENDED,
    GRANT_PAUSED,
    GRANT_WITHDRAWN,
    LEASE_LAPSED,
    NOT_GRANTED,
    PURPOSE_NOT_GRANTED,
    RANGE_ERROR,
    RETENTION_ENDED,
    SHARE_ENDED,
    ProblemType,
)
from sayso.sharing import standing
from sayso.sharing.events import Notice
from sayso.sharing.standing import End
from sayso.sharing.statements import Breach, ErasureRequest, Pause, Renewal, Returned, Statement, Withdrawal
from sayso.sharing.terms import WILL_NOT_STORE
from tests.journeys.granting import DAY, KEPT, LEASE, SECOND, UNTIL, Held, held, read_event
from tests.journeys.town import kinds, town

MINUTE = timedelta(minutes=1)


def refused(one: Held, notices: Iterable[Notice], at: datetime, *, skew: timedelta = timedelta()) -> ProblemType | None:
    """Say why the birthdate may not be used, None where it may."""
    now = standing.of(one.granted, notices)
    try:
        now.require("birthdate", at, skew=skew)
    except SaysoError as error:
        assert "birthdate" not in now.permitted(at, skew=skew)
        (kind,) = kinds(error)
        return kind
    assert "birthdate" in now.permitted(at, skew=skew)
    return None


def ends(one: Held, notices: Iterable[Notice], after: timedelta, kind: ProblemType) -> None:
    """See that it may be used until just before, and then never again."""
    notices = [*notices]
    end = one.granted.issued + after
    assert refused(one, notices, end - SECOND) is None
    for later in (timedelta(), SECOND, DAY):
        assert refused(one, notices, end + later) is kind
    for skew in (SECOND, MINUTE):
        held_back = timedelta() if kind in (GRANT_WITHDRAWN, GRANT_PAUSED) else skew
        assert refused(one, notices, end + held_back, skew=skew) is kind
        assert refused(one, notices, end + held_back - SECOND, skew=skew) is None


class TestEachLayerOfTime:
    """The layers of a share, each with a clock that is stepped a second around its end."""

    def test_1_the_request(self) -> None:
        there = town()
        plan = there.plan("birthdate", answer_within=MINUTE)
        there.world.clock.turn(MINUTE - SECOND)
        there.ada.present(plan)
        there.world.clock.turn(SECOND)
        with pytest.raises(SaysoError) as error:
            there.ada.present(plan)
        assert kinds(error.value) == [RANGE_ERROR]

    @pytest.mark.parametrize("after", [-SECOND, timedelta()])
    def test_2_the_proof(self, after: timedelta) -> None:
        there = town()
        request = there.ask("birthdate", answer_within=MINUTE)
        answer = there.answer(request)
        there.world.clock.turn(MINUTE + after)
        if after:
            assert there.bar.accept(answer, request).names == ("birthdate",)
            return
        with pytest.raises(SaysoError) as error:
            there.bar.accept(answer, request)
        assert kinds(error.value) == [RANGE_ERROR]

    def test_5_the_grant(self) -> None:
        one = held(leased=True)
        days = range(19, 80, 19)
        renewals = [one.notice(Renewal(one.granted.issued + day * DAY + LEASE), after=day * DAY, identifier=str(day)) for day in days]
        renewals += [one.notice(Renewal(one.granted.issued + 96 * DAY), after=90 * DAY, identifier="a")]
        renewals += [one.notice(Renewal(one.granted.until), after=95 * DAY, identifier="b")]
        ends(one, renewals, UNTIL, GRANT_ENDED)

    def test_5_the_lease(self) -> None:
        one = held(leased=True)
        ends(one, [], LEASE, LEASE_LAPSED)
        renewed = one.notice(Renewal(one.granted.issued + 30 * DAY), after=10 * DAY)
        ends(one, [renewed], 30 * DAY, LEASE_LAPSED)

    def test_5_a_grant_without_a_lease_ends_with_the_share(self) -> None:
        ends(held(), [], KEPT, GRANT_ENDED)

    def test_6_the_retention(self) -> None:
        one = held(keep_for=40 * DAY, optional=[Attribute("age_over_18", keep_for=50 * DAY)])
        ends(one, [], 40 * DAY, RETENTION_ENDED)

    def test_6_a_renewal_begins_it_anew(self) -> None:
        one = held(leased=True, keep_for=15 * DAY, optional=[Attribute("age_over_18", keep_for=50 * DAY)])
        ends(one, [], 15 * DAY, RETENTION_ENDED)
        renewed = one.notice(Renewal(one.granted.issued + 34 * DAY), after=14 * DAY)
        ends(one, [renewed], 29 * DAY, RETENTION_ENDED)

    def test_6_but_not_of_what_is_gone(self) -> None:
        one = held(leased=True, keep_for=15 * DAY, optional=[Attribute("age_over_18", keep_for=50 * DAY)])
        late = one.notice(Renewal(one.granted.issued + 35 * DAY), after=15 * DAY)
        ends(one, [late], 15 * DAY, RETENTION_ENDED)
        assert standing.of(one.granted, [late]).end("age_over_18").at == one.granted.issued + 35 * DAY

    def test_7_the_share(self) -> None:
        there = town()
        share = there.share("birthdate", keep_for=KEPT)
        there.world.clock.turn(KEPT - SECOND)
        assert share.read()
        there.world.clock.turn(SECOND)
        with pytest.raises(SaysoError) as error:
            share.read()
        assert kinds(error.value) == [SHARE_ENDED]


def test_it_does_not_hold_before_it_begins() -> None:
    one = held()
    assert refused(one, [], one.granted.issued) is None
    assert refused(one, [], one.granted.issued - SECOND) is GRANT_ENDED
    assert refused(one, [], one.granted.issued - SECOND, skew=SECOND) is None


def test_what_is_not_kept_is_not_renewed() -> None:
    one = held(leased=True, optional=[Attribute("age_over_18", keep_for=WILL_NOT_STORE)])
    renewed = one.notice(Renewal(one.granted.issued + LEASE + MINUTE), after=MINUTE)
    brief = standing.of(one.granted, [renewed]).end("age_over_18")
    assert brief == End(one.granted.issued + timedelta(minutes=5), RETENTION_ENDED)


def stopping(one: Held) -> list[Statement]:
    due = one.granted.issued + 50 * DAY
    return [Withdrawal(), Withdrawal(("birthdate",)), ErasureRequest(due), ErasureRequest(due, ("birthdate",))]


@pytest.mark.parametrize("index", range(4))
def test_what_is_withdrawn_ends_at_once(index: int) -> None:
    one = held()
    ends(one, [one.notice(stopping(one)[index], after=DAY)], DAY, GRANT_WITHDRAWN)


def test_what_is_given_back_ends_at_once() -> None:
    one = held()
    one.of.there.world.clock.turn(DAY)
    back = one.of.there.bar.give_back(one.grant, "birthdate", since=one.granted.issued, text="Not used")
    ends(one, [read_event(one, back, DAY)], DAY, GRANT_WITHDRAWN)


def test_only_what_is_withdrawn_ends() -> None:
    one = held()
    now = standing.of(one.granted, [one.notice(Withdrawal(("age_over_18",)), after=DAY)])
    assert now.permitted(one.granted.issued + 2 * DAY) == ("birthdate",)
    assert (now.end("age_over_18"), now.end("birthdate")) == (
        End(one.granted.issued + DAY, GRANT_WITHDRAWN),
        End(one.granted.until, GRANT_ENDED),
    )


def test_a_withdrawal_counts_also_after_an_end_that_a_skew_puts_off() -> None:
    one = held(leased=True)
    withdrawn = one.notice(Withdrawal(), after=LEASE + SECOND)
    at = one.granted.issued + LEASE + SECOND
    assert refused(one, [], at, skew=MINUTE) is None
    assert refused(one, [withdrawn], at, skew=MINUTE) is GRANT_WITHDRAWN
    assert standing.of(one.granted, [withdrawn]).end("birthdate").kind is LEASE_LAPSED


def test_what_ended_stays_ended() -> None:
    one = held(leased=True)
    withdrawn = one.notice(Withdrawal(), after=DAY, identifier="w")
    renewed = one.notice(Renewal(one.granted.issued + LEASE + DAY), after=2 * DAY, identifier="r")
    for order in ([withdrawn, renewed], [renewed, withdrawn], [renewed, withdrawn, withdrawn, renewed]):
        ends(one, order, DAY, GRANT_WITHDRAWN)
    late = one.notice(Renewal(one.granted.issued + LEASE + DAY), after=LEASE)
    ends(one, [late], LEASE, LEASE_LAPSED)


def test_a_renewal_takes_nothing_away() -> None:
    one = held(leased=True)
    shorter = one.notice(Renewal(one.granted.issued + 2 * DAY), after=DAY)
    ends(one, [shorter], LEASE, LEASE_LAPSED)


def test_a_pause_ends() -> None:
    one = held()
    paused = one.notice(Pause(one.granted.issued + 5 * DAY), after=DAY, identifier="a")
    start, end = one.granted.issued + DAY, one.granted.issued + 5 * DAY
    found = [refused(one, [paused], at) for at in (start - SECOND, start, end - SECOND, end)]
    assert found == [None, GRANT_PAUSED, GRANT_PAUSED, None]
    over = one.notice(Pause(one.granted.issued), after=2 * DAY, identifier="b")
    assert refused(one, [over, paused], start + 2 * DAY) is None


def test_what_is_said_of_another_grant_is_not_about_this() -> None:
    one, other = held(), held(keep_for=DAY)
    withdrawn = other.notice(Withdrawal())
    assert withdrawn.grant != one.granted.digest
    ends(one, [withdrawn], KEPT, GRANT_ENDED)


def test_purposes() -> None:
    one = held(conditions=Conditions(category="dpv:ServiceProvision"))
    now, at = standing.of(one.granted), one.granted.issued
    for purpose in (None, "Serve alcohol", "dpv:ServiceProvision"):
        now.require(("birthdate",), at, purpose=purpose)
    plain = standing.of(held().granted)
    for purpose in ("dpv:Marketing", "", "serve alcohol"):
        for one_of_both in (now, plain):
            with pytest.raises(SaysoError) as error:
                one_of_both.require("birthdate", at, purpose=purpose)
            assert kinds(error.value) == [PURPOSE_NOT_GRANTED]
    with pytest.raises(SaysoError) as error:
        now.require("given_name", at)
    assert kinds(error.value) == [NOT_GRANTED]


def test_a_breach_takes_nothing_away_and_is_found() -> None:
    one = held()
    told = one.of.there.bar.tell_breach(one.grant, "birthdate", noticed=one.granted.issued, text="A laptop was stolen")
    notice = read_event(one, told)
    assert notice.statements == (Breach(("birthdate",), one.granted.issued, "A laptop was stolen"),)
    assert standing.breached([notice, one.notice(Withdrawal())]) == ("birthdate",)
    assert not isinstance(notice.statements[0], Returned)
    ends(one, [notice], KEPT, GRANT_ENDED)
