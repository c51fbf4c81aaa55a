"""`sayso verify`: what each stage said, and an exit code that can be relied on."""

import json
from datetime import timedelta
from pathlib import Path

import pytest

from sayso import KeyRing
from sayso.cli import keyfiles
from sayso.cli.verifying import STAGES, report_json, tell
from sayso.encodings import base64url
from sayso.errors import EXCESS_DISCLOSURE, Problem
from sayso.testing.world import START, CountingEntropy
from sayso.verification.report import Report, Verified
from tests.journeys.town import Town, town
from tests.unit.cli.running import Ran, run

AT = ("--at", "2026-11-20T12:00:00Z")
CARD = ("--no-holder-binding", *AT)


@pytest.fixture(scope="module")
def there() -> Town:
    return town()


def presented(there: Town) -> tuple[str, str, str]:
    """Give a presentation, its audience and its nonce."""
    plan = there.plan("age_over_18")
    text: str = json.loads(there.ada.present(plan).text)["vp_token"]["vc-sd-jwt"][0]
    return text, plan.asked.request.client_id, plan.asked.request.nonce


def test_the_stages_are_those_of_the_pipeline() -> None:
    assert STAGES == ("decode", "resolve", "prove", "conform", "bind", "date", "status", "trust")


def test_a_card_that_holds(there: Town) -> None:
    ran = run("verify", "-", "--issuer", there.city.did, *CARD, given=there.issue({"given_name": "Ada"}).data)
    assert (ran.code, ran.err) == (0, "")
    lines = ran.out.splitlines()
    assert lines[:12] == [
        "verified as of 2026-11-20T12:00:00Z",
        "  1 decode   holds",
        "  2 resolve  holds",
        "  3 prove    holds",
        "  4 conform  holds",
        "  5 bind     holds",
        "  6 date     holds",
        "  7 status   holds",
        "  8 trust    holds",
        "What may be relied on",
        f"├── issuer: {there.city.did}",
        "├── format: vc+sd-jwt",
    ]
    assert '    │   └── given_name: "Ada"' in lines


@pytest.mark.parametrize("serialization", ["flattened", "general"])
def test_a_card_in_json_that_holds(serialization: str, there: Town) -> None:
    card = there.issue({"given_name": "Ada"}, serialization=serialization).data
    assert run("verify", "-", "--any-issuer", *CARD, given=card).code == 0
    shown = run("inspect", "-", "--json", given=card).json
    assert [one["path"] for one in shown["disclosures"]] == ["/credentialSubject/given_name"]


def test_a_presentation_that_holds(there: Town) -> None:
    text, audience, nonce = presented(there)
    asked = ("--issuer", there.city.did, "--type", "IdentityCard", "--audience", audience, "--nonce", nonce, *AT)
    ran = run("verify", "-", *asked, given=text)
    assert ran.code == 0
    lines = ran.out.splitlines()
    assert f'    ├── nonce: "{nonce}"' in lines[lines.index("└── signed by the holder") :]
    found = run("verify", "-", "--json", *asked, given=text)
    assert (found.code, found.err) == (0, "")
    assert found.json["verified"] is True
    assert found.json["claims"]["credentialSubject"]["age_over_18"] is True
    assert found.json["key_binding"]["nonce"] == nonce
    assert found.json["problems"] == []
    assert [*found.json["stages"]] == [*STAGES]


def refused(ran: Ran, stage: str, outcome: str = "refused") -> None:
    assert ran.code == 1
    assert ran.out.splitlines()[0].startswith(outcome)
    assert f"  {STAGES.index(stage) + 1} {stage:<8} {outcome}" in ran.out
    assert "What may be relied on" not in ran.out


def test_a_refusal_names_the_stage_and_the_reason(there: Town) -> None:
    card = there.issue({"given_name": "Ada"}).text
    head, _, tail = card.partition("~")
    forged = head[:-8] + "AAAAAAAA" + "~" + tail
    ran = run("verify", "-", "--any-issuer", *CARD, given=forged)
    refused(ran, "prove")
    lines = ran.out.splitlines()
    assert lines[3:5] == [
        "  3 prove    refused",
        "             A signature or digest does not hold: the signature does not hold under the key that should have made it",
    ]
    assert lines[5:] == [f"  {number} {name:<8} not looked at" for number, name in enumerate(STAGES[3:], 4)]
    found = run("verify", "-", "--any-issuer", "--json", *CARD, given=forged)
    assert (found.code, found.err) == (1, "")
    assert found.json["verified"] is False
    assert [problem["stage"] for problem in found.json["problems"]] == ["prove"]
    assert "claims" not in found.json


