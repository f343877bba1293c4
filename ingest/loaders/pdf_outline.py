"""Bookmarks of a PDF: what they name are headings, whatever they look like."""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import replace
from typing import Any

from pypdf import PdfReader

from ingest.cleaning.lines import Line
from ingest.loaders.pdf_damage import DAMAGE
from ingest.loaders.titling import title_key

_MOST = 2000
"""Bookmarks of a level; the rest is left."""
_MOST_LINES = 3
_NUMBER = re.compile(r"\d{1,2}(?:\.\d{1,2}){0,4}\.?")


def outline_of(reader: PdfReader) -> dict[int, list[tuple[int, str]]]:
    """Page -> levels and titles of the bookmarks that point at it; empty where there are none or they are damaged."""
    found: dict[int, list[tuple[int, str]]] = {}

    def walk(entries: Sequence[Any], level: int) -> None:
        for entry in entries[:_MOST]:
            if isinstance(entry, list):
                if level < 6:
                    walk(entry, level + 1)
                continue
            page = reader.get_destination_page_number(entry)
            title = title_key(str(entry.title or ""))
            if page is not None and page >= 0 and title:
                found.setdefault(page + 1, []).append((level, title))

    try:
        walk(reader.outline, 1)
    except DAMAGE:
        return {}
    return found


def with_outline(lines: list[Line], outline: dict[int, list[tuple[int, str]]]) -> list[Line]:
    """Mark the lines that bookmarks name as headings of the bookmark's level, joining headings over several lines."""
    if not outline:
        return lines
    result: list[Line] = []
    index = 0
    while index < len(lines):
        line = lines[index]
        titles = {title: level for level, title in outline.get(line.page, ())}
        taken = 1
        begins = bool(title_key(line.text)) or _NUMBER.fullmatch(line.text.strip())
        for count in range(1, _MOST_LINES + 1 if begins else 1):
            chunk = [other for other in lines[index : index + count] if other.page == line.page]
            # Line ends stay, since a hyphen at one may belong to the word or not.
            text = "\n".join(other.text for other in chunk)
            level = titles.get(title_key(text)) if len(chunk) == count and not line.cells else None
            if level is not None:
                line, taken = replace(line, text=text, level=level), count
                break
        result.append(line)
        index += taken
    return result
