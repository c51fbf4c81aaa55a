"""Find the key of an issuer in X.509 certificates that lead to one that the caller trusts.

The library cryptography, which comes with the extra `sayso[openid]` and is loaded on first use, builds the chain and checks it. The key
that is found is Ed25519, or on P-256, P-384 or P-521, and is read by the strict rules that hold for it elsewhere. Whether a certificate was
revoked is not asked.

Source: RFC 7515, section 4.1.6 (x5c); RFC 5280, section 6.1; SD-JWT VC draft 19, section 2.5 (SV-7).
"""

import re
from binascii import a2b_base64, b2a_base64
from collections.abc import Iterable
from datetime import UTC, datetime
from importlib import import_module
from typing import TYPE_CHECKING, NamedTuple

from sayso.errors import INVALID_VERIFICATION_METHOD, LIMIT_EXCEEDED, UNDECIDABLE, SaysoError
from sayso.jsonvalue import Json
from sayso.keys import ecdsa, ed25519
from sayso.keys.ecdsa import CURVES
from sayso.keys.verification_key import VerificationKey

if TYPE_CHECKING:
    from cryptography.x509 import Certificate, GeneralName, KeyUsage, NameConstraints
    from cryptography.x509.verification import Policy, PolicyBuilder

MAX_CERTIFICATES = 8
"""The most certificates that a header may bring."""

MAX_CERTIFICATE_BYTES = 16 * 1024
"""The longest certificate that is read."""

_PEM = b"-----BEGIN CERTIFICATE-----"
# RFC 4648, section 4, with its padding: not base64url.
_BASE64 = re.compile(r"(?:[A-Za-z0-9+/]{4})*(?:[A-Za-z0-9+/]{2}==|[A-Za-z0-9+/]{3}=)?")
_CURVES = {"secp256r1": CURVES["P-256"], "secp384r1": CURVES["P-384"], "secp521r1": CURVES["P-521"]}


class Anchors(NamedTuple):
    """Hold the certificates that a caller trusts."""

    certificates: tuple["Certificate", ...] = ()


def _check_library() -> None:
    try:
        for name in ("cryptography", "cryptography.x509.verification"):
            import_module(name)
    except ModuleNotFoundError:
        raise SaysoError.of(
            UNDECIDABLE, 'certificates need the library cryptography, which comes with an extra: pip install "sayso[openid]"'
        ) from None


def read_anchors(certificates: Iterable[bytes | str]) -> Anchors:
    """Read the certificates that a caller trusts, each as DER or PEM.

    Raises:
        TypeError, ValueError: one is no certificate.
        SaysoError: UNDECIDABLE, without the library cryptography.
    """
    _check_library()
    from cryptography import x509

    found: list[Certificate] = []
    for certificate in certificates:
        if not isinstance(certificate, bytes | str):  # pyright: ignore[reportUnnecessaryIsInstance] # callers need not have a type checker
            msg = f"a trust anchor is a certificate as bytes or text, not a {type(certificate).__name__}"
            raise TypeError(msg)
        data = certificate.encode() if isinstance(certificate, str) else certificate
        try:
            found.append((x509.load_pem_x509_certificate if _PEM in data else x509.load_der_x509_certificate)(data))
        except (ValueError, x509.InvalidVersion):
            msg = "a trust anchor is no X.509 certificate"
            raise ValueError(msg) from None
    return Anchors(tuple(found))


def certified_key(chain: Json, anchors: Anchors, at: datetime, url: str, host: str) -> VerificationKey:
    """Find the key of the first certificate of a header, if the others lead from it to a trusted one, and it names the issuer.

    Args:
        chain: the value of `x5c`.
        anchors: the certificates that are trusted.
        at: the instant at which all of them must be valid.
        url: the issuer, which a URI of its alternative names may be.
        host: the host of that URL, which a DNS name among them may be; a wildcard is none.

    Source: RFC 7515, section 4.1.6; SD-JWT VC draft 19, section 2.5 (SV-7).

    Raises:
        SaysoError: INVALID_VERIFICATION_METHOD, LIMIT_EXCEEDED; UNDECIDABLE for a key of a kind that is not read here, and without the
            library.
    """
    _check_library()
    from cryptography import x509
    from cryptography.exceptions import UnsupportedAlgorithm
    from cryptography.utils import CryptographyDeprecationWarning
    from cryptography.x509.verification import Store, VerificationError

    contents = _contents(chain)
    unreadable = (
        ValueError,
        TypeError,
        UnsupportedAlgorithm,
        x509.InvalidVersion,
        x509.DuplicateExtension,
        x509.UnsupportedGeneralNameType,
        CryptographyDeprecationWarning,  # of serial numbers below 1, where callers have made errors of warnings
    )
    try:
        leaf, *others = map(_read, contents)
        verifier = _rules().store(Store([*anchors.certificates])).time(at.astimezone(UTC).replace(tzinfo=None)).build_client_verifier()
        verified = verifier.verify(leaf, others)
        # Those of the leaf are none: the library lets authorities alone have them (RFC 5280, section 4.2.1.10).
        names, limits = verified.subjects or (), _name_constraints(verified.chain)
    except VerificationError:
        # Its own message can quote the certificate.
        raise SaysoError.of(INVALID_VERIFICATION_METHOD, "the certificates do not lead to one that is trusted", "x5c") from None
    except unreadable:
        raise SaysoError.of(INVALID_VERIFICATION_METHOD, "x5c holds what is no certificate that can be read", "x5c") from None
    if not any(_is_named(name, url, host, limits) for name in names):
        raise SaysoError.of(INVALID_VERIFICATION_METHOD, "the certificate is not that of the issuer", "x5c")
    return _key(leaf)


