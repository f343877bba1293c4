"""Sessions and cookies: who a request is from, opening a session at sign-in, ending it at sign-out.

The cookie holds a random secret and nothing else. Over HTTPS its name begins with `__Host-`, by which browsers make
sure that it was set by this very host, over HTTPS, for no other; on a loopback address there is no HTTPS, so it has a
plain name there.
"""

from __future__ import annotations

import logging
from collections.abc import Callable
from dataclasses import dataclass
from datetime import UTC, datetime
from typing import Final

from aiohttp import web

from bot.access.errors import AccessStoreFailed
from bot.access.sessions import Lifetimes, WebSession, WebSessions, form_token, id_of, new_secret
from bot.access.visitor import ANYBODY, Visitor

VISITOR: Final = web.RequestKey("visitor", Visitor)
SECRET: Final = web.RequestKey("session_secret", str)

_log = logging.getLogger(__name__)


def visitor_of(request: web.Request) -> Visitor:
    """Who a request is from; ANYBODY where nobody is signed in."""
    known: Visitor = request.get(VISITOR, ANYBODY)
    return known


def form_token_of(request: web.Request) -> str:
    """What a form of this session carries in its field `form_token`; empty where there is no session."""
    return form_token(request[SECRET]) if SECRET in request else ""


@dataclass(frozen=True, slots=True)
class CookieKind:
    """How cookies are set: over HTTPS (`secure`), or in the clear on a loopback address."""

    secure: bool

    def name(self, of: str) -> str:
        """A cookie's name."""
        return f"__Host-fyren-{of}" if self.secure else f"fyren-{of}"

    def put(self, response: web.StreamResponse, of: str, value: str, seconds: int | None = None) -> None:
        """Set a cookie that no script reads; without `seconds` until the browser is closed."""
        response.set_cookie(
            self.name(of), value, max_age=seconds, path="/", secure=self.secure, httponly=True, samesite="Lax"
        )

    def drop(self, response: web.StreamResponse, of: str) -> None:
        """Take a cookie away."""
        response.del_cookie(self.name(of), path="/", secure=self.secure, httponly=True, samesite="Lax")


class Cookies:
    """Recognises visitors by their session; `clock` tells the time, in UTC."""

    KIND = "session"

    def __init__(
        self,
        sessions: WebSessions,
        lifetimes: Lifetimes,
        kind: CookieKind,
        *,
        clock: Callable[[], datetime] = lambda: datetime.now(UTC),
    ) -> None:
        self.kind = kind
        self._sessions = sessions
        self._lifetimes = lifetimes
        self._clock = clock

    async def recognise(self, request: web.Request, *, required: bool) -> None:
        """Note on the request who it is from.

        Raises AccessStoreFailed where that cannot be told and is `required`; else the visitor counts as anybody.
        """
        secret = request.cookies.get(self.kind.name(self.KIND))
        if not secret:
            return
        try:
            session = await self._find(secret)
        except AccessStoreFailed as error:
            if required:
                raise
            _log.error("somebody's session was not looked up: %s", error)
            return
        if session is None:
            return
        request[VISITOR] = session.visitor
        request[SECRET] = secret

    async def open(self, request: web.Request, response: web.StreamResponse, visitor: Visitor) -> None:
        """Begin a session under a new secret, and end the one that the browser may have had.

        Raises AccessStoreFailed.
        """
        now, secret = self._clock(), new_secret()
        earlier = request.cookies.get(self.kind.name(self.KIND))
        await self._sessions.add(WebSession(id_of(secret), visitor, now, now))
        if earlier:
            await self._sessions.remove(id_of(earlier))
        self.kind.put(response, self.KIND, secret)

    async def close(self, request: web.Request, response: web.StreamResponse) -> None:
        """End the request's session, here first and then in the browser. Raises AccessStoreFailed."""
        secret = request.cookies.get(self.kind.name(self.KIND))
        if secret:
            await self._sessions.remove(id_of(secret))
        self.kind.drop(response, self.KIND)

    async def forget_ended(self) -> int:
        """Delete the sessions that are over; how many they were. Raises AccessStoreFailed."""
        now = self._clock()
        return await self._sessions.forget(
            seen_before=now - self._lifetimes.idle, started_before=now - self._lifetimes.life
        )

    async def _find(self, secret: str) -> WebSession | None:
        session = await self._sessions.find(id_of(secret))
        now = self._clock()
        if session is None:
            return None
        if self._lifetimes.over(session, now):
            await self._sessions.remove(session.id)
            return None
        if now - session.seen >= self._lifetimes.grain:
            await self._sessions.touch(session.id, now)
        return session
