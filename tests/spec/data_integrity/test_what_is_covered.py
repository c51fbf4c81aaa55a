"""Only what the signature covers is returned."""

import json
from typing import Any

import pytest

from sayso.errors import DATA_LOSS_DETECTION_ERROR, SaysoError
from sayso.verification.doors import examine
from sayso.verification.expectations import Expectations
from tests.journeys.town import Town, town


@pytest.fixture
def there() -> Town:
    return town(None)


@pytest.mark.parametrize("change", [{"given_name": "Ada", "nick": None}, {"given_name": ["Ada", None]}, {"given_name": {"first": None}}])
def test_a_null_is_in_no_statement(there: Town, change: dict[str, Any]) -> None:
    """DI-3: RDF has none, so that anybody could add one."""
    signed = json.loads(there.issue({"given_name": "Ada"}, format="eddsa-rdfc-2022").data)
    subject = signed["credentialSubject"]
    added = {**signed, "credentialSubject": {**subject, **change}}
    report = examine(json.dumps(added), Expectations(issuers=[there.city.did], holder_binding=False), at=there.world.clock())
    assert [problem.kind for problem in report.problems] == [DATA_LOSS_DETECTION_ERROR]
    with pytest.raises(SaysoError) as refused:
        there.issue(change, format="eddsa-rdfc-2022")
    assert [problem.kind for problem in refused.value.problems] == [DATA_LOSS_DETECTION_ERROR]
