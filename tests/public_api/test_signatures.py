"""The doors are called as the design says: names, order, what must be named, and what is the default."""

import inspect
from collections.abc import Callable
from datetime import timedelta
from inspect import Parameter

import pytest

from sayso import (
    ALL,
    Answer,
    ComplaintBundle,
    Conditions,
    Credential,
    EncryptionKey,
    Expectations,
    Issuer,
    KeyRing,
    Ledger,
    LintContext,
    Plan,
    Report,
    Request,
    Row,
    SaysoError,
    Share,
    Verified,
    Verifier,
    Wallet,
    examine,
    examine_answer,
    examine_answer_async,
    examine_async,
    lint,
    verify,
    verify_async,
    verify_many,
)
from sayso.clock import system_clock
from sayso.entropy import system_entropy
from sayso.keys.passphrase import DEFAULT_COST
from sayso.keys.signer import SeedSigner
from sayso.retrieval import offline
from sayso.verification.options import Checks, KeyOptions
from sayso.verifier.options import Options

FIVE_MINUTES = timedelta(minutes=5)
PARTS: dict[str, object] = {"clock": system_clock, "entropy": system_entropy, "fetch": offline}

# By position, then by name; ... stands for what must be given.
SIGNATURES: list[tuple[Callable[..., object], dict[str, object], dict[str, object]]] = [
    (Issuer, {"signer": ..., "did": None}, {"algorithm": None, **PARTS}),
    (Issuer.generate, {}, {"clock": system_clock, "entropy": system_entropy}),
    (Issuer.from_jwk, {"private": ..., "did": None}, PARTS),
    (Issuer.of, {"keys": ...}, {"algorithm": None, **PARTS}),
    (Issuer.open, {"path": ..., "passphrase": ...}, {"key": None, "outdated": False, "algorithm": None, **PARTS}),
    (Issuer.save, {"self": ..., "path": ..., "passphrase": ...}, {"cost": DEFAULT_COST}),
    (Verifier.save, {"self": ..., "path": ..., "passphrase": ...}, {"cost": DEFAULT_COST}),
    (KeyRing.generate, {"method": "key"}, {"domain": "", "path": (), "name": "key-1", "entropy": system_entropy}),
    (KeyRing.rotate, {"self": ..., "name": ...}, {"entropy": system_entropy}),
    (KeyRing.using, {"self": ..., "name": ...}, {}),
    (KeyRing.retire, {"self": ..., "name": ...}, {}),
    (KeyRing.save, {"self": ..., "path": ..., "passphrase": ...}, {"entropy": system_entropy, "cost": DEFAULT_COST}),
    (KeyRing.open, {"path": ..., "passphrase": ...}, {"outdated": False}),
    (SeedSigner.from_jwk, {"private": ...}, {}),
    (
        Issuer.issue,
        {"self": ..., "claims": ...},
        {
            "type": ...,
            "holder": ...,
            "format": "vc+sd-jwt",
            "valid_for": None,
            "valid_until": None,
            "valid_from": None,
            "disclosable": ALL,
            "decoys": 0,
            "digest": "sha-256",
            "serialization": "compact",
            "status": None,
        },
    ),
    (Issuer.issue_async, {"self": ..., "claims": ...}, {"fetch": ..., "choices": ...}),
    (Issuer.issue_many, {"self": ..., "rows": ...}, {"executor": None, "progress": None}),
    (Wallet, {}, {"types": (), **PARTS, "unsigned": "refuse", "terms": "require", "ledger": None, "keys": ...}),
    (Wallet.generate, {}, {"types": (), **PARTS, "unsigned": "refuse", "terms": "require", "ledger": None, "keys": ...}),
    (Wallet.new_key, {"self": ...}, {}),
    (Wallet.add_key, {"self": ..., "signer": ...}, {}),
    (Wallet.store, {"self": ..., "data": ...}, {}),
    (Wallet.store_async, {"self": ..., "data": ...}, {"fetch": ...}),
    (Wallet.remove, {"self": ..., "stored_id": ...}, {}),
    (Wallet.plan, {"self": ..., "request": ...}, {"origin": None, "fetched": None}),
    (Wallet.plan_async, {"self": ..., "request": ...}, {"origin": None, "fetched": None, "fetch": ...}),
    (Wallet.decline, {"self": ..., "request": ...}, {"origin": None}),
    (EncryptionKey, {"curve": ..., "secret": ...}, {}),
    (EncryptionKey.generate, {"curve": "X25519"}, {"entropy": system_entropy}),
    (EncryptionKey.from_jwk, {"private": ...}, {}),
    (Wallet.present, {"self": ..., "plan": ...}, {"status_lists": {}}),
    (
        Wallet.share,
        {"self": ..., "plan": ...},
        {"until": None, "lease": None, "receipt_within": timedelta(hours=1), "format": "vc+jwt", "status_lists": {}},
    ),
    (
        Verifier.accept_into,
        {"self": ..., "custody": ..., "answer": ..., "request": ...},
        {"grant": None, "events": (), "subject": None, "lease": None},
    ),
    (Verifier.follow, {"self": ..., "custody": ..., "event": ...}, {}),
    (
        Verifier.confirm,
        {"self": ..., "custody": ..., "erased": ..., "asked": None},
        {
            "text": "We have not used this, so we are giving it back.",
            "retained": (),
            "told": (),
            "backups_expire": None,
            "format": "vc+jwt",
        },
    ),
    (Wallet.leave, {"self": ..., "business": ...}, {}),
    (Wallet.complain, {"self": ..., "granted": ...}, {"alleged": ..., "documents": {}}),
    (
        Wallet.grant,
        {"self": ..., "plan": ..., "answer": ...},
        {"until": None, "lease": None, "receipt_within": timedelta(hours=1), "format": "vc+jwt"},
    ),
    (Wallet.renew, {"self": ..., "granted": ...}, {}),
    (Wallet.withdraw, {"self": ..., "granted": ..., "claims": ...}, {}),
    (Wallet.pause, {"self": ..., "granted": ..., "until": ...}, {}),
    (Wallet.read_receipt, {"self": ..., "given": ..., "granted": ...}, {}),
    (Wallet.read_erasure, {"self": ..., "answer": ..., "granted": ..., "asked": None}, {}),
    (Wallet.read_event, {"self": ..., "event": ..., "granted": ...}, {}),
    (Verifier.read_grant, {"self": ..., "granted": ..., "request": ..., "answer": None}, {}),
    (Verifier.receipt, {"self": ..., "granted": ..., "request": ..., "answer": None}, {"head": "", "format": "vc+jwt"}),
    (Verifier.take_event, {"self": ..., "event": ..., "granted": ...}, {}),
    (Plan.ending, {"self": ..., "at": ...}, {}),
    (
        Verifier,
        {"signer": ..., "did": None},
        {
            "name": "",
            "reply_to": None,
            "origin": None,
            "encryption": None,
            "conditions": Conditions(),
            "types": (),
            **PARTS,
            "nonces": None,
            "on_report": None,
            "status_cache": None,
            "checks": ...,
        },
    ),
    (Verifier.generate, {}, {"options": ...}),
    (Verifier.of, {"keys": ...}, {"options": ...}),
    (
        Verifier.request,
        {"self": ..., "claims": ...},
        {
            "issuers": ...,
            "purpose": ...,
            "benefit": ...,
            "keep_for": ...,
            "type": None,
            "optional": (),
            "formats": ("vc+sd-jwt",),
            "if_not_shared": "",
            "conditions": None,
            "strict": False,
            "answer_within": FIVE_MINUTES,
            "state": None,
            "wallet_nonce": None,
        },
    ),
    (Verifier.accept, {"self": ..., "answer": ..., "request": ...}, {}),
    (Verifier.accept_async, {"self": ..., "answer": ..., "request": ...}, {"fetch": ...}),
    (
        Verifier.request_step,
        {"self": ..., "dialogue": ..., "step": ...},
        {"issuers": ..., "held": (), "needed_for": timedelta(0), "type": None, "answer_within": FIVE_MINUTES},
    ),
    (
        Verifier.accept_offer,
        {"self": ..., "offered": ..., "claims": ...},
        {
            "issuers": ...,
            "benefit": ...,
            "optional": (),
            "type": None,
            "formats": ("vc+sd-jwt",),
            "if_not_shared": "",
            "conditions": None,
            "answer_within": FIVE_MINUTES,
        },
    ),
    (Verifier.decline, {"self": ..., "offered": ..., "reason": ..., "text": ""}, {}),
    (
        Wallet.offer,
        {"self": ..., "business": ..., "claims": ...},
        {
            "purpose": ...,
            "keep_for": ...,
            "category": "",
            "prohibited": (),
            "agreement": "",
            "valid_for": timedelta(days=7),
        },
    ),
    (Wallet.declined, {"self": ..., "answer": ...}, {}),
    (Share.use, {"self": ...}, {"purpose": ...}),
    (Share.read, {"self": ...}, {}),
    (Ledger, {"signer": ...}, {"store": None, "clock": system_clock, "entropy": system_entropy}),
    (Ledger.generate, {}, {"clock": system_clock, "entropy": system_entropy}),
    (Ledger.load, {"data": ..., "signer": ...}, {"ledger": None, "clock": system_clock, "entropy": system_entropy}),
    (Ledger.record, {"self": ..., "what": ..., "business": ""}, {"persona": ""}),
    (Ledger.who_has, {"self": ..., "claim": ..., "at": None}, {}),
    (Ledger.leave, {"self": ..., "business": ..., "at": None}, {}),
    (ComplaintBundle.parse, {"data": ...}, {}),
    (ComplaintBundle.verify, {"self": ...}, {"at": ..., "registered": None}),
    (lint, {"asked": ..., "known": LintContext()}, {}),
    (examine, {"data": ..., "expectations": ...}, {"at": ..., "fetch": offline, "status_cache": None}),
    (examine_async, {"data": ..., "expectations": ...}, {"at": ..., "fetch": ..., "status_cache": None}),
    (verify, {"data": ..., "expectations": ...}, {"at": ..., "fetch": offline, "status_cache": None}),
    (verify_async, {"data": ..., "expectations": ...}, {"at": ..., "fetch": ..., "status_cache": None}),
    (
        verify_many,
        {"items": ..., "expectations": ...},
        {"at": ..., "fetch": offline, "executor": None, "progress": None, "status_cache": None},
    ),
    (examine_answer, {"vp_token": ..., "query": ..., "expectations": ...}, {"at": ..., "fetch": offline, "status_cache": None}),
    (examine_answer_async, {"vp_token": ..., "query": ..., "expectations": ...}, {"at": ..., "fetch": ..., "status_cache": None}),
]


