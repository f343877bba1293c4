"""What watching costs: a turn with metrics and traces on, beside one without, in the same run.

`python -m tests.bench.telemetry_bench` starts Fyren's endpoint several times in one process: bare; measured with nobody
who wants to know; with a page of metrics that is read; with traces that go to a collector; and with both. Two processes
of the same program differ by a few per cent, by where they happen to lie in memory; two endpoints of one process do
not. They have one turn each, forwards and backwards, so that what else the machine does befalls all alike, and
what the kernel has counted in nanoseconds for the process is compared, not the clock. The page is read, and spans are
sent, as often as they would be at the 60 turns a second of a full hall, where the processor is what is scarce, or at
`--rate`; but by turns, since a machine that is busy with other things would seem to be watched more.
`--only measured measured` shows how far two equals come out apart.

It prints JSON: CPU milliseconds a turn; the ratio to the first one, with its standard error over pieces of the run; and
the longest that an observed event loop kept others waiting (A23: below 0.1 s on a machine that has nothing else to do;
0 where none is observed).
"""

from __future__ import annotations

import argparse
import asyncio
import contextlib
import json
import math
import re
import signal
import sys
from collections.abc import Iterator, Sequence
from pathlib import Path
from statistics import mean, stdev

import aiohttp
from aiohttp import web

from bot.cli.serve import settle
from bot.conversation.texts import Texts
from bot.measuring.requests import measured_requests
from bot.measuring.turns import MeasuredConversation
from bot.observing.loop_watch import LoopWatch
from bot.observing.opening import open_telemetry
from bot.observing.settings import Exporting
from bot.settings import Settings
from bot.teams.config import TeamsConfig
from bot.teams.receiving.endpoint import PATH, TeamsEndpoint
from bot.teams.service import Conversation
from bot.telemetry.turn_notes import Pseudonyms
from tests.bench.bars import Bar, at_most
from tests.bench.teams_bench import Client, HelpOnly, Server, started
from tests.e2e.processes import free_port
from tests.fakes.collector import Collector, collector
from tests.fakes.teams import serving

BARE, MEASURED, COUNTED, TRACED, OBSERVED = HOW = ("bare", "measured", "counted", "traced", "observed")
APART = 10
RATE = 60
"""Turns a second."""
BETWEEN = 5.0
"""Seconds between two readings of the page, and after which spans are sent."""
KEPT = 0.05 * 3
"""Spans of a turn that are sent: a twentieth of three."""
REST, READ = 0.003, 0.3
"""Seconds for what a turn, and a reading, leave to be done: the endpoint pays for it whose turn it was."""
TURNS, WARM_UP = 1500, 150
PIECE = 75
"""Turns of a piece of the run."""
LAG = re.compile(r"^fyren_loop_lag_seconds (\S+)", re.M)


async def serve(port: int, kinds: Sequence[str]) -> None:
    """Fyren's endpoint alone, once for each kind, on ports one after the other; pages of metrics are `APART`."""
    stop = asyncio.Event()
    asyncio.get_running_loop().add_signal_handler(signal.SIGINT, stop.set)
    async with contextlib.AsyncExitStack() as stack:
        # The first is what is asked whether all are there, so it comes last.
        for place in reversed(range(len(kinds))):
            await _serve(stack, kinds[place], port + place)
        settle()  # as the service does once it listens
        await stop.wait()


async def _serve(stack: contextlib.AsyncExitStack, how: str, port: int) -> None:
    settings = Settings.read(metrics_address=f"127.0.0.1:{port + APART}" if how in (COUNTED, OBSERVED) else "")
    exporting = Exporting(frozenset({"otlp"} if how in (TRACED, OBSERVED) else ()))
    telemetry = await stack.enter_async_context(open_telemetry(settings, exporting))
    await stack.enter_async_context(LoopWatch(telemetry).running())
    texts = Texts.load()
    app = web.Application(middlewares=[] if how == BARE else [measured_requests(telemetry)])
    conversation: Conversation = HelpOnly(texts)
    if how != BARE:
        conversation = MeasuredConversation(conversation, telemetry, Pseudonyms(b"bench"))
    config = TeamsConfig(turns_per_minute=10**9)  # one person does it all here
    TeamsEndpoint(config, conversation, texts, telemetry=telemetry).attach(app)
    runner = web.AppRunner(app, access_log=None)
    await runner.setup()
    stack.push_async_callback(runner.cleanup)
    await web.TCPSite(runner, "127.0.0.1", port).start()


def _command(kinds: Sequence[str], port: int, collecting: str, rate: int) -> tuple[str, ...]:
    spans = {"MAX_EXPORT_BATCH_SIZE": round(rate * BETWEEN * KEPT), "SCHEDULE_DELAY": 3_600_000}
    given = [
        f"OTEL_EXPORTER_OTLP_ENDPOINT={collecting}",
        *(f"OTEL_BSP_{name}={value}" for name, value in spans.items()),
    ]
    bench = ("-m", "tests.bench.telemetry_bench", "--port", str(port), "--serve", *kinds)
    return ("env", *given, sys.executable, *bench)


