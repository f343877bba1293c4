"""What the dashboard's routes work with: stores, texts, and the scene that a request is about."""

from __future__ import annotations

import asyncio
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from datetime import UTC, datetime
from typing import Protocol

from aiohttp import web

from bot.access.audit import Action, AuditEvent, AuditLog
from bot.access.permissions import Permission
from bot.access.visitor import Visitor
from bot.conversation.texts import Texts
from bot.maturity.baseline import Distribution
from bot.maturity.days import Today
from bot.maturity.instrument import Instrument
from bot.maturity.ports import Responses, Rounds, Sources, Visibilities
from bot.maturity.recommendations import AdviceFile
from bot.maturity.round_life import SERVICE, By
from bot.maturity.rounds import Round
from bot.reminders.planning import Line
from bot.reminders.ports import Delivery
from bot.results.errors import NotForAudience
from bot.results.model import Edition, Participation
from bot.results.participation import participation_of
from bot.web.access import MUNICIPALITY
from bot.web.dashboard.audience import view_for
from bot.web.dashboard.scene import Scene
from bot.web.dashboard.shelf import Shelf
from bot.web.dashboard.voice import Voice
from bot.web.rendering import Pages
from bot.web.sessions import visitor_of


class Publishing(Protocol):
    """What makes editions of closed rounds; `bot.publishing.publisher.Publisher` is one."""

    def progress(self, round_id: str) -> str:
        """`idle`, `compiling` or `failed`."""

    def poke(self) -> None:
        """Look at all rounds now, such as after one was closed."""

    def ask(self, round_id: str) -> None:
        """Try a round again that has failed."""


class Reminding(Protocol):
    """Reminds people; `bot.reminders.sending.Reminding` is one."""

    async def plan(self, held: Round) -> Sequence[Line]:
        """Who would be reminded now, and why the others would not. Raises StoreFailed."""

    async def one_round(self, held: Round, by: By = SERVICE) -> Mapping[Delivery, int]:
        """Remind whoever is due in a round, and record that `by` had it done. Raises StoreFailed."""


@dataclass(frozen=True, slots=True)
class Stores:
    """Where the dashboard reads and writes. Without `publishing` nothing is said about when results come. `reminding`
    is looked up for every request; without it nobody can be reminded, as there is no channel to people."""

    rounds: Rounds
    responses: Responses
    visibilities: Visibilities
    audit: AuditLog
    shelf: Shelf
    sources: Sources
    instruments: Mapping[str, Instrument]
    baseline: Mapping[str, Distribution]
    advice: Mapping[str, AdviceFile]
    today: Today
    publishing: Publishing | None = None
    reminding: Callable[[], Reminding | None] = lambda: None


class Desk:
    """Makes the scenes of requests; `clock` tells the time, in UTC."""

    def __init__(
        self, pages: Pages, texts: Texts, stores: Stores, *, clock: Callable[[], datetime] = lambda: datetime.now(UTC)
    ) -> None:
        self.pages = pages
        self.stores = stores
        self._texts = texts
        self._clock = clock

    def voice(self, request: web.Request, language: str = "") -> Voice:
        """The language of the page."""
        return Voice(self._texts, language or self.pages.language(request))

    async def scene(self, request: web.Request, *, language: str = "") -> Scene:
        """The round of the address with what the visitor may see of it; a round or municipality that is not there is
        HTTPNotFound. Pages of results ask `results` instead."""
        held = await self.stores.shelf.round(request.match_info["round"])
        municipality = municipality_of(request)
        if held is None or (municipality and held.instrument.organisation(municipality) is None):
            raise web.HTTPNotFound
        return await self._scene(request, held, municipality, language)

    async def results(self, request: web.Request, *, language: str = "") -> Scene:
        """The same, where there is something to see; else HTTPNotFound."""
        scene = await self.scene(request, language=language)
        if scene.view is None:
            raise web.HTTPNotFound
        return scene

    async def beside(self, scene: Scene, other: Round) -> Edition | None:
        """Another round's edition in the view that the scene has of its own; None where there is nothing of it."""
        edition = await self.stores.shelf.latest(other)
        if edition is None:
            return None
        try:
            return view_for(scene.visitor, edition, other.instrument, scene.municipality).edition
        except NotForAudience:
            return None

    async def participation(self, scene: Scene) -> Participation:
        """How many have answered: as the edition says, and until there is one as the responses do."""
        if scene.view is not None:
            return scene.edition.participation
        groups = (await self.stores.responses.participation(scene.held.id)).groups
        return participation_of(groups, scene.instrument, scene.held.invited)

    async def note(self, visitor: Visitor, action: Action, subject: str, **details: str) -> None:
        """Write into the audit log what the visitor does. Raises AccessStoreFailed."""
        event = AuditEvent(self._clock(), visitor.subject, visitor.tenant, action, subject, details)
        await self.stores.audit.append(event)

    async def _scene(self, request: web.Request, held: Round, municipality: str, language: str) -> Scene:
        visitor, voice = visitor_of(request), self.voice(request, language)
        edition = await self.stores.shelf.latest(held)
        view = None
        if edition is not None and visitor.may(Permission.SEE_RESULTS):
            try:
                view = await asyncio.to_thread(view_for, visitor, edition, held.instrument, municipality)
            except NotForAudience:
                view = None
        return Scene(held, visitor, voice, view, self.stores.baseline, edition is not None)


def municipality_of(request: web.Request) -> str:
    """The municipality that the address is about; the guard has looked at it already."""
    return request.match_info.get(MUNICIPALITY) or request.query.get(MUNICIPALITY, "")


def by_visitor(visitor: Visitor) -> By:
    """Who takes a step, for the audit log."""
    return By(visitor.subject, visitor.tenant, visitor.roles)
