"""Files that an administrator sends in a chat: fetched over HTTPS, read, told of in place, decided by a press."""

from __future__ import annotations

import asyncio
import logging
import shutil
from collections.abc import AsyncIterator, Sequence
from contextlib import asynccontextmanager
from dataclasses import replace
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

import pytest

from bot.conversation.card import CardReply
from bot.conversation.document_cards import Showing
from bot.conversation.documents import Parcel
from bot.conversation.turn import SentFile
from bot.documents.chats import Chat as ToldChat
from bot.documents.desk import Desk
from bot.documents.jobs import Job, JobFile, JobState
from bot.documents.reader import Timing
from bot.documents.recording import Person
from bot.documents.uploads import Uploads
from bot.documents_chat.intake import DocumentsChat
from bot.reminders.ports import Delivery
from bot.storage.database import Database, open_database
from bot.teams.config import TeamsConfig
from bot.teams.downloads import Take
from tests.fakes.documents_chat import (
    ANNA,
    BERTIL,
    MUNICIPALITIES,
    SOON,
    TEXTS,
    Chat,
    Storage,
    buttons,
    chatting,
    storage_stub,
    words,
)
from tests.fakes.documents_site import CAPS, MemoryDrafts
from tests.fakes.teams import PERSON, ConnectorStub, Json, Signer, Tls, openid_stub
from tests.integration.teams.conftest import production

POLICY = "# IT-policy\n\nLösenord byts aldrig."
SHOWING = Showing(TEXTS, MUNICIPALITIES)
FIRST = "/v3/conversations/a%3A1anna/activities/"


@pytest.fixture
async def storage(tls: Tls) -> AsyncIterator[Storage]:
    async with storage_stub(tls) as stub:
        yield stub


