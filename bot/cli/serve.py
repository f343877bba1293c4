"""`fyren serve`: the bot and its web pages, until it is told to stop."""

from __future__ import annotations

import argparse
import asyncio
import contextlib
import gc
import signal
from contextlib import AsyncExitStack
from pathlib import Path

from aiohttp import web

from bot.app import PARTS, create_app, require_safe_address
from bot.cli.console import Console
from bot.cli.progress import ingest_progress
from bot.composition import open_parts
from bot.demo.folder import NAME, DemoFolder, demo_settings
from bot.observing.loop_watch import LoopWatch
from bot.observing.opening import open_telemetry
from bot.settings import Settings
from bot.signing_in import local_address
from bot.storage.errors import DemoMismatch
from bot.teams.receiving.endpoint import PATH
from bot.telemetry.ports import Telemetry
from bot.web.slow_clients import GuardedRunner

KEEP_ALIVE = 30.0
"""Seconds that an idle connection stays open; aiohttp's own default is an hour."""
SHUTDOWN = 15.0


def run(arguments: argparse.Namespace, settings: Settings, console: Console) -> int:
    """Ends on SIGINT or SIGTERM."""
    demo: Path | None = arguments.demo
    if demo is not None:
        settings = _of_demo(settings, demo, console)
    require_safe_address(settings)
    asyncio.run(_serve(settings, console, demo=demo is not None))
    return 0


def _of_demo(settings: Settings, folder: Path, console: Console) -> Settings:
    """The settings of a demo; without a name its folder is the one in the data folder."""
    found = DemoFolder(folder if folder.parts else settings.data_dir / NAME)
    if not all(each.exists() for each in found.files):
        raise console.fail("demo.missing", folder=found.path)
    return demo_settings(settings, found)


async def _serve(settings: Settings, console: Console, *, demo: bool) -> None:
    stop = Stop()
    loop = asyncio.get_running_loop()
    for sign in (signal.SIGINT, signal.SIGTERM):
        loop.add_signal_handler(sign, stop.by, sign)
    async with AsyncExitStack() as stack:
        try:
            telemetry = await stack.enter_async_context(open_telemetry(settings))
        except OSError as error:
            raise console.fail(
                "cli.serve.metrics", address=settings.metrics_address, detail=error.strerror or error
            ) from error
        opening = asyncio.create_task(_open(settings, console, telemetry, demo=demo))
        stopping = asyncio.create_task(stop.wait())
        # A stop during the first start, while the library is ingested, is heeded at once.
        await asyncio.wait({opening, stopping}, return_when=asyncio.FIRST_COMPLETED)
        if not opening.done():
            opening.cancel()
            await asyncio.wait({opening})
            return
        runner = await opening
        settle()
        await stack.enter_async_context(LoopWatch(telemetry).running())
        await stopping
        runner.app[PARTS].leaving.set()
        await _drained(stop, settings.drain_seconds)
        await runner.cleanup()


def settle() -> None:
    """Take what has been opened for lasting: the collector would look through all of it time after time, which keeps
    every turn waiting for a tenth of a second and more."""
    gc.collect()
    gc.freeze()


async def _drained(stop: Stop, seconds: float) -> None:
    """Go on answering while a load balancer learns from `/readyz` that it is over; whoever asks twice is in a hurry."""
    if stop.is_politely:
        stop.clear()
        with contextlib.suppress(TimeoutError):
            await asyncio.wait_for(stop.wait(), seconds)


class Stop(asyncio.Event):
    """Set by a signal to end; `is_politely` where it was SIGTERM, and not somebody at a keyboard."""

    is_politely = False

    def by(self, sign: signal.Signals) -> None:
        """A signal came."""
        self.is_politely = sign is signal.SIGTERM
        self.set()


async def _open(settings: Settings, console: Console, telemetry: Telemetry, *, demo: bool) -> web.AppRunner:
    with ingest_progress(console) as progress:
        try:
            parts = await open_parts(settings, console.texts, progress, demo=demo, telemetry=telemetry)
        except DemoMismatch as error:
            raise console.fail("demo.not_made_up" if error.demo else "demo.made_up") from error
    try:
        app = await asyncio.to_thread(create_app, parts)  # it reads its page templates
    except BaseException:
        await parts.close()
        raise
    app.on_cleanup.append(lambda _: parts.close())
    runner = GuardedRunner(app, access_log=None, keepalive_timeout=KEEP_ALIVE, shutdown_timeout=SHUTDOWN)
    try:
        await runner.setup()
        site = web.TCPSite(runner, settings.host, settings.port)
        await site.start()
    except OSError as error:
        await runner.cleanup()
        raise console.fail(
            "cli.serve.address", host=settings.host, port=settings.port, detail=error.strerror or error
        ) from error
    _announce(runner, app, settings, console)
    return runner


def _announce(runner: web.AppRunner, app: web.Application, settings: Settings, console: Console) -> None:
    address, port = runner.addresses[0][:2]
    url = f"http://{f'[{address}]' if ':' in address else address}:{port}"
    signin = local_address(app, url)
    if console.json:
        told = {"url": url, "endpoint": f"{url}{PATH}", "health": f"{url}/readyz"}
        console.data(told | ({"sign_in": signin} if signin else {}))
    console.note(console.say("cli.serve.running"))
    if app[PARTS].database.demo:
        console.note(console.say("demo.serving"))
    console.note(f"  {console.say('cli.serve.bot', url=f'{url}{PATH}')}")
    console.note(f"  {console.say('cli.serve.page', url=f'{url}/')}")
    console.note(f"  {console.say('cli.serve.chat')}")
    if signin:
        console.note(console.say("cli.serve.sign_in"))
        console.note(f"  {signin}")
    if not settings.teams_app_id:
        console.note(console.say("cli.serve.local"))
    console.note(console.say("cli.serve.stop"))
