"""Somebody uses the looser syntax of JSON to say more, or something else, than was signed."""

import json
from collections.abc import Callable
from typing import Any, NamedTuple

import pytest

from sayso import ANYONE, Expectations, Request, SaysoError, examine
from sayso.encodings import base64url
from sayso.errors import CRYPTOGRAPHIC_SECURITY_ERROR, HOLDER_BINDING, PARSING_ERROR, ProblemType
from sayso.openid import response
from sayso.proofs.sd_jwt.serialization import flattened
from sayso.testing.world import START
from tests.journeys.town import Town, disclosure_named, header_of, payload_of, sealed_json, town

Parts = dict[str, Any]
Place = tuple[ProblemType, str]

QUERY = "vc-sd-jwt"


class Scene(NamedTuple):
    """Hold what Ada answered in compact form and in the flattened syntax, and what she kept back."""

    there: Town
    request: Request
    text: str
    parts: Parts
    birthdate: str

    @property
    def first(self) -> Parts:
        """The one signature, as it stands in the general syntax."""
        return {name: value for name, value in self.parts.items() if name != "payload"}

    def with_header(self, **changes: Any) -> Parts:
        """Change the unprotected header; what becomes None is left out."""
        return {**self.parts, "header": self.header(**changes)}

    def header(self, **changes: Any) -> Parts:
        return {name: value for name, value in {**self.parts["header"], **changes}.items() if value is not None}

    def general(self, *signatures: Any) -> Parts:
        return {"payload": self.parts["payload"], "signatures": [*signatures]}

    def seen(self, presented: Any) -> list[Place]:
        """Say what a verifier has against it, who gets it by itself, and the bar, who gets it in an answer."""
        text = presented if isinstance(presented, str) else json.dumps(presented)
        asked = self.there.ada.plan(self.request).asked.request
        expected = Expectations(issuers=ANYONE, audience=asked.client_id, nonce=asked.nonce)
        alone = [(problem.kind, problem.pointer) for problem in examine(text, expected, at=START).problems]
        answered = self.answered('{"vp_token":{"' + QUERY + '":[' + text + "]}}")
        # Two members of one name are seen as soon as the answer is read, and then nobody knows where.
        assert answered <= {place for _, place in alone} | {""}
        assert bool(answered) == bool(alone)
        return alone

    def answered(self, answer: str) -> set[str]:
        """Say where in the presentation the bar finds something; nothing where it accepts."""
        try:
            share = self.there.bar.accept(answer, self.request)
        except SaysoError as error:
            return {problem.pointer.removeprefix(f"/{QUERY}/0") for problem in error.problems}
        assert share.read() == {"age_over_18": True}
        return set()


@pytest.fixture
def scene() -> Scene:
    there = town(None)
    card = there.issue()
    there.ada.store(card)
    request = there.ask("age_over_18")
    token: Any = response.parse(there.answer(request).data)
    ((text,),) = token.values()
    return Scene(there, request, text, json.loads(flattened(text)), disclosure_named(card, "birthdate"))


def test_nobody_did_anything(scene: Scene) -> None:
    assert scene.seen(scene.parts) == []


def test_in_the_general_syntax(scene: Scene) -> None:
    assert scene.seen(scene.general(scene.first)) == []


