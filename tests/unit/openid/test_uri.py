"""The URIs that are written are read as the request that is in them, or lies where they lead."""

import sys

import pytest

from sayso import Wallet
from sayso.credentials.wire import Request
from sayso.errors import LIMIT_EXCEEDED, MALFORMED_VALUE_ERROR, UNDECIDABLE, SaysoError
from sayso.keys.signer import SeedSigner
from sayso.openid import client_id, form, forms, qr, uri
from sayso.openid.client_id import SIGNED
from sayso.openid.request_object import TYPE
from sayso.proofs.jose import jws
from sayso.retrieval import Retrieve, Retrieved, drive
from sayso.testing.world import CountingEntropy, Network
from tests.journeys.town import Town, town

PLACE = "https://bar.example/r/1"


@pytest.fixture(scope="module")
def there() -> Town:
    return town()


def read(text: str, network: Network | None = None) -> forms.Received:
    return drive(forms.read(text.encode(), entropy=CountingEntropy()), network or Network())


def test_by_value(there: Town) -> None:
    request = there.ask("age_over_18")
    written = uri.by_value(request, endpoint="https://wallet.example/open")
    assert written.startswith("https://wallet.example/open?client_id=decentralized_identifier%3A")
    assert read(written) == forms.Received(request.data, None, SIGNED, {"client_id": f"decentralized_identifier:{there.bar.did}"})
    assert uri.by_value(request).startswith("openid4vp://?client_id=")


def test_by_reference_with_a_post(there: Town) -> None:
    """Section 5.10: the wallet posts a nonce, and the request object has to say it."""
    request = there.ask("age_over_18")
    steps = forms.read(uri.by_reference(request, PLACE, post=True).encode(), entropy=CountingEntropy())
    asked = next(steps)
    posted = form.parse(asked.post or b"", 1000)["wallet_nonce"]
    assert asked == Retrieve(
        PLACE, "application/oauth-authz-req+jwt", forms.MAX_OBJECT_BYTES, "the request object", f"wallet_nonce={posted}".encode()
    )
    with pytest.raises(StopIteration) as end:
        steps.send(Retrieved(request.data))
    received = end.value.value
    assert received.beside["wallet_nonce"] == posted
    payload = jws.decode(request.data, (TYPE,)).payload
    assert forms.confirmed(received, {**payload, "wallet_nonce": posted})["wallet_nonce"] == posted
    with pytest.raises(SaysoError) as refused:
        forms.confirmed(received, payload)
    assert refused.value.problems[0].pointer == "/wallet_nonce"


def test_a_request_that_is_made_for_the_wallet_that_asks(there: Town) -> None:
    """Section 5.10: with its nonce in it, nobody can show it an old one."""
    shown = uri.by_reference(there.ask("age_over_18"), PLACE, post=True)

    def serve(retrieve: Retrieve) -> Retrieved:
        assert retrieve.post
        made = there.ask("age_over_18", wallet_nonce=uri.wallet_nonce(retrieve.post))
        return Retrieved(made.data)

    wallet = Wallet(clock=there.world.clock, entropy=there.world.entropy, fetch=serve)
    assert wallet.plan(shown).asked.request.wallet_nonce


@pytest.mark.parametrize(("posted", "found"), [(b"", None), (b"wallet_metadata=%7B%7D", None), (b"wallet_nonce=a", "a")])
def test_what_a_wallet_posts(posted: bytes, found: str | None) -> None:
    assert uri.wallet_nonce(posted) == found


def test_a_nonce_that_is_none() -> None:
    with pytest.raises(SaysoError) as refused:
        uri.wallet_nonce(b"wallet_nonce=a%20b")
    assert [(problem.kind, problem.pointer) for problem in refused.value.problems] == [(MALFORMED_VALUE_ERROR, "/wallet_nonce")]


@pytest.mark.parametrize("endpoint", ["haip://", "https://wallet.example?x=1", "", "http://wallet.example/"])
def test_an_endpoint_that_is_none(there: Town, endpoint: str) -> None:
    with pytest.raises(ValueError, match="an endpoint is"):
        uri.by_value(there.ask("age_over_18"), endpoint=endpoint)


def test_a_place_that_is_none(there: Town) -> None:
    with pytest.raises(ValueError, match="request_uri is an https URL"):
        uri.by_reference(there.ask("age_over_18"), "ftp://bar.example/")


def test_a_request_without_a_client() -> None:
    token = jws.sign(jws.protect({"alg": "EdDSA", "typ": TYPE}), {}, SeedSigner(bytes(32)))
    with pytest.raises(SaysoError) as refused:
        uri.digital_credentials(Request(token.encode()))
    assert [(problem.kind, problem.pointer) for problem in refused.value.problems] == [(MALFORMED_VALUE_ERROR, "/client_id")]


def test_what_is_fetched_where_nothing_is(there: Town) -> None:
    request = there.ask("age_over_18")
    with pytest.raises(SaysoError) as refused:
        there.ada.plan(uri.by_value(request), fetched=request)
    assert [(problem.kind, problem.pointer) for problem in refused.value.problems] == [(MALFORMED_VALUE_ERROR, "/request_uri")]


@pytest.mark.parametrize(
    ("text", "good"),
    [
        ("https://bar.example/answers?x=1", True),
        ("https://bar.example:8443/", True),
        ("http://localhost:8000/answers", True),
        ("http://[::1]/answers", True),
        ("http://bar.example/", False),
        ("https://bar.example/#a", False),
        ("https://me@bar.example/", False),
        ("https://bar.example:port/", False),
        ("https://[bar/", False),
        ("https:bar", False),
        ("urn:bar", False),
        (5, False),
    ],
)
def test_where_answers_may_go(text: object, good: bool) -> None:
    assert client_id.is_response_uri(text) is good


@pytest.mark.parametrize(
    ("text", "good"), [("https://bar.example", True), ("http://localhost:8000", True), ("https://bar.example?", False)]
)
def test_what_is_an_origin(text: str, good: bool) -> None:
    assert client_id.is_origin(text) is good


class TestQr:
    def test_a_drawing(self) -> None:
        assert qr.svg("openid4vp://?client_id=x") == qr.svg("openid4vp://?client_id=x") != qr.svg("openid4vp://?client_id=y")

    def test_what_no_telephone_reads(self) -> None:
        assert qr.svg("x" * qr.MAX_BYTES)
        with pytest.raises(SaysoError) as refused:
            qr.svg("x" * (qr.MAX_BYTES + 1))
        assert refused.value.problems[0].kind is LIMIT_EXCEEDED

    def test_without_the_extra(self, monkeypatch: pytest.MonkeyPatch) -> None:
        monkeypatch.setitem(sys.modules, "segno", None)
        with pytest.raises(SaysoError, match=r'pip install "sayso\[qr\]"') as refused:
            qr.svg("x")
        assert refused.value.problems[0].kind is UNDECIDABLE
