"""A document that an administrator sends in Teams: read for real, published by a press, and answered from."""

from __future__ import annotations

import asyncio
from collections.abc import AsyncIterator
from pathlib import Path

import aiohttp
import pytest
from aiohttp import web

from bot.access.stewards import Steward
from bot.composition import Parts, open_parts
from bot.conversation.texts import Texts
from bot.document_work import chats_told
from bot.municipalities import stewards
from bot.settings import Settings, SettingsInvalid
from bot.teams.config import TeamsConfig
from bot.teams.receiving.endpoint import PATH, TeamsEndpoint
from bot.teams.sending.pacing import Pace
from tests.fakes.documents_chat import ANNA, SOON, Chat, Storage, buttons, storage_stub, words
from tests.fakes.library import publish_generation
from tests.fakes.teams import APP_ID, TENANT, ConnectorStub, Json, Tls, connector_stub, serving

POLICY = """# Riktlinjer för båtplatser

## Avgift

En båtplats i Hamburgsund kostar 4711 kronor om året.
"""
QUESTION = "Vad kostar en båtplats i Hamburgsund?"


@pytest.fixture
def registered(settings: Settings) -> Settings:
    """As an installation with an app registration has them."""
    return Settings.read(
        data_dir=settings.data_dir,
        builtin_library=False,
        embedding_provider="off",
        analysis_off="lexicon",
        teams_app_id=APP_ID,
        teams_app_password="hemligt-losenord",
        teams_tenant_id=TENANT,
        teams_administrators=f"{ANNA}@{TENANT}=administrator",
    )


@pytest.fixture
async def parts(registered: Settings) -> AsyncIterator[Parts]:
    await asyncio.to_thread(publish_generation, registered.index_dir)
    opened = await open_parts(registered, Texts.load())
    yield opened
    await opened.close()


@pytest.fixture
def tls() -> Tls:
    return Tls.make()


@pytest.fixture
async def storage(tls: Tls) -> AsyncIterator[Storage]:
    async with storage_stub(tls) as stub:
        yield stub


@pytest.fixture
async def connector() -> AsyncIterator[ConnectorStub]:
    async with connector_stub() as stub:
        yield stub


@pytest.fixture
async def chat(
    parts: Parts, connector: ConnectorStub, storage: Storage, tls: Tls, monkeypatch: pytest.MonkeyPatch
) -> AsyncIterator[Chat]:
    work, config = parts.documents, TeamsConfig(download_hosts=frozenset({storage.host}))
    assert work is not None
    monkeypatch.setattr(work.chat, "_rhythm", SOON)
    monkeypatch.setattr(work.chat._telling, "_rhythm", SOON)
    app = web.Application()
    TeamsEndpoint(config, parts.conversation, parts.texts).attach(app)
    reading = asyncio.create_task(work.desk.reader.run())
    async with (
        chats_told(work.chat, config, parts.texts, ssl_context=tls.client, pace=Pace(0.0)),
        serving(app) as port,
        aiohttp.ClientSession() as session,
    ):
        yield Chat(f"http://127.0.0.1:{port}{PATH}", connector, session)
        reading.cancel()
        await asyncio.wait({reading})


async def answer_to(chat: Chat, question: str) -> Json:
    """What a question is answered with, in the end."""
    await chat.send(text=question)
    await chat.until(lambda: any(_is_answer(each, question) for each in chat.connector.messages))
    return next(each for each in reversed(chat.connector.messages) if _is_answer(each, question))


def _is_answer(message: Json, question: str) -> bool:
    return message.get("type") == "message" and "attachments" not in message and message.get("text") != question


async def test_a_published_document_answers_questions_until_that_is_undone(chat: Chat, storage: Storage) -> None:
    before = await answer_to(chat, QUESTION)
    assert "4711" not in before["text"]
    await chat.send(storage.file("Båtplatser.md", POLICY))
    card = await chat.card("Ett utkast att granska")
    assert "Nya stycken: 1." in words(card)
    published = await chat.press(buttons(card)["Publicera"])
    assert "Publicerat: Båtplatser.md." in published["value"]["fallbackText"]
    chat.connector.requests.clear()
    answer = await answer_to(chat, QUESTION)
    assert "4711 kronor" in answer["text"]
    [cited] = answer["entities"][0]["citation"]
    assert cited["appearance"]["name"].startswith("Riktlinjer för båtplatser")
    undone = await chat.press(buttons(published)["Ångra"])
    assert "Publiceringen är ångrad" in undone["value"]["fallbackText"]
    chat.connector.requests.clear()
    assert "4711" not in (await answer_to(chat, QUESTION))["text"]


@pytest.mark.parametrize("value", ["nyckel=administrator", f"{ANNA}=administrator", f"anna@{TENANT}=administrator"])
def test_people_are_named_by_their_ids_within_a_tenant(tmp_path: Path, value: str) -> None:
    with pytest.raises(SettingsInvalid, match="FYREN_TEAMS_ADMINISTRATORS: no_people"):
        Settings.read(data_dir=tmp_path, teams_administrators=value)


def test_a20_without_a_registration_nobody_is_anybodys_administrator(registered: Settings) -> None:
    named = stewards(registered, {"uddevalla": "Uddevalla"})
    assert named.of(TENANT, ANNA) == Steward(True)
    assert named.of("3b1d0c7a-0000-4000-8000-00000000b002", ANNA) is None
    unregistered = stewards(registered.model_copy(update={"teams_app_id": ""}), {"uddevalla": "Uddevalla"})
    assert unregistered.of(TENANT, ANNA) is None
