"""The privacy notice says what the map says, and nothing in the map's texts becomes markup."""

from collections.abc import Callable, Iterator
from dataclasses import replace
from datetime import timedelta

import pytest
from markdown_it import MarkdownIt
from markdown_it.token import Token

from sayso.sharing.attribute import Attribute
from sayso.sharing.conditions import Conditions, Organisation, Recipient
from sayso.sharing.dialogue.markdown import plain
from sayso.sharing.dialogue.notice import languages, privacy_notice
from sayso.sharing.dialogue.reading import read_map
from sayso.sharing.dialogue.record import record_of_processing
from sayso.sharing.dialogue.values import DialogueMap, Step
from sayso.sharing.dialogue.wording import Words
from sayso.sharing.terms import WILL_NOT_STORE
from tests.unit.sharing.dialogue.shop import SHOP

HOSTILE = (
    "<script>alert(1)</script>",
    "<img src=x onerror=alert(1)>",
    "[here](https://evil.example)",
    "![here](https://evil.example/pixel)",
    "https://evil.example/ and www.evil.example and a@evil.example",
    "**bold** _it_ ~~gone~~ `code`",
    "# head",
    "- item",
    "1. item",
    "    code",
    "```",
    "| a | b |",
    "&lt;b&gt; &#60;",
    "a\\",
    "<!-- comment",
    "> quote",
    "]]> --> </p>",
    "$x$ ==mark== ^up^ :smile: {#id .class}",
    "line\nbreak\n\n# head",
    "\u202egnp.exe",
    "<https://evil.example>",
    "[x]: https://evil.example",
)


def tokens(page: str) -> Iterator[Token]:
    """Read Markdown with what most renderers add to it, and give each token."""
    for token in MarkdownIt("commonmark").enable(["table", "strikethrough"]).parse(page):
        yield token
        yield from token.children or []


def hostile_map(text: str) -> DialogueMap:
    party = Organisation(text, text, "NO", ("https://shop.example/",), "https://shop.example/rights")
    said = Conditions(
        controller=party, authority=party, intermediary=party, recipients=(Recipient(text),), agreement=text, legal_basis="eu-gdpr:A6-1-f"
    )
    asked = Attribute(text, (Attribute(text + "2"),), (), text, text, text, trigger=text, recipients=(Recipient(text),))
    step = Step("a", text, text, timedelta(days=1), (asked,), (), text, recipients=(Recipient(text),), registered=text)
    return DialogueMap("https://shop.example/map", (step,), said, text, text, text, (text,), party)


@pytest.mark.parametrize("text", HOSTILE, ids=range(len(HOSTILE)))
@pytest.mark.parametrize("write", [privacy_notice, record_of_processing], ids=["notice", "record"])
def test_text_stays_text(write: Callable[[DialogueMap], str], text: str) -> None:
    page = write(hostile_map(text))
    harmless = [*tokens(write(hostile_map("harmless")))]
    found = [*tokens(page)]
    # The same blocks and the same links; and the text itself is read as it was written.
    assert [token.type for token in found if token.type != "text_special"] == [token.type for token in harmless]
    assert [token.attrGet("href") for token in found if token.type == "link_open"] == [
        token.attrGet("href") for token in harmless if token.type == "link_open"
    ]
    shown = "\n".join("".join(one.content for one in token.children or []) for token in found if token.type == "inline")
    clean = " ".join("".join(letter if letter.isprintable() else "\ufffd" for letter in text).split())
    assert clean in " ".join(shown.split())


