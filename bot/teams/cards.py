"""Adaptive Cards: a figure as picture or bars, a menu, and the line that a pressed card becomes.

All text stands in RichTextBlocks, which show it letter by letter: a TextBlock would act on Markdown in a source's
labels and notes.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Sequence
from typing import Any, Protocol

from bot.conversation import figures
from bot.conversation.texts import Texts
from bot.conversation.turn import Choice, FigureReply, MenuReply
from bot.teams.markdown import shorten
from knowledge.model import Bar, Figure

CARD = "application/vnd.microsoft.card.adaptive"
VERSION = "1.5"
BUTTONS_A_ROW = 6
TITLE_LIMIT = 80
SAY = "say"
"""The key under which a card's button holds what the person says by pressing it."""
LINE_LIMIT = 600
LINES = 20
LABEL_LIMIT = 120
BARS = 24
NOTES = 5

Json = dict[str, Any]


class Picture(Protocol):
    """Addresses of a figure's picture, for Teams' light and dark themes; each can be read in the other too."""

    @property
    def light(self) -> str:
        """For the light theme, and for clients that know none."""

    @property
    def dark(self) -> str:
        """For the dark theme."""


Pictures = Callable[[Figure, str], Picture | None]
"""Where the picture of a figure in a language is; None where there is none."""


def attachment(card: Json) -> Json:
    """A card as the attachment of a message."""
    return {"contentType": CARD, "content": card}


def figure_card(
    reply: FigureReply,
    texts: Texts,
    language: str,
    suggestions: Sequence[str] = (),
    picture: Picture | None = None,
) -> Json:
    """A survey distribution: caption, one bar an option, the notes, and questions to go on with.

    Where there is a picture, it has the bars, and the options with their shares stand below it as a table.
    `fallbackText` and `speak` hold the same figures as sentences, for clients without cards and for screen readers.
    """
    bars = reply.figure.bars[:BARS]
    spoken = "; ".join(f"{shorten(bar.label, LABEL_LIMIT)}: {figures.share(bar, texts, language)}" for bar in bars)
    caption = shorten(reply.caption, LINE_LIMIT)
    notes = [shorten(note, LINE_LIMIT) for note in reply.notes[:NOTES]]
    told = " ".join((caption, f"{spoken}.", *notes))
    body = [
        *_lines(reply.caption, weight="Bolder"),
        *(_row(bar, texts, language, drawn=picture is None) for bar in bars),
        *(line for note in notes for line in _lines(note, spacing="Medium", isSubtle=True)),
    ]
    if picture is not None:
        body.insert(1, _image(picture, texts.say("figure.alt", language, caption=caption, bars=spoken)))
    card = _card(body, told)
    card["speak"] = told
    if suggestions:
        card["actions"] = [
            {"type": "Action.Submit", "title": shorten(each, TITLE_LIMIT), "data": {SAY: each}} for each in suggestions
        ]
    return card


def menu_card(reply: MenuReply) -> Json:
    """A short text and its buttons. Clients without Action.Execute send the same action as a message."""
    card = _card([*_lines(reply.title, weight="Bolder"), *_lines(reply.text)], f"{reply.title}. {reply.text}")
    buttons = [_button(choice) for choice in reply.choices]
    if len(buttons) <= BUTTONS_A_ROW:
        card["actions"] = buttons
    else:
        # Teams hides all but the first six actions of a card behind a menu.
        rows = (buttons[start : start + BUTTONS_A_ROW] for start in range(0, len(buttons), BUTTONS_A_ROW))
        card["body"].extend({"type": "ActionSet", "actions": row} for row in rows)
    return card


def done_card(text: str) -> Json:
    """What a pressed card becomes: a line without buttons."""
    return _card(_lines(text), text)


def _card(body: Iterable[Json], fallback: str) -> Json:
    return {
        "$schema": "http://adaptivecards.io/schemas/adaptive-card.json",
        "type": "AdaptiveCard",
        "version": VERSION,
        "fallbackText": fallback,
        "body": list(body),
    }


def _lines(text: str, *, spacing: str = "Default", **look: Any) -> list[Json]:
    lines = [shorten(line, LINE_LIMIT) for line in text.splitlines() if line.strip()][:LINES]
    return [
        {
            "type": "RichTextBlock",
            "spacing": "Small" if index else spacing,
            "inlines": [{"type": "TextRun", "text": line, **look}],
        }
        for index, line in enumerate(lines)
    ]


def _image(picture: Picture, alternative: str) -> Json:
    return {
        "type": "Image",
        "url": picture.light,
        "themedUrls": [{"theme": "Light", "url": picture.light}, {"theme": "Dark", "url": picture.dark}],
        "altText": alternative,
        "size": "Stretch",
        "msTeams": {"allowExpand": True},
    }


def _row(bar: Bar, texts: Texts, language: str, *, drawn: bool) -> Json:
    """An option with its share; with a bar below it where it is to be drawn."""
    look = {"isSubtle": True} if bar.percent is None else {"weight": "Bolder"}
    label = {
        "type": "ColumnSet",
        "spacing": "Small",
        "columns": [
            {"type": "Column", "width": "stretch", "items": _lines(shorten(bar.label, LABEL_LIMIT))},
            {"type": "Column", "width": "auto", "items": _lines(figures.share(bar, texts, language), **look)},
        ],
    }
    if not drawn or bar.percent is None:
        return label
    return {"type": "Container", "spacing": "Small", "items": [label, _bar(min(100.0, max(0.0, bar.percent)))]}


def _bar(percent: float) -> Json:
    """Teams' own bar, true to scale; for clients without one two columns, the first of which has a smallest width."""
    columns = [
        {"type": "Column", "width": width, "style": style, "minHeight": "12px", "spacing": "None", "items": []}
        for width, style in ((round(percent * 10), "accent"), (1000 - round(percent * 10), "emphasis"))
        if width
    ]
    fallback = {"type": "ColumnSet", "spacing": "Small", "columns": columns}
    return {"type": "ProgressBar", "spacing": "Small", "value": percent, "max": 100, "fallback": fallback}


def _button(choice: Choice) -> Json:
    verb, data = choice.action.verb, dict(choice.action.data)
    return {
        "type": "Action.Execute",
        "title": choice.title,
        "verb": verb,
        "data": data,
        "fallback": {"type": "Action.Submit", "title": choice.title, "data": {"verb": verb, "data": data}},
    }
