"""A file on its way: from the press on the card that offers it, over HTTPS, to the storage that Teams names."""

from __future__ import annotations

import asyncio
from collections import deque
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from dataclasses import dataclass, field
from typing import Any

import pytest
from aiohttp import web

from bot.conversation.card import FileReply
from bot.conversation.turn import FileConsent
from bot.teams.config import TeamsConfig
from tests.fakes.teams import (
    ConnectorStub,
    Json,
    RecordingConversation,
    Signer,
    Tls,
    consent,
    invoke,
    openid_stub,
    serving,
)
from tests.integration.teams.conftest import production, running

CONTENT = "Fråga;Svar\r\nPortföljstyrning;Delvis\r\n".encode()
FILE = FileReply("mina-svar.csv", "text/csv", CONTENT, "Dina svar.", "check.file:7")


@dataclass(slots=True)
class Storage:
    """Somebody's OneDrive, or what pretends to be one. `script` holds statuses to answer with, 201 where empty."""

    url: str = ""
    requests: list[tuple[str, str, dict[str, str], bytes]] = field(default_factory=list)
    script: deque[int | tuple[int, dict[str, str]]] = field(default_factory=deque)
    hold: asyncio.Event | None = None
    asked: asyncio.Event = field(default_factory=asyncio.Event)

    async def handle(self, request: web.Request) -> web.Response:
        self.requests.append((request.method, request.raw_path, dict(request.headers), await request.read()))
        self.asked.set()
        if self.hold is not None:
            await self.hold.wait()
        step = self.script.popleft() if self.script else 201
        status, headers = step if isinstance(step, tuple) else (step, {})
        return web.json_response({}, status=status, headers=headers)

    @property
    def host(self) -> str:
        return self.url.removeprefix("https://").removeprefix("http://").partition("/")[0]


@asynccontextmanager
async def storage_stub(tls: Tls | None) -> AsyncIterator[Storage]:
    storage = Storage()
    app = web.Application()
    app.router.add_route("*", "/{path:.*}", storage.handle)
    async with serving(app, tls.server if tls else None) as port:
        storage.url = f"https://localhost:{port}/up" if tls else f"http://127.0.0.1:{port}/up"
        yield storage


@pytest.fixture
async def storage(tls: Tls) -> AsyncIterator[Storage]:
    async with storage_stub(tls) as stub:
        yield stub


def offering() -> RecordingConversation:
    conversation = RecordingConversation()
    conversation.files[FILE.key] = FILE
    return conversation


def configured(storage: Storage, **changes: Any) -> TeamsConfig:
    hosts = frozenset({"*.sharepoint.com", storage.host})
    return TeamsConfig(**{"upload_hosts": hosts, "retry_pause": 0.001, "retry_pause_limit": 0.01, **changes})


def accepted(connector: ConnectorStub, upload_url: str, **changes: Any) -> Json:
    value = consent(upload_url, key=FILE.key) | changes
    return invoke(connector.url, "fileConsent/invoke", value, id="f:1", replyToId="sent-1")


async def test_an_accepted_file_is_uploaded_whole_and_shown(
    connector: ConnectorStub, storage: Storage, tls: Tls
) -> None:
    conversation = offering()
    url = f"{storage.url}Session?guid='7'&tempauth=a.b-c%2F"
    async with running(configured(storage), conversation, tls) as bot:
        answer = await bot.post(accepted(connector, url))
    assert (answer.status, answer.text) == (200, "")
    [(method, path, headers, body)] = storage.requests
    assert (method, path) == ("PUT", "/upSession?guid='7'&tempauth=a.b-c%2F")
    assert body == CONTENT
    assert headers["Content-Type"] == "text/csv"
    assert headers["Content-Range"] == f"bytes 0-{len(CONTENT) - 1}/{len(CONTENT)}"
    assert headers["Content-Length"] == str(len(CONTENT))
    [message] = connector.messages
    assert message["attachments"] == [
        {
            "contentType": "application/vnd.microsoft.teams.card.file.info",
            "contentUrl": "https://a.sharepoint.com/personal/anna/svar.csv",
            "name": "svar.csv",
            "content": {"uniqueId": "1150D938", "fileType": "csv"},
        }
    ]
    assert (conversation.wanted, conversation.turns) == ([FILE.key], [])


