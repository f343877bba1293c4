"""Rounds to rows and back."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from sqlalchemy import Column, Connection, RowMapping, select

from bot.maturity.errors import ThresholdTooLow
from bot.maturity.instrument import Instrument
from bot.maturity.rounds import Invited, Round, RoundStatus
from bot.storage.errors import StorageError
from bot.storage.schema.base import Row
from bot.storage.schema.check import rounds

WHOLE = tuple(rounds.c)
HEADS = tuple(column for column in WHOLE if column is not rounds.c.instrument)
"""A round without the text of its instrument, which is long and seldom needed."""

_AS_THEY_ARE = tuple(column.name for column in HEADS if column.name not in ("digest", "status"))
"""The columns that are fields of a round as they stand."""


def rows_of(connection: Connection, columns: Sequence[Column[Any]]) -> Sequence[RowMapping]:
    """These columns of every round, newest first."""
    query = select(*columns).order_by(rounds.c.opens.desc(), rounds.c.label.desc())
    return connection.execute(query).mappings().all()


def row_of(held: Round) -> Row:
    """A round as its row; the invited numbers have rows of their own."""
    return {
        "id": held.id,
        "label": held.label,
        "instrument": held.instrument.source,
        "digest": held.instrument.digest,
        "status": held.status,
        "opens": held.opens,
        "closes": held.closes,
        "practice": held.practice,
        "closed_on": held.closed_on,
        "archived_on": held.archived_on,
        "diary_number": held.diary_number,
        "retention": held.retention,
        "keep_answers": held.keep_answers,
        "open_data": held.open_data,
        "threshold": held.threshold,
        "openings": held.openings,
    }


def round_of(row: RowMapping, instrument: Instrument, invited: Invited) -> Round:
    """The round in a row of HEADS. Raises StorageError where its threshold is too low."""
    values = {name: row[name] for name in _AS_THEY_ARE}
    try:
        return Round(instrument=instrument, status=RoundStatus(row["status"]), invited=invited, **values)
    except ThresholdTooLow as error:
        raise StorageError(str(error)) from error
