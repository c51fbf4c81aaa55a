"""Somebody uses the looser syntax of JSON to say more, or something else, than was signed."""

import json
from typing import Any

import pytest

from sayso import SaysoError
from sayso.openid import response
from sayso.proofs.sd_jwt.serialization import flattened, general
from tests.journeys.town import Town, disclosure_named, town

Parts = dict[str, Any]


@pytest.fixture
def there() -> Town:
    return town(None)


def answered(there: Town) -> tuple[Any, str, Parts]:
    """Give a request, and the presentation that answers it in the flattened syntax."""
    card = there.issue()
    there.ada.store(card)
    request = there.ask("age_over_18")
    token: Any = response.parse(there.answer(request).data)
    ((text,),) = token.values()
    return request, disclosure_named(card, "birthdate"), json.loads(flattened(text))


def refused(there: Town, request: Any, parts: Any) -> None:
    text = parts if isinstance(parts, str) else json.dumps(parts)
    with pytest.raises(SaysoError):
        there.bar.accept('{"vp_token":{"vc-sd-jwt":[' + text + "]}}", request)


def accepted(there: Town, request: Any, parts: Any) -> bool:
    return there.bar.accept(json.dumps({"vp_token": {"vc-sd-jwt": [parts]}}), request).read() == {"age_over_18": True}


def test_a_disclosure_that_the_holder_did_not_send(there: Town) -> None:
    request, birthdate, parts = answered(there)
    header = {**parts["header"], "disclosures": [*parts["header"]["disclosures"], birthdate]}
    refused(there, request, {**parts, "header": header})
    refused(there, request, {**parts, "disclosures": [birthdate], "header": header})
    joined = {**parts["header"], "disclosures": ["~".join((*parts["header"]["disclosures"], birthdate))]}
    refused(there, request, {**parts, "header": joined})
    assert accepted(there, request, parts)


def test_a_disclosure_behind_a_second_signature(there: Town) -> None:
    request, birthdate, parts = answered(there)
    payload = parts.pop("payload")
    second = {**parts, "header": {"disclosures": [birthdate]}}
    refused(there, request, {"payload": payload, "signatures": [parts, second]})
    refused(there, request, {"payload": payload, "signatures": [second, parts]})
    assert accepted(there, request, {"payload": payload, "signatures": [parts]})


def test_the_key_binding_of_another_signature(there: Town) -> None:
    request, _, parts = answered(there)
    payload = parts.pop("payload")
    binding = parts["header"].pop("kb_jwt")
    refused(there, request, {"payload": payload, "signatures": [parts]})
    refused(there, request, {"payload": payload, "signatures": [parts, {**parts, "header": {"kb_jwt": binding}}]})


def test_what_nobody_signed_names_the_algorithm_or_the_key(there: Town) -> None:
    request, _, parts = answered(there)
    for name, value in (("alg", "none"), ("kid", "did:key:z6Mk#z6Mk"), ("typ", "vc+sd-jwt"), ("crit", ["b64"]), ("jwk", {})):
        header = {**parts["header"], name: value}
        if name == "jwk":
            assert accepted(there, request, {**parts, "header": header}), "what is not known says nothing"
        else:
            refused(there, request, {**parts, "header": header})


def test_two_members_of_one_name(there: Town) -> None:
    request, _, parts = answered(there)
    text = json.dumps(parts)
    refused(there, request, text[:-1] + ', "payload": "e30"}')
    refused(there, request, text[:-1] + ', "header": {}}')


def test_both_syntaxes_at_once(there: Town) -> None:
    request, _, parts = answered(there)
    signature = {name: parts[name] for name in ("protected", "signature", "header")}
    refused(there, request, {**parts, "signatures": [signature]})
    refused(there, request, {**json.loads(general(_compact(parts))), "signature": parts["signature"]})


def test_another_payload_under_the_signature(there: Town) -> None:
    request, _, parts = answered(there)
    other = json.loads(flattened(there.issue({"age_over_18": True, "vip": True}).text))
    for name in ("payload", "protected", "signature"):
        changed = {**parts, name: other[name]}
        if changed[name] != parts[name]:
            refused(there, request, changed)
    payloads: list[Any] = ["", "!", None, {}, "e30", parts["payload"] + "A"]
    for payload in payloads:
        refused(there, request, {**parts, "payload": payload})


def _compact(parts: Parts) -> str:
    jwt = ".".join((parts["protected"], parts["payload"], parts["signature"]))
    return "~".join((jwt, *parts["header"]["disclosures"], parts["header"]["kb_jwt"]))
