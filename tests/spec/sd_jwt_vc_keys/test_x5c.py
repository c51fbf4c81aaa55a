"""SD-JWT VC draft 19, section 2.5: keys in certificates (SV-7); RFC 7515, section 4.1.6; RFC 5280, section 6.1."""

import base64
import pickle
import sys
import warnings
from datetime import timedelta
from typing import Any

import pytest
from cryptography import x509
from cryptography.hazmat.primitives.asymmetric import ec, ed25519, rsa
from cryptography.hazmat.primitives.serialization import Encoding, PublicFormat
from cryptography.x509.oid import ExtendedKeyUsageOID

from sayso.errors import (
    CRYPTOGRAPHIC_SECURITY_ERROR,
    INVALID_VERIFICATION_METHOD,
    INVALID_VERIFICATION_METHOD_URL,
    LIMIT_EXCEEDED,
    UNDECIDABLE,
    UNTRUSTED_ISSUER,
    ProblemType,
    SaysoError,
)
from sayso.keys.certificates import MAX_CERTIFICATE_BYTES, MAX_CERTIFICATES, certified_key, read_anchors
from sayso.keys.ecdsa import CURVES, CurveName
from sayso.keys.ecdsa_signer import EcdsaSigner
from sayso.keys.signer import Signer
from sayso.verification.doors import examine
from sayso.verification.expectations import ANYONE, Expectations
from tests.spec.sd_jwt_vc_keys.authority import HOST, ISSUER, Made, private_key, root, usage
from tests.unit.proofs.tokens import AT, PID, STRANGER, bound, sd_jwt, token, without
from tests.unit.proofs.tokens import ISSUER as DID_SIGNER
from tests.unit.verification.proven import expecting, places

ROOT = root()
MIDDLE = ROOT.certifies("Middle", private_key(2), authority=True, depth=0)
LEAF_KEY = private_key(3)
LEAF = MIDDLE.certifies("City", LEAF_KEY)
TRUSTED = expecting([ISSUER], key_resolution=("x5c",), trust_anchors=[ROOT.der], algorithms=("ES256", "ES384", "ES512", "EdDSA"))


def signer(number: int = 3, curve: CurveName = "P-256") -> EcdsaSigner:
    return EcdsaSigner(curve, number.to_bytes(CURVES[curve].size_bytes))


def presented(*chain: Any, by: Signer | None = None, alg: str = "ES256", claims: Any = None, **header: Any) -> str:
    """Give a presentation of a credential whose header brings certificates, and no key's name."""
    given = [made.text if isinstance(made, Made) else made for made in chain]
    parts = {"typ": "dc+sd-jwt", "alg": alg, "x5c": given, **header}
    payload = {**PID, "iss": ISSUER, **(claims or {})}
    return bound(sd_jwt(_token(payload, parts, by or signer())))


def _token(payload: dict[str, Any], header: dict[str, Any], by: Signer) -> str:
    from sayso.proofs.jose import jws

    return jws.sign(jws.protect(header), payload, by)


def found(text: str, expectations: Expectations = TRUSTED) -> list[tuple[ProblemType, str]]:
    return places(examine(text, expectations, at=AT).problems)


REFUSED = [(INVALID_VERIFICATION_METHOD, "/x5c")]


def test_sv_7_a_chain_leads_to_a_trusted_certificate() -> None:
    report = examine(presented(LEAF, MIDDLE), TRUSTED, at=AT)
    assert report.problems == ()
    assert report.require().issuer == ISSUER
    assert found(presented(LEAF, MIDDLE, ROOT)) == []


def test_sv_7_trust_may_begin_in_the_middle() -> None:
    middle = expecting([ISSUER], key_resolution=["x5c"], trust_anchors=[MIDDLE.pem.decode()], algorithms=["ES256", "EdDSA"])
    assert found(presented(LEAF), middle) == []


def test_sv_7_the_leaf_signs_and_nobody_else() -> None:
    assert found(presented(LEAF, MIDDLE, by=signer(2))) == [(CRYPTOGRAPHIC_SECURITY_ERROR, "")]
    assert found(presented(LEAF, MIDDLE, by=DID_SIGNER, alg="EdDSA")) == [(CRYPTOGRAPHIC_SECURITY_ERROR, "/alg")]


