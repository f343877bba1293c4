"""Generations that are written and not published yet, kept apart from those that are.

    <folder>/<id>/        the generation's files
    <folder>/<id>.json    what whoever wrote it wants to know of it later; only with this is it a draft

The record comes last and goes last. So a writer that is killed leaves files without a record, which nobody sees and
`clear` removes; and a publication that is killed after the files have moved leaves the record, by which the draft is
still one.
"""

from __future__ import annotations

import shutil
from datetime import UTC, datetime
from pathlib import Path

from knowledge.adapters.manifest import sync
from knowledge.adapters.pointer import is_name
from knowledge.errors import IndexUnavailable


class DraftFiles:
    """The drafts in `folder`. All of it may block."""

    def __init__(self, folder: Path) -> None:
        self.folder = folder

    def names(self) -> list[str]:
        """Ids of all drafts, oldest first."""
        return sorted(path.stem for path in self.folder.glob("*.json"))

    def directory(self, name: str) -> Path | None:
        """Where a draft's files are; None where they are not here (any more)."""
        path = self.folder / name
        return path if path.is_dir() else None

    def keep(self, name: str, record: bytes) -> None:
        """Make written files a draft."""
        path = self.folder / f"{name}.new"
        path.write_bytes(record)
        sync(path)
        path.replace(self._record(name))
        sync(self.folder)

    def record(self, name: str) -> bytes:
        """What was kept with a draft. Raises IndexUnavailable where there is none."""
        try:
            return self._record(name).read_bytes()
        except FileNotFoundError as error:
            raise IndexUnavailable(f"draft {name} does not exist") from error

    def kept_since(self, name: str) -> datetime:
        """When it became a draft; now, where it is none."""
        try:
            return datetime.fromtimestamp(self._record(name).stat().st_mtime, UTC)
        except FileNotFoundError:
            return datetime.now(UTC)

    def forget(self, name: str) -> None:
        """It is no draft any more; its files, where they are still here, are for `clear`."""
        self._record(name).unlink(missing_ok=True)

    def clear(self) -> None:
        """Remove what is no draft: files of writers that were killed."""
        names = set(self.names())
        for path in self.folder.glob("*"):
            if path.is_dir() and path.name not in names:
                shutil.rmtree(path)
            elif path.suffix == ".new":
                path.unlink()

    def _record(self, name: str) -> Path:
        if not is_name(name):
            raise IndexUnavailable(f"draft {name!r} does not exist")
        return self.folder / f"{name}.json"
