"""A document with very many faults is refused with so many problems, and no more."""

from sayso.credentials.credential import conformance_problems
from sayso.credentials.kinds import reading_of
from sayso.credentials.shapes import MAX_PROBLEMS
from sayso.jsonvalue import JsonObject


def _with_faults(count: int) -> JsonObject:
    return {
        "@context": ["https://www.w3.org/ns/credentials/v2"],
        "type": ["VerifiableCredential"],
        "issuer": "did:example:city",
        "credentialSubject": [{} for _ in range(count)],
    }


def test_as_many_as_there_are() -> None:
    assert len(conformance_problems(_with_faults(MAX_PROBLEMS - 1), reading_of())) == MAX_PROBLEMS - 1


def test_never_more_than_the_limit() -> None:
    assert len(conformance_problems(_with_faults(MAX_PROBLEMS + 1), reading_of())) == MAX_PROBLEMS
