"""Find the keys of an issuer that is an HTTPS URL, in the metadata that it publishes.

Source: SD-JWT VC draft 19, section 4 (JWT VC Issuer Metadata: SV-7, SV-8); RFC 7517, section 5 (JWK Set).
"""

import re
from typing import NamedTuple

from sayso.dids import did_web
from sayso.errors import INVALID_VERIFICATION_METHOD, INVALID_VERIFICATION_METHOD_URL, LIMIT_EXCEEDED, MALFORMED_VALUE_ERROR, SaysoError
from sayso.identifiers import is_url
from sayso.jsonvalue import Json, JsonObject, parse_object
from sayso.keys import jwk
from sayso.keys.verification_key import VerificationKey
from sayso.retrieval import Retrieve, Steps

MAX_BYTES = 64 * 1024
"""The longest document that is read, of metadata or keys."""

WELL_KNOWN = "/.well-known/jwt-vc-issuer"
_JSON = "application/json"
_KEYS = "application/jwk-set+json, application/json"
_SCHEME = "https://"
# RFC 3986, section 3.3: segments that are not empty, with no escapes, which could spell one place twice.
_PATH = re.compile(r"(?:/[A-Za-z0-9._~!$&'()*+,;=:@-]+)*/?")


class WebIssuer(NamedTuple):
    """Hold the parts of an issuer's URL: its host with the port, if any, and its path."""

    authority: str
    path: str

    @property
    def host(self) -> str:
        """The host without the port."""
        return self.authority.partition(":")[0]

    @property
    def metadata_url(self) -> str:
        """The URL of the metadata: the well-known part stands between host and path.

        Source: SD-JWT VC draft 19, section 4 (SV-8).
        """
        return _SCHEME + self.authority + WELL_KNOWN + self.path.removesuffix("/")


def parse_issuer(issuer: str) -> WebIssuer:
    """Read an issuer that is an HTTPS URL: a domain name, as did:web knows them, and a plain path.

    Raises:
        SaysoError: INVALID_VERIFICATION_METHOD_URL, also for what leads to this machine or network.

    >>> parse_issuer("https://city.example/tenant/1").metadata_url
    'https://city.example/.well-known/jwt-vc-issuer/tenant/1'
    """
    authority, slash, rest = issuer.removeprefix(_SCHEME).partition("/")
    path = slash + rest
    try:
        did_web.did_of(authority)
    except SaysoError:
        # SV-9: no address, no name of this network, no user, no query.
        raise _malformed() from None
    # An escaped colon would be another spelling of a port, which did:web has and a URL has not.
    if not issuer.startswith(_SCHEME) or "%" in authority or not _PATH.fullmatch(path) or not {".", ".."}.isdisjoint(path.split("/")):
        raise _malformed()
    return WebIssuer(authority, path)


def _malformed() -> SaysoError:
    return SaysoError.of(INVALID_VERIFICATION_METHOD_URL, "the issuer is no HTTPS URL of a domain name and a plain path", "iss")


def key_of(issuer: str, key_id: str) -> Steps[VerificationKey]:
    """Find a key of an issuer by its name.

    Source: SD-JWT VC draft 19, section 4 (SV-8).

    Raises:
        SaysoError: INVALID_VERIFICATION_METHOD_URL, PARSING_ERROR, MALFORMED_VALUE_ERROR, LIMIT_EXCEEDED, INVALID_VERIFICATION_METHOD where
            there is no such key, and what the fetcher raises.
    """
    metadata = yield from _retrieved(parse_issuer(issuer).metadata_url, _JSON, "the metadata of an issuer")
    # SV-8: a document that says it is another issuer's proves nothing about this one.
    if metadata.get("issuer") != issuer:
        raise _wrong("issuer is not the issuer whose metadata this is")
    if ("jwks" in metadata) == ("jwks_uri" in metadata):
        raise _wrong("either jwks or jwks_uri is there, and not both")
    if "jwks" in metadata:
        keys = metadata["jwks"]
    else:
        uri = metadata["jwks_uri"]
        if not isinstance(uri, str):
            raise _wrong("jwks_uri is an HTTPS URL")
        keys = yield from _retrieved(_checked(uri), _KEYS, "the keys of an issuer")
    return _selected(keys, key_id)


def _checked(uri: str) -> str:
    try:
        parse_issuer(uri.partition("?")[0])
    except SaysoError:
        raise _wrong("jwks_uri is an HTTPS URL of a domain name and a plain path") from None
    if not is_url(uri) or "#" in uri:
        raise _wrong("jwks_uri is a URL without a fragment")
    return uri


def _wrong(rule: str) -> SaysoError:
    return SaysoError.of(MALFORMED_VALUE_ERROR, f"the metadata of the issuer: {rule}")


def _retrieved(url: str, accept: str, reason: str) -> Steps[JsonObject]:
    found = yield Retrieve(url, accept, MAX_BYTES, reason)
    if len(found.body) > MAX_BYTES:
        raise SaysoError.of(LIMIT_EXCEEDED, f"{reason}: longer than {MAX_BYTES} bytes")
    media_type = found.media_type.partition(";")[0].strip().lower()
    if media_type and media_type not in accept.split(", "):
        raise SaysoError.of(MALFORMED_VALUE_ERROR, f"{reason}: not of the media type {accept}")
    return parse_object(found.body)


def _selected(value: Json, key_id: str) -> VerificationKey:
    keys = value.get("keys") if isinstance(value, dict) else None
    if not isinstance(keys, list):
        raise _wrong("a JWK Set is an object with an array keys")
    named = [key for key in keys if isinstance(key, dict) and key_id and key.get("kid") == key_id]
    # One name for two keys would leave it to chance, or to whoever signed, which of them holds.
    if len(named) != 1:
        raise SaysoError.of(INVALID_VERIFICATION_METHOD, "the issuer publishes no key, or more than one, with that kid", "kid")
    return jwk.decode_any(named[0])
