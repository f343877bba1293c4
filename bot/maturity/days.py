"""The day that counts for rounds: where Fyren's people are, whatever the machine's time zone."""

from __future__ import annotations

import asyncio
from collections.abc import Callable
from datetime import date, datetime
from zoneinfo import ZoneInfo

PLACE = "Europe/Stockholm"
"""Where rounds begin and end at midnight."""

Today = Callable[[], date]


async def swedish_zone() -> ZoneInfo:
    """Swedish time, by which moments are told to people."""
    return await asyncio.to_thread(ZoneInfo, PLACE)  # it reads a file


async def swedish_days() -> Today:
    """Tells the day in Sweden, whenever it is called."""
    zone = await swedish_zone()
    return lambda: datetime.now(zone).date()
