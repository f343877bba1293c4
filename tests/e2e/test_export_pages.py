"""The pages of exports, read API and open data in a real browser: nothing that axe finds, and files that arrive."""

from __future__ import annotations

import asyncio
import socket
from collections.abc import AsyncIterator
from pathlib import Path

import pytest
import pytest_asyncio
from aiohttp import web
from playwright.async_api import Page

from tests.e2e.accessibility import violations
from tests.e2e.stage import browser_page
from tests.fakes.export_site import ExportSite
from tests.fakes.visitors import FEDERATION, cookie, signed_in

pytestmark = [pytest.mark.e2e, pytest.mark.slow, pytest.mark.asyncio(loop_scope="module")]

PAGES = ("/rounds/2026-1/exports", "/api/docs", "/open-data", "/open-data?language=en")
LOOKS = (("light", 1280), ("dark", 320))


@pytest_asyncio.fixture(scope="module", loop_scope="module")
async def address() -> AsyncIterator[tuple[str, ExportSite]]:
    site = await asyncio.to_thread(ExportSite)
    runner = web.AppRunner(site.app)
    await runner.setup()
    with socket.create_server(("127.0.0.1", 0)) as listening:
        await web.SockSite(runner, listening).start()
        yield f"http://127.0.0.1:{listening.getsockname()[1]}", site
        await runner.cleanup()


@pytest_asyncio.fixture(scope="module", loop_scope="module")
async def page(client: None, address: tuple[str, ExportSite]) -> AsyncIterator[Page]:
    """A browser in which the federation's strategist is signed in."""
    async with browser_page() as page:
        [(name, value)] = cookie(await signed_in(address[1].sessions, FEDERATION)).items()
        await page.context.add_cookies([{"name": name, "value": value, "url": address[0]}])
        yield page


async def test_no_page_has_anything_that_axe_finds_or_wider_than_a_telephone(
    page: Page, address: tuple[str, ExportSite]
) -> None:
    for path in PAGES:
        for theme, width in LOOKS:
            await page.emulate_media(color_scheme="dark" if theme == "dark" else "light")
            await page.set_viewport_size({"width": width, "height": 900})
            await page.goto(f"{address[0]}{path}")
            assert await violations(page, "html") == [], f"{path} in {theme}, {width} wide"
            assert await page.evaluate("document.documentElement.scrollWidth") <= width, path


async def test_a_file_is_downloaded_by_the_keyboard_alone(
    page: Page, address: tuple[str, ExportSite], tmp_path: Path
) -> None:
    await page.set_viewport_size({"width": 1280, "height": 900})
    await page.goto(f"{address[0]}/rounds/2026-1/exports?language=sv")
    link = page.get_by_role("link", name="Hämta på svenska: CSV med semikolon")
    await link.focus()
    async with page.expect_download() as waiting:
        await page.keyboard.press("Enter")
    file = await waiting.value
    assert file.suggested_filename == "mognadskollen-2026-1-utgava-1.csv"
    await file.save_as(tmp_path / "a.csv")
    assert (await asyncio.to_thread((tmp_path / "a.csv").read_text, "utf-8-sig")).startswith("round;edition;")
