"""The one interface of all loaders, and the choice of a loader for a file: by content first, by name second."""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path, PurePosixPath
from typing import Protocol

from ingest.errors import DocumentRejected, Reason
from ingest.loaders.office.kind import OLE_MAGIC, kind_of_file, refuse_compound_file
from ingest.loaders.office.package import MAGIC
from ingest.model import LoadedDocument

MAX_BYTES = 50_000_000
"""Larger files are rejected unread, in bytes."""

MAX_TEXT = 8_000_000
"""Letters of a document, which is more than 3,000 printed pages; what has more is a database, and no reading."""

MAX_PARAGRAPHS = 200_000
"""Of a document, cells of tables among them: a line each of more than 3,000 printed pages."""

HEAD_BYTES = 4096
"""How much of a file its type is judged by."""


def refuse_endless(letters: int, paragraphs: int = 0) -> None:
    """Raises DocumentRejected(TOO_LARGE) for more text than a document has, or text in more paragraphs."""
    if letters > MAX_TEXT:
        raise DocumentRejected(Reason.TOO_LARGE, f"{letters / 1e6:.0f} million letters, limit {MAX_TEXT / 1e6:.0f}")
    if paragraphs > MAX_PARAGRAPHS:
        raise DocumentRejected(Reason.TOO_LARGE, f"{paragraphs} paragraphs, limit {MAX_PARAGRAPHS}")


def is_pdf(head: bytes) -> bool:
    """Whether a file that begins so is a PDF; some bytes may stand before its header."""
    return b"%PDF-" in head[:1024]


class Loader(Protocol):
    """Reads one file format. Stateless; `load` may run in another process."""

    @property
    def name(self) -> str:
        """Short name of the format, as in `pdf`."""

    @property
    def suffixes(self) -> frozenset[str]:
        """File name endings with their dot, in lower case."""

    def sniff(self, head: bytes) -> bool:
        """Whether the first bytes say for certain that the file has this format, whatever its name."""

    def load(self, path: Path, relative: str) -> LoadedDocument:
        """Read the file. `relative` is its path below the folder given to ingest. Raises DocumentRejected."""


@dataclass(frozen=True, slots=True)
class _Foreign:
    """A format that no loader reads, told by its first bytes."""

    magic: bytes
    name: str


_FOREIGN = (
    _Foreign(b"PK\x03\x04", "zip or Office file"),
    _Foreign(b"PK\x05\x06", "zip file"),
    _Foreign(b"\x7fELF", "program"),
    _Foreign(b"MZ", "program"),
    _Foreign(b"\x89PNG", "picture"),
    _Foreign(b"\xff\xd8\xff", "picture"),
    _Foreign(b"GIF8", "picture"),
    _Foreign(b"II*\x00", "picture"),
    _Foreign(b"MM\x00*", "picture"),
    _Foreign(b"\x1f\x8b", "compressed file"),
    _Foreign(b"BZh", "compressed file"),
    _Foreign(b"7z\xbc\xaf", "compressed file"),
    _Foreign(b"Rar!", "compressed file"),
    _Foreign(b"\xfd7zXZ", "compressed file"),
    _Foreign(b"{\\rtf", "RTF file"),
    _Foreign(b"%!PS", "PostScript file"),
    _Foreign(b"SQLite format 3", "database"),
    _Foreign(b"OggS", "sound"),
    _Foreign(b"ID3", "sound"),
)
_WIDE_MARKS = (b"\xff\xfe", b"\xfe\xff", b"\x00\x00\xfe\xff")
"""Of UTF-16 and UTF-32."""


def choose(path: Path, loaders: Sequence[Loader], max_bytes: int = MAX_BYTES) -> Loader:
    """The loader for a file.

    Zip files are told apart by what is in them. Raises DocumentRejected: EMPTY, TOO_LARGE, UNREADABLE (cannot be
    opened), WRONG_TYPE (content or name say that none of the loaders reads it), ENCRYPTED, MACROS, UNSAFE.
    """
    try:
        size = path.stat().st_size
        with path.open("rb") as file:
            head = file.read(HEAD_BYTES)
    except OSError as error:
        raise DocumentRejected(Reason.UNREADABLE, error.strerror or "cannot be opened") from error
    if size == 0:
        raise DocumentRejected(Reason.EMPTY, "0 bytes")
    if size > max_bytes:
        raise DocumentRejected(Reason.TOO_LARGE, f"{size / 1e6:.0f} MB, limit {max_bytes / 1e6:.0f} MB")
    if head.startswith(MAGIC):
        kind = kind_of_file(path)
        packed = next((loader for loader in loaders if loader.name == kind), None)
        if packed is not None:
            return packed
    if head.startswith(OLE_MAGIC[:4]):
        refuse_compound_file(path)
    for loader in loaders:
        if loader.sniff(head):
            return loader
    foreign = next((kind.name for kind in _FOREIGN if head.startswith(kind.magic)), None)
    if foreign is not None:
        raise DocumentRejected(Reason.WRONG_TYPE, foreign)
    suffix = path.suffix.lower()
    for loader in loaders:
        if suffix in loader.suffixes:
            return loader
    raise DocumentRejected(Reason.WRONG_TYPE, suffix or "no file name ending")


def require_text(head: bytes) -> None:
    """Raises DocumentRejected(WRONG_TYPE) for bytes that are no text: NUL bytes outside UTF-16, control characters."""
    if head.startswith(_WIDE_MARKS):
        return
    zeros = head.count(0)
    if zeros and not _looks_like_utf16(head, zeros):
        raise DocumentRejected(Reason.WRONG_TYPE, "binary data")
    control = sum(1 for byte in head if byte < 32 and byte not in b"\t\n\r\f\x1b\x00")
    if control > len(head) * 0.02:
        raise DocumentRejected(Reason.WRONG_TYPE, "binary data")


def _looks_like_utf16(head: bytes, zeros: int) -> bool:
    """UTF-16 without a mark: nearly every second byte of western text is zero, always on the same side."""
    odd = head[1::2].count(0)
    return zeros > len(head) * 0.3 and (odd > zeros * 0.95 or odd < zeros * 0.05)


_FLAT = str.maketrans({"å": "a", "ä": "a", "ö": "o", "æ": "ae", "ø": "o", "ß": "ss"})


def slug(relative: str) -> str:
    """A document id from a relative path: `Råd/IT-policy 2026.pdf` gives `rad-it-policy-2026`."""
    stem = PurePosixPath(relative).with_suffix("").as_posix() if PurePosixPath(relative).name else relative
    text = unicodedata.normalize("NFC", stem).lower().translate(_FLAT)
    plain = unicodedata.normalize("NFKD", text).encode("ascii", "ignore").decode()
    return re.sub(r"[^a-z0-9]+", "-", plain).strip("-")[:100] or "dokument"


def readable_name(relative: str) -> str:
    """A title from a file name, for documents that carry none: `it-policy_2026.txt` gives `it-policy 2026`."""
    stem = unicodedata.normalize("NFC", PurePosixPath(relative).stem)
    return re.sub(r"[\s_]+", " ", stem).strip() or relative
