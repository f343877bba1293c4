"""Quotes to the text of an answer, with markers and the citations that they point at."""

from __future__ import annotations

from collections.abc import Mapping, Sequence

from knowledge.extract import Quote
from knowledge.model import Citation
from knowledge.pieces import Role


def render(quotes: Sequence[Quote], urls: Mapping[str, str]) -> tuple[str, tuple[Citation, ...]]:
    """Text with a marker after every sentence and on a list's first and last line, and its citations in order.

    `urls` maps a document's path to its public address. Two quotes from one passage share a number.
    """
    numbers: dict[str, int] = {}
    for quote in quotes:
        numbers.setdefault(quote.passage.id, len(numbers) + 1)
    paragraphs = [_paragraph(quote, numbers[quote.passage.id]) for quote in quotes]
    citations: list[Citation] = []
    for identity, n in numbers.items():
        same = [quote for quote in quotes if quote.passage.id == identity]
        text = "\n".join(piece.text for quote in same for piece in quote.pieces)
        citations.append(Citation(n, same[0].passage, text, urls.get(same[0].passage.path)))
    return "\n\n".join(paragraphs), tuple(citations)


def _paragraph(quote: Quote, n: int) -> str:
    if not quote.is_list:
        return " ".join(f"{piece.text.removeprefix('- ')} [{n}]" for piece in quote.pieces)
    last = quote.pieces[-1]
    lines: list[str] = []
    for piece in quote.pieces:
        marked = piece.role is not Role.ROW and (piece.role is not Role.ITEM or piece is last)
        lines.append(f"{piece.text} [{n}]" if marked else piece.text)
    if not any(f"[{n}]" in line for line in lines):
        lines.append(f"\n[{n}]")
    return "\n".join(lines)
