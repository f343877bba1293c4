"""Files that are sent, on their way to disk: under ids of this service's own, counted while they come.

Each is `<root>/<job>/<file>`, both of them random: what a sender calls a file stands in the job and nowhere on disk,
but for an ordinary ending such as `.pdf`, by which loaders know some formats. A web address is a file that holds it.

Where replicas share them, they are on disk while they come and while they are read, and kept in between where every
replica can have them.
"""

from __future__ import annotations

import asyncio
import logging
import secrets
import shutil
import time
from collections.abc import AsyncIterator, Collection, Iterator
from contextlib import asynccontextmanager, contextmanager
from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Final

from bot.documents.errors import Refusal, UploadRefused
from bot.documents.jobs import Job, JobFile
from bot.documents.names import ADDRESS_ENDING, free, harmless, plain_ending
from bot.documents.shared_uploads import SharedUploads
from ingest.archives import MAX_ARCHIVE
from ingest.loaders.base import MAX_BYTES

ABANDONED: Final = 3600.0
"""Seconds after which an upload that became no job is swept away; a longer one than an upload may take."""

_log = logging.getLogger(__name__)


@dataclass(frozen=True, slots=True)
class Caps:
    """The most that is taken at once: bytes of a file, of an archive and of all together, and how many files."""

    file: int = MAX_BYTES
    archive: int = MAX_ARCHIVE
    job: int = MAX_ARCHIVE + MAX_BYTES
    files: int = 200


@dataclass(slots=True)
class Upload:
    """Files that are coming in; `files` are those that are here."""

    id: str
    folder: Path
    caps: Caps
    files: list[JobFile] = field(default_factory=list)
    kept: bool = False

    async def take(self, name: str, chunks: AsyncIterator[bytes]) -> None:
        """Write one file. Raises UploadRefused where it, or all together, are more than is taken."""
        shown = free(harmless(name), {each.name for each in self.files})
        if len(self.files) >= self.caps.files:
            raise UploadRefused(Refusal.TOO_MANY, shown)
        ending = plain_ending(shown)
        most = self.caps.archive if ending == ".zip" else self.caps.file
        file_id, size, before = f"{secrets.token_hex(8)}{ending}", 0, sum(each.size for each in self.files)
        with _on_disk():
            file = await asyncio.to_thread((self.folder / file_id).open, "xb")
        try:
            async for chunk in chunks:
                size += len(chunk)
                if size > most:
                    raise UploadRefused(Refusal.FILE_TOO_LARGE, shown)
                if before + size > self.caps.job:
                    raise UploadRefused(Refusal.TOO_LARGE, shown)
                with _on_disk():
                    await asyncio.to_thread(file.write, chunk)
        finally:
            with _on_disk():
                await asyncio.shield(asyncio.to_thread(file.close))
        self.files.append(JobFile(file_id, shown, size))

    async def take_address(self, url: str) -> None:
        """Keep an address, which is fetched when its job is read, and again after a crash. Raises UploadRefused."""
        file_id, content = f"{secrets.token_hex(8)}{ADDRESS_ENDING}", url.encode()
        with _on_disk():
            await asyncio.to_thread((self.folder / file_id).write_bytes, content)
        self.files.append(JobFile(file_id, url, len(content)))


class Uploads:
    """Where they are kept, until their job is done with them."""

    def __init__(self, root: Path, caps: Caps = Caps(), shared: SharedUploads | None = None) -> None:
        self.root = root
        self.caps = caps
        self._shared = shared

    @property
    def are_shared(self) -> bool:
        """Whether other replicas can have the files."""
        return self._shared is not None

    @asynccontextmanager
    async def begin(self) -> AsyncIterator[Upload]:
        """A new upload; it is removed again unless `kept` is set by the end, however that comes.

        Raises UploadRefused where nothing can be written.
        """
        job_id = secrets.token_hex(16)
        upload = Upload(job_id, self.root / job_id, self.caps)
        with _on_disk():
            await asyncio.to_thread(upload.folder.mkdir, parents=True)
        try:
            yield upload
        finally:
            if not upload.kept:
                await asyncio.shield(self.remove(job_id))

    async def share(self, upload: Upload) -> None:
        """Let every replica have the files of an upload that is complete. Raises UploadRefused, DocumentsStoreFailed.

        To be called before there is a job: whoever reads that may be quicker than this returns.
        """
        if self._shared is None:
            return
        with _on_disk():
            for file in upload.files:
                await self._shared.put(upload.id, file.id, upload.folder / file.id)
        await self._clear(upload.id)

    @asynccontextmanager
    async def at_hand(self, job: Job) -> AsyncIterator[bool]:
        """Have a job's files on disk for as long as this is open; whether all of them are there.

        Raises DocumentsStoreFailed, OSError.
        """
        if self._shared is None or not job.files:
            yield await asyncio.to_thread(lambda: all(self.path(job, each).is_file() for each in job.files))
            return
        await self._clear(job.id)  # what a reading that was killed has left
        await asyncio.to_thread((self.root / job.id).mkdir, parents=True)
        try:
            yield all([await self._shared.get(job.id, each.id, self.path(job, each)) for each in job.files])
        finally:
            await asyncio.shield(self._clear(job.id))

    def path(self, job: Job, file: JobFile) -> Path:
        """Where a job's file is."""
        return self.root / job.id / file.id

    async def remove(self, job_id: str) -> None:
        """Delete a job's files; it does no harm where they are gone. Raises DocumentsStoreFailed."""
        await self._clear(job_id)
        if self._shared is not None:
            await self._shared.remove(job_id)

    async def sweep(self, needed: Collection[str]) -> int:
        """Delete what no job needs, such as uploads that a crash cut short; of how many jobs that was.

        Raises DocumentsStoreFailed.
        """
        gone = await asyncio.to_thread(self._sweep, frozenset(needed))
        if self._shared is not None:
            gone += await self._shared.sweep(needed, datetime.now(UTC) - timedelta(seconds=ABANDONED))
        return gone

    async def _clear(self, job_id: str) -> None:
        await asyncio.to_thread(shutil.rmtree, self.root / job_id, ignore_errors=True)

    def _sweep(self, needed: frozenset[str]) -> int:
        if not self.root.is_dir():
            return 0
        old = time.time() - ABANDONED
        gone = [path for path in self.root.iterdir() if path.name not in needed and path.stat().st_mtime < old]
        for path in gone:
            shutil.rmtree(path, ignore_errors=True)
        return len(gone)


@contextmanager
def _on_disk() -> Iterator[None]:
    """Around what is done on disk alone: a network that is slow or breaks off raises an OSError too."""
    try:
        yield
    except OSError as error:
        _log.error("files that are sent cannot be written: %s", error)
        raise UploadRefused(Refusal.DISK) from error
