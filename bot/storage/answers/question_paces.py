"""When people have asked within the last minute, in the main database: a limit that holds for all replicas together."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from datetime import UTC, datetime, timedelta
from typing import Any, Final

from sqlalchemy import Connection, delete, select, update
from sqlalchemy.dialects import postgresql, sqlite

from bot.conversation.question_pace import WINDOW, counted
from bot.storage.marks import Marks
from bot.storage.schema.talk import question_paces
from bot.storage.transactions import Transactions

_BEGIN: Final[Mapping[str, Any]] = {
    "postgresql": postgresql.insert(question_paces).on_conflict_do_nothing(),
    "sqlite": sqlite.insert(question_paces).on_conflict_do_nothing(),
}


class SqlQuestionPaces:
    """Implements `bot.conversation.question_pace.AskedStore`. Every method raises StorageError."""

    def __init__(
        self, main: Transactions, marks: Marks, now: Callable[[], datetime] = lambda: datetime.now(UTC)
    ) -> None:
        self._main = main
        self._marks = marks
        self._now = now

    async def seconds_to_wait(self, person: str, most: int) -> float:
        """See AskedStore. Of questions that come at once, each waits for the row until the one before is counted."""
        mark = self._marks.asking(person)

        def count(connection: Connection) -> float:
            now = self._now()
            row = {"person": mark, "asked": [], "latest": now}
            connection.execute(_BEGIN[connection.dialect.name], row)
            asked = connection.scalar(
                select(question_paces.c.asked).where(question_paces.c.person == mark).with_for_update()
            )
            wait, still = counted(asked or (), now.timestamp(), most)
            if not wait:
                connection.execute(
                    update(question_paces).where(question_paces.c.person == mark).values(asked=still, latest=now)
                )
            return wait

        return await self._main.write("how much somebody asks could not be counted", count)

    async def forget(self) -> int:
        """Delete whoever asked nothing within the last minute; how many."""
        until = self._now() - timedelta(seconds=WINDOW)

        def go(connection: Connection) -> int:
            return connection.execute(delete(question_paces).where(question_paces.c.latest < until)).rowcount

        return await self._main.write("who asked how much could not be deleted", go)
