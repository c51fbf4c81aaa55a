"""SD-J1: an SD-JWT travels as JSON too, and is then what its compact form is."""

import json
from typing import Any

import pytest

from sayso import ANYONE, Expectations, examine
from sayso.credentials.media_types import DC_SD_JWT, SD_JWT_JSON
from sayso.errors import CRYPTOGRAPHIC_SECURITY_ERROR, LIMIT_EXCEEDED, PARSING_ERROR
from sayso.jsonvalue import DEFAULT_LIMITS, Limits
from sayso.openid import response
from sayso.proofs.sd_jwt import serialization
from sayso.proofs.sd_jwt.mechanism import SdJwtMechanism
from tests.journeys.town import Town, town
from tests.unit.proofs.refusals import refused
from tests.unit.proofs.tokens import AT, AUDIENCE, ISSUER_KID, NONCE, PID, POLICY, bound, digest, encoded, member, prove, sd_jwt, token

NAME = member("given_name", "Ada")
ISSUED = sd_jwt(token({**PID, "_sd": [digest(NAME)]}), NAME)
BOUND = bound(ISSUED)
PROTECTED, PAYLOAD, SIGNATURE = ISSUED.partition("~")[0].split(".")
FORMS = (serialization.flattened, serialization.general)


def written(value: Any) -> str:
    return json.dumps(value)


def flat(**changes: Any) -> dict[str, Any]:
    """Write the flattened form by hand, with members changed; what becomes None is left out."""
    whole: dict[str, Any] = {"payload": PAYLOAD, "protected": PROTECTED, "signature": SIGNATURE, "header": {"disclosures": [NAME]}}
    return {name: value for name, value in {**whole, **changes}.items() if value is not None}


def signature(**changes: Any) -> dict[str, Any]:
    return flat(payload=None, **changes)


@pytest.mark.parametrize("form", FORMS)
@pytest.mark.parametrize("text", [ISSUED, BOUND, bound(sd_jwt(token(PID))), sd_jwt(token(PID))], ids=["issued", "bound", "bare", "plain"])
def test_there_and_back(form: Any, text: str) -> None:
    assert serialization.compact(form(text).encode(), DEFAULT_LIMITS) == text.encode()
    assert prove(form(text)) == prove(text)


def test_what_is_written() -> None:
    binding = BOUND.rpartition("~")[2]
    header = {"disclosures": [NAME], "kb_jwt": binding}
    assert json.loads(serialization.flattened(BOUND)) == flat(header=header)
    assert json.loads(serialization.general(BOUND)) == {"payload": PAYLOAD, "signatures": [signature(header=header)]}
    assert json.loads(serialization.flattened(ISSUED)) == flat()


@pytest.mark.parametrize("form", FORMS)
def test_a_report_is_the_same(form: Any) -> None:
    expected = Expectations(issuers=ANYONE, audience=AUDIENCE, nonce=NONCE)
    assert examine(form(BOUND), expected, at=AT) == examine(BOUND, expected, at=AT)
    assert examine(form(BOUND), expected, at=AT).ok
    late = form(BOUND.replace(NAME, NAME[:-1] + "A"))
    assert not examine(late, expected, at=AT).ok


class TestWhatIsIgnored:
    @pytest.mark.parametrize("text", ["\n\t {}", " {}\r\n"])
    def test_white_space_around_it(self, text: str) -> None:
        assert prove(text.replace("{}", written(flat()))) == prove(ISSUED)

    def test_members_that_are_not_known(self) -> None:
        """RFC 7515, section 7.2.1"""
        assert prove(written(flat(extra=1, header={"disclosures": [NAME], "note": {"x": 1}}))) == prove(ISSUED)

    def test_an_absent_header(self) -> None:
        assert prove(written(flat(header=None))).disclosed == {}

    def test_further_signatures(self) -> None:
        """Section 8.1: what is disclosed stands with the first one, which is the one that must hold."""
        other = {"protected": encoded({"alg": "ES256"}), "signature": "AAAA", "header": {"kid": "x"}}
        assert prove(written({"payload": PAYLOAD, "signatures": [signature(), other]})) == prove(ISSUED)
        with refused(CRYPTOGRAPHIC_SECURITY_ERROR, "/alg"):
            prove(written({"payload": PAYLOAD, "signatures": [other, signature(header={})]}))


class TestWhatIsNoSdJwt:
    @pytest.mark.parametrize(
        "value", [{}, {"payload": PAYLOAD}, {"signature": SIGNATURE}, {"protected": PROTECTED, "signature": SIGNATURE, "signatures": []}]
    )
    def test_an_object_of_another_kind(self, value: Any) -> None:
        """Detached or not at all: other mechanisms are asked."""
        assert SdJwtMechanism().decode(written(value).encode(), POLICY) is None


