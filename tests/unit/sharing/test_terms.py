"""Sharing terms say for every attribute why, what for and how long, in words that are fit for people."""

from datetime import timedelta
from typing import Any

import pytest

from sayso.credentials.kinds import Claim
from sayso.errors import TERMS, SaysoError
from sayso.jsonvalue import Json, JsonObject
from sayso.sharing.attribute import Attribute, Said, terms_of
from sayso.sharing.terms import (
    MAX_DURATION,
    NOTHING,
    WILL_NOT_STORE,
    AttributeTerms,
    SharingTerms,
    parse,
    read_duration,
    retention,
    serialize,
    write_duration,
)
from sayso.sharing.texts import MAX_TEXT_CHARACTERS, plain_text, printable

HOUR = timedelta(hours=1)
ROW = AttributeTerms("age", required=True, reason="The law", benefit="A drink", keep_for=HOUR)
SAID = SharingTerms("Serve alcohol", (ROW, AttributeTerms("mail", required=False, reason="News", benefit="Offers", keep_for=NOTHING)))
HOSTILE = ["\x00", "\n", "\x1b[31m", "\x7f", "\x85", "\x9f", "\u061c", "\u200e", "\u200f", "\u2028", "\u2029", "\u202e", "\u2066", "\u2069"]


class TestTextForPeople:
    @pytest.mark.parametrize("text", ["a", "Å", "你好", "🍺", "a" * MAX_TEXT_CHARACTERS, "a b", "العربية"])
    def test_fit(self, text: str) -> None:
        assert plain_text("purpose", text) == text

    @pytest.mark.parametrize("text", ["", " ", "\u3000", "a" * (MAX_TEXT_CHARACTERS + 1), *(f"a{bad}b" for bad in HOSTILE), "a\ud800"])
    def test_unfit(self, text: str) -> None:
        with pytest.raises(ValueError, match="purpose has 1 to 500 characters"):
            plain_text("purpose", text)

    @pytest.mark.parametrize("text", [None, 5, b"text", ["text"]])
    def test_no_text(self, text: object) -> None:
        with pytest.raises(TypeError, match="purpose is a text"):
            plain_text("purpose", text)

    def test_text_from_elsewhere_prints_in_one_line(self) -> None:
        assert printable("a" + "".join(HOSTILE[:2]) + "b") == "a\ufffd\ufffdb"
        assert printable("\ud800Å") == "\ufffdÅ"


class TestRetention:
    @pytest.mark.parametrize(
        ("keep_for", "kept"),
        [
            (HOUR, HOUR),
            (timedelta(seconds=1), timedelta(seconds=1)),
            (timedelta(seconds=1, microseconds=999_999), timedelta(seconds=1)),
            (MAX_DURATION, MAX_DURATION),
            (WILL_NOT_STORE, NOTHING),
        ],
    )
    def test_whole_seconds(self, keep_for: object, kept: timedelta) -> None:
        assert retention(keep_for) == kept

    @pytest.mark.parametrize(
        "keep_for",
        [timedelta(0), timedelta(microseconds=999_999), timedelta(seconds=-1), timedelta(days=-1), MAX_DURATION + timedelta(seconds=1)],
    )
    def test_none_or_too_long(self, keep_for: timedelta) -> None:
        """DESIGN: `keep_for` <= 0 is a ValueError."""
        with pytest.raises(ValueError, match="WILL_NOT_STORE"):
            retention(keep_for)

    @pytest.mark.parametrize("keep_for", [None, 3600, 0, "PT1H", type(WILL_NOT_STORE)])
    def test_no_duration(self, keep_for: object) -> None:
        with pytest.raises(TypeError, match="timedelta"):
            retention(keep_for)

    def test_the_name_says_itself(self) -> None:
        assert repr(WILL_NOT_STORE) == "WILL_NOT_STORE"


class TestDurations:
    """ISO 8601-1, section 5.5.2.3."""

    @pytest.mark.parametrize(
        ("duration", "text"),
        [
            (timedelta(days=30), "P30D"),
            (timedelta(hours=1), "PT1H"),
            (timedelta(minutes=90), "PT1H30M"),
            (timedelta(seconds=59), "PT59S"),
            (timedelta(days=1, hours=2, minutes=3, seconds=4), "P1DT2H3M4S"),
            (timedelta(days=2, seconds=5), "P2DT5S"),
            (NOTHING, "PT0S"),
            (MAX_DURATION, "P36525D"),
        ],
    )
    def test_written_and_read(self, duration: timedelta, text: str) -> None:
        assert write_duration(duration) == text
        assert read_duration(text) == duration

    @pytest.mark.parametrize(
        ("text", "duration"),
        [
            ("P2W", timedelta(weeks=2)),
            ("P0D", NOTHING),
            ("PT90M", timedelta(minutes=90)),
            ("PT3600S", HOUR),
            ("P0DT0H0M1S", timedelta(seconds=1)),
            ("P007D", timedelta(days=7)),
        ],
    )
    def test_other_spellings(self, text: str, duration: timedelta) -> None:
        assert read_duration(text) == duration

    @pytest.mark.parametrize(
        "text",
        [
            *(
                "",
                "P",
                "PT",
                "P1",
                "P1DT",
                "P1Y",
                "P1M",
                "P1W1D",
                "p1d",
                "-P1D",
                "+P1D",
                "P-1D",
                "P1.5D",
                "PT1,5S",
                "PT1S ",
                " PT1S",
                "PT1S\n",
            ),
            *("1D", "P1D2H", "PT1M1H", "P\u0661D", "P1000000D", "P99999999W", "willNotStore", "P5218W"),
            *(None, 3600, True, ["P1D"]),
        ],
    )
    def test_no_duration(self, text: Json) -> None:
        with pytest.raises(SaysoError) as refused:
            read_duration(text)
        assert refused.value.problems[0].kind is TERMS

    def test_the_longest(self) -> None:
        assert read_duration("P36525D") == MAX_DURATION
        with pytest.raises(SaysoError, match="hundred years"):
            read_duration("P36525DT1S")


