"""Cards as lines of a terminal: what can be pressed in Teams is listed with what to write instead."""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence

from bot.cli.bars import drawn
from bot.cli.columns import columns
from bot.cli.paragraphs import wrapped
from bot.conversation.card import Block, Button, Buttons, CardReply, Field, Fold, Gauge, Line, Select, Table
from bot.conversation.texts import Texts

INDENT = "  "
BAR = 40
"""Most characters of a bar of one hundred percent."""
SHORTEST = 10
"""Characters that such a bar needs beside its value; with fewer, the value stands below."""
_NUMBERED = re.compile(r"(?<!\w)\d+[.)] \S")


class CardText:
    """Writes cards in a language, on lines of at most `width` characters."""

    def __init__(self, texts: Texts, language: str, width: int) -> None:
        self._texts = texts
        self._language = language
        self._width = width

    def card(self, reply: CardReply, first_fold: int = 1) -> str:
        """The card, line by line; what is folded away is named by number, counted from `first_fold`."""
        return self.blocks(reply.blocks, first_fold)

    def blocks(self, blocks: Sequence[Block], first_fold: int = 1) -> str:
        """Blocks, with an empty line between those of different kinds."""
        number = first_fold - 1
        lines: list[str] = []
        before: type[Block] | None = None
        for block in blocks:
            number += isinstance(block, Fold)
            if lines and (isinstance(block, Table) or type(block) is not before):
                lines.append("")
            lines.extend(self._lines(block, number))
            before = type(block)
        return "\n".join(lines)

    def _lines(self, block: Block, fold: int) -> Iterator[str]:
        match block:
            case Line(text):
                yield self._wrapped(text)
            case Table(caption, head, rows):
                yield self._wrapped(caption)
                yield from columns(head, rows, self._width)
            case Gauge():
                yield from self._gauge(block)
            case Buttons(buttons, stacked):
                yield from self._buttons([button_text(button) for button in buttons], stacked=stacked)
            case Field(label=label, hint=hint, value=value):
                yield self._wrapped(f"{label}: {value or hint}" if value or hint else label, INDENT)
            case Select():
                yield from self._select(block)
            case Fold(title=title):
                yield self._wrapped(f"{INDENT}?{fold}  {title}", INDENT * 3)

    def _gauge(self, gauge: Gauge) -> Iterator[str]:
        yield self._wrapped(gauge.label)
        room = self._width - len(INDENT) - 1 - len(gauge.told)
        beside = room >= SHORTEST
        bar = drawn(gauge.percent, min(BAR, room if beside else self._width - len(INDENT)))
        if beside or not bar:
            yield self._wrapped(INDENT + " ".join(filter(None, (bar, gauge.told))), INDENT)
        else:
            yield INDENT + bar
            yield self._wrapped(INDENT + gauge.told, INDENT)

    def _buttons(self, shown: Sequence[str], *, stacked: bool) -> Iterator[str]:
        if stacked:
            yield from (self._wrapped(INDENT + each, INDENT * 2) for each in shown)
        else:
            yield self._wrapped(INDENT + " · ".join(shown), INDENT)

    def _select(self, select: Select) -> Iterator[str]:
        yield self._wrapped(f"{select.label}:")
        if not select.compact:
            for value, title in select.options:
                yield self._wrapped(f"{INDENT}[{'x' if value in select.chosen else ' '}] {title}", INDENT * 3)
            return
        yield self._wrapped(INDENT + " · ".join(title for _, title in select.options), INDENT)
        chosen = " · ".join(title for value, title in select.options if value in select.chosen)
        if chosen:
            yield self._wrapped(INDENT + self._texts.say("cli.chat.chosen", self._language, titles=chosen), INDENT)

    def _wrapped(self, text: str, indent: str = "") -> str:
        return wrapped(text, indent, self._width)


def button_text(button: Button) -> str:
    """A button's title, with what to write instead where the title does not tell."""
    typed, title = button.typed.casefold(), button.title.casefold()
    told = title == typed or not typed or re.match(rf"{re.escape(typed)}[.)]? ", title)
    return button.title if told else f"{button.title} ({button.typed})"


def takes_words(reply: CardReply) -> bool:
    """Whether what is written on this card must reach the conversation as it is, numbers too.

    So it is where a button says what to write, where there is something to fill in or unfold, and where something on
    the card has a number of its own.
    """
    for block in reply.blocks:
        match block:
            case Field() | Select() | Fold():
                return True
            case Buttons(buttons) if any(button.typed or _NUMBERED.search(button.title) for button in buttons):
                return True
            case Line(text) if _NUMBERED.search(text):
                return True
    return False
