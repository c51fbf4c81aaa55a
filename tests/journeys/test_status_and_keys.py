"""What a business says of status and keys, and a customer of keys: at the doors, from the issuer to the bar."""

from datetime import timedelta
from typing import Any

import pytest
from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey

from sayso import ANYONE, MemoryStatusStore, SaysoError, StatusBook, StatusCache, Verifier, Wallet
from sayso.credentials.wire import Answer, Request
from sayso.errors import (
    CRYPTOGRAPHIC_SECURITY_ERROR,
    INVALID_VERIFICATION_METHOD,
    REVOKED,
    STATUS_RETRIEVAL_ERROR,
    STATUS_VERIFICATION_ERROR,
    UNDECIDABLE,
    ProblemType,
)
from sayso.jsonvalue import serialize
from sayso.keys import jwk
from sayso.keys.ecdsa_signer import EcdsaSigner
from sayso.keys.signer import Signer
from sayso.retrieval import Retrieved, offline
from sayso.testing.world import START, Network, World
from tests.journeys.town import HOUR, Town, ask, kinds, payload_of, town
from tests.spec.bitstring_status_list.lists import TOKEN, a_token
from tests.spec.sd_jwt_vc_keys.authority import ISSUER as CITY_URL
from tests.spec.sd_jwt_vc_keys.authority import private_key, root
from tests.unit.proofs.tokens import AT, HOLDER, ISSUER, ISSUER_DID, digest, member, sd_jwt, token

URL = "https://city.example/status"
CLAIMS = {"given_name": "Ada"}
FORMATS = pytest.mark.parametrize(("format", "book"), [("vc+sd-jwt", "bitstring"), ("dc+sd-jwt", "token")])


def refused(bar: Verifier, answer: Answer, request: Request) -> list[ProblemType]:
    with pytest.raises(SaysoError) as caught:
        bar.accept(answer, request)
    return kinds(caught.value)


def issued(format: str, book: str, **options: Any) -> tuple[Town, StatusBook]:
    """Give Ada a card whose issuer can revoke it."""
    there = town(None)
    opened = there.city.status_book(MemoryStatusStore(), url=URL, format=book, **options)
    there.ada.store(there.issue(CLAIMS, format=format, status=opened.allocate("card 1")))
    return there, opened


def answered(there: Town, bar: Verifier, format: str, book: StatusBook | None) -> tuple[Answer, Request]:
    """Let Ada answer, and bring what was published along."""
    request = ask(bar, "given_name", issuers=[there.city.did], formats=(format,), type="IdentityCard")
    lists = {one.url: one.data for one in book.publish()} if book else {}
    return there.ada.present(there.ada.plan(request), status_lists=lists), request


@FORMATS
def test_a_wallet_carries_what_was_published(format: str, book: str) -> None:
    """The bar has no network at all; and what was revoked is refused as such."""
    there, opened = issued(format, book)
    bar = there.world.verifier(fetch=offline)
    assert refused(bar, *answered(there, bar, format, None)) == [STATUS_RETRIEVAL_ERROR] * (2 if book == "bitstring" else 1)
    brought = answered(there, bar, format, opened)
    assert bar.accept(*brought).read() == CLAIMS
    before = answered(there, bar, format, opened)
    opened.revoke("card 1")
    after = answered(there, bar, format, opened)
    assert refused(bar, *after) == [REVOKED]
    # Until the list is too old that said otherwise.
    there.world.clock.turn(timedelta(minutes=2))
    assert bar.accept(*before).read() == CLAIMS
    assert there.world.network.asked.total() == 0


@FORMATS
def test_a_list_that_is_too_old_is_asked_for(format: str, book: str) -> None:
    there, opened = issued(format, book)
    old = opened.publish()
    there.world.clock.turn(timedelta(minutes=6))
    new = opened.publish()
    for fetch, holds in (
        (offline, False),
        (Network(), False),
        (Network({one.url: Retrieved(one.data) for one in new}), True),
    ):
        bar = there.world.verifier(fetch=fetch)
        request = ask(bar, "given_name", issuers=[there.city.did], formats=(format,), type="IdentityCard")
        answer = there.ada.present(there.ada.plan(request), status_lists={one.url: one.data for one in old})
        if holds:
            assert bar.accept(answer, request).read() == CLAIMS
        else:
            assert refused(bar, answer, request) == [STATUS_VERIFICATION_ERROR] * len(old)


