"""Write and read what a business answers to a request for erasure: what it erased, what it kept, why and until when, and whom it told.

Source: GDPR, Articles 12(3), 12(4), 17 and 19; DPV 2.3 (right fulfilment notices, request statuses) and its justifications.
"""

from collections.abc import Iterable
from dataclasses import dataclass, replace
from datetime import datetime, timedelta
from typing import Final, NamedTuple

from sayso.clock import later
from sayso.credentials.kinds import Claim
from sayso.credentials.media_types import VC_JWT
from sayso.credentials.validity import format_date_time
from sayso.credentials.wire import Wire
from sayso.dids.identity import Identity
from sayso.errors import ERASURE_DIFFERS, OTHER_GRANT, SaysoError
from sayso.identifiers import Did, MediaType
from sayso.jsonvalue import Json, JsonObject
from sayso.retrieval import Steps
from sayso.sharing import artefact, dpv, strict
from sayso.sharing.artefact import NO_SKEW, instant
from sayso.sharing.conditions import stated
from sayso.sharing.events import Notice
from sayso.sharing.grant import Granted
from sayso.sharing.offer import path_of
from sayso.sharing.statements import ErasureRequest

KIND: Final = "ErasureConfirmation"
ANSWER_WITHIN: Final = timedelta(days=30)
"""When an answer is due, unless the customer gives more time. Source: GDPR, Article 12(3): a month."""
LONGEST_DELAY: Final = timedelta(days=61)
"""How much longer a business may take where it says so. Source: GDPR, Article 12(3): two further months."""
METHODS: Final = ("key-destroyed", "deleted", "overwritten", "anonymised")
"""How something was erased."""

OPEN: Final = "open"
IN_PROGRESS: Final = "in_progress"
FULFILLED: Final = "fulfilled"
PARTLY: Final = "partly"
DENIED: Final = "denied"
EXPIRED: Final = "expired"
_FULFILS: Final = ("dpv:RightFulfilmentNotice", "dpv:RequestFulfilled")
_REFUSES: Final = ("dpv:RightNonFulfilmentNotice", "dpv:RequestRejected")
_DELAYS: Final = ("dpv:RightExerciseNotice", "dpv:RequestActionDelayed")


@dataclass(frozen=True, slots=True)
class ErasureAnswer(Wire):
    """Hold what a business answered: a credential that it signed."""

    media_type: MediaType = VC_JWT


class Erased(NamedTuple):
    """Say what was erased, how many copies of it, by which of METHODS, and when."""

    claims: tuple[Claim, ...]
    at: datetime
    method: str = "deleted"
    copies: int = 1


class Retained(NamedTuple):
    """Say what is kept, for which of `dpv.NON_FULFILMENT`, and until when; None where that is not known."""

    claims: tuple[Claim, ...]
    justification: str
    until: datetime | None = None


class Told(NamedTuple):
    """Say which recipient was told to erase it too, when, and the digest of its confirmation, "" for none yet."""

    name: str
    at: datetime
    confirmation: str = ""


@dataclass(frozen=True, slots=True)
class Answered:
    """Hold what an answer says; one that says neither what was erased nor what is kept says by when it will.

    Args:
        id: tells it from others.
        business: the DID of the business.
        customer: the did:key that the customer has for it.
        at: when it was signed.
        grant: the digest of the grant.
        request: the digest of the request for erasure, "" where nobody asked: the time was over, or it was given back.
        erased: what was erased.
        retained: what is kept.
        told: who was told.
        backups_expire: when the last backup is gone, None where there is none.
        answer_by: by when an answer will follow, None where this is one.
        digest: the digest of the answer itself.
    """

    id: str
    business: Did
    customer: Did
    at: datetime
    grant: str
    request: str
    erased: tuple[Erased, ...] = ()
    retained: tuple[Retained, ...] = ()
    told: tuple[Told, ...] = ()
    backups_expire: datetime | None = None
    answer_by: datetime | None = None
    digest: str = ""

    @property
    def status(self) -> tuple[str, str]:
        """What it is, and what it makes of the request, in the terms of DPV."""
        return _FULFILS if self.erased else _REFUSES if self.retained else _DELAYS


