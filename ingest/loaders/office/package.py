"""Opens zip-based files (Office, OpenDocument) and refuses what no office program writes: the one place for it.

Nothing that the file says of itself is believed: every part is inflated and counted before a parser sees any of it.
"""

from __future__ import annotations

import io
import struct
import zipfile
import zlib
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path

from ingest.errors import DocumentRejected, Reason
from ingest.loaders.office.xml_opening import Opening

MAGIC = b"PK\x03\x04"
MAX_PARTS = 5_000
MAX_PART = 100_000_000
"""Bytes that one part may inflate to."""
MAX_TOTAL = 300_000_000
"""Bytes that all parts together may inflate to."""
MAX_PARSED = 40_000_000
"""Bytes of a part that is parsed to a tree, which takes some ten times its size in memory."""
_MAX_RATIO = 200
_RATIO_FROM = 5_000_000
"""Bytes from which on the ratio counts: short parts of nothing but blanks, and white pictures, harm nobody."""
_MAX_DIRECTORY = 2_000_000
_PIECE = 1 << 16
_INFLATED_PIECE = 1 << 20
_PADDING = b"\x00\r\n\t "
"""What mail and download programs leave behind a file."""
_LOCAL = struct.Struct("<4s2xHH16xHH")  # signature, flags, method, lengths of name and extra field
_END = struct.Struct("<4s4H2LH")  # signature, disks, entries, size and place of the directory, comment
_ZIP64_MARK = b"PK\x06\x07"
_UNPARSED = "meta-inf/manifest.xml"
"""Names an outside DTD in files of the first OpenOffice; it is never parsed."""
# What a damaged or hostile part makes a parser of ours raise.
_DAMAGE = (
    ArithmeticError,
    AttributeError,
    LookupError,
    RecursionError,
    SyntaxError,  # xml.etree's ParseError is one
    TypeError,
    ValueError,
    zipfile.BadZipFile,
    zlib.error,
)


@dataclass(frozen=True, slots=True)
class _Part:
    """Where a part lies in the file: `start` to `end` are its packed bytes, `header` is where its header begins."""

    name: str
    header: int
    start: int
    end: int
    packed: bool
    size: int
    crc: int


class Package:
    """A zip file whose directory has been checked. Names are looked up without regard to case, as Office does."""

    def __init__(self, data: bytes) -> None:
        """Raises DocumentRejected: UNREADABLE, UNSAFE, TOO_LARGE, ENCRYPTED, WRONG_TYPE (no zip file)."""
        self._data = data
        self._parts = _directory(data)

    def __contains__(self, name: str) -> bool:
        return name.lstrip("/").lower() in self._parts

    @property
    def names(self) -> tuple[str, ...]:
        """Every part's name as written."""
        return tuple(part.name for part in self._parts.values())

    def read(self, name: str, limit: int = MAX_PARSED) -> bytes:
        """A part's bytes, which are XML without declarations where the name ends like it.

        Raises DocumentRejected: UNREADABLE (no such part, damaged), TOO_LARGE, UNSAFE (lying size, declarations).
        """
        part = self._parts.get(name.lstrip("/").lower())
        if part is None:
            raise DocumentRejected(Reason.UNREADABLE, f"{name} is missing")
        return b"".join(self._inflated(part, limit))

    def pieces(self, name: str, limit: int) -> Iterator[bytes]:
        """A part's bytes as they are, in pieces that are counted as they come; XML is for its reader to check.

        Raises DocumentRejected: UNREADABLE (no such part, damaged), TOO_LARGE, UNSAFE (lying size).
        """
        part = self._parts.get(name.replace("\\", "/").lstrip("/").lower())
        if part is None:
            raise DocumentRejected(Reason.UNREADABLE, f"{name} is missing")
        return self._inflated(part, limit, parsed=False)

    def verify(self) -> None:
        """Inflate every part, counting; a damaged picture is let pass, as nobody opens it.

        Raises DocumentRejected: TOO_LARGE, UNSAFE, UNREADABLE.
        """
        total = 0
        for part in self._parts.values():
            try:
                for piece in self._inflated(part, MAX_PART):
                    total += len(piece)
                    if total > MAX_TOTAL:
                        raise DocumentRejected(Reason.TOO_LARGE, f"inflates to more than {MAX_TOTAL / 1e6:.0f} MB")
            except DocumentRejected as rejection:
                if rejection.reason is not Reason.UNREADABLE or _is_xml(part.name):
                    raise

    def _inflated(self, part: _Part, limit: int, *, parsed: bool = True) -> Iterator[bytes]:
        """The part in pieces, stopped as soon as it is larger than it may be or than it says, or declares entities."""
        packed = self._data[part.start : part.end]
        length = crc = 0
        opening = Opening(part.name) if parsed and _is_xml(part.name) else None
        measured = opening is not None or not parsed
        for piece in _inflate(packed) if part.packed else (packed,):
            length += len(piece)
            crc = zlib.crc32(piece, crc)
            if length > limit or (measured and length > _RATIO_FROM and length > _MAX_RATIO * len(packed)):
                raise DocumentRejected(Reason.TOO_LARGE, f"{part.name}: inflates to more than {length / 1e6:.0f} MB")
            if length > part.size:
                raise DocumentRejected(Reason.UNSAFE, f"{part.name}: is larger than the file says")
            if opening is not None:
                opening.feed(piece)
            yield piece
        if length != part.size:
            raise DocumentRejected(Reason.UNSAFE, f"{part.name}: is smaller than the file says")
        if crc != part.crc:
            raise DocumentRejected(Reason.UNREADABLE, f"{part.name}: is damaged")


