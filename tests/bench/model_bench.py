"""What answers by a language model cost beyond the model's own time: `python -m tests.bench.model_bench`.

The model is a process of its own on loopback that speaks OpenAI's API and notes when it had said what; Fyren serves a
copy of the index in the data folder. Measured are: the pipeline and the verification of at least a hundred questions,
from the question to the answer, without the time that the model took; how soon the first verified sentence leaves for
Teams after the model had finished it; how soon a first answer comes with the model gone or broken; and how long people
who press the buttons of the check wait, alone and beside fifty streams.
"""

from __future__ import annotations

import asyncio
import json
import shutil
import statistics
import sys
import time
from collections.abc import AsyncIterator, Iterator, Mapping, Sequence
from contextlib import asynccontextmanager
from dataclasses import dataclass, field
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import Any

import aiohttp
from aiohttp import web

from bot.composition import open_advice
from bot.conversation.texts import Texts
from bot.settings import Settings
from bot.teams.receiving.endpoint import PATH
from tests.bench.bars import Bar, at_most
from tests.bench.check_bench import Crowd
from tests.bench.teams_bench import Server, started
from tests.e2e.processes import free_port
from tests.fakes.teams import activity, serving
from tests.program import FYREN, ROOT, environment

QUESTIONS = ROOT / "tests" / "evals" / "gate.jsonl"
ASKED = 120
STREAMS = 50
BETWEEN = 0.1
"""Seconds from one question to the next, until all are under way."""
CARD_PRESSES = 8
CARD_PAUSE = (0.5, 2.0)
READERS = 20
"""People who do the check meanwhile."""
LIMIT = 60.0

Json = dict[str, Any]


@dataclass(slots=True)
class Heard:
    """What one chat was sent, and when: each text of a stream, and the message at the end."""

    streamed: list[tuple[float, str]] = field(default_factory=list)
    final: float = 0.0
    text: str = ""
    ended: asyncio.Event = field(default_factory=asyncio.Event)

    @property
    def first_sentence(self) -> float:
        """When the first text of an answer came, not only that it is being searched for."""
        return next((at for at, text in self.streamed if "[1]" in text), self.final)


class Listener:
    """The connector: notes what each chat is sent; the check's people get theirs."""

    def __init__(self, crowd: Crowd | None = None) -> None:
        self.chats: dict[str, Heard] = {}
        self._crowd = crowd
        self._sent = 0

    async def connector(self, request: web.Request) -> web.Response:
        chat = request.path.split("/")[3]
        if self._crowd is not None and chat not in self.chats:
            return await self._crowd.connector(request)
        body = await request.json()
        self._sent += 1
        heard = self.chats.get(chat)
        if heard is not None:
            now = time.monotonic()
            if body.get("type") == "message":
                heard.final, heard.text = now, str(body.get("text", ""))
                heard.ended.set()
            elif _kind(body) == "streaming":
                heard.streamed.append((now, str(body.get("text", ""))))
        return web.json_response({"id": f"m-{self._sent}"}, status=201)


def _kind(body: Json) -> str:
    told = [body.get("channelData") or {}, *(body.get("entities") or ())]
    return next((str(each["streamType"]) for each in told if "streamType" in each), "")


@dataclass(slots=True)
class Chats:
    """People who ask, each in a chat of their own."""

    session: aiohttp.ClientSession
    url: str
    service_url: str
    listener: Listener
    asked: int = 0

    async def ask(self, question: str) -> tuple[float, Heard]:
        """When it was asked, and what came."""
        self.asked += 1
        chat = f"a:ask-{self.asked}"
        heard = self.listener.chats[chat] = Heard()
        body = activity(
            self.service_url,
            id=f"ask-{self.asked}",
            text=question,
            conversation={"id": chat, "conversationType": "personal", "tenantId": "t"},
            channelData={"tenant": {"id": "t"}},
            **{"from": {"id": f"29:{self.asked}", "name": "Bo", "aadObjectId": f"asker-{self.asked}"}},
        )
        begun = time.monotonic()
        async with self.session.post(self.url, json=body) as response:
            if response.status >= 300:
                raise RuntimeError(f"{response.status}: {await response.text()}")
        async with asyncio.timeout(LIMIT):
            await heard.ended.wait()
        return begun, heard


