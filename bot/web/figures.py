"""`/figures/<figure>-<language>.png`: pictures of the survey figures that are served now, and their addresses.

Teams' own servers fetch them, without signing in, so whoever knows an address sees the picture.
"""

from __future__ import annotations

import logging
import re
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Protocol
from urllib.parse import quote

from aiohttp import web

from bot.access.permissions import Permission
from bot.charts.chart import Chart, chart_of, drawable
from bot.charts.errors import ChartError
from bot.charts.palette import Theme
from bot.conversation.texts import LANGUAGES, Texts
from bot.web.access import Routes
from knowledge.model import Figure

FOLDER = "/figures"
DAY, YEAR = 24 * 3600, 365 * 24 * 3600
RETRY = 10
"""Seconds after which a picture that could not be drawn may be asked for again."""

_NAME = re.compile(rf"(?P<figure>.+)-(?P<language>{'|'.join(LANGUAGES)})(?P<dark>-dark)?\.png", re.DOTALL)

_log = logging.getLogger(__name__)


class Subject(Protocol):
    """The knowledge base whose figures are shown; `bot.serving.ServedKnowledge` is one."""

    @property
    def figures(self) -> Sequence[Figure]:
        """Every figure of the served generation that everybody may see."""


class Pictures(Protocol):
    """Where pictures come from; `bot.charts.store.ChartStore` is one."""

    async def picture(self, chart: Chart, theme: Theme) -> bytes:
        """The picture as PNG. Raises ChartError."""


@dataclass(frozen=True, slots=True)
class Addresses:
    """Where one figure's pictures are, for light and for dark surroundings."""

    light: str
    dark: str


class FigurePages:
    """Serves pictures, and tells their addresses below `base`, the service's own address as others see it."""

    def __init__(self, subject: Subject, pictures: Pictures, texts: Texts, *, base: str) -> None:
        self._subject = subject
        self._pictures = pictures
        self._texts = texts
        self._base = base.rstrip("/")

    def attach(self, routes: Routes) -> None:
        """Add the route."""
        routes.add("GET", f"{FOLDER}/{{name}}", self.show, needs=Permission.BE_ANYBODY, data=True, open=True)

    def addresses(self, figure: Figure, language: str) -> Addresses | None:
        """Where the figure's pictures are; None where there is none, as of one that not everybody may see.

        The version in them changes with what the picture shows, so that nobody is shown one that was kept too long.
        """
        if not drawable(figure) or figure not in self._subject.figures:
            return None
        stem = f"{self._base}{FOLDER}/{quote(figure.id, safe='')}-{language}"
        version = f"?v={_version(chart_of(figure, self._texts, language))}"
        return Addresses(f"{stem}.png{version}", f"{stem}-dark.png{version}")

    async def show(self, request: web.Request) -> web.Response:
        """The picture; 304 where the client has it, 404 for what is no figure, 503 where it could not be drawn."""
        chart, theme = self._asked(request)
        tag = f'"{chart.key}-{theme}"'
        lasting = request.query.get("v") == _version(chart)
        headers = {
            "ETag": tag,
            "Cache-Control": f"public, max-age={YEAR}, immutable" if lasting else f"public, max-age={DAY}",
            # The card that shows it is a page of Teams, not of this service.
            "Cross-Origin-Resource-Policy": "cross-origin",
        }
        if any(each.value in ("*", tag.strip('"')) for each in request.if_none_match or ()):
            return web.Response(status=304, headers=headers)
        try:
            png = await self._pictures.picture(chart, theme)
        except ChartError as error:
            _log.error("the picture %s could not be drawn: %s", tag, error)
            raise web.HTTPServiceUnavailable(headers={"Retry-After": str(RETRY)}) from error
        return web.Response(body=png, content_type="image/png", headers=headers)

    def _asked(self, request: web.Request) -> tuple[Chart, Theme]:
        """The chart of the address; of several with one name, the one whose version it has. Raises HTTPNotFound."""
        name = _NAME.fullmatch(request.match_info["name"])
        if name is None:
            raise web.HTTPNotFound
        figures = [each for each in self._subject.figures if each.id == name["figure"] and drawable(each)]
        charts = [chart_of(figure, self._texts, name["language"]) for figure in figures]
        if not charts:
            raise web.HTTPNotFound
        asked = request.query.get("v", "")
        chart = next((each for each in charts if _version(each) == asked), charts[0])
        return chart, Theme.DARK if name["dark"] else Theme.LIGHT


def _version(chart: Chart) -> str:
    return chart.key[:12]
