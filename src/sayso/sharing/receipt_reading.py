"""Read receipts, and compare them with the grants that they countersign.

Source: ISO/IEC TS 27560 in the terms of the Data Privacy Vocabulary (DPV 2.3, guide to consent records and receipts).
"""

from collections.abc import Mapping
from dataclasses import replace
from datetime import datetime, timedelta
from typing import Any

from sayso.errors import OTHER_GRANT, RECEIPT_DIFFERS, SaysoError
from sayso.jsonvalue import Json
from sayso.retrieval import Steps
from sayso.sharing import artefact, conditions, dpv, strict
from sayso.sharing.artefact import NO_SKEW, instant
from sayso.sharing.conditions import Organisation, Recipient, organisation_members
from sayso.sharing.grant import Granted, Permission
from sayso.sharing.offer import path_of
from sayso.sharing.receipt import CONFORMS_TO, KIND, RIGHTS, Processed, Receipted


def read(data: bytes, granted: Granted, at: datetime, *, skew: timedelta = NO_SKEW) -> Steps[Receipted]:
    """Verify the receipt of a grant: signed by the business, and saying what the grant says.

    Raises:
        SaysoError: with every problem of the credential; MALFORMED_VALUE_ERROR; OTHER_GRANT where it is about another grant, request or
            presentation, or another's; RECEIPT_DIFFERS where it says something else than the grant does.
    """
    found = yield from artefact.read(data, KIND, at, skew=skew)
    said = replace(_parse(found), digest=found.digest)
    pinned = (said.business, said.customer, said.grant, said.request, said.presentation)
    if pinned != (granted.business, granted.customer, granted.digest, granted.request, granted.presentation):
        raise SaysoError.of(OTHER_GRANT, "the receipt is about another grant", "relatedResource")
    _compare(said, granted)
    return said


def _compare(said: Receipted, granted: Granted) -> None:
    permitted = {path_of(claim): one for one in granted.permissions for claim in one.claims}
    stated_of = {path_of(claim): one for one in said.processes for claim in one.claims}
    count = sum(len(one.claims) for one in said.processes)
    if permitted.keys() != stated_of.keys() or count != len(permitted):
        raise _differs("it is about other claims", "hasRecordOfActivity", "hasProcess")
    if not all(_same(stated_of[path], one) for path, one in permitted.items()):
        raise _differs("it states another purpose, legal basis or retention", "hasRecordOfActivity", "hasProcess")
    if said.erase_by > granted.until or said.given != granted.issued:
        raise _differs("it states other dates", "eraseBy")
    if said.at < granted.issued:
        raise SaysoError.of(RECEIPT_DIFFERS, "it is from before the grant", "validFrom")


def _same(said: Processed, granted: Permission) -> bool:
    words = (said.purpose, said.category, said.legal_basis) == (granted.purpose, granted.category, granted.legal_basis)
    return words and said.keep_for <= granted.keep_for


def _differs(rule: str, *place: str) -> SaysoError:
    return SaysoError.of(RECEIPT_DIFFERS, rule, "credentialSubject", *place)


def _parse(found: artefact.Artefact) -> Receipted:
    subject: artefact.Readers = {
        "conformsTo": strict.same(CONFORMS_TO),
        "hasRecordOfActivity": _record,
        "eraseBy": instant,
        "benefitPromised": strict.texts,
        "receiptFirst": strict.boolean,
        "relationHead": artefact.digest,
    }
    resources = artefact.read_resources("request", "grant", "presentation")
    optional = ("relationHead", "benefitPromised")
    members = artefact.whole(found, subject, [name for name in subject if name not in optional], relatedResource=resources)
    said = members["credentialSubject"]
    record: Mapping[str, Any] = said["hasRecordOfActivity"]
    if (record["identifier"], record["hasDataSubject"]) != (members["id"], said["id"]):
        raise strict.refused("the record is that of the receipt and of its subject", "credentialSubject", "hasRecordOfActivity")
    return Receipted(
        id=members["id"],
        business=found.issuer,
        customer=said["id"],
        at=members["validFrom"],
        given=record["hasConsentStatus"],
        controller=record["hasDataController"],
        processes=record["hasProcess"],
        benefits=said.get("benefitPromised", ()),
        erase_by=said["eraseBy"],
        first=said["receiptFirst"],
        head=said.get("relationHead", ""),
        **members["relatedResource"],
    )


def _record(value: Json) -> dict[str, Any]:
    readers: artefact.Readers = {
        "type": strict.same("dpv:ConsentRecord"),
        "identifier": strict.name,
        "hasDataSubject": strict.did,
        "hasDataController": _controller,
        "hasProcess": lambda said: strict.listed(said, _process),
        "hasConsentControl": lambda said: strict.members(said, {"type": strict.same("dpv:WithdrawConsent"), "isExercisedAt": strict.name}),
        "hasRight": strict.same([*RIGHTS]),
        "hasConsentStatus": _given,
    }
    return strict.members(value, readers, tuple(readers))


def _given(value: Json) -> datetime:
    readers: artefact.Readers = {
        "type": strict.same("dpv:ConsentGiven"),
        "isIndicatedAtTime": instant,
        "isIndicatedBy": strict.same("dpv:DataSubject"),
    }
    found = strict.listed(value, lambda one, _: strict.members(one, readers, tuple(readers)))
    if len(found) != 1:
        raise strict.refused("consent was given once")
    when: datetime = found[0]["isIndicatedAtTime"]
    return when


def _controller(value: Json) -> Organisation:
    found = conditions.organisation(value) if isinstance(value, dict) else None
    if found is None or organisation_members(found) != value:
        raise strict.refused("it says who the business is, and nothing else")
    return found


def _recipient(value: Json, _: int) -> Recipient:
    found = strict.members(value, {"name": strict.text, "role": strict.one_of(dpv.ROLES)}, ("name", "role"))
    return Recipient(found["name"], found["role"])


def _location(value: Json) -> str:
    if not isinstance(value, str) or not dpv.is_location(value):
        raise strict.refused("a location is loc: and a country")
    return value


def _process(value: Json, _: int) -> Processed:
    storage: artefact.Readers = {"hasDuration": artefact.duration, "hasLocation": _location}
    readers: artefact.Readers = {
        "hasPersonalData": artefact.read_claims,
        "purposeText": strict.text,
        "hasPurpose": strict.one_of(dpv.PURPOSES),
        "hasLegalBasis": strict.one_of(dpv.LEGAL_BASES),
        "hasNecessity": strict.one_of((dpv.REQUIRED, dpv.OPTIONAL)),
        "hasStorageCondition": lambda said: strict.members(said, storage, ("hasDuration",)),
        "hasRecipient": lambda said: strict.listed(said, _recipient),
    }
    found = strict.members(value, readers, ("hasPersonalData", "purposeText", "hasStorageCondition"))
    kept = found["hasStorageCondition"]
    category, basis, necessity = (found.get(name, "") for name in ("hasPurpose", "hasLegalBasis", "hasNecessity"))
    return Processed(
        found["hasPersonalData"],
        found["purposeText"],
        kept["hasDuration"],
        category,
        basis,
        necessity,
        kept.get("hasLocation", ""),
        found.get("hasRecipient", ()),
    )
