"""Say what happened in a relationship: names of claims, instants and digests, and no place for a value.

Source: the transaction log of the European wallet (TS10), whose member names these are, with kinds of this library's own beside them.
"""

from collections.abc import Callable, Mapping
from dataclasses import MISSING, dataclass, fields
from datetime import datetime
from typing import Any, Final, NamedTuple, Protocol, cast

from sayso.clock import aware
from sayso.credentials import claims_path
from sayso.credentials.kinds import Claim
from sayso.credentials.validity import format_date_time, parse_date_time
from sayso.encodings import multibase, multihash
from sayso.errors import LEDGER, LIMIT_EXCEEDED, SaysoError
from sayso.jsonvalue import Json, JsonObject
from sayso.sharing.texts import MAX_TEXT_CHARACTERS, plain_text, printable

PRESENTATION: Final = "presentation"
ERASURE_REQUEST: Final = "dataDeletionRequest"
COMPLAINT: Final = "dpaReport"
GRANT: Final = "Grant"
RECEIPT: Final = "Receipt"
WITHDRAWAL: Final = "Withdrawal"
ERASURE: Final = "ErasureConfirmation"
RETURNED: Final = "PermissionReturned"
USE_REPORT: Final = "UseReport"
BREACH: Final = "Breach"
KINDS: Final = (PRESENTATION, ERASURE_REQUEST, COMPLAINT, GRANT, RECEIPT, WITHDRAWAL, ERASURE, RETURNED, USE_REPORT, BREACH)
"""What an entry can be about; the first three are TS10's."""

MAX_LISTED: Final = 1000
"""How many claims, recipients or digests an entry lists at most."""

_COMPLETED, _NOT_COMPLETED = "success", "notCompleted"
_NO_CLAIMS: Final[tuple[Claim, ...]] = ()
_NO_TEXTS: Final[tuple[str, ...]] = ()


@dataclass(frozen=True, slots=True, kw_only=True)
class Transaction:
    """Hold what one entry of the ledger says; names of claims, instants and digests, never values.

    Args:
        kind: one of KINDS.
        at: when it happened, aware; kept in whole seconds.
        id: its identifier, made by the ledger where it is "".
        claims: what it is about: what was presented, granted, taken back, erased, given back or lost. Where a withdrawal, an erasure
            request, a confirmation that something was erased, or a breach names none, it is about all.
        requested: what was asked for in a presentation.
        retained: what a confirmation says is kept, until `until`.
        until: when the share, the grant, or what is retained ends.
        answer_by: until when the business owes an answer: a receipt for a grant, a confirmation for a withdrawal or an erasure request.
        digest: the artefact, as `digestMultibase`: the request of a presentation, the grant, the receipt, the event.
        answers: the artefacts that it answers.
        head: the head of this relationship that the business signed into its receipt.
        name, contact, privacy_policy, authority, authority_contact: who the business says it is, and who watches over it.
        intermediary: the name of who asked on its behalf.
        purpose: what it says it is for.
        recipients: the names of who gets it too.
        completed: whether it came to pass; a refusal to erase did not.
        reason: why it did not, or what is alleged.
    """

    kind: str
    at: datetime
    id: str = ""
    claims: tuple[Claim, ...] = _NO_CLAIMS
    requested: tuple[Claim, ...] = _NO_CLAIMS
    retained: tuple[Claim, ...] = _NO_CLAIMS
    until: datetime | None = None
    answer_by: datetime | None = None
    digest: str = ""
    answers: tuple[str, ...] = _NO_TEXTS
    head: str = ""
    name: str = ""
    contact: tuple[str, ...] = _NO_TEXTS
    privacy_policy: str = ""
    authority: str = ""
    authority_contact: tuple[str, ...] = _NO_TEXTS
    intermediary: str = ""
    purpose: str = ""
    recipients: tuple[str, ...] = _NO_TEXTS
    completed: bool = True
    reason: str = ""


class SharedRecord(Protocol):
    """Be what a wallet remembers of a share."""

    @property
    def verifier(self) -> str: ...
    @property
    def calls_itself(self) -> str: ...
    @property
    def purpose(self) -> str: ...
    @property
    def claims(self) -> tuple[Claim, ...]: ...
    @property
    def at(self) -> datetime: ...
    @property
    def until(self) -> datetime: ...
    @property
    def request(self) -> str: ...


