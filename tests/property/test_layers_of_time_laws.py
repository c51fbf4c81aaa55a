"""Laws of the seven layers of time: each refuses at its own instant, however far clocks may be apart, and not a second before."""

import json
from collections.abc import Callable
from datetime import datetime, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from sayso import Attribute, Custody, Expectations, LocalMasterKey, MemoryCustodyStore, MemoryStatusStore, SaysoError, examine
from sayso.errors import GRANT_ENDED, LEASE_LAPSED, RANGE_ERROR, RETENTION_ENDED, SHARE_ENDED, STATUS_VERIFICATION_ERROR, ProblemType
from sayso.retrieval import Retrieved
from sayso.sharing import standing
from sayso.testing.world import START
from tests.journeys.granting import DAY, LEASE, SECOND, UNTIL, Held, held
from tests.journeys.town import YEAR, kinds, payload_of, town
from tests.support import examples

pytestmark = pytest.mark.laws

SKEW = st.integers(0, 600).map(lambda seconds: seconds * SECOND)
LASTS = st.integers(2, 3600).map(lambda seconds: seconds * SECOND)
LONGER = st.integers(700, 3600).map(lambda seconds: seconds * SECOND)


def ends_at(end: datetime, kind: ProblemType, found: Callable[[datetime], list[ProblemType]]) -> None:
    """See that nothing is found until just before, and this from then on."""
    assert found(end - SECOND) == []
    for at in (end, end + SECOND, end + DAY):
        assert kind in found(at)


@given(LASTS)
@examples(50)
def test_1_a_request_is_answered_until_it_expires(lasts: timedelta) -> None:
    there = town()
    plan = there.plan("birthdate", answer_within=lasts)

    def found(at: datetime) -> list[ProblemType]:
        there.world.clock.set(at)
        try:
            there.ada.present(plan)
        except SaysoError as error:
            return kinds(error)
        return []

    ends_at(START + lasts, RANGE_ERROR, found)


@given(LASTS, SKEW)
@examples(50)
def test_2_a_proof_is_accepted_until_it_expires(lasts: timedelta, skew: timedelta) -> None:
    there = town()
    request = there.ask("birthdate", answer_within=lasts)
    ((presentation,),) = json.loads(there.answer(request).text)["vp_token"].values()
    asked = payload_of(request.text)
    expected = Expectations(issuers=[there.city.did], audience=asked["client_id"], nonce=asked["nonce"], skew=skew, max_age=YEAR)
    ends_at(START + lasts + skew, RANGE_ERROR, lambda at: [one.kind for one in examine(presentation, expected, at=at).problems])


@given(LASTS, SKEW)
@examples(50)
def test_3_a_card_is_valid_until_it_expires(lasts: timedelta, skew: timedelta) -> None:
    there = town()
    card = there.issue(valid_for=lasts)
    expected = Expectations(issuers=[there.city.did], holder_binding=False, skew=skew)
    ends_at(START + lasts + skew, RANGE_ERROR, lambda at: [one.kind for one in examine(card, expected, at=at).problems])


@given(LONGER, SKEW)
@examples(30)
def test_4_a_status_list_counts_until_it_expires(lasts: timedelta, skew: timedelta) -> None:
    there = town()
    book = there.city.status_book(
        MemoryStatusStore(), url="https://city.example/status", ttl=300 * SECOND, valid_for=lasts, purposes=["revocation"]
    )
    card = there.issue(status=book.allocate("card"), valid_for=YEAR)
    for published in book.publish():
        there.world.network.documents[published.url] = Retrieved(published.data, published.media_type)
    expected = Expectations(issuers=[there.city.did], holder_binding=False, skew=skew, max_status_age=YEAR)

    def found(at: datetime) -> list[ProblemType]:
        return [one.kind for one in examine(card, expected, at=at, fetch=there.world.network).problems]

    ends_at(START + lasts + skew, STATUS_VERIFICATION_ERROR, found)


def granted(one: Held, skew: timedelta) -> Callable[[datetime], list[ProblemType]]:
    """Say why a grant does not permit something at an instant."""

    def found(at: datetime) -> list[ProblemType]:
        try:
            standing.of(one.granted).require("birthdate", at, skew=skew)
        except SaysoError as error:
            return kinds(error)
        return []

    return found


@given(SKEW)
@examples(50)
def test_5_a_grant_holds_until_its_lease_lapses_or_it_ends(skew: timedelta) -> None:
    leased, plain = held(leased=True), held(keep_for=10 * DAY)
    ends_at(START + LEASE + skew, LEASE_LAPSED, granted(leased, skew))
    ends_at(START + 10 * DAY + skew, GRANT_ENDED, granted(plain, skew))
    assert leased.granted.until == START + UNTIL


@given(LASTS, SKEW)
@examples(50)
def test_6_a_claim_is_kept_as_long_as_was_said(lasts: timedelta, skew: timedelta) -> None:
    one = held(keep_for=lasts, optional=[Attribute("age_over_18", keep_for=lasts + DAY)])
    ends_at(START + lasts + skew, RETENTION_ENDED, granted(one, skew))


@given(LASTS)
@examples(50)
def test_7_custody_and_shares_in_memory_open_until_the_end(lasts: timedelta) -> None:
    there = town()
    custody = Custody(MemoryCustodyStore(), LocalMasterKey(bytes(32)), clock=there.world.clock)
    request = there.ask("birthdate", keep_for=lasts)
    made = there.ada.share(there.ada.plan(request))
    held_, share = there.bar.accept_into(custody, made.answer, request, grant=made.grant), there.share("birthdate", keep_for=lasts)

    def found(at: datetime) -> list[ProblemType]:
        there.world.clock.set(at)
        refused: list[ProblemType] = []
        for opened in (held_.use(purpose="Serve alcohol", step="door"), share.use(purpose="Serve alcohol")):
            try:
                with opened as values:
                    assert values == {"birthdate": "1990-12-10"}
            except SaysoError as error:
                refused += kinds(error)
        return refused

    ends_at(START + lasts, SHARE_ENDED, found)
    assert found(START) == [SHARE_ENDED, SHARE_ENDED]
