"""How things stand that have to be looked up: asked now and then, so that whoever reads metrics never waits for it."""

from __future__ import annotations

import asyncio
import logging
from collections.abc import Awaitable, Callable
from dataclasses import dataclass
from typing import Final

from bot.access.errors import AccessStoreFailed
from bot.maturity.errors import StoreFailed
from bot.serving import State
from bot.telemetry.metrics import (
    BUDGET_LIMIT,
    BUDGET_USED,
    DOCUMENTS,
    GENERATION,
    PASSAGES,
    READY,
    WEB_SESSIONS,
)
from bot.telemetry.ports import Telemetry

PAUSE: Final = 20.0
"""Seconds between two looks."""

_log = logging.getLogger(__name__)


@dataclass(frozen=True, slots=True)
class Looks:
    """What is looked at: the served publication, whether the databases answer, how many are signed in, and how many
    tokens of this month's budget are used (None: there is no language model)."""

    served: Callable[[], State]
    database: Callable[[], Awaitable[bool]]
    sessions: Callable[[], Awaitable[int]]
    tokens: Callable[[], Awaitable[int]] | None = None
    limit: int = 0


class Standing:
    """Tells what it saw last; nothing before it has looked."""

    def __init__(self, telemetry: Telemetry, looks: Looks) -> None:
        self._looks = looks
        self._ready: float | None = None
        self._sessions: float | None = None
        self._tokens: float | None = None
        telemetry.watch(READY, lambda: self._ready)
        telemetry.watch(WEB_SESSIONS, lambda: self._sessions)
        telemetry.watch(DOCUMENTS, lambda: looks.served().documents)
        telemetry.watch(PASSAGES, lambda: looks.served().passages)
        telemetry.watch(GENERATION, lambda: {_named(looks.served()): 1.0})
        telemetry.watch(BUDGET_USED, lambda: self._tokens)
        if looks.tokens is not None:
            telemetry.watch(BUDGET_LIMIT, lambda: looks.limit)

    async def run(self, pause: float = PAUSE) -> None:
        """Look again and again, until cancelled."""
        while True:
            await self.look()
            await asyncio.sleep(pause)

    async def look(self) -> None:
        """Look once. Raises nothing."""
        self._ready = float(await self._looks.database() and self._looks.served().ready)
        self._sessions = await self._asked(self._looks.sessions)
        self._tokens = await self._asked(self._looks.tokens)

    @staticmethod
    async def _asked(ask: Callable[[], Awaitable[int]] | None) -> float | None:
        if ask is None:
            return None
        try:
            return await ask()
        except (AccessStoreFailed, StoreFailed) as error:
            _log.warning("a metric is not known for now: %s", error)
            return None


def _named(state: State) -> tuple[str, str]:
    return state.generation or "none", state.mode
