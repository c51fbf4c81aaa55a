from collections import Counter
from datetime import UTC, datetime, timedelta, timezone

import pytest

from sayso.errors import LIMIT_EXCEEDED, RETRIEVAL_REFUSED, SHARE_ENDED, SaysoError
from sayso.keys.signer import SeedSigner
from sayso.proofs.jose import jws
from sayso.retrieval import Retrieve, Retrieved
from sayso.testing.world import START, CountingEntropy, Network, TurningClock, World
from sayso.verification.report import Report

URL = "https://status.example/1"
ASKED = Retrieve(URL, "application/statuslist+jwt", 4, "status")


def test_a_clock_stands_still_until_it_is_turned_or_set() -> None:
    clock = TurningClock()
    assert clock() == clock() == START
    clock.turn(timedelta(minutes=5))
    assert clock() == START + timedelta(minutes=5)
    clock.turn(timedelta(days=-1))
    assert clock() == START + timedelta(minutes=5, days=-1)
    clock.set(datetime(2030, 1, 1, 2, tzinfo=timezone(timedelta(hours=2))))
    assert clock() == TurningClock(datetime(2030, 1, 1, tzinfo=UTC))()
    assert clock().tzinfo is UTC


def test_a_clock_is_set_to_aware_instants_only() -> None:
    naive = datetime(2030, 1, 1)  # noqa: DTZ001 - just that is refused
    with pytest.raises(ValueError, match="aware"):
        TurningClock(naive)
    with pytest.raises(ValueError, match="aware"):
        TurningClock().set(naive)


def test_counting_entropy_is_the_same_in_every_run_and_never_repeats() -> None:
    first, again, other = CountingEntropy(b"seed"), CountingEntropy(b"seed"), CountingEntropy(b"other")
    drawn = [first(size) for size in (16, 16, 18, 100)]
    assert drawn == [again(size) for size in (16, 16, 18, 100)]
    assert [len(part) for part in drawn] == [16, 16, 18, 100]
    assert len({part[:16] for part in (*drawn, *(other(16) for _ in drawn))}) == 8
    assert first.draws == 4


def test_a_network_finds_what_was_put_there_and_counts() -> None:
    network = Network({URL: Retrieved(b"body", "application/statuslist+jwt")})
    assert network(ASKED) == network(ASKED) == Retrieved(b"body", "application/statuslist+jwt")
    elsewhere = "https://status.example/2"
    with pytest.raises(SaysoError) as refused:
        network(ASKED._replace(url=elsewhere))
    assert refused.value.problems[0].kind == RETRIEVAL_REFUSED
    assert not refused.value.decided
    assert network.asked == Counter({URL: 2, elsewhere: 1})


def test_a_network_refuses_what_is_too_long() -> None:
    network = Network({URL: Retrieved(b"body!")})
    with pytest.raises(SaysoError) as refused:
        network(ASKED)
    assert refused.value.problems[0].kind == LIMIT_EXCEEDED


def test_documents_of_a_network_are_its_own() -> None:
    documents = {URL: Retrieved(b"body")}
    network = Network(documents)
    network.documents.clear()
    assert documents
    assert Network().documents == {}


def test_parties_of_one_world_share_its_clock() -> None:
    world = World()
    city, ada, bar = world.issuer(), world.wallet(), world.verifier(name="The Bar")
    ada.store(city.issue({"age_over_18": True}, type="IdentityCard", holder=ada.new_key(), valid_for=timedelta(days=1)))
    request = bar.request("age_over_18", issuers=[city.did], purpose="Serve", benefit="A drink", keep_for=timedelta(hours=1))
    share = bar.accept(ada.present(ada.plan(request)), request)
    assert share.read() == {"age_over_18": True}
    world.clock.turn(timedelta(hours=1))
    with pytest.raises(SaysoError) as ended:
        share.read()
    assert ended.value.problems[0].kind == SHARE_ENDED
    assert not world.network.asked


def test_two_worlds_of_one_seed_go_the_same_way() -> None:
    def card(seed: bytes) -> bytes:
        world = World(seed)
        return world.issuer().issue({"a": 1}, type="Card", holder=world.wallet().new_key(), valid_for=timedelta(days=1)).data

    assert card(b"one") == card(b"one") != card(b"two")


def test_parties_take_keys_and_chance_of_their_own() -> None:
    world, signer = World(), SeedSigner(bytes(32))
    reports: list[Report] = []
    issuer = world.issuer(signer, algorithm="Ed25519", entropy=CountingEntropy())
    drawn = world.entropy.draws
    card = issuer.issue({"a": 1}, type="Card", holder=signer.public_key, valid_for=timedelta(days=1))
    assert world.entropy.draws == drawn
    token = card.data.partition(b"~")[0]
    assert jws.decode(token, ("vc+sd-jwt",)).header["alg"] == "Ed25519"
    verifier = world.verifier(signer, on_report=reports.append)
    assert issuer.did == verifier.did == world.issuer(signer, issuer.did).did
    request = verifier.request("a", issuers=[issuer.did], purpose="p", benefit="b", keep_for=timedelta(hours=1))
    with pytest.raises(SaysoError):
        verifier.accept(b"{}", request)
    assert len(reports) == 1
