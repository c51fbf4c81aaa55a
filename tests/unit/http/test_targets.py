"""What a URL leads to, and which URLs lead nowhere."""

import pytest

from sayso.errors import REDIRECT_REFUSED, URL_REFUSED, SaysoError
from sayso.http.addresses import LOOPBACK_FOR_DEVELOPMENT, PUBLIC
from sayso.http.targets import MAX_URL, Target, redirected, target_of


@pytest.mark.parametrize(
    ("url", "target", "spelt"),
    [
        ("https://city.example", ("https", "city.example", 443, "/"), "https://city.example/"),
        ("HTTPS://City.Example:443/A?b=C#d", ("https", "city.example", 443, "/A?b=C"), "https://city.example/A?b=C"),
        ("https://city.example:8443/a%20b", ("https", "city.example", 8443, "/a%20b"), "https://city.example:8443/a%20b"),
        ("https://city.example/?", ("https", "city.example", 443, "/"), "https://city.example/"),
        ("https://xn--bcher-kva.example/", ("https", "xn--bcher-kva.example", 443, "/"), "https://xn--bcher-kva.example/"),
        ("https://9.9.9.9/", ("https", "9.9.9.9", 443, "/"), "https://9.9.9.9/"),
        ("https://[2606:4700::1111]:8443/", ("https", "2606:4700::1111", 8443, "/"), "https://[2606:4700::1111]:8443/"),
        ("https://1a.example0/", ("https", "1a.example0", 443, "/"), "https://1a.example0/"),
        ("https://localhost:65535/", ("https", "localhost", 65535, "/"), "https://localhost:65535/"),
    ],
)
def test_a_url_and_its_one_spelling(url: str, target: tuple[str, str, int, str], spelt: str) -> None:
    found = target_of(url, PUBLIC)
    assert found == Target(*target)
    assert found.url == spelt
    assert found.is_address == (target[1][-1] in "19")


@pytest.mark.parametrize(
    ("url", "why"),
    [
        ("http://city.example/", "scheme"),
        ("ftp://city.example/", "scheme"),
        ("file:///etc/passwd", "scheme"),
        ("data:text/plain,x", "scheme"),
        ("gopher://city.example/", "scheme"),
        ("https:city.example", "host"),
        ("https:///a", "host"),
        ("//city.example/", "no URL"),
        ("", "no URL"),
        ("https://city.example/a b", "no URL"),
        ("https://city.example/\r\nX: y", "no URL"),
        ("https://city.example\\@other.example/", "no URL"),
        ("https://bücher.example/", "no URL"),
        ("https://city.example/%zz", "no URL"),
        ("https://user@city.example/", "user"),
        ("https://user:secret@city.example/", "user"),
        ("https://@city.example/", "user"),
        ("https://city.example%2f@x/", "user"),
        ("https://city.example:/", "port"),
        ("https://city.example:0/", "port"),
        ("https://city.example:080/", "port"),
        ("https://city.example:65536/", "port"),
        ("https://city.example:99999/", "port"),
        ("https://city.example:1:2/", "port"),
        ("https://city.example./", "host"),
        ("https://.city.example/", "host"),
        ("https://city..example/", "host"),
        ("https://-city.example/", "host"),
        ("https://city_hall.example/", "host"),
        ("https://city%2eexample/", "host"),
        (f"https://{'a' * 64}.example/", "host"),
        (f"https://{'a.' * 127}example/", "host"),
        ("https://2130706433/", "host"),  # addresses in other spellings
        ("https://0x7f000001/", "host"),
        ("https://0x7f.0.0.1/", "host"),
        ("https://127.1/", "host"),
        ("https://127.0.1/", "host"),
        ("https://0177.0.0.1/", "host"),
        ("https://127.0.0.0x1/", "host"),
        ("https://127.0.0.0x/", "host"),
        ("https://127.0.0.1./", "host"),
        ("https://[::ffff:127.0.0.1]/", "host"),  # its one spelling is ::ffff:7f00:1
        ("https://[0:0:0:0:0:0:0:1]/", "host"),
        ("https://[fe80::1%25eth0]/", "host"),
        ("https://[fe80::1%eth0]/", "no URL"),
        ("https://[9.9.9.9]/", "host"),
        ("https://[city.example]/", "host"),
        ("https://[v1.x]/", "host"),
        ("https://[::1/", "host"),
        ("https://::1/", "host"),
        ("https://[::1]x/", "host"),
        ("https://x[::1]/", "host"),
        ("https://[]/", "host"),
        ("https://city.example/" + "a" * MAX_URL, "no URL"),
    ],
)
def test_what_is_refused(url: str, why: str) -> None:
    with pytest.raises(SaysoError) as refused:
        target_of(url, PUBLIC)
    (problem,) = refused.value.problems
    assert problem.kind is URL_REFUSED
    assert why in problem.detail
    assert "secret" not in problem.detail


