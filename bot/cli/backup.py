"""`fyren backup`: copies everything that is kept, checks a copy, puts one back."""

from __future__ import annotations

import argparse
from pathlib import Path
from typing import Any

from bot.backup.checking import check_backup
from bot.backup.contents import Contents, Kind
from bot.backup.errors import BackupDamaged, BackupError, BackupUnsuitable, NothingToBackUp
from bot.backup.making import Made, Wanted, make_backup
from bot.backup.putting_back import Restored, restore_backup
from bot.cli.console import Console
from bot.settings import Settings
from bot.storage.snapshots.server import ProgramMissing

MEGABYTE = 1_000_000


def run(arguments: argparse.Namespace, settings: Settings, console: Console) -> int:
    """0, or an exception that ends the command."""
    try:
        match arguments.action:
            case "create":
                database = not arguments.without_database
                keep_keys = arguments.keep_keys or arguments.keep
                wanted = Wanted(arguments.folder, arguments.keys, database, arguments.keep, keep_keys)
                if wanted.keys is not None and _is_within(wanted.keys, wanted.folder):
                    raise console.fail("backup.keys_apart")
                return _made(make_backup(settings, wanted), wanted, console)
            case "verify":
                return _whole(arguments.file, check_backup(arguments.file), console)
            case _:
                done = restore_backup(settings, arguments.file, arguments.keys, replace=arguments.replace)
                return _restored(done, console)
    except ProgramMissing as error:
        raise console.fail("backup.program", program=error.program) from error
    except BackupUnsuitable as error:
        raise console.fail(f"backup.unsuitable.{error.reason}", **error.values) from error
    except NothingToBackUp as error:
        raise console.fail("backup.nothing", detail=error) from error
    except BackupDamaged as error:
        raise console.fail("backup.damaged", detail=error) from error
    except BackupError as error:
        raise console.fail("backup.failed", detail=error) from error


def _is_within(keys: Path, folder: Path) -> bool:
    return keys.resolve().is_relative_to(folder.resolve()) or folder.resolve().is_relative_to(keys.resolve())


def _made(made: list[Made], wanted: Wanted, console: Console) -> int:
    if console.json:
        console.data(
            {"files": [{"path": str(each.path), "deleted": each.deleted} | _told(each.contents) for each in made]}
        )
        return 0
    for each in made:
        console.line(console.say(f"backup.made.{each.contents.kind.value}", path=each.path, **_numbers(each.contents)))
        if each.deleted:
            console.line(console.say("backup.deleted", count=each.deleted, folder=each.path.parent))
    if wanted.database and wanted.keys is None:
        console.note(console.say("backup.no_keys"))
    return 0


def _whole(path: Path, contents: Contents, console: Console) -> int:
    if console.json:
        console.data({"path": str(path), "whole": True} | _told(contents))
    else:
        made = contents.created.astimezone().strftime("%Y-%m-%d %H:%M")
        console.line(console.say("backup.whole", path=path, made=made, **_numbers(contents)))
    return 0


def _restored(done: Restored, console: Console) -> int:
    rounds = {"destroyed": done.destroyed, "keyless": done.keyless, "open": done.open}
    if console.json:
        console.data(
            _told(done.contents)
            | {"keys": done.keys is not None, "aside": str(done.aside) if done.aside is not None else None}
            | {name: list(labels) for name, labels in rounds.items()}
        )
        return 0
    made = done.contents.created.astimezone().strftime("%Y-%m-%d %H:%M")
    console.line(console.say("backup.restored.done", made=made, **_numbers(done.contents)))
    if done.aside is not None:
        console.line(console.say("backup.restored.aside", folder=done.aside))
    for name, labels in rounds.items():
        if labels:
            console.line(console.say(f"backup.restored.{name}", rounds=", ".join(labels), made=made))
    return 0


def _numbers(contents: Contents) -> dict[str, object]:
    return {"files": len(contents.files), "rows": contents.rows, "megabytes": f"{contents.size / MEGABYTE:.1f}"}


def _told(contents: Contents) -> dict[str, Any]:
    """What scripts want to know of a backup."""
    return {
        "kind": contents.kind.value,
        "created": contents.created.isoformat(),
        "version": contents.version,
        "database": contents.where.value,
        "tables": {name: each.rows for name, each in contents.tables.items()} if contents.kind is Kind.MAIN else {},
        "generation": contents.generation,
        "files": len(contents.files),
        "bytes": contents.size,
    }
