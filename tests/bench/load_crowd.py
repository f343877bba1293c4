"""People who press at the times that a plan names, whether the service keeps up or not."""

from __future__ import annotations

import asyncio
import time
from collections import Counter, deque
from collections.abc import AsyncIterator
from dataclasses import dataclass, field

import aiohttp
from aiohttp import web

from tests.bench.check_bench import Crowd, Person
from tests.bench.model_bench import Chats

SETTLE = 10.0
"""Seconds after the last turn in which a reply may still come, and a second one would be seen."""


@dataclass(slots=True)
class Turns:
    """What became of turns: seconds from when each was due to when its reply had come."""

    waits: list[float] = field(default_factory=list)
    lost: list[str] = field(default_factory=list)
    due: int = 0


class Many(Crowd):
    """A crowd of any size, of which every card that comes is counted."""

    def __init__(self, session: aiohttp.ClientSession, url: str, people: int) -> None:
        super().__init__(session, url)
        self.people = {f"a:{number}": Person(number) for number in range(people)}
        self.came: Counter[str] = Counter()
        self.asked_for: Counter[str] = Counter()

    async def connector(self, request: web.Request) -> web.Response:
        chat = request.path.split("/")[3]
        before = self.people[chat].card if chat in self.people else None
        response = await super().connector(request)
        if before is not None and self.people[chat].card is not before:
            self.came[chat] += 1
        return response

    async def ready(self, at_once: int) -> None:
        """Everybody as far as the first question, so many at a time."""
        room = asyncio.Semaphore(at_once)

        async def begin(person: Person) -> None:
            async with room:
                await self.begin(person)

        await asyncio.gather(*map(begin, self.people.values()))
        self.waits.clear()
        self.came.clear()

    def doubled(self) -> int:
        """Cards that came beyond one a press."""
        return sum(max(0, count - self.asked_for[chat]) for chat, count in self.came.items())


async def pressed(crowd: Many, rate: float, seconds: float) -> Turns:
    """Presses at an even rate; who has an answer under way is passed over."""
    turns, idle = Turns(), deque(crowd.people.values())
    under_way: list[asyncio.Task[None]] = []

    async def press(person: Person, due: float) -> None:
        chat = f"a:{person.number}"
        crowd.asked_for[chat] += 1
        try:
            await crowd.answer(person, 1, None)
        except (TimeoutError, RuntimeError, aiohttp.ClientError) as error:
            turns.lost.append(f"{chat}: {type(error).__name__} {error}")
        else:
            turns.waits.append(time.perf_counter() - due)
        idle.append(person)

    async for due in _ticking(rate, seconds):
        turns.due += 1
        if not idle:
            turns.lost.append("nobody was idle")
            continue
        under_way.append(asyncio.create_task(press(idle.popleft(), due)))
    await asyncio.gather(*under_way)
    return turns


async def asked(chats: Chats, questions: list[str], rate: float, seconds: float) -> Turns:
    """Questions at an even rate, each in a chat of its own."""
    turns = Turns()

    async def ask(question: str, due: float) -> None:
        try:
            await chats.ask(question)
        except (TimeoutError, RuntimeError, aiohttp.ClientError) as error:
            turns.lost.append(f"{question}: {type(error).__name__} {error}")
        else:
            turns.waits.append(time.perf_counter() - due)

    under_way = []
    async for due in _ticking(rate, seconds):
        under_way.append(asyncio.create_task(ask(questions[turns.due % len(questions)], due)))
        turns.due += 1
    await asyncio.gather(*under_way)
    return turns


def percentile(values: list[float], share: float) -> float:
    """In the unit of the values; of none, infinite."""
    ordered = sorted(values)
    return ordered[min(len(ordered) - 1, int(len(ordered) * share))] if ordered else float("inf")


async def _ticking(rate: float, seconds: float) -> AsyncIterator[float]:
    """When each turn is due. A client that is late itself does not shift what comes after."""
    begun = time.perf_counter()
    for number in range(int(rate * seconds)):
        due = begun + number / rate
        await asyncio.sleep(max(0.0, due - time.perf_counter()))
        yield due
