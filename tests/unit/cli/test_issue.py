"""`sayso issue`: one credential, or one for each row."""

import json
from pathlib import Path
from typing import Any

import pytest

from sayso import Expectations, KeyRing, Wallet, verify
from sayso.cli import files
from sayso.clock import system_clock
from sayso.testing.world import CountingEntropy
from tests.unit.cli.keyring import KEYS, PASSPHRASE, kept
from tests.unit.cli.running import Ran, run

CITY = str(KEYS.did)
HOLDER = str(Wallet.generate().new_key())
CARD = ("--type", "Card", "--holder", HOLDER, "--days", "30")
OPEN = Expectations(issuers=[CITY], holder_binding=False)


@pytest.fixture
def key(tmp_path: Path) -> tuple[str, ...]:
    """Give the options that name a key file, and its passphrase."""
    keyfile, passphrase = kept(tmp_path)
    return ("--key", keyfile, "--passphrase-file", passphrase)


def said(credential: bytes | str) -> Any:
    subject: Any = verify(credential, OPEN, at=system_clock()).claims["credentialSubject"]
    return {name: value for name, value in subject.items() if name != "id"}


def test_one(key: tuple[str, ...]) -> None:
    ran = run("issue", "-", *key, *CARD, given='{"given_name":"Ada","address":{"city":"Oslo"}}')
    assert (ran.code, ran.err) == (0, "")
    assert said(ran.out.strip()) == {"given_name": "Ada", "address": {"city": "Oslo"}}
    assert ran.out.count("\n") == 1
    assert ran.out.count("~") == 4


def test_what_may_be_kept_back_the_format_and_decoys_are_chosen(key: tuple[str, ...]) -> None:
    options = ("--disclosable", "address.city", "--disclosable", "langs.*", "--format", "dc+sd-jwt", "--decoys", "2")
    claims = {"given_name": "Ada", "address": {"city": "Oslo", "zip": "1"}, "langs": ["no", "en"]}
    ran = run("issue", "-", *key, *CARD, *options, "--json", given=json.dumps(claims))
    assert (ran.code, ran.err) == (0, "")
    assert (ran.json["issuer"], ran.json["media_type"]) == (CITY, "application/dc+sd-jwt")
    shown = run("inspect", "-", "--json", given=ran.json["credential"]).json
    assert [one["path"] for one in shown["disclosures"]] == ["/address/city", "/langs/0", "/langs/1"]
    assert shown["unopened_digests"] == 4
    assert shown["claims"]["given_name"] == "Ada"


def test_into_a_file(key: tuple[str, ...], tmp_path: Path) -> None:
    claims, card = tmp_path / "claims.json", tmp_path / "card"
    claims.write_text('{"given_name":"Ada"}')
    ran = run("issue", str(claims), *key, *CARD, "--out", str(card))
    assert ran == Ran(0, "", f"issued by {CITY}\n")
    assert said(card.read_text().strip()) == {"given_name": "Ada"}
    ran = run("issue", str(claims), *key, *CARD, "--out", str(card), "--json")
    assert (ran.code, ran.json["credential"]) == (0, card.read_text().strip())


ROWS = [
    {"claims": {"n": 1}},
    {"claims": {"n": 2}, "holder": HOLDER, "type": "Ticket", "days": 1},
    {"claims": {"n": 3}, "holder": "did:key:nobody"},
    {"claims": {"_sd": 4}},
    {"claims": {"n": 5}, "colour": "red"},
    {"claims": 6},
    7,
    {"claims": {"n": 8}, "days": 0},
    {"claims": {"n": 9}, "holder": 9},
    {"claims": {"n": 10}},
]
REASONS = {
    3: "The DID is malformed",
    4: "a claim has a name that SD-JWT reserves",
    5: "a row has no other members than claims, holder, type, days",
    6: "a row is an object with claims",
    7: "a row is an object with claims",
    8: "at /days: days is a number from 1 to 36525",
    9: "at /holder: holder is a text",
}


@pytest.mark.parametrize("given", [json.dumps(ROWS, indent=1), "\n\n".join(map(json.dumps, ROWS))], ids=["array", "lines"])
def test_many_of_which_some_are_refused(given: str, key: tuple[str, ...], tmp_path: Path) -> None:
    command = ("issue", "-", "--many", *key, *CARD)
    ran = run(*command, given=given, columns=300)
    assert ran.code == 1
    assert [said(line)["n"] for line in ran.out.splitlines()] == [1, 2, 10]
    lines = ran.err.splitlines()
    assert len(lines) == len(REASONS)
    for line, (row, reason) in zip(lines, REASONS.items(), strict=True):
        assert line.startswith(f"refused row {row}: ")
        assert reason in line
    found = run(*command, "--json", "--out", str(tmp_path / "cards"), given=given).json
    assert [one["row"] for one in found["issued"]] == [1, 2, 10]
    assert [one["row"] for one in found["refused"]] == [*REASONS]
    assert [said(line)["n"] for line in (tmp_path / "cards").read_text().splitlines()] == [1, 2, 10]


