"""Tell which addresses may be reached: by default public ones alone, so that nobody's URL opens a door into this network.

Source: IANA IPv4 and IPv6 Special-Purpose Address Registries (RFC 6890); SD-JWT VC draft 19, retrieval over HTTP (SV-9).
"""

from collections.abc import Callable, Iterable
from ipaddress import IPv4Address, IPv4Network, IPv6Address, IPv6Network, ip_address
from typing import NamedTuple, TypeAlias

from sayso.errors import ADDRESS_REFUSED, RETRIEVAL_FAILED, SaysoError

Address: TypeAlias = IPv4Address | IPv6Address

MAX_ADDRESSES = 8
"""How many addresses of one host are looked at; a name that leads to more is cut there."""

_NOT_PUBLIC_4 = tuple(
    map(
        IPv4Network,
        (
            "0.0.0.0/8",  # this network
            "10.0.0.0/8",  # private
            "100.64.0.0/10",  # shared by the customers of a provider; a cloud's metadata at 100.100.100.200
            "127.0.0.0/8",  # this machine
            "168.63.129.16/32",  # a cloud's metadata, at an address that looks public
            "169.254.0.0/16",  # link-local; metadata at 169.254.169.254
            "172.16.0.0/12",  # private
            "192.0.0.0/24",  # protocol assignments; a cloud's metadata at 192.0.0.192
            "192.0.2.0/24",  # documentation
            "192.88.99.0/24",  # relays of 6to4
            "192.168.0.0/16",  # private
            "198.18.0.0/15",  # benchmarking
            "198.51.100.0/24",  # documentation
            "203.0.113.0/24",  # documentation
            "224.0.0.0/4",  # multicast
            "240.0.0.0/4",  # reserved, and the broadcast
        ),
    )
)
# Of IPv6 only global unicast is public: not loopback, unspecified, unique local (fd00:ec2::254), link-local or multicast.
_GLOBAL_6 = IPv6Network("2000::/3")
_NOT_PUBLIC_6 = tuple(
    map(
        IPv6Network,
        (
            "2001::/23",  # protocol assignments, Teredo among them
            "2001:db8::/32",  # documentation
            "3fff::/20",  # documentation
        ),
    )
)
# What carries an IPv4 address is that address: mapped (RFC 4291), NAT64 (RFC 6052, the well-known prefix) and 6to4 (RFC 3056).
_CARRIERS = ((IPv6Network("::ffff:0:0/96"), 0), (IPv6Network("64:ff9b::/96"), 0), (IPv6Network("2002::/16"), 80))


class Reach(NamedTuple):
    """Name what a fetcher may reach: the schemes, and the addresses of which `admits` is true."""

    name: str
    schemes: frozenset[str]
    admits: Callable[[Address], bool]


def is_public(address: Address) -> bool:
    """Tell whether an address is of the public internet, and so is the one that it carries.

    >>> is_public(ip_address("9.9.9.9")), is_public(ip_address("169.254.169.254")), is_public(ip_address("::ffff:10.0.0.1"))
    (True, False, False)
    """
    if isinstance(address, IPv4Address):
        return not any(address in block for block in _NOT_PUBLIC_4)
    for block, shift in _CARRIERS:
        if address in block:
            return is_public(IPv4Address(int(address) >> shift & 0xFFFFFFFF))
    return address in _GLOBAL_6 and not any(address in block for block in _NOT_PUBLIC_6)


def is_loopback(address: Address) -> bool:
    """Tell whether an address is this machine's own, and written as such."""
    return address.is_loopback and not (isinstance(address, IPv6Address) and address.ipv4_mapped)


PUBLIC = Reach("PUBLIC", frozenset({"https"}), is_public)
"""Reach public addresses over https: the default."""

LOOPBACK_FOR_DEVELOPMENT = Reach("LOOPBACK_FOR_DEVELOPMENT", frozenset({"http", "https"}), is_loopback)
"""Reach this machine alone, over http too: for a developer's own server, and never where others choose the URL."""


def admitted(found: Iterable[str], reach: Reach) -> tuple[str, ...]:
    """Give the addresses of a host that may be connected to; one that may not refuses them all.

    Raises:
        SaysoError: ADDRESS_REFUSED, or RETRIEVAL_FAILED where there is none.
    """
    texts = tuple(dict.fromkeys(found))[:MAX_ADDRESSES]
    if not texts:
        raise SaysoError.of(RETRIEVAL_FAILED, "the name leads to no address")
    if not all(_admits(reach, text) for text in texts):
        raise SaysoError.of(ADDRESS_REFUSED, f"an address of the host is not one of {reach.name}")
    return texts


def _admits(reach: Reach, text: str) -> bool:
    try:
        return reach.admits(ip_address(text))
    except ValueError:
        return False
