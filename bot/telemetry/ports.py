"""To whom the service tells what it measures. All of it returns at once, and raises nothing for what is measured."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from contextlib import AbstractContextManager, nullcontext
from typing import Final, Protocol

from bot.telemetry.metric import Metric

Reading = float | Mapping[tuple[str, ...], float] | None
"""How a gauge stands: a number, numbers by labels, or None while it is not known."""


class Span(Protocol):
    """A piece of work in a trace, while it lasts. Neither its name nor what is noted says anything about a person."""

    def note(self, name: str, value: str | float) -> None:
        """Say something about it that is known only now."""

    def fail(self, reason: str) -> None:
        """It failed; `reason` is one word."""


class Telemetry(Protocol):
    """Values of labels go in the order of the metric's labels."""

    def count(self, metric: Metric, *labels: str, by: float = 1.0) -> None:
        """Count upwards."""

    def observe(self, metric: Metric, value: float, *labels: str) -> None:
        """Add a value to a distribution."""

    def watch(self, metric: Metric, read: Callable[[], Reading]) -> None:
        """Ask how a gauge stands whenever that is wanted: `read` is called in any thread, and must not wait."""

    def span(self, name: str) -> AbstractContextManager[Span]:
        """A piece of work, part of the one that is under way in the same task or the task that made this one."""


class _Untold:
    """A span that nobody hears of."""

    def note(self, name: str, value: str | float) -> None:
        return

    def fail(self, reason: str) -> None:
        return


_UNTOLD: Final = nullcontext(_Untold())


class NoTelemetry:
    """Implements `Telemetry` where nobody wants to know."""

    def count(self, metric: Metric, *labels: str, by: float = 1.0) -> None:
        """See Telemetry."""

    def observe(self, metric: Metric, value: float, *labels: str) -> None:
        """See Telemetry."""

    def watch(self, metric: Metric, read: Callable[[], Reading]) -> None:
        """See Telemetry."""

    def span(self, name: str) -> AbstractContextManager[Span]:
        """See Telemetry."""
        return _UNTOLD


NO_TELEMETRY: Final = NoTelemetry()
