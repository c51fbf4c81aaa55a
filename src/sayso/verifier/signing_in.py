"""Accept who signs in: a presentation of no credential, signed with a did:key that is only for this business."""

from dataclasses import dataclass
from datetime import datetime

from sayso.credentials.formats import JWT_VC, JWT_VP
from sayso.credentials.presentation import holder_id
from sayso.dids import did_key
from sayso.errors import MISSING_CLAIM, UNEXPECTED_TYPE, SaysoError
from sayso.identifiers import Did
from sayso.jsonvalue import Json
from sayso.query.grammar import CredentialQuery, Query
from sayso.retrieval import Steps
from sayso.sharing.request import DataRequest
from sayso.sharing.sign_in import ENTRY
from sayso.verification.answers import AnswerJudgement, judge_answer
from sayso.verification.expectations import Expectations

# What is answered: no credential of the one format whose presentations are JWTs.
_QUERY = Query((CredentialQuery(ENTRY, JWT_VC.id),))


@dataclass(frozen=True, slots=True)
class SignIn:
    """Tell who signed in.

    Args:
        holder: the did:key that the customer has for this business: the same when they come back, and another one elsewhere.
        purpose: what the request said that it is for.
        at: when.
    """

    holder: Did
    purpose: str
    at: datetime


def judge_sign_in(token: Json, expectations: Expectations, at: datetime) -> Steps[AnswerJudgement]:
    """Judge the answer to a request to sign in by the same stages as any other; nothing has to be retrieved for it."""
    # Another method could be known elsewhere too, and have whoever resolves it ask somebody.
    return (yield from judge_answer(token, _QUERY, expectations, at, methods=(did_key,)))


def signed_in(asked: DataRequest, judged: AnswerJudgement, now: datetime) -> SignIn:
    """Give who signed in.

    Raises:
        SaysoError: UNEXPECTED_TYPE where it is a presentation of another data model, MISSING_CLAIM where it names no holder or no end.
    """
    ((one,),) = judged.parts.values()
    proven = one.proven
    if proven is None or proven.format is not JWT_VP:
        raise SaysoError.of(UNEXPECTED_TYPE, "who signs in presents a vp+jwt", ENTRY, 0)
    holder = holder_id(proven.document)
    for name, value in (("holder", holder), ("exp", proven.document.get("exp"))):
        if value is None:
            raise SaysoError.of(MISSING_CLAIM, f"who signs in says {name}", ENTRY, 0, name)
    return SignIn(Did(str(holder)), asked.terms.purpose, now)
