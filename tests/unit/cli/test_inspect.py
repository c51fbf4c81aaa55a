"""`sayso inspect`: what is in it, and that nobody verified it."""

import hashlib
import json
import subprocess
import sys
from pathlib import Path
from typing import Any

import pytest

from sayso.cli.anatomy import take_apart
from sayso.cli.tree import MAX_CHARACTERS, MAX_LINES
from sayso.encodings import base64url
from sayso.jsonvalue import serialize
from sayso.proofs.sd_jwt.disclosure import digest_of, write_property
from tests.journeys.town import Town, ask, town
from tests.unit.cli.running import run


@pytest.fixture(scope="module")
def there() -> Town:
    return town()


def encoded(value: Any) -> str:
    return base64url.encode(serialize(value).encode())


def token(header: Any, payload: Any) -> str:
    return f"{encoded(header)}.{encoded(payload)}.c2ln"


def presentation_of(there: Town) -> str:
    answer = there.answer(there.ask("age_over_18", ("address", "city")))
    text: str = json.loads(answer.text)["vp_token"]["vc-sd-jwt"][0]
    return text


def tree(data: bytes | str, *options: str) -> list[str]:
    ran = run("inspect", "-", *options, given=data)
    assert (ran.code, ran.err) == (0, "")
    return ran.out.splitlines()


def test_a_card(there: Town) -> None:
    card = there.issue({"given_name": "Ada", "langs": ["no", "en"]}, decoys=1)
    kid = f"{there.city.did}#{there.city.did.removeprefix('did:key:')}"
    x = json.loads(base64url.decode(card.text.split(".")[1]))["cnf"]["jwk"]["x"]
    assert tree(card.data) == [
        "Credential: nothing here was verified",
        "├── header",
        '│   ├── alg: "EdDSA"',
        '│   ├── typ: "vc+sd-jwt"',
        '│   ├── cty: "vc"',
        f'│   └── kid: "{kid}"',
        "├── claims in the clear",
        '│   ├── @context: ["https://www.w3.org/ns/credentials/v2","https://www.w3.org/ns/credentials/undefined-terms/v2"]',
        '│   ├── type: ["VerifiableCredential","IdentityCard"]',
        f'│   ├── issuer: "{there.city.did}"',
        '│   ├── validFrom: "2026-11-20T00:00:00Z"',
        '│   ├── validUntil: "2027-11-21T00:00:00Z"',
        "│   ├── credentialSubject",
        f'│   │   ├── id: "{there.holder}"',
        "│   │   └── _sd: 3 digests",
        "│   ├── cnf",
        "│   │   └── jwk",
        '│   │       ├── crv: "Ed25519"',
        '│   │       ├── kty: "OKP"',
        f'│   │       └── x: "{x}"',
        '│   └── _sd_alg: "sha-256"',
        "├── disclosures: 4",
        '│   ├── credentialSubject.given_name: "Ada"',
        '│   ├── credentialSubject.langs.0: "no"',
        '│   ├── credentialSubject.langs.1: "en"',
        "│   └── credentialSubject.langs",
        "│       └── hidden elements: 3 digests",
        "├── 2 digests open nothing: withheld, or decoys",
        "└── no key binding: nothing in it says who presents it",
    ]


def test_a_presentation_with_its_key_binding(there: Town) -> None:
    lines = tree(presentation_of(there))
    assert lines[0] == "Presentation: nothing here was verified"
    at = lines.index("└── key binding: what the holder is said to have signed")
    assert lines[at + 1 : at + 8] == [
        "    ├── header",
        '    │   ├── alg: "EdDSA"',
        '    │   └── typ: "kb+jwt"',
        "    └── claims",
        "        ├── iat: 1795176000 (2026-11-20T12:00:00Z)",
        "        ├── exp: 1795176300 (2026-11-20T12:05:00Z)",
        "        ├── https://w3id.org/sayso/share_until: 1795179600 (2026-11-20T13:00:00Z)",
    ]
    assert "│   ├── credentialSubject.age_over_18: true" in lines
    assert "├── 5 digests open nothing: withheld, or decoys" in lines


