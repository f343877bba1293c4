"""Looks up where messages go: for every connection, which then goes to the address that was checked."""

from __future__ import annotations

from aiohttp.abc import AbstractResolver

from bot.access.loopback import is_loopback
from ingest.web_sources.resolver import OpenResolver


class CheckedResolver(OpenResolver):
    """Refuses what is inside a network, but for names of this machine: who writes one into the settings means it."""

    def __init__(self, inner: AbstractResolver | None = None) -> None:
        super().__init__(inner, trusted=is_loopback)