def serialize(said: Answered) -> JsonObject:
    """Write the document of an answer."""
    notice, status = said.status
    erased: list[Json] = [
        {"claims": artefact.write_claims(one.claims), "at": format_date_time(one.at), "method": one.method, "copies": one.copies}
        for one in said.erased
    ]
    retained: list[Json] = [
        stated(claims=artefact.write_claims(one.claims), hasJustification=one.justification, until=_instant(one.until))
        for one in said.retained
    ]
    told: list[Json] = [stated(name=one.name, at=format_date_time(one.at), confirmation=one.confirmation) for one in said.told]
    subject: JsonObject = {
        "id": said.customer,
        **stated(
            type=notice,
            status=status,
            hasRight="eu-gdpr:A17",
            erased=erased,
            retained=retained,
            recipientsNotified=told,
            backupsExpire=_instant(said.backups_expire),
            answerBy=_instant(said.answer_by),
        ),
    }
    resources = artefact.resources(grant=said.grant, **({"request": said.request} if said.request else {}))
    return artefact.document_of(KIND, said.id, said.business, said.at, subject, relatedResource=resources)


def _instant(at: datetime | None) -> str:
    return "" if at is None else format_date_time(at)


def sign(said: Answered, granted: Granted, asked: Notice | None, identity: Identity, format: str) -> ErasureAnswer:
    """Sign an answer with a key of the business.

    Raises:
        ValueError: it does not fit the request, or the format is none of `artefact.FORMATS`.
    """
    try:
        document = serialize(said)
        _check(_parse(artefact.Artefact(document, identity.did, "")), granted, asked)
    except (SaysoError, AttributeError, TypeError) as error:
        raise ValueError(str(error)) from None
    return ErasureAnswer(*artefact.secure(document, identity, format, said.at))


def read(data: bytes, granted: Granted, asked: Notice | None, at: datetime, *, skew: timedelta = NO_SKEW) -> Steps[Answered]:
    """Verify the answer to a request for erasure, or, where nobody asked, what a business says that it erased.

    Raises:
        SaysoError: with every problem of the credential; MALFORMED_VALUE_ERROR; OTHER_GRANT where it is about another grant or request, or
            another's; ERASURE_DIFFERS where it does not say of every claim what became of it.
    """
    found = yield from artefact.read(data, KIND, at, skew=skew)
    said = replace(_parse(found), digest=found.digest)
    _check(said, granted, asked)
    return said


def state(asked: Notice, answers: Iterable[Answered], at: datetime) -> str:
    """Say how a request for erasure stands at an instant: open, in_progress, fulfilled, partly, denied, or expired where time ran out.

    An answer that came too late is an answer too.
    """
    mine = sorted((one for one in answers if one.request == asked.digest and one.at <= at), key=lambda one: (one.at, one.id))
    final = [one for one in mine if one.status is not _DELAYS]
    if final:
        last = final[-1]
        return DENIED if not last.erased else PARTLY if last.retained else FULFILLED
    promised = [one.answer_by for one in mine if one.answer_by is not None]
    due = max([request_of(asked).answer_by, *promised])
    if at >= due:
        return EXPIRED
    return IN_PROGRESS if mine else OPEN


def request_of(asked: Notice) -> ErasureRequest:
    """Give the request for erasure of an event.

    Raises:
        SaysoError: ERASURE_DIFFERS, where the event is none.
    """
    found = [one for one in asked.statements if isinstance(one, ErasureRequest)]
    if not found:
        raise SaysoError.of(ERASURE_DIFFERS, "the event does not ask for erasure")
    return found[0]


