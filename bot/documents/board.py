"""What is told to those who watch jobs: the latest word on each, numbered, so that a watcher asks for what is newer."""

from __future__ import annotations

import asyncio
import secrets
from collections.abc import Callable
from dataclasses import dataclass
from typing import Final

from bot.documents.jobs import Job, JobState

KEPT: Final = 200
"""Jobs of which the latest word is kept."""


@dataclass(frozen=True, slots=True)
class Word:
    """How far a job is: `done` of `total` in a `phase` of ingest (empty where it is not being read).

    `path` is the last file, where a phase is about files.
    """

    number: int
    job: str
    owner: str
    state: JobState
    phase: str = ""
    done: int = 0
    total: int = 0
    path: str = ""


Hearer = Callable[[Job, Word], None]


class Board:
    """Belongs to one event loop. `id` tells it from the board of an earlier start, whose numbers mean nothing here."""

    def __init__(self) -> None:
        self.id = secrets.token_hex(4)
        self.number = 0
        self.closed = False
        self._words: dict[str, Word] = {}
        self._hearers: list[Hearer] = []
        self._news = asyncio.Event()

    def tell(self, job: Job, phase: str = "", done: int = 0, total: int = 0, path: str = "") -> None:
        """Replace the word on a job, which is another by what this process does."""
        word = self.repeat(job, phase, done, total, path)
        for hear in self._hearers:
            hear(job, word)

    def repeat(self, job: Job, phase: str = "", done: int = 0, total: int = 0, path: str = "") -> Word:
        """Replace the word on a job by what another process has told."""
        self.number += 1
        self._words.pop(job.id, None)
        word = self._words[job.id] = Word(self.number, job.id, job.owner, job.state, phase, done, total, path)
        while len(self._words) > KEPT:
            del self._words[next(iter(self._words))]
        self._news.set()
        self._news = asyncio.Event()
        return word

    def heard_by(self, hear: Hearer) -> None:
        """Call this with every word from now on; it must return at once."""
        self._hearers.append(hear)

    def of(self, job_id: str) -> Word | None:
        """The latest word on a job."""
        return self._words.get(job_id)

    def since(self, number: int) -> list[Word]:
        """Words that are newer, the oldest first."""
        return [each for each in self._words.values() if each.number > number]

    async def newer(self, number: int, seconds: float) -> bool:
        """Wait until there is a newer word, or for so long; whether there is one."""
        if self.number <= number and not self.closed:
            try:
                await asyncio.wait_for(self._news.wait(), seconds)
            except TimeoutError:
                return False
        return True

    def close(self) -> None:
        """Let nobody wait any more."""
        self.closed = True
        self._news.set()