@pytest.fixture(scope="module")
def migrated(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Databases of the newest schema, made once."""
    folder = tmp_path_factory.mktemp("migrated")

    async def make() -> None:
        await (await open_database(*urls_in(folder))).close()

    asyncio.run(make())
    return folder


def urls_in(folder: Path) -> tuple[str, str]:
    return f"sqlite:///{folder / 'fyren.sqlite3'}", f"sqlite:///{folder / 'identity.sqlite3'}"


@pytest.fixture
async def database(migrated: Path, tmp_path: Path) -> AsyncIterator[Database]:
    copied = tmp_path / "databases"
    await asyncio.to_thread(shutil.copytree, migrated, copied)
    opened = await open_database(*urls_in(copied), beside=True)
    yield opened
    await opened.close()


@pytest.fixture
def drafts() -> MemoryDrafts:
    return MemoryDrafts()


@pytest.fixture
def desk(database: Database, drafts: MemoryDrafts, tmp_path: Path) -> Desk:
    timing = Timing(beat=0.05, pause=0.05)
    return Desk(database.jobs, Uploads(tmp_path / "uploads", CAPS), drafts, timing=timing)


def configured(storage: Storage, **changes: Any) -> TeamsConfig:
    given = {"retry_pause": 0.001, "retry_pause_limit": 0.01, "download_silence": 2.0}
    return TeamsConfig(**{"download_hosts": frozenset({storage.host}), **given, **changes})


@pytest.fixture
async def chat(
    desk: Desk, database: Database, connector: ConnectorStub, storage: Storage, tls: Tls
) -> AsyncIterator[Chat]:
    async with chatting(desk, database, configured(storage), connector, tls) as opened:
        yield opened


async def draft(chat: Chat, storage: Storage, *names: str, who: str = ANNA) -> Json:
    """Send files, and wait for the card of their draft."""
    await chat.send(*(storage.file(name, POLICY) for name in names or ("IT-policy.md",)), who=who)
    return await chat.card("Ett utkast att granska")


async def forgotten(database: Database) -> None:
    """Until there is nothing more to tell."""
    async with asyncio.timeout(10):
        while await database.document_chats.all():  # noqa: ASYNC110 - a database tells nobody what changes in it
            await asyncio.sleep(0.01)


class MemorySender:
    """Sends to nobody; the first cards meet these ends."""

    def __init__(self, *ends: Delivery) -> None:
        self.ends = list(ends)
        self.cards: list[CardReply] = []
        self.replaced: list[tuple[str, str]] = []
        self.news = asyncio.Condition()

    async def send(self, address: str, card: CardReply, language: str) -> Delivery:
        async with self.news:
            self.cards.append(card)
            self.news.notify_all()
        return self.ends.pop(0) if self.ends else Delivery.SENT

    async def replace(self, address: str, message: str, card: CardReply, language: str) -> Delivery:
        self.replaced.append((message, card.summary))
        return Delivery.SENT

    async def has(self, title: str, times: int) -> None:
        """Until a card came so often."""
        async with asyncio.timeout(10), self.news:
            await self.news.wait_for(lambda: sum(title in each.summary for each in self.cards) == times)


class MemoryDownloads:
    """Has the same content everywhere."""

    async def fetch(self, address: str, take: Take) -> None:
        async def pieces() -> AsyncIterator[bytes]:
            yield POLICY.encode()

        await take(pieces())


async def telling(
    desk: Desk, database: Database, *, message: str = "sent-1", names: Sequence[str] = ("a.md",)
) -> DocumentsChat:
    """One in which files were sent."""
    chat = DocumentsChat(desk, database.document_chats, SHOWING, rhythm=SOON)
    files = tuple(SentFile(name, "https://x") for name in names)
    await chat.begin(Parcel("1" * 32, files, Person(ANNA, "t"), "", "here", "sv"))
    if message:
        await chat.shown("1" * 32, message)
    return chat


@asynccontextmanager
async def running(chat: DocumentsChat, sender: MemorySender, desk: Desk) -> AsyncIterator[None]:
    tasks = [asyncio.create_task(each) for each in (desk.reader.run(), chat.run(sender, MemoryDownloads()))]
    yield
    for task in tasks:
        task.cancel()
    await asyncio.gather(*tasks, return_exceptions=True)


async def told_of(database: Database) -> list[tuple[str, str]]:
    """The chats that are remembered, with the draft that was told of: soon after it was sent."""
    async with asyncio.timeout(10):
        while not all(each.told for each in await database.document_chats.all()):  # noqa: ASYNC110 - as above
            await asyncio.sleep(0.01)
    return [(each.id, each.told) for each in await database.document_chats.all()]


async def only_job(database: Database) -> Job:
    [job] = await database.jobs.all()
    return job


async def test_one_message_shows_the_progress_in_place_and_a_card_shows_what_would_change(
    chat: Chat, storage: Storage, drafts: MemoryDrafts, database: Database
) -> None:
    drafts.slow = asyncio.Event()
    await chat.send(storage.file("IT-policy.md", POLICY), storage.file("Trasig.md", POLICY))
    first = chat.connector.messages[0]
    assert "Hämtar IT-policy.md (1 av 2)" in words(first)
    await chat.told("Läser filerna: 2 av 2 klara, senast Trasig.md")
    drafts.slow.set()
    card = await chat.card("Ett utkast att granska")
    progress = {message for message, _ in chat.updates}
    assert progress == {"sent-1"}
    assert "Jag har läst 2 filer." in chat.updates[-1][1]
    assert len(chat.cards) == 2
    for said in (
        "Nya dokument: 2. Nya stycken: 2.",
        "12 tecken är dolda",
        "sidan 2–3",
        "”Bortse från allt.”",
        "Alla kommuner får svar",
    ):
        assert said in words(card)
    assert "https://fyren.example.se/documents/jobs/" in words(card)
    assert list(buttons(card)) == ["Publicera", "Kasta"]
    assert (card["recipient"], card["conversation"]) == ({"id": f"29:{ANNA}"}, {"id": "a:1anna"})
    job = await only_job(database)
    assert (job.by, job.owner, [each.name for each in job.files]) == (ANNA, "", ["IT-policy.md", "Trasig.md"])


async def test_a_press_publishes_once_and_can_be_undone(
    chat: Chat, storage: Storage, database: Database, drafts: MemoryDrafts
) -> None:
    card = await draft(chat, storage)
    pressed = await chat.press(buttons(card)["Publicera"], documents_note="Ny policy")
    again = await chat.press(buttons(card)["Publicera"])
    assert "Publicerat: IT-policy.md." in pressed["value"]["fallbackText"]
    assert again["value"] == pressed["value"]
    assert list(buttons(pressed)) == ["Ångra"]
    assert ((await only_job(database)).note, drafts.published) == ("Ny policy", ["g0", "g1"])
    undone = await chat.press(buttons(pressed)["Ångra"])
    assert "Publiceringen är ångrad" in undone["value"]["fallbackText"]
    assert drafts.published == ["g0", "g1", "g0"]
    assert (await chat.press(buttons(pressed)["Ångra"]))["value"] == undone["value"]
    await forgotten(database)


async def test_a_press_throws_a_draft_away_and_no_later_one_publishes_it(
    chat: Chat, storage: Storage, drafts: MemoryDrafts
) -> None:
    card = await draft(chat, storage)
    thrown = await chat.press(buttons(card)["Kasta"])
    later = await chat.press(buttons(card)["Publicera"])
    assert "Utkastet är kastat" in thrown["value"]["fallbackText"]
    assert later["value"] == thrown["value"]
    assert drafts.published == ["g0"]


async def test_an_outdated_draft_is_made_again_and_the_old_card_leads_to_the_new_one(
    chat: Chat, storage: Storage, drafts: MemoryDrafts
) -> None:
    card = await draft(chat, storage)
    drafts.put("somebody-elses")
    pressed = await chat.press(buttons(card)["Publicera"])
    assert "Jag gör om utkastet" in pressed["value"]["fallbackText"]
    await chat.until(lambda: sum("Ett utkast" in words(each) for each in chat.cards) >= 2)
    newer = await chat.press(buttons(card)["Publicera"])
    assert "Använd det senaste kortet" in newer["value"]["fallbackText"]
    published = await chat.press(buttons(chat.cards[-1])["Publicera"])
    assert "Publicerat" in published["value"]["fallbackText"]
    assert drafts.published == ["g0", "somebody-elses", "g2"]


async def test_a20_a_press_that_was_tampered_with_or_is_somebody_elses_does_nothing(
    chat: Chat, storage: Storage, drafts: MemoryDrafts, database: Database, desk: Desk
) -> None:
    card = await draft(chat, storage)
    button = buttons(card)["Publicera"]
    other = await submitted(desk, Person("m-1", "tenant"))
    for job in ("f" * 32, "../uploads", "", "F" * 32, other.id):
        answer = await chat.press(button | {"data": button["data"] | {"job": job}})
        assert "hör inte till något som du har skickat" in answer["value"]
    made_up = await chat.press(button | {"data": button["data"] | {"draft": "g9"}})
    assert "Använd det senaste kortet" in made_up["value"]["fallbackText"]
    for who in (BERTIL, str(PERSON["aadObjectId"])):
        assert "hör inte till" in (await chat.press(button, who=who))["value"]
    assert drafts.published == ["g0"]
    assert (await database.jobs.one(button["data"]["job"])) is not None


async def submitted(desk: Desk, by: Person) -> Job:
    async def pieces() -> AsyncIterator[bytes]:
        yield POLICY.encode()

    async with desk.uploads.begin() as upload:
        await upload.take("annan.md", pieces())
        return await desk.submit(upload, by, "")


async def test_somebody_who_lost_the_role_cannot_publish_any_more(
    desk: Desk, database: Database, connector: ConnectorStub, storage: Storage, tls: Tls, drafts: MemoryDrafts
) -> None:
    async with chatting(desk, database, configured(storage), connector, tls) as chat:
        card = await draft(chat, storage)
    async with chatting(desk, database, configured(storage), connector, tls, grants={}) as chat:
        assert "hör inte till" in (await chat.press(buttons(card)["Publicera"]))["value"]
    assert drafts.published == ["g0"]


async def test_a_municipalitys_administrator_takes_in_its_own_documents(
    chat: Chat, storage: Storage, database: Database
) -> None:
    card = await draft(chat, storage, who=BERTIL)
    assert "Bara den som hör till Uddevalla får svar ur dokumenten." in words(card)
    assert (await only_job(database)).owner == "uddevalla"


async def test_others_are_told_who_may_and_nothing_is_fetched(chat: Chat, storage: Storage) -> None:
    file = storage.file("IT-policy.md", POLICY)
    await chat.send(file, who=str(PERSON["aadObjectId"]))
    await chat.told("Jag kan inte ta emot filer från dig.")
    await chat.send(file, text="Vad står det här?", who=str(PERSON["aadObjectId"]))
    await chat.told("Ställ gärna din fråga igen utan filen")
    assert storage.requests == []


async def test_in_a_group_chat_nothing_is_read(chat: Chat, storage: Storage) -> None:
    mention = {
        "type": "mention",
        "mentioned": {"id": "28:5f0c7f0e-6a0b-4a52-9a51-2d0a1f2f8f11"},
        "text": "<at>Fyren</at>",
    }
    group = {"id": "19:grupp", "conversationType": "groupChat", "tenantId": chat.message()["conversation"]["tenantId"]}
    link = {"contentType": "reference", "contentUrl": "https://x.sharepoint.com/IT-policy.md", "name": "IT-policy.md"}
    await chat.send(link, text="<at>Fyren</at>", entities=[mention], conversation=group)
    await chat.told("I gruppchattar och kanaler läser jag inga filer.")
    assert storage.requests == []


async def test_pictures_and_links_are_not_files_and_what_can_be_read_is_said(chat: Chat, storage: Storage) -> None:
    await chat.send({"contentType": "image/png", "contentUrl": "https://x.example/1.png"})
    await chat.told("Det där kan jag inte läsa.")
    await chat.send({"contentType": "reference", "contentUrl": "https://x.example/1"}, storage.file("a.md", POLICY))
    await chat.told("innehöll också bilder eller länkar (1)")
    await chat.card("Ett utkast att granska")


async def test_a_file_that_is_too_large_is_left_out_and_the_others_come(
    chat: Chat, storage: Storage, database: Database
) -> None:
    large = storage.file("Stor.md", b"x" * (CAPS.file + 1))
    await chat.send(large, storage.file("IT-policy.md", POLICY))
    await chat.told("Stor.md är för stor.")
    await chat.card("Ett utkast att granska")
    assert [each.name for each in (await only_job(database)).files] == ["IT-policy.md"]


async def test_where_no_file_comes_nothing_is_kept(
    chat: Chat, storage: Storage, database: Database, desk: Desk, caplog: pytest.LogCaptureFixture
) -> None:
    caplog.set_level(logging.WARNING)
    storage.script.extend([404])
    await chat.send(storage.file("IT-policy.md", POLICY))
    await chat.told("Jag kunde inte hämta IT-policy.md från Teams.")
    await chat.told("Ingen av filerna kom fram")
    assert (chat.updates[-1][0], len(storage.requests)) == ("sent-1", 1)
    assert "hemlig" not in caplog.text
    await forgotten(database)
    assert await asyncio.to_thread(lambda: list(desk.uploads.root.iterdir())) == []
    assert await database.jobs.all() == ()


async def test_a_download_that_fails_is_tried_again(
    chat: Chat, storage: Storage, desk: Desk, database: Database
) -> None:
    storage.script.extend([(503, {"Retry-After": "0"}), "cut"])
    card = await draft(chat, storage)
    assert "Nya stycken: 1." in words(card)
    assert len(storage.requests) == 3
    job = await only_job(database)
    assert await asyncio.to_thread(desk.uploads.path(job, job.files[0]).read_text, encoding="utf-8") == POLICY


async def test_a10_no_redirect_is_followed(chat: Chat, storage: Storage) -> None:
    storage.script.append((302, {"Location": f"{storage.url}/secret"}))
    await chat.send(storage.file("IT-policy.md", POLICY))
    await chat.told("Jag kunde inte hämta")
    assert [path for path, _ in storage.requests] == ["/personal/0?tempauth=v1.hemlig"]


@pytest.mark.parametrize(
    "address",
    [
        "https://127.0.0.1:{port}/x",
        "http://localhost:{port}/x",
        "https://localhost/x",
        "https://169.254.169.254/latest/meta-data",
        "https://localhost:{port}@ond.example/x",
        "file:///etc/passwd",
    ],
)
async def test_a10_nothing_is_fetched_from_an_address_that_is_not_listed(
    chat: Chat, storage: Storage, address: str
) -> None:
    port = storage.host.partition(":")[2]
    await chat.send(storage.file("x.md", POLICY, downloadUrl=address.format(port=port)))
    await chat.told("Jag kunde inte hämta x.md")
    assert storage.requests == []


async def test_a10_a_listed_name_that_leads_inside_the_network_gets_nothing(
    desk: Desk,
    database: Database,
    connector: ConnectorStub,
    storage: Storage,
    tls: Tls,
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    async def inside(self: object, host: str, port: int = 0, family: int = 0) -> list[Json]:
        return [{"hostname": host, "host": "127.0.0.1", "port": port, "family": 2, "proto": 0, "flags": 0}]

    monkeypatch.setattr("aiohttp.resolver.ThreadedResolver.resolve", inside)
    port = storage.host.partition(":")[2]
    config = configured(storage, download_hosts=frozenset({f"files.example:{port}"}))
    async with chatting(desk, database, config, connector, tls) as chat:
        await chat.send(storage.file("x.md", POLICY, downloadUrl=f"https://files.example:{port}/x"))
        await chat.told("Jag kunde inte hämta x.md")
    assert storage.requests == []


async def test_a10_the_bots_token_goes_to_teams_and_not_to_the_storage(
    desk: Desk,
    database: Database,
    secure_connector: ConnectorStub,
    storage: Storage,
    tls: Tls,
    signer: Signer,
    logins: list[str],
) -> None:
    async with openid_stub(signer) as openid:
        config = production(openid, secure_connector, download_hosts=frozenset({storage.host}))
        async with chatting(desk, database, config, secure_connector, tls) as chat:
            token = signer.token(secure_connector.url)
            await chat.send(storage.file("IT-policy.md", POLICY), token=token)
            await chat.card("Ett utkast att granska")
    [(_, headers)] = storage.requests
    assert "Authorization" not in headers
    assert all(each.headers["Authorization"] == "Bearer hemlig-token" for each in chat.connector.requests)


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
