"""The one retry loop of a model's requests: short, with jitter, and only where another attempt may help."""

from __future__ import annotations

from tenacity import (
    AsyncRetrying,
    RetryCallState,
    retry_if_exception,
    stop_after_attempt,
    stop_any,
    stop_before_delay,
    wait_random_exponential,
)

from knowledge.adapters.model_pieces import ServerFailed

ATTEMPTS = 3
PATIENCE = 1.2
"""Seconds from the first attempt within which the last one begins: somebody waits, and another answer is at hand."""

_jitter = wait_random_exponential(multiplier=0.1, max=0.5)


def retries(attempts: int = ATTEMPTS, patience: float = PATIENCE) -> AsyncRetrying:
    """A loop that gives up with the last failure; at once where the server asks for more patience than there is."""
    return AsyncRetrying(
        retry=retry_if_exception(lambda error: isinstance(error, ServerFailed) and error.passing),
        wait=_wait,
        stop=stop_any(stop_after_attempt(attempts), stop_before_delay(patience)),
        reraise=True,
    )


def _wait(state: RetryCallState) -> float:
    error = state.outcome.exception() if state.outcome else None
    asked = error.retry_after if isinstance(error, ServerFailed) else None
    return _jitter(state) if asked is None else asked