_REMEMBERED: Final = ("verifier", "calls_itself", "purpose", "claims", "at", "until", "request")


def presentations_of(shared: SharedRecord) -> tuple[Transaction, ...]:
    """Give the entries of what a wallet remembers of a share, one for each instant at which some of its claims end.

    What is not fit to be shown in its texts is made so. A record says in `ends` when each of its claims ends, where not all end with it.

    Raises:
        TypeError: it is something else.
    """
    missing = [name for name in _REMEMBERED if not hasattr(shared, name)]  # callers need not have a type checker
    if missing:
        msg = f"what a wallet remembers of a share, or a Transaction, is entered, not a {type(shared).__name__}"
        raise TypeError(msg)
    name, purpose = (printable(text)[:MAX_TEXT_CHARACTERS].strip() for text in (shared.calls_itself, shared.purpose))
    own: tuple[datetime, ...] = getattr(shared, "ends", ())
    ends: dict[datetime, list[Claim]] = {}
    for claim, end in zip(shared.claims, own, strict=bool(own)):
        ends.setdefault(end, []).append(claim)
    return tuple(
        Transaction(kind=PRESENTATION, at=shared.at, claims=tuple(claims), until=until, digest=shared.request, name=name, purpose=purpose)
        for until, claims in (ends or {shared.until: [*shared.claims]}).items()
    )


class _Member(NamedTuple):
    """Hold how a field stands in JSON."""

    name: str
    write: Callable[[object], Json]
    read: Callable[[Json], object]


def _written_claim(claim: object) -> Json:
    return [claim] if isinstance(claim, str) else [*cast("claims_path.ClaimsPath", claim)]


def _claim(value: Json) -> Claim:
    if not isinstance(value, list):
        raise SaysoError.of(LEDGER, "a claim is a path, an array")
    # One step more than it has: a format may put its root above it.
    path = claims_path.parse([*value[:1], *value])[1:]
    first = path[0] if path else None
    return first if len(path) == 1 and isinstance(first, str) else path


def _instant(value: Json) -> datetime:
    at = parse_date_time(value)
    if format_date_time(at) != value:
        raise SaysoError.of(LEDGER, "an instant is written in UTC, in whole seconds")
    return at


def _text(value: Json) -> str:
    try:
        return plain_text("the text", value)
    except (TypeError, ValueError) as error:
        raise SaysoError.of(LEDGER, str(error)) from None


def digest(value: Json) -> str:
    """Read a `digestMultibase`: base64url of a SHA-256 multihash, in the one spelling that is written here.

    Raises:
        SaysoError: LEDGER, PARSING_ERROR.
    """
    if not isinstance(value, str) or value[:1] != "u" or multihash.decode(multibase.decode(value)).name != "sha2-256":
        raise SaysoError.of(LEDGER, "a digest is base64url of a SHA-256 multihash, as digestMultibase")
    return value


def _instant_written(at: object) -> Json:
    return format_date_time(cast("datetime", at))


def _as_it_is(value: object) -> Json:
    return cast("str", value)


def _many(one: Callable[[Json], object]) -> Callable[[Json], object]:
    def read(value: Json) -> object:
        if not isinstance(value, list) or not value:
            raise SaysoError.of(LEDGER, "it is an array with something in it")
        if len(value) > MAX_LISTED:
            raise SaysoError.of(LIMIT_EXCEEDED, f"it has more than {MAX_LISTED} entries")
        return tuple(one(item) for item in value)

    return read


def _claims_written(value: object) -> Json:
    return [_written_claim(claim) for claim in cast("tuple[Claim, ...]", value)]


def _texts_written(value: object) -> Json:
    return [*cast("tuple[str, ...]", value)]


