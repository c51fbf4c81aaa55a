"""Write and read receipts: the business countersigns a grant, with the digests of the request, of the grant and of the presentation.

Source: ISO/IEC TS 27560 in the terms of the Data Privacy Vocabulary (DPV 2.3, guide to consent records and receipts).
"""

from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Final, NamedTuple

from sayso.credentials.kinds import Claim
from sayso.credentials.media_types import VC_JWT
from sayso.credentials.validity import format_date_time
from sayso.credentials.wire import Wire
from sayso.dids.identity import Identity
from sayso.identifiers import Did, MediaType
from sayso.jsonvalue import JsonObject
from sayso.sharing import artefact, dpv
from sayso.sharing.conditions import Organisation, Recipient, organisation_members, recipients_members, stated
from sayso.sharing.grant import Granted
from sayso.sharing.offer import path_of
from sayso.sharing.request import DataRequest
from sayso.sharing.terms import write_duration

KIND: Final = "ConsentReceipt"
CONFORMS_TO: Final = "https://w3id.org/dpv/schema/dpv-27560#receipt-eu-gdpr"
RIGHTS: Final = ("eu-gdpr:A7-3", "eu-gdpr:A15", "eu-gdpr:A17", "eu-gdpr:A20", "eu-gdpr:A77")


@dataclass(frozen=True, slots=True)
class Receipt(Wire):
    """Hold a receipt: a credential that the business signed."""

    media_type: MediaType = VC_JWT


class Processed(NamedTuple):
    """Hold what a business says it does with some claims: what the grant permits, and for whom, where and how badly it is needed.

    `necessity` is `dpv:Required` or `dpv:Optional`, "" for what nobody asked for; `location` is `loc:` and a country, or "".
    """

    claims: tuple[Claim, ...]
    purpose: str
    keep_for: timedelta
    category: str = ""
    legal_basis: str = ""
    necessity: str = ""
    location: str = ""
    recipients: tuple[Recipient, ...] = ()


@dataclass(frozen=True, slots=True)
class Receipted:
    """Hold what a receipt says.

    Args:
        id: tells it from others.
        business: the DID of the business.
        customer: the did:key that the customer has for it.
        at: when it was signed.
        given: when the customer signed the grant.
        controller: who the business is, in its own words.
        processes: what it does with each claim.
        benefits: what it promised.
        erase_by: by when everything is erased.
        request: the digest of the request.
        grant: the digest of the grant.
        presentation: the digest of the presentation.
        first: whether it was signed before the business had the presentation.
        head: the digest of what the customer keeps about the relationship, "" for none.
        digest: the digest of the receipt itself.
    """

    id: str
    business: Did
    customer: Did
    at: datetime
    given: datetime
    controller: Organisation
    processes: tuple[Processed, ...]
    benefits: tuple[str, ...]
    erase_by: datetime
    request: str
    grant: str
    presentation: str
    first: bool = False
    head: str = ""
    digest: str = ""


def due(granted: Granted) -> datetime:
    """Say by when the business owes a receipt."""
    return granted.issued + granted.receipt_within


def receipted(granted: Granted, asked: DataRequest, *, identifier: str, at: datetime, first: bool, head: str = "") -> Receipted:
    """Write down what a business countersigns: the grant, and what its own request said of it."""
    said = asked.terms.conditions
    names = {path_of(name): asked.rows[claim_id] for (_, claim_id), name in asked.names.items()}
    processes: list[Processed] = []
    for one in granted.permissions:
        for claim in one.claims:
            row = names.get(path_of(claim))
            necessity = "" if row is None else dpv.REQUIRED if row.required else dpv.OPTIONAL
            recipients = said.recipients if row is None else (*said.recipients, *row.recipients)
            location = "" if row is None else row.location
            processes.append(Processed((claim,), one.purpose, one.keep_for, one.category, one.legal_basis, necessity, location, recipients))
    benefits = [row.benefit for path, row in names.items() if row.benefit and path in {path_of(claim) for claim in granted.claims}]
    named = said.controller or Organisation(asked.request.name or granted.business)
    return Receipted(
        id=identifier,
        business=granted.business,
        customer=granted.customer,
        at=at,
        given=granted.issued,
        controller=named if named.did else named._replace(did=granted.business),
        processes=_joined(processes),
        benefits=tuple(dict.fromkeys(benefits)),
        erase_by=granted.until,
        request=granted.request,
        grant=granted.digest,
        presentation=granted.presentation,
        first=first,
        head=head,
    )


def _joined(processes: list[Processed]) -> tuple[Processed, ...]:
    joined: dict[Processed, tuple[Claim, ...]] = {}
    for one in processes:
        key = one._replace(claims=())
        joined[key] = (*joined.get(key, ()), *one.claims)
    return tuple(one._replace(claims=claims) for one, claims in joined.items())


def serialize(said: Receipted) -> JsonObject:
    """Write the document of a receipt."""
    given: JsonObject = {
        "type": "dpv:ConsentGiven",
        "isIndicatedAtTime": format_date_time(said.given),
        "isIndicatedBy": "dpv:DataSubject",
    }
    record: JsonObject = {
        "type": "dpv:ConsentRecord",
        "identifier": said.id,
        "hasDataSubject": said.customer,
        "hasDataController": organisation_members(said.controller),
        "hasProcess": [_process_members(one) for one in said.processes],
        "hasConsentControl": stated(type="dpv:WithdrawConsent", isExercisedAt=said.controller.rights),
        "hasRight": [*RIGHTS],
        "hasConsentStatus": [given],
    }
    subject: JsonObject = {
        "id": said.customer,
        "conformsTo": CONFORMS_TO,
        "hasRecordOfActivity": record,
        "eraseBy": format_date_time(said.erase_by),
        **stated(benefitPromised=[*said.benefits]),
        "receiptFirst": said.first,
        **({"relationHead": said.head} if said.head else {}),
    }
    resources = artefact.resources(request=said.request, grant=said.grant, presentation=said.presentation)
    return artefact.document_of(KIND, said.id, said.business, said.at, subject, relatedResource=resources)


def _process_members(one: Processed) -> JsonObject:
    return stated(
        hasPersonalData=artefact.write_claims(one.claims),
        purposeText=one.purpose,
        hasPurpose=one.category,
        hasLegalBasis=one.legal_basis,
        hasNecessity=one.necessity,
        hasStorageCondition=stated(hasDuration=write_duration(one.keep_for), hasLocation=one.location),
        hasRecipient=recipients_members(one.recipients),
    )


def sign(said: Receipted, identity: Identity, format: str) -> Receipt:
    """Sign a receipt with a key of the business.

    Raises:
        ValueError: the format is none of `artefact.FORMATS`.
    """
    return Receipt(*artefact.secure(serialize(said), identity, format, said.at))