def test_salts_are_shown_when_they_are_asked_for(there: Town) -> None:
    card = there.issue({"given_name": "Ada"})
    salt = json.loads(base64url.decode(card.text.split("~")[1]))[0]
    assert salt not in "\n".join(tree(card.data))
    lines = tree(card.data, "--salts")
    at = lines.index("│   └── credentialSubject.given_name")
    assert lines[at + 1 : at + 3] == [f"│       ├── salt: {salt}", '│       └── value: "Ada"']
    [hidden] = run("inspect", "-", "--json", given=card.data).json["disclosures"]
    [shown] = run("inspect", "-", "--json", "--salts", given=card.data).json["disclosures"]
    assert hidden == {"path": "/credentialSubject/given_name", "value": "Ada"}
    assert shown == {**hidden, "salt": salt}


def test_a_request_says_who_asks_for_what_and_why(there: Town) -> None:
    request = there.ask("age_over_18", ("address", "city"), optional=["langs"])
    lines = tree(request.data)
    assert lines[:19] == [
        "Request: nothing here was verified",
        f"├── who asks: {there.bar.did}",
        '├── calls itself: "The Bar"',
        '├── purpose: "Serve alcohol"',
        "├── can be answered until: 2026-11-20T12:05:00Z",
        "├── answers go to: whoever carries them: there is no address",
        "├── asks for a credential (vc+sd-jwt)",
        "│   ├── of type: https://www.w3.org/2018/credentials#VerifiableCredential",
        f"│   ├── issued by: {there.city.did}",
        "│   ├── age_over_18: required",
        '│   │   ├── reason: "Serve alcohol"',
        '│   │   ├── benefit: "You get your drink"',
        "│   │   └── kept for: 1 hour",
        "│   ├── address.city: required",
        '│   │   ├── reason: "Serve alcohol"',
        '│   │   ├── benefit: "You get your drink"',
        "│   │   └── kept for: 1 hour",
        "│   └── langs: optional",
        '│       ├── reason: "Serve alcohol"',
    ]
    assert not any("dcql_query" in line for line in lines)
    assert "dcql_query" in run("inspect", "-", "--json", given=request.data).json["claims"]


def test_a_request_with_an_address_and_no_name(there: Town) -> None:
    shop = there.world.verifier(reply_to="https://shop.example/answers")
    lines = tree(ask(shop, "age_over_18", issuers=[there.city.did]).data)
    assert "├── calls itself: nothing" in lines
    assert "├── answers go to: https://shop.example/answers" in lines
    page = there.world.verifier(origin="https://shop.example")
    assert "├── answers go to: https://shop.example" in tree(ask(page, "age_over_18", issuers=[there.city.did]).data)


def test_a_request_that_no_wallet_would_answer_is_shown_all_the_same() -> None:
    lines = tree(token({"typ": "oauth-authz-req+jwt"}, {"client_id": "x509:example", "dcql_query": {}}))
    assert lines[1].startswith(
        "├── no request that a wallet here would answer: This needs a capability that is not available at /client_id: "
    )
    assert lines[-3:] == ["└── claims in the clear", '    ├── client_id: "x509:example"', "    └── dcql_query: {}"]


def test_an_answer_that_is_posted_shows_the_same(there: Town) -> None:
    shop = there.world.verifier(reply_to="https://shop.example/answers")
    posted = there.ada.present(there.ada.plan(ask(shop, "age_over_18", issuers=[there.city.did]))).data
    assert posted.startswith(b"vp_token=")
    assert "vc-sd-jwt" in run("inspect", "-", "--json", given=posted).json["presentations"]
    assert "the wallet answered with an error" in "".join(tree(b"error=access_denied"))
    assert "it is encrypted, and only who asked can read it" in "".join(tree(b"response=ey"))


def test_an_answer_shows_each_query(there: Town) -> None:
    text = presentation_of(there)
    answer = serialize({"vp_token": {"id": [text, "spoilt"], "other": text, "odd": [5]}})
    lines = tree(answer)
    assert lines[0] == "Answer: nothing here was verified"
    assert '├── for the query "id": 2 presentations' in lines
    assert any("cannot be read: The input cannot be parsed: it is neither JSON nor a compact token" in line for line in lines)
    assert any("cannot be read: The input cannot be parsed: there is nothing in it" in line for line in lines)
    found = run("inspect", "-", "--json", given=answer).json["presentations"]
    assert found["id"][0] == {**run("inspect", "-", "--json", given=text).json}
    assert found["id"][1]["problems"][0]["title"] == "The input cannot be parsed"
    inside = serialize({"vp_token": {"id": [{"@context": []}, {"vp_token": {}}]}})
    first, second = run("inspect", "-", "--json", given=inside).json["presentations"]["id"]
    assert (first["kind"], first["notes"]) == ("document", ["there is no proof in it"])
    assert "problems" in second


