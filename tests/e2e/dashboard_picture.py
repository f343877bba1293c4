"""Draws the handbook's pictures of the dashboard, of made-up rounds: `python -m tests.e2e.dashboard_picture FOLDER`."""

from __future__ import annotations

import asyncio
import re
import shutil
import subprocess
import sys
from dataclasses import dataclass
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import Literal

from playwright.async_api import Page

from bot.settings import Settings
from tests.e2e.picture import target_folder
from tests.e2e.processes import free_port, running
from tests.e2e.stage import browser_page
from tests.program import FYREN, environment

LINK = re.compile(r"http://\S+/sign-in/local#\S+")
DESKTOP, PHONE = 1280, 390


@dataclass(frozen=True, slots=True)
class Shot:
    """A picture: its file, the page of the round, how wide and in which colours, and how much of it from the top."""

    name: str
    page: str
    width: int = DESKTOP
    theme: Literal["light", "dark"] = "light"
    height: int = 1100


SHOTS = (
    Shot("dashboard-round.png", "", height=1000),
    Shot("dashboard-results.png", "/results"),
    Shot("dashboard-item.png", "/items/processorientering", height=1250),
    Shot("dashboard-municipalities.png", "/municipalities", theme="dark", height=1500),
    Shot("dashboard-municipality.png", "/municipalities/uddevalla", height=1250),
    Shot("dashboard-trend.png", "/trend", height=1100),
    Shot("dashboard-phone.png", "/items/digital_mognad", PHONE, height=1500),
)


async def draw(link: str, address: str, folder: Path) -> None:
    """Every picture, by somebody who has signed in with the printed link."""
    async with browser_page(width=DESKTOP, scale=1.5) as page:
        await page.goto(link)  # it sends its own form
        await page.wait_for_url(lambda url: "/sign-in" not in url)
        await page.goto(f"{address}/rounds")
        closed = page.get_by_role("row").filter(has_text="stängd").first.get_by_role("link")
        round_page = f"{address}{await closed.get_attribute('href')}"
        for shot in SHOTS:
            await take(page, round_page, shot, folder)
            print(f"wrote {folder / shot.name}")


async def take(page: Page, round_page: str, shot: Shot, folder: Path) -> None:
    """One picture."""
    await page.emulate_media(color_scheme=shot.theme)
    await page.set_viewport_size({"width": shot.width, "height": shot.height})
    await page.goto(f"{round_page}{shot.page}")
    await page.wait_for_load_state("networkidle")
    await page.screenshot(path=folder / shot.name)


def main() -> int:
    """Needs an index, which `make install` builds."""
    folder = target_folder()
    with TemporaryDirectory() as scratch:
        data = Path(scratch)
        shutil.copytree(Settings.read().index_dir, data / "index", symlinks=True)
        made = [*FYREN, "maturity", "demo", "--data-dir", str(data / "demo")]
        subprocess.run(made, check=True, env=environment(data), stdout=subprocess.DEVNULL)
        address, log = f"http://127.0.0.1:{free_port()}", data / "fyren.log"
        served = [*FYREN, "serve", "--demo", str(data / "demo"), "--port", address.rpartition(":")[2]]
        with running(served, address=f"{address}/healthz", folder=data, env=environment(data), log=log):
            link = LINK.search(log.read_text(encoding="utf-8"))
            if link is None:
                print("no link to sign in by was printed", file=sys.stderr)
                return 1
            asyncio.run(draw(link[0], address, folder))
    return 0


if __name__ == "__main__":
    sys.exit(main())
