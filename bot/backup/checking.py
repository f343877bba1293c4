"""Checks a backup: every file against the list, the database by its own means and against what was copied."""

from __future__ import annotations

import asyncio
import tempfile
from dataclasses import dataclass
from pathlib import Path
from typing import Final

from bot.backup.archive_file import read_archive
from bot.backup.contents import DATABASE, Contents, Kind, Where
from bot.backup.errors import BackupDamaged
from bot.backup.kept_files import INDEX
from bot.storage.errors import StorageError
from bot.storage.snapshots import server, sqlite_file
from bot.storage.snapshots.tables import KeysState, MainState
from knowledge.adapters.generation import GenerationStore
from knowledge.adapters.manifest import verify
from knowledge.errors import IndexDamaged

PREFIX: Final = ".restore-"


@dataclass(frozen=True, slots=True)
class Unpacked:
    """A backup that was found whole, in a folder."""

    contents: Contents
    folder: Path


def check_backup(source: Path) -> Contents:
    """What a backup says of itself, once that is found to be so.

    Raises BackupDamaged, BackupUnsuitable and BackupError, and ProgramMissing for a dump that only `pg_restore` reads.
    """
    with tempfile.TemporaryDirectory(prefix="fyren-backup-") as folder:
        return unpack(source, Path(folder)).contents


def unpack(source: Path, folder: Path) -> Unpacked:
    """Unpack into an empty folder. Raises what `check_backup` does."""
    contents = read_archive(source, folder)
    try:
        if contents.where is Where.POSTGRESQL:
            asyncio.run(server.check_dump(folder / DATABASE))
        elif contents.where is Where.SQLITE:
            sqlite_file.check_file(folder / DATABASE)
            compare(contents, sqlite_state(contents.kind, folder / DATABASE))
        if contents.generation is not None:
            _check_index(folder / INDEX, contents.generation)
    except server.ProgramMissing:
        raise
    except (StorageError, IndexDamaged) as error:
        raise BackupDamaged(f"{source.name}: {error}") from error
    return Unpacked(contents, folder)


def sqlite_state(kind: Kind, path: Path) -> MainState | KeysState:
    """What a SQLite file holds. Raises StorageError."""
    return sqlite_file.main_state(path) if kind is Kind.MAIN else sqlite_file.keys_state(path)


def compare(contents: Contents, state: MainState | KeysState) -> None:
    """Raises BackupDamaged where a table has other rows than when it was copied."""
    if state.tables != contents.tables:
        names = {*state.tables, *contents.tables}
        other = sorted(name for name in names if state.tables.get(name) != contents.tables.get(name))
        raise BackupDamaged(f"tables with other rows than when they were copied: {', '.join(other)}")


def _check_index(root: Path, generation: str) -> None:
    store = GenerationStore(root)
    if store.current() != generation:
        raise IndexDamaged("the pointer names another generation")
    for name in store.generations():
        verify(root / "generations" / name, store.manifest(None if name == generation else name), ())
