"""From an activity to one turn: each is taken once, by one replica, and not while the bot is paused or somebody floods
it."""

from __future__ import annotations

import asyncio
import logging
import math
import secrets
import uuid
from collections.abc import Awaitable, Callable, Hashable
from dataclasses import dataclass
from typing import Any, Final

from botbuilder.core import InvokeResponse, TurnContext

from bot.access.claims import Standing
from bot.access.pauses import Switch
from bot.conversation.question_pace import QuestionPace
from bot.conversation.texts import Texts
from bot.conversation.turn import Action, Joined, Turn
from bot.teams.config import TeamsConfig
from bot.teams.receiving.claims import Claims, key_of
from bot.teams.receiving.curt import CurtHandler
from bot.teams.receiving.incoming import Incoming
from bot.teams.receiving.recent import RecentTurns
from bot.teams.service import TurnService, message_answer
from bot.teams.speech import Speech
from bot.telemetry.metrics import LIMITED
from bot.telemetry.ports import NO_TELEMETRY, Telemetry

REMEMBERED: Final = 600.0
"""Seconds for which an activity that comes again is known for one that was answered."""
JOINED_REMEMBERED: Final = 10.0

_log = logging.getLogger(__name__)

Logic = Callable[[TurnContext], Awaitable[None]]
"""What a turn's context is given to; botbuilder's `on_turn`."""
Run = Callable[[Logic | None], Awaitable[InvokeResponse | None]]
"""Runs the turn, with that logic instead of the usual one where there is any."""


@dataclass(frozen=True, slots=True)
class Result:
    """What an activity is answered over HTTP."""

    status: int
    body: Any = None


class TurnTaking:
    """Belongs to one event loop. Without `claims` activities are told apart only within this process, and until it
    ends."""

    def __init__(
        self,
        config: TeamsConfig,
        service: TurnService,
        texts: Texts,
        *,
        default_language: str,
        claims: Claims | None = None,
        switch: Switch,
        telemetry: Telemetry = NO_TELEMETRY,
    ) -> None:
        self._config = config
        self._service = service
        self._texts = texts
        self._speech = Speech(texts, default_language)
        self._claims = claims
        self._switch = switch
        self._telemetry = telemetry
        self._recent: RecentTurns[Result] = RecentTurns()
        self._pace = QuestionPace(config.turns_per_minute)
        self._told = QuestionPace(1)

    def start(self) -> None:
        """Begin to share what is taken."""
        if self._claims is not None:
            self._claims.start()

    async def close(self) -> None:
        """Let turns under way finish, stop the others, and say so to the other replicas."""
        stopped = await self._recent.drain(self._config.drain_timeout)
        if stopped:
            _log.warning("%d turns were stopped unfinished", stopped)
        if self._claims is not None:
            await self._claims.close()

    async def take(self, incoming: Incoming, turn: Turn, run: Run) -> Result:
        """Run an activity's turn unless that is done already; what Teams is answered, which does not wait for long."""
        # An installation is told twice, as an installationUpdate and as a member added; it is one turn.
        joined = isinstance(turn.event, Joined)
        name = "joined" if joined else incoming.id or uuid.uuid4().hex
        key = turn.sender.tenant, turn.conversation, name, joined
        lifetime = JOINED_REMEMBERED if joined else REMEMBERED
        # Without an id nobody can tell that it comes again.
        shared = key_of(turn.sender.tenant, turn.conversation, name, str(joined)) if joined or incoming.id else ""
        invoke = incoming.type == "invoke"

        async def once() -> Result:
            line = self._line(turn)
            if line is not None:
                return await _run(run, line.on_turn)
            if self._claims is None or not shared:
                return await _run(run)
            standing = await self._claims.take(shared)
            if standing is Standing.MINE:
                return await self._claimed(self._claims, shared, lifetime, run)
            # It may come again after whoever has it now has died.
            self._recent.forget(key)
            return self._elsewhere(turn, standing, invoke=invoke)

        if invoke and isinstance(turn.event, Action) and self._is_too_much(key):
            # Whoever is told at once to try again waits less than at the end of a queue that grows; and told without
            # all that a turn takes, so that those who are answered need not wait for that either.
            self._telemetry.count(LIMITED, "busy")
            return Result(200, message_answer(self._texts.say("pausing.busy", self._speech.language(turn))))
        task = self._recent.once(key, lifetime, once)
        await asyncio.wait({task}, timeout=self._config.invoke_patience if invoke else self._config.patience)
        if task.done() and not task.cancelled():
            return task.result()
        return Result(200, self._service.working(turn)) if invoke else Result(202)

    def _is_too_much(self, key: Hashable) -> bool:
        return self._recent.under_way >= self._config.most_under_way and not self._recent.knows(key)

    async def _claimed(self, claims: Claims, shared: str, lifetime: float, run: Run) -> Result:
        status = None
        try:
            result = await _run(run)
            status = result.status
        finally:
            claims.end(shared, status, lifetime)
        return result

    def _elsewhere(self, turn: Turn, standing: Standing, *, invoke: bool) -> Result:
        """What another replica, or this one before it was restarted, has said or is about to say."""
        _log.info("an activity came again that another process has taken (%s)", standing.name.lower())
        if standing is Standing.UNDER_WAY:
            return Result(200, self._service.working(turn)) if invoke else Result(202)
        return Result(200, self._service.received(turn) if invoke else None)

    def _line(self, turn: Turn) -> CurtHandler | None:
        """What is said instead of an answer, where nothing is answered now."""
        language = self._speech.language(turn)
        pause = self._switch.of(turn.sender.tenant)
        if pause is not None:
            said = self._texts.say("pausing.said", language)
            return CurtHandler(self._texts, f"{said} {pause.note}".strip(), language)
        if self._recent.under_way > self._config.most_under_way:
            self._telemetry.count(LIMITED, "busy")
            return CurtHandler(self._texts, self._texts.say("pausing.busy", language), language)
        person = f"{turn.sender.tenant}/{turn.sender.user}"
        wait = self._pace.seconds_to_wait(person)
        if not wait:
            return None
        self._telemetry.count(LIMITED, "turns")
        said = self._texts.say("pausing.too_much", language, seconds=math.ceil(wait))
        # Once a minute is polite; an answer to every message would make a flood of two.
        quiet = self._told.seconds_to_wait(person) > 0.0
        return CurtHandler(self._texts, said, language, quiet=quiet)


async def _run(run: Run, logic: Logic | None = None) -> Result:
    try:
        response = await run(logic)
    except Exception:  # noqa: BLE001 - the request's outer edge; only a defect of this package ends here
        reference = secrets.token_hex(2).upper()
        said = "reference %s: an activity could not be processed", reference
        _log.exception(*said, extra={"reference": reference})
        return Result(500, {"error": "internal error", "reference": reference})
    return Result(int(response.status), response.body) if response else Result(200)