def test_sv_7_a_chain_of_another_authority_is_refused() -> None:
    """The same names, and another key."""
    other = root(number=9)
    assert found(presented(other.certifies("City", LEAF_KEY))) == REFUSED
    assert found(presented(other.certifies("City", LEAF_KEY), other)) == REFUSED


def test_sv_7_a_link_may_not_be_missing() -> None:
    assert found(presented(LEAF)) == REFUSED
    assert found(presented(MIDDLE, LEAF)) == REFUSED
    assert found(presented(root("City", 3))) == REFUSED


def test_sv_7_who_is_no_authority_certifies_nobody() -> None:
    assert found(presented(LEAF.certifies("Village", private_key(4)), LEAF, MIDDLE, by=signer(4))) == REFUSED


def test_sv_7_an_authority_of_depth_0_makes_no_authorities() -> None:
    lower = MIDDLE.certifies("Lower", private_key(5), authority=True)
    assert found(presented(lower.certifies("City", LEAF_KEY), lower, MIDDLE)) == REFUSED


@pytest.mark.parametrize("options", [{"begins": AT + timedelta(seconds=1)}, {"ends": AT - timedelta(seconds=1)}], ids=repr)
def test_sv_7_every_certificate_is_valid_at_that_instant(options: dict[str, Any]) -> None:
    assert found(presented(MIDDLE.certifies("City", LEAF_KEY, **options), MIDDLE)) == REFUSED
    middle = ROOT.certifies("Middle", private_key(2), authority=True, **options)
    assert found(presented(middle.certifies("City", LEAF_KEY), middle)) == REFUSED
    anchor = root(**options)
    expected = expecting([ISSUER], key_resolution=["x5c"], trust_anchors=[anchor.der], algorithms=["ES256", "EdDSA"])
    assert found(presented(anchor.certifies("City", LEAF_KEY)), expected) == REFUSED


@pytest.mark.parametrize(
    "name", [x509.UniformResourceIdentifier(ISSUER), x509.DNSName(HOST), x509.DNSName("CITY.example")], ids=lambda name: str(name.value)
)
def test_sv_7_the_leaf_names_the_issuer(name: x509.GeneralName) -> None:
    """Or its host."""
    others = (x509.DNSName("other.example"), name)
    assert found(presented(ROOT.certifies("City", LEAF_KEY, names=others))) == []


@pytest.mark.parametrize(
    "names",
    [
        (x509.DNSName("other.example"),),
        (x509.DNSName("*.example"),),
        (x509.DNSName("www.city.example"),),
        (x509.DNSName("example"),),
        (x509.UniformResourceIdentifier("https://city.example"),),
        (x509.UniformResourceIdentifier(ISSUER + "/"),),
        (x509.UniformResourceIdentifier("https://CITY.example/tenant/1"),),
        (x509.RFC822Name("city.example@city.example"),),
        (x509.RFC822Name(HOST),),
        (x509.RegisteredID(x509.ObjectIdentifier("1.2.3.4")),),
        (),
    ],
    ids=repr,
)
def test_sv_7_a_leaf_of_somebody_else_is_refused(names: tuple[x509.GeneralName, ...]) -> None:
    """Its common name says nothing."""
    assert found(presented(ROOT.certifies(HOST, LEAF_KEY, names=names))) == REFUSED


@pytest.mark.parametrize(
    ("key_usage", "good"),
    [
        (usage(digital_signature=True, key_agreement=True), True),
        (usage(content_commitment=True), False),
        (usage(digital_signature=True, key_cert_sign=True), False),
    ],
    ids=["signs", "does not sign", "certifies"],
)
def test_sv_7_the_key_of_the_leaf_may_sign(key_usage: x509.KeyUsage, good: bool) -> None:
    assert found(presented(ROOT.certifies("City", LEAF_KEY, key_usage=key_usage))) == ([] if good else REFUSED)


