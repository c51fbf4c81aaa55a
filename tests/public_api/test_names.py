"""What `import sayso` offers: each name from its home, loaded when it is first asked for."""

import subprocess
import sys
from importlib import import_module

import pytest

import sayso

NAMES = {
    "ALL": "sayso.issuer.choices",
    "ANYONE": "sayso.verification.expectations",
    "Answer": "sayso.credentials.wire",
    "Attribute": "sayso.sharing.attribute",
    "AsyncFetcher": "sayso.http.fetcher",
    "Artefacts": "sayso.sharing.evidence.bundle",
    "ComplaintBundle": "sayso.sharing.evidence.bundle",
    "Conditions": "sayso.sharing.conditions",
    "Context": "sayso.credentials.kinds",
    "Credential": "sayso.credentials.wire",
    "CredentialType": "sayso.credentials.kinds",
    "Custody": "sayso.verifier.custody",
    "CustodyShare": "sayso.verifier.custody_share",
    "CustodyStore": "sayso.storage.custody",
    "Decision": "sayso.sharing.consent",
    "Decline": "sayso.sharing.offer",
    "DialogueMap": "sayso.sharing.dialogue.values",
    "EcdsaSigner": "sayso.keys.ecdsa_signer",
    "EncryptionKey": "sayso.openid.encryption_key",
    "Erased": "sayso.sharing.erasure",
    "ErasureAnswer": "sayso.sharing.erasure",
    "Event": "sayso.sharing.events",
    "ErasureStatement": "sayso.storage.custody",
    "Expectations": "sayso.verification.expectations",
    "Fetcher": "sayso.http.fetcher",
    "Finding": "sayso.sharing.lint.finding",
    "Grant": "sayso.sharing.grant",
    "Issuer": "sayso.issuer.issuer",
    "KeyRing": "sayso.storage.keyring",
    "LOOPBACK_FOR_DEVELOPMENT": "sayso.http.addresses",
    "Ledger": "sayso.sharing.ledger.ledger",
    "LintContext": "sayso.sharing.lint.context",
    "LocalMasterKey": "sayso.keys.wrapping",
    "MasterKey": "sayso.keys.wrapping",
    "MemoryCustodyStore": "sayso.storage.memory_custody",
    "MemoryStatusStore": "sayso.storage.status_store",
    "NonceStore": "sayso.storage.nonces",
    "Offer": "sayso.sharing.offer",
    "Organisation": "sayso.sharing.conditions",
    "Plan": "sayso.sharing.plan.decision",
    "Preferences": "sayso.sharing.preferences.profile",
    "Presentation": "sayso.credentials.wire",
    "Problem": "sayso.errors",
    "Process": "sayso.sharing.conditions",
    "PublicKey": "sayso.keys.ed25519",
    "PublishedList": "sayso.storage.status_store",
    "Receipt": "sayso.sharing.receipt",
    "Recipient": "sayso.sharing.conditions",
    "Refused": "sayso.issuer.rows",
    "Report": "sayso.verification.report",
    "Request": "sayso.credentials.wire",
    "Retained": "sayso.sharing.erasure",
    "Row": "sayso.issuer.rows",
    "SaysoError": "sayso.errors",
    "SeedSigner": "sayso.keys.signer",
    "Share": "sayso.sharing.share",
    "SignIn": "sayso.verifier.signing_in",
    "Signer": "sayso.keys.signer",
    "SqlCustodyStore": "sayso.storage.sql.custody_store",
    "SqlNonceStore": "sayso.storage.sql.nonce_store",
    "SqlStatusStore": "sayso.storage.sql.status_store",
    "StatusBook": "sayso.issuer.status_book",
    "StatusCache": "sayso.verification.status_cache",
    "StatusEntry": "sayso.issuer.status_book",
    "StatusStore": "sayso.storage.status_store",
    "Step": "sayso.sharing.dialogue.values",
    "Transaction": "sayso.sharing.ledger.entries",
    "Told": "sayso.sharing.erasure",
    "Verified": "sayso.verification.report",
    "Verifier": "sayso.verifier.verifier",
    "WILL_NOT_STORE": "sayso.sharing.terms",
    "Wallet": "sayso.wallet.wallet",
    "WebvhLog": "sayso.dids.did_webvh.writing",
    "dereference": "sayso.dids.doors",
    "dereference_async": "sayso.dids.doors",
    "examine": "sayso.verification.doors",
    "examine_answer": "sayso.verification.doors",
    "examine_answer_async": "sayso.verification.doors",
    "examine_async": "sayso.verification.doors",
    "lint": "sayso.sharing.lint.linting",
    "is_over_age": "sayso.sharing.predicates",
    "over": "sayso.credentials.predicates",
    "over_age": "sayso.sharing.predicates",
    "resolve": "sayso.dids.doors",
    "resolve_async": "sayso.dids.doors",
    "stapled": "sayso.verification.stapling",
    "stapled_async": "sayso.verification.stapling",
    "verify": "sayso.verification.doors",
    "verify_async": "sayso.verification.doors",
    "verify_many": "sayso.verification.doors",
}


