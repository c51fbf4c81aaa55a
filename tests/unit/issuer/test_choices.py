"""An issuer chooses how long a credential holds and what its holder may keep back."""

from collections.abc import Collection
from datetime import UTC, datetime, timedelta
from typing import Any

import pytest

from sayso import ALL
from sayso.credentials.claims_path import Location
from sayso.credentials.formats import SD_JWT_VC, VCDM_SD_JWT, Format
from sayso.credentials.kinds import CredentialType
from sayso.issuer.choices import Lifetime, hidden, lifetime
from sayso.jsonvalue import JsonObject

NOW = datetime(2026, 11, 20, 23, 59, 59, 999_999, tzinfo=UTC)
DAY = timedelta(days=1)
SECOND = timedelta(seconds=1)
MIDNIGHT = datetime(2026, 11, 20, tzinfo=UTC)
LAST_SECOND = NOW.replace(microsecond=0)
CLAIMS: JsonObject = {"id": "urn:x", "name": "Ada", "address": {"city": "Oslo", "geo": {"lat": 1, "lon": 2}}, "langs": ["no", "en"]}


class TestLifetime:
    @pytest.mark.parametrize("duration", [SECOND, timedelta(hours=1), DAY - timedelta(microseconds=1)])
    def test_less_than_a_day_begins_with_the_second(self, duration: timedelta) -> None:
        assert lifetime(NOW, None, None, duration) == Lifetime(LAST_SECOND, LAST_SECOND + timedelta(seconds=int(duration.total_seconds())))

    def test_a_day_or_more_begins_with_the_day(self) -> None:
        """DESIGN: `validFrom` is rounded down to the day when the credential lives a day or more."""
        assert lifetime(NOW, None, None, DAY).start == MIDNIGHT
        assert lifetime(NOW, None, NOW + DAY, None).start == MIDNIGHT

    @pytest.mark.parametrize(
        ("duration", "end"),
        [
            (DAY, MIDNIGHT + 2 * DAY),
            (DAY + SECOND, MIDNIGHT + 2 * DAY),
            (DAY + 2 * SECOND, MIDNIGHT + 3 * DAY),
            (365 * DAY, MIDNIGHT + 366 * DAY),
        ],
    )
    def test_a_duration_of_a_day_or_more_ends_with_a_day_and_is_never_cut_short(self, duration: timedelta, end: datetime) -> None:
        """Neither end betrays the second, and a card for one day that is issued before midnight is not over at midnight."""
        assert lifetime(NOW, None, None, duration).end == end

    def test_from_midnight_it_is_exact(self) -> None:
        assert lifetime(NOW, MIDNIGHT, None, 30 * DAY) == Lifetime(MIDNIGHT, MIDNIGHT + 30 * DAY)

    def test_a_named_end_is_kept_to_the_second(self) -> None:
        end = datetime(2027, 1, 1, 12, 30, 15, 5, tzinfo=UTC)
        assert lifetime(NOW, None, end, None).end == end.replace(microsecond=0)

    def test_a_named_beginning(self) -> None:
        start = datetime(2027, 1, 1, 12, 30, 15, 5, tzinfo=UTC)
        assert lifetime(NOW, start, None, SECOND) == Lifetime(start.replace(microsecond=0), start.replace(microsecond=0) + SECOND)
        assert lifetime(NOW, start, None, DAY) == Lifetime(datetime(2027, 1, 1, tzinfo=UTC), datetime(2027, 1, 3, tzinfo=UTC))

    def test_the_day_is_that_of_utc(self) -> None:
        start = datetime.fromisoformat("2027-01-01T01:00:00+02:00")
        assert lifetime(NOW, start, None, DAY).start == datetime(2026, 12, 31, tzinfo=UTC)

    @pytest.mark.parametrize(
        "duration", [timedelta(0), -SECOND, timedelta(microseconds=999_999), timedelta.max, timedelta(days=366 * 8000), timedelta.min]
    )
    def test_durations_that_are_none(self, duration: timedelta) -> None:
        with pytest.raises(ValueError, match=r"valid_for|ends after it begins"):
            lifetime(NOW, None, None, duration)

    @pytest.mark.parametrize("end", [NOW, LAST_SECOND, NOW - DAY])
    def test_an_end_before_the_beginning(self, end: datetime) -> None:
        with pytest.raises(ValueError, match="ends after it begins"):
            lifetime(NOW, None, end, None)

    @pytest.mark.parametrize(("end", "duration"), [(None, None), (NOW + DAY, DAY)])
    def test_exactly_one_of_both(self, end: datetime | None, duration: timedelta | None) -> None:
        with pytest.raises(ValueError, match="every credential ends"):
            lifetime(NOW, None, end, duration)

    @pytest.mark.parametrize(
        ("start", "end", "duration", "name"),
        [
            (None, None, 5, "valid_for"),
            (None, "2027-01-01", None, "valid_until"),
            (None, NOW.date() + DAY, None, "valid_until"),
            ("2027-01-01", None, DAY, "valid_from"),
            (0, None, DAY, "valid_from"),
        ],
    )
    def test_other_things(self, start: Any, end: Any, duration: Any, name: str) -> None:
        with pytest.raises(TypeError, match=name):
            lifetime(NOW, start, end, duration)

    def test_naive_instants(self) -> None:
        with pytest.raises(ValueError, match="valid_until must be an aware datetime"):
            lifetime(NOW, None, NOW.replace(tzinfo=None) + DAY, None)
        with pytest.raises(ValueError, match="valid_from must be an aware datetime"):
            lifetime(NOW, NOW.replace(tzinfo=None), None, DAY)


