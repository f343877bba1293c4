"""The check's store in memory; the contract tests hold it to the same promises as the real ones."""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable, Collection, Mapping, Sequence
from dataclasses import replace
from datetime import UTC, date, datetime
from hashlib import sha256

from bot.access.audit import Action, AuditEvent
from bot.maturity import round_life
from bot.maturity.errors import AlreadyAnswered, Conflict, RoundClosed, StepRefused, StoreFailed
from bot.maturity.ports import Draft, Edition, Group, Participation, Person, VisibilityDecision
from bot.maturity.responses import Response
from bot.maturity.round_life import SERVICE, By, Request, Step
from bot.maturity.rounds import Round, RoundStatus
from bot.maturity.session import Session, Source

Key = tuple[str, Person, Source]
"""Whose draft or response it is: round, person, source."""

MONDAY = date(2026, 11, 2)


class MemoryCheckStore:
    """Implements `bot.maturity.ports.CheckStore`; `broken` makes every method fail as a lost database does.

    `calls` are the names of the methods called; `clock` is the day that counts for whether a round is open; `log` is
    what the audit log would hold, oldest first.
    """

    def __init__(self, *rounds: Round, clock: Callable[[], date] = lambda: MONDAY) -> None:
        self.held: dict[str, Round] = {each.id: each for each in rounds}
        self.drafts: dict[Key, Draft] = {}
        self.responses: dict[Key, Response] = {}
        self.calls: list[str] = []
        self.log: list[AuditEvent] = []
        self.broken = False
        self._clock = clock
        self._closed: list[tuple[str, Response]] = []

    async def rounds(self) -> Sequence[Round]:
        self._called("rounds")
        return sorted(self.held.values(), key=lambda each: (each.opens, each.label), reverse=True)

    async def add(self, new: Round, by: By = SERVICE) -> None:
        self._called("add")
        made = round_life.take(Step.CREATE, new, Request(by, self._clock()))
        if new.id in self.held or any(each.label == new.label for each in self.held.values()):
            raise Conflict(new.id)
        self.held[new.id] = made
        self._told(Step.CREATE, None, made, by)

    async def open(self, round_id: str, by: By = SERVICE) -> None:
        self._called("open")
        self._step(Step.OPEN, round_id, Request(by, self._clock()))

    async def close(self, round_id: str, by: By = SERVICE) -> None:
        self._called("close")
        if self._found(round_id).status is not RoundStatus.CLOSED:
            self._step(Step.CLOSE, round_id, Request(by, self._clock()))
        self.drafts = {key: draft for key, draft in self.drafts.items() if key[0] != round_id}
        self._closed += [(self._id(key), response) for key, response in self.responses.items() if key[0] == round_id]
        self.responses = {key: response for key, response in self.responses.items() if key[0] != round_id}

    async def reopen(self, round_id: str, *, closes: date, reason: str, by: By = SERVICE) -> None:
        self._called("reopen")
        self._step(Step.REOPEN, round_id, Request(by, self._clock(), reason=reason, closes=closes))

    async def archive(
        self, round_id: str, *, diary_number: str, retention: str, keep_answers: int | None = None, by: By = SERVICE
    ) -> None:
        self._called("archive")
        asked = Request(by, self._clock(), diary_number=diary_number, retention=retention, keep_answers=keep_answers)
        self._step(Step.ARCHIVE, round_id, asked)

    async def change(self, changed: Round, by: By = SERVICE) -> None:
        self._called("change")
        before = self._found(changed.id)
        self._put(Step.CHANGE, before, round_life.change(before, changed, by), by)

    async def correct(self, changed: Round, by: By = SERVICE) -> None:
        self._called("correct")
        before = self._found(changed.id)
        self._put(Step.CORRECT, before, round_life.correct(before, changed.instrument, by), by)

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
            others = [each for other, each in self.responses.items() if other != key]
            others += [each for _, each in self._closed]
            taken = {
                name
                for each in others
                if each.round == response.round and each.source is Source.CONSENSUS
                for name in each.municipalities
            }
            if not taken.isdisjoint(response.municipalities):
                raise AlreadyAnswered(response.organisation)
        earlier = self.responses.get(key)
        self.responses[key] = replace(response, version=earlier.version + 1 if earlier else 1)
        return self._keep(person, session, expected)

    async def erase(self, person: Person, round_id: str, source: Source) -> bool:
        self._called("erase")
        if self._found(round_id).is_over:
            raise RoundClosed(round_id)
        key = (round_id, person, source)
        gone = self.drafts.pop(key, None), self.responses.pop(key, None)
        return gone != (None, None)

    async def of_round(self, round_id: str) -> Sequence[Response]:
        self._called("of_round")
        return [each for _, each in self._numbered(round_id)]

    async def numbered(self, round_id: str) -> Sequence[tuple[str, Response]]:
        self._called("numbered")
        return self._numbered(round_id)

    async def participation(self, round_id: str) -> Participation:
        self._called("participation")
        found = [each for _, each in self._numbered(round_id)]
        groups = Counter(
            Group(each.organisation, each.municipalities, tuple(sorted(each.roles)), each.source) for each in found
        )
        return Participation(groups, Counter(each.submitted for each in found))

    def _numbered(self, round_id: str) -> list[tuple[str, Response]]:
        found = [*self._closed, *((self._id(key), each) for key, each in self.responses.items())]
        return sorted((each for each in found if each[1].round == round_id), key=lambda each: each[0])

    def _id(self, key: Key) -> str:
        """An id that tells nothing, and is the same for the same response."""
        return sha256(repr((key, self.held[key[0]].openings)).encode()).hexdigest()[:32]

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

    def _found(self, round_id: str) -> Round:
        if round_id not in self.held:
            raise RoundClosed(round_id)
        return self.held[round_id]

    def _step(self, step: Step, round_id: str, asked: Request) -> None:
        before = self._found(round_id)
        self._put(step, before, round_life.take(step, before, asked), asked.by, asked.reason)

    def _put(self, step: Step, before: Round, after: Round, by: By, reason: str = "") -> None:
        if after != before:
            self.held[after.id] = after
            self._told(step, before, after, by, reason)

    def _told(self, step: Step, before: Round | None, after: Round, by: By, reason: str = "") -> None:
        details = dict(round_life.difference(before, after)) | ({"reason": reason} if reason else {})
        at = datetime.combine(self._clock(), datetime.min.time(), UTC)
        self.log.append(AuditEvent(at, by.actor, by.tenant, round_life.RULES[step].action, after.label, details))

    def _called(self, name: str) -> None:
        self.calls.append(name)
        if self.broken:
            raise StoreFailed("the fake store was told to fail")


