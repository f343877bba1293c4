"""Takes away what is printed on every page and belongs to none: running heads, page numbers, tables of contents."""

from __future__ import annotations

import math
import re
from collections import Counter, defaultdict
from collections.abc import Sequence
from statistics import median

from ingest.cleaning.lines import Line

ZONE = 4
"""Lines from the top and from the bottom of a page in which a running head or foot is looked for."""
_LONGEST = 140
_NEIGHBOURS = 8
_SAME_HEIGHT = 8.0
"""Points by which a running head may stand higher or lower from page to page; plain text has no heights at all."""

_PAGE_NUMBER = re.compile(
    r"(?:sida|sid\.?|page|s\.)?\s*[-–—|]?\s*(\d{1,4})\s*(?:[-–—|]|\(\s*\d{1,4}\s*\)|/\s*\d{1,4}|(?:av|of)\s+\d{1,4})?",
    re.IGNORECASE,
)
_CERTAIN_PAGE_NUMBER = re.compile(
    r"(?:(?:sida|sid\.?|page)\s*\d{1,4}\s*(?:\(\d{1,4}\)|/\s*\d{1,4}|(?:av|of)\s+\d{1,4})?|\d{1,4}\s*\(\d{1,4}\)"
    r"|[-–—]\s*\d{1,4}\s*[-–—])",
    re.IGNORECASE,
)
_DIGITS = re.compile(r"\d+")
_CONTENTS_LEADERS = re.compile(r"\S\s*(?:\.\s?){4,}\s*\d{1,4}$|\S\s*[…·_]{2,}\s*\d{1,4}$")
_CONTENTS_ENTRY = re.compile(r"\S.*[^\W\d]\)?\s+(\d{1,4})$")


def without_furniture(lines: Sequence[Line]) -> tuple[list[Line], int]:
    """The lines without furniture, and how many were taken away."""
    paged = any(line.page for line in lines)
    drop = _repeated_on_pages(lines) if paged else _around_page_numbers(lines)
    drop |= _contents(lines, drop)
    return [line for index, line in enumerate(lines) if index not in drop], len(drop)


def _shape(line: Line) -> str:
    return _DIGITS.sub("#", " ".join(line.text.split())).casefold()


def _repeated_on_pages(lines: Sequence[Line]) -> set[int]:
    """Lines of the same shape near the same edge of many pages, and the page numbers among them.

    A line in large letters must be the same to the letter: `Bilaga 1` and `Bilaga 2` are headings.
    """
    by_page: dict[int, list[int]] = defaultdict(list)
    for index, line in enumerate(lines):
        if line.text.strip():
            by_page[line.page].append(index)
    pages = len(by_page)
    zones = [
        (edge, index)
        for indexes in by_page.values()
        for edge, zone in (("top", indexes[:ZONE]), ("bottom", indexes[-ZONE:]))
        for index in zone
        if len(lines[index].text) <= _LONGEST
    ]
    large = 1.1 * median([line.size for line in lines])
    shapes = {index: _shape(lines[index]) if lines[index].size <= large else lines[index].text for _, index in zones}
    places: dict[tuple[str, str], list[Line]] = defaultdict(list)
    for edge, index in zones:
        places[edge, shapes[index]].append(lines[index])
    needed = max(3, math.ceil(pages * 0.35))
    drop: set[int] = set()
    counted: dict[tuple[str, str, float, str], int] = {}
    for edge, index in zones:
        line = lines[index]
        place = edge, shapes[index], line.y, line.text if line.edge else ""
        times = counted.get(place)
        if times is None:
            times = counted[place] = _times(line, places[edge, shapes[index]])
        in_margin = line.edge or not line.size
        if (times >= needed and in_margin) or (line.edge and (times == pages == 2 or _is_page_number(line))):
            drop.add(index)
    return drop - _parts_of_tables(lines, drop)


def _times(line: Line, alike: Sequence[Line]) -> int:
    """On how many pages a line stands at its height; pages of another shape have the same line at another height."""
    times = len({other.page for other in alike if abs(other.y - line.y) <= _SAME_HEIGHT})
    if line.edge:
        times = max(times, len({other.page for other in alike if other.edge and other.text == line.text}))
    return times


