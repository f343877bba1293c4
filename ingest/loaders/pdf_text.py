"""Fragments of text on a PDF page, with position and font, put together to lines."""

from __future__ import annotations

import math
import re
from collections.abc import Sequence
from dataclasses import dataclass, field
from itertools import pairwise
from statistics import median
from typing import Any

from pypdf import PageObject

from ingest.cleaning.footnotes import marked
from ingest.loaders.encoding import plain
from ingest.loaders.pdf_drawing import Fonts, drawn

_BOLD = re.compile(r"bold|black|heavy|demi", re.IGNORECASE)
_NOTE_MARK = re.compile(r"\s*\d{1,3}\s*")
_MEASURES = frozenset({"m", "km", "cm", "mm", "dm", "s", "c", "co", "kvm", "µm"})
_EDGE = 0.12
"""Share of the page height at the top and bottom in which running heads and page numbers stand."""
_NARROW = frozenset("iljtfrI.,:;!|'()[]-/ ")
_WIDE = frozenset("mwMWÅÄÖOQGDHNU%&@—")
_HYPHENS = str.maketrans({"\u00ad": "-", "\u2010": "-", "\u2011": "-"})
_USUAL = re.compile(r"[\t\n\r -~¡-¬®-ÿ–—‘’“”•…]*")
"""Most lines: nothing in them is written in another way than it should be."""


@dataclass(frozen=True, slots=True)
class Fragment:
    """A run of letters set in one go. Positions and `size` in points, `y` upwards from the page's foot."""

    text: str
    x: float
    y: float
    size: float
    bold: bool

    @property
    def right(self) -> float:
        """About where it ends; widths are estimated, since the extractor does not give them."""
        return self.x + self.size * sum(map(_WIDTHS.__getitem__, self.text.rstrip()))


@dataclass(frozen=True, slots=True)
class TextLine:
    """Fragments on one line, in reading order.

    `x` is where it starts, `y` the base line of its largest letters, and `size` the letter height of most of it.
    """

    fragments: tuple[Fragment, ...]
    x: float = field(init=False)
    y: float = field(init=False)
    size: float = field(init=False)

    def __post_init__(self) -> None:
        # Asked for many times a line, so found out once.
        object.__setattr__(self, "x", self.fragments[0].x)
        object.__setattr__(self, "y", max(self.fragments, key=lambda fragment: fragment.size).y)
        object.__setattr__(self, "size", _most(self.fragments))

    @property
    def bold(self) -> bool:
        """Whether every word of it is bold."""
        return all(fragment.bold for fragment in self.fragments if any(map(str.isalnum, fragment.text)))

    @property
    def text(self) -> str:
        """Its text, raised note numbers marked as such."""
        return tidy("".join(self.pieces()))

    def pieces(self) -> list[str]:
        """The fragments' texts; a raised small number after a word is marked as a footnote mark."""
        result: list[str] = []
        for fragment in self.fragments:
            before = "".join(result).rstrip() if _is_raised(fragment, self) else ""
            if before and not _is_exponent(before):
                result.append(marked(fragment.text.strip()))
            else:
                result.append(fragment.text)
        return result

    def cells(self) -> list[tuple[float, float, str]]:
        """Parts with wide blank space between them: left edge, right edge, text."""
        parts: list[tuple[float, float, str]] = []
        for fragment, piece in zip(self.fragments, self.pieces(), strict=True):
            if not piece.strip():
                continue
            if parts and fragment.x - parts[-1][1] <= 1.1 * fragment.size:
                left, _, text = parts[-1]
                parts[-1] = (left, fragment.right, text + piece)
            else:
                parts.append((fragment.x, fragment.right, piece))
        return [(left, right, tidy(text)) for left, right, text in parts]


def tidy(text: str) -> str:
    """NFC, plain hyphens, single blanks."""
    if not _USUAL.fullmatch(text):
        text = plain(text.translate(_HYPHENS))
    return " ".join(text.split())