def open_package(path: Path) -> Package:
    """A package that is safe to parse. Raises DocumentRejected, OSError."""
    package = Package(path.read_bytes())
    package.verify()
    return package


@contextmanager
def damage_rejects() -> Iterator[None]:
    """Turns what a broken or hostile part makes parsers raise into DocumentRejected(UNREADABLE)."""
    try:
        yield
    except _DAMAGE as error:
        raise DocumentRejected(Reason.UNREADABLE, f"{type(error).__name__}: {error}"[:200]) from error


def _directory(data: bytes) -> dict[str, _Part]:
    if not data.startswith(MAGIC):
        raise DocumentRejected(Reason.WRONG_TYPE, "not an Office file, whatever its name")
    _check_end(data)
    try:
        entries = zipfile.ZipFile(io.BytesIO(data)).infolist()
        found = [_part(data, entry) for entry in entries if not entry.is_dir()]
    except (zipfile.BadZipFile, struct.error, ValueError, LookupError, NotImplementedError) as error:
        raise DocumentRejected(Reason.UNREADABLE, f"not a whole zip file: {error}"[:200]) from error
    if len(entries) > MAX_PARTS:
        raise DocumentRejected(Reason.TOO_LARGE, f"{len(entries)} parts, limit {MAX_PARTS}")
    reached = 0
    for part in sorted(found, key=lambda part: part.header):
        if part.header < reached:
            raise DocumentRejected(Reason.UNSAFE, f"{part.name}: overlaps another part")
        reached = part.end
    parts = {part.name.lower(): part for part in found}
    if len(parts) < len(found):
        raise DocumentRejected(Reason.UNSAFE, "two parts have one name")
    return parts


def _check_end(data: bytes) -> None:
    """The directory's own figures, before anything is made of it."""
    place = data.rfind(b"PK\x05\x06", max(0, len(data) - 65_557))
    if place < 0 or place + _END.size > len(data):
        raise DocumentRejected(Reason.UNREADABLE, "not a whole zip file: it has no end")
    _, disk, first_disk, _, _, size, offset, comment = _END.unpack_from(data, place)
    if _ZIP64_MARK in data[max(0, place - 20) : place] or 0xFFFFFFFF in (size, offset):
        raise DocumentRejected(Reason.UNSAFE, "zip64, which no document of this size needs")
    if size > _MAX_DIRECTORY:
        raise DocumentRejected(Reason.TOO_LARGE, f"a directory of {size / 1e6:.0f} MB")
    if disk or first_disk or offset + size != place:
        raise DocumentRejected(Reason.UNSAFE, "data stands in front of the zip file or inside its directory")
    if data[place + _END.size + comment :].strip(_PADDING):
        raise DocumentRejected(Reason.UNSAFE, "data follows the zip file")


def _part(data: bytes, entry: zipfile.ZipInfo) -> _Part:
    name = entry.filename.replace("\\", "/").lstrip("/")
    signature, flags, method, name_length, extra = _LOCAL.unpack_from(data, entry.header_offset)
    begin = entry.header_offset + _LOCAL.size
    listed = entry.orig_filename.encode("utf-8" if entry.flag_bits & 0x800 else "cp437")
    if signature != MAGIC or method != entry.compress_type or data[begin : begin + name_length] != listed:
        raise DocumentRejected(Reason.UNSAFE, f"{name[:80]}: is described in two ways")
    if (flags | entry.flag_bits) & 0x1:
        raise DocumentRejected(Reason.ENCRYPTED, "parts are protected with a password")
    if method not in (zipfile.ZIP_STORED, zipfile.ZIP_DEFLATED):
        raise DocumentRejected(Reason.UNSAFE, f"{name[:80]}: packed in a way that documents are not ({method})")
    start = begin + name_length + extra
    end = start + entry.compress_size
    if end > len(data):
        raise DocumentRejected(Reason.UNREADABLE, f"{name[:80]}: is cut off")
    return _Part(name, entry.header_offset, start, end, method != zipfile.ZIP_STORED, entry.file_size, entry.CRC)


def _is_xml(name: str) -> bool:
    return name.lower().endswith((".xml", ".rels", ".vml")) and name.lower() != _UNPARSED


def _inflate(packed: bytes) -> Iterator[bytes]:
    inflater = zlib.decompressobj(-zlib.MAX_WBITS)
    try:
        for place in range(0, len(packed), _PIECE):
            rest = packed[place : place + _PIECE]
            while rest:
                piece = inflater.decompress(rest, _INFLATED_PIECE)
                rest = inflater.unconsumed_tail
                if piece:
                    yield piece
    except zlib.error as error:
        raise DocumentRejected(Reason.UNREADABLE, f"a part is damaged: {error}") from error
    if not inflater.eof or inflater.unused_data:
        raise DocumentRejected(Reason.UNREADABLE, "a part is cut off or longer than it should be")
