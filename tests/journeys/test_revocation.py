"""A city hands out a card, suspends it, and revokes it; what it serves says so, and only that."""

from datetime import timedelta
from pathlib import Path

from sayso import Expectations, Issuer, SqlStatusStore, verify
from tests.journeys.town import HOUR, town
from tests.unit.issuer.status_reading import URL, by_url, said, values


def test_a_card_is_suspended_and_revoked(tmp_path: Path) -> None:
    there = town()
    store = SqlStatusStore(tmp_path / "status.db")
    book = there.city.status_book(store, url=URL, ttl=timedelta(minutes=1), valid_for=HOUR)

    card = there.issue(status=book.allocate("card 4711"))
    there.ada.store(card)
    entries = {entry["statusPurpose"]: entry for entry in said(card)["credentialStatus"]}
    index = int(entries["revocation"]["statusListIndex"])
    assert {url: values(one) for url, one in by_url(book.publish()).items()} == {"revocation/1": {}, "suspension/1": {}}

    book.suspend("card 4711")
    book.publish()
    served = store.kept(entries["suspension"]["statusListCredential"])
    assert served is not None
    assert values(served) == {index: 1}

    # Another process of the city revokes.
    elsewhere = SqlStatusStore(tmp_path / "status.db")
    office = Issuer(there.city_key, clock=there.world.clock).status_book(elsewhere, url=URL, ttl=timedelta(minutes=1), valid_for=HOUR)
    office.revoke(card)
    office.publish()
    served = book.published(entries["revocation"]["statusListCredential"])
    assert served is not None
    assert values(served) == {index: 1}

    # Whoever retrieves it can tell whose it is, and until when it holds.
    expected = Expectations(issuers=[there.city.did], holder_binding=False)
    assert verify(served.data, expected, at=there.world.clock()).issuer == there.city.did
    assert "4711" not in served.data.decode()
    store.close()
    elsewhere.close()