def model_settings(port: int) -> dict[str, str]:
    """A model on this port, without limits of its use and without a cache, so that every question reaches it."""
    return {
        "FYREN_MODEL_PROVIDER": "openai",
        "FYREN_MODEL_NAME": "bench",
        "FYREN_MODEL_BASE_URL": f"http://127.0.0.1:{port}/v1",
        "FYREN_MODEL_CACHE_MINUTES": "0",
        "FYREN_BUDGET_PERSON": "0",
        "FYREN_BUDGET_TENANT": "0",
        "FYREN_BUDGET_TOTAL": "0",
        "FYREN_LOG_LEVEL": "ERROR",
    }


@asynccontextmanager
async def model(port: int, notes: Path, *options: str) -> AsyncIterator[None]:
    """The model's process."""
    command = [sys.executable, "-m", "tests.bench.model_server", "--port", str(port), "--notes", str(notes), *options]
    process = await asyncio.create_subprocess_exec(*command, stdout=asyncio.subprocess.PIPE)
    try:
        assert process.stdout is not None
        await process.stdout.readline()
        yield
    finally:
        process.terminate()
        await process.wait()


def noted(notes: Path) -> list[dict[str, float]]:
    """What the model has noted."""
    return [json.loads(line) for line in notes.read_text("utf-8").splitlines()] if notes.exists() else []


async def overhead(data_dir: Path, folder: Path) -> dict[str, float]:
    """Milliseconds from question to answer without the model's own, asked one after the other in this process."""
    port, notes = free_port(), folder / "overhead.jsonl"
    given = {name.removeprefix("FYREN_").lower(): value for name, value in model_settings(port).items()}
    settings = Settings.read(data_dir=data_dir, **given)
    spent, worded, alone = [], 0, []
    # Some hundred pieces a second, as a quick model writes: what reading them costs passes while it writes the next.
    async with model(port, notes, "--pause", "0.01"), open_advice(settings, Texts.load()) as base:
        for question in _questions()[:10]:
            await base.served.ask(question)
        for question in _questions()[:ASKED]:
            seen = len(noted(notes))
            begun = time.monotonic()
            answer = await base.served.ask(question, tell=lambda advance: None)
            whole = time.monotonic() - begun
            own = [line["ended"] - line["came"] for line in noted(notes)[seen:]]
            spent.append((whole - sum(own)) * 1000)
            worded += answer.generator != "extractive"
            begun = time.monotonic()
            await base.served.advisor.ask(question)
            alone.append((time.monotonic() - begun) * 1000)
    return {
        "overhead_median_ms": statistics.median(spent),
        "overhead_p95_ms": p95(spent),
        "extractive_p95_ms": p95(alone),
        "worded": float(worded),
        "asked": float(len(spent)),
    }


async def served(data_dir: Path, folder: Path) -> dict[str, float]:
    """What Teams sees: the first verified sentence, a model that is gone or broken, card turns beside streams."""
    found: dict[str, float] = {}
    port, notes = free_port(), folder / "served.jsonl"
    async with fyren(data_dir, model_settings(port)) as (session, url, address, listener, crowd):
        chats = Chats(session, url, address, listener)
        questions = _questions()
        refused = [await _first_answer(chats, question) for question in questions[:5]]
        found["gone_max_ms"] = max(refused)
        found["gone_first_ms"] = refused[0]
        await asyncio.gather(*(crowd.begin(person) for person in _readers(crowd)))
        found["card_alone_p95_ms"] = await _cards(crowd)
        async with model(port, notes, "--wait", "1.5", "--pause", "0.02"):
            # A model that is back is tried again only after a while.
            await _until_worded(chats, questions[0], notes)
            late = []
            for question in questions[5:20]:
                seen = len(noted(notes))
                _, heard = await chats.ask(question)
                lines = [line for line in noted(notes)[seen:] if line["first"] and line["answer"] > 40]
                if lines and heard.streamed:
                    late.append((heard.first_sentence - lines[-1]["first"]) * 1000)
            found["first_sentence_median_ms"] = statistics.median(late) if late else float("nan")
            found["first_sentence_p95_ms"] = p95(late) if late else float("nan")
            found["first_sentences"] = float(len(late))
        async with model(port, notes, "--wait", "1.0", "--pause", "0.07", "--size", "4"):
            streams = []
            for number in range(STREAMS):
                streams.append(asyncio.create_task(chats.ask(questions[number % 100])))
                await asyncio.sleep(BETWEEN)
            found["card_beside_p95_ms"] = await _cards(crowd)
            ended = await asyncio.gather(*streams)
            found["streams_worded"] = float(sum(bool(heard.streamed) for _, heard in ended))
            found["stream_p95_s"] = p95([heard.final - begun for begun, heard in ended])
    broken = free_port()
    async with (
        model(broken, notes, "--broken"),
        fyren(data_dir, model_settings(broken)) as (session, url, address, heard_by, _),
    ):
        chats = Chats(session, url, address, heard_by)
        times = [await _first_answer(chats, question) for question in questions[:5]]
        found["broken_first_ms"], found["broken_max_ms"] = times[0], max(times)
    return found


