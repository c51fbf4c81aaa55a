"""Tell two versions of a dialogue map apart in plain words: what is asked for beside, kept longer, told to others, promised no more."""

from collections.abc import Callable, Collection, Iterator, Mapping
from datetime import timedelta
from typing import Final, NamedTuple, TypeAlias

from sayso.credentials.formats import spoken
from sayso.credentials.kinds import Claim
from sayso.jsonvalue import serialize
from sayso.sharing import dpv
from sayso.sharing.attribute import Attribute
from sayso.sharing.conditions import Organisation, Recipient
from sayso.sharing.dialogue.values import DialogueMap, Step
from sayso.sharing.dialogue.wording import ENGLISH, Words

WIDER: Final = "wider"
"""More is asked for, or kept longer, or told to more, or less is promised; or it cannot be told that it is not so."""
NARROWER: Final = "narrower"
NEUTRAL: Final = "neutral"

NOTHING_NEW: Final = "Nothing new was added."

_WORDS: Final = Words(ENGLISH)
_Value: TypeAlias = str | timedelta | tuple[object, ...]


class Change(NamedTuple):
    """Hold one difference: how it bears on the customer, what changed, where, and a sentence that says it.

    `severity` is WIDER, NARROWER or NEUTRAL; `step` and `claim` are "" for what is about more than one.
    """

    severity: str
    what: str
    step: str
    claim: str
    sentence: str


class _Fact(NamedTuple):
    step: str
    claim: str
    kind: str
    name: str = ""


class _Rule(NamedTuple):
    """Say how a fact that came, went or changed bears on the customer, and what people call it."""

    called: str
    came: str = NEUTRAL
    went: str = NEUTRAL
    changed: str = NEUTRAL


_RULES: Final[Mapping[str, _Rule]] = {
    "step": _Rule("the step", WIDER, NARROWER),
    "attribute": _Rule("the attribute", WIDER, NARROWER),
    "id": _Rule("the id of the map"),
    "title": _Rule("the title"),
    "version": _Rule("the version"),
    "subjects": _Rule("whom the data are about", changed=WIDER),
    "measure": _Rule("the security measure", NARROWER, WIDER),
    "controller": _Rule("who asks", changed=WIDER, went=WIDER),
    "controller contact": _Rule("how to reach who asks", NARROWER, WIDER),
    "intermediary": _Rule("who receives the answers", WIDER, NARROWER, WIDER),
    "intermediary contact": _Rule("how to reach who receives the answers"),
    "authority": _Rule("the supervisory authority", NARROWER, WIDER),
    "authority contact": _Rule("how to reach the supervisory authority"),
    "officer": _Rule("the data protection officer", NARROWER, WIDER),
    "officer contact": _Rule("how to reach the data protection officer"),
    "agreement": _Rule("the agreement", NARROWER, WIDER, WIDER),
    "prohibited": _Rule("the promise not to", NARROWER, WIDER),
    "recipient": _Rule("the recipient", WIDER, NARROWER, WIDER),
    "legal basis": _Rule("the legal basis", WIDER, WIDER, WIDER),
    "purpose": _Rule("the purpose", changed=WIDER),
    "purpose in": _Rule("the purpose in", changed=WIDER),
    "purpose term": _Rule("the kind of purpose", NARROWER, WIDER, WIDER),
    "registered": _Rule("the registered use", NARROWER, WIDER),
    "type": _Rule("the type of the credential"),
    "format": _Rule("the format"),
    "default": _Rule("how long what says nothing itself is kept"),
    "necessity": _Rule("whether it is needed"),
    "keep_for": _Rule("how long it is kept"),
    "reason": _Rule("the reason"),
    "benefit": _Rule("what the customer gains"),
    "if_not_shared": _Rule("what happens if it is not shared"),
    "trigger": _Rule("from when it counts", WIDER, NARROWER, WIDER),
    "location": _Rule("where it is kept", NARROWER, WIDER, WIDER),
    "category": _Rule("what kind of data it is", WIDER, NARROWER, WIDER),
    "values": _Rule("the values that it may have"),
    "accepts": _Rule("what does instead of it,", NARROWER, WIDER),
}


