"""An upgrade while the service goes on: replicas that start together migrate once, and an older one keeps working."""

from __future__ import annotations

import asyncio
from functools import partial

from sqlalchemy import Connection, func, select, text

from bot.storage.engine import open_engine
from bot.storage.migrations.numbered import MIGRATIONS, migrate
from bot.storage.schema.base import versions
from bot.storage.transactions import Transactions

OLDER = 13
"""The schema that the older replica was made for."""
JOBS = "SELECT id, state, holder, kind, paths FROM ingest_jobs"


async def test_d05_replicas_that_start_at_once_migrate_once_while_an_older_one_works(empty_postgresql_url: str) -> None:
    engines = [open_engine(empty_postgresql_url) for _ in range(4)]
    await migrate(engines[0], MIGRATIONS[:OLDER])
    old, written, over = Transactions(engines[0]), 0, asyncio.Event()

    def work(connection: Connection, number: int) -> None:
        connection.execute(text("INSERT INTO digest_weeks VALUES (:week)"), {"week": f"w{number}"})
        connection.execute(text("INSERT INTO document_people VALUES ('t', :who, 'Anna', now())"), {"who": str(number)})
        assert connection.execute(text(JOBS)).all() == []

    async def serve() -> None:
        nonlocal written
        while not over.is_set() or not written:
            await old.write("a turn could not be kept", partial(work, number=written))
            written += 1

    serving = asyncio.create_task(serve())
    assert await asyncio.gather(*(migrate(each) for each in engines[1:])) == [len(MIGRATIONS)] * 3
    over.set()
    await serving  # nothing of it failed

    def look(connection: Connection) -> tuple[list[int], int | None]:
        applied = connection.scalars(select(versions.c.version).order_by(versions.c.version))
        return list(applied), connection.scalar(select(func.count()).select_from(text("digest_weeks")))

    assert await engines[1].read(look) == (list(range(1, len(MIGRATIONS) + 1)), written)
    for each in engines:
        await each.close()
