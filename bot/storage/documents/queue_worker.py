"""procrastinate's worker in this process: it brings jobs by their ids, and says in the database that it is alive.

Imports the library, which takes a tenth of a second, so it is imported itself where it is needed, in a thread.
"""

from __future__ import annotations

import asyncio
import logging
from collections.abc import AsyncIterator, Awaitable, Callable, Iterable, Iterator, Sequence
from contextlib import asynccontextmanager, contextmanager
from datetime import UTC, datetime, timedelta
from typing import Any, Final, LiteralString

import procrastinate.builtin_tasks  # which an App imports where it is made
import procrastinate.worker  # noqa: F401 - and this one where it begins to work
import psycopg
from procrastinate import App, BaseRetryStrategy, PsycopgConnector, RetryDecision
from procrastinate.connector import Notify
from procrastinate.exceptions import ConnectorException
from procrastinate.jobs import Job as Entry
from psycopg_pool import AsyncConnectionPool

from bot.documents.errors import Postponed
from bot.documents.timing import Timing
from bot.storage.documents.queue_schema import QUEUE, SCHEMA, TASK
from bot.storage.errors import StorageError

TIMEOUT: Final = 10.0
"""Seconds for a connection, and for one statement."""
CONNECTIONS: Final = 2
"""At most, beside the one that listens: one for the worker, one for who looks after the jobs of others."""
BEATS: Final = 3
"""How often a worker says that it is alive in the time after which it is taken for dead."""
_SILENCE: Final = 30
"""Seconds after which a connection on which nothing arrives any more is given up."""

Bring = Callable[[str], Awaitable[None]]

_log = logging.getLogger(__name__)


class QueueWorker:
    """One run of a worker; after a failure of the database another one begins afresh."""

    def __init__(self, place: dict[str, str], bring: Bring, timing: Timing) -> None:
        """`place` is where the database is, as libpq calls it."""
        self._timing = timing
        self._lease = timing.lease.total_seconds()
        self._connector = _Connector(timing.pause)
        self._app = App(connector=self._connector)
        # What else there is of tasks in a new App is the library's own, and in no queue of ours.
        self._app.task(name=TASK, queue=QUEUE, retry=_Again(timing.pause))(_brought(bring))
        self._arguments = {
            **place,
            "connect_timeout": round(TIMEOUT),
            "tcp_user_timeout": _SILENCE * 1000,
            "keepalives_idle": _SILENCE,
            "application_name": "fyren-queue",
            "options": f"-c search_path={SCHEMA} -c statement_timeout={round(TIMEOUT * 1000)}",
        }

    async def run(self, beside: Callable[[], Awaitable[None]]) -> None:
        """Bring jobs, and do what is to be done `beside`, until cancelled. Raises StorageError where the database
        failed. What is being read then is cancelled, and in the queue again, or found there as somebody dead's."""
        async with self._opened():
            work = self._app.run_worker_async(
                queues=[QUEUE],
                name="documents",
                concurrency=1,
                fetch_job_polling_interval=self._timing.pause,
                shutdown_graceful_timeout=0.0,
                delete_jobs="always",
                install_signal_handlers=False,
                update_heartbeat_interval=self._lease / BEATS,
                stalled_worker_timeout=self._lease,
            )
            tasks = [asyncio.ensure_future(each) for each in (work, beside(), self._connector.broken.wait())]
            try:
                await asyncio.wait(tasks, return_when=asyncio.FIRST_COMPLETED)
            finally:
                for each in tasks:
                    each.cancel()
                await asyncio.wait(tasks)
            with _translated():
                for each in tasks:
                    if not each.cancelled():
                        each.result()
        raise StorageError("the queue of documents: its worker has stopped")

    async def stalled(self) -> Sequence[Entry]:
        """What workers have that are taken for dead. Raises StorageError."""
        with _translated():
            found: Iterable[Entry] = await self._app.job_manager.get_stalled_jobs(
                queue=QUEUE, seconds_since_heartbeat=self._lease
            )
        return list(found)

    async def put_back_stalled(self) -> int:
        """Have those brought again; how many they were. One replica at a time may do so. Raises StorageError."""
        found = await self.stalled()
        for each in found:
            with _translated():
                await self._app.job_manager.retry_job(each)
        return len(found)

    @asynccontextmanager
    async def _opened(self) -> AsyncIterator[None]:
        pool = AsyncConnectionPool(
            kwargs=self._arguments,
            min_size=1,
            max_size=CONNECTIONS,
            timeout=TIMEOUT,
            reconnect_timeout=TIMEOUT,
            check=AsyncConnectionPool.check_connection,
            name="fyren-queue",
            open=False,
        )
        try:
            with _translated():
                await pool.open(wait=True, timeout=TIMEOUT)
                await self._connector.open_async(pool)
            yield
        finally:
            await pool.close(TIMEOUT)


