"""SD-JWT VC draft 19: what a wallet shows (SV-12, SV-13)."""

import pytest

from sayso.credentials.type_metadata.appearance import ClaimDisplay, chosen
from sayso.credentials.type_metadata.document import parse
from sayso.credentials.type_metadata.svg import MAX_FILLING, MAX_TEMPLATE, fill
from sayso.errors import LIMIT_EXCEEDED, MALFORMED_VALUE_ERROR, SaysoError
from sayso.jsonvalue import Json, JsonObject

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
        "<script><b/><c></c>{{name}}</script>",
        "<s><handler>{{name}}</handler></s>",
        "<ev:Handler>{{name}}</ev:Handler>",
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


def test_deep_templates() -> None:
    deep = 10_000
    template = "<a>" * deep + "{{name}}<b/>" * deep + "</a>" * deep
    assert fill(template, CARD, ADA) == template.replace("{{name}}", "Ada")


def limit_of(template: str, claims: JsonObject) -> str:
    with pytest.raises(SaysoError) as caught:
        fill(template, CARD, claims)
    (problem,) = caught.value.problems
    assert problem.kind is LIMIT_EXCEEDED
    return problem.detail


def test_limits_of_a_template() -> None:
    longest = "<t/>" + " " * (MAX_TEMPLATE - 4)
    assert fill(longest, CARD, ADA) == longest
    assert limit_of(longest + " ", ADA) == f"a template is longer than {MAX_TEMPLATE} characters"
    half = "&" * (MAX_FILLING // 10)
    assert len(fill("<t>{{name}}{{name}}</t>", CARD, {"name": half})) == len("<t></t>") + MAX_FILLING // 10 * 10
    assert limit_of("<t>{{name}}</t>{{name}}", {"name": half + "&"}) == f"a template is filled with more than {MAX_FILLING} characters"
    assert limit_of("<t>{{name}}{{name}}{{langs}}</t>", {"name": half, "langs": ["xxxxxxx"]})
    assert (MAX_TEMPLATE, MAX_FILLING) == (1_048_576, 1_048_576)


def test_a_claim_is_looked_for_once() -> None:
    class Counted(dict[str, Json]):
        """Count how often a claim is taken out."""

        taken = 0

        def __getitem__(self, name: str) -> Json:
            self.taken += 1
            return super().__getitem__(name)

    claims = Counted(name="Ada")
    fill("<t>{{name}}</t>", CARD, claims)
    once, claims.taken = claims.taken, 0
    fill("<t>{{name}}<b/>{{name}}{{name}}</t>", CARD, claims)
    assert claims.taken == once > 0


def test_a_claim_of_another_shape_is_not_shown() -> None:
    with pytest.raises(SaysoError):
        fill("<t>{{langs}}</t>", CARD, {"langs": "no"})


def test_indexes_are_those_of_the_issuer() -> None:
    card = parse({"vct": "a", "claims": [{"path": ["langs", 1], "svg_id": "second"}]})
    assert fill("<t>{{second}}</t>", card, {"langs": ["en"]}, {("langs",): (1,)}) == "<t>en</t>"
