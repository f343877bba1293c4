"""Where the check's notice is shown, in the main database: under a keyed mark of the chat, for days."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import date, timedelta
from typing import Any, Final

from sqlalchemy import ColumnElement, Connection, delete, select
from sqlalchemy.dialects import postgresql, sqlite

from bot.conversation.check.notices import KEPT, Offer
from bot.conversation.ports import Place
from bot.maturity.days import Today
from bot.maturity.session import Source
from bot.storage.marks import Marks
from bot.storage.schema.check import shown_notices
from bot.storage.transactions import Transactions


def _put(insert: Any) -> Any:
    row = insert(shown_notices)
    changed = {name: row.excluded[name] for name in ("round", "source", "day")}
    return row.on_conflict_do_update(index_elements=[shown_notices.c.place], set_=changed)


_PUT: Final[Mapping[str, Any]] = {"postgresql": _put(postgresql.insert), "sqlite": _put(sqlite.insert)}
"""One statement, as two replicas may show notices in one chat at once."""


class SqlNotices:
    """Implements `bot.conversation.check.notices.Notices`. Every method raises StorageError."""

    def __init__(self, main: Transactions, marks: Marks, today: Today) -> None:
        self._main = main
        self._marks = marks
        self._today = today

    async def show(self, place: Place, offer: Offer) -> None:
        """See Notices."""
        row = {"place": self._mark(place), "round": offer.round, "source": offer.source, "day": self._today()}

        def put(connection: Connection) -> None:
            connection.execute(_PUT[connection.dialect.name], row)

        await self._main.write("that a notice is shown could not be stored", put)

    async def shown(self, place: Place) -> Offer | None:
        """See Notices."""
        query = select(shown_notices.c.round, shown_notices.c.source).where(
            shown_notices.c.place == self._mark(place), shown_notices.c.day >= self._oldest()
        )

        def find(connection: Connection) -> Offer | None:
            row = connection.execute(query).first()
            return None if row is None else Offer(row.round, Source(row.source))

        return await self._main.read("which notice is shown could not be read", find)

    async def read(self, place: Place) -> None:
        """See Notices."""
        await self._delete(shown_notices.c.place == self._mark(place))

    async def forget(self) -> int:
        """Delete what is out of date; how many."""
        return await self._delete(shown_notices.c.day < self._oldest())

    async def _delete(self, where: ColumnElement[bool]) -> int:
        def go(connection: Connection) -> int:
            return connection.execute(delete(shown_notices).where(where)).rowcount

        return await self._main.write("that a notice was shown could not be deleted", go)

    def _oldest(self) -> date:
        return self._today() - timedelta(days=KEPT)

    def _mark(self, place: Place) -> str:
        return self._marks.notice(place.tenant, place.conversation)
