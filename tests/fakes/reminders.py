"""Reminders and digests in memory, over the check's store in memory; and a channel that delivers as it is told to."""

from __future__ import annotations

import hashlib
from collections import deque
from collections.abc import Callable, Sequence
from dataclasses import dataclass, field, replace
from datetime import date

from bot.maturity.errors import RoundClosed, StoreFailed
from bot.maturity.ports import Person
from bot.maturity.responses import Response
from bot.maturity.round_life import SERVICE, By
from bot.maturity.rounds import Round
from bot.maturity.session import Session, Source
from bot.reminders.digest import OpenRound
from bot.reminders.model import Channel, Kept, Standing, Wish
from bot.reminders.ports import Delivery
from tests.fakes.check_store import MONDAY, Key, MemoryCheckStore


class RemindedStore(MemoryCheckStore):
    """A store of the check that has `reminders`, as the real ones have."""

    def __init__(self, *rounds: Round, clock: Callable[[], date] = lambda: MONDAY) -> None:
        super().__init__(*rounds, clock=clock)
        self.today = clock
        self.reminders = MemoryReminders(self, clock)

    async def save(self, person: Person, session: Session, expected: int) -> int:
        version = await super().save(person, session, expected)
        self.reminders.noted(session.round, person, session.source)
        return version

    async def submit(self, person: Person, session: Session, response: Response, expected: int) -> int:
        version = await super().submit(person, session, response, expected)
        self.reminders.noted(session.round, person, session.source)
        return version

    async def erase(self, person: Person, round_id: str, source: Source) -> bool:
        gone = await super().erase(person, round_id, source)
        self.reminders.rows.pop((round_id, person, source), None)
        return gone

    async def close(self, round_id: str, by: By = SERVICE) -> None:
        await super().close(round_id, by)
        self.reminders.rows = {key: row for key, row in self.reminders.rows.items() if key[0] != round_id}


class MemoryReminders:
    """Implements `bot.reminders.ports.Reminders`; `broken` makes every method fail."""

    def __init__(self, store: MemoryCheckStore, clock: Callable[[], date]) -> None:
        self.rows: dict[Key, Kept] = {}
        self.refused: set[Person] = set()
        self.broken = False
        self._store = store
        self._clock = clock

    async def remember(self, person: Person, round_id: str, source: Source, wish: Wish, *, asked: bool) -> Kept | None:
        self._require()
        found = self._store.held.get(round_id)
        if found is None or not found.takes_answers(self._clock()):
            raise RoundClosed(round_id)
        if asked:
            self.refused.discard(person)
        elif person in self.refused:
            return None
        key = (round_id, person, source)
        if key in self._store.responses:
            return None
        owner = hashlib.sha256(repr(key).encode()).hexdigest()
        before = self.rows.get(key) or Kept(round_id, owner, source, self._clock())
        self.rows[key] = replace(before, active=self._clock(), standing=Standing.WANTED, wish=wish)
        return self.rows[key]

    async def refuse(self, person: Person) -> None:
        self._require()
        self.refused.add(person)
        for key, row in self.rows.items():
            if key[1] == person:
                self.rows[key] = replace(row, standing=Standing.REFUSED, wish=None)

    async def of_round(self, round_id: str) -> Sequence[Kept]:
        self._require()
        rows = [
            replace(row, submitted=key in self._store.responses) for key, row in self.rows.items() if key[0] == round_id
        ]
        return sorted(rows, key=lambda row: (row.owner, row.source))

    async def count(self, kept: Kept, day: date) -> bool:
        self._require()
        key, row = self._found(kept)
        if key is None or row is None or row.wish is None or row.standing is not Standing.WANTED:
            return False
        if (row.sent, row.active) != (kept.sent, kept.active) or key in self._store.responses:
            return False
        self.rows[key] = replace(row, sent=kept.sent + 1, last=day)
        return True

    async def uncount(self, kept: Kept, day: date) -> None:
        self._require()
        key, row = self._found(kept)
        if key is not None and row is not None and (row.sent, row.last) == (kept.sent + 1, day):
            self.rows[key] = replace(row, sent=kept.sent, last=kept.last)

    async def unreachable(self, kept: Kept) -> None:
        self._require()
        key, row = self._found(kept)
        if key is not None and row is not None and row.standing is Standing.WANTED:
            self.rows[key] = replace(row, standing=Standing.UNREACHABLE, wish=None)

    def noted(self, round_id: str, person: Person, source: Source) -> None:
        """The person went on with the check, or sent it in."""
        key = (round_id, person, source)
        if key in self.rows:
            row = replace(self.rows[key], active=self._clock())
            self.rows[key] = replace(row, wish=None) if key in self._store.responses else row

    def _found(self, kept: Kept) -> tuple[Key | None, Kept | None]:
        for key, row in self.rows.items():
            if (row.round, row.owner, row.source) == (kept.round, kept.owner, kept.source):
                return key, row
        return None, None

    def _require(self) -> None:
        if self.broken:
            raise StoreFailed("the fake reminders were told to fail")


class MemoryDigests:
    """Implements `bot.reminders.ports.Digests`."""

    def __init__(self) -> None:
        self.to: Channel | None = None
        self.weeks: set[str] = set()
        self.broken = False

    async def channel(self) -> Channel | None:
        self._require()
        return self.to

    async def send_to(self, channel: Channel | None) -> None:
        self._require()
        self.to = channel

    async def count_week(self, week: str) -> bool:
        self._require()
        new = week not in self.weeks
        self.weeks.add(week)
        return new

    async def uncount_week(self, week: str) -> None:
        self._require()
        self.weeks.discard(week)

    def _require(self) -> None:
        if self.broken:
            raise StoreFailed("the fake digests were told to fail")


@dataclass(slots=True)
class Post:
    """Implements `Messenger` and `Herald`: delivers by `script`, everything else well, and remembers what it had.

    `before` is called before each delivery; what it raises is what a crash at that moment does.
    """

    script: deque[Delivery] = field(default_factory=deque)
    reminders: list[Kept] = field(default_factory=list)
    digests: list[tuple[Channel, Sequence[OpenRound]]] = field(default_factory=list)
    before: Callable[[], None] = lambda: None

    async def remind(self, kept: Kept, held: Round) -> Delivery:
        self.before()
        self.reminders.append(kept)
        return self.script.popleft() if self.script else Delivery.SENT

    async def tell(self, channel: Channel, rounds: Sequence[OpenRound]) -> Delivery:
        self.before()
        self.digests.append((channel, rounds))
        return self.script.popleft() if self.script else Delivery.SENT
