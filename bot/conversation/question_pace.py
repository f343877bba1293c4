"""How many questions one person may ask within a minute: a sliding window, so that no minute has more than allowed."""

from __future__ import annotations

import logging
import math
import time
from collections import OrderedDict, deque
from collections.abc import Callable, Sequence
from typing import Final, Protocol

from bot.conversation.ports import JournalFailed

WINDOW: Final = 60.0
"""Seconds that a question counts for."""

PEOPLE: Final = 10_000
"""People whose questions are remembered. Of more than these within a minute, those who have asked the longest ago are
forgotten first, and may then ask more: memory is bounded, and the budgets of a language model hold all the same."""

_log = logging.getLogger(__name__)


class Pace(Protocol):
    """How many questions a person may ask."""

    async def wait(self, person: str) -> float:
        """0.0 where a question may go on, which counts it; else seconds until one may."""


class AskedStore(Protocol):
    """Questions as they are counted for all replicas; `bot.storage.answers.question_paces.SqlQuestionPaces` is one."""

    async def seconds_to_wait(self, person: str, most: int) -> float:
        """As `Pace.wait`, for at most so many questions within any `WINDOW`. Raises JournalFailed."""


class SharedPace:
    """The pace of a person at all replicas together; at this one, by `own`, while the store cannot say."""

    def __init__(self, store: AskedStore, own: Pace, per_minute: int) -> None:
        self._store = store
        self._own = own
        self._most = per_minute

    async def wait(self, person: str) -> float:
        """See Pace."""
        try:
            return await self._store.seconds_to_wait(person, self._most)
        except JournalFailed as error:
            _log.warning("questions are counted at this replica alone: %s", error)
            return await self._own.wait(person)


def counted(asked: Sequence[float], now: float, most: int) -> tuple[float, list[float]]:
    """The seconds to wait, and the times that count, in seconds and oldest first: with this question where it goes on.

    0.0 says that it goes on. Replicas' clocks differ a little, so a time may be yet to come.
    """
    still = [each for each in sorted(asked) if each + WINDOW > now]
    if len(still) >= most:
        # Within the window whatever rounding does; 0.0 would say that it may go on.
        return min(max(still[-most] + WINDOW - now, math.ulp(WINDOW)), WINDOW), still
    return 0.0, [*still, now]


class QuestionPace:
    """At most `per_minute` questions of one person in any 60 seconds. `clock` tells seconds, and never goes back."""

    def __init__(self, per_minute: int, clock: Callable[[], float] = time.monotonic, *, people: int = PEOPLE) -> None:
        self._most = per_minute
        self._clock = clock
        self._people = people
        self._asked: OrderedDict[str, deque[float]] = OrderedDict()

    def seconds_to_wait(self, person: str) -> float:
        """0.0 where a question may go on, which counts it; else seconds until one may. What waits is not counted, so
        that nobody waits longer for having tried again."""
        now = self._clock()
        asked = self._asked.setdefault(person, deque())
        while asked and asked[0] + WINDOW <= now:
            asked.popleft()
        if len(asked) >= self._most:
            # Within the window whatever rounding does; 0.0 would say that it may go on.
            return min(max(asked[0] + WINDOW - now, math.ulp(WINDOW)), WINDOW)
        asked.append(now)
        self._asked.move_to_end(person)
        self._forget(now)
        return 0.0

    async def wait(self, person: str) -> float:
        """See Pace."""
        return self.seconds_to_wait(person)

    def _forget(self, now: float) -> None:
        """The people are in the order of their latest question, so those to forget come first."""
        while self._asked:
            person, asked = next(iter(self._asked.items()))
            if len(self._asked) <= self._people and asked and asked[-1] + WINDOW > now:
                return
            del self._asked[person]
