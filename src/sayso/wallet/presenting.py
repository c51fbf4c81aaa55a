"""Present what a plan shows, decline, or present whole credentials: doors of the wallet."""

from collections.abc import Mapping
from datetime import timedelta
from threading import Lock
from types import MappingProxyType
from typing import TYPE_CHECKING

from sayso.clock import Clock
from sayso.credentials.wire import Answer, Presentation
from sayso.entropy import Entropy
from sayso.errors import NOT_ANSWERABLE, RANGE_ERROR, SaysoError
from sayso.identifiers import Did, StoredId
from sayso.openid import error_response, response
from sayso.proofs.data_integrity.suites import EDDSA_JCS, World
from sayso.retrieval import Fetch, drive
from sayso.sharing import sign_in, strict_terms
from sayso.sharing.plan.decision import Plan
from sayso.sharing.plan.picking import Pick
from sayso.verification.expectations import Expectations
from sayso.wallet import enclosing
from sayso.wallet.enclosing import Addressee
from sayso.wallet.held import Keys, Whole
from sayso.wallet.index import Index
from sayso.wallet.reading import Given, Reader
from sayso.wallet.record import Shared, recorded

if TYPE_CHECKING:  # who keeps no ledger does not pay for it
    from sayso.wallet.recording import Recorder


class PresentingDoors:
    """Let leave what the customer chose."""

    _clock: Clock
    _entropy: Entropy
    _expectations: Expectations
    _fetch: Fetch
    _held: Index
    _keys: Keys
    _lock: Lock
    _reader: Reader
    _recorder: "Recorder | None"
    _shared: list[Shared]
    _by_verifier: dict[str, list[Shared]]
    _whole: dict[StoredId, Whole]

    def present(self, plan: Plan, *, status_lists: Mapping[str, bytes] = MappingProxyType({})) -> Answer:
        """Share what the plan shows, and nothing else.

        `status_lists`, by URL and as published, go along, so that the verifier need not ask for them.

        Raises:
            SaysoError: the request has expired or cannot be answered, or a credential is gone or holds no longer.
            TypeError: this is no plan.

        Source: RFC 9901, sections 4.3 and 7.2; OpenID4VP 1.0, section 8.1 and appendix B (VP-6, VP-8).
        """
        if not isinstance(plan, Plan):  # pyright: ignore[reportUnnecessaryIsInstance] # callers need not have a type checker
            msg = f"a Plan is presented, not {type(plan).__name__}"
            raise TypeError(msg)
        answer, record = self._presented(plan, status_lists, None)
        self._remember(plan, record)
        return answer

    def _presented(self, plan: Plan, status_lists: Mapping[str, bytes], known_as: Did | None) -> tuple[Answer, Shared]:
        if not plan.answerable:
            raise SaysoError(*plan.problems)
        now = self._clock()
        if now >= plan.asked.request.expires:
            raise SaysoError.of(RANGE_ERROR, "the request has expired", "exp")
        now = now.replace(microsecond=0)
        until = plan.end_from(now)
        if until <= now:
            raise SaysoError.of(RANGE_ERROR, "the share would have ended before it begins")
        request = plan.asked.request
        to = Addressee(request.audience, request.nonce, now, request.expires, until, known_as=known_as)
        if plan.signs_in:
            presentations, status_lists = {sign_in.ENTRY: [self._signed_in(plan.verifier, to)]}, dict[str, bytes]()
        else:
            said = {query_id: to._replace(terms=strict_terms.agreed(request, query_id)) for query_id in plan.picks}
            presentations = {name: [self._presentation(picked, said[name]) for picked in together] for name, together in plan.picks.items()}
        return response.answer(request, presentations, status_lists, self._entropy), recorded(plan, now, until)

    def _remember(self, plan: Plan, record: Shared) -> None:
        with self._lock:
            self._shared.append(record)
            self._by_verifier.setdefault(plan.verifier, []).append(record)
        if self._recorder is not None and not plan.signs_in:
            self._recorder.presented(plan, record)

    def decline(self, request: Plan | Given, *, origin: str | None = None) -> Answer:
        """Answer that nothing is shared: the same bytes whether the customer refused, holds nothing, or a value did not match.

        Args:
            request: what is declined, or the plan that was made of it.
            origin: as in `plan`.

        Raises:
            SaysoError: as `plan`; a request that is none deserves no answer.
            TypeError: something that was parsed elsewhere is given.

        Source: OpenID4VP 1.0, sections 8.5 and 15.4.1 (VP-13, DQ-C3).
        """
        if isinstance(request, Plan):
            return error_response.answer(request.asked.request)
        return error_response.answer(drive(self._reader.read(request, origin, None, self._clock()), self._fetch).asked.request)

    def presentation(
        self,
        *stored: StoredId,
        format: str = EDDSA_JCS,
        audience: str | None,
        nonce: str | None,
        valid_for: timedelta = timedelta(minutes=5),
    ) -> Presentation:
        """Sign a presentation of whole credentials for one verifier: whatever is in them is shared.

        Args:
            stored: the credentials, which are about one holder; an SD-JWT is presented by `present`, claim by claim.
            format: "eddsa-jcs-2022", "eddsa-rdfc-2022" or "vp+jwt".
            audience: whom it is for; None: for anyone.
            nonce: what it answers; None: nothing, and so it can be shown again.
            valid_for: how long it can be accepted.

        Raises:
            TypeError, ValueError: the call is wrong, or there is no such credential here that is shown whole.
            SaysoError: a credential holds no longer, or a part of the presentation would not be signed.

        Source: VCDM 2.0, section 4.13; VC Data Integrity 1.0, section 4.2; VC-JOSE-COSE, section 3.1.2.
        """
        enclosing.check_call(format, audience, nonce, valid_for)
        with self._lock:
            if not stored or not self._whole.keys() >= set(stored):
                msg = "a presentation holds one or more stored credentials that are shown whole"
                raise ValueError(msg)
            whole = [self._whole[stored_id] for stored_id in stored]
        now = self._clock().replace(microsecond=0)
        return enclosing.enclose(whole, format, Addressee(audience, nonce, now, now + valid_for), self._world)

    def _presentation(self, picked: Pick, to: Addressee) -> str:
        stored_id = picked.candidate.credential
        held = self._held.get(stored_id) or self._whole.get(stored_id)
        if held is None:
            raise SaysoError.of(NOT_ANSWERABLE, "a credential of the plan is no longer stored")
        if isinstance(held, Whole):
            return enclosing.answer(held, to, self._world)
        problems = held.date_problems(to.at)
        if problems:
            raise SaysoError(*problems)
        return held.holding.present(picked.selected, to.claims, held.signer, withheld=picked.withheld)

    def _signed_in(self, verifier: str, to: Addressee) -> str:
        with self._lock:
            signer, did = self._keys.pairwise(verifier, self._entropy)
        return enclosing.sign_in(did, signer, to._replace(until=None))

    @property
    def _world(self) -> World:
        return World(self._expectations.reading.contexts)
