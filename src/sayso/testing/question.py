"""Put to the library, through its public doors, the question that a record asks.

What a record is called, why it is refused and which verdict is right is never looked at.
"""

from collections.abc import Callable, Iterator, Mapping
from contextlib import suppress
from dataclasses import replace
from datetime import UTC, datetime, timedelta
from typing import Any, NamedTuple, cast

from sayso.credentials.formats import CLAIM_VC, JWT_VC, LDP_VC, READABLE, SD_JWT_VC
from sayso.dids import did_web
from sayso.dids.did_webvh import identifier as webvh_identifier
from sayso.dids.resolution import document_of
from sayso.errors import UNDECIDABLE, Problem, SaysoError
from sayso.jsonvalue import Json, serialize
from sayso.query import grammar
from sayso.query.grammar import CredentialQuery
from sayso.retrieval import Fetch, Retrieved, drive
from sayso.testing.records import Record
from sayso.testing.world import Network
from sayso.verification.doors import examine, examine_answer
from sayso.verification.expectations import ANYONE, Expectations
from sayso.verification.report import Report


class Question(NamedTuple):
    """Hold what a context says: the instant, what is expected (None: nothing can be accepted), and the network."""

    at: datetime
    expectations: Expectations | None
    fetch: Fetch


_EPOCH = datetime(1970, 1, 1, tzinfo=UTC)
_DEFAULTS = Expectations(issuers=ANYONE)


def _seconds(count: float) -> timedelta:
    return timedelta(seconds=count)


_NOBODY = ("",)


# A field of a context: the option of Expectations, and how the one is read as the other. A field that is absent or null leaves the default,
# and a word that is not known is read as the stricter one. Without a row are `issuer_keys` (every key is resolved from its DID here),
# `refuse_future_issuance` and `require_iss` (always so here), and what only formats and rooms look at that are not built.
_OPTIONS: Mapping[str, tuple[str, Callable[[Any], object]]] = {
    "trusted_issuers": ("issuers", tuple),
    "expected_vct": ("types", lambda vct: (vct,)),
    "audience": ("audience", str),
    "client_id": ("audience", str),
    "nonce": ("nonce", str),
    "require_key_binding": ("holder_binding", lambda required: required is not False),
    # Of what may be accepted, only what is built can be.
    "accepted_algs": ("algorithms", lambda names: tuple(name for name in _DEFAULTS.algorithms if name in names)),
    "accepted_sd_algs": ("digests", lambda names: tuple(name for name in _DEFAULTS.digests if name in names)),
    "max_presentation_age_s": ("max_age", _seconds),
    "clock_skew_s": ("skew", _seconds),
    "unrequested_claims": ("unasked", lambda word: "drop" if word == "ignore" else "refuse"),
    "require_status": ("status", lambda required: "waive" if required is False else "require"),
    "domain": ("domain", lambda domain: domain if isinstance(domain, str) else tuple(domain)),
    "require_all_proofs": ("all_proofs", lambda required: required is not False),
    "allow_inline_contexts": ("inline_contexts", lambda allowed: allowed is True),
    "contexts": ("contexts", dict),
    "trusted_status_issuers": ("status_issuers", lambda names: tuple(names) or _NOBODY),
    "max_status_list_bytes": ("max_status_list_bytes", int),
    "unknown_status": ("unknown_status", lambda word: "ignore" if word == "ignore" else "refuse"),
}
# The options of which an empty list accepts nothing; `Expectations` takes none, because a caller who gives one has made a mistake.
_LISTS = ("issuers", "algorithms", "digests")


def question(context: Mapping[str, Any]) -> Question:
    """Say in the library's terms what a context knows and expects."""
    options: dict[str, Any] = {"issuers": ()}
    for name, (option, read) in _OPTIONS.items():
        if context.get(name) is not None:
            options[option] = read(context[name])
    # Whoever may issue may sign lists, unless it is said who may; where the two are bound, each issuer may sign for itself.
    options.setdefault("status_issuers", options["issuers"] or _NOBODY)
    if context.get("require_status_issuer_binding"):
        options["status_issuers"] = None
    nothing = any(options.get(name) == () for name in _LISTS)
    bodies: dict[str, str] = {**(context.get("status_lists") or {}), **(context.get("status_tokens") or {})}
    bodies |= {url: serialize(document) for url, document in _documents(context.get("did_docs") or {})}
    network = Network({url: Retrieved(body.encode()) for url, body in bodies.items()})
    return Question(_EPOCH + _seconds(context["now"]), None if nothing else Expectations(**options), network)


