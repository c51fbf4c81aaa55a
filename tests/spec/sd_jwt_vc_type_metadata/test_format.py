"""SD-JWT VC draft 19, type metadata: what a document may hold (SV-10, SV-12, SV-13)."""

from typing import Any

import pytest

from sayso.credentials.type_metadata.appearance import ClaimDisplay, Image, SimpleRendering, SvgTemplate, TypeDisplay
from sayso.credentials.type_metadata.chain import MAX_TYPES
from sayso.credentials.type_metadata.document import MAX_BYTES, MAX_CLAIMS, ClaimRule, Reference, TypeMetadata, parse, read
from sayso.credentials.type_metadata.rules import MAX_MISMATCHES, MAX_WORK
from sayso.errors import LIMIT_EXCEEDED, MALFORMED_VALUE_ERROR, PARSING_ERROR, ProblemType, SaysoError
from sayso.jsonvalue import JsonObject

VCT = "https://city.example/card"
LOGO: JsonObject = {"uri": "https://city.example/logo.png", "uri#integrity": "sha256-x", "alt_text": "A lion"}
TEMPLATE: JsonObject = {
    "uri": "data:image/svg+xml,x",
    "properties": {"orientation": "portrait", "color_scheme": "dark", "contrast": "high"},
}


def refused(**members: Any) -> tuple[ProblemType, str]:
    """Give why metadata with these members is refused, and where."""
    with pytest.raises(SaysoError) as caught:
        parse({"vct": VCT, **members})
    (problem,) = caught.value.problems
    return problem.kind, problem.pointer


def test_sv_10_the_least() -> None:
    assert parse({"vct": VCT, "unknown": {"claims": 1}}) == TypeMetadata(VCT)


def test_sv_10_all_of_it() -> None:
    found = parse(
        {"vct": VCT, "name": "Card", "description": "A card", "extends": "urn:example:base", "extends#integrity": "sha256-x", "claims": []}
    )
    assert found == TypeMetadata(VCT, "Card", "A card", Reference("urn:example:base", "sha256-x"))


@pytest.mark.parametrize(
    ("members", "place"),
    [
        ({"vct": None}, "/vct"),
        ({"vct": ""}, "/vct"),
        ({"vct": ["urn:a"]}, "/vct"),
        ({"name": 1}, "/name"),
        ({"description": {}}, "/description"),
        ({"extends": ""}, "/extends"),
        ({"extends": 1}, "/extends"),
        ({"extends": VCT, "extends#integrity": ""}, "/extends#integrity"),
        ({"extends": VCT, "extends#integrity": 1}, "/extends#integrity"),
        ({"display": {}}, "/display"),
        ({"display": None}, "/display"),
        ({"display": ["en"]}, "/display/0"),
        ({"claims": {}}, "/claims"),
        ({"claims": [1]}, "/claims/0"),
    ],
    ids=repr,
)
def test_sv_10_each_member_has_one_shape(members: dict[str, Any], place: str) -> None:
    assert refused(**members) == (MALFORMED_VALUE_ERROR, place)


def test_sv_10_the_type_is_required() -> None:
    with pytest.raises(SaysoError):
        parse({"name": "Card"})


def test_sv_12_how_a_type_is_shown() -> None:
    display: JsonObject = {
        "locale": "nb-NO",
        "name": "Kort",
        "description": "Et kort",
        "rendering": {
            "simple": {
                "logo": LOGO,
                "background_image": {"uri": "data:image/png;base64,AA=="},
                "background_color": "#12107c",
                "text_color": "rgb(0, 10%, 3)",
            },
            "svg_templates": [TEMPLATE],
        },
    }
    assert parse({"vct": VCT, "display": [display, {"locale": "en", "name": "Card"}]}).display == (
        TypeDisplay(
            "nb-NO",
            "Kort",
            "Et kort",
            SimpleRendering(
                Image("https://city.example/logo.png", "sha256-x", "A lion"),
                Image("data:image/png;base64,AA==", "", ""),
                "#12107c",
                "rgb(0, 10%, 3)",
            ),
            (SvgTemplate("data:image/svg+xml,x", "", "portrait", "dark", "high"),),
        ),
        TypeDisplay("en", "Card", "", None, ()),
    )


def test_sv_12_one_template_need_not_say_what_it_is_for() -> None:
    one: JsonObject = {"uri": "https://city.example/a.svg"}
    found = parse({"vct": VCT, "display": [{"locale": "en", "name": "x", "rendering": {"svg_templates": [one]}}]}).display
    assert found
    assert found[0].svg_templates == (SvgTemplate("https://city.example/a.svg", ""),)
    assert _rendering(svg_templates=[one, TEMPLATE]) == (MALFORMED_VALUE_ERROR, "/display/0/rendering/svg_templates")


