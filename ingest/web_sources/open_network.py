"""Which addresses are on the open network: a service that could be pointed at others would knock on inner doors."""

from __future__ import annotations

from ipaddress import IPv4Address, IPv6Address, IPv6Network
from typing import Final

_HANDED_OUT: Final = IPv6Network("2000::/3")
"""All that IANA gives out of IPv6 for use on the internet; the rest is reserved, inside networks, or out of use."""
_TRANSLATED: Final = IPv6Network("64:ff9b::/96")
"""The well-known prefix of NAT64 (RFC 6052): the last four bytes are an IPv4 address."""
_OF_PROTOCOLS: Final = 192 << 24
"""192.0.0.0/24 (RFC 6890), for protocols between machines; Python counts two of its addresses as global."""


def is_open(address: IPv4Address | IPv6Address) -> bool:
    """Whether an address is on the open network; what carries another address inside it is judged by that one."""
    if isinstance(address, IPv4Address):
        return address.is_global and not address.is_multicast and int(address) >> 8 != _OF_PROTOCOLS >> 8
    inner = _carried(address)
    if inner is not None:
        return is_open(inner)
    return address in _HANDED_OUT and address.is_global


def _carried(address: IPv6Address) -> IPv4Address | None:
    """The IPv4 address inside an IPv6 one: mapped, by 6to4, or by NAT64."""
    if address.ipv4_mapped is not None or address.sixtofour is not None:
        return address.ipv4_mapped or address.sixtofour
    return IPv4Address(address.packed[12:]) if address in _TRANSLATED else None
