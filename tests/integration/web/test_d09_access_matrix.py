"""Who reaches what: every route that the application has, asked by everybody who comes.

The routes come from the router itself, so a new one fails here until it has its line in EXPECTED.
"""

from __future__ import annotations

import re
from typing import Final

import pytest
from aiohttp import web

from bot.access.visitor import ANYBODY, Visitor
from bot.signing_in import LOCAL_LINK
from bot.web.access import MUNICIPALITY, SIGN_IN, Declared, declared
from tests.fakes.visitors import ADMINISTRATOR, CONTACT_A, CONTACT_B, FEDERATION, MUNICIPAL
from tests.integration.web.conftest import Whole

pytestmark = pytest.mark.asyncio(loop_scope="package")

VISITORS: Final[dict[str, Visitor]] = {
    "n": ANYBODY,
    "a": CONTACT_A,
    "b": CONTACT_B,
    "d": MUNICIPAL,
    "f": FEDERATION,
    "m": ADMINISTRATOR,
}
"""n: nobody who has signed in; a: contact of Uddevalla; b: contact of Lysekil; d: administrator of Uddevalla;
f: federation; m: administrator."""

EXPECTED: Final = """
POST /api/messages             nabdfm
GET  /figures/{name}           nabdfm
GET  /static/{name}            nabdfm
GET  /fyren.css                nabdfm
GET  /                         nabdfm
GET  /healthz                  nabdfm
GET  /readyz                   nabdfm
GET  /privacy                  nabdfm
GET  /terms                    nabdfm
GET  /sign-in                  nabdfm
GET  /sign-in/start            nabdfm
GET  /sign-in/callback         nabdfm
GET  /sign-in/local            nabdfm
POST /sign-in/local            nabdfm
POST /sign-out                 abdfm
GET  /rounds                   abf
GET  /rounds/new               f
POST /rounds/new               f
GET  /rounds/{round}           abf
GET  /rounds/{round}/change    f
POST /rounds/{round}/change    f
POST /rounds/{round}/open      f
POST /rounds/{round}/close     f
POST /rounds/{round}/reopen    f
POST /rounds/{round}/archive   f
POST /rounds/{round}/publish   f
POST /rounds/{round}/remind    f
POST /rounds/{round}/visibility ab
GET  /rounds/{round}/results   abf
GET  /rounds/{round}/items/{item} abf
GET  /rounds/{round}/municipalities abf
GET  /rounds/{round}/municipalities/{municipality} af
GET  /rounds/{round}/trend     abf
GET  /rounds/{round}/themes    abf
GET  /rounds/{round}/recommendations abf
GET  /rounds/{round}/charts/{chart}.svg abf
GET  /audit                    m
GET  /rounds/{round}/exports   abf
GET  /rounds/{round}/exports/{file} abf
GET  /api/v1/rounds            abf
GET  /api/v1/rounds/{round}    abf
GET  /api/v1/rounds/{round}/editions abf
GET  /api/v1/rounds/{round}/results abf
GET  /api/v1/rounds/{round}/areas abf
GET  /api/v1/rounds/{round}/participation abf
GET  /api/v1/rounds/{round}/codebook abf
GET  /api/openapi.json         nabdfm
GET  /api/docs                 nabdfm
GET  /open-data                nabdfm
GET  /open-data/catalog.{syntax} nabdfm
GET  /open-data/{file}         nabdfm
GET  /feedback                 f
GET  /feedback/unanswered      f
GET  /feedback/fyren-evaluation-questions.jsonl f
POST /feedback/evaluation      f
POST /feedback/document        f
GET  /questions                f
GET  /questions/{case}         f
POST /questions/{case}/reply   f
POST /questions/{case}/close   f
POST /questions/{case}/publish f
GET  /documents                dm
POST /documents                dm
GET  /documents/events         dm
GET  /documents/history        dm
GET  /documents/address        dm
POST /documents/address        dm
GET  /documents/one            dm
POST /documents/one/facts      dm
POST /documents/one/remove     dm
GET  /documents/jobs/{job}     dm
GET  /documents/jobs/{job}/passages dm
POST /documents/jobs/{job}/cancel dm
POST /documents/jobs/{job}/publish dm
POST /documents/jobs/{job}/discard dm
POST /documents/jobs/{job}/undo dm
GET  /pause                    m
POST /pause                    m
"""
"""Who is let in; a path with a municipality is asked for Uddevalla, which is a's. The bot's endpoint lets nobody in for
having signed in: its callers prove themselves by tokens."""

SAMPLES: Final = {MUNICIPALITY: "uddevalla", "name": "fyren.css"}
"""What stands for the names in paths; anything else is something that does not exist."""


def expected() -> dict[str, str]:
    lines = (line.split() for line in EXPECTED.strip().splitlines())
    return {f"{method} {path}": letters for method, path, letters in lines}


def routes(app: web.Application) -> dict[str, Declared | None]:
    """Every route of the router but HEAD, which goes wherever GET does; None for one that was never declared."""
    known = declared(app)
    return {
        f"{route.method} {route.resource.canonical}": known.get(route)
        for route in app.router.routes()
        if route.resource is not None and route.method != "HEAD"
    }


def address(path: str) -> str:
    return re.sub(r"{(\w+)[^}]*}", lambda name: SAMPLES.get(name[1], "unknown"), path)


async def let_in(whole: Whole, name: str, visitor: Visitor) -> bool:
    """Whether the visitor gets past the guard. A route has to cope with what does not exist without breaking."""
    method, path = name.split()
    fields = {"code": whole.app[LOCAL_LINK].issue()} if name == "POST /sign-in/local" else {}
    status, location, _ = await whole.ask(method, address(path), visitor, **fields)
    assert status < 500 or (name, status) == ("GET /readyz", 503), f"{name} answered {status}"
    return status not in (401, 403) and not location.startswith(f"{SIGN_IN}?next=")


async def test_d09_every_route_is_declared(whole: Whole) -> None:
    assert [name for name, found in routes(whole.app).items() if found is None] == []


async def test_d09_every_route_lets_in_exactly_those_whom_it_should(whole: Whole) -> None:
    found = {
        name: "".join([letter for letter, visitor in VISITORS.items() if await let_in(whole, name, visitor)])
        for name in routes(whole.app)
    }
    assert found == expected()


async def test_d09_only_what_nobody_has_a_session_for_does_without_its_token(whole: Whole) -> None:
    without = {
        name
        for name, found in routes(whole.app).items()
        if found is not None and found.method not in ("GET", "HEAD") and not found.form_token
    }
    assert without == {"POST /api/messages", "POST /sign-in/local"}


async def test_d09_the_declaration_decides_for_every_municipality(whole: Whole) -> None:
    for name, found in routes(whole.app).items():
        if found is None or MUNICIPALITY not in found.path:
            continue
        method, path = name.split()
        elsewhere = address(path.replace(f"{{{MUNICIPALITY}}}", "lysekil"))
        for visitor in VISITORS.values():
            status, location, _ = await whole.ask(method, elsewhere, visitor)
            refused = status in (401, 403) or location.startswith(f"{SIGN_IN}?next=")
            assert refused is not visitor.may(found.needs, "lysekil"), (name, visitor)
