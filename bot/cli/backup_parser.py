"""The arguments of `fyren backup`."""

from __future__ import annotations

import argparse
from pathlib import Path

from bot.cli.maturity.parser import both_sides


def backup(parser: argparse.ArgumentParser) -> None:
    """Add the actions."""
    actions = parser.add_subparsers(dest="action", required=True, metavar="ACTION")
    create = actions.add_parser("create", help="copy everything that is kept into one file, while Fyren runs")
    create.add_argument("folder", type=Path, metavar="FOLDER", help="where the file goes; its name is the time")
    create.add_argument(
        "--keys",
        type=Path,
        metavar="FOLDER",
        help="also copy the keys of the maturity check, into a file of their own there (default: leave them out)",
    )
    create.add_argument(
        "--without-database",
        action="store_true",
        help="files only, where whoever runs the database server makes its copies",
    )
    create.add_argument(
        "--keep", type=_count, metavar="N", help="delete all but the latest N backups in FOLDER (default: none)"
    )
    create.add_argument(
        "--keep-keys", type=_count, metavar="N", help="the same for the folder of keys (default: as --keep)"
    )
    verify = actions.add_parser("verify", help="check a backup, its files and its database")
    verify.add_argument("file", type=Path, metavar="FILE", help="the backup, or one of keys")
    restore = actions.add_parser("restore", help="put a backup where the settings say, while Fyren is stopped")
    restore.add_argument("file", type=Path, metavar="FILE", help="the backup")
    restore.add_argument(
        "--keys", type=Path, metavar="FILE", help="also put back these keys (default: those that are there stay)"
    )
    restore.add_argument("--replace", action="store_true", help="move aside what is there")
    both_sides((create, verify, restore))


def _count(text: str) -> int:
    if not text.isdecimal() or not 1 <= int(text) <= 10_000:
        raise argparse.ArgumentTypeError(f"a whole number from 1 to 10000 is needed, not {text!r}")
    return int(text)
