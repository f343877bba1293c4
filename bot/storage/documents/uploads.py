"""Files that are sent, in a database server, where replicas have no disk in common."""

from __future__ import annotations

import asyncio
from collections.abc import Collection, Sequence
from datetime import UTC, datetime
from pathlib import Path
from typing import Final

from sqlalchemy import Connection, delete, insert, select

from bot.documents.shared_uploads import REPLIES
from bot.storage.schema.generations import document_uploads
from bot.storage.scrubbing import tidy
from bot.storage.transactions import Transactions

PART: Final = 2**20
"""Bytes of a file in a row."""


class SqlUploads:
    """Implements `bot.documents.shared_uploads.SharedUploads`; every method raises StorageError."""

    def __init__(self, main: Transactions) -> None:
        self._main = main

    async def put(self, job_id: str, file_id: str, path: Path) -> None:
        """Keep a file, in the place of an earlier one of this id. Raises OSError where it cannot be read."""
        number = 0
        file = await asyncio.to_thread(path.open, "rb")
        try:
            while (content := await asyncio.to_thread(file.read, PART)) or not number:
                await self._put_part(job_id, file_id, number, content)
                number += 1
        finally:
            await asyncio.to_thread(file.close)

    async def names(self, job_id: str) -> Sequence[str]:
        """The ids of a job's files."""
        query = select(document_uploads.c.file).where(document_uploads.c.job == job_id).distinct()

        def find(connection: Connection) -> Sequence[str]:
            return sorted(connection.scalars(query))

        return await self._main.read("files that were sent could not be read", find)

    async def get(self, job_id: str, file_id: str, path: Path) -> bool:
        """Write a file to a place where none is; False, and nothing is written, where it is not kept. Raises OSError
        where it cannot be written."""
        content, number = await self._part(job_id, file_id, 0), 0
        if content is None:
            return False
        file = await asyncio.to_thread(path.open, "xb")
        try:
            while content is not None:
                await asyncio.to_thread(file.write, content)
                number += 1
                content = await self._part(job_id, file_id, number)
        finally:
            await asyncio.to_thread(file.close)
        return True

    async def remove(self, job_id: str) -> None:
        """Delete a job's files; it does no harm where there are none."""

        def drop(connection: Connection) -> int:
            return connection.execute(delete(document_uploads).where(document_uploads.c.job == job_id)).rowcount

        if await self._main.write("files that were sent could not be deleted", drop):
            await tidy(self._main, (document_uploads,))

    async def sweep(self, needed: Collection[str], before: datetime) -> int:
        """Delete what came before a moment and no job needs; of how many jobs that was. REPLIES stay."""
        old = select(document_uploads.c.job).where(document_uploads.c.at < before).distinct()

        def drop(connection: Connection) -> int:
            gone = set(connection.scalars(old)).difference(needed, [REPLIES])
            connection.execute(delete(document_uploads).where(document_uploads.c.job.in_(gone)))
            return len(gone)

        return await self._main.write("files that no job needs could not be deleted", drop)

    async def _put_part(self, job_id: str, file_id: str, number: int, content: bytes) -> None:
        place = {"job": job_id, "file": file_id, "part": number}
        columns = document_uploads.c
        # Those of an earlier file, and of a try that was not confirmed.
        others = (columns.job == job_id, columns.file == file_id, columns.part >= number)

        def keep(connection: Connection) -> None:
            connection.execute(delete(document_uploads).where(*others))
            connection.execute(insert(document_uploads).values(place | {"at": datetime.now(UTC), "content": content}))

        await self._main.write("a file that was sent could not be kept", keep)

    async def _part(self, job_id: str, file_id: str, number: int) -> bytes | None:
        columns = document_uploads.c
        where = (columns.job == job_id, columns.file == file_id, columns.part == number)

        def find(connection: Connection) -> bytes | None:
            found: bytes | None = connection.scalar(select(columns.content).where(*where))
            return found

        return await self._main.read("a file that was sent could not be read", find)
