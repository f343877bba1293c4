"""The dashboard in a real browser: nothing that axe finds, in light and dark, wide and narrow; by keyboard alone."""

from __future__ import annotations

import asyncio
import socket
from collections.abc import AsyncIterator
from dataclasses import dataclass

import pytest
import pytest_asyncio
from aiohttp import web
from playwright.async_api import Page, expect

from bot.access.visitor import Visitor
from bot.charts.vega.process import VegaProcess
from bot.maturity.rounds import RoundStatus
from tests.e2e.accessibility import violations
from tests.e2e.stage import browser_page
from tests.fakes.dashboard import ADMINISTRATOR, CONTACT, FEDERATION, OPEN, FakeDashboard
from tests.fakes.editions import HOSTILE
from tests.fakes.visitors import cookie, signed_in

pytestmark = [pytest.mark.e2e, pytest.mark.slow, pytest.mark.asyncio(loop_scope="module")]

PAGES = (
    (FEDERATION, "/rounds"),
    (FEDERATION, "/rounds/2026-1"),
    (FEDERATION, "/rounds/2027-1"),
    (FEDERATION, "/rounds/new"),
    (FEDERATION, "/rounds/2026-1/results?role=it_nara&area=teknik"),
    (FEDERATION, "/rounds/2026-1/results"),
    (FEDERATION, "/rounds/2026-1/items/digital_mognad"),
    (FEDERATION, "/rounds/2026-1/items/org_hinder"),
    (FEDERATION, "/rounds/2026-1/municipalities"),
    (FEDERATION, "/rounds/2026-1/trend"),
    (FEDERATION, "/rounds/2026-1/themes"),
    (FEDERATION, "/rounds/2026-1/recommendations"),
    (CONTACT, "/rounds/2026-1/municipalities/uddevalla"),
    (CONTACT, "/rounds/2027-1/municipalities/uddevalla"),
    (ADMINISTRATOR, "/audit"),
)
LOOKS = (("light", 1280), ("dark", 320))
MOST_TABS = 80


@dataclass(frozen=True, slots=True)
class Running:
    """A dashboard that is served, and where."""

    made: FakeDashboard
    address: str

    async def enter(self, page: Page, visitor: Visitor) -> None:
        """Sign in, as the sign-in service's answer would."""
        secret = await signed_in(self.made.site.sessions, visitor)
        [(name, value)] = cookie(secret).items()
        await page.context.add_cookies([{"name": name, "value": value, "url": self.address}])


@pytest_asyncio.fixture(scope="module", loop_scope="module")
async def process() -> AsyncIterator[VegaProcess]:
    process = VegaProcess()
    yield process
    await process.close()


async def serve(process: VegaProcess, *, hostile: bool) -> AsyncIterator[Running]:
    made = await asyncio.to_thread(FakeDashboard, process, hostile=hostile)
    runner = web.AppRunner(made.site.app)
    await runner.setup()
    with socket.create_server(("127.0.0.1", 0)) as listening:
        await web.SockSite(runner, listening).start()
        yield Running(made, f"http://127.0.0.1:{listening.getsockname()[1]}")
        await made.dashboard.close()
        await runner.cleanup()


@pytest_asyncio.fixture(scope="module", loop_scope="module")
async def running(process: VegaProcess) -> AsyncIterator[Running]:
    async for each in serve(process, hostile=False):
        yield each


@pytest_asyncio.fixture(scope="module", loop_scope="module")
async def page(client: None) -> AsyncIterator[Page]:
    """One browser for all of it."""
    async with browser_page() as page:
        yield page


async def test_no_page_has_anything_that_axe_finds_or_wider_than_a_telephone(page: Page, running: Running) -> None:
    for visitor, path in PAGES:
        await running.enter(page, visitor)
        for theme, width in LOOKS:
            await page.emulate_media(color_scheme="dark" if theme == "dark" else "light")
            await page.set_viewport_size({"width": width, "height": 900})
            await page.goto(f"{running.address}{path}")
            await page.wait_for_load_state("load")
            assert await violations(page, "html") == [], f"{path} in {theme}, {width} wide"
            assert await page.evaluate("document.documentElement.scrollWidth") <= width, path
            broken = (
                "Array.from(document.images).filter(each => each.complete && !each.naturalWidth).map(each => each.src)"
            )
            assert await page.evaluate(broken) == []


async def test_everything_can_be_done_with_the_keyboard_alone(page: Page, running: Running) -> None:
    await page.emulate_media(color_scheme="light")
    await page.set_viewport_size({"width": 1280, "height": 900})
    await running.enter(page, FEDERATION)
    await page.goto(f"{running.address}/rounds/2026-1/results")
    await page.keyboard.press("Tab")
    await expect(page.locator(":focus")).to_have_text("Hoppa till innehållet")
    await page.keyboard.press("Enter")
    await tab_to(page, "#filter-area")
    outline = await page.locator(":focus").evaluate("each => getComputedStyle(each).outlineStyle")
    assert outline != "none"
    await page.keyboard.type("Tek")
    await tab_to(page, ".filters button")
    await page.keyboard.press("Enter")
    await expect(page).to_have_url(f"{running.address}/rounds/2026-1/results?role=&area=teknik&items=")
    await tab_to(page, ".active a")
    await tab_to(page, ".items th a")
    topic = await page.locator(":focus").inner_text()
    await page.keyboard.press("Enter")
    await expect(page.get_by_role("heading", level=1)).to_have_text(topic)
    await page.goto(f"{running.address}/rounds/2027-1")
    await tab_to(page, "summary")
    await page.keyboard.press("Enter")
    await tab_to(page, "#close-confirm")
    await page.keyboard.press("Space")
    await tab_to(page, "details[open] button")
    await page.keyboard.press("Enter")
    await expect(page.get_by_role("status")).to_contain_text("Omgången är stängd.")
    assert running.made.store.held[OPEN.id].status is RoundStatus.CLOSED


async def test_w06_hostile_words_are_seen_as_words_and_nothing_of_them_is_run(page: Page, process: VegaProcess) -> None:
    dialogs: list[str] = []
    refused: list[str] = []
    page.on("dialog", lambda dialog: dialogs.append(dialog.message))
    page.on("console", lambda line: refused.append(line.text) if "Content Security Policy" in line.text else None)
    async for running in serve(process, hostile=True):
        await running.enter(page, FEDERATION)
        for path in ("", "/results", "/items/forum", "/municipalities", "/municipalities/tanum", "/trend", "/themes"):
            await page.goto(f"{running.address}/rounds/2026-1{path}")
            await expect(page.get_by_text(HOSTILE).first).to_be_attached()
        svg = f"{running.address}/rounds/2026-1/charts/municipality.svg?municipality=tanum"
        await page.goto(svg)
        assert await page.evaluate("document.documentElement.localName") == "svg"
    assert dialogs == []
    assert refused == []


async def tab_to(page: Page, selector: str) -> None:
    """Go on with the tabulator until the focus is on such an element."""
    for _ in range(MOST_TABS):
        await page.keyboard.press("Tab")
        if await page.evaluate("selector => document.activeElement.matches(selector)", selector):
            return
    pytest.fail(f"{selector} cannot be reached with the keyboard")