def test_an_answer_that_is_an_error() -> None:
    lines = tree('{"error":"access_denied"}')
    assert lines[:2] == ["Answer: nothing here was verified", "├── the wallet answered with an error"]


def test_the_json_serializations(there: Town) -> None:
    presented = presentation_of(there)
    jwt, *disclosures, binding = presented.split("~")
    header, payload, signature = jwt.split(".")
    extras = {"disclosures": disclosures, "kb_jwt": binding}
    flat = {"payload": payload, "protected": header, "signature": signature, "header": extras}
    general = {"payload": payload, "signatures": [{"protected": header, "signature": signature, "header": extras}, {"protected": header}]}
    assert run("inspect", "-", "--json", given=serialize(flat)).json == run("inspect", "-", "--json", given=presented).json
    assert len(run("inspect", "-", "--json", given=serialize(general)).json["headers"]) == 2
    plain = {"payload": payload, "protected": encoded({"typ": "vc+jwt"}), "signature": signature}
    assert tree(serialize(plain))[0] == "Credential: nothing here was verified"


@pytest.mark.parametrize(
    ("typ", "title"),
    [("vc+jwt", "Credential"), ("application/vp+jwt", "Presentation"), ("JWT", "Signed message"), (5, "Signed message")],
)
def test_other_signed_things(typ: object, title: str) -> None:
    assert tree(token({"typ": typ}, {"iat": 1795176000, "exp": "never"}))[0] == f"{title}: nothing here was verified"


@pytest.mark.parametrize(
    ("document", "first"),
    [
        ({"@context": [], "type": ["VerifiableCredential", "Card"], "proof": {}}, "Credential: nothing here was verified"),
        ({"@context": [], "type": "VerifiablePresentation", "proof": {}}, "Presentation: nothing here was verified"),
        ({"@context": [], "id": "did:web:city.example", "proof": {}}, "Document: nothing here was verified"),
        ({"@context": [], "verifiableCredential": [], "proof": {}}, "Presentation: nothing here was verified"),
    ],
)
def test_a_proof_inside(document: Any, first: str) -> None:
    assert tree(serialize(document))[0] == first
    without = {name: value for name, value in document.items() if name != "proof"}
    assert "there is no proof in it" in tree(serialize(without))[1]


HIDDEN = write_property("c2FsdA", "given_name", "Ada")


def opened(digest: str, hash_name: str = "sha-256") -> str:
    return token({"typ": "vc+sd-jwt"}, {"_sd": [digest, 7], "_sd_alg": hash_name})


@pytest.mark.parametrize(
    ("spoilt", "says"),
    [
        (opened("x") + f"~{HIDDEN}~", "(no digest names it: a verifier refuses it): "),
        (opened("x") + "~!!~", "disclosure 1 cannot be read: "),
        (opened("x") + "~" + "~x.y", "the key binding cannot be read: "),
        (opened("x", "md5") + f"~{HIDDEN}~", "_sd_alg is not a hash that is known here"),
        (opened("x", 5) + f"~{HIDDEN}~", "_sd_alg is not a hash that is known here"),  # type: ignore[arg-type]
    ],
)
def test_what_fits_nowhere_is_told(spoilt: str, says: str) -> None:
    assert any(says in line for line in tree(spoilt))


def test_disclosures_within_disclosures_and_only_so_deep() -> None:
    outer = HIDDEN
    texts = [HIDDEN]
    for level in range(70):
        outer = write_property("c2FsdA", f"level{level}", {"_sd": [digest_of(outer, hashlib.sha256)]})
        texts.append(outer)
    digest = digest_of(outer, hashlib.sha256)
    anatomy = take_apart((token({}, {"_sd": [digest]}) + "~" + "~".join(texts) + "~").encode())
    assert [one.place is None for one in anatomy.disclosures].count(True) == 71 - 65
    assert anatomy.disclosures[-1].place == ("level69",)