def _check(said: Answered, granted: Granted, asked: Notice | None) -> None:
    if (said.business, said.customer, said.grant) != (granted.business, granted.customer, granted.digest):
        raise SaysoError.of(OTHER_GRANT, "the answer is about another grant", "relatedResource")
    if said.request != ("" if asked is None else asked.digest):
        raise SaysoError.of(OTHER_GRANT, "the answer is to another request", "relatedResource")
    became = [one.claims for one in said.erased] + [one.claims for one in said.retained]
    named = [path_of(claim) for claims in became for claim in claims]
    if len({*named}) < len(named):
        raise _differs("a claim is erased or kept, not both")
    asked_for = None if asked is None else request_of(asked)
    known = granted.claims if asked_for is None or asked_for.claims is None else asked_for.claims
    paths = {path_of(claim) for claim in known}
    if not {*named} <= paths or (asked_for is not None and named and {*named} != paths):
        raise _differs("it says of each claim that was asked about what became of it, and of no other")
    done = [one.at for one in said.erased] + [one.at for one in said.told]
    if any(at > said.at for at in done) or any(one.until is not None and one.until <= said.at for one in said.retained):
        raise _differs("what was done lies behind, and what is kept is kept from now on")
    if asked is not None and said.at < asked.at:
        raise _differs("an answer comes after what it answers")
    if asked is None and not said.erased:
        raise _differs("where nobody asked, it says what was erased")
    latest = None if asked_for is None or named else later(asked_for.answer_by, LONGEST_DELAY)
    _check_delay(said, latest)


def _check_delay(said: Answered, latest: datetime | None) -> None:
    if (latest is None) != (said.answer_by is None):
        raise _differs("who does not say what became of it says by when that will follow, and only then")
    if latest is not None and said.answer_by is not None and not said.at < said.answer_by <= latest:
        raise _differs("an answer is put off by two months at most")


def _differs(rule: str) -> SaysoError:
    return SaysoError.of(ERASURE_DIFFERS, rule, "credentialSubject")


def _parse(found: artefact.Artefact) -> Answered:
    subject: artefact.Readers = {
        "type": strict.name,
        "status": strict.name,
        "hasRight": strict.same("eu-gdpr:A17"),
        "erased": lambda value: strict.listed(value, _erased),
        "retained": lambda value: strict.listed(value, _retained),
        "recipientsNotified": lambda value: strict.listed(value, _told),
        "backupsExpire": instant,
        "answerBy": instant,
    }
    listed = found.document.get("relatedResource")
    roles = ("grant", "request") if isinstance(listed, list) and len(listed) > 1 else ("grant",)
    members = artefact.whole(found, subject, ("type", "status", "hasRight"), relatedResource=artefact.read_resources(*roles))
    said = members["credentialSubject"]
    answered = Answered(
        members["id"],
        found.issuer,
        said["id"],
        members["validFrom"],
        members["relatedResource"]["grant"],
        members["relatedResource"].get("request", ""),
        said.get("erased", ()),
        said.get("retained", ()),
        said.get("recipientsNotified", ()),
        said.get("backupsExpire"),
        said.get("answerBy"),
    )
    if answered.status != (said["type"], said["status"]):
        raise strict.refused("its status is what follows from what was erased and kept", "credentialSubject", "status")
    return answered


def _erased(value: Json, _: int) -> Erased:
    readers: artefact.Readers = {"claims": artefact.read_claims, "at": instant, "method": strict.one_of(METHODS), "copies": _count}
    return Erased(**strict.members(value, readers, tuple(readers)))


def _count(value: Json) -> int:
    if type(value) is not int or value < 1:
        raise strict.refused("it is a whole number, and not less than one")
    return value


def _retained(value: Json, _: int) -> Retained:
    readers: artefact.Readers = {"claims": artefact.read_claims, "hasJustification": strict.one_of(dpv.NON_FULFILMENT), "until": instant}
    found = strict.members(value, readers, ("claims", "hasJustification"))
    return Retained(found["claims"], found["hasJustification"], found.get("until"))


def _told(value: Json, _: int) -> Told:
    return Told(**strict.members(value, {"name": strict.text, "at": instant, "confirmation": artefact.digest}, ("name", "at")))
