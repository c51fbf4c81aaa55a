"""Select credentials: which credential queries to answer, and whether an answer is complete."""

from collections.abc import Callable, Collection, Iterator, Mapping
from collections.abc import Set as AbstractSet
from typing import NamedTuple, TypeAlias

from sayso.errors import EXCESS_DISCLOSURE, MISSING_CLAIM, NOT_ANSWERABLE, Problem, pointer
from sayso.query.grammar import CredentialSetQuery, Query


def unsatisfied(query: Query, presentations: Mapping[str, int]) -> tuple[Problem, ...]:
    """Say why so many valid presentations, by the id of the credential query they answer, are not what was asked for; () where they are.

    The pointers are into the `vp_token`.

    Source: OpenID4VP 1.0, sections 6.4.2 and 8.1 (DQ-C1, DQ-C2, DQ-C4; VP-6).
    """
    return (*_wrong_entries(query, presentations), *_unanswered(query, presentations.keys()))


def _wrong_entries(query: Query, presentations: Mapping[str, int]) -> list[Problem]:
    requested = _requested(query)
    single = {credential.id for credential in query.credentials if not credential.multiple}
    problems: list[Problem] = []
    for query_id, count in presentations.items():
        if query_id not in requested:
            problems.append(Problem(EXCESS_DISCLOSURE, "no credential with this id is requested", pointer(query_id)))
        # Section 8.1: an array of one or more; without `multiple` it MUST contain only one.
        elif count < 1:
            problems.append(Problem(MISSING_CLAIM, "the answer holds no presentation", pointer(query_id)))
        elif count > 1 and query_id in single:
            problems.append(Problem(EXCESS_DISCLOSURE, "more than one presentation answers a query without `multiple`", pointer(query_id)))
    return problems


def _requested(query: Query) -> set[str]:
    # (DQ-C2) where there are sets, what stands in none of them is not requested
    if query.credential_sets:
        return {query_id for credential_set in query.credential_sets for ids in credential_set.options for query_id in ids}
    return {credential.id for credential in query.credentials}


def _unanswered(query: Query, answered: AbstractSet[str]) -> list[Problem]:
    if not query.credential_sets:
        # (DQ-C1) all are required
        return [
            Problem(MISSING_CLAIM, "the credential query is not answered", pointer(credential.id))
            for credential in query.credentials
            if credential.id not in answered
        ]
    # (DQ-C2) every required set needs one complete option; half of one and half of another do not make one.
    return [
        Problem(MISSING_CLAIM, f"no option of credential_sets[{number}] is answered completely")
        for number, credential_set in enumerate(query.credential_sets)
        if credential_set.required and not any(answered >= {*ids} for ids in credential_set.options)
    ]


class Choice(NamedTuple):
    """Say which credential queries a wallet answers.

    `ids` are answered; `optional` is what could be answered too, the least of each set that is not required and not answered by `ids`;
    `problems` say why nothing may be answered, and then the others are empty.
    """

    ids: tuple[str, ...] = ()
    optional: tuple[tuple[str, ...], ...] = ()
    problems: tuple[Problem, ...] = ()


_Options: TypeAlias = list[tuple[str, ...]]


def choose(query: Query, answerable: Collection[str], rank: Callable[[str], int]) -> Choice:
    """Choose which credential queries to answer: what is required, revealing as little as possible, and nothing more.

    `answerable` are the ids of the credential queries that can be answered; `rank` tells how much the answer to one of them reveals.
    The pointers of problems are into the query.

    Source: OpenID4VP 1.0, section 6.4.2 (DQ-C1 to DQ-C3).
    """
    costs = {credential.id: rank(credential.id) for credential in query.credentials if credential.id in answerable}
    problems = tuple(_unanswerable(query, costs))
    if problems:
        # (DQ-C3) MUST NOT return any credential
        return Choice(problems=problems)
    if not query.credential_sets:
        return Choice(tuple(costs))
    all_options = [answerable_options(credential_set, costs) for credential_set in query.credential_sets]
    ids = _least([options for options, set_ in zip(all_options, query.credential_sets, strict=True) if set_.required], costs)
    # What a later set brought may make needless what an earlier one chose.
    while needless := surplus(query, ids):
        ids.remove(max(needless, key=costs.__getitem__))
    # Required sets are answered now, and perhaps some of the others with them.
    left = [options for options in all_options if options and not any(ids >= {*option} for option in options)]
    return Choice(tuple(query_id for query_id in costs if query_id in ids), tuple(_cheapest(options, costs, ids) for options in left))


def _unanswerable(query: Query, costs: Mapping[str, int]) -> Iterator[Problem]:
    if not query.credential_sets:
        for number, credential in enumerate(query.credentials):
            if credential.id not in costs:
                yield Problem(NOT_ANSWERABLE, "the credential query cannot be answered", pointer("credentials", number))
    for number, credential_set in enumerate(query.credential_sets):
        if credential_set.required and not answerable_options(credential_set, costs):
            yield Problem(NOT_ANSWERABLE, "no option can be answered completely", pointer("credential_sets", number))


def answerable_options(credential_set: CredentialSetQuery, answerable: Collection[str]) -> list[tuple[str, ...]]:
    """Give the options of a credential set that can be answered completely; `answerable` are the credential queries that can be."""
    return [option for option in credential_set.options if all(query_id in answerable for query_id in option)]


def surplus(query: Query, answered: AbstractSet[str]) -> tuple[str, ...]:
    """Give the answered credential queries without which the request would be answered as well.

    Source: OpenID4VP 1.0, section 6.4.2: one option answers a credential set.
    """
    named: set[str] = set()
    needed: set[str] = set()
    for credential_set in query.credential_sets:
        options = [{*ids} for ids in credential_set.options]
        complete = [ids for ids in options if ids <= answered]
        every = set[str]().union(*options)
        named |= every
        # Of a set that is answered, what each complete option holds is needed; of one that is not, everything.
        needed |= complete[0].intersection(*complete) if complete else every
    return tuple(sorted((named & answered) - needed))


def of_one_presentation(query: Query) -> bool:
    """Tell whether an answer never needs more than one presentation: one credential query, or alternatives to it."""
    if any(credential.multiple for credential in query.credentials):
        return False
    if not query.credential_sets:
        return len(query.credentials) == 1
    return len(query.credential_sets) == 1 and all(len(option) == 1 for option in query.credential_sets[0].options)


def _least(sets: list[_Options], costs: Mapping[str, int]) -> set[str]:
    # The least of all combinations would be a set cover. Sets with less choice go first, and what is sent anyway costs nothing again.
    ids: set[str] = set()
    for options in sorted(sets, key=len):
        ids.update(_cheapest(options, costs, ids))
    return ids


def _cheapest(options: _Options, costs: Mapping[str, int], ids: set[str]) -> tuple[str, ...]:
    # the first of equals: the verifier's order
    return min(options, key=lambda option: sum(costs[query_id] for query_id in option if query_id not in ids))
