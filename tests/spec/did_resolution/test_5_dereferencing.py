"""DID Resolution, section 5: what a DID URL names (DID-6, CID-3)."""

import asyncio
from typing import Any

import pytest

from sayso.dids.dereferencing import joined
from sayso.dids.doors import dereference, dereference_async
from sayso.errors import (
    FEATURE_NOT_SUPPORTED,
    INVALID_DID,
    INVALID_DID_URL,
    INVALID_OPTIONS,
    INVALID_RELATIONSHIP_FOR_VERIFICATION_METHOD,
    INVALID_VERIFICATION_METHOD,
    METHOD_NOT_SUPPORTED,
    NOT_FOUND,
    REPRESENTATION_NOT_SUPPORTED,
    ProblemType,
    SaysoError,
)
from sayso.jsonvalue import Json
from tests.spec.did_resolution.test_4_resolution import afetch, fetch
from tests.spec.did_resolution.world import AGREED, AT, DID, DOCUMENT, EARLIER, ENDED, METHOD, SERVICES, WORLD

WEBVH = "did:webvh:abc:example.com"
URIS = {"accept": "text/uri-list"}


def result(url: str, /, **options: Json) -> dict[str, Any]:
    return dereference(url, options, at=AT, fetch=fetch, methods=WORLD)


def content(url: str, /, **options: Json) -> Any:
    found = result(url, **options)
    assert "error" not in found["dereferencingMetadata"], found
    return found["content"]


def failed(found: dict[str, Any]) -> str:
    assert (found["content"], found["contentMetadata"]) == (None, {})
    return str(found["dereferencingMetadata"]["error"]["type"])


def test_did_6_a_did_alone_is_its_document() -> None:
    """DID-6: dereferencingMetadata, content and contentMetadata."""
    assert result(DID) == {
        "dereferencingMetadata": {"contentType": "application/did"},
        "content": DOCUMENT,
        "contentMetadata": {"versionId": "2"},
    }
    assert asyncio.run(dereference_async(DID, at=AT, fetch=afetch, methods=WORLD)) == result(DID)
    assert result(DID, accept="application/did+json")["dereferencingMetadata"] == {"contentType": "application/did+json"}


@pytest.mark.parametrize(
    ("fragment", "part"),
    [
        ("keys-1", METHOD),
        ("keys-2", ENDED),
        ("embedded", {**METHOD, "id": "#embedded"}),
        ("agreed", AGREED),
        ("files", SERVICES[2]),
        ("messages", SERVICES[0]),
    ],
)
def test_did_6_a_fragment_names_a_method_or_a_service(fragment: str, part: Json) -> None:
    assert content(f"{DID}#{fragment}") == part
    expanded = content(f"{DID}#{fragment}", expandRelativeUrls=True)
    assert expanded == {**expanded, "id": f"{DID}#{fragment}"}


def test_did_6_parameters_are_options() -> None:
    """DID-6: all DID parameters are passed on."""
    for query in ("versionId=1", "versionTime=2026-01-01T00:00:00Z", "versionTime=2026-01-01T00%3A00%3A00Z", "versionNumber=1"):
        assert content(f"{DID}?{query}") == EARLIER
        assert content(f"{DID}?{query}#keys-1") == METHOD
    assert content(f"{DID}?expandRelativeUrls=true")["assertionMethod"][0] == f"{DID}#keys-1"


