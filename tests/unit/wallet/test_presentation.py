"""A wallet signs whole credentials for one verifier: what it says, and what it refuses to say."""

import json
from collections.abc import Callable
from datetime import timedelta
from typing import Any

import pytest

from sayso import Credential, Expectations, Presentation, SaysoError, examine
from sayso.dids import did_key
from sayso.errors import DATA_LOSS_DETECTION_ERROR, INVALID_CHALLENGE_ERROR, INVALID_DOMAIN_ERROR, NOT_MINE, RANGE_ERROR
from sayso.identifiers import StoredId
from tests.journeys.town import HOUR, SECOND, Town, header_of, kinds, payload_of, town

BAR = "https://bar.example"
NONCE = "n-0S6"
WAYS = ("eddsa-jcs-2022", "eddsa-rdfc-2022", "vp+jwt")
WHOLE = ("eddsa-jcs-2022", "eddsa-rdfc-2022", "vc+jwt")
CLAIMS = {"given_name": "Ada", "langs": ["no", "en"]}


@pytest.fixture
def there() -> Town:
    return town(None)


def card(there: Town, format_: str = "eddsa-jcs-2022", **choices: Any) -> Credential:
    return there.issue(CLAIMS, format=format_, **choices)


def shown(there: Town, *stored: StoredId, **choices: Any) -> Presentation:
    return there.ada.presentation(*stored, **{"audience": BAR, "nonce": NONCE, **choices})


def expectations(there: Town, **options: Any) -> Expectations:
    return Expectations(**{"issuers": [there.city.did], "audience": BAR, "nonce": NONCE, **options})


def refusal(do: Callable[[], object]) -> SaysoError:
    with pytest.raises(SaysoError) as refused:
        do()
    return refused.value


@pytest.mark.parametrize("way", WAYS)
@pytest.mark.parametrize("format_", WHOLE)
def test_what_is_presented_verifies_and_says_the_same(there: Town, way: str, format_: str) -> None:
    stored = there.ada.store(card(there, format_))
    presentation = shown(there, stored, format=way)
    assert presentation.media_type == ("application/vp+jwt" if way == "vp+jwt" else "application/vp")
    report = examine(presentation, expectations(there), at=there.world.clock())
    assert report.problems == ()
    verified = report.require()
    assert verified.issuer == there.holder
    assert [one.claims["credentialSubject"] for one in verified.credentials["verifiableCredential"]] == [{"id": there.holder, **CLAIMS}]
    assert [one.issuer for one in verified.credentials["verifiableCredential"]] == [there.city.did]


@pytest.mark.parametrize("way", WAYS)
def test_several_credentials(there: Town, way: str) -> None:
    stored = [there.ada.store(card(there, format_)) for format_ in WHOLE]
    report = examine(shown(there, *stored, format=way), expectations(there, credentials=3), at=there.world.clock())
    assert report.problems == ()
    assert len(report.parts["verifiableCredential"]) == 3
    assert not examine(shown(there, *stored, format=way), expectations(there, credentials=2), at=there.world.clock()).ok


@pytest.mark.parametrize("way", WAYS)
def test_it_is_for_one_verifier_and_one_request(there: Town, way: str) -> None:
    presentation, at = shown(there, there.ada.store(card(there)), format=way), there.world.clock()
    report = examine(presentation, expectations(there, audience="https://other.example", nonce="other"), at=at)
    assert [problem.kind for problem in report.problems] == [INVALID_DOMAIN_ERROR, INVALID_CHALLENGE_ERROR]


@pytest.mark.parametrize("way", WAYS)
def test_it_ends(there: Town, way: str) -> None:
    presentation = shown(there, there.ada.store(card(there)), format=way, valid_for=10 * SECOND)
    strict = expectations(there, skew=timedelta(0), max_age=HOUR)
    there.world.clock.turn(10 * SECOND - timedelta(microseconds=1))
    assert examine(presentation, strict, at=there.world.clock()).ok
    there.world.clock.turn(timedelta(microseconds=1))
    assert [problem.kind for problem in examine(presentation, strict, at=there.world.clock()).problems] == [RANGE_ERROR]


def test_what_it_says(there: Town) -> None:
    """VCDM 2.0, section 4.13; five minutes, unless it is said otherwise."""
    stored = there.ada.store(card(there))
    document = json.loads(shown(there, stored).data)
    proof = document.pop("proof")
    assert document["holder"] == there.holder
    assert document["type"] == ["VerifiablePresentation"]
    assert document["verifiableCredential"] == [json.loads(card(there).data)]
    assert {name: value for name, value in proof.items() if name not in {"proofValue", "@context"}} == {
        "type": "DataIntegrityProof",
        "cryptosuite": "eddsa-jcs-2022",
        "created": "2026-11-20T12:00:00Z",
        "expires": "2026-11-20T12:05:00Z",
        "verificationMethod": did_key.verification_method(there.ada_key.public_key),
        "proofPurpose": "authentication",
        "domain": BAR,
        "challenge": NONCE,
    }
    token = shown(there, stored, format="vp+jwt").data.decode()
    now = int(there.world.clock().timestamp())
    said = payload_of(token)
    assert {name: said[name] for name in ("aud", "nonce", "iat", "exp")} == {"aud": BAR, "nonce": NONCE, "iat": now, "exp": now + 300}
    assert header_of(token)["typ"] == "vp+jwt"
    assert [one["type"] for one in said["verifiableCredential"]] == ["EnvelopedVerifiableCredential"]


