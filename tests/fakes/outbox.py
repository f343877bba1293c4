"""An outbox in memory."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace
from datetime import datetime

from bot.webhooks.errors import OutboxFailed
from bot.webhooks.outbox import Delivery, DeliveryState


class MemoryOutbox:
    """Implements `bot.webhooks.outbox.Outbox`; `broken` makes every method fail as a lost database does."""

    def __init__(self) -> None:
        self.kept: dict[tuple[str, str], Delivery] = {}
        self.broken = False

    async def put(self, deliveries: Sequence[Delivery]) -> int:
        self._check()
        new = [each for each in deliveries if (each.message, each.target) not in self.kept]
        self.kept.update({(each.message, each.target): each for each in new})
        return len(new)

    async def due(self, now: datetime, limit: int) -> Sequence[Delivery]:
        self._check()
        found = [each for each in self.kept.values() if each.state is DeliveryState.WAITING and each.due <= now]
        return sorted(found, key=lambda each: (each.due, each.message, each.target))[:limit]

    async def claim(self, delivery: Delivery, until: datetime) -> bool:
        self._check()
        kept = self.kept.get((delivery.message, delivery.target))
        if kept is None or kept.due != delivery.due or kept.state is not DeliveryState.WAITING:
            return False
        self.kept[delivery.message, delivery.target] = replace(kept, due=until)
        return True

    async def settle(self, delivery: Delivery, state: DeliveryState, *, due: datetime) -> None:
        self._check()
        kept = self.kept[delivery.message, delivery.target]
        changed = replace(kept, state=state, due=due, attempts=delivery.attempts + 1)
        self.kept[delivery.message, delivery.target] = changed

    async def forget_before(self, moment: datetime) -> int:
        self._check()
        old = [
            key for key, each in self.kept.items() if each.created < moment and each.state is not DeliveryState.WAITING
        ]
        for key in old:
            del self.kept[key]
        return len(old)

    def _check(self) -> None:
        if self.broken:
            raise OutboxFailed("the fake outbox was told to fail")