async def test_a10_the_bots_token_is_not_sent_along(
    secure_connector: ConnectorStub, storage: Storage, tls: Tls, signer: Signer, logins: list[str]
) -> None:
    async with openid_stub(signer) as openid:
        config = production(openid, secure_connector, upload_hosts=frozenset({storage.host, "*.sharepoint.com"}))
        async with running(config, offering(), tls) as bot:
            token = signer.token(secure_connector.url)
            answer = await bot.post(accepted(secure_connector, storage.url), token)
    assert answer.status == 200
    assert logins
    assert "Authorization" in secure_connector.requests[0].headers
    [(_, _, headers, _)] = storage.requests
    assert "Authorization" not in headers
    assert "hemlig-token" not in str(headers)


async def test_a_declined_file_is_answered_politely(connector: ConnectorStub, storage: Storage, tls: Tls) -> None:
    conversation = offering()
    value = {"type": "fileUpload", "action": "decline", "context": {"key": FILE.key}}
    async with running(configured(storage), conversation, tls) as bot:
        answer = await bot.post(invoke(connector.url, "fileConsent/invoke", value))
    assert (answer.status, answer.text) == (200, "")
    assert [message["text"] for message in connector.messages] == [
        "Filen är inte sparad. Be om den igen när du vill ha den."
    ]
    assert (conversation.wanted, storage.requests) == ([], [])


async def test_a14_a_yes_sent_twice_uploads_once(connector: ConnectorStub, storage: Storage, tls: Tls) -> None:
    async with running(configured(storage), offering(), tls) as bot:
        await bot.post(accepted(connector, storage.url))
        again = await bot.post(accepted(connector, storage.url))
    assert again.status == 200
    assert len(storage.requests) == len(connector.messages) == 1


@pytest.mark.parametrize(
    "hostile",
    [
        "http://{host}/up",
        "https://fyrbodal.sharepoint.com@{host}/up",
        "https://anna@{host}/up",
        "https://{host}\\.sharepoint.com/up",
        "https://{host}?.sharepoint.com",
        "https://{host}#.sharepoint.com",
        "https://{host}/.sharepoint.com",
        "https://{host}/up",
    ],
)
async def test_a10_a_hostile_address_gets_nothing(connector: ConnectorStub, tls: Tls, hostile: str) -> None:
    conversation = offering()
    async with storage_stub(tls) as canary, running(TeamsConfig(), conversation, tls) as bot:
        answer = await bot.post(accepted(connector, hostile.format(host=canary.host)))
    assert answer.status == 200
    assert (canary.requests, conversation.wanted) == ([], [])
    [message] = connector.messages
    assert message["text"].startswith("Filen gick inte att spara")


async def test_a10_plain_http_gets_nothing_even_from_a_listed_host(connector: ConnectorStub) -> None:
    async with storage_stub(None) as canary, running(configured(canary), offering()) as bot:
        await bot.post(accepted(connector, canary.url))
    assert canary.requests == []


async def test_a10_a_hostile_address_to_show_gets_nothing_either(
    connector: ConnectorStub, storage: Storage, tls: Tls
) -> None:
    info = {"uploadUrl": storage.url, "contentUrl": "javascript:alert(1)", "name": "svar.csv"}
    async with running(configured(storage), offering(), tls) as bot:
        await bot.post(accepted(connector, storage.url, uploadInfo=info))
    assert storage.requests == []
    assert "attachments" not in connector.messages[0]