@pytest.mark.parametrize("way", WAYS)
def test_for_anyone_in_answer_to_nothing(there: Town, way: str) -> None:
    presentation = shown(there, there.ada.store(card(there)), format=way, audience=None, nonce=None)
    assert examine(presentation, expectations(there, audience=None, nonce=None), at=there.world.clock()).ok
    assert not examine(presentation, expectations(there), at=there.world.clock()).ok


@pytest.mark.parametrize("way", WAYS)
@pytest.mark.parametrize("format_", WHOLE)
def test_a_credential_that_holds_no_longer_stays(there: Town, way: str, format_: str) -> None:
    """Nothing leaves for nothing: to the microsecond, without skew."""
    stored = there.ada.store(card(there, format_, valid_for=HOUR))
    there.world.clock.turn(HOUR - timedelta(microseconds=1))
    shown(there, stored, format=way)
    there.world.clock.turn(timedelta(microseconds=1))
    assert set(kinds(refusal(lambda: shown(there, stored, format=way)))) == {RANGE_ERROR}


def test_a_credential_whose_proof_has_ended_stays(there: Town) -> None:
    document = json.loads(card(there).data)
    del document["proof"]
    at = there.world.clock()
    stored = there.ada.store(there.city.secure(document, format="eddsa-jcs-2022", expires=at + HOUR))
    shown(there, stored)
    there.world.clock.turn(HOUR)
    assert kinds(refusal(lambda: shown(there, stored))) == [RANGE_ERROR]


def test_what_would_not_be_signed_stays(there: Town) -> None:
    """DI-3: a claim that no context defines."""
    document = {
        "@context": ["https://www.w3.org/ns/credentials/v2"],
        "type": ["VerifiableCredential"],
        "issuer": there.city.did,
        "credentialSubject": {"id": there.holder, "https://a.example/x": {"@value": "x"}},
    }
    stored = there.ada.store(there.city.secure(document, format="eddsa-rdfc-2022"))
    assert examine(shown(there, stored, format="eddsa-rdfc-2022"), expectations(there), at=there.world.clock()).ok
    with pytest.raises(SaysoError) as refused:
        there.city.secure({**document, "credentialSubject": {"id": there.holder, "x": "y"}}, format="eddsa-rdfc-2022")
    assert kinds(refused.value) == [DATA_LOSS_DETECTION_ERROR]


@pytest.mark.parametrize(
    ("choices", "error"),
    [
        ({"format": "ldp_vp"}, ValueError),
        ({"format": "ecdsa-jcs-2019"}, ValueError),
        ({"format": "vc+sd-jwt"}, ValueError),
        ({"audience": ""}, ValueError),
        ({"nonce": ""}, ValueError),
        ({"audience": 5}, TypeError),
        ({"audience": [BAR]}, TypeError),
        ({"nonce": b"n"}, TypeError),
        ({"valid_for": timedelta(0)}, ValueError),
        ({"valid_for": -SECOND}, ValueError),
    ],
    ids=repr,
)
def test_wrong_use(there: Town, choices: dict[str, Any], error: type[Exception]) -> None:
    stored = there.ada.store(card(there))
    with pytest.raises(error):
        shown(there, stored, **choices)


def test_what_cannot_be_presented_whole(there: Town) -> None:
    by_claim = there.ada.store(there.issue(CLAIMS))
    whole = there.ada.store(card(there))
    for stored in ((), (by_claim,), (whole, by_claim), (StoredId("x"),)):
        with pytest.raises(ValueError, match="shown whole"):
            shown(there, *stored)
    there.ada.remove(whole)
    with pytest.raises(ValueError, match="shown whole"):
        shown(there, whole)


def test_credentials_of_two_holders_are_presented_one_by_one(there: Town) -> None:
    other = there.ada.new_key()
    stored = [there.ada.store(card(there)), there.ada.store(card(there, holder=other))]
    with pytest.raises(ValueError, match="one by one"):
        shown(there, *stored)
    for one in stored:
        assert examine(shown(there, one), expectations(there), at=there.world.clock()).ok


class TestWholeCredentials:
    @pytest.mark.parametrize("format_", WHOLE)
    def test_they_are_stored_once_and_shown(self, there: Town, format_: str) -> None:
        held = card(there, format_)
        stored = there.ada.store(held)
        assert there.ada.store(held.data) == stored
        assert there.ada.stored[stored].claims["credentialSubject"] == {"id": there.holder, **CLAIMS}
        there.ada.remove(stored)
        assert there.ada.stored == {}

    @pytest.mark.parametrize("format_", WHOLE)
    def test_somebody_elses_is_not_stored(self, there: Town, format_: str) -> None:
        other = there.world.wallet().new_key()
        assert kinds(refusal(lambda: there.ada.store(card(there, format_, holder=other)))) == [NOT_MINE]

    def test_one_of_several_subjects_is_enough(self, there: Town) -> None:
        document = json.loads(card(there).data)
        del document["proof"]
        mine = document["credentialSubject"]
        for subjects in ([{"id": "did:example:bob", "given_name": "Bob"}, mine], [{"given_name": "Bob"}, mine]):
            there.ada.store(there.city.secure({**document, "credentialSubject": subjects}, format="eddsa-jcs-2022"))
        without = {**document, "credentialSubject": {"given_name": "Ada"}}
        assert kinds(refusal(lambda: there.ada.store(there.city.secure(without, format="eddsa-jcs-2022")))) == [NOT_MINE]

    def test_a_presentation_is_no_credential(self, there: Town) -> None:
        presentation = shown(there, there.ada.store(card(there)), audience=None, nonce=None)
        with pytest.raises(SaysoError):
            there.ada.store(presentation.data)
