"""Validate a credential against the schema in a file, and write the outcome as JSON.

`python -m examples.vc_json_schema validate --format JsonSchema --schema schema.json --credential credential.json --output result.json`
"""

import argparse
import sys
from collections.abc import Sequence
from pathlib import Path

from sayso import Problem, SaysoError
from sayso.credentials.json_schema.entries import (
    JSON_SCHEMA_CREDENTIAL,
    SchemaEntry,
    schema_entries,
    schema_of_credential,
    schema_problems,
)
from sayso.errors import SCHEMA_MISMATCH
from sayso.jsonvalue import Json, JsonObject, parse_object, serialize
from sayso.retrieval import Retrieve, Retrieved, Steps, done, drive

FORMATS = ("JsonSchema", "JsonSchemaCredential")

FORMER = "https://www.w3.org/2022/credentials/v2/json-schema-credential-schema.json"
"""What the schema of credentials with schemas was called in drafts, and still is in published files."""


def main(arguments: Sequence[str] | None = None) -> int:
    """Read the command line, and give the exit code: 1 where nothing could be tried."""
    parser = argparse.ArgumentParser(prog="python -m examples.vc_json_schema", description="VC JSON Schema over sayso, file by file.")
    parser.add_argument("command", choices=("validate",))
    parser.add_argument("--format", required=True, choices=FORMATS, help="what the schema file is")
    parser.add_argument("--schema", required=True, help="what stands at the URL that the credential names")
    parser.add_argument("--credential", required=True)
    parser.add_argument("--output", required=True, help="where the result is written")
    asked = parser.parse_args(arguments)
    try:
        problems = validate(asked.format, Path(asked.schema).read_bytes(), parse_object(Path(asked.credential).read_bytes()))
    except (OSError, SaysoError) as error:
        return written(asked.output, "error", str(error))
    if not problems:
        return written(asked.output, "success", [])
    outcome = "failure" if any(problem.decided for problem in problems) else "indeterminate"
    return written(asked.output, outcome, [{**problem.to_json()} for problem in problems])


def written(output: str, result: str, data: Json) -> int:
    """Write a result, and give the exit code."""
    Path(output).write_text(serialize({"result": result, "data": data}) + "\n", encoding="utf-8")
    return 1 if result == "error" else 0


def validate(kind: str, schema: bytes, credential: JsonObject) -> tuple[Problem, ...]:
    """Say what keeps a credential from following its schemas, which are of one kind; whether anybody signed it is not looked at.

    The file stands for whatever URL the credential names: it is judged by what it says it is.
    """
    entries = schema_entries(credential)
    if not entries or any(entry.kind != kind for entry in entries):
        return (Problem(SCHEMA_MISMATCH, f"the credential names a schema that is no {kind}, or none", "/credentialSchema"),)

    def retrieved(step: Retrieve) -> Retrieved:
        return Retrieved(schema, step.accept)

    def schema_of(entry: SchemaEntry) -> Steps[JsonObject]:
        return done(schema_in(parse_object(schema), entry.url))

    return drive(schema_problems(credential, schema_of), retrieved)


def schema_in(credential: JsonObject, url: str) -> JsonObject:
    """Take the schema out of a credential of type JsonSchemaCredential.

    Raises:
        SaysoError: it is none, or says that it is another one.
    """
    if credential.get("id") != url:
        raise SaysoError.of(SCHEMA_MISMATCH, "the credential with the schema says it is another one", "id")
    own = credential.get("credentialSchema")
    if isinstance(own, dict) and own.get("id") == FORMER:
        credential = {**credential, "credentialSchema": {**own, "id": JSON_SCHEMA_CREDENTIAL}}
    schema, subject = schema_of_credential(credential), credential["credentialSubject"]
    named = subject.get("id") if isinstance(subject, dict) else None
    if named is not None and "$id" in schema and schema["$id"] != named:
        raise SaysoError.of(SCHEMA_MISMATCH, "the schema says it is another one than the subject", "credentialSubject", "jsonSchema", "$id")
    return schema


if __name__ == "__main__":
    sys.exit(main())
