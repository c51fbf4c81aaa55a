"""Answer the requests of the W3C VC API, each with what the library decides."""

from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from functools import partial
from typing import Any

from starlette.applications import Starlette
from starlette.requests import Request
from starlette.responses import JSONResponse, Response
from starlette.routing import Route

from examples.vc_api import status as status_lists
from sayso import ANYONE, Credential, Expectations, Issuer, Problem, SaysoError, Signer, examine
from sayso.clock import Clock, system_clock
from sayso.credentials import envelopes
from sayso.credentials.contexts.bundled import CREDENTIALS_V2
from sayso.credentials.media_types import VC_JWT
from sayso.errors import INVALID_CHALLENGE_ERROR, INVALID_DOMAIN_ERROR, PROOF_VERIFICATION_ERROR
from sayso.identifiers import is_url
from sayso.jsonvalue import DEFAULT_LIMITS, Json, JsonObject, parse_object, serialize
from sayso.proofs.data_integrity.suites import SUITES
from sayso.proofs.jose import jws

CREATED, OK, REFUSED, NOT_FOUND = 201, 200, 400, 404


@dataclass(frozen=True)
class Settings:
    """Hold what a conformance client needs and a library must not default to.

    Args:
        signers: the keys that sign, by the kind of key that a request names ("Ed25519", "P-256", "P-384").
        cryptosuite: the cryptosuite where a request names none.
        issuer_binding: whether the key that signed must be the issuer's; published vectors are signed by others.
        legacy_vp: whether presentations in the claim `vp` of a JWT are read.
        clock: tells the time.
        status_url: where this server can be reached by whoever retrieves a status list; "" for credentials without a status.
    """

    signers: Mapping[str, Signer]
    cryptosuite: str = "eddsa-rdfc-2022"
    issuer_binding: bool = True
    legacy_vp: bool = False
    clock: Clock = field(default=system_clock)
    status_url: str = ""

    def expectations(self, **others: Any) -> Expectations:
        """Expect what every verification here does: anyone may have issued it."""
        return Expectations(
            issuers=ANYONE,
            issuer_binding=self.issuer_binding,
            subjects="any",
            algorithms=jws.READABLE,
            cryptosuites=tuple(SUITES),
            inline_contexts=True,
            schema="ignore",
            vc_claim="any" if self.legacy_vp else "refuse",
            **others,
        )


def app(settings: Settings) -> Starlette:
    """Make the application."""
    doors = Doors(settings)
    status = [
        Route("/credentials/status", doors.change_status, methods=["POST"]),
        Route(status_lists.PATH + "/{list:path}", doors.status_list, methods=["GET"]),
    ]
    return Starlette(
        routes=[
            *(status if settings.status_url else ()),
            Route("/credentials/issue", doors.issue, methods=["POST"]),
            Route("/credentials/verify", doors.verify_credential, methods=["POST"]),
            Route("/presentations/verify", doors.verify_presentation, methods=["POST"]),
        ]
    )


