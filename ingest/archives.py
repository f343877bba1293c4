"""Zip files as folders: unpacked, within limits, into files whose names say nothing of what the archive calls them.

Runs in the process that parses. Names from an archive are labels from here on and never part of a path.
"""

from __future__ import annotations

import io
import re
import unicodedata
import zipfile
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from pathlib import Path, PurePosixPath

from ingest.errors import DocumentRejected, Reason
from ingest.loaders.office.kind import kind_of_file
from ingest.loaders.office.package import MAGIC, Package
from ingest.sources import is_clutter, visible

MAX_ARCHIVE = 200_000_000
"""Larger archives are rejected unread, in bytes."""
MAX_FILES = 2_000
MAX_TOTAL = 300_000_000
"""Bytes that everything in an archive, and in the archives inside it, may inflate to."""
_MAX_RATIO = 100
"""How many times its own size that may be; plain text comes to five, tables to thirty."""
_RATIO_FROM = 20_000_000
"""Bytes that any archive may inflate to."""
ENOUGH = 1_000_000
"""Bytes that must be left for an archive in an archive to be opened at all."""
NAME_LENGTH = 150
"""Characters of a name that are shown; longer ones lose their middle."""
_NO_FILES = b"PK\x05\x06"
_UTF_8 = 0x800
_OFFICE_PC = "cp850"
"""What Windows in western Europe writes names in where they are not marked as UTF-8; åäö are as in cp437."""
_PLAIN_SUFFIX = re.compile(r"\.[a-z0-9]{1,8}")
_TOO_LONG = "…"


@dataclass(frozen=True, slots=True)
class Room:
    """How much more may come out of an archive: number of files, and bytes."""

    files: int = MAX_FILES
    total: int = MAX_TOTAL


@dataclass(frozen=True, slots=True)
class Entry:
    """A file of an archive: `name` as people may see it; `stored` is its file in the folder, or `reason` is given."""

    name: str
    stored: str = ""
    size: int = 0
    reason: Reason | None = None
    detail: str = ""


def room_for(size: int) -> Room:
    """What may come out of an archive of so many bytes."""
    return Room(total=min(MAX_TOTAL, max(_RATIO_FROM, _MAX_RATIO * size)))


def is_archive(path: Path) -> bool:
    """Whether this is a zip file and no document that happens to be packed as one. Raises DocumentRejected, OSError."""
    with path.open("rb") as file:
        head = file.read(len(MAGIC))
    if head == _NO_FILES:
        return True
    return head == MAGIC and kind_of_file(path) in ("", "zip")


def unpack(path: Path, folder: Path, room: Room, max_bytes: int) -> tuple[Entry, ...]:
    """Write the archive's files into an empty folder. A file that is refused has its reason; the others come out.

    Raises DocumentRejected for the archive as a whole: EMPTY, ENCRYPTED, TOO_LARGE (number of files), UNSAFE,
    UNREADABLE, NO_SPACE.
    """
    size = path.stat().st_size
    if size > MAX_ARCHIVE:
        raise DocumentRejected(Reason.TOO_LARGE, f"{size / 1e6:.0f} MB, limit {MAX_ARCHIVE / 1e6:.0f} MB")
    data = path.read_bytes()
    package = Package(data) if not data.startswith(_NO_FILES) else None  # which has checked what it says of itself
    found = _files(data)
    if package is None or not found:
        raise DocumentRejected(Reason.EMPTY, "an archive without documents")
    if len(found) > room.files:
        raise DocumentRejected(Reason.TOO_LARGE, f"{len(found)} files in one archive, limit {MAX_FILES}")
    entries: list[Entry] = []
    left = room.total
    for number, (name, packed) in enumerate(found):
        target = folder / f"{number:05}{_suffix(name)}"
        entry = _unpacked(package, packed, name, target, min(max_bytes, left))
        left -= entry.size
        entries.append(entry)
    return tuple(entries)


def _files(data: bytes) -> list[tuple[str, zipfile.ZipInfo]]:
    """The files that are documents, with the names by which they are shown."""
    try:
        with zipfile.ZipFile(io.BytesIO(data)) as archive:
            listed = [entry for entry in archive.infolist() if not entry.is_dir()]
    except (zipfile.BadZipFile, ValueError, LookupError, NotImplementedError) as error:
        raise DocumentRejected(Reason.UNREADABLE, f"not a whole zip file: {error}"[:200]) from error
    names = [PurePosixPath(shown(_decoded(entry))) for entry in listed]
    kept = [(name, entry) for name, entry in zip(names, listed, strict=True) if not is_clutter(name)]
    unlike = _told_apart([name.as_posix() for name, _ in kept])
    return [(name, entry) for name, (_, entry) in zip(unlike, kept, strict=True)]


def _decoded(entry: zipfile.ZipInfo) -> str:
    name = entry.orig_filename  # `filename` ends at the first NUL
    if entry.flag_bits & _UTF_8 or name.isascii():
        return name
    written = name.encode("cp437")  # which is what it has been read as, and never fails
    try:
        return written.decode("utf-8")  # macOS writes it without saying so
    except UnicodeDecodeError:
        return written.decode(_OFFICE_PC)


def shown(name: str) -> str:
    """A name from an archive as people may see it: no way out of the folder, nothing that turns or hides letters.

    Characters without a shape become `\\u202e` and the like; a long name keeps its beginning and its ending.
    """
    parts = [part.strip() for part in re.split(r"[/\\]", unicodedata.normalize("NFC", name))]
    kept = [part for part in parts if part not in ("", ".", "..") and not re.fullmatch(r"[A-Za-z]:", part)]
    text = "/".join(map(visible, kept)) or "utan namn"
    if len(text) <= NAME_LENGTH:
        return text
    tail = text[-NAME_LENGTH // 3 :]
    return text[: NAME_LENGTH - len(tail) - len(_TOO_LONG)] + _TOO_LONG + tail


def _told_apart(names: Sequence[str]) -> Iterator[str]:
    """Names that have become alike get a number in front of their ending."""
    taken: set[str] = set()
    for name in names:
        path, candidate, number = PurePosixPath(name), name, 2
        while candidate in taken:
            candidate, number = path.with_name(f"{path.stem} ({number}){path.suffix}").as_posix(), number + 1
        taken.add(candidate)
        yield candidate


def _suffix(name: str) -> str:
    """Loaders look at a file's ending, so that much of its name is kept."""
    suffix = PurePosixPath(name).suffix.lower()
    return suffix if _PLAIN_SUFFIX.fullmatch(suffix) else ""


def _unpacked(package: Package, packed: zipfile.ZipInfo, name: str, target: Path, limit: int) -> Entry:
    written = 0
    try:
        # It cannot become larger than it says without being refused for that, so a bomb that admits it costs nothing.
        if packed.file_size > limit:
            size = f"{packed.file_size / 1e6:.0f} MB, and {limit / 1e6:.0f} MB may still come out of the archive"
            raise DocumentRejected(Reason.TOO_LARGE, size)
        with target.open("xb") as file:
            for piece in package.pieces(packed.filename, limit):
                written += len(piece)
                file.write(piece)
    except OSError as error:  # only of the folder: the archive is in memory
        raise DocumentRejected(Reason.NO_SPACE, error.strerror or "cannot be written") from error
    except DocumentRejected as rejection:
        target.unlink(missing_ok=True)
        return Entry(name, size=written, reason=rejection.reason, detail=rejection.detail)
    return Entry(name, target.name, written)
