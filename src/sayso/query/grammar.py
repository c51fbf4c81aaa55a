"""Read and write DCQL queries: the whole grammar, one value for each query."""

import re
from collections.abc import Callable, Mapping
from functools import partial
from typing import NamedTuple, TypeVar, cast

from sayso.credentials import claims_path
from sayso.credentials.claims_path import ClaimsPath
from sayso.errors import LIMIT_EXCEEDED, MALFORMED_VALUE_ERROR, SaysoError
from sayso.jsonvalue import Json, JsonObject, from_python

MAX_CREDENTIALS = 64
"""The most credential queries in a query."""
MAX_CLAIMS = 256
"""The most claims in a credential query."""
MAX_SETS = 512
"""The most entries of `claim_sets`, of `credential_sets`, and of the options of all of them."""
MAX_VALUES = 1024
"""The most values of a claim, of an authority, and of the types that are asked for."""

# OpenID4VP 1.0, sections 6.1 and 6.3: alphanumeric, underscore or hyphen, not empty.
_ID = re.compile("[A-Za-z0-9_-]+")

# Which member of `meta` names the types. OpenID4VP 1.0, appendices B.1.1, B.2.3 and B.3.5 (DQ-2). "vc+sd-jwt" is a profile of this library:
# VCDM 2.0 secured as SD-JWT (VC-JOSE-COSE, section 3.2), asked for by its expanded types like the other W3C formats.
_TYPES_MEMBER = {
    "dc+sd-jwt": "vct_values",
    "vc+sd-jwt": "type_values",
    "ldp_vc": "type_values",
    "jwt_vc_json": "type_values",
    "mso_mdoc": "doctype_value",
}

_T = TypeVar("_T")
_D = TypeVar("_D")


class TrustedAuthority(NamedTuple):
    """Name authorities, in the terms of one trust framework, that certify issuers. Source: OpenID4VP 1.0, section 6.1.1."""

    type: str
    values: tuple[str, ...]


class ClaimsQuery(NamedTuple):
    """Ask for a claim: `values` are those it may have, () for any; `id` is "" where it has none. Source: OpenID4VP 1.0, section 6.3."""

    path: ClaimsPath
    id: str = ""
    values: tuple[str | bool | int, ...] = ()


class CredentialQuery(NamedTuple):
    """Ask for a credential.

    `types` is `meta` for every format alike: alternatives, each of them types that a credential must have together; () for any type.

    Source: OpenID4VP 1.0, section 6.1.
    """

    id: str
    format: str
    types: tuple[tuple[str, ...], ...] = ()
    claims: tuple[ClaimsQuery, ...] = ()
    claim_sets: tuple[tuple[str, ...], ...] = ()
    multiple: bool = False
    require_cryptographic_holder_binding: bool = True
    trusted_authorities: tuple[TrustedAuthority, ...] = ()


class CredentialSetQuery(NamedTuple):
    """Ask for the credentials of one of the options. Source: OpenID4VP 1.0, section 6.2."""

    options: tuple[tuple[str, ...], ...]
    required: bool = True


class Query(NamedTuple):
    """Ask for credentials: for all of them, or where there are sets, for what those say. Source: OpenID4VP 1.0, section 6."""

    credentials: tuple[CredentialQuery, ...]
    credential_sets: tuple[CredentialSetQuery, ...] = ()


def parse(value: Json) -> Query:
    """Read a query from its JSON form; unknown members are ignored at every level.

    Source: OpenID4VP 1.0, sections 6 to 6.3 (DQ-1 to DQ-3).

    Raises:
        SaysoError: MALFORMED_VALUE_ERROR, or LIMIT_EXCEEDED beyond MAX_CREDENTIALS, MAX_CLAIMS, MAX_SETS or MAX_VALUES.
    """
    members = _object(value)
    credentials = _required(members, "credentials", _array(_credential, MAX_CREDENTIALS))
    ids = _unique([credential.id for credential in credentials], "credentials")
    sets = _optional(members, "credential_sets", _array(partial(_credential_set, ids), MAX_SETS), ())
    if sum(len(one.options) for one in sets) > MAX_SETS:
        raise SaysoError.of(LIMIT_EXCEEDED, f"together they have more than {MAX_SETS} options", "credential_sets")
    return Query(credentials, sets)


