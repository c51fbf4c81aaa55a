"""An issuer writes the claims and the tokens of Token Status List (draft 20: TS-1 to TS-5)."""

from datetime import timedelta
from typing import Any

import pytest

from sayso import StatusBook
from sayso.retrieval import drive, offline
from sayso.testing.world import START
from sayso.verification.messages import signed_message
from tests.journeys.town import Town, town
from tests.unit.issuer.status_reading import URL, bits, header, opened, said, values

LIST = f"{URL}/status/1"


@pytest.fixture(scope="module")
def there() -> Town:
    return town()


def _book(there: Town, **options: Any) -> StatusBook:
    return opened(there.city, format="token", **options)


def test_ts_1_a_credential_names_an_index_and_a_list(there: Town) -> None:
    book = _book(there)
    card = there.issue(format="dc+sd-jwt", status=book)
    status = said(card)["status"]
    assert status == {"status_list": {"idx": status["status_list"]["idx"], "uri": LIST}}
    assert type(status["status_list"]["idx"]) is int


def test_ts_4_the_token(there: Town) -> None:
    (published,) = _book(there, ttl=timedelta(minutes=1), valid_for=timedelta(hours=2)).publish()
    assert (published.url, published.media_type) == (LIST, "application/statuslist+jwt")
    assert header(published) == {"alg": "EdDSA", "typ": "statuslist+jwt", "kid": f"{there.city.did}#{there.city.did[8:]}"}
    issued = int(START.timestamp())
    claims = said(published)
    lst = claims["status_list"].pop("lst")
    assert claims == {"sub": LIST, "iat": issued, "exp": issued + 7200, "ttl": 60, "status_list": {"bits": 2}}
    assert "=" not in lst
    steps = signed_message(published.data, {"statuslist+jwt"}, "assertionMethod", START, skew=timedelta(0))
    assert drive(steps, offline).signer == there.city.did


@pytest.mark.parametrize(("options", "size"), [({"purposes": ["revocation"]}, 1), ({}, 2), ({"size": 4}, 4), ({"size": 8}, 8)])
def test_ts_2_the_bits(there: Town, options: dict[str, Any], size: int) -> None:
    book = _book(there, **options)
    entry = book.allocate()
    book.revoke(entry)
    (published,) = book.publish()
    assert said(published)["status_list"]["bits"] == size
    assert len(bits(published)) == 131_072 * size // 8
    assert int.from_bytes(bits(published), "little") == 1 << entry.place.position * size, "the least significant bit comes first"


def test_ts_5_the_values(there: Town) -> None:
    book = _book(there, size=4, purposes=["revocation", "suspension", "message"])
    at = {name: book.allocate(name).place.position for name in ("revoked", "suspended", "noted", "odd", "fine", "back")}
    book.revoke("revoked")
    book.suspend("suspended")
    book.set_message("noted", 3)
    book.set_message("odd", 0x0C)
    book.suspend("back")
    book.reinstate("back")
    assert values(book.publish()[0], 4) == {at["revoked"]: 1, at["suspended"]: 2, at["noted"]: 3, at["odd"]: 12}
    book.set_message("odd", 0)
    book.revoke("suspended")
    assert values(book.publish()[0], 4) == {at["revoked"]: 1, at["suspended"]: 1, at["noted"]: 3}
    with pytest.raises(ValueError, match="a message in a token list is one of 0, 3, 12, 13, 14, 15"):
        book.set_message("noted", 5)


@pytest.mark.parametrize("format", ["vc+sd-jwt", "vc+jwt", "eddsa-jcs-2022"])
def test_sv_4_the_claim_is_of_sd_jwt_vc(there: Town, format: str) -> None:
    with pytest.raises(ValueError, match=r"the lists of this book are for dc\+sd-jwt"):
        there.issue(format=format, status=_book(there))


def test_sv_4_a_claim_of_that_name_is_not_replaced(there: Town) -> None:
    book = _book(there)
    with pytest.raises(ValueError, match="a claim has the name of one that the issuer sets: status"):
        there.issue({"status": "married"}, format="dc+sd-jwt", status=book)
    assert book.herd()[0].given == 0
