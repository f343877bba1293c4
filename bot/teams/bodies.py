"""Reading a body no further than agreed, in either direction."""

from __future__ import annotations

import asyncio

import aiohttp

from bot.teams.errors import BodyTooLarge


async def read_limited(stream: aiohttp.StreamReader, limit: int) -> bytes:
    """The whole body of at most `limit` bytes. Raises BodyTooLarge, and what the connection raises."""
    try:
        await stream.readexactly(limit + 1)
    except asyncio.IncompleteReadError as whole:
        return whole.partial
    raise BodyTooLarge(f"more than {limit} bytes")
