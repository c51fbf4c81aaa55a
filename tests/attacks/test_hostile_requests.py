"""What a stranger can put before a wallet as a request: each of it is refused, with its own problem and place, and nothing is answered."""

import json
from collections.abc import Callable, Mapping
from datetime import timedelta
from typing import Any, NamedTuple

import pytest

from sayso import SaysoError
from sayso.encodings import base64url
from sayso.errors import (
    CRYPTOGRAPHIC_SECURITY_ERROR,
    INVALID_TRANSACTION_DATA,
    INVALID_VERIFICATION_METHOD,
    INVALID_VERIFICATION_METHOD_URL,
    LIMIT_EXCEEDED,
    MALFORMED_VALUE_ERROR,
    PARSING_ERROR,
    RANGE_ERROR,
    RETRIEVAL_REFUSED,
    TERMS_MISSING,
    UNDECIDABLE,
    UNSIGNED_REQUEST,
    ProblemType,
)
from sayso.jsonvalue import serialize
from sayso.openid import form, uri
from sayso.openid.encryption_key import EncryptionKey
from sayso.proofs.jose import jws
from sayso.retrieval import Retrieved
from tests.journeys.town import Town, ask, header_of, payload_of, sign, town

ORIGIN = "https://bar.example"
ANSWERS = "https://bar.example/answers"
DAY = timedelta(days=1)


class Shown(NamedTuple):
    """Hold what is put before the wallet: a request, with how it came, and whether the wallet takes what nobody signed."""

    request: bytes | str
    origin: str | None = None
    fetched: bytes | str | None = None
    unsigned: bool = False


class Case(NamedTuple):
    """Hold one attack: who does it, and what it is refused as."""

    story: str
    attack: Callable[[Town], Shown]
    kind: ProblemType
    pointer: str


def good(there: Town, **options: Any) -> dict[str, Any]:
    """Give what a good request of the bar says."""
    said: dict[str, Any] = {"reply_to": ANSWERS, **options}
    made = there.world.verifier(there.bar_key, name="The Bar", **said)
    return payload_of(ask(made, "age_over_18", issuers=[there.city.did]).text)


def changed(there: Town, header: Mapping[str, Any] | None = None, absent: str = "", **members: Any) -> str:
    """Sign a good request with some members changed, or one of them left out: the bar itself is the stranger."""
    payload = {name: value for name, value in {**good(there), **members}.items() if name != absent}
    return sign({**header_of(there.ask("age_over_18").text), **(header or {})}, payload, there.bar_key)


def raw(there: Town, text: str) -> str:
    """Sign a payload that no JSON writer writes."""
    protected = jws.protect(header_of(there.ask("age_over_18").text))
    signing_input = f"{protected}.{base64url.encode(text.encode())}"
    return f"{signing_input}.{base64url.encode(there.bar_key.sign(signing_input.encode()))}"


def says(absent: str = "", **members: Any) -> Callable[[Town], Shown]:
    """Be the attack of a request that says something else."""
    return lambda there: Shown(changed(there, absent=absent, **members))


def headed(**header: Any) -> Callable[[Town], Shown]:
    """Be the attack of a header that says something else."""
    return lambda there: Shown(changed(there, header))


def link(**parameters: str) -> Callable[[Town], Shown]:
    """Be the attack of a URI with other parameters than the good ones."""
    return lambda there: Shown(f"openid4vp://?{form.serialize({'client_id': client_id(there), **parameters})}", unsigned=True)


def client_id(there: Town) -> str:
    return f"decentralized_identifier:{there.bar.did}"


def unsigned(there: Town, absent: str = "", **members: Any) -> Shown:
    """Show the parameters of a request that nobody signed, in a URI, to a wallet that looks at such."""
    said = {**good(there), "client_id": f"redirect_uri:{ANSWERS}", **members}
    texts = {name: value if isinstance(value, str) else serialize(value) for name, value in said.items() if name != absent}
    return Shown(f"openid4vp://?{form.serialize(texts)}", unsigned=True)