def places(
    choice: Any = ALL, kind: CredentialType | None = None, format_: Format = VCDM_SD_JWT, claims: JsonObject = CLAIMS
) -> set[Location]:
    """Give what may be kept back, below the root of the format."""
    document: JsonObject = (
        {"credentialSubject": claims, "issuer": "did:key:x"} if format_ is VCDM_SD_JWT else {**claims, "iss": "did:key:x"}
    )
    found = hidden(document, claims, format_, kind or CredentialType("Card"), choice)
    assert all(place[: len(format_.root)] == format_.root for place in found)
    return {place[len(format_.root) :] for place in found}


INSIDE: set[Location] = {
    ("name",),
    ("address",),
    ("address", "city"),
    ("address", "geo"),
    ("address", "geo", "lat"),
    ("address", "geo", "lon"),
    ("langs",),
    ("langs", 0),
    ("langs", 1),
}


class TestHidden:
    def test_by_default_every_claim_at_every_depth(self) -> None:
        assert places() == INSIDE

    def test_in_an_sd_jwt_vc_an_id_is_a_claim_like_any_other(self) -> None:
        assert places(format_=SD_JWT_VC) == {*INSIDE, ("id",)}

    def test_what_may_never_be_hidden_stays_visible_by_default(self) -> None:
        """SV-3: every claim that may be."""
        assert places(format_=SD_JWT_VC, claims={"status": {"status_list": {}}, "aud": "x", "name": "Ada"}) == {("name",)}
        assert ("status",) in places(claims={"status": "single"})

    def test_chosen_by_name_and_path(self) -> None:
        assert places(["name", ("address", "city"), ("langs", 1)]) == {("name",), ("address", "city"), ("langs", 1)}
        assert places([("langs", None)]) == {("langs", 0), ("langs", 1)}
        assert places([]) == set()
        assert places(["id"]) == {("id",)}

    @pytest.mark.parametrize(
        "choice",
        [["nam"], ["name", ("address", "street")], [("langs", 2)], [("name", "first")], [("langs", None), "nam"], [()], [("langs", -1)]],
    )
    def test_a_chosen_claim_must_be_there(self, choice: Collection[Any]) -> None:
        """A claim that is misspelt would stay visible, and nobody would notice."""
        with pytest.raises(ValueError, match="was chosen as disclosable and is not in the claims"):
            places(choice)

    @pytest.mark.parametrize("choice", ["name", b"x", None, 5, [5], [None], ["name", {"a": 1}]])
    def test_no_collection_of_claims(self, choice: Any) -> None:
        with pytest.raises(TypeError, match=r"disclosable is a collection of claims"):
            places(choice)

    def test_an_iterator(self) -> None:
        assert places(iter(["name", "langs"])) == {("name",), ("langs",)}

    def test_what_the_type_says(self) -> None:
        kind = CredentialType("Card", disclosable=["name", ("address", "geo"), "nickname"])
        assert places(kind=kind) == {("name",), ("address", "geo")}

    def test_what_the_type_shows(self) -> None:
        assert places(kind=CredentialType("Card", visible=["name", "address"])) == {("langs",), ("langs", 0), ("langs", 1)}
        for format_ in (VCDM_SD_JWT, SD_JWT_VC):
            kind = CredentialType("Card", disclosable=["name", "langs", ("langs", 0)], visible=["langs", "nickname"])
            assert places(kind=kind, format_=format_) == {("name",)}

    def test_what_the_type_shows_is_not_hidden_by_what_is_around_it(self) -> None:
        kind = CredentialType("Card", visible=[("address", "city")])
        assert places(kind=kind) == INSIDE - {("address",), ("address", "city")}
        assert places(kind=kind, format_=SD_JWT_VC) == {*INSIDE, ("id",)} - {("address",), ("address", "city")}
        kind = CredentialType("Card", visible=[("langs", 0)], disclosable=["langs", "name", ("langs", 1)])
        assert places(kind=kind) == {("name",), ("langs", 1)}

    def test_the_issuers_choice_counts_more_than_the_types(self) -> None:
        kind = CredentialType("Card", visible=["name"], disclosable=["langs"])
        assert places(["name"], kind) == {("name",)}

    def test_the_name_says_itself(self) -> None:
        assert repr(ALL) == "ALL"
