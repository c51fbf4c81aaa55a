"""Find what a DID URL names: a document, a part of it, or places on the web.

Source: DID Resolution 1.0, section 5 (DID-6); Controlled Identifiers 1.0, section 3.3 (CID-3).
"""

import re
from collections.abc import Iterator, Mapping
from datetime import datetime
from typing import NamedTuple
from urllib.parse import unquote, urlsplit

from sayso.dids.asking import DID_MEDIA_TYPE, URI_LIST, Asked, asked, parameters
from sayso.dids.document import DidDocument, UnreadableMethod
from sayso.dids.method import DidMethod
from sayso.dids.relative import absolute, expanded, named
from sayso.dids.resolution import authorised_method, method_of, named_for, not_ended, resolve
from sayso.errors import DEACTIVATED, INVALID_DID_URL, INVALID_OPTIONS, NOT_FOUND, REPRESENTATION_NOT_SUPPORTED, SaysoError
from sayso.identifiers import Did, DidUrlParts, is_url, parse_did_url
from sayso.jsonvalue import Json, JsonObject
from sayso.retrieval import Steps

_OF_SERVICES = ("service", "serviceType", "relativeRef")
_FILES = "webvh"  # the method whose DID URLs have paths (did:webvh 1.0, "whois" and "files": VH-16)
# RFC 3986, section 4.2: a relative reference has no scheme; one with an authority would leave the endpoint altogether.
_LEAVING = re.compile(r"//|[A-Za-z][A-Za-z0-9+.-]*:")
_WAY = re.compile(r"([^?#]*)(.*)")


class Content(NamedTuple):
    """Hold what a DID URL names, its media type, and the metadata of the document it comes from."""

    content: Json
    media_type: str
    metadata: JsonObject


def dereference(did_url: str, options: Mapping[str, Json], at: datetime, methods: tuple[DidMethod, ...]) -> Steps[Content]:
    """Find what a DID URL names: nothing but the DID document is retrieved.

    A path leads nowhere that is known here, unless the method says where: did:webvh does.

    Source: DID Resolution, section 5.4 (DID-6).

    Raises:
        SaysoError: INVALID_DID_URL, NOT_FOUND, REPRESENTATION_NOT_SUPPORTED, INVALID_OPTIONS, DEACTIVATED, what `asked` and `resolve`
            raise, and for the option `verificationRelationship` what `authorised_method` raises.
    """
    parts = parse_did_url(did_url)
    method = method_of(parts.did, methods)
    given = parameters(parts.query)
    selecting = {name: given.pop(name) for name in _OF_SERVICES if name in given}
    if parts.path:
        selecting = _of_path(parts.path, method.name, selecting)
    if given.keys() & options.keys():
        raise SaysoError.of(INVALID_OPTIONS, "an option stands in the DID URL too")
    wanted = asked({**options, **given}, dereferencing=True)
    if wanted.verification_relationship and not parts.fragment:
        raise SaysoError.of(INVALID_OPTIONS, "verificationRelationship is asked of a DID URL that names no verification method")
    found = yield from resolve(parts.did, at, methods, wanted.options)
    if found.document is None:
        raise SaysoError.of(DEACTIVATED, "the DID was deactivated")
    members = expanded(found.members, parts.did) if wanted.expand_relative_urls else found.members
    accept = wanted.accept or (URI_LIST if parts.path else DID_MEDIA_TYPE)
    if selecting:
        services = _services(members, parts.did, selecting)
        urls = [*_endpoints(services, selecting.get("relativeRef", ""))]
        chosen: JsonObject = {"service": [*services]}
        members = {**members, **chosen}
        if accept == URI_LIST:
            return Content(_with_fragment(urls, parts.fragment), URI_LIST, found.metadata)
    if accept == URI_LIST:
        raise SaysoError.of(REPRESENTATION_NOT_SUPPORTED, "only the endpoints of services are a list of URLs")
    return Content(_part(found.document, members, parts, wanted, at) if parts.fragment else members, accept, found.metadata)


def _of_path(path: str, method: str, selecting: dict[str, str]) -> dict[str, str]:
    if method != _FILES:
        raise SaysoError.of(NOT_FOUND, "nothing says what the path of this DID URL leads to")
    if selecting:
        raise SaysoError.of(INVALID_DID_URL, "a DID URL has a path, and names a service too")
    return {"service": "whois"} if path == "/whois" else {"service": "files", "relativeRef": path}


# --- a part of the document ---


def _part(document: DidDocument, members: JsonObject, parts: DidUrlParts, wanted: Asked, at: datetime) -> JsonObject:
    url = f"{parts.did}#{parts.fragment}"
    if wanted.verification_relationship:
        # A version of the past is judged by its own time: a key that has ended since was good then.
        _authorise(document, url, wanted.verification_relationship, wanted.options.version_time or at)
    found = named(members, parts.did, url)
    if found is None:
        raise SaysoError.of(NOT_FOUND, "the DID document has no such part")
    return found


