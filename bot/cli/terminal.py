"""Reply -> text: the conversation as a terminal shows it, citations under the answer and bars drawn in characters."""

from __future__ import annotations

import textwrap
from collections.abc import Sequence
from dataclasses import asdict
from typing import Any

from bot.cli.bars import bars
from bot.conversation import figures
from bot.conversation.texts import Texts
from bot.conversation.turn import Action, AnswerReply, DoneReply, FigureReply, MenuReply, Reply, TextReply
from knowledge.model import Answer, Citation, Figure

WIDTH = 100


def render(reply: Reply, texts: Texts, language: str, width: int = WIDTH) -> str:
    """One reply as lines; what it offers to choose from is listed by `offers`. `width` is that of a figure's bars."""
    match reply:
        case AnswerReply(answer=answer):
            return answer_text(answer, texts)
        case TextReply(text) | DoneReply(text):
            return _wrapped(text)
        case FigureReply(figure, caption, notes):
            drawn = bars(figure, texts, language, width)
            return "\n".join((_wrapped(caption), *drawn, *(_wrapped(note) for note in notes)))
        case MenuReply(title, text, _):
            return f"{title}\n{_wrapped(text)}"


def answer_text(answer: Answer, texts: Texts) -> str:
    """An answer with its notes, and its sources in the order of their markers."""
    parts = [_wrapped(answer.text), *(_wrapped(note) for note in answer.notes)]
    if answer.citations:
        sources = [_wrapped(_source(citation, texts, answer.language), "    ") for citation in answer.citations]
        parts.append("\n".join((texts.say("cli.sources", answer.language), *sources)))
    return "\n\n".join(parts)


def offers(replies: Sequence[Reply]) -> list[tuple[str, Action | None]]:
    """What can be chosen by number after these replies: a title, and the action or (None) the title as a question."""
    found: list[tuple[str, Action | None]] = []
    for reply in replies:
        if isinstance(reply, TextReply | AnswerReply):
            found += [(suggestion, None) for suggestion in reply.suggestions]
        elif isinstance(reply, MenuReply):
            found += [(choice.title, choice.action) for choice in reply.choices]
    return found


def reply_data(reply: Reply, texts: Texts, language: str) -> dict[str, Any]:
    """One reply as JSON; what an answer is made of is in `answer_data`."""
    match reply:
        case AnswerReply(answer=answer):
            return {"type": "answer", **answer_data(reply.id, answer, texts)}
        case TextReply(text, suggestions):
            return {"type": "text", "text": text, "suggestions": list(suggestions)}
        case DoneReply(text):
            return {"type": "done", "text": text}
        case FigureReply(figure, caption, notes):
            told = figure_data(figure, texts, language)
            return {"type": "figure", "caption": caption, "figure": told, "notes": list(notes)}
        case MenuReply(title, text, choices):
            return {"type": "menu", "title": title, "text": text, "choices": [choice.title for choice in choices]}


def answer_data(identifier: str | int, answer: Answer, texts: Texts) -> dict[str, Any]:
    """One answer as the command line's contract has it."""
    return {
        "id": identifier,
        "status": answer.status.value,
        "language": answer.language,
        "answer": answer.text,
        "citations": [
            {
                "n": citation.n,
                "document": citation.passage.document,
                "title": citation.passage.title,
                "section": citation.passage.section,
                "page": pages(citation.passage.pages),
                "quote": citation.quote,
            }
            for citation in answer.citations
        ],
        "notes": list(answer.notes),
        "figure": figure_data(answer.figure, texts, answer.language) if answer.figure is not None else None,
        "suggestions": list(answer.suggestions),
        "generator": answer.generator,
        "timing_ms": asdict(answer.timing),
    }


def figure_data(figure: Figure, texts: Texts, language: str) -> dict[str, Any]:
    """A survey figure as JSON; `alt` tells all of it in words."""
    return {
        "number": figure.number,
        "title": figure.title,
        "question": figure.question,
        "unit": figure.unit.value,
        "bars": [{"label": bar.label, "percent": bar.percent} for bar in figure.bars],
        "alt": figures.alternative(figure, texts, language),
    }


def pages(numbers: Sequence[int]) -> list[int] | None:
    """Page numbers for JSON; None where the source has no pages."""
    return list(numbers) or None


def _source(citation: Citation, texts: Texts, language: str) -> str:
    passage = citation.passage
    numbers = passage.pages
    place = ""
    if len(numbers) == 1:
        place = texts.say("cli.page", language, page=numbers[0])
    elif numbers:
        place = texts.say("cli.pages", language, first=numbers[0], last=numbers[-1])
    return f"[{citation.n}] " + ", ".join(filter(None, (passage.title, passage.section, place, citation.url)))


def _wrapped(text: str, indent: str = "") -> str:
    """Paragraphs and list items wrapped by themselves; table rows are left as they are."""
    return "\n".join(
        line if line.startswith("|") else _filled(line, _hanging(line) or indent) for line in text.splitlines()
    )


def _filled(line: str, indent: str) -> str:
    # Addresses must stay whole, so that they can be clicked and copied.
    return textwrap.fill(line, WIDTH, subsequent_indent=indent, break_long_words=False, break_on_hyphens=False)


def _hanging(line: str) -> str:
    return "  " if line.startswith("- ") else ""
