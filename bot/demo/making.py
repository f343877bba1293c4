"""A demo's two files: made whole in a folder of their own, and then put in place of earlier ones."""

from __future__ import annotations

import asyncio
import os
import shutil
import tempfile
from collections.abc import Iterable, Sequence
from pathlib import Path

from bot.demo.errors import FolderTaken
from bot.demo.filling import Filled, fill
from bot.demo.folder import DemoFolder
from bot.demo.rounds import MadeRound
from bot.storage.demo import holds_other
from bot.storage.errors import StorageError


async def make_demo(folder: DemoFolder, rounds: Iterable[MadeRound], *, publish: bool = True) -> Sequence[Filled]:
    """Fill a folder anew. What is there stays until all is done; a service that shows it has to be started again.

    Raises FolderTaken where a database there holds anything else, StorageError, OSError.
    """
    await _check(folder)
    workshop = DemoFolder(await asyncio.to_thread(_make_workshop, folder))
    try:
        filled = await fill(*workshop.urls, rounds, publish=publish)
        await asyncio.to_thread(_take, workshop, folder)
    finally:
        await asyncio.to_thread(shutil.rmtree, workshop.path, ignore_errors=True)
    return filled


async def _check(folder: DemoFolder) -> None:
    for file, url in zip(folder.files, folder.urls, strict=True):
        if not await asyncio.to_thread(file.exists):
            continue
        try:
            taken = await holds_other(url)
        except StorageError as error:  # no database at all
            raise FolderTaken(folder.path) from error
        if taken:
            raise FolderTaken(folder.path)


def _make_workshop(folder: DemoFolder) -> Path:
    folder.path.mkdir(parents=True, exist_ok=True)
    return Path(tempfile.mkdtemp(prefix=".new-", dir=folder.path))


def _take(workshop: DemoFolder, folder: DemoFolder) -> None:
    for made, file in zip(workshop.files, folder.files, strict=True):
        for beside in ("-wal", "-shm"):
            file.with_name(file.name + beside).unlink(missing_ok=True)
        os.replace(made, file)
