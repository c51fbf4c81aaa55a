"""Read identifiers: URLs, DIDs and DID URLs, by their syntax alone."""

import re
from typing import NamedTuple, NewType

from sayso.errors import INVALID_DID, INVALID_DID_URL, SaysoError

Did = NewType("Did", str)
DidUrl = NewType("DidUrl", str)
Nonce = NewType("Nonce", str)
MediaType = NewType("MediaType", str)
StoredId = NewType("StoredId", str)

# RFC 3986, section 4.3 (absolute-URI with fragment), reduced to its alphabet: a scheme, then no space, control or delimiter.
_URL = re.compile(r"[A-Za-z][A-Za-z0-9+.-]*:[!$&-;=?-\[\]_a-z~%]+(?:#[!$&-;=?-\[\]_a-z~%]*)?")
_BROKEN_ESCAPE = re.compile(r"%(?![0-9A-Fa-f]{2})")
# DID 1.1, section 3.1: idchar is ALPHA, DIGIT, ".", "-", "_" or pct-encoded; the last segment is not empty.
_DID = re.compile(r"did:[a-z0-9]+:(?:[A-Za-z0-9._:-]++|%[0-9A-Fa-f]{2})++(?<!:)")
# DID 1.1, section 3.2: path-abempty, query and fragment are those of RFC 3986, sections 3.3 to 3.5.
_PATH = r"(?:[A-Za-z0-9._~!$&'()*+,;=:@/-]++|%[0-9A-Fa-f]{2})*+"
_QUERY = _PATH.replace("/", "/?")
_DID_URL = re.compile(f"({_DID.pattern})(/{_PATH})?(?:[?]({_QUERY}))?(?:#({_QUERY}))?")


class DidUrlParts(NamedTuple):
    """Hold the parts of a DID URL; an absent part is ""."""

    did: Did
    path: str
    query: str
    fragment: str


def is_url(text: object) -> bool:
    """Tell whether this is an absolute URL by its syntax.

    Source: RFC 3986, sections 3 and 4.3.

    >>> is_url("urn:uuid:5c1f"), is_url("not a url"), is_url(None)
    (True, False, False)
    """
    return isinstance(text, str) and _URL.fullmatch(text) is not None and ("%" not in text or _BROKEN_ESCAPE.search(text) is None)


def is_did(text: object) -> bool:
    """Tell whether this is a DID by its syntax.

    Source: DID 1.1, section 3.1 (DID-1).
    """
    return isinstance(text, str) and _DID.fullmatch(text) is not None


def parse_did(text: str) -> Did:
    """Read a DID.

    Raises:
        SaysoError: INVALID_DID.
    """
    if not is_did(text):
        raise SaysoError.of(INVALID_DID, "not a DID by the syntax of DID 1.1, section 3.1")
    return Did(text)


def parse_did_url(text: object) -> DidUrlParts:
    """Read a DID URL.

    Source: DID 1.1, section 3.2 (DID-1).

    Raises:
        SaysoError: INVALID_DID_URL.

    >>> parse_did_url("did:example:a/p?q=1#key").fragment
    'key'
    """
    found = _DID_URL.fullmatch(text) if isinstance(text, str) else None
    if found is None:
        raise SaysoError.of(INVALID_DID_URL, "not a DID URL by the syntax of DID 1.1, section 3.2")
    did, path, query, fragment = found.groups("")
    return DidUrlParts(Did(did), path, query, fragment)
