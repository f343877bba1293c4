"""Sees when the event loop keeps everybody waiting, how long, and where it hangs."""

from __future__ import annotations

import asyncio
import logging
import sys
import threading
from collections import deque
from collections.abc import AsyncIterator, Iterator
from contextlib import asynccontextmanager
from pathlib import Path
from time import monotonic
from types import FrameType
from typing import Final

from bot.telemetry.metrics import LOOP_BLOCKED, LOOP_LAG
from bot.telemetry.ports import NO_TELEMETRY, Telemetry

BEAT: Final = 0.1
"""Seconds between two beats of the loop."""
LIMIT: Final = 0.2
"""Seconds of waiting that are worth a line in the log."""
WINDOW: Final = 60.0
"""Seconds for which the longest wait is told."""
DEPTH: Final = 3
"""Innermost functions that are named."""
OWN: Final = frozenset({"bot", "ingest", "knowledge", "prompts"})
WAITING: Final = "selectors.py"
"""Where the loop is while it has nothing to do: it is then the machine that kept the process from running."""

_ROOT: Final = Path(__file__).parents[2]
_log = logging.getLogger(__name__)


class LoopWatch:
    """The loop beats, and a thread listens: only from outside can be told where a loop hangs."""

    def __init__(self, telemetry: Telemetry = NO_TELEMETRY, *, beat: float = BEAT, limit: float = LIMIT) -> None:
        """`beat` and `limit` are BEAT and LIMIT, in seconds."""
        self._telemetry = telemetry
        self._beat, self._limit = beat, limit
        self._due = monotonic() + beat
        self._waits: deque[tuple[float, float]] = deque()
        self._over = threading.Event()
        telemetry.watch(LOOP_LAG, lambda: self.longest)

    @property
    def longest(self) -> float:
        """The longest wait of the last minute in seconds, one that still lasts included."""
        now = monotonic()
        waits = [wait for at, wait in list(self._waits) if now - at <= WINDOW]
        return max([*waits, now - self._due, 0.0])

    @asynccontextmanager
    async def running(self) -> AsyncIterator[LoopWatch]:
        """Watch this loop for as long as this is open."""
        loop = asyncio.get_running_loop()
        self._due = monotonic() + self._beat
        handle = loop.call_later(self._beat, self._tick, loop)
        self._handle = handle
        listener = threading.Thread(
            target=self._listen, args=(threading.get_ident(),), name="fyren-loop-watch", daemon=True
        )
        listener.start()
        try:
            yield self
        finally:
            self._handle.cancel()
            self._over.set()

    def _tick(self, loop: asyncio.AbstractEventLoop) -> None:
        now = monotonic()
        self._keep(now, max(0.0, now - self._due))
        self._due = now + self._beat
        self._handle = loop.call_later(self._beat, self._tick, loop)

    def _keep(self, now: float, wait: float) -> None:
        """Of waits only those are kept that no later one exceeds, so that there are few of them."""
        waits = self._waits
        while waits and waits[-1][1] <= wait:
            waits.pop()
        while waits and now - waits[0][0] > WINDOW:
            waits.popleft()
        waits.append((now, wait))

    def _listen(self, thread: int) -> None:
        told = 0.0
        while not self._over.wait(self._beat):
            due = self._due
            wait = monotonic() - due
            if wait <= self._limit or due == told:
                continue
            told = due
            self._telemetry.count(LOOP_BLOCKED)
            frame = sys._current_frames().get(thread)
            _log.warning("the event loop has kept others waiting for %.0f ms %s", wait * 1000, where(frame))


def where(frame: FrameType | None) -> str:
    """Where a thread is: the innermost of our own functions, and the innermost of all; no values of any variable."""
    if frame is None:
        return "in a thread that is gone"
    if frame.f_code.co_filename.endswith(WAITING):
        return "while it had nothing to do: the machine gave the process no time"
    stack = list(_stack(frame))
    own = next((each for each in stack if _is_own(each)), None)
    shown = [*reversed(stack[:DEPTH])] if own is None or own in stack[:DEPTH] else [own, *reversed(stack[:DEPTH])]
    return "at " + " > ".join(map(_name, shown))


def _stack(frame: FrameType | None) -> Iterator[FrameType]:
    """From the innermost function outwards."""
    while frame is not None:
        yield frame
        frame = frame.f_back


def _is_own(frame: FrameType) -> bool:
    path = Path(frame.f_code.co_filename)
    return path.is_relative_to(_ROOT) and path.relative_to(_ROOT).parts[0] in OWN


def _name(frame: FrameType) -> str:
    path = Path(frame.f_code.co_filename)
    short = path.relative_to(_ROOT) if _is_own(frame) else Path(*path.parts[-2:])
    return f"{short.as_posix()}:{frame.f_lineno} {frame.f_code.co_name}"