def api(protocol: object, data: object, origin: str | None = ORIGIN) -> Shown:
    """Show a request over the Digital Credentials API."""
    return Shown(json.dumps({"protocol": protocol, "data": data}), origin, unsigned=True)


def page(there: Town, origin: str | None = ORIGIN, absent: str = "", **members: Any) -> Shown:
    """Show a request that the bar signed for its page, with some members changed."""
    said = {**good(there, reply_to=None, origin=ORIGIN), **members}
    payload = {name: value for name, value in said.items() if name != absent}
    return api("openid4vp-v1-signed", {"request": sign(header_of(there.ask("age_over_18").text), payload, there.bar_key)}, origin)


def multisigned(there: Town, **header: Any) -> Shown:
    """Show a request with one signature, whose header says who made it."""
    said = good(there, reply_to=None, origin=ORIGIN)
    protected, payload, signature = sign({**header_of(there.ask("age_over_18").text), **header}, said, there.bar_key).split(".")
    return api(
        "openid4vp-v1-multisigned", {"request": {"payload": payload, "signatures": [{"protected": protected, "signature": signature}]}}
    )


def entry(**said: Any) -> str:
    return base64url.encode(json.dumps(said).encode())


def turned(by: timedelta) -> Callable[[Town], Shown]:
    """Be the attack of a good request that is shown at another time."""

    def attack(there: Town) -> Shown:
        shown = Shown(changed(there))
        there.world.clock.turn(by)
        return shown

    return attack


def stolen_key(there: Town) -> Shown:
    thief = there.world.signer()
    return Shown(sign(header_of(there.ask("age_over_18").text), good(there), thief))


def other_key(there: Town) -> Shown:
    kid = f"{there.holder}#{there.holder.removeprefix('did:key:')}"
    return Shown(sign({"alg": "EdDSA", "typ": "oauth-authz-req+jwt", "kid": kid}, good(there), there.ada_key))


def doubled(member: str) -> Callable[[Town], Shown]:
    return lambda there: Shown(raw(there, serialize(good(there))[:-1] + f',"{member}":"x"' + "}"))


def deep(there: Town) -> Shown:
    return Shown(raw(there, '{"a":' + "[" * 100 + "]" * 100 + "}"))


def fetched_for_another(there: Town) -> Shown:
    other = there.world.verifier(there.world.signer(), reply_to=ANSWERS)
    return Shown(uri.by_reference(there.ask("age_over_18"), ORIGIN), fetched=ask(other, "age_over_18", issuers=[there.city.did]).data)


def old_when_posted(there: Town) -> Shown:
    request = there.ask("age_over_18")
    there.world.network.documents[ORIGIN + "/r"] = Retrieved(request.data, "application/oauth-authz-req+jwt")
    return Shown(uri.by_reference(request, ORIGIN + "/r", post=True))


KEYS = {"keys": [EncryptionKey("X25519", bytes(31) + b"\x01").public_jwk]}
SMALL = {**EncryptionKey("X25519", bytes(31) + b"\x01").public_jwk, "x": base64url.encode(bytes(32))}
CURVE = {"kty": "EC", "crv": "P-256", "x": base64url.encode(bytes(32)), "y": base64url.encode(bytes(32)), "kid": "1"}
UNSIGNED_API = "openid4vp-v1-unsigned"

SIGNATURE = "/data/request/signatures/0"


def signed_by(signature: object) -> Shown:
    """Show a request with a signature that is none."""
    return api("openid4vp-v1-multisigned", {"request": {"payload": "e30", "signatures": [signature]}})


