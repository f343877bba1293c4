"""What other processes do with jobs, told to those who watch them here: whoever watches may be anywhere."""

from __future__ import annotations

import asyncio
import logging
from collections.abc import Callable
from typing import Final

from bot.documents.board import Board
from bot.documents.errors import DocumentsStoreFailed
from bot.documents.jobs import Far, Job, Jobs, JobState

PAUSE: Final = 1.5
"""Seconds between two looks."""

_log = logging.getLogger(__name__)


class Following:
    """Repeats on a board what the store of jobs says. `mine` is whether a job is being read in this process, whose
    own words are newer."""

    def __init__(self, jobs: Jobs, board: Board, mine: Callable[[str], bool]) -> None:
        self._jobs, self._board, self._mine = jobs, board, mine
        self._seen: dict[str, tuple[JobState, Far | None]] = {}

    async def run(self, pause: float = PAUSE) -> None:
        """Look again and again, until cancelled."""
        while True:
            try:
                await self.look()
            except DocumentsStoreFailed as error:
                _log.warning("what others do with documents could not be read; the next look is soon: %s", error)
            await asyncio.sleep(pause)

    async def look(self) -> None:
        """Repeat what is new. Raises DocumentsStoreFailed."""
        found = {job_id: (state, far) for job_id, state, far in await self._jobs.followed()}
        new = [(job_id, far) for job_id, (state, far) in found.items() if self._seen.get(job_id) != (state, far)]
        ended = [(job_id, None) for job_id in self._seen if job_id not in found]
        self._seen = found
        for job_id, far in (*new, *ended):
            job = await self._jobs.one(job_id)
            if job is not None:
                self._repeat(job, far)

    def _repeat(self, job: Job, far: Far | None) -> None:
        known = self._board.of(job.id)
        if self._mine(job.id) or (known is not None and known.state is job.state and far is None):
            return
        told = far or Far()
        self._board.repeat(job, told.phase, told.done, told.total, told.path)
