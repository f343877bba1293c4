"""A question goes to a person and comes back: from the chat to the federation's page, and into the knowledge base."""

from __future__ import annotations

import asyncio
import warnings
from collections.abc import AsyncIterator, Iterator
from dataclasses import dataclass
from pathlib import Path
from shutil import copytree

import pytest
import pytest_asyncio
from playwright.async_api import Locator, Page, expect

from bot.conversation.texts import Texts
from tests.e2e.accessibility import violations
from tests.e2e.chat import PATIENCE, Chat
from tests.e2e.conftest import RESULTS
from tests.e2e.stage import Stage, browser_page, free_address, stage

pytestmark = [
    pytest.mark.e2e,
    pytest.mark.slow,
    pytest.mark.asyncio(loop_scope="module"),
    pytest.mark.filterwarnings("ignore"),  # the sign-in provider's own, from its thread
]

TEXTS = Texts.load()
TENANT = "11111111-1111-1111-1111-111111111111"
STRATEGIST = {"roles": ["Fyren.Federation"], "tid": TENANT, "oid": "oid-f", "name": "Frida Förbund"}
ASKED = "Hur högt är vattentornet i Lysekil?"
EDITED = "Hur högt är vattentornet i Lysekil? Personnummer 811218-9876, svara till anna@example.se."
SENT = "Hur högt är vattentornet i Lysekil? Personnummer [personnummer], svara till [e-postadress]."
REPLY = "Vattentornet i Lysekil är 42 meter högt.\nDet byggdes 1967."
RATED = "Vad måste vi göra om vi blir hackade?"


@dataclass(frozen=True, slots=True)
class Scene:
    """What runs, and the chat in a browser's page."""

    running: Stage
    page: Page
    chat: Chat

    async def shot(self, name: str, page: Page | None = None) -> None:
        RESULTS.mkdir(exist_ok=True)
        await (page or self.page).screenshot(path=RESULTS / f"human-{name}.png")

    def cases(self) -> list[tuple[str, str, str]]:
        """Question, status and how far the reply is, of all that is kept, oldest first."""
        return [tuple(row) for row in self.running.rows("SELECT question, status, handed FROM cases ORDER BY at")]


@pytest.fixture(scope="module")
def provider() -> Iterator[str]:
    """The address of a sign-in provider that knows the strategist."""
    with warnings.catch_warnings():
        warnings.simplefilter("ignore")  # it is built on what its own libraries call old
        from oidc_provider_mock import User, run_server_in_thread

        with run_server_in_thread(
            user_claims=[User(sub="strategist", claims=STRATEGIST)], require_nonce=True
        ) as server:
            yield f"http://localhost:{server.server_port}"


@pytest_asyncio.fixture(scope="module", loop_scope="module")
async def scene(
    client: None, library: Path, provider: str, tmp_path_factory: pytest.TempPathFactory
) -> AsyncIterator[Scene]:
    folder = tmp_path_factory.mktemp("human")
    copytree(library / "index", folder / "data" / "index", symlinks=True)
    bot = free_address()
    settings = {
        "FYREN_PUBLIC_URL": bot,
        "FYREN_SIGNIN_AUTHORITY": provider,
        "FYREN_SIGNIN_CLIENT_ID": "fyren-pages",
        "FYREN_SIGNIN_CLIENT_SECRET": "s3cr3t-of-the-pages",
        "FYREN_SIGNIN_ALLOWED_TENANTS": TENANT,
    }
    with stage(folder / "data", folder, settings, bot=bot) as running:
        async with browser_page() as page:
            chat = Chat(page)
            await chat.open(running.teams)
            yield Scene(running, page, chat)


