"""Looks up where messages go: for every connection, which then goes to the address that was checked."""

from __future__ import annotations

import socket
from ipaddress import ip_address

from aiohttp.abc import AbstractResolver, ResolveResult
from aiohttp.resolver import ThreadedResolver

from bot.access.loopback import is_loopback
from bot.webhooks.targets import is_open


class CheckedResolver(AbstractResolver):
    """Looks names up, and refuses all of a name's addresses where one of them is inside a network.

    Names of this machine are taken as they are: whoever writes one into the settings means it.
    """

    def __init__(self, inner: AbstractResolver | None = None) -> None:
        self._inner = inner or ThreadedResolver()

    async def resolve(
        self, host: str, port: int = 0, family: socket.AddressFamily = socket.AF_INET
    ) -> list[ResolveResult]:
        """The addresses. Raises OSError where the name has none, or one that is refused."""
        found = await self._inner.resolve(host, port, family)
        if not is_loopback(host) and not all(is_open(ip_address(each["host"].partition("%")[0])) for each in found):
            raise OSError("the name leads to an address inside a network")
        return found

    async def close(self) -> None:
        """Close what looks names up."""
        await self._inner.close()
