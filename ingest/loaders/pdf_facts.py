"""What a PDF says of itself: the title and the date in its properties, and the text that is set as its title."""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Sequence
from datetime import datetime

from pypdf import PdfReader

from ingest.cleaning.lines import Line
from ingest.loaders.encoding import plain
from ingest.loaders.pdf_damage import DAMAGE

_PROGRAM = re.compile(r"^Microsoft (?:Word|PowerPoint) - ")


def metadata_title(reader: PdfReader) -> str:
    """The title in the file's properties, without the name of the program that wrote it there."""
    try:
        title = reader.metadata.title if reader.metadata is not None else None
    except DAMAGE:
        return ""
    return _PROGRAM.sub("", " ".join(plain(str(title or "")).split()))


def saved(reader: PdfReader) -> str | None:
    """When the file was last changed, by its properties, as an ISO date."""
    for name in ("modification_date", "creation_date"):
        try:
            date: datetime | None = getattr(reader.metadata, name, None)
        except DAMAGE:
            continue
        if date is not None:
            return date.date().isoformat()
    return None


def largest(lines: Sequence[Line]) -> str:
    """The text on the first two pages that is set larger than anything else in the document, if it reads as a title."""
    letters = Counter[float]()
    for line in lines:
        letters[line.size] += len(line.text)
    top = max(letters)
    if top < 1.15 * letters.most_common(1)[0][0]:
        return ""
    first = next(index for index, line in enumerate(lines) if line.size >= top - 0.3)
    end = first
    while end < len(lines) and lines[end].size >= top - 0.3 and lines[end].page == lines[first].page:
        end += 1
    text = " ".join(" ".join(line.text for line in lines[first:end]).split())
    again = any(line.size >= top - 0.3 for line in lines[end:])
    return text if lines[first].page <= 2 and not again and 3 < len(text) <= 200 else ""
