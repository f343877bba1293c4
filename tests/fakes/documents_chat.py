"""A chat in Teams in which files are sent: the storage that Teams names, the person, and Fyren."""

from __future__ import annotations

import asyncio
from collections import deque
from collections.abc import AsyncIterator, Callable, Sequence
from contextlib import asynccontextmanager
from dataclasses import dataclass, field
from itertools import count
from typing import Any, Final

import aiohttp
from aiohttp import web

from bot.access.roles import Grants
from bot.access.stewards import Stewards
from bot.conversation.document_cards import Showing
from bot.conversation.documents import DocumentsFlow
from bot.conversation.service import FyrenConversation
from bot.conversation.texts import Texts
from bot.document_work import chats_told
from bot.documents.desk import Desk
from bot.documents_chat.intake import DocumentsChat
from bot.documents_chat.ports import Rhythm
from bot.settings_fields.values import as_people
from bot.storage.database import Database
from bot.teams.config import TeamsConfig
from bot.teams.files.sent_files import DOWNLOAD
from bot.teams.receiving.endpoint import PATH, TeamsEndpoint
from bot.teams.sending.pacing import Pace
from tests.fakes.advice import FakeAdvice
from tests.fakes.check_store import MemoryCheckStore
from tests.fakes.check_talk import conversation, rules
from tests.fakes.teams import TENANT, ConnectorStub, Json, Tls, activity, invoke, serving

ANNA: Final = "0b0e8a52-0000-4000-8000-00000000a77a"
BERTIL: Final = "0b0e8a52-0000-4000-8000-0000000be712"
GRANTS: Final[Grants] = as_people(f"{ANNA}@{TENANT}=administrator,{BERTIL}@{TENANT}=municipal_administrator:uddevalla")
MUNICIPALITIES: Final = {"uddevalla": "Uddevalla", "lysekil": "Lysekil"}
TEXTS: Final = Texts.load()
SOON: Final = Rhythm(interval=0.02, pause=0.05, later=0.1, patience=0.5)