@pytest.mark.parametrize(
    ("data", "says"),
    [
        (b"", "there is nothing in it"),
        (b" \r\n", "there is nothing in it"),
        (b"\xff\xfe\x00", "a character lies outside ASCII"),
        (b"hello", "three segments"),
        (b"a.b.c", "/header"),
        (b"e30.b.c", "/payload"),
        (b"{", "not a JSON text"),
        (b'{"a":1}', "the JSON is no credential"),
        (b'{"vp_token":[]}', "/vp_token"),
        (b'{"vp_token":{"a":' + b"[" + b"1," * 64 + b"1]}}", "more than 64 presentations"),
        (b'{"payload":5,"protected":"e30"}', "/payload"),
        (b'{"payload":"e30","signatures":[5]}', "signatures is an array of objects"),
        (b'{"payload":"e30","signatures":[]}', "signatures is an array of objects"),
        (b"e30.e30.x" + b"~" * 4100, "more than 4096 disclosures"),
        (b"x" * (1024 * 1024 + 1), "longer than 1048576 bytes"),
    ],
)
def test_what_is_none_of_them_is_refused_once(data: bytes, says: str) -> None:
    ran = run("inspect", "-", given=data, columns=400)
    assert (ran.code, ran.out) == (1, "")
    assert ran.err.startswith("refused ")
    assert says in ran.err
    assert len(ran.err.splitlines()) == 1
    as_json = run("inspect", "-", "--json", given=data)
    assert (as_json.code, as_json.err) == (1, "")
    assert len(as_json.json["problems"]) == 1


def test_text_from_elsewhere_obeys_no_terminal() -> None:
    evil = "\x1b]0;owned\x07\x9b31m\u202e\r\n[bold red]x[/]"
    shown = "\n".join(tree(token({"typ": "vc+jwt", evil: evil}, {evil: [{evil: evil}], "\x7f": 1})))
    assert [character for character in shown if character in "\x1b\x07\x9b\u202e\r\x7f"] == []
    assert "[bold red]x[/]" in shown
    out = run("inspect", "-", "--json", given=token({"typ": "vc+jwt"}, {"\x7f": evil})).out
    assert out.isascii()
    assert out.replace("\n", "").isprintable()
    assert json.loads(out)["claims"] == {"\x7f": evil}


def test_a_tree_is_of_bounded_length() -> None:
    lines = tree(serialize({"@context": [[0]] * 9000, "z": 1}))
    assert MAX_LINES <= len(lines) <= MAX_LINES + 1
    assert lines[-1].endswith("... and more than can be shown here: --json shows all")
    long = tree(serialize({"@context": "x" * 1000, "y" * 1000: 1, "z": [1] * 1000}))
    assert max(map(len, long)) < 2 * MAX_CHARACTERS
    assert any(line.endswith("... (1,002 characters)") for line in long)


def test_what_lies_deep_is_shown_in_one_line() -> None:
    value: Any = "deep"
    for _ in range(40):
        value = {"in": value}
    assert any('in: {"in":{' in line for line in tree(serialize({"@context": value})))


def test_a_terminal_is_never_too_narrow(there: Town) -> None:
    for columns in (1, 20, 80):
        ran = run("inspect", "-", given=presentation_of(there), columns=columns, terminal=True)
        assert ran.code == 0
        assert max(map(len, ran.out.splitlines())) <= columns + len("\x1b[1m\x1b[0m") * 6


def test_a_file(tmp_path: Path, there: Town) -> None:
    file = tmp_path / "card.txt"
    card = there.issue().data
    file.write_bytes(b"\n" + card + b"\r\n")
    assert run("inspect", str(file)) == run("inspect", "-", given=card)


@pytest.mark.parametrize("name", ["nothing-here.txt", ".", "x" * 5000, "nul\0"])
def test_a_file_that_cannot_be_read_is_a_wrong_call(name: str) -> None:
    for options in ([], ["--json"]):
        ran = run("inspect", name, *options)
        assert (ran.code, ran.out) == (2, "")
        assert "Invalid value" in ran.err


def test_a_real_process_with_a_poor_terminal(there: Town) -> None:
    card = there.issue({"given_name": "Åda \U0001f600"})
    command = [sys.executable, "-m", "sayso", "inspect", "-"]
    done = subprocess.run(command, input=card.data, capture_output=True, check=True, env={"PYTHONIOENCODING": "ascii"})
    assert done.stdout.isascii()
    assert b"nothing here was verified" in done.stdout
    assert rb"\xc5da" in done.stdout
    refused = subprocess.run(command, input=b"\xff", capture_output=True, check=False)
    assert (refused.returncode, refused.stdout) == (1, b"")
    assert b"Traceback" not in refused.stderr
