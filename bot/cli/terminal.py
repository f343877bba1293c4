"""Reply -> text: the conversation as a terminal shows it, citations under the answer and bars drawn in characters."""

from __future__ import annotations

import textwrap
from collections.abc import Iterator, Sequence
from dataclasses import asdict
from typing import Any

from bot.conversation.texts import Texts
from bot.conversation.turn import Action, AnswerReply, DoneReply, FigureReply, MenuReply, Reply, TextReply
from knowledge.model import Answer, Bar, Citation

WIDTH = 100
BAR = 40
"""Characters of a bar of one hundred percent."""


def render(reply: Reply, texts: Texts, language: str) -> str:
    """One reply as lines; what it offers to choose from is listed by `offers`."""
    match reply:
        case AnswerReply(answer=answer):
            return answer_text(answer, texts)
        case TextReply(text) | DoneReply(text):
            return _wrapped(text)
        case FigureReply(figure, caption, notes):
            bars = _bars(figure.bars, texts, language)
            return "\n".join((_wrapped(caption), *bars, *(_wrapped(note) for note in notes)))
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


def reply_data(reply: Reply) -> dict[str, Any]:
    """One reply as JSON; what an answer is made of is in `answer_data`."""
    match reply:
        case AnswerReply(answer=answer):
            return {"type": "answer", **answer_data(reply.id, answer)}
        case TextReply(text, suggestions):
            return {"type": "text", "text": text, "suggestions": list(suggestions)}
        case DoneReply(text):
            return {"type": "done", "text": text}
        case FigureReply(figure, caption, notes):
            return {"type": "figure", "caption": caption, "figure": asdict(figure), "notes": list(notes)}
        case MenuReply(title, text, choices):
            return {"type": "menu", "title": title, "text": text, "choices": [choice.title for choice in choices]}


def answer_data(identifier: str | int, answer: Answer) -> dict[str, Any]:
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
        "suggestions": list(answer.suggestions),
        "generator": answer.generator,
        "timing_ms": asdict(answer.timing),
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


def _bars(bars: Sequence[Bar], texts: Texts, language: str) -> Iterator[str]:
    width = max((len(bar.label) for bar in bars), default=0)
    for bar in bars:
        if bar.percent is None:
            yield f"  {bar.label:<{width}}  {texts.say('cli.no_number', language)}"
        else:
            drawn = "█" * round(min(bar.percent, 100) / 100 * BAR) or "▏"
            number = f"{bar.percent:g}".replace(".", "," if language == "sv" else ".")
            yield f"  {bar.label:<{width}}  {drawn} {number} %"


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
