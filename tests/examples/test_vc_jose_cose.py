"""The commands of a VC-JOSE-COSE client: the published inputs, and what they show."""

import json
from pathlib import Path
from typing import Any

import pytest

from examples.vc_jose_cose.__main__ import main
from examples.vc_jose_cose.issuing import place_of
from sayso.credentials.contexts.bundled import CREDENTIALS_V2
from sayso.encodings import base64url
from sayso.keys import jwk
from sayso.keys.ecdsa_signer import EcdsaSigner
from sayso.keys.signer import SeedSigner
from tests.examples.parties import ADA, NIST, Party
from tests.support import needs_shared, shared

FOLDER = ("vectors", "vc-jose-cose")
KEYS = ("p256", "p384", "p521", "ed25519")
NOW = "2024-12-16T12:00:00+00:00"
CONTROLLER = "https://issuer.example/one"


class Shell:
    """Run the commands in a folder of their own."""

    def __init__(self, folder: Path) -> None:
        self._folder = folder

    def file(self, name: str, value: Any) -> Path:
        path = self._folder / name
        path.write_text(value if isinstance(value, str) else json.dumps(value), encoding="utf-8")
        return path

    def run(self, command: str, source: Path, feature: str, *keys: Path, options: tuple[str, ...] = ()) -> dict[str, Any]:
        """Run a command, and give what it writes."""
        output = self._folder / "output.json"
        named = [word for key in keys for word in ("--key", str(key))]
        code = main([command, "--input", str(source), "--feature", feature, "--output", str(output), *named, *options])
        written: dict[str, Any] = json.loads(output.read_text(encoding="utf-8"))
        assert code == (1 if written["result"] == "error" else 0)
        assert written.keys() == {"result", "data"}
        return written

    def verify(self, source: Path, feature: str, *keys: Path) -> dict[str, Any]:
        return self.run("verify", source, feature, *keys, options=("--now", NOW))


@pytest.fixture
def shell(tmp_path: Path) -> Shell:
    return Shell(tmp_path)


