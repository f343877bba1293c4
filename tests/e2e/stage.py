"""The stage of an end-to-end run: `fyren serve`, Microsoft's Agents Playground as its Teams, and a browser."""

from __future__ import annotations

import os
import shutil
import signal
import sqlite3
import subprocess
from collections.abc import AsyncIterator, Iterator, Mapping
from contextlib import asynccontextmanager, closing, contextmanager
from ctypes.util import find_library
from dataclasses import dataclass
from pathlib import Path
from urllib.parse import urlsplit

from playwright.async_api import Page, Route, async_playwright

from tests.e2e.processes import free_port, running, start, stop
from tests.program import FYREN, environment

HERE = Path(__file__).parent
PLAYGROUND = HERE / "node_modules" / "@microsoft" / "m365agentsplayground" / "cli.js"
BROWSERS = ("chromium", "chromium-browser", "google-chrome")
# As root in a container, and without the connections of its own that a browser makes.
FLAGS = (
    "--no-sandbox",
    "--disable-gpu",
    "--disable-quic",
    "--disable-background-networking",
    "--disable-component-update",
    "--disable-sync",
    "--no-first-run",
)


def missing() -> str | None:
    """What the run lacks, and how to get it; None where everything is there."""
    if not any(map(shutil.which, BROWSERS)):
        return "Chromium is missing; `make browser` installs it"
    if shutil.which("node") is None:
        return "Node.js is missing; `make browser` installs it"
    if find_library("atomic") is None:
        return "libatomic, which Playwright needs, is missing; `make browser` installs it"
    if not PLAYGROUND.exists():
        return "the Teams client is missing; `make client` installs it (with npm from `make browser`)"
    return None


@dataclass(slots=True)
class Stage:
    """Addresses of what runs, the bot's data folder and its log, and the bot's process."""

    bot: str
    teams: str
    data_dir: Path
    log: Path
    server: subprocess.Popen[bytes]

    def rows(self, query: str) -> list[sqlite3.Row]:
        """What the bot's database holds."""
        with closing(sqlite3.connect(self.data_dir / "fyren.sqlite3")) as database:
            database.row_factory = sqlite3.Row
            return database.execute(query).fetchall()

    def crash_and_restart(self) -> None:
        """Kill the bot as a power cut does, and start it again on the same address and data."""
        os.killpg(self.server.pid, signal.SIGKILL)
        self.server.wait()
        self.server = start(
            _serve(self.bot),
            address=f"{self.bot}/readyz",
            folder=self.log.parent,
            env=environment(self.data_dir),
            log=self.log,
        )


@contextmanager
def stage(data_dir: Path, folder: Path, settings: Mapping[str, str] | None = None, *, bot: str = "") -> Iterator[Stage]:
    """Bot and Teams client, running; `folder` takes their logs, `settings` are the bot's. Raises NotStarted.

    `bot` is the bot's address, for settings that name it; empty takes a free one.

    At the end the bot is stopped as an operator would, and must have ended well and without a stack trace.
    """
    bot, teams = bot or free_address(), free_address()
    log = folder / "fyren.log"
    log.unlink(missing_ok=True)
    env = environment(data_dir, settings)
    server = start(_serve(bot), address=f"{bot}/readyz", folder=folder, env=env, log=log)
    running_stage = Stage(bot, teams, data_dir, log, server)
    try:
        with _playground(bot, teams, folder):
            yield running_stage
    finally:
        code = stop(running_stage.server)
    said = log.read_text(encoding="utf-8")
    assert "Traceback" not in said, said
    assert code == 0, said


def free_address() -> str:
    """A loopback address that nothing answers on."""
    return f"http://127.0.0.1:{free_port()}"


def _serve(bot: str) -> list[str]:
    return [*FYREN, "serve", "--port", str(urlsplit(bot).port)]


@contextmanager
def _playground(bot: str, teams: str, folder: Path) -> Iterator[None]:
    shutil.copy(HERE / "playground.yml", folder / ".m365agentsplayground.yml")
    port = str(urlsplit(teams).port)
    command = [_found("node"), str(PLAYGROUND), "start", "--app-endpoint", f"{bot}/api/messages"]
    command += ["--channel-id", "msteams", "--port", port, "--service-url", f"{teams}/_connector"]
    command += ["--disable-telemetry"]
    env = {"TEAMSAPPTESTER_BROWSER": "none", "HOME": str(folder), "LANG": "C.UTF-8"}
    with running(command, address=teams, folder=folder, env=env, log=folder / "playground.log"):
        yield


@asynccontextmanager
async def browser_page(*, width: int = 1280, height: int = 900, scale: float = 1) -> AsyncIterator[Page]:
    """A page of a Swedish reader's browser that reaches nothing but this machine. Sizes in CSS pixels."""
    async with async_playwright() as playwright:
        browser = await playwright.chromium.launch(executable_path=_found(*BROWSERS), args=list(FLAGS))
        context = await browser.new_context(
            locale="sv-SE",
            timezone_id="Europe/Stockholm",
            viewport={"width": width, "height": height},
            device_scale_factor=scale,
        )
        await context.route("**/*", _only_this_machine)
        yield await context.new_page()
        await browser.close()


async def _only_this_machine(route: Route) -> None:
    if urlsplit(route.request.url).hostname in {"127.0.0.1", "localhost"}:
        await route.continue_()
    else:
        await route.abort()


def _found(*names: str) -> str:
    return next(filter(None, map(shutil.which, names)))
