"""A pace for what is sent outside of turns, far below what Teams allows an app in a tenant (50 requests a second)."""

from __future__ import annotations

import asyncio
from collections.abc import Awaitable, Callable

Sleep = Callable[[float], Awaitable[object]]


class Pace:
    """Whoever waits for a `turn` goes on `interval` seconds after the one before, in the order of coming."""

    def __init__(
        self, interval: float, *, clock: Callable[[], float] | None = None, sleep: Sleep = asyncio.sleep
    ) -> None:
        self._interval = interval
        self._clock = clock
        self._sleep = sleep
        self._next = float("-inf")

    async def turn(self) -> None:
        """Wait for one's turn."""
        now = self._clock() if self._clock else asyncio.get_running_loop().time()
        start = max(now, self._next)
        self._next = start + self._interval
        if start > now:
            await self._sleep(start - now)

    def hold(self, seconds: float) -> None:
        """Nobody goes on for so many seconds: the other side has asked for that."""
        now = self._clock() if self._clock else asyncio.get_running_loop().time()
        self._next = max(self._next, now + seconds)