def _authorise(document: DidDocument, url: str, relationship: str, at: datetime) -> None:
    method = document.methods.get(url)
    if relationship == "keyAgreement" and isinstance(method, UnreadableMethod) and method.agrees is not None:
        named_for(document, url, relationship)
        not_ended(method.agrees, at)
    else:
        authorised_method(document, url, relationship, at)


# --- services and their endpoints ---


def _services(members: JsonObject, did: Did, selecting: Mapping[str, str]) -> list[JsonObject]:
    if {*selecting} == {"relativeRef"}:
        raise SaysoError.of(INVALID_DID_URL, "relativeRef is joined to the endpoint of a service, and none is named")
    array = members.get("service")
    services = [member for member in (array if isinstance(array, list) else ()) if isinstance(member, dict)]
    if "service" in selecting:
        name = selecting["service"]
        url = name if name.startswith("did:") else absolute(did, "#" + name.removeprefix("#"))
        services = [service for service in services if absolute(did, str(service.get("id"))) == url]
    if "serviceType" in selecting:
        services = [service for service in services if selecting["serviceType"] in _strings(service.get("type"))]
    if not services:
        raise SaysoError.of(NOT_FOUND, "the DID document has no such service")
    return services


def _strings(value: Json) -> list[str]:
    return [item for item in (value if isinstance(value, list) else [value]) if isinstance(item, str)]


def _endpoints(services: list[JsonObject], reference: str) -> Iterator[str]:
    # (2.1) Endpoints that are maps are skipped; (2.2) the others are joined to the reference.
    for service in services:
        yield from (joined(url, reference) for url in _strings(service.get("serviceEndpoint")) if is_url(url))


def joined(endpoint: str, reference: str) -> str:
    """Join a relative reference to the URL of an endpoint, and never leave it.

    One that begins with `/` starts from the endpoint and not from its host, as the example of section 5.5.2 and did:webvh have it.

    Source: DID Resolution, section 5.4.1 (DID-6); RFC 3986, section 5.

    Raises:
        SaysoError: INVALID_DID_URL.

    >>> joined("https://city.example/files/", "plan.pdf"), joined("https://city.example/messages/8", "/some/path?query")
    ('https://city.example/files/plan.pdf', 'https://city.example/messages/8/some/path?query')
    """
    if not reference:
        return endpoint
    try:
        base = urlsplit(endpoint)
    except ValueError:
        raise SaysoError.of(INVALID_DID_URL, "the endpoint of the service is no URL of the web") from None
    if base.scheme not in ("http", "https") or not base.netloc or "@" in base.netloc or base.query or base.fragment:
        raise SaysoError.of(INVALID_DID_URL, "the endpoint of the service is none that a reference could be joined to")
    if _LEAVING.match(reference) or not is_url("x:y" + reference):
        raise SaysoError.of(INVALID_DID_URL, "relativeRef is no relative reference")
    way, rest = _WAY.fullmatch(reference).groups()  # type: ignore[union-attr] # it matches every URL
    directory = base.path.rstrip("/") + "/" if way.startswith("/") else base.path.rpartition("/")[0] + "/"
    path = _without_dots(directory + way.removeprefix("/")) if way else base.path or "/"
    if not path.startswith(directory) or not _is_plain(path):
        raise SaysoError.of(INVALID_DID_URL, "relativeRef leaves the endpoint")
    return f"{base.scheme}://{base.netloc}{path}{rest}"


def _is_plain(path: str) -> bool:
    # Read as whoever serves it may: unescaped, once, so that no escaped slash or per cent sign hides what follows, and without the
    # parameters of segments (RFC 3986, section 3.3), which some cut off before they look at the dots.
    read = unquote(path)
    segments = read.split("/")
    hiding = len(segments) > path.count("/") + 1 or not {"\\", "%", "\0"}.isdisjoint(read)
    return not hiding and {".", ".."}.isdisjoint(segment.partition(";")[0] for segment in segments)


def _without_dots(path: str) -> str:
    # RFC 3986, section 5.2.4
    kept: list[str] = []
    steps = path.split("/")[1:]
    for step in steps:
        if step == "..":
            del kept[-1:]
        elif step != ".":
            kept.append(step)
    if steps[-1] in (".", ".."):
        kept.append("")
    return "/" + "/".join(kept)


def _with_fragment(urls: list[str], fragment: str) -> list[Json]:
    if not urls:
        raise SaysoError.of(NOT_FOUND, "no endpoint of the service is a URL")
    if not fragment:
        return [*urls]
    if any("#" in url for url in urls):
        raise SaysoError.of(INVALID_DID_URL, "the endpoint has a fragment already")
    return [f"{url}#{fragment}" for url in urls]
