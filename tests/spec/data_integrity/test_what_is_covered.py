"""Only what the signature covers is returned."""

import json
from typing import Any

import pytest

from sayso.credentials.vocabulary import bundled
from sayso.dids import did_key
from sayso.errors import DATA_LOSS_DETECTION_ERROR, PROOF_TRANSFORMATION_ERROR, SaysoError
from sayso.proofs.data_integrity.signing import ProofOptions, add_proof
from sayso.proofs.data_integrity.suites import World
from sayso.verification.doors import examine
from sayso.verification.expectations import Expectations
from tests.journeys.town import Town, town
from tests.spec.data_integrity.documents import RDFC, UNDEFINED, V2, a_card, found
from tests.unit.proofs.tokens import ISSUER


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


def test_a_term_of_another_context_hides_nothing_that_decides() -> None:
    """DI-X2: the statements are the same, and so is the signature; whoever looks for the status would find none."""
    terms: dict[str, Any] = {"@context": {"state": "https://www.w3.org/2018/credentials#credentialStatus"}}
    url, status = "https://a.example/terms/v1", {"id": "https://a.example/status/1", "type": "OtherStatus"}
    card = a_card(**{"@context": [V2, url, UNDEFINED], "credentialStatus": status})
    options = ProofOptions(RDFC, did_key.verification_method(ISSUER.public_key), "assertionMethod")
    signed = add_proof(card, options, ISSUER, World(bundled().with_documents({url: terms})))
    expected: dict[str, Any] = {"contexts": {url: terms}, "unknown_status": "ignore"}
    assert found(signed, **expected) == []
    renamed = {("state" if name == "credentialStatus" else name): value for name, value in signed.items()}
    assert [kind for kind, _ in found(renamed, **expected)] == [PROOF_TRANSFORMATION_ERROR]
