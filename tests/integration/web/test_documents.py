"""The pages of documents over HTTP: what is taken, what is refused, and what becomes of it."""

from __future__ import annotations

import asyncio
import json
from collections.abc import AsyncIterator
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest
import pytest_asyncio

from bot.access.sessions import form_token
from bot.access.visitor import Visitor
from bot.documents.errors import DraftFailed, Problem
from bot.documents.jobs import JobState
from bot.documents.timing import Timing
from tests.fakes.visitors import ADMINISTRATOR, CONTACT_A, FEDERATION, MUNICIPAL, headers, signed_in
from tests.integration.web.documents_desktop import FILE, TEXT, Desktop, opened

pytestmark = pytest.mark.asyncio(loop_scope="module")

HOSTILE = "../../etc/<img src=x onerror=alert(1)>\u202efdp.md"


@pytest_asyncio.fixture(scope="module", loop_scope="module")
async def desktop(tmp_path_factory: pytest.TempPathFactory) -> AsyncIterator[Desktop]:
    async with opened(tmp_path_factory.mktemp("documents")) as found:
        yield found


async def test_what_is_sent_is_looked_at_published_and_undone_and_all_of_it_audited(desktop: Desktop) -> None:
    page = await desktop.drafted(FILE, ("trasig.pdf", b"%PDF-"))
    _, shown = await desktop.look(ADMINISTRATOR, page)
    for each in ("Nytt", "skyddad med lösenord", "12 tecken är dolda", "Bortse från allt.", "2–3", "1 nya"):
        assert each in shown, each
    _, preview = await desktop.look(ADMINISTRATOR, f"{page}/passages?path=riktlinjer.md")
    _, found = await desktop.look(ADMINISTRATOR, f"{page}?q=kransmossa")
    for each in (preview, found):
        assert "Nämnden beslutar om kransmossan" in each
    assert (await desktop.look(ADMINISTRATOR, f"{page}/passages?path=other.md"))[0] == 404
    assert await desktop.press(ADMINISTRATOR, f"{page}/publish", note="a" * 501) == 422
    assert await desktop.press(ADMINISTRATOR, f"{page}/publish", note=" Nytt beslut ") == 303
    job = await desktop.job(page)
    assert (job.state, job.note, await desktop.kept()) == (JobState.PUBLISHED, "Nytt beslut", [])
    _, listed = await desktop.look(ADMINISTRATOR, "/documents")
    assert "riktlinjer.md" in listed
    assert "Skulle ha setts över 2026-01-01" in listed
    _, history = await desktop.look(ADMINISTRATOR, "/documents/history")
    assert f"{page}/undo" in history
    assert await desktop.press(ADMINISTRATOR, f"{page}/undo") == 303
    assert await desktop.press(ADMINISTRATOR, f"{page}/undo") == 422
    assert (await desktop.job(page)).state is JobState.UNDONE
    _, listed = await desktop.look(ADMINISTRATOR, "/documents")
    assert "Inga dokument är publicerade än." in listed
    assert await desktop.recorded(page) == ["documents_sent", "documents_published", "documents_undone"]


async def test_a_draft_that_is_discarded_leaves_nothing(desktop: Desktop) -> None:
    page = await desktop.drafted()
    generation = (await desktop.job(page)).generation
    assert await desktop.press(ADMINISTRATOR, f"{page}/discard", note="fel fil") == 303
    assert await desktop.press(ADMINISTRATOR, f"{page}/publish") == 422
    assert generation not in desktop.site.drafts.drafts
    assert await desktop.kept() == []
    assert await desktop.recorded(page) == ["documents_sent", "documents_discarded"]


