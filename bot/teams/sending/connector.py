"""HTTP out: activities to the Bot Framework connector, over one pool of connections and with one retry policy.

Bodies are our own dicts, so entities (AI label, citations) arrive as they were made. The SDK's client would strip
them, open new connections for every turn, and lose a reply for one 429.
"""

from __future__ import annotations

import asyncio
import json
import random
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from typing import Any
from urllib.parse import quote

import aiohttp
from yarl import URL

from bot.teams.bodies import read_limited
from bot.teams.config import TeamsConfig
from bot.teams.errors import BodyTooLarge, SendFailed, Unreachable
from bot.teams.receiving.service_urls import ServiceUrls
from bot.teams.sending.credentials import TokenSource
from bot.teams.sending.pauses import ATTEMPTS, Pauses, retry_after
from bot.teams.sending.send_measure import measured_send
from bot.telemetry.metrics import SEND_RETRIES
from bot.telemetry.ports import NO_TELEMETRY, Telemetry

METHODS = {"send": "POST", "begin": "POST", "update": "PUT", "delete": "DELETE"}
RETRIED = frozenset({412, 429, 502, 504})
NOT_TAKEN = frozenset({*range(300, 500), 503})
"""Statuses that say for sure that an activity has not arrived."""
ANSWER_LIMIT = 64 * 1024
DETAIL_LIMIT = 300


@dataclass(frozen=True, slots=True)
class _Answer:
    """Status, body, and the pause in seconds that the service asks for; without a status the body is what broke the
    connection, or (not `connected`) kept it from being made."""

    status: int | None
    body: bytes
    pause: float | None = None
    connected: bool = True

    @property
    def may_have_arrived(self) -> bool:
        return self.connected and self.status not in NOT_TAKEN


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
        telemetry: Telemetry = NO_TELEMETRY,
    ) -> None:
        self._session = session
        self._telemetry = telemetry
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
        answer = await self._call("send", service_url, f"/{_step(conversation)}{path}", payload, attempts)
        return _id(answer)

    async def begin(self, service_url: str, payload: Mapping[str, Any], *, attempts: int = ATTEMPTS) -> str:
        """Begin a conversation, such as a thread in a channel, with its first activity; the conversation's id.

        Raises what `send` raises.
        """
        return _id(await self._call("begin", service_url, "", payload, attempts))

    async def update(self, service_url: str, conversation: str, activity: str, payload: Mapping[str, Any]) -> None:
        """Replace one of the bot's own activities. Raises what `send` raises."""
        path = f"/{_step(conversation)}/activities/{_step(activity)}"
        await self._call("update", service_url, path, payload, ATTEMPTS)

    async def delete(self, service_url: str, conversation: str, activity: str) -> None:
        """Delete one of the bot's own activities. Raises what `send` raises."""
        path = f"/{_step(conversation)}/activities/{_step(activity)}"
        await self._call("delete", service_url, path, None, ATTEMPTS)

    async def _call(
        self,
        work: str,
        service_url: str,
        path: str,
        payload: Mapping[str, Any] | None,
        attempts: int,
    ) -> Mapping[str, Any]:
        with measured_send(self._telemetry, work):
            return await self._sent(METHODS[work], service_url, path, payload, attempts)

    async def _sent(
        self,
        method: str,
        service_url: str,
        path: str,
        payload: Mapping[str, Any] | None,
        attempts: int,
    ) -> Mapping[str, Any]:
        base = self._urls.require(service_url)
        url = URL(f"{base}/v3/conversations{path}", encoded=True)
        body = None if payload is None else encode(payload)
        attempt, arrived = 1, False
        while True:
            answer = await self._once(method, url, body)
            status = answer.status
            if status is not None and status < 300:
                return _json(answer.body)
            arrived |= answer.may_have_arrived
            if attempt >= attempts or (status is not None and status not in RETRIED):
                break
            self._telemetry.count(SEND_RETRIES, str(status or "unreachable"))
            await asyncio.sleep(self._pauses.after(attempt, answer.pause))
            attempt += 1
        failure = f"the connector answered {method} with {status or answer.body.decode()}"
        kind = Unreachable if status in (403, 404) else SendFailed
        detail = "" if status is None else _detail(answer.body)
        raise kind(failure, status, arrived=arrived, pause=answer.pause, detail=detail)

    async def _once(self, method: str, url: URL, body: bytes | None) -> _Answer:
        """One request.

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
                    return _Answer(response.status, b"", pause)
                return _Answer(response.status, text, pause)
        except (aiohttp.ConnectionTimeoutError, aiohttp.ClientConnectorError) as error:
            return _Answer(None, type(error).__name__.encode(), connected=False)
        except TimeoutError as error:
            raise SendFailed("the connector did not answer in time", arrived=True) from error
        except aiohttp.ClientError as error:
            return _Answer(None, type(error).__name__.encode())


def encode(payload: Mapping[str, Any]) -> bytes:
    """The wire form: compact UTF-8. Half surrogate pairs, which UTF-8 cannot carry, become question marks."""
    return json.dumps(payload, ensure_ascii=False, separators=(",", ":")).encode("utf-8", "replace")


def _step(identifier: str) -> str:
    """One step of a path: an id can hold slashes and colons, and must stay one step."""
    return quote(identifier, safe="")


def _id(answer: Mapping[str, Any]) -> str:
    found = answer.get("id")
    return found if isinstance(found, str) else ""


def _detail(body: bytes) -> str:
    """Code and message of an error, by which refusals of the same status are told apart."""
    error = _json(body).get("error")
    if not isinstance(error, dict):
        return ""
    said = (part for part in (error.get("code"), error.get("message")) if isinstance(part, str))
    return ": ".join(said)[:DETAIL_LIMIT]


def _json(text: bytes) -> Mapping[str, Any]:
    try:
        document = json.loads(text) if text else {}
    except (ValueError, RecursionError):
        return {}
    return document if isinstance(document, dict) else {}