def test_sv_7_a_leaf_need_not_say_what_its_key_is_for() -> None:
    """RFC 5280, section 4.2.1.3: only where the extension is there does it restrict the key."""
    assert found(presented(ROOT.certifies("City", LEAF_KEY, says_usage=False))) == []


@pytest.mark.parametrize("extended", [None, ExtendedKeyUsageOID.SERVER_AUTH, x509.ObjectIdentifier("1.2.3.4")], ids=str)
def test_what_else_the_leaf_is_for_does_not_matter(extended: x509.ObjectIdentifier | None) -> None:
    assert found(presented(ROOT.certifies("City", LEAF_KEY, extended=extended))) == []


@pytest.mark.parametrize("purpose", [ExtendedKeyUsageOID.SERVER_AUTH, x509.ObjectIdentifier("1.2.3.4")], ids=str)
def test_what_else_an_authority_is_for_does_not_matter(purpose: x509.ObjectIdentifier) -> None:
    middle = ROOT.certifies("Middle", private_key(2), authority=True, authority_for=purpose)
    assert found(presented(middle.certifies("City", LEAF_KEY), middle)) == []


def test_sv_7_a_critical_extension_that_is_not_known_refuses() -> None:
    unknown = x509.UnrecognizedExtension(x509.ObjectIdentifier("1.2.3.4"), b"\x05\x00")
    assert found(presented(ROOT.certifies("City", LEAF_KEY, others=((unknown, True),)))) == REFUSED
    assert found(presented(ROOT.certifies("City", LEAF_KEY, others=((unknown, False),)))) == []


def test_sv_7_names_outside_what_an_authority_may_certify() -> None:
    limits = x509.NameConstraints(permitted_subtrees=[x509.DNSName("land.example")], excluded_subtrees=None)
    middle = ROOT.certifies("Middle", private_key(2), authority=True, others=((limits, True),))
    assert found(presented(middle.certifies("City", LEAF_KEY, names=(x509.DNSName(HOST),)), middle)) == REFUSED


def constrained(permitted: x509.GeneralName | None, excluded: x509.GeneralName | None = None) -> Made:
    limits = x509.NameConstraints([permitted] if permitted else None, [excluded] if excluded else None)
    return ROOT.certifies("Middle", private_key(2), authority=True, others=((limits, True),))


HOSTS, PLACES = x509.DNSName, x509.UniformResourceIdentifier


@pytest.mark.parametrize(
    ("middle", "name", "good"),
    [
        (constrained(HOSTS(HOST)), HOSTS(HOST), True),
        (constrained(None, HOSTS("land.example")), HOSTS(HOST), True),
        (constrained(PLACES(HOST), HOSTS("land.example")), HOSTS(HOST), True),
        (constrained(None, HOSTS(HOST)), HOSTS(HOST), False),
        (constrained(HOSTS("land.example")), PLACES(ISSUER), False),
        (constrained(HOSTS(HOST)), PLACES(ISSUER), False),
        (constrained(PLACES("land.example")), HOSTS(HOST), False),
        (constrained(PLACES(HOST)), PLACES(ISSUER), False),
        (constrained(None, x509.RFC822Name("land.example")), HOSTS(HOST), False),
    ],
    ids=range(9),
)
def test_sv_7_a_constrained_authority_speaks_under_the_kind_of_names_it_is_held_to(
    middle: Made, name: x509.GeneralName, *, good: bool
) -> None:
    assert found(presented(middle.certifies("City", LEAF_KEY, names=(name,)), middle)) == ([] if good else REFUSED)
    lower = middle.certifies("Lower", private_key(5), authority=True)
    assert found(presented(lower.certifies("City", LEAF_KEY, names=(name,)), lower, middle)) == ([] if good else REFUSED)


@pytest.mark.parametrize(("name", "good"), [(HOSTS(HOST), True), (HOSTS("www.city.example"), False), (PLACES(ISSUER), False)], ids=str)
def test_sv_7_an_anchor_is_held_to_its_names_too(name: x509.GeneralName, *, good: bool) -> None:
    anchor = root(others=((x509.NameConstraints([HOSTS(HOST)], None), True),))
    expected = expecting([ISSUER], key_resolution=["x5c"], trust_anchors=[anchor.der], algorithms=["ES256", "EdDSA"])
    assert found(presented(anchor.certifies("City", LEAF_KEY, names=(name,))), expected) == ([] if good else REFUSED)


