"""The check's store in memory; the contract tests hold it to the same promises as the real ones."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import replace
from datetime import date

from bot.maturity.errors import AlreadyAnswered, Conflict, RoundClosed, StoreFailed
from bot.maturity.ports import Draft, Person
from bot.maturity.responses import Response
from bot.maturity.rounds import Round, RoundStatus
from bot.maturity.session import Session, Source

Key = tuple[str, Person, Source]
"""Whose draft or response it is: round, person, source."""

MONDAY = date(2026, 11, 2)


class MemoryCheckStore:
    """Implements `bot.maturity.ports.CheckStore`; `broken` makes every method fail as a lost database does.

    `calls` are the names of the methods called; `clock` is the day that counts for whether a round is open.
    """

    def __init__(self, *rounds: Round, clock: Callable[[], date] = lambda: MONDAY) -> None:
        self.held: dict[str, Round] = {each.id: each for each in rounds}
        self.drafts: dict[Key, Draft] = {}
        self.responses: dict[Key, Response] = {}
        self.calls: list[str] = []
        self.broken = False
        self._clock = clock
        self._closed: list[Response] = []

    async def rounds(self) -> Sequence[Round]:
        self._called("rounds")
        return sorted(self.held.values(), key=lambda each: (each.opens, each.label), reverse=True)

    async def add(self, new: Round) -> None:
        self._called("add")
        if new.status is RoundStatus.CLOSED:
            raise RoundClosed(new.id)
        if new.id in self.held or any(each.label == new.label for each in self.held.values()):
            raise Conflict(new.id)
        self.held[new.id] = new

    async def open(self, round_id: str) -> None:
        self._called("open")
        found = self.held.get(round_id)
        if found is None or found.status is not RoundStatus.PLANNED:
            raise RoundClosed(round_id)
        self.held[round_id] = replace(found, status=RoundStatus.OPEN)

    async def close(self, round_id: str) -> None:
        self._called("close")
        if round_id not in self.held:
            raise RoundClosed(round_id)
        self.held[round_id] = replace(self.held[round_id], status=RoundStatus.CLOSED)
        self.drafts = {key: draft for key, draft in self.drafts.items() if key[0] != round_id}
        self._closed += [response for key, response in self.responses.items() if key[0] == round_id]
        self.responses = {key: response for key, response in self.responses.items() if key[0] != round_id}

    async def correct(self, changed: Round) -> None:
        self._called("correct")
        self._not_closed(changed.id)
        self.held[changed.id] = replace(self.held[changed.id], instrument=changed.instrument)

    async def mine(self, person: Person) -> Sequence[Draft]:
        self._called("mine")
        return [draft for (_, owner, _), draft in self.drafts.items() if owner == person]

    async def load(self, person: Person, round_id: str, source: Source) -> Draft | None:
        self._called("load")
        return self.drafts.get((round_id, person, source))

    async def save(self, person: Person, session: Session, expected: int) -> int:
        self._called("save")
        self._check(person, session, expected)
        return self._keep(person, session, expected)

    async def submit(self, person: Person, session: Session, response: Response, expected: int) -> int:
        self._called("submit")
        key = (session.round, person, session.source)
        self._check(person, session, expected)
        if response.source is Source.CONSENSUS:
            others = (each for other, each in self.responses.items() if other != key and each.round == response.round)
            taken = {name for each in others if each.source is Source.CONSENSUS for name in each.municipalities}
            if not taken.isdisjoint(response.municipalities):
                raise AlreadyAnswered(response.organisation)
        earlier = self.responses.get(key)
        self.responses[key] = replace(response, version=earlier.version + 1 if earlier else 1)
        return self._keep(person, session, expected)

    async def erase(self, person: Person, round_id: str, source: Source) -> bool:
        self._called("erase")
        self._not_closed(round_id)
        key = (round_id, person, source)
        gone = self.drafts.pop(key, None), self.responses.pop(key, None)
        return gone != (None, None)

    async def of_round(self, round_id: str) -> Sequence[Response]:
        self._called("of_round")
        return [each for each in (*self._closed, *self.responses.values()) if each.round == round_id]

    def _check(self, person: Person, session: Session, expected: int) -> None:
        found = self.held.get(session.round)
        if found is None or not found.takes_answers(self._clock()):
            raise RoundClosed(session.round)
        stored = self.drafts.get((session.round, person, session.source))
        if (stored.version if stored else 0) != expected:
            raise Conflict(session.round)

    def _keep(self, person: Person, session: Session, expected: int) -> int:
        self.drafts[session.round, person, session.source] = Draft(session, expected + 1)
        return expected + 1

    def _not_closed(self, round_id: str) -> None:
        found = self.held.get(round_id)
        if found is None or found.status is RoundStatus.CLOSED:
            raise RoundClosed(round_id)

    def _called(self, name: str) -> None:
        self.calls.append(name)
        if self.broken:
            raise StoreFailed("the fake store was told to fail")
