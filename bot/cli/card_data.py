"""The blocks of a card as JSON."""

from __future__ import annotations

from typing import Any

from bot.conversation.card import Block, Button, Buttons, Field, Fold, Gauge, Line, Select, Table


def block_data(block: Block) -> dict[str, Any]:
    """One block, by its type."""
    match block:
        case Line(text, look):
            return {"type": "line", "text": text, "look": look.value}
        case Table(caption, head, rows):
            return {"type": "table", "caption": caption, "head": list(head), "rows": [list(row) for row in rows]}
        case Gauge(label, percent, told):
            return {"type": "gauge", "label": label, "percent": percent, "told": told}
        case Buttons(buttons, stacked):
            return {"type": "buttons", "stacked": stacked, "buttons": [button_data(button) for button in buttons]}
        case Field():
            return {
                "type": "field",
                "id": block.id,
                "label": block.label,
                "hint": block.hint,
                "value": block.value,
                "multiline": block.multiline,
                "limit": block.limit,
            }
        case Select():
            return {
                "type": "select",
                "id": block.id,
                "label": block.label,
                "options": [{"value": value, "title": title} for value, title in block.options],
                "chosen": list(block.chosen),
                "many": block.many,
                "required": block.required,
            }
        case Fold(title, blocks):
            return {"type": "fold", "title": title, "blocks": [block_data(each) for each in blocks]}


def button_data(button: Button) -> dict[str, Any]:
    """A button: what it says, what to write instead, and what it sends."""
    return {
        "title": button.title,
        "typed": button.typed,
        "main": button.main,
        "verb": button.action.verb,
        "data": dict(button.action.data),
    }
