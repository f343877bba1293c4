"""The lines of a printed page, their tables found, as the lines that documents are laid out from."""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence
from dataclasses import replace

from ingest.cleaning.lines import SPLIT, Line
from ingest.loaders.pdf_tables import Table
from ingest.loaders.pdf_text import TextLine, gaps, is_edge

_HALVES = re.compile(rf"\w+{SPLIT}\w+")


def page_lines(printed: Sequence[TextLine], found: Mapping[int, Table], number: int, height: float) -> list[Line]:
    """`found` are the tables by the line that they begin at; `number` and `height` (points) are the page's."""
    spaces = gaps(printed)
    result: list[Line] = []
    index = 0
    while index < len(printed):
        line = printed[index]
        table = found.get(index)
        plain_line = Line(
            line.text,
            number,
            gap=spaces[index],
            x=line.x,
            y=line.y,
            size=line.size,
            bold=line.bold,
            edge=is_edge(line, height),
        )
        if table is None:
            result.append(plain_line)
            index += 1
            continue
        for row in table.rows:
            texts = row.texts(table.width)
            result.append(replace(plain_line, text=_whole(texts), cells=texts, gap=spaces[row.lines[0]]))
        index = table.end
    return result


def _whole(texts: Sequence[str]) -> str:
    """A row as one text, without words that may be halves: what is known of the document's words is learnt from it."""
    text = " ".join(filter(None, texts))
    return _HALVES.sub(" ", text) if SPLIT in text else text
