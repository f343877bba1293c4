"""What a turn costs, beside a stock botbuilder bot in the same run: `python -m tests.bench.teams_bench`.

The stock side is the echo bot of botbuilder's own samples: a CloudAdapter on aiohttp without an app id. Fyren's side
is its endpoint with a conversation that only gives help; `--command` puts a whole `fyren serve` in its place. Every
server is a process of its own; this process is the client and the connector that both reply to. A turn ends when its
reply has arrived, and servers take turns in rounds, so that a busy machine is busy for both.

Prints JSON: CPU milliseconds a turn and turns a second for each server, and Fyren's ratios to stock.
"""

from __future__ import annotations

import argparse
import asyncio
import json
import os
import secrets
import shlex
import signal
import sys
import time
from collections.abc import AsyncIterator, Sequence
from contextlib import asynccontextmanager
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

import aiohttp
from aiohttp import web

from bot.conversation.card import Button, FileReply
from bot.conversation.replies import MenuReply, Reply
from bot.conversation.texts import Texts
from bot.conversation.turn import Action, Turn
from bot.teams.config import TeamsConfig
from bot.teams.receiving.endpoint import PATH, TeamsEndpoint
from knowledge.composing.ports import Tell
from tests.fakes.teams import activity, serving

START_LIMIT = 600.0  # a first start builds the index
REPLY_LIMIT = 60.0


@dataclass(slots=True)
class Server:
    """A process under measurement: how to start it, where it listens, and what it is asked."""

    name: str
    command: Sequence[str]
    url: str
    texts: Sequence[str]
    turns: int = 0
    seconds: float = 0.0
    cpu: float = 0.0

    def result(self) -> dict[str, Any]:
        return {
            "turns": self.turns,
            "cpu_ms_per_turn": round(self.cpu / self.turns * 1000, 2),
            "turns_per_second": round(self.turns / self.seconds, 1),
        }


class HelpOnly:
    """The least conversation that is one: every turn is answered with the help card."""

    def __init__(self, texts: Texts) -> None:
        self._texts = texts

    async def respond(self, turn: Turn, tell: Tell | None = None) -> Sequence[Reply]:
        title, text = self._texts.say("help.title", "sv"), self._texts.say("help.text", "sv")
        questions = self._texts.lines("welcome.starters", "sv")
        return [MenuReply(title, text, tuple(Button(each, Action("ask", {"question": each})) for each in questions))]

    async def delivered(self, answer_id: str, turn: Turn, activity_id: str) -> None:
        return

    async def shown(self, key: str, turn: Turn, activity_id: str) -> None:
        return

    async def file(self, key: str, turn: Turn) -> FileReply | None:
        return None


@dataclass(slots=True)
class Client:
    """Sends turns and waits for their replies."""

    session: aiohttp.ClientSession
    service_url: str = ""
    waiting: dict[str, asyncio.Future[None]] = field(default_factory=dict)
    sent: int = 0
    run: str = field(default_factory=lambda: secrets.token_hex(4))

    async def connector(self, request: web.Request) -> web.Response:
        body = await request.json()
        if body.get("type") == "message":
            reply_to = request.path.rpartition("/")[2]
            waiting = self.waiting.pop(reply_to, None)
            if waiting is not None and not waiting.done():
                waiting.set_result(None)
        return web.json_response({"id": "1"}, status=201)

    async def turn(self, server: Server) -> None:
        self.sent += 1
        number = self.sent
        # A run soon after another one must not look like the same activities again.
        identifier = f"{server.name}-{self.run}-{number}"
        reply = self.waiting[identifier] = asyncio.get_running_loop().create_future()
        place = {"id": f"a:{number % 50}", "conversationType": "personal", "tenantId": "t"}
        body = activity(
            self.service_url,
            id=identifier,
            text=server.texts[number % len(server.texts)],
            conversation=place,
            channelData={"tenant": {"id": "t"}},
            # One person who does it all would be asked to wait.
            **{"from": {"id": f"29:{number}", "name": "Bo", "aadObjectId": f"person-{number}"}},
        )
        async with self.session.post(server.url, json=body) as response:
            if response.status >= 300:
                raise RuntimeError(f"{server.name} answered {response.status}: {await response.text()}")
        async with asyncio.timeout(REPLY_LIMIT):
            await reply

    async def load(self, server: Server, turns: int, concurrency: int) -> None:
        left = iter(range(turns))

        async def one_client() -> None:
            for _ in left:
                await self.turn(server)

        async with asyncio.TaskGroup() as clients:
            for _ in range(concurrency):
                clients.create_task(one_client())