class Doors:
    """Answer each kind of request."""

    def __init__(self, settings: Settings) -> None:
        """Make an issuer of each key."""
        self._settings = settings
        self._issuers = {kind: Issuer(signer, clock=settings.clock) for kind, signer in settings.signers.items()}
        self._lists = status_lists.StatusLists(self._issuers, settings.status_url)

    async def issue(self, request: Request) -> Response:
        """Sign a credential in the name of this issuer."""
        try:
            body = await received(request)
            credential, options = member(body, "credential"), options_of(body)
            signed = self._issued(credential, bool(options.get("envelope")), partial(chosen, request, options))
        except SaysoError as error:
            return refused(*error.problems)
        except (TypeError, ValueError) as error:
            return senseless(error)
        return JSONResponse({"verifiableCredential": signed}, CREATED)

    def _issued(self, credential: JsonObject, enveloped: bool, option: Callable[[str, str], str]) -> JsonObject:
        suite = option("cryptosuite", self._settings.cryptosuite)
        kind = option("keyType", "P-256" if suite.startswith("ecdsa") else "Ed25519")
        if kind not in self._issuers:
            msg = f"keyType is one of {', '.join(self._issuers)}"
            raise ValueError(msg)
        issuer = self._issuers[kind]
        named = issued_by(credential, issuer)
        if self._settings.status_url:
            named = self._lists.with_entry(named, kind, "vc+jwt" if enveloped else suite)
        if enveloped:
            return envelope(issuer.secure(named, format="vc+jwt", inline_contexts=True))
        signed = issuer.secure(named, format=suite, created=self._settings.clock(), inline_contexts=True)
        return parse_object(signed.data)

    async def change_status(self, request: Request) -> Response:
        """Revoke a credential, suspend it or reinstate it."""
        try:
            self._lists.change(await received(request))
        except SaysoError as error:
            return refused(*error.problems)
        except (TypeError, ValueError) as error:
            return senseless(error)
        return JSONResponse({}, OK)

    async def status_list(self, request: Request) -> Response:
        """Serve a status list, as JSON."""
        found = self._lists.served(request.url.path)
        if found is None:
            return JSONResponse({"title": "There is no such list"}, NOT_FOUND)
        signed = Credential(found.data, found.media_type)
        return JSONResponse(envelope(signed) if found.media_type == VC_JWT else parse_object(found.data), OK)

    async def verify_credential(self, request: Request) -> Response:
        """Verify a credential, with a proof or in an envelope."""
        try:
            body = await received(request)
            credential, options = member(body, "verifiableCredential"), options_of(body)
            unmet = [*other_purpose(options, "assertionMethod"), *addressed_otherwise(credential, options)]
            expected = self._settings.expectations(holder_binding=False, status=status_of(options))
            data = unwrapped(credential, envelopes.CREDENTIAL)
        except SaysoError as error:
            return refused(*error.problems)
        except TypeError as error:
            return senseless(error)
        return refused(*unmet) if unmet else self._answer(data, expected)

    async def verify_presentation(self, request: Request) -> Response:
        """Verify a presentation and each credential in it; that one holds none is no reason to refuse it."""
        try:
            body = await received(request)
            presentation, options = member(body, "verifiablePresentation"), options_of(body)
            unmet = other_purpose(options, "authentication")
            data = unwrapped(presentation, envelopes.PRESENTATION)
            domain = names(options, "domain")
            empty = "verifiableCredential" not in presentation and not envelopes.is_envelope(presentation, envelopes.PRESENTATION)
            expected = self._settings.expectations(
                nonce=text(options, "challenge"),
                domain=domain,
                audience=domain[0] if domain else None,  # as a JWT has it
                credentials=0 if empty else None,
                status=status_of(options),
            )
        except SaysoError as error:
            return refused(*error.problems)
        except (TypeError, ValueError) as error:
            return senseless(error)
        return refused(*unmet) if unmet else self._answer(data, expected)

    def _answer(self, data: str | bytes, expectations: Expectations) -> Response:
        report = examine(data, expectations, at=self._settings.clock(), fetch=self._lists.fetch)
        problems = [problem.to_json() for problem in (*report.problems, *report.warnings)]
        return JSONResponse({"verified": report.ok, "problemDetails": problems}, OK if report.ok else REFUSED)


async def received(request: Request) -> JsonObject:
    """Read the body of a request, a JSON object.

    Raises:
        SaysoError: it is none, or larger than the library reads.
    """
    body = b""
    async for part in request.stream():
        body += part
        if len(body) > DEFAULT_LIMITS.size_bytes:
            break  # and so too large for what reads it
    return parse_object(body)


def member(body: JsonObject, name: str) -> JsonObject:
    """Give a member of a body that is an object.

    Raises:
        TypeError: it is none.
    """
    value = body.get(name)
    if not isinstance(value, dict):
        msg = f"{name} is an object"
        raise TypeError(msg)
    return value


def options_of(body: JsonObject) -> JsonObject:
    """Give the options of a request, which may leave them out.

    Raises:
        TypeError: they are no object.
    """
    return member(body, "options") if body.get("options") is not None else {}


