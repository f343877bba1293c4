"""Adaptive Cards: what all of them are made of (envelope, lines, buttons), and the cards that are nothing more.

Text stands in RichTextBlocks, which show it letter by letter: a TextBlock would act on Markdown in a source's labels
and notes. Only a heading is a TextBlock, since nothing else is one to a screen reader; see `heading`.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from typing import Any

from bot.conversation.card import Button, DoneReply
from bot.conversation.replies import MenuReply
from bot.teams.cards.markdown import markdown, shorten

CARD = "application/vnd.microsoft.card.adaptive"
VERSION = "1.5"
BUTTONS_A_ROW = 6
BUTTON_LIMIT = 200
LINE_LIMIT = 600
LINES = 20

Json = dict[str, Any]


def attachment(card: Json) -> Json:
    """A card as the attachment of a message."""
    return {"contentType": CARD, "content": card}


def menu_card(reply: MenuReply) -> Json:
    """A short text and its buttons."""
    body = [*short_lines(reply.title, weight="Bolder"), *short_lines(reply.text)]
    return with_buttons(card(body, f"{reply.title}. {reply.text}"), reply.choices)


def done_card(reply: DoneReply) -> Json:
    """What an answered card becomes: a line, and perhaps the way back to it."""
    return with_buttons(card(short_lines(reply.text), reply.text), reply.buttons)


def card(body: Iterable[Json], fallback: str) -> Json:
    """The envelope; `fallback` is for clients that show no cards."""
    return {
        "$schema": "http://adaptivecards.io/schemas/adaptive-card.json",
        "type": "AdaptiveCard",
        "version": VERSION,
        "fallbackText": fallback,
        "body": list(body),
    }


def with_buttons(card: Json, choices: Sequence[Button]) -> Json:
    """The card with buttons below it, all of them in sight."""
    if len(choices) > BUTTONS_A_ROW:
        card["body"].extend(button_rows(choices))
    elif choices:
        card["actions"] = [button(choice) for choice in choices]
    return card


def button_rows(choices: Sequence[Button], a_row: int = BUTTONS_A_ROW) -> list[Json]:
    """Rows of buttons: Teams hides all but the first six actions of a row behind a menu."""
    rows = (choices[start : start + a_row] for start in range(0, len(choices), a_row))
    return [{"type": "ActionSet", "actions": [button(choice) for choice in row]} for row in rows]


def button(choice: Button) -> Json:
    """A button. Clients without Action.Execute send the same action as a message."""
    verb, data = choice.action.verb, dict(choice.action.data)
    look = {"title": shorten(choice.title, BUTTON_LIMIT)}
    if choice.main:
        look["style"] = "positive"
    fallback = {"type": "Action.Submit", **look, "data": {"verb": verb, "data": data}}
    return {"type": "Action.Execute", **look, "verb": verb, "data": data, "fallback": fallback}


def short_lines(text: str, *, spacing: str = "Default", **look: Any) -> list[Json]:
    """The first lines of a text that is not ours, each cut where it is long."""
    cut = (shorten(line, LINE_LIMIT) for line in text.splitlines() if line.strip())
    return lines("\n".join(list(cut)[:LINES]), spacing=spacing, **look)


def lines(text: str, *, spacing: str = "Default", **look: Any) -> list[Json]:
    """A text whole, one element a line; `look` is that of its letters."""
    return [
        {
            "type": "RichTextBlock",
            "spacing": "Small" if index else spacing,
            "inlines": [{"type": "TextRun", "text": line, **look}],
        }
        for index, line in enumerate(filter(None, map(str.strip, text.splitlines())))
    ]


def heading(text: str) -> list[Json]:
    """A heading, to the eye and to a screen reader; one that a TextBlock would act on is one to the eye only."""
    if "{{" in text or markdown(text) != text.strip():
        return lines(text, weight="Bolder", size="Medium")
    return [{"type": "TextBlock", "style": "heading", "size": "Medium", "weight": "Bolder", "wrap": True, "text": text}]
