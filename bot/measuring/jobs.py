"""Jobs on documents: what became of them, and how long the phases of reading took."""

from __future__ import annotations

from collections.abc import Callable
from time import monotonic

from bot.documents.board import Word
from bot.documents.jobs import Job
from bot.telemetry.metrics import JOB_PHASES, JOBS
from bot.telemetry.ports import Telemetry


class JobWatch:
    """Hears every word on jobs that is told in this process. `clock` is monotonic, in seconds."""

    def __init__(self, telemetry: Telemetry, clock: Callable[[], float] = monotonic) -> None:
        self._telemetry = telemetry
        self._clock = clock
        self._states: dict[str, str] = {}
        self._phases: dict[str, tuple[str, float]] = {}

    def hear(self, job: Job, word: Word) -> None:
        """A word: a step to another state, or progress in a phase."""
        if self._states.get(job.id) != word.state:
            self._telemetry.count(JOBS, job.kind, word.state)
            self._states.pop(job.id, None)
            self._states[job.id] = word.state
            while len(self._states) > 1000:
                self._phases.pop(next(iter(self._states)), None)
                del self._states[next(iter(self._states))]
        phase, began = self._phases.get(job.id, ("", 0.0))
        if phase == word.phase:
            return
        now = self._clock()
        if phase:
            self._telemetry.observe(JOB_PHASES, now - began, phase)
        if word.phase:
            self._phases[job.id] = word.phase, now
        else:
            self._phases.pop(job.id, None)
