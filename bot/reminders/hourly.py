"""What runs beside the service: reminders and the digest, every hour on the hour."""

from __future__ import annotations

import asyncio
import logging
from collections.abc import Awaitable, Callable
from datetime import datetime, timedelta
from typing import Protocol
from zoneinfo import ZoneInfo

from bot.maturity.days import PLACE
from bot.maturity.errors import StoreFailed
from bot.reminders.ports import Clock
from bot.reminders.sending import Reminding

_log = logging.getLogger(__name__)

Sleep = Callable[[float], Awaitable[object]]


class Digest(Protocol):
    """What looks whether the weekly digest is due; `bot.reminders.digest.WeeklyDigest` does."""

    async def send(self) -> object:
        """Send it, where it is. Raises StoreFailed."""


async def swedish_clock() -> Clock:
    """Tells the moment in Sweden, whenever it is called."""
    zone = await asyncio.to_thread(ZoneInfo, PLACE)  # it reads a file
    return lambda: datetime.now(zone)


async def every_hour(reminding: Reminding, digest: Digest, clock: Clock, sleep: Sleep = asyncio.sleep) -> None:
    """Send what is due, now and at every full hour; what the store refuses is tried again in the next one."""
    while True:
        try:
            await digest.send()
            await reminding.all_rounds()
        except StoreFailed:
            _log.exception("reminders could not be sent; the next try is in the next hour")
        await sleep(until_next_hour(clock()))


def until_next_hour(now: datetime) -> float:
    """Seconds, at least one."""
    begun = now.replace(minute=0, second=0, microsecond=0)
    return max(1.0, (begun + timedelta(hours=1) - now).total_seconds())
