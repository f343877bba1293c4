"""Card turns of Fyren beside the turns of two stock echo bots, in one run: `python -m tests.bench.side_by_side`.

All of Fyren is served, on SQLite. Its card turn is what an echo bot does, but that the answer is a card: somebody
writes "hjälp". A press in the maturity check is measured, too; it is more than that, since the answer is stored for
good before the next question's card is sent. The stock bots repeat a message: botbuilder's (`teams_bench`), and the
Agents SDK's (`agents_echo`, in an environment that `make bench` makes). Each bot is a process of its own; this one is
the client and the connector, and a turn is over when its reply is there. They are loaded in rounds, one after the
other, and every figure is the median over rounds, ratios within a round, so that a busy machine is busy for all.

Prints JSON: turns a second and CPU milliseconds a turn, Fyren's ratios to each bot, and the machine's load before.
"""

from __future__ import annotations

import argparse
import asyncio
import json
import os
import shutil
import sys
import time
from collections.abc import Awaitable, Callable, Iterator, Mapping, Sequence
from contextlib import AsyncExitStack
from dataclasses import dataclass, field, replace
from functools import partial
from pathlib import Path
from statistics import median
from tempfile import TemporaryDirectory
from typing import Any

import aiohttp
from aiohttp import web

from bot.settings import Settings
from bot.teams.receiving.endpoint import PATH
from tests.bench.bars import Bar, at_least
from tests.bench.check_bench import Crowd
from tests.bench.teams_bench import Client, Server, cpu_seconds, started, stock_server
from tests.e2e.processes import free_port
from tests.fakes.teams import serving
from tests.program import FYREN, ROOT, environment

AGENTS = ROOT / ".venv" / "agents" / "bin" / "python"
CONCURRENCY = 4
SIZES = {"rounds": 9, "turns": 120}
WORDS = ("hej",)
CARD, PRESS, STOCK, SDK = "fyren", "fyren_press", "botbuilder", "agents"

Load = Callable[[int], Awaitable[None]]
"""Takes so many turns."""


@dataclass(slots=True)
class Contestant:
    """A kind of turn under measurement, how a bot is loaded with it, and what every round gave."""

    name: str
    process: int
    load: Load
    speeds: list[float] = field(default_factory=list)
    costs: list[float] = field(default_factory=list)

    async def round(self, turns: int) -> None:
        """Load it once, and note turns a second and CPU milliseconds a turn."""
        cpu, clock = cpu_seconds(self.process), time.perf_counter()
        await self.load(turns)
        self.speeds.append(turns / (time.perf_counter() - clock))
        self.costs.append((cpu_seconds(self.process) - cpu) / turns * 1000)


def agents_server(port: int) -> Server:
    """The Agents SDK's echo bot, as a process. Raises FileNotFoundError where its environment was not made."""
    if not AGENTS.is_file():
        raise FileNotFoundError(f"{AGENTS} is missing; `make bench` makes it")
    command = (str(AGENTS), str(Path(__file__).with_name("agents_echo.py")), "--port", str(port))
    return Server(SDK, command, f"http://127.0.0.1:{port}{PATH}", WORDS)


def fyren_server(data_dir: Path, port: int) -> Server:
    """A whole Fyren, as a process, for people who never stop to think."""
    given = {"FYREN_LOG_LEVEL": "ERROR", "FYREN_TURNS_PER_MINUTE": "10000"}
    settings = [f"{name}={value}" for name, value in environment(data_dir, given).items()]
    serve = ["env", *settings, *FYREN, "serve", "--port", str(port)]
    return Server("fyren", serve, f"http://127.0.0.1:{port}{PATH}", ("hjälp",))


