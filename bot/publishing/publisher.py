"""Sees to it that every closed round has its edition: when it is told of one, every few minutes, and after a start."""

from __future__ import annotations

import asyncio
import logging
from dataclasses import dataclass
from datetime import date
from enum import StrEnum
from typing import Final, Protocol

from bot.maturity.days import Today
from bot.maturity.errors import StoreFailed
from bot.maturity.rounds import Round
from bot.publishing.due import Outcome, Stores, is_due
from bot.publishing.errors import CompilingFailed

PAUSE: Final = 300.0
"""Seconds between two looks at all rounds."""

LONGEST_PAUSE: Final = 24 * 3600.0
"""Seconds after which one that has failed is tried again at the latest; each failure doubles the pause."""

_log = logging.getLogger(__name__)


class Progress(StrEnum):
    """What becomes of a round's edition. COMPILING: it is being made, or waits for its turn. FAILED: it could not be
    made, and is tried again later or when asked. IDLE: there is nothing to do, or the round was only just closed."""

    IDLE = "idle"
    COMPILING = "compiling"
    FAILED = "failed"


class Publish(Protocol):
    """Makes a round's edition where it is due; `bot.publishing.process.ProcessPublishing` is one."""

    async def __call__(self, round_id: str, day: date) -> Outcome:
        """Raises CompilingFailed."""


@dataclass(slots=True)
class _Failure:
    """How often a round failed in a row, and when (the loop's clock) it is tried again."""

    times: int
    again: float


class Publisher:
    """Publishes one round at a time. `pause` is in seconds, between two looks and before a first retry."""

    def __init__(self, stores: Stores, publish: Publish, today: Today, *, pause: float = PAUSE) -> None:
        self._stores = stores
        self._publish = publish
        self._today = today
        self._pause = pause
        self._one_at_a_time = asyncio.Lock()
        self._poked = asyncio.Event()
        self._waiting: set[str] = set()
        self._failed: dict[str, _Failure] = {}
        self._settled: dict[str, int] = {}
        """Rounds that need no look until they are opened again, with the number of their openings."""

    def progress(self, round_id: str) -> Progress:
        """What becomes of a round's edition."""
        if round_id in self._waiting:
            return Progress.COMPILING
        return Progress.FAILED if round_id in self._failed else Progress.IDLE

    def poke(self) -> None:
        """Look at all rounds now, such as after one was closed."""
        self._poked.set()

    def ask(self, round_id: str) -> None:
        """Try a round again that has failed, without waiting for its time."""
        self._failed.pop(round_id, None)
        self._settled.pop(round_id, None)
        self.poke()

    async def publish(self, round_id: str) -> Outcome:
        """Make a round's edition where it is due, after whatever is being made. Raises CompilingFailed."""
        self._waiting.add(round_id)
        try:
            async with self._one_at_a_time:
                outcome = await self._publish(round_id, self._today())
        except CompilingFailed:
            times = self._failed[round_id].times + 1 if round_id in self._failed else 1
            pause = min(self._pause * 2 ** min(times, 20), LONGEST_PAUSE)
            self._failed[round_id] = _Failure(times, asyncio.get_running_loop().time() + pause)
            raise
        finally:
            self._waiting.discard(round_id)
        self._failed.pop(round_id, None)
        return outcome

    async def run(self) -> None:
        """Publish what is due, now, every few minutes, and whenever poked; whatever goes wrong, it goes on."""
        while True:
            self._poked.clear()
            await self.look()
            try:
                async with asyncio.timeout(self._pause):
                    await self._poked.wait()
            except TimeoutError:
                continue

    async def look(self) -> None:
        """Publish what is due, once."""
        try:
            due = [each for each in await self._stores.check.rounds() if await self._is_due(each)]
        except StoreFailed:
            _log.exception("closed rounds could not be looked at; the next look is in %.0f s", self._pause)
            return
        self._waiting.update(each.id for each in due)
        for held in due:
            try:
                outcome = await self.publish(held.id)
            except CompilingFailed as error:
                _log.error("round %s could not be published: %s", held.label, error)
                continue
            self._settled[held.id] = held.openings
            if outcome.made:
                _log.info("published edition %d of round %s", outcome.number, held.label)

    async def _is_due(self, held: Round) -> bool:
        failure = self._failed.get(held.id)
        if failure is not None and asyncio.get_running_loop().time() < failure.again:
            return False
        if self._settled.get(held.id) == held.openings:
            return False
        due = await is_due(held, self._stores)
        if not due and held.is_over:
            self._settled[held.id] = held.openings
        return due
