"""Tell which rules of a customer are about a claim that is asked for, and what each of them says."""

from collections.abc import Callable, Iterator, Mapping
from typing import Final, NamedTuple

from sayso.credentials.claims_path import ClaimsPath
from sayso.credentials.kinds import Claim
from sayso.sharing import dpv
from sayso.sharing.conditions import Conditions
from sayso.sharing.lint.finding import Finding
from sayso.sharing.plan.pieces import Piece
from sayso.sharing.preferences.profile import AGREEMENTS, APPROVE, ASK, DENY, GPC, OFFER, Preferences, Rule, When

_SOLD: Final = ("dpv:SellDataToThirdParties", "dpv:SellInsightsFromData")
_TARGETED: Final = "dpv:TargetedAdvertising"
# What Global Privacy Control asks a business not to do; each is promised by one of the terms, or by a wider one.
_PROMISES: Final = (("dpv:Sell", "dpv:SellDataToThirdParties"), ("dpv:Profiling",), (_TARGETED,))
_CATEGORIES: Final = ("dpv:PersonalData", "dpv:SensitivePersonalData", "dpv:SpecialCategoryPersonalData")  # the wider first


class Asking(NamedTuple):
    """Hold what is known of a whole request; `ids` gives the id of a claim in the query by what it is called in the request."""

    verifier: str
    met_before: bool
    conditions: Conditions
    findings: tuple[Finding, ...]
    ids: Mapping[Claim, str]


class Vote(NamedTuple):
    """Say what one rule, or one of the other members of a profile, wants done with a claim, by its id."""

    then: str
    id: str
    rule: Rule | None = None


class Denial(NamedTuple):
    """Say that a part of a claim is denied: its path in the credential, what it is called, and the id of the rule."""

    path: ClaimsPath
    claim: Claim
    id: str


def covers(outer: ClaimsPath, inner: ClaimsPath) -> bool:
    """Tell whether a path is another one, or leads to all of what is around it; None is every element of an array.

    >>> covers(("home",), ("home", "street")), covers(("langs", None), ("langs", 0)), covers(("langs", 0), ("langs", None))
    (True, True, False)
    """
    return len(outer) <= len(inner) and all(
        ours == theirs or (ours is None and isinstance(theirs, int)) for ours, theirs in zip(outer, inner, strict=False)
    )


def meets(one: ClaimsPath, other: ClaimsPath) -> bool:
    """Tell whether something may be at both paths, or inside of the one and at the other.

    >>> meets(("langs", 0), ("langs", None)), meets(("home",), ("home", "street")), meets(("langs", 0), ("langs", 1))
    (True, True, False)
    """
    return all(
        ours == theirs or (ours is None and isinstance(theirs, int)) or (theirs is None and isinstance(ours, int))
        for ours, theirs in zip(one, other, strict=False)
    )


def votes(preferences: Preferences, asking: Asking, piece: Piece, *, whole: bool = True) -> Iterator[Vote]:
    """Give what each rule that matches a claim says of it; without `whole` only those that name the claim.

    A rule about a part of the claim is no reason to approve it, and one to ask; and so is one that denies a purpose which may be meant.
    """
    if whole:
        yield from _of_all(preferences, asking.conditions)
    for rule in preferences.rules:
        named = rule.when.claim
        if (whole or named is not None) and all(check(rule.when, asking, piece) for check in _CHECKS):
            if named is None or covers(piece.named(named), piece.path):
                yield Vote(rule.then, rule.id, rule)
            elif meets(piece.named(named), piece.path) and rule.then in {ASK, OFFER}:
                yield Vote(ASK, rule.id, rule)
        elif rule.then == DENY and _may_serve(asking, piece, rule.when):
            yield Vote(ASK, rule.id, rule)


def denials(preferences: Preferences, asking: Asking, piece: Piece) -> Iterator[Denial]:
    """Give the parts of a claim that are denied."""
    for rule in preferences.rules:
        if rule.then == DENY and rule.when.claim is not None and all(check(rule.when, asking, piece) for check in _CHECKS):
            path = piece.named(rule.when.claim)
            if meets(path, piece.path) and not covers(path, piece.path):
                yield Denial(path, rule.when.claim, rule.id)


def _of_all(preferences: Preferences, conditions: Conditions) -> Iterator[Vote]:
    if preferences.gpc:
        if any(dpv.is_within(conditions.category, sold) for sold in (*_SOLD, "dpv:PersonalisedAdvertising")):
            yield Vote(DENY, GPC)
        elif not all(any(_promised(conditions, term) for term in promise) for promise in _PROMISES):
            yield Vote(ASK, GPC)
    if conditions.agreement and conditions.agreement in preferences.agreements:
        yield Vote(APPROVE, AGREEMENTS)


def _may_serve(asking: Asking, piece: Piece, when: When) -> bool:
    """Tell whether a purpose that is denied may be meant by one that is wider, or that is not stated, and is not promised against."""
    said = asking.conditions.category
    meant = bool(when.purpose) and (not said or dpv.is_within(when.purpose, said)) and not _promised(asking.conditions, when.purpose)
    return meant and all(check(when._replace(purpose=""), asking, piece) for check in _CHECKS)


def _promised(conditions: Conditions, term: str) -> bool:
    return any(term == promise or dpv.is_within(term, promise) for promise in conditions.prohibited)


def _recipients(asking: Asking, piece: Piece) -> Iterator[str]:
    for one in (*asking.conditions.recipients, *piece.terms.recipients):
        yield from (one.name.casefold(), one.role)
    if asking.conditions.intermediary is not None:
        yield from (name.casefold() for name in asking.conditions.intermediary[:2])


def _is_found(asking: Asking, rule_id: str, piece: Piece) -> bool:
    return any(one.rule == rule_id and (one.claim is None or _is_about(one.claim, asking, piece)) for one in asking.findings)


def _is_about(claim: Claim, asking: Asking, piece: Piece) -> bool:
    # One id may stand in several queries, for a claim that has one name in the one and another in the other.
    return asking.ids.get(claim) == piece.terms.claim or piece.named(claim) == piece.path


def _is_of(category: str, wider: str) -> bool:
    return category in _CATEGORIES and _CATEGORIES.index(category) >= _CATEGORIES.index(wider)


_CHECKS: Final[tuple[Callable[[When, Asking, Piece], bool], ...]] = (
    lambda when, asking, _: not when.purpose or dpv.is_within(asking.conditions.category, when.purpose),
    lambda when, _, piece: not when.necessity or (when.necessity == dpv.REQUIRED) == piece.terms.required,
    lambda when, _, piece: when.retention is None or when.retention.holds(piece.terms.keep_for),
    lambda when, asking, _: not when.verifier or when.verifier == asking.verifier,
    lambda when, asking, piece: (
        not when.recipient or when.recipient in (names := {*_recipients(asking, piece)}) or when.recipient.casefold() in names
    ),
    lambda when, asking, _: not when.not_prohibited or not _promised(asking.conditions, when.not_prohibited),
    lambda when, asking, _: not when.agreement or when.agreement == asking.conditions.agreement,
    lambda when, asking, piece: not when.lint or _is_found(asking, when.lint, piece),
    lambda when, asking, _: when.met_before is None or when.met_before == asking.met_before,
    lambda when, _, piece: not when.category or _is_of(piece.terms.category, when.category),
)
"""Everything that a rule may ask about but the claim itself."""
