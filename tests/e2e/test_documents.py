"""The pages of documents in a real browser, on a real knowledge base: from a file that is dropped to an answer that
cites it, and back again."""

from __future__ import annotations

import asyncio
import base64
import re
import socket
from collections.abc import AsyncIterator
from dataclasses import dataclass
from datetime import UTC, datetime
from pathlib import Path

import pytest
import pytest_asyncio
from aiohttp import web
from fpdf import FPDF
from playwright.async_api import Page, expect

from bot.app import create_app
from bot.composition import Parts, open_parts
from bot.conversation.texts import Texts
from bot.questions.model import EvaluationRow
from bot.settings import Settings, variable
from knowledge.model import Status
from tests.e2e.accessibility import violations
from tests.e2e.stage import browser_page
from tests.fakes.visitors import ADMINISTRATOR, cookie, signed_in

pytestmark = [pytest.mark.e2e, pytest.mark.slow, pytest.mark.asyncio(loop_scope="module")]

QUESTION = "Vem beslutar om kransmossans skötsel i kommunens parker?"
RULE = "Parknämnden beslutar om kransmossans skötsel i kommunens parker. Beslutet gäller i tre år."
HOSTILE = "<img src=x onerror=alert(1)>.md"
OTHERS = 8
LOOKS = (("light", 1280), ("dark", 390))

DROP = """([selector, files]) => {
    const data = new DataTransfer();
    for (const [name, content] of files) {
        const bytes = Uint8Array.from(atob(content), each => each.charCodeAt(0));
        data.items.add(new File([bytes], name));
    }
    const target = document.querySelector(selector);
    for (const kind of ["dragenter", "dragover", "drop"])
        target.dispatchEvent(new DragEvent(kind, {dataTransfer: data, bubbles: true, cancelable: true}));
}"""
WATCH = """new MutationObserver(() => {
    const shown = document.querySelector("[data-words]")?.textContent.trim();
    const seen = JSON.parse(sessionStorage.getItem("seen") || "[]");
    if (shown && seen.at(-1) !== shown) sessionStorage.setItem("seen", JSON.stringify([...seen, shown]));
}).observe(document, {subtree: true, childList: true, characterData: true});"""
"""Keeps what was told of a job's progress, also beyond the page's own reload."""


@dataclass(frozen=True, slots=True)
class Running:
    """The service, and where it is."""

    parts: Parts
    address: str


@pytest_asyncio.fixture(scope="module", loop_scope="module")
async def running(tmp_path_factory: pytest.TempPathFactory) -> AsyncIterator[Running]:
    with pytest.MonkeyPatch.context() as patch:
        for name in Settings.model_fields:
            patch.delenv(variable(name), raising=False)
        folder: Path = tmp_path_factory.mktemp("documents")
        settings = Settings.read(data_dir=folder, builtin_library=False, embedding_provider="off")
        parts = await open_parts(settings, await asyncio.to_thread(Texts.load))
    runner = web.AppRunner(await asyncio.to_thread(create_app, parts))
    await runner.setup()
    with socket.create_server(("127.0.0.1", 0)) as listening:
        await web.SockSite(runner, listening).start()
        yield Running(parts, f"http://127.0.0.1:{listening.getsockname()[1]}")
        await runner.cleanup()
    await parts.close()


@pytest_asyncio.fixture(scope="module", loop_scope="module")
async def page(client: None, running: Running) -> AsyncIterator[Page]:
    """A browser in which an administrator is signed in."""
    async with browser_page() as page:
        [(name, value)] = cookie(await signed_in(running.parts.database.web_sessions, ADMINISTRATOR)).items()
        await page.context.add_cookies([{"name": name, "value": value, "url": running.address}])
        await page.add_init_script(WATCH)
        yield page


