"""Zip files as nobody's office program writes them: bombs, lies, overlaps; and compound files from before zip."""

from __future__ import annotations

import struct
import zlib
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path

from tests.fakes.office_files import part, rewritten

_FREE, _END, _TABLE = 0xFFFFFFFF, 0xFFFFFFFE, 0xFFFFFFFD


@dataclass(frozen=True)
class Entry:
    """A part with everything that its headers say of it. `local` is its name in front of its bytes, if another."""

    name: str
    packed: bytes
    size: int
    crc: int
    method: int = 8
    flags: int = 0
    extra: bytes = b""
    local: str = ""
    at: int | None = None
    """Where the directory says that it begins (None: where it does begin)."""


def deflated(name: str, content: bytes, **said: object) -> Entry:
    """A part packed as usual; `said` changes what is said of it."""
    packer = zlib.compressobj(9, zlib.DEFLATED, -15)
    packed = packer.compress(content) + packer.flush()
    facts: dict[str, object] = {"name": name, "packed": packed, "size": len(content), "crc": zlib.crc32(content)}
    return Entry(**(facts | said))  # type: ignore[arg-type]  # a test names the fields that it means


def zip_of(
    path: Path, entries: Sequence[Entry], *, before: bytes = b"", after: bytes = b"", zip64: bool = False
) -> Path:
    """Write a zip file just as it is described."""
    body, directory = bytearray(before), bytearray()
    for entry in entries:
        name, local = entry.name.encode(), (entry.local or entry.name).encode()
        place = len(body) - len(before) if entry.at is None else entry.at
        facts = struct.pack("<HHHHHLLL", 20, entry.flags, entry.method, 0, 0, entry.crc, len(entry.packed), entry.size)
        body += b"PK\x03\x04" + facts + struct.pack("<HH", len(local), 0) + local + entry.packed
        directory += b"PK\x01\x02" + struct.pack("<H", 20) + facts
        directory += struct.pack("<HHHHHLL", len(name), len(entry.extra), 0, 0, 0, 0, place) + name + entry.extra
    mark = b"PK\x06\x07" + bytes(16) if zip64 else b""
    count = min(len(entries), 0xFFFF)
    end = struct.pack("<4s4H2LH", b"PK\x05\x06", 0, 0, count, count, len(directory), len(body) - len(before), 0)
    path.write_bytes(bytes(body) + bytes(directory) + mark + end + after)
    return path


def bomb(source: Path, target: Path, name: str, megabytes: int) -> Path:
    """An ordinary file, one part of which inflates to nothing but blanks."""
    content = part(source, name)
    place = content.rindex(b"</")
    return rewritten(source, {name: content[:place] + b" " * (megabytes * 1_000_000) + content[place:]}, into=target)


def with_macros(source: Path, target: Path) -> Path:
    """An ordinary Office file with a macro project in it, whatever the new name says."""
    folder = {".docx": "word", ".xlsx": "xl", ".pptx": "ppt"}[source.suffix]
    return rewritten(source, {f"{folder}/vbaProject.bin": b"\xd0\xcf\x11\xe0macros"}, into=target)


def of_macro_kind(source: Path, target: Path) -> Path:
    """An Office file whose main part is of the kind that may hold macros."""
    types = part(source, "[Content_Types].xml").decode()
    for plain, kind in (
        ("officedocument.wordprocessingml.document.main+xml", "ms-word.document.macroEnabled.main+xml"),
        ("officedocument.spreadsheetml.sheet.main+xml", "ms-excel.sheet.macroEnabled.main+xml"),
        ("officedocument.presentationml.presentation.main+xml", "ms-powerpoint.presentation.macroEnabled.main+xml"),
    ):
        types = types.replace(f"openxmlformats-{plain}", kind)
    return rewritten(source, {"[Content_Types].xml": types.encode()}, into=target)


def compound_file(path: Path, *streams: str) -> Path:
    """A compound file, as Office wrote before 2007 and writes with a password today, with empty streams."""
    header = b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1" + bytes(16) + struct.pack("<HHHHH", 0x3E, 3, 0xFFFE, 9, 6) + bytes(6)
    header += struct.pack("<9L", 0, 1, 1, 0, 4096, _END, 0, _END, 0) + struct.pack("<109L", 0, *[_FREE] * 108)
    table = struct.pack("<128L", _TABLE, _END, *[_FREE] * 126)
    names = ["Root Entry", *streams]
    directory = b""
    for number, name in enumerate(names):
        written = name.encode("utf-16-le") + b"\x00\x00"
        child = 1 if number == 0 and streams else _FREE
        following = number + 1 if 0 < number < len(names) - 1 else _FREE
        directory += written.ljust(64, b"\x00") + struct.pack("<HBB", len(written), 5 if number == 0 else 2, 1)
        directory += struct.pack("<LLL", _FREE, following, child) + bytes(36) + struct.pack("<LQ", _END, 0)
    path.write_bytes(header + table + directory.ljust(512, b"\x00"))
    return path
