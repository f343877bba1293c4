"""The pages of rounds: all of them, one with its next steps, a new one; and the steps themselves."""

from __future__ import annotations

import asyncio
import logging
from collections import Counter
from collections.abc import Awaitable, Callable, Mapping, Sequence
from datetime import date
from typing import Final

from aiohttp import web

from bot.access.audit import AuditEntry
from bot.access.permissions import Permission
from bot.maturity.errors import Conflict, RoundClosed, StepRefused, StoreFailed
from bot.maturity.instrument_file import MAIN
from bot.maturity.ports import Visibility, VisibilityDecision
from bot.maturity.round_life import By, Step
from bot.maturity.rounds import Round, RoundStatus
from bot.reminders.planning import Why
from bot.web.access import Routes
from bot.web.dashboard.addresses import ROUNDS, at
from bot.web.dashboard.desk import Desk, Reminding, by_visitor
from bot.web.dashboard.forms import Problems, Reading, Sent
from bot.web.dashboard.head import head_of
from bot.web.dashboard.round_forms import STEPS, change_form, changed_round, create_form, new_round
from bot.web.dashboard.round_page import Acting, round_of, rounds_table
from bot.web.dashboard.scene import Scene
from bot.web.dashboard.voice import Voice
from bot.web.sessions import visitor_of

LOG_READ: Final = 200
"""Entries of the log that are looked through for what was done with a round."""
UNPROCESSABLE: Final = 422

_log = logging.getLogger(__name__)


