"""An answer given in the middle of a check: without how others answered, which would colour the answers to come."""

from __future__ import annotations

import re
from dataclasses import replace

from knowledge.model import Answer, Citation

_MARKERS = re.compile(r"\[(\d+)\]")
_CLAIM = re.compile(r"[^\[\]]*(?:\[\d+\]\s*)+|[^\[\]]+$")
_SHARE = re.compile(r"\d\s?%|\d\s?(?:procent|percent)\b")


def unprimed(answer: Answer) -> Answer:
    """The answer without figure, without shares, and without what quotes the survey's results.

    Its text may be empty then. Citations that nothing points at any more are gone; the others keep their numbers.
    """
    survey = {citation.n for citation in answer.citations if citation.passage.figure is not None}
    kept = [_without(paragraph, survey) for paragraph in answer.text.split("\n\n")]
    text = "\n\n".join(paragraph for paragraph in kept if paragraph)
    pointed = {int(number) for number in _MARKERS.findall(text)}
    citations = tuple(citation for citation in answer.citations if citation.n in pointed)
    if not citations and answer.citations:
        text = ""
    return replace(answer, text=text, citations=citations, notes=_notes(answer, citations), figure=None, suggestions=())


def _without(paragraph: str, survey: set[int]) -> str:
    claims = [match[0] for match in _CLAIM.finditer(paragraph)]
    kept = [
        claim
        for claim in claims
        if not _SHARE.search(claim) and not survey & {int(number) for number in _MARKERS.findall(claim)}
    ]
    return "".join(kept).strip()


def _notes(answer: Answer, citations: tuple[Citation, ...]) -> tuple[str, ...]:
    """Reservations that still have something to be about, and tell no share themselves."""
    return tuple(note for note in answer.notes if citations and not _SHARE.search(note))
