"""A type of credentials brings its type metadata, or writes it."""

import pickle
from datetime import timedelta
from typing import Any

import pytest

from sayso.credentials.kinds import CredentialType
from sayso.credentials.type_metadata.chain import check_integrity
from sayso.credentials.type_metadata.document import parse
from sayso.errors import TYPE_MISMATCH, SaysoError
from sayso.jsonvalue import serialize
from sayso.testing.world import World
from sayso.verification.doors import examine
from sayso.verification.expectations import Expectations
from tests.journeys.town import payload_of

VCT = "urn:example:card"
METADATA: dict[str, Any] = {"vct": VCT, "claims": [{"path": ["name"], "sd": "always", "mandatory": True}]}
KIND = CredentialType("Card", vct=VCT, type_metadata=METADATA)


def test_its_bytes_are_kept() -> None:
    text = serialize(METADATA)
    assert KIND.type_metadata == text.encode()
    assert CredentialType("Card", vct=VCT, type_metadata=text) == KIND == CredentialType("Card", vct=VCT, type_metadata=text.encode())
    assert CredentialType("Card", vct=VCT, type_metadata=f" {text}") != KIND
    assert CredentialType("Card", vct=VCT) != KIND
    assert "sd" not in repr(KIND)
    assert pickle.loads(pickle.dumps(KIND)) == KIND  # noqa: S301 - it is ours
    assert hash(KIND) == hash(CredentialType("Card", vct=VCT))


def test_a_type_without_a_vct_has_its_name() -> None:
    kind = CredentialType("Card", type_metadata={"vct": "Card"})
    assert (kind.type_name, KIND.type_name) == ("Card", VCT)


@pytest.mark.parametrize(
    "metadata",
    [{"vct": "urn:example:other"}, {}, "", "[]", b"\xff", {**METADATA, "claims": [{}]}, {"vct": VCT, "name": "\ud800"}],
    ids=repr,
)
def test_what_is_malformed_or_of_another_type_is_the_callers_mistake(metadata: Any) -> None:
    with pytest.raises(ValueError, match=r"type_metadata|surrogates"):
        CredentialType("Card", vct=VCT, type_metadata=metadata)


@pytest.mark.parametrize("metadata", [1, [], {"vct": VCT, "x": {1}}], ids=repr)
def test_what_is_no_metadata_at_all_is_a_type_error(metadata: Any) -> None:
    with pytest.raises(TypeError):
        CredentialType("Card", vct=VCT, type_metadata=metadata)


def test_credentials_of_the_type_name_its_metadata() -> None:
    """SV-11."""
    world = World()
    city, ada = world.issuer(), world.wallet()
    card = city.issue({"name": "Ada"}, type=KIND, format="dc+sd-jwt", holder=ada.new_key(), valid_for=timedelta(days=1))
    named = payload_of(card.text)["vct#integrity"]
    assert named == KIND.type_integrity
    check_integrity(serialize(METADATA).encode(), named)
    expected = Expectations(issuers=[city.did], types=[KIND], holder_binding=False)
    assert examine(card, expected, at=world.clock()).ok
    plain = city.issue({"name": "Ada"}, type="Card", format="dc+sd-jwt", holder=ada.new_key(), valid_for=timedelta(days=1))
    assert "vct#integrity" not in payload_of(plain.text)
    assert CredentialType("Card").type_integrity is None


@pytest.mark.parametrize(
    ("claims", "disclosable", "place"),
    [({}, [], "/name"), ({"name": "Ada"}, [], "/name"), ({"name": "Ada", "kind": "x"}, ["name", "kind"], "/kind")],
    ids=repr,
)
def test_nothing_is_issued_that_breaks_the_rules(claims: dict[str, Any], disclosable: list[str], place: str) -> None:
    """SV-15: the issuer's part."""
    rules = [*METADATA["claims"], {"path": ["kind"], "sd": "never"}]
    kind = CredentialType("Card", vct=VCT, type_metadata={"vct": VCT, "claims": rules})
    world = World()
    options: Any = {"type": kind, "holder": world.wallet().new_key(), "valid_for": timedelta(days=1), "disclosable": disclosable}
    with pytest.raises(SaysoError) as caught:
        world.issuer().issue(claims, format="dc+sd-jwt", **options)
    assert [(problem.kind, problem.pointer) for problem in caught.value.problems] == [(TYPE_MISMATCH, place)]
    # the other format has no such rules
    assert world.issuer().issue(claims, format="vc+sd-jwt", **options).media_type == "application/vc+sd-jwt"


def test_it_writes_metadata_to_be_published() -> None:
    kind = CredentialType(
        "Card",
        vct=VCT,
        labels={"name": {"en": "Name", "nb": "Navn"}, ("address", "city"): {"en": "City"}},
        visible=["kind"],
        predicates={"adult": "birthdate"},
    )
    written = kind.to_type_metadata()
    assert written == {
        "vct": VCT,
        "name": "Card",
        "claims": [
            {"path": ["address", "city"], "display": [{"locale": "en", "label": "City"}]},
            {"path": ["adult"]},
            {"path": ["birthdate"]},
            {"path": ["kind"], "sd": "never"},
            {"path": ["name"], "display": [{"locale": "en", "label": "Name"}, {"locale": "nb", "label": "Navn"}]},
        ],
    }
    assert parse(written).claims[0].path == ("address", "city")
    assert CredentialType("Card", vct=VCT, type_metadata=written).type_integrity


def test_what_is_not_disclosable_is_never_hidden() -> None:
    kind = CredentialType("Card", disclosable=["name"], labels={"number": {"en": "Number"}})
    assert kind.to_type_metadata()["claims"] == [
        {"path": ["name"]},
        {"path": ["number"], "display": [{"locale": "en", "label": "Number"}], "sd": "never"},
    ]
