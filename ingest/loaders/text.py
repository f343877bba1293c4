"""Plain text: decoded, cleaned, and laid out by blank lines, line lengths, numbering and capitals."""

from __future__ import annotations

from pathlib import Path

from ingest.cleaning.clean import CleanDocument, clean_lines, text_lines
from ingest.cleaning.titles import LONGEST, number_depth
from ingest.cleaning.vocabulary import reference_words
from ingest.errors import DocumentRejected, Reason
from ingest.loaders.base import readable_name, refuse_endless, slug
from ingest.loaders.encoding import decode
from ingest.model import Block, BlockKind, LoadedDocument

MAX_LINES = 500_000
"""More than ten thousand printed pages."""
_PARTS = frozenset(
    ("sammanfattning", "inledning", "innehåll", "innehållsförteckning", "bakgrund", "förord", "summary", "contents")
)
"""Headings that name a part of a document, never the whole."""


class TextLoader:
    """Loader for `.txt`."""

    name = "text"
    suffixes = frozenset({".txt", ".text"})

    def sniff(self, head: bytes) -> bool:
        """Plain text has no mark of its own."""
        return False

    def load(self, path: Path, relative: str) -> LoadedDocument:
        """Read the file. Raises DocumentRejected (EMPTY, TOO_LARGE, WRONG_TYPE, UNREADABLE)."""
        text = decode(path.read_bytes())
        refuse_endless(len(text))
        lines = text.count("\n")
        if lines > MAX_LINES:
            raise DocumentRejected(Reason.TOO_LARGE, f"{lines} lines, limit {MAX_LINES}")
        cleaned = clean_lines(text_lines(text), reference_words())
        if not cleaned.blocks:
            raise DocumentRejected(Reason.EMPTY, "no text")
        title, blocks = _titled(cleaned, relative)
        return LoadedDocument(id=slug(relative), title=title, blocks=blocks)


def _titled(cleaned: CleanDocument, relative: str) -> tuple[str, tuple[Block, ...]]:
    """The first line is the title where it is a heading of its own or a short line, and is then not repeated."""
    first, rest = cleaned.blocks[0], cleaned.blocks[1:]
    short = (
        first.kind is BlockKind.PARAGRAPH
        and len(first.text) <= LONGEST // 2
        and not first.text.endswith((".", ":", ";"))
    )
    title = first.kind is BlockKind.HEADING and not number_depth(first.text) and first.text.lower() not in _PARTS
    return (first.text, rest) if (short or title) and rest else (readable_name(relative), cleaned.blocks)