class TestVerificationRelationship:
    """CID-3: with the option verificationRelationship its last checks apply."""

    @pytest.mark.parametrize(
        ("fragment", "relationship"), [("keys-1", "assertionMethod"), ("embedded", "authentication"), ("agreed", "keyAgreement")]
    )
    def test_a_method_that_is_authorised(self, fragment: str, relationship: str) -> None:
        assert content(f"{DID}#{fragment}", verificationRelationship=relationship) == content(f"{DID}#{fragment}")

    @pytest.mark.parametrize(
        ("fragment", "relationship", "kind"),
        [
            ("keys-1", "capabilityInvocation", INVALID_RELATIONSHIP_FOR_VERIFICATION_METHOD),
            ("keys-1", "keyAgreement", INVALID_RELATIONSHIP_FOR_VERIFICATION_METHOD),
            ("embedded", "assertionMethod", INVALID_RELATIONSHIP_FOR_VERIFICATION_METHOD),
            ("files", "assertionMethod", INVALID_VERIFICATION_METHOD),
            ("missing", "assertionMethod", INVALID_VERIFICATION_METHOD),
            ("keys-2", "assertionMethod", INVALID_VERIFICATION_METHOD),
            ("agreed", "assertionMethod", FEATURE_NOT_SUPPORTED),
            ("keys-1", "signing", INVALID_OPTIONS),
            ("keys-1", 5, INVALID_OPTIONS),
        ],
    )
    def test_a_method_that_is_not(self, fragment: str, relationship: Json, kind: ProblemType) -> None:
        assert failed(result(f"{DID}#{fragment}", verificationRelationship=relationship)) == kind.url

    def test_it_is_asked_of_a_method(self) -> None:
        assert failed(result(DID, verificationRelationship="authentication")) == INVALID_OPTIONS.url

    def test_a_key_ends(self) -> None:
        def at(year: int, fragment: str, relationship: str) -> Any:
            options: dict[str, Json] = {"verificationRelationship": relationship}
            return dereference(f"{DID}#{fragment}", options, at=AT.replace(year=year), fetch=fetch, methods=WORLD)

        assert at(2025, "keys-2", "assertionMethod")["content"] == ENDED
        assert failed(at(2026, "keys-2", "assertionMethod")) == INVALID_VERIFICATION_METHOD.url
        assert at(2026, "agreed", "keyAgreement")["content"] == AGREED
        assert failed(at(2027, "agreed", "keyAgreement")) == INVALID_VERIFICATION_METHOD.url

    def test_a_version_of_the_past_is_judged_by_its_time(self) -> None:
        """CID-2: the key was good until the new year, and the document of that time names it."""

        class Kept:
            name = "kept"

            def resolve(self, *_: object) -> Any:
                from sayso.dids.document import parse
                from sayso.dids.method import Resolution
                from sayso.retrieval import done

                moved: Any = {**DOCUMENT, "id": "did:kept:a", "verificationMethod": [{**ENDED, "controller": "did:kept:a"}], "service": []}
                moved = {name: moved[name] for name in ("id", "verificationMethod", "assertionMethod")}
                return done(Resolution(parse(moved), moved, {}))

        def asked(query: str) -> Any:
            options: dict[str, Json] = {"verificationRelationship": "assertionMethod"}
            return dereference(f"did:kept:a{query}#keys-2", options, at=AT, methods=(Kept(),))

        assert failed(asked("")) == INVALID_VERIFICATION_METHOD.url
        assert asked("?versionTime=2025-12-31T23:59:59Z")["content"]["id"] == "#keys-2"
        assert failed(asked("?versionTime=2026-01-01T00:00:00Z")) == INVALID_VERIFICATION_METHOD.url