def cpu_seconds(session_id: int) -> float:
    """User and system time of a process and of all that it started."""
    total = 0
    for stat in Path("/proc").glob("[0-9]*/stat"):
        try:
            fields = stat.read_text().rpartition(")")[2].split()
        except (FileNotFoundError, ProcessLookupError):
            continue
        if int(fields[3]) == session_id:
            total += sum(int(each) for each in fields[11:15])
    return total / os.sysconf("SC_CLK_TCK")


async def measure(servers: Sequence[Server], *, rounds: int, turns: int, warm_up: int, concurrency: int) -> None:
    """Start the servers, load them in rounds, and note what it took in each."""
    async with aiohttp.ClientSession(connector=aiohttp.TCPConnector(limit=0)) as session:
        client = Client(session)
        app = web.Application()
        app.router.add_post("/{path:.*}", client.connector)
        async with serving(app) as port:
            client.service_url = f"http://127.0.0.1:{port}/"
            processes = [await _start(server) for server in servers]
            try:
                for server, process in zip(servers, processes, strict=True):
                    await _listening(server, process, session)
                    await client.load(server, warm_up, concurrency)
                for _ in range(rounds):
                    for server, process in zip(servers, processes, strict=True):
                        cpu, clock = cpu_seconds(process.pid), time.perf_counter()
                        await client.load(server, turns, concurrency)
                        server.seconds += time.perf_counter() - clock
                        server.cpu += cpu_seconds(process.pid) - cpu
                        server.turns += turns
            finally:
                for process in processes:
                    if process.returncode is None:
                        process.send_signal(signal.SIGINT)
                        await process.wait()


@asynccontextmanager
async def started(server: Server, session: aiohttp.ClientSession) -> AsyncIterator[asyncio.subprocess.Process]:
    """A server that listens, as a process of its own; stopped at the end, whatever happens."""
    process = await _start(server)
    try:
        await _listening(server, process, session)
        yield process
    finally:
        if process.returncode is None:
            process.send_signal(signal.SIGINT)
            await process.wait()


async def _start(server: Server) -> asyncio.subprocess.Process:
    # A session of its own: that is how the processes that it starts are found and counted.
    return await asyncio.create_subprocess_exec(*server.command, stdout=sys.stderr, start_new_session=True)


async def _listening(server: Server, process: asyncio.subprocess.Process, session: aiohttp.ClientSession) -> None:
    async with asyncio.timeout(START_LIMIT):
        while process.returncode is None:
            try:
                async with session.get(server.url):
                    return
            except aiohttp.ClientConnectionError:
                await asyncio.sleep(0.1)
    raise RuntimeError(f"{server.name} ended before it listened")


def serve_stock(port: int) -> None:
    """The echo bot as botbuilder's samples have it."""
    from botbuilder.core import ActivityHandler, MessageFactory, TurnContext
    from botbuilder.integration.aiohttp import CloudAdapter, ConfigurationBotFrameworkAuthentication

    class Echo(ActivityHandler):  # type: ignore[misc]  # botbuilder ships no types
        async def on_message_activity(self, turn_context: TurnContext) -> None:
            await turn_context.send_activity(MessageFactory.text(f"Echo: {turn_context.activity.text}"))

    class Config:
        APP_ID = ""
        APP_PASSWORD = ""
        APP_TYPE = "MultiTenant"
        APP_TENANTID = ""

    adapter, echo = CloudAdapter(ConfigurationBotFrameworkAuthentication(Config())), Echo()

    async def messages(request: web.Request) -> web.StreamResponse:
        response: web.StreamResponse = await adapter.process(request, echo)
        return response

    app = web.Application()
    app.router.add_post(PATH, messages)
    web.run_app(app, host="127.0.0.1", port=port, print=None)


