"""Draws README's pictures, real conversations in the Teams client: `python -m tests.e2e.picture FOLDER`."""

from __future__ import annotations

import asyncio
import shutil
import sys
from pathlib import Path
from tempfile import TemporaryDirectory

from playwright.async_api import FloatRect, Locator, expect

from bot.settings import Settings
from tests.e2e.chat import PATIENCE, Chat
from tests.e2e.stage import browser_page, missing, stage

QUESTION = "Hur många har väl fungerande portföljstyrning?"
CHECK = (
    ("mognadskoll", "ungefär 6 minuter"),
    ("jag har läst, starta", "För vem svarar du?"),
    ("Uddevalla, övergripande, kommunstyrelse", "Fråga 1 av 8"),
    ("delvis etablerad", "Fråga 2 av 8"),
)
"""What is typed, and what is waited for."""
WIDTH, HEIGHT, TALL, MARGIN, ROOM = 960, 1500, 2200, 16, 110
"""CSS pixels."""
SETTLED = 1500
"""Milliseconds after which nothing on the page moves any more."""
OPENED = 300
"""Milliseconds after which the source is there in full; it closes by itself within two seconds."""


async def draw(teams: str, target: Path) -> None:
    """The question with its answer and figure, the first source opened."""
    async with browser_page(width=WIDTH, height=HEIGHT, scale=2) as page:
        chat = Chat(page)
        await chat.open(teams)
        await page.get_by_title("Hide log panel").click()
        welcome = chat.messages().first
        await expect(welcome).to_be_visible(timeout=PATIENCE)
        await chat.write(QUESTION)
        answer = await chat.answer()
        await expect(chat.messages()).to_have_count(3, timeout=PATIENCE)
        await chat.picture()
        # The client calls itself American whoever uses it, so the welcome is in English.
        await welcome.evaluate("message => message.style.visibility = 'hidden'")
        # Room for the source, which opens above its marker and would cover the question.
        await chat.said(QUESTION).evaluate(f"message => message.style.marginBottom = '{ROOM}px'")
        await page.wait_for_timeout(SETTLED)
        await answer.get_by_role("button", name="1", exact=True).first.hover()
        preview = page.locator("[role=dialog]")
        await expect(preview).to_be_visible(timeout=PATIENCE)
        await page.wait_for_timeout(OPENED)
        await page.screenshot(path=target, clip=await _around(preview, chat.said(QUESTION), chat.messages().last))


async def draw_check(teams: str, target: Path) -> None:
    """An answered item of the maturity check as a line, and the next as a card with its levels unfolded."""
    async with browser_page(width=WIDTH, height=TALL, scale=2) as page:
        chat = Chat(page)
        await chat.open(teams)
        await page.get_by_title("Hide log panel").click()
        for typed, shown in CHECK:
            await chat.write(typed)
            await chat.shows(shown)
        await chat.press("Vad betyder nivåerna?")
        await page.wait_for_timeout(SETTLED)
        line = chat.messages().filter(has_text="✓ Fråga 1").last
        await page.screenshot(path=target, clip=await _around(line, chat.messages().last))


async def _around(*parts: Locator) -> FloatRect:
    boxes = [box for part in parts if (box := await part.bounding_box())]
    top = min(box["y"] for box in boxes) - MARGIN
    bottom = max(box["y"] + box["height"] for box in boxes) + MARGIN
    return FloatRect(x=0, y=top, width=WIDTH, height=bottom - top)


def target_folder() -> Path:
    """The folder that the command names, made where it is not there; ends the program where it cannot draw."""
    if lack := missing():
        sys.exit(lack)
    folder = Path(sys.argv[1])
    folder.mkdir(parents=True, exist_ok=True)
    return folder


def main() -> int:
    """Needs an index, which `make install` builds."""
    folder = target_folder()
    for name, drawing in (("conversation.png", draw), ("check.png", draw_check)):
        with TemporaryDirectory() as scratch:
            data_dir = Path(scratch) / "data"
            shutil.copytree(Settings.read().index_dir, data_dir / "index", symlinks=True)
            with stage(data_dir, Path(scratch)) as running:
                asyncio.run(drawing(running.teams, folder / name))
        print(f"wrote {folder / name}")
    return 0


if __name__ == "__main__":
    sys.exit(main())
