"""The switch by which the bot is told to answer nobody for a while, or nobody of one tenant."""

from __future__ import annotations

import asyncio
import logging
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Final, Protocol

from bot.access.audit import AuditEvent
from bot.access.errors import AccessStoreFailed

EVERYBODY: Final = ""
"""The tenant of a pause that is everybody's."""
LOOK: Final = 1.5
"""Seconds between two looks at who is paused: whoever presses the switch waits less than five for its effect."""

_log = logging.getLogger(__name__)


@dataclass(frozen=True, slots=True)
class Pause:
    """Nobody of the tenant is answered since `at`. `note` is told to people, who ask why; `by` is not."""

    tenant: str
    at: datetime
    by: str
    note: str = ""


class Pauses(Protocol):
    """Where it is kept, for all replicas; every method raises AccessStoreFailed."""

    async def all(self) -> Sequence[Pause]:
        """Every pause, that of everybody first."""

    async def begin(self, pause: Pause, event: AuditEvent) -> None:
        """Pause, or change the note of the pause that there is; recorded in the audit log in the same step."""

    async def end(self, tenant: str, event: AuditEvent) -> bool:
        """Answer again; False, with nothing recorded, where there was no such pause."""


class Switch(Protocol):
    """For whom the bot is paused, known without asking anybody."""

    def of(self, tenant: str) -> Pause | None:
        """The pause that somebody of this tenant is told of, if any."""


class NeverPaused:
    """A switch that nobody has."""

    def of(self, tenant: str) -> Pause | None:
        """Always None."""
        return None


class PauseWatch:
    """Implements `Switch`: what one process knows of it. A store that does not answer changes nothing."""

    def __init__(self, pauses: Pauses) -> None:
        self._pauses = pauses
        self._known: Mapping[str, Pause] = {}

    def of(self, tenant: str) -> Pause | None:
        """See Switch."""
        return self._known.get(EVERYBODY) or self._known.get(tenant.lower())

    @property
    def state(self) -> str:
        """`off`, `some` where some tenants are paused, or `all`: for health, which names none of them."""
        if not self._known:
            return "off"
        return "all" if EVERYBODY in self._known else "some"

    async def look(self) -> None:
        """Learn how it is now. Raises AccessStoreFailed."""
        known = {pause.tenant.lower(): pause for pause in await self._pauses.all()}
        if known.keys() != self._known.keys():
            _log.warning("the bot is paused for %s", ", ".join(name or "everybody" for name in known) or "nobody")
        self._known = known

    async def watch(self, pause: float = LOOK) -> None:
        """Look again and again until cancelled; nothing that fails ends it."""
        while True:
            try:
                await self.look()
            except AccessStoreFailed as error:
                _log.warning("whether the bot is paused could not be read; it stays as it was: %s", error)
            except Exception:  # noqa: BLE001 - the switch must work for as long as the service does
                _log.exception("whether the bot is paused could not be read; it stays as it was")
            await asyncio.sleep(pause)
