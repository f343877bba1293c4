"""The assembled application: pages, health, the bot's endpoint, and what runs beside them."""

from __future__ import annotations

import asyncio
import sys
from asyncio.subprocess import PIPE
from dataclasses import replace
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest
from aiohttp.test_utils import TestClient, TestServer

from bot.access.audit import Action, AuditEvent
from bot.access.pauses import EVERYBODY, Pause
from bot.app import create_app
from bot.composition import Parts, open_parts
from bot.conversation.ports import Entry, Place
from bot.conversation.texts import Texts
from bot.serving import ServedKnowledge
from bot.settings import Settings, SettingsInvalid
from bot.web.headers import HEADERS
from bot.web.health import HealthPages
from knowledge.adapters.generation import GenerationStore
from tests.fakes.advice import answered
from tests.fakes.site import Site
from tests.fakes.teams import activity, connector_stub, invoke
from tests.integration.app.conftest import Client

PROJECT = Path(__file__).resolve().parents[3]
HERE = Place("tenant-a", "conversation-1")


async def test_the_page_says_what_this_is_and_how_it_is_doing(client: Client) -> None:
    response = await client.get("/")
    page = await response.text()
    assert response.status == 200
    assert '<html lang="sv">' in page
    assert "AI-assistent" in page
    assert "Redo att svara" in page
    assert "/api/messages" in page
    assert "$" not in page


async def test_the_page_speaks_the_browsers_language(client: Client) -> None:
    page = await (await client.get("/", headers={"Accept-Language": "de, en-GB;q=0.8, sv;q=0.5"})).text()
    assert '<html lang="en">' in page
    assert "Ready to answer" in page


async def test_health_tells_alive_and_ready_apart(client: Client, parts: Parts) -> None:
    assert await (await client.get("/healthz")).json() == {"status": "ok"}
    ready = await client.get("/readyz")
    assert ready.status == 200
    assert await ready.json() == {
        "status": "ok",
        "generation": parts.knowledge.served.state.generation,
        "documents": 1,
        "passages": 2,
        "embedding_model": None,
        "mode": "lexical",
        "database": "ok",
        "language_model": "off",
        "paused": "off",
    }


async def test_w14_whom_another_process_pauses_is_told_so_and_health_says_it(client: Client, parts: Parts) -> None:
    now = datetime.now(UTC)
    event = AuditEvent(now, "command line", "", Action.BOT_PAUSED)
    await parts.database.pauses.begin(Pause(EVERYBODY, now, "command line", "Åter kl. 15."), event)
    async with connector_stub() as connector:
        async with asyncio.timeout(10):
            while parts.switch.state != "all":  # noqa: ASYNC110 - the switch is looked at, and tells nobody
                await asyncio.sleep(0.05)
        await client.post("/api/messages", json=activity(connector.url, text="hjälp"))
        assert [message["text"].startswith("Fyren är pausad") for message in connector.messages] == [True]
        ready = await client.get("/readyz")
        assert (ready.status, (await ready.json())["paused"]) == (200, "all")
        assert "Pausad för" in await (await client.get("/")).text()
        await parts.database.pauses.end(EVERYBODY, event)
        await parts.switch.look()
        await client.post("/api/messages", json=activity(connector.url, text="hjälp", id="2"))
        assert len(connector.messages) == 2
        assert "Fyren är pausad" not in str(connector.messages[1])


async def test_d03_a_lost_database_makes_it_not_ready_but_leaves_it_alive(parts: Parts) -> None:
    async def silent() -> bool:
        return False

    site = await asyncio.to_thread(Site)
    HealthPages(site.pages, parts.knowledge.served, silent, version="1", endpoint="/x", teams=False).attach(site.routes)
    async with TestClient(TestServer(site.app)) as client:
        assert (await client.get("/healthz")).status == 200
        ready = await client.get("/readyz")
        told = await ready.json()
        assert (ready.status, told["status"], told["database"]) == (503, "unavailable", "unavailable")
        assert "svarar inte" in await (await client.get("/")).text()


