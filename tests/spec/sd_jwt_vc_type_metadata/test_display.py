"""SD-JWT VC draft 19: what a wallet shows (SV-12, SV-13)."""

import pytest

from sayso.credentials.type_metadata.appearance import ClaimDisplay, chosen
from sayso.credentials.type_metadata.document import parse
from sayso.credentials.type_metadata.svg import fill
from sayso.errors import MALFORMED_VALUE_ERROR, SaysoError
from sayso.jsonvalue import JsonObject

SAID = [ClaimDisplay(locale, locale, "") for locale in ("de-CH", "en", "de-AT-1996", "nb")]
CARD = parse(
    {
        "vct": "a",
        "claims": [
            {"path": ["name"], "svg_id": "name"},
            {"path": ["langs", None], "svg_id": "langs"},
            {"path": ["address"], "svg_id": "address"},
            {"path": ["other"]},
        ],
    }
)
ADA: JsonObject = {"name": "Ada", "langs": ["no", "en"], "address": {"city": "Oslo", "floor": 2}, "other": "x"}


@pytest.mark.parametrize(
    ("languages", "locale"),
    [
        (["nb"], "nb"),
        (["NB-no"], "nb"),
        (["de"], "de-CH"),
        (["de-AT"], "de-AT-1996"),
        (["de-DE", "nb"], "de-CH"),
        (["fr", "en-GB-oed"], "en"),
        (["fr"], "de-CH"),
        ([], "de-CH"),
        (["", "d"], "de-CH"),
        (["n", "en"], "en"),
    ],
    ids=repr,
)
def test_the_language_of_the_user(languages: list[str], locale: str) -> None:
    found = chosen(SAID, languages)
    assert found is not None
    assert found.locale == locale


def test_nothing_is_said() -> None:
    assert chosen([], ["en"]) is None


def test_sv_12_placeholders_are_filled() -> None:
    template = '<?xml version="1.0"?><svg a="1" b=\'2\'><!-- - --><text>{{name}}, {{langs}}</text><g/> {{address}}</svg>\n'
    assert fill(template, CARD, ADA) == (
        '<?xml version="1.0"?><svg a="1" b=\'2\'><!-- - --><text>Ada, no, en</text><g/> '
        "{&quot;city&quot;:&quot;Oslo&quot;,&quot;floor&quot;:2}</svg>\n"
    )


def test_sv_12_what_is_absent_leaves_its_place_empty() -> None:
    assert fill("<t>[{{name}}{{langs}}]</t>", CARD, {}) == "<t>[]</t>"


def test_sv_12_values_are_escaped() -> None:
    assert fill("<t>{{name}}</t>", CARD, {"name": "<a href='x'>&\"\x00\x1f\ufffe{{name}}"}) == (
        "<t>&lt;a href=&apos;x&apos;&gt;&amp;&quot;\ufffd\ufffd\ufffd{{name}}</t>"
    )


@pytest.mark.parametrize(
    "template",
    [
        "<t>{{other}}</t>",
        "<t>{{ name }}</t>",
        "<t>{{}}</t>",
        "<t>{{name}</t>",
        "<t>{{na<b/>me}}</t>",
        "<t>{{n\u00e4me}}</t>",
        '<t a="{{name}}">x</t>',
        "<t a='{{name}}'/>",
        "<{{name}}>x</t>",
        "<!-- {{name}} --><t/>",
        "<style>{{name}}</style>",
        "<svg:Script>{{name}}</svg:Script>",
        "<script><b>{{name}}</b></script>",
    ],
)
def test_sv_12_placeholders_stand_in_text_alone_and_are_known(template: str) -> None:
    with pytest.raises(SaysoError) as caught:
        fill(template, CARD, ADA)
    assert [problem.kind for problem in caught.value.problems] == [MALFORMED_VALUE_ERROR]


@pytest.mark.parametrize(
    "template",
    [
        "<t",
        "<t>",
        "</t>",
        "<a></b>",
        "<a><b></a></b>",
        "<a></a/>",
        "<!-- x",
        "<!-->",
        "<t a=1/>",
        "<t a/>",
        "<t a='<'/>",
        '<!DOCTYPE svg [<!ENTITY x "y">]><svg/>',
        "<t><![CDATA[{{name}}]]></t>",
        "<?xml-stylesheet href='x'?><t/>",
        "<?php x ?>",
        "<1/>",
        "a < b",
    ],
)
def test_sv_12_what_is_not_read_here_is_not_filled(template: str) -> None:
    with pytest.raises(SaysoError) as caught:
        fill(template, CARD, ADA)
    assert [problem.kind for problem in caught.value.problems] == [MALFORMED_VALUE_ERROR]


def test_style_may_stand_beside() -> None:
    assert fill("<s><style>a{}</style>{{name}}</s>", CARD, ADA) == "<s><style>a{}</style>Ada</s>"


def test_a_claim_of_another_shape_is_not_shown() -> None:
    with pytest.raises(SaysoError):
        fill("<t>{{langs}}</t>", CARD, {"langs": "no"})


def test_indexes_are_those_of_the_issuer() -> None:
    card = parse({"vct": "a", "claims": [{"path": ["langs", 1], "svg_id": "second"}]})
    assert fill("<t>{{second}}</t>", card, {"langs": ["en"]}, {("langs",): (1,)}) == "<t>en</t>"