@pytest.mark.parametrize(("door", "positional", "named"), SIGNATURES, ids=[door.__qualname__ for door, _, _ in SIGNATURES])
def test_a_door(door: Callable[..., object], positional: dict[str, object], named: dict[str, object]) -> None:
    found: dict[bool, dict[str, object]] = {True: {}, False: {}}
    for name, parameter in inspect.signature(door).parameters.items():
        default = ... if parameter.default is Parameter.empty else parameter.default
        found[parameter.kind not in {Parameter.KEYWORD_ONLY, Parameter.VAR_KEYWORD}][name] = default
    assert list(found[True].items()) == list(positional.items())
    assert found[False] == named


@pytest.mark.parametrize("choose", [Plan.also, Plan.only, Verifier.request], ids=lambda choose: choose.__name__)
def test_claims_are_given_one_by_one(choose: Callable[..., object]) -> None:
    assert inspect.signature(choose).parameters["claims"].kind is Parameter.VAR_POSITIONAL


def test_only_issuers_must_be_expected_and_every_default_is_strict() -> None:
    """DESIGN: all but `issuers` have the strict default."""
    parameters = inspect.signature(Expectations).parameters
    assert {parameter.kind for parameter in parameters.values()} == {Parameter.KEYWORD_ONLY}
    assert [name for name, parameter in parameters.items() if parameter.default is Parameter.empty] == ["issuers"]
    strict = {
        "types": None,
        "audience": None,
        "nonce": None,
        "holder_binding": True,
        "algorithms": ("EdDSA", "Ed25519"),
        "digests": ("sha-256", "sha-384", "sha-512", "sha3-256", "sha3-384", "sha3-512"),
        "max_age": FIVE_MINUTES,
        "skew": timedelta(seconds=60),
        "unasked": "drop",
        "status": "require",
        "unknown_status": "refuse",
        "status_issuers": None,
    }
    assert {name: parameters[name].default for name in strict} == strict


