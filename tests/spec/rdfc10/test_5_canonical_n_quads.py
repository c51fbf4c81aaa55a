"""RDFC-1.0, section 5: each term has one spelling, and nothing in a term can end it."""

import pytest
from pyoxigraph import Literal, NamedNode

from sayso.encodings.rdfc.quads import iri, literal, serialize
from sayso.errors import MALFORMED_VALUE_ERROR, SaysoError

XSD = "http://www.w3.org/2001/XMLSchema#"


def _is_refused(text: str, *rest: str) -> bool:
    try:
        literal(text, *rest)
    except SaysoError as error:
        return error.problems[0].kind is MALFORMED_VALUE_ERROR
    return False


@pytest.mark.parametrize(
    ("character", "written"),
    [
        ("\b", r"\b"),
        ("\t", r"\t"),
        ("\n", r"\n"),
        ("\f", r"\f"),
        ("\r", r"\r"),
        ('"', r"\""),
        ("\\", r"\\"),
        ("\0", r"\u0000"),
        ("\x07", r"\u0007"),
        ("\x0b", r"\u000B"),
        ("\x0e", r"\u000E"),
        ("\x1f", r"\u001F"),
        ("\x7f", r"\u007F"),
        ("\ufffe", r"\uFFFE"),
        ("\uffff", r"\uFFFF"),
        # all others as themselves
        (" ", " "),
        ("'", "'"),
        ("<", "<"),
        ("\x80", "\x80"),
        ("\x85", "\x85"),
        ("\xa0", "\xa0"),
        ("\u2028", "\u2028"),
        ("\ud7ff", "\ud7ff"),
        ("\ue000", "\ue000"),
        ("\ufdd0", "\ufdd0"),
        ("\U0001f600", "\U0001f600"),
        ("\U0001fffe", "\U0001fffe"),
        ("\U0010ffff", "\U0010ffff"),
    ],
)
def test_rc_2_what_is_escaped_and_how(character: str, written: str) -> None:
    """RC-2: ECHAR where there is one, UCHAR for other control characters, DEL and what XML has not, all else as itself."""
    assert literal(character) == f'"{written}"'
    assert literal(f"a{character}é") == f'"a{written}é"'
    assert literal(character, language="en") == f'"{written}"@en'
    assert literal(character, XSD + "token") == f'"{written}"^^<{XSD}token>'


def test_rc_2_every_character_of_the_basic_plane_is_as_another_implementation_writes_it() -> None:
    for code in [*range(0xD800), *range(0xE000, 0x10000)]:
        assert literal(chr(code)) == str(Literal(chr(code)))


@pytest.mark.parametrize(
    ("arguments", "written"),
    [
        (("",), '""'),
        (("Ada",), '"Ada"'),
        (("Ada", XSD + "string"), '"Ada"'),
        (("5", XSD + "integer"), f'"5"^^<{XSD}integer>'),
        (("05", XSD + "integer"), f'"05"^^<{XSD}integer>'),
        (("chat", "", "fr"), '"chat"@fr'),
        (("chat", "", "de-CH-1996"), '"chat"@de-CH-1996'),
    ],
)
def test_rc_2_no_datatype_for_strings_and_no_normalisation(arguments: tuple[str, ...], written: str) -> None:
    """RC-1, RC-2: literals are compared by lexical form."""
    assert literal(*arguments) == written


@pytest.mark.parametrize("language", ["e_n", "en ", "en-", "-en", "en--US", "1", "é", "en .\n", 'en> "', "en\n"])
def test_a_malformed_language_is_refused(language: str) -> None:
    assert _is_refused("Ada", "", language)


@pytest.mark.parametrize("text", ["\ud800", "a\udc00b", '"\ud83d', "é\udfff"], ids=ascii)
def test_half_of_a_surrogate_pair_is_refused(text: str) -> None:
    assert _is_refused(text)


@pytest.mark.parametrize("character", [*map(chr, range(0x21)), *'<>"{}|^`\\', "\ud800"])
def test_what_no_iri_may_have_is_refused(character: str) -> None:
    """N-Quads, IRIREF: an IRI that could end its term could forge the rest of the statement."""
    for text in (character, f"urn:a{character}", f"urn:{character}b"):
        with pytest.raises(SaysoError) as caught:
            iri(text)
        assert caught.value.problems[0].kind is MALFORMED_VALUE_ERROR
        assert _is_refused("Ada", text)


@pytest.mark.parametrize(
    "text", ["urn:example:ada", "did:example:ada#key-1", "https://example.org/é?a=b&c='d'~%20!$()*+,;=", "urn:\U0001f600"]
)
def test_an_iri_stands_as_it_is(text: str) -> None:
    assert iri(text) == f"<{text}>" == str(NamedNode(text))


def test_whatever_n_quads_can_hold_as_itself_is_left_to_those_who_know_iris() -> None:
    assert iri("urn:[\x7f\x80\uffff]") == "<urn:[\x7f\x80\uffff]>"


def test_rc_2_one_space_between_terms_and_one_line_for_a_quad() -> None:
    quads = [("<urn:s>", "<urn:p>", '"b"', "<urn:g>"), ("_:x", "<urn:p>", "_:y", "_:g"), ("<urn:s>", "<urn:p>", '"a"@en', "")]
    assert serialize(quads) == '<urn:s> <urn:p> "b" <urn:g> .\n_:x <urn:p> _:y _:g .\n<urn:s> <urn:p> "a"@en .\n'
    assert serialize([]) == ""