def diff(old: DialogueMap, new: DialogueMap) -> tuple[Change, ...]:
    """Give what changed from one version to another, what is wider first; a step or an attribute that came or went is one change.

    The order of steps and attributes is no difference.
    """
    before, after = dict(_facts(old)), dict(_facts(new))
    came_or_went = before.keys() ^ after.keys()
    moved = {(fact.step, fact.claim) for fact in came_or_went if fact.kind in ("step", "attribute")}
    moved |= {(fact.step, fact.name) for fact in came_or_went if fact.kind == "accepts"}
    found = [
        _change(fact, before.get(fact), after.get(fact))
        for fact in dict.fromkeys((*before, *after))
        if before.get(fact) != after.get(fact) and not _is_inside(fact, moved)
    ]
    return tuple(sorted(found, key=lambda change: (WIDER, NARROWER, NEUTRAL).index(change.severity)))


def _is_inside(fact: _Fact, moved: Collection[tuple[str, str]]) -> bool:
    """Tell whether a fact is about what came or went as a whole."""
    if fact.kind == "step":
        return False
    return (fact.step, "") in moved or (fact.kind != "attribute" and fact.claim != "" and (fact.step, fact.claim) in moved)


def is_wider(changes: tuple[Change, ...]) -> bool:
    """Tell whether anything is asked, kept, told or done that was not before."""
    return any(change.severity == WIDER for change in changes)


def told(changes: tuple[Change, ...]) -> tuple[str, ...]:
    """Give the sentences, and say so where nothing new was added."""
    return (*(change.sentence for change in changes), *(() if is_wider(changes) else (NOTHING_NEW,)))


def _facts(dialogue: DialogueMap) -> Iterator[tuple[_Fact, _Value]]:
    said = dialogue.conditions
    texts = {"id": dialogue.id, "title": dialogue.title, "version": dialogue.version, "subjects": dialogue.subjects}
    yield from _texts("", "", {**texts, "agreement": said.agreement, "legal basis": said.legal_basis})
    parties = {"controller": said.controller, "intermediary": said.intermediary, "authority": said.authority, "officer": dialogue.officer}
    for role, party in parties.items():
        yield from _party(role, party)
    yield from (_named("", "", "measure", one) for one in dialogue.measures)
    yield from (_named("", "", "prohibited", one) for one in said.prohibited)
    yield from _recipients("", "", said.recipients)
    for step in dialogue.steps:
        yield from _step(step)


def _texts(step: str, claim: str, those: Mapping[str, str]) -> Iterator[tuple[_Fact, _Value]]:
    yield from ((_Fact(step, claim, kind), text) for kind, text in those.items() if text)


def _named(step: str, claim: str, kind: str, name: str) -> tuple[_Fact, _Value]:
    return _Fact(step, claim, kind, name), name


def _party(role: str, party: Organisation | None) -> Iterator[tuple[_Fact, _Value]]:
    if party is not None:
        yield _Fact("", "", role), party.name + (f" ({party.did})" if party.did else "")
        yield _Fact("", "", f"{role} contact"), (party.trade_name, party.country, party.contact, party.rights)


def _recipients(step: str, claim: str, those: tuple[Recipient, ...]) -> Iterator[tuple[_Fact, _Value]]:
    yield from (_named(step, claim, "recipient", f"{one.name} ({_WORDS.term(one.role)})") for one in those)


def _step(step: Step) -> Iterator[tuple[_Fact, _Value]]:
    yield _Fact(step.id, "", "step"), step.id
    texts = {"purpose": step.purpose, "purpose term": step.category, "benefit": step.benefit, "if_not_shared": step.if_not_shared}
    yield from _texts(step.id, "", {**texts, "legal basis": step.legal_basis, "registered": step.registered, "type": step.type})
    yield _Fact(step.id, "", "default"), (step.keep_for if isinstance(step.keep_for, timedelta) else timedelta(0))
    yield from ((_Fact(step.id, "", "purpose in", lang), text) for lang, text in step.purposes)
    yield from (_named(step.id, "", "format", name) for name in step.formats)
    yield from _recipients(step.id, "", step.recipients)
    for necessity, those in (("needed", step.required), ("optional", step.optional)):
        for one in those:
            claim = _called(one.claim)
            yield _Fact(step.id, claim, "attribute"), ""
            yield _Fact(step.id, claim, "necessity"), necessity
            for other in one.group[:-1]:
                yield _Fact(step.id, claim, "accepts", _called(other.claim)), "more" if _is_more(step, one, other) else ""
            for member in one.group:
                yield from _attribute(step, one, member)


def _called(claim: Claim) -> str:
    """Name a claim, and no two claims alike: what is written with dots may be a name that holds one."""
    steps = (claim,) if isinstance(claim, str) else claim
    plain = all(not step.isdecimal() and {*".*["}.isdisjoint(step) for step in steps if isinstance(step, str))
    return spoken(claim) if plain else serialize([*steps])


