"""Write the record of processing activities of a dialogue map, in Markdown and in terms of DPV.

Source: GDPR, Article 30(1); W3C Data Privacy Vocabulary (DPV) 2.3.
"""

from collections.abc import Iterator
from typing import Final

from sayso.credentials.formats import spoken
from sayso.jsonvalue import Json, JsonObject, thaw
from sayso.sharing import dpv
from sayso.sharing.attribute import Attribute
from sayso.sharing.conditions import Conditions, Organisation, Recipient, stated
from sayso.sharing.dialogue.markdown import labelled, plain
from sayso.sharing.dialogue.notice import party, recipients
from sayso.sharing.dialogue.values import DialogueMap, Step
from sayso.sharing.dialogue.wording import ENGLISH, Words
from sayso.sharing.terms import write_duration

_UNSTATED: Final = "not stated in the dialogue map"
_XSD: Final = "http://www.w3.org/2001/XMLSchema#"
_DCT: Final = "http://purl.org/dc/terms/"
_THINGS: Final = (
    "hasDataController",
    "hasDataSubject",
    "hasEntity",
    "hasLegalBasis",
    "hasLocation",
    "hasNecessity",
    "hasPersonalData",
    "hasProcess",
    "hasProcessing",
    "hasProhibition",
    "hasPurpose",
    "hasRecipient",
    "hasStorageCondition",
    "hasTechnicalOrganisationalMeasure",
)
_CONTEXT: Final[JsonObject] = {
    "id": "@id",
    "type": "@type",
    **{name: {"@id": dpv.NAMESPACES["dpv"] + name, "@type": "@id"} for name in _THINGS},
    "hasContact": {"@id": dpv.NAMESPACES["dpv"] + "hasContact", "@type": "@id"},
    "hasName": dpv.NAMESPACES["dpv"] + "hasName",
    "hasDuration": {"@id": dpv.NAMESPACES["dpv"] + "hasDuration", "@type": _XSD + "dayTimeDuration"},
    "title": _DCT + "title",
    "description": _DCT + "description",
    "identifier": _DCT + "identifier",
    "hasVersion": _DCT + "hasVersion",
}
"""The context stands in the document itself, so that who reads it needs nothing else."""


def record_of_processing(dialogue: DialogueMap) -> str:
    """Write the record in Markdown: what Article 30(1) asks for, and where the map does not say it, that it does not.

    Source: GDPR, Article 30(1), points (a) to (g).
    """
    words, said = Words(ENGLISH), dialogue.conditions
    head = [
        ("Controller (a)", party(said.controller, words) if said.controller else _UNSTATED),
        ("Data protection officer (a)", party(dialogue.officer, words) if dialogue.officer else _UNSTATED),
        ("Data subjects (c)", plain(dialogue.subjects)),
        ("Security measures (g)", "; ".join(map(plain, dialogue.measures)) or _UNSTATED),
        ("Dialogue map", f"{plain(dialogue.id)}, {dialogue.digest}"),
        ("Version", plain(dialogue.version)),
    ]
    steps = [line for step in dialogue.steps for line in _step(step, said, words)]
    return "\n".join(["# Record of processing activities", "", *labelled(head), *steps, ""])


def _step(step: Step, said: Conditions, words: Words) -> Iterator[str]:
    given = [*said.recipients, *step.recipients, *(other for one in step.attributes for member in one.group for other in member.recipients)]
    yield from ("", f"## {plain(step.id)}", "")
    yield from labelled(
        [
            ("Purpose (b)", plain(step.purpose) + (f" ({words.term(step.category)})" if step.category else "")),
            ("Legal basis", words.legal_basis(step.legal_basis or said.legal_basis) or _UNSTATED),
            ("Recipients (d)", recipients(tuple(dict.fromkeys(given)), words) or _UNSTATED),
            ("Received for the controller by", party(said.intermediary, words) if said.intermediary else ""),
            ("Registered use", plain(step.registered)),
        ]
    )
    yield from ("", "Personal data (c):", "")
    for one in step.attributes:
        for member in one.group:
            kept = step.retention_of(one if member.keep_for is None else member)
            erased = f"erased after {words.duration(kept)}" if kept else "not stored"
            place = member.location or one.location
            where = f"; kept in {place.removeprefix('loc:')} (e)" if place else ""
            kind = f" ({words.term(member.category)})" if member.category else ""
            yield f"- **{plain(spoken(member.claim))}**{kind}: {erased} (f){where}"


