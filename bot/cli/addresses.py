"""Web addresses given to `fyren ingest`: what is wrong with them is told at once, then they are fetched."""

from __future__ import annotations

import argparse
from collections.abc import AsyncIterator, Sequence
from contextlib import AsyncExitStack, asynccontextmanager
from pathlib import Path

from bot.cli.console import Console
from bot.cli.progress import ingest_progress
from bot.settings import Settings
from bot.web_sources import web_of
from ingest.errors import AddressRefused
from ingest.web_sources.addresses import address_of
from ingest.web_sources.allow_list import AllowList
from ingest.web_sources.gathering import gathered


def addresses_in(places: Sequence[Path | str]) -> list[str]:
    """Those of the given places that are addresses."""
    return [each for each in places if isinstance(each, str)]


def are_fit(arguments: argparse.Namespace, settings: Settings, console: Console) -> bool:
    """Whether every address may be fetched; tells what is wrong."""
    written, allowed = addresses_in(arguments.paths), AllowList(settings.web_sources)
    if written and not allowed:
        console.note(console.say("web_sources.off"))
        return False
    if written and arguments.watch:
        console.note(console.say("web_sources.watch"))
        return False
    fit = True
    for each in written:
        try:
            allowed.read(each)
        except AddressRefused as error:
            why = console.say(f"web_sources.refused.{error.problem}", **allowed.values(error))
            console.note(f"{each}: {why}")
            fit = False
    return fit


@asynccontextmanager
async def pages_fetched(
    arguments: argparse.Namespace, settings: Settings, console: Console
) -> AsyncIterator[argparse.Namespace]:
    """The arguments with files in place of addresses, for as long as the context is open."""
    written = addresses_in(arguments.paths)
    if not written:
        yield arguments
        return
    files = [each for each in arguments.paths if not isinstance(each, str)]
    async with AsyncExitStack() as stack:
        with ingest_progress(console) as progress:  # over before the next one begins: a terminal shows one at a time
            pages = gathered(list(map(address_of, written)), web_of(settings), progress)
            found = await stack.enter_async_context(pages)
        if arguments.prune and not found.complete:
            console.note(console.say("web_sources.incomplete"))
        changed = {"paths": [*files, *found.sources], "prune": arguments.prune and found.complete}
        yield argparse.Namespace(**(vars(arguments) | changed))
