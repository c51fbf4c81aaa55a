"""Keep what a customer decided about a request: a value that stays with them, and that gives the same answer again.

Source: DPV 2.3, consent status.
"""

from collections.abc import Collection, Iterable, Iterator, Mapping
from contextlib import suppress
from dataclasses import dataclass, replace
from datetime import datetime
from typing import Final, NamedTuple

from sayso.clock import aware
from sayso.credentials.kinds import Claim
from sayso.credentials.validity import format_date_time
from sayso.encodings import jcs
from sayso.encodings.multihash import digest_multibase
from sayso.errors import NOT_ANSWERABLE, SaysoError
from sayso.identifiers import StoredId
from sayso.jsonvalue import JsonObject
from sayso.sharing import terms
from sayso.sharing.plan.choosing import Picks, Wish, choose, picked
from sayso.sharing.plan.decision import Plan
from sayso.sharing.plan.pieces import leaving
from sayso.sharing.strict import write_claim
from sayso.sharing.terms import SharingTerms

GIVEN: Final = "dpv:ConsentGiven"
REFUSED: Final = "dpv:ConsentRefused"
DEFERRED: Final = "dpv:ConsentRequestDeferred"
WITHDRAWN: Final = "dpv:ConsentWithdrawn"
STATES: Final = (
    "dpv:ConsentRequested",
    GIVEN,
    REFUSED,
    DEFERRED,
    "dpv:RenewedConsentGiven",
    WITHDRAWN,
    "dpv:ConsentRevoked",
    "dpv:ConsentExpired",
    "dpv:ConsentInvalidated",
)
"""The states of a consent."""

ASKED: Final = "asked"
PREFERENCE: Final = "preference"
PRE_AUTHORISED: Final = "pre-authorised"
MODES: Final = (ASKED, PREFERENCE, PRE_AUTHORISED)
"""How a decision came about: the customer was asked, or their rules said so, or they had approved of it before."""


class Decided(NamedTuple):
    """Say what was decided about one claim: one of STATES, and until when where it was given.

    `instead_of` is the claim in whose place it was given, and that would have said more; None for none.
    """

    claim: Claim
    status: str
    until: datetime | None = None
    instead_of: Claim | None = None


