"""Where the weekly digest goes, and in which weeks it went. The address of a channel is nobody's
secret; who turned the digest on is not in it."""

from __future__ import annotations

from sqlalchemy import Connection, delete, insert, select
from sqlalchemy.exc import IntegrityError

from bot.reminders.model import Channel
from bot.storage.errors import StorageError
from bot.storage.schema.reminders import digest_channel, digest_weeks
from bot.storage.transactions import Transactions


class SqlDigests:
    """Implements `bot.reminders.ports.Digests`."""

    def __init__(self, main: Transactions) -> None:
        self._main = main

    async def channel(self) -> Channel | None:
        """The channel. Raises StorageError."""

        def find(connection: Connection) -> Channel | None:
            row = connection.execute(select(digest_channel.c.address, digest_channel.c.language)).first()
            return None if row is None else Channel(row.address, row.language)

        return await self._main.read("the channel of the digest could not be read", find)

    async def send_to(self, channel: Channel | None) -> None:
        """From now on the digest goes there, or nowhere. Raises StorageError."""

        def put(connection: Connection) -> None:
            connection.execute(delete(digest_channel))
            if channel is not None:
                row = {"id": 1, "address": channel.address, "language": channel.language}
                connection.execute(insert(digest_channel), row)

        await self._main.write("the channel of the digest could not be stored", put)

    async def count_week(self, week: str) -> bool:
        """Count the digest of a week; False where it was counted before. Raises StorageError."""

        def put(connection: Connection) -> None:
            connection.execute(insert(digest_weeks), {"week": week})

        try:
            await self._main.write("a digest could not be counted", put)
        except StorageError as error:
            if isinstance(error.__cause__, IntegrityError):
                return False
            raise
        return True

    async def uncount_week(self, week: str) -> None:
        """Take that back. Raises StorageError."""

        def put(connection: Connection) -> None:
            connection.execute(delete(digest_weeks).where(digest_weeks.c.week == week))

        await self._main.write("a digest that was not sent could not be uncounted", put)
