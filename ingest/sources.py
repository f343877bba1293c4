"""Which files an ingest is about."""

from __future__ import annotations

import hashlib
import unicodedata
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from pathlib import Path

_CLUTTER = frozenset({"thumbs.db", "desktop.ini"})


@dataclass(frozen=True, slots=True)
class Source:
    """A file, and its path relative to the folder that was given (its name where the file itself was given)."""

    path: Path
    relative: str


def collect(paths: Sequence[Path]) -> tuple[Source, ...]:
    """Every file of the given files and folders, sorted by relative path; hidden files in folders are left out.

    Where two folders hold the same relative path, the later one gets its folder's name in front.
    """
    sources: dict[str, Source] = {}
    seen: set[Path] = set()
    for given in paths:
        found = _inside(given) if given.is_dir() else [(given, given.name)]
        for path, relative in found:
            resolved = path.resolve()
            if resolved in seen:
                continue
            seen.add(resolved)
            name = _free(unicodedata.normalize("NFC", relative), given, sources)
            sources[name] = Source(path, name)
    return tuple(sources[name] for name in sorted(sources))


def checksum(path: Path) -> str:
    """SHA-256 of a file's bytes. Raises OSError."""
    with path.open("rb") as file:
        return hashlib.file_digest(file, "sha256").hexdigest()


def _inside(folder: Path) -> Iterable[tuple[Path, str]]:
    for path in sorted(folder.rglob("*")):
        relative = path.relative_to(folder)
        hidden = any(part.startswith((".", "~$")) for part in relative.parts)
        if path.is_file() and not hidden and path.name.lower() not in _CLUTTER:
            yield path, relative.as_posix()


def _free(relative: str, given: Path, taken: dict[str, Source]) -> str:
    if relative not in taken:
        return relative
    folder = (given if given.is_dir() else given.parent).resolve().name
    name, number = f"{folder}/{relative}", 2
    while name in taken:
        name, number = f"{folder}-{number}/{relative}", number + 1
    return name
