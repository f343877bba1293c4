"""One person's row of reminders in a round, as other transactions touch it, and what is sealed in it."""

from __future__ import annotations

import logging
from datetime import date
from functools import cache
from typing import Final

from pydantic import TypeAdapter, ValidationError
from sqlalchemy import ColumnElement, Connection, RowMapping, and_, bindparam, delete, null, update

from bot.maturity.session import Source
from bot.reminders.model import Kept, Standing, Wish
from bot.storage.errors import StorageError
from bot.storage.schema.reminders import reminders
from bot.storage.sealing import derived, seal, unseal

PURPOSE: Final = "reminder"

_log = logging.getLogger(__name__)


def mine(round_id: str, owner: str, source: Source) -> ColumnElement[bool]:
    """The row of an owner in a round."""
    return and_(reminders.c.round == round_id, reminders.c.owner == owner, reminders.c.source == source)


def note_activity(connection: Connection, round_id: str, owner: str, source: Source, day: date) -> None:
    """The person has gone on with the check, on this day."""
    connection.execute(
        update(reminders).where(mine(round_id, owner, source)).values(active=bindparam("day")), {"day": day}
    )


def remind_no_more(connection: Connection, round_id: str, owner: str, source: Source) -> None:
    """The answers were sent in: the address is deleted, the count of reminders stays."""
    connection.execute(update(reminders).where(mine(round_id, owner, source)).values(sealed=null()))


def remove_reminders(connection: Connection, round_id: str, owner: str, source: Source) -> None:
    """The person deletes everything."""
    connection.execute(delete(reminders).where(mine(round_id, owner, source)))


def sealed_wish(key: bytes, wish: Wish, round_id: str, owner: str, source: Source) -> bytes:
    """Sealed under the round's identity `key`, and for this row."""
    try:
        content = _wishes().dump_json(wish)
    except ValueError:
        raise StorageError("an address has characters that cannot be stored") from None
    return seal(derived(key, PURPOSE), content, PURPOSE, round_id, owner, source)


def kept_of(row: RowMapping, key: bytes | None, *, submitted: bool) -> Kept:
    """A row as it is told; without its wish where that does not open, which is logged."""
    table = reminders.c
    round_id, owner, source = row[table.round], row[table.owner], Source(row[table.source])
    wish = None
    if row[table.sealed] is not None and key is not None:
        try:
            opened = unseal(derived(key, PURPOSE), row[table.sealed], PURPOSE, round_id, owner, source)
            wish = _wishes().validate_json(opened, strict=True, extra="forbid")
        except (StorageError, ValidationError) as error:
            _log.error("an address for reminders of round %s cannot be opened: %s", round_id, type(error).__name__)
    return Kept(
        round=round_id,
        owner=owner,
        source=source,
        active=row[table.active],
        standing=Standing(row[table.standing]),
        sent=row[table.sent],
        last=row[table.last],
        submitted=submitted,
        wish=wish,
    )


@cache
def _wishes() -> TypeAdapter[Wish]:
    return TypeAdapter(Wish)
