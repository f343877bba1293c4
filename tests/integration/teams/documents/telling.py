"""What tells a chat how its files are, with a sender that sends to nobody."""

from __future__ import annotations

import asyncio
from collections.abc import AsyncIterator, Sequence
from contextlib import asynccontextmanager

from bot.conversation.card import CardReply
from bot.conversation.document_cards import Showing
from bot.conversation.documents import Parcel
from bot.conversation.turn import SentFile
from bot.documents.desk import Desk
from bot.documents.recording import Person
from bot.documents_chat.intake import DocumentsChat
from bot.reminders.ports import Delivery
from bot.storage.database import Database
from bot.teams.files.downloads import Take
from tests.fakes.documents_chat import (
    ANNA,
    MUNICIPALITIES,
    SOON,
    TEXTS,
)
from tests.integration.teams.documents.sending import POLICY

SHOWING = Showing(TEXTS, MUNICIPALITIES)


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
    """Files are read and told of meanwhile."""
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
