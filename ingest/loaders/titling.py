"""Which title a document gets: the one it is set with, the one it states, its first heading, or its file's name."""

from __future__ import annotations

import re
from collections.abc import Sequence
from itertools import dropwhile

from ingest.cleaning.titles import number_depth
from ingest.errors import DocumentRejected, Reason
from ingest.loaders.base import readable_name
from ingest.loaders.encoding import plain
from ingest.model import Block, BlockKind

_OPENING = 15
"""Blocks in which a document's title is looked for."""
_LONGEST = 200
_SHORT = 60
_READ = 2_000
"""Characters of a block in which the words of a title are looked for."""
_POOR = re.compile(
    r"microsoft (?:word|powerpoint|excel)\b.*|powerpoint[- ]presentation|"
    r"(?:untitled|namnlös|document|dokument|presentation|rubrik|titel|title|mall|bild|slide|blad|sheet)\s?-?\d*|"
    r".*\.(?:docx?|pptx?|xlsx?|pdf|indd|odt|rtf|dotx?|tmp|html?)|https?:.*|\W*\d[\d\W]*",
    re.IGNORECASE,
)
_PARTS = frozenset(
    ("sammanfattning", "inledning", "innehåll", "innehållsförteckning", "bakgrund", "förord", "summary", "contents")
)
"""Headings that name a part of a document, never the whole."""


def titled(
    stated: str,
    set_as_title: str,
    blocks: Sequence[Block],
    relative: str,
    *,
    set_largest: str = "",
    by_heading: bool = True,
) -> tuple[str, tuple[Block, ...]]:
    """The title, and the blocks without the one that repeats it.

    `stated` is what the file's properties say, which counts where the text bears it out (they are often those of the
    document that this one was copied from); `set_as_title` is the text in the style for titles; `set_largest` the one
    in the largest letters, where no style tells; `by_heading`: the first heading may be the title. Raises
    DocumentRejected(EMPTY) where nothing but headings is there.
    """
    if not any(block.kind is not BlockKind.HEADING for block in blocks):
        raise DocumentRejected(Reason.EMPTY, "no text below the headings" if blocks or set_as_title else "no text")
    title = _title(_one_line(stated), _one_line(set_as_title), blocks) or _one_line(set_largest)
    title = title or (_heading(blocks) if by_heading else "") or readable_name(relative)
    key = title_key(title)
    same = next((block for block in blocks[:_OPENING] if _may_repeat(block) and title_key(block.text) == key), None)
    rest = tuple(block for block in blocks if block is not same)
    return (title, rest) if any(block.kind is not BlockKind.HEADING for block in rest) else (title, tuple(blocks))


def _title(stated: str, set_as_title: str, blocks: Sequence[Block]) -> str:
    if 0 < len(set_as_title) <= _LONGEST:
        return set_as_title
    opening = {word for block in blocks[:_OPENING] for word in title_key(block.text).split()}
    words = title_key(stated).split()
    poor = len(stated) < 4 or len(stated) > _LONGEST or _POOR.fullmatch(stated)
    borne_out = words and sum(word in opening for word in words) * 2 > len(words)
    return stated if borne_out and not poor else ""


def _heading(blocks: Sequence[Block]) -> str:
    """The heading that a document begins with, if it names the whole and not a part.

    A table of facts may stand before it, if it is the only heading of its level.
    """
    start = 1 if blocks[0].kind is BlockKind.TABLE and _is_alone(blocks) else 0
    first = next((block for block in blocks[start : start + 5] if not _is_short_line(block)), blocks[0])
    names_part = number_depth(first.text) or title_key(first.text) in _PARTS or _POOR.fullmatch(first.text)
    return first.text if first.kind is BlockKind.HEADING and not names_part else ""


def _is_alone(blocks: Sequence[Block]) -> bool:
    levels = [block.level for block in blocks if block.kind is BlockKind.HEADING]
    return len(levels) > 1 and levels.count(levels[0]) == 1


def _is_short_line(block: Block) -> bool:
    """Whether it is a line such as stands over a title: sender, date, number."""
    return block.kind is BlockKind.PARAGRAPH and len(block.text) <= _SHORT and not block.text.endswith((".", ":"))


def _may_repeat(block: Block) -> bool:
    return block.kind in (BlockKind.HEADING, BlockKind.PARAGRAPH)


def _one_line(text: str) -> str:
    return " ".join(plain(text).split())


def title_key(text: str) -> str:
    """A title or heading without numbering, case and punctuation, for comparing it with others."""
    return " ".join(dropwhile(str.isdigit, re.findall(r"\w+", plain(text[:_READ]).casefold())))
