"""Laws of identifiers."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from sayso.errors import INVALID_DID_URL, ProblemType
from sayso.identifiers import is_did, is_url, parse_did_url
from tests.property.outcomes import outcome
from tests.support import examples

pytestmark = pytest.mark.laws

PIECES = ["did", ":", "example", "a", "Z", "9", ".", "-", "_", "%", "%4", "%4f", "/", "?", "#", "@", " ", "\n", "é", "[", "did:example:a"]
TEXTS = (
    st.text()
    | st.lists(st.sampled_from(PIECES)).map("".join)
    | st.lists(st.sampled_from(PIECES)).map(lambda pieces: "did:a:" + "".join(pieces))
)


def _is_did_by_the_grammar(text: str) -> bool:
    """Follow DID 1.1, section 3.1, one character at a time."""
    scheme, _, rest = text.partition(":")
    name, colon, identifier = rest.partition(":")
    if scheme != "did" or not colon or not name or not set(name) <= set("abcdefghijklmnopqrstuvwxyz0123456789"):
        return False
    while identifier:
        character = identifier[0]
        if character == "%":
            if len(identifier) < 3 or not set(identifier[1:3]) <= set("0123456789abcdefABCDEF"):
                return False
            identifier, last = identifier[3:], "%"
        elif character == ":" or (character.isascii() and (character.isalnum() or character in "._-")):
            identifier, last = identifier[1:], character
        else:
            return False
        if not identifier:
            return last != ":"
    return False


@examples(150)
@given(TEXTS)
def test_a_did_is_what_the_grammar_says(text: str) -> None:
    assert is_did(text) is _is_did_by_the_grammar(text)


@examples(150)
@given(TEXTS)
def test_a_did_url_is_the_sum_of_its_parts(text: str) -> None:
    found = outcome(parse_did_url, text)
    if isinstance(found, ProblemType):
        assert found is INVALID_DID_URL
        assert not is_did(text)
        return
    did, path, query, fragment = found
    assert is_did(did)
    assert is_url(text)
    assert path == "" or path.startswith("/")
    mark = "?" if text[len(did + path) :].startswith("?") else ""
    assert f"{did}{path}{mark}{query}#{fragment}" == (text if "#" in text else text + "#")


@examples(150)
@given(TEXTS)
def test_a_did_is_a_url(text: str) -> None:
    assert not is_did(text) or is_url(text)
