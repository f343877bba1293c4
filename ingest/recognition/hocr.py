"""Tesseract's answer (hOCR) as lines like those of a printed PDF page. Runs in the process that parses. Pure.

Source of the format: the hOCR 1.2 specification; `x_size` is the height of a line's letters, of which `x_ascenders`
and `x_descenders` stand above and below the small ones; `baseline` is how far its base line lies above the lower edge
of its box.
"""

from __future__ import annotations

import math
import re
from collections import Counter
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace

from lxml import etree

from ingest.errors import PageNotRead
from ingest.loaders.pdf_text import Fragment, TextLine
from ingest.recognition.page import RecognisedPage

SURE_LINE = 50.0
"""Confidence (0-100) below which a line is the pattern of a picture rather than text."""
SURE_SHARE = 0.6
"""Share of a page's letters that must be in such lines; a page upside down, or by hand, does not come to that."""
_LEAST_WORD = re.compile(r"[^\W\d_]{3,}")
_POINTS = 72.0
_PLAUSIBLE = (60.0, 2400.0)
"""Pixels an inch."""
_SMALL_LETTERS = 0.54
"""Height of small letters in letter heights, in an average text face."""
_LIKE_BULLETS = frozenset([":", "*", "«", "»", "+", "°", "¢", "=", "~", "©", "®", "e", "o"])
"""What round bullets are taken for; none of it begins a line of Swedish by itself."""
_STEP = 1.2
_SAME = (0.84, 1.1)
"""Shares of the most common letter height that are that height, measured in a line of other letters."""


@dataclass(frozen=True, slots=True)
class _Box:
    left: float
    top: float
    right: float
    bottom: float

    def turned(self, angle: int, width: float, height: float) -> _Box:
        """As it lies when a page of this size, whose text runs at an angle (degrees), is turned upright."""
        match angle % 360:
            case 90:
                return _Box(height - self.bottom, self.left, height - self.top, self.right)
            case 180:
                return _Box(width - self.right, height - self.bottom, width - self.left, height - self.top)
            case 270:
                return _Box(self.top, width - self.right, self.bottom, width - self.left)
            case _:
                return self


def page_of(hocr: bytes) -> RecognisedPage:
    """The page with the lines that are text beyond doubt. Raises PageNotRead: damaged, or none are."""
    try:
        # The answer names the public DTD of XHTML; nothing is fetched or unfolded for it.
        parser = etree.XMLParser(resolve_entities=False, no_network=True, load_dtd=False, huge_tree=False)
        root = etree.fromstring(hocr, parser)
        page = next(root.iterfind(".//{*}div[@class='ocr_page']"))
        facts = _facts(page)
        _, _, width, height = facts["bbox"]
        resolution = facts.get("scan_res", (300.0,))[0]
        scale = _POINTS / min(max(resolution, _PLAUSIBLE[0]), _PLAUSIBLE[1])
        found = [_line(line, width, height, scale) for line in page.iterfind(".//{*}span[@class]") if _is_line(line)]
    except (etree.LxmlError, StopIteration, KeyError, ValueError) as error:
        raise PageNotRead(f"a damaged answer: {error}"[:200]) from error
    sure = tuple(line for line, confidence, _ in found if line is not None and confidence >= SURE_LINE)
    if not any(_LEAST_WORD.search(line.text) for line in sure):
        raise PageNotRead("no words")
    share = _length(sure) / _length([line for line, _, _ in found if line is not None])
    if share < SURE_SHARE:
        raise PageNotRead(f"only {share:.0%} of what seems to be text is certain")
    angle = Counter(angle for _, _, angle in found).most_common(1)[0][0]
    lying = angle % 180 == 90  # its foot is one of its sides
    return RecognisedPage((width if lying else height) * scale, sure)


def _length(lines: Sequence[TextLine]) -> int:
    return sum(len(line.text) for line in lines)


def evened(pages: Mapping[int, RecognisedPage]) -> dict[int, RecognisedPage]:
    """The same with letter heights in steps from the most common one, since they are measured anew in every line."""
    heights: Counter[float] = Counter()
    for page in pages.values():
        for line in page.lines:
            heights[round(line.size * 2) / 2] += len(line.text)
    if not heights:
        return dict(pages)
    body = heights.most_common(1)[0][0]
    return {
        number: replace(page, lines=tuple(_even(line, body) for line in page.lines)) for number, page in pages.items()
    }


def _even(line: TextLine, body: float) -> TextLine:
    share = line.size / body
    size = body if _SAME[0] < share < _SAME[1] else round(body * _STEP ** round(math.log(share, _STEP)), 1)
    return TextLine(tuple(replace(fragment, size=size) for fragment in line.fragments))


def _is_line(element: etree._Element) -> bool:
    return element.get("class") in ("ocr_line", "ocr_header", "ocr_caption", "ocr_textfloat")


def _line(element: etree._Element, width: float, height: float, scale: float) -> tuple[TextLine | None, float, int]:
    """The line (None where it is empty), how sure its words are, and at what angle it runs."""
    facts = _facts(element)
    angle = round(facts.get("textangle", (0.0,))[0])
    foot = width if angle % 180 == 90 else height
    base = _box(facts).turned(angle, width, height).bottom + facts.get("baseline", (0.0, 0.0))[1]
    # The whole height would grow with every ring over an Å.
    small = facts["x_size"][0] - facts.get("x_ascenders", (0.0,))[0] - facts.get("x_descenders", (0.0,))[0]
    size = max(small * scale / _SMALL_LETTERS, 1.0)
    fragments: list[Fragment] = []
    weighed = letters = 0.0
    for word in element.iterfind(".//{*}span[@class='ocrx_word']"):
        text = "".join(word.itertext()).strip()
        if not text:
            continue
        told = _facts(word)
        place = _box(told).turned(angle, width, height)
        weighed += told.get("x_wconf", (0.0,))[0] * len(text)
        letters += len(text)
        fragments.append(Fragment(f"{text} ", place.left * scale, (foot - base) * scale, size, bold=False))
    if len(fragments) > 1 and fragments[0].text.strip() in _LIKE_BULLETS:
        fragments[0] = replace(fragments[0], text="• ")
    return (TextLine(tuple(fragments)) if fragments else None), weighed / max(letters, 1.0), angle


def _facts(element: etree._Element) -> dict[str, Sequence[float]]:
    """`bbox 0 0 90 40; x_size 44` as numbers by name; what is no number is left out."""
    found: dict[str, Sequence[float]] = {}
    for part in (element.get("title") or "").split(";"):
        name, *values = part.split() or [""]
        try:
            found[name] = tuple(map(float, values))
        except ValueError:
            continue
    return found


def _box(facts: Mapping[str, Sequence[float]]) -> _Box:
    left, top, right, bottom = facts["bbox"]
    return _Box(left, top, right, bottom)
