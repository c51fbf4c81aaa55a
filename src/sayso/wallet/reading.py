"""Read what a business asks, in whatever form it comes, and be sure of who asks.

Source: OpenID4VP 1.0, sections 5 and 14.1, and appendix A.
"""

from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Literal, NamedTuple, TypeAlias, get_args

from sayso.credentials.validity import token_problems
from sayso.credentials.wire import Request, bytes_of
from sayso.entropy import Entropy
from sayso.errors import INVALID_VERIFICATION_METHOD, UNSIGNED_REQUEST, SaysoError
from sayso.jsonvalue import JsonObject
from sayso.openid import forms, request_object
from sayso.openid.forms import Received
from sayso.retrieval import Steps
from sayso.sharing import request as data_request
from sayso.sharing.request import DataRequest
from sayso.verification.messages import signed_message

SKEW = timedelta(seconds=60)
"""How far a verifier's clock may be off when a request is looked at."""

Unsigned: TypeAlias = Literal["refuse", "allow"]
Terms: TypeAlias = Literal["require", "waive"]
Given: TypeAlias = Request | bytes | str
"""A request as it comes to a door."""


class Asked(NamedTuple):
    """Hold a request that may be answered at this instant: the bytes that are evidence of it, and what they say."""

    request: Request
    asked: DataRequest


@dataclass(frozen=True, slots=True)
class Reader:
    """Read requests.

    Args:
        entropy: makes the nonce of a question that is posted.
        unsigned: "refuse", or "allow" for requests that nobody signed, where OpenID4VP has such.
        terms: "require", or "waive" for requests without sharing terms, as ordinary verifiers make them.

    Raises:
        ValueError: it is neither.
    """

    entropy: Entropy
    unsigned: Unsigned
    terms: Terms

    def __post_init__(self) -> None:
        if self.unsigned not in get_args(Unsigned):
            msg = f"unsigned is {' or '.join(get_args(Unsigned))}"
            raise ValueError(msg)
        if self.terms not in get_args(Terms):
            msg = f"terms is {' or '.join(get_args(Terms))}"
            raise ValueError(msg)

    def read(self, given: Given, origin: str | None, fetched: Given | None, now: datetime) -> Steps[Asked]:
        """Read a request.

        Raises:
            SaysoError: as `Wallet.plan`.
            TypeError: something that was parsed elsewhere is given.
        """
        if not isinstance(origin, str | None):  # pyright: ignore[reportUnnecessaryIsInstance] # callers need not have a type checker
            msg = f"origin is a text, not {type(origin).__name__}"
            raise TypeError(msg)
        received = yield from forms.read(
            bytes_of(given), entropy=self.entropy, origin=origin, fetched=None if fetched is None else bytes_of(fetched)
        )
        if received.payload is not None:
            asked = self._unsigned(received, received.payload, now)
        else:
            message = yield from signed_message(received.data, (request_object.TYPE,), "authentication", now, skew=SKEW)
            asked = data_request.parse(forms.confirmed(received, message.payload), channel=received.channel, waive=self.terms == "waive")
            if asked.request.verifier != message.signer:
                raise SaysoError.of(INVALID_VERIFICATION_METHOD, "the request is not signed by the client that it names", "client_id")
        return Asked(Request(received.data), asked)

    def _unsigned(self, received: Received, payload: JsonObject, now: datetime) -> DataRequest:
        if self.unsigned != "allow":
            raise SaysoError.of(UNSIGNED_REQUEST, "nobody signed the request, and this wallet answers no such request")
        problems = token_problems(payload, now, SKEW)
        if problems:
            raise SaysoError(*(problem.under(stage="date") for problem in problems))
        return data_request.parse(payload, channel=received.channel, waive=self.terms == "waive")
