"""Which credential queries are answered, and whether an answer is complete."""

import pytest

from sayso.errors import EXCESS_DISCLOSURE, MISSING_CLAIM, NOT_ANSWERABLE, ProblemType
from sayso.query.grammar import CredentialQuery, CredentialSetQuery, Query
from sayso.query.selection import Choice, choose, of_one_presentation, surplus, unsatisfied


def asking(ids: str, *sets: str, multiple: str = "") -> Query:
    """Ask for credentials of one letter each; a set is written "ab|c", with a "?" at its end if it is optional."""
    return Query(
        tuple(CredentialQuery(letter, "dc+sd-jwt", multiple=letter in multiple) for letter in ids),
        tuple(CredentialSetQuery(tuple(map(tuple, text.rstrip("?").split("|"))), required=not text.endswith("?")) for text in sets),
    )


def wrong(query: Query, answered: str) -> list[tuple[ProblemType, str]]:
    counts = {letter: answered.count(letter) for letter in answered}
    return [(problem.kind, problem.pointer) for problem in unsatisfied(query, counts)]


class TestUnsatisfied:
    @pytest.mark.parametrize(
        ("query", "answered"),
        [
            (asking("a"), "a"),
            (asking("ab"), "ba"),
            (asking("a", multiple="a"), "aaa"),
            (asking("a", multiple="a"), "a"),
            (asking("ab", "a|b"), "b"),
            (asking("abc", "a|bc"), "bc"),
            (asking("abc", "a|b", "bc"), "bc"),
            (asking("ab", "a", "b?"), "a"),
            (asking("ab", "a", "b?"), "ab"),
            (asking("a", "a?"), ""),
        ],
    )
    def test_a_complete_answer(self, query: Query, answered: str) -> None:
        assert wrong(query, answered) == []

    @pytest.mark.parametrize(
        ("query", "answered", "problems"),
        [
            (asking("ab"), "a", [(MISSING_CLAIM, "/b")]),
            (asking("ab"), "", [(MISSING_CLAIM, "/a"), (MISSING_CLAIM, "/b")]),
            (asking("a"), "ax", [(EXCESS_DISCLOSURE, "/x")]),
            (asking("a"), "aa", [(EXCESS_DISCLOSURE, "/a")]),
            (asking("ab", multiple="a"), "aabb", [(EXCESS_DISCLOSURE, "/b")]),
            (asking("ab", "a"), "ab", [(EXCESS_DISCLOSURE, "/b")]),
            (asking("abc", "ab|c"), "a", [(MISSING_CLAIM, "")]),
            (asking("abcd", "ab|cd"), "ad", [(MISSING_CLAIM, "")]),
            (asking("ab", "a", "b"), "a", [(MISSING_CLAIM, "")]),
            (asking("ab", "a", "b?"), "b", [(MISSING_CLAIM, "")]),
        ],
    )
    def test_what_is_wrong_with_another(self, query: Query, answered: str, problems: list[tuple[ProblemType, str]]) -> None:
        assert wrong(query, answered) == problems

    def test_an_entry_holds_at_least_one_presentation(self) -> None:
        (problem,) = unsatisfied(asking("ab", "a", "b?"), {"a": 1, "b": 0})
        assert (problem.kind, problem.pointer) == (MISSING_CLAIM, "/b")

    def test_the_set_that_is_not_answered_is_named(self) -> None:
        (problem,) = unsatisfied(asking("ab", "a", "b"), {"a": 1})
        assert "credential_sets[1]" in problem.detail


