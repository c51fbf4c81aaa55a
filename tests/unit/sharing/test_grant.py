"""Grants: what is granted is what was shared, and nothing but that can be written in one."""

from collections.abc import Callable
from dataclasses import replace
from datetime import timedelta
from functools import partial
from typing import Any

import pytest

from sayso import ANYONE, Attribute, Conditions, Expectations, SaysoError
from sayso.encodings import jcs
from sayso.errors import (
    CRYPTOGRAPHIC_SECURITY_ERROR,
    GRANT_DIFFERS,
    INVALID_DOMAIN_ERROR,
    LIMIT_EXCEEDED,
    MALFORMED_VALUE_ERROR,
    METHOD_NOT_SUPPORTED,
    OTHER_GRANT,
    RANGE_ERROR,
    ProblemType,
)
from sayso.jsonvalue import serialize
from sayso.proofs.data_integrity.signing import ProofOptions, add_proof
from sayso.proofs.data_integrity.suites import World
from sayso.retrieval import drive, offline
from sayso.sharing import artefact, grant, granting
from sayso.sharing import request as data_request
from sayso.sharing.grant import Granted, Lease, Permission
from sayso.sharing.request import DataRequest
from sayso.sharing.terms import NOTHING, WILL_NOT_STORE
from sayso.testing.world import START
from tests.journeys.granting import DAY, KEPT, LEASE, SECOND, UNTIL, Held, held, identity_of
from tests.journeys.granting import granting as shared
from tests.journeys.town import header_of, kinds, payload_of, sign, town


def refusal(act: Callable[[], object]) -> list[ProblemType]:
    with pytest.raises(SaysoError) as refused:
        act()
    assert "1990" not in str(refused.value)
    return kinds(refused.value)


def read(one: Held, data: bytes, **options: Any) -> Granted:
    return drive(grant.read(data, one.of.there.world.clock(), **options), offline)


def asked(one: Held) -> DataRequest:
    return data_request.parse(payload_of(one.of.request.text))


@pytest.mark.parametrize("format", artefact.FORMATS)
def test_a_grant_says_what_was_shared(format: str) -> None:
    one = shared(format=format, conditions=Conditions(legal_basis="eu-gdpr:A6-1-a", prohibited=("dpv:Marketing", "ai-training")))
    said = one.there.bar.read_grant(one.grant, one.request, one.answer)
    assert said == one.granted
    assert (said.business, said.issued, said.until) == (one.there.bar.did, one.plan.planned, one.plan.ends)
    assert said.claims == ("birthdate", "age_over_18")
    assert said.permissions == (Permission(("birthdate", "age_over_18"), "Serve alcohol", one.plan.ends, KEPT, "", "eu-gdpr:A6-1-a"),)
    assert (said.prohibited, said.receipt_within, said.lease) == (("dpv:Marketing", "ai-training"), grant.RECEIPT_WITHIN, None)


def test_each_retention_and_legal_basis_is_a_permission_of_its_own() -> None:
    there = town()
    request = there.ask(
        Attribute("birthdate", keep_for=WILL_NOT_STORE),
        Attribute(("address", "city"), keep_for=DAY, legal_basis="eu-gdpr:A6-1-b"),
        keep_for=KEPT,
        conditions=Conditions(category="dpv:ServiceProvision"),
    )
    plan = there.ada.plan(request)
    made = there.ada.grant(plan, there.ada.present(plan))
    brief, city = there.bar.read_grant(made, request).permissions
    now = there.world.clock()
    assert brief == Permission(("birthdate",), "Serve alcohol", now + timedelta(minutes=5), NOTHING, "dpv:ServiceProvision")
    assert city == Permission((("address", "city"),), "Serve alcohol", now + DAY, DAY, "dpv:ServiceProvision", "eu-gdpr:A6-1-b")
    there.world.clock.turn(timedelta(minutes=5))
    late = there.ada.grant(plan, b"answer")
    assert [one.claims for one in there.ada.read_grant(late).permissions] == [(("address", "city"),)]


def test_what_comes_along_unasked_is_granted_for_no_longer_than_the_answer() -> None:
    there = town({"birthdate": "1990-12-10", "address": {"city": "Oslo", "zip": "0150"}}, disclosable=["birthdate", "address"])
    request = there.ask(("address", "city"), keep_for=KEPT)
    plan = there.ada.plan(request)
    made = there.ada.grant(plan, there.ada.present(plan))
    permissions = {claim: one for one in there.bar.read_grant(made, request).permissions for claim in one.claims}
    assert permissions["address", "city"].keep_for == KEPT
    assert permissions["address", "zip"].keep_for == NOTHING


