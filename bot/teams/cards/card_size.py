"""Keeps a card within what Teams takes: text is cut, and says so; what can be pressed or filled in stays."""

from __future__ import annotations

import json
from bisect import bisect_right
from collections.abc import Callable, Sequence
from dataclasses import replace
from typing import TypeVar

from bot.conversation.card import Block, Buttons, CardReply, Field, Fold, Line, Look, Select, Table
from bot.conversation.texts import Texts
from bot.teams.cards.block_cards import block_card, elements
from bot.teams.cards.elements import Json

CARD_LIMIT = 36_000
"""UTF-16 units of a card's JSON: 72 kB, which leaves room for the message around it."""
BETWEEN = 2
"""Units between two elements."""

BlockT = TypeVar("BlockT", bound=Block)


def fitted_card(reply: CardReply, texts: Texts, language: str) -> Json:
    """The card of a reply, below the limit."""
    card = block_card(reply, reply.blocks)
    if units(card) <= CARD_LIMIT:
        return card
    ending = Line(texts.say("teams.cut", language), Look.SUBTLE)
    return block_card(reply, _cut(reply, ending))


def units(document: object) -> int:
    """UTF-16 code units of a document's JSON, which is what Teams counts."""
    return len(json.dumps(document, ensure_ascii=False).encode("utf-16-le", "surrogatepass")) // 2


def _cut(reply: CardReply, ending: Line) -> list[Block]:
    """Inputs and buttons first, then as much text as there is room for, in order, and the line that says so."""
    room = CARD_LIMIT - units(block_card(reply, ())) - _cost(ending)
    live, room = _within([block for block in reply.blocks if _is_live(block)], room)
    texts = [block for block in reply.blocks if not _is_live(block)]
    whole, room = _within(texts, room)
    part = _part(texts[len(whole)], room) if len(whole) < len(texts) else None
    at_the_cut = [part, ending] if part is not None else [ending]
    blocks: list[Block] = []
    for block in reply.blocks:
        if _is_live(block):
            blocks += live[:1]
            live = live[1:]
        elif whole:
            blocks.append(whole.pop(0))
        else:
            blocks += at_the_cut
            at_the_cut = []
    return [*blocks, *at_the_cut]


def _within(blocks: Sequence[BlockT], room: int) -> tuple[list[BlockT], int]:
    """The first blocks that fit, and the room that they leave."""
    kept = []
    for block in blocks:
        cost = _cost(block)
        if cost > room:
            break
        kept.append(block)
        room -= cost
    return kept, room


def _part(block: Block, room: int) -> Line | Table | Fold | None:
    """As much of the beginning of a block as there is room for."""
    match block:
        case Line(text):
            spaces = [index for index, letter in enumerate(text) if letter.isspace()]
            return _most(lambda count: replace(block, text=f"{text[: spaces[count]].rstrip()}…"), len(spaces), room)
        case Table(rows=rows):
            return _most(lambda count: replace(block, rows=rows[: count + 1]), len(rows) - 1, room)
        case Fold(blocks=blocks):
            whole, left = _within(blocks, room - _cost(replace(block, blocks=())))
            rest = _part(blocks[len(whole)], left) if len(whole) < len(blocks) else None
            inner = (*whole, rest) if isinstance(rest, Line | Table) else tuple(whole)
            return replace(block, blocks=inner) if inner else None
        case _:
            return None


def _most(part: Callable[[int], BlockT], count: int, room: int) -> BlockT | None:
    """The largest that fits of `count` parts, each larger than the one before."""
    fitting = bisect_right(range(count), room, key=lambda index: _cost(part(index)))
    return part(fitting - 1) if fitting else None


def _cost(block: Block) -> int:
    return sum(units(element) + BETWEEN for element in elements(block))


def _is_live(block: Block) -> bool:
    """Whether a block is for pressing or filling in."""
    return isinstance(block, Buttons | Field | Select)
