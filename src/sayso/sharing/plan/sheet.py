"""Show a plan as a sheet of consent: all that a terminal, a page or a conversation needs to ask the customer, as data.

Nothing on it is trusted but what it says so of; texts of the business are plain, and whoever draws it escapes them.
"""

from collections.abc import Collection, Iterable, Mapping, Sequence
from dataclasses import replace
from datetime import datetime, timedelta
from typing import NamedTuple

from sayso.credentials.formats import spoken
from sayso.credentials.kinds import Claim
from sayso.credentials.validity import format_date_time
from sayso.jsonvalue import Json, JsonObject, thaw
from sayso.query.claims import Found
from sayso.sharing.conditions import Conditions, Organisation, Recipient
from sayso.sharing.lint.context import NO_CONTEXT, LintContext
from sayso.sharing.lint.finding import Finding
from sayso.sharing.lint.linting import lint
from sayso.sharing.plan.decision import Plan
from sayso.sharing.plan.picking import Candidate, Pick
from sayso.sharing.plan.showing import each, unlike
from sayso.sharing.terms import AttributeTerms, write_duration


class SheetRow(NamedTuple):
    """Hold what the customer sees of one attribute.

    Args:
        claim: what is asked for; `name` is the same for people.
        leaves: whether it would leave now.
        needed: whether it, or one of `alternatives`, must leave for an answer.
        preview: the values that the business would see, or would if this were chosen, of several credentials and elements one after the
            other; () where none is held.
        reason, benefit, if_not_shared: the business's words, "" where it has none.
        until: when it would end if it were shared now; the sheet's `until` is the latest.
        retention: how long the business says that it keeps it: None where it does not say.
        legal_basis: the law that it names.
        recipients: who else gets it.
        alternatives: what could leave instead.
        already_until: until when the business has it from an earlier share, None where it has not.
    """

    claim: Claim
    name: str
    leaves: bool
    needed: bool
    preview: tuple[Json, ...]
    reason: str
    benefit: str
    if_not_shared: str
    until: datetime
    retention: timedelta | None
    legal_basis: str
    recipients: tuple[Recipient, ...]
    alternatives: tuple[str, ...]
    already_until: datetime | None


class Sheet(NamedTuple):
    """Hold what the customer sees of a plan.

    Args:
        verifier: the DID of the business, whose signature holds; of a request that nobody signed, its client identifier.
        calls_itself: the name that it gives itself; nobody has checked it.
        met_before: whether something was shared with that DID before.
        purpose: what it is for, in the business's words.
        conditions: what it says of the whole request: who it is, who stands between, whom it tells, what it will not do.
        answerable: whether this can be answered; `problems` say why not.
        rows: every attribute that is asked for.
        comes_along: what leaves with any answer, or with what is chosen, though it was not asked for.
        stays: what stays home.
        until: when the share would end.
        asked: how many attributes are asked for; what stands in for another is not counted beside it.
        shared: how many of them would leave.
        notes: what could not be chosen as it was wanted.
        findings: what a smaller request would leave out.
    """

    verifier: str
    calls_itself: str
    met_before: bool
    purpose: str
    conditions: Conditions
    answerable: bool
    problems: tuple[str, ...]
    rows: tuple[SheetRow, ...]
    comes_along: Mapping[Claim, Json]
    stays: tuple[Claim, ...]
    until: datetime
    asked: int
    shared: int
    notes: tuple[str, ...]
    findings: tuple[Finding, ...]

    def to_json(self) -> JsonObject:
        """Give the sheet as JSON."""
        conditions = self.conditions
        return {
            "verifier": self.verifier,
            "callsItself": self.calls_itself,
            "metBefore": self.met_before,
            "purpose": self.purpose,
            "purposes": {language: text for language, text in conditions.purposes if language},
            "hasPurpose": conditions.category,
            "controller": _party(conditions.controller),
            "intermediary": _party(conditions.intermediary),
            "supervisoryAuthority": _party(conditions.authority),
            "recipients": [{"name": one.name, "role": one.role} for one in conditions.recipients],
            "prohibited": [*conditions.prohibited],
            "agreement": conditions.agreement,
            "answerable": self.answerable,
            "problems": [*self.problems],
            "rows": [_row(row) for row in self.rows],
            "comesAlong": {spoken(claim): value for claim, value in self.comes_along.items()},
            "stays": [spoken(claim) for claim in self.stays],
            "until": format_date_time(self.until),
            "asked": self.asked,
            "shared": self.shared,
            "notes": [*self.notes],
            "findings": [one.to_json() for one in self.findings],
        }


def _party(one: Organisation | None) -> Json:
    return None if one is None else {"name": one.name, "country": one.country, "contact": [*one.contact], "rights": one.rights}