async def measure(port: int, *, turns: int = TURNS, rate: int = RATE, chosen: Sequence[str] = HOW) -> dict[str, object]:
    """The bench itself. `turns` are those of each endpoint, `rate` how many there would be in a second."""
    read_every = round(rate * BETWEEN)
    costs: list[list[float]] = []
    lags: list[float] = []
    async with aiohttp.ClientSession(connector=aiohttp.TCPConnector(limit=0)) as session, collector() as stub:
        client = Client(session)
        app = web.Application()
        app.router.add_post("/{path:.*}", client.connector)
        command = _command(chosen, port, stub.url, rate)
        servers = [
            Server(f"{how}-{place}", command, f"http://127.0.0.1:{port + place}{PATH}", ("hjälp",))
            for place, how in enumerate(chosen)
        ]
        async with serving(app) as connector, started(servers[0], session) as process:
            client.service_url = f"http://127.0.0.1:{connector}/"

            async def cost(place: int, *, read: bool) -> float:
                before = _cpu(process.pid)
                await client.turn(servers[place])
                if read and chosen[place] in (COUNTED, OBSERVED):
                    lags.append(await _lag(session, f"http://127.0.0.1:{port + place + APART}/metrics"))
                await asyncio.sleep(READ if read else REST)
                return (_cpu(process.pid) - before) * 1000

            order = list(range(len(chosen)))
            for number in range(-WARM_UP, turns):
                read = number % read_every == read_every - 1
                spent = {place: await cost(place, read=read) for place in (order if number % 2 else reversed(order))}
                if number >= 0:
                    costs.append([spent[place] for place in order])
        return _result(chosen, costs, max(lags, default=0.0), stub)


def _cpu(process: int) -> float:
    """Seconds that a process's threads have run, by the kernel's own count of nanoseconds."""
    counts = (each.read_text().split() for each in Path(f"/proc/{process}/task").glob("*/schedstat"))
    return sum(int(count[0]) for count in counts) / 1e9


def _result(chosen: Sequence[str], costs: Sequence[Sequence[float]], lag: float, stub: Collector) -> dict[str, object]:
    columns = list(zip(*costs, strict=True))
    names = [name if name not in chosen[:place] else f"{name} again" for place, name in enumerate(chosen)]
    return {
        "cpu_ms_per_turn": {name: round(mean(each), 3) for name, each in zip(names, columns, strict=True)},
        "cpu_ratio": {
            name: round(sum(each) / sum(columns[0]), 3) for name, each in zip(names[1:], columns[1:], strict=True)
        },
        "standard_error": {
            name: round(_error(each, columns[0]), 3) for name, each in zip(names[1:], columns[1:], strict=True)
        },
        "loop_lag_seconds": lag,
        "spans": len(stub.spans),
    }


def _error(costs: Sequence[float], bare: Sequence[float]) -> float:
    """The standard error of the ratio, by how far the ratios of the run's pieces lie apart."""
    starts = range(0, len(costs), PIECE)
    ratios = [sum(costs[start : start + PIECE]) / sum(bare[start : start + PIECE]) for start in starts]
    return stdev(ratios) / math.sqrt(len(ratios)) if len(ratios) > 1 else math.nan


async def _lag(session: aiohttp.ClientSession, url: str) -> float:
    async with session.get(url) as response:
        found = LAG.search(await response.text())
    return float(found[1]) if found else 0.0


def bars() -> Iterator[Bar]:
    """What watching may cost, and how long nobody may have to wait (A23)."""
    found = asyncio.run(measure(free_port(), chosen=(MEASURED, OBSERVED)))
    ratios, lag = found["cpu_ratio"], found["loop_lag_seconds"]
    assert isinstance(ratios, dict)
    assert isinstance(lag, float)
    detail = f"{found['cpu_ms_per_turn']} ms, standard error {found['standard_error']}"
    yield Bar("turn with metrics and traces: CPU time, of one without", ratios[OBSERVED], 1.03, "", at_most, detail)
    yield Bar("longest that the event loop kept others waiting meanwhile", lag * 1000, 100, "ms", at_most)


def main(arguments: Sequence[str] | None = None) -> int:
    """Run the bench; 1 where watching costs more than the bar."""
    parser = argparse.ArgumentParser(description="CPU of a turn with metrics and traces on, beside one without")
    parser.add_argument("--turns", type=int, default=TURNS, help="of each endpoint")
    parser.add_argument(
        "--rate", type=int, default=RATE, help="turns a second that there would be, beside what is read"
    )
    parser.add_argument(
        "--only",
        nargs="+",
        choices=HOW,
        default=HOW,
        help="which of them; the first is what the others are compared with",
    )
    parser.add_argument("--max-cpu-ratio", type=float, help="fail above this ratio of CPU a turn")
    parser.add_argument("--port", type=int, default=39880, help=argparse.SUPPRESS)
    parser.add_argument("--serve", nargs="+", choices=HOW, help=argparse.SUPPRESS)
    options = parser.parse_args(arguments)
    if options.serve:
        asyncio.run(serve(options.port, options.serve))
        return 0
    result = asyncio.run(measure(options.port, turns=options.turns, rate=options.rate, chosen=options.only))
    print(json.dumps(result, indent=2))
    ratios = result["cpu_ratio"]
    assert isinstance(ratios, dict)
    return 1 if options.max_cpu_ratio is not None and ratios["observed"] > options.max_cpu_ratio else 0


if __name__ == "__main__":
    sys.exit(main())