@pytest.mark.parametrize("value", [Credential, Request, Answer, Plan, Report, Verified, Expectations])
def test_public_values_are_frozen(value: type) -> None:
    assert value.__dataclass_params__.frozen  # type: ignore[attr-defined]
    assert not hasattr(value, "__dict__") or "__slots__" in vars(value)


def test_what_an_error_offers() -> None:
    assert issubclass(SaysoError, Exception)
    assert not issubclass(SaysoError, ValueError)
    assert isinstance(inspect.getattr_static(SaysoError, "decided"), property)


TWINS: list[tuple[Callable[..., object], Callable[..., object]]] = [
    (Wallet.store, Wallet.store_async),
    (Wallet.plan, Wallet.plan_async),
    (Verifier.accept, Verifier.accept_async),
    (Wallet.declined, Wallet.declined_async),
    (examine, examine_async),
    (verify, verify_async),
    (examine_answer, examine_answer_async),
]


def test_async_twins_are_of_doors_only() -> None:
    assert all(inspect.iscoroutinefunction(twin) for _, twin in TWINS)
    for door, twin in TWINS:
        theirs = {**inspect.signature(twin).parameters}
        assert theirs.pop("fetch").default is Parameter.empty
        assert [*theirs] == [name for name in inspect.signature(door).parameters if name != "fetch"]


def test_a_row_says_what_issuing_takes() -> None:
    assert inspect.iscoroutinefunction(Issuer.issue_async)
    parameters = inspect.signature(Issuer.issue).parameters
    assert Row.__annotations__.keys() == parameters.keys() - {"self"}
    needed = {name for name, parameter in parameters.items() if parameter.default is Parameter.empty and name != "self"}
    assert Row.__required_keys__ == needed


def test_the_options_of_the_doors() -> None:
    """Each is an argument of `Expectations`, whose default it has; and those of a verifier beside its key are all that it takes."""
    assert KeyOptions.__annotations__.keys() == {"algorithms", "key_resolution", "trust_anchors"}
    said_about_status = {"status", "unknown_status", "status_issuers", "max_status_age", "type_metadata"}
    assert Checks.__annotations__.keys() == KeyOptions.__annotations__.keys() | said_about_status
    assert Checks.__annotations__.keys() <= inspect.signature(Expectations).parameters.keys()
    named = {name for name, one in inspect.signature(Verifier).parameters.items() if one.kind is Parameter.KEYWORD_ONLY}
    assert Options.__annotations__.keys() == named | Checks.__annotations__.keys()
    for options in (KeyOptions, Checks, Options):
        assert not options.__required_keys__