class TestMoreIsDisclosed:
    def test_in_the_header(self, scene: Scene) -> None:
        more = [*scene.parts["header"]["disclosures"], scene.birthdate]
        assert scene.seen(scene.with_header(disclosures=more)) == [(CRYPTOGRAPHIC_SECURITY_ERROR, "/key_binding/sd_hash")]

    def test_in_one_text_with_another(self, scene: Scene) -> None:
        """A tilde would make two disclosures of one, or a disclosure of a key binding."""
        (sent,) = scene.parts["header"]["disclosures"]
        assert scene.seen(scene.with_header(disclosures=[f"{sent}~{scene.birthdate}"])) == [(PARSING_ERROR, "")]
        binding = scene.parts["header"]["kb_jwt"]
        assert scene.seen(scene.with_header(kb_jwt=f"{scene.birthdate}~{binding}")) == [(PARSING_ERROR, "/header/kb_jwt")]
        assert scene.seen({**scene.parts, "signature": f"{scene.parts['signature']}~{sent}"}) == [(PARSING_ERROR, "")]

    def test_where_nobody_looks(self, scene: Scene) -> None:
        """Beside the header it is a member that is not known, and discloses nothing."""
        assert scene.seen({**scene.parts, "disclosures": [scene.birthdate]}) == []

    @pytest.mark.parametrize("mine", [{"disclosures": []}, {"kb_jwt": "a.b.c"}, {"disclosures": [], "kb_jwt": "a.b.c"}], ids=str)
    def test_behind_a_second_signature(self, scene: Scene, mine: Parts) -> None:
        if "disclosures" in mine:
            mine["disclosures"].append(scene.birthdate)
        second = {**scene.first, "header": mine}
        assert scene.seen(scene.general(scene.first, second)) == [(PARSING_ERROR, "/signatures/1/header")]
        assert scene.seen(scene.general(scene.first, {**scene.first, "header": {}}, second)) == [(PARSING_ERROR, "/signatures/2/header")]

    def test_in_front_of_the_true_signature(self, scene: Scene) -> None:
        second = {**scene.first, "header": {"disclosures": [scene.birthdate]}}
        assert scene.seen(scene.general(second, scene.first)) == [(PARSING_ERROR, "/signatures/1/header")]


class TestKeyBinding:
    def test_in_both_signatures(self, scene: Scene) -> None:
        assert scene.seen(scene.general(scene.first, scene.first)) == [(PARSING_ERROR, "/signatures/1/header")]

    def test_with_the_second_signature_only(self, scene: Scene) -> None:
        first = {**scene.first, "header": scene.header(kb_jwt=None)}
        second = {**scene.first, "header": {"kb_jwt": scene.parts["header"]["kb_jwt"]}}
        assert scene.seen(scene.general(first, second)) == [(PARSING_ERROR, "/signatures/1/header")]

    @pytest.mark.parametrize("place", ["beside", "nowhere"])
    def test_stripped(self, scene: Scene, place: str) -> None:
        without = scene.with_header(kb_jwt=None)
        if place == "beside":
            without["kb_jwt"] = scene.parts["header"]["kb_jwt"]
        assert scene.seen(without) == [(HOLDER_BINDING, "")]

    @pytest.mark.parametrize("binding", ["", None, [], {}, "a.b", "a.b.c.d", "a.b.", " a.b.c"])
    def test_of_another_shape(self, scene: Scene, binding: Any) -> None:
        presented = {**scene.parts, "header": {**scene.parts["header"], "kb_jwt": binding}}
        assert scene.seen(presented) == [(PARSING_ERROR, "/header/kb_jwt")]

    def test_in_a_list(self, scene: Scene) -> None:
        assert scene.seen(scene.with_header(kb_jwt=[scene.parts["header"]["kb_jwt"]])) == [(PARSING_ERROR, "/header/kb_jwt")]

    def test_in_the_json_form_of_itself(self, scene: Scene) -> None:
        protected, payload, signature = scene.parts["header"]["kb_jwt"].split(".")
        nested = {"payload": payload, "protected": protected, "signature": signature}
        assert scene.seen(scene.with_header(kb_jwt=nested)) == [(PARSING_ERROR, "/header/kb_jwt")]