@needs_shared
class TestPublished:
    """The files of the client: each key of theirs is given, for the credentials in presentations have others."""

    def path(self, name: str) -> Path:
        return shared(*FOLDER, name)

    def keys(self) -> list[Path]:
        return [self.path(f"vm-{name}.json") for name in KEYS]

    @pytest.mark.parametrize(
        ("name", "feature"),
        [
            ("credential-jose-minimal", "credential_jose"),
            ("credential-issuer-match-signed", "credential_jose"),
            ("credential-jose-unknown-extensions", "credential_jose"),
            ("credential-sdjwt-selective", "credential_sdjwt"),
            ("credential-sdjwt-nested", "credential_sdjwt"),
            ("presentation-sdjwt-selective", "presentation_sdjwt"),
        ],
    )
    def test_what_holds(self, shell: Shell, name: str, feature: str) -> None:
        written = shell.verify(self.path(f"{name}.txt"), feature, *self.keys())
        assert written["result"] == "success", written
        assert "@context" in written["data"]
        assert "_sd" not in json.dumps(written["data"])
        other = "credential_sdjwt" if feature == "credential_jose" else "credential_jose"
        assert shell.verify(self.path(f"{name}.txt"), other, *self.keys())["result"] == "failure"

    @pytest.mark.parametrize(
        ("name", "feature", "pointer"),
        [
            ("credential-jose-bad-media-type", "credential_jose", "/typ"),
            ("credential-jose-bad-signature", "credential_jose", ""),
            ("credential-jose-vc-vp-claims", "credential_jose", "/vc"),
            ("credential-sdjwt-bad-media-type", "credential_sdjwt", "/typ"),
            ("credential-sdjwt-bad-signature", "credential_sdjwt", ""),
            ("presentation-jose-bad-credential", "presentation_jose", "/verifiableCredential/0/id"),
            ("presentation-jose-bad-media-type", "presentation_jose", "/typ"),
            ("presentation-sdjwt-bad-credential", "presentation_sdjwt", "/typ"),
            ("presentation-sdjwt-bad-media-type", "presentation_sdjwt", "/typ"),
            # VCDM 2.0, section 4.13.1: behind the data: URL of its third credential, which is secured with COSE, stands a line feed.
            ("presentation-jose-multiple", "presentation_jose", "/verifiableCredential/2/id"),
        ],
    )
    def test_what_does_not(self, shell: Shell, name: str, feature: str, pointer: str) -> None:
        written = shell.verify(self.path(f"{name}.txt"), feature, *self.keys())
        assert written["result"] == "failure"
        assert written["data"][0]["pointer"] == pointer

    @pytest.mark.parametrize("name", ["minimal", "minimal-not-base64", "bad-media-type", "bad-signature"])
    def test_cose_is_not_built(self, shell: Shell, name: str) -> None:
        path = self.path(f"credential-cose-{name}.txt")
        assert shell.verify(path, "credential_cose", *self.keys())["result"] == "indeterminate"
        assert shell.verify(path, "presentation_cose", *self.keys())["result"] == "indeterminate"
        assert shell.verify(path, "credential_jose", *self.keys())["result"] == "failure"

    @pytest.mark.parametrize("key", KEYS)
    @pytest.mark.parametrize("name", ["credential-minimal", "credential-full", "credential-selective", "credential-nested-selective"])
    def test_credentials_are_issued(self, shell: Shell, name: str, key: str) -> None:
        document = json.loads(self.path(f"{name}.json").read_text(encoding="utf-8"))
        for feature in ("credential_jose", "credential_sdjwt"):
            issued = shell.run("issue", self.path(f"{name}.json"), feature, self.path(f"vm-{key}.json"))
            assert issued["result"] == "success"
            assert shell.verify(shell.file("issued.txt", issued["data"]), feature, self.path(f"vm-{key}.json")) == {
                "result": "success",
                "data": document,
            }

    @pytest.mark.parametrize(
        ("name", "key", "paths"),
        [
            ("selective", "p384", ["credentialSubject.firstName", "credentialSubject.lastName"]),
            (
                "nested-selective",
                "p521",
                ["credentialSubject.address.street", "credentialSubject.address.city", "credentialSubject.phoneNumbers[0]"],
            ),
        ],
    )
    def test_claims_can_be_kept_back(self, shell: Shell, name: str, key: str, paths: list[str]) -> None:
        source = self.path(f"credential-{name}.json")
        options = ("--sd", json.dumps(paths))
        issued = shell.run("issue", source, "credential_sdjwt", self.path(f"vm-{key}.json"), options=options)
        token, *disclosures, last = issued["data"].split("~")
        assert (len(disclosures), last) == (len(paths), "")
        whole = shell.verify(shell.file("whole.txt", issued["data"]), "credential_sdjwt", self.path(f"vm-{key}.json"))
        assert whole["data"] == json.loads(source.read_text(encoding="utf-8"))
        part = shell.verify(shell.file("part.txt", f"{token}~{disclosures[0]}~"), "credential_sdjwt", self.path(f"vm-{key}.json"))
        assert part["result"] == "success"
        assert part["data"] != whole["data"]

    @pytest.mark.parametrize("name", ["single", "multiple", "selective"])
    def test_presentations_carry_what_is_in_envelopes(self, shell: Shell, name: str) -> None:
        """Also a token that is broken, and one of COSE: who verifies it will say so."""
        source = self.path(f"presentation-{name}.json")
        wanted = [item["id"].strip() for item in json.loads(source.read_text(encoding="utf-8"))["verifiableCredential"]]
        for feature in ("presentation_jose", "presentation_sdjwt"):
            issued = shell.run("issue", source, feature, self.path("vm-p256.json"))
            assert issued["result"] == "success"
            payload = json.loads(base64url.decode(issued["data"].split("~")[0].split(".")[1].encode()))
            assert [item["id"] for item in payload["verifiableCredential"]] == wanted

    def test_a_presentation_of_kept_back_claims(self, shell: Shell) -> None:
        options = ("--sd", '["holder", "verifiableCredential[0]"]')
        source = self.path("presentation-selective.json")
        issued = shell.run("issue", source, "presentation_sdjwt", self.path("vm-p384.json"), options=options)
        assert issued["data"].count("~") == 3
        verified = shell.verify(shell.file("shown.txt", issued["data"]), "presentation_sdjwt", *self.keys())
        assert verified["result"] == "success", verified
        assert verified["data"]["verifiableCredential"][0]["credentialSubject"]["firstName"] == "Jane"

    def test_members_that_nobody_knows_are_not_issued(self, shell: Shell) -> None:
        source = self.path("credential-unknown-extensions.json")
        assert shell.run("issue", source, "credential_jose", self.path("vm-p521.json"))["result"] == "failure"


