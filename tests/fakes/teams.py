"""The other side of Teams, on loopback: a connector that records, an OpenID service, and signed callers."""

from __future__ import annotations

import asyncio
import datetime
import ipaddress
import json
import ssl
import tempfile
import time
from collections import deque
from collections.abc import AsyncIterator, Callable, Mapping, Sequence
from contextlib import asynccontextmanager
from dataclasses import dataclass, field, replace
from pathlib import Path
from typing import Any

import jwt
from aiohttp import web
from cryptography import x509
from cryptography.hazmat.primitives import hashes, serialization
from cryptography.hazmat.primitives.asymmetric import rsa

from bot.conversation.card import FileReply
from bot.conversation.replies import Reply, TextReply
from bot.conversation.turn import Turn
from knowledge.composing.ports import Tell
from knowledge.model import Origin, Passage, PassageKind

APP_ID = "5f0c7f0e-6a0b-4a52-9a51-2d0a1f2f8f11"
TENANT = "3b1d0c7a-0000-4000-8000-00000000a001"
ISSUER = "https://api.botframework.com"
BOT = {"id": f"28:{APP_ID}", "name": "Fyren"}
PERSON = {"id": "29:anna", "name": "Anna", "aadObjectId": "0b0e8a52-anna"}

Json = dict[str, Any]


def source(text: str = "Portföljstyrning saknas i 17 procent av svaren.", **changes: Any) -> Passage:
    """A passage to cite; `changes` replace its fields."""
    whole = Passage(
        id="p1",
        document="statusrapport-2024",
        path="statusrapport-2024/portfolj.md",
        origin=Origin.LIBRARY,
        title="Statusrapport",
        headings=("3.2.2 Styrning", "Portföljstyrning"),
        pages=(28, 29),
        kind=PassageKind.TEXT,
        text=text,
    )
    return replace(whole, **changes)


class RecordingConversation:
    """Says what it is told to, and remembers who asked what, and which answers and cards were delivered.

    `files` are handed out by key; `wanted` are the keys that were asked for.
    """

    def __init__(self, *replies: Reply, answer: Callable[[Turn], Sequence[Reply]] | None = None) -> None:
        self.replies: Sequence[Reply] = replies or (TextReply("Hej"),)
        self.answer = answer
        self.turns: list[Turn] = []
        self.deliveries: list[tuple[str, str, str]] = []
        self.cards: list[tuple[str, str, str]] = []
        self.files: dict[str, FileReply] = {}
        self.wanted: list[str] = []
        self.error: Exception | None = None
        self.gate: asyncio.Event | None = None
        self.started = asyncio.Event()

    async def respond(self, turn: Turn, tell: Tell | None = None) -> Sequence[Reply]:
        self.turns.append(turn)
        self.started.set()
        if self.gate is not None:
            await self.gate.wait()
        if self.error is not None:
            raise self.error
        return self.answer(turn) if self.answer else self.replies

    async def delivered(self, answer_id: str, turn: Turn, activity_id: str) -> None:
        self.deliveries.append((answer_id, turn.conversation, activity_id))

    async def shown(self, key: str, turn: Turn, activity_id: str) -> None:
        self.cards.append((key, turn.conversation, activity_id))

    async def file(self, key: str, turn: Turn) -> FileReply | None:
        self.wanted.append(key)
        if self.error is not None:
            raise self.error
        return self.files.get(key)


def activity(service_url: str, **changes: Any) -> Json:
    """A message as Teams sends it in a personal chat; a change to None leaves the field out."""
    whole: Json = {
        "type": "message",
        "id": "1700000000001",
        "timestamp": "2026-11-23T10:00:00.000Z",
        "channelId": "msteams",
        "serviceUrl": service_url,
        "from": PERSON,
        "recipient": BOT,
        "conversation": {"id": "a:1anna", "conversationType": "personal", "tenantId": TENANT},
        "channelData": {"tenant": {"id": TENANT}},
        "locale": "sv-SE",
        "textFormat": "plain",
        "text": "Hur ser portföljstyrningen ut?",
        "entities": [{"type": "clientInfo", "locale": "sv-SE", "platform": "Web"}],
        **changes,
    }
    return {key: value for key, value in whole.items() if value is not None}