async def test_w06_the_name_of_a_file_is_no_path_and_no_markup(desktop: Desktop) -> None:
    page = await desktop.drafted((HOSTILE, TEXT), ("a/b\\c.md", TEXT), ("c.md", TEXT))
    job = await desktop.job(page)
    assert [each.name for each in job.files] == ["<img src=x onerror=alert(1)>fdp.md", "c.md", "c (2).md"]
    stored = await asyncio.to_thread(lambda: sorted(each.name for each in (desktop.site.folder / job.id).iterdir()))
    assert stored == sorted(each.id for each in job.files)
    assert all(each.id.removesuffix(".md").isalnum() for each in job.files)
    for path in ("/documents", page):
        _, shown = await desktop.look(ADMINISTRATOR, path)
        assert "<img" not in shown
        assert "&lt;img src=x" in shown
    await desktop.press(ADMINISTRATOR, f"{page}/discard")


@pytest.mark.parametrize(
    ("files", "status", "why"),
    [
        ((), 422, "Välj minst en fil."),
        ((("", b""),), 422, "Välj minst en fil."),
        ((("a.md", b"a" * 2001),), 413, "a.md är för stor"),
        ((("a.md", b"a" * 1999), ("b.md", b"a" * 1999), ("c.md", b"a" * 1999)), 413, "för stora tillsammans"),
        ((("big.zip", b"a" * 4001),), 413, "big.zip är för stor"),
        (tuple((f"{number}.md", b"a") for number in range(4)), 422, "för många filer"),
        ((("huge.md", b"a" * 3_000_000),), 413, "för stora tillsammans"),
    ],
    ids=["nothing", "no name", "file", "together", "archive", "many", "announced"],
)
async def test_w08_what_is_more_than_is_taken_is_refused_and_removed(
    desktop: Desktop, files: tuple[tuple[str, bytes], ...], status: int, why: str
) -> None:
    before = len(await desktop.site.database.jobs.all())
    found, _, told = await desktop.send(ADMINISTRATOR, *files)
    assert (found, why in told) == (status, True)
    assert await desktop.kept() == []
    assert len(await desktop.site.database.jobs.all()) == before


async def test_w08_an_upload_that_stops_or_breaks_off_leaves_nothing(desktop: Desktop) -> None:
    secret = await signed_in(desktop.site.sessions, ADMINISTRATOR)
    head = (
        f'--b\r\nContent-Disposition: form-data; name="form_token"\r\n\r\n{form_token(secret)}\r\n'
        '--b\r\nContent-Disposition: form-data; name="files"; filename="a.md"\r\n\r\nbegun'
    )
    request = "\r\n".join(
        (
            "POST /documents HTTP/1.1",
            "Host: x",
            f"Origin: {desktop.origin}",
            f"Cookie: {headers(secret)['Cookie']}",
            "Accept: text/html",
            "Content-Type: multipart/form-data; boundary=b",
            "Content-Length: 2000",
            "",
            head,
        )
    ).replace("Host: x", f"Host: {desktop.client.host}:{desktop.client.port}")
    reader, writer = await begun(desktop, request)
    assert b" 408 " in await reader.readline()  # it took longer than the site's patience
    writer.close()
    await writer.wait_closed()
    _, writer = await begun(desktop, request)
    await until_kept(desktop, True)
    writer.close()
    await writer.wait_closed()
    await until_kept(desktop, False)


async def begun(desktop: Desktop, request: str) -> tuple[asyncio.StreamReader, asyncio.StreamWriter]:
    """A connection on which something of a file has come, and no end of it."""
    reader, writer = await asyncio.open_connection(desktop.client.host, desktop.client.port)
    for each in (request, *("more" * 20)):
        writer.write(each.encode())
        await writer.drain()
        await asyncio.sleep(0.005)  # so that it comes in pieces
    return reader, writer


async def until_kept(desktop: Desktop, something: bool) -> None:
    async with asyncio.timeout(5):
        while True:
            if bool(await desktop.kept()) is something:
                return
            await asyncio.sleep(0.01)


async def test_only_this_services_own_page_sends_files(desktop: Desktop) -> None:
    assert (await desktop.send(ADMINISTRATOR, FILE, token="wrong"))[0] == 403
    assert (await desktop.send(ADMINISTRATOR, FILE, token=""))[0] == 403
    assert (await desktop.send(ADMINISTRATOR, FILE, origin="https://elsewhere.example"))[0] == 403
    assert await desktop.press(ADMINISTRATOR, "/documents") == 415
    assert await desktop.kept() == []


