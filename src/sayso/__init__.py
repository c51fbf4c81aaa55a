"""Issue, hold and verify credentials so that nothing leaves the wallet without your say-so, and every share ends."""

from importlib import import_module
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from sayso.credentials.kinds import Context as Context
    from sayso.credentials.kinds import CredentialType as CredentialType
    from sayso.credentials.predicates import over as over
    from sayso.credentials.wire import Answer as Answer
    from sayso.credentials.wire import Credential as Credential
    from sayso.credentials.wire import Presentation as Presentation
    from sayso.credentials.wire import Request as Request
    from sayso.dids.did_webvh.writing import WebvhLog as WebvhLog
    from sayso.dids.doors import dereference as dereference
    from sayso.dids.doors import dereference_async as dereference_async
    from sayso.dids.doors import resolve as resolve
    from sayso.dids.doors import resolve_async as resolve_async
    from sayso.errors import Problem as Problem
    from sayso.errors import SaysoError as SaysoError
    from sayso.http.addresses import LOOPBACK_FOR_DEVELOPMENT as LOOPBACK_FOR_DEVELOPMENT
    from sayso.http.fetcher import AsyncFetcher as AsyncFetcher
    from sayso.http.fetcher import Fetcher as Fetcher
    from sayso.issuer.choices import ALL as ALL
    from sayso.issuer.issuer import Issuer as Issuer
    from sayso.issuer.rows import Refused as Refused
    from sayso.issuer.rows import Row as Row
    from sayso.issuer.status_book import StatusBook as StatusBook
    from sayso.issuer.status_book import StatusEntry as StatusEntry
    from sayso.keys.ecdsa_signer import EcdsaSigner as EcdsaSigner
    from sayso.keys.ed25519 import PublicKey as PublicKey
    from sayso.keys.signer import SeedSigner as SeedSigner
    from sayso.keys.signer import Signer as Signer
    from sayso.keys.wrapping import LocalMasterKey as LocalMasterKey
    from sayso.keys.wrapping import MasterKey as MasterKey
    from sayso.openid.encryption_key import EncryptionKey as EncryptionKey
    from sayso.sharing.attribute import Attribute as Attribute
    from sayso.sharing.conditions import Conditions as Conditions
    from sayso.sharing.conditions import Organisation as Organisation
    from sayso.sharing.conditions import Process as Process
    from sayso.sharing.conditions import Recipient as Recipient
    from sayso.sharing.consent import Decision as Decision
    from sayso.sharing.dialogue.values import DialogueMap as DialogueMap
    from sayso.sharing.dialogue.values import Step as Step
    from sayso.sharing.erasure import Erased as Erased
    from sayso.sharing.erasure import ErasureAnswer as ErasureAnswer
    from sayso.sharing.erasure import Retained as Retained
    from sayso.sharing.erasure import Told as Told
    from sayso.sharing.events import Event as Event
    from sayso.sharing.evidence.bundle import Artefacts as Artefacts
    from sayso.sharing.evidence.bundle import ComplaintBundle as ComplaintBundle
    from sayso.sharing.grant import Grant as Grant
    from sayso.sharing.ledger.entries import Transaction as Transaction
    from sayso.sharing.ledger.ledger import Ledger as Ledger
    from sayso.sharing.lint.context import LintContext as LintContext
    from sayso.sharing.lint.finding import Finding as Finding
    from sayso.sharing.lint.linting import lint as lint
    from sayso.sharing.offer import Decline as Decline
    from sayso.sharing.offer import Offer as Offer
    from sayso.sharing.plan.decision import Plan as Plan
    from sayso.sharing.predicates import is_over_age as is_over_age
    from sayso.sharing.predicates import over_age as over_age
    from sayso.sharing.preferences.profile import Preferences as Preferences
    from sayso.sharing.receipt import Receipt as Receipt
    from sayso.sharing.share import Share as Share
    from sayso.sharing.terms import WILL_NOT_STORE as WILL_NOT_STORE
    from sayso.storage.custody import CustodyStore as CustodyStore
    from sayso.storage.custody import ErasureStatement as ErasureStatement
    from sayso.storage.keyring import KeyRing as KeyRing
    from sayso.storage.memory_custody import MemoryCustodyStore as MemoryCustodyStore
    from sayso.storage.nonces import NonceStore as NonceStore
    from sayso.storage.sql.custody_store import SqlCustodyStore as SqlCustodyStore
    from sayso.storage.sql.nonce_store import SqlNonceStore as SqlNonceStore
    from sayso.storage.sql.status_store import SqlStatusStore as SqlStatusStore
    from sayso.storage.status_store import MemoryStatusStore as MemoryStatusStore
    from sayso.storage.status_store import PublishedList as PublishedList
    from sayso.storage.status_store import StatusStore as StatusStore
    from sayso.verification.doors import examine as examine
    from sayso.verification.doors import examine_answer as examine_answer
    from sayso.verification.doors import examine_answer_async as examine_answer_async
    from sayso.verification.doors import examine_async as examine_async
    from sayso.verification.doors import verify as verify
    from sayso.verification.doors import verify_async as verify_async
    from sayso.verification.doors import verify_many as verify_many
    from sayso.verification.expectations import ANYONE as ANYONE
    from sayso.verification.expectations import Expectations as Expectations
    from sayso.verification.report import Report as Report
    from sayso.verification.report import Verified as Verified
    from sayso.verification.stapling import stapled as stapled
    from sayso.verification.stapling import stapled_async as stapled_async
    from sayso.verification.status_cache import StatusCache as StatusCache
    from sayso.verifier.custody import Custody as Custody
    from sayso.verifier.custody_share import CustodyShare as CustodyShare
    from sayso.verifier.signing_in import SignIn as SignIn
    from sayso.verifier.verifier import Verifier as Verifier
    from sayso.wallet.wallet import Wallet as Wallet

__version__ = "0.1.0"

# The public names and their homes: each is imported when it is first asked for (PEP 562), so that `import sayso` costs nothing.
_HOMES = {
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
__all__ = [*_HOMES]  # noqa: PLE0604 - the keys are strings  # pyright: ignore[reportUnsupportedDunderAll]


def __getattr__(name: str) -> object:
    home = _HOMES.get(name)
    if home is None:
        msg = f"module {__name__!r} has no attribute {name!r}"
        raise AttributeError(msg)
    value = getattr(import_module(home), name)
    globals()[name] = value
    return value


def __dir__() -> list[str]:
    return sorted({*globals(), *_HOMES})
