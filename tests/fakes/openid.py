"""An OpenID provider that does as it is told: it can forge, rotate, hang and fail, which a real one will not."""

from __future__ import annotations

import asyncio
import base64
import hashlib
import time
from collections.abc import AsyncIterator, Callable
from contextlib import asynccontextmanager
from functools import cache
from typing import Any, Final
from urllib.parse import parse_qs, urlsplit

from aiohttp import web
from aiohttp.test_utils import TestServer
from joserfc import jwt
from joserfc.jwk import ECKey, RSAKey

CLIENT_ID: Final = "fyren-pages"
CLIENT_SECRET: Final = "s3cr3t-of-the-pages"
TENANT: Final = "11111111-1111-1111-1111-111111111111"

Claims = dict[str, Any]
Sign = Callable[[Claims], str]


@cache
def rsa_key(kid: str, which: int = 0) -> RSAKey:
    """A key with this id, always the same; `which` tells several of one id apart."""
    return RSAKey.generate_key(2048, {"kid": kid, "use": "sig"})


class ScriptedProvider:
    """`claims` are added to every token, where None takes one away; `sign` replaces how it is signed."""

    def __init__(self) -> None:
        self.keys: list[RSAKey | ECKey] = [rsa_key("k1")]
        self.extra_keys: list[Any] = []
        self.claims: Claims = {}
        self.sign: Sign | None = None
        self.description: Claims = {}
        self.token_answer: Callable[[], web.Response] | None = None
        self.failing: dict[str, int] = {}
        self.hangs: set[str] = set()
        self.hanging = asyncio.Event()
        self.asked: list[str] = []
        self.codes: dict[str, dict[str, str]] = {}
        self.url = ""

    @asynccontextmanager
    async def running(self) -> AsyncIterator[ScriptedProvider]:
        """Serve on a loopback address."""
        app = web.Application()
        app.router.add_get("/.well-known/openid-configuration", self._describe)
        app.router.add_get("/keys", self._publish)
        app.router.add_post("/token", self._exchange)
        async with TestServer(app) as server:
            self.url = str(server.make_url("")).rstrip("/")
            yield self
            self.hanging.set()

    def authorize(self, address: str) -> str:
        """What a person's sign-in at this address gives: a code for the client."""
        said = {name: values[0] for name, values in parse_qs(urlsplit(address).query).items()}
        code = f"code-{len(self.codes)}"
        self.codes[code] = said
        return code

    def token(self, said: dict[str, str]) -> str:
        """The id token for a sign-in that began with these parameters."""
        now = int(time.time())
        claims: Claims = {
            "iss": self.url,
            "aud": CLIENT_ID,
            "sub": "sub-1",
            "oid": "oid-1",
            "tid": TENANT,
            "name": "Frida Förbund",
            "roles": ["Fyren.Federation"],
            "iat": now,
            "nbf": now,
            "exp": now + 300,
            "nonce": said.get("nonce"),
        }
        claims = {name: value for name, value in (claims | self.claims).items() if value is not None}
        return self.sign(claims) if self.sign else signed(claims, self.keys[0])

    async def _describe(self, request: web.Request) -> web.Response:
        await self._trouble("description")
        described = {
            "issuer": self.url,
            "authorization_endpoint": f"{self.url}/authorize",
            "token_endpoint": f"{self.url}/token",
            "jwks_uri": f"{self.url}/keys",
        }
        return web.json_response(described | self.description)

    async def _publish(self, request: web.Request) -> web.Response:
        await self._trouble("keys")
        return web.json_response({"keys": [*(each.as_dict(private=False) for each in self.keys), *self.extra_keys]})

    async def _exchange(self, request: web.Request) -> web.Response:
        await self._trouble("token")
        if self.token_answer is not None:
            return self.token_answer()
        form = await request.post()
        said = self.codes.pop(str(form.get("code")), None)
        basic = base64.b64encode(f"{CLIENT_ID}:{CLIENT_SECRET}".encode()).decode()
        in_body = (form.get("client_id"), form.get("client_secret")) == (CLIENT_ID, CLIENT_SECRET)
        if request.headers.get("Authorization") != f"Basic {basic}" and not in_body:
            return web.json_response({"error": "invalid_client"}, status=401)
        if said is None or form.get("redirect_uri") != said["redirect_uri"] or not _proves(form, said):
            return web.json_response({"error": "invalid_grant"}, status=400)
        return web.json_response({"access_token": "a", "token_type": "Bearer", "id_token": self.token(said)})

    async def _trouble(self, place: str) -> None:
        self.asked.append(place)
        if place in self.hangs:
            await self.hanging.wait()
        if self.failing.get(place, 0) > 0:
            self.failing[place] -= 1
            raise web.HTTPBadGateway


def _proves(form: Any, said: dict[str, str]) -> bool:
    """PKCE: whoever fetches the token is who began."""
    digest = hashlib.sha256(str(form.get("code_verifier", "")).encode()).digest()
    challenge = base64.urlsafe_b64encode(digest).decode().rstrip("=")
    return said.get("code_challenge_method") == "S256" and said.get("code_challenge") == challenge


def signed(claims: Claims, key: RSAKey | ECKey, **header: Any) -> str:
    """A token, by default as an honest provider signs it."""
    algorithm = "ES256" if isinstance(key, ECKey) else "RS256"
    given = {"alg": algorithm, "kid": key.kid} | header
    return jwt.encode({name: value for name, value in given.items() if value is not None}, claims, key, [given["alg"]])
