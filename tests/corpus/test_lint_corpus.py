"""Every fault that was planted in a request of a real-life form is found on its claim, and nothing else is."""

from collections import Counter
from typing import Any

import pytest

from sayso.sharing.lint.linting import lint
from sayso.sharing.lint.rules import RULES
from tests.corpus.forms import FOLDER, Labelled, labelled

CORPUS = [*labelled()]
FORMS = [
    *("age_check", "bank_account", "car_rental", "clinic", "delivery"),
    *("hotel", "job_application", "landlord", "loyalty_card", "newsletter"),
]


@pytest.mark.parametrize("one", CORPUS, ids=lambda one: one.name)
def test_what_was_planted_is_found_and_nothing_else(one: Labelled) -> None:
    found = lint(one.request, one.context)
    assert sorted(f"{finding.rule} {finding.shown}".strip() for finding in found) == sorted(one.faults)


@pytest.mark.parametrize("one", CORPUS, ids=lambda one: one.name)
def test_every_finding_points_to_where_it_stands(one: Labelled) -> None:
    for finding in lint(one.request, one.context):
        there = _at(one.payload, finding.pointer)
        if finding.claim is not None:
            row = _at(one.payload, "/".join(finding.pointer.split("/")[:6]))
            assert there == row or finding.pointer.endswith("/storage/hasDuration")
            assert row["claim"] in {claim["id"] for asking in one.payload["dcql_query"]["credentials"] for claim in asking["claims"]}


def test_the_corpus_is_what_it_says_it_is() -> None:
    assert sorted(path.stem for path in FOLDER.glob("*.toml")) == sorted(FORMS)
    assert len({one.name for one in CORPUS}) == len(CORPUS) >= 40
    by_form = Counter(one.name.partition(":")[0] for one in CORPUS)
    assert all(by_form[form] >= 4 for form in FORMS)
    assert {one.name.partition(":")[0] for one in CORPUS if not one.faults} == {*FORMS}
    assert all(len(one.faults) <= 3 for one in CORPUS)


def test_every_rule_is_planted_twice() -> None:
    planted = Counter(fault.partition(" ")[0] for one in CORPUS for fault in one.faults)
    assert planted.keys() == {rule.id for rule in RULES}
    assert {rule: times for rule, times in planted.items() if times < 2} == {}


def _at(value: Any, pointer: str) -> Any:
    for step in pointer.split("/")[1:]:
        value = value[int(step) if isinstance(value, list) else step]
    return value
