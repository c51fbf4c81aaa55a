"""Resolve a did:webvh: retrieve its log, verify all of it, and give the version that is asked for.

Source: did:webvh 1.0, "Read (Resolve)" and "Reading did:webvh DID URLs" (VH-15, VH-16).
"""

from datetime import datetime

from sayso.credentials.validity import format_date_time
from sayso.dids import document
from sayso.dids.did_webvh import identifier, witnesses
from sayso.dids.did_webvh.identifier import Identifier
from sayso.dids.did_webvh.log import MAX_LOG_BYTES, History, Version, walk
from sayso.dids.document import DidDocument
from sayso.dids.method import NO_OPTIONS, Options, Resolution, refuse_formats
from sayso.errors import INVALID_DID, NOT_FOUND, SaysoError
from sayso.identifiers import Did
from sayso.jsonvalue import Json, JsonObject
from sayso.retrieval import Retrieve, Retrieved, Steps, drive

_JSON_LINES, _JSON = "text/jsonl", "application/json"
_LINKED_VP = "https://identity.foundation/linked-vp/contexts/v1"


def resolve(did: Did, at: datetime, options: Options = NO_OPTIONS) -> Steps[Resolution]:
    """Retrieve the log of a did:webvh and, where witnesses have to approve it, their proofs.

    That the id of the document is the DID is looked at by who asks: a DID that moved has the document of its new name.

    Raises:
        SaysoError: INVALID_DID; NOT_FOUND where it has no such version, or none yet; FEATURE_NOT_SUPPORTED for options of others;
            LIMIT_EXCEEDED; INVALID_CONTROLLED_IDENTIFIER_DOCUMENT; and what the fetcher raises.
    """
    named = identifier.parse(did)
    refuse_formats(options)
    if options.version_time is not None and options.version_time > at:  # VH-15: nobody knows yet which version will be in force then
        raise SaysoError.of(NOT_FOUND, "the time of the version lies in the future")
    log = yield Retrieve(named.log_url, _JSON_LINES, MAX_LOG_BYTES, "the log of a did:webvh")
    history = walk(log.body, named.scid, at)
    if witnesses.are_needed(history.versions):
        reason = "the proofs of the witnesses of a did:webvh"
        proofs = yield Retrieve(named.witness_url, _JSON, witnesses.MAX_WITNESS_BYTES, reason)
        history = witnesses.approved(history, proofs.body, at)
    return _result(named, history, options)


def read_log(did: str, log: bytes | str, at: datetime, witnesses: bytes | str | None = None, options: Options = NO_OPTIONS) -> Resolution:
    """Resolve a did:webvh from files that are at hand; without a file of the witnesses nobody has approved anything.

    Raises:
        SaysoError: as `resolve`.
    """
    files = {".jsonl": _bytes(log), "-witness.json": _bytes("[]" if witnesses is None else witnesses)}

    def at_hand(question: Retrieve) -> Retrieved:
        return Retrieved(files[question.url.rpartition("/did")[2]])

    return drive(resolve(Did(did), at, options), at_hand)


def _bytes(data: bytes | str) -> bytes:
    try:
        return data.encode() if isinstance(data, str) else data
    except UnicodeEncodeError:
        raise SaysoError.of(INVALID_DID, "a file of a did:webvh is not UTF-8") from None


def _result(named: Identifier, history: History, options: Options) -> Resolution:
    chosen = _chosen(history, options)
    # VH-11: whoever asks under a name that no version had asks for another DID.
    if all(version.did != named.did for version in history.versions):
        raise SaysoError.of(INVALID_DID, "no entry names the DID that was asked for")
    return Resolution(*document_of(chosen), _metadata(history, chosen))


def document_of(version: Version) -> tuple[DidDocument | None, JsonObject]:
    """Read the document of a version, and give its members; none where the version deactivates the DID.

    Raises:
        SaysoError: INVALID_CONTROLLED_IDENTIFIER_DOCUMENT.
    """
    if version.parameters.deactivated:
        return None, {}
    members = _with_services(version)
    return document.parse(members), members


def _chosen(history: History, options: Options) -> Version:
    found = [version for index, version in enumerate(history.versions) if _is_asked_for(history, index, options)]
    if options != NO_OPTIONS and found:  # VH-15: also where a later entry does not hold
        return found[-1]
    if history.fault is not None:
        raise history.fault
    if not found:
        raise SaysoError.of(NOT_FOUND, "the DID has no such version")
    return found[-1]


def _is_asked_for(history: History, index: int, options: Options) -> bool:
    version = history.versions[index].entry
    return (
        options.version_id in {None, version.version_id}
        and options.version_number in {None, version.number}
        and (options.version_time is None or _is_in_force(history, index, options.version_time))
    )


def _is_in_force(history: History, index: int, at: datetime) -> bool:
    # Where the next entry does not hold, nobody knows until when this one was in force.
    following = history.versions[index + 1 : index + 2]
    ended = following[0].entry.time <= at if following else history.fault is not None
    return history.versions[index].entry.time <= at and not ended


def _metadata(history: History, chosen: Version) -> JsonObject:
    # VH-15: what is in force is that of the last entry that holds. DID Resolution knows no numbers here, so they are text.
    latest = history.versions[-1].parameters
    witness = latest.witness.to_json()
    watchers: list[Json] = [*latest.watchers]
    return {
        "created": format_date_time(history.versions[0].entry.time),
        "updated": format_date_time(chosen.entry.time),
        "versionId": chosen.entry.version_id,
        "versionTime": format_date_time(chosen.entry.time),
        "scid": latest.scid,
        "portable": latest.portable,
        "deactivated": latest.deactivated,
        "ttl": str(latest.ttl),
        "witness": {**witness, "threshold": str(latest.witness.threshold)} if witness else {},
        "watchers": watchers,
    }


def _with_services(chosen: Version) -> JsonObject:
    # VH-16: every did:webvh has two services, unless its document describes them otherwise.
    state, did = chosen.entry.state, chosen.did
    services = state.get("service", [])
    if not isinstance(services, list):
        return state  # which is then refused as a document
    base = identifier.parse(did).base_url
    implicit: tuple[JsonObject, ...] = (
        {"id": did + "#files", "type": "relativeRef", "serviceEndpoint": base},
        {"@context": _LINKED_VP, "id": did + "#whois", "type": "LinkedVerifiablePresentation", "serviceEndpoint": base + "whois.vp"},
    )
    named = [service.get("id") for service in services if isinstance(service, dict)]
    added = [service for service in implicit if service["id"] not in named and str(service["id"]).removeprefix(did) not in named]
    return {**state, "service": [*services, *added]}
