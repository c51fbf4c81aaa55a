"""Make the requests of a verifier: each has a nonce of its own, is signed, and is remembered until it is answered."""

from collections.abc import Collection
from datetime import datetime, timedelta
from typing import NamedTuple

from sayso.clock import Clock
from sayso.credentials.wire import Request
from sayso.dids.identity import Identity
from sayso.encodings import base64url
from sayso.entropy import Entropy
from sayso.identifiers import Nonce
from sayso.openid import request_object
from sayso.openid.request_object import RequestObject
from sayso.proofs.jose import jws
from sayso.query.grammar import Query
from sayso.sharing import request as data_request
from sayso.sharing import sign_in
from sayso.sharing.request import DataRequest
from sayso.sharing.terms import SharingTerms
from sayso.verifier.options import Route, check_tokens, expiry
from sayso.verifier.own import OwnRequests

NONCE_BYTES = 18


class Wanted(NamedTuple):
    """Say how a request may be answered: how long, what a posted answer gives back, and what the wallet posted when it asked."""

    answer_within: timedelta
    state: str | None
    wallet_nonce: str | None


class Requesting(NamedTuple):
    """Hold what every request of a verifier is made with."""

    identity: Identity
    name: str
    route: Route
    algorithms: Collection[str]
    clock: Clock
    entropy: Entropy
    own: OwnRequests

    def ask(self, query: Query, said: SharingTerms, wanted: Wanted) -> Request:
        """Ask for what a query and its terms say.

        Raises:
            TypeError, ValueError: what is wanted cannot be.
        """
        now = self.clock()
        return self._signed(data_request.join(self._request(query, now, wanted), said), now)

    def sign_in(self, purpose: str, wanted: Wanted) -> Request:
        """Ask who is there.

        Raises:
            TypeError, ValueError: what is wanted cannot be, or the text is not fit to be shown.
        """
        now = self.clock()
        request = self._request(Query(()), now, wanted)._replace(scope=request_object.SIGN_IN)
        return self._signed(DataRequest(sign_in.with_purpose(request, purpose), SharingTerms(purpose, ()), {}), now)

    def _request(self, query: Query, now: datetime, wanted: Wanted) -> RequestObject:
        reply_to, origin, encryption = self.route
        check_tokens(wanted.state, wanted.wallet_nonce, reply_to)
        expires = expiry(now, wanted.answer_within)
        return RequestObject(
            verifier=self.identity.did,
            name=self.name,
            nonce=Nonce(base64url.encode(self.entropy(NONCE_BYTES))),
            issued=now.replace(microsecond=0),
            expires=expires,
            response_uri=reply_to,
            query=query,
            info=(),
            state=wanted.state,
            encryption=encryption.recipient if encryption else None,
            origins=(origin,) if origin else (),
            origin=origin,
            wallet_nonce=wanted.wallet_nonce,
        )

    def _signed(self, asked: DataRequest, now: datetime) -> Request:
        payload = data_request.serialize(asked, self.algorithms)
        protected = jws.protect({"alg": self.identity.algorithm, "typ": request_object.TYPE, "kid": self.identity.key_id})
        data = jws.sign(protected, payload, self.identity.signer).encode()
        self.own.remember(data, asked, payload, now)
        return Request(data)
