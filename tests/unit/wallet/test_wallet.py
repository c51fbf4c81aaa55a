"""A wallet keeps what was verified and is bound to its keys, and sends what a plan shows and nothing else."""

from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from dataclasses import replace
from datetime import timedelta
from typing import Any

import pytest

from sayso import ANYONE, WILL_NOT_STORE, Attribute, CredentialType, SaysoError, Wallet
from sayso.credentials.kinds import Context
from sayso.dids import did_key
from sayso.encodings.multihash import digest_multibase
from sayso.errors import (
    CRYPTOGRAPHIC_SECURITY_ERROR,
    INVALID_CHALLENGE_ERROR,
    INVALID_DOMAIN_ERROR,
    INVALID_VERIFICATION_METHOD,
    NOT_ANSWERABLE,
    NOT_MINE,
    PARSING_ERROR,
    RANGE_ERROR,
    UNDECIDABLE,
)
from sayso.identifiers import StoredId
from sayso.keys.ed25519 import PublicKey
from sayso.keys.signer import SeedSigner
from sayso.testing.world import START, World
from sayso.wallet.record import Shared
from tests.journeys.town import (
    CLAIMS,
    HOUR,
    SHARE_UNTIL,
    Town,
    ask,
    header_of,
    kinds,
    opened,
    payload_of,
    rewritten,
    sign,
    taken_apart,
    town,
)

NOW = int(START.timestamp())
TICK = timedelta(microseconds=1)
MINUTE = timedelta(minutes=1)


@pytest.fixture
def there() -> Town:
    return town()


def refusal(do: Callable[[], object]) -> SaysoError:
    with pytest.raises(SaysoError) as refused:
        do()
    return refused.value


class TestKeys:
    def test_a_new_key(self) -> None:
        wallet = Wallet.generate()
        assert wallet.new_key() != wallet.new_key()
        assert wallet.new_key().startswith("did:key:z6Mk")

    def test_a_key_that_lives_elsewhere(self) -> None:
        signer = SeedSigner(bytes(32))
        assert Wallet().add_key(signer) == did_key.did_of(signer.public_key)

    @pytest.mark.parametrize("signer", [None, bytes(32), SeedSigner(bytes(32)).public_key, SeedSigner, object()])
    def test_no_signer(self, signer: Any) -> None:
        with pytest.raises(TypeError, match="signer has a public_key"):
            Wallet().add_key(signer)

    def test_a_key_that_nobody_may_have(self) -> None:
        class Broken(SeedSigner):
            @property
            def public_key(self) -> PublicKey:
                return PublicKey((2).to_bytes(32, "little"))

        assert kinds(refusal(lambda: Wallet().add_key(Broken(bytes(32))))) == [INVALID_VERIFICATION_METHOD]

    def test_nothing_of_a_key_shows(self) -> None:
        wallet = Wallet()
        wallet.add_key(SeedSigner(bytes(32)))
        shown = repr(vars(wallet))
        assert "Keys" in shown
        assert bytes(32).hex() not in shown
        assert "<secret>" not in shown


