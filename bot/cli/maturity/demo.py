"""`fyren maturity demo`: made-up rounds in a database of their own, and how to look at them."""

from __future__ import annotations

import argparse
import asyncio
import shlex
from collections.abc import Sequence
from pathlib import Path

from bot.cli.console import Console
from bot.cli.table import table
from bot.demo.errors import FolderTaken
from bot.demo.filling import Filled
from bot.demo.folder import NAME, DemoFolder
from bot.demo.making import make_demo
from bot.demo.rounds import DEFAULT_RESPONDENTS, DEFAULT_SEED, MadeRound, made_rounds, world_of
from bot.maturity.days import swedish_days
from bot.maturity.instrument_file import INSTRUMENTS, MAIN, load_folder
from bot.maturity_check import read_baseline
from bot.settings import Settings


def run(arguments: argparse.Namespace, settings: Settings, console: Console) -> int:
    """Fills the folder anew, and says what to do next."""
    folder = DemoFolder(arguments.folder or settings.data_dir / NAME)
    console.note(console.say("demo.begun"))
    filled = asyncio.run(_make(folder, arguments, console))
    serve = ["fyren", "serve", "--demo", *([str(folder.path)] if arguments.folder else [])]
    _tell(filled, folder.path, shlex.join(serve), console)
    return 0


async def _make(folder: DemoFolder, arguments: argparse.Namespace, console: Console) -> Sequence[Filled]:
    today = (await swedish_days())()

    def make() -> Sequence[MadeRound]:
        seed = DEFAULT_SEED if arguments.seed is None else arguments.seed
        # Only what comes with Fyren: the demo is about the federation's own questions.
        world = world_of(load_folder(INSTRUMENTS)[MAIN], read_baseline(), seed)
        return tuple(made_rounds(world, today=today, respondents=arguments.respondents or DEFAULT_RESPONDENTS))

    try:
        return await make_demo(folder, await asyncio.to_thread(make))
    except FolderTaken as error:
        raise console.fail("demo.taken", folder=error.folder) from None
    except OSError as error:
        raise console.fail("demo.unwritable", folder=folder.path, detail=error.strerror or error) from error


def _tell(filled: Sequence[Filled], path: Path, serve: str, console: Console) -> None:
    if console.json:
        rounds = [
            {
                "label": each.label,
                "responses": each.responses,
                "edition": each.edition.number if each.edition is not None else None,
            }
            for each in filled
        ]
        console.data({"folder": str(path), "rounds": rounds, "serve": serve})
        return
    rows = [
        (
            each.label,
            console.say("demo.status.open" if each.edition is None else "demo.status.closed"),
            each.responses,
        )
        for each in filled
    ]
    for line in table([console.say(f"demo.head.{name}") for name in ("label", "status", "responses")], rows):
        console.line(line)
    console.note(console.say("demo.done", folder=path))
    console.note(console.say("demo.next"))
    console.note(f"  {serve}")
    console.note(console.say("demo.link"))