class _Connector(PsycopgConnector):
    """The library's, but every statement has an end, and it listens again where its connection was lost.

    `broken` is set where something could not be noted that the library will not note again: that a job has ended, or
    that the worker is alive. A worker that went on could hold up everybody with a job that it does not have any more.
    """

    def __init__(self, pause: float) -> None:
        super().__init__()
        self.broken = asyncio.Event()
        self._pause = pause

    async def execute_query_async(self, query: LiteralString, **arguments: Any) -> None:
        try:
            with _in_time():
                async with asyncio.timeout(TIMEOUT):
                    await super().execute_query_async(query, **arguments)
        except ConnectorException as error:
            if not isinstance(error.__cause__, psycopg.Error) or isinstance(error.__cause__, psycopg.OperationalError):
                self.broken.set()
            raise

    async def execute_query_one_async(self, query: LiteralString, **arguments: Any) -> dict[str, Any]:
        with _in_time():
            async with asyncio.timeout(TIMEOUT):
                found: dict[str, Any] = await super().execute_query_one_async(query, **arguments)
        return found

    async def execute_query_all_async(self, query: LiteralString, **arguments: Any) -> list[dict[str, Any]]:
        with _in_time():
            async with asyncio.timeout(TIMEOUT):
                found: list[dict[str, Any]] = await super().execute_query_all_async(query, **arguments)
        return found

    async def listen_notify(self, on_notification: Notify, channels: Iterable[str]) -> None:
        names = list(channels)
        while True:
            try:
                await super().listen_notify(on_notification, names)
            except ConnectorException as error:
                cause = error.__cause__ or error
                _log.warning("who waits for documents is not woken, and looks by itself: %s", type(cause).__name__)
                await asyncio.sleep(self._pause)


class _Again(BaseRetryStrategy):
    """When a job is brought again: when its reader says so; at once where the worker ends; else after a while."""

    def __init__(self, pause: float) -> None:
        self._pause = pause

    def get_retry_decision(self, *, exception: BaseException, job: Entry) -> RetryDecision:
        if isinstance(exception, asyncio.CancelledError):
            return RetryDecision()
        seconds = exception.seconds if isinstance(exception, Postponed) else self._pause
        return RetryDecision(retry_at=datetime.now(UTC) + timedelta(seconds=seconds))


def _brought(bring: Bring) -> Callable[[str], Awaitable[None]]:
    async def read(job: str) -> None:
        await bring(job)

    return read


@contextmanager
def _in_time() -> Iterator[None]:
    try:
        yield
    except TimeoutError as error:
        raise ConnectorException(f"the database has not answered within {TIMEOUT:g} s") from error


@contextmanager
def _translated() -> Iterator[None]:
    try:
        yield
    except (ConnectorException, psycopg.Error) as error:
        # No value of a query stands in the message: only what kind of failure it was.
        cause = error.__cause__ or error
        raise StorageError(f"the queue of documents does not answer: {type(cause).__name__}") from error
