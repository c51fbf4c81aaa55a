"""What RDF signs is what JSON says: on its own."""

from typing import Any

import pytest

from sayso.credentials.vocabulary import Reading, bundled
from sayso.encodings.jsonld.dataset import to_rdf
from sayso.errors import DATA_LOSS_DETECTION_ERROR, PROOF_TRANSFORMATION_ERROR, pointer
from sayso.proofs.data_integrity.coverage import VOCABULARIES, refuse_disguises, refuse_nothings, refuse_other_names
from tests.spec.data_integrity.documents import UNDEFINED, V2, Document, a_card, a_presentation
from tests.unit.proofs.refusals import refused

URL = "https://a.example/v1"
TERMS: Document = {
    "anything": {"@id": "https://a.example/anything", "@type": "@json"},
    "row": {"@id": "https://a.example/row", "@container": "@list"},
    "status": "https://www.w3.org/2018/credentials#credentialStatus",
    "size": "https://www.w3.org/ns/credentials/status#statusSize",
    "key": "https://www.iana.org/assignments/jwt#cnf",
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


@pytest.mark.parametrize("document", [{"x": None}, {"x": []}, {"x": [None]}, {"x": {"y": None}}], ids=repr)
def test_nothing_is_found_where_nothing_else_stands(document: Document) -> None:
    with refused(DATA_LOSS_DETECTION_ERROR):
        refuse_nothings(document, READING)


def test_an_empty_array_is_a_list_only_where_its_term_says_so() -> None:
    with refused(DATA_LOSS_DETECTION_ERROR, "/status"):
        refuse_nothings(a_thing(status=[]), READING)


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
    claim = a_presentation(a_card(credentialSubject={"proof": 1, "x": None}))
    with refused(DATA_LOSS_DETECTION_ERROR, "/verifiableCredential/0/credentialSubject/x"):
        refuse_nothings(claim, READING)


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
    deeper = a_thing(cnf={"jwk": {"credentialStatus": 1}}, credentialSubject={"vc:credentialStatus": STATUS})
    with refused(PROOF_TRANSFORMATION_ERROR, "", says="another name"):
        names(deeper)


def test_a_name_in_a_context_is_no_property() -> None:
    hidden = a_thing(credentialSubject={"vc:credentialStatus": STATUS})
    quads = to_rdf(hidden, READING.contexts)
    hidden["credentialSubject"]["@context"] = {"credentialStatus": "https://a.example/x"}
    with refused(PROOF_TRANSFORMATION_ERROR, "", says="another name"):
        refuse_other_names(hidden, quads)


@pytest.mark.parametrize("hidden", [{"credentialSubject": {"size": 2}}, {"key": {"note": "x"}}], ids=repr)
def test_each_vocabulary_decides(hidden: Document) -> None:
    with refused(PROOF_TRANSFORMATION_ERROR):
        names(a_thing(**hidden))


def test_which_vocabularies_decide() -> None:
    """Each property of the base contexts in them is called by the end of its IRI."""
    assert all(place.startswith("<https://") and place.endswith("#") for place in VOCABULARIES)
    names(a_thing(**{"https://a.example/x": "y"}))


@pytest.mark.parametrize(
    "name",
    [
        "https://www.w3.org/2018/credentials#validUntil",
        "vc:validUntil",
        "https://www.w3.org/2018/credentials#expirationDate",
        "https://www.w3.org/ns/credentials/status#statusSize",
        "https://www.w3.org/ns/credentials/undefined-term#status",
        "x:status_list",
    ],
)
def test_no_iri_stands_where_a_name_decides(name: str) -> None:
    """Also where a claim of the same name makes up for it in number."""
    hidden: Document = {name: "2050-01-01T00:00:00Z"}
    for document, place in (
        (a_thing(**hidden, credentialSubject={"validUntil": "x"}), (name,)),
        (a_thing(evidence=[{"type": "A", "b": hidden}]), ("evidence", 0, "b", name)),
        (a_presentation(a_thing(**hidden)), ("verifiableCredential", 0, name)),
        ({**a_presentation(), "verifiableCredential": a_thing(**hidden)}, ("verifiableCredential", name)),
        (a_presentation({**a_thing(), "proof": [hidden]}), ("verifiableCredential", 0, "proof", 0, name)),
    ):
        with refused(PROOF_TRANSFORMATION_ERROR, pointer(*place), says="no IRI"):
            refuse_disguises(document)


def test_other_iris_are_names_like_others() -> None:
    refuse_disguises(
        a_thing(**{"https://schema.org/name": "Ada", "https://schema.org/description": "x", "https://a.example/x#y": 1, "vc:": 2})
    )
    refuse_disguises(a_thing(**{"@context": [V2, {"https://a.example/x#validUntil": "https://a.example/y"}]}))
    refuse_disguises(a_thing(cnf={"jwk": {"x:validUntil": 1}}))  # what is JSON is signed as it stands


@pytest.mark.parametrize("key", ["id", "@id"])
def test_a_node_is_described_in_one_object(key: str) -> None:
    """Its members could stand in either, and the statements would be the same."""
    root = {**a_thing(), "id": "urn:x:1"}
    again: Document = {key: "urn:x:1", "validUntil": "2050-01-01T00:00:00Z"}
    for document, place in (
        ({**root, "credentialSubject": again}, "/credentialSubject"),
        ({**root, "evidence": [{"type": "A"}, {"type": "B", "about": [again]}]}, "/evidence/1/about/0"),
        (a_thing(credentialSubject=[again, again]), "/credentialSubject/1"),
        (a_presentation({**root, "credentialSubject": again}), "/verifiableCredential/0/credentialSubject"),
    ):
        with refused(PROOF_TRANSFORMATION_ERROR, place, says="same id"):
            refuse_disguises(document)


def test_what_decides_nothing_may_be_said_in_two_places() -> None:
    """Somebody who is named twice; but not where a property that decides could have stood in either."""
    friend: Document = {"id": "urn:x:2", "knows": {"id": "urn:x:3", "name": "Bob"}, "name": "Ada"}
    refuse_disguises(a_thing(credentialSubject=[friend, {"id": "urn:x:3", "knows": friend}, friend]))
    for one, other in ((friend, {"id": "urn:x:2", "digestSRI": "x"}), ({"id": "urn:x:2", "statusSize": 1}, friend)):
        with refused(PROOF_TRANSFORMATION_ERROR, "/credentialSubject/1", says="same id"):
            refuse_disguises(a_thing(credentialSubject=[one, other]))


def test_what_only_refers_describes_nothing() -> None:
    reference: Document = {"id": "urn:x:1"}
    refuse_disguises({**a_thing(evidence=[reference, reference]), **reference})
    refuse_disguises(a_thing(credentialSubject=[{"id": "urn:x:2", "x": 1}, {"x": 1}, {"id": 5, "x": 1}, {"id": 5, "x": 2}]))


def test_each_credential_and_each_proof_is_in_a_graph_of_its_own() -> None:
    """Two credentials about one person are no disguise."""
    about: Document = {"id": "did:example:ada", "name": "Ada"}
    refuse_disguises(a_presentation(a_card(credentialSubject=about), a_card(credentialSubject=about)))
    refuse_disguises({**a_presentation(), "verifiableCredential": a_card(credentialSubject=about), "holder": about})
    refuse_disguises({**a_thing(), "proof": [about, about]})
    whole = {**a_card(validUntil="2050-01-01T00:00:00Z"), "id": "urn:x:1"}
    refuse_disguises(a_presentation(whole, whole))
    # Not even where something decides, as it does in each proof.
    deciding = {**about, "proofPurpose": "x"}
    inside = {**a_card(credentialSubject=about), "proof": [deciding, deciding]}
    for document in (a_presentation(inside), {**a_presentation(), "verifiableCredential": inside}):
        refuse_disguises({**document, "proof": deciding, "holder": about})


@pytest.mark.parametrize("name", ["proof", "verifiableCredential"])
def test_a_claim_called_like_a_graph_is_none(name: str) -> None:
    """It is in the graph of what is around it, and so something could move there."""
    moved: Document = {"id": "https://a.example/status/1", "statusSize": 2}
    document = a_thing(credentialStatus=STATUS, credentialSubject={"x": 1, name: moved})
    whole = {**document, "credentialStatus": {**STATUS, "statusPurpose": "revocation"}}
    for around, place in (
        (whole, ""),
        (a_presentation(whole), "/verifiableCredential/0"),
        ({**a_presentation(), "verifiableCredential": whole}, "/verifiableCredential"),
    ):
        with refused(PROOF_TRANSFORMATION_ERROR, place + "/credentialStatus", says="same id"):
            refuse_disguises(around)


def test_what_decides_stands_at_the_top_under_its_own_name() -> None:
    """A term of another context, and a claim that makes up for it in number."""
    inside: Document = {"id": "did:example:ada", "credentialStatus": "x"}
    with refused(PROOF_TRANSFORMATION_ERROR, "", says="elsewhere"):
        names(a_thing(status=STATUS, credentialSubject=inside))
    with refused(PROOF_TRANSFORMATION_ERROR, "", says="elsewhere"):
        names(a_thing(credentialStatus=STATUS, status={**STATUS, "id": "https://a.example/status/2"}, credentialSubject=inside))
    presentation = a_presentation(a_card(credentialSubject=inside), **{"@context": CONTEXTS, "status": STATUS})
    with refused(PROOF_TRANSFORMATION_ERROR, "", says="elsewhere"):
        names(presentation)
    names(a_thing(credentialStatus=STATUS, credentialSubject=inside))
    names(a_presentation(a_thing(credentialStatus=STATUS, credentialSubject=inside)))
