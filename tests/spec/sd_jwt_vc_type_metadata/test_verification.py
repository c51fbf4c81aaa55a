"""SD-JWT VC draft 19: a verifier that knows a type, or must, holds credentials to its rules (SV-9 to SV-11, SV-15)."""

from typing import Any

import pytest

from sayso.credentials.kinds import CredentialType
from sayso.credentials.type_metadata.document import MAX_BYTES
from sayso.errors import (
    CRYPTOGRAPHIC_SECURITY_ERROR,
    LIMIT_EXCEEDED,
    MALFORMED_VALUE_ERROR,
    PARSING_ERROR,
    RETRIEVAL_REFUSED,
    TYPE_MISMATCH,
    UNDECIDABLE,
    UNTRUSTED_ISSUER,
    ProblemType,
)
from sayso.jsonvalue import JsonObject, serialize
from sayso.retrieval import Fetch, Retrieve, Retrieved
from sayso.testing.world import Network
from sayso.verification.doors import examine
from sayso.verification.expectations import Expectations
from tests.spec.sd_jwt_vc_type_metadata.test_chain import sri
from tests.unit.proofs.tokens import AT, CARD, PID, bound, digest, member, sd_jwt, token
from tests.unit.verification.proven import TRUSTING, expecting, places

VCT, BASE = "https://city.example/card", "https://land.example/card"
NAME: JsonObject = {"path": ["name"], "sd": "always", "mandatory": True}
OFFLINE = Network()


def metadata(vct: str = VCT, **members: Any) -> bytes:
    """Write the metadata of a type."""
    return serialize({"vct": vct, **members}).encode()


def knowing(*documents: bytes, mode: str = "known", vcts: tuple[str, ...] = (VCT, BASE)) -> Expectations:
    """Expect credentials of any type, and know some."""
    kinds = [CredentialType(vct, vct=vct, type_metadata=document) for vct, document in zip(vcts, documents, strict=False)]
    return expecting(known_types=kinds, type_metadata=mode)


def found(
    expectations: Expectations, *disclosures: str, network: Fetch = OFFLINE, integrity: str | None = None, **claims: Any
) -> list[tuple[ProblemType, str]]:
    """Give what is found in a credential of the type, which is presented."""
    hidden: JsonObject = {"_sd": [digest(text) for text in disclosures]} if disclosures else {}
    named: JsonObject = {} if integrity is None else {"vct#integrity": integrity}
    text = bound(sd_jwt(token({**PID, "vct": VCT, **hidden, **named, **claims}), *disclosures))
    return places(examine(text, expectations, at=AT, fetch=network).problems)


def test_sv_15_a_known_type_is_held_to_its_rules() -> None:
    known = knowing(metadata(claims=[NAME]))
    assert found(known, member("name", "Ada")) == []
    assert found(known, name="Ada") == [(TYPE_MISMATCH, "/name")]
    assert found(known) == [(TYPE_MISMATCH, "/name")]
    assert found(known, _sd=["A" * 43]) == []
    (problem,) = examine(bound(sd_jwt(token({**PID, "vct": VCT}))), known, at=AT).problems
    assert problem.stage == "conform"


def test_sv_10_another_type_has_other_rules() -> None:
    """To look at them is optional, and nothing is retrieved for it."""
    known = knowing(metadata(claims=[NAME]))
    assert found(known, vct=BASE) == []
    assert found(known, vct=BASE, integrity="sha256-x") == []
    assert found(TRUSTING) == []


def test_one_type_without_rules_takes_none_from_another() -> None:
    held, bare = CredentialType("Card", vct=VCT, type_metadata=metadata(claims=[NAME])), CredentialType("Other")
    for kinds in ([held, bare], [bare, held]):
        assert found(expecting(known_types=kinds)) == [(TYPE_MISMATCH, "/name")]


def test_types_that_are_expected_are_known_too() -> None:
    kind = CredentialType("Card", vct=VCT, type_metadata=metadata(claims=[NAME]))
    assert found(expecting(types=[kind])) == [(TYPE_MISMATCH, "/name")]
    unnamed = CredentialType("Card", type_metadata=metadata("Card", claims=[NAME]))
    assert found(expecting(types=[unnamed]), vct="Card") == [(TYPE_MISMATCH, "/name")]


def test_two_types_may_not_contradict_each_other() -> None:
    assert found(knowing(metadata(), metadata(), vcts=(VCT, VCT))) == []
    with pytest.raises(ValueError, match=r"two credential types bring different metadata of the type https://city.example/card"):
        knowing(metadata(), metadata(name="x"), vcts=(VCT, VCT))


def test_who_does_not_want_to_look_does_not() -> None:
    assert found(knowing(metadata(claims=[NAME]), mode="ignore")) == []
    assert found(knowing(mode="ignore"), integrity="x") == []


def test_sv_11_the_credential_says_which_metadata_it_means() -> None:
    document = metadata(claims=[NAME])
    known, name = knowing(document), member("name", "Ada")
    assert found(known, name, integrity=sri(document, "sha384")) == []
    assert found(known, name, integrity=sri(b"")) == [(CRYPTOGRAPHIC_SECURITY_ERROR, "/vct")]
    assert found(known, name, integrity="md5-x") == [(UNDECIDABLE, "/vct")]
    assert found(known, name, integrity="") == [(UNDECIDABLE, "/vct")]


