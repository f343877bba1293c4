"""Lines of a page back to what an author wrote: headings, paragraphs, lists and tables.

Plain text tells its structure by blank lines, line lengths, numbering and capitals; PDF adds letter height, weight and
indent. Both go through the same rules.
"""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass, replace

from ingest.cleaning.bullets import bullet, count_mark, is_dash, item_text, neighbour, split_lead_in, with_bullets
from ingest.cleaning.lines import PARAGRAPH_GAP, Line
from ingest.cleaning.measures import measures, widths
from ingest.cleaning.mend import Mended, mend, total
from ingest.cleaning.pipes import is_row, rows_of
from ingest.cleaning.rows import parted, pipe_rows
from ingest.cleaning.titles import LONGEST, HeadingStyles, is_capitals, is_caption, looks_like_title, number_depth
from ingest.cleaning.vocabulary import Vocabulary
from ingest.model import Block, BlockKind

_CLOSING = ')”"»’'
"""What may stand behind a sentence's last mark."""
_ITEM_LINES = 6
"""Lines over which an item may run before the next one is no longer recognised by a dash alone."""


@dataclass(frozen=True, slots=True)
class Laid:
    """Blocks in reading order, and what was mended in them."""

    blocks: tuple[Block, ...]
    mended: Mended


def lay_out(lines: Sequence[Line], vocabulary: Vocabulary) -> Laid:
    """Group lines into blocks and mend their text."""
    return _Layout(with_bullets(lines), vocabulary).run()


