"""Chats in which files were sent, in a database."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import asdict
from datetime import datetime
from typing import Any

from sqlalchemy import ColumnElement, Connection, and_, delete, insert, or_, select, update

from bot.documents.chats import Chat
from bot.storage.schema.document_chats import document_chats
from bot.storage.transactions import Transactions


class SqlChats:
    """Implements `bot.documents.chats.Chats`; every method raises StorageError where the database fails."""

    def __init__(self, main: Transactions) -> None:
        self._main = main

    async def keep(self, chat: Chat) -> None:
        """Keep a new one."""

        def put(connection: Connection) -> None:
            if connection.scalar(select(document_chats.c.id).where(document_chats.c.id == chat.id)) is None:
                connection.execute(insert(document_chats).values(asdict(chat)))

        await self._main.write("where files were sent could not be stored", put)

    async def all(self) -> Sequence[Chat]:
        """The oldest first."""
        query = select(document_chats).order_by(document_chats.c.at, document_chats.c.id)

        def find(connection: Connection) -> Sequence[Chat]:
            return tuple(Chat(**row) for row in connection.execute(query).mappings())

        return await self._main.read("where files were sent could not be read", find)

    async def shown(self, chat_id: str, message: str) -> None:
        """Note under which message id the progress is shown."""
        await self._change(document_chats.c.id == chat_id, message=message)

    async def sent(self, chat_id: str, job: str) -> None:
        """Note which job the files are about to become."""
        await self._change(document_chats.c.id == chat_id, job=job)

    async def tell(self, chat_id: str, draft: str) -> None:
        """Note that the person has been told of a draft."""
        await self._change(document_chats.c.id == chat_id, told=draft)

    async def hold(self, chat_id: str, holder: str, now: datetime, stale: datetime) -> bool:
        """Take a chat that nobody holds, or whose holder was last heard of before `stale`; whether it is taken."""
        mine = document_chats.c.holder.in_(("", holder))
        free = or_(mine, document_chats.c.held_at.is_(None), document_chats.c.held_at < stale)
        return await self._change(and_(document_chats.c.id == chat_id, free), holder=holder, held_at=now) > 0

    async def beat(self, holder: str, now: datetime) -> None:
        """Say that a holder is still there."""
        await self._change(document_chats.c.holder == holder, held_at=now)

    async def release(self, chat_id: str, holder: str) -> None:
        """Let others hold it."""
        mine = and_(document_chats.c.id == chat_id, document_chats.c.holder == holder)
        await self._change(mine, holder="", held_at=None)

    async def forget(self, chat_id: str) -> None:
        """Delete it: there is nothing more to tell."""
        await self._delete(document_chats.c.id == chat_id)

    async def forget_before(self, moment: datetime) -> int:
        """Delete older ones; how many went."""
        return await self._delete(document_chats.c.at < moment)

    async def _change(self, where: ColumnElement[bool], **values: Any) -> int:
        def change(connection: Connection) -> int:
            return connection.execute(update(document_chats).where(where).values(**values)).rowcount

        return await self._main.write("what was told where files were sent could not be noted", change)

    async def _delete(self, where: ColumnElement[bool]) -> int:
        def go(connection: Connection) -> int:
            return connection.execute(delete(document_chats).where(where)).rowcount

        return await self._main.write("where files were sent could not be deleted", go)
