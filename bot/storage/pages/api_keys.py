"""Keys of the read API in the main database."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date

from sqlalchemy import Connection, RowMapping, func, insert, select, update

from bot.access.api_keys import ApiKey
from bot.storage.schema.exports import api_keys
from bot.storage.transactions import Transactions


class SqlApiKeys:
    """Implements `bot.access.api_keys.ApiKeys`; every method raises StorageError where the database fails."""

    def __init__(self, main: Transactions) -> None:
        self._main = main

    async def add(self, key: ApiKey) -> None:
        """Keep a new key; committed when this returns."""
        row = {column.name: getattr(key, column.name) for column in api_keys.c}

        def put(connection: Connection) -> None:
            connection.execute(insert(api_keys).values(row))

        await self._main.write("a key could not be stored", put, repeatable=False)

    async def find(self, key_id: str) -> ApiKey | None:
        """The key with this id, whether or not it counts."""
        query = select(api_keys).where(api_keys.c.id == key_id)

        def look(connection: Connection) -> ApiKey | None:
            row = connection.execute(query).mappings().one_or_none()
            return None if row is None else _key(row)

        return await self._main.read("a key could not be looked up", look)

    async def all(self) -> Sequence[ApiKey]:
        """Every key, newest first."""
        query = select(api_keys).order_by(api_keys.c.created.desc(), api_keys.c.id)

        def look(connection: Connection) -> Sequence[ApiKey]:
            return tuple(_key(row) for row in connection.execute(query).mappings())

        return await self._main.read("the keys could not be read", look)

    async def note_use(self, key_id: str, day: date) -> None:
        """Note the last day on which it was used."""

        def note(connection: Connection) -> None:
            connection.execute(update(api_keys).where(api_keys.c.id == key_id).values(used=day))

        await self._main.write("the use of a key could not be noted", note)

    async def revoke(self, key_id: str, day: date) -> bool:
        """Take a key back; False where there is none with this id. One that was taken back keeps its day."""
        mine = update(api_keys).where(api_keys.c.id == key_id)

        def change(connection: Connection) -> bool:
            return connection.execute(mine.values(revoked=func.coalesce(api_keys.c.revoked, day))).rowcount > 0

        return await self._main.write("a key could not be taken back", change)


def _key(row: RowMapping) -> ApiKey:
    return ApiKey(**{column.name: row[column] for column in api_keys.c})