def text(options: JsonObject, name: str) -> str | None:
    """Give an option that is text; None where it is left out.

    Raises:
        TypeError: it is something else.
    """
    value = options.get(name)
    if value is not None and not isinstance(value, str):
        msg = f"{name} is text"
        raise TypeError(msg)
    return value


def names(options: JsonObject, name: str) -> tuple[str, ...] | None:
    """Give an option that is one name or several; None where it is left out.

    Raises:
        TypeError: it is something else.
    """
    value = options.get(name)
    listed = value if isinstance(value, list) else [value]
    found = tuple(item for item in listed if isinstance(item, str))
    if value is not None and len(found) != len(listed):
        msg = f"{name} is text, or a list of texts"
        raise TypeError(msg)
    return None if value is None else found


def status_of(options: JsonObject) -> str:
    """Say whether a status that cannot be decided is refused: unless the request lists its `checks`, and this is none of them.

    Raises:
        TypeError: they are no list of texts.
    """
    checks = names(options, "checks")
    return "require" if checks is None or "credentialStatus" in checks else "waive"


def other_purpose(options: JsonObject, purpose: str) -> list[Problem]:
    """Say that a request expects a proof for another purpose than those that are verified here."""
    if text(options, "expectedProofPurpose") in (None, purpose):
        return []
    return [Problem(PROOF_VERIFICATION_ERROR, "proofs for another purpose are expected", "/proof/proofPurpose")]


def addressed_otherwise(credential: JsonObject, options: JsonObject) -> list[Problem]:
    """Say which proofs of a credential are not for the domain, or no answer to the challenge, that a request names.

    The library asks this of presentations: a credential is for everybody.

    Source: VC Data Integrity 1.0, section 4.4.
    """
    domain, challenge = names(options, "domain"), text(options, "challenge")
    value = credential.get("proof")
    found: list[Problem] = []
    for proof in (item for item in (value if isinstance(value, list) else [value]) if isinstance(item, dict)):
        if domain is not None and set(domain) != set(names(proof, "domain") or ()):
            found.append(Problem(INVALID_DOMAIN_ERROR, "the proof is for another domain", "/proof/domain"))
        if challenge is not None and challenge != proof.get("challenge"):
            found.append(Problem(INVALID_CHALLENGE_ERROR, "the proof answers another challenge", "/proof/challenge"))
    return found


def chosen(request: Request, options: JsonObject, name: str, default: str) -> str:
    """Give an option; the query of the URL wins over the body.

    Raises:
        TypeError: it is no text.
    """
    return request.query_params.get(name) or text(options, name) or default


def issued_by(credential: JsonObject, issuer: Issuer) -> JsonObject:
    """Put the issuer's DID into a credential: where there is none, into an object, and in place of another URL.

    What is no URL stays, and is refused for it.
    """
    given = credential.get("issuer", issuer.did)
    named: Json = given
    if isinstance(given, dict) and is_url(given.get("id", issuer.did)):
        named = {**given, "id": issuer.did}
    elif is_url(given):
        named = issuer.did
    return {**credential, "issuer": named}


def envelope(signed: Credential) -> JsonObject:
    """Put a credential into an envelope."""
    return {"@context": CREDENTIALS_V2, "id": f"data:{signed.media_type},{signed.text}", "type": envelopes.CREDENTIAL}


def unwrapped(document: JsonObject, name: str) -> str | bytes:
    """Give what is to be verified: the document itself, or what its envelope holds.

    Raises:
        SaysoError: the envelope is none.
    """
    return envelopes.unfold(document).data if envelopes.is_envelope(document, name) else serialize(document)


def refused(*problems: Problem) -> Response:
    """Answer that the input was refused, and why."""
    return JSONResponse({"verified": False, "problemDetails": [problem.to_json() for problem in problems]}, REFUSED)


def senseless(error: Exception) -> Response:
    """Answer that the request makes no sense."""
    return JSONResponse({"verified": False, "problemDetails": [{"title": "The request cannot be answered", "detail": str(error)}]}, REFUSED)
