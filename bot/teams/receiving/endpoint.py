"""HTTP in: POST /api/messages, from bytes to a turn.

Cheap checks come first and nothing is done for a stranger: content type, token, size, form, address, tenant. Every
refusal is a status and one short line of JSON. A turn then runs as a task of its own, so that Teams is answered
before it loses patience and sends the same activity again.
"""

from __future__ import annotations

import asyncio
import logging
import ssl
from collections.abc import AsyncIterator, Callable
from dataclasses import dataclass
from typing import Any

import aiohttp
from aiohttp import web
from aiohttp.abc import AbstractResolver
from botbuilder.core import InvokeResponse

from bot.access.pauses import NeverPaused, Switch
from bot.conversation.texts import Texts
from bot.teams.adapter import TeamsAdapter
from bot.teams.bodies import read_limited
from bot.teams.cards.figure_card import Pictures
from bot.teams.config import TeamsConfig
from bot.teams.errors import (
    ActivityInvalid,
    BodyTooLarge,
    CallerRefused,
    KeysUnavailable,
    TokenRejected,
)
from bot.teams.files.file_turns import FileTurns
from bot.teams.files.uploads import FileUploads
from bot.teams.handler import FyrenHandler
from bot.teams.receiving.activities import turn_of
from bot.teams.receiving.claims import Claims
from bot.teams.receiving.gate import Gate
from bot.teams.receiving.incoming import parse
from bot.teams.receiving.keys import SigningKeys
from bot.teams.receiving.service_urls import ServiceUrls
from bot.teams.receiving.taking import Logic, Result, TurnTaking
from bot.teams.receiving.tokens import TokenVerifier
from bot.teams.sending.connector import Connector
from bot.teams.sending.credentials import NoToken, token_source
from bot.teams.service import Conversation, TurnService
from bot.telemetry.ports import NO_TELEMETRY, Telemetry
from bot.webhooks.checked_resolver import CheckedResolver

PATH = "/api/messages"
CONNECTIONS = 200
"""Activities that are sent at a time; each has its answer, or is given up, within seconds."""
OTHER_CONNECTIONS = 20
"""For keys, and for files, which must not wait behind sends that hang."""

_log = logging.getLogger(__name__)


class TeamsEndpoint:
    """Fyren's Teams side, assembled: `attach` it to an application, or `start`, `handle` and `close` it.

    `pictures` tells where a figure's pictures are, if anywhere. `ssl_context` is the trust for calls to the outside;
    None means the system's. `claims` are shared with other replicas; `switch` says for whom the bot is paused.
    """

    def __init__(
        self,
        config: TeamsConfig,
        conversation: Conversation,
        texts: Texts,
        *,
        default_language: str = "sv",
        pictures: Pictures | None = None,
        ssl_context: ssl.SSLContext | None = None,
        telemetry: Telemetry = NO_TELEMETRY,
        claims: Claims | None = None,
        switch: Switch | None = None,
    ) -> None:
        self._config = config
        self._conversation = conversation
        self._texts = texts
        self._default_language = default_language
        self._service = TurnService(
            conversation,
            texts,
            turn_timeout=config.turn_timeout,
            invoke_patience=config.invoke_patience,
            typing_after=config.typing_after,
            default_language=default_language,
            pictures=pictures,
        )
        self._ssl = ssl_context
        self._telemetry = telemetry
        self._taking = TurnTaking(
            config,
            self._service,
            texts,
            default_language=default_language,
            claims=claims,
            switch=switch or NeverPaused(),
            telemetry=telemetry,
        )
        self._parts: _Parts | None = None

    def attach(self, app: web.Application) -> None:
        """Add the route, and start and close with the application."""
        app.router.add_post(PATH, self.handle)
        app.cleanup_ctx.append(self._lifespan)

    async def _lifespan(self, app: web.Application) -> AsyncIterator[None]:
        await self.start()
        yield
        await self.close()

    async def start(self) -> None:
        """Open the connection pool, and fetch keys and token before the first turn needs them."""
        self._taking.start()
        self._parts = _Parts.open(self._config, self._ssl, self._handler, self._telemetry)

    async def close(self) -> None:
        """Let turns under way finish, then close all connections."""
        await self._taking.close()
        if self._parts is not None:
            await self._parts.close()
            self._parts = None

    async def handle(self, request: web.Request) -> web.Response:
        """One request. Raises nothing."""
        if self._parts is None:
            return _refusal(503, "not started", {"Retry-After": "5"})
        try:
            return _response(await self._receive(request, self._parts))
        except TokenRejected as error:
            _log.warning("refused a caller: %s", error)
            return _refusal(401, "unauthorized", {"WWW-Authenticate": "Bearer"})
        except KeysUnavailable:
            return _refusal(503, "temporarily unavailable", {"Retry-After": "5"})
        except CallerRefused as error:
            _log.warning("refused an activity: %s", error)
            return _refusal(403, "forbidden")
        except BodyTooLarge:
            return _refusal(413, f"the body is larger than {self._config.body_limit} bytes")
        except ActivityInvalid as error:
            return _refusal(400, str(error))

    async def _receive(self, request: web.Request, parts: _Parts) -> Result:
        if (
            request.content_type != "application/json"
            or request.headers.get("Content-Encoding", "identity") != "identity"
        ):
            return Result(415, {"error": "the body must be application/json, not compressed"})
        caller = await parts.gate.identify(request.headers.get("Authorization"))
        if (request.content_length or 0) > self._config.body_limit:
            raise BodyTooLarge("announced")
        try:
            async with asyncio.timeout(self._config.body_timeout):
                body = await read_limited(request.content, self._config.body_limit)
        except TimeoutError:
            return Result(408, {"error": "the body took too long"})
        incoming = parse(body)
        parts.gate.admit(incoming, caller)
        turn = turn_of(incoming)
        if turn is None:
            return Result(200)

        async def run(logic: Logic | None) -> InvokeResponse | None:
            return await parts.adapter.receive(incoming, turn, caller, logic or parts.handler.on_turn)

        return await self._taking.take(incoming, turn, run)

    def _handler(self, uploads: FileUploads) -> FyrenHandler:
        files = FileTurns(
            self._conversation,
            self._texts,
            uploads,
            turn_timeout=self._config.turn_timeout,
            default_language=self._default_language,
        )
        return FyrenHandler(self._service, files)


