"""The list at the end of a backup."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import datetime
from enum import StrEnum
from typing import Final

from pydantic import BaseModel, ConfigDict

from bot.storage.snapshots.tables import RoundState, TableState

FORMAT: Final = 1
"""Raised when a backup is laid out in another way."""
LIST: Final = "contents.json"
DATABASE: Final = "database"
"""The member that is the database: a SQLite file, or what `pg_dump` wrote."""


class Kind(StrEnum):
    """What a backup is of."""

    MAIN = "main"
    KEYS = "keys"


class Where(StrEnum):
    """What kind of database is in it. NONE: whoever runs the server makes the copies of that."""

    SQLITE = "sqlite"
    POSTGRESQL = "postgresql"
    NONE = "none"


class FileState(BaseModel):
    """Bytes, and their SHA-256 in hexadecimal digits."""

    model_config = ConfigDict(frozen=True)

    size: int
    sha256: str


class Contents(BaseModel):
    """What a backup says of itself. `created` is when its database was copied, `version` which Fyren made it,
    `schema_number` the database's latest migration, `generation` what was published where the index is in it."""

    model_config = ConfigDict(frozen=True)

    format: int = FORMAT
    kind: Kind
    created: datetime
    version: str
    where: Where
    schema_number: int = 0
    tables: Mapping[str, TableState] = {}
    rounds: tuple[RoundState, ...] = ()
    generation: str | None = None
    files: Mapping[str, FileState] = {}

    @property
    def rows(self) -> int:
        """Rows of all tables."""
        return sum(each.rows for each in self.tables.values())

    @property
    def size(self) -> int:
        """Bytes of all files."""
        return sum(each.size for each in self.files.values())
