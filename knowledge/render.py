"""Quotes to the text of an answer, with markers and the citations that they point at."""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence

from knowledge.model import Citation, Origin
from knowledge.pieces import BULLETS, Piece, Role
from knowledge.quotes import Quote

_BRACKETED = re.compile(r"\[(\d+)\]")


def render(quotes: Sequence[Quote], urls: Mapping[tuple[Origin, str], str]) -> tuple[str, tuple[Citation, ...]]:
    """Text with a marker after every sentence and on a list's first and last line, and its citations in order.

    `urls` maps a document's origin and path to its public address. Two quotes from one passage share a number. A number
    in brackets of the source's own (`[7]`) is shown in parentheses, as it would read like a marker.
    """
    numbers: dict[str, int] = {}
    for quote in quotes:
        numbers.setdefault(quote.passage.id, len(numbers) + 1)
    paragraphs = [_paragraph(quote, numbers[quote.passage.id]) for quote in quotes]
    citations: list[Citation] = []
    for identity, n in numbers.items():
        same = [quote for quote in quotes if quote.passage.id == identity]
        text = "\n".join(piece.text for quote in same for piece in quote.pieces)
        citations.append(Citation(n, same[0].passage, text, urls.get((same[0].passage.origin, same[0].passage.path))))
    return "\n\n".join(paragraphs), tuple(citations)


def _paragraph(quote: Quote, n: int) -> str:
    shown = [_shown(piece) for piece in quote.pieces]
    if quote.is_cut:
        shown[-1] += "…"
    if not quote.is_list:
        return " ".join(f"{text.removeprefix(_bullet(text))} [{n}]" for text in shown)
    lines: list[str] = []
    marked = False
    headed = False
    for piece, text in zip(quote.pieces, shown, strict=True):
        if piece.role is Role.ROW:
            lines += [text] if headed else [text, _rule(text)]
            headed = True
        elif piece.role is not Role.ITEM or piece is quote.pieces[-1]:
            lines.append(f"{text} [{n}]")
            marked = True
        else:
            lines.append(text)
    # Above the rows: Markdown would take a line right below a table for one more row of it.
    return "\n".join(lines if marked else [f"[{n}]", *lines])


def _shown(piece: Piece) -> str:
    return _BRACKETED.sub(r"(\1)", piece.text)


def _bullet(text: str) -> str:
    return next((bullet for bullet in BULLETS if text.startswith(bullet)), "")


def _rule(header: str) -> str:
    """The line that makes Markdown show rows as a table, with as many cells as the header."""
    cells = max(1, header.strip().strip("|").replace("\\|", "").count("|") + 1)
    return "|" + " --- |" * cells
