"""Whatever is signed and is no credential: one function, the same stages."""

from collections.abc import Collection
from datetime import datetime, timedelta
from typing import NoReturn

import pytest

from sayso.dids.method import DidMethod, Options
from sayso.dids.resolution import METHODS
from sayso.errors import (
    CRYPTOGRAPHIC_SECURITY_ERROR,
    INVALID_RELATIONSHIP_FOR_VERIFICATION_METHOD,
    INVALID_VERIFICATION_METHOD_URL,
    LIMIT_EXCEEDED,
    MALFORMED_VALUE_ERROR,
    METHOD_NOT_SUPPORTED,
    PARSING_ERROR,
    RANGE_ERROR,
    ProblemType,
    SaysoError,
)
from sayso.identifiers import Did
from sayso.jsonvalue import DEFAULT_LIMITS, Json, Limits
from sayso.retrieval import Fetch, drive, offline
from sayso.verification.messages import SignedMessage, signed_message
from tests.unit.dids.world import URL, World, document, method
from tests.unit.proofs.tokens import AT, ISSUER_DID, NOW, STRANGER, sd_jwt, token

SKEW = timedelta(seconds=60)
TICK = timedelta(microseconds=1)


def _token(payload: dict[str, Json] | None = None, **header: Json) -> str:
    return token({"a": 1} if payload is None else payload, **({"typ": "example+jwt"} | header))


def _read(
    text: str,
    *,
    types: Collection[str] = ("example+jwt",),
    relationship: str = "authentication",
    at: datetime = AT,
    methods: tuple[DidMethod, ...] = METHODS,
    fetch: Fetch = offline,
    limits: Limits = DEFAULT_LIMITS,
) -> SignedMessage:
    return drive(signed_message(text.encode(), types, relationship, at, skew=SKEW, methods=methods, limits=limits), fetch)


def _refused(text: str, **options: object) -> list[tuple[str, ProblemType, str]]:
    with pytest.raises(SaysoError) as caught:
        _read(text, **options)  # type: ignore[arg-type]
    return [(problem.stage, problem.kind, problem.pointer) for problem in caught.value.problems]


def test_the_payload_and_who_signed_it() -> None:
    assert _read(_token()) == ({"a": 1}, ISSUER_DID)
    for algorithm in ("EdDSA", "Ed25519"):
        assert _read(_token(alg=algorithm)).signer == ISSUER_DID
    assert _read(_token(typ="Application/Example+JWT")).payload == {"a": 1}
    assert _read(_token(), types=("other+jwt", "example+jwt")).payload == {"a": 1}


def test_only_the_types_that_are_named() -> None:
    """RFC 8725, section 3.11: a credential is no message, and a message of one kind none of another."""
    for typ in ("JWT", "dc+sd-jwt", "kb+jwt", "statuslist+jwt"):
        assert _refused(_token(typ=typ)) == [("decode", PARSING_ERROR, "/typ")]
    assert _refused(sd_jwt(_token()))[0][:2] == ("decode", PARSING_ERROR)


class Forbidden:
    """Be a DID method that must not be asked."""

    name = "key"

    def resolve(self, did: Did, _at: datetime, _options: Options) -> NoReturn:
        msg = f"{did} was looked up"
        raise AssertionError(msg)


@pytest.mark.parametrize("algorithm", ["none", "HS256", "ES256", None], ids=repr)
def test_no_key_is_looked_for_before_the_list_is_kept(algorithm: Json) -> None:
    assert _refused(_token(alg=algorithm), methods=(Forbidden(),)) == [("decode", CRYPTOGRAPHIC_SECURITY_ERROR, "/alg")]
    assert _refused(_token(crit=["x"]), methods=(Forbidden(),)) == [("decode", CRYPTOGRAPHIC_SECURITY_ERROR, "/crit")]


@pytest.mark.parametrize(
    ("kid", "stage", "kind"),
    [
        (None, "decode", INVALID_VERIFICATION_METHOD_URL),
        (42, "decode", INVALID_VERIFICATION_METHOD_URL),
        ("42", "resolve", INVALID_VERIFICATION_METHOD_URL),
        (ISSUER_DID, "resolve", INVALID_VERIFICATION_METHOD_URL),
        ("did:example:a#k", "resolve", METHOD_NOT_SUPPORTED),
    ],
    ids=repr,
)
def test_the_key_is_named_by_its_did_url(kid: Json, stage: str, kind: ProblemType) -> None:
    """VJ-5."""
    assert [found[:2] for found in _refused(_token(kid=kid))] == [(stage, kind)]


def test_the_key_is_authorised_for_the_purpose() -> None:
    """CID-3: a key for credentials does not sign requests, nor the other way round."""
    world = World(org=document(method()))
    text = _token(kid=URL)
    assert _read(text, relationship="assertionMethod", methods=world.methods, fetch=world.fetch).signer == "did:example:org"
    assert _refused(text, methods=world.methods, fetch=world.fetch)[0][:2] == ("resolve", INVALID_RELATIONSHIP_FOR_VERIFICATION_METHOD)


def test_the_signature_holds() -> None:
    text = token({"a": 1}, STRANGER, typ="example+jwt")
    assert _refused(text) == [("prove", CRYPTOGRAPHIC_SECURITY_ERROR, "")]


def test_its_dates_allow_the_instant_to_the_microsecond() -> None:
    text = _token({"nbf": NOW, "exp": NOW + 10})
    _read(text, at=AT - SKEW)
    _read(text, at=AT + timedelta(seconds=70) - TICK)
    assert _refused(text, at=AT - SKEW - TICK) == [("date", RANGE_ERROR, "/nbf")]
    assert _refused(text, at=AT + timedelta(seconds=70)) == [("date", RANGE_ERROR, "/exp")]
    assert _refused(_token({"iat": NOW + 61, "exp": NOW - 60, "nbf": None})) == [
        ("date", MALFORMED_VALUE_ERROR, "/nbf"),
        ("date", RANGE_ERROR, "/exp"),
        ("date", RANGE_ERROR, "/iat"),
    ]


def test_it_costs_no_more_than_is_allowed() -> None:
    text = _token()
    assert _read(text, limits=Limits(size_bytes=len(text))).payload == {"a": 1}
    assert _refused(text, limits=Limits(size_bytes=len(text) - 1))[0][:2] == ("decode", LIMIT_EXCEEDED)
    assert _refused(_token({"a": [[1]]}), limits=Limits(depth=2))[0][:2] == ("decode", LIMIT_EXCEEDED)


@pytest.mark.parametrize("text", ["", ".", "..", "x", "é.é.é", "~", "{}", "\ud7ff"], ids=repr)
def test_anything_else_is_refused(text: str) -> None:
    assert _refused(text)[0][0] == "decode"
