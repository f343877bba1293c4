"""The pages of results: everybody's, an item's, the municipalities', one municipality's, trend, themes, what to do."""

from __future__ import annotations

import asyncio
from collections import OrderedDict
from datetime import date
from typing import Final

from aiohttp import web

from bot.access.audit import Action
from bot.access.permissions import Permission
from bot.maturity.rounds import Round
from bot.results.advice import recommend
from bot.results.model import Edition
from bot.results.trend import Trend, trend
from bot.web.access import Routes
from bot.web.dashboard.advice_page import advice_of
from bot.web.dashboard.desk import Desk, municipality_of
from bot.web.dashboard.filters import filters_of
from bot.web.dashboard.heat_map import heat_map
from bot.web.dashboard.item_page import item_of
from bot.web.dashboard.municipality_page import municipality_of as municipality_page
from bot.web.dashboard.overview import overview
from bot.web.dashboard.scene import Scene
from bot.web.dashboard.themes_page import themes_of
from bot.web.dashboard.trend_page import trend_of

NOTED: Final = 1000
"""Visitors of whom it is remembered that their looking at results was recorded today."""


class ResultPages:
    """Each page is made of the visitor's view, in a thread, and laid out by a template."""

    def __init__(self, desk: Desk) -> None:
        self._desk = desk
        self._noted: OrderedDict[tuple[str, str, str, date], None] = OrderedDict()

    def attach(self, routes: Routes) -> None:
        """Add the routes."""
        pages = (
            ("results", self.results),
            ("items/{item}", self.item),
            ("municipalities", self.municipalities),
            ("trend", self.trend),
            ("themes", self.themes),
            ("recommendations", self.recommendations),
        )
        for path, handler in pages:
            routes.add("GET", f"/rounds/{{round}}/{path}", handler, needs=Permission.SEE_RESULTS)
        routes.add(
            "GET",
            "/rounds/{round}/municipalities/{municipality}",
            self.municipality,
            needs=Permission.SEE_MUNICIPALITY,
        )

    async def results(self, request: web.Request) -> web.Response:
        """Areas, findings, and every item in a line."""
        scene = await self._seen(request)
        page = await asyncio.to_thread(overview, scene, filters_of(request.query, scene))
        return await self._desk.pages.show(request, "results/overview.html", page=page)

    async def item(self, request: web.Request) -> web.Response:
        """One item; HTTPNotFound where it is not the round's, or the role was not asked it."""
        scene = await self._seen(request)
        item = scene.instrument.item(request.match_info["item"])
        result = scene.result(item, request.query.get("role", "")) if item is not None else None
        if item is None or result is None:
            raise web.HTTPNotFound
        page = await asyncio.to_thread(item_of, scene, item, result)
        return await self._desk.pages.show(request, "results/item.html", page=page)

    async def municipalities(self, request: web.Request) -> web.Response:
        """The municipalities beside each other; a contact is led to the own one."""
        scene = await self._seen(request)
        if not scene.federation:
            raise web.HTTPSeeOther(f"/rounds/{scene.held.id}/municipalities/{scene.municipality}")
        page = await asyncio.to_thread(heat_map, scene, filters_of(request.query, scene))
        return await self._desk.pages.show(request, "results/municipalities.html", page=page)

    async def municipality(self, request: web.Request) -> web.Response:
        """One municipality's own picture; while the round is open, who takes part and who will see its statements."""
        scene = await self._desk.scene(request)
        municipality = municipality_of(request)
        organisation = scene.instrument.organisation(municipality)
        if organisation is None or organisation.shared:
            raise web.HTTPNotFound
        await self._note(scene, municipality)
        participation = await self._desk.participation(scene)
        decisions = await self._desk.stores.visibilities.decisions(scene.held.id)
        page = await asyncio.to_thread(municipality_page, scene, municipality, participation, decisions)
        done = request.query.get("done", "") == "visibility"
        return await self._desk.pages.show(request, "results/municipality.html", page=page, done=done)

    async def trend(self, request: web.Request) -> web.Response:
        """The round against an earlier one, and against 2024."""
        scene = await self._seen(request)
        rounds = [(each, edition) for each, edition in await comparable(self._desk, scene)]
        chosen = next(
            (pair for pair in rounds if pair[0].id == request.query.get("before")), rounds[0] if rounds else None
        )
        told = await trend_between(scene, *chosen) if chosen is not None else None
        before = chosen[0].id if chosen is not None else ""
        page = await asyncio.to_thread(trend_of, scene, told, before, [(each.id, each.label) for each, _ in rounds])
        return await self._desk.pages.show(request, "results/trend.html", page=page)

    async def themes(self, request: web.Request) -> web.Response:
        """What people wrote in their own words."""
        scene = await self._seen(request)
        page = await asyncio.to_thread(themes_of, scene)
        return await self._desk.pages.show(request, "results/themes.html", page=page)

    async def recommendations(self, request: web.Request) -> web.Response:
        """What to go on with."""
        scene = await self._seen(request)
        stores = self._desk.stores
        view = scene.view
        assert view is not None  # noqa: S101 - `_seen` has seen to it
        advice = stores.advice.get(scene.instrument.id)
        chosen = await asyncio.to_thread(recommend, view, scene.instrument, advice)
        page = await asyncio.to_thread(advice_of, scene, chosen, stores.sources)
        return await self._desk.pages.show(request, "results/recommendations.html", page=page)

    async def _seen(self, request: web.Request) -> Scene:
        """The scene of a page of results; that the visitor has looked at them is recorded."""
        scene = await self._desk.results(request)
        await self._note(scene, scene.municipality)
        return scene

    async def _note(self, scene: Scene, municipality: str) -> None:
        """Once a day for each visitor, round and municipality: a log of every click would hide what matters."""
        if scene.view is None:
            return
        visitor = scene.visitor
        looked = (visitor.subject, scene.held.id, municipality, self._desk.stores.today())
        if looked in self._noted:
            return
        details = {"audience": scene.view.audience.value, "municipality": municipality}
        told = {name: value for name, value in details.items() if value}
        await self._desk.note(visitor, Action.RESULTS_SEEN, scene.held.label, **told)
        self._noted[looked] = None
        while len(self._noted) > NOTED:
            self._noted.popitem(last=False)


async def comparable(desk: Desk, scene: Scene) -> list[tuple[Round, Edition]]:
    """The earlier rounds that the visitor sees something of, newest first."""
    found = []
    for each in await desk.stores.shelf.earlier(scene.held):
        edition = await desk.beside(scene, each)
        if edition is not None:
            found.append((each, edition))
    return found


async def trend_between(scene: Scene, before: Round, edition: Edition) -> Trend:
    """The trend from an earlier round to that of the scene."""
    return await asyncio.to_thread(trend, scene.edition, edition, scene.instrument, before.instrument)
