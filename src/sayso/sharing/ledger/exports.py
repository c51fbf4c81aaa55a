"""Write a ledger for others: as the transaction log of TS10, and in JSON-LD with the terms of DPV.

Source: TS10 of the European wallet (transaction log); W3C Data Privacy Vocabulary (DPV) 2.3; ISO/IEC TS 27560.
"""

from collections.abc import Iterable, Sequence
from typing import Final, TypeAlias

from sayso.credentials.formats import spoken
from sayso.credentials.validity import format_date_time
from sayso.identifiers import is_url
from sayso.jsonvalue import Json, JsonObject, thaw
from sayso.sharing import dpv
from sayso.sharing.conditions import stated
from sayso.sharing.ledger import entries
from sayso.sharing.ledger.chain import Relation
from sayso.sharing.ledger.entries import Transaction

Said: TypeAlias = Sequence[tuple[Relation, Sequence[Transaction]]]

_TS10: Final = (entries.PRESENTATION, entries.ERASURE_REQUEST, entries.COMPLAINT)

_XSD: Final = "http://www.w3.org/2001/XMLSchema#"
_DCT: Final = "http://purl.org/dc/terms/"
_THINGS: Final = ("hasConsentStatus", "hasDataController", "hasDataSubject", "hasPersonalData", "hasProcess", "hasPurpose", "hasRecipient")
_CONTEXT: Final[JsonObject] = {
    "id": "@id",
    "type": "@type",
    **{name: {"@id": dpv.NAMESPACES["dpv"] + name, "@type": "@id"} for name in _THINGS},
    "hasName": dpv.NAMESPACES["dpv"] + "hasName",
    "isIndicatedAtTime": {"@id": dpv.NAMESPACES["dpv"] + "isIndicatedAtTime", "@type": _XSD + "dateTime"},
    "title": _DCT + "title",
    "description": _DCT + "description",
    "identifier": _DCT + "identifier",
    "date": {"@id": _DCT + "date", "@type": _XSD + "dateTime"},
    "valid": {"@id": _DCT + "valid", "@type": _XSD + "dateTime"},
}
# What each kind says about the consent, or the notice that it is.
_STATUS: Final = {
    entries.PRESENTATION: "dpv:ConsentGiven",
    entries.GRANT: "dpv:ConsentGiven",
    entries.WITHDRAWAL: "dpv:ConsentWithdrawn",
    entries.RETURNED: "dpv:ConsentRevoked",
}
_TYPES: Final = {
    entries.PRESENTATION: "dpv:ConsentRecord",
    entries.GRANT: "dpv:ConsentRecord",
    entries.RECEIPT: "dpv:ConsentReceipt",
    entries.WITHDRAWAL: "dpv:ConsentRecord",
    entries.RETURNED: "dpv:ConsentRecord",
    entries.ERASURE_REQUEST: "dpv:RightExerciseActivity",
    entries.COMPLAINT: "dpv:RightExerciseRecord",
    entries.USE_REPORT: "dpv:DataProcessingRecord",
    entries.BREACH: "dpv:DataBreachRecord",
}


def ts10(said: Said) -> JsonObject:
    """Write a transaction log: presentations, requests to delete, and reports to an authority.

    It is lossy: chains, personas, digests, ends, answers, recipients, and every other kind of entry have no member there.
    """
    found = [(one.at, _ts10(relation, one)) for relation, those in said for one in those if one.kind in _TS10]
    return {"transactions": [written for _, written in sorted(found, key=lambda pair: pair[0])]}


def _ts10(relation: Relation, one: Transaction) -> JsonObject:
    details: JsonObject = {
        "interactingPartyIdentifier": relation.business,
        **_named("interactingPartyName", one.name),
        **_named("interactingPartyContact", [*one.contact]),
        **_named("dpaName", one.authority),
        **_named("dpaContact", [*one.authority_contact]),
    }
    claims: list[Json] = [spoken(claim) for claim in one.claims]
    if one.kind == entries.PRESENTATION:
        details |= {
            "isIntermediary": bool(one.intermediary),
            "purpose": [one.purpose] if one.purpose else [],
            "privacyPolicy": [one.privacy_policy] if one.privacy_policy else [],
            "listOfClaimsRequested": [spoken(claim) for claim in one.requested or one.claims],
            "listOfClaimsPresented": claims,
            **_named("reasonOfNoncompletion", "" if one.completed else one.reason),
        }
    else:
        details |= _named("listOfClaims", claims)
    whole = entries.serialize(one)
    return {**{name: whole[name] for name in whole if name != entries.member_of(one.kind)}, entries.member_of(one.kind): details}


def _named(name: str, value: Json) -> JsonObject:
    return {name: value} if value else {}


def dpv_record(said: Said) -> JsonObject:
    """Write what was agreed to, taken back and erased: one process for each relationship, with a record for each entry."""
    return {"@context": thaw(_CONTEXT), "type": _iri("dpv:RecordsOfActivities"), "hasProcess": [_process(*one) for one in said]}


def _process(relation: Relation, those: Iterable[Transaction]) -> JsonObject:
    those = [*those]
    name = next((one.name for one in reversed(those) if one.name), "")
    return stated(
        type=_iri("dpv:Process"),
        hasDataController=stated(
            id=relation.business if is_url(relation.business) else "",
            identifier="" if is_url(relation.business) else relation.business,
            type=_iri("dpv:DataController"),
            hasName=name,
        ),
        hasDataSubject=relation.persona and {"type": _iri("dpv:DataSubject"), "title": relation.persona},
        hasProcess=[_record(one) for one in those],
    )


def _record(one: Transaction) -> JsonObject:
    erased = "dpv:RightFulfilmentNotice" if one.completed else "dpv:RightNonFulfilmentNotice"
    status = _STATUS.get(one.kind) if one.completed else "dpv:ConsentRefused" if one.kind == entries.PRESENTATION else None
    return stated(
        type=_iri(_TYPES.get(one.kind, erased)),
        identifier=one.digest or one.id,
        date=format_date_time(one.at),
        valid=format_date_time(one.until) if one.until else "",
        description=one.reason,
        hasPurpose=one.purpose and {"type": _iri("dpv:Purpose"), "description": one.purpose},
        hasPersonalData=[{"type": _iri("dpv:PersonalData"), "title": spoken(claim)} for claim in one.claims],
        hasRecipient=[{"type": _iri("dpv:Recipient"), "hasName": recipient} for recipient in one.recipients],
        hasConsentStatus=status and {"type": _iri(status), "isIndicatedAtTime": format_date_time(one.at)},
    )


def _iri(term: str) -> str:
    return dpv.expand(term)
