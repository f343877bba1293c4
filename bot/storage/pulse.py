"""Whether the databases answer, for health checks that must not wait for them, nor wear them out."""

from __future__ import annotations

import asyncio
import contextlib
import logging
from collections.abc import Sequence
from datetime import UTC, datetime

from sqlalchemy import Connection, Table, delete, func, insert, select

from bot.storage.engine import Action
from bot.storage.errors import StorageError
from bot.storage.transactions import Transactions

PATIENCE = 2.0
"""Seconds after which a database that has not answered counts as unavailable."""

_log = logging.getLogger(__name__)


class Pulse:
    """`looked_at` are databases, each with its table of versions.

    Whoever asks while somebody is looking gets the same look. A database whose latest write failed has to take one
    again before it counts as available: a full disk and a file that has become read-only still answer questions.
    """

    def __init__(self, looked_at: Sequence[tuple[Transactions, Table]], patience: float = PATIENCE) -> None:
        self._looked_at = looked_at
        self._patience = patience
        self._look: asyncio.Task[bool] | None = None

    async def beats(self) -> bool:
        """Whether all of them answer in time."""
        if self._look is None or self._look.done():
            self._look = asyncio.create_task(self._try())
        done, _ = await asyncio.wait({self._look}, timeout=self._patience)
        return bool(done) and self._look.result()

    async def close(self) -> None:
        """Look no longer."""
        if self._look is not None:
            self._look.cancel()
            with contextlib.suppress(asyncio.CancelledError):
                await self._look

    async def _try(self) -> bool:
        try:
            for database, versions in self._looked_at:
                if database.failing:
                    await database.write("the database takes no writes", _touching(versions))
                else:
                    await database.read("the database does not answer", _reading(versions))
        except StorageError as error:
            _log.error("health: %s", error)
            return False
        return True


def _reading(versions: Table) -> Action[None]:
    def read(connection: Connection) -> None:
        connection.execute(select(func.max(versions.c.version)))

    return read


def _touching(versions: Table) -> Action[None]:
    def touch(connection: Connection) -> None:
        # A row that comes and goes leaves no trace, but has to be written; one that stays as it is has not.
        connection.execute(insert(versions).values(version=0, applied=datetime.now(UTC)))
        connection.execute(delete(versions).where(versions.c.version == 0))

    return touch