def python(code: str) -> str:
    """Run code in a process of its own, which has loaded nothing yet."""
    return subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True).stdout.strip()


def test_the_names() -> None:
    assert {*sayso.__all__} == {*NAMES}
    assert len(sayso.__all__) == len({*sayso.__all__})


@pytest.mark.parametrize(("name", "home"), NAMES.items())
def test_each_is_what_stands_in_its_home(name: str, home: str) -> None:
    value = getattr(sayso, name)
    assert value is getattr(import_module(home), name)
    assert getattr(sayso, name) is value
    if isinstance(value, type):
        assert (value.__module__, value.__name__) == (home, name)


def test_every_name_has_a_docstring() -> None:
    classes_and_functions = [getattr(sayso, name) for name in NAMES if callable(getattr(sayso, name))]
    assert all(value.__doc__ for value in classes_and_functions)
    assert sayso.__doc__


def test_the_version() -> None:
    assert sayso.__version__ == "0.1.0"


def test_dir_lists_each_once() -> None:
    listed = dir(sayso)
    assert {*NAMES, "__version__"} <= {*listed}
    assert len(listed) == len({*listed})


@pytest.mark.parametrize("name", ["issue", "Holder", "_homes", "", "__wrapped__"])
def test_what_is_not_offered(name: str) -> None:
    with pytest.raises(AttributeError, match=f"module 'sayso' has no attribute '{name}'"):
        getattr(sayso, name)


def test_nothing_is_loaded_before_it_is_asked_for() -> None:
    assert python("import sys, sayso; print([n for n in sys.modules if n.startswith('sayso')])") == "['sayso']"
    assert python("import sys, sayso; sayso.SaysoError; print('nacl' in sys.modules)") == "False"


def test_listing_loads_nothing() -> None:
    assert python("import sys, sayso; dir(sayso); print([n for n in sys.modules if n.startswith('sayso.')])") == "[]"


def test_a_star_brings_them_all() -> None:
    assert python("from sayso import *; print(len([Issuer, Wallet, Verifier, ANYONE, verify]))") == "5"


HEAVY = (
    "pyld",
    "multiformats",
    "jsonschema",
    "httpx",
    "httpcore",
    "anyio",
    "sqlalchemy",
    "cryptography",
    "joserfc",
    "asyncio",
    "typer",
    "rich",
)


@pytest.mark.parametrize("heavy", HEAVY)
def test_the_doors_load_nothing_heavy(heavy: str) -> None:
    """DESIGN: a test asserts that the imports above load neither PyLD, multiformats, jsonschema, httpx nor SQLAlchemy."""
    load = "import sys; from sayso import Issuer, Wallet, Verifier"
    assert python(f"{load}; print([n for n in sys.modules if n.lower().partition('.')[0] == {heavy!r}])") == "[]"
