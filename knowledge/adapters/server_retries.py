"""The one retry loop of requests to a search server: short, with jitter, as somebody waits for the answer."""

from __future__ import annotations

from collections.abc import Callable

from tenacity import (
    Retrying,
    retry_if_exception,
    stop_after_attempt,
    stop_any,
    stop_before_delay,
    wait_random_exponential,
)

ATTEMPTS = 3
PATIENCE = 2.0
"""Seconds from the first attempt within which the last one begins."""


def retries(passing: Callable[[BaseException], bool]) -> Retrying:
    """A loop over failures that may pass, which gives up with the last of them."""
    return Retrying(
        retry=retry_if_exception(passing),
        wait=wait_random_exponential(multiplier=0.05, max=0.3),
        stop=stop_any(stop_after_attempt(ATTEMPTS), stop_before_delay(PATIENCE)),
        reraise=True,
    )
