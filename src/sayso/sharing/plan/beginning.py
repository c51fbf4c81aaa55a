"""Pick what answers a request before a claim is chosen; a credential that is shown whole waits for the customer's word.

Source: OpenID4VP 1.0, sections 6.4.1 and 6.4.2.
"""

from collections.abc import Collection, Iterator, Sequence
from types import MappingProxyType
from typing import NamedTuple

from sayso.errors import WHOLE_CREDENTIAL, Problem, pointer
from sayso.query import selection
from sayso.sharing.plan.choosing import Candidates, Picks, Wish
from sayso.sharing.plan.picking import Candidate, least, says_more
from sayso.sharing.request import DataRequest

_NO_PICKS: Picks = MappingProxyType({})
_AGREED = -1 << 128
"""What the answer to a credential query weighs for which the customer agreed to show a credential whole: it is the one that they want."""


class Begun(NamedTuple):
    """Hold what answers a request.

    `candidates` may answer; `entire` could, if the customer agreed to show a credential whole. Where `answerable` is False, `problems` say
    why.
    """

    answerable: bool
    problems: tuple[Problem, ...]
    candidates: Candidates
    entire: Candidates
    picks: Picks


def begin(asked: DataRequest, able: Candidates, why_not: Sequence[Problem], wish: Wish, before: Picks = _NO_PICKS) -> Begun:
    """Pick what reveals least of all that may answer; `before` are picks that stay, and `why_not` is what is known to be missing.

    A credential that can only be shown whole, and would say more than is required, answers nothing until the customer agrees to it.
    """
    query = asked.request.query
    candidates, entire = _parted(asked, able, wish)
    best = {query_id: least(ones) for query_id, ones in candidates.items()}
    costs = {query_id: _AGREED if query_id in wish.whole else ranked.cost for query_id, ranked in best.items()}
    choice = selection.choose(query, candidates, costs.__getitem__)
    # Where it is only the customer's word that is missing, that is the problem.
    missing = () if choice.problems and may_answer(asked, able) else choice.problems
    problems = (*missing, *_waiting(asked, candidates, entire), *why_not)
    if choice.problems:
        return Begun(False, problems, candidates, entire, {})
    ids = {*choice.ids}
    # What was agreed to be shown whole is answered, and what was answered is answered still: where that is not more than was asked for.
    agreed = [option for option in choice.optional if not wish.whole.isdisjoint(option)]
    for option in [*agreed, *((query_id,) for query_id in before)]:
        if not selection.surplus(query, {*ids, *option}):
            ids.update(option)
    picks = {one.id: before.get(one.id) or (best[one.id].pick,) for one in query.credentials if one.id in ids}
    return Begun(True, problems, candidates, entire, picks)


def _parted(asked: DataRequest, able: Candidates, wish: Wish) -> tuple[Candidates, Candidates]:
    """Part what may answer from what waits for the customer's word."""
    parted: tuple[dict[str, tuple[Candidate, ...]], ...] = ({}, {})
    for query_id, ones in able.items():
        waits = [query_id not in wish.whole and says_more(one, asked.rows) for one in ones]
        for waiting, found in enumerate(parted):
            some = tuple(one for one, waits_too in zip(ones, waits, strict=True) if waits_too == waiting)
            if some:
                found[query_id] = some
    return parted[0], parted[1]


def may_answer(asked: DataRequest, ids: Collection[str]) -> bool:
    """Tell whether a request would be answered if these credential queries could be."""
    return not selection.choose(asked.request.query, ids, lambda _: 0).problems


def _waiting(asked: DataRequest, candidates: Candidates, entire: Candidates) -> Iterator[Problem]:
    for index, asking in enumerate(asked.request.query.credentials):
        if asking.id in entire and asking.id not in candidates:
            detail = "a credential answers it that can only be shown whole, and says more than is required"
            yield Problem(WHOLE_CREDENTIAL, detail, pointer("credentials", index))
