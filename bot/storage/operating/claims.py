"""Activities that somebody has taken, in a database.

There is one for every turn, so its statements are built once, and each of them is a transaction.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any, Final

from sqlalchemy import Connection, and_, bindparam, delete, or_, select, update
from sqlalchemy.dialects import postgresql, sqlite

from bot.access.claims import End, Standing
from bot.storage.schema.base import Moment
from bot.storage.schema.turns import taken_activities
from bot.storage.transactions import Transactions

_TABLE: Final = taken_activities


@dataclass(frozen=True, slots=True)
class _Statements:
    take: Any
    end: Any

    @classmethod
    def of(cls, insert: Any) -> _Statements:
        fields = ("at", "holder", "status", "expires")
        rows = insert(_TABLE).values(key=bindparam("key"), **{name: bindparam(name) for name in fields})
        fresh = {name: rows.excluded[name] for name in fields}
        unended = and_(_TABLE.c.holder == rows.excluded.holder, _TABLE.c.status.is_(None))
        free = or_(_TABLE.c.expires <= rows.excluded.at, unended)
        conflict = {"index_elements": [_TABLE.c.key], "set_": fresh}
        return cls(
            rows.on_conflict_do_update(**conflict, where=free).returning(_TABLE.c.key),
            rows.on_conflict_do_update(**conflict, where=_TABLE.c.holder == rows.excluded.holder),
        )


_STATEMENTS: Final[Mapping[str, _Statements]] = {
    "postgresql": _Statements.of(postgresql.insert),
    "sqlite": _Statements.of(sqlite.insert),
}
_STATUS: Final = select(_TABLE.c.status).where(_TABLE.c.key == bindparam("key"))
_RENEW: Final = (
    update(_TABLE)
    .where(_TABLE.c.key == bindparam("one"), _TABLE.c.holder == bindparam("mine"), _TABLE.c.status.is_(None))
    .values(expires=bindparam("until", type_=Moment))
)


class SqlClaims:
    """Implements `bot.access.claims.ClaimStore`; every method raises StorageError where the database fails."""

    def __init__(self, main: Transactions) -> None:
        self._main = main

    @property
    def shared(self) -> bool:
        """See ClaimStore: a file is for one process."""
        return self._main.engine.dialect != "sqlite"

    async def answered(self, now: datetime) -> Mapping[str, datetime]:
        """See ClaimStore."""
        query = select(_TABLE.c.key, _TABLE.c.expires).where(_TABLE.c.status.is_not(None), _TABLE.c.expires > now)

        def find(connection: Connection) -> Mapping[str, datetime]:
            return {row.key: row.expires for row in connection.execute(query)}

        return await self._main.read("what was answered could not be read", find)

    async def write(
        self, holder: str, wishes: Sequence[str], ends: Sequence[End], now: datetime, until: datetime
    ) -> Mapping[str, Standing]:
        """See ClaimStore. Done again it gives the same: what it took is the holder's."""

        def row(key: str, status: int | None, expires: datetime) -> dict[str, Any]:
            return {"key": key, "at": now, "holder": holder, "status": status, "expires": expires}

        def put(connection: Connection) -> Mapping[str, Standing]:
            statements = _STATEMENTS[connection.dialect.name]
            # In one order, so that replicas never wait for each other in a circle.
            if ends:
                ended = sorted(ends, key=lambda each: each.key)
                connection.execute(statements.end, [row(end.key, end.status, end.until) for end in ended])
            return {
                key: Standing.MINE
                if connection.execute(statements.take, row(key, None, until)).scalar() is not None
                else _of_another(connection, key)
                for key in sorted(wishes)
            }

        return await self._main.write_alone("activities could not be taken", put)

    async def renew(self, holder: str, keys: Sequence[str], until: datetime) -> None:
        """See ClaimStore."""

        def put(connection: Connection) -> None:
            for key in sorted(keys):
                connection.execute(_RENEW, {"one": key, "mine": holder, "until": until})

        await self._main.write("that turns are under way could not be noted", put)

    async def forget(self, before: datetime) -> int:
        """See ClaimStore."""

        def go(connection: Connection) -> int:
            return connection.execute(delete(_TABLE).where(_TABLE.c.expires < before)).rowcount

        return await self._main.write("activities that are past could not be deleted", go)


def _of_another(connection: Connection, key: str) -> Standing:
    status = connection.execute(_STATUS, {"key": key}).scalar()
    return Standing.UNDER_WAY if status is None else Standing.ANSWERED
