"""Scenes of pages over the hand-made editions, for the visitors that there are."""

from __future__ import annotations

from dataclasses import replace

from bot.access.visitor import Visitor
from bot.conversation.texts import Texts
from bot.results.model import Edition
from bot.web.dashboard.audience import view_for
from bot.web.dashboard.item_page import ItemPage, item_of
from bot.web.dashboard.parts import Entry, Table
from bot.web.dashboard.scene import Scene
from bot.web.dashboard.voice import Voice
from tests.fakes.dashboard import CLOSED, CONTACT, FEDERATION, survey
from tests.fakes.editions import edition

TEXTS = Texts.load()


def scene(
    visitor: Visitor = FEDERATION, *, language: str = "sv", told: Edition | None = None, municipality: str = ""
) -> Scene:
    """The closed round, as the visitor sees it."""
    view = view_for(visitor, told or edition(), CLOSED.instrument, municipality)
    return Scene(CLOSED, visitor, Voice(TEXTS, language), view, survey(), True)


def contact_scene() -> Scene:
    """The same as Uddevalla's contact sees it."""
    return scene(CONTACT)


def with_cell(told: Edition, item: str, role: str, **changed: object) -> Edition:
    """The edition with other things in one item's pooled cell."""
    results = tuple(
        replace(each, pooled=replace(each.pooled, **changed)) if (each.item, each.role) == (item, role) else each  # type: ignore[arg-type]  # names are the cell's own
        for each in told.results
    )
    return replace(told, results=results)


def heads(table: Table) -> list[str]:
    """What the rows of a table are about."""
    return [row.head.text for group in table.groups for row in group.rows]


def row(table: Table, head: str) -> tuple[Entry, ...]:
    """The cells of the row about something."""
    return next(row.cells for group in table.groups for row in group.rows if row.head.text == head)


def item_page(held: Scene, name: str, role: str = "") -> ItemPage:
    """The page of an item of this name."""
    item = held.instrument.item(name)
    assert item is not None
    result = held.result(item, role)
    assert result is not None
    return item_of(held, item, result)
