"""Stages 7 and 8 on their own: what the status leaves open, and whether this is whom and what was asked for."""

from typing import Literal

import pytest

from sayso.credentials.claims_path import Location
from sayso.credentials.kinds import CredentialType
from sayso.errors import (
    EXCESS_DISCLOSURE,
    LIMIT_EXCEEDED,
    MALFORMED_VALUE_ERROR,
    MISSING_CLAIM,
    STATUS_RETRIEVAL_ERROR,
    UNDECIDABLE,
    UNEXPECTED_TYPE,
    UNTRUSTED_ISSUER,
    ProblemType,
)
from sayso.jsonvalue import Json, JsonObject
from sayso.status import entries
from sayso.verification import stages
from sayso.verification.excess import unasked
from sayso.verification.expectations import ANYONE
from tests.unit.proofs.tokens import ISSUER_DID, ISSUER_KID
from tests.unit.verification.proven import asking, card, disclosing, expecting, found, pid

STATUS: JsonObject = {"status_list": {"idx": 1, "uri": "https://example.com/1"}}
ENTRY: JsonObject = {
    "type": "BitstringStatusListEntry",
    "statusPurpose": "revocation",
    "statusListIndex": "1",
    "statusListCredential": "https://example.com/2",
}


# 7 status


def test_without_a_status_there_is_nothing_to_decide() -> None:
    assert found(stages.status, pid()) == []
    assert found(stages.status, card()) == []


def test_what_entries_say_of_themselves_is_looked_at() -> None:
    """What is well-formed is looked up later, where nothing else is open; what is not, is refused here."""
    assert found(stages.status, pid(status=STATUS)) == []
    assert found(stages.status, card(credentialStatus=[ENTRY, ENTRY])) == []
    broken: JsonObject = {**ENTRY, "statusPurpose": 1}
    assert found(stages.status, card(credentialStatus=[ENTRY, broken])) == [(MALFORMED_VALUE_ERROR, "/credentialStatus/1/statusPurpose")]


def test_the_status_of_the_jwt_around_a_document() -> None:
    """Token Status List, section 6.1: beside the one that the document itself names."""
    around = card(credentialStatus={})._replace(claims={"iss": "x", "status": {"other": {}}})
    assert found(stages.status, around) == [(MALFORMED_VALUE_ERROR, "/credentialStatus"), (STATUS_RETRIEVAL_ERROR, "/status/other")]
    assert found(stages.status, card()._replace(claims={"status": []})) == [(MALFORMED_VALUE_ERROR, "/status")]
    assert found(stages.status, card()._replace(claims={"iss": "x"})) == []
    assert not STATUS_RETRIEVAL_ERROR.decided


def test_a_status_may_be_waived_by_name() -> None:
    """What cannot be decided passes, what was decided does not; and whoever does not look sees nothing."""
    unknown = pid(status={"other": {}})
    assert found(stages.status, unknown) == [(STATUS_RETRIEVAL_ERROR, "/status/other")]
    assert found(stages.status, unknown, expecting(status="waive")) == []
    assert found(stages.status, card(credentialStatus=1), expecting(status="waive")) == [(MALFORMED_VALUE_ERROR, "/credentialStatus")]
    assert found(stages.status, card(credentialStatus=1), expecting(status="ignore")) == []


def test_how_many_entries_a_credential_may_have() -> None:
    """Each may cost a retrieval."""
    most = entries.MAX_ENTRIES
    assert found(stages.status, card(credentialStatus=[ENTRY] * most)) == []
    for status in ("require", "waive"):
        many = card(credentialStatus=[ENTRY] * (most + 1))
        assert found(stages.status, many, expecting(status=status)) == [(LIMIT_EXCEEDED, "/credentialStatus/0")]


@pytest.mark.parametrize(("unknown_status", "problems"), [("refuse", 1), ("ignore", 0)])
def test_a_mechanism_that_nobody_knows(unknown_status: Literal["refuse", "ignore"], problems: int) -> None:
    """VJ-10: may be ignored, by name; what is malformed may not."""
    expectations = expecting(unknown_status=unknown_status)
    assert len(found(stages.status, pid(status={"other": {}}), expectations)) == problems
    assert len(found(stages.status, card(credentialStatus={"type": "Other"}), expectations)) == problems
    for proven in (pid(status={}), pid(status={"other": 1}), card(credentialStatus={}), card(credentialStatus="x")):
        assert len(found(stages.status, proven, expectations)) == 1


# 8 trust


def test_the_issuer_is_one_of_those_that_are_trusted() -> None:
    assert found(stages.trust, pid()) == []
    for issuers in (["did:example:other"], [ISSUER_DID + "x"], [ISSUER_DID.upper()], [ISSUER_KID]):
        assert found(stages.trust, pid(), expecting(issuers)) == [(UNTRUSTED_ISSUER, "/iss")]
        assert found(stages.trust, card(), expecting(issuers)) == [(UNTRUSTED_ISSUER, "/issuer")]
    assert found(stages.trust, pid(), expecting(ANYONE)) == []
    assert found(stages.trust, pid(), expecting(["did:example:other", ISSUER_DID])) == []


def test_nobody_is_not_anyone() -> None:
    """Without an issuer that can be named there is nobody to trust."""
    assert found(stages.trust, pid(iss=None), expecting(ANYONE)) == [(UNTRUSTED_ISSUER, "/iss")]


