"""The outbox of webhooks in the main database."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime

from sqlalchemy import ColumnElement, Connection, RowMapping, and_, delete, insert, select, update

from bot.storage.schema.exports import webhook_deliveries as table
from bot.storage.transactions import Transactions
from bot.webhooks.outbox import Delivery, DeliveryState


class SqlOutbox:
    """Implements `bot.webhooks.outbox.Outbox`; every method raises StorageError where the database fails."""

    def __init__(self, main: Transactions) -> None:
        self._main = main

    async def put(self, deliveries: Sequence[Delivery]) -> int:
        """Keep those that are not there yet; how many they were. Committed when this returns."""
        messages = select(table.c.message, table.c.target).where(
            table.c.message.in_([each.message for each in deliveries])
        )

        def known(connection: Connection) -> set[tuple[str, str]]:
            return {(row.message, row.target) for row in connection.execute(messages)}

        def keep(connection: Connection) -> int:
            there = known(connection)
            new = [_row(each) for each in deliveries if (each.message, each.target) not in there]
            if new:
                connection.execute(insert(table), new)
            return len(new)

        # Nearly always there is nothing new, and then nobody has to wait for the right to write.
        there = await self._main.read("the outbox could not be read", known)
        if all((each.message, each.target) in there for each in deliveries):
            return 0
        return await self._main.write("messages could not be stored", keep)

    async def due(self, now: datetime, limit: int) -> Sequence[Delivery]:
        """Deliveries that are to be tried now, those that have waited longest first."""
        query = (
            select(table)
            .where(table.c.state == DeliveryState.WAITING, table.c.due <= now)
            .order_by(table.c.due, table.c.message, table.c.target)
            .limit(limit)
        )

        def look(connection: Connection) -> Sequence[Delivery]:
            return tuple(_delivery(row) for row in connection.execute(query).mappings())

        return await self._main.read("the outbox could not be read", look)

    async def claim(self, delivery: Delivery, until: datetime) -> bool:
        """Take a delivery for oneself: it is not due before `until`. False where somebody else was faster."""
        mine = update(table).where(_this(delivery), table.c.due == delivery.due, table.c.state == DeliveryState.WAITING)

        def change(connection: Connection) -> bool:
            return connection.execute(mine.values(due=until)).rowcount > 0

        # Where the commit was not confirmed it may be ours without our knowing; it is then tried after `until`.
        return await self._main.write("a message could not be taken", change, repeatable=False)

    async def settle(self, delivery: Delivery, state: DeliveryState, *, due: datetime) -> None:
        """Note how a try ended: one more attempt, the state, and when it is tried next where it is WAITING."""
        values = {"state": state, "due": due, "attempts": delivery.attempts + 1}

        def change(connection: Connection) -> None:
            connection.execute(update(table).where(_this(delivery)).values(values))

        await self._main.write("what became of a message could not be stored", change)

    async def forget_before(self, moment: datetime) -> int:
        """Delete what was created before and waits no longer; how many they were."""
        settled = and_(table.c.created < moment, table.c.state != DeliveryState.WAITING)
        old = select(table.c.message).where(settled).limit(1)

        def any_old(connection: Connection) -> bool:
            return connection.execute(old).first() is not None

        def drop(connection: Connection) -> int:
            return connection.execute(delete(table).where(settled)).rowcount

        if not await self._main.read("the outbox could not be read", any_old):
            return 0
        return await self._main.write("old messages could not be deleted", drop)


def _this(delivery: Delivery) -> ColumnElement[bool]:
    return and_(table.c.message == delivery.message, table.c.target == delivery.target)


def _row(delivery: Delivery) -> dict[str, object]:
    return {column.name: getattr(delivery, column.name) for column in table.c}


def _delivery(row: RowMapping) -> Delivery:
    return Delivery(**{column.name: row[column] for column in table.c} | {"state": DeliveryState(row[table.c.state])})
