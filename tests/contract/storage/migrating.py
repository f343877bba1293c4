"""A process that migrates a database and stops in the middle of its last migration, to be killed there."""

from __future__ import annotations

import asyncio
import threading
from multiprocessing.connection import Connection as Pipe
from typing import Any, NoReturn

from sqlalchemy import Connection, Table, event

from bot.storage.engine import open_engine
from bot.storage.migrations.numbered import IDENTITY_MIGRATIONS, MIGRATIONS, Migration, migrate
from bot.storage.schema.base import identity_versions, versions

SCHEMAS: dict[str, tuple[tuple[Migration, ...], Table]] = {
    "main": (MIGRATIONS, versions),
    "identity": (IDENTITY_MIGRATIONS, identity_versions),
}


def stop_halfway(tell: Pipe, url: str, schema: str, after: int | None) -> None:
    """Stop after so many statements of the last migration, or when only the commit is missing."""
    migrations, table = SCHEMAS[schema]

    def stop() -> NoReturn:
        tell.send_bytes(b"halfway")
        while True:
            threading.Event().wait()

    def last(connection: Connection) -> None:
        left = after or -1

        def count(*_: Any) -> None:
            nonlocal left
            left -= 1
            if left == 0:
                stop()

        event.listen(connection, "after_cursor_execute", count)
        migrations[-1](connection)
        stop()

    asyncio.run(migrate(open_engine(url), (*migrations[:-1], last), table))
