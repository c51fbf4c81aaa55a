"""See who would receive an answer: somebody beside the business stands in its terms, or the request is refused."""

from urllib.parse import unquote, urlsplit

from sayso.errors import HIDDEN_INTERMEDIARY, SaysoError
from sayso.openid.request_object import RequestObject
from sayso.sharing.conditions import Conditions, Organisation

# The part of a DID's method-specific id that is a host.
_HOST = {"web": 2, "webvh": 3}


def refuse_hidden(request: RequestObject, said: Conditions) -> None:
    """Refuse a request whose answer would go to a host that is neither the business's own nor that of the intermediary that it names.

    Over the Digital Credentials API it goes to the page that asks. Where the business's DID names no host, or an
    app asks, nothing can be said about it.

    Raises:
        SaysoError: HIDDEN_INTERMEDIARY.
    """
    own, host = _host_of(request.verifier), urlsplit(request.response_uri or request.origin or "").hostname
    if own and host:
        known = {own, *(_hosts_of(said.intermediary) if said.intermediary else ())}
        if not any(host == one or host.endswith("." + one) for one in known):
            raise SaysoError.of(
                HIDDEN_INTERMEDIARY, "the answer goes to the business, or to the intermediary that it names", "intermediary"
            )


def _host_of(did: str) -> str:
    _, method, *_ = did.split(":")
    steps = did.split(":")
    place = _HOST.get(method)
    return unquote(steps[place]).partition(":")[0].lower() if place is not None and len(steps) > place else ""


def _hosts_of(party: Organisation) -> set[str]:
    links = (*party.contact, party.rights)
    return {host for host in (_host_of(party.did) if party.did else "", *(urlsplit(link).hostname or "" for link in links)) if host}
