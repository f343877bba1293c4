"""What a shared store keeps on this machine: copies of generations that are in the archive, and what is written.

    <root>/shared/written/<id>/    a generation that this machine has written and not handed over yet
    <root>/shared/drafted/<id>/    the same of a draft
    <root>/shared/copies/<id>/     a copy of one that is in the archive
    <root>/shared/erased           up to which erasure this machine has deleted what it does not need

A copy can be deleted at any time; it is fetched again, and its checksums say that it is the same.
"""

from __future__ import annotations

import secrets
import shutil
import threading
import time
from collections.abc import Collection
from pathlib import Path

from knowledge.adapters.manifest import read_manifest, sync, verify
from knowledge.archive import Archive, ArchiveFailed, Kept

ABANDONED = 3600.0
"""Seconds after which a half of a copy belongs to nobody: another process of this machine may be fetching it."""

_TMP = ".tmp-"


class SharedFiles:
    """The files below `root`. All of it may block, and raises ArchiveFailed, IndexDamaged and OSError."""

    def __init__(self, root: Path, archive: Archive) -> None:
        self.written = root / "shared" / "written"
        self.drafted = root / "shared" / "drafted"
        self.copies = root / "shared" / "copies"
        self._mark = root / "shared" / "erased"
        self._archive = archive
        self._fetching = threading.Lock()

    def here(self, name: str) -> Path | None:
        """Where a generation's files are on this machine; None where they are not."""
        return next((path for path in self._places(name) if path.is_dir()), None)

    def fetched(self, kept: Kept) -> Path:
        """A copy of a generation, fetched where there is none yet."""
        with self._fetching:  # two threads that want the same one fetch it once
            copy = self.copies / kept.name
            if copy.is_dir():
                return copy
            folder = self.copies / f"{_TMP}{kept.name}-{secrets.token_hex(4)}"
            folder.mkdir(parents=True)
            try:
                self._archive.get(kept.name, folder)
                manifest = read_manifest(folder, kept.name, kept.checksum)
                verify(folder, manifest, ())
                self._move(folder, copy)
            finally:
                shutil.rmtree(folder, ignore_errors=True)
            return copy

    def put(self, name: str, checksum: str, record: bytes | None = None) -> None:
        """Hand a generation over that is on this machine."""
        folder = self.here(name)
        if folder is None:
            raise ArchiveFailed(f"the files of generation {name} are not on this machine")
        self._archive.put(name, checksum, folder, record)
        if folder.parent != self.copies:
            self.copies.mkdir(parents=True, exist_ok=True)
            self._move(folder, self.copies / name)

    def drop(self, names: Collection[str]) -> None:
        """Delete generations from this machine."""
        for path in (path for name in names for path in self._places(name) if path.is_dir()):
            shutil.rmtree(path)

    def keep_only(self, names: Collection[str]) -> None:
        """Delete the copies of what is not in the archive any more."""
        if self.copies.is_dir():
            found = {path.name for path in self.copies.iterdir() if not path.name.startswith(_TMP)}
            self.drop(found.difference(names))

    def clear(self) -> None:
        """Delete what was written and never handed over, and old halves of copies.

        For whoever holds the locks and has written nothing yet.
        """
        for folder in (self.written, self.drafted):
            if folder.is_dir():
                shutil.rmtree(folder)
        for path in self.copies.glob(f"{_TMP}*"):
            if path.stat().st_mtime < time.time() - ABANDONED:
                shutil.rmtree(path, ignore_errors=True)

    def erased(self) -> int:
        """Up to which erasure this machine has deleted what it does not need."""
        try:
            return int(self._mark.read_text(encoding="ascii"))
        except (FileNotFoundError, ValueError):
            return 0

    def note_erased(self, number: int) -> None:
        """It has, up to this one."""
        self._mark.parent.mkdir(parents=True, exist_ok=True)
        new = self._mark.with_suffix(f".{secrets.token_hex(4)}")
        new.write_text(str(number), encoding="ascii")
        new.replace(self._mark)

    def _places(self, name: str) -> tuple[Path, ...]:
        return self.copies / name, self.written / name, self.drafted / name

    @staticmethod
    def _move(folder: Path, place: Path) -> None:
        """Another process may have put the same files there a moment ago."""
        for path in (*folder.iterdir(), folder):
            sync(path)
        try:
            folder.rename(place)
        except OSError:
            if not place.is_dir():
                raise
        sync(place.parent)
