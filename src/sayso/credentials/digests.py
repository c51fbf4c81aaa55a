"""Compare what is at hand with the digests that a document gives of it."""

import hashlib
import re
from binascii import b2a_base64
from collections.abc import Iterator

from sayso.encodings import multibase, multihash
from sayso.encodings.multihash import Multihash
from sayso.errors import CRYPTOGRAPHIC_SECURITY_ERROR, LIMIT_EXCEEDED, UNDECIDABLE, Problem, SaysoError, pointer
from sayso.jsonvalue import Json, JsonObject

MAX_DIGESTS = 16
"""The most digests of one resource, in one notation, that are compared."""

# W3C Subresource Integrity, section 3.5, by the lengths of the three digests; the options are not looked at. Compiled when needed.
SRI = r"sha(?:256-[A-Za-z0-9+/]{43}=|384-[A-Za-z0-9+/]{64}|512-[A-Za-z0-9+/]{86}==)(?:\?[\x21-\x7e]*)?"
# Controlled Identifiers 1.0, section 2.4 (MB-1, MB-2). Which hash it is matters to who compares it.
MULTIBASE = r"z[1-9A-HJ-NP-Za-km-z]+|u[A-Za-z0-9_-]+"
_ALGORITHM_CHARACTERS = len("sha256")


def problems(item: JsonObject, content: bytes) -> tuple[Problem, ...]:
    """Say what the digests of an object have against the content of what it names; nothing, where it gives none.

    Where there are several in one notation, one of the strongest must be the content's: others may be of other versions of it. Digests in
    both notations must hold in both.

    Args:
        item: the object with `digestSRI` or `digestMultibase`.
        content: the bytes of what it names, as received.

    Source: VCDM 2.0, section 5.3 (DM-13, DM-14); W3C Subresource Integrity, section 3.3.4; Controlled Identifiers 1.0, section 2.5 (MH-3).

    >>> problems({"id": "https://example.org/1", "digestSRI": "sha256-47DEQpj8HBSa+/TImW+5JCeuQeRkm5NMpJWZG3hSuFU="}, b"")
    ()
    """
    found: list[Problem] = []
    for name, holds in (("digestSRI", _holds_as_sri), ("digestMultibase", _holds_as_multibase)):
        if name not in item:
            continue
        texts = _texts(item[name])
        held = holds(texts, content) if len(texts) <= MAX_DIGESTS else False
        if len(texts) > MAX_DIGESTS:
            found.append(Problem(LIMIT_EXCEEDED, "more digests of one resource than are compared", pointer(name)))
        elif held is None:
            found.append(Problem(UNDECIDABLE, "no digest here is of a kind that is known", pointer(name)))
        elif not held:
            found.append(Problem(CRYPTOGRAPHIC_SECURITY_ERROR, "the resource has another digest", pointer(name)))
    return tuple(found)


def _texts(value: Json) -> list[str]:
    # One text may hold several digests of SRI, with spaces between them; one in multibase has none.
    return [text for item in (value if isinstance(value, list) else [value]) if isinstance(item, str) for text in item.split(" ")]


def _holds_as_sri(texts: list[str], content: bytes) -> bool | None:
    known = [text.partition("?")[0] for text in texts if re.fullmatch(SRI, text)]
    if not known:
        return None
    algorithm = max(text[:_ALGORITHM_CHARACTERS] for text in known)  # the larger number is the stronger one
    # Compared as text: a digest whose base64 has unused bits is not the content's.
    digest = b2a_base64(hashlib.new(algorithm, content).digest(), newline=False).decode()
    return f"{algorithm}-{digest}" in known


def _holds_as_multibase(texts: list[str], content: bytes) -> bool | None:
    known = [*_multihashes(texts)]
    if not known:
        return None
    strongest = max(len(digest.digest) for digest in known)
    return any(digest.matches(content) for digest in known if len(digest.digest) == strongest)


def _multihashes(texts: list[str]) -> Iterator[Multihash]:
    for text in texts:
        try:
            yield multihash.decode(multibase.decode(text))
        except SaysoError:
            continue