@pytest.mark.parametrize(("curve", "name", "alg"), [(ec.SECP384R1(), "P-384", "ES384"), (ec.SECP521R1(), "P-521", "ES512")])
def test_sv_7_other_curves(curve: ec.EllipticCurve, name: CurveName, alg: str) -> None:
    leaf = ROOT.certifies("City", private_key(7, curve))
    assert found(presented(leaf, by=signer(7, name), alg=alg)) == []


def test_sv_7_keys_of_other_kinds() -> None:
    """RSA and another curve are read in certificates, but nothing here verifies with them."""
    for key in (rsa.generate_private_key(65537, 2048), private_key(7, ec.SECP256K1())):
        assert found(presented(ROOT.certifies("City", key))) == [(UNDECIDABLE, "/x5c")]


POINT = LEAF_KEY.public_key().public_bytes(Encoding.X962, PublicFormat.UncompressedPoint)


@pytest.mark.parametrize(
    ("old", "new", "kind"),
    [
        (POINT, b"\x04" + b"\x01" * 64, INVALID_VERIFICATION_METHOD),
        (POINT, bytes(65), INVALID_VERIFICATION_METHOD),
        (bytes.fromhex("06072a8648ce3d0201"), bytes.fromhex("06072a850302021301"), UNDECIDABLE),
    ],
    ids=["off the curve", "no point", "of another kind"],
)
def test_sv_7_a_key_that_is_none(old: bytes, new: bytes, kind: ProblemType) -> None:
    """All else about the certificate is right."""
    like = ROOT.certifies("City", LEAF_KEY)
    assert found(presented(ROOT.certifies_bytes(like, POINT, POINT))) == []
    assert found(presented(ROOT.certifies_bytes(like, old, new))) == [(kind, "/x5c")]


VERSION = bytes.fromhex("a003020102")
NAME = bytes([0x86, len(ISSUER)]) + ISSUER.encode()


@pytest.mark.parametrize(
    ("old", "new"),
    [
        (VERSION, bytes.fromhex("a003020101")),
        (NAME, b"\xa3" + NAME[1:]),
        (VERSION + bytes.fromhex("0202019a"), VERSION + bytes.fromhex("0202ff00")),
    ],
    ids=["version 2", "an X.400 address", "a negative number"],
)
def test_sv_7_a_certificate_that_is_not_read(old: bytes, new: bytes) -> None:
    """All else about it is right; and so it is where a program has made errors of warnings."""
    text = ROOT.certifies_bytes(ROOT.certifies("City", LEAF_KEY), old, new)
    with warnings.catch_warnings():
        warnings.simplefilter("error")
        assert found(presented(text)) == REFUSED


def test_sv_7_a_leaf_is_no_authority_that_constrains_names() -> None:
    limits = x509.NameConstraints([HOSTS(HOST)], None)
    for critical in (True, False):
        assert found(presented(ROOT.certifies("City", LEAF_KEY, names=(HOSTS(HOST),), others=((limits, critical),)))) == REFUSED


def test_sv_7_a_key_of_ed25519() -> None:
    leaf = ROOT.certifies("City", ed25519.Ed25519PrivateKey.from_private_bytes(bytes(range(32))))
    assert found(presented(leaf, by=DID_SIGNER, alg="EdDSA")) == []
    assert found(presented(leaf, by=DID_SIGNER, alg="ES256")) == [(CRYPTOGRAPHIC_SECURITY_ERROR, "/alg")]
    assert found(presented(leaf, by=STRANGER, alg="EdDSA")) == [(CRYPTOGRAPHIC_SECURITY_ERROR, "")]
    assert found(presented(ROOT.certifies("City", SmallOrder()), by=DID_SIGNER, alg="EdDSA")) == [(INVALID_VERIFICATION_METHOD, "")]


