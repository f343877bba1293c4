"""How long to wait before a request is tried again."""

from __future__ import annotations

import random
from collections.abc import Callable
from dataclasses import dataclass
from datetime import UTC, datetime
from email.utils import parsedate_to_datetime

from bot.teams.config import TeamsConfig

ATTEMPTS = 3


@dataclass(frozen=True, slots=True)
class Pauses:
    """Pauses that grow, spread so that not everybody comes back at once. Times in seconds."""

    first: float
    limit: float
    jitter: Callable[[], float] = random.random

    @classmethod
    def of(cls, config: TeamsConfig, jitter: Callable[[], float]) -> Pauses:
        """As configured; `jitter` gives numbers from 0 to 1."""
        return cls(config.retry_pause, config.retry_pause_limit, jitter)

    def after(self, attempt: int, wanted: float | None) -> float:
        """The pause after the attempt of that number, counted from 1; `wanted` is the other side's wish."""
        own = self.first * 2.0 ** (attempt - 1) * (0.5 + self.jitter())
        return min(max(own, wanted or 0.0), self.limit)


def retry_after(value: str | None) -> float | None:
    """Seconds; the header holds them as a number or as a moment."""
    if not value:
        return None
    try:
        return float(value) if value.strip().isdigit() else _until(value)
    except (ValueError, TypeError, OverflowError):
        return None


def _until(value: str) -> float:
    return (parsedate_to_datetime(value) - datetime.now(UTC)).total_seconds()
