"""Which files an ingest is about."""

from __future__ import annotations

import hashlib
import os
import unicodedata
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, replace
from glob import has_magic
from itertools import takewhile
from pathlib import Path, PurePath

from ingest.errors import Reason

_CLUTTER = frozenset({"thumbs.db", "desktop.ini"})


@dataclass(frozen=True, slots=True)
class Source:
    """A file, and its path relative to the folder that was given (its name where the file itself was given).

    `inside` is the archive that it was unpacked from, by that archive's relative path. `url` is the web address that
    gave it; where none did, `problem` is why, `detail` its technical addition, and there is no file.
    """

    path: Path
    relative: str
    inside: str = ""
    url: str = ""
    problem: Reason | None = None
    detail: str = ""


def collect(paths: Sequence[Path]) -> tuple[Source, ...]:
    """Every file of the given files, folders and patterns (`docs/**/*.pdf`), sorted by relative path.

    Hidden files in folders are left out. What a pattern finds is relative to the folder in front of its first
    wildcard, as if that folder had been given. Where two folders hold the same relative path, the later one gets its
    folder's name in front. What is no file, and a link that leads out of its folder, is told and never opened: a folder
    that somebody else writes to could hand out any file of this machine.
    """
    sources: dict[str, Source] = {}
    seen: set[Path] = set()
    for given in paths:
        for path, relative in _found(given):
            trouble = _trouble(path, given)
            if not trouble:
                resolved = path.resolve()
                if resolved in seen or resolved.is_dir():
                    continue
                seen.add(resolved)
            name = _free(unicodedata.normalize("NFC", _in_unicode(relative)), given, path, sources)
            sources[name] = Source(path, name, problem=Reason.WRONG_TYPE if trouble else None, detail=trouble)
    return tuple(sources[name] for name in sorted(sources))


def sources_of(given: Sequence[Path | Source], owner: str = "") -> tuple[Source, ...]:
    """Every file of folders and files, and files whose place in the index is known, as an owner's. Reads folders."""
    named = [each for each in given if isinstance(each, Source)]
    found = collect([each for each in given if not isinstance(each, Source)])
    files = {owned(each.relative, owner): each for each in (*found, *named)}
    return tuple(replace(files[relative], relative=relative) for relative in sorted(files))


def owned(relative: str, owner: str) -> str:
    """A file's path in the index: an owner's are below a folder of its own, so that none takes another's place."""
    return f"@{owner}/{relative}" if owner else relative


def owner_of_place(relative: str) -> str:
    """Whose folder a path of the index is in, whatever the file says of its owner; empty for the federation's."""
    folder, slash, _ = relative.partition("/")
    return folder[1:] if slash and folder.startswith("@") else ""


def checksum(path: Path) -> str:
    """SHA-256 of a file's bytes. Raises OSError."""
    with path.open("rb") as file:
        return hashlib.file_digest(file, "sha256").hexdigest()


def is_clutter(relative: PurePath) -> bool:
    """Whether a file in a folder, or in an archive, is none of a person's: hidden, or left by a program."""
    left = relative.name.lower() in _CLUTTER or relative.parts[:1] == ("__MACOSX",)
    return left or any(part.startswith((".", "~$")) for part in relative.parts)


def is_there(given: Path) -> bool:
    """Whether there is such a file or folder, or anything that the pattern finds."""
    return given.exists() or (is_pattern(given) and any(True for _ in _matching(given)))


def is_pattern(given: Path) -> bool:
    """Whether it is to be searched for; a file whose name holds a wildcard is itself."""
    return has_magic(str(given)) and not given.exists()


def visible(name: str) -> str:
    """A file's name as people may see it: what has no shape, or would turn the letters after it, as `\\u202e`."""
    return "".join(map(_with_a_shape, name))


def _with_a_shape(character: str) -> str:
    category = unicodedata.category(character)
    unseen = category.startswith("C") or category in ("Zl", "Zp")
    return f"\\u{ord(character):04x}" if unseen else character


def _found(given: Path) -> Iterable[tuple[Path, str]]:
    if given.is_dir():
        return _inside(given)
    return _matching(given) if is_pattern(given) else [(given, given.name)]


def _matching(pattern: Path) -> Iterable[tuple[Path, str]]:
    root = _root(pattern)
    try:
        found = sorted(root.glob(str(Path(*pattern.parts[len(root.parts) :]))))
    except ValueError:  # such as `**.pdf`, which says nothing that a file could match
        return
    for path in found:
        for file in path.rglob("*") if path.is_dir() and not path.is_symlink() else [path]:
            relative = file.relative_to(root)
            if _is_told(file) and not is_clutter(relative):
                yield file, relative.as_posix()


def _inside(folder: Path) -> Iterable[tuple[Path, str]]:
    for path in sorted(folder.rglob("*")):
        relative = path.relative_to(folder)
        if _is_told(path) and not is_clutter(relative):
            yield path, relative.as_posix()


def _root(pattern: Path) -> Path:
    """The folder in front of a pattern's first wildcard."""
    return Path(*takewhile(lambda part: not has_magic(part), pattern.parts))


def _is_told(path: Path) -> bool:
    """Whether something in a folder gets a row: all but folders. One behind a link gets its row as that link."""
    return path.is_symlink() or not path.is_dir()


def _trouble(path: Path, given: Path) -> str:
    """Why something is not opened; empty for a file. A file that is named itself may be a link to anywhere."""
    if path != given and path.is_symlink():
        if not path.exists():
            return "a link that leads nowhere"
        folder = given if given.is_dir() else _root(given)
        if not path.resolve().is_relative_to(folder.resolve()):
            return "a link that leads out of its folder"
    return "" if path.is_file() or path.is_dir() or not path.exists() else "no file"


def _in_unicode(name: str) -> str:
    """A name whose bytes are in an older encoding, as people may see it."""
    return os.fsencode(name).decode("utf-8", "replace")


def _free(relative: str, given: Path, path: Path, taken: dict[str, Source]) -> str:
    if relative not in taken:
        return relative
    folder = (given if given.is_dir() else path.parent).resolve().name
    name, number = f"{folder}/{relative}", 2
    while name in taken:
        name, number = f"{folder}-{number}/{relative}", number + 1
    return name
