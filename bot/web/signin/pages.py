"""`/sign-in` and what belongs to it: to the provider and back, the one-time link of this machine, signing out."""

from __future__ import annotations

import logging
from collections.abc import Callable
from datetime import UTC, datetime
from typing import Final
from urllib.parse import quote

from aiohttp import web

from bot.access.audit import Action, AuditEvent, AuditLog
from bot.access.permissions import Permission
from bot.access.sessions import new_secret
from bot.access.visitor import Visitor
from bot.web.access import SIGN_IN, Routes
from bot.web.rendering import Pages
from bot.web.sessions import Cookies, visitor_of
from bot.web.signin.addresses import is_local, own_path
from bot.web.signin.attempts import LASTS
from bot.web.signin.errors import ProviderFailed, Reason, SigninRefused
from bot.web.signin.local import LocalLink
from bot.web.signin.openid import OpenidSignin

START: Final = f"{SIGN_IN}/start"
CALLBACK: Final = f"{SIGN_IN}/callback"
LOCAL: Final = f"{SIGN_IN}/local"
SIGN_OUT: Final = "/sign-out"
ATTEMPT: Final = "attempt"
"""The cookie that ties an attempt to the browser it began in."""

_log = logging.getLogger(__name__)


class SigninPages:
    """At most one of `openid` and `local` is there; with neither nobody can sign in, and the page says so."""

    def __init__(
        self,
        pages: Pages,
        cookies: Cookies,
        audit: AuditLog,
        *,
        openid: OpenidSignin | None = None,
        local: LocalLink | None = None,
        clock: Callable[[], datetime] = lambda: datetime.now(UTC),
    ) -> None:
        self._pages = pages
        self._cookies = cookies
        self._audit = audit
        self._openid = openid
        self._local = local
        self._clock = clock

    def attach(self, routes: Routes) -> None:
        """Add the routes."""
        routes.add("GET", SIGN_IN, self.ask, needs=Permission.BE_ANYBODY)
        routes.add("GET", START, self.start, needs=Permission.BE_ANYBODY)
        routes.add("GET", CALLBACK, self.finish, needs=Permission.BE_ANYBODY)
        # Whoever has no session yet has no token either; the code is what nobody else can know.
        routes.add("POST", LOCAL, self.redeem, needs=Permission.BE_ANYBODY, form_token=False)
        routes.add("GET", LOCAL, self.ask, needs=Permission.BE_ANYBODY)
        routes.add("POST", SIGN_OUT, self.sign_out, needs=Permission.BE_SIGNED_IN)

    async def ask(self, request: web.Request) -> web.Response:
        """How to sign in here."""
        after = own_path(request.query.get("next", ""))
        return await self._pages.show(
            request,
            "signin.html",
            form=self._local is not None,
            way="openid" if self._openid else "local" if self._local else "none",
            start=f"{START}?next={quote(after, safe='/')}",
            local=LOCAL,
            signed_out="out" in request.query,
        )

    async def start(self, request: web.Request) -> web.Response:
        """On to the provider."""
        if self._openid is None:
            raise web.HTTPNotFound
        kind = self._cookies.kind
        # Kept where there is one, so that two tabs can be on their way at a time.
        browser = request.cookies.get(kind.name(ATTEMPT)) or new_secret()
        try:
            there = await self._openid.begin(browser, own_path(request.query.get("next", "")))
        except ProviderFailed as error:
            return await self._failed(request, error)
        response = web.Response(status=303, headers={"Location": there})
        kind.put(response, ATTEMPT, browser, int(LASTS))
        return response

    async def finish(self, request: web.Request) -> web.Response:
        """Back from the provider."""
        if self._openid is None:
            raise web.HTTPNotFound
        browser = request.cookies.get(self._cookies.kind.name(ATTEMPT), "")
        try:
            visitor, after = await self._openid.finish(request.query, browser)
        except ProviderFailed as error:
            return await self._failed(request, error)
        except SigninRefused as error:
            return await self._refused(request, error)
        return await self._welcome(request, visitor, after)

    async def redeem(self, request: web.Request) -> web.Response:
        """The code of the link that `fyren serve` printed."""
        if self._local is None or not is_local(request):
            raise web.HTTPNotFound
        code = (await request.post()).get("code", "")
        try:
            visitor = self._local.redeem(code.strip() if isinstance(code, str) else "")
        except SigninRefused as error:
            return await self._refused(request, error)
        return await self._welcome(request, visitor, "/")

    async def sign_out(self, request: web.Request) -> web.Response:
        """End the session."""
        response = web.Response(status=303, headers={"Location": f"{SIGN_IN}?out"})
        await self._cookies.close(request, response)
        await self._record(visitor_of(request), Action.SIGNED_OUT)
        return response

    async def _welcome(self, request: web.Request, visitor: Visitor, after: str) -> web.Response:
        response = web.Response(status=303, headers={"Location": after})
        # Recorded first: nobody is in without the log saying so.
        await self._record(visitor, Action.SIGNED_IN)
        await self._cookies.open(request, response, visitor)
        self._cookies.kind.drop(response, ATTEMPT)
        return response

    async def _refused(self, request: web.Request, error: SigninRefused) -> web.Response:
        _log.warning("nobody was signed in: %s", error)
        if error.subject:
            # Only people whom the provider knows are recorded: anybody else could fill the log.
            refused = AuditEvent(self._clock(), error.subject, error.tenant, Action.SIGN_IN_REFUSED)
            await self._audit.append(refused)
        status = 429 if error.reason is Reason.LOCKED else 403
        return await self._pages.show(request, "signin_refused.html", status=status, reason=error.reason)

    async def _failed(self, request: web.Request, error: ProviderFailed) -> web.Response:
        _log.error("signing in does not work: %s", error)
        response = await self._pages.show(request, "signin_refused.html", status=503, reason="failed")
        response.headers["Retry-After"] = "10"
        return response

    async def _record(self, visitor: Visitor, action: Action) -> None:
        roles = {"roles": " ".join(sorted(visitor.roles))}
        await self._audit.append(AuditEvent(self._clock(), visitor.subject, visitor.tenant, action, details=roles))
