"""ECDSA Cryptosuites 1.0, appendix A: the published keys, and their signatures over the published hashes."""

import json
from pathlib import Path

import pytest

from sayso.encodings import multibase
from sayso.keys import multikey
from sayso.keys.ecdsa import CurveName, EcdsaKey
from sayso.keys.ecdsa_signer import EcdsaSigner
from tests.support import shared

FILES: dict[CurveName, tuple[str, bytes]] = {"P-256": ("p256KeyPair.json", b"\x86\x26"), "P-384": ("p384KeyPair.json", b"\x87\x26")}
FOLDERS = ["ecdsa-jcs-2019-p256", "ecdsa-jcs-2019-p384", "ecdsa-rdfc-2019-p256", "ecdsa-rdfc-2019-p384"]


def _published(*parts: str) -> Path:
    return shared("vectors", "data-integrity", "ecdsa", *parts)


def _signer(curve: CurveName) -> EcdsaSigner:
    name, header = FILES[curve]
    pair = json.loads(_published(name).read_bytes())
    secret = multibase.decode_base58btc(pair["secretKeyMultibase"])
    assert secret.startswith(header)
    signer = EcdsaSigner(curve, secret.removeprefix(header))
    assert multikey.encode_any(signer.public_key) == pair["publicKeyMultibase"]
    return signer


@pytest.mark.parametrize("curve", FILES)
def test_the_published_keys(curve: CurveName) -> None:
    """MK-1, MK-2: compressed points behind the header of their curve, and no secret in their place."""
    key = _signer(curve).public_key
    assert multikey.decode_any(multikey.encode_any(key)) == key == EcdsaKey(curve, key.raw)


@pytest.mark.parametrize("folder", FOLDERS)
def test_the_published_signatures(folder: str) -> None:
    """The hash of the proof configuration and of the document, signed as a message: the published bytes come out again (RFC 6979)."""
    signer = _signer("P-256" if folder.endswith("p256") else "P-384")
    found = 0
    for path in sorted(_published(folder).rglob("combinedHash*.txt")):
        message = bytes.fromhex(path.read_text())
        signature = bytes.fromhex(path.with_name(path.name.replace("combinedHash", "sigHex")).read_text())
        text = path.with_name(path.name.replace("combinedHash", "sigBTC58")).read_text().strip()
        assert multibase.decode_base58btc(text) == signature
        assert signer.public_key.verifies(signature, message)
        assert not signer.public_key.verifies(signature, message[:-1])
        assert signer.sign(message) == signature
        found += 1
    assert found == (2 if "rdfc" in folder else 1)
