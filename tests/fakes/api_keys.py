"""Keys of the read API in memory."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace
from datetime import date

from bot.access.api_keys import ApiKey
from bot.access.errors import AccessStoreFailed


class MemoryApiKeys:
    """Implements `bot.access.api_keys.ApiKeys`; `broken` makes every method fail as a lost database does."""

    def __init__(self) -> None:
        self.kept: dict[str, ApiKey] = {}
        self.broken = False

    async def add(self, key: ApiKey) -> None:
        self._check()
        self.kept[key.id] = key

    async def find(self, key_id: str) -> ApiKey | None:
        self._check()
        return self.kept.get(key_id)

    async def all(self) -> Sequence[ApiKey]:
        self._check()
        return sorted(sorted(self.kept.values(), key=lambda each: each.id), key=lambda each: each.created, reverse=True)

    async def note_use(self, key_id: str, day: date) -> None:
        self._check()
        self.kept[key_id] = replace(self.kept[key_id], used=day)

    async def revoke(self, key_id: str, day: date) -> bool:
        self._check()
        found = self.kept.get(key_id)
        if found is not None:
            self.kept[key_id] = replace(found, revoked=found.revoked or day)
        return found is not None

    def _check(self) -> None:
        if self.broken:
            raise AccessStoreFailed("the fake store of keys was told to fail")
