"""What a visitor may take out of a round: the view of its newest edition, with what it is held against."""

from __future__ import annotations

import asyncio
from collections.abc import Mapping
from dataclasses import replace
from typing import TypeVar

from aiohttp import web

from bot.access.visitor import Visitor
from bot.exports.material import Material
from bot.maturity.baseline import Distribution
from bot.maturity.rounds import Round
from bot.results.errors import NotForAudience
from bot.results.model import Edition, ItemResult
from bot.results.trend import Trend, trend
from bot.results.views import Audience, View, federation_view, municipality_view, public_view
from bot.web.dashboard.audience import view_for
from bot.web.dashboard.shelf import Shelf

T = TypeVar("T")


class Views:
    """Finds rounds on the shelf, and makes views of them. Its methods raise what a Shelf raises, and HTTPNotFound."""

    def __init__(self, shelf: Shelf, baseline: Mapping[str, Distribution], *, program: str) -> None:
        self.shelf = shelf
        self._baseline = baseline
        self._program = program

    async def round(self, round_id: str) -> Round:
        """The round with this id."""
        held = await self.shelf.round(round_id)
        if held is None:
            raise web.HTTPNotFound
        return held

    async def material(self, visitor: Visitor, held: Round, municipality: str = "") -> Material:
        """What the visitor may take out; of one municipality where it is named. Raises HTTPForbidden too."""
        known = {each.id for each in held.instrument.organisations if not each.shared}
        if municipality and municipality not in known:
            raise web.HTTPNotFound
        edition = await self._edition(held)
        try:
            view = of_one(view_for(visitor, edition, held.instrument, municipality), municipality)
        except NotForAudience as error:
            raise web.HTTPForbidden from error
        changed = await trend_since(self.shelf, view, held)
        return Material(view, held, changed, self._baseline, self._program)

    async def public(self, held: Round) -> Material:
        """What everybody may take out of a round that is published."""
        return Material(public_view(await self._edition(held)), held, program=self._program)

    async def _edition(self, held: Round) -> Edition:
        edition = await self.shelf.latest(held)
        if edition is None:
            raise web.HTTPNotFound
        return edition


async def trend_since(shelf: Shelf, view: View, held: Round) -> Trend | None:
    """The change since the latest earlier round, as far as the same audience sees both; None where there is none."""
    for earlier in await shelf.earlier(held):
        before = await shelf.latest(earlier)
        if before is None:
            continue
        try:
            seen = _same(view, before)
        except NotForAudience:  # the municipality was not in that round
            continue
        return await asyncio.to_thread(trend, view.edition, seen.edition, held.instrument, earlier.instrument)
    return None


def of_one(view: View, municipality: str) -> View:
    """A view with one municipality only, for whoever may see several; what it keeps to itself is not there anyway."""
    if not municipality or view.municipality == municipality:
        return view

    def only(each: ItemResult) -> ItemResult:
        return replace(each, municipalities=_kept(each.municipalities, municipality))

    told = view.edition.participation
    edition = replace(
        view.edition,
        results=tuple(map(only, view.edition.results)),
        participation=replace(told, municipalities=_kept(told.municipalities, municipality)),
    )
    return View(view.audience, edition, municipality)


def _kept(held: Mapping[str, T], municipality: str) -> Mapping[str, T]:
    return {key: one for key, one in held.items() if key == municipality}


def _same(view: View, before: Edition) -> View:
    """An earlier edition for the audience of a view. Raises NotForAudience."""
    if view.audience is Audience.MUNICIPALITY:
        return municipality_view(before, view.municipality)
    return of_one(federation_view(before), view.municipality)