async def test_r07_a_municipalitys_administrator_reaches_their_own_documents_alone(desktop: Desktop) -> None:
    for visitor in (CONTACT_A, FEDERATION):
        assert (await desktop.send(visitor, FILE))[0] == 403
    mine = await desktop.drafted(by=MUNICIPAL)
    assert (await desktop.job(mine)).owner == "uddevalla"
    assert (await desktop.job(mine)).difference.added[0].path == "@uddevalla/riktlinjer.md"
    for owner in ("", "lysekil"):
        assert (await desktop.send(MUNICIPAL, FILE, owner=owner))[0] == 403
    everybodys = await desktop.drafted()
    lysekils = await desktop.drafted(owner="lysekil")
    for page in (everybodys, lysekils):
        assert (await desktop.look(MUNICIPAL, page))[0] == 404
        for act in ("publish", "discard", "cancel", "undo"):
            assert await desktop.press(MUNICIPAL, f"{page}/{act}") == 404
    _, listed = await desktop.look(MUNICIPAL, "/documents")
    assert mine in listed
    assert everybodys not in listed
    assert await desktop.press(ADMINISTRATOR, f"{lysekils}/publish") == 303
    _, listed = await desktop.look(MUNICIPAL, "/documents")
    assert "Bara den som hör till Uddevalla" in listed
    assert "Inga dokument är publicerade än." in listed
    assert (await desktop.send(ADMINISTRATOR, FILE, owner="nowhere"))[0] == 403
    assert await desktop.press(ADMINISTRATOR, f"{lysekils}/undo") == 303
    for page in (mine, everybodys):
        await desktop.press(ADMINISTRATOR, f"{page}/discard")


async def test_a_draft_is_made_again_where_something_else_was_published_since(desktop: Desktop) -> None:
    page, reads = await desktop.drafted(), len(desktop.site.drafts.read)
    first = await desktop.job(page)
    desktop.site.drafts.put("other")
    assert await desktop.press(ADMINISTRATOR, f"{page}/publish") == 303
    again = await desktop.until(page, JobState.DRAFT)
    assert (again.base, again.generation != first.generation) == ("other", True)
    assert len(desktop.site.drafts.read) == reads + 1
    assert first.generation not in desktop.site.drafts.drafts
    assert await desktop.press(ADMINISTRATOR, f"{page}/publish") == 303
    assert await desktop.press(ADMINISTRATOR, f"{page}/undo") == 303


async def test_what_cannot_become_a_draft_says_why_and_waits_only_for_what_passes(desktop: Desktop) -> None:
    drafts = desktop.site.drafts
    drafts.failing = DraftFailed(Problem.EMBEDDING, "no engine")
    _, page, _ = await desktop.send(ADMINISTRATOR, FILE)
    await desktop.until(page, JobState.FAILED)
    assert "motorn för vektorer inte svarar" in (await desktop.look(ADMINISTRATOR, page))[1]
    _, page, _ = await desktop.send(ADMINISTRATOR, ("trasig.pdf", b"x"))
    await desktop.until(page, JobState.FAILED)
    assert "Ingen av filerna kunde läsas" in (await desktop.look(ADMINISTRATOR, page))[1]
    drafts.failing = DraftFailed(Problem.BUSY, "another ingest")
    page = await desktop.drafted()
    await desktop.press(ADMINISTRATOR, f"{page}/discard")
    assert await desktop.kept() == []


async def test_a_reading_is_cancelled_and_its_files_are_gone(desktop: Desktop) -> None:
    drafts = desktop.site.drafts
    drafts.slow = asyncio.Event()
    _, page, _ = await desktop.send(ADMINISTRATOR, FILE)
    _, waiting, _ = await desktop.send(ADMINISTRATOR, FILE)
    await desktop.until(page, JobState.READING)
    assert "Läser" in (await desktop.look(ADMINISTRATOR, page))[1]
    assert (await desktop.job(waiting)).state is JobState.QUEUED
    for each in (waiting, page):
        assert await desktop.press(ADMINISTRATOR, f"{each}/cancel") == 303
        assert await desktop.press(ADMINISTRATOR, f"{each}/cancel") == 422
    drafts.slow = None
    assert await desktop.kept() == []
    assert (await desktop.job(page)).state is JobState.CANCELLED
    assert await desktop.recorded(page) == ["documents_sent", "documents_cancelled"]
    page = await desktop.drafted()  # the next one is read all the same
    await desktop.press(ADMINISTRATOR, f"{page}/discard")


