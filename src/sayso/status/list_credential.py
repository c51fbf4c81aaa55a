"""Read the credential that holds a list of bits.

Source: Bitstring Status List 1.0, section 2.2 (BS-5, BS-6).
"""

from datetime import timedelta

from sayso.credentials.shapes import includes
from sayso.credentials.validity import date_time_window
from sayso.jsonvalue import JsonObject
from sayso.status import bitstring
from sayso.status.lists import malformed, ttl_of
from sayso.status.results import StatusList

TYPE = "BitstringStatusListCredential"
SUBJECT_TYPE = "BitstringStatusList"

_SUBJECT = "credentialSubject"
_MILLISECOND = timedelta(milliseconds=1)


def list_of(document: JsonObject, url: str, max_bytes: int) -> StatusList:
    """Give the list that a credential holds, as it was found at a URL.

    Raises:
        SaysoError: MALFORMED_VALUE_ERROR where it is another credential, or another list; LIMIT_EXCEEDED.
    """
    if not includes(document.get("type"), TYPE):
        raise malformed(f"the type of a list is {TYPE}", "type")
    # BS-5: the identifier MAY be there. Where it is, it says which list this is; another one would be a list that was exchanged.
    if "id" in document and document["id"] != url:
        raise malformed("the list is another one than that which was asked for", "id")
    subject = document.get(_SUBJECT)
    if not isinstance(subject, dict) or not includes(subject.get("type"), SUBJECT_TYPE):
        raise malformed(f"the subject of a list is one {SUBJECT_TYPE}", _SUBJECT)
    encoded = subject.get("encodedList")
    if not isinstance(encoded, str):
        raise malformed("a list is a text", _SUBJECT, "encodedList")
    purposes, ttl = _purposes(subject), ttl_of(subject, _MILLISECOND, _SUBJECT)
    return StatusList(bitstring.decode(encoded, max_bytes), 0, purposes, date_time_window(document).start, ttl, "id" in document)


def _purposes(subject: JsonObject) -> frozenset[str]:
    value = subject.get("statusPurpose")
    names = value if isinstance(value, list) else [value]
    kept = frozenset(name for name in names if isinstance(name, str) and name)
    if len(kept) < max(1, len(names)):
        raise malformed("the purposes of a list are one or more texts, each once", _SUBJECT, "statusPurpose")
    return kept
