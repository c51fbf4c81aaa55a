"""Be an authority that certifies keys: real certificates, also those that no honest authority would make."""

import base64
from datetime import datetime, timedelta
from typing import Any, NamedTuple, Protocol, Self

from cryptography import x509
from cryptography.hazmat.primitives import hashes
from cryptography.hazmat.primitives.asymmetric import ec, ed25519, rsa
from cryptography.hazmat.primitives.serialization import Encoding
from cryptography.x509.oid import ExtendedKeyUsageOID, NameOID

from tests.unit.proofs.tokens import AT

Private = ec.EllipticCurvePrivateKey | ed25519.Ed25519PrivateKey | rsa.RSAPrivateKey
Public = ec.EllipticCurvePublicKey | ed25519.Ed25519PublicKey | rsa.RSAPublicKey


class Certified(Protocol):
    """Be a private key that is certified and need not sign."""

    def public_key(self) -> Public: ...


ISSUER = "https://city.example/tenant/1"
HOST = "city.example"


def private_key(number: int, curve: ec.EllipticCurve | None = None) -> ec.EllipticCurvePrivateKey:
    """Give a private key that is the same in every run."""
    return ec.derive_private_key(number, curve or ec.SECP256R1())


class Made(NamedTuple):
    """Hold a certificate and its private key."""

    certificate: x509.Certificate
    key: Certified

    @property
    def der(self) -> bytes:
        return self.certificate.public_bytes(Encoding.DER)

    @property
    def pem(self) -> bytes:
        return self.certificate.public_bytes(Encoding.PEM)

    @property
    def text(self) -> str:
        """The certificate as `x5c` has it."""
        return base64.b64encode(self.der).decode()

    def certifies(self, name: str, key: Certified, **options: Any) -> Self:
        """Certify a key under this one."""
        return type(self)(_certificate(name, key, self, **options), key)

    def certifies_bytes(self, like: Self, old: bytes, new: bytes) -> str:
        """Sign a certificate as `like`, with other bytes in it of the same number, and give it as `x5c` has it."""
        assert len(old) == len(new)
        assert old in like.certificate.tbs_certificate_bytes
        assert isinstance(self.key, ec.EllipticCurvePrivateKey)
        content = like.certificate.tbs_certificate_bytes.replace(old, new)
        algorithm = bytes.fromhex("300a06082a8648ce3d040302")  # ecdsa-with-SHA256
        signature = self.key.sign(content, ec.ECDSA(hashes.SHA256()))
        inside = content + algorithm + bytes([3, len(signature) + 1, 0]) + signature
        return base64.b64encode(b"\x30\x82" + len(inside).to_bytes(2) + inside).decode()


def root(name: str = "Root", number: int = 1, **options: Any) -> Made:
    """Make a certificate that nobody certified."""
    key = private_key(number)
    return Made(_certificate(name, key, None, authority=True, **options), key)


def usage(**flags: bool) -> x509.KeyUsage:
    """Say what a key is for."""
    names = (
        "digital_signature",
        "content_commitment",
        "key_encipherment",
        "data_encipherment",
        "key_agreement",
        "key_cert_sign",
        "crl_sign",
        "encipher_only",
        "decipher_only",
    )
    return x509.KeyUsage(**{name: flags.get(name, False) for name in names})


def _certificate(
    name: str,
    key: Certified,
    above: Made | None,
    *,
    authority: bool = False,
    depth: int | None = None,
    names: tuple[x509.GeneralName, ...] = (x509.UniformResourceIdentifier(ISSUER),),
    begins: datetime = AT - timedelta(days=1),
    ends: datetime = AT + timedelta(days=1),
    key_usage: x509.KeyUsage | None = None,
    says_usage: bool = True,
    extended: x509.ObjectIdentifier | None = ExtendedKeyUsageOID.CODE_SIGNING,
    authority_for: x509.ObjectIdentifier | None = None,
    others: tuple[tuple[x509.ExtensionType, bool], ...] = (),
) -> x509.Certificate:
    by = above.key if above else key
    assert isinstance(by, Private)
    # The name of the issuer is known to be that of the certificate above, which need not be its subject's here.
    subject = x509.Name([x509.NameAttribute(NameOID.COMMON_NAME, name)])
    builder = (
        x509.CertificateBuilder()
        .subject_name(subject)
        .issuer_name(above.certificate.subject if above else subject)
        .public_key(key.public_key())
        .serial_number(1 + sum(name.encode()))
        .not_valid_before(begins)
        .not_valid_after(ends)
        .add_extension(x509.AuthorityKeyIdentifier.from_issuer_public_key(by.public_key()), critical=False)
        .add_extension(x509.SubjectKeyIdentifier.from_public_key(key.public_key()), critical=False)
        .add_extension(x509.BasicConstraints(ca=authority, path_length=depth), critical=True)
    )
    if says_usage:
        builder = builder.add_extension(
            key_usage or (usage(key_cert_sign=True) if authority else usage(digital_signature=True)), critical=True
        )
    if names and not authority:
        builder = builder.add_extension(x509.SubjectAlternativeName(names), critical=False)
    if purpose := authority_for if authority else extended:
        builder = builder.add_extension(x509.ExtendedKeyUsage([purpose]), critical=False)
    for extension, critical in others:
        builder = builder.add_extension(extension, critical=critical)
    return builder.sign(by, None if isinstance(by, ed25519.Ed25519PrivateKey) else hashes.SHA256())
