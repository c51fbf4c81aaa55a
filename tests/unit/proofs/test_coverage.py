"""What RDF signs is what JSON says: on its own."""

from typing import Any

import pytest

from sayso.credentials.vocabulary import Reading, bundled
from sayso.encodings.jsonld.dataset import to_rdf
from sayso.errors import DATA_LOSS_DETECTION_ERROR, PROOF_TRANSFORMATION_ERROR
from sayso.proofs.data_integrity.coverage import VOCABULARIES, refuse_nothings, refuse_other_names
from tests.spec.data_integrity.documents import UNDEFINED, V2, Document, a_card, a_presentation
from tests.unit.proofs.refusals import refused

URL = "https://a.example/v1"
TERMS: Document = {
    "anything": {"@id": "https://a.example/anything", "@type": "@json"},
    "row": {"@id": "https://a.example/row", "@container": "@list"},
    "status": "https://www.w3.org/2018/credentials#credentialStatus",
    "vc": {"@id": "https://www.w3.org/2018/credentials#", "@prefix": True},
}
READING = Reading(bundled().with_documents({URL: {"@context": TERMS}}))
CONTEXTS = [V2, URL, UNDEFINED]


def a_thing(**members: Any) -> Document:
    return a_card(**{"@context": CONTEXTS, **members})


@pytest.mark.parametrize(
    ("subject", "place"),
    [
        ({"x": None}, "/credentialSubject/x"),
        ({"x": []}, "/credentialSubject/x"),
        ({"x": [1, None]}, "/credentialSubject/x/1"),
        ({"x": [[]]}, "/credentialSubject/x/0"),
        ({"x": {"y": {"z": None}}}, "/credentialSubject/x/y/z"),
        ({"row": None}, "/credentialSubject/row"),
        ({"row": [None]}, "/credentialSubject/row/0"),
        ({"proof": None}, "/credentialSubject/proof"),
        ({"verifiableCredential": {"proof": 1, "x": None}}, "/credentialSubject/verifiableCredential/x"),
        (None, "/credentialSubject"),
        ([], "/credentialSubject"),
    ],
)
def test_nothing_is_signed_of_nothing(subject: Any, place: str) -> None:
    """DI-3."""
    document = {**a_thing(), "credentialSubject": subject}
    with refused(DATA_LOSS_DETECTION_ERROR, place):
        refuse_nothings(document, READING)
    with refused(DATA_LOSS_DETECTION_ERROR):
        refuse_nothings({**document, "@context": ["https://unknown.example/v1"]}, READING)


@pytest.mark.parametrize("subject", [{"anything": None}, {"anything": {"x": [None, []]}}, {"row": []}, {"x": [0, "", False, {}]}], ids=repr)
def test_what_is_signed_is_kept(subject: Any) -> None:
    """A null in a JSON literal is a value, and an empty list is a list."""
    refuse_nothings(a_thing(credentialSubject=subject), READING)


def test_what_is_known_to_be_a_literal() -> None:
    """Wherever the base context says so, deep in its own contexts too."""
    refuse_nothings(
        a_thing(cnf={"jwk": {"x": None}}, credentialSubject={"type": "JsonSchema", "jsonSchema": {"enum": [None], "x": []}}), READING
    )
    refuse_nothings({"@context": None}, READING)
    refuse_nothings({"@context": []}, READING)


def test_what_has_a_proof_of_its_own_is_looked_at_where_that_is() -> None:
    """A null in a credential under JCS is signed, and does not refuse the presentation around it."""
    inside: Document = {**a_card(), "credentialSubject": {"x": None}, "proof": {"type": "DataIntegrityProof"}}
    refuse_nothings(a_presentation(inside), READING)
    refuse_nothings({**a_presentation(), "verifiableCredential": inside}, READING)
    own = a_presentation({name: value for name, value in inside.items() if name != "proof"})
    with refused(DATA_LOSS_DETECTION_ERROR, "/verifiableCredential/0/credentialSubject/x"):
        refuse_nothings(own, READING)


def names(document: Document) -> None:
    refuse_other_names(document, to_rdf(document, READING.contexts))


STATUS: Document = {"id": "https://a.example/status/1", "type": "OtherStatus"}


def test_a_property_under_its_own_name() -> None:
    names(a_thing(credentialStatus=STATUS, validFrom="2026-01-01T00:00:00Z", evidence=[{"type": "A"}, {"type": "B"}]))
    names(a_presentation(a_card(), a_card(credentialStatus=STATUS)))
    names(a_thing(credentialStatus=[STATUS, STATUS]))  # one statement, said twice
    names({"@context": URL, "@id": "urn:x:y", "row": ["a"]})


@pytest.mark.parametrize("name", ["https://www.w3.org/2018/credentials#credentialStatus", "vc:credentialStatus", "status"])
def test_a_property_under_another_name(name: str) -> None:
    """DI-X2: an IRI, a compact IRI, and a term of another context."""
    for document in (a_thing(**{name: STATUS}), a_thing(credentialStatus=STATUS, **{name: {**STATUS, "id": "https://a.example/status/2"}})):
        with refused(PROOF_TRANSFORMATION_ERROR, "", says="another name"):
            names(document)
    with refused(PROOF_TRANSFORMATION_ERROR):
        names(a_presentation(a_thing(**{name: STATUS})))


def test_a_name_in_a_literal_is_no_property() -> None:
    """What stands in JSON that is signed as such does not make up for what is hidden."""
    document = a_thing(**{"cnf": {"jwk": {"credentialStatus": 1}}, "vc:credentialStatus": STATUS})
    with refused(PROOF_TRANSFORMATION_ERROR):
        names(document)


def test_which_vocabularies_decide() -> None:
    """Each property of the base contexts in them is called by the end of its IRI."""
    assert all(place.startswith("<https://") and place.endswith("#") for place in VOCABULARIES)
    names(a_thing(**{"https://a.example/x": "y"}))
