"""The Bot Framework's signing keys: fetched once a day, again when an unknown key appears, kept when that fails."""

from __future__ import annotations

import asyncio
import json
import logging
import time
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from typing import Any

import aiohttp
import jwt

from bot.teams.bodies import read_limited
from bot.teams.errors import BodyTooLarge, KeysUnavailable

DAY = 24 * 3600.0
REFRESH_PAUSE = 60.0
FIRST_PAUSE = 5.0
DOCUMENT_LIMIT = 1024 * 1024

_log = logging.getLogger(__name__)


@dataclass(frozen=True, slots=True)
class SigningKey:
    """A public key, and the channels whose messages it may vouch for."""

    key: Any
    endorsements: frozenset[str]


class SigningKeys:
    """Keys by id. All callers share one fetch at a time, and a known key never waits for it.

    `clock` is monotonic, in seconds.
    """

    def __init__(
        self,
        session: aiohttp.ClientSession,
        metadata_url: str,
        *,
        timeout: float,
        clock: Callable[[], float] = time.monotonic,
    ) -> None:
        self._session = session
        self._metadata_url = metadata_url
        self._timeout = aiohttp.ClientTimeout(total=timeout)
        self._clock = clock
        self._keys: Mapping[str, SigningKey] = {}
        self._fetched = -DAY
        self._attempted: float | None = None
        self._fetching: asyncio.Task[None] | None = None

    async def find(self, kid: str) -> SigningKey | None:
        """The key of that id, or None where the service does not know it. Raises KeysUnavailable."""
        known = self._keys.get(kid)
        if known is not None:
            if self._clock() - self._fetched > DAY:
                self._start()
            return known
        fetching = self._start()
        if fetching is not None:
            # Shielded: a caller that goes away must not take the fetch from the others.
            await asyncio.shield(fetching)
        if not self._keys:
            raise KeysUnavailable("the OpenID metadata has not been read yet")
        return self._keys.get(kid)

    async def warm(self) -> None:
        """Fetch before the first caller needs it; a failure is logged and made good by later calls."""
        fetching = self._start()
        if fetching is not None:
            await asyncio.shield(fetching)

    async def close(self) -> None:
        """Stop a fetch that is under way."""
        if self._fetching is not None:
            self._fetching.cancel()
            await asyncio.gather(self._fetching, return_exceptions=True)

    def _start(self) -> asyncio.Task[None] | None:
        """The fetch under way, a new one, or None while the last attempt is too recent."""
        if self._fetching is not None and not self._fetching.done():
            return self._fetching
        pause = REFRESH_PAUSE if self._keys else FIRST_PAUSE
        if self._attempted is not None and self._clock() - self._attempted < pause:
            return None
        self._attempted = self._clock()
        self._fetching = asyncio.create_task(self._fetch(), name="teams signing keys")
        return self._fetching

    async def _fetch(self) -> None:
        try:
            metadata = await self._get(self._metadata_url)
            document = await self._get(str(metadata["jwks_uri"]))
            keys = _parse(document["keys"])
        except (
            aiohttp.ClientError,
            BodyTooLarge,
            TimeoutError,
            ValueError,
            KeyError,
            TypeError,
            RecursionError,
        ) as error:
            _log.warning("the signing keys could not be fetched (%s); %d old ones stay", error, len(self._keys))
            return
        if not keys:
            _log.warning("the key document holds no usable key; %d old ones stay", len(self._keys))
            return
        self._keys = keys
        self._fetched = self._clock()

    async def _get(self, url: str) -> Any:
        async with self._session.get(url, timeout=self._timeout, allow_redirects=False) as response:
            if response.status != 200:
                raise ValueError(f"HTTP {response.status}")
            return json.loads(await read_limited(response.content, DOCUMENT_LIMIT))


def _parse(documents: object) -> dict[str, SigningKey]:
    if not isinstance(documents, list):
        raise TypeError("keys is not a list")
    keys: dict[str, SigningKey] = {}
    for document in documents:
        if not isinstance(document, dict) or document.get("kty") != "RSA" or document.get("use", "sig") != "sig":
            continue
        kid, endorsements = document.get("kid"), document.get("endorsements", [])
        try:
            key = jwt.PyJWK(document, algorithm="RS256").key
        except (jwt.PyJWTError, ValueError):
            # One odd key must not take the others down; its tokens will be unknown.
            continue
        if isinstance(kid, str) and kid and isinstance(endorsements, list):
            keys[kid] = SigningKey(key, frozenset(each for each in endorsements if isinstance(each, str)))
    return keys
