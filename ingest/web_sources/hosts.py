"""What is known of one site during a run: its rules, when it may be asked again, and who is asking it."""

from __future__ import annotations

import asyncio
from collections.abc import AsyncIterator, Awaitable, Callable
from contextlib import asynccontextmanager
from dataclasses import dataclass, field
from typing import Final

from ingest.errors import DocumentRejected, Reason
from ingest.web_sources.robots import Robots

AT_ONCE: Final = 2
"""Requests of one site at the same time."""
ENOUGH: Final = 5
"""Pages in a row that could not be had after all attempts; then the site is taken to be down."""

Sleep = Callable[[float], Awaitable[object]]


@dataclass(slots=True)
class Host:
    """`closed` is why nothing more is asked of it; `rules` are None until they were fetched."""

    sleep: Sleep = asyncio.sleep
    rules: Robots | None = None
    closed: tuple[Reason, str] | None = None
    failures: int = 0
    reading_rules: asyncio.Lock = field(default_factory=asyncio.Lock)
    _turns: asyncio.Semaphore = field(default_factory=lambda: asyncio.Semaphore(AT_ONCE))
    _free_at: float = 0.0

    @asynccontextmanager
    async def turn(self) -> AsyncIterator[None]:
        """Wait until the site may be asked. Raises DocumentRejected where nothing more is asked of it."""
        async with self._turns:
            now = asyncio.get_running_loop().time()
            begin = max(now, self._free_at)
            self._free_at = begin + (self.rules.delay if self.rules is not None else 0.0)
            if begin > now:
                await self.sleep(begin - now)
            if self.closed is not None:
                raise self.refusal()
            yield

    def wait(self, seconds: float) -> None:
        """The site asks everybody to wait."""
        self._free_at = max(self._free_at, asyncio.get_running_loop().time() + seconds)

    def close(self, reason: Reason, detail: str) -> None:
        """Ask nothing more of it."""
        self.closed = self.closed or (reason, detail)

    def refusal(self) -> DocumentRejected:
        """Why nothing more is asked."""
        return DocumentRejected(*(self.closed or (Reason.UNREACHABLE, "")))

    def failed(self, detail: str) -> None:
        """A page could not be had."""
        self.failures += 1
        if self.failures >= ENOUGH:
            self.close(Reason.UNREACHABLE, f"{self.failures} pages in a row: {detail}")
