"""A site with the pages of documents, and a browser without cookies that somebody uses there."""

from __future__ import annotations

import asyncio
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager, suppress
from dataclasses import dataclass
from html import unescape
from pathlib import Path

from aiohttp import ClientTimeout, DummyCookieJar, web
from aiohttp.test_utils import TestClient, TestServer

from bot.access.sessions import form_token
from bot.access.visitor import Visitor
from bot.documents.jobs import Job, JobState
from bot.storage.database import open_database
from tests.fakes.documents_site import DocumentsSite, upload
from tests.fakes.visitors import ADMINISTRATOR, form, headers, signed_in

TEXT = "Nämnden beslutar om kransmossan i kommunens parker.".encode()
FILE = ("riktlinjer.md", TEXT)


@dataclass(slots=True)
class Desktop:
    """A site, a browser without cookies, and the folder of uploads."""

    site: DocumentsSite
    client: TestClient[web.Request, web.Application]

    async def send(
        self, visitor: Visitor, *files: tuple[str, bytes], token: str | None = None, origin: str = "", **fields: str
    ) -> tuple[int, str, str]:
        """Status, where to, and the page."""
        secret = await signed_in(self.site.sessions, visitor)
        data = upload(form_token(secret) if token is None else token, *files, **fields)
        sent = headers(secret) | {"Origin": origin or self.origin}
        async with self.client.post("/documents", headers=sent, data=data, allow_redirects=False) as response:
            return response.status, response.headers.get("Location", ""), unescape(await response.text())

    async def press(self, visitor: Visitor, address: str, /, **fields: str) -> int:
        secret = await signed_in(self.site.sessions, visitor)
        sent = headers(secret) | {"Origin": self.origin}
        async with self.client.post(
            address, headers=sent, data=form(secret, **fields), allow_redirects=False
        ) as response:
            return response.status

    async def told(self, visitor: Visitor, address: str, /, **fields: str) -> str:
        """The page that answers a press which is not done."""
        secret = await signed_in(self.site.sessions, visitor)
        sent, data = headers(secret) | {"Origin": self.origin}, form(secret, **fields)
        async with self.client.post(address, headers=sent, data=data, allow_redirects=False) as response:
            assert response.status == 422
            return unescape(await response.text())

    async def removed(self, path: str, by: Visitor = ADMINISTRATOR) -> str:
        """The page of the draft without a document."""
        secret = await signed_in(self.site.sessions, by)
        sent, data = headers(secret) | {"Origin": self.origin}, form(secret, path=path)
        async with self.client.post(
            "/documents/one/remove", headers=sent, data=data, allow_redirects=False
        ) as response:
            assert response.status == 303, await response.text()
            return response.headers["Location"]

    async def seen(self, path: str, by: Visitor = ADMINISTRATOR) -> str:
        _, shown = await self.look(by, f"/documents/one?path={path}")
        return shown.partition('name="seen" value="')[2].partition('"')[0]

    async def set_facts(
        self, path: str, by: Visitor = ADMINISTRATOR, seen: str = "", **facts: str
    ) -> tuple[int, str, str]:
        """Status, where to, and the page."""
        secret = await signed_in(self.site.sessions, by)
        fields = {"path": path, "seen": seen or await self.seen(path, by), **facts}
        sent = headers(secret) | {"Origin": self.origin}
        data = form(secret, **fields)
        async with self.client.post("/documents/one/facts", headers=sent, data=data, allow_redirects=False) as response:
            return response.status, response.headers.get("Location", ""), unescape(await response.text())

    async def look(self, visitor: Visitor, path: str) -> tuple[int, str]:
        secret = await signed_in(self.site.sessions, visitor)
        async with self.client.get(path, headers=headers(secret), allow_redirects=False) as response:
            return response.status, await response.text()

    @property
    def origin(self) -> str:
        return f"http://{self.client.host}:{self.client.port}"

    async def job(self, page: str) -> Job:
        found = await self.site.database.jobs.one(page.rpartition("/")[2])
        assert found is not None
        return found

    async def until(self, page: str, *states: JobState) -> Job:
        async with asyncio.timeout(10):
            while True:
                job = await self.job(page)
                if job.state in states:
                    return job
                await asyncio.sleep(0.02)

    async def drafted(self, *files: tuple[str, bytes], by: Visitor = ADMINISTRATOR, **fields: str) -> str:
        """The page of a draft."""
        status, page, told = await self.send(by, *(files or (FILE,)), **fields)
        assert status == 303, told
        await self.until(page, JobState.DRAFT)
        return page

    async def kept(self) -> list[str]:
        """Folders of uploads on disk."""
        folder = self.site.folder
        return await asyncio.to_thread(
            lambda: sorted(each.name for each in folder.glob("*")) if folder.exists() else []
        )

    async def recorded(self, page: str) -> list[str]:
        entries = await self.site.database.audit.entries(limit=100, subject=page.rpartition("/")[2])
        return [each.event.action for each in reversed(entries)]


@asynccontextmanager
async def opened(folder: Path, *, reading: bool = True, **options: object) -> AsyncIterator[Desktop]:
    database = await open_database(f"sqlite:///{folder / 'main.sqlite3'}", f"sqlite:///{folder / 'identity.sqlite3'}")
    site = await asyncio.to_thread(lambda: DocumentsSite(database, folder / "uploads", **options))  # type: ignore[arg-type]  # options of the tests below
    async with TestClient(TestServer(site.app), cookie_jar=DummyCookieJar(), timeout=ClientTimeout(20)) as client:
        task = asyncio.create_task(site.run()) if reading else None
        yield Desktop(site, client)
        site.desk.reader.board.close()
        if task is not None:
            task.cancel()
            with suppress(asyncio.CancelledError):
                await task
    await database.close()