def test_how_old_a_list_may_be_is_what_the_verifier_says() -> None:
    there, opened = issued("vc+sd-jwt", "bitstring")
    old = {one.url: one.data for one in opened.publish()}
    there.world.clock.turn(timedelta(minutes=6))
    for most, then in ((timedelta(minutes=5), STATUS_VERIFICATION_ERROR), (timedelta(minutes=6), None)):
        bar = there.world.verifier(fetch=offline, max_status_age=most)
        request = ask(bar, "given_name", issuers=[there.city.did])
        answer = there.ada.present(there.ada.plan(request), status_lists=old)
        if then:
            assert set(refused(bar, answer, request)) == {then}
        else:
            assert bar.accept(answer, request).read() == CLAIMS


def test_who_may_sign_lists_and_what_is_not_decided() -> None:
    there, opened = issued("vc+sd-jwt", "bitstring")
    through: Any = iter([there.bar.did])  # once, and kept all the same
    others = there.world.verifier(fetch=offline, status_issuers=through)
    for _ in range(2):
        assert set(refused(others, *answered(there, others, "vc+sd-jwt", opened))) == {STATUS_VERIFICATION_ERROR}
    both = there.world.verifier(fetch=offline, status_issuers=[there.bar.did, there.city.did])
    assert both.accept(*answered(there, both, "vc+sd-jwt", opened)).read() == CLAIMS
    lenient = there.world.verifier(fetch=offline, status="waive")
    assert lenient.accept(*answered(there, lenient, "vc+sd-jwt", None)).read() == CLAIMS
    opened.revoke("card 1")
    assert refused(lenient, *answered(there, lenient, "vc+sd-jwt", opened)) == [REVOKED]


def test_a_status_that_nobody_knows() -> None:
    there = town(None)
    document = {
        "@context": ["https://www.w3.org/ns/credentials/v2", "https://www.w3.org/ns/credentials/undefined-terms/v2"],
        "type": ["VerifiableCredential", "IdentityCard"],
        "issuer": there.city.did,
        "credentialSubject": {"id": there.holder, **CLAIMS},
        "credentialStatus": {"type": "Oracle"},
        "cnf": {"jwk": jwk.encode(there.ada_key.public_key)},
    }
    there.ada.store(there.city.secure(document, format="vc+sd-jwt", disclosable=["given_name"]))
    bar, lenient = there.world.verifier(), there.world.verifier(unknown_status="ignore")
    assert refused(bar, *answered(there, bar, "vc+sd-jwt", None)) == [STATUS_RETRIEVAL_ERROR]
    assert lenient.accept(*answered(there, lenient, "vc+sd-jwt", None)).read() == CLAIMS


def test_a_cache_for_all_answers() -> None:
    there, opened = issued("dc+sd-jwt", "token")
    cache = StatusCache()
    bar = there.world.verifier(fetch=offline, status_cache=cache)
    for _ in range(2):
        assert bar.accept(*answered(there, bar, "dc+sd-jwt", opened)).read() == CLAIMS
    assert len(cache) == 1  # published at one instant, it is the same list
    with pytest.raises(TypeError, match="status_cache is a StatusCache, not dict"):
        there.world.verifier(status_cache={})  # type: ignore[arg-type]


def test_the_rules_of_a_type_may_be_required() -> None:
    there = town(None)
    there.ada.store(there.issue(CLAIMS, format="dc+sd-jwt", type="IdentityCard"))
    strict = there.world.verifier(type_metadata="require")
    assert refused(strict, *answered(there, strict, "dc+sd-jwt", None)) == [UNDECIDABLE]
    assert there.bar.accept(*answered(there, there.bar, "dc+sd-jwt", None)).read() == CLAIMS


ROOT = root()
LEAF = ROOT.certifies("City", Ed25519PrivateKey.from_private_bytes(bytes(range(32))))
NAME = member("given_name", "Ada")
BY_X5C: dict[str, Any] = {"key_resolution": ["x5c"], "trust_anchors": [ROOT.pem]}
BY_METADATA: dict[str, Any] = {"key_resolution": ["issuer-metadata"]}
METADATA = {"issuer": CITY_URL, "jwks": {"keys": [{**jwk.encode(ISSUER.public_key), "kid": "key-1"}]}}


def a_card(*, by: Signer = ISSUER, status: Any = None, **header: Any) -> str:
    """Be a card of an issuer that is an HTTPS URL."""
    payload = {
        "iss": CITY_URL,
        "vct": "urn:example:card",
        "cnf": {"jwk": jwk.encode(HOLDER.public_key)},
        "_sd": [digest(NAME)],
        **({"status": status} if status else {}),
    }
    return sd_jwt(token(payload, by, **{"kid": "key-1", **header}), NAME)


