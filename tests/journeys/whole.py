"""Presentations of whole credentials: one of each way to secure them, taken apart and signed again with something else in them."""

import json
from collections.abc import Callable
from datetime import UTC, datetime
from typing import Any, TypeAlias

from sayso import Answer, Request
from sayso.credentials.validity import parse_date_time
from sayso.dids import did_key
from sayso.keys.signer import Signer
from sayso.openid import response
from tests.journeys.town import Town, header_of, payload_of, sealed_json, sign
from tests.spec.data_integrity.documents import secured

WAYS: tuple[str, ...] = ("eddsa-jcs-2022", "eddsa-rdfc-2022", "vc+jwt")
"""How a whole credential is issued."""
FORMATS = ("ldp_vc", "jwt_vc_json")
"""What they are called in a query."""
QUERY: dict[str, str] = dict(zip(WAYS, ("ldp_vc", "ldp_vc", "jwt_vc_json"), strict=True))

Presented: TypeAlias = str | dict[str, Any]
Change: TypeAlias = Callable[[dict[str, Any]], object]


def ask(there: Town, *claims: Any, **choices: Any) -> Request:
    """Ask for a whole credential."""
    return there.ask(*claims, **{"formats": FORMATS, **choices})


def whole_answer(there: Town, request: Request) -> Answer:
    """Answer with a whole credential, whatever is in it."""
    plan = there.ada.plan(request)
    for query_id in plan.only_whole:
        plan = plan.whole(query_id)
    return there.ada.present(plan)


def taken(answer: Answer) -> tuple[str, Presented]:
    """Give the one presentation of an answer, and its entry."""
    token: Any = response.parse(answer.data)
    ((entry, (one,)),) = token.items()
    return entry, one


def put(entry: str, *presentations: Presented) -> Answer:
    """Answer with some presentations."""
    return Answer(sealed_json({"vp_token": {entry: [*presentations]}}))


def said(presentation: Presented) -> dict[str, Any]:
    """Read what a presentation says."""
    return payload_of(presentation) if isinstance(presentation, str) else json.loads(sealed_json(presentation))


def again(presentation: Presented, signer: Signer, change: Change = bool, proof: Change = bool) -> Presented:
    """Sign a presentation anew, with something changed in it; `proof` changes what the proof or the token says of when and to whom."""
    document = said(presentation)
    if isinstance(presentation, str):
        change(document)
        proof(document)
        return sign({**header_of(presentation), "kid": did_key.verification_method(signer.public_key)}, document, signer)
    before = document.pop("proof")
    change(document)
    says = {"aud": before["domain"], "nonce": before["challenge"], "exp": parse_date_time(before["expires"]).timestamp()}
    proof(says)
    options: dict[str, Any] = {"domain": says.get("aud"), "challenge": says.get("nonce"), "created": parse_date_time(before["created"])}
    if "exp" in says:
        options["expires"] = datetime.fromtimestamp(says["exp"], tz=UTC)
    return secured(document, before["cryptosuite"], signer, purpose="authentication", **options)


def holding(*credentials: Any) -> Change:
    """Put credentials in the place of those in a presentation."""

    def change(document: dict[str, Any]) -> None:
        document["verifiableCredential"] = [*credentials]

    return change


def enveloped(text: str, media_type: str = "vc+jwt") -> dict[str, Any]:
    """Put a credential that is text into an envelope."""
    context = "https://www.w3.org/ns/credentials/v2"
    return {"@context": context, "type": "EnvelopedVerifiableCredential", "id": f"data:application/{media_type},{text}"}


def held(card: Any) -> Any:
    """Give a credential as it stands in a presentation."""
    return json.loads(card.text) if card.text.startswith("{") else enveloped(card.text)
