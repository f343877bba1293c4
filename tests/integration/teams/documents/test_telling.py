"""A chat is told of its files in the end, whatever comes between: a restart, a failure, a message that is gone."""

from __future__ import annotations

import asyncio
from collections.abc import Sequence
from dataclasses import replace
from datetime import UTC, datetime
from pathlib import Path

import pytest

from bot.conversation.documents import Parcel
from bot.conversation.turn import SentFile
from bot.documents.chats import Chat as ToldChat
from bot.documents.desk import Desk
from bot.documents.jobs import JobFile, JobState
from bot.documents.recording import Person
from bot.documents.timing import Timing
from bot.documents_chat.intake import DocumentsChat
from bot.reminders.ports import Delivery
from bot.storage.database import Database
from tests.fakes.documents_chat import (
    ANNA,
    SOON,
    Chat,
    Storage,
    buttons,
    chatting,
    words,
)
from tests.fakes.documents_site import MemoryDrafts
from tests.fakes.teams import ConnectorStub, Tls
from tests.integration.teams.documents.sending import FIRST, POLICY, configured, forgotten, only_job
from tests.integration.teams.documents.telling import SHOWING, MemorySender, running, telling, told_of


async def test_after_a_restart_the_result_is_told_in_the_same_chat(
    desk: Desk, database: Database, connector: ConnectorStub, storage: Storage, tls: Tls, tmp_path: Path
) -> None:
    config = configured(storage)
    async with chatting(desk, database, config, connector, tls, reading=False) as chat:
        await chat.send(storage.file("IT-policy.md", POLICY))
        await chat.told("IT-policy.md väntar på sin tur.")
    again = Desk(database.jobs, desk.uploads, MemoryDrafts(), timing=Timing(beat=0.05, pause=0.05))
    before = len(connector.requests)
    async with chatting(again, database, config, connector, tls) as chat:
        card = await chat.card("Ett utkast att granska")
        assert "Publicerat" in (await chat.press(buttons(card)["Publicera"]))["value"]["fallbackText"]
    assert {each.path for each in connector.requests[before:] if each.method == "PUT"} == {f"{FIRST}sent-1"}
    assert "Jag har läst IT-policy.md." in chat.updates[-1][1]


async def test_files_that_were_on_their_way_when_it_stopped_are_asked_for_again(
    desk: Desk, database: Database, connector: ConnectorStub, storage: Storage, tls: Tls
) -> None:
    storage.hold = asyncio.Event()
    config = configured(storage)
    async with chatting(desk, database, config, connector, tls) as chat:
        await chat.send(storage.file("IT-policy.md", POLICY))
        await storage.asked.wait()
    async with chatting(desk, database, config, connector, tls) as chat:
        await chat.told("Jag startades om innan filerna var framme.")
        await forgotten(database)
    storage.hold.set()
    assert await asyncio.to_thread(lambda: list(desk.uploads.root.iterdir())) == []


async def test_why_there_is_nothing_to_publish_is_said_file_by_file(
    chat: Chat, storage: Storage, database: Database
) -> None:
    await chat.send(storage.file("trasig.md", POLICY))
    card = await chat.card("Det finns inget att publicera")
    assert "trasig.md: Kunde inte läsas. " in words(card)
    assert (await only_job(database)).state is JobState.FAILED


async def test_a_look_while_files_are_taken_on_does_not_take_them_for_somebody_elses(
    desk: Desk, database: Database, monkeypatch: pytest.MonkeyPatch
) -> None:
    sender, looked = MemorySender(), asyncio.Event()
    chats = database.document_chats
    keep, everyone = chats.keep, chats.all

    async def slow_keep(chat: ToldChat) -> None:
        await keep(chat)
        looked.clear()
        await looked.wait()

    async def all_seen() -> Sequence[ToldChat]:
        found = await everyone()
        asyncio.get_running_loop().call_later(0.02, looked.set)
        return found

    monkeypatch.setattr(chats, "keep", slow_keep)
    monkeypatch.setattr(chats, "all", all_seen)
    chat = DocumentsChat(desk, chats, SHOWING, rhythm=SOON)
    async with running(chat, sender, desk):
        await chat.begin(Parcel("1" * 32, (SentFile("a.md", "https://x"),), Person(ANNA, "t"), "", "here", "sv"))
        await chat.shown("1" * 32, "sent-1")
        await sender.has("Ett utkast att granska", 1)
        assert await told_of(database) == [("1" * 32, "g1")]
    assert not any("startades om" in summary for _, summary in sender.replaced)


async def test_an_unforeseen_error_while_looking_ends_nothing(
    desk: Desk, database: Database, monkeypatch: pytest.MonkeyPatch, caplog: pytest.LogCaptureFixture
) -> None:
    sender, chat = MemorySender(), await telling(desk, database)
    errors = [RuntimeError("oförutsett"), RuntimeError("igen")]
    beat = database.document_chats.beat

    async def broken(holder: str, now: datetime) -> None:
        if errors:
            raise errors.pop()
        await beat(holder, now)

    monkeypatch.setattr(database.document_chats, "beat", broken)
    async with running(chat, sender, desk):
        await sender.has("Ett utkast att granska", 1)
        async with asyncio.timeout(10):
            while errors:  # noqa: ASYNC110 - the look says nothing when it is done
                await asyncio.sleep(0.01)
        drafted = await only_job(database)
        await desk.discard(drafted, Person(ANNA, "t"), "")
        await forgotten(database)
    assert "could not be looked after" in caplog.text


async def test_a_card_that_could_not_be_sent_is_sent_later_and_once(desk: Desk, database: Database) -> None:
    sender, chat = MemorySender(Delivery.STOPPED), await telling(desk, database)
    async with running(chat, sender, desk):
        await sender.has("Ett utkast att granska", 2)
        assert [told for _, told in await told_of(database)] == ["g1"]
    again = MemorySender()
    async with running(DocumentsChat(desk, database.document_chats, SHOWING, rhythm=SOON), again, desk):
        await asyncio.sleep(0)
    assert again.cards == []


async def test_where_the_first_message_was_never_sent_the_end_is_told_all_the_same(
    desk: Desk, database: Database
) -> None:
    sender, chat = MemorySender(), await telling(desk, database, message="", names=("trasig.md",))
    async with running(chat, sender, desk):
        await sender.has("Det finns inget att publicera", 1)
        await forgotten(database)
    assert sender.replaced == []


async def test_a_deleted_progress_message_keeps_nobody_from_the_card(
    chat: Chat, storage: Storage, drafts: MemoryDrafts
) -> None:
    storage.hold = drafts.slow = asyncio.Event()
    await chat.send(storage.file("IT-policy.md", POLICY))
    chat.connector.script.append(404)
    storage.hold.set()
    await chat.card("Ett utkast att granska")
    assert len(chat.updates) == 1


def test_a_chat_shows_its_address_to_nobody() -> None:
    kept = ToldChat("1" * 32, datetime(2026, 11, 1, tzinfo=UTC), "hemlig adress", "sv")
    assert "hemlig" not in repr(replace(kept, job="j"))
    assert JobFile("f", "a.md", 1).size == 1
