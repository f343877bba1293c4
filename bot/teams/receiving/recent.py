"""Turns under way and just taken: Teams sends an activity again when the first answer takes long."""

from __future__ import annotations

import asyncio
import time
from collections import OrderedDict
from collections.abc import Callable, Coroutine, Hashable
from typing import Any, Generic, TypeVar

MOST = 4096

ResultT = TypeVar("ResultT")


class RecentTurns(Generic[ResultT]):
    """Runs each key once and remembers its result; bounded in number and age.

    Turns run as tasks of their own: a caller that hangs up takes no turn with it. `clock` is monotonic, in seconds.
    """

    def __init__(self, *, most: int = MOST, clock: Callable[[], float] = time.monotonic) -> None:
        self._most = most
        self._clock = clock
        self._turns: OrderedDict[Hashable, tuple[float, asyncio.Task[ResultT]]] = OrderedDict()
        self._running: set[asyncio.Task[ResultT]] = set()

    def once(
        self, key: Hashable, lifetime: float, run: Callable[[], Coroutine[Any, Any, ResultT]]
    ) -> asyncio.Task[ResultT]:
        """The key's task: the running or remembered one, or a new one. It is remembered for `lifetime` seconds."""
        now = self._clock()
        known = self._turns.get(key)
        if known is not None and (now < known[0] or not known[1].done()):
            return known[1]
        task = asyncio.create_task(run())
        self._running.add(task)
        task.add_done_callback(self._running.discard)
        self._turns[key] = now + lifetime, task
        self._turns.move_to_end(key)
        while len(self._turns) > self._most:
            self._turns.popitem(last=False)
        return task

    @property
    def under_way(self) -> int:
        """How many run now."""
        return len(self._running)

    def knows(self, key: Hashable) -> bool:
        """Whether the key runs, or has run and is not forgotten yet."""
        return key in self._turns

    def forget(self, key: Hashable) -> None:
        """Run the key anew when it comes again; a task that runs for it goes on."""
        self._turns.pop(key, None)

    async def drain(self, patience: float) -> int:
        """Let running turns finish for at most `patience` seconds, stop the others; how many were stopped."""
        if self._running:
            await asyncio.wait(set(self._running), timeout=patience)
        left = set(self._running)
        for task in left:
            task.cancel()
        await asyncio.gather(*left, return_exceptions=True)
        return len(left)
