"""Write the privacy notice of a dialogue map: what customers are to know before anything is asked.

Source: GDPR, Articles 12 and 13.
"""

from collections.abc import Iterator

from sayso.credentials.formats import spoken
from sayso.sharing.attribute import Attribute
from sayso.sharing.conditions import Conditions, Organisation, Recipient
from sayso.sharing.dialogue.markdown import labelled, link, plain
from sayso.sharing.dialogue.values import DialogueMap, Step
from sayso.sharing.dialogue.wording import ENGLISH, Words


def languages(dialogue: DialogueMap) -> tuple[str, ...]:
    """Give the languages in which every step says its purpose, beside the one it is written in."""
    spoken_in = [[lang for lang, _ in step.purposes] for step in dialogue.steps]
    return tuple(lang for lang in dict.fromkeys(spoken_in[0] if spoken_in else ()) if all(lang in one for one in spoken_in))


def privacy_notice(dialogue: DialogueMap, language: str = "") -> str:
    """Write the notice in Markdown; nothing in the map's texts is taken for markup.

    Args:
        dialogue: the map.
        language: the tag of the language in which the purposes are said; "" for that in which the map is written. What stands around them
            is in English or Norwegian.

    Raises:
        ValueError: some step does not say its purpose in that language.
    """
    if language and language not in languages(dialogue):
        msg = f"purposes are said in {', '.join(languages(dialogue)) or 'one language only'}; leave the language out for the map's own"
        raise ValueError(msg)
    words = Words(language or ENGLISH)
    said = dialogue.conditions
    head = [f"# {plain(dialogue.title) if dialogue.title else words['notice']}", "", *_parties(dialogue, words)]
    steps = [line for step in dialogue.steps for line in _step(step, said, language, words)]
    return "\n".join([*head, *steps, ""])


def _parties(dialogue: DialogueMap, words: Words) -> list[str]:
    said = dialogue.conditions
    parties = (("controller", said.controller), ("officer", dialogue.officer), ("authority", said.authority))
    rows = [(words[name], party(one, words)) for name, one in (*parties, ("intermediary", said.intermediary)) if one is not None]
    rights = said.controller.rights if said.controller else ""
    return labelled(
        [
            *rows,
            (words["rights"], link(rights) if rights else ""),
            (words["promises"], ", ".join(words.term(one) for one in said.prohibited)),
            (words["agreement"], plain(said.agreement)),
            (words["version"], plain(dialogue.version)),
        ]
    )


def party(one: Organisation, words: Words) -> str:
    """Name a party, with where it can be reached."""
    name = plain(one.name) + (f" ({plain(one.trade_name)})" if one.trade_name else "") + (f", {one.country}" if one.country else "")
    return name + (f"; {words['contact']}: " + ", ".join(map(link, one.contact)) if one.contact else "")


def recipients(those: tuple[Recipient, ...], words: Words) -> str:
    """Name recipients, with what they are."""
    return ", ".join(f"{plain(one.name)} ({words.term(one.role)})" for one in those)


def _step(step: Step, said: Conditions, language: str, words: Words) -> Iterator[str]:
    purpose = dict(step.purposes).get(language, step.purpose)
    yield from ("", f"## {plain(purpose)}", "")
    yield from labelled(
        [
            (words["benefit"], plain(step.benefit)),
            (words["if_not_shared"], plain(step.if_not_shared)),
            (words["legal_basis"], words.legal_basis(step.legal_basis or said.legal_basis)),
            (words["recipients"], recipients(tuple(dict.fromkeys((*said.recipients, *step.recipients))), words)),
        ]
    )
    for needed, those in (("required", step.required), ("optional", step.optional)):
        for one in those:
            yield from ("", f"### {plain(spoken(one.claim))} ({words[needed]})", "")
            yield from labelled(_attribute(step, one, words))


def _attribute(step: Step, one: Attribute, words: Words) -> list[tuple[str, str]]:
    return [
        (words["reason"], plain(one.reason)),
        (words["benefit"], plain(one.benefit)),
        (words["if_not_shared"], plain(one.if_not_shared)),
        (words["keep_for"], words.duration(step.retention_of(one))),
        (words["trigger"], plain(one.trigger)),
        (words["location"], one.location.removeprefix("loc:")),
        (words["recipients"], recipients(one.recipients, words)),
        (words["legal_basis"], words.legal_basis(one.legal_basis)),
        (words["category"], words.term(one.category)),
        (words["instead"], ", ".join(_instead(step, member, words) for member in one.group[:-1])),
    ]


def _instead(step: Step, member: Attribute, words: Words) -> str:
    """Name what does instead, with what it says otherwise than that in whose place it stands."""
    said = [
        ("keep_for", "" if member.keep_for is None else words.duration(step.retention_of(member))),
        ("trigger", plain(member.trigger)),
        ("location", member.location.removeprefix("loc:")),
        ("recipients", recipients(member.recipients, words)),
        ("legal_basis", words.legal_basis(member.legal_basis)),
        ("category", words.term(member.category)),
    ]
    own = "; ".join(f"{words[name]}: {text}" for name, text in said if text)
    return plain(spoken(member.claim)) + (f" ({own})" if own else "")