def test_a_line_that_is_no_json_refuses_no_other(key: tuple[str, ...]) -> None:
    ran = run("issue", "-", "--many", *key, *CARD, given=b'{"claims":{"n":1}}\n\xff\n{"claims":{"n":3}}')
    assert (ran.code, [said(line)["n"] for line in ran.out.splitlines()]) == (1, [1, 3])
    assert ran.err.startswith("refused row 2: The input cannot be parsed")


@pytest.mark.parametrize("given", ["", "[]", "\n"])
def test_no_rows_are_no_failure(given: str, key: tuple[str, ...]) -> None:
    assert run("issue", "-", "--many", *key, given=given) == Ran(0, "", "")


def test_many_that_all_hold(key: tuple[str, ...]) -> None:
    ran = run("issue", "-", "--many", *key, *CARD, given='{"claims":{"n":1}}\n{"claims":{"n":2}}')
    assert (ran.code, ran.err) == (0, "")
    found = run("issue", "-", "--many", *key, *CARD, "--json", given='[{"claims":{"n":1}}]')
    assert (found.code, found.json["refused"], [said(one["credential"]) for one in found.json["issued"]]) == (0, [], [{"n": 1}])


def test_progress_is_for_terminals_and_on_standard_error(key: tuple[str, ...]) -> None:
    ran = run("issue", "-", "--many", *key, *CARD, given='[{"claims":{"n":1}},{"claims":6}]', terminal=True)
    assert [said(line)["n"] for line in ran.out.splitlines()] == [1]
    assert "issuing" in ran.err
    assert "2/2" in ran.err


@pytest.mark.parametrize(
    ("options", "given", "says"),
    [
        ((), "[]", "not an object"),
        ((), "{", "not a JSON text"),
        (("--disclosable", "gone"), '{"n":1}', "'gone' was chosen as disclosable"),
        (("--holder", "did:key:nobody"), "{}", "The DID is malformed"),
        (("--many",), "[1", "not a JSON text"),
    ],
)
def test_what_is_refused(options: tuple[str, ...], given: str, says: str, key: tuple[str, ...]) -> None:
    ran = run("issue", "-", *key, *CARD, *options, given=given, columns=300)
    assert (ran.code, ran.out) == (1, "")
    assert says in ran.err
    as_json = run("issue", "-", *key, *CARD, *options, "--json", given=given)
    assert (as_json.code, as_json.err) == (1, "")
    assert says in as_json.json["problems"][0]["title"] + as_json.json["problems"][0]["detail"]


def test_an_array_is_bounded(key: tuple[str, ...], monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(files, "MAX_ARRAY_BYTES", 100)
    ran = run("issue", "-", "--many", *key, *CARD, given="[" + "\n1," * 60 + "1]")
    assert (ran.code, ran.out) == (1, "")
    assert "larger than the limit" in ran.err


@pytest.mark.parametrize(
    ("options", "says"),
    [
        (("--type", "Card", "--holder", HOLDER), "--type, --holder and --days"),
        ((*CARD, "--format", "mdoc"), "--format is vc+sd-jwt or dc+sd-jwt"),
        ((*CARD, "--days", "0"), "--days"),
        ((*CARD, "--out", "no/such/folder/card"), "No such file"),
        ((*CARD, "--many", "--out", "no/such/folder/card"), "No such file"),
    ],
)
def test_a_wrong_call(options: tuple[str, ...], says: str, key: tuple[str, ...]) -> None:
    ran = run("issue", "-", *key, *options, given="{}", columns=300)
    assert (ran.code, ran.out) == (2, "")
    assert says in ran.err


def test_files_that_cannot_be_read_are_a_wrong_call(key: tuple[str, ...]) -> None:
    for command in (("nothing.json", *key), ("-", "--key", "nothing.json"), ("nothing.json", *key, "--many")):
        ran = run("issue", *command, *CARD, given="{}", columns=300)
        assert (ran.code, ran.out) == (2, "")
        assert "nothing.json: No such file" in ran.err


def test_the_passphrase_may_be_typed(key: tuple[str, ...], tmp_path: Path) -> None:
    claims = tmp_path / "claims.json"
    claims.write_text('{"given_name":"Ada"}')
    ran = run("issue", str(claims), *key[:2], *CARD, given=f"{PASSPHRASE}\n")
    assert (ran.code, said(ran.out.strip())) == (0, {"given_name": "Ada"})
    assert PASSPHRASE not in ran.err
    assert run("issue", str(claims), *key[:2], *CARD, given="a guess\n").code == 1


def test_a_did_web_signs_before_anybody_can_look_it_up(tmp_path: Path) -> None:
    ring = KeyRing.generate("web", domain="city.example", entropy=CountingEntropy())
    keyfile, passphrase = kept(tmp_path, ring)
    command = ("issue", "-", "--key", keyfile, "--passphrase-file", passphrase, *CARD)
    ran = run(*command, given='{"n":1}')
    assert (ran.code, ran.err) == (0, "")
    assert run("inspect", "-", "--json", given=ran.out).json["claims"]["issuer"] == "did:web:city.example"
    elsewhere = run(*command, "--holder", "did:web:ada.example", given='{"n":1}')
    assert (elsewhere.code, elsewhere.out) == (1, "")
    assert elsewhere.err.startswith("undecided")
