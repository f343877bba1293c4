"""What watching costs: a turn with metrics and traces on, beside one without, in the same run.

`python -m tests.bench.telemetry_bench` starts Fyren's endpoint several times: bare; measured with nobody who wants to
know; with a page of metrics that is read every five seconds; with traces that go to a collector; and with both. They
are loaded in turns, so that a busy machine is busy for all. It prints JSON: CPU milliseconds a turn, the median of the
rounds' ratios to the first one, and the longest that an observed event loop kept others waiting under that load (A23:
below 0.1 s on a machine that has nothing else to do; 0 where none is observed).
"""

from __future__ import annotations

import argparse
import asyncio
import contextlib
import json
import re
import signal
import sys
from collections.abc import Iterator, Sequence
from statistics import median

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
from bot.teams.endpoint import PATH, TeamsEndpoint
from bot.teams.service import Conversation
from bot.telemetry.turn_notes import Pseudonyms
from tests.bench.bars import Bar, at_most
from tests.bench.teams_bench import Client, HelpOnly, Server, cpu_seconds, started
from tests.e2e.processes import free_port
from tests.fakes.collector import Collector, collector
from tests.fakes.teams import serving

BARE, MEASURED, COUNTED, TRACED, OBSERVED = HOW = ("bare", "measured", "counted", "traced", "observed")
APART = 10
SIZES = {"rounds": 11, "turns": 200, "concurrency": 4}
LAG = re.compile(r"^fyren_loop_lag_seconds (\S+)", re.M)


async def serve(port: int, how: str) -> None:
    """Fyren's endpoint alone; metrics are on a port of their own, and traces go where the environment says."""
    settings = Settings.read(metrics_address=f"127.0.0.1:{port + APART}" if how in (COUNTED, OBSERVED) else "")
    exporting = Exporting(frozenset({"otlp"} if how in (TRACED, OBSERVED) else ()))
    stop = asyncio.Event()
    asyncio.get_running_loop().add_signal_handler(signal.SIGINT, stop.set)
    async with open_telemetry(settings, exporting) as telemetry:
        texts = Texts.load()
        app = web.Application(middlewares=[] if how == BARE else [measured_requests(telemetry)])
        conversation: Conversation = HelpOnly(texts)
        if how != BARE:
            conversation = MeasuredConversation(conversation, telemetry, Pseudonyms())
        config = TeamsConfig(turns_per_minute=10**9)  # one person does it all here
        TeamsEndpoint(config, conversation, texts, telemetry=telemetry).attach(app)
        runner = web.AppRunner(app, access_log=None)
        await runner.setup()
        await web.TCPSite(runner, "127.0.0.1", port).start()
        settle()  # as the service does once it listens
        async with LoopWatch(telemetry).running():
            await stop.wait()
        await runner.cleanup()


def _server(how: str, port: int, collecting: str) -> Server:
    command = (sys.executable, "-m", "tests.bench.telemetry_bench", "--port", str(port), "--serve", how)
    given = f"OTEL_EXPORTER_OTLP_ENDPOINT={collecting}"
    return Server(how, ("env", given, *command), f"http://127.0.0.1:{port}{PATH}", ("hjälp",))