def _row(row: SheetRow) -> JsonObject:
    return {
        "name": row.name,
        "leaves": row.leaves,
        "needed": row.needed,
        "preview": [*row.preview],
        "reason": row.reason,
        "benefit": row.benefit,
        "ifNotShared": row.if_not_shared,
        "until": format_date_time(row.until),
        "retention": None if row.retention is None else write_duration(row.retention),
        "legalBasis": row.legal_basis,
        "recipients": [{"name": one.name, "role": one.role} for one in row.recipients],
        "alternatives": [*row.alternatives],
        "alreadyUntil": None if row.already_until is None else format_date_time(row.already_until),
    }


def sheet(plan: Plan, known: LintContext = NO_CONTEXT) -> Sheet:
    """Show a plan as it stands; a plan that was chosen differently has another sheet.

    `known` is what the linter is told beside the request; what the business has already is known from the plan.
    """
    known = replace(known, held=[*known.held, *plan.already])
    alternatives, previews, (leaves, along) = plan.alternatives, _previews(plan), _leaving(plan)
    rows = tuple(
        _sheet_row(plan, claim, terms, leaves=claim in leaves, preview=previews.get(terms.claim, ()), instead=alternatives.get(claim, ()))
        for claim, terms in plan.rows.items()
    )
    return Sheet(
        verifier=plan.verifier,
        calls_itself=plan.calls_itself,
        met_before=plan.met_before,
        purpose=plan.purpose,
        conditions=plan.asked.terms.conditions,
        answerable=plan.answerable,
        problems=tuple(problem.detail for problem in plan.problems),
        rows=rows,
        comes_along=along,
        stays=plan.stays,
        until=plan.ends,
        asked=len({terms.instead_of or terms.claim for terms in plan.rows.values()}),
        shared=sum(row.leaves for row in rows),
        notes=plan.notes,
        findings=lint(plan.asked, known),
    )


def _leaving(plan: Plan) -> tuple[set[Claim], dict[Claim, Json]]:
    """Give the rows that leave, and what leaves beside them, each by a name that nothing else has.

    What comes along with one credential may go by the name of what is asked of another, so it is looked at by where it stands.
    """
    names, along = plan.asked.names, plan.visible
    leaves: set[Claim] = set()
    taken = {*along, *plan.rows}
    for query_id, number, pick in each(plan.picks):
        rows = {found.claim.id: names[query_id, found.claim.id] for found in _asked(pick.candidate) if (query_id, found.claim.id) in names}
        leaves.update(rows[claim_id] for claim_id in pick.claim_ids & rows.keys())
        places = {place: rows[found.claim.id] for found in _asked(pick.candidate) for place in found.locations if found.claim.id in rows}
        # What the issuer left visible leaves with any answer, also where the customer did not choose it.
        visible = {*pick.candidate.exposed.visible}
        for place, name in places.items():
            if any(place[:length] in visible for length in range(1, len(place) + 1)):
                leaves.add(name)
                along = {claim: value for claim, value in along.items() if claim != name or place not in visible}
        for place in pick.carried():
            if place in places:
                leaves.add(places[place])
            else:
                along[unlike(pick.candidate.format.claim_at(place), (query_id, number, place), taken)] = thaw(pick.value(place))
    return leaves, along


def _asked(candidate: Candidate) -> Collection[Found]:
    return {found.claim.id: found for option in candidate.options for found in option}.values()


def _sheet_row(
    plan: Plan, claim: Claim, terms: AttributeTerms, *, leaves: bool, preview: Sequence[Json], instead: Sequence[Claim]
) -> SheetRow:
    return SheetRow(
        claim=claim,
        name=spoken(claim),
        leaves=leaves,
        needed=terms.required,
        preview=tuple(preview),
        reason=terms.reason,
        benefit=terms.benefit,
        if_not_shared=terms.if_not_shared,
        until=plan.end_of(terms, plan.planned),
        retention=terms.keep_for,
        legal_basis=terms.legal_basis or plan.asked.terms.conditions.legal_basis,
        recipients=terms.recipients,
        alternatives=tuple(map(spoken, instead)),
        already_until=plan.already.get(claim),
    )


def _previews(plan: Plan) -> dict[str, list[Json]]:
    """Give the values of each claim, by its id, that leave; where none does, those in what answers, or in the first that could."""
    picks = [pick for *_, pick in each(plan.picks)]
    previews = _values((pick, found) for pick in picks for found in pick.option)
    able = [one[:1] for query_id, one in plan.candidates.items() if query_id not in plan.picks]
    for some in ([pick.candidate for pick in picks], *able):
        previews = {**_values((candidate, found) for candidate in some for found in _asked(candidate)), **previews}
    return previews


def _values(claims: Iterable[tuple[Pick | Candidate, Found]]) -> dict[str, list[Json]]:
    values: dict[str, list[Json]] = {}
    for one, found in claims:
        values.setdefault(found.claim.id, []).extend(thaw(one.value(place)) for place in found.locations)
    return values
