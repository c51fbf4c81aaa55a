"""Laws of conformance: whatever a document holds, it conforms or there is a problem, and never anything else."""

from datetime import UTC, datetime
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from sayso.credentials import credential, data_model, presentation, sd_jwt_vc, vc_jose_cose
from sayso.credentials.contexts.bundled import CREDENTIALS_V2, UNDEFINED_TERMS_V2
from sayso.credentials.kinds import reading_of
from sayso.credentials.presentation import embedded
from sayso.credentials.validity import date_problems, date_time_window, document_problems, format_date_time
from sayso.credentials.versions import CREDENTIALS_V1
from sayso.credentials.vocabulary import expanded_types
from sayso.errors import PARSING_ERROR, SaysoError
from sayso.jsonvalue import JsonObject, freeze
from tests.spec.vcdm2.documents import CARD, CARD_CONTEXT, a_card
from tests.support import examples

pytestmark = pytest.mark.laws

WORDS = st.sampled_from(
    (
        *("", "Ada", "did:example:ada", "https://example.org/#Type", "data:application/vc+jwt,abc", "2026-11-20T12:00:00Z", "en", "ltr"),
        *("VerifiableCredential", "VerifiablePresentation", "EnvelopedVerifiableCredential", "JsonSchema", "Card", "given_name"),
        *("data:application/vc+cose;base64,YWJj", "data:application/vc+cose;base64,YWI", "uEiBZlVztZpfWHgPyslVv6-UwirFoQoRvW1htfx963sknNA"),
        *(CREDENTIALS_V1, CREDENTIALS_V2, UNDEFINED_TERMS_V2, CARD_CONTEXT, "https://example.org/other"),
    )
)
NAMES = st.sampled_from(
    (
        *("@context", "id", "type", "issuer", "credentialSubject", "validFrom", "validUntil", "credentialStatus", "credentialSchema"),
        *("relatedResource", "evidence", "name", "description", "proof", "holder", "verifiableCredential", "termsOfUse", "cnf", "jwk"),
        *("issuanceDate", "expirationDate"),
        *("digestSRI", "digestMultibase", "@value", "@language", "@id", "given_name", "shoe_size", "iss", "vct", "aka_vcts", "vc"),
    )
)
SCALARS = st.none() | st.booleans() | st.integers(0, 9) | st.floats(allow_nan=False) | WORDS
JSON = st.recursive(SCALARS, lambda inner: st.lists(inner, max_size=3) | st.dictionaries(NAMES, inner, max_size=4), max_leaves=12)
DOCUMENTS = st.dictionaries(NAMES, JSON, max_size=8)
LOCATIONS = st.lists(st.lists(NAMES | st.integers(0, 3), max_size=3).map(tuple), max_size=3)
READING = reading_of([CARD])


def resolves(document: Any, place: str) -> bool:
    """Tell whether a JSON Pointer names something in the document, or something that could be in an object there."""
    *above, last = [step.replace("~1", "/").replace("~0", "~") for step in place.split("/")[1:]] or [""]
    for step in above:
        document = document[int(step)] if isinstance(document, list) else document[step]
    return isinstance(document, dict) or (isinstance(document, list) and int(last) < len(document))


@examples(150)
@given(DOCUMENTS | DOCUMENTS.map(lambda members: a_card() | members), LOCATIONS, LOCATIONS)
def test_any_document_conforms_or_has_problems(document: JsonObject, hiding: list[Any], disclosed: list[Any]) -> None:
    frozen: Any = freeze(document)
    found = [
        *credential.conformance_problems(document, READING, hiding),
        *presentation.conformance_problems(document, READING),
        *data_model.credential_problems(document, READING, hiding),
        *data_model.presentation_problems(document, READING),
        *sd_jwt_vc.conformance_problems(document),
    ]
    assert found == [
        *credential.conformance_problems(frozen, READING, hiding),
        *presentation.conformance_problems(frozen, READING),
        *data_model.credential_problems(frozen, READING, hiding),
        *data_model.presentation_problems(frozen, READING),
        *sd_jwt_vc.conformance_problems(frozen),
    ]
    assert found
    assert all(resolves(document, problem.pointer) for problem in found)
    vc_jose_cose.conformance_problems(document, READING, hiding, disclosed)
    assert all(iri is None or ":" in iri for iri in expanded_types(document, READING))


WHEN = st.datetimes(datetime(2020, 1, 1), datetime(2021, 1, 1), timezones=st.just(UTC))  # noqa: DTZ001  # the zone comes with `timezones`
DATES = st.dictionaries(
    st.sampled_from(["issuanceDate", "expirationDate", "validFrom", "validUntil"]),
    WHEN.map(format_date_time) | st.sampled_from(["2020-06-01T00:00:00", "2020-06-01", None]),
)


@examples(500)
@given(DATES, WHEN, st.sampled_from([[CREDENTIALS_V1], [CREDENTIALS_V2]]))
def test_dates_have_nothing_against_what_lies_in_their_window(dates: JsonObject, at: datetime, contexts: Any) -> None:
    """Of either version: what is malformed has no window, and what is not is refused outside it and nowhere else."""
    document: JsonObject = {"@context": contexts, **dates}
    try:
        window = date_time_window(document)
    except SaysoError as error:
        malformed = {*error.problems}
        assert malformed <= {*date_problems(document)}
        assert malformed <= {*document_problems(document, at)}
        return
    assert all("lies before" in problem.detail for problem in date_problems(document))
    assert (document_problems(document, at) == ()) is window.contains(at)


@examples(150)
@given(st.lists(DOCUMENTS, max_size=3) | DOCUMENTS, DOCUMENTS)
def test_the_credentials_of_a_presentation_are_given_or_refused(credentials: Any, members: JsonObject) -> None:
    document = {**members, "type": "VerifiablePresentation", "verifiableCredential": credentials}
    items = credentials if isinstance(credentials, list) else [credentials]
    refused = {problem.pointer for problem in data_model.presentation_problems(document, READING)}
    try:
        found = embedded(document)
    except SaysoError as error:
        told = {problem.pointer for problem in error.problems if problem.kind != PARSING_ERROR}
        # What is no envelope does not conform; what is in one is not looked at there.
        assert told <= refused
        return
    assert [one.document for one in found] == items
    assert all((one.kind == "enveloped") is (one.envelope is not None) for one in found)
    assert all((one.kind == "embedded") is ("proof" in one.document) for one in found if one.envelope is None)