class TestServices:
    @pytest.mark.parametrize(
        ("query", "names"),
        [
            ("service=files", ["#files"]),
            ("service=%23files", ["#files"]),
            (f"service={DID}%23files", ["#files"]),
            ("service=messages", [f"{DID}#messages"]),
            ("serviceType=LinkedVerifiablePresentation", ["#linkedvp", "#whois"]),
            ("serviceType=LinkedVerifiablePresentation&service=whois", ["#whois"]),
            ("service=files&relativeRef=x", ["#files"]),
        ],
    )
    def test_did_6_a_document_with_the_services_that_were_selected(self, query: str, names: list[str]) -> None:
        """DID-6: by id, by type, or by both."""
        found = content(f"{DID}?{query}")
        assert [service["id"] for service in found["service"]] == names
        assert {**found, "service": 0} == {**DOCUMENT, "service": 0}

    @pytest.mark.parametrize(
        ("query", "urls"),
        [
            ("service=files", ["https://example.com/files/"]),
            ("service=files#intro", ["https://example.com/files/#intro"]),
            ("service=files&relativeRef=plan.pdf", ["https://example.com/files/plan.pdf"]),
            ("service=files&relativeRef=%2Fa%2Fb.pdf", ["https://example.com/files/a/b.pdf"]),
            ("service=messages&relativeRef=%2Fsome%2Fpath%3Fquery#frag", ["https://example.com/messages/8377464/some/path?query#frag"]),
            ("service=messages&relativeRef=/some/path?query#frag", ["https://example.com/messages/8377464/some/path?query#frag"]),
            ("serviceType=LinkedVerifiablePresentation", ["https://example.com/vp.jsonld", "https://example.com/whois.vp"]),
            ("service=place", ["https://example.com/a?b#c"]),
        ],
    )
    def test_did_6_the_endpoints_as_a_list_of_urls(self, query: str, urls: list[str]) -> None:
        """DID-6: accept text/uri-list gives the endpoints, joined to relativeRef, with the fragment of the DID URL."""
        found = result(f"{DID}?{query}", **URIS)
        assert found["content"] == urls
        assert found["dereferencingMetadata"] == {"contentType": "text/uri-list"}

    def test_a_fragment_of_the_document_that_is_left(self) -> None:
        assert content(f"{DID}?service=files#files") == SERVICES[2]
        assert failed(result(f"{DID}?service=files#messages")) == NOT_FOUND.url

    @pytest.mark.parametrize(
        ("query", "kind"),
        [
            ("service=missing", NOT_FOUND),
            ("service=", NOT_FOUND),
            ("serviceType=missing", NOT_FOUND),
            ("service=files&serviceType=LinkedVerifiablePresentation", NOT_FOUND),
            ("service=map", NOT_FOUND),
            ("relativeRef=x", INVALID_DID_URL),
            ("service=place&relativeRef=x", INVALID_DID_URL),
            ("service=place#x", INVALID_DID_URL),
            ("service=files&service=files", INVALID_DID_URL),
            ("service=files&%73ervice=whois", INVALID_DID_URL),
            ("service=files&relativeRef=../x", INVALID_DID_URL),
            ("service=files&", INVALID_DID_URL),
            ("=files", INVALID_DID_URL),
            ("service=%FF", INVALID_DID_URL),
            ("service=files&unknown=1", FEATURE_NOT_SUPPORTED),
            ("versionId=1&accept=text/uri-list", INVALID_OPTIONS),
            ("versionId=2", REPRESENTATION_NOT_SUPPORTED),
        ],
    )
    def test_what_leads_nowhere(self, query: str, kind: ProblemType) -> None:
        assert failed(result(f"{DID}?{query}", **URIS)) == kind.url


@pytest.mark.parametrize(
    ("endpoint", "reference", "target"),
    [
        ("https://a.example/b/c", "", "https://a.example/b/c"),
        ("https://a.example/b/c", "d", "https://a.example/b/d"),
        ("https://a.example/b/c", "d/../e", "https://a.example/b/e"),
        ("https://a.example/b/c", "./d", "https://a.example/b/d"),
        ("https://a.example/b/c", "/d", "https://a.example/b/c/d"),
        ("https://a.example/b/c/", "/d", "https://a.example/b/c/d"),
        ("https://a.example", "/d", "https://a.example/d"),
        ("https://a.example/b%20c/", "d%20e", "https://a.example/b%20c/d%20e"),
        ("https://a.example", "?d", "https://a.example/?d"),
        ("https://a.example", "d", "https://a.example/d"),
        ("https://a.example/b/c", "?q=1", "https://a.example/b/c?q=1"),
        ("https://a.example/b/c", ".", "https://a.example/b/"),
        ("https://a.example/b/c", "d/..", "https://a.example/b/"),
        ("https://a.example/b/c", "#e", "https://a.example/b/c#e"),
        ("https://a.example/b//c", "d//e", "https://a.example/b//d//e"),
        ("https://a.example/b/c", "d#e", "https://a.example/b/d#e"),
        ("https://a.example/b/c", "d;v=1/e;..", "https://a.example/b/d;v=1/e;.."),
        ("https://a.example/b/c", "a..;/...;", "https://a.example/b/a..;/...;"),
        ("https://a.example/b/c", "d@e?f=%2F..;/", "https://a.example/b/d@e?f=%2F..;/"),
        ("https://a.example/b/c", "d?../../..", "https://a.example/b/d?../../.."),
        ("https://a.example/b/", "/https://evil.example/", "https://a.example/b/https://evil.example/"),
        ("http://a.example:8080/", "d", "http://a.example:8080/d"),
    ],
)
def test_did_6_a_reference_is_joined_as_rfc_3986_says(endpoint: str, reference: str, target: str) -> None:
    """DID-6: RFC 3986, section 5; and as the example of section 5.5.2 where the reference begins with a slash."""
    assert joined(endpoint, reference) == target