def lines_of(page: PageObject, fonts: Fonts) -> list[TextLine]:
    """The page's lines in the order in which the file draws them; `fonts` are those of its file."""
    lines: list[list[Fragment]] = [[]]
    weights: dict[int, bool] = {}

    def visit(text: str, cm: Sequence[float], tm: Sequence[float], font: Any, size: float) -> None:
        if not text:
            return
        bold = weights.get(id(font))
        if bold is None:
            bold = weights[id(font)] = bool(font and _BOLD.search(str(font.get("/BaseFont", ""))))
        x, y, scale = _place(cm, tm)
        for number, piece in enumerate(text.split("\n")):
            if number:
                lines.append([])
            if piece.strip():
                lines[-1].append(Fragment(piece, x, y, round(abs(size) * scale, 1), bold))
            elif piece and lines[-1] and lines[-1][-1].text[-1:] != " ":
                last = lines[-1][-1]
                lines[-1][-1] = Fragment(last.text + " ", last.x, last.y, last.size, last.bold)

    drawn(page, fonts, visit)
    return [TextLine(tuple(fragments)) for fragments in lines if any(f.text.strip() for f in fragments)]


def gaps(lines: Sequence[TextLine]) -> list[float]:
    """Free space above each line in line steps; a jump upwards (next column) counts as half a step."""
    steps = [
        before.y - line.y
        for before, line in pairwise(lines)
        if 0.9 * line.size <= before.y - line.y <= 2.0 * line.size and abs(before.size - line.size) < 0.6
    ]
    usual = median(steps) / median([line.size for line in lines]) if steps else 1.25
    usual = min(max(usual, 1.0), 1.9)
    result: list[float] = []
    for number, line in enumerate(lines):
        if number == 0:
            result.append(0.5)
            continue
        moved = lines[number - 1].y - line.y
        size = min(max(line.size, 4.0), max(lines[number - 1].size, 4.0))
        result.append(0.5 if moved < -size else max(0.0, moved / (usual * size) - 1.0))
    return result


def is_edge(line: TextLine, height: float) -> bool:
    """Whether a line stands in the top or bottom margin zone."""
    return line.y > height * (1 - _EDGE) or line.y < height * _EDGE


def _place(cm: Sequence[float], tm: Sequence[float]) -> tuple[float, float, float]:
    """Position and vertical scale of text matrix times page matrix."""
    x = tm[4] * cm[0] + tm[5] * cm[2] + cm[4]
    y = tm[4] * cm[1] + tm[5] * cm[3] + cm[5]
    up = (tm[2] * cm[0] + tm[3] * cm[2], tm[2] * cm[1] + tm[3] * cm[3])
    return x, y, math.hypot(*up)


class _Widths(dict[str, float]):
    """Width of each letter in letter heights, for an average text face."""

    def __missing__(self, letter: str) -> float:
        if letter in _NARROW:
            width = 0.29
        elif letter in _WIDE:
            width = 0.78
        else:
            width = 0.66 if letter.isupper() else 0.53
        self[letter] = width
        return width


_WIDTHS = _Widths()


def _most(fragments: Sequence[Fragment]) -> float:
    if len(fragments) == 1:
        return fragments[0].size
    weights: dict[float, int] = {}
    for fragment in fragments:
        weights[fragment.size] = weights.get(fragment.size, 0) + len(fragment.text.strip())
    return max(weights, key=lambda size: (weights[size], size))


def _is_raised(fragment: Fragment, line: TextLine) -> bool:
    main = line.size
    is_raised = fragment.size <= 0.86 * main and fragment.y > line.y + 0.12 * main
    return is_raised and _NOTE_MARK.fullmatch(fragment.text) is not None


def _is_exponent(before: str) -> bool:
    word = re.split(r"[^\w]", before)[-1].lower()
    return word in _MEASURES or before[-1:].isdigit()
