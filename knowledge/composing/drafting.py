"""Which passages a model is given for an answer, and how it is asked for claims about them."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass

from knowledge.advisor import Consultation
from knowledge.composing.interpreting import ASKED
from knowledge.composing.ports import ModelRequest
from knowledge.composing.spotlight import Spotlight
from knowledge.model import Passage
from prompts.loader import Prompts

TOGETHER = 14_000
"""Characters of all passages: about 4,500 tokens."""
EACH = 3_500
"""Characters of one passage; of a longer one the part around what the extractive answer quotes is given."""
BEFORE = 500
"""Characters of such a part before the quote."""
LANGUAGES = {"sv": "svenska", "en": "engelska"}

SCHEMA = {
    "type": "object",
    "properties": {
        "claims": {
            "type": "array",
            "items": {
                "type": "object",
                "properties": {
                    "text": {"type": "string"},
                    "sources": {
                        "type": "array",
                        "items": {
                            "type": "object",
                            "properties": {"passage": {"type": "integer"}, "quote": {"type": "string"}},
                            "required": ["passage", "quote"],
                            "additionalProperties": False,
                        },
                    },
                },
                "required": ["text", "sources"],
                "additionalProperties": False,
            },
        }
    },
    "required": ["claims"],
    "additionalProperties": False,
}


@dataclass(frozen=True, slots=True)
class Draft:
    """A request for an answer, and the passages by the numbers that it gives them."""

    request: ModelRequest
    given: Mapping[int, Passage]


def draft(
    prompts: Prompts, canary: str, consultation: Consultation, passages: int, tokens: int, spotlight: Spotlight
) -> Draft:
    """Ask for claims of `tokens` at most about at most so many passages. Takes milliseconds."""
    given: dict[int, Passage] = {}
    shown: list[str] = []
    room = TOGETHER
    for passage, text in _candidates(consultation):
        if len(given) == passages or (given and room < len(text)):
            break
        room -= len(text)
        given[len(given) + 1] = passage
        shown.append(spotlight.data(f"{_place(passage)}\n{text}"))
    question = consultation.question
    rendered = prompts.render(
        "compose",
        canary=canary,
        mark=spotlight.mark,
        language=LANGUAGES[question.language],
        passages=shown,
        question=spotlight.data(_asked(consultation)),
    )
    request = ModelRequest("compose", rendered.system, rendered.user, "answer", SCHEMA, tokens)
    return Draft(request, given)


def _asked(consultation: Consultation) -> str:
    """The person's words, and what they mean beside the earlier questions."""
    question = consultation.question
    asked, whole = question.text[:ASKED], question.standalone[:ASKED]
    return asked if asked == whole else f"{asked}\n({whole})"


def _candidates(consultation: Consultation) -> Iterator[tuple[Passage, str]]:
    """What the extractive answer quotes comes first: by that it was decided that there is an answer."""
    known: set[str] = set()
    for quote in consultation.quotes:
        if quote.passage.id not in known:
            known.add(quote.passage.id)
            yield quote.passage, _part(quote.passage.text, quote.pieces[0].text if quote.pieces else "")
    for hit in consultation.retrieval.hits:
        if hit.passage.id not in known:
            known.add(hit.passage.id)
            yield hit.passage, _part(hit.passage.text, "")


def _part(text: str, around: str) -> str:
    if len(text) <= EACH:
        return text
    start = max(0, min(text.find(around) - BEFORE, len(text) - EACH)) if around else 0
    part = text[start : start + EACH]
    # Whole words: half of one, or of a number, is another one.
    if start:
        part = part.partition(" ")[2]
    return part.rpartition(" ")[0] if start + EACH < len(text) else part


def _place(passage: Passage) -> str:
    pages = f" (s. {', '.join(map(str, passage.pages))})" if passage.pages else ""
    return " > ".join(filter(None, (passage.title, passage.section))) + pages