def _contents(chain: Json) -> list[bytes]:
    if not isinstance(chain, list) or not chain:
        raise SaysoError.of(INVALID_VERIFICATION_METHOD, "x5c is an array of certificates", "x5c")
    if len(chain) > MAX_CERTIFICATES:
        raise SaysoError.of(LIMIT_EXCEEDED, f"x5c holds more than {MAX_CERTIFICATES} certificates", "x5c")
    return [_decoded(text, number) for number, text in enumerate(chain)]


def _decoded(text: Json, number: int) -> bytes:
    if not isinstance(text, str) or not _BASE64.fullmatch(text):
        raise SaysoError.of(INVALID_VERIFICATION_METHOD, "a certificate in x5c is DER in base64", "x5c", number)
    content = a2b_base64(text)
    if len(content) > MAX_CERTIFICATE_BYTES:
        raise SaysoError.of(LIMIT_EXCEEDED, f"a certificate is longer than {MAX_CERTIFICATE_BYTES} bytes", "x5c", number)
    if b2a_base64(content, newline=False).decode() != text:  # bits behind the last byte
        raise SaysoError.of(INVALID_VERIFICATION_METHOD, "a certificate in x5c is DER in base64", "x5c", number)
    return content


def _read(content: bytes) -> "Certificate":
    from cryptography import x509

    certificate = x509.load_der_x509_certificate(content)
    # RFC 5280, section 4.1.1.3: the signature is a BIT STRING. It has whole bytes; the library would also take it with unused bits.
    if not content.endswith(b"\0" + certificate.signature):
        msg = "a signature has no unused bits"
        raise ValueError(msg)
    return certificate


def _rules() -> "PolicyBuilder":
    """Ask of a chain what the web asks of one, and of its first certificate that its key may sign.

    What else they are for (extended key usage) is not looked at, in none of them: no purpose is registered for credentials.
    """
    from cryptography import x509
    from cryptography.x509.verification import Criticality, ExtensionPolicy, PolicyBuilder, VerificationError

    def may_sign(_: "Policy", __: "Certificate", usage: "KeyUsage | None") -> None:
        # RFC 5280, section 4.2.1.3
        if usage is not None and (not usage.digital_signature or usage.key_cert_sign):
            raise VerificationError

    leaf = (
        ExtensionPolicy.webpki_defaults_ee()
        .may_be_present(x509.ExtendedKeyUsage, Criticality.AGNOSTIC, None)
        .may_be_present(x509.KeyUsage, Criticality.AGNOSTIC, may_sign)
    )
    authority = ExtensionPolicy.webpki_defaults_ca().may_be_present(x509.ExtendedKeyUsage, Criticality.AGNOSTIC, None)
    return PolicyBuilder().max_chain_depth(MAX_CERTIFICATES).extension_policies(ca_policy=authority, ee_policy=leaf)


def _name_constraints(chain: Iterable["Certificate"]) -> list["NameConstraints"]:
    from cryptography import x509

    extensions = (extension.value for certificate in chain for extension in certificate.extensions)
    return [value for value in extensions if isinstance(value, x509.NameConstraints)]


def _is_named(name: "GeneralName", url: str, host: str, limits: list["NameConstraints"]) -> bool:
    from cryptography import x509

    # RFC 5280, section 4.2.1.10: constraints leave free the kinds of names that they do not speak of, and the library holds no URI to
    # any. Here an authority that is held to some names does not speak for issuers under another kind of name.
    if isinstance(name, x509.UniformResourceIdentifier):
        return name.value == url and not limits
    return isinstance(name, x509.DNSName) and name.value.lower() == host and all(map(_speak_of_hosts, limits))


def _speak_of_hosts(limits: "NameConstraints") -> bool:
    from cryptography import x509

    return any(isinstance(name, x509.DNSName) for name in (*(limits.permitted_subtrees or ()), *(limits.excluded_subtrees or ())))


def _key(leaf: "Certificate") -> VerificationKey:
    from cryptography.exceptions import UnsupportedAlgorithm
    from cryptography.hazmat.primitives.asymmetric.ec import EllipticCurvePublicKey
    from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PublicKey

    try:
        key = leaf.public_key()  # which the library reads no sooner
    except UnsupportedAlgorithm:
        raise _unread_kind() from None
    except ValueError:
        raise SaysoError.of(INVALID_VERIFICATION_METHOD, "the key of the certificate is none", "x5c") from None
    if isinstance(key, Ed25519PublicKey):
        return ed25519.parse(key.public_bytes_raw())  # also keys of small order were taken so far
    if not isinstance(key, EllipticCurvePublicKey) or key.curve.name not in _CURVES:
        raise _unread_kind()
    curve = _CURVES[key.curve.name]
    point = key.public_numbers()
    return ecdsa.from_coordinates(curve.name, point.x.to_bytes(curve.size_bytes), point.y.to_bytes(curve.size_bytes))


def _unread_kind() -> SaysoError:
    return SaysoError.of(UNDECIDABLE, "the key of the certificate is of a kind that is not read here", "x5c")
