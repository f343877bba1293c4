"""Looks names up for every connection, which then goes to the address that was checked and to no other."""

from __future__ import annotations

import socket
from collections.abc import Callable
from ipaddress import ip_address

from aiohttp.abc import AbstractResolver, ResolveResult
from aiohttp.resolver import ThreadedResolver

from ingest.web_sources.open_network import is_open


class InsideNetwork(OSError):
    """The name leads, among others, to an address that is not on the open network."""


class OpenResolver(AbstractResolver):
    """Refuses all of a name's addresses where one of them is inside a network.

    `trusted` are names that are taken as they are, wherever they lead: none, unless said otherwise.
    """

    def __init__(
        self, inner: AbstractResolver | None = None, *, trusted: Callable[[str], bool] = lambda host: False
    ) -> None:
        self._inner = inner or ThreadedResolver()
        self._trusted = trusted

    async def resolve(
        self, host: str, port: int = 0, family: socket.AddressFamily = socket.AF_INET
    ) -> list[ResolveResult]:
        """The addresses. Raises OSError where the name has none, InsideNetwork."""
        found = await self._inner.resolve(host, port, family)
        if not self._trusted(host) and not all(is_open(ip_address(each["host"].partition("%")[0])) for each in found):
            raise InsideNetwork("the name leads to an address inside a network")
        return found

    async def close(self) -> None:
        """Close what looks names up."""
        await self._inner.close()
