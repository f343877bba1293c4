"""Units of a statute to blocks: each section under its number, as it is cited: `2 kap. 5 §`."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import replace

from ingest.cleaning.bullets import split_lead_in
from ingest.loaders.law.sfs_lines import Line, Unit
from ingest.model import Block, BlockKind

_PART, _CHAPTER, _HEADING, _SUBHEADING, _SECTION = 1, 2, 3, 4, 5


def blocks_of(units: Iterable[Line]) -> tuple[Block, ...]:
    """The blocks, in order."""
    writer = _Writer()
    for unit in units:
        writer.take(unit)
    writer.settle()
    return tuple(writer.blocks)


class _Writer:
    """Remembers the chapter, and the text that may lead points in."""

    def __init__(self) -> None:
        self.blocks: list[Block] = []
        self._chapter = ""
        self._text = ""
        self._points: list[str] = []
        self._names_part = False

    def take(self, line: Line) -> None:
        """Tell the next unit."""
        self._names_part, named = False, self._names_part
        match line.unit:
            case Unit.PART:
                self._head(_PART, line.text)
                self._names_part = True  # the heading that follows is the part's
            case Unit.CHAPTER:
                self._chapter = line.number
                self._head(_CHAPTER, f"{line.number} kap. {line.text}".strip())
            case Unit.HEADING:
                self.settle()
                last = self.blocks[-1] if self.blocks else None
                is_second = last is not None and last.kind is BlockKind.HEADING and last.level == _HEADING
                if last is not None and named:
                    self.blocks[-1] = replace(last, text=f"{last.text} {line.text}")
                else:
                    self._head(_SUBHEADING if is_second else _HEADING, line.text)
            case Unit.SECTION:
                self._head(_SECTION, f"{self._chapter} kap. {line.number} §" if self._chapter else f"{line.number} §")
                self._text = line.text
            case Unit.TEXT:
                self.settle()
                self._text = line.text
            case Unit.POINT:
                self._point(line)
            case Unit.TRANSITION:
                self._chapter = ""
                self._head(_PART, line.text.capitalize())
            case Unit.ANNEX:
                self._chapter = ""
                self._head(_PART, line.text)

    def settle(self) -> None:
        """The text and its points are complete."""
        text, points = self._text, self._points
        self._text, self._points = "", []
        if points:
            rest, lead = split_lead_in(text)
            # The law's lead-ins seldom end with a colon: its last sentence leads in all the same.
            if not lead and not text.endswith("."):
                rest, lead = "", text
            self._put(BlockKind.PARAGRAPH, rest)
            self._put(BlockKind.LIST, "\n".join(filter(None, (lead, *points))))
        else:
            self._put(BlockKind.PARAGRAPH, text)

    def _point(self, line: Line) -> None:
        """Points lettered or dashed below numbered ones stand inside them."""
        is_numbered = line.number[:1].isdigit()
        inside = not is_numbered and any(point.startswith("- ") and point[2:3].isdigit() for point in self._points)
        mark = f"{line.number}) " if line.number.strip("–—-") else ""
        self._points.append(f"{'  ' if inside else ''}- {mark}{line.text}")

    def _head(self, level: int, text: str) -> None:
        self.settle()
        self.blocks.append(Block(BlockKind.HEADING, text, level=level))

    def _put(self, kind: BlockKind, text: str) -> None:
        if any(letter.isalnum() for letter in text):
            self.blocks.append(Block(kind, text))