def own(query: object) -> Query:
    """Read a query that a caller made, as a value or in its JSON form.

    Raises:
        TypeError: it is neither.
        ValueError: it is malformed; a value may have been made without being read.
    """
    if not isinstance(query, Query | Mapping):
        msg = f"a query is a Query or its JSON form, not {type(query).__name__}"
        raise TypeError(msg)
    try:
        return parse(from_python(serialize(query) if isinstance(query, Query) else cast("Mapping[str, object]", query)))
    except SaysoError as error:
        raise ValueError(str(error)) from None


def _credential(value: Json) -> CredentialQuery:
    members = _object(value)
    query_format = _required(members, "format", _text)
    claims = _optional(members, "claims", _array(_claim, MAX_CLAIMS), ())
    ids = _unique([claim.id for claim in claims if claim.id], "claims")
    # Without `claims` there are no ids to refer to, and so there can be no `claim_sets`.
    claim_sets = _optional(members, "claim_sets", _array(partial(_references, ids, MAX_CLAIMS), MAX_SETS), ())
    if claim_sets and len(ids) < len(claims):
        raise SaysoError.of(MALFORMED_VALUE_ERROR, "every claim needs an id where there are claim_sets", "claims")
    return CredentialQuery(
        _required(members, "id", _id),
        query_format,
        _required(members, "meta", partial(_types, query_format)),
        claims,
        claim_sets,
        _optional(members, "multiple", _boolean, False),
        _optional(members, "require_cryptographic_holder_binding", _boolean, True),
        _optional(members, "trusted_authorities", _array(_authority, MAX_VALUES), ()),
    )


def _types(query_format: str, value: Json) -> tuple[tuple[str, ...], ...]:
    meta = _object(value)
    match _TYPES_MEMBER.get(query_format):
        case "vct_values" as name:
            return tuple((vct,) for vct in _required(meta, name, _array(_text, MAX_VALUES)))
        case "type_values" as name:
            return _required(meta, name, _array(_array(_text, MAX_VALUES), MAX_VALUES))
        case "doctype_value" as name:
            return ((_required(meta, name, _text),),)
        case _:
            return ()  # a format that is not known here is never held: what its `meta` means does not matter


def _claim(value: Json) -> ClaimsQuery:
    # Two claims at one path are not refused: verifiers MUST NOT ask so, but wallets SHOULD ignore it (section 6.1).
    members = _object(value)
    return ClaimsQuery(
        _required(members, "path", claims_path.parse),
        _optional(members, "id", _id, ""),
        _optional(members, "values", _array(_value, MAX_VALUES), ()),
    )


def _value(value: Json) -> str | bool | int:
    if isinstance(value, (str, int)):  # and a bool is an int
        return value
    raise SaysoError.of(MALFORMED_VALUE_ERROR, "a value is a string, an integer or a boolean")


def _authority(value: Json) -> TrustedAuthority:
    members = _object(value)
    return TrustedAuthority(_required(members, "type", _text), _required(members, "values", _array(_text, MAX_VALUES)))


def _credential_set(ids: frozenset[str], value: Json) -> CredentialSetQuery:
    members = _object(value)
    return CredentialSetQuery(
        _required(members, "options", _array(partial(_references, ids, MAX_CREDENTIALS), MAX_SETS)),
        _optional(members, "required", _boolean, True),
    )


def _references(known: frozenset[str], most: int, value: Json) -> tuple[str, ...]:
    def known_id(item: Json) -> str:
        if isinstance(item, str) and item in known:
            return item
        raise SaysoError.of(MALFORMED_VALUE_ERROR, "this is no id of what the query lists")

    # each once, in order: to the text it is a set
    return tuple(dict.fromkeys(_array(known_id, most)(value)))


def _unique(ids: list[str], name: str) -> frozenset[str]:
    unique = frozenset(ids)
    if len(unique) != len(ids):
        raise SaysoError.of(MALFORMED_VALUE_ERROR, "two of these have one id", name)
    return unique