@pytest.mark.parametrize(
    ("endpoint", "reference"),
    [
        ("https://a.example/b/c", ".."),
        ("https://a.example/b/c", "../x"),
        ("https://a.example/b/c", "d/../../x"),
        ("https://a.example/b/c", "/../x"),
        ("https://a.example/b/c", "/x/../../y"),
        ("https://a.example/b/c", "%2e%2e/x"),
        ("https://a.example/b/c", "%2E./x"),
        ("https://a.example/b/c", "x/%2e"),
        ("https://a.example/b/c", "..%2Fx"),
        ("https://a.example/b/c", "%252e%252e/x"),
        ("https://a.example/b%20c/%25", "/x"),
        ("https://a.example/b/c", "..\\x"),
        ("https://a.example/b/c", "..%5Cx"),
        ("https://a.example/b/c", "..;/x"),
        ("https://a.example/b/c", "..;a=b/x"),
        ("https://a.example/b/c", "d/.;/x"),
        ("https://a.example/b/c", "%2e%2e;/x"),
        ("https://a.example/b/c", "%2E%2E%3Bv/x"),
        ("https://a.example/b/c", "%2f%2fevil.example"),
        ("https://a.example/b/c", "d%2Fe"),
        ("https://a.example/b/c", "/%2fd"),
        ("https://a.example/b/c", "d%00"),
        ("https://a.example@evil.example/b/c", "d"),
        ("https://ada:secret@a.example/b/c", "d"),
        ("https://a.example/b/c", "//evil.example/x"),
        ("https://a.example/b/c", "https://evil.example/x"),
        ("https://a.example/b/c", "https:x"),
        ("https://a.example/b/c", "javascript:x"),
        ("https://a.example/b/c", "a b"),
        ("https://a.example/b/c", "a\nb"),
        ("https://a.example/b/c", "\u00e9"),
        ("https://a.example/b/c", "%"),
        ("https://a.example/b/c?q", "d"),
        ("https://a.example/b/c#f", "d"),
        ("did:example:a", "d"),
        ("https://[a/", "d"),
        ("https:///a", "/d"),
        ("https:", "d"),
        ("urn:x:y", "d"),
    ],
)
def test_did_6_a_reference_never_leaves_its_endpoint(endpoint: str, reference: str) -> None:
    """DID-6: relativeRef escaping the endpoint's base path is rejected."""
    with pytest.raises(SaysoError) as refused:
        joined(endpoint, reference)
    assert refused.value.problems[0].kind is INVALID_DID_URL


class TestPaths:
    def test_the_paths_of_did_webvh(self) -> None:
        assert content(f"{WEBVH}/whois") == ["https://example.com/whois.vp"]
        assert content(f"{WEBVH}/cards/id.json#a") == ["https://example.com/files/cards/id.json#a"]
        assert failed(result(f"{WEBVH}/../x")) == INVALID_DID_URL.url
        assert failed(result(f"{WEBVH}/whois?service=files")) == INVALID_DID_URL.url

    def test_no_other_method_has_any(self) -> None:
        assert failed(result(f"{DID}/whois")) == NOT_FOUND.url


@pytest.mark.parametrize(
    ("url", "options", "kind"),
    [
        ("", {}, INVALID_DID_URL),
        ("did:example", {}, INVALID_DID_URL),
        (f"{DID}#a#b", {}, INVALID_DID_URL),
        ("did:unknown:a#b", {"unknown": 1}, METHOD_NOT_SUPPORTED),
        ("did:key:x#b", {}, INVALID_DID),
        ("did:example:gone#keys-1", {}, NOT_FOUND),
        ("did:example:nobody", {}, NOT_FOUND),
        (f"{DID}#missing", {}, NOT_FOUND),
        (f"{DID}?versionId=1", {"versionId": "1"}, INVALID_OPTIONS),
        (f"{DID}?versionTime=x", {}, INVALID_OPTIONS),
        (DID, {"unknown": 1}, FEATURE_NOT_SUPPORTED),
        (DID, {"accept": "text/html"}, REPRESENTATION_NOT_SUPPORTED),
        (f"{DID}#keys-1", URIS, REPRESENTATION_NOT_SUPPORTED),
    ],
)
def test_each_failure_has_its_error(url: str, options: dict[str, Json], kind: ProblemType) -> None:
    assert failed(result(url, **options)) == kind.url


@pytest.mark.parametrize("url", [None, 5, b"did:example:a", ["did:example:a"]])
def test_what_is_no_text_is_no_did_url(url: Any) -> None:
    assert failed(dereference(url, at=AT)) == INVALID_DID_URL.url


def test_did_4_the_words_of_did_1_0() -> None:
    found: Any = dereference("did:example", at=AT, error_form="1.0")
    assert found["dereferencingMetadata"]["error"] == "invalidDidUrl"
