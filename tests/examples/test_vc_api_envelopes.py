"""What clients that try the data model send to the VC API besides its documents: envelopes, old presentations, and related resources."""

import hashlib
from base64 import b64encode, urlsafe_b64encode
from collections.abc import Callable
from functools import partial
from typing import Any

import pytest

from sayso.credentials.contexts.bundled import CREDENTIALS_V2, content
from sayso.encodings import multibase
from tests.examples.parties import ADA, NIST, a_credential, a_presentation
from tests.examples.server import Client

VERIFIED = {"verified": True, "problemDetails": []}
DOMAIN, CHALLENGE = "https://verifier.example", "c-1"


def enveloped(token: str, media_type: str, name: str) -> dict[str, Any]:
    return {"@context": CREDENTIALS_V2, "id": f"data:{media_type},{token}", "type": name}


class TestCredentials:
    """VCDM 2.0, section 4.13.1 (DM-21)."""

    @pytest.mark.parametrize("key", ["Ed25519", "P-256", "P-384"])
    def test_out_and_in(self, api: Client, key: str) -> None:
        issued = api.issued(a_credential(), keyType=key, envelope=True)
        assert (issued["@context"], issued["type"]) == (CREDENTIALS_V2, "EnvelopedVerifiableCredential")
        assert issued["id"].startswith("data:application/vc+jwt,")
        assert api.verify(issued) == (200, VERIFIED)

    @pytest.mark.parametrize(
        "members",
        [
            {"@context": []},
            {"@context": None},
            {"@context": "https://www.w3.org/ns/credentials/examples/v2"},
            {"@context": ["https://www.w3.org/ns/credentials/examples/v2"]},
            {"id": None},
            {"id": "data:application/vc+jwt"},
            {"id": "data:,"},
            {"id": "data:application/vc+jwt,a.b.c"},
            {"id": ["data:application/vc+jwt,a.b.c"]},
            {"type": None},
            {"type": "VerifiableCredential"},
            {"type": "EnvelopedVerifiablePresentation"},
            {"type": []},
        ],
    )
    def test_an_envelope_is_whole(self, api: Client, members: dict[str, Any]) -> None:
        issued = api.issued(a_credential(), envelope=True)
        assert api.verify({**issued, **members}).status == 400
        (name,) = members
        del issued[name]
        assert api.verify(issued).status == 400

    def test_what_is_in_it_is_signed(self, api: Client) -> None:
        issued = api.issued(a_credential(), envelope=True)
        prefix, token = issued["id"].split(",")
        header, payload, signature = token.split(".")
        for other in (token[:-4] + "AAAA", f"{header}.{payload}.", f"{header}.{payload}", f"{header}.{header}.{signature}", ""):
            assert api.verify({**issued, "id": f"{prefix},{other}"}).status == 400
        assert api.verify({**issued, "id": token}).status == 400  # the token alone

    def test_what_does_not_conform_is_not_issued_in_one_either(self, api: Client) -> None:
        refused: list[dict[str, Any]] = [{"type": "Card"}, {"credentialSubject": {}}, {"undefinedTerm": 1}, {"issuer": "city"}]
        for members in refused:
            assert api.issue(a_credential(**members), envelope=True).status == 400

    def test_the_claims_vc_and_vp_are_refused(self, api: Client) -> None:
        """VJ-1, also where old presentations are read: this is no old one."""
        document = a_credential(issuer=ADA.did)
        for payload in ({"vc": document}, {"vc": document, "iss": ADA.did}, {**document, "vc": document}, {**document, "vp": {}}):
            for typ in ("vc+jwt", "JWT"):
                sent = enveloped(ADA.token(payload, typ), "application/vc+jwt", "EnvelopedVerifiableCredential")
                assert api.verify(sent).status == 400