class SmallOrder:
    """Be a key under which anybody can sign: its public half has order 1."""

    def public_key(self) -> ed25519.Ed25519PublicKey:
        return ed25519.Ed25519PublicKey.from_public_bytes(b"\x01" + bytes(31))


@pytest.mark.parametrize(
    ("chain", "kind", "place"),
    [
        (None, INVALID_VERIFICATION_METHOD, ""),
        ("x", INVALID_VERIFICATION_METHOD, "/x5c"),
        ([], INVALID_VERIFICATION_METHOD, "/x5c"),
        ([1], INVALID_VERIFICATION_METHOD, "/x5c/0"),
        ([""], INVALID_VERIFICATION_METHOD, "/x5c"),
        (["AA"], INVALID_VERIFICATION_METHOD, "/x5c/0"),
        (["AAA_"], INVALID_VERIFICATION_METHOD, "/x5c/0"),
        (["AB=="], INVALID_VERIFICATION_METHOD, "/x5c/0"),
        (["AAAA"], INVALID_VERIFICATION_METHOD, "/x5c"),
        ([LEAF.text, "AAAA"], INVALID_VERIFICATION_METHOD, "/x5c"),
        ([LEAF.text, " " + MIDDLE.text], INVALID_VERIFICATION_METHOD, "/x5c/1"),
        ([LEAF.text] * (MAX_CERTIFICATES + 1), LIMIT_EXCEEDED, "/x5c"),
        ([base64.b64encode(bytes(MAX_CERTIFICATE_BYTES)).decode()], INVALID_VERIFICATION_METHOD, "/x5c"),
        ([base64.b64encode(bytes(MAX_CERTIFICATE_BYTES + 1)).decode()], LIMIT_EXCEEDED, "/x5c/0"),
    ],
    ids=range(14),
)
def test_sv_7_x5c_is_an_array_of_certificates(chain: Any, kind: ProblemType, place: str) -> None:
    assert found(presented(x5c=chain)) == [(kind, place)]


def test_the_limits() -> None:
    assert (MAX_CERTIFICATES, MAX_CERTIFICATE_BYTES) == (8, 16_384)


def test_as_many_certificates_as_are_read() -> None:
    assert found(presented(LEAF, *[MIDDLE] * (MAX_CERTIFICATES - 1))) == []


def test_sv_7_a_signature_is_written_in_one_way() -> None:
    """Its last bit, where it is 0, could be said to be unused."""
    made = iter(lambda: MIDDLE.certifies("City", LEAF_KEY), None)
    leaf = next(one for one in made if one.certificate.signature[-1] % 2 == 0)
    signature = leaf.certificate.signature
    assert found(presented(leaf, MIDDLE)) == []
    other = leaf.der.removesuffix(b"\x00" + signature) + b"\x01" + signature
    assert len(other) == len(leaf.der)
    assert found(presented(base64.b64encode(other).decode(), MIDDLE)) == REFUSED


def test_sv_7_bytes_behind_a_certificate_are_refused() -> None:
    assert found(presented(base64.b64encode(LEAF.der + b"\x00").decode(), MIDDLE)) == REFUSED


def test_sv_7_only_where_it_is_named() -> None:
    """Off by default: the same credential, and no word about x5c."""
    plain = expecting([ISSUER], algorithms=["ES256", "EdDSA"])
    assert found(presented(LEAF, MIDDLE), plain) == [(INVALID_VERIFICATION_METHOD, "")]


def test_sv_7_a_did_is_not_found_in_certificates() -> None:
    """Who says to be a DID is looked for as one, whatever came along: an authority cannot speak for it."""
    both = expecting(ANYONE, key_resolution=["did", "x5c"], trust_anchors=[ROOT.der], algorithms=["ES256", "EdDSA"])
    assert found(bound(sd_jwt(token(PID, x5c=[LEAF.text, MIDDLE.text]))), both) == []
    assert found(presented(LEAF, MIDDLE, claims={"iss": PID["iss"]}), both) == [(INVALID_VERIFICATION_METHOD_URL, "")]
    alone = expecting(ANYONE, key_resolution=["x5c"], trust_anchors=[ROOT.der])
    assert found(bound(sd_jwt(token(PID))), alone) == [(INVALID_VERIFICATION_METHOD, "")]


