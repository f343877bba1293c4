"""Pictures of figures over HTTP: fetched by address, kept by clients, never found by guessing paths."""

from __future__ import annotations

import asyncio
import struct
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from dataclasses import replace
from pathlib import Path
from urllib.parse import urlsplit

import pytest
from aiohttp import web
from aiohttp.test_utils import TestClient, TestServer

from bot.app import create_app
from bot.charts.store import ChartStore, intact
from bot.composition import Parts, open_parts
from bot.conversation.texts import Texts
from bot.settings import Settings
from bot.web import headers
from bot.web.access import Routes
from bot.web.figures import FigurePages
from bot.web.headers import HEADERS
from knowledge.model import Bar, Figure, PassageKind
from tests.fakes.figures import ALTERNATIVE, FIGURE, RecordingDrawing
from tests.fakes.library import publish_figure
from tests.fakes.teams import activity, connector_stub
from tests.integration.app.conftest import Client

TEXTS = Texts.load()
BASE = "https://fyren.example.se"


class Shelf:
    """Implements `bot.web.figures.Subject`."""

    def __init__(self, *figures: Figure) -> None:
        self.figures = figures


@pytest.fixture
def drawing() -> RecordingDrawing:
    return RecordingDrawing()


@pytest.fixture
def pages(tmp_path: Path, drawing: RecordingDrawing) -> FigurePages:
    return FigurePages(
        Shelf(FIGURE, replace(FIGURE, id="å/b c", number="4")), ChartStore(tmp_path, drawing), TEXTS, base=BASE
    )


@asynccontextmanager
async def serving(pages: FigurePages) -> AsyncIterator[Client]:
    app = web.Application()
    headers.attach(app)
    pages.attach(Routes(app))
    async with TestClient(TestServer(app)) as client:
        yield client


def path(address: str) -> str:
    """An address as a client asks this server for it."""
    assert address.startswith(f"{BASE}/figures/")
    return address.removeprefix(BASE)


async def test_each_address_gives_a_picture_that_cards_of_another_site_may_show(pages: FigurePages) -> None:
    async with serving(pages) as client:
        for language in ("sv", "en"):
            addresses = pages.addresses(FIGURE, language)
            assert addresses is not None
            bodies = set()
            for address in (addresses.light, addresses.dark):
                response = await client.get(path(address))
                assert (response.status, response.content_type) == (200, "image/png")
                assert response.headers["Cross-Origin-Resource-Policy"] == "cross-origin"
                assert response.headers["Cache-Control"] == "public, max-age=31536000, immutable"
                assert response.headers["X-Content-Type-Options"] == HEADERS["X-Content-Type-Options"]
                bodies.add(await response.read())
            assert len(bodies) == 2


async def test_a_client_that_has_the_picture_is_not_sent_it_again(
    pages: FigurePages, drawing: RecordingDrawing
) -> None:
    async with serving(pages) as client:
        first = await client.get("/figures/portfoljstyrning-sv.png")
        assert (first.status, first.headers["Cache-Control"]) == (200, "public, max-age=86400")
        tag = first.headers["ETag"]
        again = await client.get("/figures/portfoljstyrning-sv.png", headers={"If-None-Match": tag})
        assert (again.status, again.headers["ETag"], await again.read()) == (304, tag, b"")
        other = await client.get("/figures/portfoljstyrning-sv-dark.png", headers={"If-None-Match": tag})
        assert other.status == 200
        head = await client.head("/figures/portfoljstyrning-sv.png")
        assert (head.status, head.headers["ETag"]) == (200, tag)
    assert len(drawing.drawn) == 1


async def test_a_name_with_odd_letters_is_found_by_its_address(pages: FigurePages) -> None:
    addresses = pages.addresses(replace(FIGURE, id="å/b c", number="4"), "en")
    assert addresses is not None
    async with serving(pages) as client:
        assert (await client.get(addresses.light.removeprefix(BASE))).status == 200


@pytest.mark.parametrize(
    "name",
    [
        "unknown-sv.png",
        "portfoljstyrning-de.png",
        "portfoljstyrning.png",
        "portfoljstyrning-sv.jpg",
        "portfoljstyrning-sv-blue.png",
        "-sv.png",
        "",
        "..%2f..%2fetc%2fpasswd",
        "..%2f..%2f..%2fetc%2fpasswd-sv.png",
        "%00-sv.png",
        "portfoljstyrning-sv.png/..",
        "%2e%2e/%2e%2e/etc/passwd-sv.png",
        "x" * 4000 + "-sv.png",
    ],
)
async def test_what_is_no_figure_is_not_found_and_draws_nothing(
    pages: FigurePages, drawing: RecordingDrawing, name: str
) -> None:
    async with serving(pages) as client:
        response = await client.get(f"/figures/{name}")
        assert response.status == 404
        assert response.headers["Cache-Control"] == "no-store"
        assert response.headers["Cross-Origin-Resource-Policy"] == "same-origin"
    assert drawing.drawn == []


