"""Fyren's endpoint on loopback, between a client that plays Teams and a connector that records."""

from __future__ import annotations

from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from dataclasses import dataclass
from typing import Any

import aiohttp
import pytest
from aiohttp import web

from bot.conversation.texts import Texts
from bot.teams.config import TeamsConfig
from bot.teams.receiving.endpoint import PATH, TeamsEndpoint
from bot.teams.service import Conversation
from tests.fakes.teams import APP_ID, TENANT, ConnectorStub, Json, OpenIdStub, Signer, Tls, connector_stub, serving

TEXTS = Texts.load()


@dataclass(frozen=True, slots=True)
class Answer:
    """What the bot answered over HTTP."""

    status: int
    headers: dict[str, str]
    text: str
    body: Any


@dataclass(frozen=True, slots=True)
class Bot:
    """A running endpoint, and a client for it."""

    url: str
    session: aiohttp.ClientSession

    async def post(self, document: object, token: str | None = None) -> Answer:
        headers = {} if token is None else {"Authorization": f"Bearer {token}"}
        async with self.session.post(self.url, json=document, headers=headers) as response:
            return await _answer(response)

    async def raw(self, data: Any, **headers: str) -> Answer:
        merged = {
            "Content-Type": "application/json",
            **{name.replace("_", "-"): value for name, value in headers.items()},
        }
        async with self.session.post(self.url, data=data, headers=merged) as response:
            return await _answer(response)


async def _answer(response: aiohttp.ClientResponse) -> Answer:
    text = await response.text()
    body = await response.json() if response.content_type == "application/json" else None
    return Answer(response.status, dict(response.headers), text, body)


@asynccontextmanager
async def running(
    config: TeamsConfig, conversation: Conversation, tls: Tls | None = None, **parts: Any
) -> AsyncIterator[Bot]:
    """The endpoint as an application of its own."""
    app = web.Application()
    endpoint = TeamsEndpoint(config, conversation, TEXTS, ssl_context=tls.client if tls else None, **parts)
    endpoint.attach(app)
    async with serving(app) as port, aiohttp.ClientSession() as session:
        yield Bot(f"http://127.0.0.1:{port}{PATH}", session)


@pytest.fixture(scope="session")
def signer() -> Signer:
    return Signer()


@pytest.fixture(scope="session")
def stranger() -> Signer:
    """Another key under the same id."""
    return Signer()


@pytest.fixture(scope="session")
def tls() -> Tls:
    return Tls.make("files.example")


@pytest.fixture
async def connector() -> AsyncIterator[ConnectorStub]:
    """A connector as emulators have it: plain HTTP on loopback."""
    async with connector_stub() as stub:
        yield stub


@pytest.fixture
async def secure_connector(tls: Tls) -> AsyncIterator[ConnectorStub]:
    """A connector as production has it: https."""
    async with connector_stub(tls.server) as stub:
        yield stub


def production(openid: OpenIdStub, connector: ConnectorStub, **changes: Any) -> TeamsConfig:
    """Authentication on, with the stubs in the places of Microsoft's services."""
    host = connector.url.removeprefix("https://").partition("/")[0]
    given: Json = {
        "app_id": APP_ID,
        "app_password": "hemligt-losenord",
        "tenant_id": TENANT,
        "service_hosts": frozenset({host}),
        "metadata_url": openid.url,
        **changes,
    }
    return TeamsConfig(**given)


@pytest.fixture
def logins(monkeypatch: pytest.MonkeyPatch) -> list[str]:
    """Puts a login in MSAL's place, whose client insists on Microsoft's addresses; the list counts its tokens."""
    fetched: list[str] = []

    def fetch() -> Json:
        fetched.append("hemlig-token")
        return {"access_token": "hemlig-token", "expires_in": 3600}

    monkeypatch.setattr("bot.teams.sending.credentials.msal_fetch", lambda config: fetch)
    return fetched