async def measured(data_dir: Path, *, rounds: int, turns: int) -> dict[str, Any]:
    """The figures, with Fyren on this data folder."""
    fyren = fyren_server(data_dir, free_port())
    stock = replace(stock_server(free_port()), texts=WORDS)
    servers = {CARD: fyren, STOCK: stock, SDK: agents_server(free_port())}
    async with AsyncExitStack() as stack:
        session = await stack.enter_async_context(aiohttp.ClientSession(connector=aiohttp.TCPConnector(limit=0)))
        client, crowd = Client(session), Crowd(session, fyren.url)
        client.service_url = await _connector(stack, client.connector)
        crowd.service_url = await _connector(stack, crowd.connector)
        people = list(crowd.people.values())[:CONCURRENCY]

        async def press(turns: int) -> None:
            await asyncio.gather(*(crowd.answer(person, turns // CONCURRENCY, None) for person in people))

        bots = []
        for name, server in servers.items():
            process = await stack.enter_async_context(started(server, session))
            bots.append(Contestant(name, process.pid, partial(client.load, server, concurrency=CONCURRENCY)))
        bots.insert(1, Contestant(PRESS, bots[0].process, press))
        await asyncio.gather(*(crowd.begin(person) for person in people))
        for each in bots:
            await each.load(turns)  # as warm as they get
        load = os.getloadavg()[0]
        for _ in range(rounds):
            for each in bots:
                await each.round(turns)
        return _result({each.name: each for each in bots}, load)


async def _connector(stack: AsyncExitStack, handler: Callable[[web.Request], Awaitable[web.Response]]) -> str:
    app = web.Application()
    app.router.add_route("*", "/{path:.*}", handler)
    return f"http://127.0.0.1:{await stack.enter_async_context(serving(app))}/"


def _result(bots: Mapping[str, Contestant], load: float) -> dict[str, Any]:
    def ratio(name: str, other: str) -> float:
        pairs = zip(bots[name].speeds, bots[other].speeds, strict=True)
        return round(median(ours / theirs for ours, theirs in pairs), 2)

    return {
        "turns_per_second": {name: round(median(each.speeds), 1) for name, each in bots.items()},
        "cpu_ms_per_turn": {name: round(median(each.costs), 2) for name, each in bots.items()},
        "throughput_ratio": {f"{name}/{other}": ratio(name, other) for name in (CARD, PRESS) for other in (STOCK, SDK)},
        "load_before": round(load, 2),
    }


def measure(index_dir: Path, *, rounds: int, turns: int) -> dict[str, Any]:
    """The figures, on a copy of an index."""
    with TemporaryDirectory() as folder:
        data_dir = Path(folder) / "data"
        shutil.copytree(index_dir, data_dir / "index", symlinks=True)
        return asyncio.run(measured(data_dir, rounds=rounds, turns=turns))


def bars(index_dir: Path) -> Iterator[Bar]:
    """How many turns a second Fyren has to manage beside each of the others."""
    found = measure(index_dir, **SIZES)
    speeds, costs, ratios = (found[name] for name in ("turns_per_second", "cpu_ms_per_turn", "throughput_ratio"))
    for name, what, other, limit in (
        (CARD, "card turn", STOCK, 1.0),
        (CARD, "card turn", SDK, 0.8),
        (PRESS, "press in the check, stored", STOCK, 1.0),
    ):
        told = ", ".join(f"{each} {speeds[each]} a second, {costs[each]} ms CPU" for each in (name, other))
        yield Bar(f"{what}: turns/s, of {other}'s echo", ratios[f"{name}/{other}"], limit, "", at_least, told)


def main(arguments: Sequence[str] | None = None) -> int:
    """Print the figures as JSON."""
    parser = argparse.ArgumentParser(description="turns a second of a card turn, beside two stock echo bots")
    parser.add_argument("--turns", type=int, default=SIZES["turns"], help="turns a round and bot")
    parser.add_argument("--rounds", type=int, default=SIZES["rounds"])
    options = parser.parse_args(arguments)
    print(json.dumps(measure(Settings.read().index_dir, rounds=options.rounds, turns=options.turns), indent=2))
    return 0


if __name__ == "__main__":
    sys.exit(main())
