"""What a copy of a database holds, so that it can be compared with what was copied."""

from __future__ import annotations

import hashlib
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from sqlalchemy import Connection, exists, select

from bot.maturity.rounds import OVER, RoundStatus
from bot.storage.check.keys import Purpose, identity_purpose
from bot.storage.schema.check import responses, rounds
from bot.storage.schema.identity import round_keys

_WRAP = 2**256


@dataclass(frozen=True, slots=True)
class TableState:
    """How many rows a table has, and a checksum of them that does not depend on their order."""

    rows: int
    digest: str


@dataclass(frozen=True, slots=True)
class RoundState:
    """How far a round has come. `over` is whether its identity key must be gone, `emptied` whether its answers are."""

    id: str
    label: str
    openings: int
    over: bool
    emptied: bool = False

    @property
    def closed(self) -> int:
        """The latest opening that has been closed; 0 where none has."""
        return self.openings if self.over else self.openings - 1


@dataclass(frozen=True, slots=True)
class MainState:
    """The main database at one moment. `schema` is the number of its latest migration."""

    schema: int
    tables: Mapping[str, TableState]
    rounds: Sequence[RoundState]


@dataclass(frozen=True, slots=True)
class KeysState:
    """The database of keys at one moment; `held` are the rounds and purposes of its keys."""

    schema: int
    tables: Mapping[str, TableState]
    held: frozenset[tuple[str, str]]

    def lacks(self, all_rounds: Sequence[RoundState]) -> list[RoundState]:
        """Rounds that are not over and whose key is missing: their drafts and answers lead to nobody any more."""
        return [
            each for each in all_rounds if not each.over and (each.id, identity_purpose(each.openings)) not in self.held
        ]

    def undoes(self, all_rounds: Sequence[RoundState]) -> list[RoundState]:
        """Rounds of which a key is here that must not be any more."""
        return [
            each
            for each in all_rounds
            if any((each.id, identity_purpose(number)) in self.held for number in range(1, each.closed + 1))
            or (each.emptied and (each.id, Purpose.SEALING.value) in self.held)
        ]


def state_of_rows(rows: Iterable[Sequence[Any]]) -> TableState:
    """Of rows as they are read."""
    count = total = 0
    for row in rows:
        count += 1
        total += int.from_bytes(hashlib.sha256(repr(tuple(row)).encode()).digest(), "big")
    return TableState(count, f"{total % _WRAP:064x}")


def rounds_of(connection: Connection) -> list[RoundState]:
    """Every round, by label."""
    answered = exists().where(responses.c.round == rounds.c.id)
    query = select(rounds.c.id, rounds.c.label, rounds.c.openings, rounds.c.status, answered).order_by(rounds.c.label)
    return [
        RoundState(each, label, openings, status in OVER, status == RoundStatus.ARCHIVED and not has_answers)
        for each, label, openings, status, has_answers in connection.execute(query)
    ]


def held_keys(connection: Connection) -> frozenset[tuple[str, str]]:
    """The rounds and purposes of every key."""
    return frozenset(
        (row.round, row.purpose) for row in connection.execute(select(round_keys.c.round, round_keys.c.purpose))
    )
