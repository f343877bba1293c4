"""The one retry loop for pages: few attempts, with growing pauses and jitter, only where another may help."""

from __future__ import annotations

from datetime import UTC, datetime
from email.utils import parsedate_to_datetime
from typing import Final

from tenacity import AsyncRetrying, retry_if_exception_type, stop_after_attempt, wait_exponential, wait_random

from ingest.web_sources.hosts import Sleep

ATTEMPTS: Final = 3
BUSY: Final = (429, 502, 503, 504)
"""Statuses with which a site says that it may be different in a moment."""


class Passing(Exception):
    """An attempt failed in a way that may pass; `detail` says how."""

    def __init__(self, detail: str) -> None:
        super().__init__(detail)
        self.detail = detail


def retries(pause: float, sleep: Sleep) -> AsyncRetrying:
    """A loop that gives up with the last failure. `pause` in seconds, before the second attempt."""

    async def wait(seconds: float) -> None:
        await sleep(seconds)

    return AsyncRetrying(
        retry=retry_if_exception_type(Passing),
        wait=wait_exponential(multiplier=pause) + wait_random(0, pause),
        stop=stop_after_attempt(ATTEMPTS),
        sleep=wait,
        reraise=True,
    )


def seconds_of(retry_after: str | None) -> float:
    """How long a site wants to be left alone: the header holds seconds, or a moment; 0 where it says neither."""
    text = (retry_after or "").strip()
    if text.isdecimal() and text.isascii():
        return float(text[:9])
    try:
        until = parsedate_to_datetime(text)
        return max(0.0, (until.replace(tzinfo=until.tzinfo or UTC) - datetime.now(UTC)).total_seconds())
    except (ValueError, TypeError, OverflowError):
        return 0.0