class TestStore:
    def test_in_any_form_and_again(self, there: Town) -> None:
        card = there.issue({"a": 1})
        ids = {there.ada.store(card), there.ada.store(card.data), there.ada.store(card.text), there.ada.store(card)}
        assert len(ids) == 1
        assert len(there.ada.stored) == 2

    def test_to_store_again_changes_nothing(self, there: Town) -> None:
        card = there.issue({"a": 1}, valid_for=MINUTE)
        stored_id = there.ada.store(card)
        there.world.clock.turn(HOUR)
        assert there.ada.store(card) == stored_id, "also once it has expired"

    def test_what_is_stored_can_be_looked_at(self, there: Town) -> None:
        (found,) = there.ada.stored.values()
        assert (found.issuer, found.format) == (there.city.did, "vc+sd-jwt")
        subject: Any = found.claims["credentialSubject"]
        assert subject == {"id": there.holder, **CLAIMS}
        assert "Ada" not in repr(there.ada.stored)

    @pytest.mark.parametrize("format_", ["vc+sd-jwt", "dc+sd-jwt"])
    def test_what_is_bound_to_somebody_else(self, there: Town, format_: str) -> None:
        eve = there.world.wallet()
        (problem,) = refusal(lambda: there.ada.store(there.issue({"a": 1}, holder=eve.new_key(), format=format_))).problems
        assert (problem.kind, problem.pointer) == (NOT_MINE, "/cnf")

    @pytest.mark.parametrize("cnf", [None, {}, {"kid": "did:key:z6Mk"}, "text"])
    def test_what_is_bound_to_no_key(self, there: Town, cnf: Any) -> None:
        card = there.issue({"a": 1}, disclosable=[])
        payload = {name: value for name, value in {**payload_of(card.text), "cnf": cnf}.items() if value is not None}
        text = sign(header_of(card.text), payload, there.city_key) + "~"
        (problem,) = refusal(lambda: there.ada.store(text)).problems
        assert (problem.kind, problem.pointer) == (NOT_MINE, "/cnf")

    def test_what_is_bound_to_a_key_that_is_none(self, there: Town) -> None:
        card = there.issue({"a": 1}, disclosable=[])
        text = sign(header_of(card.text), {**payload_of(card.text), "cnf": {"jwk": {"kty": "EC"}}}, there.city_key) + "~"
        (problem,) = refusal(lambda: there.ada.store(text)).problems
        assert (problem.kind, problem.pointer) == (INVALID_VERIFICATION_METHOD, "/cnf/jwk")

    def test_a_presentation(self, there: Town) -> None:
        """An issuer hands out credentials without key binding."""
        request = there.ask("given_name")
        parts = taken_apart(there.answer(request))
        error = refusal(lambda: there.ada.store("~".join((parts.card, *parts.disclosures, parts.binding))))
        assert kinds(error) == [INVALID_DOMAIN_ERROR, INVALID_CHALLENGE_ERROR]

    def test_what_has_expired_or_does_not_hold_yet(self, there: Town) -> None:
        """DESIGN: skew (60 s) applies to other people's dates."""
        old, young = there.issue({"a": 1}, valid_for=MINUTE), there.issue({"a": 1}, valid_from=START + 3 * MINUTE, valid_for=MINUTE)
        there.world.clock.turn(2 * MINUTE)
        there.ada.store(young)
        (problem,) = refusal(lambda: there.ada.store(old)).problems
        assert (problem.kind, problem.pointer, problem.stage) == (RANGE_ERROR, "/validUntil", "date")
        there.world.clock.turn(-TICK)
        there.ada.store(old)

    def test_what_another_key_signed(self, there: Town) -> None:
        card = there.issue({"a": 1})
        token, *rest = card.text.split("~")
        forged = "~".join((sign(header_of(token), payload_of(token), there.ada_key), *rest))
        (problem,) = refusal(lambda: there.ada.store(forged)).problems
        assert (problem.kind, problem.stage) == (CRYPTOGRAPHIC_SECURITY_ERROR, "prove")

    def test_what_names_another_issuer_than_signed(self, there: Town) -> None:
        card = there.issue({"a": 1}, disclosable=[])
        payload = {**payload_of(card.text), "issuer": there.world.issuer().did}
        (problem,) = refusal(lambda: there.ada.store(sign(header_of(card.text), payload, there.city_key) + "~")).problems
        assert (problem.kind, problem.pointer, problem.stage) == (INVALID_VERIFICATION_METHOD, "/issuer", "bind")

    @pytest.mark.parametrize("wrong", [b"", "nonsense", b"\xff", "\ud800", "a.b.c", "a.b.c~", "{}"])
    def test_what_is_no_credential(self, there: Town, wrong: Any) -> None:
        assert kinds(refusal(lambda: there.ada.store(wrong))) == [PARSING_ERROR]

    @pytest.mark.parametrize("wrong", [None, 5, {}, [], bytearray(b"x")])
    def test_what_was_parsed_elsewhere(self, there: Town, wrong: Any) -> None:
        with pytest.raises(TypeError, match="bytes, text or a sayso value is expected"):
            there.ada.store(wrong)

    def test_types_that_the_wallet_knows(self) -> None:
        kind = CredentialType("Card", context=Context("https://city.example/v1", {t: f"https://city.example#{t}" for t in ("Card", "zip")}))
        world = World()
        ada, stranger = world.wallet(types=[kind]), world.wallet()
        card = world.issuer().issue({"zip": "0150"}, type=kind, holder=ada.new_key(), valid_for=HOUR)
        stored_id = ada.store(card)
        assert "https://city.example#Card" in ada.stored[stored_id].types
        assert UNDECIDABLE in kinds(refusal(lambda: stranger.store(card)))

    @pytest.mark.parametrize("types", ["Card", ["Card"], 5, CredentialType("Card")])
    def test_types_that_are_none(self, types: Any) -> None:
        with pytest.raises(TypeError, match="types is a list of CredentialTypes"):
            Wallet(types=types)

    def test_from_many_threads(self, there: Town) -> None:
        cards = [there.issue({"number": number}) for number in range(20)]
        with ThreadPoolExecutor(8) as pool:
            ids = [*pool.map(there.ada.store, cards * 4)]
        assert len({*ids}) == 20
        assert len(there.ada.stored) == 21