async def test_r08_a_question_is_changed_sent_answered_and_becomes_a_source(scene: Scene) -> None:
    chat, page = scene.chat, scene.page
    await chat.write(ASKED)
    await expect(await chat.answer()).to_contain_text("Det framgår inte av mitt underlag.")
    await chat.press(say("chip"))

    card = await chat.shows(say("title"))
    field = _field(page)
    await expect(field).to_have_value(ASKED)
    await expect(card).to_contain_text(say("terms"))
    await expect(card).to_contain_text("Frågan raderas 90 dagar efter")
    assert await violations(page, ".ac-adaptiveCard", emulator=True) == []
    await field.fill(EDITED)
    await scene.shot("card")
    assert scene.cases() == []
    await chat.press(say("send"))

    receipt = await chat.shows("Frågan är skickad")
    await expect(receipt).to_contain_text(SENT)
    await scene.shot("sent")
    assert scene.cases() == [(SENT, "open", "none")]

    desk = await page.context.new_page()
    await desk.goto(f"{scene.running.bot}/questions")
    await desk.get_by_role("link", name=TEXTS.say("signin.openid.button", "sv")).click()
    await desk.get_by_role("button", name="strategist").click()
    await expect(desk.get_by_role("heading", name=say("page.title"))).to_be_visible()
    await scene.shot("queue", desk)
    await desk.get_by_role("link", name=SENT).click()
    await desk.get_by_label(say("page.reply"), exact=True).fill(REPLY)
    await desk.get_by_role("button", name=say("page.send")).click()
    await expect(desk.get_by_role("status")).to_be_visible()

    reply = await chat.shows(say("reply.title"))
    await expect(reply).to_contain_text(SENT)
    for line in REPLY.splitlines():
        await expect(reply).to_contain_text(line)
    assert await violations(page, ".ac-adaptiveCard", emulator=True) == []
    await scene.shot("reply")
    async with asyncio.timeout(PATIENCE / 1000):
        while await desk.get_by_role("status").inner_text() != say("page.handed.sent"):
            await desk.reload()
    assert scene.cases() == [(SENT, "answered", "sent")]
    await desk.get_by_label(say("page.document_title")).fill(ASKED)
    await desk.get_by_role("button", name=say("page.publish")).click()
    await expect(desk.locator("main")).to_contain_text("Svaret är nu en av Fyrens källor.", timeout=PATIENCE)
    await scene.shot("document", desk)
    await desk.close()  # a browser slows down what happens in a page behind another one

    await chat.write(ASKED)
    answer = await chat.answer()
    await expect(answer).to_contain_text(REPLY.splitlines()[0], timeout=PATIENCE)
    await scene.shot("answer")
    source = await chat.citation(answer, 1)
    assert "42 meter" in source
    assert ASKED in source


async def test_a_thumb_down_leads_to_a_card_with_the_question_under_it_and_cancelling_keeps_nothing(
    scene: Scene,
) -> None:
    chat, page, before = scene.chat, scene.page, scene.cases()
    await chat.write(RATED)
    await chat.shows("24 timmar")
    await chat.rate(await chat.answer(), "Dislike", "Det stämmer inte")
    await chat.shows(say("offer"))
    await scene.shot("offer")
    await chat.press(say("chip"))

    await expect(_field(page)).to_have_value(RATED)
    await chat.press(say("cancel"))
    await chat.shows(say("cancelled"))
    await expect(page.get_by_role("textbox", name=say("field"))).to_have_count(0)
    await scene.shot("cancelled")
    assert scene.cases() == before
    [thumb] = scene.running.rows("SELECT liked, comment FROM feedback")
    assert tuple(thumb) == (0, "Det stämmer inte")


async def test_the_card_speaks_english_to_who_writes_english(scene: Scene) -> None:
    chat, page = scene.chat, scene.page
    await chat.write("Ask a person")
    await expect(_field(page, "en")).to_be_visible(timeout=PATIENCE)
    await _field(page, "en").fill("Who decides on the water tower?")
    await chat.press(say("send", "en"))
    await chat.shows("Your question is sent")
    [kept] = scene.running.rows("SELECT language FROM cases WHERE question LIKE 'Who decides%'")
    assert kept["language"] == "en"


def _field(page: Page, language: str = "sv") -> Locator:
    """The newest card's room for the question."""
    return page.get_by_role("textbox", name=say("field", language)).last


def say(key: str, language: str = "sv") -> str:
    return TEXTS.say(f"human.{key}", language)
