"""Nothing is sent that its citation does not hold: markers, quotes and figures are checked against the passages."""

from __future__ import annotations

import re
from collections.abc import Sequence
from functools import lru_cache

from knowledge.model import Citation
from knowledge.swedish.tokens import TokenKind, normalise, sentences, tokenize

_MARKER = re.compile(r"\s?\[(\d+)\]")
_SPACE = re.compile(r"\s+")


def problems(text: str, citations: Sequence[Citation]) -> tuple[str, ...]:
    """What is wrong with an answer; empty where all of it holds.

    Every marker must name a citation and every citation be used; every quote must stand word for word in its
    passage; every number in a marked sentence must stand in a passage that its markers name.
    """
    found: list[str] = []
    by_number = {citation.n: citation for citation in citations}
    used = {int(n) for n in _MARKER.findall(text)}
    found += [f"marker [{n}] has no citation" for n in sorted(used - by_number.keys())]
    found += [f"citation [{n}] is not used" for n in sorted(by_number.keys() - used)]
    for citation in citations:
        source = _flat(citation.passage.text)
        found += [
            f"quote [{citation.n}] is not in its passage: {part[:60]}"
            for part in _parts(citation.quote)
            if _flat(part) not in source
        ]
    for paragraph in text.split("\n\n"):
        cited = [by_number[int(n)] for n in _MARKER.findall(paragraph) if int(n) in by_number]
        held = {number for citation in cited for number in numbers(citation.passage.context)}
        stated = numbers(_MARKER.sub("", paragraph))
        found += [f"number {number} is not in the cited passage" for number in sorted(stated - held)]
    return tuple(found)


@lru_cache(maxsize=4096)
def numbers(text: str) -> frozenset[str]:
    """Every number, percentage, date part, law number and numbered name (`NIS2`) of a text, normalised."""
    wanted = (TokenKind.NUMBER, TokenKind.PERCENT, TokenKind.REFERENCE, TokenKind.CODE)
    return frozenset(token.text for token in tokenize(normalise(text)) if token.kind in wanted)


def _parts(quote: str) -> list[str]:
    return sentences(quote)


def _flat(text: str) -> str:
    return _SPACE.sub(" ", normalise(text)).strip()