def _required(members: JsonObject, name: str, read: Callable[[Json], _T]) -> _T:
    try:
        return read(members.get(name))  # what is absent reads as null, which no member here may be
    except SaysoError as error:
        raise error.under(name) from None


def _optional(members: JsonObject, name: str, read: Callable[[Json], _T], default: _D) -> _T | _D:
    return _required(members, name, read) if name in members else default


def _array(read: Callable[[Json], _T], most: int) -> Callable[[Json], tuple[_T, ...]]:
    def read_array(value: Json) -> tuple[_T, ...]:
        if not isinstance(value, list) or not value:
            raise SaysoError.of(MALFORMED_VALUE_ERROR, "a non-empty array is needed here")
        if len(value) > most:
            raise SaysoError.of(LIMIT_EXCEEDED, f"an array has more than {most} elements")
        items: list[_T] = []
        for number, item in enumerate(value):
            try:
                items.append(read(item))
            except SaysoError as error:
                raise error.under(number) from None
        return tuple(items)

    return read_array


def _object(value: Json) -> JsonObject:
    if not isinstance(value, dict):
        raise SaysoError.of(MALFORMED_VALUE_ERROR, "an object is needed here")
    return value


def _text(value: Json) -> str:
    if not isinstance(value, str) or not value:
        raise SaysoError.of(MALFORMED_VALUE_ERROR, "a non-empty string is needed here")
    return value


def _id(value: Json) -> str:
    if not isinstance(value, str) or not _ID.fullmatch(value):
        raise SaysoError.of(MALFORMED_VALUE_ERROR, "an id is a non-empty string of letters, digits, _ and -")
    return value


def _boolean(value: Json) -> bool:
    if not isinstance(value, bool):
        raise SaysoError.of(MALFORMED_VALUE_ERROR, "a boolean is needed here")
    return value


def serialize(query: Query) -> JsonObject:
    """Give the JSON form of a query, without members that say what is so without them.

    Source: OpenID4VP 1.0, sections 6 to 6.3.

    >>> serialize(Query((CredentialQuery("pid", "dc+sd-jwt", (("https://id.example/pid",),)),)))
    {'credentials': [{'id': 'pid', 'format': 'dc+sd-jwt', 'meta': {'vct_values': ['https://id.example/pid']}}]}
    """
    members: JsonObject = {"credentials": [_credential_members(credential) for credential in query.credentials]}
    if query.credential_sets:
        members["credential_sets"] = [_set_members(credential_set) for credential_set in query.credential_sets]
    return members


def _credential_members(credential: CredentialQuery) -> JsonObject:
    members: JsonObject = {"id": credential.id, "format": credential.format, "meta": _meta(credential)}
    if credential.multiple:
        members["multiple"] = True
    if not credential.require_cryptographic_holder_binding:
        members["require_cryptographic_holder_binding"] = False
    if credential.trusted_authorities:
        members["trusted_authorities"] = [{"type": type_, "values": [*values]} for type_, values in credential.trusted_authorities]
    if credential.claims:
        members["claims"] = [_claim_members(claim) for claim in credential.claims]
    if credential.claim_sets:
        members["claim_sets"] = [[*ids] for ids in credential.claim_sets]
    return members


def _meta(credential: CredentialQuery) -> JsonObject:
    match _TYPES_MEMBER.get(credential.format):
        case "vct_values":
            return {"vct_values": [vct for (vct,) in credential.types]}
        case "type_values":
            return {"type_values": [[*together] for together in credential.types]}
        case "doctype_value":
            ((doctype,),) = credential.types
            return {"doctype_value": doctype}
        case _:
            return {}


def _claim_members(claim: ClaimsQuery) -> JsonObject:
    members: JsonObject = {"id": claim.id} if claim.id else {}
    members["path"] = [*claim.path]
    if claim.values:
        members["values"] = [*claim.values]
    return members


def _set_members(credential_set: CredentialSetQuery) -> JsonObject:
    members: JsonObject = {"options": [[*ids] for ids in credential_set.options]}
    if not credential_set.required:
        members["required"] = False
    return members
