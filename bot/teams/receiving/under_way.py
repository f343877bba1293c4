"""Answers under way, which the person who asked may stop."""

from __future__ import annotations

import asyncio
from collections.abc import Coroutine, Sequence
from typing import Any

from bot.conversation.replies import Reply
from bot.conversation.turn import Turn
from knowledge.composing.ports import Advance, Tell

Key = tuple[str, str, str]


class Running:
    """A turn in the conversation's hands. `telling` once it is an answer that takes its time."""

    def __init__(self) -> None:
        self.telling = False
        self.silent = False
        self._stopped = False
        self._task: asyncio.Task[Sequence[Reply]] | None = None
        self._hearer: Tell | None = None

    def hear(self, hearer: Tell) -> None:
        """Whom to pass on to what is told."""
        self._hearer = hearer

    def tell(self, advance: Advance) -> None:
        """Pass on how far the answer is."""
        self.telling = True
        if self._hearer is not None:
            self._hearer(advance)

    async def run(self, answering: Coroutine[Any, Any, Sequence[Reply]]) -> Sequence[Reply] | None:
        """The replies, or None where the person stopped the answer. Raises what the answering raises."""
        self._task = asyncio.create_task(answering)
        try:
            return await self._task
        except asyncio.CancelledError:
            # Stopped by the person, not together with whoever waits here.
            current = asyncio.current_task()
            if self._stopped and current is not None and not current.cancelling():
                return None
            raise

    def stop(self, *, silent: bool = False) -> None:
        """Cancel it; `silent` where nothing is to be said about it. What is answered already comes all the same."""
        if self._task is not None and not self._task.done():
            self._stopped, self.silent = True, silent
            self._task.cancel()


class UnderWay:
    """The running turns by tenant, conversation and person: nobody stops somebody else's answer."""

    def __init__(self) -> None:
        self._running: dict[Key, list[Running]] = {}

    def add(self, turn: Turn, running: Running) -> None:
        """A turn begins."""
        self._running.setdefault(_key(turn), []).append(running)

    def remove(self, turn: Turn, running: Running) -> None:
        """A turn has ended."""
        left = self._running[_key(turn)]
        left.remove(running)
        if not left:
            del self._running[_key(turn)]

    def stop(self, turn: Turn) -> bool:
        """Stop what this person is being answered here; whether there was anything."""
        telling = [running for running in self._running.get(_key(turn), ()) if running.telling]
        for running in telling:
            running.stop()
        return bool(telling)


def _key(turn: Turn) -> Key:
    return turn.sender.tenant, turn.conversation, turn.sender.user