async def test_a_file_is_dropped_read_looked_at_published_cited_and_taken_back(page: Page, running: Running) -> None:
    ran: list[str] = []
    page.on("dialog", lambda dialog: ran.append(dialog.message))
    await page.goto(f"{running.address}/documents")
    files = [("Parkregler.pdf", printed(RULE)), (HOSTILE, b"# Annat\n\nEtt annat stycke om gatubelysning.\n")]
    files += [(f"Bilaga {each}.md", f"# Bilaga {each}\n\nStycke nummer {each}.\n".encode()) for each in range(OTHERS)]
    await drop(page, files)
    await expect(page).to_have_url(re.compile("/documents/jobs/[0-9a-f]{32}$"))
    await expect(page.get_by_role("heading", name="Utkast", exact=True)).to_be_visible(timeout=20_000)
    seen = await page.evaluate("JSON.parse(sessionStorage.getItem('seen'))")
    assert sum(each.startswith("Läser fil ") for each in seen) > 1, seen

    await expect(page.get_by_text("Dokument: 10 nya, 0 ändrade")).to_be_visible()
    await expect(page.get_by_text(HOSTILE).first).to_be_visible()
    await page.get_by_text("Visa styckena: Parkregler").click()
    await expect(page.locator("blockquote.after").filter(has_text="Parknämnden")).to_be_visible()
    await page.get_by_label("Fråga").fill(QUESTION)
    await page.get_by_role("button", name="Sök i utkastet").click()
    await expect(page.locator(".hits li").first).to_contain_text("Parknämnden beslutar")
    await looked_over(page)
    await page.get_by_role("link", name=re.compile("Visa som det citeras ?: Parkregler")).click()
    await expect(page.locator("figure.cited")).to_contain_text(RULE.split(".")[0])
    await looked_over(page)
    await page.get_by_role("link", name="Till utkastet").click()
    assert (await running.parts.knowledge.served.ask(QUESTION)).status is Status.REFUSED

    await page.get_by_label("Anteckning, om du vill").fill("Nya parkregler")
    await page.get_by_role("button", name="Publicera").click()
    await expect(page.get_by_role("status")).to_contain_text("Fyren svarar ur dokumenten nu.")
    answer = await running.parts.knowledge.served.ask(QUESTION)
    [citation] = answer.citations
    assert (answer.status, citation.passage.path, citation.passage.pages) == (Status.ANSWERED, "Parkregler.pdf", (1,))
    await page.goto(f"{running.address}/documents/history")
    await expect(page.get_by_role("row", name=re.compile("Nya parkregler"))).to_contain_text("Gäller nu")
    await looked_over(page)
    await page.goto(f"{running.address}/documents")
    await expect(page.get_by_role("row", name=re.compile("Parkregler.pdf"))).to_be_visible()
    await looked_over(page)
    assert ran == []


async def test_a_later_publication_is_undone_with_the_keyboard_alone(page: Page, running: Running) -> None:
    await page.set_viewport_size({"width": 1280, "height": 900})
    await page.goto(f"{running.address}/documents")
    known = EvaluationRow("q", QUESTION, False, ("parkregler",), (), "f-1", datetime.now(UTC))
    await running.parts.database.evaluation_questions.keep(known)
    files = [("Parkregler.pdf", printed("Tekniska nämnden beslutar om kransmossans skötsel i kommunens parker."))]
    await drop(page, files)
    await expect(page.get_by_text("Dokument: 0 nya, 1 ändrade")).to_be_visible(timeout=20_000)
    await expect(page.get_by_role("heading", name="Besvaras på ett annat sätt")).to_be_visible()
    await looked_over(page)
    await pressed(page, "form[action$='/publish'] button:not([formaction])")
    await expect(page.get_by_role("status")).to_contain_text("Fyren svarar ur dokumenten nu.")
    assert "Tekniska nämnden" in (await running.parts.knowledge.served.ask(QUESTION)).text
    await pressed(page, "details.step summary")
    await pressed(page, "form[action$='/undo'] button")
    await expect(page.get_by_role("status")).to_contain_text("Publiceringen är ångrad.")
    answer = await running.parts.knowledge.served.ask(QUESTION)
    assert "Parknämnden" in answer.text
    assert "Tekniska" not in answer.text


async def test_i15_a_document_gets_a_review_date_and_is_taken_out_with_the_keyboard_alone(
    page: Page, running: Running
) -> None:
    await page.goto(f"{running.address}/documents")
    await page.get_by_role("link", name="Parkregler").click()
    await expect(page.get_by_role("heading", name="Parkregler")).to_be_visible()
    await page.get_by_label("Gäller från och med").fill("2027-06-30")
    await page.get_by_label("Gäller till och med").fill("2027-06-01")
    await pressed(page, "form[action$='/facts'] button")
    await expect(page.get_by_role("alert")).to_contain_text("Den sista dagen är före den första.")
    await looked_over(page)
    await pressed(page, "[role=alert] a")
    await expect(page.get_by_label("Gäller till och med")).to_be_focused()
    await page.get_by_label("Gäller från och med").fill("")
    await page.get_by_label("Gäller till och med").fill("2020-06-01")
    await page.get_by_label("Ansvarig").fill("Parkenheten")
    await pressed(page, "form[action$='/facts'] button")
    await expect(page.get_by_role("status")).to_contain_text("Uppgifterna gäller nu.")
    await looked_over(page)
    answer = await running.parts.knowledge.served.ask(QUESTION)
    assert any("2020-06-01" in each for each in answer.notes)
    await page.goto(f"{running.address}/documents")
    care = page.get_by_role("region", name="Behöver ses över")
    await expect(care).to_contain_text("Gällde till 2020-06-01")
    await expect(care).to_contain_text("Ansvarig: Parkenheten")
    await looked_over(page)

    await care.get_by_role("link", name="Parkregler").press("Enter")
    await pressed(page, "form[action$='/remove'] button")
    await expect(page.get_by_role("heading", name="Utkast", exact=True)).to_be_visible(timeout=20_000)
    await expect(page.get_by_role("heading", name="Dokument som tas bort")).to_be_visible()
    await expect(page.get_by_role("heading", name="Blir sämre")).to_be_visible()  # the known question has no answer
    await looked_over(page)
    assert (await running.parts.knowledge.served.ask(QUESTION)).status is Status.ANSWERED
    await pressed(page, "form[action$='/publish'] button:not([formaction])")
    await expect(page.get_by_role("status")).to_contain_text("Fyren svarar inte ur dokumentet längre.")
    assert (await running.parts.knowledge.served.ask(QUESTION)).status is Status.REFUSED
    await page.goto(f"{running.address}/documents/history")
    await expect(page.get_by_role("row").nth(1)).to_contain_text("Adam Admin")
    await expect(page.get_by_role("link", name="Borttagning: Parkregler.pdf")).to_be_visible()
    await looked_over(page)


