"""A page whose text was read from a picture."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from types import MappingProxyType

from ingest.loaders.pdf_text import TextLine


@dataclass(frozen=True, slots=True)
class RecognisedPage:
    """Its lines in reading order, and its `height` in points."""

    height: float
    lines: tuple[TextLine, ...]


NOTHING: Mapping[int, RecognisedPage] = MappingProxyType({})
