"""Each activity makes one turn, however often it is sent."""

from __future__ import annotations

import asyncio

from bot.teams.receiving.recent import RecentTurns


class Counter:
    def __init__(self) -> None:
        self.runs = 0
        self.gate = asyncio.Event()

    async def run(self) -> int:
        self.runs += 1
        await self.gate.wait()
        return self.runs


async def test_a14_a_key_runs_once_while_under_way_and_afterwards() -> None:
    counter, recent = Counter(), RecentTurns[int]()
    first, second = recent.once("a", 60, counter.run), recent.once("a", 60, counter.run)
    counter.gate.set()
    assert await first == await second == 1
    assert await recent.once("a", 60, counter.run) == 1
    assert await recent.once("b", 60, counter.run) == 2


async def test_a_key_is_forgotten_when_its_time_is_over_but_not_while_it_runs() -> None:
    now = 0.0
    counter, recent = Counter(), RecentTurns[int](clock=lambda: now)
    first = recent.once("a", 10, counter.run)
    now = 11.0
    assert recent.once("a", 10, counter.run) is first
    counter.gate.set()
    await first
    assert await recent.once("a", 10, counter.run) == 2


async def test_memory_is_bounded() -> None:
    counter, recent = Counter(), RecentTurns[int](most=3)
    counter.gate.set()
    for key in range(5):
        await recent.once(key, 60, counter.run)
    assert await recent.once(4, 60, counter.run) == 5
    assert await recent.once(0, 60, counter.run) == 6


async def test_draining_waits_and_then_stops() -> None:
    counter, recent = Counter(), RecentTurns[int]()
    stuck = recent.once("a", 60, counter.run)
    assert await recent.drain(0.01) == 1
    assert stuck.cancelled()
    assert await recent.drain(0.01) == 0
