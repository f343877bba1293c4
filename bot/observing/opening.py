"""Settings and environment -> telemetry, open for as long as the service runs; nothing of it where nobody wants it."""

from __future__ import annotations

import asyncio
import logging
import secrets
from collections.abc import AsyncIterator, Callable
from contextlib import AbstractContextManager, AsyncExitStack, asynccontextmanager
from typing import TYPE_CHECKING, Final

from bot.observing.page import PATH, serving_metrics
from bot.observing.recorder import Recorder
from bot.observing.settings import Exporting, read_exporting
from bot.settings import Settings
from bot.settings_fields.values import as_listening
from bot.telemetry.metric import Metric
from bot.telemetry.metrics import BUILD, LOG_LINES
from bot.telemetry.ports import NO_TELEMETRY, Reading, Span, Telemetry
from bot.version import program_version

if TYPE_CHECKING:
    from bot.observing.sending import Sending

FAREWELL: Final = 5.0
"""Seconds that what was measured last has to be sent when the service ends."""

_log = logging.getLogger(__name__)


class Observing:
    """Implements `bot.telemetry.ports.Telemetry`."""

    def __init__(
        self, recorder: Recorder, span: Callable[[str], AbstractContextManager[Span]] = NO_TELEMETRY.span
    ) -> None:
        self.recorder = recorder
        self._span = span

    def count(self, metric: Metric, *labels: str, by: float = 1.0) -> None:
        """See Telemetry."""
        self.recorder.count(metric, *labels, by=by)

    def observe(self, metric: Metric, value: float, *labels: str) -> None:
        """See Telemetry."""
        self.recorder.observe(metric, value, *labels)

    def watch(self, metric: Metric, read: Callable[[], Reading]) -> None:
        """See Telemetry."""
        self.recorder.watch(metric, read)

    def span(self, name: str) -> AbstractContextManager[Span]:
        """See Telemetry."""
        return self._span(name)


class LineCount(logging.Handler):
    """Counts warnings and what is worse."""

    def __init__(self, telemetry: Telemetry) -> None:
        super().__init__(logging.WARNING)
        self._telemetry = telemetry

    def emit(self, record: logging.LogRecord) -> None:
        """Count one."""
        self._telemetry.count(LOG_LINES, record.levelname.lower())


@asynccontextmanager
async def open_telemetry(settings: Settings, exporting: Exporting | None = None) -> AsyncIterator[Telemetry]:
    """Telemetry as the settings and OpenTelemetry's variables want it.

    Raises SettingsInvalid, and OSError where the address for metrics cannot be listened on.
    """
    exporting = exporting or read_exporting()
    address = settings.metrics_address or (exporting.page if "prometheus" in exporting.metrics else "")
    async with AsyncExitStack() as stack:
        if address or exporting.traces or exporting.metrics:
            yield await _opened(stack, address, exporting)
        else:
            yield NO_TELEMETRY


async def _opened(stack: AsyncExitStack, address: str, exporting: Exporting) -> Observing:
    version = await asyncio.to_thread(program_version)
    observing = Observing(Recorder())
    observing.watch(BUILD, lambda: {(version,): 1.0})
    if exporting.traces or exporting.metrics - {"prometheus"}:
        # Half a second of imports that nobody else should wait for.
        sending = await asyncio.to_thread(_sending, observing.recorder, exporting, version)
        stack.push_async_callback(_sent, sending.close)
        if sending.span is not None:
            observing = Observing(observing.recorder, sending.span)
        _filter(stack, sending.trace_ids)
    counting = LineCount(observing)
    logging.getLogger().addHandler(counting)
    stack.callback(logging.getLogger().removeHandler, counting)
    if address:
        host, port = as_listening(address)
        port = await stack.enter_async_context(serving_metrics(observing.recorder.registry, host, port))
        _log.info("metrics are served at http://%s:%d%s", f"[{host}]" if ":" in host else host, port, PATH)
    return observing


def _sending(recorder: Recorder, exporting: Exporting, version: str) -> Sending:
    from bot.observing.sending import Sending  # noqa: PLC0415 - who sends nothing does not pay for its libraries

    return Sending(recorder.registry, exporting, version=version, instance=secrets.token_hex(8))


def _filter(stack: AsyncExitStack, trace_ids: logging.Filter) -> None:
    for handler in logging.getLogger().handlers:
        handler.addFilter(trace_ids)
        stack.callback(handler.removeFilter, trace_ids)


async def _sent(close: Callable[[], None]) -> None:
    closing = asyncio.get_running_loop().run_in_executor(None, close)
    done, _ = await asyncio.wait({closing}, timeout=FAREWELL)
    if not done:
        _log.warning("what was measured last could not be sent within %.0f seconds", FAREWELL)
