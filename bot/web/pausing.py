"""`/pause`: the switch by which an administrator lets the bot answer nobody, or nobody of one tenant."""

from __future__ import annotations

from collections.abc import Awaitable, Callable, Collection, Mapping, Sequence
from datetime import UTC, datetime
from typing import Final

from aiohttp import web

from bot.access.audit import Action, AuditEvent
from bot.access.pauses import EVERYBODY, Pause, Pauses
from bot.access.permissions import Permission
from bot.maturity.days import swedish_zone
from bot.web.access import Routes
from bot.web.rendering import Pages
from bot.web.sessions import visitor_of

PAUSE: Final = "/pause"
NOTE_LIMIT: Final = 500
WANTED: Final = frozenset({"on", "off"})


class PausePages:
    """`tenants` are those whose people are answered, `organisations` the names of whom they are; `look` makes what is
    pressed count at once in this replica."""

    def __init__(
        self,
        pages: Pages,
        pauses: Pauses,
        tenants: Collection[str],
        look: Callable[[], Awaitable[None]],
        *,
        organisations: Mapping[str, Sequence[str]] | None = None,
        clock: Callable[[], datetime] = lambda: datetime.now(UTC),
    ) -> None:
        self._pages, self._pauses, self._look, self._clock = pages, pauses, look, clock
        self._names = {tenant.lower(): ", ".join(names) for tenant, names in (organisations or {}).items()}
        self._tenants = sorted(tenants, key=lambda tenant: (self._names.get(tenant.lower(), ""), tenant))

    def attach(self, routes: Routes) -> None:
        """Add the routes."""
        routes.add("GET", PAUSE, self.show, needs=Permission.PAUSE_BOT, menu="pausing.page.title")
        routes.add("POST", PAUSE, self.press, needs=Permission.PAUSE_BOT)

    async def show(self, request: web.Request) -> web.Response:
        """Who is paused, and who could be."""
        paused = {pause.tenant: pause for pause in await self._pauses.all()}
        others = [tenant for tenant in (EVERYBODY, *self._tenants) if tenant not in paused]
        return await self._pages.show(
            request,
            "pause.html",
            paused=list(paused.values()),
            others=others,
            name=lambda tenant: self._names.get(tenant.lower(), ""),
            limit=NOTE_LIMIT,
            zone=await swedish_zone(),
        )

    async def press(self, request: web.Request) -> web.Response:
        """Pause, or let answer again; the form says which, and nothing happens where it does not say so clearly."""
        form = await request.post()
        wanted, tenant, note = (str(form.get(name, "")) for name in ("wanted", "tenant", "note"))
        paused = {pause.tenant for pause in await self._pauses.all()}
        known = {EVERYBODY, *self._tenants} | paused
        if wanted not in WANTED or "tenant" not in form or tenant not in known or len(note) > NOTE_LIMIT:
            raise web.HTTPBadRequest
        now, visitor = self._clock(), visitor_of(request)
        if wanted == "on":
            note = " ".join(note.split())
            event = AuditEvent(
                now, visitor.subject, visitor.tenant, Action.BOT_PAUSED, tenant, {"note": note} if note else {}
            )
            await self._pauses.begin(Pause(tenant, now, visitor.subject, note), event)
        else:
            event = AuditEvent(now, visitor.subject, visitor.tenant, Action.BOT_RESUMED, tenant)
            await self._pauses.end(tenant, event)
        await self._look()
        raise web.HTTPSeeOther(PAUSE)