def _rendering(**rendering: Any) -> tuple[ProblemType, str]:
    return refused(display=[{"locale": "en", "name": "x", "rendering": rendering}])


@pytest.mark.parametrize(
    ("display", "place"),
    [
        ({"name": "x"}, "/locale"),
        ({"lang": "en", "name": "x"}, "/locale"),
        ({"locale": "e n", "name": "x"}, "/locale"),
        ({"locale": "englishwords", "name": "x"}, "/locale"),
        ({"locale": "en"}, "/name"),
        ({"locale": "en", "name": ""}, "/name"),
        ({"locale": "en", "name": "x", "description": 1}, "/description"),
        ({"locale": "en", "name": "x", "rendering": []}, "/rendering"),
    ],
    ids=repr,
)
def test_sv_12_a_display_has_its_language_and_name(display: dict[str, Any], place: str) -> None:
    assert refused(display=[display]) == (MALFORMED_VALUE_ERROR, f"/display/0{place}")


@pytest.mark.parametrize(
    ("rendering", "place"),
    [
        ({"simple": []}, "/simple"),
        ({"simple": {"logo": "https://city.example"}}, "/simple/logo"),
        ({"simple": {"logo": {}}}, "/simple/logo/uri"),
        ({"simple": {"logo": {"uri": "http://city.example/logo"}}}, "/simple/logo/uri"),
        ({"simple": {"logo": {"uri": "javascript:alert(1)"}}}, "/simple/logo/uri"),
        ({"simple": {"logo": {"uri": "logo.png"}}}, "/simple/logo/uri"),
        ({"simple": {"logo": {**LOGO, "uri#integrity": 1}}}, "/simple/logo/uri#integrity"),
        ({"simple": {"logo": {**LOGO, "uri#integrity": ""}}}, "/simple/logo/uri#integrity"),
        ({"svg_templates": [{**TEMPLATE, "uri#integrity": ""}]}, "/svg_templates/0/uri#integrity"),
        ({"simple": {"logo": {**LOGO, "alt_text": 1}}}, "/simple/logo/alt_text"),
        ({"simple": {"background_image": {"uri": 1}}}, "/simple/background_image/uri"),
        ({"simple": {"background_color": "red; background: url(x)"}}, "/simple/background_color"),
        ({"simple": {"background_color": ""}}, "/simple/background_color"),
        ({"simple": {"background_color": "url(1)"}}, "/simple/background_color"),
        ({"simple": {"text_color": "expression(1)"}}, "/simple/text_color"),
        ({"simple": {"text_color": "xrgb(1)"}}, "/simple/text_color"),
        ({"simple": {"text_color": "(1)"}}, "/simple/text_color"),
        ({"simple": {"text_color": 3}}, "/simple/text_color"),
        ({"svg_templates": {}}, "/svg_templates"),
        ({"svg_templates": [{}]}, "/svg_templates/0/uri"),
        ({"svg_templates": [{"uri": "ftp://a.example"}]}, "/svg_templates/0/uri"),
        ({"svg_templates": [{**TEMPLATE, "properties": []}]}, "/svg_templates/0/properties"),
        ({"svg_templates": [{**TEMPLATE, "properties": {"orientation": "square"}}]}, "/svg_templates/0/properties/orientation"),
        ({"svg_templates": [{**TEMPLATE, "properties": {"orientation": ""}}]}, "/svg_templates/0/properties/orientation"),
        ({"svg_templates": [{**TEMPLATE, "properties": {"color_scheme": "grey"}}]}, "/svg_templates/0/properties/color_scheme"),
        ({"svg_templates": [{**TEMPLATE, "properties": {"contrast": ["high"]}}]}, "/svg_templates/0/properties/contrast"),
    ],
    ids=repr,
)
def test_sv_12_a_rendering_has_its_shape(rendering: dict[str, Any], place: str) -> None:
    assert _rendering(**rendering) == (MALFORMED_VALUE_ERROR, f"/display/0/rendering{place}")


