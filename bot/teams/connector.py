"""HTTP out: activities to the Bot Framework connector, over one pool of connections and with one retry policy.

Bodies are our own dicts, so entities (AI label, citations) arrive as they were made. The SDK's client would strip
them, open new connections for every turn, and lose a reply for one 429.
"""

from __future__ import annotations

import asyncio
import json
import random
from collections.abc import Callable, Mapping
from typing import Any
from urllib.parse import quote

import aiohttp
from yarl import URL

from bot.teams.bodies import read_limited
from bot.teams.config import TeamsConfig
from bot.teams.credentials import TokenSource
from bot.teams.errors import BodyTooLarge, SendFailed, Unreachable
from bot.teams.pauses import ATTEMPTS, Pauses, retry_after
from bot.teams.service_urls import ServiceUrls

RETRIED = frozenset({412, 429, 502, 504})
ANSWER_LIMIT = 64 * 1024


class Connector:
    """Sends, updates and deletes activities. One for the whole process; safe to share between tasks."""

    def __init__(
        self,
        session: aiohttp.ClientSession,
        tokens: TokenSource,
        urls: ServiceUrls,
        config: TeamsConfig,
        *,
        jitter: Callable[[], float] = random.random,
    ) -> None:
        self._session = session
        self._tokens = tokens
        self._urls = urls
        self._timeout = aiohttp.ClientTimeout(total=config.send_timeout, connect=config.connect_timeout)
        self._pauses = Pauses.of(config, jitter)

    async def send(
        self,
        service_url: str,
        conversation: str,
        payload: Mapping[str, Any],
        *,
        reply_to: str | None = None,
        attempts: int = ATTEMPTS,
    ) -> str:
        """Post an activity; its id, empty where the connector gives none.

        Raises SendFailed, Unreachable, CredentialsFailed, or CallerRefused for an address that is not allowed.
        """
        path = f"/activities/{_step(reply_to)}" if reply_to else "/activities"
        answer = await self._call("POST", service_url, conversation, path, payload, attempts)
        found = answer.get("id")
        return found if isinstance(found, str) else ""

    async def update(self, service_url: str, conversation: str, activity: str, payload: Mapping[str, Any]) -> None:
        """Replace one of the bot's own activities. Raises what `send` raises."""
        await self._call("PUT", service_url, conversation, f"/activities/{_step(activity)}", payload, ATTEMPTS)

    async def delete(self, service_url: str, conversation: str, activity: str) -> None:
        """Delete one of the bot's own activities. Raises what `send` raises."""
        await self._call("DELETE", service_url, conversation, f"/activities/{_step(activity)}", None, ATTEMPTS)

    async def _call(
        self,
        method: str,
        service_url: str,
        conversation: str,
        path: str,
        payload: Mapping[str, Any] | None,
        attempts: int,
    ) -> Mapping[str, Any]:
        base = self._urls.require(service_url)
        url = URL(f"{base}/v3/conversations/{_step(conversation)}{path}", encoded=True)
        body = None if payload is None else encode(payload)
        attempt = 1
        while True:
            status, answer, wanted_pause = await self._once(method, url, body)
            if status is not None and status < 300:
                return _json(answer)
            if attempt >= attempts or (status is not None and status not in RETRIED):
                break
            await asyncio.sleep(self._pauses.after(attempt, wanted_pause))
            attempt += 1
        failure = f"the connector answered {method} with {status or answer.decode()}"
        raise (Unreachable if status in (403, 404) else SendFailed)(failure, status)

    async def _once(self, method: str, url: URL, body: bytes | None) -> tuple[int | None, bytes, float | None]:
        """Status, body, and the pause that the service asks for; without a status what broke the connection.

        Raises SendFailed on a timeout while waiting for the answer: the activity may have arrived, and nothing is
        worse than the same answer twice.
        """
        headers = {"Content-Type": "application/json; charset=utf-8"}
        token = await self._tokens.token()
        if token:
            headers["Authorization"] = f"Bearer {token}"
        try:
            async with self._session.request(
                method, url, data=body, headers=headers, timeout=self._timeout, allow_redirects=False
            ) as response:
                pause = retry_after(response.headers.get("Retry-After"))
                try:
                    text = await read_limited(response.content, ANSWER_LIMIT)
                except (aiohttp.ClientPayloadError, BodyTooLarge):
                    # The status says what became of the activity; only its id is lost.
                    return response.status, b"", pause
                return response.status, text, pause
        except aiohttp.ConnectionTimeoutError as error:
            return None, type(error).__name__.encode(), None
        except TimeoutError as error:
            raise SendFailed("the connector did not answer in time") from error
        except aiohttp.ClientError as error:
            return None, type(error).__name__.encode(), None


def encode(payload: Mapping[str, Any]) -> bytes:
    """The wire form: compact UTF-8. Half surrogate pairs, which UTF-8 cannot carry, become question marks."""
    return json.dumps(payload, ensure_ascii=False, separators=(",", ":")).encode("utf-8", "replace")


def _step(identifier: str) -> str:
    """One step of a path: an id can hold slashes and colons, and must stay one step."""
    return quote(identifier, safe="")


def _json(text: bytes) -> Mapping[str, Any]:
    try:
        document = json.loads(text) if text else {}
    except (ValueError, RecursionError):
        return {}
    return document if isinstance(document, dict) else {}
