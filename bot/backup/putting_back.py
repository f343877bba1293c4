"""Puts a backup back, into a place where there is nothing, or instead of what is there, which is moved aside.

A key that was destroyed when its round was closed, or its answers deleted, is destroyed again before anybody can use
it: by what the database that was put back says, and by what the one that was there before says.
"""

from __future__ import annotations

import asyncio
import logging
import shutil
import tempfile
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import UTC, datetime
from pathlib import Path
from typing import Final

from bot.backup.checking import PREFIX, Unpacked, compare, sqlite_state, unpack
from bot.backup.contents import DATABASE, Contents, Kind, Where
from bot.backup.errors import BackupError, BackupUnsuitable
from bot.backup.kept_files import INDEX, PLAIN, UPLOADS
from bot.settings import Settings
from bot.storage.check.keys import RoundKeys
from bot.storage.database import open_database
from bot.storage.engine import is_shared
from bot.storage.errors import StorageError
from bot.storage.migrations.numbered import IDENTITY_MIGRATIONS, MIGRATIONS
from bot.storage.snapshots import server, sqlite_file
from bot.storage.snapshots.tables import KeysState, RoundState

ASIDE: Final = "replaced-"
FOLDERS: Final = (INDEX, UPLOADS, *PLAIN)
"""Those of the data folder that are put back."""
_LOGS: Final = ("", "-wal", "-shm")
"""What a SQLite file may have beside it."""

_log = logging.getLogger(__name__)


@dataclass(frozen=True, slots=True)
class Restored:
    """What was put back. `destroyed` are rounds whose keys a backup would have brought back, `keyless` rounds that take
    answers by what was put back and whose key is not there, `open` those that take them and have one. `aside` is where
    what was here before is now."""

    contents: Contents
    keys: Contents | None
    destroyed: tuple[str, ...]
    keyless: tuple[str, ...]
    open: tuple[str, ...]
    aside: Path | None


def restore_backup(settings: Settings, source: Path, keys: Path | None, *, replace: bool) -> Restored:
    """Check a backup, and that of the keys, and put them where the settings say. Fyren must not run.

    Raises BackupError and its kinds, and StorageError: before anything was changed, but for what the database itself
    refuses.
    """
    data_dir = settings.data_dir
    try:
        data_dir.mkdir(parents=True, exist_ok=True, mode=0o700)
    except OSError as error:
        raise BackupError(f"{data_dir} cannot be made: {error}") from error
    for left in data_dir.glob(f"{PREFIX}*"):
        shutil.rmtree(left)  # of a command that was killed
    with tempfile.TemporaryDirectory(prefix=PREFIX, dir=data_dir) as stage:
        main = _unpacked(source, Path(stage) / "main", Kind.MAIN, settings.database, len(MIGRATIONS))
        unlocked = None
        if keys is not None:
            folder = Path(stage) / "keys"
            unlocked = _unpacked(keys, folder, Kind.KEYS, settings.identity_database, len(IDENTITY_MIGRATIONS))
        _refuse(settings, main, unlocked, replace=replace)
        before = _rounds_before(settings, main)
        aside = _move_aside(settings, main, unlocked)
        try:
            for each, url in ((unlocked, settings.identity_database), (main, settings.database)):
                if each is not None:
                    _put_back(each, url)
            _put_files(main, data_dir)
        except OSError as error:
            raise BackupError(f"what was unpacked could not be put in place: {error}") from error
        if main.contents.where is Where.NONE:
            if unlocked is None:
                return Restored(main.contents, None, (), (), (), aside)
            before = _rounds_now(settings.database)
        held = _keys_of(settings.identity_database)
        return _settled(settings, main.contents, unlocked, before, held, aside)


def _unpacked(source: Path, folder: Path, kind: Kind, url: str, newest: int) -> Unpacked:
    folder.mkdir()
    found = unpack(source, folder)
    contents = found.contents
    if contents.kind is not kind:
        raise BackupUnsuitable("other_kind", file=source.name)
    if contents.where is not Where.NONE and (contents.where is Where.POSTGRESQL) is not is_shared(url):
        raise BackupUnsuitable("other_database", made=contents.where.value)
    if contents.schema_number > newest:
        raise BackupUnsuitable("newer", version=contents.version)
    return found


def _rounds_before(settings: Settings, main: Unpacked) -> Sequence[RoundState]:
    """What the database that is replaced says of its rounds: it may know of a closing that the backup does not."""
    if is_shared(settings.database) or main.contents.where is Where.NONE:
        return ()
    path = sqlite_file.file_of(settings.database)
    if not path.is_file():
        return ()
    try:
        sqlite_file.close_for_good(path)
        return sqlite_file.main_state(path).rounds
    except sqlite_file.InUse:
        raise BackupUnsuitable("running", file=path) from None
    except StorageError as error:
        _log.warning("what is replaced tells nothing of its rounds: %s", error)  # damage is a reason to replace it
        return ()