def test_what_everybody_must_be_told() -> None:
    page = privacy_notice(read_map(SHOP))
    for told in (
        "# Shop: your order",
        "Shop AS (Shop), NO; Contact: <https://shop.example/privacy>, <mailto:privacy@shop.example>",
        "**Data protection officer:** Kari Nordmann",
        "**Complain to:** Datatilsynet, NO",
        "<https://shop.example/rights>",
        "**What we will not do:** sell data to third parties, train artificial intelligence with it",
        "## Deliver your order",
        "**If you do not share it:** Collect in store only",
        "### mobile (your choice)",
        "**Why:** A message an hour before",
        "**What you gain:** No waiting at home",
        "**How long we keep it:** 2 days",
        "**How long we keep it:** not at all",
        "**Legal basis:** your consent (GDPR, Article 6(1)(a))",
        "**Who gets it too:** Cloud AS (data processor), Posten (data controller)",
        "**This does instead:** age\\_over\\_18",
        "**Where it is kept:** NO",
    ):
        assert told in page


def test_in_each_language_for_which_purposes_are_given() -> None:
    shop = read_map(SHOP)
    assert languages(shop) == ("nb",)
    page = privacy_notice(shop, "nb")
    assert "## Levere bestillingen din" in page
    assert "**Hvor lenge vi beholder det:** 2 dager" in page
    halfway = replace(shop, steps=(shop.steps[0], replace(shop.steps[1], purposes=())))
    assert languages(halfway) == languages(replace(shop, steps=())) == ()
    with pytest.raises(ValueError, match="one language only"):
        privacy_notice(halfway, "nb")
    with pytest.raises(ValueError, match="said in nb"):
        privacy_notice(shop, "de")


def test_another_language_is_told_in_english_words() -> None:
    shop = read_map(SHOP)
    german = replace(shop, steps=tuple(replace(step, purposes=(("de-AT", "Für dich"),)) for step in shop.steps))
    page = privacy_notice(german, "de-AT")
    assert "## Für dich" in page
    assert "**What you gain:**" in page


def test_a_map_that_says_little() -> None:
    step = Step("a", "To do it", "It is done", WILL_NOT_STORE, (Attribute("name"),))
    assert privacy_notice(DialogueMap("urn:a", (step,))).splitlines()[:3] == ["# What we ask you for, and why", "", ""]


def test_words() -> None:
    words = Words("en")
    assert words.legal_basis("") == words.term("") == ""
    assert words.duration(timedelta(days=2, hours=1, minutes=1, seconds=3)) == "2 days 1 hour 1 minute 3 seconds"
    assert [words.legal_basis(f"eu-gdpr:{article}") for article in ("A9-2-a", "A9-2-h", "A6-1-a-non-explicit-consent", "A6-1-c")] == [
        "your explicit consent (GDPR, Article 9(2)(a))",
        "a special category of data (GDPR, Article 9(2)(h))",
        "your consent (GDPR, Article 6(1)(a))",
        "a legal obligation (GDPR, Article 6(1)(c))",
    ]


def test_what_some_renderers_make_of_plain_text_is_escaped_too() -> None:
    """Links without brackets, addresses, emoji, mathematics, attributes, highlights."""
    assert plain("https://a.example") == r"https\://a.example"
    assert plain("see WWW.a.example, a.b") == r"see WWW\.a.example, a.b"
    assert plain("a@b.example") == r"a\@b.example"
    assert plain("{#id} $x$ ==a== a>b") == r"\{\#id\} \$x\$ \=\=a\=\= a\>b"
    assert plain("a :smile: b") == r"a \:smile: b"
    assert plain("Price: 5") == "Price: 5"


def test_what_does_instead_on_terms_of_its_own_is_told_with_them() -> None:
    ads = (Recipient("Ads AS", "dpv:ThirdParty"),)
    other = Attribute(
        "passport", keep_for=timedelta(days=9), trigger="Delivery", recipients=ads, legal_basis="eu-gdpr:A6-1-f", location="loc:US"
    )
    shop = read_map(SHOP)
    step = replace(shop.steps[0], required=(Attribute("birthdate", accepts=("age_over_18", other)),))
    page = privacy_notice(replace(shop, steps=(step,)))
    assert (
        "- **This does instead:** age\\_over\\_18, passport (How long we keep it: 9 days; Counted from: Delivery; Where it is kept: US; "
        "Who gets it too: Ads AS (third party); Legal basis: our legitimate interest (GDPR, Article 6(1)(f)))\n"
    ) in page
