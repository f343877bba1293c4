"""Which lines are headings, and of which level."""

from __future__ import annotations

import re
from collections import Counter, defaultdict
from collections.abc import Sequence
from dataclasses import dataclass, field

from ingest.cleaning.lines import Line

LONGEST = 160
"""Characters; no heading is longer."""
_NUMBERED = re.compile(r"\s*(\d{1,2}(?:\.\d{1,2}){0,4})\.?\s+([A-ZÅÄÖ\"”].*)", re.DOTALL)
_CHAPTER = re.compile(
    r"\s*(?:kapitel|kap\.|del|bilaga|avsnitt|chapter|part|appendix)\s+(?:\d{1,2}|[A-ZIVX]{1,4})\b.*",
    re.IGNORECASE | re.DOTALL,
)
_CAPTION = re.compile(r"\s*(?:figur|tabell|diagram|bild|figure|table)\s+\d+", re.IGNORECASE)
_BAD_END = re.compile(r"[.,;!…]$")


def is_caption(text: str) -> bool:
    """Whether a line captions a figure or table; such a line is neither heading nor part of a paragraph."""
    return bool(_CAPTION.match(text))


def number_depth(text: str) -> int:
    """`3.2.1 Samverkan` gives 3; 0 where no section number stands in front."""
    match = _NUMBERED.fullmatch(text)
    return match.group(1).count(".") + 1 if match else 0


def is_capitals(text: str) -> bool:
    """Whether a line is set in capitals and long enough not to be an abbreviation."""
    letters = "".join(filter(str.isalpha, text))
    return len(letters) >= 5 and sum(map(str.isupper, letters)) >= 0.9 * len(letters)


def looks_like_title(
    line: Line, following: Line | None, width: float, *, body: bool, spaced: bool, plain: bool
) -> bool:
    """Whether a line reads like a heading, from its text and its surroundings alone.

    `body`: running text or a list follows. `spaced`: free space stands above it. `plain`: there is no letter height
    to go by, so that a short line without a full stop counts.
    """
    text = line.text.strip()
    if not text or len(text) > LONGEST or is_caption(text) or _BAD_END.search(text):
        return False
    if number_depth(text) > 1:
        return len(text) < max(width, 60) or body
    if number_depth(text) == 1 or _CHAPTER.fullmatch(text):
        return len(text) <= 90 and (following is None or number_depth(following.text) != 1) and not text.endswith(":")
    if is_capitals(text):
        return not text.endswith(":")
    if not plain or not body or following is None or text.endswith(":"):
        return False
    short = len(text) <= min(90.0, 0.72 * width if width > 45 else 60.0) and len(text.split()) <= 14
    opens = text[0].isupper() or text[0].isdigit()
    followed_by_text = len(following.text.strip()) > len(text) or following.gap > 0 or text.endswith("?")
    closes = text[-1].isalnum() or text[-1] in '?)”"'
    few = spaced or len(text.split()) <= 8
    return short and opens and closes and followed_by_text and few


@dataclass(slots=True)
class HeadingStyles:
    """Letter heights and weights that a document uses for headings, with the level of each."""

    body: float
    all_bold: bool
    levels: dict[tuple[float, bool], int]
    _depth: int = field(default=0)
    _capitals: bool = field(default=False)

    @classmethod
    def of(cls, lines: Sequence[Line]) -> HeadingStyles:
        """Measure the body text, then rank what is larger or bolder."""
        letters: Counter[float] = Counter()
        bold = 0
        running = [line for line in lines if not line.cells]
        for line in running or lines:  # tables are often set smaller than the text around them
            letters[_rounded(line.size)] += len(line.text)
            bold += len(line.text) if line.bold else 0
        body = letters.most_common(1)[0][0] if letters else 0.0
        styles = cls(body, bold > 0.5 * sum(letters.values()), {})
        depths: dict[tuple[float, bool], Counter[int]] = defaultdict(Counter)
        for line in lines:
            if styles.marks(line) and not line.level:
                depths[_style(line)][number_depth(line.text)] += 1
        for style in sorted(depths, key=lambda found: (-found[0], not found[1])):
            numbered = Counter({depth: times for depth, times in depths[style].items() if depth})
            above = max((level for level in styles.levels.values()), default=0)
            styles.levels[style] = numbered.most_common(1)[0][0] if numbered else min(above + 1, 6)
        return styles

    def marks(self, line: Line) -> bool:
        """Whether letter height or weight alone make a line a heading."""
        if line.level:
            return True
        if not line.size or not self.body or line.cells:
            return False
        size = _rounded(line.size)
        larger = size >= 1.12 * self.body
        bolder = line.bold and not self.all_bold and size >= 0.97 * self.body
        if not larger and not bolder:
            return False
        text = line.text.strip()
        if len(text) > LONGEST or not any(map(str.isalpha, text)):
            return False
        if is_caption(text) or text.endswith((",", ";", ":")):
            return False
        if larger:
            return not (text.endswith(".") and len(text.split()) > 12)
        return not text.endswith(".") and len(text.split()) <= 16

    def same(self, first: Line, second: Line) -> bool:
        """Whether two lines are set alike."""
        return _style(first) == _style(second) and not first.level and not second.level

    def differ(self, first: Line, second: Line) -> bool:
        """Whether one of two neighbours is set as a heading and the other is not, or as another one."""
        if not first.size or not second.size:
            return bool(first.level or second.level)
        return self.marks(first) != self.marks(second) or (self.marks(first) and not self.same(first, second))

    def level(self, line: Line, text: str) -> int:
        """Level 1-6 of a heading; remembers the section it stands in."""
        depth = number_depth(text)
        if line.level:
            self._depth, self._capitals = line.level, False
            return min(line.level, 6)
        if depth:
            self._depth, self._capitals = depth, False
            return min(depth, 6)
        if line.size and _style(line) in self.levels:
            return self.levels[_style(line)]
        if is_capitals(text):
            self._capitals = True
            return min(self._depth + 1, 6)
        return min(self._depth + (2 if self._capitals else 1), 6)


def _rounded(size: float) -> float:
    return round(size * 2) / 2


def _style(line: Line) -> tuple[float, bool]:
    return _rounded(line.size), line.bold
