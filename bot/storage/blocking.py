"""A database for code that works in threads of its own, and may block there: an event loop in another thread."""

from __future__ import annotations

import asyncio
import atexit
import threading
from collections.abc import Callable, Coroutine
from concurrent.futures import Future
from typing import Any, TypeVar

from bot.storage.engine import open_engine
from bot.storage.transactions import Transactions

T = TypeVar("T")


class BlockingDatabase:
    """The database at `url`, connected when it is first used, over connections of its own. Belongs to no event loop:
    its methods must not be called in one."""

    def __init__(self, url: str) -> None:
        self._url = url
        self._opening = threading.Lock()
        self._opened: tuple[asyncio.AbstractEventLoop, Transactions] | None = None

    def run(self, work: Callable[[Transactions], Coroutine[Any, Any, T]]) -> T:
        """What the work gives, or raises. Raises StorageError where the URL cannot be used."""
        loop, database = self._open()
        return asyncio.run_coroutine_threadsafe(work(database), loop).result()

    def begin(self, work: Callable[[Transactions], Coroutine[Any, Any, None]]) -> Future[None]:
        """Start work that goes on beside; what comes back can be cancelled. Raises StorageError."""
        loop, database = self._open()
        return asyncio.run_coroutine_threadsafe(work(database), loop)

    def close(self) -> None:
        """Close every connection; it may be used again."""
        with self._opening:
            opened, self._opened = self._opened, None
        atexit.unregister(self.close)
        if opened is not None:
            loop, database = opened
            asyncio.run_coroutine_threadsafe(database.engine.close(), loop).result()
            loop.call_soon_threadsafe(loop.stop)

    def _open(self) -> tuple[asyncio.AbstractEventLoop, Transactions]:
        with self._opening:
            if self._opened is None:
                database, loop = Transactions(open_engine(self._url)), asyncio.new_event_loop()
                threading.Thread(target=_run, args=(loop,), name="fyren-database", daemon=True).start()
                self._opened = loop, database
                atexit.register(self.close)  # a program that ends says so to the server
            return self._opened


def _run(loop: asyncio.AbstractEventLoop) -> None:
    try:
        loop.run_forever()
    finally:
        loop.close()
