"""Somebody lies about a share: forges grants, receipts, withdrawals and confirmations, brings them twice, or brings them elsewhere."""

from collections.abc import Callable
from dataclasses import replace
from datetime import timedelta
from functools import partial
from typing import Any

import pytest

from sayso import Erased, ErasureAnswer, Receipt, Retained, SaysoError
from sayso.dids import did_key
from sayso.encodings import base64url
from sayso.encodings.multihash import digest_multibase
from sayso.errors import (
    CRYPTOGRAPHIC_SECURITY_ERROR,
    ERASURE_DIFFERS,
    EVENT_REPLAYED,
    GRANT_DIFFERS,
    INVALID_DOMAIN_ERROR,
    INVALID_VERIFICATION_METHOD,
    MALFORMED_VALUE_ERROR,
    NOT_GRANTED,
    NOT_MINE,
    OTHER_GRANT,
    PARSING_ERROR,
    RANGE_ERROR,
    RECEIPT_DIFFERS,
    UNKNOWN_REQUEST,
    ProblemType,
)
from sayso.keys.signer import SeedSigner
from sayso.retrieval import drive, offline
from sayso.sharing import events, grant
from sayso.sharing.statements import Renewal, Withdrawal
from tests.journeys.granting import DAY, LEASE, SECOND, Granting, Held, changed_event, granting, held, identity_of, read_event
from tests.journeys.town import header_of, kinds, payload_of, sign, town

WITHDRAWN = events.NAMESPACE + "consent-withdrawn"
RENEWED = events.NAMESPACE + "consent-renewed"
RETURNED = events.NAMESPACE + "permission-returned"
OTHER_DIGEST = digest_multibase(b"something else")


def refusal(act: Callable[[], object]) -> list[ProblemType]:
    with pytest.raises(SaysoError) as refused:
        act()
    assert "1990" not in str(refused.value)
    return kinds(refused.value)


def changed(data: bytes, key: SeedSigner, change: Callable[[dict[str, Any]], None]) -> str:
    """Sign a JWT again, changed."""
    payload = payload_of(data.decode())
    change(payload)
    header = {**header_of(data.decode()), "kid": did_key.verification_method(key.public_key)}
    return sign(header, payload, key)


