"""Calls to the connector: how long they took with their further tries, and how they ended."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from time import perf_counter

from bot.teams.errors import CredentialsFailed, SendFailed
from bot.telemetry.metrics import SENDS
from bot.telemetry.ports import Telemetry


@contextmanager
def measured_send(telemetry: Telemetry, work: str) -> Iterator[None]:
    """Measure the call that is made meanwhile; `work` is what it does."""
    status, started = "ok", perf_counter()
    with telemetry.span("send") as span:
        span.note("work", work)
        try:
            yield
        except SendFailed as error:
            status = str(error.status or ("timeout" if error.arrived else "unreachable"))
            raise
        except CredentialsFailed:
            status = "credentials"
            raise
        except BaseException:
            status = "stopped"
            raise
        finally:
            span.note("status", status)
            telemetry.observe(SENDS, perf_counter() - started, work, status)