def test_a_lease_lets_a_grant_outlast_the_share() -> None:
    one = shared(leased=True)
    now = one.there.world.clock()
    assert one.granted.until == now + UNTIL
    assert one.granted.lease == Lease(LEASE, now + LEASE)
    assert one.granted.permissions[0].until == now + KEPT
    short = one.there.ada.grant(one.plan, one.answer, until=now + 2 * DAY, lease=LEASE)
    assert one.there.ada.read_grant(short).lease == Lease(LEASE, now + 2 * DAY)


@pytest.mark.parametrize(
    ("until", "lease"),
    [(UNTIL, None), (timedelta(), None), (-DAY, LEASE), (UNTIL, KEPT + SECOND), (UNTIL, timedelta()), (UNTIL, timedelta(milliseconds=1))],
)
def test_what_no_grant_can_say(until: timedelta, lease: timedelta | None) -> None:
    one = shared()
    with pytest.raises(ValueError, match=r"until|lease"):
        one.there.ada.grant(one.plan, one.answer, until=one.there.world.clock() + until, lease=lease)


def test_wrong_use() -> None:
    one = shared()
    ada: Any = one.there.ada
    with pytest.raises(ValueError, match="duration"):
        ada.grant(one.plan, one.answer, receipt_within=-SECOND)
    for wrong in ({"lease": 3}, {"until": "tomorrow"}, {"receipt_within": 3600}):
        with pytest.raises(TypeError):
            ada.grant(one.plan, one.answer, **wrong)
    with pytest.raises(TypeError, match="a Plan shared"):
        ada.grant(one.request, one.answer)
    with pytest.raises(ValueError, match="format is one of"):
        ada.grant(one.plan, one.answer, format="dc+sd-jwt")
    other = one.there.plan("birthdate")
    with pytest.raises(ValueError, match="nothing was shared"):
        ada.grant(other, one.answer)
    signs_in = ada.plan(one.there.bar.sign_in_request(purpose="Come in"))
    ada.present(signs_in)
    with pytest.raises(ValueError, match="nothing was shared"):
        ada.grant(signs_in, one.answer)
    one.there.world.clock.turn(KEPT)
    assert refusal(lambda: ada.grant(one.plan, one.answer)) == [RANGE_ERROR]


def _set(*path: str | int) -> Callable[[dict[str, Any], Any], None]:
    def change(payload: Any, value: Any) -> None:
        *steps, last = path
        for step in steps:
            payload = payload[step]
        if value is None:
            del payload[last]
        else:
            payload[last] = value

    return change


