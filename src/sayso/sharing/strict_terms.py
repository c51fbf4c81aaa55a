"""Put sharing terms where they cannot be skipped: an answer signs them as transaction data, and who does not know them must refuse.

Source: OpenID4VP 1.0, sections 5.1 and 8.4, and appendix B.3.3 (VP-10, VP-11).
"""

from collections.abc import Mapping
from typing import Final

from sayso.credentials.formats import FORMATS
from sayso.encodings import jcs
from sayso.errors import TERMS_ALTERED, UNDECIDABLE, SaysoError
from sayso.jsonvalue import Json, JsonObject, thaw
from sayso.openid import transaction_data
from sayso.openid.request_object import RequestObject
from sayso.openid.transaction_data import TransactionData
from sayso.query.grammar import Query
from sayso.sharing import terms

_MEMBER: Final = "terms"
_MEMBERS: Final = frozenset({"type", "credential_ids", "transaction_data_hashes_alg", _MEMBER})


def entries(query: Query, written: JsonObject) -> tuple[TransactionData, ...]:
    """Write the terms as transaction data, for the holder of each credential that answers to sign.

    Raises:
        ValueError: there is a format among those that are asked for in which nobody signs them.
    """
    if not all(asking.format in FORMATS for asking in query.credentials):
        msg = f"strict terms are signed in {' and '.join(FORMATS)}, and in no other format"
        raise ValueError(msg)
    return tuple(transaction_data.entry(terms.FORMAT, [asking.id], **{_MEMBER: written}) for asking in query.credentials)


def check(request: RequestObject, said: Json) -> None:
    """Check that what an answer would sign is what was read, for every credential query once.

    Raises:
        SaysoError: TERMS_ALTERED; UNDECIDABLE for a format in which nobody signs them.
    """
    if not request.transaction_data:
        return
    if any(asking.format not in FORMATS for asking in request.query.credentials):
        raise SaysoError.of(UNDECIDABLE, "in one of the formats nobody signs terms")
    named = [entry.credential_ids for entry in request.transaction_data]
    if sorted(named) != sorted((asking.id,) for asking in request.query.credentials):
        raise SaysoError.of(TERMS_ALTERED, "each credential query has an entry of transaction data of its own")
    # Section 8.5: an entry of a known type with unknown members is refused. Nobody signs what they were not shown.
    if any(not entry.members.keys() <= _MEMBERS for entry in request.transaction_data):
        raise SaysoError.of(TERMS_ALTERED, "an answer would sign the terms, and nothing beside them")
    stated = jcs.canonicalize(said)  # for Python, true and 1 are equal
    if any(jcs.canonicalize(thaw(entry.members.get(_MEMBER))) != stated for entry in request.transaction_data):
        raise SaysoError.of(TERMS_ALTERED, "the terms that an answer would sign are those that the request states")


def agreed(request: RequestObject, query_id: str) -> JsonObject:
    """Give what a key binding says of the transaction data for the answer to a credential query; nothing, where there are none."""
    found = [entry for entry in request.transaction_data if query_id in entry.credential_ids]
    if not found:
        return {}
    algorithm = found[0].algorithms[0]
    named: JsonObject = {"transaction_data_hashes_alg": algorithm} if found[0].named else {}
    return {"transaction_data_hashes": [entry.digest(algorithm) for entry in found], **named}


def texts(request: RequestObject) -> Mapping[str, tuple[str, ...]]:
    """Give the texts that an answer must have signed, by credential query."""
    return {
        asking.id: tuple(entry.text for entry in request.transaction_data if asking.id in entry.credential_ids)
        for asking in request.query.credentials
        if request.transaction_data
    }
