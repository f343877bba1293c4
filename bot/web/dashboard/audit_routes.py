"""`/audit`: the audit log, for the administrator. That it was looked at is recorded in it, too."""

from __future__ import annotations

import asyncio

from aiohttp import web

from bot.access.audit import Action
from bot.access.permissions import Permission
from bot.web.access import Routes
from bot.web.dashboard.addresses import AUDIT
from bot.web.dashboard.audit_page import AT_ONCE, audit_of
from bot.web.dashboard.desk import Desk
from bot.web.sessions import visitor_of


class AuditPages:
    """Shows the log, newest entries first, and whether it is whole."""

    def __init__(self, desk: Desk) -> None:
        self._desk = desk

    def attach(self, routes: Routes) -> None:
        """Add the route."""
        routes.add("GET", AUDIT, self.show, needs=Permission.SEE_AUDIT_LOG, menu="pages.audit.title")

    async def show(self, request: web.Request) -> web.Response:
        """A hundred entries; the query `before` leads to older ones."""
        asked = request.query.get("before", "")
        before = int(asked) if asked.isdecimal() and len(asked) < 16 else None
        audit = self._desk.stores.audit
        await self._desk.note(visitor_of(request), Action.LOG_SEEN, "")
        verified = await audit.verify()
        entries = await audit.entries(before=before, limit=AT_ONCE)
        page = await asyncio.to_thread(audit_of, entries, verified, self._desk.voice(request), before=before)
        return await self._desk.pages.show(request, "rounds/audit.html", page=page)
