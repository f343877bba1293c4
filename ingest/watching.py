"""Folders that are looked at again and again: what is new or changed in them, once it has been written to its end.

They are polled, since files on a network drive, where municipalities keep theirs, tell nobody that they change.
"""

from __future__ import annotations

import asyncio
from collections.abc import Awaitable, Callable, Mapping, Sequence
from dataclasses import dataclass, field
from pathlib import Path

from ingest.sources import Source, collect

EVERY = 2.0
"""Seconds between two looks. A file that is alike in both counts as written to its end."""


@dataclass(frozen=True, slots=True)
class _Seen:
    """A file as it stood in one look."""

    source: Source
    size: int
    changed: int


@dataclass(frozen=True, slots=True)
class Batch:
    """The files that can be read now; `whole` is False where others are still being written."""

    files: tuple[Source, ...]
    whole: bool
    state: Mapping[str, _Seen] = field(repr=False, default_factory=dict)


class Watch:
    """Knows what has been taken in, and waits for something else.

    A batch comes again until it is `done`, so that a failed one is not forgotten.
    """

    def __init__(
        self,
        paths: Sequence[Path],
        every: float = EVERY,
        sleep: Callable[[float], Awaitable[object]] = asyncio.sleep,
    ) -> None:
        self._paths = paths
        self._every = every
        self._sleep = sleep
        self._taken: Mapping[str, _Seen] | None = None

    async def next(self) -> Batch:
        """The next batch that differs from what has been taken in."""
        before = await asyncio.to_thread(_look, self._paths)
        while True:
            await self._sleep(self._every)
            now = await asyncio.to_thread(_look, self._paths)
            batch = self._batch(before, now)
            if batch is not None:
                return batch
            before = now

    def done(self, batch: Batch) -> None:
        """The batch has been taken in."""
        self._taken = batch.state

    def _batch(self, before: Mapping[str, _Seen], now: Mapping[str, _Seen]) -> Batch | None:
        steady = {name: seen for name, seen in now.items() if before.get(name) == seen}
        whole = len(steady) == len(now)
        taken = self._taken or {}
        # Until all is written, what is gone stays in mind: it may only be taken out when everything was seen.
        kept = {name: seen for name, seen in taken.items() if name not in steady and (name in now or not whole)}
        state = {**steady, **kept}
        if state == taken:
            return None
        return Batch(tuple(seen.source for seen in steady.values()), whole, state)


def _look(paths: Sequence[Path]) -> dict[str, _Seen]:
    seen: dict[str, _Seen] = {}
    for source in collect(paths):
        try:
            found = source.path.stat()
        except OSError:
            continue  # it is gone again, or not there yet
        seen[source.relative] = _Seen(source, found.st_size, found.st_mtime_ns)
    return seen