async def measure(
    port: int, *, rounds: int, turns: int, concurrency: int, chosen: Sequence[str] = HOW
) -> dict[str, object]:
    """The bench itself."""
    async with aiohttp.ClientSession(connector=aiohttp.TCPConnector(limit=0)) as session, collector() as stub:
        client = Client(session)
        app = web.Application()
        app.router.add_post("/{path:.*}", client.connector)
        servers = [_server(how, port + HOW.index(how), stub.url) for how in chosen]
        async with serving(app) as connector, contextlib.AsyncExitStack() as stack:
            client.service_url = f"http://127.0.0.1:{connector}/"
            processes = [await stack.enter_async_context(started(each, session)) for each in servers]
            for each in servers:
                await client.load(each, turns // 2, concurrency)
            shown = [port + HOW.index(each) + APART for each in chosen if each in (COUNTED, OBSERVED)]
            pages = [f"http://127.0.0.1:{each}/metrics" for each in shown]
            reading = asyncio.create_task(_read(session, pages))
            costs: list[list[float]] = []
            for _ in range(rounds):
                costs.append([])
                for server, process in zip(servers, processes, strict=True):
                    before = cpu_seconds(process.pid)
                    await client.load(server, turns, concurrency)
                    costs[-1].append((cpu_seconds(process.pid) - before) / turns * 1000)
            reading.cancel()
            lag = max([await _lag(session, each) for each in pages], default=0.0)
        return _result(servers, costs, lag, stub)


def _result(
    servers: Sequence[Server], costs: Sequence[Sequence[float]], lag: float, stub: Collector
) -> dict[str, object]:
    columns = list(zip(*costs, strict=True))
    ratios = [median(each / bare for each, bare in zip(column, columns[0], strict=True)) for column in columns]
    return {
        "cpu_ms_per_turn": {each.name: round(median(costs), 3) for each, costs in zip(servers, columns, strict=True)},
        "cpu_ratio": {each.name: round(ratio, 3) for each, ratio in zip(servers[1:], ratios[1:], strict=True)},
        "loop_lag_seconds": lag,
        "spans": len(stub.spans),
    }


async def _read(session: aiohttp.ClientSession, pages: Sequence[str]) -> None:
    while True:
        for each in pages:
            await _lag(session, each)
        await asyncio.sleep(5)


async def _lag(session: aiohttp.ClientSession, url: str) -> float:
    async with session.get(url) as response:
        found = LAG.search(await response.text())
    return float(found[1]) if found else 0.0


def bars() -> Iterator[Bar]:
    """What watching may cost, and how long nobody may have to wait (A23)."""
    found = asyncio.run(measure(free_port(), chosen=(MEASURED, OBSERVED), **SIZES))
    ratios, lag = found["cpu_ratio"], found["loop_lag_seconds"]
    assert isinstance(ratios, dict)
    assert isinstance(lag, float)
    detail = f"{found['cpu_ms_per_turn']} ms"
    yield Bar("turn with metrics and traces: CPU time, of one without", ratios[OBSERVED], 1.03, "", at_most, detail)
    yield Bar("longest that the event loop kept others waiting meanwhile", lag * 1000, 100, "ms", at_most)


def main(arguments: Sequence[str] | None = None) -> int:
    """Run the bench; 1 where watching costs more than the bar."""
    parser = argparse.ArgumentParser(description="CPU of a turn with metrics and traces on, beside one without")
    parser.add_argument("--turns", type=int, default=300, help="turns a round and server")
    parser.add_argument("--rounds", type=int, default=11)
    parser.add_argument("--concurrency", type=int, default=4)
    parser.add_argument(
        "--only",
        nargs="+",
        choices=HOW,
        default=HOW,
        help="which of them; the first is what the others are compared with",
    )
    parser.add_argument("--max-cpu-ratio", type=float, help="fail above this ratio of CPU a turn")
    parser.add_argument("--port", type=int, default=39880, help=argparse.SUPPRESS)
    parser.add_argument("--serve", choices=HOW, help=argparse.SUPPRESS)
    options = parser.parse_args(arguments)
    if options.serve:
        asyncio.run(serve(options.port, options.serve))
        return 0
    sizes = {"rounds": options.rounds, "turns": options.turns, "concurrency": options.concurrency}
    result = asyncio.run(measure(options.port, chosen=options.only, **sizes))
    print(json.dumps(result, indent=2))
    ratios = result["cpu_ratio"]
    assert isinstance(ratios, dict)
    return 1 if options.max_cpu_ratio is not None and ratios["observed"] > options.max_cpu_ratio else 0


if __name__ == "__main__":
    sys.exit(main())
