"""Read and write a customer's rules as JSON: strictly, for they are the customer's own, and what is misspelt protects nobody."""

from collections.abc import Callable, Mapping
from datetime import timedelta
from functools import lru_cache
from typing import Any, Final

from sayso.credentials.kinds import Claim
from sayso.credentials.validity import format_date_time
from sayso.errors import SaysoError
from sayso.jsonvalue import Json, JsonObject, from_python, parse_object
from sayso.sharing import dpv, strict
from sayso.sharing.preferences.profile import OUTCOMES, OWN_IDS, SIGNS, Comparison, PreApproval, Preferences, Rule, When
from sayso.sharing.strict import listed, members, one_of, read_claim, refused, write_claim
from sayso.sharing.terms import NOTHING, read_duration, write_duration


def parse(data: bytes | str) -> Preferences:
    """Read a profile from JSON text.

    Raises:
        SaysoError: PARSING_ERROR, MALFORMED_VALUE_ERROR or LIMIT_EXCEEDED, with a pointer to the member.
    """
    return read(parse_object(data))


def read(value: Json) -> Preferences:
    """Read a profile from its JSON form; a member that is not known is refused.

    Raises:
        SaysoError: MALFORMED_VALUE_ERROR or LIMIT_EXCEEDED, with a pointer to the member.
    """
    found = members(value, {"rules": _rules, "agreements": strict.texts, "gpc": strict.boolean, "preApproved": _approvals})
    return Preferences(found.get("rules", ()), found.get("agreements", ()), found.get("gpc", False), found.get("preApproved", ()))


def write(preferences: Preferences) -> JsonObject:
    """Write the JSON form of a profile."""
    return {
        "rules": [_rule_members(rule) for rule in preferences.rules],
        "agreements": [*preferences.agreements],
        "gpc": preferences.gpc,
        "preApproved": [
            {"verifier": one.verifier, "claims": [write_claim(claim) for claim in one.claims], "validUntil": format_date_time(one.until)}
            for one in preferences.pre_approved
        ],
    }


@lru_cache(64)
def own(preferences: Preferences) -> Preferences:
    """Check rules that were made by hand, as those of a file are: what is misspelt would match nothing.

    Raises:
        TypeError: they are none.
        ValueError: something in them is not what it is called.
    """
    if not isinstance(preferences, Preferences):  # pyright: ignore[reportUnnecessaryIsInstance] # callers need not have a type checker
        msg = f"preferences are Preferences, not {type(preferences).__name__}"
        raise TypeError(msg)
    try:
        found = read(from_python(write(preferences)))
    except (SaysoError, AttributeError, TypeError) as error:
        msg = f"preferences: {error}"
        raise ValueError(msg) from None
    if found != preferences:
        msg = "preferences: ends and durations are in whole seconds"
        raise ValueError(msg)
    return preferences


def _rule_members(rule: Rule) -> JsonObject:
    when = rule.when
    condition: JsonObject = {
        name: _condition(getattr(when, field)) for name, (field, _) in _WHEN.items() if getattr(when, field) not in ("", None)
    }
    written: JsonObject = {"id": rule.id, "if": condition, "then": rule.then}
    if rule.max_until is not None:
        written["maxUntil"] = write_duration(rule.max_until)
    if rule.counter is not None:
        written["counter"] = {"hasDuration": write_duration(rule.counter)}
    return written


def _condition(value: Claim | Comparison | bool) -> Json:
    if isinstance(value, Comparison):
        return value.sign + write_duration(value.duration)
    return value if isinstance(value, bool) else write_claim(value)


def _rules(value: Json) -> tuple[Rule, ...]:
    rules = listed(value, _rule)
    if len({rule.id for rule in rules}) < len(rules):
        raise refused("no two rules have one id")
    return rules


def _rule(value: Json, index: int) -> Rule:
    found = members(
        value, {"id": strict.text, "if": _when, "then": one_of(OUTCOMES), "maxUntil": _limit, "counter": _counter}, ("if", "then")
    )
    name = found.get("id", f"rule-{index + 1}")
    if name in OWN_IDS:
        raise refused(f"no rule is called {' or '.join(sorted(OWN_IDS))}", "id")
    return Rule(name, found["if"], found["then"], found.get("maxUntil"), found.get("counter"))


def _when(value: Json) -> When:
    found = members(value, {name: reader for name, (_, reader) in _WHEN.items()})
    return When(**{_WHEN[name][0]: member for name, member in found.items()})


def _counter(value: Json) -> timedelta:
    limit: timedelta = members(value, {"hasDuration": _limit}, ("hasDuration",))["hasDuration"]
    return limit


def _approvals(value: Json) -> tuple[PreApproval, ...]:
    return listed(value, _approval)


def _approval(value: Json, _: int) -> PreApproval:
    readers: dict[str, Callable[[Json], Any]] = {"verifier": strict.did, "claims": strict.claims, "validUntil": strict.instant}
    return PreApproval(**{"until" if name == "validUntil" else name: member for name, member in members(value, readers, readers).items()})


def _recipient(value: Json) -> str:
    text = strict.text(value)
    if text.startswith("dpv:") and text not in dpv.ROLES:
        raise refused("it is a name, or one of the roles that are known here")
    return text


def _duration(value: Json) -> timedelta:
    try:
        return read_duration(value)
    except SaysoError as error:
        raise refused(error.problems[0].detail) from None


def _limit(value: Json) -> timedelta:
    limit = _duration(value)
    if limit == NOTHING:
        raise refused("nothing can be shared for no time at all")
    return limit


def _comparison(value: Json) -> Comparison:
    if isinstance(value, str):
        for sign in SIGNS:
            if value.startswith(sign):
                return Comparison(sign, _duration(value.removeprefix(sign)))
    raise refused(f"it is one of {' '.join(SIGNS)} and a duration")


_WHEN: Final[Mapping[str, tuple[str, Callable[[Json], Any]]]] = {
    "claim": ("claim", read_claim),
    "purpose": ("purpose", one_of(dpv.PURPOSES)),
    "necessity": ("necessity", one_of((dpv.REQUIRED, dpv.OPTIONAL))),
    "hasDuration": ("retention", _comparison),
    "verifier": ("verifier", strict.did),
    "recipient": ("recipient", _recipient),
    "notProhibited": ("not_prohibited", one_of(dpv.PROHIBITABLE)),
    "agreement": ("agreement", strict.text),
    "lint": ("lint", strict.text),
    "metBefore": ("met_before", strict.boolean),
    "category": ("category", one_of(dpv.CATEGORIES)),
}
"""The members of `if`: the field of `When` that each of them is, and how it is read."""
