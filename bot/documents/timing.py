"""When what is done with jobs is done: how long one counts as being read, and when something is tried again."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from typing import Final

from bot.documents.jobs import BEAT, LEASE

PAUSE: Final = 5.0
"""Seconds between two looks for a job that another process left, or that has to wait."""
RETRIES: Final = (5.0, 15.0, 45.0, 135.0, 405.0)
"""Seconds before each further try where files or the knowledge base cannot be reached: ten minutes in all, which is
longer than a database takes to change to its stand-in."""


@dataclass(frozen=True, slots=True)
class Timing:
    """How long a job counts as being read after its reader last said so, how often that is said, how often somebody
    looks for more, and how long each further try is put off, in seconds."""

    lease: timedelta = LEASE
    beat: float = BEAT
    pause: float = PAUSE
    retries: tuple[float, ...] = RETRIES


def utc_now() -> datetime:
    """The machine's time."""
    return datetime.now(UTC)