# The members of the details, by field. `claims` has TS10's name in a presentation.
_DETAILS: Final[Mapping[str, _Member]] = {
    "claims": _Member("claims", _claims_written, _many(_claim)),
    "requested": _Member("listOfClaimsRequested", _claims_written, _many(_claim)),
    "retained": _Member("retained", _claims_written, _many(_claim)),
    "until": _Member("until", _instant_written, _instant),
    "answer_by": _Member("answerBy", _instant_written, _instant),
    "digest": _Member("digestMultibase", _as_it_is, digest),
    "answers": _Member("answers", _texts_written, _many(digest)),
    "head": _Member("relationHead", _as_it_is, digest),
    "name": _Member("interactingPartyName", _as_it_is, _text),
    "contact": _Member("interactingPartyContact", _texts_written, _many(_text)),
    "privacy_policy": _Member("privacyPolicy", _as_it_is, _text),
    "authority": _Member("dpaName", _as_it_is, _text),
    "authority_contact": _Member("dpaContact", _texts_written, _many(_text)),
    "intermediary": _Member("intermediaryName", _as_it_is, _text),
    "purpose": _Member("purpose", _as_it_is, _text),
    "recipients": _Member("recipients", _texts_written, _many(_text)),
    "reason": _Member("reason", _as_it_is, _text),
}
PRESENTED: Final = "listOfClaimsPresented"
_EMPTY: Final = {field.name: None if field.default is MISSING else field.default for field in fields(Transaction)}
# What a kind cannot do without: without an end nothing ends, and without a day no answer is overdue.
_NEEDED: Final[Mapping[str, tuple[str, ...]]] = {
    PRESENTATION: ("until",),
    GRANT: ("claims", "until"),
    ERASURE_REQUEST: ("answer_by",),
    RETURNED: ("claims",),
}


def member_of(kind: str) -> str:
    """Name the member of the details of a kind: itself, in lower camel case."""
    return kind[0].lower() + kind[1:]


def serialize(one: Transaction) -> JsonObject:
    """Write what an entry says."""
    details: JsonObject = {}
    for field, member in _DETAILS.items():
        if (value := getattr(one, field)) != _EMPTY[field]:
            details[PRESENTED if field == "claims" and one.kind == PRESENTATION else member.name] = member.write(value)
    return {
        "transactionIdentifier": one.id,
        "time": format_date_time(one.at),
        "transactionType": one.kind,
        "transactionResult": _COMPLETED if one.completed else _NOT_COMPLETED,
        member_of(one.kind): details,
    }


def parse(value: Json) -> Transaction:
    """Read what an entry says; it has no member that is not known, and so no place for a value.

    Raises:
        SaysoError: LEDGER, or what is wrong with a member.
    """
    kind = value.get("transactionType") if isinstance(value, dict) else None
    if not isinstance(value, dict) or not isinstance(kind, str) or kind not in KINDS:
        raise SaysoError.of(LEDGER, "an entry is about one of the kinds that are known", "transactionType")
    inside = member_of(kind)
    if value.keys() != {"transactionIdentifier", "time", "transactionType", "transactionResult", inside}:
        raise SaysoError.of(LEDGER, "an entry has the members of its kind, and no others")
    details, result = value[inside], value["transactionResult"]
    if not isinstance(details, dict) or result not in (_COMPLETED, _NOT_COMPLETED):
        raise SaysoError.of(LEDGER, "an entry says how it went, and has an object of details", inside)
    id_, at = _read("transactionIdentifier", _text, value), _read("time", _instant, value)
    one = Transaction(
        kind=kind, id=cast("str", id_), at=cast("datetime", at), completed=result == _COMPLETED, **_details(kind, inside, details)
    )
    needed = _NEEDED.get(kind, ()) if one.completed else ()
    missing = next((field for field in needed if getattr(one, field) == _EMPTY[field]), None)
    if missing is not None:
        raise SaysoError.of(LEDGER, f"an entry of this kind has its {missing}", inside)
    return one


def own(one: Transaction) -> JsonObject:
    """Write what the customer's side gives, and see that it can be read.

    Raises:
        TypeError: an instant is no datetime.
        ValueError: what is wrong with it.
    """
    aware(one.at)
    try:
        written = serialize(one)
        parse(written)
    except SaysoError as error:
        raise ValueError(str(error)) from None
    return written


def _details(kind: str, inside: str, details: JsonObject) -> dict[str, Any]:
    known = {PRESENTED if field == "claims" and kind == PRESENTATION else member.name: field for field, member in _DETAILS.items()}
    if not details.keys() <= known.keys():
        raise SaysoError.of(LEDGER, "the details have a member that is not known", inside)
    return {known[name]: _read(name, _DETAILS[known[name]].read, details, inside) for name in details}


def _read(name: str, read: Callable[[Json], object], members: JsonObject, *above: str) -> object:
    try:
        return read(members[name])
    except SaysoError as error:
        raise error.under(*above, name) from None
