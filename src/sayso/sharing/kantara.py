"""Show a receipt in the form of older tools. It loses what that form has no place for, such as the digests.

Source: Kantara Initiative, Consent Receipt Specification v1.1, section 4.
"""

from sayso.credentials.formats import spoken
from sayso.jsonvalue import Json, JsonObject
from sayso.sharing import dpv
from sayso.sharing.receipt import Processed, Receipted
from sayso.sharing.terms import write_duration

VERSION = "KI-CR-v1.1.0"
COLLECTION_METHOD = "OpenID4VP request, answered with a wallet"
_NOT_STATED = "not stated"


def kantara(receipt: Receipted) -> JsonObject:
    """Project a receipt that was read."""
    who = receipt.controller
    links = [*who.contact]
    web = next((link for link in links if link.startswith("https:")), "")
    controller: JsonObject = {
        "piiController": who.name,
        "contact": who.trade_name or who.name,
        "address": {"addressCountry": who.country} if who.country else {},
        "email": _link(links, "mailto:"),
        "phone": _link(links, "tel:"),
        "piiControllerUrl": web,
    }
    services: list[Json] = [{"service": who.trade_name or who.name, "purposes": [_purpose(one, receipt) for one in receipt.processes]}]
    special = sorted({spoken(claim) for one in receipt.processes if one.legal_basis in dpv.SPECIAL_BASES for claim in one.claims})
    return {
        "version": VERSION,
        "jurisdiction": who.country or _NOT_STATED,
        "consentTimestamp": int(receipt.given.timestamp()),
        "collectionMethod": COLLECTION_METHOD,
        "consentReceiptID": receipt.id.removeprefix("urn:uuid:"),
        "piiPrincipalId": receipt.customer,
        "piiControllers": [controller],
        "policyUrl": web or _NOT_STATED,
        "services": services,
        "sensitive": bool(special),
        "spiCat": [*special],
    }


def _purpose(one: Processed, receipt: Receipted) -> JsonObject:
    names = [other.name for other in one.recipients]
    return {
        "purpose": one.purpose,
        "purposeCategory": [one.category] if one.category else [],
        "consentType": "EXPLICIT" if one.legal_basis in dpv.EXPLICIT_CONSENT else _NOT_STATED,
        "piiCategory": [spoken(claim) for claim in one.claims],
        "primaryPurpose": one.necessity == dpv.REQUIRED,
        "termination": f"{write_duration(one.keep_for)}; erased by {receipt.erase_by.date().isoformat()} at the latest",
        "thirdPartyDisclosure": bool(names),
        **({"thirdPartyName": ", ".join(names)} if names else {}),
    }


def _link(links: list[str], scheme: str) -> str:
    return next((link.removeprefix(scheme) for link in links if link.startswith(scheme)), "")
