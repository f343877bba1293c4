"""Answers that several people ask for at once: made once, and told to everybody who waits for them.

An answer being made is a task of its own, which belongs to nobody: whoever stops waiting leaves it to the others, and
with the last one who waits it ends. Whoever asked first pays for it, as that is when it was begun.
"""

from __future__ import annotations

import asyncio
from collections.abc import Callable, Coroutine
from dataclasses import dataclass
from typing import Any

from knowledge.composing.cache import AnswerKey
from knowledge.composing.ports import Advance, Tell
from knowledge.model import Answer


@dataclass(frozen=True, slots=True)
class Made:
    """An answer, and for whom it is good.

    `kept` where the same question would get the same answer again: nothing failed on the way. `own` where it is as it
    is only because of who asked first, whose budget or time was at an end: somebody else may still get a better one.
    """

    answer: Answer
    kept: bool
    own: bool = False


Making = Callable[[Tell], Coroutine[Any, Any, Made]]
"""Makes an answer, and tells how far it is."""


class Sharing:
    """The answers that are being made, by what they depend on."""

    def __init__(self) -> None:
        self._under_way: dict[AnswerKey, _UnderWay] = {}

    def __len__(self) -> int:
        return len(self._under_way)

    async def made(self, key: AnswerKey, making: Making, tell: Tell) -> tuple[Made, bool]:
        """The answer that is being made for this key, or else the one that `making` makes, and whether it was that.

        Nobody waits longer than for an answer of one's own: whoever came first had the same time, and less of it is
        left. What failed for a reason that was `own` to the first is tried again by the next one. Raises what the
        making raises.
        """
        while True:
            under_way = self._under_way.get(key)
            begins = under_way is None
            if under_way is None:
                under_way = self._begun(key, making)
            try:
                made = await under_way.heard(tell)
            except asyncio.CancelledError:
                if not under_way.hearers:
                    self._forget(key, under_way)
                    await under_way.stop()
                raise
            if begins or not made.own:
                return made, begins

    def _begun(self, key: AnswerKey, making: Making) -> _UnderWay:
        under_way = _UnderWay(making, lambda: self._forget(key, under_way))
        self._under_way[key] = under_way
        return under_way

    def _forget(self, key: AnswerKey, under_way: _UnderWay) -> None:
        if self._under_way.get(key) is under_way:
            del self._under_way[key]


class _UnderWay:
    """One answer that is being made, and those who hear of it."""

    def __init__(self, making: Making, ended: Callable[[], None]) -> None:
        """`ended` is called as the last thing of the making."""
        self.hearers: list[Tell] = []
        self._told: Advance | None = None
        self._task = asyncio.create_task(self._run(making, ended))

    async def heard(self, tell: Tell) -> Made:
        """Wait for it; whoever comes later is told at once how far it is."""
        if self._told is not None:
            tell(self._told)
        self.hearers.append(tell)
        try:
            # Not the task itself: who is cancelled here leaves it to the others.
            await asyncio.wait({self._task})
        finally:
            self.hearers.remove(tell)
        return self._task.result()

    async def stop(self) -> None:
        """End it, and wait until it has let go of the model."""
        self._task.cancel()
        await asyncio.wait({self._task})
        if not self._task.cancelled():
            self._task.exception()  # nobody is left to be told

    async def _run(self, making: Making, ended: Callable[[], None]) -> Made:
        try:
            return await making(self._tell)
        finally:
            ended()

    def _tell(self, advance: Advance) -> None:
        self._told = advance
        for tell in tuple(self.hearers):
            tell(advance)
