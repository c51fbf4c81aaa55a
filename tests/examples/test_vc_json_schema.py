"""The command of a VC JSON Schema client, on what such a client tries."""

import json
from pathlib import Path
from typing import Any

import pytest

from examples.vc_json_schema.__main__ import FORMER, main
from sayso.credentials.json_schema.entries import JSON_SCHEMA_CREDENTIAL

DRAFTS = (
    "https://json-schema.org/draft/2020-12/schema",
    "https://json-schema.org/draft/2019-09/schema",
    "http://json-schema.org/draft-07/schema#",
    "https://json-schema.org/draft-07/schema#",
)
SCHEMA_URL, HOLDS_URL = "https://example.com/schemas/mail.json", "https://example.com/credentials/1"
SCHEMA: dict[str, Any] = {
    "$id": SCHEMA_URL,
    "$schema": DRAFTS[0],
    "type": "object",
    "properties": {"credentialSubject": {"type": "object", "required": ["mail"], "properties": {"mail": {"type": "string"}}}},
}
CREDENTIAL: dict[str, Any] = {
    "@context": ["https://www.w3.org/ns/credentials/v2"],
    "type": ["VerifiableCredential"],
    "issuer": "https://example.com/issuers/1",
    "credentialSubject": {"mail": "ada@example.com"},
    "credentialSchema": {"id": SCHEMA_URL, "type": "JsonSchema"},
}
HOLDS: dict[str, Any] = {
    "@context": ["https://www.w3.org/ns/credentials/v2"],
    "id": HOLDS_URL,
    "type": ["VerifiableCredential", "JsonSchemaCredential"],
    "issuer": "https://example.com/issuers/1",
    "credentialSchema": {"id": JSON_SCHEMA_CREDENTIAL, "type": "JsonSchema"},
    "credentialSubject": {"id": SCHEMA_URL, "type": "JsonSchema", "jsonSchema": SCHEMA},
}
HELD = {**CREDENTIAL, "credentialSchema": {"id": HOLDS_URL, "type": "JsonSchemaCredential"}}


class Shell:
    """Run the command in a folder of its own."""

    def __init__(self, folder: Path) -> None:
        self._folder = folder

    def outcome(self, kind: str, schema: Any, credential: Any) -> str:
        files: list[str] = []
        for name, value in (("schema.json", schema), ("credential.json", credential)):
            path = self._folder / name
            path.write_text(value if isinstance(value, str) else json.dumps(value), encoding="utf-8")
            files.append(str(path))
        output = self._folder / "output.json"
        code = main(["validate", "--format", kind, "--schema", files[0], "--credential", files[1], "--output", str(output)])
        written = json.loads(output.read_text(encoding="utf-8"))
        result: str = written["result"]
        assert code == (result == "error")
        assert written["data"] == [] if result == "success" else written["data"]
        return result


@pytest.fixture
def shell(tmp_path: Path) -> Shell:
    return Shell(tmp_path)


def subject(**members: Any) -> dict[str, Any]:
    """Give the credential with a schema with another subject; None leaves a member out."""
    changed = {**HOLDS["credentialSubject"], **members}
    return {**HOLDS, "credentialSubject": {name: value for name, value in changed.items() if value is not None}}


@pytest.mark.parametrize("draft", DRAFTS)
def test_it_follows_its_schema_or_not(shell: Shell, draft: str) -> None:
    schema = {**SCHEMA, "$schema": draft}
    assert shell.outcome("JsonSchema", schema, CREDENTIAL) == "success"
    assert shell.outcome("JsonSchema", schema, {**CREDENTIAL, "credentialSubject": {"mail": 1}}) == "failure"
    assert shell.outcome("JsonSchema", schema, {**CREDENTIAL, "credentialSubject": {}}) == "failure"
    assert shell.outcome("JsonSchemaCredential", subject(jsonSchema=schema), HELD) == "success"
    assert shell.outcome("JsonSchemaCredential", subject(jsonSchema=schema), {**HELD, "credentialSubject": {}}) == "failure"


