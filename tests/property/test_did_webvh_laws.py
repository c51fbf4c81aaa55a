"""Laws of did:webvh: what is written is read, whatever is done in whatever order; and any change of a log is refused."""

import re
from datetime import UTC, datetime, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from sayso.dids.did_webvh import identifier
from sayso.dids.did_webvh.resolution import read_log
from sayso.dids.did_webvh.writing import WebvhLog
from sayso.dids.method import NO_OPTIONS, Options, Resolution
from sayso.errors import INVALID_DID, LIMIT_EXCEEDED, SaysoError
from sayso.jsonvalue import Json, JsonObject, parse_object, serialize
from sayso.keys.signer import SeedSigner
from tests.property.outcomes import ODD, outcome
from tests.support import examples

pytestmark = pytest.mark.laws

AT = datetime(2026, 11, 20, 12, tzinfo=UTC)
DAY = timedelta(days=1)
NOW = AT + 1000 * DAY
SIGNERS = [SeedSigner(bytes([number]) * 32) for number in range(6)]
PUBLIC = [signer.public_key for signer in SIGNERS]
WITNESS, OTHER_WITNESS = SIGNERS[4], SIGNERS[5]


class Controller:
    """Control a DID as a story goes on, and know which key has to sign next."""

    def __init__(self, *, pre_rotation: bool, witnessed: bool) -> None:
        self.key = 0
        self.announced = pre_rotation
        self.witness = WITNESS if witnessed else None
        next_keys = [PUBLIC[1]] if pre_rotation else None
        witnesses = [PUBLIC[4]] if witnessed else None
        self.log = WebvhLog.create(
            "city.example", signer=SIGNERS[0], at=AT, keys={"k": PUBLIC[3]}, portable=True, next_keys=next_keys, witnesses=witnesses
        )
        self.documents: list[JsonObject] = []
        self._done(AT)

    def step(self, what: str) -> None:
        """Do one thing."""
        at = AT + len(self.documents) * DAY
        new = (self.key + 1) % 4
        if self.announced:
            self._while_announced(what, new, at)
        elif what == "rotate":
            self.log, self.key = self.log.rotate(SIGNERS[self.key], at, [PUBLIC[new]]), new
        elif what == "announce":
            self.log, self.announced = self.log.rotate(SIGNERS[self.key], at, [PUBLIC[self.key]], [PUBLIC[new]]), True
        elif what == "move":
            self.log = self.log.move(SIGNERS[self.key], at, f"c{len(self.documents)}.example", "a")
        elif what == "witness":
            self.log = self.log.update(SIGNERS[self.key], at, witnesses=[PUBLIC[5]])
        else:
            changed = {**self.log.document, "number": len(self.documents)}
            self.log = self.log.update(SIGNERS[self.key], at, changed, ttl=len(self.documents))
        self._done(at)
        if what == "witness" and not self.announced:
            self.witness = OTHER_WITNESS

    def _while_announced(self, what: str, new: int, at: datetime) -> None:
        following = [] if what == "rotate" else [PUBLIC[(new + 1) % 4]]
        if what == "move":
            self.log = self.log.move(SIGNERS[new], at, f"d{new}.example", update_keys=[PUBLIC[new]], next_keys=following)
        else:
            self.log = self.log.rotate(SIGNERS[new], at, [PUBLIC[new]], following)
        self.key, self.announced = new, bool(following)

    def _done(self, at: datetime) -> None:
        self.documents.append(self.log.document)
        for witness in (WITNESS, OTHER_WITNESS):
            signed = outcome(self.log.approve, witness, at)
            self.log = signed if isinstance(signed, WebvhLog) else self.log


STORIES = st.lists(st.sampled_from(["update", "rotate", "announce", "move", "witness"]), max_size=6)


@st.composite
def controllers(draw: st.DrawFn) -> Controller:
    controller = Controller(pre_rotation=draw(st.booleans()), witnessed=draw(st.booleans()))
    for what in draw(STORIES):
        controller.step(what)
    return controller


def read(log: WebvhLog, options: Options = NO_OPTIONS) -> Resolution:
    return read_log(log.did, log.text, NOW, log.witnesses or None, options)


@examples(100)
@given(controllers(), st.booleans())
def test_what_is_written_is_read(controller: Controller, ends: bool) -> None:
    log = controller.log
    assert log.publish(NOW) == (log.text, log.witnesses)
    assert WebvhLog.read(log.did, log.text, NOW, log.witnesses) == log
    for number, document in enumerate(controller.documents, 1):
        found = read(log, Options(version_number=number))
        assert {name: member for name, member in found.members.items() if name != "service"} == document
        assert read(log, Options(version_time=AT + (number - 1) * DAY)) == read(log, Options(str(found.metadata["versionId"]))) == found
    assert read(log) == read(log, Options(version_number=len(controller.documents)))
    if ends and not controller.announced:
        ended = log.deactivate(SIGNERS[controller.key], NOW)
        if controller.witness:
            ended = ended.approve(controller.witness, NOW)
        assert read(ended).document is None


