"""With a language model an answer grows in the chat, ends with label, citations and thumbs, and can be stopped."""

from __future__ import annotations

import asyncio
from collections.abc import AsyncIterator
from pathlib import Path

import pytest
from playwright.async_api import Page, expect

from tests.e2e.chat import PATIENCE, Chat
from tests.e2e.conftest import RESULTS
from tests.e2e.stage import Stage, browser_page, stage
from tests.fakes.model_behaviours import hostile, sensible
from tests.fakes.model_server import open_model_server

pytestmark = [pytest.mark.e2e, pytest.mark.slow]

QUESTION = "Vad måste vi göra om vi blir hackade?"
OTHER = "Hur många har väl fungerande portföljstyrning?"
PAUSE = 0.1
"""Seconds between two pieces of the model's answer: it takes some seconds, as real ones do."""


@pytest.fixture
async def worded(client: None, data_dir: Path, tmp_path: Path) -> AsyncIterator[tuple[Page, Chat, Stage]]:
    """The chat with a bot whose answers a model words, slowly."""
    async with open_model_server(hostile(sensible, pause=PAUSE)) as model:
        settings = {"MODEL_PROVIDER": "openai", "MODEL_NAME": "prov", "MODEL_BASE_URL": model.url}
        named = {f"FYREN_{name}": value for name, value in settings.items()}
        with stage(data_dir, tmp_path, named) as running:
            async with browser_page() as page:
                chat = Chat(page)
                await chat.open(running.teams)
                yield page, chat, running


async def test_an_answer_grows_can_be_checked_rated_and_the_next_one_stopped(
    worded: tuple[Page, Chat, Stage],
) -> None:
    page, chat, running = worded
    await chat.write(QUESTION)
    await chat.shows("24 timmar")
    seen = {await _latest(chat)}
    async with asyncio.timeout(PATIENCE / 1000):
        while await chat.messages().filter(has_text="AI generated").count() == 0:
            seen.add(await _latest(chat))
            await asyncio.sleep(0.2)
    answer = await chat.answer()
    assert len(seen) > 1, seen
    await expect(answer).to_contain_text("72 timmar")
    assert "24 timmar" in await chat.citation(answer, 1)
    RESULTS.mkdir(exist_ok=True)
    await page.screenshot(path=RESULTS / "streamed-answer.png")
    await chat.rate(answer, "Like", "Bra")
    assert [row["generator"] for row in running.rows("SELECT generator FROM answers")] == ["openai/prov"]
    assert [tuple(row) for row in running.rows("SELECT liked, comment FROM feedback")] == [(1, "Bra")]

    await chat.write(OTHER)
    await chat.shows("procent")
    await chat.write("stopp")
    await chat.shows("Svaret avbröts")
    await page.screenshot(path=RESULTS / "streamed-stop.png")
    assert len(running.rows("SELECT id FROM answers")) == 1


async def _latest(chat: Chat) -> str:
    return " ".join((await chat.messages().last.inner_text()).split())
