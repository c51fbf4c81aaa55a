"""Hold a dialogue map: what a business asks of a customer at each step, why, and how long it keeps it."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import timedelta

from sayso.credentials.kinds import Claim
from sayso.encodings import jcs
from sayso.encodings.multihash import digest_multibase
from sayso.jsonvalue import Json, JsonObject
from sayso.sharing import conditions
from sayso.sharing.attribute import Attribute
from sayso.sharing.conditions import Conditions, Link, Organisation, Process, Recipient, stated
from sayso.sharing.dpv import OPTIONAL, REQUIRED
from sayso.sharing.terms import WillNotStore, retention, write_duration

FORMATS = ("vc+sd-jwt",)
"""The formats that answer a step that names none."""
CUSTOMERS = "Customers"
"""Whom the data are about, where a map does not say."""


@dataclass(frozen=True, slots=True)
class Step:
    """Hold one step of the dialogue with a customer.

    Args:
        id: what it is called in requests.
        purpose: what the data are for.
        benefit: what the customer gains.
        keep_for: how long what says nothing else is kept.
        required: what the step cannot do without.
        optional: what the customer may add.
        if_not_shared: what happens if it is not shared.
        category: the purpose in terms of `dpv.PURPOSES`.
        legal_basis: one of `dpv.LEGAL_BASES`, where it is not that of the whole map.
        recipients: who gets it too, beside those of the whole map.
        registered: the id of the use in a public register.
        purposes: the purpose in other languages, by their tag.
        type: the type of the credential that answers, "" for any.
        formats: the credential formats that may answer.
    """

    id: str
    purpose: str
    benefit: str
    keep_for: timedelta | WillNotStore
    required: tuple[Attribute, ...] = ()
    optional: tuple[Attribute, ...] = ()
    if_not_shared: str = ""
    category: str = ""
    legal_basis: str = ""
    recipients: tuple[Recipient, ...] = ()
    registered: str = ""
    purposes: tuple[tuple[str, str], ...] = ()
    type: str = ""
    formats: tuple[str, ...] = FORMATS

    @property
    def attributes(self) -> tuple[Attribute, ...]:
        """What is asked for, needed or not."""
        return (*self.required, *self.optional)

    def retention_of(self, one: Attribute) -> timedelta:
        """Say how long an attribute is kept."""
        return retention(self.keep_for if one.keep_for is None else one.keep_for)


@dataclass(frozen=True, slots=True)
class DialogueMap:
    """Hold what a business asks of a customer, step by step: the one place from which requests, notice and record are made.

    Args:
        id: the URL or URN of the map.
        steps: its steps.
        conditions: what is the same for every step: who asks, whom it tells, what it will not do, on what legal basis.
        title: what people call it.
        version: which one it is.
        subjects: whom the data are about.
        measures: how the data are kept safe.
        officer: the data protection officer.
    """

    id: str
    steps: tuple[Step, ...]
    conditions: Conditions = conditions.NONE
    title: str = ""
    version: str = ""
    subjects: str = CUSTOMERS
    measures: tuple[str, ...] = ()
    officer: Organisation | None = None

    def step(self, name: str) -> Step:
        """Give a step by its id.

        Raises:
            ValueError: there is none.
        """
        for step in self.steps:
            if step.id == name:
                return step
        msg = f"the map has the steps {', '.join(step.id for step in self.steps)}, and no other"
        raise ValueError(msg)

    def allowed(self, name: str) -> Mapping[Claim, timedelta]:
        """Give each claim that a step may ask for, with the longest time for which it may be kept; nothing is a duration of zero.

        Raises:
            ValueError: there is no such step.
        """
        step = self.step(name)
        return {
            member.claim: step.retention_of(one if member.keep_for is None else member) for one in step.attributes for member in one.group
        }

    def conditions_of(self, name: str) -> Conditions:
        """Give what a request of a step says of itself: with the step, and with the digest of this map.

        Raises:
            ValueError: there is no such step.
        """
        step, common = self.step(name), self.conditions
        return common._replace(
            category=step.category,
            legal_basis=step.legal_basis or common.legal_basis,
            recipients=tuple(dict.fromkeys((*common.recipients, *step.recipients))),
            process=Process(self.id, step.id, step.registered),
            dialogue_map=Link(self.id, self.digest),
            purposes=step.purposes,
        )

    @property
    def digest(self) -> str:
        """The digest of the map's canonical JSON form, as `digestMultibase`: the same for the same map in TOML and in JSON.

        Source: RFC 8785; VCDM 2.0, section 5.3.
        """
        return digest_multibase(jcs.canonicalize(self.to_json()))

    def to_json(self) -> JsonObject:
        """Write the map as its file has it."""
        return stated(
            id=self.id,
            title=self.title,
            version=self.version,
            dataSubjects="" if self.subjects == CUSTOMERS else self.subjects,
            securityMeasures=[*self.measures],
            dataProtectionOfficer=self.officer and conditions.organisation_members(self.officer),
            **conditions.serialize(self.conditions),
            steps=[_step(step) for step in self.steps],
        )


def _step(step: Step) -> JsonObject:
    translated: list[Json] = [{"lang": lang, "content": text} for lang, text in step.purposes]
    return stated(
        id=step.id,
        purposeText=[{"content": step.purpose}, *translated],
        hasPurpose=step.category,
        benefit=step.benefit,
        ifNotShared=step.if_not_shared,
        storage=_storage(step.keep_for),
        hasLegalBasis=step.legal_basis,
        hasRecipient=conditions.recipients_members(step.recipients),
        intendedUseIdentifier=step.registered,
        type=step.type,
        formats=[] if step.formats == FORMATS else [*step.formats],
        attributes=[
            *({**_attribute(one), "hasNecessity": REQUIRED} for one in step.required),
            *({**_attribute(one), "hasNecessity": OPTIONAL} for one in step.optional),
        ],
    )


def _attribute(one: Attribute) -> JsonObject:
    storage: JsonObject = {**_storage(one.keep_for), **stated(trigger=one.trigger, hasLocation=one.location)}
    members = stated(
        claim=one.claim if isinstance(one.claim, str) else [*one.claim],
        reason=one.reason,
        benefit=one.benefit,
        ifNotShared=one.if_not_shared,
        hasLegalBasis=one.legal_basis,
        hasRecipient=conditions.recipients_members(one.recipients),
        hasPersonalData=one.category,
        values=[*one.values],
        accepts=[_attribute(member) for member in one.group[:-1]],
    )
    return {**members, "storage": storage} if storage else members


def _storage(keep_for: timedelta | WillNotStore | None) -> JsonObject:
    return {} if keep_for is None else {"hasDuration": write_duration(retention(keep_for))}