def _is_more(step: Step, one: Attribute, other: Attribute) -> bool:
    """Tell whether what does instead of a claim is kept longer than it, or on other terms."""
    longer = other.keep_for is not None and step.retention_of(other) > step.retention_of(one)
    return longer or any(said and said != whole for said, whole in zip(_terms(other), _terms(one), strict=True))


def _terms(one: Attribute) -> tuple[object, ...]:
    return one.recipients, one.legal_basis, one.trigger, one.location, one.category


def _attribute(step: Step, one: Attribute, member: Attribute) -> Iterator[tuple[_Fact, _Value]]:
    claim = _called(member.claim)
    yield _Fact(step.id, claim, "keep_for"), step.retention_of(one if member.keep_for is None else member)
    texts = {"reason": member.reason, "benefit": member.benefit, "if_not_shared": member.if_not_shared, "trigger": member.trigger}
    more = {"legal basis": member.legal_basis, "location": member.location, "category": member.category}
    yield from _texts(step.id, claim, {**texts, **more})
    if member.values:
        yield _Fact(step.id, claim, "values"), member.values
    yield from _recipients(step.id, claim, member.recipients)


def _change(fact: _Fact, old: _Value | None, new: _Value | None) -> Change:
    judge = _JUDGES.get(fact.kind)
    severity, sentence = judge(fact, old, new) if judge and old is not None and new is not None else _plainly(fact, old, new)
    place = " of ".join(f'"{name}"' for name in (fact.claim, fact.step) if name)
    said = f"In {place}, {sentence}." if place and fact.kind not in ("step", "attribute") else f"{sentence[0].upper()}{sentence[1:]}."
    return Change(severity, fact.kind, fact.step, fact.claim, said)


def _plainly(fact: _Fact, old: _Value | None, new: _Value | None) -> tuple[str, str]:
    rule = _RULES[fact.kind]
    if fact.kind == "prohibited":
        promise = _WORDS.term(fact.name)
        return (
            (rule.came, f"it is promised now: not to {promise}")
            if old is None
            else (rule.went, f"it is promised no more: not to {promise}")
        )
    if fact.kind == "accepts" and new == "more":
        return WIDER, f'{rule.called} "{fact.name}" is on terms of its own'
    if fact.kind == "attribute":
        asked = f'"{fact.claim}" in "{fact.step}"'
        return (rule.came, f"{asked} is asked for now") if old is None else (rule.went, f"{asked} is asked for no more")
    name = f' "{fact.step}"' if fact.kind == "step" else f' "{fact.name}"' if fact.name else ""
    if old is None:
        return rule.came, f"{rule.called}{name} is new"
    if new is None:
        return rule.went, f"{rule.called}{name} is no longer there"
    return rule.changed, f"{rule.called}{name} is said otherwise"


def _kept(_: _Fact, old: _Value, new: _Value) -> tuple[str, str]:
    longer = isinstance(old, timedelta) and isinstance(new, timedelta) and new > old
    lengths = [_WORDS.duration(one) if one else "not at all" for one in (old, new) if isinstance(one, timedelta)]
    return (WIDER if longer else NARROWER), f"it is kept {'longer' if longer else 'shorter'}: {lengths[1]} instead of {lengths[0]}"


def _default(fact: _Fact, old: _Value, new: _Value) -> tuple[str, str]:
    return NEUTRAL, _kept(fact, old, new)[1].replace("it is kept", "what says nothing itself is kept")


def _needed(_: _Fact, __: _Value, new: _Value) -> tuple[str, str]:
    return (WIDER, "it is needed now") if new == "needed" else (NARROWER, "it is the customer's choice now")


def _basis(_: _Fact, old: _Value, new: _Value) -> tuple[str, str]:
    asks = {*dpv.CONSENT, *dpv.EXPLICIT_CONSENT}
    severity = NARROWER if new in asks and old not in asks else WIDER
    return severity, f"the legal basis is {_WORDS.legal_basis(str(new))} instead of {_WORDS.legal_basis(str(old))}"


def _within(_: _Fact, old: _Value, new: _Value) -> tuple[str, str]:
    severity = NARROWER if dpv.is_within(str(new), str(old)) else WIDER
    return severity, f"the kind of purpose is to {_WORDS.term(str(new))} instead of to {_WORDS.term(str(old))}"


_JUDGES: Final[Mapping[str, Callable[[_Fact, _Value, _Value], tuple[str, str]]]] = {
    "keep_for": _kept,
    "default": _default,
    "necessity": _needed,
    "legal basis": _basis,
    "purpose term": _within,
}
