"""What a business asks for is checked before it is signed: what no wallet could read is refused here, by name."""

from collections.abc import Callable
from typing import Any

import pytest

from sayso import ANYONE
from sayso.credentials.formats import SD_JWT_VC, VCDM_SD_JWT
from sayso.credentials.kinds import Claim, CredentialType
from sayso.query.grammar import MAX_CLAIMS, MAX_VALUES
from sayso.verification.options import Checks
from sayso.verifier.asking import attributes_asked, formats_asked, issuers_asked

DID = "did:key:z6MkhaXgBZDvotDkL5257faiztiGiC2QtKLGpbnnEGta2doK"
CREDENTIAL = "https://www.w3.org/2018/credentials#VerifiableCredential"


def asked(claims: Any, optional: Any) -> tuple[tuple[Claim, ...], tuple[Claim, ...]]:
    required, more = attributes_asked(claims, optional)
    return tuple(one.claim for one in required), tuple(one.claim for one in more)


class TestIssuers:
    def test_those_that_are_named(self) -> None:
        assert issuers_asked([DID, "did:web:x.example"], {}) == (DID, "did:web:x.example")
        assert issuers_asked({DID}, {}) == (DID,)
        assert len(issuers_asked([DID] * MAX_VALUES, {})) == MAX_VALUES

    def test_an_https_url_where_its_keys_are_found(self) -> None:
        web = "https://city.example/1"
        for ways in (["issuer-metadata"], ["did", "x5c"]):
            assert issuers_asked([web, DID], {"key_resolution": ways}) == (web, DID)
            with pytest.raises(ValueError, match="issuers names one or more DIDs or HTTPS URLs, at most"):
                issuers_asked(["http://city.example/1"], {"key_resolution": ways})
        for checks in (Checks(), Checks(key_resolution=["did"])):
            with pytest.raises(ValueError, match="issuers names one or more DIDs, at most"):
                issuers_asked([web], checks)

    def test_anyone(self) -> None:
        assert issuers_asked(ANYONE, {}) == ()

    @pytest.mark.parametrize(
        "iterate", [iter, lambda names: (name for name in names), lambda names: map(str, names)], ids=["iter", "generator", "map"]
    )
    def test_whatever_can_be_gone_through_once_still_names_them(self, iterate: Callable[[list[str]], Any]) -> None:
        """An iterator that a check has used up must never pass for the named way to trust anyone."""
        assert issuers_asked(iterate([DID]), {}) == (DID,)
        with pytest.raises(ValueError, match="ANYONE"):
            issuers_asked(iterate([]), {})

    @pytest.mark.parametrize("issuers", [[], (), set(), {}, [""], ["me"], [DID, None], [5], [[DID]], [DID] * (MAX_VALUES + 1)])
    def test_none_or_no_dids(self, issuers: Any) -> None:
        with pytest.raises(ValueError, match="issuers "):
            issuers_asked(issuers, {})

    @pytest.mark.parametrize("issuers", [DID, "", None, 5, True])
    def test_no_collection(self, issuers: Any) -> None:
        with pytest.raises(TypeError, match="issuers is a list of DIDs, or ANYONE"):
            issuers_asked(issuers, {})


