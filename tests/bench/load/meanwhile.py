"""What goes on beside people's turns: documents are taken in through the page, results are exported."""

from __future__ import annotations

import asyncio
import threading
import time
from collections.abc import Coroutine, Sequence
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any, Final

import aiohttp
from yarl import URL

from bot.access.sessions import form_token
from bot.documents.jobs import Job, JobState
from bot.storage.database import Database
from tests.bench.load.databases import Place
from tests.bench.load.earlier import put_earlier_round
from tests.fakes.documents_site import upload
from tests.fakes.visitors import ADMINISTRATOR, FEDERATION, form, headers, signed_in

Json = dict[str, Any]
DOCUMENTS: Final = 200
LOTS: Final = 4
FILES: Final = ("xlsx", "csv", "json")
LIMIT: Final = 300.0
AFTERWARDS: Final = 180.0
"""Seconds that work may go on after the last turn."""
LOOK: Final = 0.5
"""Seconds from one look at what the service is at to the next."""


@dataclass(slots=True)
class Meanwhile:
    """Work that is begun at a moment of the run and goes on in threads of its own."""

    place: Place
    folder: Path
    url: str = ""
    events: list[Json] = field(default_factory=list)
    _files: list[Path] = field(default_factory=list)
    _round: str = ""
    _threads: list[threading.Thread] = field(default_factory=list)

    def prepare(self, wanted: Sequence[str]) -> None:
        """What is needed for what will be begun, before the service starts, which looks for closed rounds then."""
        if "documents" in wanted:
            files = self.folder / "files"
            files.mkdir()
            self._files = [_memo(files, number) for number in range(DOCUMENTS)]
        if "export" in wanted:
            self._round = asyncio.run(self._earlier_round())

    def ready(self, url: str) -> None:
        """The service has started at this address: wait for the results that it compiles."""
        self.url = url
        if self._round:
            asyncio.run(self._published())

    def begin(self, what: str) -> None:
        """Begin it."""
        work = self._documents() if what == "documents" else self._exports()
        thread = threading.Thread(target=self._run, args=(what, work), name=what, daemon=True)
        self._threads.append(thread)
        thread.start()

    def wait(self) -> None:
        """Until all of it has ended, or has taken too long."""
        until = time.monotonic() + AFTERWARDS
        for thread in self._threads:
            thread.join(max(0.0, until - time.monotonic()))
            if thread.is_alive():
                self.events.append({"at": time.monotonic(), "what": thread.name, "failed": "it had not ended by then"})

    def _run(self, what: str, work: Coroutine[Any, Any, Json]) -> None:
        begun = time.monotonic()
        try:
            told = asyncio.run(work)
        except (RuntimeError, TimeoutError, aiohttp.ClientError) as error:
            told = {"failed": f"{type(error).__name__}: {error}"}
        self.events.append({"at": begun, "what": what, "ended": time.monotonic(), **told})

    async def _earlier_round(self) -> str:
        database = await self.place.open(beside=True)
        try:
            return await put_earlier_round(database)
        finally:
            await database.close()

    async def _published(self) -> None:
        database = await self.place.open(beside=True)
        try:
            await _edition(database, self._round)
        finally:
            await database.close()

    async def _exports(self) -> Json:
        """Each kind of file, one after another, three times over."""
        waits: list[float] = []
        database = await self.place.open(beside=True)
        try:
            secret = await signed_in(database.web_sessions, FEDERATION)
            async with aiohttp.ClientSession() as session:
                for kind in FILES * 3:
                    begun = time.monotonic()
                    url = f"{self.url}/rounds/{self._round}/exports/{kind}"
                    async with session.get(url, headers=headers(secret)) as response:
                        body = await response.read()
                        if response.status != 200 or not body:
                            raise RuntimeError(f"{kind}: {response.status}")
                    waits.append(time.monotonic() - begun)
        finally:
            await database.close()
        return {"exports": len(waits), "slowest_s": max(waits)}

    async def _documents(self) -> Json:
        """In lots, each published when it was read."""
        database = await self.place.open(beside=True)
        published = 0
        try:
            secret = await signed_in(database.web_sessions, ADMINISTRATOR)
            async with aiohttp.ClientSession() as session:
                for lot in range(LOTS):
                    published += await self._lot(session, database, secret, self._files[lot::LOTS])
        finally:
            await database.close()
        return {"documents": published}

    async def _lot(self, session: aiohttp.ClientSession, database: Database, secret: str, files: list[Path]) -> int:
        contents = [(each.name, await asyncio.to_thread(each.read_bytes)) for each in files]
        body = upload(form_token(secret), *contents, owner="")
        job_id = (await self._posted(session, secret, "/documents", body)).rpartition("/")[2]
        job = await _read(database, job_id)
        await self._posted(session, secret, f"/documents/jobs/{job_id}/publish", form(secret, note=""))
        return sum(not each.reason for each in job.outcomes)

    async def _posted(self, session: aiohttp.ClientSession, secret: str, path: str, body: object) -> str:
        """Where it leads. A service that is being started again is asked again, as whoever sees it would."""
        for _ in range(int(LIMIT / LOOK)):
            try:
                return await self._posted_once(session, secret, path, body)
            except aiohttp.ClientConnectorError:
                await asyncio.sleep(LOOK)
        raise TimeoutError("the service does not listen any more")

    async def _posted_once(self, session: aiohttp.ClientSession, secret: str, path: str, body: object) -> str:
        sent = {**headers(secret), "Origin": str(URL(self.url).origin())}
        async with session.post(f"{self.url}{path}", data=body, headers=sent, allow_redirects=False) as response:
            if response.status != 303:
                raise RuntimeError(f"{path}: {response.status}: {(await response.text())[:300]}")
            return response.headers["Location"].partition("?")[0]


async def _edition(database: Database, held: str) -> None:
    """The service makes an edition of a closed round by itself, and tells nobody outside of the database."""
    for _ in range(int(LIMIT / LOOK)):
        if await database.editions.latest(held) is not None:
            return
        await asyncio.sleep(LOOK)
    raise TimeoutError("the round is not published")


async def _read(database: Database, job_id: str) -> Job:
    """The job, once its documents are read."""
    for _ in range(int(LIMIT / LOOK)):
        job = await database.jobs.one(job_id)
        if job is None or job.state in (JobState.FAILED, JobState.CANCELLED):
            raise RuntimeError(f"the documents were not read: {job}")
        if job.state is JobState.DRAFT:
            return job
        await asyncio.sleep(LOOK)
    raise TimeoutError("the documents are not read")


def _memo(folder: Path, number: int) -> Path:
    """A short document, of which there can be two hundred in the minutes of a run: a passage each, to be embedded."""
    path = folder / f"riktlinje-{number:03}.md"
    path.write_text(
        f"# Riktlinje {number}\n\nVerksamhet {number} går igenom sina e-tjänster en gång om året, i vecka "
        f"{number % 52 + 1}. Den som äger tjänsten skriver ned vad som har ändrats, och skickar det till "
        f"förvaltningens stab senast {number % 28 + 1} dagar därefter.\n",
        encoding="utf-8",
    )
    return path
