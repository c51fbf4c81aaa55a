"""Read how a type and its claims are to be shown, and choose what is said in the language of the user.

Source: SD-JWT VC draft 19, display metadata (SV-12, SV-13).
"""

import re
from collections.abc import Iterable, Iterator, Sequence
from typing import NamedTuple, Protocol, TypeVar

from sayso.credentials.claims_path import Location
from sayso.credentials.type_metadata.members import digests, image_url, malformed, of_object, of_objects, one_of, text
from sayso.jsonvalue import JsonObject

# RFC 5646, section 2.1, reduced to its alphabet: subtags of one to eight letters and digits.
_LANGUAGE = re.compile(r"[A-Za-z]{1,8}(?:-[A-Za-z0-9]{1,8})*")
# CSS Color, reduced to what cannot leave its place in a style: a number behind `#`, a name, or a function that gives a colour, of numbers.
_FUNCTION = r"(?i:rgba?|hsla?|hwb|lab|lch|oklab|oklch)"
_COLOUR = re.compile(rf"#[0-9A-Fa-f]{{3,8}}|[A-Za-z]{{1,32}}|{_FUNCTION}\([0-9.,%/ -]{{1,64}}\)")


class Image(NamedTuple):
    """Hold a picture: where it is, the digests of its bytes ("" for none), and what says the same to who does not see it."""

    uri: str
    integrity: str
    alt_text: str


class SimpleRendering(NamedTuple):
    """Hold what a plain card is drawn with; colours are those of CSS, "" where none is given."""

    logo: Image | None
    background_image: Image | None
    background_color: str
    text_color: str


class SvgTemplate(NamedTuple):
    """Hold where a template is, the digests of its bytes, and what it is made for; "" says nothing about that."""

    uri: str
    integrity: str
    orientation: str = ""
    color_scheme: str = ""
    contrast: str = ""


class TypeDisplay(NamedTuple):
    """Hold how a type is shown in one language."""

    locale: str
    name: str
    description: str
    simple: SimpleRendering | None
    svg_templates: tuple[SvgTemplate, ...]


class ClaimDisplay(NamedTuple):
    """Hold what a claim is called in one language."""

    locale: str
    label: str
    description: str


class Localized(Protocol):
    """Be something that is said in one language."""

    @property
    def locale(self) -> str: ...


L = TypeVar("L", bound=Localized)


def read_type_displays(value: JsonObject) -> tuple[TypeDisplay, ...] | None:
    """Read `display` of a type; None where there is none, for then that of the type it extends is used.

    Raises:
        SaysoError: MALFORMED_VALUE_ERROR.
    """
    return of_objects(value, "display", (), _type_display)


def read_claim_displays(value: JsonObject, place: Location) -> tuple[ClaimDisplay, ...] | None:
    """Read `display` of a claim.

    Raises:
        SaysoError: MALFORMED_VALUE_ERROR.
    """
    return of_objects(value, "display", place, _claim_display)


def _claim_display(value: JsonObject, place: Location) -> ClaimDisplay:
    label = text(value, "label", place, needed=True)
    return ClaimDisplay(_locale(value, place), label, text(value, "description", place))


def _type_display(value: JsonObject, place: Location) -> TypeDisplay:
    simple, templates = of_object(value, "rendering", place, _rendering) or (None, ())
    name = text(value, "name", place, needed=True)
    return TypeDisplay(_locale(value, place), name, text(value, "description", place), simple, templates)


def _locale(value: JsonObject, place: Location) -> str:
    locale = text(value, "locale", place, needed=True)
    if not _LANGUAGE.fullmatch(locale):
        raise malformed("a language tag", *place, "locale")
    return locale


def _rendering(value: JsonObject, place: Location) -> tuple[SimpleRendering | None, tuple[SvgTemplate, ...]]:
    templates = of_objects(value, "svg_templates", place, _svg_template) or ()
    if len(templates) > 1 and any(template[2:] == ("", "", "") for template in templates):
        raise malformed("each of several templates says what it is made for", *place, "svg_templates")
    return of_object(value, "simple", place, _simple), templates


def _simple(value: JsonObject, place: Location) -> SimpleRendering:
    return SimpleRendering(
        of_object(value, "logo", place, _image),
        of_object(value, "background_image", place, _image),
        _colour(value, "background_color", place),
        _colour(value, "text_color", place),
    )


def _image(value: JsonObject, place: Location) -> Image:
    return Image(image_url(value, "uri", place), digests(value, "uri#integrity", place), text(value, "alt_text", place))


def _colour(value: JsonObject, name: str, place: Location) -> str:
    colour = text(value, name, place)
    if name in value and not _COLOUR.fullmatch(colour):
        raise malformed("a colour of CSS", *place, name)
    return colour


def _svg_template(value: JsonObject, place: Location) -> SvgTemplate:
    made_for = of_object(value, "properties", place, _properties) or ("", "", "")
    return SvgTemplate(image_url(value, "uri", place), digests(value, "uri#integrity", place), *made_for)


def _properties(value: JsonObject, place: Location) -> tuple[str, str, str]:
    return (
        one_of(value, "orientation", ("portrait", "landscape"), place),
        one_of(value, "color_scheme", ("light", "dark"), place),
        one_of(value, "contrast", ("normal", "high"), place),
    )


def chosen(said: Sequence[L], languages: Iterable[str]) -> L | None:
    """Choose what is said in the first language there is of those that the user prefers; else what is said first; None of nothing.

    Source: RFC 4647, sections 3.4 (lookup, by ever shorter tags) and 3.3.1 (a tag stands for the longer ones that begin with it).

    >>> said = [ClaimDisplay("en-US", "Given name", ""), ClaimDisplay("nb", "Fornavn", "")]
    >>> chosen(said, ["nb-NO", "en"]).label
    'Fornavn'
    """
    for wanted in (tag for language in languages for tag in _shorter(language.lower())):
        for one in said:
            if one.locale.lower() == wanted:
                return one
        for one in said:
            if one.locale.lower().startswith(wanted + "-"):
                return one
    return said[0] if said else None


def _shorter(tag: str) -> Iterator[str]:
    while tag:
        yield tag
        tag = tag.rpartition("-")[0]
