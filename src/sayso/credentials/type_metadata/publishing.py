"""Write the metadata of a type, for who publishes it.

Source: SD-JWT VC draft 19, type metadata (SV-10 to SV-13).
"""

import hashlib
from binascii import b2a_base64
from collections.abc import Callable, Collection, Iterable, Mapping

from sayso.credentials.claims_path import ClaimsPath
from sayso.credentials.type_metadata.document import NEVER
from sayso.jsonvalue import Json, JsonObject, serialize


def written(
    vct: str, name: str, labels: Mapping[ClaimsPath, Mapping[str, str]], claims: Iterable[ClaimsPath], visible: Callable[[ClaimsPath], bool]
) -> JsonObject:
    """Write metadata from what is known of a type.

    Args:
        vct: the type.
        name: what developers call it.
        labels: what to call a claim, by language tag.
        claims: further claims that it has.
        visible: whether a claim may never be hidden.
    """
    paths = sorted({*labels, *claims}, key=lambda path: [str(step) for step in path])
    rules: list[Json] = [_rule(path, labels.get(path, {}), never=visible(path)) for path in paths]
    return {"vct": vct, "name": name, "claims": rules}


def _rule(path: ClaimsPath, labels: Mapping[str, str], *, never: bool) -> JsonObject:
    rule: JsonObject = {"path": [*path]}
    if labels:
        display: list[Json] = [{"locale": locale, "label": label} for locale, label in labels.items()]
        rule["display"] = display
    return {**rule, "sd": NEVER} if never else rule


def as_bytes(metadata: bytes | str | Mapping[str, object]) -> bytes:
    """Give the bytes of metadata: as they are, or those of its JSON text."""
    if isinstance(metadata, bytes):
        return metadata
    return (metadata if isinstance(metadata, str) else serialize(metadata)).encode()


def integrity(content: bytes) -> str:
    """Give the digest of metadata that a credential or another type names it with.

    Source: SD-JWT VC draft 19, document integrity (SV-11); W3C Subresource Integrity, section 3.5.
    """
    return "sha256-" + b2a_base64(hashlib.sha256(content).digest(), newline=False).decode()


def paths(claims: Collection[str | ClaimsPath]) -> list[ClaimsPath]:
    """Give claims as paths: in an SD-JWT VC they stand at the top."""
    return [(claim,) if isinstance(claim, str) else claim for claim in claims]
