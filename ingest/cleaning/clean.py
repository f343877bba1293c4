"""Clean-up of extracted text from end to end: text or lines in, blocks or text and counts out. Pure."""

from __future__ import annotations

from collections.abc import Collection, Sequence
from dataclasses import dataclass, replace
from itertools import pairwise
from statistics import median

from ingest.cleaning.footnotes import without_footnotes
from ingest.cleaning.furniture import without_furniture
from ingest.cleaning.layout import lay_out
from ingest.cleaning.lines import Line
from ingest.cleaning.mend import Cleaned, Mended, ligature_count, without_ligatures
from ingest.cleaning.vocabulary import Vocabulary
from ingest.model import Block, BlockKind

_PRINTED = 170
"""Characters; no printed line is longer."""
_SEPARATE = 2.0
"""Free space, in line steps, over which no sentence runs on."""


@dataclass(frozen=True, slots=True)
class CleanDocument:
    """Blocks in reading order, and how much was mended."""

    blocks: tuple[Block, ...]
    mended: Mended


def clean_lines(lines: Sequence[Line], reference: Collection[str]) -> CleanDocument:
    """Take away notes and furniture, group what is left into blocks, mend the words. `reference`: words known right."""
    ligatures = sum(ligature_count(line.text) for line in lines)
    filled = [_spelt_out(line) for line in lines if line.text.strip()]
    vocabulary = Vocabulary("\n".join(line.text for line in filled), reference)
    noted = without_footnotes(filled, vocabulary)
    body, running = without_furniture(noted.lines)
    laid = lay_out(body, vocabulary)
    blocks = list(laid.blocks)
    if noted.notes:
        blocks.append(Block(BlockKind.HEADING, "Fotnoter", level=1))
        blocks += [
            Block(BlockKind.PARAGRAPH, note.text, pages=(note.page,) if note.page else ()) for note in noted.notes
        ]
    return CleanDocument(
        tuple(blocks), replace(laid.mended, footnote_marks=noted.marks, running_lines=running, ligatures=ligatures)
    )


def _spelt_out(line: Line) -> Line:
    return replace(line, text=without_ligatures(line.text)) if ligature_count(line.text) else line


def clean(text: str, reference: Collection[str] = ()) -> Cleaned:
    """The same for plain text; blocks come back separated by empty lines."""
    done = clean_lines(text_lines(text), reference)
    return Cleaned("\n\n".join(block.text for block in done.blocks), done.mended)


def text_lines(text: str) -> list[Line]:
    """Lines of plain text; form feeds separate pages, and empty lines become gaps.

    Where nearly every line is followed by an empty one, and sentences run on over them, those are line spacing.
    """
    pages = text.split("\f")
    lines: list[Line] = []
    for number, page in enumerate(pages, start=1):
        empty = 0
        for raw in page.split("\n"):
            if not raw.strip():
                empty += 1
                continue
            lines.append(Line(raw.rstrip(), page=number if len(pages) > 1 else 0, gap=float(empty)))
            empty = 0
    return _apart(lines) if _unwrapped(lines) else _single_spaced(lines)


def _unwrapped(lines: Sequence[Line]) -> bool:
    """Whether every line is a paragraph of its own, because the longest are longer than any printed line."""
    long = [line for line in lines if len(line.text) > _PRINTED]
    return sum(len(line.text) for line in long) >= 0.12 * sum(len(line.text) for line in lines) > 0


def _apart(lines: Sequence[Line]) -> list[Line]:
    """Free space before every line; short lines after a colon become the list that they are."""
    result: list[Line] = []
    index = 0
    while index < len(lines):
        line = lines[index]
        result.append(replace(line, gap=max(line.gap, _SEPARATE)))
        index += 1
        items = _items_after(lines, index) if _announces(line, lines[index:]) else []
        if len(items) > 1:
            result += [replace(item, text=f"• {item.text.strip()}", gap=0.0) for item in items]
            index += len(items)
    return result


def _announces(line: Line, following: Sequence[Line]) -> bool:
    """Whether items follow: after a colon, or where a sentence runs on into several lines that start small."""
    text = line.text.rstrip()
    small = [other.text.strip()[:1].islower() for other in following[:2]]
    return text.endswith(":") or (len(small) == 2 and all(small) and not text.endswith((".", "!", "?")))


def _items_after(lines: Sequence[Line], start: int) -> list[Line]:
    items: list[Line] = []
    for line in lines[start:]:
        text = line.text.strip()
        sentence = text.endswith((".", "!", "?")) and not text[:1].islower()
        if sentence or len(text) > 300 or text.endswith(":") or (line.gap and items and not items[-1].gap):
            break
        if not (text[0].isalnum() or text[0] in '"”('):
            break
        items.append(line)
    return items


def _single_spaced(lines: list[Line]) -> list[Line]:
    gaps = [line.gap for line in lines[1:]]
    if len(gaps) < 6 or median(gaps) < 1:
        return lines
    running_on = sum(
        1
        for before, line in pairwise(lines)
        if line.gap and line.text.strip()[:1].islower() and not before.text.rstrip().endswith((".", ":", "!", "?"))
    )
    if running_on < 0.25 * len(gaps):
        return lines
    spacing = median(gaps)
    return [replace(line, gap=max(0.0, line.gap - spacing)) for line in lines]
