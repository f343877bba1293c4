"""The crawl of the results benchmark: which route an address belongs to, what can be filled in, and that it follows."""

from __future__ import annotations

from aiohttp import ClientSession, web

from tests.bench.site_crawl import Crawl, seeds
from tests.fakes.teams import serving

PATHS = ("/", "/rounds/new", "/rounds/{round}", "/rounds/{round}/charts/{chart}.svg", "/broken")


def test_parts_that_are_known_are_filled_in() -> None:
    found = list(seeds(PATHS, [{"round": "a"}, {"round": "b"}]))
    assert set(found) == {"/", "/rounds/new", "/rounds/a", "/rounds/b", "/broken"}


async def test_links_are_followed_once_and_what_fails_is_told() -> None:
    asked: list[str] = []

    async def page(request: web.Request) -> web.Response:
        asked.append(request.path_qs)
        if request.path == "/broken":
            raise web.HTTPInternalServerError
        text = '<a href="/rounds/new"></a><a href="/rounds/r1#top"><img src="/rounds/r1/charts/x.svg?a=1"></a>'
        return web.Response(
            text=f'{text}<a href="/beside/1"></a><a href="//other.example/"></a>', content_type="text/html"
        )

    app = web.Application()
    app.router.add_get("/{path:.*}", page)
    async with serving(app) as port, ClientSession() as session:
        crawl = Crawl(session, f"http://127.0.0.1:{port}", PATHS, beside="/beside")
        await crawl.all(["/", "/broken"])
    assert {name: each.addresses for name, each in crawl.routes.items()} == dict.fromkeys(PATHS[:4], 1)
    assert crawl.routes["/rounds/{round}/charts/{chart}.svg"].kind == "chart"
    assert crawl.wrong == ["500 /broken"]
    assert {path: asked.count(path) for path in set(asked) - {"/broken"}} == dict.fromkeys(
        ("/", "/rounds/new", "/rounds/r1", "/rounds/r1/charts/x.svg?a=1"), 3
    )