def test_the_longest_url_and_host() -> None:
    stem = "https://city.example/"
    assert len(target_of(stem + "a" * (MAX_URL - len(stem)), PUBLIC).url) == MAX_URL
    longest = "a" * 63 + "." + "b" * 63 + "." + "c" * 63 + "." + "d" * 61
    assert target_of(f"https://{longest}/", PUBLIC).host == longest
    with pytest.raises(SaysoError):
        target_of(f"https://{longest}d/", PUBLIC)


def test_http_is_for_development() -> None:
    assert target_of("http://localhost/", LOOPBACK_FOR_DEVELOPMENT).authority == "localhost"
    assert target_of("http://localhost:443/", LOOPBACK_FOR_DEVELOPMENT).authority == "localhost:443"


FROM = target_of("https://city.example/a/b?c", PUBLIC)


@pytest.mark.parametrize(
    ("location", "leads"),
    [
        ("/x", "https://city.example/x"),
        ("x?y", "https://city.example/a/x?y"),
        ("?z", "https://city.example/a/b?z"),
        ("", "https://city.example/a/b?c"),
        ("https://CITY.example:443/x#y", "https://city.example/x"),
        ("https://other.example/x", "https://other.example/x"),
        ("//third.example:8443/", "https://third.example:8443/"),
    ],
)
def test_where_an_answer_may_lead(location: str, leads: str) -> None:
    assert redirected(FROM, location, PUBLIC, ["other.example", "third.example:8443"]).url == leads


@pytest.mark.parametrize(
    ("location", "why"),
    [
        ("http://city.example/", "scheme"),
        ("file:///etc/passwd", "scheme"),
        ("https://city.example:8443/", "another host"),
        ("https://a.city.example/", "another host"),
        ("//third.example/", "another host"),
        ("https://user@city.example/", "user"),
        ("https://0x7f000001/", "host"),
        ("//[", "no URL"),
        ("/é", "no URL"),
        ("/a b", "no URL"),
    ],
)
def test_where_it_may_not_lead(location: str, why: str) -> None:
    with pytest.raises(SaysoError) as refused:
        redirected(FROM, location, PUBLIC, ["third.example:8443"])
    (problem,) = refused.value.problems
    assert problem.kind is REDIRECT_REFUSED
    assert why in problem.detail


def test_no_way_back_to_http() -> None:
    with pytest.raises(SaysoError) as refused:
        redirected(FROM, "http://city.example:443/", LOOPBACK_FOR_DEVELOPMENT, ["city.example:443"])
    assert "from https to http" in refused.value.problems[0].detail
    there = target_of("http://localhost/", LOOPBACK_FOR_DEVELOPMENT)
    assert redirected(there, "/x", LOOPBACK_FOR_DEVELOPMENT, ()).url == "http://localhost/x"
    with pytest.raises(SaysoError, match="another host"):
        redirected(there, "https://localhost/", LOOPBACK_FOR_DEVELOPMENT, ())
