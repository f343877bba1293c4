"""Tells in a chat how far files are, and what came of them."""

from __future__ import annotations

import asyncio

from bot.conversation.card import CardReply
from bot.conversation.document_cards import (
    PREFIX,
    Showing,
    draft_card,
    failed_card,
    fetching_card,
    read_text,
    reading_card,
)
from bot.documents.chats import Chat, Chats
from bot.documents.desk import Desk
from bot.documents.jobs import UNDER_WAY, Job, JobState
from bot.documents_chat.ports import Rhythm, Sender
from bot.documents_chat.progress import Progress
from bot.reminders.ports import Delivery


class Telling:
    """Knows which messages show progress: of chats that began in this process from `begun` on, else by the store."""

    def __init__(self, desk: Desk, chats: Chats, showing: Showing, rhythm: Rhythm) -> None:
        self._messages: dict[str, asyncio.Future[str]] = {}
        self._desk = desk
        self._chats = chats
        self._showing = showing
        self._rhythm = rhythm
        self._not_before: dict[str, float] = {}

    def begun(self, chat: Chat) -> None:
        """A message will show the progress of a chat."""
        self._messages[chat.id] = asyncio.get_running_loop().create_future()

    def shown(self, chat_id: str, message: str) -> None:
        """It has this id."""
        waited = self._messages.get(chat_id)
        if waited is not None and not waited.done():
            waited.set_result(message)

    async def first_message(self, chat: Chat) -> None:
        """Wait for it, so that nothing overtakes it; not for long, as it may never have been sent."""
        await asyncio.wait({self._messages[chat.id]}, timeout=self._rhythm.patience)

    def progress(self, chat: Chat, sender: Sender) -> Progress:
        """The message of a chat that shows how far its files are."""
        return Progress(sender, chat, lambda: self._message(chat), self._rhythm.interval)

    def _message(self, chat: Chat) -> str:
        known = self._messages.get(chat.id)
        return known.result() if known is not None and known.done() else chat.message

    def say(self, key: str, chat: Chat, **values: object) -> str:
        """A text in a chat's language."""
        return self._showing.say(key, chat.language, **values)

    async def fetching(self, name: str, done: int, total: int, progress: Progress) -> None:
        """Show that a file is on its way."""
        chat = progress.chat
        await progress.show(fetching_card(name, done, total, _key(chat), self._showing, chat.language))

    def is_due(self, chat: Chat, job: Job | None) -> bool:
        """Whether there is something to tell, as far as the chat's job is known, and now is the time."""
        if self._not_before.get(chat.id, 0.0) > asyncio.get_running_loop().time():
            return False
        return job is None or job.state is not JobState.DRAFT or chat.told != job.generation

    async def follow(self, chat: Chat, sender: Sender, progress: Progress | None = None) -> None:
        """Show how far the files are, then what came of them. Raises DocumentsStoreFailed."""
        progress = progress or self.progress(chat, sender)
        job = await self._desk.jobs.one(chat.job) if chat.job else None
        while job is not None and job.state in UNDER_WAY:
            word = self._desk.reader.board.of(job.id)
            await progress.show(reading_card(job, word, _key(chat), self._showing, chat.language))
            await asyncio.sleep(self._rhythm.interval)
            job = await self._desk.jobs.one(job.id)
        if job is None:
            await self.over(progress, self.say("filed.interrupted", chat))
        elif job.state is JobState.DRAFT:
            await self._drafted(job, progress, sender)
        elif job.state is JobState.FAILED:
            await progress.end(self.say("filed.not_read", chat))
            if await self._send(chat, failed_card(job, self._showing, chat.language), sender):
                await self.forget(chat)
        elif job.state is JobState.CANCELLED:
            await self.over(progress, self.say("filed.state.cancelled", chat))
        else:  # decided on, here or on the page
            await self.forget(chat)

    async def _drafted(self, job: Job, progress: Progress, sender: Sender) -> None:
        chat = progress.chat
        if chat.told == job.generation:
            return
        await progress.end(read_text(job, self._showing, chat.language))
        if await self._send(chat, draft_card(job, self._showing, chat.language), sender):
            await self._chats.tell(chat.id, job.generation)

    async def _send(self, chat: Chat, card: CardReply, sender: Sender) -> bool:
        """Send a card; False where that is to be tried again."""
        delivery = await sender.send(chat.address, card, chat.language)
        if delivery in (Delivery.FAILED, Delivery.STOPPED):
            self.put_off(chat)
            return False
        return True

    def put_off(self, chat: Chat) -> None:
        """Try again later."""
        self._not_before[chat.id] = asyncio.get_running_loop().time() + self._rhythm.later

    async def over(self, progress: Progress, text: str) -> None:
        """Say how it ended where progress was shown; there is nothing more to tell. Raises DocumentsStoreFailed."""
        await progress.end(text, needed=True)
        await self.forget(progress.chat)

    async def forget(self, chat: Chat) -> None:
        """There is nothing more to tell. Raises DocumentsStoreFailed."""
        await self._chats.forget(chat.id)
        self._messages.pop(chat.id, None)
        self._not_before.pop(chat.id, None)


def _key(chat: Chat) -> str:
    return f"{PREFIX}{chat.id}"