CREDENTIALS_V2, EXAMPLES = "https://www.w3.org/ns/credentials/v2", "https://www.w3.org/ns/credentials/examples/v2"
SUBJECT = "credentialSubject"
PERMISSION = (SUBJECT, "permission", 0)
WRONG: dict[str, tuple[tuple[str | int, ...], Any]] = {
    "a value": ((SUBJECT, "birthdate"), "1990-12-10"),
    "a member more": (("note",), "1990-12-10"),
    "another type": (("type",), ["VerifiableCredential", "ConsentReceipt"]),
    "more types": (("type",), ["VerifiableCredential", "SharingGrant", "Other"]),
    "another context": (("@context",), [CREDENTIALS_V2, EXAMPLES]),
    "no id": (("id",), None),
    "no subject": ((SUBJECT, "id"), "urn:uuid:1"),
    "no end": (("validUntil",), None),
    "an end with a fraction": (("validUntil",), "2026-12-20T12:00:00.5Z"),
    "a start with a fraction": (("validFrom",), "2026-11-20T12:00:00.0Z"),
    "an end elsewhere": (("validUntil",), "2026-12-20T13:00:00+01:00"),
    "no erasure": ((SUBJECT, "obligation"), []),
    "erased later": ((SUBJECT, "obligation", 0, "by"), "2027-12-20T12:00:00Z"),
    "no receipt": ((SUBJECT, "obligation", 1, "do"), "nothing"),
    "a receipt in a year": ((SUBJECT, "obligation", 1, "within"), "P1Y"),
    "no permission": ((SUBJECT, "permission"), []),
    "a permission that is none": (PERMISSION, "all"),
    "permissions that are none": ((SUBJECT, "permission"), {}),
    "no claims": ((*PERMISSION, "claims"), []),
    "a claim by name": ((*PERMISSION, "claims", 0), "birthdate"),
    "no claim": ((*PERMISSION, "claims", 0), []),
    "a claim twice": ((*PERMISSION, "claims", 1), ["birthdate"]),
    "no purpose": ((*PERMISSION, "purposeText"), ""),
    "another processing": ((*PERMISSION, "hasProcessing"), ["dpv:Use", "dpv:Sell"]),
    "an unknown purpose": ((*PERMISSION, "hasPurpose"), "dpv:Unheard"),
    "an unknown basis": ((*PERMISSION, "hasLegalBasis"), "eu-gdpr:A99"),
    "kept longer than it says": ((*PERMISSION, "storage", "hasDuration"), "P1D"),
    "kept longer than the grant": ((*PERMISSION, "storage"), {"hasDuration": "P90D", "until": "2027-01-20T12:00:00Z"}),
    "kept until before": ((*PERMISSION, "storage", "until"), "2026-11-20T12:00:00Z"),
    "a prohibition that is none": ((SUBJECT, "prohibition"), [{"hasPurpose": "ai-training"}]),
    "a purpose as processing": ((SUBJECT, "prohibition"), [{"hasProcessing": "dpv:Marketing"}]),
    "a prohibition as text": ((SUBJECT, "prohibition"), ["ai-training"]),
    "a lease past the end": (("lease",), {"period": "P90D", "renewBy": "2027-01-20T12:00:00Z"}),
    "a lease past its period": (("lease",), {"period": "P1D", "renewBy": "2026-12-19T12:00:00Z"}),
    "a lease without an end": (("lease",), {"period": "P1D"}),
    "no resources": (("relatedResource",), None),
    "one resource": (("relatedResource", 1), None),
    "another role": (("relatedResource", 0, "role"), "grant"),
    "another name": (("relatedResource", 0, "id"), "ni:///sha-256;AAAA"),
    "another hash": (("relatedResource", 0, "digestMultibase"), "zQm"),
    "an end before the start": (("validFrom",), "2027-01-20T12:00:00Z"),
}


@pytest.mark.parametrize("wrong", WRONG)
def test_what_is_malformed_is_refused(wrong: str) -> None:
    one = held()
    path, value = WRONG[wrong]
    made = one.forged(lambda payload: _set(*path)(payload, value))
    assert MALFORMED_VALUE_ERROR in refusal(lambda: read(one, made.data))
    with pytest.raises(SaysoError):
        one.of.there.bar.read_grant(made, one.of.request)


def test_the_forger_is_right_where_nothing_is_wrong() -> None:
    one = held()
    assert one.of.there.bar.read_grant(one.forged(lambda _: None), one.of.request).claims == one.granted.claims


def test_one_that_is_hidden_in_parts_is_refused() -> None:
    """Only what can be read whole is a grant."""
    one = held()
    document = payload_of(one.grant.text)
    made = one.of.there.city.secure({**document, "issuer": one.of.there.city.did}, format="vc+sd-jwt", disclosable=[])
    assert refusal(lambda: read(one, made.data)) == [MALFORMED_VALUE_ERROR]


def test_from_the_future() -> None:
    one = held()
    one.of.there.world.clock.turn(-SECOND)
    assert refusal(lambda: read(one, one.grant.data)) == [RANGE_ERROR]
    assert read(one, one.grant.data, skew=SECOND) == one.granted


def test_it_is_evidence_after_its_end() -> None:
    one = held()
    one.of.there.world.clock.turn(3650 * DAY)
    assert one.of.there.bar.read_grant(one.grant, one.of.request, one.of.answer) == one.granted


def test_too_many_claims() -> None:
    one = held()
    many = [[f"c{number}"] for number in range(1025)]
    made = one.forged(lambda payload: _set(*PERMISSION, "claims")(payload, many))
    assert refusal(lambda: read(one, made.data)) == [LIMIT_EXCEEDED]


def test_another_did_than_a_did_key() -> None:
    """Somebody would have to be asked for it, and would know."""
    one = held()
    payload = {**payload_of(one.grant.text), "issuer": "did:web:ada.example"}
    header = {**header_of(one.grant.text), "kid": "did:web:ada.example#key"}
    assert refusal(lambda: read(one, sign(header, payload, one.key).encode())) == [METHOD_NOT_SUPPORTED]