class TestOfOnePurpose:
    def test_a_row_for_each_claim(self) -> None:
        ids: dict[Claim, str] = {"age": "age", ("address", "city"): "c1"}
        said = Said("Serve alcohol", "A drink", timedelta(hours=1, microseconds=5))
        assert terms_of([Attribute("age")], [Attribute(("address", "city"))], ids, said) == SharingTerms(
            "Serve alcohol",
            (
                AttributeTerms("age", required=True, reason="Serve alcohol", benefit="A drink", keep_for=HOUR),
                AttributeTerms("c1", required=False, reason="Serve alcohol", benefit="A drink", keep_for=HOUR),
            ),
        )

    @pytest.mark.parametrize(
        ("words", "error"),
        [
            ({"purpose": ""}, ValueError),
            ({"purpose": None}, TypeError),
            ({"benefit": "a\nb"}, ValueError),
            ({"benefit": 5}, TypeError),
            ({"keep_for": timedelta(0)}, ValueError),
            ({"keep_for": 5}, TypeError),
            ({"if_not_shared": "a\nb"}, ValueError),
        ],
    )
    def test_wrong_words(self, words: Any, error: type[Exception]) -> None:
        with pytest.raises(error, match=next(iter(words))):
            terms_of([Attribute("age")], [], {"age": "age"}, Said(**{"purpose": "p", "benefit": "b", "keep_for": HOUR, **words}))


def terms(**changed: Json) -> JsonObject:
    return {name: value for name, value in {**serialize(SAID), **changed}.items() if value is not None}


def row(**changed: Json) -> JsonObject:
    """Give terms with one row, with some of its members changed, or left out where they become None."""
    rows = serialize(SAID)["attributes"]
    assert isinstance(rows, list)
    assert isinstance(rows[0], dict)
    return terms(attributes=[{name: value for name, value in {**rows[0], **changed}.items() if value is not None}])


class TestOnTheWire:
    def test_every_member(self) -> None:
        """CONTROL 2.1: names of DPV."""
        assert serialize(SAID) == {
            "purposeText": [{"content": "Serve alcohol"}],
            "attributes": [
                {
                    "claim": "age",
                    "hasNecessity": "dpv:Required",
                    "reason": "The law",
                    "benefit": "A drink",
                    "storage": {"hasDuration": "PT1H"},
                },
                {
                    "claim": "mail",
                    "hasNecessity": "dpv:Optional",
                    "reason": "News",
                    "benefit": "Offers",
                    "storage": {"hasDuration": "PT0S"},
                },
            ],
        }

    def test_what_was_written_is_read(self) -> None:
        assert parse(serialize(SAID)) == SAID

    def test_unknown_members_are_ignored(self) -> None:
        assert parse(terms(id="urn:uuid:5c1f")) == SAID
        assert parse(row(colour="red", storage={"hasDuration": "PT1H", "shelf": 3})).attributes == (ROW,)

    @pytest.mark.parametrize(
        ("value", "pointer"),
        [
            (None, ""),
            ("text", ""),
            ([], ""),
            (terms(purposeText=[]), "/purposeText"),
            (terms(purposeText="Serve alcohol"), "/purposeText"),
            (terms(purposeText=["Serve alcohol"]), "/purposeText/0"),
            (terms(purposeText=[{}]), "/purposeText/0/content"),
            (terms(purposeText=[{"content": "a\u202eb"}]), "/purposeText/0/content"),
            (terms(attributes=[]), "/attributes"),
            (terms(attributes={}), "/attributes"),
            (terms(attributes=["age"]), "/attributes/0"),
            (row(storage="PT1H"), "/attributes/0"),
            (row(storage={"hasDuration": "P1Y"}), "/attributes/0/storage/hasDuration"),
            (row(claim=None), "/attributes/0/claim"),
            (row(claim=5), "/attributes/0/claim"),
            (row(reason=""), "/attributes/0/reason"),
            (row(benefit="a" * 501), "/attributes/0/benefit"),
        ],
    )
    def test_terms_that_are_wrong(self, value: Json, pointer: str) -> None:
        with pytest.raises(SaysoError) as refused:
            parse(value)
        (problem,) = refused.value.problems
        assert (problem.kind, problem.pointer) == (TERMS, pointer)

    def test_no_message_repeats_what_was_said(self) -> None:
        for value in (
            row(reason="secret\n"),
            row(hasNecessity="secret"),
            row(storage={"hasDuration": "secret"}),
            terms(purposeText=["secret"]),
        ):
            with pytest.raises(SaysoError) as refused:
                parse(value)
            assert "secret" not in str(refused.value)