def serve_fyren(port: int) -> None:
    """Fyren's endpoint alone."""
    texts = Texts.load()
    app = web.Application()
    TeamsEndpoint(TeamsConfig(), HelpOnly(texts), texts).attach(app)
    web.run_app(app, host="127.0.0.1", port=port, print=None)


def _own(name: str, port: int, texts: Sequence[str]) -> Server:
    command = (sys.executable, "-m", "tests.bench.teams_bench", "--serve", name, "--port", str(port))
    return Server(name, command, f"http://127.0.0.1:{port}{PATH}", texts)


def stock_server(port: int) -> Server:
    """The stock echo bot, as a process."""
    return _own("stock", port, ())


def fyren_endpoint(port: int, texts: Sequence[str] = ("hjälp",)) -> Server:
    """Fyren's endpoint alone, as a process."""
    return _own("fyren", port, texts)


def compare(
    fyren: Server,
    texts: Sequence[str] = ("hjälp",),
    *,
    port: int = 39780,
    rounds: int = 3,
    turns: int = 300,
    warm_up: int = 50,
    concurrency: int = 4,
) -> dict[str, Any]:
    """Measure a stock bot on `port` and Fyren; both results, `cpu_ratio` and `throughput_ratio` (Fyren / stock)."""
    stock = _own("stock", port, texts)
    asyncio.run(measure((stock, fyren), rounds=rounds, turns=turns, warm_up=warm_up, concurrency=concurrency))
    ours, theirs = fyren.result(), stock.result()
    return {
        "stock": theirs,
        "fyren": ours,
        "cpu_ratio": round(ours["cpu_ms_per_turn"] / theirs["cpu_ms_per_turn"], 3),
        "throughput_ratio": round(ours["turns_per_second"] / theirs["turns_per_second"], 2),
    }


def main(arguments: Sequence[str] | None = None) -> int:
    """Run the benchmark; 1 where a ratio misses its bar."""
    parser = argparse.ArgumentParser(description="CPU and throughput of a turn, beside a stock botbuilder bot")
    parser.add_argument("--command", help="start this instead of Fyren's endpoint alone, e.g. 'fyren serve'")
    parser.add_argument("--url", default=f"http://127.0.0.1:3978{PATH}", help="where --command listens")
    parser.add_argument("--text", action="append", help="what is asked, in rotation (default: hjälp)")
    parser.add_argument("--turns", type=int, default=300, help="turns a round and server")
    parser.add_argument("--rounds", type=int, default=3)
    parser.add_argument("--warm-up", type=int, default=50)
    parser.add_argument("--concurrency", type=int, default=4)
    parser.add_argument("--max-cpu-ratio", type=float, help="fail above this ratio of CPU a turn")
    parser.add_argument("--min-throughput-ratio", type=float, help="fail below this ratio of turns a second")
    parser.add_argument("--port", type=int, default=39780, help=argparse.SUPPRESS)
    parser.add_argument("--serve", choices=("stock", "fyren"), help=argparse.SUPPRESS)
    options = parser.parse_args(arguments)
    if options.serve:
        {"stock": serve_stock, "fyren": serve_fyren}[options.serve](options.port)
        return 0
    texts = options.text or ["hjälp"]
    fyren = (
        Server("fyren", shlex.split(options.command), options.url, texts)
        if options.command
        else fyren_endpoint(options.port + 1, texts)
    )
    result = compare(
        fyren,
        texts,
        port=options.port,
        rounds=options.rounds,
        turns=options.turns,
        warm_up=options.warm_up,
        concurrency=options.concurrency,
    )
    print(json.dumps(result, indent=2))
    missed = (options.max_cpu_ratio is not None and result["cpu_ratio"] > options.max_cpu_ratio) or (
        options.min_throughput_ratio is not None and result["throughput_ratio"] < options.min_throughput_ratio
    )
    return 1 if missed else 0


if __name__ == "__main__":
    sys.exit(main())