@pytest.mark.parametrize(
    ("members", "outcome"),
    [
        ({"$id": "https://example.com/schemas/other.json"}, "failure"),
        ({"$id": "not-a-url"}, "failure"),
        ({"$id": None}, "failure"),
        ({"$schema": None}, "failure"),
        ({"$schema": 1}, "failure"),
        ({"$schema": "https://json-schema.org/draft/unknown/schema"}, "indeterminate"),
        ({"type": "no type"}, "indeterminate"),
    ],
)
def test_a_schema_says_what_it_is(shell: Shell, members: dict[str, Any], outcome: str) -> None:
    """JS-2, JS-3"""
    schema = {name: value for name, value in {**SCHEMA, **members}.items() if value is not None}
    assert shell.outcome("JsonSchema", schema, CREDENTIAL) == outcome
    assert shell.outcome("JsonSchemaCredential", subject(jsonSchema=schema), HELD) == outcome


@pytest.mark.parametrize(
    "entry",
    [
        {"id": SCHEMA_URL, "type": "NotJsonSchema"},
        {"id": SCHEMA_URL},
        {"type": "JsonSchema"},
        {"id": HOLDS_URL, "type": "JsonSchemaCredential"},
        {"id": "https://example.com/other", "type": "JsonSchema"},
        {"id": SCHEMA_URL, "type": "JsonSchema", "digestSRI": "sha256-" + "A" * 43 + "="},
        [{"id": SCHEMA_URL, "type": "JsonSchema"}, {"id": SCHEMA_URL, "type": "NotJsonSchema"}],
        "text",
        [],
    ],
)
def test_what_the_credential_names(shell: Shell, entry: Any) -> None:
    """JS-1"""
    assert shell.outcome("JsonSchema", SCHEMA, {**CREDENTIAL, "credentialSchema": entry}) == "failure"


def test_a_credential_without_a_schema(shell: Shell) -> None:
    bare = {name: value for name, value in CREDENTIAL.items() if name != "credentialSchema"}
    assert shell.outcome("JsonSchema", SCHEMA, bare) == "failure"


@pytest.mark.parametrize(
    "held",
    [
        {**HOLDS, "id": "https://example.com/credentials/2"},
        {**HOLDS, "id": "bad"},
        {**HOLDS, "type": ["VerifiableCredential"]},
        {**HOLDS, "credentialSchema": {"id": "bad", "type": "JsonSchema"}},
        {**HOLDS, "credentialSchema": []},
        subject(type=None),
        subject(type="NotJsonSchema"),
        subject(jsonSchema=None),
        subject(jsonSchema="text"),
        subject(id="https://example.com/schemas/other.json"),
        {**HOLDS, "credentialSubject": [HOLDS["credentialSubject"]]},
        SCHEMA,
    ],
)
def test_a_credential_that_holds_no_schema(shell: Shell, held: dict[str, Any]) -> None:
    """JS-1"""
    assert shell.outcome("JsonSchemaCredential", held, HELD) == "failure"


def test_a_credential_that_holds_one(shell: Shell) -> None:
    assert shell.outcome("JsonSchemaCredential", subject(id=None), HELD) == "success"
    former = {**HOLDS, "credentialSchema": {"id": FORMER, "type": "JsonSchema"}}
    assert shell.outcome("JsonSchemaCredential", former, HELD) == "success"
    assert shell.outcome("JsonSchemaCredential", HOLDS, CREDENTIAL) == "failure"


def test_files_that_are_none(shell: Shell, tmp_path: Path) -> None:
    assert shell.outcome("JsonSchema", SCHEMA, "{") == "error"
    assert shell.outcome("JsonSchema", SCHEMA, []) == "error"
    assert shell.outcome("JsonSchema", "{", CREDENTIAL) == "failure"
    assert shell.outcome("JsonSchema", [], CREDENTIAL) == "failure"
    assert shell.outcome("JsonSchemaCredential", "{", HELD) == "failure"
    absent = ["--schema", str(tmp_path / "absent"), "--credential", str(tmp_path / "credential.json"), "--output", str(tmp_path / "o")]
    assert main(["validate", "--format", "JsonSchema", *absent]) == 1
