"""Read and write transaction data: what a customer agrees to by answering, in words that the answer then signs.

Source: OpenID4VP 1.0, sections 5.1 and 8.4, and appendix B.3.3 (VP-10, VP-11).
"""

import hashlib
from collections.abc import Collection
from typing import NamedTuple

from sayso.encodings import base64url
from sayso.errors import INVALID_TRANSACTION_DATA, UNDECIDABLE, SaysoError
from sayso.jsonvalue import DEFAULT_LIMITS, Json, JsonObject, Limits, freeze, parse_object
from sayso.jsonvalue import serialize as serialize_json
from sayso.query.grammar import Query

MAX_ENTRIES = 64
"""How many entries a request may have."""

HASHES = {"sha-256": hashlib.sha256, "sha-384": hashlib.sha384, "sha-512": hashlib.sha512}
"""The hash algorithms that are built, by their registered names; the first is that of an entry which names none."""
_DEFAULT_HASH = next(iter(HASHES))


class TransactionData(NamedTuple):
    """Hold one entry, with its text as it was received: that, and not what it says, is what an answer signs.

    `algorithms` are the built ones among those that the entry names, `named` whether it names any.
    """

    text: str
    type: str
    credential_ids: tuple[str, ...]
    algorithms: tuple[str, ...]
    named: bool
    members: JsonObject

    def digest(self, algorithm: str = _DEFAULT_HASH) -> str:
        """Give what `transaction_data_hashes` says of this entry: the hash of its text, not of what that decodes to.

        Source: OpenID4VP 1.0, appendix B.3.3.1 (VP-11).

        Raises:
            ValueError: there is no such algorithm here.
        """
        if algorithm not in HASHES:
            msg = f"a hash is one of {', '.join(HASHES)}"
            raise ValueError(msg)
        return base64url.encode(HASHES[algorithm](self.text.encode("ascii")).digest())


def entry(type: str, credential_ids: Collection[str], **members: Json) -> TransactionData:
    """Make an entry for a request.

    Args:
        type: what it is about; a wallet that does not know it must refuse the request.
        credential_ids: the credential queries whose answers may sign it.
        members: what else it says, such as `transaction_data_hashes_alg`.

    Raises:
        SaysoError: INVALID_TRANSACTION_DATA.
    """
    said: JsonObject = {"type": type, "credential_ids": [*credential_ids], **members}
    return _entry(base64url.encode(serialize_json(said).encode()), DEFAULT_LIMITS)


def parse(value: Json, query: Query, types: Collection[str], limits: Limits = DEFAULT_LIMITS) -> tuple[TransactionData, ...]:
    """Read the `transaction_data` of a request; pointers lead into the request.

    `types` are those that are known.

    Source: OpenID4VP 1.0, sections 5.1 and 8.5 (VP-10).

    Raises:
        SaysoError: INVALID_TRANSACTION_DATA; UNDECIDABLE for a type that is not known.
    """
    if not isinstance(value, list) or not 0 < len(value) <= MAX_ENTRIES:
        raise _refused(f"transaction_data is a non-empty array of at most {MAX_ENTRIES}", "transaction_data")
    bound = {asking.id: asking.require_cryptographic_holder_binding for asking in query.credentials}
    entries: list[TransactionData] = []
    for index, text in enumerate(value):
        try:
            one = _entry(text, limits)
            if not all(bound.get(credential_id) for credential_id in one.credential_ids):
                # Section 8.4: without the holder's signature nobody agrees to anything.
                raise _refused("credential_ids name credential queries, and those that a holder signs for", "credential_ids")
            if one.type not in types:
                raise SaysoError.of(UNDECIDABLE, "the type of the transaction data is not known here", "type")
        except SaysoError as error:
            raise error.under("transaction_data", index) from None
        entries.append(one)
    return tuple(entries)


def _entry(text: Json, limits: Limits) -> TransactionData:
    if not isinstance(text, str):
        raise _refused("an entry is base64url text")
    try:
        members = parse_object(base64url.decode(text), limits)
    except SaysoError:
        raise _refused("an entry is the base64url of a JSON object") from None
    type_, ids = members.get("type"), members.get("credential_ids")
    if not isinstance(type_, str) or not type_:
        raise _refused("an entry has a type", "type")
    if not isinstance(ids, list) or not ids or not all(isinstance(name, str) for name in ids):
        raise _refused("credential_ids is a non-empty array of ids", "credential_ids")
    return TransactionData(
        text, type_, tuple(map(str, ids)), _algorithms(members), "transaction_data_hashes_alg" in members, freeze(members)
    )


def _algorithms(members: JsonObject) -> tuple[str, ...]:
    names = members.get("transaction_data_hashes_alg", [_DEFAULT_HASH])
    if not isinstance(names, list) or not all(isinstance(name, str) for name in names):
        raise _refused("transaction_data_hashes_alg is an array of names", "transaction_data_hashes_alg")
    built = tuple(dict.fromkeys(str(name) for name in names if name in HASHES))
    if not built:
        raise _refused("no hash algorithm of the entry is built", "transaction_data_hashes_alg")
    return built


def _refused(rule: str, *steps: str) -> SaysoError:
    return SaysoError.of(INVALID_TRANSACTION_DATA, rule, *steps)