def record_json_ld(dialogue: DialogueMap) -> JsonObject:
    """Write the record in JSON-LD, in terms of DPV.

    Source: W3C Data Privacy Vocabulary (DPV) 2.3.
    """
    said = dialogue.conditions
    return {
        "@context": thaw(_CONTEXT),
        **stated(
            id=dialogue.id,
            type=_iri("dpv:RecordsOfActivities"),
            title=dialogue.title,
            hasVersion=dialogue.version,
            identifier=dialogue.digest,
            hasDataController=said.controller and _party(said.controller, "dpv:DataController"),
            hasEntity=_others(dialogue),
            hasDataSubject={"type": _iri("dpv:DataSubject"), "title": dialogue.subjects},
            hasTechnicalOrganisationalMeasure=[
                {"type": _iri("dpv:TechnicalOrganisationalMeasure"), "description": one} for one in dialogue.measures
            ],
            hasProcess=[_process(dialogue, step) for step in dialogue.steps],
        ),
    }


def _others(dialogue: DialogueMap) -> list[Json]:
    said = dialogue.conditions
    those = (
        ("dpv:DataProtectionOfficer", dialogue.officer),
        ("dpv:DataProtectionAuthority", said.authority),
        ("dpv:DataProcessor", said.intermediary),
    )
    return [_party(one, role) for role, one in those if one is not None]


def _process(dialogue: DialogueMap, step: Step) -> JsonObject:
    said = dialogue.conditions
    basis = step.legal_basis or said.legal_basis
    return stated(
        type=_iri("dpv:Process"),
        identifier=step.registered,
        title=step.id,
        hasPurpose={"type": _iri(step.category or "dpv:Purpose"), "description": step.purpose},
        hasLegalBasis=basis and _iri(basis),
        hasRecipient=_recipients((*said.recipients, *step.recipients)),
        hasProhibition=[_prohibition(one) for one in said.prohibited],
        hasPersonalData=[
            *(_personal_data(step, one, dpv.REQUIRED) for one in step.required),
            *(_personal_data(step, one, dpv.OPTIONAL) for one in step.optional),
        ],
    )


def _prohibition(term: str) -> JsonObject:
    if term == dpv.AI_TRAINING:
        return {"type": _iri("dpv:Prohibition"), "description": "To train artificial intelligence with the data"}
    return {"type": _iri("dpv:Prohibition"), ("hasPurpose" if term in dpv.PURPOSES else "hasProcessing"): _iri(term)}


def _personal_data(step: Step, one: Attribute, necessity: str) -> JsonObject:
    return stated(
        type=_iri(one.category or "dpv:PersonalData"),
        title=" / ".join(spoken(member.claim) for member in one.group),
        description=one.reason,
        hasNecessity=_iri(necessity),
        hasLegalBasis=one.legal_basis and _iri(one.legal_basis),
        hasRecipient=_recipients(tuple(other for member in one.group for other in member.recipients)),
        hasStorageCondition=stated(
            type=_iri("dpv:StorageCondition"),
            hasDuration=write_duration(max(step.retention_of(one if member.keep_for is None else member) for member in one.group)),
            hasLocation=one.location and _iri(one.location),
            description=one.trigger,
        ),
    )


def _recipients(those: tuple[Recipient, ...]) -> list[Json]:
    return [{"type": _iri(one.role), "hasName": one.name} for one in dict.fromkeys(those)]


def _party(one: Organisation, role: str) -> JsonObject:
    return stated(id=one.did, type=_iri(role), hasName=one.name, hasContact=[*one.contact])


def _iri(term: str) -> str:
    return dpv.expand(term)