class TestRemove:
    def test_what_is_stored(self, there: Town) -> None:
        stored_id = there.ada.store(there.issue({"member": 7}, type="Pass"))
        there.ada.remove(stored_id)
        assert stored_id not in there.ada.stored
        assert not there.plan("member", type="Pass").answerable

    @pytest.mark.parametrize("wrong", ["", "unknown", 5, None])
    def test_what_is_not(self, there: Town, wrong: Any) -> None:
        with pytest.raises(ValueError, match="no credential is stored under this id"):
            there.ada.remove(wrong)
        assert len(there.ada.stored) == 1

    def test_twice(self, there: Town) -> None:
        (stored_id,) = there.ada.stored
        there.ada.remove(stored_id)
        with pytest.raises(ValueError, match="no credential"):
            there.ada.remove(StoredId(stored_id))


class TestPresent:
    def test_what_the_holder_signs(self, there: Town) -> None:
        """DESIGN: `exp` and `share_until`, always: whole seconds."""
        there.world.clock.turn(timedelta(seconds=2, microseconds=999_999))
        request = there.ask("age_over_18")
        there.world.clock.turn(MINUTE)
        parts = taken_apart(there.answer(request))
        said = parts.said
        assert len(said.pop("sd_hash")) == 43
        assert said == {
            "iat": NOW + 62,
            "exp": NOW + 302,
            SHARE_UNTIL: NOW + 62 + 3600,
            "aud": f"decentralized_identifier:{there.bar.did}",
            "nonce": payload_of(request.text)["nonce"],
        }
        assert header_of(parts.binding) == {"alg": "EdDSA", "typ": "kb+jwt"}

    def test_the_customers_end_if_it_is_earlier(self, there: Town) -> None:
        plan = there.plan("age_over_18").ending(START + 10 * MINUTE)
        there.world.clock.turn(MINUTE)
        assert taken_apart(there.ada.present(plan)).said[SHARE_UNTIL] == NOW + 600

    def test_what_is_not_stored_ends_with_the_request(self, there: Town) -> None:
        said = taken_apart(there.ada.present(there.plan("age_over_18", keep_for=WILL_NOT_STORE))).said
        assert said[SHARE_UNTIL] == said["exp"] == NOW + 300

    def test_nothing_but_what_was_chosen(self, there: Town) -> None:
        plan = there.plan("age_over_18", optional=["given_name", ("address", "zip")]).also(("address", "zip"))
        names = [opened(text)[1:-1] for text in taken_apart(there.ada.present(plan)).disclosures]
        assert sorted(names) == [["address"], ["age_over_18"], ["zip"]], "every ancestor that is needed, none that is not"

    def test_the_record_of_what_was_shared(self, there: Town) -> None:
        request = there.ask("age_over_18", optional=[("address", "zip")])
        there.ada.present(there.ada.plan(request).also(("address", "zip")))
        assert there.ada.shared == (
            Shared(
                verifier=there.bar.did,
                calls_itself="The Bar",
                purpose="Serve alcohol",
                claims=("age_over_18", ("address", "zip")),
                at=START,
                until=START + HOUR,
                request=digest_multibase(request.data),
            ),
        )
        assert "0150" not in repr(there.ada.shared)

    def test_each_claim_is_recorded_with_its_own_end(self, there: Town) -> None:
        there.ada.present(there.plan("age_over_18", Attribute("given_name", keep_for=WILL_NOT_STORE)))
        (record,) = there.ada.shared
        assert dict(zip(record.claims, record.ends, strict=True)) == {"age_over_18": START + HOUR, "given_name": START + 5 * MINUTE}
        assert there.plan("age_over_18").already == {"age_over_18": START + HOUR, "given_name": START + 5 * MINUTE}
        there.world.clock.turn(5 * MINUTE)
        assert there.plan("age_over_18").already == {"age_over_18": START + HOUR}

    def test_what_came_along_is_recorded_with_the_end_of_the_share(self) -> None:
        there = town({"given_name": "Ada", "address": {"city": "Oslo", "zip": "0150"}}, disclosable=["given_name", "address"])
        there.ada.present(there.plan(("address", "zip"), Attribute("given_name", keep_for=WILL_NOT_STORE)))
        (record,) = there.ada.shared
        assert record.ends == tuple(START + (5 * MINUTE if name == "given_name" else HOUR) for name in record.claims)
        assert ("address", "city") in record.claims

    def test_a_request_that_has_expired(self, there: Town) -> None:
        """DESIGN: skew is zero in `present`."""
        plan = there.plan("age_over_18")
        there.world.clock.turn(5 * MINUTE - TICK)
        there.ada.present(plan)
        there.world.clock.turn(TICK)
        (problem,) = refusal(lambda: there.ada.present(plan)).problems
        assert (problem.kind, problem.pointer) == (RANGE_ERROR, "/exp")
        there.ada.plan(plan.request)  # within a minute it can be looked at

    def test_a_request_that_expires_within_a_second(self, there: Town) -> None:
        request = rewritten(there.ask("age_over_18"), there.bar_key, lambda said: said.update(exp=NOW + 60.5))
        plan = there.ada.plan(request)
        there.world.clock.turn(MINUTE + timedelta(milliseconds=500) - TICK)
        there.ada.present(plan)
        there.world.clock.turn(TICK)
        assert kinds(refusal(lambda: there.ada.present(plan))) == [RANGE_ERROR]

    def test_an_end_that_has_passed(self, there: Town) -> None:
        plan = there.plan("age_over_18").ending(START + MINUTE)
        there.world.clock.turn(MINUTE - TICK)
        there.ada.present(plan)
        there.world.clock.turn(TICK)
        assert kinds(refusal(lambda: there.ada.present(plan))) == [RANGE_ERROR]
        past = there.plan("age_over_18").ending(START)
        assert kinds(refusal(lambda: there.ada.present(past))) == [RANGE_ERROR]

    def test_a_card_that_is_gone(self, there: Town) -> None:
        plan = there.plan("age_over_18")
        (stored_id,) = there.ada.stored
        there.ada.remove(stored_id)
        assert kinds(refusal(lambda: there.ada.present(plan))) == [NOT_ANSWERABLE]
        assert there.ada.shared == ()

    def test_a_card_that_has_expired_since(self, there: Town) -> None:
        there.ada.store(there.issue({"member": 7}, type="Pass", valid_for=MINUTE))
        plan = there.plan("member", type="Pass")
        there.world.clock.turn(MINUTE)
        (problem,) = refusal(lambda: there.ada.present(plan)).problems
        assert (problem.kind, problem.pointer) == (RANGE_ERROR, "/validUntil")

    def test_what_cannot_be_answered(self, there: Town) -> None:
        plan = there.plan("member")
        assert refusal(lambda: there.ada.present(plan)).problems == plan.problems
        assert there.ada.shared == ()

    def test_the_plan_of_another_wallet(self, there: Town) -> None:
        eve = there.world.wallet()
        assert kinds(refusal(lambda: eve.present(there.plan("age_over_18")))) == [NOT_ANSWERABLE]

    @pytest.mark.parametrize("wrong", [None, 5, "plan", {}, object()])
    def test_no_plan(self, there: Town, wrong: Any) -> None:
        with pytest.raises(TypeError, match="a Plan is presented, not"):
            there.ada.present(wrong)

    def test_a_plan_that_was_tampered_with_prolongs_nothing(self, there: Town) -> None:
        plan = replace(there.plan("age_over_18"), until=START + 100 * HOUR)
        assert taken_apart(there.ada.present(plan)).said[SHARE_UNTIL] == NOW + 3600

    def test_a_plan_that_was_tampered_with_opens_nothing_that_is_not_there(self, there: Town) -> None:
        plan = there.plan("age_over_18")
        ((query_id, (picked,)),) = plan.picks.items()
        (issuer, found) = picked.option
        elsewhere = picked._replace(option=(issuer, found._replace(locations=(("credentialSubject", "nowhere"),))))
        assert taken_apart(there.ada.present(replace(plan, picks={query_id: (elsewhere,)}))).disclosures == ()

    def test_several_credentials_are_each_bound(self, there: Town) -> None:
        key = there.ada.new_key()
        there.ada.store(there.issue({"member": 7}, type="Pass", holder=key, format="dc+sd-jwt"))
        request = ask(there.bar, "member", "age_over_18", issuers=ANYONE, type="Pass", formats=["vc+sd-jwt", "dc+sd-jwt"])

        def change(said: dict[str, Any]) -> None:
            del said["dcql_query"]["credential_sets"]
            first, second = said["dcql_query"]["credentials"]
            first["meta"] = {"type_values": [["https://www.w3.org/2018/credentials#VerifiableCredential"]]}
            first.update(claims=first["claims"][1:], claim_sets=[["age_over_18"]])
            second.update(claims=second["claims"][:1], claim_sets=[["member"]])

        request = rewritten(request, there.bar_key, change)
        share = there.bar.accept(there.answer(request), request)
        assert share.read() == {"vc-sd-jwt": {"age_over_18": True}, "dc-sd-jwt": {"member": 7}}