@dataclass(frozen=True, slots=True)
class _Parts:
    """What needs a running event loop."""

    sessions: tuple[aiohttp.ClientSession, ...]
    gate: Gate
    adapter: TeamsAdapter
    handler: FyrenHandler
    closers: tuple[Any, ...]
    warming: tuple[asyncio.Task[None], ...]

    @classmethod
    def open(
        cls,
        config: TeamsConfig,
        ssl_context: ssl.SSLContext | None,
        handler: Callable[[FileUploads], FyrenHandler],
        telemetry: Telemetry,
    ) -> _Parts:
        session, other = (_session(limit, ssl_context) for limit in (CONNECTIONS, OTHER_CONNECTIONS))
        # Where files go is said from outside: a listed name may lead to the open network only.
        files = _session(OTHER_CONNECTIONS, ssl_context, CheckedResolver())
        urls = ServiceUrls(config)
        tokens = token_source(config)
        adapter = TeamsAdapter(Connector(session, tokens, urls, config, telemetry=telemetry))
        handling = handler(FileUploads(files, config))
        if isinstance(tokens, NoToken):
            return cls((session, other, files), Gate(config, urls, None), adapter, handling, (), ())
        keys = SigningKeys(other, config.metadata_url, timeout=config.metadata_timeout)
        verifier = TokenVerifier(keys, app_id=config.app_id, issuer=config.issuer)
        warming = tuple(asyncio.create_task(part.warm()) for part in (keys, tokens))
        return cls((session, other, files), Gate(config, urls, verifier), adapter, handling, (keys, tokens), warming)

    async def close(self) -> None:
        for task in self.warming:
            task.cancel()
        for part in self.closers:
            await part.close()
        await asyncio.gather(*self.warming, return_exceptions=True)
        for session in self.sessions:
            await session.close()


def _session(
    connections: int, ssl_context: ssl.SSLContext | None, resolver: AbstractResolver | None = None
) -> aiohttp.ClientSession:
    return aiohttp.ClientSession(
        connector=aiohttp.TCPConnector(
            limit=connections, keepalive_timeout=60.0, ssl=ssl_context or True, resolver=resolver
        ),
        cookie_jar=aiohttp.DummyCookieJar(),
        headers={"User-Agent": "Fyren"},
    )


def _response(result: Result) -> web.Response:
    if result.body is None:
        return web.Response(status=result.status)
    return web.json_response(result.body, status=result.status)


def _refusal(status: int, reason: str, headers: dict[str, str] | None = None) -> web.Response:
    return web.json_response({"error": reason}, status=status, headers=headers)
