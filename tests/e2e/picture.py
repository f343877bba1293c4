"""Draws README's picture, a real conversation in the Teams client: `python -m tests.e2e.picture FILE.png`."""

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
WIDTH, HEIGHT, MARGIN, ROOM = 960, 1500, 16, 110
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


async def _around(*parts: Locator) -> FloatRect:
    boxes = [box for part in parts if (box := await part.bounding_box())]
    top = min(box["y"] for box in boxes) - MARGIN
    bottom = max(box["y"] + box["height"] for box in boxes) + MARGIN
    return FloatRect(x=0, y=top, width=WIDTH, height=bottom - top)


def main() -> int:
    """Needs an index, which `make install` builds."""
    target = Path(sys.argv[1])
    if lack := missing():
        print(lack, file=sys.stderr)
        return 1
    target.parent.mkdir(parents=True, exist_ok=True)
    with TemporaryDirectory() as folder:
        data_dir = Path(folder) / "data"
        shutil.copytree(Settings.read().index_dir, data_dir / "index", symlinks=True)
        with stage(data_dir, Path(folder)) as running:
            asyncio.run(draw(running.teams, target))
    print(f"wrote {target}")
    return 0


if __name__ == "__main__":
    sys.exit(main())