class MemoryEditions:
    """Implements `bot.maturity.ports.Editions` beside a store in memory."""

    def __init__(self, store: MemoryCheckStore) -> None:
        self.held: dict[tuple[str, int], tuple[Edition, str]] = {}
        self.counted: dict[str, dict[str, int]] = {}
        self._store = store

    async def all(self, round_id: str) -> Sequence[Edition]:
        return [edition for (name, _), (edition, _) in sorted(self.held.items()) if name == round_id]

    async def latest(self, round_id: str) -> Edition | None:
        return next(reversed(await self.all(round_id)), None)

    async def content(self, round_id: str, number: int) -> str:
        if (round_id, number) not in self.held:
            raise StoreFailed(f"there is no edition {number} of round {round_id}")
        return self.held[round_id, number][1]

    async def members(self, round_id: str) -> Mapping[str, int]:
        return self.counted.get(round_id, {})

    async def add(self, edition: Edition, content: str, members: Collection[str], by: By = SERVICE) -> None:
        held = next((each for each in await self._store.rounds() if each.id == edition.round), None)
        if held is None:
            raise RoundClosed(edition.round)
        if not held.is_over:
            raise StepRefused("compile_now", label=held.label)
        there = {name for name, _ in await self._store.numbered(edition.round)}
        if edition.number != len(await self.all(edition.round)) + 1 or not there.issuperset(members):
            raise Conflict(edition.round)
        checksum = sha256(content.encode()).hexdigest()
        self.held[edition.round, edition.number] = replace(edition, checksum=checksum), content
        known = self.counted.setdefault(edition.round, {})
        known.update({each: edition.number for each in members if each not in known})


class MemoryVisibilities:
    """Implements `bot.maturity.ports.Visibilities` beside a store in memory."""

    def __init__(self, store: MemoryCheckStore) -> None:
        self.held: dict[tuple[str, str], VisibilityDecision] = {}
        self._store = store

    async def decisions(self, round_id: str) -> Mapping[str, VisibilityDecision]:
        return {place: each for (name, place), each in sorted(self.held.items()) if name == round_id}

    async def decide(self, decision: VisibilityDecision, by: By) -> None:
        held = next((each for each in await self._store.rounds() if each.id == decision.round), None)
        if held is None:
            raise RoundClosed(decision.round)
        if held.is_over:
            raise StepRefused("visibility_over", label=held.label)
        place = (decision.round, decision.municipality)
        before = self.held.get(place)
        self.held[place] = decision
        if before is None or before.visibility is not decision.visibility:
            told = {
                "municipality": decision.municipality,
                "visibility": f"{before.visibility if before else ''} > {decision.visibility}".strip(),
            }
            at = datetime.combine(decision.decided, datetime.min.time(), UTC)
            event = AuditEvent(at, by.actor, by.tenant, Action.VISIBILITY_DECIDED, held.label, told)
            self._store.log.append(event)