class TestChoose:
    @pytest.mark.parametrize(
        ("query", "answerable", "ids"),
        [
            (asking("ab"), "ba", "ab"),
            (asking("ab", "a|b"), "b", "b"),
            (asking("ab", "a|b"), "ab", "a"),  # costs 1, b costs 2
            (asking("ba", "b|a"), "ab", "a"),
            (asking("abc", "c|ab"), "abc", "c"),  # 3 = 1 + 2: the first of equals
            (asking("abc", "ab|c"), "abc", "ab"),
            (asking("abcd", "d|ab"), "abcd", "ab"),
            (asking("abc", "ac|b"), "ac", "ac"),
            (asking("ab", "a|b", "b"), "ab", "b"),  # b is sent anyway
            (asking("abc", "bc", "a|c"), "abc", "bc"),
            (asking("ab", "a", "b?"), "ab", "a"),
            (asking("ab", "a", "b?"), "a", "a"),
            (asking("a", "a?"), "a", ""),
            (asking("ab", "a"), "ab", "a"),  # b stands in no set
        ],
    )
    def test_what_is_required_is_answered_with_the_least(self, query: Query, answerable: str, ids: str) -> None:
        choice = choose(query, answerable, " abcd".index)
        assert (choice.ids, choice.problems) == (tuple(ids), ())
        assert unsatisfied(query, dict.fromkeys(choice.ids, 1)) == ()

    @pytest.mark.parametrize(
        ("query", "answerable", "places"),
        [
            (asking("ab"), "a", ["/credentials/1"]),
            (asking("ab"), "", ["/credentials/0", "/credentials/1"]),
            (asking("abc", "a", "bc", "c?"), "ab", ["/credential_sets/1"]),
            (asking("ab", "a", "b?"), "b", ["/credential_sets/0"]),
        ],
    )
    def test_nothing_is_answered_where_something_required_cannot_be(self, query: Query, answerable: str, places: list[str]) -> None:
        choice = choose(query, answerable, len)
        assert [(problem.kind, problem.pointer) for problem in choice.problems] == [(NOT_ANSWERABLE, place) for place in places]
        assert choice == Choice(problems=choice.problems)

    @pytest.mark.parametrize(
        ("query", "answerable", "optional"),
        [
            (asking("ab", "a", "b?"), "ab", ["b"]),
            (asking("ab", "a", "b?"), "a", []),
            (asking("abc", "a", "c|b?"), "abc", ["b"]),
            (asking("abc", "a", "c|b?"), "ac", ["c"]),
            (asking("abcd", "c", "cd|b?"), "abcd", ["b"]),
            (asking("abcd", "c", "ca|b?"), "abcd", ["ca"]),  # c is sent anyway
            (asking("ab", "a", "a|b?"), "ab", []),  # is answered already
            (asking("ab", "a?", "b?"), "ab", ["a", "b"]),
        ],
    )
    def test_what_is_optional_is_offered(self, query: Query, answerable: str, optional: list[str]) -> None:
        choice = choose(query, answerable, " abcd".index)
        assert ["".join(option) for option in choice.optional] == optional
        for option in choice.optional:
            assert unsatisfied(query, dict.fromkeys((*choice.ids, *option), 1)) == ()

    def test_only_what_can_be_answered_is_ranked_and_once(self) -> None:
        ranked: list[str] = []

        def rank(query_id: str) -> int:
            ranked.append(query_id)
            return 1

        choose(asking("abc", "ab|a", "a|b"), "ab", rank)
        assert ranked == ["a", "b"]


def test_what_a_later_set_makes_needless_is_not_sent() -> None:
    """Set by set the first of equals is taken; what two sets bring together may answer one of them without what it chose."""
    assert choose(asking("pqr", "qr|pq", "p|p"), {"p", "q", "r"}, lambda _: 1).ids == ("p", "q")
    assert choose(asking("pqrs", "qr|pq", "p|p"), {"p", "q", "r"}, {"p": 5, "q": 1, "r": 1}.__getitem__).ids == ("p", "q")


@pytest.mark.parametrize(
    ("query", "answered", "needless"),
    [
        (asking("ab"), "ab", ""),
        (asking("ab", "a|b"), "ab", "ab"),
        (asking("abc", "ab|c"), "abc", "abc"),
        (asking("abc", "a|b", "b?"), "ab", "a"),
        (asking("abc", "a|b", "c?"), "ac", ""),
        (asking("abc", "a"), "ac", ""),
    ],
)
def test_what_is_needless(query: Query, answered: str, needless: str) -> None:
    assert surplus(query, {*answered}) == (*needless,)


@pytest.mark.parametrize(
    ("query", "alone"),
    [
        (asking("a"), True),
        (asking("ab"), False),
        (asking("ab", "a|b"), True),
        (asking("ab", "a|b?"), True),
        (asking("ab", "ab"), False),
        (asking("abc", "a|bc"), False),
        (asking("ab", "a", "b?"), False),
        (asking("a", multiple="a"), False),
        (asking("ab", "a|b", multiple="b"), False),
    ],
)
def test_whether_one_presentation_answers(query: Query, alone: bool) -> None:
    assert of_one_presentation(query) is alone


def test_of_what_is_needless_the_dearest_stays_home() -> None:
    costs = {"a": 4, "b": 3, "c": 4, "d": 4}
    assert choose(asking("abcd", "b|a", "d|d|c", "a|d"), {*"abcd"}, costs.__getitem__).ids == ("b", "d")


def test_sets_with_less_choice_go_first() -> None:
    costs = {"a": 2, "b": 3, "c": 3}
    assert choose(asking("abc", "b|ac", "c"), {*"abc"}, costs.__getitem__).ids == ("a", "c")
