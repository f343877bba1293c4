"""Makes a backup while Fyren runs: the database at one moment, then the files, which may be a little newer.

That order is the one that a crash leaves, too: files of what the database does not know of yet do no harm.
"""

from __future__ import annotations

import asyncio
import shutil
import tempfile
from collections.abc import Callable
from contextlib import ExitStack
from dataclasses import dataclass
from datetime import UTC, datetime
from functools import partial
from pathlib import Path
from typing import Final, TypeVar

from filelock import FileLock, Timeout

from bot.backup.archive_file import write_archive
from bot.backup.contents import DATABASE, Contents, Kind, Where
from bot.backup.errors import BackupError, BackupUnsuitable, NothingToBackUp
from bot.backup.kept_files import INDEX, PLAIN, UPLOADS, hold_folder, hold_index
from bot.settings import Settings
from bot.storage.engine import is_shared
from bot.storage.snapshots import server, sqlite_file
from bot.storage.snapshots.tables import KeysState, MainState
from bot.version import program_version

State = TypeVar("State")

STAGE: Final = ".backup-"
PAIRS: Final = 3
"""How often the two databases are copied until no round was closed between the one and the other."""
NAMES: Final = {Kind.MAIN: "fyren-", Kind.KEYS: "fyren-keys-"}
"""How the files of backups begin; the time follows."""


@dataclass(frozen=True, slots=True)
class Wanted:
    """What is wanted. `keys` is the folder for the keys, apart from `folder`; None leaves them out. Without `database`
    there are files only, and keys. `keep` and `keep_keys` delete all but so many of the backups in their folder."""

    folder: Path
    keys: Path | None = None
    database: bool = True
    keep: int | None = None
    keep_keys: int | None = None


@dataclass(frozen=True, slots=True)
class Made:
    """A file that was written, and how many earlier ones were deleted."""

    path: Path
    contents: Contents
    deleted: int = 0


def make_backup(settings: Settings, wanted: Wanted) -> list[Made]:
    """The file of the main backup, and that of the keys where they are wanted.

    Raises BackupError, StorageError (ProgramMissing where a server's programs are) and IndexDamaged.
    """
    with ExitStack() as stack:
        stage = Path(stack.enter_context(_stage(settings.data_dir, stack)))
        state, keys = _databases(settings, wanted, stage)
        created = datetime.now(UTC)
        generation = _files(settings, stage)
        common = partial(Contents, created=created, version=program_version())
        main = common(kind=Kind.MAIN, where=Where.NONE, generation=generation)
        if state is not None:
            where = _where(settings.database)
            main = main.model_copy(
                update={
                    "where": where,
                    "schema_number": state.schema,
                    "tables": state.tables,
                    "rounds": tuple(state.rounds),
                }
            )
        made = [_written(wanted.folder, main, stage / "main", wanted.keep)]
        if keys is not None and wanted.keys is not None:
            where = _where(settings.identity_database)
            contents = common(kind=Kind.KEYS, where=where, schema_number=keys.schema, tables=keys.tables)
            made.append(_written(wanted.keys, contents, stage / "keys", wanted.keep_keys))
        return made


def _stage(data_dir: Path, stack: ExitStack) -> tempfile.TemporaryDirectory[str]:
    """A folder beside what is held, for one backup at a time."""
    if not data_dir.is_dir():
        raise NothingToBackUp(f"{data_dir} is not there")
    try:
        stack.enter_context(FileLock(data_dir / f"{STAGE}lock", timeout=0))
    except Timeout as error:
        raise BackupError("another backup is being made") from error
    for left in data_dir.glob(f"{STAGE}*"):
        if left.is_dir():
            shutil.rmtree(left)  # of one that was killed
    return tempfile.TemporaryDirectory(prefix=STAGE, dir=data_dir)


def _databases(settings: Settings, wanted: Wanted, stage: Path) -> tuple[MainState | None, KeysState | None]:
    for name in ("main", "keys"):
        (stage / name).mkdir()
    if not wanted.database:
        if wanted.keys is None:
            return None, None
        return None, _copied_keys(settings.identity_database, stage / "keys" / DATABASE)
    if settings.database == settings.identity_database and not is_shared(settings.database):
        raise BackupUnsuitable("one_file")  # keys would be in the file that is kept for long
    for left in reversed(range(PAIRS)):
        main = _copied_main(settings.database, stage / "main" / DATABASE)
        if wanted.keys is None:
            return main, None
        keys = _copied_keys(settings.identity_database, stage / "keys" / DATABASE)
        # Keys that were made since are of no round here; a key that was destroyed since is one too few.
        if not left or not keys.lacks(main.rounds):
            return main, keys
    raise AssertionError("unreachable")


def _copied_main(url: str, target: Path) -> MainState:
    if is_shared(url):
        return asyncio.run(server.dump_main(url, target))
    return _copied(url, target, sqlite_file.main_state)


def _copied_keys(url: str, target: Path) -> KeysState:
    if is_shared(url):
        return asyncio.run(server.dump_keys(url, target))
    return _copied(url, target, sqlite_file.keys_state)


def _copied(url: str, target: Path, look: Callable[[Path], State]) -> State:
    source = sqlite_file.file_of(url)
    if not source.is_file():
        raise NothingToBackUp(f"{source} is not there")
    target.unlink(missing_ok=True)
    sqlite_file.copy_file(source, target)
    return look(target)


def _files(settings: Settings, stage: Path) -> str | None:
    """Where replicas share a server, it holds the index and what was sent, too."""
    main = stage / "main"
    for name in PLAIN:
        hold_folder(settings.data_dir / name, main / name)
    if is_shared(settings.database):
        return None
    hold_folder(settings.uploads_dir, main / UPLOADS)
    return hold_index(settings.index_dir, main / INDEX).generation


def _where(url: str) -> Where:
    return Where.POSTGRESQL if is_shared(url) else Where.SQLITE


def _written(folder: Path, contents: Contents, stage: Path, keep: int | None) -> Made:
    try:
        folder.mkdir(parents=True, exist_ok=True, mode=0o700)
    except OSError as error:
        raise BackupError(f"{folder} cannot be made: {error}") from error
    begin = NAMES[contents.kind]
    members = {path.relative_to(stage).as_posix(): path for path in stage.rglob("*") if path.is_file()}
    target = folder / f"{begin}{contents.created:%Y%m%dT%H%M%SZ}.tar"
    contents = write_archive(target, contents, members)
    deleted = 0
    if keep is not None:
        digits = "[0-9]" * 8
        for path in sorted(folder.glob(f"{begin}{digits}T{'[0-9]' * 6}Z.tar"), reverse=True)[keep:]:
            path.unlink()
            deleted += 1
    return Made(target, contents, deleted)
