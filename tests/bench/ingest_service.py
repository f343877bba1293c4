"""What the service takes while documents go in: `python -m tests.bench.ingest_service [DOCUMENTS]`.

Fyren serves a copy of the index in the data folder as a process of its own. An administrator sends documents through
the page and publishes them, in four lots, while people go on asking in Teams, so many a second whether they are
answered or not. Measured are the memory of the service's own process, of the processes beside it, and how long people
wait before and meanwhile.
"""

from __future__ import annotations

import asyncio
import json
import shutil
import sys
from collections.abc import AsyncIterator, Iterator, Mapping
from contextlib import asynccontextmanager
from dataclasses import dataclass
from pathlib import Path
from tempfile import TemporaryDirectory

import aiohttp
from aiohttp import web

from bot.access.sessions import form_token
from bot.documents.jobs import JobState
from bot.settings import Settings
from bot.storage.database import Database, open_database
from bot.teams.receiving.endpoint import PATH
from tests.bench.bars import Bar, at_most
from tests.bench.ingest_files import document
from tests.bench.model_bench import Chats, Listener, p95
from tests.bench.process_watch import Watch, memory
from tests.bench.teams_bench import Server, started
from tests.e2e.processes import free_port
from tests.fakes.documents_site import upload
from tests.fakes.teams import serving
from tests.fakes.visitors import ADMINISTRATOR, form, headers, signed_in
from tests.program import FYREN, ROOT, environment

QUESTIONS = ROOT / "tests" / "evals" / "gate.jsonl"
DOCUMENTS = 200
LOTS = 4
PER_SECOND = 2.0
ALONE = 60.0
"""Seconds for which people ask before anything is sent."""
WARM_UP = 120
"""Questions before those that count: the index is brought into memory by being asked."""
LIMIT = 1800.0


@dataclass(slots=True)
class Served:
    """A running service, an administrator's session in it, and people who ask."""

    address: str
    pid: int
    session: aiohttp.ClientSession
    secret: str
    database: Database
    chats: Chats

    async def send(self, files: list[Path]) -> None:
        """Through the page, until it is published."""
        contents = [(each.name, await asyncio.to_thread(each.read_bytes)) for each in files]
        body = upload(form_token(self.secret), *contents, owner="")
        job_id = (await self._posted("/documents", body)).rpartition("/")[2]
        async with asyncio.timeout(LIMIT):
            while True:
                job = await self.database.jobs.one(job_id)
                if job is None or job.state in (JobState.FAILED, JobState.CANCELLED):
                    raise RuntimeError(f"the documents were not read: {job}")
                if job.state is JobState.DRAFT:
                    break
                await asyncio.sleep(0.5)
        refused = [each for each in job.outcomes if each.reason]
        if refused:
            raise RuntimeError(f"refused: {refused[:3]}")
        await self._posted(f"/documents/jobs/{job_id}/publish", form(self.secret, note=""))

    async def _posted(self, path: str, body: object) -> str:
        sent = {**headers(self.secret), "Origin": self.address}
        url = f"{self.address}{path}"
        async with self.session.post(url, data=body, headers=sent, allow_redirects=False) as response:
            if response.status != 303:
                raise RuntimeError(f"{path}: {response.status}: {(await response.text())[:500]}")
            return response.headers["Location"].partition("?")[0]


async def measured(data_dir: Path, folder: Path, count: int) -> dict[str, float]:
    """Megabytes and milliseconds, before documents go in and meanwhile."""
    files = [await asyncio.to_thread(document, folder, number) for number in range(count)]
    async with _served(data_dir) as served:
        asked = questions()
        for number in range(WARM_UP):
            await served.chats.ask(asked[number % len(asked)])
        alone = await _asking(served, asked, asyncio.create_task(asyncio.sleep(ALONE)))
        before = memory(served.pid)
        with Watch(served.pid) as watch:
            meanwhile = await _asking(served, asked, asyncio.create_task(_sent(served, files)))
        await asyncio.sleep(5.0)
        return {
            "documents": float(count),
            "before_mb": before,
            "most_mb": watch.own,
            "after_mb": memory(served.pid),
            "with_processes_mb": watch.with_processes,
            "alone_p95_ms": p95(alone) * 1000,
            "meanwhile_p95_ms": p95(meanwhile) * 1000,
            "asked_alone": float(len(alone)),
            "asked_meanwhile": float(len(meanwhile)),
        } | {f"most_mb_{name}": value for name, value in watch.processes.items()}


