"""A page of a PDF file drawn as a picture, for text to be read from. Runs in the process that parses.

Drawn rather than taken out of the file: scanners cut pages into strips, lay black letters over a coloured ground, and
turn pages by a mark, all of which only whoever draws the page puts together again.
"""

from __future__ import annotations

import math
from pathlib import Path

import pypdfium2

from ingest.errors import DocumentRejected, Reason

RESOLUTION = 300
"""Pixels an inch, which Tesseract's language data was made for."""
LEAST_RESOLUTION = 60
"""Below it, no printed letter can be told from another."""
MAX_PIXELS = 25_000_000
"""A3 at full resolution has 17 million; larger pages are drawn coarser."""
_POINTS = 72
"""Points an inch."""


def resolution_for(width: float, height: float) -> float:
    """Pixels an inch for a page of this size in points. Raises DocumentRejected(TOO_LARGE)."""
    if not (0 < width < math.inf and 0 < height < math.inf):
        raise DocumentRejected(Reason.UNREADABLE, "a page without a size")
    resolution = min(RESOLUTION, _POINTS * math.sqrt(MAX_PIXELS / (width * height)))
    if resolution < LEAST_RESOLUTION:
        raise DocumentRejected(Reason.TOO_LARGE, f"a page of {width:.0f} by {height:.0f} points")
    return resolution


def draw(path: Path, number: int, target: Path) -> None:
    """Write page `number` (from 1) as a grey PNG that carries its resolution.

    Raises DocumentRejected: UNREADABLE, TOO_LARGE. A picture in the page that unfolds to more than the process may
    have ends the process.
    """
    try:
        document = pypdfium2.PdfDocument(path)
        page = document[number - 1]
        resolution = resolution_for(*page.get_size())
        picture = page.render(scale=resolution / _POINTS, grayscale=True, may_draw_forms=False)
    except (pypdfium2.PdfiumError, IndexError, ValueError) as error:
        raise DocumentRejected(Reason.UNREADABLE, f"page {number} cannot be drawn: {error}"[:200]) from error
    picture.to_pil().save(target, "PNG", compress_level=1, dpi=(resolution, resolution))
    document.close()
