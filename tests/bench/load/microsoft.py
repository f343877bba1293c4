"""Microsoft's side on loopback: keys that tokens are signed with, the bot's own token, and a connector over TLS.

The service finds all of it by what it is told in production, too: `FYREN_TEAMS_OPENID_URL` and
`FYREN_TEAMS_SERVICE_HOSTS`, the variables by which a platform hands a managed identity over, and the system's trust in
certificates (`SSL_CERT_FILE`).
"""

from __future__ import annotations

import asyncio
import ssl
import time
from collections.abc import AsyncIterator, Callable
from contextlib import asynccontextmanager
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any
from urllib.parse import unquote

from aiohttp import web

from tests.bench.load.places import Tenant
from tests.fakes.teams import OpenIdStub, Signer, Tls, serving

Json = dict[str, Any]
OWN_TOKEN = "token-of-the-bot"
IDENTITY_SECRET = "loopback"


@dataclass(frozen=True, slots=True)
class Arrival:
    """What came to the connector: in which chat, in reply to which activity, and under which id it was taken."""

    at: float
    method: str
    chat: str
    reply_to: str
    id: str
    body: Json


@dataclass(slots=True)
class Microsoft:
    """Running; `heard` is told everything that comes to the connector."""

    heard: Callable[[Arrival], None] = lambda arrival: None
    address: str = ""
    keys: str = ""
    identity: str = ""
    strangers: int = 0
    """Sends that did not carry the bot's token."""
    _signer: Signer = field(default_factory=Signer)
    _tokens: dict[str, str] = field(default_factory=dict)
    _sent: int = 0

    def service_url(self, tenant: Tenant) -> str:
        """The connector's address for a tenant, as Teams names it in activities."""
        return f"{self.address}/emea/{tenant.id}/"

    def token(self, tenant: Tenant) -> str:
        """What a tenant's activities are sent with; made once."""
        url = self.service_url(tenant)
        if url not in self._tokens:
            # For longer than any run, which would otherwise be about tokens that have ended.
            self._tokens[url] = self._signer.token(url, exp=int(time.time()) + 24 * 3600)
        return self._tokens[url]

    async def connector(self, request: web.Request) -> web.Response:
        at = time.monotonic()
        if request.headers.get("Authorization") != f"Bearer {OWN_TOKEN}":
            self.strangers += 1
            return web.json_response({"error": {"code": "Unauthorized"}}, status=401)
        body = await request.json() if request.can_read_body else {}
        steps = [unquote(step) for step in request.rel_url.raw_path.split("/")]
        place = steps[steps.index("conversations") + 1 :]
        self._sent += 1
        mine = f"m-{self._sent}"
        self.heard(Arrival(at, request.method, place[0], place[2] if len(place) > 2 else "", mine, body))
        return web.json_response({"id": mine}, status=201)

    async def own_token(self, request: web.Request) -> web.Response:
        """What the platform gives an app that has a managed identity."""
        if request.headers.get("X-IDENTITY-HEADER") != IDENTITY_SECRET:
            return web.json_response({"message": "who is asking?"}, status=401)
        ends = int(time.time()) + 24 * 3600
        told = {"access_token": OWN_TOKEN, "expires_on": str(ends), "resource": request.query.get("resource", "")}
        return web.json_response(told | {"token_type": "Bearer"})

    def environment(self, certificate: Path) -> dict[str, str]:
        """What a service is told, by variable."""
        return {
            "FYREN_TEAMS_OPENID_URL": self.keys,
            "FYREN_TEAMS_SERVICE_HOSTS": self.address.removeprefix("https://"),
            "IDENTITY_ENDPOINT": self.identity,
            "IDENTITY_HEADER": IDENTITY_SECRET,
            "SSL_CERT_FILE": str(certificate),
        }


@asynccontextmanager
async def microsoft(certificate: Path) -> AsyncIterator[Microsoft]:
    """All of it; the certificate that the connector shows is written to the file."""
    tls = Tls.make()
    pem = ssl.DER_cert_to_PEM_cert(tls.client.get_ca_certs(binary_form=True)[0])
    await asyncio.to_thread(certificate.write_text, pem, encoding="ascii")
    side = Microsoft()
    openid = OpenIdStub(keys=[side._signer.jwk()])
    plain, secure = web.Application(), web.Application()
    plain.router.add_get("/openid", openid.metadata)
    plain.router.add_get("/keys", openid.jwks)
    plain.router.add_get("/identity", side.own_token)
    secure.router.add_route("*", "/{path:.*}", side.connector)
    async with serving(plain) as port, serving(secure, tls.server) as connector:
        side.address = f"https://localhost:{connector}"
        side.keys, side.identity = f"http://127.0.0.1:{port}/openid", f"http://127.0.0.1:{port}/identity"
        yield side