@asynccontextmanager
async def fyren(
    data_dir: Path, settings: Mapping[str, str]
) -> AsyncIterator[tuple[aiohttp.ClientSession, str, str, Listener, Crowd]]:
    """The service, and what it answers to."""
    port = free_port()
    given = [f"{name}={value}" for name, value in environment(data_dir, settings).items()]
    server = Server(
        "fyren", ["env", *given, *FYREN, "serve", "--port", str(port)], f"http://127.0.0.1:{port}{PATH}", ()
    )
    async with aiohttp.ClientSession(connector=aiohttp.TCPConnector(limit=0)) as session:
        crowd = Crowd(session, server.url)
        listener = Listener(crowd)
        app = web.Application()
        app.router.add_route("*", "/{path:.*}", listener.connector)
        async with serving(app) as connector:
            crowd.service_url = f"http://127.0.0.1:{connector}/"
            async with started(server, session):
                yield session, server.url, crowd.service_url, listener, crowd


async def _first_answer(chats: Chats, question: str) -> float:
    begun, heard = await chats.ask(question)
    return (heard.final - begun) * 1000


async def _until_worded(chats: Chats, question: str, notes: Path) -> None:
    for _ in range(60):
        await chats.ask(question)
        if noted(notes):
            return
        await asyncio.sleep(1)
    raise RuntimeError("the model was never asked")


def _readers(crowd: Crowd) -> list[Any]:
    return list(crowd.people.values())[:READERS]


async def _cards(crowd: Crowd) -> float:
    """Everybody goes on answering: the 95th percentile of their waits in milliseconds."""
    crowd.waits.clear()
    await asyncio.gather(*(crowd.answer(person, CARD_PRESSES, CARD_PAUSE) for person in _readers(crowd)))
    return p95([wait * 1000 for wait in crowd.waits])


def p95(values: Sequence[float]) -> float:
    """The 95th percentile."""
    return sorted(values)[min(int(len(values) * 0.95), len(values) - 1)]


def _questions() -> list[str]:
    lines = [json.loads(line) for line in QUESTIONS.read_text("utf-8").splitlines() if line.strip()]
    return [line["question"] for line in lines if line["class"] == "answerable"]


def measure(index_dir: Path) -> dict[str, float]:
    """The figures, on a copy of an index."""
    with TemporaryDirectory() as name:
        folder = Path(name)
        data_dir = folder / "data"
        shutil.copytree(index_dir, data_dir / "index", symlinks=True)
        found = asyncio.run(overhead(data_dir, folder))
        return found | asyncio.run(served(data_dir, folder))


def bars(found: Mapping[str, float]) -> Iterator[Bar]:
    """The figures beside their limits."""
    detail = f"{found['worded']:.0f} of {found['asked']:.0f} worded, median {found['overhead_median_ms']:.0f} ms"
    detail += f"; without a model 95th percentile {found['extractive_p95_ms']:.0f} ms"
    yield Bar(
        "answer by a model without its own time, 95th perc.", found["overhead_p95_ms"], 120, "ms", at_most, detail
    )
    detail = f"{found['first_sentences']:.0f} streams, median {found['first_sentence_median_ms']:.0f} ms"
    late = found["first_sentence_p95_ms"]
    yield Bar("first verified sentence after the model said it, 95th p.", late, 150, "ms", at_most, detail)
    gone = max(found["gone_max_ms"], found["broken_max_ms"]) / 1000
    detail = f"the first: nobody listens {found['gone_first_ms']:.0f} ms, errors {found['broken_first_ms']:.0f} ms"
    yield Bar("answer with the model gone or broken, the slowest", gone, 2, "s", at_most, detail)
    beside, alone = found["card_beside_p95_ms"], found["card_alone_p95_ms"]
    detail = f"alone {alone:.0f} ms; {found['streams_worded']:.0f} streams"
    yield Bar("card turn beside fifty streams, 95th percentile", beside, 500, "ms", at_most, detail)


def main() -> int:
    """Print the figures as JSON, and the bars."""
    found = measure(Settings.read().index_dir)
    print(json.dumps({name: round(value, 2) for name, value in found.items()}, indent=2))
    measured = list(bars(found))
    print(*measured, sep="\n")
    return 0 if all(bar.is_held for bar in measured) else 1


if __name__ == "__main__":
    sys.exit(main())
