"""Bytes to text in whatever encoding a Swedish office has produced since the nineties."""

from __future__ import annotations

import codecs
import re
import unicodedata

import charset_normalizer

from ingest.errors import DocumentRejected, Reason
from ingest.loaders.base import HEAD_BYTES, require_text

_MARKS = (
    (codecs.BOM_UTF8, "utf-8-sig"),
    (codecs.BOM_UTF32_LE, "utf-32"),
    (codecs.BOM_UTF32_BE, "utf-32"),
    (codecs.BOM_UTF16_LE, "utf-16"),
    (codecs.BOM_UTF16_BE, "utf-16"),
)
_EIGHT_BIT = ["cp1252", "mac_roman", "cp850"]
"""What remains likely once it is not Unicode; a free choice takes Swedish cp1252 for cp1250."""
_INSIDE_WORDS = {
    name: re.compile(rb"(?<=[A-Za-z])[" + re.escape("åäöéÅÄÖÉ".encode(name)) + rb"](?=[A-Za-z])") for name in _EIGHT_BIT
}
"""Letters of Swedish with others on both sides, where one encoding's letters cannot be another's quotation marks."""
_SAMPLE = 100_000
_UNPRINTED = bytes(code for code in range(32) if code not in b"\t\n\v\f\r\x1b")
_MOST_UNPRINTED = 0.02
"""Share of a text, beyond which it is no text, or none in an encoding that is known here."""
_SOFT = "\u00ad\ufeff"
"""Hyphens and marks that honest texts are full of."""
_SMUGGLING = [
    *map(ord, "\u034f\u061c\u115f\u1160\u17b4\u17b5\u180e\u3164"),
    *range(0x200B, 0x2010),
    *range(0x202A, 0x202F),
    *range(0x2060, 0x2070),
    *range(0xFE00, 0xFE10),
    *range(0xE0000, 0xE0200),
]
"""Characters without a shape: zero-width, direction, selectors of variants, and tags, which can carry whole texts."""
_CONTROLS = [*range(0x09), *range(0x0E, 0x1C), *range(0x7F, 0x85), *range(0x86, 0xA0)]
"""Codes for devices, which a terminal would obey; line and page ends are none of them."""
_INVISIBLE = dict.fromkeys([*map(ord, _SOFT), *_SMUGGLING, *_CONTROLS])
_HIDDEN = dict.fromkeys(_SMUGGLING)


def decode(data: bytes) -> str:
    """Text in NFC with `\\n` line ends. Raises DocumentRejected: WRONG_TYPE (binary), EMPTY, UNREADABLE."""
    require_text(data[:HEAD_BYTES])
    if b"\x00" not in data[:HEAD_BYTES] and len(data) - len(data.translate(None, _UNPRINTED)) > _share(len(data)):
        raise DocumentRejected(Reason.WRONG_TYPE, "binary data behind a beginning of text")
    text = plain(raw(data))
    if not text.strip():
        raise DocumentRejected(Reason.EMPTY, "no text")
    return text


def plain(text: str) -> str:
    """NFC, one kind of line end, and none of the characters that nobody sees (soft hyphens, zero-width, direction)."""
    text = unicodedata.normalize("NFC", text).replace("\r\n", "\n").replace("\r", "\n")
    return text.translate(_INVISIBLE).replace("\u00a0", " ").replace("\u202f", " ")


def invisible(text: str) -> int:
    """How many of the characters that `plain` takes out stand in no honest text's way."""
    return 0 if text.isascii() else len(text) - len(text.translate(_HIDDEN))


def raw(data: bytes, declared: str = "") -> str:
    """Text as it stands, with all that nobody sees. `declared` is what a file that is not Unicode says of itself.

    Raises DocumentRejected: UNREADABLE, WRONG_TYPE (no encoding that is known).
    """
    for mark, encoding in _MARKS:
        if data.startswith(mark):
            return _strict(data, encoding)
    if b"\x00" in data[:HEAD_BYTES]:
        return _strict(
            data, "utf-16-le" if data[1:HEAD_BYTES:2].count(0) > data[:HEAD_BYTES:2].count(0) else "utf-16-be"
        )
    try:
        return data.decode("utf-8")
    except UnicodeDecodeError:
        return _broken_utf_8(data) or _in_eight_bits(data, declared)


def _broken_utf_8(data: bytes) -> str:
    """UTF-8 that was cut off or has pieces of cp1252 in it; empty for what is none: valid letters are accidents."""
    text = data.decode("utf-8", errors="surrogateescape")
    broken = re.findall("[\udc80-\udcff]", text)
    whole = len(re.findall("[\x80-\ud7ff\ue000-\U0010ffff]", text))
    if 5 * whole <= len(broken):
        return ""
    letters = {ord(each): bytes([ord(each) - 0xDC00]).decode("cp1252", "replace") for each in set(broken)}
    return text.translate(letters)


def _in_eight_bits(data: bytes, declared: str) -> str:
    if known := _eight_bit(declared):
        return data.decode(known, errors="replace")
    sample = data[:_SAMPLE]
    found = {name: len(inside.findall(sample)) for name, inside in _INSIDE_WORDS.items()}
    likeliest = max(found, key=lambda name: found[name])
    if not found[likeliest]:
        best = charset_normalizer.from_bytes(sample, cp_isolation=_EIGHT_BIT[:2]).best()
        likeliest = best.encoding if best is not None else "latin-1"
    text = data.decode(likeliest, errors="replace")
    beginning = text[:_SAMPLE]
    if len(re.findall("[\x80-\x84\x86-\x9f\ufffd]", beginning)) > _share(len(beginning)):
        raise DocumentRejected(Reason.WRONG_TYPE, "an encoding of text that is not known")
    return text


def _share(length: int) -> float:
    return max(4.0, _MOST_UNPRINTED * length)


def _eight_bit(declared: str) -> str:
    """The declared encoding where it is one of western offices; what is called Latin-1 is cp1252, as in browsers."""
    try:
        name = codecs.lookup(declared.strip()).name
    except (LookupError, ValueError):  # a name that no encoding has, or that none can have
        return ""
    if name in ("ascii", "iso8859-1"):
        return "cp1252"
    return name if name.startswith(("cp125", "cp850", "cp437", "iso8859-", "mac-")) else ""


def _strict(data: bytes, encoding: str) -> str:
    try:
        return data.decode(encoding)
    except UnicodeDecodeError as error:
        raise DocumentRejected(Reason.UNREADABLE, f"not valid {encoding}") from error
