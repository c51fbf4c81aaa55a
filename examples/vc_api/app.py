"""Answer the requests of the W3C VC API, each with what the library decides."""

import json
from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import datetime
from typing import Any

from starlette.applications import Starlette
from starlette.requests import Request
from starlette.responses import JSONResponse, Response
from starlette.routing import Route

from sayso import ANYONE, Expectations, Issuer, Problem, Report, SaysoError, Signer, examine
from sayso.clock import Clock, system_clock
from sayso.jsonvalue import JsonObject, parse_object
from sayso.proofs.data_integrity.suites import SUITES
from sayso.proofs.jose import jws

BASE_CONTEXT = "https://www.w3.org/ns/credentials/v2"
CREATED, OK, REFUSED = 201, 200, 400


@dataclass(frozen=True)
class Settings:
    """Hold what a conformance client needs and a library must not default to.

    Args:
        signers: the keys that sign, by the kind of key that a request names ("Ed25519", "P-256", "P-384").
        cryptosuite: the cryptosuite where a request names none.
        issuer_binding: whether the key that signed must be the issuer's; published vectors are signed by others.
        legacy_vp: whether presentations in the claim `vp` of a JWT are read.
        clock: tells the time.
    """

    signers: Mapping[str, Signer]
    cryptosuite: str = "eddsa-rdfc-2022"
    issuer_binding: bool = True
    legacy_vp: bool = False
    clock: Clock = field(default=system_clock)

    def expectations(self, **others: Any) -> Expectations:
        """Expect what every verification here does: anyone may have issued it, and it is not asked whether it was revoked."""
        return Expectations(
            issuers=ANYONE,
            issuer_binding=self.issuer_binding,
            subjects="any",
            algorithms=jws.READABLE,
            cryptosuites=tuple(SUITES),
            inline_contexts=True,
            status="waive",
            schema="ignore",
            vc_claim="any" if self.legacy_vp else "refuse",
            **others,
        )


def app(settings: Settings) -> Starlette:
    """Make the application."""
    doors = Doors(settings)
    return Starlette(
        routes=[
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

    async def issue(self, request: Request) -> Response:
        """Sign a credential in the name of this issuer."""
        try:
            body = await received(request)
            credential, options = member(body, "credential"), body.get("options") or {}
            suite = chosen(request, options, "cryptosuite", self._settings.cryptosuite)
            issuer = self._issuers[chosen(request, options, "keyType", "P-256" if suite.startswith("ecdsa") else "Ed25519")]
            enveloped = bool(options.get("envelope"))
            signed = issuer.secure(
                issued_by(credential, issuer),
                format="vc+jwt" if enveloped else suite,
                created=None if enveloped else self._settings.clock(),
                inline_contexts=True,
            )
        except SaysoError as error:
            return refused(*error.problems)
        except (KeyError, TypeError, ValueError) as error:
            return refused_call(error)
        if not enveloped:
            return JSONResponse({"verifiableCredential": json.loads(signed.data)}, CREATED)
        envelope = {
            "@context": BASE_CONTEXT,
            "id": f"data:{signed.media_type},{signed.text}",
            "type": "EnvelopedVerifiableCredential",
        }
        return JSONResponse({"verifiableCredential": envelope}, CREATED)

    async def verify_credential(self, request: Request) -> Response:
        """Verify a credential, with a proof or in an envelope."""
        try:
            body = await received(request)
            credential = member(body, "verifiableCredential")
            data = unwrapped(credential, "EnvelopedVerifiableCredential")
        except (SaysoError, TypeError, ValueError) as error:
            return refused_call(error)
        return self._answer(data, self._settings.expectations(holder_binding=False))

    async def verify_presentation(self, request: Request) -> Response:
        """Verify a presentation and each credential in it."""
        try:
            body = await received(request)
            given = body.get("verifiablePresentation")
            if isinstance(given, str) and self._settings.legacy_vp:
                data = given
            else:
                data = unwrapped(member(body, "verifiablePresentation"), "EnvelopedVerifiablePresentation")
            options = body.get("options") or {}
            expectations = self._settings.expectations(nonce=options.get("challenge"), domain=options.get("domain"))
        except (SaysoError, TypeError, ValueError) as error:
            return refused_call(error)
        return self._answer(data, expectations)

    def _answer(self, data: str, expectations: Expectations) -> Response:
        return reported(examine(data, expectations, at=self._at))

    @property
    def _at(self) -> datetime:
        return self._settings.clock()


async def received(request: Request) -> dict[str, Any]:
    """Read the body of a request, a JSON object."""
    return parse_object(await request.body())


def member(body: Mapping[str, Any], name: str) -> JsonObject:
    """Give a member of a body that is an object.

    Raises:
        TypeError: it is none.
    """
    value = body.get(name)
    if not isinstance(value, dict):
        msg = f"{name} is an object"
        raise TypeError(msg)
    return value


def chosen(request: Request, options: Mapping[str, Any], name: str, default: str) -> str:
    """Give an option; the query of the URL wins over the body."""
    return str(request.query_params.get(name) or options.get(name) or default)


def issued_by(credential: JsonObject, issuer: Issuer) -> JsonObject:
    """Put the issuer's DID into a credential: where there is none, into an object, and in place of a foreign one that is a URL."""
    given = credential.get("issuer", issuer.did)
    if isinstance(given, dict) and isinstance(given.get("id", ""), str):
        named: Any = {**given, "id": issuer.did} if is_url_or_absent(given.get("id")) else given
    else:
        named = issuer.did if isinstance(given, str) and is_url_or_absent(given) else given
    return {**credential, "issuer": named}


def is_url_or_absent(value: object) -> bool:
    """Tell whether an identifier may be replaced: what is no URL must be refused for it."""
    return value is None or (isinstance(value, str) and ":" in value)


def unwrapped(document: JsonObject, envelope: str) -> str:
    """Give what is to be verified: the document with its proof, or what its envelope holds.

    Raises:
        ValueError: it is neither.
    """
    kinds = document.get("type")
    kinds = kinds if isinstance(kinds, list) else [kinds]
    identifier = document.get("id")
    if envelope not in kinds:
        if "proof" not in document:
            msg = "it has neither a proof nor an envelope"
            raise ValueError(msg)
        return json.dumps(document)
    contexts = document.get("@context")
    if BASE_CONTEXT not in (contexts if isinstance(contexts, list) else [contexts]):
        msg = "an envelope has the base context"
        raise ValueError(msg)
    if not isinstance(identifier, str) or not identifier.startswith("data:") or "," not in identifier:
        msg = "an envelope has a data: URL as its id"
        raise ValueError(msg)
    return identifier.partition(",")[2]


def reported(report: Report) -> Response:
    """Answer with a report."""
    body = {"verified": report.ok, "problemDetails": [problem.to_json() for problem in (*report.problems, *report.warnings)]}
    return JSONResponse(body, OK if report.ok else REFUSED)


def refused(*problems: Problem) -> Response:
    """Answer that the input was refused, and why."""
    return JSONResponse({"verified": False, "problemDetails": [problem.to_json() for problem in problems]}, REFUSED)


def refused_call(error: Exception) -> Response:
    """Answer that the request makes no sense; for a problem of the library, with its details."""
    if isinstance(error, SaysoError):
        return refused(*error.problems)
    return JSONResponse({"verified": False, "problemDetails": [{"title": "The request cannot be answered", "detail": str(error)}]}, REFUSED)
