"""Seal what was verified: only what was asked for, and only until the share ends."""

from collections.abc import Iterator, Mapping, Sequence
from datetime import UTC, datetime

from sayso.clock import Clock
from sayso.credentials.claims_path import project
from sayso.credentials.formats import spoken
from sayso.credentials.validity import parse_date_time, parse_numeric_date
from sayso.errors import EXCESS_DISCLOSURE, SHARE_ENDED, SaysoError
from sayso.jsonvalue import Json, JsonObject
from sayso.proofs.mechanism import PROOF
from sayso.query import claims as query_claims
from sayso.query import selection
from sayso.query.claims import Found
from sayso.query.grammar import Query
from sayso.sharing.request import DataRequest
from sayso.sharing.share import Phase, Share
from sayso.sharing.terms import SHARE_UNTIL
from sayso.verification.answers import Answered
from sayso.verifier.nesting import Granted, nested

_PAST = datetime.min.replace(tzinfo=UTC)


def seal(asked: DataRequest, answered: Sequence[Answered], now: datetime, clock: Clock) -> Share:
    """Seal the claims that were asked for.

    Where one presentation answers, the share holds its claims, nested as in the credential; otherwise an object with those of each, by the
    id of its credential query: an array where that says `multiple`.

    Raises:
        SaysoError: EXCESS_DISCLOSURE where less answers it too, SHARE_ENDED where the share ended before it was accepted,
            MALFORMED_VALUE_ERROR where its end is no instant.
    """
    found, granted = shared_claims(asked, answered, now)
    names = _names(found)
    ends = {claim_id: one.until for claim_id, one in granted.items()}
    kept = {claim_id: one.until for claim_id, one in granted.items() if one.kept}
    phases, later = _phases(asked.request.query, found, ends), _phases(asked.request.query, found, kept)
    return Share(phases, names=names, purpose=asked.terms.purpose, clock=clock, after_use=later if len(kept) < len(ends) else None)


def shared_claims(
    asked: DataRequest, answered: Sequence[Answered], now: datetime
) -> tuple[list[tuple[Answered, list[Found]]], dict[str, Granted]]:
    """Give what of each presentation was asked for, and what is granted of each claim by its id; "" where there is none.

    Raises:
        SaysoError: as `seal`.
    """
    _refuse_surplus(asked.request.query, {one.query.id for one in answered})
    found = [(one, _shared(asked, one)) for one in answered]
    granted = _granted(asked, found, now)
    if max(one.until for one in granted.values()) <= now:
        raise SaysoError.of(SHARE_ENDED, "the share ended before it was accepted")
    return found, granted


def _granted(asked: DataRequest, found: Sequence[tuple[Answered, Sequence[Found]]], now: datetime) -> dict[str, Granted]:
    """Give what is granted of each claim that was shared, by its id: until the earlier of the customer's end and its own; "" for none."""
    until = [end for one, _ in found for end in _ends(one, SHARE_UNTIL)]
    # What is not kept may be used for as long as the answer may be accepted.
    acceptable = min([asked.request.expires, *(end for one, _ in found for end in _ends(one, "exp"))])
    granted: dict[str, Granted] = {}
    for claim_id in [claim.claim.id for _, claims in found for claim in claims] or [""]:
        keep_for = asked.rows[claim_id].keep_for if claim_id else None
        granted[claim_id] = Granted(min([now + keep_for if keep_for else acceptable, *until]), bool(keep_for) or not claim_id)
    for one, claims in found:
        granted |= nested(one.query, one.proven.document, claims, granted)
    return granted


def _phases(query: Query, found: Sequence[tuple[Answered, Sequence[Found]]], ends: Mapping[str, datetime]) -> list[Phase]:
    """Give what may be read until the first of some claims ends, then what until the next one does, and so on."""
    phases: list[Phase] = []
    for end in sorted({*ends.values()}):
        left = [(one, [claim for claim in claims if end <= ends.get(claim.claim.id, _PAST)]) for one, claims in found]
        phases.append(Phase(end, _joined(query, left), _names(left)))
    return phases


def _names(found: Sequence[tuple[Answered, Sequence[Found]]]) -> tuple[str, ...]:
    return tuple(spoken(one.proven.format.claim_at(claim.claim.path)) for one, claims in found for claim in claims)


def _refuse_surplus(query: Query, answered: set[str]) -> None:
    # What could be left out all the same is more than was asked for.
    for query_id in selection.surplus(query, answered):
        raise SaysoError.of(EXCESS_DISCLOSURE, "the request is answered without this credential too", query_id)


def _joined(query: Query, found: Sequence[tuple[Answered, Sequence[Found]]]) -> JsonObject:
    """Give the claims in a shape that the request decides on, and not the answer."""
    if selection.of_one_presentation(query):
        return _values(*found[0]) if found else {}
    values: dict[str, list[Json]] = {}
    for one, claims in found:
        values.setdefault(one.query.id, []).append(_values(one, claims))
    return {asked.id: values[asked.id] if asked.multiple else values[asked.id][0] for asked in query.credentials if asked.id in values}


def _shared(asked: DataRequest, one: Answered) -> list[Found]:
    """Find the claims with a row: the issuer's own was asked for its value, and is no claim of the customer."""
    found = query_claims.select(one.query, one.proven.document, one.proven.positions).asked
    return [claim for claim in found if claim.claim.id in asked.rows]


def _values(one: Answered, claims: Sequence[Found]) -> JsonObject:
    values = project(one.proven.document, [place for claim in claims for place in claim.locations])
    for step in one.proven.format.root:
        values = values.get(step) if isinstance(values, dict) else None
    return values if isinstance(values, dict) else {}


def _ends(one: Answered, name: str) -> Iterator[datetime]:
    """Give an end that the customer named; a wallet of another make may name none."""
    document = one.presentation.document
    for binding in one.presentation.bindings:
        # A proof says nothing of the share, which stands in the presentation; and from when it is accepted no longer is `expires`.
        proof = binding.wording is PROOF
        members, place, spelled = binding.members, binding.place, name
        if proof and name == "exp":
            spelled = "expires"
        elif proof:
            members, place = document, ()
        if spelled in members:
            read = parse_date_time if spelled == "expires" else parse_numeric_date
            try:
                yield read(members[spelled])
            except SaysoError as error:
                raise error.under(one.query.id, *place, spelled) from None
