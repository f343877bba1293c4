"""A page whose text was read from a picture."""

from __future__ import annotations

from dataclasses import dataclass

from ingest.loaders.pdf_text import TextLine


@dataclass(frozen=True, slots=True)
class RecognisedPage:
    """Its lines in reading order, and its `height` in points."""

    height: float
    lines: tuple[TextLine, ...]