class TestFormats:
    def test_any_credential(self) -> None:
        assert formats_asked(["vc+sd-jwt"], None) == {VCDM_SD_JWT: (CREDENTIAL,)}

    def test_a_plain_type_travels_expanded(self) -> None:
        expanded = "https://www.w3.org/ns/credentials/undefined-term#Card"
        assert formats_asked(["vc+sd-jwt", "dc+sd-jwt"], "Card") == {VCDM_SD_JWT: (CREDENTIAL, expanded), SD_JWT_VC: ("Card",)}

    @pytest.mark.parametrize(("vct", "asked"), [(None, "Card"), ("https://city.example/card", "https://city.example/card")])
    def test_a_described_type(self, vct: str | None, asked: str) -> None:
        kind = CredentialType("Card", vct=vct)
        assert formats_asked(("dc+sd-jwt", "vc+sd-jwt"), kind) == {SD_JWT_VC: (asked,), VCDM_SD_JWT: (CREDENTIAL, kind.iri)}

    def test_an_iterator(self) -> None:
        assert [*formats_asked(iter(["vc+sd-jwt"]), None)] == [VCDM_SD_JWT]

    def test_sd_jwt_vc_is_asked_for_by_its_type(self) -> None:
        with pytest.raises(ValueError, match="by its type"):
            formats_asked(["vc+sd-jwt", "dc+sd-jwt"], None)

    @pytest.mark.parametrize("formats", [[], ["mso_mdoc"], ["vc+sd-jwt", ""], [None], [5]])
    def test_none_or_unknown(self, formats: Any) -> None:
        with pytest.raises(ValueError, match="formats names one or more of vc"):
            formats_asked(formats, "Card")

    @pytest.mark.parametrize("formats", ["vc+sd-jwt", None, 5])
    def test_no_list(self, formats: Any) -> None:
        with pytest.raises(TypeError, match="formats is a list"):
            formats_asked(formats, "Card")

    @pytest.mark.parametrize("format_", ["vc+sd-jwt", "dc+sd-jwt"])
    @pytest.mark.parametrize("kind", [5, b"Card", ["Card"], True])
    def test_a_type_that_is_none(self, format_: str, kind: Any) -> None:
        with pytest.raises(TypeError, match="type is a name or a CredentialType"):
            formats_asked([format_], kind)

    @pytest.mark.parametrize("format_", ["vc+sd-jwt", "dc+sd-jwt"])
    @pytest.mark.parametrize("kind", ["", "\ud800"])
    def test_a_type_without_a_name(self, format_: str, kind: str) -> None:
        with pytest.raises(ValueError, match="type"):
            formats_asked([format_], kind)


class TestClaims:
    def test_names_and_paths(self) -> None:
        assert asked(("name", ("langs", None), ("langs", 0)), ["mail"]) == (("name", ("langs", None), ("langs", 0)), ("mail",))

    def test_an_iterator(self) -> None:
        assert asked(iter(["name"]), iter(["mail"])) == (("name",), ("mail",))

    @pytest.mark.parametrize(("claims", "optional"), [((), "mail"), (("name",), b"mail"), ((), 5), ((), None)])
    def test_no_list(self, claims: Any, optional: Any) -> None:
        with pytest.raises(TypeError, match="optional is a list of claims"):
            asked(claims, optional)

    @pytest.mark.parametrize("claim", [5, None, True, b"name", ["address", "city"], {"address": "city"}, object()])
    def test_no_claim(self, claim: Any) -> None:
        with pytest.raises(TypeError, match="a claim is a name, or a path: a tuple of names"):
            asked((claim,), ())
        with pytest.raises(TypeError, match="a claim is a name"):
            asked((), (claim,))

    @pytest.mark.parametrize("path", [(), ("a", 1.5), ("a", True), ("a", -1), ("a", ("b",)), ("a",) * 64, "\ud800", ("a", "\udfff")])
    def test_no_path(self, path: Any) -> None:
        with pytest.raises(ValueError, match="claim 2: "):
            asked(("name",), ("mail", path))

    def test_a_longest_path(self) -> None:
        assert asked([("a",) * 63], ()) == ((("a",) * 63,), ())

    @pytest.mark.parametrize("path", [(b"a",), ("a", object())])
    def test_a_path_of_other_things(self, path: Any) -> None:
        with pytest.raises(TypeError, match="no JSON value"):
            asked((path,), ())

    @pytest.mark.parametrize(("claims", "optional"), [(("a", "a"), ()), (("a",), ("a",)), (("a", ("a",)), ()), ((), (("a", 0), ("a", 0)))])
    def test_a_claim_is_asked_for_once(self, claims: Any, optional: Any) -> None:
        """OpenID4VP 1.0, section 6.1: verifiers MUST NOT point to one claim twice."""
        with pytest.raises(ValueError, match="twice"):
            asked(claims, optional)

    def test_something_is_asked_for(self) -> None:
        with pytest.raises(ValueError, match="at least one claim"):
            asked((), ())

    def test_the_most(self) -> None:
        """Beyond it no wallet of this library reads the query; one more is the issuer's own claim."""
        most = [f"claim_{number}" for number in range(MAX_CLAIMS - 1)]
        assert asked(most[:1], most[1:]) == ((most[0],), tuple(most[1:]))
        with pytest.raises(ValueError, match=f"at most {MAX_CLAIMS - 1} claims"):
            asked((), [*most, "one more"])
