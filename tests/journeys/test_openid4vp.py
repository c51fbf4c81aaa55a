"""Requests and answers travel as OpenID4VP has it: in URIs, posted in the clear or encrypted, and over the Digital Credentials API."""

import json
from typing import Any

import pytest

from sayso import EncryptionKey, SaysoError, Verifier
from sayso.credentials.media_types import FORM, JSON
from sayso.errors import CRYPTOGRAPHIC_SECURITY_ERROR, INVALID_DOMAIN_ERROR, RETRIEVAL_REFUSED
from sayso.openid import qr, uri
from sayso.openid.encryption_key import AgreementCurve
from sayso.retrieval import Retrieved
from tests.journeys.town import Town, ask, kinds, town

ANSWERS = "https://bar.example/answers"
REQUESTS = "https://bar.example/requests/7"
PAGE = "https://bar.example"


def bar(there: Town, **options: Any) -> Verifier:
    return there.world.verifier(there.bar_key, name="The Bar", **options)


@pytest.mark.parametrize("curve", ["X25519", "P-256"])
def test_an_encrypted_answer_is_posted_and_read_by_the_business_alone(curve: AgreementCurve) -> None:
    there = town()
    key = EncryptionKey.generate(curve, entropy=there.world.entropy)
    asking = bar(there, reply_to=ANSWERS, encryption=key)
    request = ask(asking, "age_over_18", issuers=[there.city.did], state="table-7")
    plan = there.ada.plan(request)
    answer = there.ada.present(plan)
    assert (answer.media_type, plan.asked.request.response_uri) == (FORM, ANSWERS)
    assert answer.data.startswith(b"response=ey")
    assert b"vp_token" not in answer.data
    with pytest.raises(SaysoError) as refused:
        bar(there, reply_to=ANSWERS, encryption=EncryptionKey.generate(curve, entropy=there.world.entropy)).accept(answer, request)
    assert kinds(refused.value) == [CRYPTOGRAPHIC_SECURITY_ERROR]
    with pytest.raises(SaysoError) as refused:
        bar(there, reply_to=ANSWERS).accept(answer, request)
    assert kinds(refused.value) == [CRYPTOGRAPHIC_SECURITY_ERROR]
    assert asking.accept(answer, request).read() == {"age_over_18": True}


def test_an_answer_in_the_clear_is_posted_as_a_form() -> None:
    there = town()
    asking = bar(there, reply_to=ANSWERS)
    request = ask(asking, "age_over_18", issuers=[there.city.did], state="table-7")
    answer = there.ada.present(there.ada.plan(request))
    assert answer.media_type == FORM
    assert answer.data.startswith(b"vp_token=%7B%22")
    assert answer.data.endswith(b"&state=table-7")
    assert asking.accept(answer, request).read() == {"age_over_18": True}


@pytest.mark.parametrize("encrypted", [False, True])
def test_over_the_digital_credentials_api_the_answer_is_for_the_page_that_asked(encrypted: bool) -> None:
    there = town()
    key = EncryptionKey.generate(entropy=there.world.entropy) if encrypted else None
    asking = bar(there, origin=PAGE, encryption=key)
    request = ask(asking, "age_over_18", issuers=[there.city.did])
    handed_over = json.dumps(uri.digital_credentials(request))
    with pytest.raises(SaysoError):  # another site shows a request that it saw
        there.ada.plan(handed_over, origin="https://thief.example")
    answer = there.ada.present(there.ada.plan(handed_over, origin=PAGE))
    assert answer.media_type == JSON
    assert [*json.loads(answer.data)] == ["response" if encrypted else "vp_token"]
    assert asking.accept(answer, request).read() == {"age_over_18": True}


def test_over_the_digital_credentials_api_the_client_id_is_no_audience() -> None:
    """OpenID4VP 1.0, appendix A.4: the origin is the audience, for signed requests too."""
    there = town()
    request = ask(bar(there, origin=PAGE), "age_over_18", issuers=[there.city.did])
    other = ask(bar(there, origin="https://other.example"), "age_over_18", issuers=[there.city.did])
    plan = there.ada.plan(request, origin=PAGE)
    assert plan.asked.request.audience == f"origin:{PAGE}"
    answer = there.ada.present(plan)
    with pytest.raises(SaysoError) as refused:
        bar(there, origin="https://other.example").accept(answer, other)
    assert INVALID_DOMAIN_ERROR in kinds(refused.value)


def test_a_poster_shows_a_code_and_the_wallet_fetches_the_request() -> None:
    there = town()
    asking = bar(there, reply_to=ANSWERS)
    request = ask(asking, "age_over_18", issuers=[there.city.did])
    shown = uri.by_reference(request, REQUESTS)
    assert shown.startswith("openid4vp://?client_id=decentralized_identifier%3Adid%3Akey%3A")
    assert qr.svg(shown).startswith("<svg ")
    with pytest.raises(SaysoError) as refused:
        there.world.wallet().plan(shown)
    assert kinds(refused.value) == [RETRIEVAL_REFUSED]
    # Fetched by the caller, or by the wallet's own fetcher: the same request.
    given = there.ada.plan(shown, fetched=request)
    there.world.network.documents[REQUESTS] = Retrieved(request.data, "application/oauth-authz-req+jwt")
    fetched = there.ada.plan(shown)
    assert given == fetched == there.ada.plan(uri.by_value(request)) == there.ada.plan(request)
    assert asking.accept(there.ada.present(given), request).read() == {"age_over_18": True}


@pytest.mark.parametrize("options", [{"reply_to": ANSWERS}, {"origin": PAGE}], ids=["posted", "over the page"])
def test_a_business_that_was_restarted_reads_the_answer_with_the_key_that_it_kept(options: dict[str, Any]) -> None:
    there = town()
    key = EncryptionKey.generate("P-256", entropy=there.world.entropy)
    request = ask(bar(there, encryption=key, **options), "age_over_18", issuers=[there.city.did])
    answer = there.ada.present(there.ada.plan(request, origin=options.get("origin")))
    again = bar(there, encryption=EncryptionKey.from_jwk(key.private_jwk), **options)
    assert again.accept(answer, request).read() == {"age_over_18": True}
