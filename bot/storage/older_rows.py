"""Rows as earlier versions of Fyren stored them, made into what this one stores. Looked for at every start, before
anything is served, as an earlier version may still write while replicas are renewed one after another.

This is no migration: the key that is needed is in the other database, and the schema stays as it is.
"""

from __future__ import annotations

import json
import logging
from collections.abc import Callable, Mapping
from functools import partial
from typing import Final

from sqlalchemy import ColumnElement, Connection, Table, and_, delete, exists, func, select, tuple_, update
from sqlalchemy.exc import IntegrityError

from bot.storage.errors import StorageError
from bot.storage.marks import BETWEEN, Marks
from bot.storage.schema.cases import cases
from bot.storage.schema.journal import feedback
from bot.storage.schema.questions import evaluation_questions
from bot.storage.schema.reminders import digest_channel
from bot.storage.scrubbing import tidy
from bot.storage.transactions import Transactions

AT_ONCE: Final = 500
"""Rows in one transaction, during which nothing else is written to SQLite."""
TRIES: Final = 3
"""Of one transaction, where others write the same thumbs meanwhile."""
KEPT_RATER: Final = 64
"""Digits of a rater under the key; without it there were fewer."""
PERSONAL: Final = "personal"
"""What an address calls a chat with one person."""

_FAILED: Final = "rows of an earlier version could not be renewed"
_OLD_THUMB: Final = func.length(feedback.c.rater) != KEPT_RATER

_log = logging.getLogger(__name__)


async def renew_older_rows(main: Transactions, marks: Marks) -> int:
    """Put who pressed a thumb and where questions came from under the key, and take out of the digest's address who
    turned it on; how many rows that were. No copy of what they were is left. Raises StorageError."""
    changed: dict[Table, int] = {}
    for table in await main.read(_FAILED, _tables):
        while count := await _renewed(main, _RENEWALS[table], marks):
            changed[table] = changed.get(table, 0) + count
    if changed:
        told = ", ".join(f"{count} of {table.name}" for table, count in changed.items())
        _log.info("rows of an earlier version are stored as this one does: %s", told)
        await tidy(main, tuple(changed))
    return sum(changed.values())


async def _renewed(main: Transactions, renew: Callable[[Connection, Marks], int], marks: Marks) -> int:
    """One transaction; again where somebody gave the same thumb in the middle of it."""
    for _ in range(TRIES - 1):
        try:
            return await main.write(_FAILED, lambda connection: renew(connection, marks))
        except StorageError as error:
            if not isinstance(error.__cause__, IntegrityError):
                raise
    return await main.write(_FAILED, lambda connection: renew(connection, marks))


def _tables(connection: Connection) -> tuple[Table, ...]:
    """Those in which there is anything to renew."""
    old = {feedback: _OLD_THUMB, cases: _old_origin(cases), evaluation_questions: _old_origin(evaluation_questions)}
    found = [table for table, where in old.items() if connection.scalar(select(exists().where(where)))]
    return (*found, *([digest_channel] if _without_person(connection) is not None else ()))


def _renew_thumbs(connection: Connection, marks: Marks) -> int:
    """The person may have pressed again in the meantime: the later of two thumbs on an answer stays."""
    of = (feedback.c.answer, feedback.c.rater, feedback.c.at)
    old = connection.execute(select(*of).where(_OLD_THUMB).limit(AT_ONCE)).all()
    kept = {(row.answer, row.rater): marks.rater(row.rater) for row in old}
    again = select(*of).where(tuple_(feedback.c.answer, feedback.c.rater).in_([(a, k) for (a, _), k in kept.items()]))
    later = {(row.answer, row.rater): row.at for row in connection.execute(again)}
    for answer, rater, at in old:
        mark = kept[answer, rater]
        pressed = later.get((answer, mark))
        mine = _thumb(answer, rater)
        if pressed is not None and pressed >= at:
            connection.execute(delete(feedback).where(mine))
            continue
        if pressed is not None:
            connection.execute(delete(feedback).where(_thumb(answer, mark)))
        connection.execute(update(feedback).where(mine).values(rater=mark))
    return len(old)


def _thumb(answer: str, rater: str) -> ColumnElement[bool]:
    return and_(feedback.c.answer == answer, feedback.c.rater == rater)


def _old_origin(table: Table) -> ColumnElement[bool]:
    return and_(table.c.origin != "", table.c.origin.not_like(f"%{BETWEEN}%"))


def _renew_origins(connection: Connection, marks: Marks, table: Table) -> int:
    old = select(table.c.origin).where(_old_origin(table)).distinct().limit(AT_ONCE)
    renewed = 0
    for origin in connection.execute(old).scalars().all():
        change = update(table).where(table.c.origin == origin).values(origin=marks.origin(origin))
        renewed += connection.execute(change).rowcount
    return renewed


def _renew_channel(connection: Connection, marks: Marks) -> int:
    address = _without_person(connection)
    if address is None:
        return 0
    return connection.execute(update(digest_channel).values(address=address)).rowcount


def _without_person(connection: Connection) -> str | None:
    """The digest's address without who turned it on, whom no message to a channel or a group needs; None where there is
    nobody to take out."""
    stored = connection.scalar(select(digest_channel.c.address))
    try:
        address = json.loads(stored or "null")
    except ValueError:
        return None  # of whatever else carries chats: what it means is not known here
    if not isinstance(address, dict) or not address.get("person") or address.get("kind", PERSONAL) == PERSONAL:
        return None
    return json.dumps(address | {"person": ""}, ensure_ascii=False, separators=(",", ":"))


_RENEWALS: Final[Mapping[Table, Callable[[Connection, Marks], int]]] = {
    feedback: _renew_thumbs,
    cases: partial(_renew_origins, table=cases),
    evaluation_questions: partial(_renew_origins, table=evaluation_questions),
    digest_channel: _renew_channel,
}
"""What renews some rows of a table, and says how many."""