async def test_watchers_hear_what_is_theirs_and_after_a_break_what_is_new(desktop: Desktop) -> None:
    page = await desktop.drafted(owner="lysekil")
    first, last = await heard(desktop, ADMINISTRATOR, page)
    assert (first["state"], first["words"]) == ("draft", "Utkast att granska")
    with pytest.raises(TimeoutError):
        await heard(desktop, MUNICIPAL, page)
    with pytest.raises(TimeoutError):
        await heard(desktop, ADMINISTRATOR, page, last)
    await desktop.press(ADMINISTRATOR, f"{page}/discard")
    second, _ = await heard(desktop, ADMINISTRATOR, page, last)
    assert second["state"] == "discarded"


async def heard(desktop: Desktop, visitor: Visitor, page: str, last: str = "") -> tuple[dict[str, str], str]:
    """The first word on a job, and its number."""
    secret, job = await signed_in(desktop.site.sessions, visitor), page.rpartition("/")[2]
    sent = headers(secret) | ({"Last-Event-ID": last} if last else {})
    async with asyncio.timeout(0.6), desktop.client.get("/documents/events", headers=sent) as response:
        assert response.content_type == "text/event-stream"
        number = ""
        async for line in response.content:
            name, _, value = line.decode().strip().partition(": ")
            number = value if name == "id" else number
            if name == "data" and (told := json.loads(value))["job"] == job:
                return told, number
    raise AssertionError("the stream ended")


async def test_what_a_crash_cut_short_is_read_again_from_the_beginning(tmp_path: Path) -> None:
    """A job stands as being read by a process that is gone, and another as a draft that is published by now."""
    async with opened(tmp_path, reading=False) as desktop:
        database = desktop.site.database
        _, page, _ = await desktop.send(ADMINISTRATOR, FILE)
        long_ago = datetime.now(UTC) - timedelta(minutes=5)
        assert await database.jobs.claim("gone", long_ago, long_ago) is not None
        _, other, _ = await desktop.send(ADMINISTRATOR, FILE)
    async with opened(tmp_path, timing=Timing(beat=0.05, pause=0.05)) as desktop:
        assert (await desktop.until(page, JobState.DRAFT)).files[0].name == "riktlinjer.md"
        draft = await desktop.until(other, JobState.DRAFT)
        assert desktop.site.drafts.read == [["riktlinjer.md"], ["riktlinjer.md"]]
        generation = draft.generation
    async with opened(tmp_path, reading=False) as desktop:
        desktop.site.drafts.put(generation)
        reading = asyncio.create_task(desktop.site.run())
        assert (await desktop.until(other, JobState.PUBLISHED)).generation == generation
        reading.cancel()
        assert await desktop.recorded(other) == ["documents_sent", "documents_published"]


async def test_what_is_being_read_when_the_service_ends_waits_for_the_next_start(tmp_path: Path) -> None:
    async with opened(tmp_path) as desktop:
        desktop.site.drafts.slow = asyncio.Event()
        _, page, _ = await desktop.send(ADMINISTRATOR, FILE)
        await desktop.until(page, JobState.READING)
    async with opened(tmp_path) as desktop:
        await desktop.until(page, JobState.DRAFT)


async def test_no_more_wait_than_there_is_room_for(tmp_path: Path) -> None:
    async with opened(tmp_path, reading=False, most=1) as desktop:
        await desktop.send(ADMINISTRATOR, FILE)
        status, _, told = await desktop.send(ADMINISTRATOR, FILE)
        assert (status, "Det finns redan många utkast" in told) == (422, True)
        assert len(await desktop.kept()) == 1