def test_sv_10_a_type_that_is_known_in_part_is_not_decided() -> None:
    """Who processes metadata processes all of it."""
    child = metadata(extends=BASE)
    assert found(knowing(child)) == [(UNDECIDABLE, "/vct")]
    assert found(knowing(child, metadata(BASE, claims=[NAME]))) == [(TYPE_MISMATCH, "/name")]
    assert found(knowing(child, metadata(BASE, claims=[NAME])), member("name", "Ada")) == []


def test_sv_16_a_child_that_loosens_refuses_its_credentials() -> None:
    child = metadata(extends=BASE, claims=[{"path": ["name"], "sd": "never"}])
    assert found(knowing(child, metadata(BASE, claims=[NAME])), name="Ada") == [(MALFORMED_VALUE_ERROR, "/vct")]


def serving(**documents: bytes) -> Network:
    """Serve metadata at the URLs of the two types."""
    return Network({{"card": VCT, "base": BASE}[name]: Retrieved(body, "application/json") for name, body in documents.items()})


def test_sv_10_it_is_retrieved_where_that_is_asked_for() -> None:
    network = serving(card=metadata(extends=BASE), base=metadata(BASE, claims=[NAME]))
    required = knowing(mode="require")
    assert found(required, member("name", "Ada"), network=network) == []
    assert network.asked == {VCT: 1, BASE: 1}
    assert found(required, name="Ada", network=network) == [(TYPE_MISMATCH, "/name")]
    assert found(required) == [(RETRIEVAL_REFUSED, "/vct")]
    assert found(required, network=serving(card=metadata(extends=BASE))) == [(RETRIEVAL_REFUSED, "/vct")]


def test_what_metadata_is_asked_for_as() -> None:
    asked: list[Retrieve] = []

    def fetch(retrieve: Retrieve) -> Retrieved:
        asked.append(retrieve)
        return Retrieved(metadata())

    assert found(knowing(mode="require"), network=fetch) == []
    assert [(one.url, one.accept, one.max_bytes) for one in asked] == [(VCT, "application/json", MAX_BYTES)]


def test_what_is_known_is_not_retrieved() -> None:
    network = serving(base=metadata(BASE, claims=[NAME]))
    assert found(knowing(metadata(extends=BASE), mode="require"), member("name", "Ada"), network=network) == []
    assert network.asked == {BASE: 1}


@pytest.mark.parametrize("vct", ["urn:example:card", "http://city.example/card", "https://city.example/a card", "Card", "ftp://x.example"])
def test_sv_9_only_by_https(vct: str) -> None:
    network = Network({vct: Retrieved(metadata(vct))})
    assert found(knowing(mode="require"), network=network, vct=vct) == [(UNDECIDABLE, "/vct")]
    assert not network.asked


@pytest.mark.parametrize(
    ("body", "kind"),
    [
        (b"", PARSING_ERROR),
        (b"<html>", PARSING_ERROR),
        (b"{}", MALFORMED_VALUE_ERROR),
        (metadata(BASE), MALFORMED_VALUE_ERROR),
        (metadata(extends=VCT), MALFORMED_VALUE_ERROR),
        (metadata(claims=[{"path": []}]), MALFORMED_VALUE_ERROR),
        (metadata() + b" " * MAX_BYTES, LIMIT_EXCEEDED),
    ],
)
def test_sv_10_what_fails_refuses(body: bytes, kind: ProblemType) -> None:
    assert found(knowing(mode="require"), network=serving(card=body)) == [(kind, "/vct")]


def test_sv_9_a_body_has_a_bound_whoever_fetches_it() -> None:
    """Also where the fetcher does not look."""
    text = metadata(claims=[NAME]) + b" " * MAX_BYTES
    assert found(knowing(mode="require"), network=lambda _: Retrieved(text)) == [(LIMIT_EXCEEDED, "/vct")]
    assert found(knowing(mode="require"), member("name", "Ada"), network=lambda _: Retrieved(text[:MAX_BYTES])) == []


def test_problems_of_metadata_say_where_in_it() -> None:
    text = bound(sd_jwt(token({**PID, "vct": VCT})))
    report = examine(text, knowing(mode="require"), at=AT, fetch=serving(card=metadata(claims=[{"path": []}])))
    assert report.problems[0].detail == "the metadata of its type at /claims/0/path: a claims path is a non-empty array"


def test_nothing_is_retrieved_for_what_is_refused_anyway() -> None:
    network = serving(card=metadata(claims=[NAME]))
    stranger = expecting(["did:example:other"], type_metadata="require")
    assert found(stranger, network=network) == [(UNTRUSTED_ISSUER, "/iss")]
    assert not network.asked


def test_credentials_of_vcdm_have_no_type_metadata() -> None:
    assert examine(bound(sd_jwt(token(CARD, typ="vc+sd-jwt"))), knowing(mode="require"), at=AT).problems == ()


def test_the_option_is_one_of_three_words() -> None:
    with pytest.raises(ValueError, match="type_metadata is one of require, known, ignore"):
        expecting(type_metadata="always")
