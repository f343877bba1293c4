"""Which files of the data folder belong into a backup, and how they are held on to while it is written."""

from __future__ import annotations

import os
import shutil
from contextlib import suppress
from dataclasses import dataclass
from pathlib import Path
from typing import Final

from knowledge.adapters.generation import NOTE, GenerationStore
from knowledge.adapters.history import FILE as HISTORY
from knowledge.adapters.manifest import verify
from knowledge.errors import IndexDamaged

INDEX: Final = "index"
UPLOADS: Final = "uploads"
PLAIN: Final = ("answers", "instruments")
"""Folders of files that people wrote, which are replaced as a whole where they change."""
TRIES: Final = 3
"""How often the index is looked at: it may be published and pruned just then."""


@dataclass(frozen=True, slots=True)
class HeldIndex:
    """The published generation, and how many earlier ones are not whole and were left out."""

    generation: str | None
    left_out: int = 0


def hold_folder(source: Path, target: Path) -> None:
    """Have every whole file below `source` below `target` too, whatever becomes of it there.

    What begins with a dot is being written, and what vanishes meanwhile is not needed any more. Raises OSError.
    """
    for path in sorted(source.rglob("*")):
        parts = path.relative_to(source).parts
        if path.is_file() and not path.is_symlink() and not any(part.startswith(".") for part in parts):
            _hold(path, target.joinpath(*parts))


def hold_index(root: Path, target: Path) -> HeldIndex:
    """Hold the published generation and those that can be gone back to; the pointer comes first and is held to.

    Nothing in a generation changes, so this needs no lock. Drafts are left out: they are made anew of the files that
    were sent for them. Raises IndexDamaged where the published one is not whole, OSError.
    """
    for left in reversed(range(TRIES)):
        try:
            return _hold_index(root, target)
        except IndexDamaged:
            shutil.rmtree(target, ignore_errors=True)
            if not left:
                raise
    raise AssertionError("unreachable")


def _hold_index(root: Path, target: Path) -> HeldIndex:
    for name in ("current", NOTE, HISTORY):
        _hold(root / name, target / name)
    source, held = GenerationStore(root), GenerationStore(target)
    current = held.current()
    if current is None:
        return HeldIndex(None)
    left_out = 0
    for name in sorted({*source.generations(), current}):
        folder = target / "generations" / name
        hold_folder(root / "generations" / name, folder)
        try:
            verify(folder, held.manifest(None if name == current else name), ())
        except IndexDamaged:
            if name == current:
                raise
            shutil.rmtree(folder, ignore_errors=True)
            left_out += (root / "generations" / name).is_dir()
    return HeldIndex(current, left_out)


def _hold(path: Path, target: Path) -> None:
    """A second name for a file: nothing is copied, and nothing is lost when the first one goes."""
    target.parent.mkdir(parents=True, exist_ok=True)
    with suppress(FileNotFoundError):
        try:
            os.link(path, target)
        except PermissionError:
            shutil.copyfile(path, target)  # a file system where files have one name
