"""CardReply -> Adaptive Card: each block as the elements that show it."""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator, Sequence
from itertools import chain, groupby

from bot.conversation.card import Block, Buttons, CardReply, Field, Fold, Gauge, Line, Look, Select, Table
from bot.teams.cards import elements as cards
from bot.teams.cards.elements import Json
from bot.teams.cards.gauges import gauge
from bot.teams.cards.markdown import shorten

TOLD_LIMIT = 3000
VALUE_LIMIT = 8000
LABEL_LIMIT = 200
NARROWEST, WIDEST = 6, 30
"""Characters of a column: a number stays readable beside a long text, which wraps."""

_LOOKS: dict[Look, Json] = {
    Look.PLAIN: {},
    Look.STRONG: {"weight": "Bolder"},
    Look.SUBTLE: {"isSubtle": True},
}
_COUNTED = re.compile(r"^(\d{1,9}[.)]|[-+*]) ")


def block_card(reply: CardReply, blocks: Sequence[Block]) -> Json:
    """The card of these blocks of the reply."""
    card = cards.card(_body(blocks), told(reply))
    card["speak"] = reply.summary
    return card


def _body(blocks: Sequence[Block]) -> Iterator[Json]:
    for folded, group in groupby(blocks, lambda block: isinstance(block, Fold)):
        if folded:
            yield from _folds(block for block in group if isinstance(block, Fold))
        else:
            yield from chain.from_iterable(map(elements, group))


def elements(block: Block) -> list[Json]:
    """A block as a card has it."""
    match block:
        case Line(text, Look.HEADING):
            return cards.heading(text)
        case Line(text, look, address):
            leads: Json = {"selectAction": {"type": "Action.OpenUrl", "url": address}} if address else {}
            return cards.lines(text, **_LOOKS[look], **leads)
        case Table():
            return _table(block)
        case Gauge(label, percent, told):
            return [gauge(label, told, percent)]
        case Buttons(buttons, stacked):
            return cards.button_rows(buttons, 1 if stacked else cards.BUTTONS_A_ROW)
        case Field():
            return [_field(block)]
        case Select():
            return [_select(block)]
        case Fold():
            return _folds([block])


def told(reply: CardReply) -> str:
    """All that the card says and offers, for clients that show no cards."""
    parts = [part for block in reply.blocks for part in (*_said(block), *_offered(block))]
    sentences = [reply.summary, *(part for part in parts if part not in reply.summary)]
    ended = (part if part.endswith((".", "?", ":", ";", "…")) else f"{part}." for part in sentences if part)
    return shorten(" ".join(ended), TOLD_LIMIT)


def _said(block: Block) -> list[str]:
    match block:
        case Line(text):
            return [" ".join(text.split())]
        case Table(caption, head, rows):
            return [caption, *("; ".join(map(": ".join, zip(head, row, strict=False))) for row in rows)]
        case Gauge(label, _, told):
            return [f"{label}: {told}"]
        case _:
            return []


def _offered(block: Block) -> list[str]:
    match block:
        case Buttons(buttons):
            return ["; ".join(button.title for button in buttons)]
        case Field(label=label) | Fold(title=label):
            return [label]
        case Select(label=label, options=options):
            return [f"{label}: {', '.join(title for _, title in options)}"]
        case _:
            return []


def _table(table: Table) -> list[Json]:
    widths = [max(map(len, column), default=0) for column in zip(table.head, *table.rows, strict=True)]
    rows = [_row(table.head, weight="Bolder"), *(_row(row) for row in table.rows)]
    shown = {
        "type": "Table",
        "spacing": "Small",
        "firstRowAsHeaders": True,
        "columns": [{"width": min(max(width, NARROWEST), WIDEST)} for width in widths],
        "rows": rows,
    }
    return [*cards.lines(table.caption, weight="Bolder"), shown]


def _row(cells: Sequence[str], **look: str) -> Json:
    return {"type": "TableRow", "cells": [{"type": "TableCell", "items": cards.lines(cell, **look)} for cell in cells]}


def _field(field: Field) -> Json:
    # Without a `maxLength`: the client would drop what is beyond it without a word, where the answer says so.
    shown = {
        "type": "Input.Text",
        "id": field.id,
        "label": shorten(field.label, LABEL_LIMIT),
        "isMultiline": field.multiline,
    }
    if field.hint:
        shown["placeholder"] = shorten(field.hint, LABEL_LIMIT)
    if field.value:
        shown["value"] = field.value[:VALUE_LIMIT]
    return shown


def _select(select: Select) -> Json:
    shown = {
        "type": "Input.ChoiceSet",
        "id": select.id,
        "label": shorten(select.label, LABEL_LIMIT),
        "style": "compact" if select.compact else "expanded",
        "isMultiSelect": select.many,
        "wrap": True,
        "choices": [{"title": _choice(title), "value": value} for value, title in select.options],
    }
    if select.compact and select.missing:
        shown["placeholder"] = select.missing
    if select.chosen:
        shown["value"] = ",".join(select.chosen)
    if select.required:
        shown |= {"isRequired": True, "errorMessage": select.missing}
    return shown


def _choice(title: str) -> str:
    """Clients act on Markdown in choices: with a space that cannot break, "4. Bra" is no numbered list."""
    return _COUNTED.sub("\\1\N{NO-BREAK SPACE}", shorten(title, LABEL_LIMIT))


def _folds(folds: Iterable[Fold]) -> list[Json]:
    """Buttons side by side, each of which shows and hides its part below.

    Not Action.ToggleVisibility: the renderers mark what it shows in ways that screen readers must not be given.
    """
    actions = [
        {
            "type": "Action.ShowCard",
            "title": fold.title,
            "card": {"type": "AdaptiveCard", "body": list(chain.from_iterable(map(elements, fold.blocks)))},
        }
        for fold in folds
    ]
    rows = (actions[start : start + cards.BUTTONS_A_ROW] for start in range(0, len(actions), cards.BUTTONS_A_ROW))
    return [{"type": "ActionSet", "actions": row} for row in rows]
