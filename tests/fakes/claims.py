"""A store of taken activities in memory, which replicas of one test share."""

from __future__ import annotations

import asyncio
from collections.abc import Mapping, Sequence
from datetime import datetime

from bot.access.claims import End, Standing


class MemoryClaims:
    """Implements `bot.access.claims.ClaimStore`. `error` is raised, `hold` waited for; `writes` counts transactions."""

    def __init__(self, *, shared: bool = True) -> None:
        self.shared = shared
        self.rows: dict[str, tuple[str, int | None, datetime]] = {}
        self.writes = 0
        self.error: Exception | None = None
        self.hold: asyncio.Event | None = None

    async def write(
        self, holder: str, wishes: Sequence[str], ends: Sequence[End], now: datetime, until: datetime
    ) -> Mapping[str, Standing]:
        self.writes += 1
        if self.hold is not None:
            await self.hold.wait()
        if self.error is not None:
            raise self.error
        for end in ends:
            if self.rows.get(end.key, (holder,))[0] == holder:
                self.rows[end.key] = holder, end.status, end.until
        return {key: self._take(key, holder, now, until) for key in wishes}

    def _take(self, key: str, holder: str, now: datetime, until: datetime) -> Standing:
        owner, status, expires = self.rows.get(key, (holder, None, now))
        if expires <= now or (owner == holder and status is None):
            self.rows[key] = holder, None, until
            return Standing.MINE
        return Standing.UNDER_WAY if status is None else Standing.ANSWERED

    async def answered(self, now: datetime) -> Mapping[str, datetime]:
        if self.error is not None:
            raise self.error
        return {key: end for key, (_, status, end) in self.rows.items() if status is not None and end > now}

    async def renew(self, holder: str, keys: Sequence[str], until: datetime) -> None:
        for key in keys:
            if self.rows.get(key, ("",))[0] == holder:
                self.rows[key] = holder, self.rows[key][1], until

    async def forget(self, before: datetime) -> int:
        past = [key for key, (_, _, expires) in self.rows.items() if expires < before]
        for key in past:
            del self.rows[key]
        return len(past)