class TestWhatNobodySigned:
    @pytest.mark.parametrize(
        ("name", "value"),
        [
            ("alg", "none"),
            ("alg", "EdDSA"),
            ("typ", "vc+sd-jwt"),
            ("cty", "vc"),
            ("kid", "did:key:z6Mk#z6Mk"),
            ("crit", ["b64"]),
            ("crit", []),
        ],
    )
    def test_repeats_or_extends_what_was_signed(self, scene: Scene, name: str, value: Any) -> None:
        assert scene.seen(scene.with_header(**{name: value})) == [(PARSING_ERROR, "/header")]
        general = scene.general({**scene.first, "header": scene.header(**{name: value})})
        assert scene.seen(general) == [(PARSING_ERROR, "/signatures/0/header")]
        second = {**scene.first, "header": {name: value}}
        assert scene.seen(scene.general(scene.first, second)) == [(PARSING_ERROR, "/signatures/1/header")]

    @pytest.mark.parametrize(("name", "place"), [("alg", "/alg"), ("typ", "/typ"), ("kid", "/kid")])
    def test_stands_in_for_what_was_not(self, scene: Scene, name: str, place: str) -> None:
        """The issuer itself leaves a parameter out: even then one that nothing protects is not taken for it."""
        jwt = scene.text.partition("~")[0]
        signed = header_of(jwt)
        left = {parameter: value for parameter, value in signed.items() if parameter != name}
        protected = base64url.encode(sealed_json(left))
        signature = base64url.encode(scene.there.city_key.sign(f"{protected}.{scene.parts['payload']}".encode()))
        presented = {**scene.with_header(**{name: signed[name]}), "protected": protected, "signature": signature}
        assert [where for _, where in scene.seen(presented)] == [place]

    @pytest.mark.parametrize(("name", "value"), [("jwk", {}), ("x5c", ["AAAA"]), ("jku", "https://evil.example/"), ("b64", False)])
    def test_says_nothing(self, scene: Scene, name: str, value: Any) -> None:
        assert scene.seen(scene.with_header(**{name: value})) == []

    def test_a_true_signature_behind_a_false_one(self, scene: Scene) -> None:
        """The first counts: one that holds further on does not make up for it."""
        false = {**scene.first, "signature": "A" * len(scene.parts["signature"])}
        found = scene.seen(scene.general(false, {**scene.first, "header": {}}))
        assert found == [(CRYPTOGRAPHIC_SECURITY_ERROR, "")]

    def test_a_false_signature_behind_the_true_one(self, scene: Scene) -> None:
        """Whoever likes may add one, for nothing covers the list; nothing is concluded from it."""
        false = {"protected": scene.parts["protected"], "signature": "A" * len(scene.parts["signature"])}
        assert scene.seen(scene.general(scene.first, false)) == []

    @pytest.mark.parametrize("spelling", ["", "AB", "AAA=", "A+A/", "é", "AAAA\n", None, 1, []])
    def test_a_further_signature_is_well_formed(self, scene: Scene, spelling: Any) -> None:
        further = {"protected": scene.parts["protected"], "signature": spelling}
        assert scene.seen(scene.general(scene.first, further)) == [(PARSING_ERROR, "/signatures/1")]


class TestTwoMembersOfOneName:
    @pytest.mark.parametrize("member", ['"payload":"e30"', '"header":{}', '"protected":"e30"', '"signature":"AAAA"', '"x":1,"x":2'])
    @pytest.mark.parametrize("write", ["{%s,%s", "%s"], ids=["before", "after"])
    def test_at_the_top(self, scene: Scene, member: str, write: str) -> None:
        text = json.dumps(scene.parts)
        doubled = write % (member, text[1:]) if write != "%s" else f"{text[:-1]},{member}}}"
        assert scene.seen(doubled) == [(PARSING_ERROR, "")]

    @pytest.mark.parametrize("member", ['"disclosures": []', '"kb_jwt": "a.b.c"'])
    def test_in_the_header(self, scene: Scene, member: str) -> None:
        text = json.dumps(scene.parts)
        assert scene.seen(text.replace('"header": {', f'"header": {{{member}, ')) == [(PARSING_ERROR, "")]

    def test_in_the_protected_header(self, scene: Scene) -> None:
        """Spelled out by the issuer's own key."""
        twice = base64url.encode(b'{"alg":"none",' + base64url.decode(scene.parts["protected"])[1:])
        signature = base64url.encode(scene.there.city_key.sign(f"{twice}.{scene.parts['payload']}".encode()))
        assert scene.seen({**scene.parts, "protected": twice, "signature": signature}) == [(PARSING_ERROR, "")]