class TestPresentations:
    """VCDM 2.0, section 4.13.2 (DM-21)."""

    def shown(self, api: Client, **members: Any) -> dict[str, Any]:
        credentials = [api.issued(a_credential(), envelope=True), api.issued(a_credential(), keyType="P-384", envelope=True)]
        payload = {**a_presentation(*credentials, holder=ADA.did), "aud": DOMAIN, "nonce": CHALLENGE, **members}
        return enveloped(ADA.token(payload, "vp+jwt"), "application/vp+jwt", "EnvelopedVerifiablePresentation")

    def test_it_holds_credentials_in_envelopes(self, api: Client) -> None:
        shown = self.shown(api)
        assert api.verify_presentation(shown, domain=DOMAIN, challenge=CHALLENGE) == (200, VERIFIED)
        assert api.verify_presentation(shown, domain=DOMAIN, challenge="c-2").status == 400
        assert api.verify_presentation(shown, domain="https://other.example", challenge=CHALLENGE).status == 400
        assert api.verify_presentation(shown).status == 400
        assert api.verify(shown).status == 400
        for other in (api.issued(a_credential()), a_credential(issuer=ADA.did)):  # VJ-8, with a proof or by the holder
            answer = api.verify_presentation(self.shown(api, verifiableCredential=[other]), domain=DOMAIN, challenge=CHALLENGE)
            assert [problem["pointer"] for problem in answer.body["problemDetails"]] == ["/verifiableCredential/0"]

    @pytest.mark.parametrize(
        "members",
        [
            {"@context": []},
            {"@context": ["https://www.w3.org/ns/credentials/examples/v2"]},
            {"id": "data:application/vp+jwt"},
            {"type": ["VerifiablePresentation"]},
            {"type": "EnvelopedVerifiableCredential"},
        ],
    )
    def test_an_envelope_is_whole(self, api: Client, members: dict[str, Any]) -> None:
        shown = {**self.shown(api), **members}
        assert api.verify_presentation(shown, domain=DOMAIN, challenge=CHALLENGE).status == 400

    def test_with_a_proof_it_holds_enveloped_credentials_too(self, api: Client) -> None:
        issued = api.issued(a_credential(), envelope=True)
        assert api.verify_presentation(ADA.present(a_presentation(issued, holder=ADA.did))) == (200, VERIFIED)
        for broken in ({**issued, "@context": []}, {**issued, "id": issued["id"][:-4] + "AAAA"}, issued["id"]):
            shown = ADA.present(a_presentation(broken, holder=ADA.did), "eddsa-jcs-2022")
            assert api.verify_presentation(shown).status == 400


def test_an_old_presentation_is_read_where_it_was_asked_for(api: Client, api_with_legacy: Client) -> None:
    """VCDM 2.0 in the claims `vp` and `vc` of JWTs, as one client sends it, with a credential that is signed on P-256."""
    document = a_credential(issuer=NIST.did)
    credential = enveloped(NIST.token({"iss": NIST.did, "vc": document}, "JWT"), "application/jwt", "EnvelopedVerifiableCredential")
    claims = {"iss": ADA.did, "aud": DOMAIN, "nonce": CHALLENGE, "vp": a_presentation(credential, holder=ADA.did)}

    def status(client: Client, claims: dict[str, Any], challenge: str = CHALLENGE) -> int:
        sent = enveloped(ADA.token(claims, "JWT"), "application/jwt", "EnvelopedVerifiablePresentation")
        return client.verify_presentation(sent, domain=DOMAIN, challenge=challenge).status

    assert status(api_with_legacy, claims) == 200
    assert status(api, claims) == 400
    assert status(api_with_legacy, claims, "c-2") == 400
    assert status(api_with_legacy, {**claims, "iss": NIST.did}) == 400
    assert status(api_with_legacy, {**claims, "vp": a_presentation({**credential, "id": credential["id"][:-4] + "AAAA"})}) == 400
    assert api_with_legacy.verify(credential).status == 200
    assert api.verify(credential).status == 400


def sri(name: str, data: bytes) -> str:
    return f"{name}-{b64encode(hashlib.new(name, data).digest()).decode()}"


def multihash(data: bytes, code: bytes = b"\x12\x20") -> bytes:
    return code + (hashlib.sha256 if code == b"\x12\x20" else hashlib.sha384)(data).digest()