def test_a_grant_to_another_business_about_another_request_or_answer() -> None:
    one = shared()
    there = one.there
    shop = there.world.verifier(name="The Shop")
    assert refusal(lambda: shop.read_grant(one.grant, one.request)) == [INVALID_DOMAIN_ERROR]
    other = there.ask("birthdate")
    assert refusal(lambda: there.bar.read_grant(one.grant, other)) == [OTHER_GRANT]
    assert refusal(lambda: there.bar.read_grant(one.grant, one.request, b"another answer")) == [OTHER_GRANT]


@pytest.mark.parametrize(
    "change",
    [
        {"prohibited": ("dpv:Marketing",)},
        {"permissions": (Permission(("birthdate",), "Another", START, KEPT),)},
        {"permissions": (Permission(("birthdate",), "Serve alcohol", START, KEPT, "dpv:ServiceProvision"),)},
        {"permissions": (Permission(("birthdate",), "Serve alcohol", START, KEPT, "", "eu-gdpr:A6-1-b"),)},
        {"permissions": (Permission(("birthdate",), "Serve alcohol", START, KEPT + SECOND),)},
        {"permissions": (Permission(("given_name",), "Serve alcohol", START, SECOND),)},
        {"permissions": (Permission(("birthdate",), "Serve alcohol", START + DAY, NOTHING),)},
    ],
    ids=["prohibits", "purpose", "category", "basis", "longer", "unasked", "not kept"],
)
def test_a_grant_binds_a_business_to_nothing_it_did_not_say(change: Any) -> None:
    one = held()
    terms = replace(one.granted, **change)
    assert refusal(lambda: granting.refuse_more(terms, asked(one))) == [GRANT_DIFFERS]


def test_a_grant_may_give_less() -> None:
    one = held()
    short = Permission(("birthdate",), "Serve alcohol", one.granted.issued + SECOND, SECOND)
    none = Permission(("given_name",), "Serve alcohol", one.granted.issued + SECOND, NOTHING)
    granting.refuse_more(replace(one.granted, permissions=(short, none)), asked(one))


def test_another_key_or_a_broken_signature() -> None:
    one = held()
    other = one.of.there.world.signer()
    with pytest.raises(SaysoError):
        read(one, one.forged(lambda _: None, by=other).data)
    data = one.grant.data
    assert refusal(lambda: read(one, data[:-4] + b"AAAA")) == [CRYPTOGRAPHIC_SECURITY_ERROR]


def test_a_proof_that_says_more_or_has_company() -> None:
    one = held()
    identity = identity_of(one.key)
    document = grant.serialize(one.granted)
    world = World(Expectations(issuers=ANYONE).reading.contexts)
    plain = ProofOptions("eddsa-jcs-2022", identity.key_id, "assertionMethod", one.granted.issued)
    good = add_proof(document, plain, identity.signer, world)
    assert read(one, jcs.canonicalize(good)).claims == one.granted.claims
    assert refusal(partial(read, one, serialize(good).encode())) == [MALFORMED_VALUE_ERROR], "it has one spelling"
    for secured in (
        add_proof(document, plain._replace(nonce="1990-12-10"), identity.signer, world),
        add_proof(good, plain, identity.signer, world),
    ):
        assert refusal(partial(read, one, jcs.canonicalize(secured))) == [MALFORMED_VALUE_ERROR]


def test_a_proof_of_another_suite() -> None:
    one = held()
    identity = identity_of(one.key)
    options = ProofOptions("eddsa-rdfc-2022", identity.key_id, "assertionMethod", one.granted.issued)
    world = World(Expectations(issuers=ANYONE).reading.contexts)
    secured = add_proof(grant.serialize(one.granted), options, identity.signer, world)
    assert refusal(lambda: read(one, jcs.canonicalize(secured))) == [CRYPTOGRAPHIC_SECURITY_ERROR]


def test_identifiers_are_uuids_of_version_4() -> None:
    assert artefact.new_id(lambda size: b"\xff" * size) == "urn:uuid:ffffffff-ffff-4fff-bfff-ffffffffffff"
    assert identity_of(held().key).did.startswith("did:key:")


def test_what_does_not_fit_together_is_not_signed() -> None:
    one = held()
    for change in ({"until": one.granted.issued}, {"permissions": ()}, {"request": "digest"}, {"id": ""}):
        terms: Any = replace(one.granted, **change)
        with pytest.raises(ValueError):  # noqa: PT011 - each has its own words
            grant.sign(terms, identity_of(one.key), "vc+jwt")