def invoke(service_url: str, name: str, value: object, **changes: Any) -> Json:
    """A thumb or a press on a card."""
    return activity(service_url, **{"type": "invoke", "name": name, "value": value, "text": None, **changes})


def consent(upload_url: str, *, key: str = "svar-1", action: str = "accept") -> Json:
    """The value of an answer to the card that offers a file."""
    return {
        "type": "fileUpload",
        "action": action,
        "context": {"key": key},
        "uploadInfo": {
            "uploadUrl": upload_url,
            "contentUrl": "https://a.sharepoint.com/personal/anna/svar.csv",
            "name": "svar.csv",
            "uniqueId": "1150D938",
            "fileType": "csv",
        },
    }


@dataclass(frozen=True, slots=True)
class Sent:
    """One request that the connector got."""

    method: str
    path: str
    headers: Mapping[str, str]
    body: Json


@dataclass(slots=True)
class ConnectorStub:
    """A Bot Framework connector. `script` holds what it does next: a status, a status with headers, or "drop"."""

    url: str = ""
    requests: list[Sent] = field(default_factory=list)
    script: deque[int | tuple[int, dict[str, str]] | str] = field(default_factory=deque)
    hold: asyncio.Event | None = None
    arrived: asyncio.Condition = field(default_factory=asyncio.Condition)
    connections: set[object] = field(default_factory=set)

    @property
    def messages(self) -> list[Json]:
        """The bodies, typing indicators left out."""
        return [sent.body for sent in self.requests if sent.body.get("type") != "typing"]

    async def wait_for(self, messages: int) -> None:
        """Until that many messages have come."""
        async with asyncio.timeout(10), self.arrived:
            await self.arrived.wait_for(lambda: len(self.messages) >= messages)

    async def handle(self, request: web.Request) -> web.StreamResponse:
        body = await request.json() if request.can_read_body else {}
        self.connections.add(request.transport)
        self.requests.append(Sent(request.method, request.raw_path, dict(request.headers), body))
        async with self.arrived:
            self.arrived.notify_all()
        if self.hold is not None:
            await self.hold.wait()
        step = self.script.popleft() if self.script else 201
        if step == "drop":
            assert request.transport is not None
            request.transport.close()
            return web.Response()
        status, headers = step if isinstance(step, tuple) else (int(step), {})
        content = {"id": f"sent-{len(self.requests)}"} if status < 300 else {"error": {"code": "Scripted"}}
        return web.json_response(content, status=status, headers=headers)


@asynccontextmanager
async def connector_stub(tls: ssl.SSLContext | None = None) -> AsyncIterator[ConnectorStub]:
    """A running connector; with `tls` on https://localhost, as production wants it."""
    stub = ConnectorStub()
    app = web.Application()
    app.router.add_route("*", "/{path:.*}", stub.handle)
    async with serving(app, tls) as port:
        stub.url = f"https://localhost:{port}/emea/" if tls else f"http://127.0.0.1:{port}/"
        yield stub


@dataclass(slots=True)
class OpenIdStub:
    """The Bot Framework's metadata and keys. `trouble` makes it hang, fail, or talk nonsense."""

    url: str = ""
    keys: list[Json] = field(default_factory=list)
    fetches: int = 0
    trouble: str = ""
    hold: asyncio.Event = field(default_factory=asyncio.Event)
    asked: asyncio.Event = field(default_factory=asyncio.Event)

    async def metadata(self, request: web.Request) -> web.Response:
        self.fetches += 1
        self.asked.set()
        if self.trouble == "hang":
            await self.hold.wait()
        if self.trouble == "503":
            return web.Response(status=503)
        if self.trouble == "garbage":
            return web.Response(text="<html>not today</html>")
        return web.json_response({"issuer": ISSUER, "jwks_uri": f"{request.url.origin()}/keys"})

    async def jwks(self, request: web.Request) -> web.Response:
        return web.json_response({"keys": self.keys})