LOG = (
    WebvhLog.create(
        "city.example",
        "cards",
        signer=SIGNERS[0],
        at=AT,
        keys={"k": PUBLIC[3]},
        portable=True,
        next_keys=[PUBLIC[1]],
        witnesses=[PUBLIC[4]],
    )
    .rotate(SIGNERS[1], AT + DAY, [PUBLIC[1]], [PUBLIC[2]])
    .move(SIGNERS[2], AT + 2 * DAY, "town.example", update_keys=[PUBLIC[2]], next_keys=[])
    .approve(WITNESS, AT)
)
PLACES = st.integers(0, len(LOG.text) - 2)  # the last line need not end
CHARACTERS = st.characters(codec="utf-8") | st.sampled_from('"{}[],:\\ \n\t0123456789abcdefABCDEFzQm.#%+-_')


def refused(text: str | bytes, witnesses: str = LOG.witnesses) -> None:
    for options in (NO_OPTIONS, Options(version_time=NOW), Options(version_number=3)):
        with pytest.raises(SaysoError) as caught:
            read_log(LOG.did, text, NOW, witnesses, options)
        assert caught.value.decided or options != NO_OPTIONS


@examples(800)
@given(PLACES, CHARACTERS)
def test_any_change_of_one_character_is_refused(place: int, character: str) -> None:
    if LOG.text[place] != character:
        refused(LOG.text[:place] + character + LOG.text[place + 1 :])


@examples(300)
@given(PLACES)
def test_a_character_less_is_refused(place: int) -> None:
    refused(LOG.text[:place] + LOG.text[place + 1 :])


@examples(300)
@given(st.integers(0, len(LOG.witnesses) - 1), CHARACTERS)
def test_any_change_of_the_approvals_is_refused(place: int, character: str) -> None:
    changed = LOG.witnesses[:place] + character + LOG.witnesses[place + 1 :]
    if changed.strip() != LOG.witnesses:
        refused(LOG.text, changed)


@examples(60)
@given(st.permutations(range(3)), st.integers(0, 3))
def test_entries_in_another_order_or_fewer_are_another_log(order: list[int], count: int) -> None:
    lines = LOG.text.splitlines(keepends=True)
    chosen = [lines[number] for number in order[:count]]
    if chosen != lines:
        refused("".join(chosen))


@examples(1000)
@given(st.text() | st.binary().map(bytes) | st.lists(st.text(max_size=20) | ODD.map(serialize)).map("\n".join))
def test_any_text_gives_a_value_or_the_one_error(text: str | bytes) -> None:
    assert outcome(read_log, LOG.did, text, NOW) in {INVALID_DID, LIMIT_EXCEEDED}


@examples(500)
@given(
    st.text()
    | st.lists(st.sampled_from(["did:webvh:", LOG.did[10:57], ":", "city.example", "%3A", "%2E", "..", "1", "/", "#"])).map("".join)
)
def test_any_did_gives_a_place_or_the_one_error(text: str) -> None:
    found = outcome(identifier.parse, text)
    if isinstance(found, identifier.Identifier):
        assert re.fullmatch(r"https://[a-z0-9.-]+(:[0-9]+)?/[^?#\\]*/?did\.jsonl", found.log_url)
        assert "/../" not in found.log_url
    else:
        assert found is INVALID_DID


@st.composite
def entries(draw: st.DrawFn) -> str:
    lines: list[str] = []
    for line in LOG.text.splitlines():
        value = parse_object(line)
        for name in draw(st.lists(st.sampled_from(["versionId", "versionTime", "parameters", "state", "proof"]), max_size=1)):
            value[name] = draw(ODD)
        for name in draw(st.lists(st.sampled_from(["parameters", "state"]), max_size=1)):
            inner: Json = value[name]
            if isinstance(inner, dict):
                keys = st.sampled_from([*inner, "witness", "ttl", "nextKeyHashes", "service", "alsoKnownAs"])
                value[name] = inner | draw(st.dictionaries(keys, ODD, max_size=2))
        lines.append(serialize(value))
    return "\n".join(lines)


@examples(300)
@given(entries(), ODD.map(serialize))
def test_odd_members_give_a_value_or_the_one_error(text: str, witnesses: str) -> None:
    found = outcome(read_log, LOG.did, text, NOW, witnesses)
    assert found in {INVALID_DID, LIMIT_EXCEEDED}


@examples(200)
@given(
    st.text()
    | ODD.map(serialize)
    | st.lists(st.dictionaries(st.sampled_from(["versionId", "proof"]), ODD)).map(lambda items: serialize([*items]))
)
def test_any_file_of_witnesses_gives_a_value_or_the_one_error(witnesses: str) -> None:
    assert outcome(read_log, LOG.did, LOG.text, NOW, witnesses) in {INVALID_DID, LIMIT_EXCEEDED}
