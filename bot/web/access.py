"""The way to every page: routes are declared with what they need, and what was not declared is not served.

    routes.add("GET", "/rounds", self.show_rounds, needs=Permission.MANAGE_ROUNDS, menu="rounds.menu")

The declarations are kept with the application, so that menus, tests and the matrix of who reaches what read the same
list that the guard does.
"""

from __future__ import annotations

import logging
from collections.abc import Awaitable, Callable, Collection, Iterator, Mapping
from dataclasses import dataclass
from typing import Final
from urllib.parse import quote

from aiohttp import web
from aiohttp.typedefs import Handler, Middleware

from bot.access.permissions import Permission
from bot.access.visitor import Visitor
from bot.web.csrf import SAFE_METHODS, require_own_form, require_own_upload
from bot.web.errors import SessionEnded
from bot.web.sessions import VISITOR, Cookies, visitor_of

SIGN_IN: Final = "/sign-in"
MUNICIPALITY: Final = "municipality"
"""The name by which a path or a query says which municipality it is about."""

CHALLENGE: Final = {"WWW-Authenticate": "Bearer"}

_log = logging.getLogger(__name__)


@dataclass(frozen=True, slots=True)
class Declared:
    """What a route is for.

    `needs` is what a visitor must be allowed. `data` marks routes for programs, which are refused in JSON and not sent
    to the sign-in. `form_token` says that a form sent here carries its session's token. `menu` is the key of the text
    by which the menu names the page; empty keeps it out. `open` marks what is the same for everybody, so that nobody's
    session is looked up for it. `upload` says that files are sent here, which the handler reads as they come.
    """

    method: str
    path: str
    needs: Permission
    data: bool = False
    form_token: bool = True
    menu: str = ""
    open: bool = False
    upload: bool = False

    def admits(self, visitor: Visitor, municipalities: Collection[str] = ()) -> bool:
        """Whether the visitor may go on, for all of these municipalities; for any of their own where there are none."""
        return all(visitor.may(self.needs, each) for each in municipalities or ("",))


DECLARED: Final = web.AppKey("declared", dict[web.AbstractRoute, Declared])


class Routes:
    """Adds routes to an application with what they need."""

    def __init__(self, app: web.Application) -> None:
        self.app = app
        if DECLARED not in app:
            app[DECLARED] = {}
        self._declared = app[DECLARED]

    def add(
        self,
        method: str,
        path: str,
        handler: Handler,
        *,
        needs: Permission,
        data: bool = False,
        form_token: bool = True,
        menu: str = "",
        open: bool = False,
        upload: bool = False,
    ) -> None:
        """Add a route; GET answers HEAD too. See Declared for what the rest means.

        A path with `{municipality}`, or a query with it, is about that municipality: the guard asks for the permission
        there. A handler that learns of a municipality in another way asks `visitor.may` itself.
        """
        declared = Declared(method, path, needs, data, form_token, menu, open, upload)
        resource = self.app.router.add_resource(path)
        for each in ("HEAD", method) if method == "GET" else (method,):
            self._declared[resource.add_route(each, handler)] = declared

    def vouch(self, needs: Permission) -> None:
        """Declare all routes so far that were added by others, who guard them themselves."""
        for route in self.app.router.routes():
            if route not in self._declared and route.resource is not None:
                self._declared[route] = Declared(route.method, route.resource.canonical, needs, form_token=False)


def declared(app: web.Application) -> Mapping[web.AbstractRoute, Declared]:
    """All declarations of an application, in the order in which they were made."""
    found = app[DECLARED]
    return found


def menu_for(app: web.Application, visitor: Visitor) -> Iterator[Declared]:
    """The pages that this visitor's menu has."""
    for route, each in app[DECLARED].items():
        if each.menu and route.method == each.method and each.admits(visitor):
            yield each


ByKey = Callable[[str], Awaitable[Visitor | None]]
"""Tells whom a program's key stands for; None where it stands for nobody. Raises AccessStoreFailed."""


async def nobody_by_key(key: str) -> Visitor | None:
    """Where no keys are given out: nobody, whatever the key."""
    return None


def guard(
    cookies: Cookies, origins: Callable[[web.Request], Collection[str]], by_key: ByKey = nobody_by_key
) -> Middleware:
    """The middleware that lets nobody further than they may go, and takes forms from this service's pages only.

    `origins` are the service's own origins as browsers name them. `by_key` recognises programs, which send a key as
    `Authorization: Bearer`, and reach nothing but routes for data.
    """

    @web.middleware
    async def check(request: web.Request, handler: Handler) -> web.StreamResponse:
        if request.match_info.http_exception is not None:
            return await handler(request)  # it is not there, which is the same for everybody
        found = request.app[DECLARED].get(request.match_info.route)
        if found is None:
            _log.error("%s has no declaration of what it needs, so nobody reaches it", request.match_info.route)
            raise web.HTTPForbidden
        if found.needs is Permission.SPEAK_AS_TEAMS:
            return await handler(request)
        if found.data and "Authorization" in request.headers:
            await _recognise_program(request, by_key)
        elif not found.open:
            await cookies.recognise(request, required=found.needs is not Permission.BE_ANYBODY)
        if not found.admits(visitor_of(request), _named(request)):
            raise _refusal(request, found)
        if found.upload:
            await require_own_upload(request, origins(request))
        elif request.method not in SAFE_METHODS:
            await require_own_form(request, origins(request), token=found.form_token)
        return await handler(request)

    return check


async def _recognise_program(request: web.Request, by_key: ByKey) -> None:
    """A wrong key is refused even where none is needed: whoever sends one wants to know."""
    scheme, _, key = request.headers["Authorization"].partition(" ")
    visitor = await by_key(key.strip()) if scheme.lower() == "bearer" else None
    if visitor is None:
        raise web.HTTPUnauthorized(headers=CHALLENGE)
    request[VISITOR] = visitor


def _named(request: web.Request) -> list[str]:
    """The municipalities that the address is about."""
    return [
        each for each in (request.match_info.get(MUNICIPALITY, ""), *request.query.getall(MUNICIPALITY, ())) if each
    ]


def _refusal(request: web.Request, found: Declared) -> web.HTTPException:
    if visitor_of(request).signed_in:
        return web.HTTPForbidden()
    if found.data:
        return web.HTTPUnauthorized(headers=CHALLENGE)
    if request.method in SAFE_METHODS:
        return web.HTTPSeeOther(f"{SIGN_IN}?next={quote(request.path_qs, safe='/')}")
    return SessionEnded()
