"""All pages of the dashboard, as one set."""

from __future__ import annotations

from typing import Protocol

from bot.charts.vega.pictures import VegaPictures
from bot.web.access import Routes
from bot.web.dashboard.audit_routes import AuditPages
from bot.web.dashboard.chart_routes import ChartPages
from bot.web.dashboard.desk import Desk
from bot.web.dashboard.result_routes import ResultPages
from bot.web.dashboard.round_routes import RoundPages


class _Set(Protocol):
    def attach(self, routes: Routes) -> None:
        """Add the routes."""


class Dashboard:
    """Rounds, results, charts and the audit log."""

    def __init__(self, desk: Desk, pictures: VegaPictures) -> None:
        self._rounds = RoundPages(desk)
        self._sets: tuple[_Set, ...] = (self._rounds, ResultPages(desk), ChartPages(desk, pictures), AuditPages(desk))

    def attach(self, routes: Routes) -> None:
        """Add the routes."""
        for each in self._sets:
            each.attach(routes)

    async def close(self) -> None:
        """End what goes on beside requests."""
        await self._rounds.close()