class _Layout:
    def __init__(self, lines: Sequence[Line], vocabulary: Vocabulary) -> None:
        self._lines = lines
        self._vocabulary = vocabulary
        self._widths = widths(lines)
        self._measures = measures(lines, self._widths)
        self._styles = HeadingStyles.of(lines)
        self._blocks: list[Block] = []
        self._mended: list[Mended] = []

    def run(self) -> Laid:
        index = 0
        while index < len(self._lines):
            index = self._next(index)
        return Laid(tuple(self._blocks), total(self._mended))

    def _next(self, index: int) -> int:
        """Append the block that starts at a line; the line after it."""
        if self._is_row(index) and self._is_row(index + 1):
            return self._table(index)
        if self._lines[index].cells:
            self._emit_paragraph(self._lines[index : index + 1])
            return index + 1
        if self._is_heading(index):
            return self._heading(index)
        if self._is_item(index):
            return self._list(index)
        end = self._paragraph_end(index)
        chunk = self._lines[index:end]
        indented = self._indented_list(end, chunk)
        if indented > end:
            self._emit_paragraph(chunk)
            self._emit_list(self._split_indented(end, indented), self._lines[end:indented])
            return indented
        self._emit_paragraph(chunk)
        return end

    # Headings

    def _is_heading(self, index: int) -> bool:
        line = self._lines[index]
        subsection = number_depth(line.text) > 1 and self._reads_like_text(index + 1)
        if line.cells or not (subsection or self._starts_fresh(index)):
            return False
        if self._styles.marks(line):
            return True
        if line.size and self._styles.levels and self._is_enumerated(index):
            return False
        following = self._lines[index + 1] if index + 1 < len(self._lines) else None
        body = self._reads_like_text(index + 1) or self._opens_pair(index)
        spaced = line.gap >= PARAGRAPH_GAP or index == 0
        return looks_like_title(line, following, self._widths[index], body=body, spaced=spaced, plain=not line.size)

    def _reads_like_text(self, index: int) -> bool:
        if index >= len(self._lines):
            return False
        line = self._lines[index]
        text = line.text.strip()
        long = len(text) >= 0.6 * self._widths[index]
        return (long or _is_terminated(text) or self._is_item(index)) and not text[:1].islower()

    def _opens_pair(self, index: int) -> bool:
        """A title over a heading over text: two short lines, where text ended before them or the document starts."""
        fresh = index == 0 or _is_sentence_end(self._lines[index - 1].text.strip())
        return fresh and index + 1 < len(self._lines) and self._short(index + 1) and (self._reads_like_text(index + 2))

    def _short(self, index: int) -> bool:
        text = self._lines[index].text.strip()
        return len(text) <= 90 and not _is_terminated(text) and not text[:1].islower() and not self._is_item(index)

    def _starts_fresh(self, index: int) -> bool:
        """Whether no sentence runs on into this line."""
        if index == 0:
            return True
        line, before = self._lines[index], self._lines[index - 1]
        if line.text.strip()[:1].islower():
            return False
        finished = _is_terminated(before.text.strip()) or self._blocks_end_with_heading()
        return finished or line.gap >= PARAGRAPH_GAP or bool(before.cells) or self._styles.differ(before, line)

    def _blocks_end_with_heading(self) -> bool:
        return bool(self._blocks) and self._blocks[-1].kind is BlockKind.HEADING

    def _heading(self, index: int) -> int:
        end = index + 1
        while end < len(self._lines) and self._continues_heading(index, end):
            end += 1
        chunk = self._lines[index:end]
        text = self._mend(chunk)
        if not chunk[0].level and self._is_emphasis(index, end, text):
            end = self._paragraph_end(end - 1)
            self._emit_paragraph(self._lines[index:end])
            return end
        self._blocks.append(
            Block(BlockKind.HEADING, text, level=self._styles.level(chunk[0], text), pages=_pages(chunk))
        )
        return end

    def _is_emphasis(self, start: int, end: int, text: str) -> bool:
        """Whether lines in bold or large letters are a paragraph set so: whole sentences, or too much for a heading."""
        if end - start < 2:
            return False
        follows = end < len(self._lines) and self._continues_heading(end - 1, end)
        return follows or len(text) > LONGEST or (text.endswith(".") and len(text.split()) > 12)

    def _continues_heading(self, start: int, index: int) -> bool:
        first, line, before = self._lines[start], self._lines[index], self._lines[index - 1]
        if index - start >= 3 or line.gap >= PARAGRAPH_GAP or line.page != before.page or self._is_item(index):
            return False
        if first.size:
            return self._styles.same(first, line) and not re.match(r"\d+(\.\d+)*\.?\s", line.text)
        text = line.text.strip()
        if number_depth(first.text):
            return text[:1].islower() and len(text) < 0.75 * self._widths[index] and not _is_terminated(text)
        full = len(before.text.strip()) >= 0.8 * self._widths[index - 1]
        return full and is_capitals(before.text) and text.isupper()

    # Lists

    def _is_item(self, index: int) -> bool:
        if index >= len(self._lines):
            return False
        mark = bullet(self._lines[index].text)
        if mark:
            return not is_dash(mark) or index == 0 or self._item_context(index)
        return self._is_enumerated(index)

    def _item_context(self, index: int) -> bool:
        """A dash starts an item after a lead-in, after an item or after free space; elsewhere it is a dash."""
        line, mark = self._lines[index], bullet(self._lines[index].text)
        if line.gap >= PARAGRAPH_GAP or _is_terminated(self._lines[index - 1].text.strip()):
            return True
        for before in reversed(self._lines[max(0, index - _ITEM_LINES) : index]):
            if bullet(before.text) == mark or before.gap >= PARAGRAPH_GAP:
                return bullet(before.text) == mark
        return False

    def _is_enumerated(self, index: int) -> bool:
        """`1.` or `a)` starts an item if its neighbour in the count follows or went before within a few lines."""
        mark = count_mark(self._lines[index].text)
        if not mark or self._styles.marks(self._lines[index]):
            return False
        near = range(max(0, index - 8), min(len(self._lines), index + 9))
        others = {count_mark(self._lines[place].text) for place in near if place != index}
        return neighbour(mark, 1) in others or neighbour(mark, -1) in others

    def _list(self, index: int) -> int:
        items: list[tuple[int, list[Line]]] = []
        first_x = self._lines[index].x
        first_mark = bullet(self._lines[index].text)
        while index < len(self._lines) and self._is_item(index):
            end = self._paragraph_end(index)
            line = self._lines[index]
            mark = bullet(line.text)
            nested = line.x > first_x + 8 or (
                not line.size and mark != first_mark and mark in "o◦○–-" and bool(mark and items)
            )
            chunk = [replace(line, text=item_text(line.text)), *self._lines[index + 1 : end]]
            items.append((1 if nested else 0, chunk))
            index = end
        flat = [line for _, chunk in items for line in chunk]
        self._emit_list(items, flat)
        return index

    def _indented_list(self, index: int, lead: Sequence[Line]) -> int:
        """End of a list whose bullets were drawn, not written: indented lines after a lead-in with a colon."""
        if not lead or not lead[-1].size or not lead[-1].text.strip().endswith(":"):
            return index
        end = index
        margin = lead[0].x
        while end < len(self._lines):
            line = self._lines[end]
            if (
                line.x < margin + 8
                or line.x > margin + 60
                or line.cells
                or self._styles.marks(line)
                or self._is_item(end)
            ):
                break
            end += 1
        return end

    def _split_indented(self, start: int, end: int) -> list[tuple[int, list[Line]]]:
        items: list[tuple[int, list[Line]]] = []
        margin = self._lines[start].x
        for index in range(start, end):
            line = self._lines[index]
            before = self._lines[index - 1]
            finished = _is_sentence_end(before.text.strip()) or len(before.text) < 0.7 * self._widths[index]
            fresh = not line.text.strip()[:1].islower() and (finished or line.gap >= PARAGRAPH_GAP)
            if not items or fresh:
                items.append((1 if line.x > margin + 8 else 0, [line]))
            else:
                items[-1][1].append(line)
        return items

    def _emit_list(self, items: Sequence[tuple[int, Sequence[Line]]], lines: Sequence[Line]) -> None:
        rows = [f"{'  ' * depth}- {self._mend(chunk)}" for depth, chunk in items]
        lead = ""
        if self._blocks and self._blocks[-1].kind is BlockKind.PARAGRAPH:
            rest, lead = split_lead_in(self._blocks[-1].text)
            if lead:
                last = self._blocks.pop()
                if rest:
                    self._blocks.append(replace(last, text=rest))
                rows.insert(0, lead)
        pages = _pages(lines)
        self._blocks.append(Block(BlockKind.LIST, "\n".join(rows), pages=pages))

    # Tables

    def _is_row(self, index: int) -> bool:
        return index < len(self._lines) and is_row(self._lines[index])

    def _table(self, index: int) -> int:
        end = index
        while self._is_row(end):
            end += 1
        found = parted([[self._mend_text(cell) for cell in row] for row in rows_of(self._lines[index:end])])
        pages = _pages(self._lines[index:end])
        self._blocks += [Block(BlockKind.PARAGRAPH, text, pages=pages[:1]) for text in found.above if text]
        if found.rows:
            self._blocks.append(Block(BlockKind.TABLE, pipe_rows(found.rows), pages=pages))
        return end

    # Paragraphs

    def _paragraph_end(self, index: int) -> int:
        end = index + 1
        while end < len(self._lines) and not self._ends_paragraph(end - 1):
            end += 1
        return end

    def _ends_paragraph(self, index: int) -> bool:
        line, following = self._lines[index], self._lines[index + 1]
        text = line.text.strip()
        if self._is_item(index + 1) or following.cells or is_caption(following.text):
            return True
        runs_on = following.text.strip()[:1].islower() or text.endswith(("-", ","))
        if line.page != following.page and not _is_terminated(text):
            return self._styles.marks(following)
        if following.gap >= PARAGRAPH_GAP:
            return not (runs_on and following.gap < 1.6 and not _is_terminated(text))
        if self._styles.differ(line, following) or (is_caption(text) and _is_terminated(text)):
            return True
        if _is_terminated(text):
            short = len(text) < 0.8 * self._measures[index]
            indented = bool(line.size) and (following.x > line.x + 8 or following.x < line.x - 4)
            if (short or indented) and not following.text.strip()[:1].islower():
                return True
        return self._is_heading(index + 1)

    def _emit_paragraph(self, chunk: Sequence[Line]) -> None:
        text = self._mend(chunk)
        if text:
            self._blocks.append(Block(BlockKind.PARAGRAPH, text, pages=_pages(chunk)))

    def _mend(self, chunk: Sequence[Line]) -> str:
        return self._mend_text("\n".join(line.text.strip() for line in chunk))

    def _mend_text(self, text: str) -> str:
        cleaned = mend(text, self._vocabulary)
        self._mended.append(cleaned.mended)
        return cleaned.text


def _is_terminated(text: str) -> bool:
    return text.rstrip(_CLOSING).endswith((".", "!", "?", ":", ";", "…"))


def _is_sentence_end(text: str) -> bool:
    return text.rstrip(_CLOSING).endswith((".", "!", "?", "…"))


def _pages(lines: Sequence[Line]) -> tuple[int, ...]:
    return tuple(sorted({line.page for line in lines if line.page}))