class Source(NamedTuple):
    """Say what answers a credential query: stored credentials, and the ids of the claims of them that are shown."""

    query: str
    stored: tuple[StoredId, ...]
    claims: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class Decision:
    """Hold what a customer decided about a request; no value of a claim is in it, and nothing of it is sent.

    Args:
        request: the digest of the request's bytes, as `digestMultibase`.
        verifier: the DID of the business.
        purpose: what the business said that it is for.
        category: the same in terms of `dpv.PURPOSES`, "" where it did not say.
        terms: the digest of what it said of the whole request.
        at: when.
        answers: what was decided about each claim that was asked for.
        mode: one of MODES.
        sources: what answers, by credential query; None where the request is not answered at all.
        withheld: the parts of what leaves that stay home.
        whole: the credential queries for which a credential may be shown whole.
        beside: what leaves with it though nobody asked for it, but for the identifier of the subject.
        until: the end that the customer chose, None for the one that was asked for.
        lint_shown: the ids of what was found wrong with the request, and shown to the customer.
        rules: the ids of the customer's own rules that made a difference.
    """

    request: str
    verifier: str
    purpose: str
    category: str
    terms: str
    at: datetime
    answers: tuple[Decided, ...]
    mode: str = ASKED
    sources: tuple[Source, ...] | None = None
    withheld: tuple[Claim, ...] = ()
    whole: tuple[str, ...] = ()
    beside: tuple[Claim, ...] = ()
    until: datetime | None = None
    lint_shown: tuple[str, ...] = ()
    rules: tuple[str, ...] = ()

    @property
    def given(self) -> tuple[Claim, ...]:
        """The claims that were given, and not taken back."""
        return tuple(one.claim for one in self.answers if one.status == GIVEN)

    @property
    def ends(self) -> datetime | None:
        """When the last of what was given ends, None where nothing was."""
        return max((one.until for one in self.answers if one.status == GIVEN and one.until is not None), default=None)

    def plan(self, fresh: Plan) -> Plan:
        """Do with a fresh plan of the same request what was decided: presented at the same time, it gives the same bytes.

        Raises:
            ValueError: it is the plan of another request; or the decision is not to answer.
            SaysoError: NOT_ANSWERABLE, where a credential that it names is gone, or no longer shows the same.
        """
        # Of a request that nobody signed the same bytes may come from another page, which the platform names and not the bytes.
        if (digest_multibase(fresh.request.data), fresh.verifier) != (self.request, self.verifier):
            msg = "the decision is about another request"
            raise ValueError(msg)
        if self.sources is None:
            msg = "the decision is not to answer, or it was taken back"
            raise ValueError(msg)
        for query_id in self.whole:
            fresh = fresh.whole(query_id) if query_id in fresh.entire else fresh
        found: Picks = {name: pick for source in self.sources for name, pick in self._picks(fresh, source).items()}
        wish = Wish({one.query: one.stored for one in self.sources}, None, frozenset(self.withheld), frozenset(self.whole))
        again = replace(fresh, picks=found, wish=wish, until=None, notes=())
        return again if self.until is None else again.ending(self.until)

    def _picks(self, fresh: Plan, source: Source) -> Picks:
        query_id, stored, claims = source
        able = tuple(one for one in fresh.candidates.get(query_id, ()) if one.credential in stored)
        wish = Wish({query_id: stored}, (query_id,), frozenset(self.withheld), frozenset(self.whole))
        picks: Picks = {}
        with suppress(ValueError):
            picks = choose(fresh.asked, {query_id: able}, {}, frozenset(claims), wish)
        if not picks or picked(picks) & frozenset(fresh.asked.rows) != frozenset(claims):
            raise SaysoError.of(NOT_ANSWERABLE, "what was decided can no longer be shown: a credential is gone, or is another")
        return picks

    def withdraw(self, at: datetime) -> "Decision":
        """Take back what was given: a decision of its own, for the app to show and to act on.

        Raises:
            TypeError, ValueError: it is no instant, or earlier than the decision.
        """
        when = aware(at).replace(microsecond=0)
        if when < self.at:
            msg = "what was given is taken back later, not earlier"
            raise ValueError(msg)
        answers = tuple(one._replace(status=WITHDRAWN, until=when) if one.status == GIVEN else one for one in self.answers)
        return replace(self, at=when, answers=answers, mode=ASKED, sources=None)

    @property
    def digest(self) -> str:
        """The digest of its JSON form in canonical bytes, as `digestMultibase`."""
        return digest_multibase(jcs.canonicalize(self.to_json()))

    def to_json(self) -> JsonObject:
        """Write its JSON form; what says nothing is left out."""
        written: JsonObject = {
            "request": self.request,
            "verifier": self.verifier,
            "purpose": self.purpose,
            "terms": self.terms,
            "at": format_date_time(self.at),
            "answers": [_answer_members(one) for one in self.answers],
            "mode": self.mode,
        }
        more: JsonObject = {
            "hasPurpose": self.category,
            "withheld": [write_claim(claim) for claim in self.withheld],
            "whole": [*self.whole],
            "beside": [write_claim(claim) for claim in self.beside],
            "until": None if self.until is None else format_date_time(self.until),
            "lintShown": [*self.lint_shown],
            "rules": [*self.rules],
        }
        if self.sources is not None:
            written["sources"] = [{"query": one.query, "stored": [*one.stored], "claims": [*one.claims]} for one in self.sources]
        return written | {name: value for name, value in more.items() if value}


def _answer_members(one: Decided) -> JsonObject:
    written: JsonObject = {"claim": write_claim(one.claim), "consentStatus": one.status}
    if one.until is not None:
        written["until"] = format_date_time(one.until)
    return written if one.instead_of is None else {**written, "as": "predicate", "insteadOf": write_claim(one.instead_of)}