class TestToTheBusiness:
    def test_a_withdrawal_by_another_key(self) -> None:
        one = held()
        other = one.of.there.world.signer()

        def claim(payload: dict[str, Any]) -> None:
            payload["iss"] = identity_of(other).did

        stolen = changed_event(one.event(Withdrawal()), other, claim, kid=did_key.verification_method(other.public_key))
        assert refusal(lambda: one.of.there.bar.take_event(stolen, one.grant)) == [INVALID_VERIFICATION_METHOD]

    def test_a_withdrawal_in_the_name_of_the_customer(self) -> None:
        one = held()
        other = one.of.there.world.signer()
        method = did_key.verification_method(other.public_key)
        forged = changed_event(one.event(Withdrawal()), other, lambda _: None, kid=method)
        assert refusal(lambda: one.of.there.bar.take_event(forged, one.grant)) == [INVALID_VERIFICATION_METHOD]
        assert refusal(lambda: read_event(one, forged)) == [INVALID_VERIFICATION_METHOD]
        unsigned = changed_event(one.event(Withdrawal()), other, lambda _: None)
        assert refusal(lambda: one.of.there.bar.take_event(unsigned, one.grant)) == [CRYPTOGRAPHIC_SECURITY_ERROR]

    def test_a_withdrawal_brought_twice(self) -> None:
        one = held()
        event, bar = one.event(Withdrawal()), one.of.there.bar
        bar.take_event(event, one.grant)
        assert refusal(lambda: bar.take_event(event, one.grant)) == [EVENT_REPLAYED]

    def test_the_same_id_signed_again(self) -> None:
        one = held(leased=True)
        bar = one.of.there.bar
        bar.take_event(one.event(Withdrawal()), one.grant)
        again = one.event(Renewal(one.granted.issued + DAY))
        assert refusal(lambda: bar.take_event(again, one.grant)) == [EVENT_REPLAYED]

    def test_brought_twice_after_the_grant_has_ended(self) -> None:
        one = held()
        event, bar = one.event(Withdrawal()), one.of.there.bar
        bar.take_event(event, one.grant)
        one.of.there.world.clock.turn(one.granted.until - one.granted.issued + 300 * DAY)
        assert refusal(lambda: bar.take_event(event, one.grant)) == [EVENT_REPLAYED]

    def test_a_refused_event_is_not_used_up(self) -> None:
        one = held()
        bar, event = one.of.there.bar, one.event(Withdrawal())
        broken = event.data[:-4] + b"AAAA"
        assert refusal(lambda: bar.take_event(broken, one.grant)) == [CRYPTOGRAPHIC_SECURITY_ERROR]
        assert bar.take_event(event, one.grant).id == "one"

    def test_an_event_for_another_business(self) -> None:
        one = held()

        def elsewhere(payload: dict[str, Any]) -> None:
            payload["aud"] = one.of.there.city.did

        forged = changed_event(one.event(Withdrawal()), one.key, elsewhere)
        assert refusal(lambda: one.of.there.bar.take_event(forged, one.grant)) == [INVALID_DOMAIN_ERROR]
        shop = one.of.there.world.verifier(name="The Shop")
        assert refusal(lambda: shop.take_event(one.event(Withdrawal()), one.grant)) == [INVALID_DOMAIN_ERROR]

    def test_an_event_about_another_grant(self) -> None:
        one = held()
        twice = replace(one.granted, digest="")
        other = grant.sign(replace(twice, id="urn:uuid:another"), identity_of(one.key), "vc+jwt")
        bar = one.of.there.bar
        assert refusal(lambda: bar.take_event(one.event(Withdrawal()), other)) == [OTHER_GRANT]
        for name, value in (("txn", "urn:uuid:another"), ("sub_id", {"format": "did", "url": "did:key:z6Mkother"})):
            forged = changed_event(one.event(Withdrawal()), one.key, partial(dict[str, Any].update, **{name: value}))
            assert refusal(partial(bar.take_event, forged, one.grant)) == [OTHER_GRANT]

    def test_an_event_about_a_grant_with_the_same_id(self) -> None:
        """The customer signs a grant again, for longer: what was said of the one is not said of the other."""
        one = held(leased=True)
        other = grant.sign(replace(one.granted, digest="", receipt_within=DAY), identity_of(one.key), "vc+jwt")
        renewed = one.event(Renewal(one.granted.issued + DAY))
        assert refusal(lambda: one.of.there.bar.take_event(renewed, other)) == [OTHER_GRANT]

    def test_an_event_from_before_the_grant(self) -> None:
        one = held()
        early = changed_event(one.event(Withdrawal()), one.key, lambda payload: payload.__setitem__("iat", payload["iat"] - 1))
        assert refusal(lambda: one.of.there.bar.take_event(early, one.grant)) == [RANGE_ERROR]

    def test_an_event_from_the_future(self) -> None:
        one = held()
        early = one.event(Withdrawal(), after=SECOND)
        assert refusal(lambda: read_event(one, early)) == [RANGE_ERROR]
        assert read_event(one, early, skew=SECOND).id == "one"

    def test_a_withdrawal_that_is_late_counts(self) -> None:
        one = held()
        event = one.event(Withdrawal())
        one.of.there.world.clock.turn(400 * DAY)
        assert one.of.there.bar.take_event(event, one.grant).at == one.granted.issued

    def test_what_is_up_to_the_business(self) -> None:
        one = held()
        back = one.of.there.bar.give_back(one.grant, "birthdate", since=one.granted.issued, text="Not used")

        def mine(payload: dict[str, Any]) -> None:
            payload["iss"], payload["aud"] = payload["aud"], payload["iss"]

        forged = changed_event(back, one.key, mine, kid=identity_of(one.key).key_id)
        assert refusal(lambda: read_event(one, forged)) == [INVALID_VERIFICATION_METHOD]
        assert refusal(lambda: one.of.there.bar.take_event(back, one.grant)) == [INVALID_VERIFICATION_METHOD]

    @pytest.mark.parametrize("until", [LEASE + 2 * DAY, timedelta(days=200), timedelta(days=1)])
    def test_a_lease_renewed_for_too_long_or_not_at_all(self, until: timedelta) -> None:
        one = held(leased=True)
        end = one.granted.issued + until

        def longer(payload: dict[str, Any]) -> None:
            payload["events"][RENEWED]["until"] = end.strftime("%Y-%m-%dT%H:%M:%SZ")

        event = one.event(Renewal(one.granted.issued + 2 * DAY), after=DAY)
        forged = changed_event(event, one.key, longer)
        assert refusal(lambda: read_event(one, forged, DAY)) == [RANGE_ERROR]

    def test_what_was_never_granted(self) -> None:
        one = held()
        event = one.event(Withdrawal(("birthdate",)))
        forged = changed_event(event, one.key, lambda payload: payload["events"][WITHDRAWN].__setitem__("claims", [["given_name"]]))
        assert refusal(lambda: one.of.there.bar.take_event(forged, one.grant)) == [NOT_GRANTED]

    @pytest.mark.parametrize(
        ("name", "value"),
        [
            ("iat", "now"),
            ("iat", 1.5),
            ("iat", True),
            ("jti", ""),
            ("jti", None),
            ("aud", ["did:key:a", "did:key:b"]),
            ("exp", 1795176300),
            ("note", "1990-12-10"),
            ("events", {}),
            ("events", {"https://example.com/event": {}}),
            ("events", {WITHDRAWN: {}}),
            ("events", {WITHDRAWN: "all"}),
            ("events", [WITHDRAWN]),
            ("sub_id", {"format": "email", "url": "mailto:ada@example.com"}),
            ("sub_id", None),
        ],
    )
    def test_a_malformed_event(self, name: str, value: object) -> None:
        one = held()
        forged = changed_event(one.event(Withdrawal()), one.key, lambda payload: payload.__setitem__(name, value))
        assert refusal(lambda: read_event(one, forged)) == [MALFORMED_VALUE_ERROR]

    @pytest.mark.parametrize(
        ("name", "value"),
        [("claims", "some"), ("claims", []), ("grant", "u"), ("consentStatus", "dpv:ConsentGiven"), ("value", "1990-12-10"), ("right", 7)],
    )
    def test_a_malformed_statement(self, name: str, value: object) -> None:
        one = held()
        forged = changed_event(one.event(Withdrawal()), one.key, lambda payload: payload["events"][WITHDRAWN].__setitem__(name, value))
        assert refusal(lambda: read_event(one, forged)) == [MALFORMED_VALUE_ERROR]

    def test_what_is_no_event(self) -> None:
        one = held()
        for data in (one.grant.data, b"", b"{}", changed_event(one.event(Withdrawal()), one.key, lambda _: None, typ="jwt").data):
            assert refusal(partial(one.of.there.bar.take_event, data, one.grant)) == [PARSING_ERROR]

    def test_a_grant_that_asks_more_of_the_business(self) -> None:
        one = held()

        def more(payload: dict[str, Any]) -> None:
            payload["credentialSubject"]["prohibition"] = [{"hasPurpose": "dpv:LegalCompliance"}]

        assert refusal(lambda: one.of.there.bar.receipt(one.forged(more), one.of.request)) == [GRANT_DIFFERS]

    def test_a_request_that_another_signed(self) -> None:
        one = held()
        there = one.of.there
        other = there.world.verifier(name="The Bar")
        foreign = other.request("birthdate", issuers=[there.city.did], purpose="p", benefit="b", keep_for=DAY)
        terms = replace(one.granted, digest="", request=digest_multibase(foreign.data))
        made = grant.sign(terms, identity_of(one.key), "vc+jwt")
        assert refusal(lambda: there.bar.receipt(made, foreign)) == [UNKNOWN_REQUEST]


