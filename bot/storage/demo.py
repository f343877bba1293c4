"""Databases of made-up data: marked when they are made, never taken for real ones, nor real ones for them."""

from __future__ import annotations

import asyncio
from collections.abc import AsyncIterator, Sequence
from contextlib import asynccontextmanager
from typing import Final

from sqlalchemy import Column, Connection, Integer, MetaData, Table, inspect

from bot.maturity.responses import Response
from bot.storage.check.keys import RoundKeys
from bot.storage.check.responses import put_new_responses
from bot.storage.engine import open_engine
from bot.storage.errors import DemoMismatch
from bot.storage.transactions import Transactions

AT_ONCE: Final = 500
"""Responses that are written in one transaction."""

MARK: Final = Table("demo", MetaData(), Column("id", Integer, primary_key=True, autoincrement=False))
"""A database with this table holds made-up data. No migration makes it, so no real database ever has it."""


async def require_kind(database: Transactions, *, demo: bool) -> None:
    """Raises DemoMismatch unless a database is marked as made up (`demo`), or is not; StorageError where it fails."""
    if await database.read("the database could not be read", _is_marked) is demo:
        return
    raise DemoMismatch("it holds no made-up data" if demo else "it holds made-up data", demo=demo)


async def mark(url: str) -> None:
    """Mark an empty database as made up. Raises DemoMismatch where it holds anything, StorageError."""

    def put(connection: Connection) -> None:
        if inspect(connection).get_table_names():
            raise DemoMismatch("it holds something already", demo=True)
        MARK.create(connection)

    async with _opened(url) as database:
        await database.write("a database could not be marked as made up", put)


async def holds_other(url: str) -> bool:
    """Whether a database holds anything that is not made up. Raises StorageError where that cannot be told."""

    def look(connection: Connection) -> bool:
        return bool(inspect(connection).get_table_names()) and not _is_marked(connection)

    async with _opened(url) as database:
        return await database.read("the database could not be read", look)


class SqlMadeUp:
    """Puts responses into a marked database past the rules of rounds; into no other."""

    def __init__(self, main: Transactions, identity: Transactions) -> None:
        self._main = main
        self._keys = RoundKeys(identity)

    async def put(self, round_id: str, added: Sequence[tuple[str, str, Response]]) -> None:
        """Keep responses, each with the id and the owner that it is to have. Raises DemoMismatch, StorageError."""
        await require_kind(self._main, demo=True)
        key = await self._keys.sealing(round_id)
        for begin in range(0, len(added), AT_ONCE):
            piece = added[begin : begin + AT_ONCE]

            def put(connection: Connection, piece: Sequence[tuple[str, str, Response]] = piece) -> None:
                put_new_responses(connection, piece, key)

            await self._main.write("made-up responses could not be stored", put, repeatable=False)


@asynccontextmanager
async def _opened(url: str) -> AsyncIterator[Transactions]:
    engine = await asyncio.to_thread(open_engine, url)
    try:
        yield Transactions(engine)
    finally:
        await engine.close()


def _is_marked(connection: Connection) -> bool:
    return bool(inspect(connection).has_table(MARK.name))
