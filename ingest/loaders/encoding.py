"""Bytes to text in whatever encoding a Swedish office has produced since the nineties."""

from __future__ import annotations

import codecs
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
_EIGHT_BIT = ["cp1252", "mac_roman"]
"""What remains likely once it is not Unicode; a free choice takes Swedish cp1252 for cp1250."""
_SAMPLE = 100_000
_INVISIBLE = dict.fromkeys(map(ord, "\u200b\u200c\u200d\u2060\ufeff\u00ad\u200e\u200f\u202a\u202b\u202c\u202d\u202e"))


def decode(data: bytes) -> str:
    """Text in NFC with `\\n` line ends. Raises DocumentRejected: WRONG_TYPE (binary), EMPTY, UNREADABLE."""
    require_text(data[:HEAD_BYTES])
    text = plain(_decoded(data))
    if not text.strip():
        raise DocumentRejected(Reason.EMPTY, "no text")
    return text


def plain(text: str) -> str:
    """NFC, one kind of line end, and none of the characters that nobody sees (soft hyphens, zero-width, direction)."""
    text = unicodedata.normalize("NFC", text).replace("\r\n", "\n").replace("\r", "\n")
    return text.translate(_INVISIBLE).replace("\u00a0", " ").replace("\u202f", " ").replace("\x00", "")


def _decoded(data: bytes) -> str:
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
        best = charset_normalizer.from_bytes(data[:_SAMPLE], cp_isolation=_EIGHT_BIT).best()
        return data.decode(best.encoding if best is not None else "latin-1", errors="replace")


def _strict(data: bytes, encoding: str) -> str:
    try:
        return data.decode(encoding)
    except UnicodeDecodeError as error:
        raise DocumentRejected(Reason.UNREADABLE, f"not valid {encoding}") from error