class TestToTheCustomer:
    def test_a_grant_of_another_wallet(self) -> None:
        one = held()
        ada = one.of.there.ada
        for act in (ada.renew, ada.withdraw, ada.ask_erasure, lambda made: ada.pause(made, one.granted.until)):
            assert refusal(partial(act, one.grant)) == [NOT_MINE]

    def test_a_receipt_of_another_business(self) -> None:
        one = granting()
        there = one.there
        forger = there.world.signer()

        def mine(payload: dict[str, Any]) -> None:
            payload["issuer"] = identity_of(forger).did

        forged = changed(there.bar.receipt(one.grant, one.request).data, forger, mine)
        assert refusal(lambda: there.ada.read_receipt(forged, one.grant)) == [OTHER_GRANT]

    @pytest.mark.parametrize("role", ["request", "grant", "presentation"])
    def test_a_receipt_that_pins_something_else(self, role: str) -> None:
        one = granting()

        def other(payload: dict[str, Any]) -> None:
            (entry,) = (found for found in payload["relatedResource"] if found["role"] == role)
            entry["digestMultibase"] = OTHER_DIGEST
            entry["id"] = f"ni:///sha-256;{base64url.encode(_raw(OTHER_DIGEST))}"

        assert refusal(lambda: one.there.ada.read_receipt(self._receipt(one, other), one.grant)) == [OTHER_GRANT]

    @pytest.mark.parametrize(
        ("path", "value"),
        [
            (("hasRecordOfActivity", "hasProcess", 0, "hasStorageCondition", "hasDuration"), "P31D"),
            (("hasRecordOfActivity", "hasProcess", 0, "purposeText"), "Anything we like"),
            (("hasRecordOfActivity", "hasProcess", 0, "hasPurpose"), "dpv:Marketing"),
            (("hasRecordOfActivity", "hasProcess", 0, "hasLegalBasis"), "eu-gdpr:A6-1-f"),
            (("hasRecordOfActivity", "hasProcess", 0, "hasPersonalData"), [["birthdate"], ["given_name"]]),
            (("hasRecordOfActivity", "hasProcess", 0, "hasPersonalData"), [["age_over_18"]]),
            (("hasRecordOfActivity", "hasProcess", 0, "hasPersonalData"), [["birthdate"], ["age_over_18"]]),
            (("eraseBy",), "2027-12-20T12:00:00Z"),
            (("hasRecordOfActivity", "hasConsentStatus", 0, "isIndicatedAtTime"), "2026-11-20T11:59:59Z"),
        ],
    )
    def test_a_receipt_that_says_something_else(self, path: tuple[Any, ...], value: object) -> None:
        one = granting()
        assert refusal(lambda: one.there.ada.read_receipt(self._receipt(one, _setting(path, value)), one.grant)) == [RECEIPT_DIFFERS]

    @pytest.mark.parametrize(
        ("path", "value"),
        [
            (("birthdate",), "1990-12-10"),
            (("conformsTo",), "mine"),
            (("benefitPromised",), "1990-12-10"),
            (("receiptFirst",), 1),
            (("relationHead",), "head"),
            (("hasRecordOfActivity", "value"), "1990-12-10"),
            (("hasRecordOfActivity", "identifier"), "urn:uuid:another"),
            (("hasRecordOfActivity", "hasDataSubject"), "did:key:z6Mkother"),
            (("hasRecordOfActivity", "hasDataController"), "The Bar"),
            (("hasRecordOfActivity", "hasDataController", "birthdate"), "1990-12-10"),
            (("hasRecordOfActivity", "hasConsentStatus"), []),
            (("hasRecordOfActivity", "hasConsentControl", "type"), "dpv:Other"),
            (("hasRecordOfActivity", "hasRight"), []),
            (("hasRecordOfActivity", "hasProcess", 0, "hasNecessity"), "dpv:Perhaps"),
            (("hasRecordOfActivity", "hasProcess", 0, "hasStorageCondition", "hasLocation"), "Oslo"),
            (("hasRecordOfActivity", "hasProcess", 0, "hasRecipient"), ["Posten"]),
            (("hasRecordOfActivity", "hasProcess", 0, "hasRecipient"), [{"name": "Posten", "role": "friend"}]),
        ],
    )
    def test_a_malformed_receipt(self, path: tuple[Any, ...], value: object) -> None:
        one = granting()
        assert refusal(lambda: one.there.ada.read_receipt(self._receipt(one, _setting(path, value)), one.grant)) == [MALFORMED_VALUE_ERROR]

    def test_a_receipt_from_before_the_grant(self) -> None:
        one = granting()
        early = self._receipt(one, lambda payload: payload.__setitem__("validFrom", "2026-11-20T11:59:59Z"))
        assert refusal(lambda: one.there.ada.read_receipt(early, one.grant)) == [RECEIPT_DIFFERS]

    def _receipt(self, one: Granting, change: Callable[[dict[str, Any]], None]) -> Receipt:
        return Receipt(changed(one.there.bar.receipt(one.grant, one.request).data, one.there.bar_key, change).encode())

    def test_a_return_brought_twice(self) -> None:
        one = granting()
        back = one.there.bar.give_back(one.grant, "birthdate", since=one.granted.issued, text="Not used")
        one.there.ada.read_event(back, one.grant)
        assert refusal(lambda: one.there.ada.read_event(back, one.grant)) == [EVENT_REPLAYED]

    def test_an_event_of_the_customers_own(self) -> None:
        one = granting()
        assert refusal(lambda: one.there.ada.read_event(one.there.ada.withdraw(one.grant), one.grant)) == [INVALID_VERIFICATION_METHOD]

    @pytest.mark.parametrize(("name", "value"), [("uses", 1), ("uses", False), ("uses", None), ("message", ""), ("erasure", "no")])
    def test_a_return_of_what_was_used(self, name: str, value: object) -> None:
        one = granting()
        back = one.there.bar.give_back(one.grant, "birthdate", since=one.granted.issued, text="Not used")
        forged = changed_event(back, one.there.bar_key, lambda payload: payload["events"][RETURNED].__setitem__(name, value))
        assert refusal(lambda: one.there.ada.read_event(forged, one.grant)) == [MALFORMED_VALUE_ERROR]

    def test_a_confirmation_of_something_else(self) -> None:
        one = granting()
        there = one.there
        asked, other = there.ada.ask_erasure(one.grant), there.ada.ask_erasure(one.grant)
        everything = [Erased(("birthdate", "age_over_18"), there.world.clock())]
        said = there.bar.confirm_erasure(one.grant, asked, erased=everything)
        assert refusal(lambda: there.ada.read_erasure(said, one.grant, other)) == [OTHER_GRANT]
        assert refusal(lambda: there.ada.read_erasure(said, one.grant)) == [OTHER_GRANT]
        assert there.ada.read_erasure(said, one.grant, asked).erased == tuple(everything)

    def test_a_confirmation_by_another(self) -> None:
        one = granting()
        there = one.there
        asked = there.ada.ask_erasure(one.grant)
        said = there.bar.confirm_erasure(one.grant, asked, erased=[Erased(("birthdate", "age_over_18"), there.world.clock())])
        forger = there.world.signer()
        forged = changed(said.data, forger, lambda payload: payload.__setitem__("issuer", identity_of(forger).did))
        assert refusal(lambda: there.ada.read_erasure(forged, one.grant, asked)) == [OTHER_GRANT]

    def test_a_confirmation_that_is_silent_about_a_claim(self) -> None:
        one, answer, asked = _confirmed()

        def silent(payload: dict[str, Any]) -> None:
            payload["credentialSubject"]["retained"] = []

        forged = changed(answer.data, one.there.bar_key, silent)
        assert refusal(lambda: one.there.ada.read_erasure(forged, one.grant, asked)) == [ERASURE_DIFFERS]

    @pytest.mark.parametrize(
        ("path", "value"),
        [
            (("type",), "dpv:RightNonFulfilmentNotice"),
            (("status",), "dpv:RequestRejected"),
            (("hasRight",), "eu-gdpr:A15"),
            (("birthdate",), "1990-12-10"),
            (("erased", 0, "method"), "1990-12-10"),
            (("erased", 0, "copies"), 0),
            (("erased", 0, "copies"), True),
            (("erased", 0, "at"), "yesterday"),
            (("retained", 0, "hasJustification"), "justifications:BecauseWeCan"),
            (("retained", 0, "until"), "later"),
            (("recipientsNotified",), ["Posten"]),
        ],
    )
    def test_a_malformed_confirmation(self, path: tuple[Any, ...], value: object) -> None:
        one, answer, asked = _confirmed()
        forged = changed(answer.data, one.there.bar_key, _setting(path, value))
        assert refusal(lambda: one.there.ada.read_erasure(forged, one.grant, asked)) == [MALFORMED_VALUE_ERROR]


def _confirmed() -> tuple[Granting, ErasureAnswer, Any]:
    one = granting()
    asked = one.there.ada.ask_erasure(one.grant)
    now = one.there.world.clock()
    answer = one.there.bar.confirm_erasure(
        one.grant,
        asked,
        erased=[Erased(("birthdate",), now)],
        retained=[Retained(("age_over_18",), "justifications:LegalObligationImpaired", now + DAY)],
    )
    return one, answer, asked


def _setting(path: tuple[Any, ...], value: object) -> Callable[[dict[str, Any]], None]:
    def change(payload: Any) -> None:
        inner = payload["credentialSubject"]
        *steps, last = path
        for step in steps:
            inner = inner[step]
        inner[last] = value

    return change


def _raw(digest: str) -> bytes:
    return base64url.decode(digest[1:])[2:]


def test_the_wallet_and_the_business_read_what_the_other_signs() -> None:
    """Or every refusal above would mean nothing."""
    one = held()
    assert isinstance(one, Held)
    assert one.of.there.bar.take_event(one.event(Withdrawal()), one.grant).statements == (Withdrawal(),)
    assert town().bar.did != one.of.there.city.did
    assert drive(grant.read(one.grant.data, one.of.there.world.clock()), offline) == one.granted
