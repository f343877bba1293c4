"""`/rounds/<round>/charts/<name>.svg`: the charts of the pages, made of the same view that the visitor has on them."""

from __future__ import annotations

import asyncio
import logging

from aiohttp import web

from bot.access.permissions import Permission
from bot.charts.errors import ChartError
from bot.charts.palette import Theme
from bot.charts.vega.contents import Look, VegaChart, Width
from bot.charts.vega.pictures import VegaPictures, picture_of
from bot.conversation.texts import LANGUAGES
from bot.results.model import Participation
from bot.results.trend import Trend
from bot.web.access import Routes
from bot.web.dashboard.desk import Desk, municipality_of
from bot.web.dashboard.drawn import chart_named
from bot.web.dashboard.result_routes import comparable, trend_between
from bot.web.dashboard.scene import Scene

RETRY = "10"
"""Seconds after which a picture that could not be drawn may be asked for again."""

_log = logging.getLogger(__name__)


class ChartPages:
    """Draws what the visitor may see. Nothing of it is kept by browsers, as of no page with results."""

    def __init__(self, desk: Desk, pictures: VegaPictures) -> None:
        self._desk = desk
        self._pictures = pictures

    def attach(self, routes: Routes) -> None:
        """Add the route."""
        routes.add(
            "GET",
            "/rounds/{round}/charts/{chart}.svg",
            self.show,
            needs=Permission.SEE_MUNICIPALITY_RESPONSE,
            data=True,
        )

    async def show(self, request: web.Request) -> web.Response:
        """The picture; 404 for what is no chart or shows nothing, 503 where it could not be drawn."""
        query = request.query
        language = query.get("language", "")
        scene = await self._desk.scene(request, language=language if language in LANGUAGES else "")
        look = Look(
            Theme.DARK if query.get("theme") == Theme.DARK else Theme.LIGHT,
            Width.NARROW if query.get("width") == Width.NARROW else Width.WIDE,
            scene.voice.language,
        )
        chart = await self._chart(request, scene)
        if chart is None:
            raise web.HTTPNotFound
        picture = await asyncio.to_thread(picture_of, chart, look)
        try:
            svg = await self._pictures.svg(picture)
        except ChartError as error:
            _log.error("the chart %s could not be drawn: %s", request.match_info["chart"], error)
            raise web.HTTPServiceUnavailable(headers={"Retry-After": RETRY}) from error
        return web.Response(body=svg, content_type="image/svg+xml", charset="utf-8")

    async def _chart(self, request: web.Request, scene: Scene) -> VegaChart | None:
        name = request.match_info["chart"]
        role, area = request.query.get("role", ""), request.query.get("area", "")
        participation: Participation | None = None
        told: Trend | None = None
        if name == "response":
            if not scene.visitor.may(Permission.SEE_RESPONSE):
                raise web.HTTPForbidden
            participation = await self._desk.participation(scene)
        elif scene.view is None:
            return None
        elif name == "trend":
            rounds = {each.id: (each, edition) for each, edition in await comparable(self._desk, scene)}
            chosen = rounds.get(request.query.get("before", ""))
            told = await trend_between(scene, *chosen) if chosen is not None else None
        municipality = municipality_of(request)
        return await asyncio.to_thread(
            chart_named,
            scene,
            name,
            role=role,
            area=area,
            municipality=municipality,
            participation=participation,
            trend=told,
        )