@dataclass(slots=True)
class Storage:
    """Somebody's OneDrive. `files` are served by path; `script` holds what it does first: a status, a status with
    headers, or "cut", which breaks off in the middle."""

    url: str = ""
    files: dict[str, bytes] = field(default_factory=dict)
    requests: list[tuple[str, dict[str, str]]] = field(default_factory=list)
    script: deque[int | tuple[int, dict[str, str]] | str] = field(default_factory=deque)
    hold: asyncio.Event | None = None
    asked: asyncio.Event = field(default_factory=asyncio.Event)

    async def handle(self, request: web.Request) -> web.StreamResponse:
        self.requests.append((request.raw_path, dict(request.headers)))
        self.asked.set()
        if self.hold is not None:
            await self.hold.wait()
        step = self.script.popleft() if self.script else 200
        content = self.files.get(request.path, b"")
        if step == "cut":
            response = web.StreamResponse(headers={"Content-Length": str(len(content) + 10)})
            await response.prepare(request)
            await response.write(content[: len(content) // 2])
            assert request.transport is not None
            request.transport.close()
            return response
        status, headers = step if isinstance(step, tuple) else (int(step), {})
        return web.Response(status=status, headers=headers, body=content if status == 200 else b"")

    @property
    def host(self) -> str:
        return self.url.removeprefix("https://").partition("/")[0]

    def file(self, name: str, content: str | bytes, **changes: Any) -> Json:
        """A file as Teams sends it along."""
        path = f"/personal/{len(self.files)}"
        self.files[path] = content.encode() if isinstance(content, str) else content
        info = {"downloadUrl": f"{self.url}{path}?tempauth=v1.hemlig", "uniqueId": "1150D938", "fileType": "md"}
        return {"contentType": DOWNLOAD, "name": name, "contentUrl": f"{self.url}/{name}", "content": info | changes}


@asynccontextmanager
async def storage_stub(tls: Tls) -> AsyncIterator[Storage]:
    """A running storage, over HTTPS."""
    storage = Storage()
    app = web.Application()
    app.router.add_route("*", "/{path:.*}", storage.handle)
    async with serving(app, tls.server) as port:
        storage.url = f"https://localhost:{port}"
        yield storage


@dataclass(slots=True)
class Chat:
    """A person's own chat with Fyren. What Fyren sends and replaces is with the `connector`."""

    url: str
    connector: ConnectorStub
    session: aiohttp.ClientSession
    ids: count[int] = field(default_factory=count)

    async def post(self, document: Json, token: str | None = None) -> Any:
        headers = {} if token is None else {"Authorization": f"Bearer {token}"}
        async with self.session.post(self.url, json=document, headers=headers) as response:
            assert response.status in (200, 202)
            return await response.json() if response.content_type == "application/json" else None

    async def send(self, *attachments: Json, who: str = ANNA, token: str | None = None, **changes: Any) -> None:
        """Send files."""
        await self.post(self.message(*attachments, who=who, **changes), token)

    def message(self, *attachments: Json, who: str = ANNA, **changes: Any) -> Json:
        """A message with files."""
        sender = {"id": f"29:{who}", "name": "Anna", "aadObjectId": who}
        html = {"contentType": "text/html", "content": "<p></p>"}
        whole = {"from": sender, "id": f"m{next(self.ids)}", "text": "", "attachments": [*attachments, html], **changes}
        return activity(self.connector.url, **whole)

    async def press(self, button: Json, *, who: str = ANNA, on: str = "card-1", **inputs: str) -> Json:
        """Press a button; what the invoke is answered with."""
        action = {"type": "Action.Execute", "verb": button["verb"], "data": button["data"] | inputs}
        sender = {"id": f"29:{who}", "name": "Anna", "aadObjectId": who}
        changes = {"id": f"p{next(self.ids)}", "from": sender, "replyToId": on}
        document = invoke(self.connector.url, "adaptiveCard/action", {"action": action, "trigger": "manual"}, **changes)
        answer: Json = await self.post(document)
        return answer

    async def until(self, true: Callable[[], bool]) -> None:
        """Wait for what Fyren sends."""
        async with asyncio.timeout(20), self.connector.arrived:
            await self.connector.arrived.wait_for(true)

    async def card(self, title: str) -> Json:
        """The card that has a heading or line like that, once it has come."""
        await self.until(lambda: any(title in words(each) for each in self.cards))
        return next(each for each in self.cards if title in words(each))

    async def told(self, text: str) -> None:
        """Wait until something says that."""
        await self.until(lambda: any(text in words(each) for each in self.connector.messages))

    @property
    def cards(self) -> list[Json]:
        """Messages that were sent, without those that were replaced."""
        return [each.body for each in self.connector.requests if each.method == "POST" and "attachments" in each.body]

    @property
    def updates(self) -> list[tuple[str, str]]:
        """The message that was replaced, and what it said then."""
        found = [each for each in self.connector.requests if each.method == "PUT"]
        return [(each.path.rpartition("/")[2], words(each.body)) for each in found]


def words(message: Json) -> str:
    """All that a message says."""
    cards = [each["content"].get("fallbackText", "") for each in message.get("attachments", ())]
    return " ".join([str(message.get("text", "")), *cards])


def buttons(message: Json) -> dict[str, Json]:
    """The buttons of a card by their titles."""
    found: dict[str, Json] = {}

    def look(node: Any) -> None:
        if isinstance(node, dict):
            if node.get("type") == "Action.Execute":
                found[node["title"]] = node
            for value in node.values():
                look(value)
        elif isinstance(node, list):
            for value in node:
                look(value)

    look(message)
    return found


@asynccontextmanager
async def chatting(
    desk: Desk,
    database: Database,
    config: TeamsConfig,
    connector: ConnectorStub,
    tls: Tls,
    *,
    reading: bool = True,
    grants: Grants = GRANTS,
    rhythm: Rhythm = SOON,
    fyren: Callable[[DocumentsFlow], FyrenConversation] | None = None,
) -> AsyncIterator[Chat]:
    """Fyren over a desk, as the service puts it together; `reading` is whether somebody reads jobs."""
    await asyncio.to_thread(rules)  # reads files
    showing = Showing(TEXTS, MUNICIPALITIES, "https://fyren.example.se")
    chat = DocumentsChat(desk, database.document_chats, showing, rhythm=rhythm)
    flow = DocumentsFlow(showing, Stewards(grants, MUNICIPALITIES), desk, chat)
    made = fyren(flow) if fyren else conversation(MemoryCheckStore(), FakeAdvice(), documents=flow)
    app = web.Application()
    TeamsEndpoint(config, made, TEXTS, ssl_context=tls.client).attach(app)
    tasks: Sequence[asyncio.Task[None]] = [asyncio.create_task(desk.reader.run())] if reading else []
    async with (
        chats_told(chat, config, TEXTS, ssl_context=tls.client, pace=Pace(0.0)),
        serving(app) as port,
        aiohttp.ClientSession() as session,
    ):
        yield Chat(f"http://127.0.0.1:{port}{PATH}", connector, session)
        for task in tasks:
            task.cancel()
        await asyncio.gather(*tasks, return_exceptions=True)