async def test_without_a_knowledge_base_it_is_alive_but_not_ready(parts: Parts) -> None:
    def advise(index: object) -> object:
        raise AssertionError("nothing is opened here")

    closed = ServedKnowledge(GenerationStore(parts.settings.data_dir / "none"), advise, model=None)  # type: ignore[arg-type]  # never called
    broken = replace(parts, knowledge=replace(parts.knowledge, served=closed))
    app = await asyncio.to_thread(create_app, broken)
    async with TestClient(TestServer(app)) as client:
        assert (await client.get("/healthz")).status == 200
        ready = await client.get("/readyz")
        assert (ready.status, (await ready.json())["status"]) == (503, "unavailable")
        assert "inte inläst" in await (await client.get("/")).text()


@pytest.mark.parametrize(
    ("method", "path", "status"),
    [
        ("GET", "/readyz", 200),
        ("GET", "/nowhere", 404),
        ("GET", "/../../etc/passwd", 404),
        ("DELETE", "/", 405),
        ("POST", "/api/messages", 415),
    ],
)
async def test_every_answer_carries_the_security_headers(client: Client, method: str, path: str, status: int) -> None:
    response = await client.request(method, path)
    assert response.status == status
    assert {name: response.headers[name] for name in HEADERS} == HEADERS
    assert "aiohttp" not in response.headers["Server"]


def test_without_an_app_id_only_this_machine_may_reach_the_bot(parts: Parts) -> None:
    for host in ("0.0.0.0", "::", "10.0.0.5", "fyren.example.se"):
        with pytest.raises(SettingsInvalid) as caught:
            create_app(replace(parts, settings=parts.settings.model_copy(update={"host": host})))
        assert caught.value.problems[0].name == "FYREN_HOST"
    for host in ("localhost", "127.0.0.2", "::1"):
        create_app(replace(parts, settings=parts.settings.model_copy(update={"host": host})))


async def test_a_question_by_teams_is_answered_kept_and_rated(client: Client, parts: Parts) -> None:
    async with connector_stub() as connector:
        await client.post("/api/messages", json=activity(connector.url, text="Hur ser portföljstyrningen ut?"))
        await connector.wait_for(1)
        [message] = connector.messages
        assert "17 procent" in message["text"]
        rating = {"actionName": "feedback", "actionValue": {"reaction": "like", "feedback": '{"feedbackText":"bra"}'}}
        thumb = await client.post(
            "/api/messages", json=invoke(connector.url, "message/submitAction", rating, id="1700000000002")
        )
        assert thumb.status == 200
    [rated] = await parts.database.journal.ratings()
    assert (rated.liked, rated.comment, rated.question) == (True, "bra", "Hur ser portföljstyrningen ut?")
    assert rated.generation == parts.knowledge.served.state.generation


async def test_an_ingest_by_another_process_is_served_without_a_restart(client: Client, parts: Parts) -> None:
    code = (
        "import pathlib, sys; from tests.fakes.library import publish_generation; "
        "print(publish_generation(pathlib.Path(sys.argv[1])))"
    )
    other = await asyncio.create_subprocess_exec(
        sys.executable, "-c", code, str(parts.settings.index_dir), stdout=PIPE, cwd=PROJECT
    )
    newer = (await other.communicate())[0].decode().strip()
    async with asyncio.timeout(20):
        while (await (await client.get("/readyz")).json())["generation"] != newer:  # noqa: ASYNC110 - seen from outside
            await asyncio.sleep(0.1)


async def test_old_answers_are_gone_after_a_start(parts: Parts) -> None:
    now = datetime.now(UTC)
    journal = parts.database.journal
    for name, days in (("old", 91), ("new", 89)):
        await journal.record(Entry(name, now - timedelta(days=days), HERE, f"{name}?", answered()))
    app = await asyncio.to_thread(create_app, parts)
    async with TestClient(TestServer(app)), asyncio.timeout(10):
        while "old?" in await journal.history(HERE, since=now - timedelta(days=99), limit=9):  # noqa: ASYNC110 - the same
            await asyncio.sleep(0.02)
    assert list(await journal.history(HERE, since=now - timedelta(days=99), limit=9)) == ["new?"]


async def test_a_knowledge_base_switched_off_starts_empty_and_answers_politely(settings: Settings) -> None:
    parts = await open_parts(settings, Texts.load())
    assert parts.knowledge.served.state.passages == 0
    assert (await parts.knowledge.served.ask("Hur ser portföljstyrningen ut?")).citations == ()
    await parts.close()