def key_file(party: Party, **members: Any) -> dict[str, Any]:
    public = jwk.encode_any(party.signer.public_key)
    secret = {"k": base64url.encode(b"")} if members.pop("broken", False) else members.pop("secret", None)
    private = {"secretKeyJwk": secret} if secret is not None else {}
    return {"id": f"{CONTROLLER}#key-1", "type": "JsonWebKey", "controller": CONTROLLER, "publicKeyJwk": public, **private, **members}


ED25519 = key_file(ADA, secret=SeedSigner(b"\1" * 32).export_jwk())
P256 = key_file(NIST, secret={**jwk.encode_any(EcdsaSigner("P-256", b"\3" * 32).public_key), "d": base64url.encode(b"\3" * 32)})


def a_credential(**members: Any) -> dict[str, Any]:
    document = {
        "@context": [CREDENTIALS_V2],
        "type": ["VerifiableCredential"],
        "issuer": CONTROLLER,
        "credentialSubject": {"name": "Ada", "description": "Countess"},
    }
    return document | members


def enveloped(token: str, media_type: str = "application/vc+jwt") -> dict[str, Any]:
    return {"@context": CREDENTIALS_V2, "type": "EnvelopedVerifiableCredential", "id": f"data:{media_type},{token}"}


class TestAuthored:
    """The same without the published files."""

    @pytest.mark.parametrize("key", [ED25519, P256], ids=["Ed25519", "P-256"])
    def test_there_and_back(self, shell: Shell, key: dict[str, Any]) -> None:
        own = shell.file("key.json", key)
        jose = shell.run("issue", shell.file("c.json", a_credential()), "credential_jose", own)["data"]
        header = json.loads(base64url.decode(jose.split(".")[0].encode()))
        assert header == {"alg": "EdDSA" if key is ED25519 else "ES256", "typ": "vc+jwt", "cty": "vc", "kid": f"{CONTROLLER}#key-1"}
        options = ("--sd", '["credentialSubject.name"]')
        sd = shell.run("issue", shell.file("c.json", a_credential()), "credential_sdjwt", own, options=options)["data"]
        items = [enveloped(jose), enveloped(sd, "application/vc+sd-jwt")]
        shown = {
            "@context": [CREDENTIALS_V2],
            "type": "VerifiablePresentation",
            "holder": CONTROLLER,
            "verifiableCredential": items,
        }
        for feature in ("presentation_jose", "presentation_sdjwt"):
            issued = shell.run("issue", shell.file("p.json", shown), feature, own)["data"]
            verified = shell.verify(shell.file("p.txt", issued + "\n"), feature, own)
            assert verified == {"result": "success", "data": {**shown, "verifiableCredential": [a_credential(), a_credential()]}}
            assert shell.verify(shell.file("p.txt", issued[:-6] + "AAAAAA"), feature, own)["result"] == "failure"

    def test_a_key_that_is_not_there_or_anothers(self, shell: Shell) -> None:
        own = shell.file("key.json", P256)
        token = shell.run("issue", shell.file("c.json", a_credential()), "credential_jose", own)["data"]
        source = shell.file("c.txt", token)
        assert shell.verify(source, "credential_jose", own)["result"] == "success"
        other_id = shell.file("other.json", {**P256, "id": f"{CONTROLLER}#key-2"})
        assert shell.verify(source, "credential_jose", other_id)["result"] in ("failure", "indeterminate")
        for members in ({"controller": "https://issuer.example/two"}, {"publicKeyJwk": ED25519["publicKeyJwk"]}):
            assert shell.verify(source, "credential_jose", shell.file("other.json", {**P256, **members}))["result"] == "failure"

    def test_a_presentation_may_have_ended(self, shell: Shell) -> None:
        own = shell.file("key.json", ED25519)
        credential = shell.run("issue", shell.file("c.json", a_credential()), "credential_jose", own)["data"]
        shown = {
            "@context": [CREDENTIALS_V2],
            "type": "VerifiablePresentation",
            "iat": 1734311050,
            "exp": 1734397450,
            "verifiableCredential": [enveloped(credential)],
        }
        source = shell.file("p.txt", shell.run("issue", shell.file("p.json", shown), "presentation_jose", own)["data"])
        assert shell.verify(source, "presentation_jose", own)["result"] == "success"
        assert shell.run("verify", source, "presentation_jose", own)["result"] == "failure"
        at = ("--now", "2024-12-18T00:00:00Z")
        assert shell.run("verify", source, "presentation_jose", own, options=at)["data"][0]["pointer"] == "/exp"

    @pytest.mark.parametrize(
        "document",
        [
            a_credential(vc={}),
            a_credential(vp={}),
            a_credential(shoeSize=38),
            a_credential(issuer=None),
            a_credential(iss="https://issuer.example/two"),
            a_credential(context=[]),
            {},
        ],
    )
    def test_what_is_not_issued(self, shell: Shell, document: dict[str, Any]) -> None:
        own = shell.file("key.json", ED25519)
        for feature in ("credential_jose", "credential_sdjwt"):
            assert shell.run("issue", shell.file("c.json", document), feature, own)["result"] == "failure"

    @pytest.mark.parametrize("item", [a_credential(), a_credential(proof={"type": "DataIntegrityProof"}), "a.b.c", {}, enveloped("")])
    def test_what_is_in_no_envelope(self, shell: Shell, item: Any) -> None:
        """VJ-8"""
        own = shell.file("key.json", ED25519)
        shown = {"@context": [CREDENTIALS_V2], "type": "VerifiablePresentation", "holder": CONTROLLER, "verifiableCredential": [item]}
        for feature in ("presentation_jose", "presentation_sdjwt"):
            assert shell.run("issue", shell.file("p.json", shown), feature, own)["result"] == "failure"
        assert shell.run("issue", shell.file("p.json", {**shown, "verifiableCredential": item}), feature, own)["result"] == "failure"

    @pytest.mark.parametrize(
        ("key", "document", "options"),
        [
            ("{", a_credential(), ()),
            ([], a_credential(), ()),
            ({}, a_credential(), ()),
            (key_file(ADA), a_credential(), ()),  # no private key
            (key_file(ADA, broken=True), a_credential(), ()),
            (key_file(ADA, secret=P256["secretKeyJwk"], id=None), a_credential(), ()),
            (key_file(NIST, secret=ED25519["publicKeyJwk"]), a_credential(), ()),
            (P256, "{", ()),
            (P256, [], ()),
            (P256, a_credential(), ("--sd", "{}")),
            (P256, a_credential(), ("--sd", "[1]")),
            (P256, a_credential(), ("--sd", "[")),
            (P256, a_credential(), ("--sd", '["credentialSubject.age"]')),
            (P256, a_credential(), ("--sd", '["credentialSubject..name"]')),
        ],
    )
    def test_files_that_are_none(self, shell: Shell, key: Any, document: Any, options: tuple[str, ...]) -> None:
        written = shell.run("issue", shell.file("c.json", document), "credential_sdjwt", shell.file("key.json", key), options=options)
        assert written["result"] == "error"

    def test_more_files_that_are_none(self, shell: Shell, tmp_path: Path) -> None:
        own, source = shell.file("key.json", P256), shell.file("c.json", a_credential())
        assert shell.run("issue", tmp_path / "absent", "credential_jose", own)["result"] == "error"
        assert shell.run("issue", source, "credential_jose", tmp_path / "absent")["result"] == "error"
        assert shell.verify(shell.file("c.txt", ""), "credential_jose", own)["result"] == "failure"
        broken = shell.file("broken.json", {**P256, "controller": "nobody"})
        assert shell.verify(shell.file("c.txt", "a.b.c"), "credential_jose", broken)["result"] == "error"
        hidden = ("--sd", '["credentialSubject.name"]')
        assert shell.run("issue", source, "credential_jose", own, options=hidden)["result"] == "error"
        (tmp_path / "binary").write_bytes(b"\xff")
        assert shell.run("issue", tmp_path / "binary", "credential_jose", own)["result"] == "error"
        assert shell.run("issue", source, "credential_jose", own, options=("--sd", "[]"))["result"] == "success"

    def test_what_may_not_be_kept_back(self, shell: Shell) -> None:
        """VJ-7"""
        options = ("--sd", '["type[0]"]')
        own = shell.file("key.json", P256)
        assert shell.run("issue", shell.file("c.json", a_credential()), "credential_sdjwt", own, options=options)["result"] == "failure"


def test_paths() -> None:
    assert place_of("a") == ("a",)
    assert place_of("a.b[0].c[1][2]") == ("a", "b", 0, "c", 1, 2)
    for path in ("", ".", ".a", "a.", "a..b", "a[", "a[x]", "a]", "a[0]b"):
        with pytest.raises(ValueError, match="a path is names"):
            place_of(path)