async def _sent(served: Served, files: list[Path]) -> None:
    for lot in range(LOTS):
        await served.send(files[lot::LOTS])


async def _asking(served: Served, asked: list[str], until: asyncio.Task[None]) -> list[float]:
    """Seconds of every wait. People do not wait for one another, so a service that falls behind is found out."""
    waits: list[asyncio.Task[float]] = []
    while not until.done():
        waits.append(asyncio.create_task(_waited(served, asked[len(waits) % len(asked)])))
        await asyncio.wait({until}, timeout=1 / PER_SECOND)
    await until
    return list(await asyncio.gather(*waits))


async def _waited(served: Served, question: str) -> float:
    begun, heard = await served.chats.ask(question)
    return heard.final - begun


@asynccontextmanager
async def _served(data_dir: Path) -> AsyncIterator[Served]:
    port = free_port()
    address = f"http://127.0.0.1:{port}"
    given = [f"{name}={value}" for name, value in environment(data_dir, {"FYREN_LOG_LEVEL": "ERROR"}).items()]
    server = Server("fyren", ["env", *given, *FYREN, "serve", "--port", str(port)], f"{address}{PATH}", ())
    listener = Listener()
    app = web.Application()
    app.router.add_route("*", "/{path:.*}", listener.connector)
    async with (
        aiohttp.ClientSession(connector=aiohttp.TCPConnector(limit=0)) as session,
        serving(app) as connector,
        started(server, session) as process,
    ):
        settings = Settings.read(data_dir=data_dir)
        database = await open_database(settings.database, settings.identity_database, beside=True)
        try:
            secret = await signed_in(database.web_sessions, ADMINISTRATOR)
            chats = Chats(session, server.url, f"http://127.0.0.1:{connector}/", listener)
            yield Served(address, process.pid, session, secret, database, chats)
        finally:
            await database.close()


def questions() -> list[str]:
    """The questions that people ask."""
    lines = [json.loads(line) for line in QUESTIONS.read_text("utf-8").splitlines() if line.strip()]
    return [line["question"] for line in lines]


def measure(index_dir: Path, count: int = DOCUMENTS) -> dict[str, float]:
    """The figures, on a copy of an index."""
    with TemporaryDirectory() as name:
        folder = Path(name)
        data_dir, files = folder / "data", folder / "files"
        files.mkdir()
        shutil.copytree(index_dir, data_dir / "index", symlinks=True)
        return asyncio.run(measured(data_dir, files, count))


def bars(found: Mapping[str, float]) -> Iterator[Bar]:
    """The figures beside their limits."""
    grown = found["most_mb"] - found["before_mb"]
    detail = f"{found['before_mb']:.0f} MB before, at most {found['most_mb']:.0f}, {found['after_mb']:.0f} after"
    detail += f"; with the processes beside it {found['with_processes_mb']:.0f}"
    yield Bar(f"memory of the service while {found['documents']:.0f} documents go in", grown, 50, "MB", at_most, detail)
    slower = found["meanwhile_p95_ms"] / found["alone_p95_ms"]
    detail = f"{found['alone_p95_ms']:.0f} ms of {found['asked_alone']:.0f} questions before, "
    detail += f"{found['meanwhile_p95_ms']:.0f} ms of {found['asked_meanwhile']:.0f} meanwhile"
    yield Bar("answers while documents go in, 95th perc. of that before", slower, 2, "", at_most, detail)


def main() -> int:
    """Print the figures as JSON, and the bars."""
    found = measure(Settings.read().index_dir, int(sys.argv[1]) if len(sys.argv) > 1 else DOCUMENTS)
    print(json.dumps({name: round(value, 2) for name, value in found.items()}, indent=2))
    measured_bars = list(bars(found))
    print(*measured_bars, sep="\n")
    return 0 if all(bar.is_held for bar in measured_bars) else 1


if __name__ == "__main__":
    sys.exit(main())