@asynccontextmanager
async def openid_stub(*signers: Signer) -> AsyncIterator[OpenIdStub]:
    """A running OpenID service that knows the signers' keys."""
    stub = OpenIdStub(keys=[signer.jwk() for signer in signers])
    app = web.Application()
    app.router.add_get("/openid", stub.metadata)
    app.router.add_get("/keys", stub.jwks)
    async with serving(app) as port:
        stub.url = f"http://127.0.0.1:{port}/openid"
        yield stub
        stub.hold.set()


@asynccontextmanager
async def serving(app: web.Application, tls: ssl.SSLContext | None = None) -> AsyncIterator[int]:
    """An application on a free loopback port; yields the port."""
    runner = web.AppRunner(app, access_log=None, shutdown_timeout=0.1)
    await runner.setup()
    site = web.TCPSite(runner, "127.0.0.1", 0, ssl_context=tls)
    await site.start()
    try:
        yield runner.addresses[0][1]
    finally:
        await runner.cleanup()


class Signer:
    """A key pair of the Bot Framework service, or of somebody who would like to be it."""

    def __init__(self, kid: str = "key-1", *, endorsements: Sequence[str] | None = ("msteams",)) -> None:
        self.kid = kid
        self.endorsements = endorsements
        self.private = rsa.generate_private_key(public_exponent=65537, key_size=2048)

    @property
    def public_pem(self) -> bytes:
        return self.private.public_key().public_bytes(
            serialization.Encoding.PEM, serialization.PublicFormat.SubjectPublicKeyInfo
        )

    def jwk(self) -> Json:
        key: Json = json.loads(jwt.algorithms.RSAAlgorithm.to_jwk(self.private.public_key()))
        key |= {"kid": self.kid, "use": "sig"}
        if self.endorsements is not None:
            key["endorsements"] = list(self.endorsements)
        return key

    def claims(self, service_url: str, **changes: Any) -> Json:
        """The claims of a good token; a change to None leaves one out."""
        now = int(time.time())
        whole = {
            "iss": ISSUER,
            "aud": APP_ID,
            "nbf": now - 10,
            "exp": now + 3600,
            "serviceurl": service_url,
            **changes,
        }
        return {key: value for key, value in whole.items() if value is not None}

    def token(self, service_url: str, *, headers: Mapping[str, Any] | None = None, **changes: Any) -> str:
        """A token signed with this key."""
        return jwt.encode(
            self.claims(service_url, **changes), self.private, "RS256", headers={"kid": self.kid, **(headers or {})}
        )


@dataclass(frozen=True, slots=True)
class Tls:
    """A certificate for localhost and other names: what a server shows, and what a client needs to trust it."""

    server: ssl.SSLContext
    client: ssl.SSLContext

    @classmethod
    def make(cls, *names: str) -> Tls:
        key = rsa.generate_private_key(public_exponent=65537, key_size=2048)
        name = x509.Name([x509.NameAttribute(x509.NameOID.COMMON_NAME, "localhost")])
        now = datetime.datetime.now(datetime.UTC)
        alternatives = [
            *map(x509.DNSName, ("localhost", *names)),
            x509.IPAddress(ipaddress.ip_address("127.0.0.1")),
        ]
        certificate = (
            x509.CertificateBuilder()
            .subject_name(name)
            .issuer_name(name)
            .public_key(key.public_key())
            .serial_number(x509.random_serial_number())
            .not_valid_before(now - datetime.timedelta(days=1))
            .not_valid_after(now + datetime.timedelta(days=1))
            .add_extension(x509.SubjectAlternativeName(alternatives), critical=False)
            .add_extension(x509.BasicConstraints(ca=True, path_length=None), critical=True)
            .sign(key, hashes.SHA256())
        )
        pem = certificate.public_bytes(serialization.Encoding.PEM)
        secret = key.private_bytes(
            serialization.Encoding.PEM, serialization.PrivateFormat.PKCS8, serialization.NoEncryption()
        )
        server = ssl.create_default_context(ssl.Purpose.CLIENT_AUTH)
        with tempfile.TemporaryDirectory() as folder:
            both = Path(folder) / "server.pem"
            both.write_bytes(secret + pem)
            server.load_cert_chain(both)
        return cls(server, ssl.create_default_context(cadata=pem.decode()))