@pytest.mark.parametrize(("card", "ways"), [(a_card(x5c=[LEAF.text]), BY_X5C), (a_card(), BY_METADATA)], ids=["x5c", "issuer-metadata"])
def test_a_card_of_an_issuer_that_is_a_url(card: str, ways: dict[str, Any]) -> None:
    world = World(at=AT)
    world.network.documents["https://city.example/.well-known/jwt-vc-issuer/tenant/1"] = Retrieved(
        serialize(METADATA).encode(), "application/json"
    )
    for stranger in (world.wallet(), Wallet.generate(clock=world.clock)):
        stranger.add_key(HOLDER)
        with pytest.raises(SaysoError) as caught:
            stranger.store(card)
        assert kinds(caught.value) == [INVALID_VERIFICATION_METHOD]
    ada, bar = world.wallet(**ways), world.verifier(**ways)
    ada.add_key(HOLDER)
    ada.store(card)
    asked: dict[str, Any] = {"type": "urn:example:card", "formats": ("dc+sd-jwt",)}
    request = ask(bar, "given_name", issuers=[CITY_URL], **asked)
    assert bar.accept(ada.present(ada.plan(request)), request).read() == CLAIMS
    # Another city's is not taken for it, nor is it found where nobody said how.
    request = ask(bar, "given_name", issuers=["https://town.example/"], **asked)
    assert not ada.plan(request).answerable
    strict = world.verifier()
    with pytest.raises(ValueError, match="issuers names one or more DIDs, at most"):
        ask(strict, "given_name", issuers=[CITY_URL], **asked)
    request = ask(strict, "given_name", issuers=ANYONE, **asked)
    assert refused(strict, ada.present(ada.plan(request)), request) == [INVALID_VERIFICATION_METHOD]


def test_the_lists_of_an_issuer_that_is_a_url_are_signed_by_whom_the_verifier_names() -> None:
    world = World(at=AT)
    ada = world.wallet(**BY_X5C)
    ada.add_key(HOLDER)
    ada.store(a_card(x5c=[LEAF.text], status={"status_list": {"idx": 412, "uri": TOKEN}}))
    for issuers, holds in ((None, False), ([ISSUER_DID], True)):
        bar = world.verifier(fetch=offline, status_issuers=issuers, **BY_X5C)
        request = ask(bar, "given_name", issuers=[CITY_URL], type="urn:example:card", formats=("dc+sd-jwt",))
        answer = ada.present(ada.plan(request), status_lists={TOKEN: a_token(ttl=300)})
        if holds:
            assert bar.accept(answer, request).read() == CLAIMS
        else:
            assert refused(bar, answer, request) == [STATUS_VERIFICATION_ERROR]


def test_a_card_that_is_signed_with_another_algorithm() -> None:
    """Taken where it is named, by both; the request says so, and the customer signs with Ed25519 as ever."""
    world = World(at=AT)
    card = a_card(alg="ES256", x5c=[ROOT.certifies("City", private_key(3)).text], by=EcdsaSigner("P-256", (3).to_bytes(32)))
    named = {**BY_X5C, "algorithms": ["ES256", "EdDSA"]}
    strict, ada = world.wallet(**BY_X5C), world.wallet(**named)
    for wallet in (strict, ada):
        wallet.add_key(HOLDER)
    with pytest.raises(SaysoError) as caught:
        strict.store(card)
    assert kinds(caught.value) == [CRYPTOGRAPHIC_SECURITY_ERROR]
    ada.store(card)
    for checks, holds in ((named, True), (BY_X5C, False)):
        bar = world.verifier(**checks)
        request = ask(bar, "given_name", issuers=[CITY_URL], type="urn:example:card", formats=("dc+sd-jwt",))
        said = ["ES256", "EdDSA"] if holds else ["EdDSA", "Ed25519"]
        formats = payload_of(request.text)["client_metadata"]["vp_formats_supported"]
        assert formats == {"dc+sd-jwt": {"sd-jwt_alg_values": said, "kb-jwt_alg_values": said}}
        answer = ada.present(ada.plan(request))
        if holds:
            assert bar.accept(answer, request).read() == CLAIMS
        else:
            assert refused(bar, answer, request) == [CRYPTOGRAPHIC_SECURITY_ERROR]


def test_options_that_are_none() -> None:
    world = World(at=START)
    for made in (world.verifier, world.wallet, Verifier.generate, Wallet.generate):
        make: Any = made
        with pytest.raises(TypeError, match="there is no option 'holder_binding'"):
            make(holder_binding=False)
        with pytest.raises(ValueError, match="trust_anchors are there exactly where"):
            make(key_resolution=["x5c"])
        with pytest.raises(ValueError, match="key_resolution are some of"):
            make(key_resolution=["dns"])
    with pytest.raises(TypeError, match="there is no option 'status'"):
        Wallet(status="waive")  # type: ignore[call-arg]
    with pytest.raises(ValueError, match="max_status_age are not negative"):
        world.verifier(max_status_age=-HOUR)
