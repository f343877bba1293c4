"""Where messages may go: https on the open network, or explicitly this very machine.

A webhook that could be pointed at an address inside the network would make this service knock on doors that only it
can reach. What a name leads to is checked for every connection, in `checked_resolver`: here nothing is looked up, and
the settings, which every command reads, need no HTTP client.
"""

from __future__ import annotations

from ipaddress import IPv4Address, IPv6Address, ip_address
from urllib.parse import urlsplit

from bot.access.loopback import is_loopback
from bot.webhooks.errors import TargetRefused
from ingest.web_sources.open_network import is_open


def required(url: str) -> str:
    """The address. Raises TargetRefused where messages may not go there, whatever it turns out to lead to."""
    try:
        parts = urlsplit(url)
        host, port = parts.hostname or "", parts.port
    except ValueError as error:
        raise TargetRefused("it is no address") from error
    if not host or port == 0 or not url.isascii() or "@" in parts.netloc or set(url) & set(' \\"<>\t\r\n'):
        raise TargetRefused("it is no plain address")
    if parts.fragment:
        raise TargetRefused("it has a fragment")
    if is_loopback(host):
        if parts.scheme not in ("http", "https"):
            raise TargetRefused("it is neither http nor https")
        return url
    if parts.scheme != "https":
        raise TargetRefused("it is not https")
    address = _address(host)
    if address is not None and not is_open(address):
        raise TargetRefused("it is an address inside a network")
    return url


def _address(host: str) -> IPv4Address | IPv6Address | None:
    try:
        return ip_address(host)
    except ValueError:
        return None