class TestBothSyntaxes:
    def test_at_once(self, scene: Scene) -> None:
        assert scene.seen({**scene.parts, "signatures": [scene.first]}) == [(PARSING_ERROR, "")]
        assert scene.seen({**scene.parts, "signatures": []}) == [(PARSING_ERROR, "")]

    @pytest.mark.parametrize("name", ["signature", "protected", "header"])
    def test_in_part(self, scene: Scene, name: str) -> None:
        assert scene.seen({**scene.general(scene.first), name: scene.parts[name]}) == [(PARSING_ERROR, "")]


class TestAnotherPayload:
    @pytest.mark.parametrize("name", ["payload", "protected", "signature"])
    def test_swapped(self, scene: Scene, name: str) -> None:
        other = json.loads(flattened(scene.there.issue({"vip": True, "age_over_18": True}, format="dc+sd-jwt").text))
        ((kind, _), *_) = scene.seen({**scene.parts, name: other[name]})
        assert kind == CRYPTOGRAPHIC_SECURITY_ERROR

    @pytest.mark.parametrize("payload", ["", "!", "e30=", "e3 0", "é", None, {}, [], 1, True, {"iss": "x"}])
    def test_that_is_no_base64url(self, scene: Scene, payload: Any) -> None:
        assert scene.seen({**scene.parts, "payload": payload}) == [(PARSING_ERROR, "")]

    def test_in_another_spelling(self, scene: Scene) -> None:
        """Bits that no byte uses, or white space around the JSON: what was signed is the text."""
        spaced = base64url.encode(sealed_json(payload_of(scene.text)) + b" ")
        assert scene.seen({**scene.parts, "payload": spaced}) == [(CRYPTOGRAPHIC_SECURITY_ERROR, "")]
        assert scene.seen({**scene.parts, "payload": scene.parts["payload"] + "A"}) == [(PARSING_ERROR, "")]

    def test_that_is_detached(self, scene: Scene) -> None:
        """RFC 7515, appendix F, is another agreement; here, what is not there was not signed."""
        assert scene.seen(scene.first) == [(PARSING_ERROR, "")]
        assert scene.seen({"signatures": [scene.first]}) == [(PARSING_ERROR, "")]


LOOSE: dict[str, Callable[[str], str]] = {
    "byte order mark": lambda text: "\ufeff" + text,
    "array": lambda text: "[" + text + "]",
    "tilde": lambda text: text + "~",
    "twice": lambda text: text + text,
    "string": json.dumps,
    "other white space": lambda text: text.replace(", ", ",\u00a0"),
    "other quotation marks": lambda text: text.replace('"', "'"),
    "a last comma": lambda text: text[:-1] + ",}",
    "no number": lambda text: text[:-1] + ',"x":NaN}',
    "half a pair": lambda text: text[:-1] + ',"x":"\\ud800"}',
    "depth": lambda text: text[:-1] + ',"x":' + "[" * 70 + "]" * 70 + "}",
}


@pytest.mark.parametrize("change", LOOSE)
def test_what_is_around_it_is_strict_json(scene: Scene, change: str) -> None:
    text = json.dumps(scene.parts)
    asked = scene.there.ada.plan(scene.request).asked.request
    expected = Expectations(issuers=ANYONE, audience=asked.client_id, nonce=asked.nonce)
    assert examine(text, expected, at=START).ok
    (problem,) = examine(LOOSE[change](text), expected, at=START).problems
    assert problem.stage == "decode"


@pytest.mark.parametrize("form", ["flattened", "general"])
def test_a_wallet_does_not_take_a_card_that_somebody_added_to(form: str) -> None:
    there = town(None)
    parts = json.loads(there.issue(serialization=form).text)
    signature = parts["signatures"][0] if form == "general" else parts
    for name, value in (("alg", "none"), ("crit", ["x"]), ("kb_jwt", "a.b.c")):
        signature["header"][name] = value
        with pytest.raises(SaysoError):
            there.ada.store(json.dumps(parts))
        del signature["header"][name]
    signature["header"]["disclosures"].append(disclosure_named(there.issue(), "birthdate"))
    with pytest.raises(SaysoError):
        there.ada.store(json.dumps(parts))
    signature["header"]["disclosures"].pop()
    there.ada.store(json.dumps(parts))