def test_trust_is_in_the_issuer_by_its_exact_name() -> None:
    expected = expecting([HOST, "https://city.example"], key_resolution=["x5c"], trust_anchors=[ROOT.der], algorithms=["ES256", "EdDSA"])
    assert found(presented(LEAF, MIDDLE), expected) == [(UNTRUSTED_ISSUER, "/iss")]


def test_an_issuer_that_is_no_plain_url_is_refused() -> None:
    assert found(presented(LEAF, MIDDLE, claims={"iss": "https://127.0.0.1"})) == [(INVALID_VERIFICATION_METHOD_URL, "/iss")]


def test_an_issuer_must_say_who_it_is() -> None:
    """In the draft `iss` is optional; here trust needs a name."""
    text = bound(sd_jwt(_token(without(PID, "iss"), {"typ": "dc+sd-jwt", "alg": "ES256", "x5c": [LEAF.text, MIDDLE.text]}, signer())))
    assert found(text) == [(INVALID_VERIFICATION_METHOD, "")]


class TestAnchors:
    def test_they_travel_with_the_expectations(self) -> None:
        assert found(presented(LEAF, MIDDLE), pickle.loads(pickle.dumps(TRUSTED))) == []  # noqa: S301 - it is ours
        assert pickle.loads(pickle.dumps(TRUSTED)) == TRUSTED  # noqa: S301 - it is ours

    @pytest.mark.parametrize(
        "anchor",
        [
            b"",
            b"x",
            "-----BEGIN CERTIFICATE-----",
            LEAF.der[:-1],
            LEAF.der + b"x",
            base64.b64decode(ROOT.certifies_bytes(LEAF, VERSION, bytes.fromhex("a003020101"))),
        ],
        ids=range(6),
    )
    def test_what_is_no_certificate_is_the_callers_mistake(self, anchor: Any) -> None:
        with pytest.raises(ValueError, match=r"a trust anchor is no X.509 certificate"):
            expecting(key_resolution=["x5c"], trust_anchors=[anchor])

    @pytest.mark.parametrize(
        ("anchors", "said"),
        [
            (ROOT.der, "a list of certificates, not one"),
            (ROOT.pem.decode(), "a list of certificates, not one"),
            ([1], "a trust anchor is a certificate as bytes or text, not a int"),
            ([None], "a trust anchor is a certificate as bytes or text, not a NoneType"),
            (5, "not iterable"),
        ],
        ids=range(5),
    )
    def test_they_are_a_list_of_bytes_or_text(self, anchors: Any, said: str) -> None:
        with pytest.raises(TypeError, match=said):
            expecting(key_resolution=["x5c"], trust_anchors=anchors)

    def test_they_are_there_where_they_are_used(self) -> None:
        missing: dict[str, Any] = {"key_resolution": ["x5c"]}
        unused: dict[str, Any] = {"trust_anchors": [ROOT.der]}
        for options in (missing, unused):
            with pytest.raises(ValueError, match="exactly where key_resolution has x5c"):
                expecting(**options)

    def test_the_ways_have_names(self) -> None:
        for names in (["x5u"], ["did", "jku"]):
            with pytest.raises(ValueError, match="key_resolution are some of did, issuer-metadata, x5c"):
                expecting(key_resolution=names)
        with pytest.raises(ValueError, match="key_resolution may not be empty"):
            expecting(key_resolution=[])
        with pytest.raises(TypeError):
            expecting(key_resolution="did")


@pytest.mark.parametrize("absent", ["cryptography", "cryptography.x509.verification"])
def test_without_the_library_nothing_is_decided(absent: str, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setitem(sys.modules, absent, None)
    anchors = TRUSTED.key_ways.anchors
    assert anchors
    for call in (lambda: read_anchors([ROOT.der]), lambda: certified_key([LEAF.text, MIDDLE.text], anchors, AT, ISSUER, HOST)):
        with pytest.raises(SaysoError) as undecided:
            call()
        (problem,) = undecided.value.problems
        assert problem.kind is UNDECIDABLE
        assert "sayso[openid]" in problem.detail