async def test_a10_a_listed_name_that_leads_inside_the_network_gets_nothing(
    connector: ConnectorStub, storage: Storage, tls: Tls, monkeypatch: pytest.MonkeyPatch
) -> None:
    async def inside(self: object, host: str, port: int = 0, family: int = 0) -> list[Json]:
        return [{"hostname": host, "host": "127.0.0.1", "port": port, "family": 2, "proto": 0, "flags": 0}]

    monkeypatch.setattr("aiohttp.resolver.ThreadedResolver.resolve", inside)
    host = storage.host.replace("localhost", "files.example")
    config = configured(storage, upload_hosts=frozenset({host, "*.sharepoint.com"}))
    async with running(config, offering(), tls) as bot:
        await bot.post(accepted(connector, f"https://{host}/up"))
    assert storage.requests == []
    assert connector.messages[0]["text"].startswith("Filen gick inte att spara")


@pytest.mark.parametrize("status", [301, 302, 307, 308])
async def test_a10_redirects_are_not_followed(
    connector: ConnectorStub, storage: Storage, tls: Tls, status: int
) -> None:
    async with storage_stub(tls) as canary:
        storage.script.append((status, {"Location": canary.url}))
        async with running(configured(storage), offering(), tls) as bot:
            await bot.post(accepted(connector, storage.url))
    assert (len(storage.requests), canary.requests) == (1, [])
    assert connector.messages[0]["text"].startswith("Filen gick inte att spara")


@pytest.mark.parametrize("trouble", [412, 429, 500, 502, 503, 504])
async def test_a16_passing_trouble_is_tried_again(
    connector: ConnectorStub, storage: Storage, tls: Tls, trouble: int
) -> None:
    storage.script.extend([trouble, (trouble, {"Retry-After": "3600"})])
    async with running(configured(storage), offering(), tls) as bot:
        await bot.post(accepted(connector, storage.url))
    assert [body for _, _, _, body in storage.requests] == [CONTENT] * 3
    assert "attachments" in connector.messages[0]


@pytest.mark.parametrize(("trouble", "attempts"), [(401, 1), (404, 1), (409, 1), (413, 1), (503, 3)])
async def test_a16_lasting_trouble_is_told(
    connector: ConnectorStub, storage: Storage, tls: Tls, trouble: int, attempts: int, caplog: pytest.LogCaptureFixture
) -> None:
    storage.script.extend([trouble] * 3)
    async with running(configured(storage), offering(), tls) as bot:
        await bot.post(accepted(connector, f"{storage.url}?tempauth=hemligt"))
    assert len(storage.requests) == attempts
    assert connector.messages[0]["text"].startswith("Filen gick inte att spara")
    assert f"answered {trouble}" in caplog.text
    assert "hemligt" not in caplog.text


async def test_a_storage_that_does_not_answer_is_given_up(connector: ConnectorStub, storage: Storage, tls: Tls) -> None:
    storage.hold = asyncio.Event()
    async with running(configured(storage, upload_timeout=0.2), offering(), tls) as bot:
        await bot.post(accepted(connector, storage.url))
        storage.hold.set()
    assert len(storage.requests) == 3
    assert connector.messages[0]["text"].startswith("Filen gick inte att spara")


async def test_a_slow_upload_is_acknowledged_at_once_and_shown_later(
    connector: ConnectorStub, storage: Storage, tls: Tls
) -> None:
    storage.hold = asyncio.Event()
    async with running(configured(storage, invoke_patience=0.02), offering(), tls) as bot:
        answer = await bot.post(accepted(connector, storage.url))
        assert (answer.status, answer.text, connector.messages) == (200, "", [])
        storage.hold.set()
        await connector.wait_for(1)
    assert "attachments" in connector.messages[0]


async def test_the_turn_that_asks_for_the_file_says_who_wants_it(
    connector: ConnectorStub, storage: Storage, tls: Tls
) -> None:
    class Watched(RecordingConversation):
        async def file(self, key: str, turn: Any) -> FileReply | None:
            self.turns.append(turn)
            return FILE

    conversation = Watched()
    async with running(configured(storage), conversation, tls) as bot:
        await bot.post(accepted(connector, storage.url))
    [turn] = conversation.turns
    assert turn.event == FileConsent(FILE.key, accepted=True)
    assert turn.sender.user == "0b0e8a52-anna"
