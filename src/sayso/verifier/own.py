"""Know the requests of a verifier: by what it remembers of them, or else by its signature."""

import hashlib
from datetime import datetime, timedelta

from sayso.credentials.validity import token_problems
from sayso.encodings import base64url
from sayso.errors import ALREADY_ANSWERED, EVENT_REPLAYED, OFFER_ANSWERED, UNKNOWN_REQUEST, SaysoError
from sayso.identifiers import Did, Nonce
from sayso.jsonvalue import JsonObject
from sayso.openid import request_object
from sayso.proofs.jose import jws
from sayso.retrieval import Steps
from sayso.sharing import request as data_request
from sayso.sharing.request import DataRequest
from sayso.storage.nonces import NonceStore
from sayso.verification.messages import signed_message
from sayso.verifier.kept import Kept, KeptRequests, kept

_NO_SKEW = timedelta(0)  # a verifier's own clock made its requests


class OwnRequests:
    """Remember requests until they are answered; with a store that lasts, also across a restart."""

    __slots__ = ("_did", "_nonces", "kept")

    def __init__(self, did: Did, nonces: NonceStore) -> None:
        """Begin with those that are in the store."""
        self._did = did
        self._nonces = nonces
        self.kept = KeptRequests()

    def remember(self, data: bytes, asked: DataRequest, payload: JsonObject, now: datetime) -> None:
        """Remember a request that was made."""
        self._nonces.open(asked.request.nonce, _digest(data), asked.request.expires, now)
        self.kept.add(data, kept(asked, payload))

    def recognised(self, data: bytes, now: datetime) -> Steps[DataRequest]:
        """Read a request that may be answered at this instant.

        Raises:
            SaysoError: UNKNOWN_REQUEST, or what is wrong with it.
        """
        asked, dates = self.kept.get(data) or (yield from self._read(data, now))
        problems = token_problems(dates, now)
        if problems:
            raise SaysoError(*(problem.under(stage="date") for problem in problems))
        return asked

    def _read(self, data: bytes, now: datetime) -> Steps[Kept]:
        payload = jws.decode(data, (request_object.TYPE,)).payload
        nonce = payload.get("nonce")
        if not (isinstance(nonce, str) and self._nonces.knows(Nonce(nonce), _digest(data))):
            # These bytes are not remembered: then this verifier's signature on them must show that it made them.
            message = yield from signed_message(data, (request_object.TYPE,), "authentication", now, skew=_NO_SKEW)
            if message.signer != self._did:
                raise SaysoError.of(UNKNOWN_REQUEST, "another verifier signed the request", "client_id")
        asked = data_request.parse(payload, channel=request_object.own_channel(payload))
        if asked.request.verifier != self._did:
            raise SaysoError.of(UNKNOWN_REQUEST, "the request is another verifier's", "client_id")
        return kept(asked, payload)

    def answered(self, data: bytes, asked: DataRequest, now: datetime) -> None:
        """Take a request as answered, once.

        Raises:
            SaysoError: ALREADY_ANSWERED.
        """
        if not self._nonces.burn(asked.request.nonce, asked.request.expires, now):
            raise SaysoError.of(ALREADY_ANSWERED, "a request is answered once")
        self.kept.remove(data)

    def event_taken(self, signer: str, event: str, until: datetime, now: datetime) -> None:
        """Take an event of a customer, once.

        Raises:
            SaysoError: EVENT_REPLAYED.
        """
        name = Nonce(base64url.encode(_digest(f"event {signer} {event}".encode())))
        if not self._nonces.burn(name, until, now):
            raise SaysoError.of(EVENT_REPLAYED, "an event is taken once", "jti")

    def offer_answered(self, customer: str, offer: str, until: datetime, now: datetime) -> None:
        """Take an offer of a customer as answered, once.

        Raises:
            SaysoError: OFFER_ANSWERED.
        """
        name = Nonce(base64url.encode(_digest(f"{customer} {offer}".encode())))
        if not self._nonces.burn(name, until, now):
            raise SaysoError.of(OFFER_ANSWERED, "an offer is answered once", "jti")


def _digest(data: bytes) -> bytes:
    return hashlib.sha256(data).digest()
