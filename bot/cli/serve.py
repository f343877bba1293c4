"""`fyren serve`: the bot and its web pages, until it is told to stop."""

from __future__ import annotations

import argparse
import asyncio
import signal

from aiohttp import web

from bot.app import create_app, require_safe_address
from bot.cli.console import Console
from bot.cli.progress import ingest_progress
from bot.composition import open_parts
from bot.settings import Settings
from bot.teams.endpoint import PATH

KEEP_ALIVE = 30.0
"""Seconds that an idle connection stays open; aiohttp's own default is an hour."""
SHUTDOWN = 15.0


def run(arguments: argparse.Namespace, settings: Settings, console: Console) -> int:
    """Ends on SIGINT or SIGTERM."""
    require_safe_address(settings)
    asyncio.run(_serve(settings, console))
    return 0


async def _serve(settings: Settings, console: Console) -> None:
    stop = asyncio.Event()
    loop = asyncio.get_running_loop()
    for sign in (signal.SIGINT, signal.SIGTERM):
        loop.add_signal_handler(sign, stop.set)
    opening = asyncio.create_task(_open(settings, console))
    stopping = asyncio.create_task(stop.wait())
    # A stop during the first start, while the library is ingested, is heeded at once.
    await asyncio.wait({opening, stopping}, return_when=asyncio.FIRST_COMPLETED)
    if not opening.done():
        opening.cancel()
        await asyncio.wait({opening})
        return
    runner = await opening
    await stopping
    await runner.cleanup()


async def _open(settings: Settings, console: Console) -> web.AppRunner:
    with ingest_progress(console) as progress:
        parts = await open_parts(settings, console.texts, progress)
    try:
        app = await asyncio.to_thread(create_app, parts)  # it reads its page templates
    except BaseException:
        await parts.close()
        raise
    app.on_cleanup.append(lambda _: parts.close())
    runner = web.AppRunner(app, access_log=None, keepalive_timeout=KEEP_ALIVE, shutdown_timeout=SHUTDOWN)
    try:
        await runner.setup()
        site = web.TCPSite(runner, settings.host, settings.port)
        await site.start()
    except OSError as error:
        await runner.cleanup()
        raise console.fail(
            "cli.serve.address", host=settings.host, port=settings.port, detail=error.strerror or error
        ) from error
    _announce(runner, settings, console)
    return runner


def _announce(runner: web.AppRunner, settings: Settings, console: Console) -> None:
    address, port = runner.addresses[0][:2]
    url = f"http://{f'[{address}]' if ':' in address else address}:{port}"
    if console.json:
        console.data({"url": url, "endpoint": f"{url}{PATH}", "health": f"{url}/readyz"})
    console.note(console.say("cli.serve.running"))
    console.note(f"  {console.say('cli.serve.bot', url=f'{url}{PATH}')}")
    console.note(f"  {console.say('cli.serve.page', url=f'{url}/')}")
    console.note(f"  {console.say('cli.serve.chat')}")
    if not settings.teams_app_id:
        console.note(console.say("cli.serve.local"))
    console.note(console.say("cli.serve.stop"))
