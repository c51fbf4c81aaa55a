"""RFC 9901, section 4: what an SD-JWT looks like."""

import pytest

from sayso.credentials.formats import SD_JWT_VC, VCDM_SD_JWT
from sayso.errors import CRYPTOGRAPHIC_SECURITY_ERROR, LIMIT_EXCEEDED, PARSING_ERROR
from sayso.jsonvalue import Json
from sayso.proofs.sd_jwt.mechanism import SdJwtMechanism
from tests.unit.proofs.refusals import refused
from tests.unit.proofs.tokens import CARD, PID, POLICY, bound, digest, encoded, limited, member, prove, sd_jwt, token

NAME = member("given_name", "Ada")
ISSUER_JWT = token({**PID, "_sd": [digest(NAME)]})


@pytest.mark.parametrize("disclosures", [(), (NAME,)])
def test_sd_1_an_sd_jwt_ends_with_a_tilde(disclosures: tuple[str, ...]) -> None:
    """SD-1: <issuer JWT>~<D1>~…~<Dn>~, also with no disclosures."""
    proven = prove(sd_jwt(ISSUER_JWT, *disclosures))
    assert not proven.bindings
    assert ("given_name" in proven.document) == bool(disclosures)


def test_sd_1_with_key_binding_it_ends_with_a_jwt() -> None:
    """SD-1: SD-JWT+KB is the same string and the KB-JWT."""
    (binding,) = prove(bound(sd_jwt(ISSUER_JWT, NAME))).bindings
    assert "sd_hash" in binding.members


def test_sd_1_without_a_tilde_it_is_no_sd_jwt() -> None:
    """SD-1: a JWT alone is of another mechanism; whether one of those reads it is asked elsewhere."""
    for other in ("", "x", "X{}", "X {", token(PID), '{"payload":"~"}', ' {"signature":"~"}', '{"signatures":["~"]}'):
        assert SdJwtMechanism().decode(other.encode(), POLICY) is None


@pytest.mark.parametrize(
    "text",
    [
        "~",
        "~~",
        f"~{ISSUER_JWT}~",
        f"{ISSUER_JWT}~~",
        f"{ISSUER_JWT}~~{NAME}~",
        f"{ISSUER_JWT}~{NAME}~~",
        f"{ISSUER_JWT}~{NAME}",
        f"{ISSUER_JWT}~{NAME}~{NAME}",
        f"{ISSUER_JWT}~{NAME}~\n",
        f"\n{ISSUER_JWT}~{NAME}~",
        f" {ISSUER_JWT}~{NAME}~",
        f"{ISSUER_JWT}~ {NAME}~",
        f"{ISSUER_JWT}~{NAME}=~",
        f"{ISSUER_JWT}~{NAME}é~",
        f"{ISSUER_JWT}~{NAME}~é",
        f"{ISSUER_JWT}\u00a0~{NAME}~",
        f"{ISSUER_JWT}~{NAME}~{ISSUER_JWT}~",
        bound(sd_jwt(ISSUER_JWT, NAME)) + "~",
        bound(sd_jwt(ISSUER_JWT, NAME)) + "\n",
        bound(sd_jwt(ISSUER_JWT, NAME)) + "~" + NAME,
    ],
)
def test_sd_1_nothing_may_be_empty_and_nothing_may_follow(text: str) -> None:
    """SD-1: the ABNF has no empty disclosure, no white space, and nothing behind the last part."""
    with refused(PARSING_ERROR):
        prove(text)


@pytest.mark.parametrize(("typ", "payload"), [("dc+sd-jwt", PID), ("vc+sd-jwt", CARD)])
def test_sd_2_typ_says_what_it_is(typ: str, payload: dict[str, Json]) -> None:
    """SD-2: explicit typing; in any case, and with `application/` or without."""
    for spelling in (typ, typ.upper(), f"application/{typ}", f"Application/{typ}"):
        assert prove(sd_jwt(token(payload, typ=spelling))).format in (SD_JWT_VC, VCDM_SD_JWT)


@pytest.mark.parametrize(
    "typ", ["sd-jwt", "JWT", "example+sd-jwt", "kb+jwt", "vc+jwt", "vp+jwt", "vc+ld+json+sd-jwt", "", None, 7], ids=repr
)
def test_sd_2_any_other_typ_is_refused(typ: Json) -> None:
    """SD-2, VJ-2, SV-1: drafts' names too."""
    with refused(PARSING_ERROR, "/typ"):
        prove(sd_jwt(token(PID, typ=typ)))


@pytest.mark.parametrize("algorithm", ["none", "HS256", "ES256", None], ids=repr)
def test_sd_3_the_issuers_jwt_is_signed(algorithm: Json) -> None:
    """SD-3: never `none`, and only with what is on the list."""
    with refused(CRYPTOGRAPHIC_SECURITY_ERROR, "/alg"):
        prove(sd_jwt(token(PID, alg=algorithm)))


@pytest.mark.parametrize("payload", [{"_sd": "x"}, {"a": {"_sd": 1}}, {"...": "x"}, {"a": [{"b": {"...": "x"}}]}])
def test_sd_3_reserved_names_are_no_claims(payload: dict[str, Json]) -> None:
    """SD-3: `_sd` and `...` mean what they mean, everywhere."""
    with refused(PARSING_ERROR):
        prove(sd_jwt(token({**PID, **payload})))


def test_an_sd_jwt_may_be_as_long_as_the_limit_and_no_longer() -> None:
    text = sd_jwt(ISSUER_JWT, NAME)
    prove(text, limited(size_bytes=len(text)))
    with refused(LIMIT_EXCEEDED):
        prove(text, limited(size_bytes=len(text) - 1))


def test_a_long_one_is_refused_before_it_is_taken_apart() -> None:
    with refused(LIMIT_EXCEEDED):
        SdJwtMechanism().decode(b"~" * 101, limited(size_bytes=100))


def test_it_may_have_as_many_disclosures_as_the_limit_and_no_more() -> None:
    disclosures = [member(f"c{number}", number) for number in range(5)]
    text = sd_jwt(token({**PID, "_sd": [*map(digest, disclosures)]}), *disclosures)
    prove(text, limited(disclosures=5))
    with refused(LIMIT_EXCEEDED):
        prove(text, limited(disclosures=4))
    with refused(LIMIT_EXCEEDED):
        # Counted before anything is decoded.
        SdJwtMechanism().decode(b"~" * 6, limited(disclosures=4))
    prove(sd_jwt(token(PID)), limited(disclosures=0))


def test_a_disclosure_has_the_size_and_depth_that_is_allowed() -> None:
    nested: Json = [1]
    for _ in range(5):
        nested = [nested]
    text = member("a", nested)
    issued = sd_jwt(token({**PID, "_sd": [digest(text)]}), text)
    prove(issued, limited(depth=7))
    with refused(LIMIT_EXCEEDED):
        prove(issued, limited(depth=6))


def test_parts_are_not_what_they_are_called() -> None:
    """A disclosure in the place of the issuer's JWT, or the JWT in the place of a disclosure."""
    for text in (f"{NAME}~{ISSUER_JWT}~", f"{ISSUER_JWT}~{encoded(PID)}~", f"{ISSUER_JWT}~{ISSUER_JWT}~"):
        with refused(PARSING_ERROR):
            prove(text)
