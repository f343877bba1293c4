"""Reply -> text: the conversation as a terminal shows it, citations under the answer and bars drawn in characters."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import asdict
from typing import Any

from bot.cli.bars import bars
from bot.cli.card_data import block_data, button_data
from bot.cli.cards import CardText, takes_words
from bot.cli.paragraphs import WIDTH, wrapped
from bot.conversation import figures
from bot.conversation.card import Buttons, CardReply, DoneReply, FileReply, Fold, NoticeReply
from bot.conversation.replies import AnswerReply, FigureReply, MenuReply, Reply, TextReply
from bot.conversation.texts import Texts
from bot.conversation.turn import Action
from knowledge.model import Answer, Citation, Figure

Offer = tuple[str, Action | None]
"""A title, and the action or (None) the title as a question."""


def render(reply: Reply, texts: Texts, language: str, width: int = WIDTH, first_fold: int = 1) -> str:
    """One reply as lines; what it offers to choose from is listed by `offers`.

    `width` is that of bars and cards. What a card folds away is numbered from `first_fold`.
    """
    match reply:
        case AnswerReply(answer=answer):
            return answer_text(answer, texts)
        case TextReply(text) | DoneReply(text) | NoticeReply(text) | FileReply(description=text):
            return wrapped(text)
        case CardReply():
            return CardText(texts, language, width).card(reply, first_fold)
        case FigureReply(figure, caption, notes):
            drawn = bars(figure, texts, language, width)
            return "\n".join((wrapped(caption), *drawn, *(wrapped(note) for note in notes)))
        case MenuReply(title, text, _):
            return f"{title}\n{wrapped(text)}"


def answer_text(answer: Answer, texts: Texts) -> str:
    """An answer with its notes, and its sources in the order of their markers."""
    parts = [wrapped(answer.text), *(wrapped(note) for note in answer.notes)]
    if answer.citations:
        sources = [wrapped(_source(citation, texts, answer.language), "    ") for citation in answer.citations]
        parts.append("\n".join((texts.say("cli.sources", answer.language), *sources)))
    return "\n\n".join(filter(None, parts))


def offers(replies: Sequence[Reply]) -> list[Offer]:
    """What can be chosen after these replies; by number, unless `by_number` says otherwise."""
    found: list[Offer] = []
    for reply in replies:
        match reply:
            case TextReply(suggestions=suggestions) | AnswerReply(suggestions=suggestions):
                found += [(suggestion, None) for suggestion in suggestions]
            case MenuReply(choices=choices):
                found += [(choice.title, choice.action) for choice in choices]
            case CardReply(blocks=blocks) if not takes_words(reply):
                rows = [block.buttons for block in blocks if isinstance(block, Buttons)]
                found += [(button.title, button.action) for row in rows for button in row]
    return found


def by_number(replies: Sequence[Reply]) -> bool:
    """Whether what these replies offer has numbers: none where a number means something to a card among them."""
    return not any(isinstance(reply, CardReply) and takes_words(reply) for reply in replies)


def folds(replies: Sequence[Reply]) -> list[Fold]:
    """What the cards among these replies fold away, in order."""
    cards = [reply for reply in replies if isinstance(reply, CardReply)]
    return [block for card in cards for block in card.blocks if isinstance(block, Fold)]


def reply_data(reply: Reply, texts: Texts, language: str) -> dict[str, Any]:
    """One reply as JSON; what an answer is made of is in `answer_data`."""
    match reply:
        case AnswerReply(answer=answer):
            return {"type": "answer", **answer_data(reply.id, answer, texts)}
        case TextReply(text, suggestions):
            return {"type": "text", "text": text, "suggestions": list(suggestions)}
        case DoneReply(text, buttons, message):
            shown = [button_data(button) for button in buttons]
            return {"type": "done", "text": text, "buttons": shown, "message": message}
        case CardReply(summary, blocks, key):
            return {"type": "card", "summary": summary, "blocks": [block_data(each) for each in blocks], "key": key}
        case NoticeReply(text):
            return {"type": "notice", "text": text}
        case FileReply():
            return {
                "type": "file",
                "name": reply.name,
                "media_type": reply.media_type,
                "description": reply.description,
                "content": reply.content.decode("utf-8-sig", "replace"),
            }
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
