"""Write and read grants: what a customer signs about a share. It names who, what, why and until when, and no value of a claim.

Names are those of the Data Privacy Vocabulary (DPV 2.3) where it has one.
"""

from dataclasses import dataclass, replace
from datetime import datetime, timedelta
from typing import Any, Final, NamedTuple

from sayso.credentials.kinds import Claim
from sayso.credentials.media_types import VC_JWT
from sayso.credentials.validity import format_date_time
from sayso.credentials.wire import Wire
from sayso.dids import did_key
from sayso.dids.identity import Identity
from sayso.errors import INVALID_DOMAIN_ERROR, OTHER_GRANT, SaysoError
from sayso.identifiers import Did, MediaType
from sayso.jsonvalue import Json, JsonObject
from sayso.retrieval import Steps
from sayso.sharing import artefact, dpv, strict
from sayso.sharing.artefact import NO_SKEW, instant
from sayso.sharing.conditions import stated
from sayso.sharing.terms import NOTHING, write_duration

KIND: Final = "SharingGrant"
RECEIPT_WITHIN: Final = timedelta(hours=1)
"""How soon the business owes a receipt, unless the customer says otherwise."""
_PROCESSING: Final = ["dpv:Use", "dpv:Store"]


@dataclass(frozen=True, slots=True)
class Grant(Wire):
    """Hold a grant: a credential that the customer signed."""

    media_type: MediaType = VC_JWT


class Permission(NamedTuple):
    """Hold what may be done with some claims: until when, unless a lease is renewed, and for how long each time that it is.

    `keep_for` is zero for what is not kept: it may be used while the answer can be accepted. `category` is the purpose in terms of
    `dpv.PURPOSES`, `legal_basis` one of `dpv.LEGAL_BASES`; "" says nothing.
    """

    claims: tuple[Claim, ...]
    purpose: str
    until: datetime
    keep_for: timedelta
    category: str = ""
    legal_basis: str = ""


class Lease(NamedTuple):
    """Say how long a grant holds without being renewed: `renew_by` is the first end."""

    period: timedelta
    renew_by: datetime


@dataclass(frozen=True, slots=True)
class Granted:
    """Hold what a grant says.

    Args:
        id: tells it from others.
        customer: the did:key that the customer has for this business.
        business: the DID of the business.
        issued: from when it holds.
        until: from when it holds no longer, and by when everything is erased.
        permissions: what may be done; each claim stands in one.
        prohibited: what the business promised not to do, of `dpv.PROHIBITABLE`.
        receipt_within: how soon the business owes a receipt.
        request: the digest of the request that was answered, as `digestMultibase`.
        presentation: the digest of the answer.
        lease: how it is renewed, None where it holds to its end.
        digest: the digest of the grant itself; "" before it is signed.
    """

    id: str
    customer: Did
    business: Did
    issued: datetime
    until: datetime
    permissions: tuple[Permission, ...]
    prohibited: tuple[str, ...]
    receipt_within: timedelta
    request: str
    presentation: str
    lease: Lease | None = None
    digest: str = ""

    @property
    def claims(self) -> tuple[Claim, ...]:
        """Every claim that it is about."""
        return tuple(claim for one in self.permissions for claim in one.claims)


def serialize(granted: Granted) -> JsonObject:
    """Write the document of a grant."""
    until = format_date_time(granted.until)
    subject: JsonObject = {
        "id": granted.business,
        "permission": [_permission_members(one) for one in granted.permissions],
        # An empty list would not be signed where a document is read as RDF, and so it is left out.
        **stated(prohibition=[{"hasPurpose" if term in dpv.PURPOSES else "hasProcessing": term} for term in granted.prohibited]),
        "obligation": [{"do": "erase", "by": until}, {"do": "receipt", "within": write_duration(granted.receipt_within)}],
    }
    lease = granted.lease
    return artefact.document_of(
        KIND,
        granted.id,
        granted.customer,
        granted.issued,
        subject,
        validUntil=until,
        lease=lease and {"period": write_duration(lease.period), "renewBy": format_date_time(lease.renew_by)},
        relatedResource=artefact.resources(request=granted.request, presentation=granted.presentation),
    )


def _permission_members(one: Permission) -> JsonObject:
    return stated(
        claims=artefact.write_claims(one.claims),
        purposeText=one.purpose,
        hasPurpose=one.category,
        hasLegalBasis=one.legal_basis,
        hasProcessing=[*_PROCESSING],
        storage={"hasDuration": write_duration(one.keep_for), "until": format_date_time(one.until)},
    )


def sign(granted: Granted, identity: Identity, format: str) -> Grant:
    """Sign a grant with the customer's key for this business.

    Raises:
        TypeError, ValueError: something in it is not what it is called, or the format is none of `artefact.FORMATS`.
    """
    try:
        document = serialize(granted)
        _parse(artefact.Artefact(document, identity.did, ""))
    except SaysoError as error:
        raise ValueError(str(error)) from None
    return Grant(*artefact.secure(document, identity, format, granted.issued))