class RoundPages:
    """Rounds as those who run them see them, and as a contact does."""

    def __init__(self, desk: Desk) -> None:
        self._desk = desk
        self._sending: set[asyncio.Task[None]] = set()

    def attach(self, routes: Routes) -> None:
        """Add the routes."""
        seeing, managing = Permission.SEE_MUNICIPALITY_RESPONSE, Permission.MANAGE_ROUNDS
        routes.add("GET", ROUNDS, self.all, needs=seeing, menu="pages.rounds.title")
        routes.add("GET", f"{ROUNDS}/new", self.new, needs=managing)
        routes.add("POST", f"{ROUNDS}/new", self.create, needs=managing)
        routes.add("GET", f"{ROUNDS}/{{round}}", self.one, needs=seeing)
        routes.add("GET", f"{ROUNDS}/{{round}}/change", self.changing, needs=managing)
        routes.add("POST", f"{ROUNDS}/{{round}}/change", self.change, needs=managing)
        for step in STEPS:
            routes.add("POST", f"{ROUNDS}/{{round}}/{step}", self._taking(step), needs=managing)
        routes.add("POST", f"{ROUNDS}/{{round}}/publish", self.publish, needs=managing)
        routes.add("POST", f"{ROUNDS}/{{round}}/remind", self.remind, needs=Permission.SEND_REMINDERS)
        routes.add("POST", f"{ROUNDS}/{{round}}/visibility", self.visibility, needs=Permission.DECIDE_VISIBILITY)

    async def close(self) -> None:
        """Stop reminding; whoever is due then is reminded by the next that does."""
        for task in self._sending:
            task.cancel()
        await asyncio.gather(*self._sending, return_exceptions=True)

    async def all(self, request: web.Request) -> web.Response:
        """Every round, newest first."""
        rounds = await self._desk.stores.shelf.rounds()
        table = rounds_table(rounds, self._desk.voice(request))
        return await self._desk.pages.show(request, "rounds/all.html", table=table)

    async def one(self, request: web.Request) -> web.Response:
        """A round and what is to be done about it."""
        return await self._page(request, await self._desk.scene(request))

    async def new(self, request: web.Request) -> web.Response:
        """The form for a new round."""
        return await self._creating(request, {}, {})

    async def create(self, request: web.Request) -> web.Response:
        """Make a round that is planned."""
        sent, voice = await _sent(request), self._desk.voice(request)
        instruments = self._desk.stores.instruments
        instrument = instruments.get(sent.get("instrument", ""))
        if instrument is None:
            return await self._creating(request, sent, {"instrument": voice.say("pages.form.missing")})
        made, problems = new_round(sent, instrument, voice)
        if made is None:
            return await self._creating(request, sent, problems)
        try:
            await self._desk.stores.rounds.add(made, by=by_visitor(visitor_of(request)))
        except Conflict:
            return await self._creating(request, sent, {"label": voice.say("pages.form.taken")})
        except StepRefused as error:
            return await self._creating(request, sent, {"": _refused(error, voice)})
        raise web.HTTPSeeOther(at(made.id, done="created"))

    async def changing(self, request: web.Request) -> web.Response:
        """The form for what may still be changed of a round."""
        return await self._changing(request, await self._desk.scene(request), None, {})

    async def change(self, request: web.Request) -> web.Response:
        """Change it."""
        scene, sent = await self._desk.scene(request), await _sent(request)
        changed, problems = changed_round(sent, scene.held, scene.voice)
        if changed is None:
            return await self._changing(request, scene, sent, problems)
        try:
            await self._desk.stores.rounds.change(changed, by=by_visitor(scene.visitor))
        except RoundClosed as error:
            return await self._changing(request, scene, sent, {"": _refused(error, scene.voice)})
        raise web.HTTPSeeOther(at(scene.held.id, done="change"))

    async def publish(self, request: web.Request) -> web.Response:
        """Try again to make the edition of a closed round."""
        scene = await self._desk.scene(request)
        if self._desk.stores.publishing is not None:
            self._desk.stores.publishing.ask(scene.held.id)
        raise web.HTTPSeeOther(at(scene.held.id, done="publish"))

    async def remind(self, request: web.Request) -> web.Response:
        """Remind those who are due. It goes on after the answer: Teams takes only so many messages a minute."""
        scene, sent = await self._desk.scene(request), await _sent(request)
        reminding = self._desk.stores.reminding()
        if reminding is None or scene.held.status is not RoundStatus.OPEN:
            raise web.HTTPNotFound
        reading = Reading(sent, scene.voice)
        reading.confirmed()
        if reading.problems:
            return await self._page(request, scene, acting=Acting("remind", sent, reading.problems))
        task = asyncio.create_task(_sending(reminding, scene.held, by_visitor(scene.visitor)))
        self._sending.add(task)
        task.add_done_callback(self._sending.discard)
        raise web.HTTPSeeOther(at(scene.held.id, done="remind"))

    async def visibility(self, request: web.Request) -> web.Response:
        """A municipality decides who sees its statements; only its own contact does that."""
        scene, sent = await self._desk.scene(request), await _sent(request)
        municipality, chosen = sent.get("municipality", ""), sent.get("visibility", "")
        organisation = scene.instrument.organisation(municipality)
        if organisation is None or organisation.shared or chosen not in set(Visibility):
            raise web.HTTPBadRequest
        if not scene.visitor.may(Permission.DECIDE_VISIBILITY, municipality):
            raise web.HTTPForbidden
        decision = VisibilityDecision(
            scene.held.id, municipality, Visibility(chosen), self._desk.stores.today(), scene.visitor.subject
        )
        try:
            await self._desk.stores.visibilities.decide(decision, by=by_visitor(scene.visitor))
        except RoundClosed as error:
            _log.info("a decision on visibility came too late: %s", error)
            raise web.HTTPConflict from error
        raise web.HTTPSeeOther(at(scene.held.id, "municipalities", municipality, done="visibility"))

    def _taking(self, step: Step) -> Callable[[web.Request], Awaitable[web.StreamResponse]]:
        async def take(request: web.Request) -> web.StreamResponse:
            scene, sent = await self._desk.scene(request), await _sent(request)
            reading = Reading(sent, scene.voice)
            act = self._step(step, scene, reading)
            reading.confirmed()
            problems: Problems = reading.problems
            if not problems:
                try:
                    await act()
                except RoundClosed as error:
                    problems = {"": _refused(error, scene.voice)}
            if problems:
                return await self._page(request, scene, acting=Acting(step.value, sent, problems))
            if step is Step.CLOSE and self._desk.stores.publishing is not None:
                self._desk.stores.publishing.poke()
            raise web.HTTPSeeOther(at(scene.held.id, done=step.value))

        return take

    def _step(self, step: Step, scene: Scene, reading: Reading) -> Callable[[], Awaitable[None]]:
        """What the step does, with the values of its form; nothing of it is done before it is called."""
        rounds, by, round_id = self._desk.stores.rounds, by_visitor(scene.visitor), scene.held.id
        if step is Step.OPEN:
            return lambda: rounds.open(round_id, by=by)
        if step is Step.CLOSE:
            return lambda: rounds.close(round_id, by=by)
        if step is Step.REOPEN:
            reason, closes = reading.text("reason"), reading.day("closes") or date.max
            return lambda: rounds.reopen(round_id, closes=closes, reason=reason, by=by)
        number, retention = reading.text("diary_number"), reading.text("retention")
        keep = reading.number("keep_answers")
        return lambda: rounds.archive(round_id, diary_number=number, retention=retention, keep_answers=keep, by=by)

    async def _page(self, request: web.Request, scene: Scene, *, acting: Acting | None = None) -> web.Response:
        stores = self._desk.stores
        participation = await self._desk.participation(scene)
        due: Mapping[Why, int] | None = None
        reminding = stores.reminding()
        if reminding is not None and scene.held.status is RoundStatus.OPEN:
            due = Counter(line.why for line in await reminding.plan(scene.held))
        progress = stores.publishing.progress(scene.held.id) if stores.publishing is not None else ""
        log: Sequence[AuditEntry] = ()
        if scene.visitor.may(Permission.MANAGE_ROUNDS):
            log = await stores.audit.entries(subject=scene.held.label, limit=LOG_READ)
        page = await asyncio.to_thread(
            round_of,
            scene,
            participation,
            done=request.query.get("done", ""),
            acting=acting,
            due=due,
            progress=progress,
            log=log,
        )
        status = UNPROCESSABLE if acting is not None else 200
        return await self._desk.pages.show(request, "rounds/one.html", status=status, page=page)

    async def _creating(self, request: web.Request, sent: Sent, problems: Problems) -> web.Response:
        instruments = self._desk.stores.instruments
        chosen = (
            instruments.get(sent.get("instrument", "")) or instruments.get(MAIN) or next(iter(instruments.values()))
        )
        form = create_form(tuple(instruments.values()), chosen, self._desk.voice(request), sent, problems)
        status = UNPROCESSABLE if problems else 200
        return await self._desk.pages.show(request, "rounds/new.html", status=status, asked=form)

    async def _changing(
        self, request: web.Request, scene: Scene, sent: Sent | None, problems: Problems
    ) -> web.Response:
        form = change_form(scene.held, scene.voice, sent, problems)
        status = UNPROCESSABLE if problems else 200
        head = head_of(scene, "")
        return await self._desk.pages.show(request, "rounds/change.html", status=status, asked=form, head=head)


async def _sent(request: web.Request) -> dict[str, str]:
    """The fields of the form; files are none of them."""
    return {name: value for name, value in (await request.post()).items() if isinstance(value, str)}


async def _sending(reminding: Reminding, held: Round, by: By) -> None:
    try:
        await reminding.one_round(held, by)
    except StoreFailed:
        _log.exception("reminders of round %s were not all sent; those who are due are reminded later", held.label)


def _refused(error: RoundClosed, voice: Voice) -> str:
    """Why a step was not taken."""
    if isinstance(error, StepRefused):
        return voice.say(f"cli.maturity.refused.{error.reason}", **error.values)
    return voice.say("pages.form.gone")
