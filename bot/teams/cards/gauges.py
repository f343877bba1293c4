"""A labelled share as a row of a card: the label, the value in words, and a bar."""

from __future__ import annotations

from bot.teams.cards.elements import Json, short_lines
from bot.teams.cards.markdown import shorten

LABEL_LIMIT = 120


def gauge(label: str, told: str, percent: float | None, *, drawn: bool = True) -> Json:
    """Label and value, with a bar below them where it is to be drawn and there is a `percent` (0 to 100)."""
    look = {"isSubtle": True} if percent is None else {"weight": "Bolder"}
    row = {
        "type": "ColumnSet",
        "spacing": "Small",
        "columns": [
            {"type": "Column", "width": "stretch", "items": short_lines(shorten(label, LABEL_LIMIT))},
            {"type": "Column", "width": "auto", "items": short_lines(told, **look)},
        ],
    }
    if not drawn or percent is None:
        return row
    return {"type": "Container", "spacing": "Small", "items": [row, _bar(min(100.0, max(0.0, percent)))]}


def _bar(percent: float) -> Json:
    """Teams' own bar, true to scale; for clients without one two columns, the first of which has a smallest width."""
    columns = [
        {"type": "Column", "width": width, "style": style, "minHeight": "12px", "spacing": "None", "items": []}
        for width, style in ((round(percent * 10), "accent"), (1000 - round(percent * 10), "emphasis"))
        if width
    ]
    fallback = {"type": "ColumnSet", "spacing": "Small", "columns": columns}
    return {"type": "ProgressBar", "spacing": "Small", "value": percent, "max": 100, "fallback": fallback}