def test_the_type_is_one_of_those_that_are_expected() -> None:
    """SV-2, DM-4: by `vct`, by any of `aka_vcts`, by the expanded type."""
    vct = CredentialType("Pid", vct="urn:example:pid")
    undefined = "https://www.w3.org/ns/credentials/undefined-term#IdentityCard"
    for types in (["urn:example:pid"], ["other", "urn:example:pid"], [vct]):
        assert found(stages.trust, pid(), expecting(types=types)) == []
    assert found(stages.trust, pid(aka_vcts=["urn:example:more"]), expecting(types=["urn:example:more"])) == []
    for types in (["IdentityCard"], [undefined], [CredentialType("IdentityCard")], ["VerifiableCredential"]):
        assert found(stages.trust, card(), expecting(types=types)) == []


@pytest.mark.parametrize("types", [["urn:example:PID"], ["urn:example:pi"], ["Pid"], [CredentialType("Pid")], ["not a term: <>"]], ids=repr)
def test_any_other_type_is_refused(types: list[str]) -> None:
    assert found(stages.trust, pid(), expecting(types=types)) == [(UNEXPECTED_TYPE, "")]
    assert found(stages.trust, card(), expecting(types=types)) == [(UNEXPECTED_TYPE, "")]


def test_vp_12_what_was_asked_for_is_there() -> None:
    """VP-12: the query is looked at again; a wallet is not trusted to have kept to it."""
    asked = asking({"path": ["name"]}, {"path": ["langs", None]}, {"path": ["age"], "values": [36]})
    complete: JsonObject = {"name": "Ada", "langs": ["en"], "age": 36}
    assert found(stages.trust, pid(**complete), expecting(asked=asked)) == []
    assert found(stages.trust, pid(**(complete | {"age": "36"})), expecting(asked=asked)) == [(MISSING_CLAIM, "/age")]
    assert found(stages.trust, pid(langs="en"), expecting(asked=asked)) == [
        (MISSING_CLAIM, "/name"),
        (MISSING_CLAIM, "/langs"),
        (MISSING_CLAIM, "/age"),
    ]


def test_vp_12_of_the_format_and_type_that_were_asked_for() -> None:
    """DQ-2: a query names both."""
    assert found(stages.trust, pid(), expecting(asked=asking(format_id="vc+sd-jwt"))) == [(UNEXPECTED_TYPE, "")]
    assert found(stages.trust, pid(vct="urn:other"), expecting(asked=asking())) == [(UNEXPECTED_TYPE, "")]
    assert found(stages.trust, card(), expecting(asked=asking(format_id="vc+sd-jwt"))) == []
    authority: Json = [{"type": "aki", "values": ["x"]}]
    assert found(stages.trust, pid(), expecting(asked=asking(trusted_authorities=authority))) == [(UNDECIDABLE, "")]


def test_dq_p1_an_index_counts_what_the_issuer_wrote() -> None:
    """DQ-P1: an element that is not disclosed keeps its index."""
    asked = asking({"path": ["langs", 1]})
    shown = pid(langs=["en"])
    assert found(stages.trust, shown._replace(positions={("langs",): (1,)}), expecting(asked=asked)) == []
    assert found(stages.trust, shown._replace(positions={("langs",): (0,)}), expecting(asked=asked)) == [(MISSING_CLAIM, "/langs/1")]


ADDRESS: JsonObject = {"city": "Köln", "zip": "50667"}


@pytest.mark.parametrize(
    ("paths", "excess"),
    [
        ([["name"], ["address"], ["langs"]], []),
        ([["name"]], ["/address", "/address/city", "/address/zip", "/langs/0", "/langs/1"]),
        ([["name"], ["address", "city"]], ["/address/zip", "/langs/0", "/langs/1"]),
        ([["name"], ["address"], ["langs", 1]], ["/langs/0"]),
        ([["name"], ["address"], ["langs", None]], []),
        ([["vct"]], ["/name", "/address", "/address/city", "/address/zip", "/langs/0", "/langs/1"]),
    ],
    ids=repr,
)
def test_dq_s6_what_nobody_asked_for_can_refuse(paths: list[Json], excess: list[str]) -> None:
    """DQ-S5, DQ-S6: every disclosure that no asked path needs, by its place; those above and inside of one are needed."""
    places: list[Location] = [("name",), ("address",), ("address", "city"), ("address", "zip"), ("langs", 0), ("langs", 1)]
    proven = disclosing(pid(name="Ada", address=ADDRESS, langs=["en", "fr"], plain="x"), *places)
    asked = asking(*({"path": path} for path in paths))
    assert found(stages.trust, proven, expecting(asked=asked)) == []
    assert found(stages.trust, proven, expecting(asked=asked, unasked="refuse")) == [(EXCESS_DISCLOSURE, place) for place in excess]
    dropped = unasked(proven, expecting(asked=asked))
    assert ["/" + "/".join(map(str, place)) for place in dropped] == excess
    assert unasked(proven, expecting()) == []


def test_all_that_is_wrong_with_trust_is_named() -> None:
    kinds: list[ProblemType] = [
        kind
        for kind, _ in found(
            stages.trust,
            disclosing(pid(name="Ada"), ("name",)),
            expecting(["did:example:other"], types=["urn:x"], asked=asking({"path": ["age"]}, types=["urn:x"]), unasked="refuse"),
        )
    ]
    assert kinds == [UNTRUSTED_ISSUER, UNEXPECTED_TYPE, UNEXPECTED_TYPE, MISSING_CLAIM, EXCESS_DISCLOSURE]
