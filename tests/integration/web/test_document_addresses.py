"""A web address on the page of documents: which is taken, by whom, and what the job makes of it."""

from __future__ import annotations

import asyncio
from collections.abc import AsyncIterator
from html import unescape
from pathlib import Path
from typing import cast

import pytest
import pytest_asyncio

from bot.document_drafts import KnowledgeDrafts
from bot.documents.desk import Desk
from bot.documents.jobs import Job, JobState
from bot.documents.recording import Person
from bot.documents.timing import Timing
from bot.documents.uploads import Uploads
from bot.drafting.making import Maker
from bot.knowledge_base import KnowledgeBase
from bot.serving import ServedKnowledge
from bot.storage.database import open_database
from ingest.model import FileStatus
from ingest.sandbox import Limits
from ingest.web_sources.allow_list import AllowList
from knowledge.adapters.generation import GenerationStore
from knowledge.advisor import Advisor
from knowledge.ports import Index
from tests.fakes.visitors import ADMINISTRATOR, CONTACT_A, MUNICIPAL, form, headers, signed_in
from tests.fakes.web_site import Pages, html, site_map, web_sites
from tests.integration.web.documents_desktop import Desktop, opened

pytestmark = pytest.mark.asyncio(loop_scope="module")

MAP = "https://www.example.se/karta.xml"


@pytest_asyncio.fixture(scope="module", loop_scope="module")
async def desktop(tmp_path_factory: pytest.TempPathFactory) -> AsyncIterator[Desktop]:
    async with opened(tmp_path_factory.mktemp("documents")) as found:
        yield found


def _unasked(index: Index) -> Advisor:
    raise AssertionError("nothing was published before, so there is nothing to ask")


async def _send(desktop: Desktop, address: str, by: object = ADMINISTRATOR, **fields: str) -> tuple[int, str, str]:
    """Status, where to, and the page."""
    secret = await signed_in(desktop.site.sessions, by)  # type: ignore[arg-type]  # one of the visitors
    sent, data = headers(secret) | {"Origin": desktop.origin}, form(secret, address=address, **fields)
    async with desktop.client.post("/documents/address", headers=sent, data=data, allow_redirects=False) as response:
        return response.status, response.headers.get("Location", ""), unescape(await response.text())


async def test_an_address_becomes_a_job_of_its_own(desktop: Desktop) -> None:
    _, shown = await desktop.look(ADMINISTRATOR, "/documents")
    assert 'action="/documents/address"' in shown
    status, page, told = await _send(desktop, f" {MAP}#del ", owner="lysekil")
    assert status == 303, told
    job = await desktop.until(page, JobState.DRAFT)
    assert ([each.name for each in job.files], job.owner) == ([MAP], "lysekil")
    assert desktop.site.drafts.texts[MAP] == MAP
    _, shown = await desktop.look(ADMINISTRATOR, page)
    assert MAP in unescape(shown)
    await desktop.press(ADMINISTRATOR, f"{page}/discard")
    assert await desktop.kept() == []


@pytest.mark.parametrize(
    ("address", "why"),
    [
        ("", "ingen webbadress"),
        ("http://www.example.se/", "börja med https://"),
        ("https://www.annan.se/a", "inte att hämta från www.annan.se. Tillåtna webbplatser är: www.example.se"),
        ("https://a:b@www.example.se/", "lösenord"),
        ("https://127.0.0.1/", "med siffror"),
        ('https://www.example.se/"><img src=x>', "ingen webbadress"),
    ],
)
async def test_a10_an_address_that_may_not_be_fetched_is_told_why_and_becomes_no_job(
    desktop: Desktop, address: str, why: str
) -> None:
    before = len(await desktop.site.database.jobs.all())
    status, _, told = await _send(desktop, address)
    assert (status, why in told, "<img" in told.replace(address, "")) == (422, True, False)
    assert len(await desktop.site.database.jobs.all()) == before
    assert await desktop.kept() == []


async def test_d09_who_manages_no_documents_or_another_s_sends_no_address(desktop: Desktop) -> None:
    assert (await _send(desktop, MAP, CONTACT_A))[0] == 403
    assert (await _send(desktop, MAP, MUNICIPAL, owner=""))[0] == 403
    assert (await _send(desktop, MAP, MUNICIPAL, owner="lysekil"))[0] == 403


async def test_where_no_site_is_allowed_the_page_says_what_to_set(tmp_path: Path) -> None:
    async with opened(tmp_path, reading=False, web_sources=AllowList()) as desktop:
        _, shown = await desktop.look(ADMINISTRATOR, "/documents")
        assert "FYREN_WEB_SOURCES" in shown
        assert "/documents/address" not in shown
        status, _, told = await _send(desktop, MAP)
        assert (status, "FYREN_WEB_SOURCES" in told) == (422, True)


async def test_the_job_fetches_the_pages_and_begins_anew_after_a_crash(tmp_path: Path) -> None:
    fetching = asyncio.Event()

    async def hanging(request: object) -> object:
        fetching.set()
        await asyncio.sleep(60)
        raise AssertionError("whoever asked is gone")

    pages: Pages = {
        "www.example.se/karta.xml": site_map("https://www.example.se/a", "https://www.example.se/b"),
        "www.example.se/a": hanging,  # type: ignore[dict-item]  # it never answers
    }
    url = f"sqlite:///{tmp_path / 'main.sqlite3'}"
    database = await open_database(url, f"sqlite:///{tmp_path / 'identity.sqlite3'}")
    async with web_sites(pages) as sites:
        store = GenerationStore(tmp_path / "index")
        # Nothing is published, so no known question is asked, and nobody is served.
        knowledge = KnowledgeBase(store, None, cast(ServedKnowledge, None))
        making = Maker(store, None, _unasked, Limits(), sites.web())
        drafts = KnowledgeDrafts(knowledge, database.evaluation_questions, making)

        def desk() -> Desk:
            return Desk(database.jobs, Uploads(tmp_path / "uploads"), drafts, timing=Timing(pause=0.02))

        first = desk()
        reading = asyncio.create_task(first.reader.run())
        async with first.uploads.begin() as upload:
            await upload.take_address(MAP)
            job = await first.submit(upload, Person("m-1", "t-1"), "lysekil")
        await fetching.wait()
        reading.cancel()
        await asyncio.gather(reading, return_exceptions=True)
        sites.pages["www.example.se/a"] = html("Fyren", "Fyren på Hållö tändes år 1842.")
        second = desk()
        reading = asyncio.create_task(second.reader.run())
        drafted = await _drafted(second, job)
        reading.cancel()
        await asyncio.gather(reading, return_exceptions=True)
    place = "@lysekil/web:www.example.se"
    assert {each.path: (each.status, each.reason) for each in drafted.outcomes} == {
        f"{place}/a": (FileStatus.ADDED, ""),
        f"{place}/b": (FileStatus.REJECTED, "ingest.rejected.not_there"),
    }
    contents = await asyncio.to_thread(store.contents, drafted.generation)
    assert [(each.url, each.owner) for each in contents.documents] == [("https://www.example.se/a", "lysekil")]
    await database.close()


async def _drafted(desk: Desk, job: Job) -> Job:
    async with asyncio.timeout(60):
        while True:
            found = await desk.jobs.one(job.id)
            assert found is not None
            if found.state not in (JobState.QUEUED, JobState.READING):
                return found
            await asyncio.sleep(0.02)
