"""L01 and L02: what people wait for at the load of a campaign, and in a hall where everybody answers at once.

`python -m tests.bench.load_bench [SECONDS] [--postgresql URL]` serves a copy of the index in the data folder, in
a process of its own. This is the people and the connector that their replies come to; turns are sent at their times
whether earlier ones were answered or not, and a wait counts from when a turn was due. Without Teams' tokens, so what
verifying one costs (about a millisecond) is not in the figures.
"""

from __future__ import annotations

import argparse
import asyncio
import json
import resource
import shutil
import sys
import time
from collections.abc import Iterator, Mapping
from pathlib import Path
from tempfile import TemporaryDirectory

import aiohttp
from aiohttp import web

from bot.settings import Settings
from bot.teams.endpoint import PATH
from tests.bench.bars import Bar, at_most
from tests.bench.ingest_service import questions
from tests.bench.load_crowd import SETTLE, Many, Turns, asked, percentile, pressed
from tests.bench.model_bench import Chats, Listener
from tests.bench.process_watch import memory
from tests.bench.teams_bench import Server, cpu_seconds, started
from tests.e2e.processes import free_port
from tests.fakes.teams import serving
from tests.program import FYREN, environment

PEOPLE = 600
AT_ONCE = 8
CAMPAIGN, ASKING, HALL = 15.0, 1.5, 60.0
"""Presses and questions a second."""
CAMPAIGN_SECONDS, HALL_SECONDS = 60.0, 120.0
WARM_UP = 60
Figures = dict[str, float]


async def measured(data_dir: Path, database: str, seconds: tuple[float, float]) -> Figures:
    """Milliseconds, and how many turns were lost or answered twice."""
    port = free_port()
    # People here are few for so many turns, and would be asked to wait.
    given = {"FYREN_LOG_LEVEL": "ERROR", "FYREN_TURNS_PER_MINUTE": "10000", "FYREN_DATABASE_URL": database}
    variables = [f"{name}={value}" for name, value in environment(data_dir, given).items() if value]
    serve = ["env", *variables, *FYREN, "serve", "--port", str(port)]
    server = Server("fyren", serve, f"http://127.0.0.1:{port}{PATH}", ())
    async with aiohttp.ClientSession(connector=aiohttp.TCPConnector(limit=0)) as session:
        crowd = Many(session, server.url, PEOPLE)
        listener = Listener(crowd)
        app = web.Application()
        app.router.add_route("*", "/{path:.*}", listener.connector)
        async with serving(app) as connector, started(server, session) as process:
            crowd.service_url = f"http://127.0.0.1:{connector}/"
            chats, known = Chats(session, server.url, crowd.service_url, listener), questions()
            await crowd.ready(AT_ONCE)
            for number in range(WARM_UP):
                await chats.ask(known[number % len(known)])
            before = memory(process.pid)
            campaign, answers = await asyncio.gather(
                pressed(crowd, CAMPAIGN, seconds[0]), asked(chats, known, ASKING, seconds[0])
            )
            cpu, own, begun = cpu_seconds(process.pid), _own(), time.perf_counter()
            hall = await pressed(crowd, HALL, seconds[1])
            took = time.perf_counter() - begun
            cpu, own = cpu_seconds(process.pid) - cpu, _own() - own
            await asyncio.sleep(SETTLE)
            return {
                **_told("campaign", campaign),
                **_told("questions", answers),
                **_told("hall", hall),
                "doubled": float(crowd.doubled()),
                "hall_seconds": took,
                "service_cpu_ms_a_press": cpu / max(1, len(hall.waits)) * 1000,
                "client_cpu_ms_a_press": own / max(1, len(hall.waits)) * 1000,
                "before_mb": before,
                "after_mb": memory(process.pid),
            }


def _told(name: str, turns: Turns) -> Figures:
    for lost in turns.lost[:5]:
        print(f"{name}: {lost}", file=sys.stderr)
    return {
        f"{name}_due": float(turns.due),
        f"{name}_lost": float(turns.due - len(turns.waits)),
        f"{name}_median_ms": percentile(turns.waits, 0.5) * 1000,
        f"{name}_p95_ms": percentile(turns.waits, 0.95) * 1000,
        f"{name}_p99_ms": percentile(turns.waits, 0.99) * 1000,
    }


def _own() -> float:
    used = resource.getrusage(resource.RUSAGE_SELF)
    return used.ru_utime + used.ru_stime


def bars(found: Mapping[str, float]) -> Iterator[Bar]:
    """The figures beside their limits."""
    for name, what, share, limit in (
        ("campaign", f"L01: {CAMPAIGN:g} presses a second, 95th perc.", "p95", 500),
        ("campaign", f"L01: {CAMPAIGN:g} presses a second, 99th perc.", "p99", 1000),
        ("questions", f"L01: {ASKING:g} questions a second beside them, 95th perc.", "p95", 1500),
        ("hall", f"L02: {HALL:g} presses a second, 99th perc.", "p99", 5000),
    ):
        detail = f"{found[f'{name}_due']:.0f} turns, median {found[f'{name}_median_ms']:.0f} ms"
        yield Bar(what, found[f"{name}_{share}_ms"], limit, "ms", at_most, detail)
    lost = sum(found[f"{name}_lost"] for name in ("campaign", "questions", "hall"))
    yield Bar("turns that were lost", lost, 0, "", at_most, "")
    detail = f"CPU a press {found['service_cpu_ms_a_press']:.1f} ms, of the client {found['client_cpu_ms_a_press']:.1f}"
    yield Bar("cards that came twice", found["doubled"], 0, "", at_most, detail)


def main() -> int:
    """Print the figures as JSON, and the bars."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("seconds", type=float, nargs="*", help="of the campaign and of the hall (60 and 120)")
    parser.add_argument("--postgresql", default="", metavar="URL", help="a database server instead of SQLite")
    given = parser.parse_args()
    campaign, hall = (given.seconds + [CAMPAIGN_SECONDS, HALL_SECONDS][len(given.seconds) :])[:2]
    with TemporaryDirectory() as folder:
        data_dir = Path(folder) / "data"
        shutil.copytree(Settings.read().index_dir, data_dir / "index", symlinks=True)
        found = asyncio.run(measured(data_dir, given.postgresql, (campaign, hall)))
    print(json.dumps({name: round(value, 2) for name, value in found.items()}, indent=2))
    held = list(bars(found))
    print(*held, sep="\n")
    return 0 if all(bar.is_held for bar in held) else 1


if __name__ == "__main__":
    sys.exit(main())
