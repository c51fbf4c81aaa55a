"""URLs, DIDs and DID URLs by their syntax, and nothing that only looks like one."""

import tracemalloc

import pytest

from sayso.errors import INVALID_DID, INVALID_DID_URL, SaysoError
from sayso.identifiers import DidUrlParts, is_did, is_url, parse_did, parse_did_url

DIDS = [
    "did:example:a",
    "did:example:a:b",
    "did:example::a",
    "did:a1:A-z._9",
    "did:web:localhost%3A8443",
    "did:x:%00",
    "did:key:z6MkhaXgBZDvotDkL5257faiztiGiC2QtKLGpbnnEGta2doK",
]
NOT_DIDS = [
    "",
    "did",
    "did:",
    "did:example",
    "did:example:",
    "did:example:a:",
    "did::a",
    "did:Example:a",
    "DID:example:a",
    "did:ex-ample:a",
    "did:example:a b",
    "did:example:a\n",
    " did:example:a",
    "did:example:a/b",
    "did:example:a#b",
    "did:example:a?b",
    "did:example:%",
    "did:example:%3",
    "did:example:%3g",
    "did:example:ü",
    "did:example:a\u0661",
    "did:example:a@b",
]
URLS = [
    "urn:uuid:5c1f",
    "https://example.org/a?b=c#d",
    "http://[::1]/",
    "did:example:a#b",
    "mailto:a@b.example",
    "https://a/%20",
    "a+b-c.d:e",
    "x:/#",
]
NOT_URLS = [
    "",
    "a",
    "a:",
    "a:#",
    "1a:b",
    ":b",
    "//example.org",
    "/a",
    "#a",
    "a:b c",
    "a:b\n",
    "a:b#c#d",
    "a:%zz",
    "a:%2",
    "a:<b>",
    'a:"',
    "a:b\\c",
    "a:é",
    "x:^",
    "x:`",
    "x:{}",
]


@pytest.mark.parametrize("text", DIDS)
def test_a_did_is_read(text: str) -> None:
    assert is_did(text)
    assert parse_did(text) == text
    assert parse_did_url(text) == DidUrlParts(parse_did(text), "", "", "")


@pytest.mark.parametrize("text", NOT_DIDS)
def test_what_is_no_did_is_refused(text: str) -> None:
    assert not is_did(text)
    with pytest.raises(SaysoError) as refused:
        parse_did(text)
    assert refused.value.problems[0].kind is INVALID_DID


@pytest.mark.parametrize("value", [None, 1, b"did:example:a", ["did:example:a"]])
def test_other_types_are_neither_did_nor_url(value: object) -> None:
    assert not is_did(value)
    assert not is_url(value)
    with pytest.raises(SaysoError) as refused:
        parse_did_url(value)
    assert refused.value.problems[0].kind is INVALID_DID_URL


@pytest.mark.parametrize(
    ("text", "parts"),
    [
        ("did:example:a#key", ("did:example:a", "", "", "key")),
        ("did:example:a/p/q?x=1&y=2#key", ("did:example:a", "/p/q", "x=1&y=2", "key")),
        ("did:example:a/", ("did:example:a", "/", "", "")),
        ("did:example:a//b", ("did:example:a", "//b", "", "")),
        ("did:example:a?#", ("did:example:a", "", "", "")),
        ("did:example:a?a/b?c#d/e?f", ("did:example:a", "", "a/b?c", "d/e?f")),
        ("did:web:h%3A1:u#k%20", ("did:web:h%3A1:u", "", "", "k%20")),
        ("did:example:a/:@!$&'()*+,;=~-", ("did:example:a", "/:@!$&'()*+,;=~-", "", "")),
    ],
)
def test_a_did_url_falls_into_its_parts(text: str, parts: tuple[str, str, str, str]) -> None:
    assert parse_did_url(text) == parts


@pytest.mark.parametrize(
    "text",
    [
        *(text for text in NOT_DIDS if not any(mark in text for mark in "/#?")),
        "#key",
        "https://example.org/#key",
        "did:example:a:#key",
        "did:example:a#k#k",
        "did:example:a#k k",
        "did:example:a#%",
        "did:example:a/[",
        "did:example:a#é",
        "did:example:a#key\n",
        "did:example:a?%2",
        "did:example:a/%2",
    ],
)
def test_what_is_no_did_url_is_refused(text: str) -> None:
    with pytest.raises(SaysoError) as refused:
        parse_did_url(text)
    assert refused.value.problems[0].kind is INVALID_DID_URL


@pytest.mark.parametrize("text", URLS)
def test_a_url(text: str) -> None:
    assert is_url(text)


@pytest.mark.parametrize("text", NOT_URLS)
def test_what_is_no_url(text: str) -> None:
    assert not is_url(text)


def test_long_text_is_read_in_little_memory() -> None:
    """A pattern that backtracks keeps a mark for every character: this one ends, right or wrong, without any."""
    body = "a:%20" * 200_000
    tracemalloc.start()
    try:
        assert is_did(f"did:example:{body}a")
        assert not is_did(f"did:example:{body}:")
        assert parse_did_url(f"did:example:a#{'a' * 1_000_000}").fragment
        assert tracemalloc.get_traced_memory()[1] < 10_000_000
    finally:
        tracemalloc.stop()
