"""A journal in memory; the contract tests hold it to the same promises as the real ones."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime

from bot.conversation.ports import Entry, JournalFailed, Place, Rated, Rating


class MemoryJournal:
    """Implements `bot.conversation.ports.Journal`; `broken` makes every method fail as a lost database does."""

    def __init__(self) -> None:
        self.entries: dict[str, Entry] = {}
        self.deliveries: dict[tuple[Place, str], str] = {}
        self.thumbs: dict[tuple[str, str], Rating] = {}
        self.broken = False

    async def record(self, entry: Entry) -> None:
        self._check()
        self.entries.setdefault(entry.id, entry)

    async def delivered(self, answer_id: str, place: Place, activity: str) -> None:
        self._check()
        if answer_id in self.entries and self.entries[answer_id].place == place:
            self.deliveries[place, activity] = answer_id

    async def rate(self, rating: Rating) -> bool:
        self._check()
        answer = self._under(rating.place, rating.reply_to)
        if answer is None:
            return False
        self.thumbs[answer, rating.rater] = rating
        return True

    async def rated(self, place: Place, reply_to: str | None) -> Rated | None:
        self._check()
        answer = self._under(place, reply_to)
        entry = self.entries[answer] if answer is not None else None
        return Rated(entry.question, entry.answer.language) if entry is not None else None

    async def history(self, place: Place, *, since: datetime, limit: int) -> Sequence[str]:
        self._check()
        recent = sorted((entry for entry in self._of(place) if entry.at >= since), key=lambda entry: entry.at)
        return [entry.question for entry in recent][-limit:]

    async def forget_before(self, moment: datetime, decision: str = "") -> int:
        self._check()
        old = [entry.id for entry in self.entries.values() if entry.at < moment]
        for answer in old:
            del self.entries[answer]
        self.deliveries = {key: answer for key, answer in self.deliveries.items() if answer not in old}
        self.thumbs = {key: rating for key, rating in self.thumbs.items() if key[0] not in old}
        return len(old)

    def _under(self, place: Place, reply_to: str | None) -> str | None:
        if reply_to is not None:
            return self.deliveries.get((place, reply_to))
        latest = max(self._of(place), key=lambda entry: entry.at, default=None)
        return latest.id if latest else None

    def _of(self, place: Place) -> list[Entry]:
        return [entry for entry in self.entries.values() if entry.place == place]

    def _check(self) -> None:
        if self.broken:
            raise JournalFailed("the fake journal was told to fail")