async def test_w08_what_is_too_large_is_said_before_it_is_sent_and_sending_can_be_stopped(
    page: Page, running: Running
) -> None:
    await page.goto(f"{running.address}/documents")
    await page.evaluate("document.getElementById('upload').dataset.file = '10'")
    await drop(page, [("stor.md", b"# Stor\n\nEn text.\n")])
    await expect(page.locator("#upload-problem")).to_contain_text("stor.md är för stor.")
    await page.evaluate("document.getElementById('upload').dataset.file = '1000'")
    await page.route("**/documents", lambda route: None)  # it never arrives
    await drop(page, [("stor.md", b"# Stor\n\nEn text.\n")])
    await page.get_by_role("button", name="Avbryt").press("Enter")
    await expect(page.locator("#upload-problem")).to_contain_text("Du avbröt, så ingenting är skickat.")
    await page.unroute("**/documents")
    assert not await running.parts.database.jobs.active()


async def test_without_a_script_the_form_and_the_pages_work(page: Page, running: Running) -> None:
    browser = page.context.browser
    assert browser is not None
    async with await browser.new_context(java_script_enabled=False, locale="sv-SE") as context:
        await context.add_cookies(await page.context.cookies())  # type: ignore[arg-type]  # the same, as they come
        other = await context.new_page()
        await other.goto(f"{running.address}/documents")
        await other.get_by_label("Välj filer").set_input_files(
            {"name": "Plan.md", "mimeType": "text/markdown", "buffer": b"# Plan\n\nEn plan.\n"}
        )
        await other.get_by_role("button", name="Skicka in").click()
        await expect(other).to_have_url(re.compile("/documents/jobs/"))
        async with asyncio.timeout(20):
            while True:
                if await other.get_by_role("heading", name="Utkast", exact=True).is_visible():
                    break
                await other.reload()
        await other.get_by_role("button", name="Kasta utkastet").click()
        await expect(other.get_by_role("status")).to_contain_text("Utkastet är kastat")


def printed(text: str) -> bytes:
    """A PDF as a word processor prints it."""
    document = FPDF()
    document.add_page()
    document.set_font("helvetica", size=18)
    document.cell(text="Parkregler", new_x="LMARGIN", new_y="NEXT")
    document.set_font("helvetica", size=11)
    document.multi_cell(0, text=text)
    return bytes(document.output())


async def drop(page: Page, files: list[tuple[str, bytes]]) -> None:
    """Let go of files over the form."""
    await page.evaluate(DROP, ["#drop", [[name, base64.b64encode(content).decode()] for name, content in files]])


async def pressed(page: Page, selector: str) -> None:
    """Go there with the tabulator, and press Enter."""
    for _ in range(60):
        await page.keyboard.press("Tab")
        if await page.evaluate("selector => document.activeElement.matches(selector)", selector):
            await page.keyboard.press("Enter")
            return
    pytest.fail(f"{selector} cannot be reached with the keyboard")


@pytest.mark.parametrize("path", ["/pause", "/terms", "/privacy"])
async def test_the_pages_beside_have_nothing_that_axe_finds_either(page: Page, running: Running, path: str) -> None:
    await page.goto(f"{running.address}{path}")
    await looked_over(page)


async def looked_over(page: Page) -> None:
    """Nothing that axe finds, and nothing wider than the page."""
    for theme, width in LOOKS:
        await page.emulate_media(color_scheme="dark" if theme == "dark" else "light")
        await page.set_viewport_size({"width": width, "height": 900})
        assert await violations(page, "html") == [], f"{page.url} in {theme}, {width} wide"
        assert await page.evaluate("document.documentElement.scrollWidth") <= width, page.url
    await page.set_viewport_size({"width": 1280, "height": 900})
