"""The background task: notes what is news, and has it delivered."""

from __future__ import annotations

import asyncio
import logging
from collections.abc import Callable
from datetime import UTC, datetime
from typing import Final

from bot.maturity.days import Today
from bot.maturity.errors import StoreFailed
from bot.maturity.ports import Editions, Rounds
from bot.webhooks.courier import MEMORY, Courier
from bot.webhooks.errors import OutboxFailed
from bot.webhooks.events import events
from bot.webhooks.outbox import Delivery, Outbox

PAUSE: Final = 30.0
"""Seconds between two looks at what is news and what is due."""

_log = logging.getLogger(__name__)


class Telling:
    """Notes events of `rounds` and `editions` in the outbox. `base` is the service's address."""

    def __init__(
        self,
        rounds: Rounds,
        editions: Editions,
        outbox: Outbox,
        *,
        today: Today,
        base: str,
        clock: Callable[[], datetime] = lambda: datetime.now(UTC),
    ) -> None:
        self._rounds = rounds
        self._editions = editions
        self._outbox = outbox
        self._today = today
        self._base = base.rstrip("/")
        self._clock = clock

    async def note(self, courier: Courier) -> int:
        """Put what is news into the outbox, once for each target; how much is new. Raises StoreFailed, OutboxFailed."""
        now, today = self._clock(), self._today()
        over = [each for each in await self._rounds.rounds() if each.is_over]
        editions = {each.id: await self._editions.all(each.id) for each in over}
        deliveries = [
            Delivery(each.id, target, each.type, each.body(now), now, now)
            for each in events(over, editions, today=today, base=self._base)
            for target in courier.targets
        ]
        return await self._outbox.put(deliveries) if deliveries else 0

    async def go_on(self, courier: Courier, pause: float = PAUSE) -> None:
        """Note and deliver until cancelled; a database that fails is tried again after the pause."""
        while True:
            try:
                await self.note(courier)
                await courier.deliver_due()
                await self._outbox.forget_before(self._clock() - MEMORY)
            except (StoreFailed, OutboxFailed) as error:
                _log.error("webhooks wait for the database: %s", error)
            await asyncio.sleep(pause)