def test_other_refusals(there: Town) -> None:
    card = there.issue().data
    refused(run("verify", "-", "--issuer", "did:key:z6Mkother", *CARD, given=card), "trust")
    refused(run("verify", "-", "--any-issuer", "--type", "Passport", *CARD, given=card), "trust")
    refused(run("verify", "-", "--any-issuer", "--no-holder-binding", "--at", "2030-01-01T00:00:00Z", given=card), "date")
    refused(run("verify", "-", "--any-issuer", *CARD, given=b"\xff"), "decode")
    text, audience, _ = presented(there)
    refused(run("verify", "-", "--any-issuer", "--audience", audience, "--nonce", "another", *AT, given=text), "bind")


def test_what_could_not_be_decided_is_told_apart(there: Town) -> None:
    payload = there.issue().text.partition("~")[0].split(".")[1]
    header = base64url.encode(b'{"alg":"EdDSA","typ":"vc+sd-jwt","kid":"did:example:a#b"}')
    ran = run("verify", "-", "--any-issuer", *CARD, given=f"{header}.{payload}.c2ln~")
    refused(ran, "resolve", "undecided")
    found = run("verify", "-", "--any-issuer", "--json", *CARD, given=f"{header}.{payload}.c2ln~").json
    assert (found["verified"], found["decided"]) == (False, False)


def test_a_did_web_is_decided_with_its_document_at_hand(there: Town, tmp_path: Path) -> None:
    ring = KeyRing.generate("web", domain="city.example", entropy=CountingEntropy())
    card = keyfiles.issuer_of(ring).issue({"n": 1}, type="Card", holder=there.holder, valid_for=timedelta(days=2)).data
    command = ("verify", "-", "--issuer", ring.did, "--no-holder-binding")
    document = tmp_path / "did.json"
    document.write_text(json.dumps(ring.document()))
    refused(run(*command, given=card), "resolve", "undecided")
    assert run(*command, "--did-document", str(document), given=card).code == 0
    document.write_text(json.dumps(ring.rotate("2027").retire("key-1").document()))
    refused(run(*command, "--did-document", str(document), given=card), "resolve")
    for spoilt in ("[]", "{}", json.dumps(KeyRing.generate().document())):
        document.write_text(spoilt)
        ran = run(*command, "--did-document", str(document), given=card)
        assert (ran.code, ran.out) == (1, "")
    assert run(*command, "--did-document", "nothing.json", given=card).code == 2


def test_what_was_not_asked_of_the_holder_gets_a_hint(there: Town) -> None:
    ran = run("verify", "-", "--any-issuer", *AT, given=there.issue().data)
    refused(ran, "bind")
    assert ran.err.startswith("hint: a card that nobody presents is verified with --no-holder-binding")
    assert run("verify", "-", "--any-issuer", "--json", *AT, given=there.issue().data).err == ""


def test_what_was_left_out_is_a_warning(capsys: pytest.CaptureFixture[str]) -> None:
    report = Report(
        (), (Problem(EXCESS_DISCLOSURE, "this was not asked for", "/given_name"),), Verified("vc+sd-jwt", "did:x:y", (), {}, None)
    )
    tell(report, START)
    assert "  warning: More was disclosed than was asked for at /given_name: this was not asked for" in capsys.readouterr().out.splitlines()
    assert [one["pointer"] for one in json.loads(json.dumps(report_json(report)["warnings"]))] == ["/given_name"]


def test_now_is_the_default(there: Town) -> None:
    yesterday = there.issue(valid_from=START - timedelta(days=9), valid_for=timedelta(days=1))
    refused(run("verify", "-", "--any-issuer", "--no-holder-binding", given=yesterday.data), "date")


@pytest.mark.parametrize(
    ("options", "says"),
    [
        ((), "--any-issuer"),
        (("--issuer", "did:key:z", "--any-issuer"), "--any-issuer"),
        (("--any-issuer", "--at", "yesterday"), "--at is not a date"),
        (("--any-issuer", "--at", "2026-11-20"), "--at is not a date"),
        (("--any-issuer", "--nonce", ""), "audience, nonce and domain are not empty"),
        (("--any-issuer", "--colour", "red"), "No such option"),
    ],
)
def test_a_wrong_call(options: tuple[str, ...], says: str) -> None:
    for json_option in ((), ("--json",)):
        ran = run("verify", "-", *options, *json_option, given=b"x", columns=200)
        assert (ran.code, ran.out) == (2, "")
        assert says in ran.err


def test_too_much_is_refused() -> None:
    ran = run("verify", "-", "--any-issuer", given=b"x" * 1_100_000)
    assert ran.code == 1
    assert "larger than the limit" in ran.err


def test_what_cannot_be_shown_is_neutralised(there: Town) -> None:
    ran = run("verify", "-", "--any-issuer", *CARD, given=there.issue({"given_name": "\x1b[2J\u202eAda"}).data)
    assert ran.code == 0
    assert "\x1b" not in ran.out
    assert "\u202e" not in ran.out
