"""Files that are sent in a chat, in the background: fetched one after another, and handed to the desk.

A chat is remembered until there is nothing more to tell, and told by one process at a time: after a restart, whoever
comes next goes on where it stands.
"""

from __future__ import annotations

import asyncio
import logging
import secrets
from collections.abc import Awaitable, Callable, Coroutine
from dataclasses import replace
from datetime import datetime
from functools import partial
from typing import Any, Final

from bot.conversation.document_cards import Showing
from bot.conversation.documents import Parcel
from bot.documents.chats import KEPT, LEASE, Chat, Chats
from bot.documents.desk import Desk
from bot.documents.errors import Refusal, UploadRefused
from bot.documents.jobs import Job
from bot.documents.timing import utc_now
from bot.documents.uploads import Upload
from bot.documents.words import refused
from bot.documents_chat.ports import Downloads, Rhythm, Sender
from bot.documents_chat.progress import Progress
from bot.documents_chat.telling import Telling
from bot.teams.errors import DownloadFailed

_ALONE: Final = frozenset({Refusal.FILE_TOO_LARGE})
"""Refusals that are about one file, and let the others come."""

_log = logging.getLogger(__name__)


class DocumentsChat:
    """Implements `bot.conversation.documents.Intake`. Belongs to one event loop, in which `run` goes on beside."""

    def __init__(
        self,
        desk: Desk,
        chats: Chats,
        showing: Showing,
        *,
        clock: Callable[[], datetime] = utc_now,
        rhythm: Rhythm | None = None,
    ) -> None:
        self._desk = desk
        self._chats = chats
        self._clock = clock
        self._rhythm = rhythm or Rhythm()
        self._telling = Telling(desk, chats, showing, self._rhythm)
        self._holder = secrets.token_hex(16)
        self._due = asyncio.Event()
        self._beginning: set[str] = set()
        self._waiting: list[tuple[Parcel, Chat]] = []
        self._tasks: dict[str, asyncio.Task[None]] = {}

    async def begin(self, parcel: Parcel) -> None:
        """Take files on; returns at once. Raises DocumentsStoreFailed."""
        now = self._clock()
        chat = Chat(parcel.id, now, parcel.address, parcel.language, holder=self._holder, held_at=now)
        # A look for chats that finds it in the store already must know it for one that is being begun here.
        self._beginning.add(chat.id)
        try:
            await self._chats.keep(chat)
            self._telling.begun(chat)
            self._waiting.append((parcel, chat))
        finally:
            self._beginning.discard(chat.id)
        self.look()

    async def shown(self, parcel_id: str, message: str) -> None:
        """The message that shows the progress has this id. Raises DocumentsStoreFailed."""
        self._telling.shown(parcel_id, message)
        await self._chats.shown(parcel_id, message)

    async def job(self, job_id: str) -> Job | None:
        """A job; None where there is none. Raises DocumentsStoreFailed."""
        return await self._desk.jobs.one(job_id)

    def look(self) -> None:
        """Something has changed that people may have to be told of."""
        self._due.set()

    async def run(self, sender: Sender, downloads: Downloads) -> None:
        """Fetch what is sent and tell what is new, until cancelled; nothing that fails ends it."""
        try:
            while True:
                self._due.clear()
                while self._waiting:
                    parcel, chat = self._waiting.pop(0)
                    self._start(chat, self._receive(parcel, chat, sender, downloads))
                await self._safely(partial(self._resume, sender))
                try:
                    await asyncio.wait_for(self._due.wait(), self._rhythm.pause)
                except TimeoutError:
                    continue
        finally:
            tasks = list(self._tasks.values())
            for task in tasks:
                task.cancel()
            await asyncio.gather(*tasks, return_exceptions=True)

    async def _resume(self, sender: Sender) -> None:
        """Go on where another process stopped, and where there is something new."""
        now = self._clock()
        await self._chats.forget_before(now - KEPT)
        await self._chats.beat(self._holder, now)
        before = self._begun()
        chats = await self._chats.all()
        # What was begun since is among them; what has ended since is there as it was before it ended.
        begun = before | self._begun()
        for chat in chats:
            if chat.id not in begun:
                await self._safely(partial(self._go_on, chat, sender, now))

    async def _go_on(self, chat: Chat, sender: Sender, now: datetime) -> None:
        job = await self._desk.jobs.one(chat.job) if chat.job else None
        if self._telling.is_due(chat, job) and await self._chats.hold(chat.id, self._holder, now, now - LEASE):
            self._start(chat, self._telling.follow(chat, sender))

    def _begun(self) -> set[str]:
        """Chats that are begun here, or that somebody here is at."""
        return {parcel.id for parcel, _ in self._waiting}.union(self._tasks, self._beginning)

    def _start(self, chat: Chat, work: Coroutine[Any, Any, None]) -> None:
        task = self._tasks[chat.id] = asyncio.create_task(self._guarded(chat, work))
        task.add_done_callback(lambda _: self._tasks.pop(chat.id, None))

    async def _guarded(self, chat: Chat, work: Coroutine[Any, Any, None]) -> None:
        try:
            await work
        except Exception:  # noqa: BLE001 - the outer edge of what runs beside: it is tried again, and others go on
            _log.exception("what became of files could not be told in a chat; the next try is soon")
            self._telling.put_off(chat)
        finally:
            # Whoever comes next goes on at once.
            await asyncio.shield(self._safely(partial(self._chats.release, chat.id, self._holder)))

    async def _receive(self, parcel: Parcel, chat: Chat, sender: Sender, downloads: Downloads) -> None:
        progress = self._telling.progress(chat, sender)
        await self._telling.first_message(chat)
        try:
            async with self._desk.uploads.begin() as upload:
                await self._fetch(parcel, upload, downloads, progress)
                if upload.files:
                    await self._chats.sent(chat.id, upload.id)
                    await self._desk.submit(upload, parcel.by, parcel.owner)
        except UploadRefused as error:
            await self._telling.over(progress, self._refusal(error, chat))
            return
        if not upload.files:
            await self._telling.over(progress, self._telling.say("filed.none_came", chat))
            return
        await self._telling.follow(replace(chat, job=upload.id), sender, progress)

    async def _fetch(self, parcel: Parcel, upload: Upload, downloads: Downloads, progress: Progress) -> None:
        """Fetch one file after another. One that cannot be had is told of, and the others come all the same."""
        chat, total = progress.chat, len(parcel.files)
        for done, file in enumerate(parcel.files):
            if done:  # the first message says it of the first file
                await self._telling.fetching(file.name, done, total, progress)
            try:
                await downloads.fetch(file.address, partial(upload.take, file.name))
            except DownloadFailed as error:
                _log.warning("a file that was sent in a chat could not be fetched (%s)", error)
                await progress.aside(self._telling.say("filed.not_fetched", chat, name=file.name))
            except UploadRefused as error:
                if error.reason not in _ALONE:
                    raise
                await progress.aside(self._refusal(error, chat))

    def _refusal(self, error: UploadRefused, chat: Chat) -> str:
        def say(key: str, **values: object) -> str:
            return self._telling.say(key, chat, **values)

        return refused(error, self._desk.uploads.caps, say)

    @staticmethod
    async def _safely(act: Callable[[], Awaitable[None]]) -> None:
        try:
            await act()
        except Exception:  # noqa: BLE001 - the outer edge of what runs beside: it is tried again, and others go on
            _log.exception("chats in which files were sent could not be looked after; the next try is soon")
