"""Regular expressions of schemas: what they match, what is not read, and what it costs."""

import pytest

from sayso.credentials.json_schema.pattern_syntax import Reader
from sayso.credentials.json_schema.patterns import MAX_PATTERN_CHARACTERS, MAX_STATES, compiled
from sayso.errors import UNDECIDABLE, SaysoError


def matches(pattern: str, text: str) -> bool:
    return compiled(pattern).found_in(text, lambda _: None)


@pytest.mark.parametrize(
    ("pattern", "matching", "other"),
    [
        ("", ["", "a"], []),
        ("b", ["abc", "b"], ["", "ac"]),
        ("^b", ["bc"], ["ab", ""]),
        ("b$", ["ab"], ["ba", "b\n"]),
        ("^$", [""], ["a"]),
        ("a|bc", ["xa", "bcx"], ["b", "c"]),
        ("^(?:a|b|)c$", ["ac", "bc", "c"], ["abc"]),
        ("^(?<year>\\d{4})-\\d{2}$", ["2026-11"], ["26-11", "2026-1", "\u0662026-11"]),
        ("^a{2,}$", ["aa", "aaaa"], ["a"]),
        ("^a{1,2}$", ["a", "aa"], ["", "aaa"]),
        ("^a{0}b?$", ["", "b"], ["a", "bb"]),
        ("^(ab)+?c*?$", ["ab", "ababcc"], ["", "abac"]),
        ("^.$", ["a", "\u00e9", "\U0001f600"], ["", "\n", "\r", "\u2028"]),
        ("^[abx-z]$", ["a", "b", "x", "y", "z"], ["c", "w", "-"]),
        ("^[^a-c]$", ["d", "\n"], ["a", "b", "c", ""]),
        ("^[]$", [], ["", "a"]),
        ("^[^]$", ["a", "\n"], [""]),
        ("^[a-]$", ["a", "-"], ["b"]),
        ("^[\\w-]$", ["a", "_", "-"], ["."]),
        ("^[\\d.\\-\\]\\b]$", ["1", ".", "-", "]", "\b"], ["a", "\\"]),
        ("^[^\\W\\d]$", ["a", "_"], ["1", " "]),
        ("^\\D\\S\\W$", ["ab ", "--!"], ["1b ", "a  ", "aba"]),
        ("^\\s$", [" ", "\t", "\u00a0", "\u2003", "\ufeff", "\u2029"], ["a", "\u200b"]),
        ("\\bcat\\b", ["a cat!", "cat"], ["cats", "concat"]),
        ("\\Bat\\B", ["cats"], ["cat", "at"]),
        ("\\B", ["", "ab"], ["a"]),
        ("^\\t\\n\\v\\f\\r\\0$", ["\t\n\v\f\r\0"], ["tnvfr0"]),
        ("^\\x41\\u0042\\u{1f600}\\ud83d\\ude00$", ["AB\U0001f600\U0001f600"], ["AB"]),
        ("^\\$\\.\\*\\/\\-\\(\\)$", ["$.*/-()"], ["a"]),
        ("^\\p{Lu}\\p{L}+$", ["Ada", "\u00c9t\u00e9"], ["ada", "A1"]),
        ("^\\P{N}\\p{gc=Nd}\\p{General_Category=LC}$", ["a1b", "-\u0662\u00c9"], ["11a", "a1-", "a1\u00aa"]),
        ("^[\\p{Lu}0]$", ["A", "0"], ["a"]),
    ],
)
def test_what_matches(pattern: str, matching: list[str], other: list[str]) -> None:
    assert [matches(pattern, text) for text in matching] == [True] * len(matching)
    assert [matches(pattern, text) for text in other] == [False] * len(other)


@pytest.mark.parametrize(
    "pattern",
    [
        *("(", ")", "a)", "(a", "[", "[^", "[a", "[a-", "\\", "*", "+a", "?", "{1}", "a{", "a{1", "a{,2}", "a{2,1}", "a{a}", "}", "]"),
        *(
            "a**",
            "a+*",
            "a{1}{2}",
            "^*",
            "$?",
            "\\b+",
            "(?=a)",
            "(?!a)",
            "(?<=a)",
            "(?<!a)",
            "(?<a",
            "(?<1>a)",
            "(?<=b>a)",
            "(?a)",
            "\\1",
            "(a)\\1",
            "(?<n>a)\\k<n>",
        ),
        *("\\a", "\\_", "\\00", "\\c", "\\xg0", "\\x4", "\\u12", "\\u{}", "\\u{110000}", "\\u{g}", "\\u{1", "\\ud800\\u0041", "\\ud800\\x"),
        *("\\p", "\\pL", "\\p{", "\\p{Greek}", "\\p{Script=Greek}", "[b-a]", "[\\d-z]", "[a-\\d]", "[\\c]", "a{99999}"),
    ],
)
def test_what_is_not_read(pattern: str) -> None:
    with pytest.raises(SaysoError) as caught:
        compiled(pattern)
    assert [problem.kind for problem in caught.value.problems] == [UNDECIDABLE]
    assert pattern not in str(caught.value) or len(pattern) < 3


@pytest.mark.parametrize(
    "pattern",
    [
        *(f"a{{{MAX_STATES}}}", "(?:a{0,1000}){0,1000}", "(){4096}", "(?:(?:(){9}){999}){999}", "(" * 1000 + ")" * 1000),
        "a" * (MAX_PATTERN_CHARACTERS + 1),
    ],
)
def test_what_is_too_large(pattern: str) -> None:
    """Also what has no places at all takes time to write out."""
    with pytest.raises(SaysoError):
        compiled(pattern)


def test_at_the_edge_of_the_limits() -> None:
    assert matches("^" + "a" * (MAX_PATTERN_CHARACTERS - 1), "a" * MAX_PATTERN_CHARACTERS)
    assert matches(f"^a{{{MAX_STATES - 4}}}$", "a" * (MAX_STATES - 4))


@pytest.mark.parametrize("pattern", ["^(a+)+$", "^(a|a)*$", "^(a|aa)+$", "(a*)*b", "^(?:a?){30}a{30}b$", "(.*a){12}b"])
def test_no_expression_takes_forever(pattern: str) -> None:
    """Catastrophes of those who try one way after the other: here the work grows with the text."""

    def work(length: int) -> int:
        spent: list[int] = []
        assert not compiled(pattern).found_in("a" * length + "!", spent.append)
        return sum(spent)

    assert work(800) < 2.5 * work(400)


def test_a_large_set_costs_more() -> None:
    spent: list[int] = []
    compiled("[" + "".join(map(chr, range(0x4E00, 0x4E00 + 1000))) + "]").found_in("aa", spent.append)
    assert sum(spent) > 2000


def test_the_reader_says_where_it_ends() -> None:
    with pytest.raises(SaysoError):
        Reader("a|b)c").whole()
