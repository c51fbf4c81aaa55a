"""Which addresses may be reached."""

from ipaddress import ip_address

import pytest

from sayso.errors import ADDRESS_REFUSED, RETRIEVAL_FAILED, SaysoError
from sayso.http.addresses import LOOPBACK_FOR_DEVELOPMENT, MAX_ADDRESSES, PUBLIC, admitted, is_loopback, is_public

PUBLIC_ONES = [
    "1.1.1.1",
    "9.255.255.255",
    "11.0.0.0",
    "100.63.255.255",
    "100.128.0.0",
    "126.255.255.255",
    "168.63.129.15",
    "168.63.129.17",
    "169.253.255.255",
    "172.15.255.255",
    "172.32.0.0",
    "192.0.1.0",
    "192.167.255.255",
    "192.169.0.0",
    "198.17.255.255",
    "198.20.0.0",
    "223.255.255.255",
    "2001:200::1",
    "2606:4700::1111",
    "2a00:1450::1",
    "::ffff:9.9.9.9",
    "64:ff9b::9.9.9.9",
    "2002:909:909::1",  # 6to4 of 9.9.9.9
]
REFUSED = [
    "0.0.0.0",  # noqa: S104 - refused
    "0.255.255.255",
    "10.0.0.1",
    "10.255.255.255",
    "100.64.0.0",
    "100.100.100.200",
    "100.127.255.255",
    "127.0.0.1",
    "127.255.255.255",
    "168.63.129.16",
    "169.254.0.0",
    "169.254.169.254",
    "172.16.0.0",
    "172.31.255.255",
    "192.0.0.192",
    "192.0.2.1",
    "192.88.99.1",
    "192.168.0.0",
    "192.168.255.255",
    "198.18.0.0",
    "198.19.255.255",
    "198.51.100.1",
    "203.0.113.1",
    "224.0.0.1",
    "239.255.255.255",
    "240.0.0.1",
    "255.255.255.255",
    "::",
    "::1",
    "::7f00:1",  # IPv4-compatible, out of use
    "::ffff:127.0.0.1",
    "::ffff:169.254.169.254",
    "::ffff:0:7f00:1",
    "64:ff9b::10.0.0.1",
    "64:ff9b::a9fe:a9fe",
    "64:ff9b:1::9.9.9.9",  # NAT64 of this network alone
    "100::1",
    "2001::1",  # Teredo
    "2001:1ff:ffff::1",
    "2001:db8::1",
    "2002:7f00:1::1",
    "2002:a9fe:a9fe::1",
    "2002:c0a8:101::",
    "3fff::1",
    "4000::1",
    "5f00::1",
    "fc00::1",
    "fd00:ec2::254",
    "fe80::1",
    "fe80::1%eth0",
    "fec0::1",
    "ff02::1",
]


@pytest.mark.parametrize("text", PUBLIC_ONES)
def test_public(text: str) -> None:
    assert is_public(ip_address(text))
    assert admitted([text], PUBLIC) == (text,)


@pytest.mark.parametrize("text", REFUSED)
def test_not_public(text: str) -> None:
    assert not is_public(ip_address(text))
    for found in ([text], ["9.9.9.9", text]):  # one that is refused refuses them all
        with pytest.raises(SaysoError) as refused:
            admitted(found, PUBLIC)
        assert refused.value.problems[0].kind is ADDRESS_REFUSED
        assert text not in refused.value.problems[0].detail  # what a name leads to inside a network is nobody's business


@pytest.mark.parametrize("text", ["127.0.0.1", "127.9.9.9", "::1"])
def test_loopback(text: str) -> None:
    assert is_loopback(ip_address(text))
    assert admitted([text], LOOPBACK_FOR_DEVELOPMENT) == (text,)


@pytest.mark.parametrize("text", ["9.9.9.9", "10.0.0.1", "0.0.0.0", "::", "::ffff:127.0.0.1", "fe80::1", "169.254.169.254"])  # noqa: S104
def test_development_reaches_nothing_else(text: str) -> None:
    with pytest.raises(SaysoError) as refused:
        admitted(["127.0.0.1", text], LOOPBACK_FOR_DEVELOPMENT)
    assert refused.value.problems[0].kind is ADDRESS_REFUSED


@pytest.mark.parametrize("text", ["", "localhost", "127.1", "0x7f.1", "2130706433", "127.0.0.01", "9.9.9.9 ", "9.9.9.9:80"])
def test_what_a_resolver_says_that_is_no_address(text: str) -> None:
    for reach in (PUBLIC, LOOPBACK_FOR_DEVELOPMENT):
        with pytest.raises(SaysoError) as refused:
            admitted([text], reach)
        assert refused.value.problems[0].kind is ADDRESS_REFUSED


def test_none_and_many() -> None:
    with pytest.raises(SaysoError) as refused:
        admitted([], PUBLIC)
    assert refused.value.problems[0].kind is RETRIEVAL_FAILED
    many = [f"9.9.9.{number}" for number in range(200)]
    assert admitted([many[0], *many], PUBLIC) == tuple(many[:MAX_ADDRESSES])
