"""Connections that hold on to the service by sending slowly: closed within ten seconds, whatever they ask for.

aiohttp closes what is silent between two requests. It waits without end for a body that comes byte by byte, and as long
as an idle connection may stay open for a request whose beginning never gets complete.
"""

from __future__ import annotations

import asyncio
import logging
from collections.abc import Awaitable, Callable
from dataclasses import dataclass
from typing import Any, Final, cast
from weakref import WeakKeyDictionary

from aiohttp import web

from bot.web.refused_requests import plain

_log = logging.getLogger(__name__)


@dataclass(frozen=True, slots=True)
class Patience:
    """In seconds: how long the head of a request may take, and how often one looks at a body, of which at least `pace`
    bytes must have come since the look before the last. The slowest lines carry many times that."""

    head: float = 8.0
    look: float = 4.0
    pace: int = 8 * 1024


PATIENCE: Final = Patience()
LINGER: Final = 2.0
"""Seconds for which what is left of a body is read when its answer has been given already."""


class SlowClients:
    """Watches the connections of one server. Add the `middleware` before all others."""

    def __init__(self, patience: Patience = PATIENCE) -> None:
        self._patience = patience
        self._guards: WeakKeyDictionary[asyncio.BaseTransport, _Guarded] = WeakKeyDictionary()

    def protocol(self, inner: Any) -> asyncio.Protocol:
        """A connection's protocol, watched."""
        return _Guarded(inner, self._patience, self._guards)

    @property
    def middleware(self) -> Any:
        """Tells when the head of a request is complete, and when it has been answered."""
        guards = self._guards

        @web.middleware
        async def guarded(
            request: web.Request, handler: Callable[[web.Request], Awaitable[web.StreamResponse]]
        ) -> web.StreamResponse:
            guard = guards.get(request.transport) if request.transport is not None else None
            if guard is None:
                return await handler(request)
            guard.begun(request)
            try:
                return await handler(request)
            finally:
                guard.answered()

        return guarded


class GuardedRunner(web.AppRunner):
    """An AppRunner whose sites close connections that are too slow, and tell nobody what they run on."""

    def __init__(self, app: web.Application, *, patience: Patience = PATIENCE, **options: Any) -> None:
        super().__init__(app, lingering_time=LINGER, **options)
        self._slow = SlowClients(patience)
        app.middlewares.insert(0, self._slow.middleware)

    @property
    def server(self) -> web.Server | None:
        """What sites make protocols with, and nothing else."""
        server = super().server
        if server is None:
            return None
        return cast(web.Server, lambda: self._slow.protocol(plain(server())))


class _Guarded(asyncio.Protocol):
    """Hands everything on to aiohttp's protocol, and looks at the clock."""

    def __init__(
        self, inner: Any, patience: Patience, guards: WeakKeyDictionary[asyncio.BaseTransport, _Guarded]
    ) -> None:
        self._inner = inner
        self._patience = patience
        self._guards = guards
        self._transport: asyncio.Transport | None = None
        self._timer: asyncio.TimerHandle | None = None
        self._request: web.Request | None = None
        self._came = 0
        self._slow = 0

    def connection_made(self, transport: asyncio.BaseTransport) -> None:
        """See asyncio."""
        self._transport = cast(asyncio.Transport, transport)
        self._guards[transport] = self
        self._inner.connection_made(transport)

    def data_received(self, data: bytes) -> None:
        """See asyncio."""
        self._came += len(data)
        if self._request is None and self._timer is None:
            self._timer = asyncio.get_running_loop().call_later(self._patience.head, self._give_up)
        self._inner.data_received(data)

    def eof_received(self) -> bool | None:
        """See asyncio."""
        return cast(bool | None, self._inner.eof_received())

    def connection_lost(self, error: BaseException | None) -> None:
        """See asyncio."""
        self._stop()
        self._request = None
        self._inner.connection_lost(error)

    def pause_writing(self) -> None:
        """See asyncio."""
        self._inner.pause_writing()

    def resume_writing(self) -> None:
        """See asyncio."""
        self._inner.resume_writing()

    def begun(self, request: web.Request) -> None:
        """The head of a request is complete."""
        self._stop()
        if not request.content.is_eof():
            self._request, self._came, self._slow = request, 0, 0
            self._look_later()
        else:
            self._request = request

    def answered(self) -> None:
        """The request has been answered; the next one may begin."""
        self._stop()
        self._request = None

    def _look_later(self) -> None:
        self._timer = asyncio.get_running_loop().call_later(self._patience.look, self._look)

    def _look(self) -> None:
        self._timer = None
        if self._request is None or self._transport is None or self._request.content.is_eof():
            return
        # Where nobody reads, the client cannot send: a full disk or a busy handler is not its fault.
        slow = self._transport.is_reading() and self._came < self._patience.pace // 2
        self._slow, self._came = self._slow + 1 if slow else 0, 0
        if self._slow >= 2:
            self._give_up()
        else:
            self._look_later()

    def _give_up(self) -> None:
        self._timer = None
        if self._transport is not None:
            _log.info("a connection was closed that sent too slowly")
            self._transport.abort()

    def _stop(self) -> None:
        if self._timer is not None:
            self._timer.cancel()
            self._timer = None
