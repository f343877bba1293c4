"""The storage addresses that an activity may name, told from all others: https, and a host on a list.

As with service addresses, a bot that believed whatever it is told could be made to send people's answers anywhere, and
to fetch what only it can reach.
"""

from __future__ import annotations

from collections.abc import Iterable
from urllib.parse import urlsplit

from yarl import URL


class AddressRefused(Exception):
    """The message is for the log, and names no more of the address than its host: whoever holds it is let in."""


class FileHosts:
    """Names of hosts (`name` or `name:port`), where `*.name` stands for every name below that one."""

    def __init__(self, hosts: Iterable[str]) -> None:
        small = {host.lower() for host in hosts}
        self._exact = frozenset(host for host in small if not host.startswith("*."))
        self._below = tuple(host[1:] for host in small if host.startswith("*."))

    def require(self, url: str) -> URL:
        """The address, spelled as it came. Raises AddressRefused."""
        try:
            parts, parsed = urlsplit(url), URL(url, encoded=True)
            host, port = parts.hostname or "", parts.port
            # Two readers that disagree about the host are how an address gets past a list.
            agreed = (parsed.scheme, (parsed.raw_host or "").lower(), parsed.explicit_port) == ("https", host, port)
        except ValueError as error:
            raise AddressRefused("it is no address") from error
        if (
            not agreed
            or not all(host.split("."))
            or not self._allowed(host, port)
            or "@" in parts.netloc
            or parts.fragment
            or not url.isascii()
            or any(mark in url for mark in "\\ \t\r\n\x00")
        ):
            raise AddressRefused(f"files are not exchanged with {host[:100]!r}, or not at addresses of this form")
        return parsed

    def _allowed(self, host: str, port: int | None) -> bool:
        if port not in (None, 443):
            return f"{host}:{port}" in self._exact
        return host in self._exact or host.endswith(self._below)
