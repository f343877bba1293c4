"""Reminders, sent: planned, counted, and only then delivered, so that a crash may lose one and never doubles any."""

from __future__ import annotations

import logging
from collections import Counter
from collections.abc import Mapping, Sequence
from typing import Protocol

from bot.maturity.ports import Rounds
from bot.maturity.round_life import SERVICE, By
from bot.maturity.rounds import Round, RoundStatus
from bot.reminders.model import Kept
from bot.reminders.planning import Line, Rules, Why, plan
from bot.reminders.ports import Clock, Delivery, Reminders

_log = logging.getLogger(__name__)

Tally = Mapping[Delivery, int]
"""How many reminders met with each outcome."""


class Messenger(Protocol):
    """Brings a reminder to a person, at a pace that its channel allows."""

    async def remind(self, kept: Kept, held: Round) -> Delivery:
        """Send it once. Raises nothing that belongs to a channel."""


class Record(Protocol):
    """Where it is written down that reminders were sent."""

    async def sent(self, held: Round, tally: Tally, by: By) -> None:
        """So many were, in a round, and `by` had that done. Raises nothing."""


class Reminding:
    """Reminds those who are due. Several may run at once, in this process or others: each reminder is sent by one."""

    def __init__(
        self,
        rounds: Rounds,
        reminders: Reminders,
        messenger: Messenger,
        clock: Clock,
        rules: Rules | None = None,
        record: Record | None = None,
    ) -> None:
        self._rounds = rounds
        self._reminders = reminders
        self._messenger = messenger
        self._clock = clock
        self.rules = rules or Rules()
        self._record = record

    async def plan(self, held: Round) -> Sequence[Line]:
        """Who would be reminded now, and why the others would not. Raises StoreFailed."""
        return plan(held, await self._reminders.of_round(held.id), self._clock(), self.rules)

    async def all_rounds(self) -> Tally:
        """Remind whoever is due in any open round. Raises StoreFailed."""
        sent: Counter[Delivery] = Counter()
        if not self.rules.allow(self._clock()):
            return sent
        for held in await self._rounds.rounds():
            if held.status is RoundStatus.OPEN and not held.practice:
                done = await self.one_round(held)
                sent.update(done)
                if Delivery.STOPPED in done:
                    break
        return sent

    async def one_round(self, held: Round, by: By = SERVICE) -> Tally:
        """Remind whoever is due in a round, until the hours end or the channel wants no more. Raises StoreFailed."""
        sent: Counter[Delivery] = Counter()
        due = [line.kept for line in await self.plan(held) if line.why is Why.DUE]
        try:
            for kept in due:
                if plan(held, [kept], self._clock(), self.rules)[0].why is not Why.DUE:
                    break  # the hours, or the day, ended while others were reminded
                delivery = await self._counted(kept, held)
                if delivery is not None:
                    sent[delivery] += 1
                if delivery is Delivery.STOPPED:
                    break
        finally:
            # What was sent is written down also where the store failed in the middle.
            if sent:
                await self._told(held, sent, by)
        return sent

    async def _told(self, held: Round, sent: Tally, by: By) -> None:
        told = ", ".join(f"{number} {delivery}" for delivery, number in sorted(sent.items()))
        _log.info("reminders of round %s: %s", held.label, told)
        if self._record is not None:
            await self._record.sent(held, sent, by)

    async def _counted(self, kept: Kept, held: Round) -> Delivery | None:
        """One reminder; None where it was no longer to be sent."""
        day = self._clock().date()
        if not await self._reminders.count(kept, day):
            return None
        delivery = await self._messenger.remind(kept, held)
        if delivery.surely_not:
            await self._reminders.uncount(kept, day)
        if delivery is Delivery.UNREACHABLE:
            await self._reminders.unreachable(kept)
        return delivery
