"""A circuit breaker: a server that failed time after time is left alone for a while, then tried by one request."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from time import monotonic
from typing import Literal

State = Literal["closed", "open", "half-open"]


@dataclass(frozen=True, slots=True)
class Permit:
    """Leave to ask once; how that went counts only as long as nothing has been decided meanwhile."""

    period: int


class Breaker:
    """Closed it lets everything through; after `failures` in a row it is open and refuses, and after `pause` seconds
    half-open: one request goes through, and decides whether it closes or stays open for as long again.

    Used on one event loop; nothing in it waits. The pattern is Nygard's ("Release It!", Stability Patterns).
    """

    def __init__(self, failures: int = 5, pause: float = 30.0, clock: Callable[[], float] = monotonic) -> None:
        self._most = failures
        self._pause = pause
        self._clock = clock
        self._failed = 0
        self._until: float | None = None
        self._trying = False
        self._period = 0

    @property
    def state(self) -> State:
        """What would happen to a request now, but for one that is being tried."""
        if self._until is None:
            return "closed"
        return "half-open" if self._trying or self._clock() >= self._until else "open"

    def admit(self) -> Permit | None:
        """Leave to ask the server, or None where it is left alone; each permit is given back by one of the others."""
        state = self.state
        if state == "open" or self._trying:
            return None
        if state == "half-open":
            self._trying = True
            self._period += 1  # requests from before the pause have no say any more
        return Permit(self._period)

    def succeeded(self, permit: Permit) -> None:
        """The server answered, whatever it said."""
        if permit.period != self._period:
            return
        self._failed = 0
        if self._trying:
            self._until = None
            self._trying = False
            self._period += 1

    def failed(self, permit: Permit) -> None:
        """The server did not answer, or could not."""
        if permit.period != self._period:
            return
        self._failed += 1
        if self._trying or self._failed >= self._most:
            self._failed = 0
            self._until = self._clock() + self._pause
            self._trying = False
            self._period += 1

    def let_go(self, permit: Permit) -> None:
        """Nobody waited for the answer: that says nothing about the server."""
        if permit.period == self._period and self._trying:
            self._trying = False
