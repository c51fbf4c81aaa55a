"""VH-1, VH-2: a did:webvh has a SCID and a place on the web, and its files lie there."""

import pytest

from sayso.dids.did_webvh.identifier import MAX_CHARACTERS, parse
from sayso.errors import INVALID_DID, SaysoError

SCID = "QmWuZAPus1QhNJTvrQSKMegA5GSv51tGozc7rM9oi76QvW"


@pytest.mark.parametrize(
    ("rest", "place", "base"),
    [
        ("city.example", "https://city.example/.well-known/", "https://city.example/"),
        ("a.b.city.example", "https://a.b.city.example/.well-known/", "https://a.b.city.example/"),
        ("city.example%3A8443", "https://city.example:8443/.well-known/", "https://city.example:8443/"),
        ("city.example:dids:issuer", "https://city.example/dids/issuer/", "https://city.example/dids/issuer/"),
        ("city.example%3A65535:a%40b", "https://city.example:65535/a@b/", "https://city.example:65535/a@b/"),
        ("xn--bcher-kva.example", "https://xn--bcher-kva.example/.well-known/", "https://xn--bcher-kva.example/"),
        (f"city.example:{SCID}", f"https://city.example/{SCID}/", f"https://city.example/{SCID}/"),
    ],
)
def test_vh_2_where_its_files_lie(rest: str, place: str, base: str) -> None:
    did = f"did:webvh:{SCID}:{rest}"
    found = parse(did)
    assert (found.did, found.scid) == (did, SCID)
    assert (found.log_url, found.witness_url) == (place + "did.jsonl", place + "did-witness.json")
    assert found.base_url == base


@pytest.mark.parametrize(
    "rest",
    [
        "",
        "city",
        "localhost",
        "City.example",
        "127.0.0.1",
        "127.0.0.1%3A80",
        "127.0.0.1%3a8080",
        "127%2E0%2E0%2E1",
        "127%2e0%2e0%2e1",
        "127.0.0.1#x",
        "0x7f.1",
        "2130706433",
        "[::1]",
        "city.example%3a8443",
        "city.example%3A",
        "city.example%3A0",
        "city.example%3A08443",
        "city.example%3A65536",
        "city.example%3A80%3A80",
        "city.example:",
        "city.example::a",
        "city.example:..:admin",
        "city.example:.",
        "city.example:%2E%2E:admin",
        "city.example:%2e%2e",
        "city.example:%252e%252e",
        "city.example:a%2Fb",
        "city.example:a%5Cb",
        "city.example:a%00",
        "city.example:%20a",
        "city.example:a%20",
        "city.example/a",
        "city.example?a",
        "city.example#a",
        "user@city.example",
    ],
)
def test_vh_1_what_is_no_place(rest: str) -> None:
    with pytest.raises(SaysoError) as caught:
        parse(f"did:webvh:{SCID}:{rest}")
    assert caught.value.problems[0].kind is INVALID_DID


@pytest.mark.parametrize("scid", ["", SCID[:-1], SCID + "1", "zQ" + SCID[2:], "Qm0" + SCID[3:], "Qml" + SCID[3:], "{SCID}", SCID.lower()])
def test_vh_1_what_is_no_scid(scid: str) -> None:
    with pytest.raises(SaysoError, match="SCID"):
        parse(f"did:webvh:{scid}:city.example")


@pytest.mark.parametrize("did", ["", "did:webvh", f"did:webvh:{SCID}", f"did:web:{SCID}:city.example", f"DID:webvh:{SCID}:city.example"])
def test_vh_1_what_is_no_did_webvh(did: str) -> None:
    with pytest.raises(SaysoError, match="SCID"):
        parse(did)


def test_limits_of_a_did() -> None:
    did = f"did:webvh:{SCID}:city.example:"
    longest = did + "a" * (MAX_CHARACTERS - len(did))
    assert parse(longest).did == longest
    with pytest.raises(SaysoError, match="at most 2048 characters"):
        parse(longest + "a")
