"""The bot's own token for the connector: one client, one token, fetched off the event loop and shared by all turns."""

from __future__ import annotations

import asyncio
import logging
import time
from collections.abc import Callable, Mapping
from typing import Any, Protocol

from bot.teams.config import TeamsConfig
from bot.teams.errors import CredentialsFailed
from bot.teams.sending.logins import Fetch, msal_fetch

EARLY = 300.0
RETRY_PAUSE = 10.0

_log = logging.getLogger(__name__)


class TokenSource(Protocol):
    """Where the connector gets its bearer token."""

    async def token(self) -> str | None:
        """None where the connector asks for none (development). Raises CredentialsFailed."""


class NoToken:
    """Development: emulators ask for no token."""

    async def token(self) -> str | None:
        """Always None."""
        return None


class CachedTokens:
    """Keeps one token and renews it five minutes early; an old one serves while it is valid and renewal fails.

    `fetch` blocks, and returns what MSAL returns: `access_token` and `expires_in` seconds, or `error`. `clock` is
    monotonic, in seconds.
    """

    def __init__(self, fetch: Fetch, *, timeout: float, clock: Callable[[], float] = time.monotonic) -> None:
        self._fetch = fetch
        self._timeout = timeout
        self._clock = clock
        self._token: str | None = None
        self._expires = 0.0
        self._failed: float | None = None
        self._renewal: asyncio.Task[None] | None = None

    async def token(self) -> str | None:
        """The valid token. Raises CredentialsFailed where there is none to be had."""
        now = self._clock()
        if self._token is None or now >= self._expires:
            await asyncio.shield(self._renew())
            if self._token is None or self._clock() >= self._expires:
                raise CredentialsFailed("no token for the connector could be fetched")
        elif now >= self._expires - EARLY and (self._failed is None or now - self._failed > RETRY_PAUSE):
            # Still valid: nobody has to wait for the next one.
            self._renew()
        return self._token

    async def warm(self) -> None:
        """Fetch before the first turn needs it; a failure is logged and made good by later calls."""
        await asyncio.shield(self._renew())

    async def close(self) -> None:
        """Stop waiting for a renewal that is under way."""
        if self._renewal is not None:
            self._renewal.cancel()
            await asyncio.gather(self._renewal, return_exceptions=True)

    def _renew(self) -> asyncio.Task[None]:
        if self._renewal is None or self._renewal.done():
            self._renewal = asyncio.create_task(self._fetch_once(), name="teams connector token")
        return self._renewal

    async def _fetch_once(self) -> None:
        asked = self._clock()
        answer: Mapping[str, Any] = {}
        try:
            async with asyncio.timeout(self._timeout):
                answer = await asyncio.to_thread(self._fetch)
            token, seconds = answer["access_token"], float(answer["expires_in"])
        except Exception as error:  # noqa: BLE001 - MSAL raises whatever its HTTP client and parsers do
            # Its own refusals come as a mapping without a token; `error` is a short code, while the description may
            # name the app and is not logged.
            self._failed = self._clock()
            _log.warning("no token for the connector (%s)", answer.get("error") or type(error).__name__)
            return
        self._token, self._expires, self._failed = token, asked + seconds, None


def token_source(config: TeamsConfig) -> CachedTokens | NoToken:
    """What this configuration needs."""
    if not config.authenticated:
        return NoToken()
    return CachedTokens(msal_fetch(config), timeout=config.login_timeout + 2.0)