def base64url(data: bytes) -> str:
    return "u" + urlsafe_b64encode(data).decode().rstrip("=")


NOTATIONS: dict[str, tuple[str, Callable[[bytes], str]]] = {
    "sha256": ("digestSRI", partial(sri, "sha256")),
    "sha384": ("digestSRI", partial(sri, "sha384")),
    "sha512": ("digestSRI", partial(sri, "sha512")),
    "multihash in base64url": ("digestMultibase", lambda data: base64url(multihash(data))),
    "multihash in base58btc": ("digestMultibase", lambda data: multibase.encode_base58btc(multihash(data))),
    "multihash of SHA-384": ("digestMultibase", lambda data: base64url(multihash(data, b"\x20\x30"))),
}


class TestRelatedResources:
    """VCDM 2.0, section 5.3 (DM-13): the base context, which everybody has."""

    CONTENT = content(CREDENTIALS_V2)

    def issue(self, api: Client, *resources: Any) -> int:
        return api.issue(a_credential(relatedResource=[*resources])).status

    @pytest.mark.parametrize("notation", NOTATIONS)
    def test_the_right_digest_and_a_wrong_one(self, api: Client, notation: str) -> None:
        member, digest = NOTATIONS[notation]
        right: dict[str, Any] = {"id": CREDENTIALS_V2, "mediaType": "application/ld+json", member: digest(self.CONTENT)}
        issued = api.issued(a_credential(relatedResource=right))
        assert api.verify(issued) == (200, VERIFIED)
        wrong = {**right, member: digest(self.CONTENT + b" ")}
        assert self.issue(api, wrong) == 400
        assert api.verify(ADA.sign(a_credential(issuer=ADA.did, relatedResource=wrong))).status == 400

    def test_the_published_ones(self, api: Client) -> None:
        published = {
            "digestSRI": "sha384-l/HrjlBCNWyAX91hr6LFV2Y3heB5Tcr6IeE4/Tje8YyzYBM8IhqjHWiWpr8+ZbYU",
            "digestMultibase": "uEiBZlVztZpfWHgPyslVv6-UwirFoQoRvW1htfx963sknNA",
        }
        assert self.issue(api, {"id": CREDENTIALS_V2, **published}) == 201

    def test_a_digest_without_the_name_of_its_hash_is_not_decided(self, api: Client) -> None:
        """MH-3: `digestMultibase` is a multihash, and these are 32 bytes that could be anything's."""
        bare = base64url(hashlib.sha256(self.CONTENT).digest())
        answer = api.issue(a_credential(relatedResource={"id": CREDENTIALS_V2, "digestMultibase": bare}))
        assert answer.status == 400
        assert answer.body["problemDetails"][0]["pointer"] == "/relatedResource/digestMultibase"

    @pytest.mark.parametrize(
        "resource",
        [
            CREDENTIALS_V2,
            1,
            None,
            [],
            {},
            {"digestSRI": sri("sha384", content(CREDENTIALS_V2))},
            {"id": CREDENTIALS_V2},
            {"id": "resource", "digestSRI": sri("sha384", content(CREDENTIALS_V2))},
            {"id": CREDENTIALS_V2, "digestSRI": "sha384-"},
            {"id": CREDENTIALS_V2, "digestSRI": sri("sha1", content(CREDENTIALS_V2))},
            {"id": CREDENTIALS_V2, "digestMultibase": "u"},
            {"id": CREDENTIALS_V2, "digestMultibase": 1},
        ],
    )
    def test_what_is_none(self, api: Client, resource: Any) -> None:
        assert self.issue(api, resource) == 400

    def test_each_stands_there_once(self, api: Client) -> None:
        one = {"id": CREDENTIALS_V2, "digestSRI": sri("sha384", self.CONTENT)}
        other = {"id": "https://example.com/image", "digestSRI": sri("sha384", b"")}
        assert self.issue(api, one, other) == 201
        assert self.issue(api, one, one) == 400