def _rounds_now(url: str) -> Sequence[RoundState]:
    """What the database says that was not in the backup; nothing, where there is none yet."""
    if is_shared(url):
        return () if asyncio.run(server.is_empty(url, keys=False)) else asyncio.run(server.main_state(url)).rounds
    path = sqlite_file.file_of(url)
    return sqlite_file.main_state(path).rounds if path.is_file() else ()


def _refuse(settings: Settings, main: Unpacked, keys: Unpacked | None, *, replace: bool) -> None:
    """Raises BackupUnsuitable where something is in the way."""
    for each, url in ((main, settings.database), (keys, settings.identity_database)):
        if each is None or each.contents.where is Where.NONE:
            continue
        if is_shared(url):
            # A server's database is never emptied here: another one is easily made, and the old one stays as it is.
            if not asyncio.run(server.is_empty(url, keys=each is keys)):
                raise BackupUnsuitable("server_not_empty")
        elif not replace and sqlite_file.file_of(url).exists():
            raise BackupUnsuitable("not_empty", path=sqlite_file.file_of(url))
    if not replace:
        there = [settings.data_dir / name for name in FOLDERS]
        if found := next((path for path in there if path.is_dir() and any(path.iterdir())), None):
            raise BackupUnsuitable("not_empty", path=found)


def _move_aside(settings: Settings, main: Unpacked, keys: Unpacked | None) -> Path | None:
    data_dir = settings.data_dir
    files = [data_dir / name for name in FOLDERS]
    for each, url in ((main, settings.database), (keys, settings.identity_database)):
        if each is not None and each.contents.where is Where.SQLITE:
            path = sqlite_file.file_of(url)
            files += [path.with_name(path.name + log) for log in _LOGS]
    files = [path for path in files if path.exists()]
    if not files:
        return None
    aside = data_dir / f"{ASIDE}{datetime.now(UTC):%Y%m%dT%H%M%SZ}"
    try:
        aside.mkdir(mode=0o700)
        for path in files:
            shutil.move(path, aside / path.name)
    except OSError as error:
        raise BackupError(f"what is there could not be moved to {aside}: {error}") from error
    return aside


def _put_back(unpacked: Unpacked, url: str) -> None:
    contents, source = unpacked.contents, unpacked.folder / DATABASE
    if contents.where is Where.POSTGRESQL:
        if contents.kind is Kind.MAIN:
            compare(contents, asyncio.run(server.restore_main(url, source)))
        else:
            compare(contents, asyncio.run(server.restore_keys(url, source)))
    elif contents.where is Where.SQLITE:
        target = sqlite_file.file_of(url)
        _place(source, target)
        compare(contents, sqlite_state(contents.kind, target))


def _put_files(main: Unpacked, data_dir: Path) -> None:
    for name in FOLDERS:
        if (main.folder / name).is_dir():
            _place(main.folder / name, data_dir / name)


def _place(source: Path, target: Path) -> None:
    target.parent.mkdir(parents=True, exist_ok=True)
    if target.is_dir():
        target.rmdir()  # it was found empty
    shutil.move(source, target)


def _keys_of(url: str) -> KeysState | None:
    """What keys there are now; None where there is no such database."""
    if is_shared(url):
        return None if asyncio.run(server.is_empty(url, keys=True)) else asyncio.run(server.keys_state(url))
    path = sqlite_file.file_of(url)
    if not path.is_file():
        return None
    return sqlite_file.keys_state(path)


def _settled(
    settings: Settings,
    contents: Contents,
    keys: Unpacked | None,
    before: Sequence[RoundState],
    held: KeysState | None,
    aside: Path | None,
) -> Restored:
    """Bring the schemas up to date and destroy what must be gone."""
    rounds = [*contents.rounds, *before]
    undone = held.undoes(rounds) if held is not None else []
    asyncio.run(_destroy(settings, rounds))
    left = _keys_of(settings.identity_database)
    open_ones = [each for each in contents.rounds or before if not each.over]
    keyless = left.lacks(open_ones) if left is not None else open_ones
    return Restored(
        contents,
        keys.contents if keys is not None else None,
        _labels(undone),
        _labels(keyless),
        _labels(each for each in open_ones if each not in keyless),
        aside,
    )


async def _destroy(settings: Settings, rounds: Sequence[RoundState]) -> None:
    """Opening the databases brings them up to date, and destroys the keys of rounds that are over there."""
    database = await open_database(settings.database, settings.identity_database)
    try:
        keys = RoundKeys(database.identity)
        await keys.destroy({(each.id, each.closed) for each in rounds if each.closed})
        for each in rounds:
            if each.emptied:
                await keys.destroy_sealing(each.id)
    finally:
        await database.close()


def _labels(rounds: Iterable[RoundState]) -> tuple[str, ...]:
    return tuple(sorted({each.label for each in rounds}))