CASES = [
    # the request object as a token
    Case("a request of a megabyte", lambda _: Shown(b"a" * (1024 * 1024 + 1)), LIMIT_EXCEEDED, ""),
    Case("a payload that nests without end", deep, LIMIT_EXCEEDED, ""),
    Case("a byte order mark before the token", lambda there: Shown("\ufeff" + changed(there)), PARSING_ERROR, ""),
    Case("a byte order mark before the payload", lambda there: Shown(raw(there, "\ufeff{}")), PARSING_ERROR, ""),
    Case("a nonce that is said twice", doubled("nonce"), PARSING_ERROR, ""),
    Case("a client_id that is said twice", doubled("client_id"), PARSING_ERROR, ""),
    Case("half of a surrogate pair in the purpose", lambda there: Shown(raw(there, '{"a":"\\ud800"}')), PARSING_ERROR, ""),
    Case("a token of four segments", lambda there: Shown(changed(there) + ".e30"), PARSING_ERROR, ""),
    Case("a request that nobody signed, with alg none", headed(alg="none"), CRYPTOGRAPHIC_SECURITY_ERROR, "/alg"),
    Case("a request signed with a secret that all know", headed(alg="HS256"), CRYPTOGRAPHIC_SECURITY_ERROR, "/alg"),
    Case("an access token that goes for a request", headed(typ="at+jwt"), PARSING_ERROR, "/typ"),
    Case("a credential that goes for a request", headed(typ="vc+jwt"), PARSING_ERROR, "/typ"),
    Case("a header without a type", headed(typ=None), PARSING_ERROR, "/typ"),
    Case("an extension that must be understood", headed(crit=["exp"]), CRYPTOGRAPHIC_SECURITY_ERROR, "/crit"),
    Case("a kid that is no DID URL", headed(kid="key-1"), INVALID_VERIFICATION_METHOD_URL, ""),
    Case(
        "a key of the same DID that it does not have",
        lambda there: Shown(changed(there, {"kid": f"{there.bar.did}#other"})),
        INVALID_VERIFICATION_METHOD,
        "",
    ),
    Case("the name of the bar under a thief's key", stolen_key, CRYPTOGRAPHIC_SECURITY_ERROR, ""),
    Case("a request of the bar, signed by a customer", other_key, INVALID_VERIFICATION_METHOD, "/client_id"),
    # who asks
    Case("a certificate's name for a client", says(client_id="x509_san_dns:bar.example"), UNDECIDABLE, "/client_id"),
    Case(
        "a certificate's hash for a client",
        says(client_id="x509_hash:Uvo3HtuIxuhC92rShpgqcT3YXwrqRxWEviRiA0OZszk"),
        UNDECIDABLE,
        "/client_id",
    ),
    Case("a client that somebody attests", says(client_id="verifier_attestation:bar.example"), UNDECIDABLE, "/client_id"),
    Case("a client of a federation", says(client_id="openid_federation:https://bar.example"), UNDECIDABLE, "/client_id"),
    Case("a client registered nowhere", says(client_id="bar"), UNDECIDABLE, "/client_id"),
    Case("a prefix that nobody knows", says(client_id="trust_me:did:key:z6Mk"), UNDECIDABLE, "/client_id"),
    Case("an origin for a client", says(client_id="origin:https://bar.example"), MALFORMED_VALUE_ERROR, "/client_id"),
    Case("a URL for a client that signs", says(client_id=f"redirect_uri:{ANSWERS}"), MALFORMED_VALUE_ERROR, "/client_id"),
    Case("a client that is no DID", says(client_id="decentralized_identifier:did:key"), MALFORMED_VALUE_ERROR, "/client_id"),
    Case("nobody asks", says(absent="client_id"), MALFORMED_VALUE_ERROR, "/client_id"),
    Case("a request for another wallet", says(aud="https://other.example/wallet"), MALFORMED_VALUE_ERROR, "/aud"),
    # when
    Case("a request of yesterday", turned(DAY), RANGE_ERROR, "/exp"),
    Case("a request of tomorrow", turned(-DAY), RANGE_ERROR, "/iat"),
    Case("a request that says it begins later", says(nbf=2_000_000_000), RANGE_ERROR, "/nbf"),
    Case("a request that never ends", says(absent="exp"), MALFORMED_VALUE_ERROR, "/exp"),
    Case("an end beyond all time", says(exp=1e300), MALFORMED_VALUE_ERROR, "/exp"),
    # what is asked
    Case("an answer that is a code", says(response_type="code"), MALFORMED_VALUE_ERROR, "/response_type"),
    Case("a nonce with a line break", says(nonce="a\nb"), MALFORMED_VALUE_ERROR, "/nonce"),
    Case("no nonce", says(absent="nonce"), MALFORMED_VALUE_ERROR, "/nonce"),
    Case("a nonce as long as a book", says(nonce="a" * 513), MALFORMED_VALUE_ERROR, "/nonce"),
    Case("a state with markup", says(state="<script>"), MALFORMED_VALUE_ERROR, "/state"),
    Case("a scope beside the query", says(scope="openid"), MALFORMED_VALUE_ERROR, "/dcql_query"),
    Case("two queries", lambda there: Shown(raw(there, serialize(good(there))[:-1] + ',"dcql_query":{}}')), PARSING_ERROR, ""),
    Case("a query of an older draft", says(absent="dcql_query", presentation_definition={}), MALFORMED_VALUE_ERROR, "/dcql_query"),
    Case("a query for nothing", says(dcql_query={"credentials": []}), MALFORMED_VALUE_ERROR, "/dcql_query/credentials"),
    Case("no terms", says(absent="verifier_info"), TERMS_MISSING, "/verifier_info"),
    Case(
        "formats that no wallet here has",
        says(client_metadata={"vp_formats_supported": {"mso_mdoc": {}}}),
        UNDECIDABLE,
        "/client_metadata/vp_formats_supported",
    ),
    Case("transaction data that is no array", says(transaction_data="e30"), INVALID_TRANSACTION_DATA, "/transaction_data"),
    Case("transaction data without a type", says(transaction_data=["e30"]), INVALID_TRANSACTION_DATA, "/transaction_data/0/type"),
    Case("transaction data that is not encoded", says(transaction_data=["{}"]), INVALID_TRANSACTION_DATA, "/transaction_data/0"),
    Case(
        "transaction data about a credential that nobody asks for",
        says(transaction_data=[entry(type="payment", credential_ids=["other"])]),
        INVALID_TRANSACTION_DATA,
        "/transaction_data/0/credential_ids",
    ),
    Case(
        "a payment that the wallet does not understand",
        says(transaction_data=[entry(type="payment", credential_ids=["vc-sd-jwt"], amount="10")]),
        UNDECIDABLE,
        "/transaction_data/0/type",
    ),
    # where the answer goes
    Case("an answer in the fragment of a page", says(response_mode="fragment"), UNDECIDABLE, "/response_mode"),
    Case("a program for a place to answer", says(response_uri="javascript:alert(1)"), MALFORMED_VALUE_ERROR, "/response_uri"),
    Case("an answer in the clear over the street", says(response_uri="http://bar.example/"), MALFORMED_VALUE_ERROR, "/response_uri"),
    Case("a file for a place to answer", says(response_uri="file:///etc/passwd"), MALFORMED_VALUE_ERROR, "/response_uri"),
    Case("a user in the place to answer", says(response_uri="https://bar.example@thief.example/"), MALFORMED_VALUE_ERROR, "/response_uri"),
    Case("no place to answer", says(absent="response_uri"), MALFORMED_VALUE_ERROR, "/response_uri"),
    Case("a redirect beside the place to answer", says(redirect_uri="https://thief.example/"), MALFORMED_VALUE_ERROR, "/response_uri"),
    Case("an encrypted answer without a key", says(response_mode="direct_post.jwt"), MALFORMED_VALUE_ERROR, "/client_metadata/jwks"),
    Case(
        "an encrypted answer to a key that agrees with all on the same",
        says(response_mode="direct_post.jwt", client_metadata={"jwks": {"keys": [SMALL]}}),
        INVALID_VERIFICATION_METHOD,
        "/client_metadata/jwks/keys/0/x",
    ),
    Case(
        "an encrypted answer to a point off its curve",
        says(response_mode="direct_post.jwt", client_metadata={"jwks": {"keys": [CURVE]}}),
        INVALID_VERIFICATION_METHOD,
        "/client_metadata/jwks/keys/0",
    ),
    Case(
        "an encrypted answer to a private key, for all to read",
        says(response_mode="direct_post.jwt", client_metadata={"jwks": {"keys": [{**KEYS["keys"][0], "d": "AA"}]}}),
        INVALID_VERIFICATION_METHOD,
        "/client_metadata/jwks/keys/0",
    ),
    Case(
        "an answer encrypted in a way that was broken",
        says(response_mode="direct_post.jwt", client_metadata={"jwks": KEYS, "encrypted_response_enc_values_supported": ["A128CBC-HS256"]}),
        UNDECIDABLE,
        "/client_metadata/encrypted_response_enc_values_supported",
    ),
    # in a URI
    Case("a link to another program", lambda _: Shown("javascript:alert(1)"), MALFORMED_VALUE_ERROR, ""),
    Case("a link with a letter that looks like another", lambda _: Shown("openid4vp://?client_id=b\u0430r"), PARSING_ERROR, ""),
    Case("a link in the clear", lambda _: Shown("http://wallet.example/?client_id=x"), MALFORMED_VALUE_ERROR, ""),
    Case("a link with a fragment", lambda _: Shown("openid4vp://?client_id=x#y"), MALFORMED_VALUE_ERROR, ""),
    Case("a link that is too long", lambda _: Shown("openid4vp://?client_id=" + "x" * 65536), LIMIT_EXCEEDED, ""),
    Case("a link with a thousand parameters", lambda _: Shown("openid4vp://?" + "a=1&" * 1000), LIMIT_EXCEEDED, ""),
    Case("a link that names the client twice", lambda _: Shown("openid4vp://?client_id=x&client_id=y"), PARSING_ERROR, ""),
    Case("a link that names no client", lambda _: Shown("openid4vp://?request=x"), MALFORMED_VALUE_ERROR, "/client_id"),
    Case("a link that holds a request and leads to one", link(request="a.b.c", request_uri=ORIGIN), MALFORMED_VALUE_ERROR, "/request_uri"),
    Case("a link to a file", link(request_uri="file:///etc/passwd"), MALFORMED_VALUE_ERROR, "/request_uri"),
    Case(
        "a link to be asked in another way",
        link(request_uri=ORIGIN, request_uri_method="put"),
        MALFORMED_VALUE_ERROR,
        "/request_uri_method",
    ),
    Case("a way to ask, and nowhere to ask", link(request_uri_method="post"), MALFORMED_VALUE_ERROR, "/request_uri_method"),
    Case("a link to where nothing may be fetched", link(request_uri=ORIGIN), RETRIEVAL_REFUSED, ""),
    Case("a link to the request of another business", fetched_for_another, MALFORMED_VALUE_ERROR, "/client_id"),
    Case("an old request where a new one was asked for", old_when_posted, MALFORMED_VALUE_ERROR, "/wallet_nonce"),
    # that nobody signed
    Case("a request that nobody signed", lambda there: unsigned(there)._replace(unsigned=False), UNSIGNED_REQUEST, ""),
    Case("a DID that did not sign", lambda there: unsigned(there, client_id=client_id(there)), MALFORMED_VALUE_ERROR, "/client_id"),
    Case(
        "an answer to elsewhere than the client",
        lambda there: unsigned(there, response_uri="https://thief.example/"),
        MALFORMED_VALUE_ERROR,
        "/response_uri",
    ),
    Case("an unsigned request of yesterday", lambda there: unsigned(there, exp=1_700_000_000), RANGE_ERROR, "/exp"),
    Case("a query in a link that is no JSON", lambda there: unsigned(there, dcql_query="{"), PARSING_ERROR, "/dcql_query"),
    # over the Digital Credentials API
    Case("a page that the platform does not name", lambda there: page(there, None), UNDECIDABLE, ""),
    Case("a request for another page", lambda there: page(there, "https://thief.example"), MALFORMED_VALUE_ERROR, "/expected_origins"),
    Case(
        "a page that begins like the one expected",
        lambda there: page(there, ORIGIN + ".thief.example"),
        MALFORMED_VALUE_ERROR,
        "/expected_origins",
    ),
    Case("a request for no page", lambda there: page(there, absent="expected_origins"), MALFORMED_VALUE_ERROR, "/expected_origins"),
    Case("a request for any page", lambda there: page(there, expected_origins="*"), MALFORMED_VALUE_ERROR, "/expected_origins"),
    Case("a posted answer over the page", lambda there: page(there, response_mode="direct_post"), UNDECIDABLE, "/response_mode"),
    Case("a page's request without the page", lambda there: Shown(changed(there, response_mode="dc_api")), UNDECIDABLE, "/response_mode"),
    Case("a protocol of another house", lambda _: api("org-iso-mdoc", {}), UNDECIDABLE, "/protocol"),
    Case("a page's request without data", lambda _: api(UNSIGNED_API, "x"), MALFORMED_VALUE_ERROR, "/data"),
    Case(
        "a page's signed request that is no text",
        lambda _: api("openid4vp-v1-signed", {"request": {}}),
        MALFORMED_VALUE_ERROR,
        "/data/request",
    ),
    Case("a page's request that nobody signed", lambda _: api(UNSIGNED_API, {})._replace(unsigned=False), UNSIGNED_REQUEST, ""),
    Case(
        "a request without any signature",
        lambda _: api("openid4vp-v1-multisigned", {"request": {"payload": "e30", "signatures": []}}),
        MALFORMED_VALUE_ERROR,
        "/data/request",
    ),
    Case(
        "many signatures, none of a DID",
        lambda there: multisigned(there, client_id="x509_hash:abc"),
        UNDECIDABLE,
        "/data/request/signatures",
    ),
    Case(
        "a signature in the name of another DID",
        lambda there: multisigned(there, client_id=f"decentralized_identifier:{there.holder}"),
        INVALID_VERIFICATION_METHOD,
        "/client_id",
    ),
    Case("a signature that is no text", lambda _: signed_by({"protected": {}, "signature": ""}), MALFORMED_VALUE_ERROR, SIGNATURE),
    Case("a signature that is nothing", lambda _: signed_by(None), MALFORMED_VALUE_ERROR, SIGNATURE),
    Case("a signature under no header", lambda _: signed_by({"protected": "=", "signature": ""}), PARSING_ERROR, f"{SIGNATURE}/protected"),
    Case("a link over the page", lambda _: Shown("openid4vp://?client_id=x", ORIGIN), MALFORMED_VALUE_ERROR, ""),
]


@pytest.mark.parametrize("case", CASES, ids=[case.story.replace(" ", "-") for case in CASES])
def test_a_hostile_request_is_refused(case: Case) -> None:
    there = town()
    shown = case.attack(there)
    wallet = there.world.wallet(unsigned="allow") if shown.unsigned else there.ada
    with pytest.raises(SaysoError) as refused:
        wallet.plan(shown.request, origin=shown.origin, fetched=shown.fetched)
    assert [(problem.kind.url, problem.pointer) for problem in refused.value.problems] == [(case.kind.url, case.pointer)]


def test_there_are_enough_and_each_has_its_story() -> None:
    assert len({case.story for case in CASES}) == len(CASES) >= 60


def test_what_is_not_changed_is_no_attack() -> None:
    """Every attack above starts from a request that would be answered."""
    there = town()
    free = there.world.wallet(unsigned="allow")
    for shown in (Shown(changed(there)), unsigned(there), page(there), multisigned(there, client_id=client_id(there))):
        assert not free.plan(shown.request, origin=shown.origin).answerable  # an empty wallet: it was read to its end
    assert there.ada.plan(changed(there)).answerable