def decide(
    plan: Plan, *, mode: str = ASKED, deferred: Collection[Claim] = (), lint_shown: Iterable[str] = (), rules: Iterable[str] = ()
) -> Decision:
    """Make a decision of a plan: what leaves is given, and everything else that was asked for is refused.

    Args:
        plan: the plan.
        mode: one of MODES.
        deferred: what is not refused for good, but "not now".
        lint_shown: the ids of what was found wrong with the request, and shown.
        rules: the ids of the customer's own rules that made a difference: `Evaluation.rules`.

    Raises:
        ValueError: the mode is none, or a claim that is deferred was not asked for, or leaves.
    """
    there = plan.answerable
    answers = tuple(_answers(plan, picked(plan.picks) if there else (), deferred))
    if mode not in MODES:
        msg = f"mode is one of {', '.join(MODES)}"
        raise ValueError(msg)
    if not {*deferred} <= {one.claim for one in answers if one.status == DEFERRED}:
        msg = "what is deferred was asked for, and does not leave"
        raise ValueError(msg)
    return Decision(
        request=digest_multibase(plan.request.data),
        verifier=plan.verifier,
        purpose=plan.purpose,
        category=plan.asked.terms.conditions.category,
        terms=digest_of_terms(plan.asked.terms),
        at=plan.planned,
        answers=answers,
        mode=mode,
        sources=tuple(_sources(plan)) if there else None,
        withheld=tuple(sorted(plan.wish.withheld, key=repr)) if there else (),
        whole=tuple(sorted(plan.wish.whole)) if there else (),
        beside=tuple(dict.fromkeys(one.name for one in leaving(plan) if not one.asked)) if there else (),
        until=plan.until,
        lint_shown=tuple(lint_shown),
        rules=tuple(rules),
    )


def digest_of_terms(said: SharingTerms) -> str:
    """Give the digest of what a business says of a whole request: who is told, on what grounds, and what it will not do."""
    return digest_multibase(jcs.canonicalize(terms.serialize(said._replace(attributes=()))))


def refuse(plan: Plan, *, mode: str = ASKED, later: bool = False, lint_shown: Iterable[str] = (), rules: Iterable[str] = ()) -> Decision:
    """Make the decision not to answer; `later` puts it off instead. Nothing is sent for it, whatever the reason was.

    Raises:
        ValueError: the mode is none.
    """
    nothing = replace(plan, answerable=False, until=None)
    return decide(nothing, mode=mode, deferred=tuple(nothing.reasons) if later else (), lint_shown=lint_shown, rules=rules)


def _answers(plan: Plan, given: Collection[str], deferred: Collection[Claim]) -> Iterator[Decided]:
    names = _within_reach(plan)
    leave = {(query_id, claim_id) for query_id, together in plan.picks.items() for claim_id in picked({query_id: together})}
    named = _named(names)
    for claim_id, row in plan.asked.rows.items():
        for name, query_ids in named.get(claim_id, {}).items():
            leaves = [query_id for query_id in query_ids if claim_id in given and (query_id, claim_id) in leave]
            if leaves:
                until = min(plan.ends, plan.planned + row.keep_for if row.keep_for else plan.asked.request.expires)
                yield Decided(name, GIVEN, until, names.get((leaves[0], row.instead_of)))
            else:
                yield Decided(name, DEFERRED if name in deferred else REFUSED)


def _within_reach(plan: Plan) -> dict[tuple[str, str], Claim]:
    within = plan.reasons.keys()
    return {place: name for place, name in plan.asked.names.items() if name in within}


def _named(names: Mapping[tuple[str, str], Claim]) -> dict[str, dict[Claim, list[str]]]:
    """Give by the id of a claim the names that it goes by, with the credential queries that have them.

    One id may stand in several queries, and for several claims.
    """
    named: dict[str, dict[Claim, list[str]]] = {}
    for (query_id, claim_id), name in names.items():
        named.setdefault(claim_id, {}).setdefault(name, []).append(query_id)
    return named


def _sources(plan: Plan) -> Iterator[Source]:
    for query_id, together in plan.picks.items():
        claims = picked({query_id: together}) & plan.asked.rows.keys()
        yield Source(query_id, tuple(pick.candidate.credential for pick in together), tuple(sorted(claims)))
