"""The pages of ratings and of questions for a person in a real browser: nothing that axe finds; by keyboard alone."""

from __future__ import annotations

import asyncio
import re
import socket
from collections.abc import AsyncIterator
from dataclasses import dataclass
from pathlib import Path

import pytest
import pytest_asyncio
from aiohttp import web
from playwright.async_api import Page, expect

from bot.questions.cases import CaseStatus
from bot.storage.database import open_database
from tests.e2e.accessibility import violations
from tests.e2e.stage import browser_page
from tests.fakes.questions_site import CLOSED, HOSTILE, OPEN, PUBLISHED, UNREACHABLE, QuestionsSite
from tests.fakes.visitors import FEDERATION, cookie, signed_in

pytestmark = [pytest.mark.e2e, pytest.mark.slow, pytest.mark.asyncio(loop_scope="module")]

EXAMINED = (
    "/feedback",
    "/feedback/unanswered",
    "/questions",
    f"/questions/{OPEN}",
    f"/questions/{UNREACHABLE}",
)
PAGES = (*EXAMINED, f"/questions/{PUBLISHED}", f"/questions/{CLOSED}")
LOOKS = (("light", 1280), ("dark", 320))
MOST_TABS = 30


@dataclass(frozen=True, slots=True)
class Running:
    """The site, and where it is served."""

    site: QuestionsSite
    address: str


@pytest_asyncio.fixture(scope="module", loop_scope="module")
async def running(tmp_path_factory: pytest.TempPathFactory) -> AsyncIterator[Running]:
    folder: Path = tmp_path_factory.mktemp("questions")
    database = await open_database(f"sqlite:///{folder / 'main.sqlite3'}", f"sqlite:///{folder / 'identity.sqlite3'}")
    site = await asyncio.to_thread(QuestionsSite, database)
    await site.fill()
    runner = web.AppRunner(site.app)
    await runner.setup()
    with socket.create_server(("127.0.0.1", 0)) as listening:
        await web.SockSite(runner, listening).start()
        yield Running(site, f"http://127.0.0.1:{listening.getsockname()[1]}")
        await runner.cleanup()
    await database.close()


@pytest_asyncio.fixture(scope="module", loop_scope="module")
async def page(client: None, running: Running) -> AsyncIterator[Page]:
    """A browser in which the federation's strategist is signed in."""
    async with browser_page() as page:
        [(name, value)] = cookie(await signed_in(running.site.sessions, FEDERATION)).items()
        await page.context.add_cookies([{"name": name, "value": value, "url": running.address}])
        yield page


async def test_no_page_has_anything_that_axe_finds_or_wider_than_a_telephone(page: Page, running: Running) -> None:
    ran: list[str] = []
    page.on("dialog", lambda dialog: ran.append(dialog.message))
    for path in PAGES:
        await page.goto(f"{running.address}{path}")
        for theme, width in LOOKS:
            await page.emulate_media(color_scheme="dark" if theme == "dark" else "light")
            await page.set_viewport_size({"width": width, "height": 900})
            if path in EXAMINED:
                assert await violations(page, "html") == [], f"{path} in {theme}, {width} wide"
            assert await page.evaluate("document.documentElement.scrollWidth") <= width, path
        if path.startswith("/feedback"):
            await expect(page.get_by_text(HOSTILE).first).to_be_attached()
    assert ran == []


async def test_a_question_is_answered_with_the_keyboard_alone(page: Page, running: Running) -> None:
    await page.emulate_media(color_scheme="light")
    await page.set_viewport_size({"width": 1280, "height": 900})
    await page.goto(f"{running.address}/questions")
    await tab_to(page, f"a[href='/questions/{OPEN}']")
    await page.keyboard.press("Enter")
    await expect(page.locator("#reply")).to_be_visible()
    await tab_to(page, "#reply")
    await page.keyboard.type(" ")
    await tab_to(page, "form[action$='/reply'] button")
    await page.keyboard.press("Enter")
    await expect(page.locator("#reply")).to_be_focused()  # the field that is wrong, with what is wrong
    await expect(page.locator("#reply")).to_have_accessible_description(re.compile("^Fyll i fältet[.] Ren text"))
    await page.keyboard.type("Det beslutar kommunen själv.")
    await tab_to(page, "form[action$='/reply'] button")
    await page.keyboard.press("Enter")
    await expect(page.get_by_role("status")).to_have_text("Svaret är på väg till personen.")
    kept = await running.site.database.cases.one(OPEN)
    assert kept is not None
    assert (kept.status, kept.reply) == (CaseStatus.ANSWERED, "Det beslutar kommunen själv.")
    assert running.site.sent == 1


async def tab_to(page: Page, selector: str) -> None:
    """Go on with the tabulator until the focus is on such an element."""
    for _ in range(MOST_TABS):
        await page.keyboard.press("Tab")
        if await page.evaluate("selector => document.activeElement.matches(selector)", selector):
            return
    pytest.fail(f"{selector} cannot be reached with the keyboard")