class TestWhatIsRefused:
    @pytest.mark.parametrize(
        ("value", "pointer"),
        [
            (flat(signatures=[signature()]), ""),
            (flat(signatures=[signature()], signature=None), ""),
            (flat(signatures=[signature()], signature=None, protected=None), ""),
            ({"payload": PAYLOAD, "signatures": []}, "/signatures"),
            ({"payload": PAYLOAD, "signatures": {}}, "/signatures"),
            ({"payload": PAYLOAD, "signatures": ["x"]}, "/signatures/0"),
            ({"payload": PAYLOAD, "signatures": [signature(), None]}, "/signatures/1"),
            ({"payload": PAYLOAD, "signatures": [signature(), {"protected": PROTECTED}]}, "/signatures/1"),
            ({"payload": PAYLOAD, "signatures": [signature(), signature()]}, "/signatures/1/header"),
            ({"payload": PAYLOAD, "signatures": [signature(header={}), signature(header={"kb_jwt": "a.b.c"})]}, "/signatures/1/header"),
            ({"payload": "", "signatures": [signature()]}, "/signatures/0"),
            (flat(protected=None), ""),
            (flat(protected=""), ""),
            (flat(protected=5), ""),
            (flat(protected="e30."), ""),
            (flat(protected=encoded([])), ""),
            (flat(payload=""), ""),
            (flat(payload=PAYLOAD + "~"), ""),
            (flat(payload={}), ""),
            (flat(signature=""), ""),
            (flat(signature=SIGNATURE + "="), ""),
            (flat(header=[]), ""),
            (flat(header="x"), ""),
            (flat(header={"disclosures": NAME}), "/header/disclosures"),
            (flat(header={"disclosures": {}}), "/header/disclosures"),
            (flat(header={"disclosures": [5]}), ""),
            (flat(header={"disclosures": [""]}), ""),
            (flat(header={"disclosures": [f"{NAME}~{NAME}"]}), ""),
            (flat(header={"disclosures": [NAME + "\n"]}), ""),
            (flat(header={"kb_jwt": ""}), "/header/kb_jwt"),
            (flat(header={"kb_jwt": None}), "/header/kb_jwt"),
            (flat(header={"kb_jwt": "a.b"}), "/header/kb_jwt"),
            (flat(header={"kb_jwt": f"{NAME}~a.b.c"}), "/header/kb_jwt"),
            (flat(header={"crit": ["exp"]}), "/header"),
            (flat(header={"alg": "EdDSA"}), "/header"),
            (flat(header={"kid": ISSUER_KID}), "/header"),
        ],
        ids=str,
    )
    def test_a_malformed_one(self, value: Any, pointer: str) -> None:
        with refused(PARSING_ERROR, pointer):
            SdJwtMechanism().decode(written(value).encode(), POLICY)

    def test_what_is_no_json(self) -> None:
        for text in ("{~", "{", '{"payload":1,"payload":2}'):
            with refused(PARSING_ERROR):
                SdJwtMechanism().decode(text.encode(), POLICY)

    def test_what_is_too_long(self) -> None:
        text = written(flat()).encode()
        policy = POLICY._replace(limits=Limits(size_bytes=len(text)))
        assert SdJwtMechanism().decode(text, policy) is not None
        with refused(LIMIT_EXCEEDED):
            SdJwtMechanism().decode(text + b" ", policy)

    def test_too_many_disclosures(self) -> None:
        few = POLICY._replace(limits=Limits(disclosures=0))
        with refused(LIMIT_EXCEEDED):
            SdJwtMechanism().decode(written(flat()).encode(), few)

    def test_a_protected_header_beyond_the_limits(self) -> None:
        shallow = POLICY._replace(limits=Limits(depth=5))
        with refused(LIMIT_EXCEEDED):
            SdJwtMechanism().decode(written(flat(protected=encoded({"x": [[[[[]]]]]}))).encode(), shallow)


class TestAtTheDoors:
    @pytest.fixture
    def there(self) -> Town:
        return town(None)

    @pytest.mark.parametrize("format_", ["vc+sd-jwt", "dc+sd-jwt"])
    def test_issued_and_stored(self, there: Town, format_: str) -> None:
        for form in ("flattened", "general"):
            card = there.issue(format=format_, serialization=form)
            assert card.media_type == SD_JWT_JSON
            stored = there.ada.store(card)
            text = serialization.compact(card.data, DEFAULT_LIMITS)
            assert text is not None
            assert there.ada.store(text) == stored, "one credential is stored once, however it travelled"
        request = there.ask("age_over_18", type="IdentityCard", formats=[format_])
        assert there.bar.accept(there.answer(request), request).read() == {"age_over_18": True}

    def test_the_compact_form_is_what_the_format_says(self, there: Town) -> None:
        assert there.issue(format="dc+sd-jwt").media_type == DC_SD_JWT

    def test_what_is_malformed_is_not_stored(self, there: Town) -> None:
        for text in ("{", written({**flat(), "header": {"disclosures": 5}})):
            with refused(PARSING_ERROR):
                there.ada.store(text)
        assert there.ada.stored == {}

    def test_a_presentation_may_be_an_object(self, there: Town) -> None:
        """Section 8: in a vp_token it need not be text."""
        there.ada.store(there.issue())
        request = there.ask("age_over_18")
        token_: Any = response.parse(there.answer(request).data)
        (query_id, (text,)) = next(iter(token_.items()))
        answer = written({"vp_token": {query_id: [json.loads(serialization.general(text))]}})
        assert there.bar.accept(answer, request).read() == {"age_over_18": True}