def _documents(documents: Mapping[str, Json]) -> Iterator[tuple[str, Json]]:
    """Give the documents of did:web DIDs, each with its URL; what is no such DID lies nowhere."""
    for did, document in documents.items():
        try:
            yield did_web.url_of(did), document
        except SaysoError:
            continue


def put(record: Record) -> Report:
    """Give the library's report on a record that is supported."""
    at, expectations, fetch = question(record.context)
    if record.format == _LOG:
        return _log(record, at)
    if expectations is None:
        return Report((Problem(UNDECIDABLE, "no issuer is trusted, or no algorithm or hash is accepted that is built"),))
    return _DOORS[record.format](record, expectations, at, fetch)


def _credential(record: Record, expectations: Expectations, at: datetime, fetch: Fetch) -> Report:
    # A credential of one format is wanted, and no other that is built. Beyond that nothing is asked, and so nothing is unrequested.
    wanted = CredentialQuery("credential", _FORMATS[record.format].id)
    kept = expectations.holder_binding if record.format == "sd-jwt-vc" else False
    changed = replace(expectations, asked=wanted, unasked="drop", holder_binding=kept, **_READ_AS.get(record.format, {}))
    return examine(record.input, changed, at=at, fetch=fetch)


def _presentation(record: Record, expectations: Expectations, at: datetime, fetch: Fetch) -> Report:
    # A proof answers a challenge, a JWT a nonce.
    nonce = record.context.get("challenge" if record.format in _WITH_PROOF else "nonce")
    changed = replace(expectations, nonce=nonce, holder_binding=True, **_READ_AS.get(record.format, {}))
    return examine(record.input, changed, at=at, fetch=fetch)


def _answer(record: Record, expectations: Expectations, at: datetime, fetch: Fetch) -> Report:
    # The doors take a malformed query for a caller's mistake; here it is data from outside, and the parser refuses it as such.
    query = grammar.parse(record.context.get("dcql_query"))
    return examine_answer(record.input, query, expectations, at=at, fetch=fetch)


def _log(record: Record, at: datetime) -> Report:
    # What stands up is a DID that has a document now. The log is all of the network that the record holds.
    given: object = record.input
    members = cast("dict[str, Any]", given) if isinstance(given, dict) else {}
    did, log = str(members.get("did")), str(members.get("log"))
    network = Network({url: Retrieved(log.encode(errors="surrogatepass")) for url in _log_url(did)})
    try:
        drive(document_of(did, at), network)
    except SaysoError as error:
        return Report(error.problems)
    return Report(())


def _log_url(did: str) -> Iterator[str]:
    with suppress(SaysoError):
        yield webvh_identifier.parse(did).log_url


_FORMATS = {"sd-jwt-vc": SD_JWT_VC, "vc-jwt": CLAIM_VC, "vc+jwt": JWT_VC, "di-jcs": LDP_VC, "di-rdfc": LDP_VC}
_WITH_PROOF = ("vp-di-jcs", "vp-di-rdfc")
# VCDM 1.1 in the claims of a JWT is read where that is what was received.
_READ_AS: Mapping[str, Mapping[str, Any]] = {name: {"vc_claim": "1.1"} for name in ("vc-jwt", "vp-jwt")}
_DOORS: Mapping[str, Callable[[Record, Expectations, datetime, Fetch], Report]] = {
    **dict.fromkeys(_FORMATS, _credential),
    **dict.fromkeys(("vp-jwt", "vp+jwt", *_WITH_PROOF), _presentation),
    "oid4vp": _answer,
}
_LOG = "did-webvh"
"""The format of records that are the log of a DID, and no credential."""


def supported(record: Record) -> bool:
    """Tell whether everything is built that a record needs: its format, and those that its query names."""
    return record.format in {*_DOORS, _LOG} and {*_formats(record.context.get("dcql_query"))} <= {*READABLE}


def _formats(query: Json) -> Iterator[str]:
    """Name the formats that a query asks for, as far as it is one."""
    asked = query.get("credentials") if isinstance(query, dict) else None
    for credential in asked if isinstance(asked, list) else ():
        name = credential.get("format") if isinstance(credential, dict) else None
        if isinstance(name, str):
            yield name