async def test_the_address_changes_with_the_figure_and_tells_namesakes_apart(tmp_path: Path) -> None:
    namesake = replace(FIGURE, bars=(Bar("Ja", 50.0), Bar("Nej", 50.0)), source="En annan enkät")
    drawing = RecordingDrawing()
    pages = FigurePages(Shelf(FIGURE, namesake), ChartStore(tmp_path, drawing), TEXTS, base=f"{BASE}/")
    first, second = pages.addresses(FIGURE, "sv"), pages.addresses(namesake, "sv")
    assert first is not None
    assert second is not None
    assert first.light != second.light
    async with serving(pages) as client:
        for address in (second.light, first.light):
            assert (await client.get(path(address))).status == 200
    assert [len(chart.bars) for chart in drawing.drawn] == [2, 5]


async def test_a_picture_that_cannot_be_drawn_may_be_asked_for_again(
    pages: FigurePages, drawing: RecordingDrawing
) -> None:
    drawing.broken = True
    async with serving(pages) as client:
        response = await client.get("/figures/portfoljstyrning-sv.png")
        assert (response.status, response.headers["Cache-Control"]) == (503, "no-store")
        assert "Retry-After" in response.headers
        assert "ink" not in await response.text()
        drawing.broken = False
        assert (await client.get("/figures/portfoljstyrning-sv.png")).status == 200


def test_a_figure_without_a_name_has_no_address(pages: FigurePages) -> None:
    assert pages.addresses(replace(FIGURE, id=""), "sv") is None


def test_r07_a_figure_that_not_everybody_may_see_has_no_address(pages: FigurePages) -> None:
    assert pages.addresses(replace(FIGURE, question="Hur är det i Tanum?"), "sv") is None


@asynccontextmanager
async def application(settings: Settings) -> AsyncIterator[tuple[Client, Parts]]:
    """The whole application on a knowledge base of one figure."""
    await asyncio.to_thread(publish_figure, settings.index_dir, FIGURE)
    parts = await open_parts(settings, TEXTS)
    app = await asyncio.to_thread(create_app, parts)
    async with TestClient(TestServer(app)) as client:
        yield client, parts
    await parts.close()


async def test_an_answer_about_a_figure_brings_its_picture_and_the_table(settings: Settings) -> None:
    async with application(settings) as (client, parts), connector_stub() as connector:
        await client.post("/api/messages", json=activity(connector.url, text="Hur etablerad är portföljstyrningen?"))
        await connector.wait_for(2)
        card = connector.messages[1]["attachments"][0]["content"]
        assert [passage.kind for passage in parts.knowledge.served.advisor.index.passages] == [PassageKind.FIGURE]
        image = card["body"][1]
        assert (image["type"], image["altText"]) == ("Image", ALTERNATIVE)
        assert [each["theme"] for each in image["themedUrls"]] == ["Light", "Dark"]
        assert image["url"] == image["themedUrls"][0]["url"]
        for address in (each["url"] for each in image["themedUrls"]):
            assert address.startswith(f"{parts.settings.pictures_url}/figures/portfoljstyrning-sv")
            split = urlsplit(address)
            response = await client.get(f"{split.path}?{split.query}")
            png = await response.read()
            assert response.status == 200
            assert intact(png)
            assert max(struct.unpack_from(">II", png, 16)) <= 1024
        assert await asyncio.to_thread(_kept, parts.settings.charts_dir) == 2


async def test_without_an_address_from_outside_there_are_bars_and_no_pictures(settings: Settings) -> None:
    async with application(settings.model_copy(update={"port": 0})) as (client, _), connector_stub() as connector:
        await client.post("/api/messages", json=activity(connector.url, text="Hur etablerad är portföljstyrningen?"))
        await connector.wait_for(2)
        card = connector.messages[1]["attachments"][0]["content"]
        assert "Image" not in str(card)
        assert "ProgressBar" in str(card)
        assert (await client.get("/figures/portfoljstyrning-sv.png")).status == 404


def _kept(folder: Path) -> int:
    return len(list(folder.glob("*.png")))