def read(data: bytes, at: datetime, *, skew: timedelta = NO_SKEW) -> Steps[Granted]:
    """Verify a grant, whether it has ended or not: its form, and the signature of the did:key that it names. Nothing is retrieved.

    Whether it holds at an instant, `standing.of` says.

    Raises:
        SaysoError: with every problem of the credential, or MALFORMED_VALUE_ERROR.
    """
    found = yield from artefact.read(data, KIND, at, skew=skew, methods=(did_key,))
    return replace(_parse(found), digest=found.digest)


def expect(granted: Granted, *, business: str, request: str, presentation: str | None = None) -> None:
    """See that a grant is for this business, about this request and this presentation, by their digests; None: not seen yet.

    Raises:
        SaysoError: INVALID_DOMAIN_ERROR or OTHER_GRANT.
    """
    if granted.business != business:
        raise SaysoError.of(INVALID_DOMAIN_ERROR, "the grant was made to another business", "credentialSubject", "id")
    if granted.request != request:
        raise SaysoError.of(OTHER_GRANT, "the grant is about another request", "relatedResource", 0)
    if presentation is not None and granted.presentation != presentation:
        raise SaysoError.of(OTHER_GRANT, "the grant is about another presentation", "relatedResource", 1)


def _parse(found: artefact.Artefact) -> Granted:
    subject: artefact.Readers = {
        "permission": lambda value: strict.listed(value, _permission),
        "prohibition": lambda value: strict.listed(value, _prohibited),
        "obligation": _obligation,
    }
    resources = artefact.read_resources("request", "presentation")
    more = {} if "lease" not in found.document else {"lease": _lease}
    members = artefact.whole(found, subject, ("permission", "obligation"), validUntil=instant, relatedResource=resources, **more)
    said = members["credentialSubject"]
    erase_by, receipt_within = said["obligation"]
    granted = Granted(
        members["id"],
        found.issuer,
        said["id"],
        members["validFrom"],
        members["validUntil"],
        said["permission"],
        said.get("prohibition", ()),
        receipt_within,
        lease=members.get("lease"),
        **members["relatedResource"],
    )
    if erase_by != granted.until:
        raise strict.refused("everything is erased when the grant ends", "credentialSubject", "obligation", 0, "by")
    check(granted)
    return granted


def check(granted: Granted) -> None:
    """See that what a grant says fits together.

    Raises:
        SaysoError: MALFORMED_VALUE_ERROR.
    """
    if not granted.issued < granted.until:
        raise strict.refused("a grant ends after it begins", "validUntil")
    if not granted.permissions or len({*granted.claims}) < len(granted.claims):
        raise strict.refused("a grant is about one claim or more, each once", "credentialSubject", "permission")
    lease = granted.lease
    if lease is not None and not granted.issued < lease.renew_by <= min(granted.until, granted.issued + lease.period):
        raise strict.refused("a lease is renewed within its period, while the grant holds", "lease", "renewBy")
    for index, one in enumerate(granted.permissions):
        # What is not kept may be used while the answer can be accepted, and that is the business's own clock.
        longest = one.until if one.keep_for == NOTHING else granted.issued + one.keep_for
        if not granted.issued < one.until <= min(granted.until, longest):
            raise strict.refused("it is kept no longer than it says", "credentialSubject", "permission", index, "storage", "until")


def _permission(value: Json, _: int) -> Permission:
    storage = ("hasDuration", "until")
    readers: artefact.Readers = {
        "claims": artefact.read_claims,
        "purposeText": strict.text,
        "hasPurpose": strict.one_of(dpv.PURPOSES),
        "hasLegalBasis": strict.one_of(dpv.LEGAL_BASES),
        "hasProcessing": _processing,
        "storage": lambda said: strict.members(said, dict(zip(storage, (artefact.duration, instant), strict=True)), storage),
    }
    found = strict.members(value, readers, ("claims", "purposeText", "hasProcessing", "storage"))
    until, keep_for = found["storage"]["until"], found["storage"]["hasDuration"]
    category, basis = found.get("hasPurpose", ""), found.get("hasLegalBasis", "")
    return Permission(found["claims"], found["purposeText"], until, keep_for, category, basis)


def _processing(value: Json) -> None:
    if value != _PROCESSING:
        raise strict.refused("what is granted is to use and to store")


def _prohibited(value: Json, _: int) -> str:
    name = "hasPurpose" if isinstance(value, dict) and "hasPurpose" in value else "hasProcessing"
    known = dpv.PURPOSES if name == "hasPurpose" else dpv.PROHIBITABLE - dpv.PURPOSES.keys()
    return str(strict.members(value, {name: strict.one_of(known)}, (name,))[name])


def _obligation(value: Json) -> tuple[datetime, timedelta]:
    def one(entry: Json, index: int) -> Any:
        do, name, read_one = (("erase", "by", instant), ("receipt", "within", artefact.duration))[min(index, 1)]
        return strict.members(entry, {"do": strict.one_of((do,)), name: read_one}, ("do", name))[name]

    found = strict.listed(value, one)
    if len(found) != len(("erase", "receipt")):
        raise strict.refused("the obligations are to erase and to give a receipt")
    return found[0], found[1]


def _lease(value: Json) -> Lease:
    found = strict.members(value, {"period": artefact.duration, "renewBy": instant}, ("period", "renewBy"))
    return Lease(found["period"], found["renewBy"])
