"""Take an answer to a request of this verifier: known, in time, of the kind that was asked for, verified, and taken once."""

from collections.abc import Callable, Mapping
from datetime import datetime
from typing import NamedTuple, TypeVar

from sayso.clock import Clock
from sayso.credentials.kinds import CredentialType
from sayso.credentials.wire import Answer, Request, bytes_of
from sayso.errors import OTHER_REQUEST, SaysoError
from sayso.openid import response
from sayso.openid.encryption_key import EncryptionKey
from sayso.retrieval import Steps
from sayso.sharing.request import DataRequest
from sayso.verification.answers import AnswerJudgement, judge_answer
from sayso.verification.options import Checks
from sayso.verification.report import Report
from sayso.verification.status_cache import Lists, StatusCache
from sayso.verifier.asking import expectations
from sayso.verifier.own import OwnRequests
from sayso.verifier.signing_in import judge_sign_in

T = TypeVar("T")


class Acceptance(NamedTuple):
    """Hold what every answer of a verifier is taken with."""

    own: OwnRequests
    types: Mapping[str, CredentialType]
    checks: Checks
    status_cache: StatusCache | None
    clock: Clock
    on_report: Callable[[Report], None] | None
    encryption: EncryptionKey | None

    def accepting(
        self,
        answer: Answer | bytes | str,
        request: Request | bytes | str,
        scope: str,
        finish: Callable[[DataRequest, AnswerJudgement, datetime], T],
    ) -> Steps[T]:
        """Verify an answer to a request of this scope, and give what `finish` makes of it; only then is the request answered.

        Raises:
            SaysoError: with every problem of the answer, or of the request.
        """
        now = self.clock()
        judged = AnswerJudgement()
        try:
            own = bytes_of(request)
            asked = yield from self.own.recognised(own, now)
            if asked.request.scope != scope:
                raise SaysoError.of(OTHER_REQUEST, "who signs in shares nothing, and who shares does not sign in", "scope")
            judged = yield from self._judged(asked, bytes_of(answer), now)
            if judged.problems:
                raise SaysoError(*judged.problems)
            accepted = finish(asked, judged, now)
            self.own.answered(own, asked, now)
        except SaysoError as error:
            self._tell(judged._replace(problems=error.problems))
            raise
        self._tell(judged)
        return accepted

    def _judged(self, asked: DataRequest, given: bytes, now: datetime) -> Steps[AnswerJudgement]:
        members = response.read(given, asked.request, self.encryption)
        token, lists = response.token_of(members), Lists(self.status_cache, response.status_lists(members))
        expected = expectations(asked, tuple(self.types.values()), self.checks)
        if asked.request.scope:
            return (yield from judge_sign_in(token, expected, now))
        return (yield from judge_answer(token, asked.request.query, expected, now, lists=lists))

    def _tell(self, judged: AnswerJudgement) -> None:
        if self.on_report is not None:
            self.on_report(judged.outcome())
