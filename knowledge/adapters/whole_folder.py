"""Folders that are there as a whole or not at all."""

from __future__ import annotations

import shutil
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from knowledge.adapters.manifest import sync

_TMP = ".tmp-"


@contextmanager
def whole_folder(path: Path) -> Iterator[Path]:
    """A folder to write files into, which becomes `path` once they are all on disk; after an error it is gone."""
    path.parent.mkdir(parents=True, exist_ok=True)
    folder = path.with_name(f"{_TMP}{path.name}")
    folder.mkdir()
    try:
        yield folder
        for each in folder.iterdir():
            sync(each)
        sync(folder)
        folder.rename(path)
    except BaseException:
        shutil.rmtree(folder, ignore_errors=True)
        raise
    sync(path.parent)


def clear_unfinished(parent: Path) -> None:
    """Remove what writers that were killed have left."""
    for orphan in parent.glob(f"{_TMP}*"):
        if orphan.is_dir():
            shutil.rmtree(orphan)