@pytest.mark.parametrize(
    "colour",
    [
        *("red", "#fff", "#12107c80", "rgb(0 0 0)", "RGBA(1, 2, 3, .5)", "hsl(120, 5%, 5%)", "hsla(1,2%,3%,1)", "hwb(1 2% 3%)"),
        *("lab(1% -2 3)", "lch(1% 2 3)", "oklab(1% 2 3)", "oklch(1 2 3 / 50%)"),
    ],
)
def test_sv_12_the_colours_of_css(colour: str) -> None:
    display: JsonObject = {"locale": "en", "name": "x", "rendering": {"simple": {"background_color": colour}}}
    displays = parse({"vct": "a", "display": [display]}).display
    assert displays
    assert displays[0].simple
    assert displays[0].simple.background_color == colour


def test_sv_13_what_a_claim_says() -> None:
    claim: JsonObject = {
        "path": ["degrees", None, 0],
        "display": [{"locale": "en", "label": "Degree", "description": "What was learnt"}],
        "mandatory": True,
        "sd": "never",
        "svg_id": "_d1",
    }
    (found,) = parse({"vct": VCT, "claims": [claim]}).claims
    assert found == ClaimRule(("degrees", None, 0), (ClaimDisplay("en", "Degree", "What was learnt"),), True, "never", "_d1")
    assert parse({"vct": VCT, "claims": [{"path": ["x"]}]}).claims == (ClaimRule(("x",)),)


@pytest.mark.parametrize(
    ("members", "place"),
    [
        ({"path": None}, "/path"),
        ({"path": []}, "/path"),
        ({"path": "x"}, "/path"),
        ({"path": ["x", -1]}, "/path/1"),
        ({"path": ["x", True]}, "/path/1"),
        ({"path": ["x"] * 65}, "/path"),
        ({"display": [{"label": "x"}]}, "/display/0/locale"),
        ({"display": [{"locale": "en"}]}, "/display/0/label"),
        ({"display": {}}, "/display"),
        ({"mandatory": "true"}, "/mandatory"),
        ({"mandatory": None}, "/mandatory"),
        ({"mandatory": 1}, "/mandatory"),
        ({"sd": "Always"}, "/sd"),
        ({"sd": None}, "/sd"),
        ({"sd": ""}, "/sd"),
        ({"svg_id": "1a"}, "/svg_id"),
        ({"svg_id": "a-b"}, "/svg_id"),
        ({"svg_id": "é"}, "/svg_id"),
        ({"svg_id": ""}, "/svg_id"),
        ({"svg_id": 1}, "/svg_id"),
    ],
    ids=repr,
)
def test_sv_13_a_claim_has_its_shape(members: dict[str, Any], place: str) -> None:
    kind = LIMIT_EXCEEDED if len(members.get("path") or ()) > 64 else MALFORMED_VALUE_ERROR
    assert refused(claims=[{"path": ["x"], **members}]) == (kind, f"/claims/0{place}")


def test_sv_13_a_claim_has_one_rule_and_an_svg_id_one_claim() -> None:
    assert refused(claims=[{"path": ["x"]}, {"path": ["x"], "sd": "never"}]) == (MALFORMED_VALUE_ERROR, "/claims")
    assert refused(claims=[{"path": ["x"], "svg_id": "a"}, {"path": ["y"], "svg_id": "a"}]) == (MALFORMED_VALUE_ERROR, "/claims")
    assert len(parse({"vct": VCT, "claims": [{"path": ["x", 0]}, {"path": ["x", None]}, {"path": ["x"]}]}).claims) == 3


def test_the_limits_that_the_page_names() -> None:
    assert (MAX_BYTES, MAX_CLAIMS, MAX_TYPES, MAX_MISMATCHES, MAX_WORK) == (262_144, 1_024, 8, 16, 1_048_576)


def test_limits() -> None:
    most: list[Any] = [{"path": [str(number)]} for number in range(MAX_CLAIMS)]
    assert len(parse({"vct": VCT, "claims": most}).claims) == MAX_CLAIMS
    assert refused(claims=[*most, {"path": ["x"]}]) == (LIMIT_EXCEEDED, "/claims")
    text = b'{"vct":"' + VCT.encode() + b'"}'
    assert read(text + b" " * (MAX_BYTES - len(text))).metadata == TypeMetadata(VCT)
    with pytest.raises(SaysoError) as caught:
        read(text + b" " * (MAX_BYTES - len(text) + 1))
    assert [problem.kind for problem in caught.value.problems] == [LIMIT_EXCEEDED]


@pytest.mark.parametrize("content", [b"", b"[]", b'{"vct":"a","vct":"a"}', b"\xff"], ids=repr)
def test_it_is_strict_json(content: bytes) -> None:
    with pytest.raises(SaysoError) as caught:
        read(content)
    assert [problem.kind for problem in caught.value.problems] == [PARSING_ERROR]