def _parts_of_tables(lines: Sequence[Line], drop: set[int]) -> set[int]:
    """The head of a table that goes on over pages, where it stands first: it is repeated, but is no running head.

    A running head that is a table itself is repeated with all its rows, and stood on an earlier page without others.
    """
    kept: set[int] = set()
    seen: set[str] = set()
    start = 0
    for end in range(1, len(lines) + 1):
        together = end < len(lines) and lines[end].cells and lines[end].page == lines[start].page
        if together and lines[start].cells:
            continue
        run = range(start, end)
        if lines[start].cells:
            if not drop.issuperset(run):
                kept.update(index for index in run if lines[index].text not in seen)
            seen.update(lines[index].text for index in run if index in drop)
        start = end
    return kept


def _is_page_number(line: Line) -> bool:
    text = line.text.strip()
    number = _PAGE_NUMBER.fullmatch(text)
    return bool(_CERTAIN_PAGE_NUMBER.fullmatch(text)) or (number is not None and number.group(1) == str(line.page))


def _around_page_numbers(lines: Sequence[Line]) -> set[int]:
    """In text without pages: printed page numbers that count upwards, and the lines that always stand around them."""
    filled = [index for index, line in enumerate(lines) if line.text.strip()]
    places = {index: place for place, index in enumerate(filled)}
    anchors = [index for index in filled if _CERTAIN_PAGE_NUMBER.fullmatch(lines[index].text.strip())]
    anchors += _counting_lines(lines, [index for index in filled if index not in anchors])
    if len(anchors) < 2:
        return set(anchors)
    around: Counter[tuple[int, str]] = Counter()
    for anchor in anchors:
        for offset in range(-_NEIGHBOURS, _NEIGHBOURS + 1):
            place = places[anchor] + offset
            if offset and 0 <= place < len(filled):
                around[offset, lines[filled[place]].text.strip().casefold()] += 1
    needed = max(2, math.ceil(len(anchors) * 0.5))
    drop = set(anchors)
    for anchor in anchors:
        for step in (-1, 1):
            for distance in range(1, _NEIGHBOURS + 1):
                place = places[anchor] + step * distance
                if not 0 <= place < len(filled):
                    break
                text = lines[filled[place]].text.strip()
                if around[step * distance, text.casefold()] < needed or len(text) > _LONGEST:
                    break
                drop.add(filled[place])
    return drop


def _counting_lines(lines: Sequence[Line], candidates: Sequence[int]) -> list[int]:
    """Lines that are nothing but a number, if they count 4, 5, 6 … over at least three of them, well apart."""
    bare = [(index, int(lines[index].text)) for index in candidates if lines[index].text.strip().isdigit()]
    found: list[int] = []
    run: list[tuple[int, int]] = []
    for index, number in bare:
        if run and (number != run[-1][1] + 1 or index - run[-1][0] < 10):
            run = []
        run.append((index, number))
        if len(run) == 3:
            found += [place for place, _ in run]
        elif len(run) > 3:
            found.append(index)
    return found


def _contents(lines: Sequence[Line], dropped: set[int]) -> set[int]:
    """A table of contents: lines with dot leaders, or four and more lines in a row that end in growing page numbers."""
    drop: set[int] = set()
    run: list[tuple[int, int]] = []
    for index, line in enumerate(lines):
        text = line.text.strip()
        if not text or index in dropped:
            continue
        numbered = text[-1].isdigit()
        if numbered and _CONTENTS_LEADERS.search(text):
            drop.add(index)
        entry = _CONTENTS_ENTRY.fullmatch(text) if numbered else None
        number = int(entry.group(1)) if entry and len(text) < _LONGEST and not line.cells else None
        if number is not None and (not run or run[-1][1] <= number <= run[-1][1] + 40):
            run.append((index, number))
            continue
        drop |= _long_enough(run)
        run = [(index, number)] if number is not None else []
    return drop | _long_enough(run)


def _long_enough(run: Sequence[tuple[int, int]]) -> set[int]:
    grown = bool(run) and run[-1][1] > run[0][1]
    return {index for index, _ in run} if len(run) >= 4 and grown else set()
