"""The files of an ingest, read side by side: what is unchanged is not read, and what cannot be read is a row.

An archive is read as a folder: every file in it is a row of its own, under the archive's name.
"""

from __future__ import annotations

import asyncio
import os
import time
from collections.abc import Coroutine, Sequence
from contextlib import ExitStack, suppress
from dataclasses import replace
from pathlib import Path

from ingest.archives import ENOUGH, MAX_ARCHIVE, Entry, Room, room_for
from ingest.errors import DocumentRejected, Reason
from ingest.loaders.base import MAX_BYTES
from ingest.loaders.registry import TEXT_LOADERS, load_file
from ingest.merging import File, Key, Reading
from ingest.model import Advance, Phase, Progress
from ingest.recognition.limits import LACKING
from ingest.recognition.scans import Scans
from ingest.sandbox import Limits, Sandbox
from ingest.scratch import clear_abandoned, scratch_folder
from ingest.sources import Source, checksum
from knowledge.model import Origin

WORKERS = 2
"""Files that are read at the same time."""
SMALL = 64_000
"""Bytes of all files together that one worker has read before another one is ready, which takes over half a second."""
WAITING = "+scans"
"""Behind the checksum of a file whose scanned pages could not be read: it is read again once they can be."""
_DEPTH = 2
"""Archives are opened in folders, and in archives; no deeper."""


async def read_all(
    files: Sequence[Source], before: dict[Key, File], origin: Origin, limits: Limits, tell: Progress
) -> list[Reading]:
    """Read what is new or changed: the library in threads, everything else in the sandbox.

    Raises IsolationUnavailable.
    """
    await asyncio.to_thread(clear_abandoned)
    workers = 1 if await asyncio.to_thread(_together, files) <= SMALL else WORKERS
    async with Sandbox(limits, workers) as sandbox:
        batch = _Batch(before, origin, limits, tell, sandbox, len(files), workers)
        reads = await _side_by_side([batch.read(source) for source in files])
    found = [read for several in reads for read in several]
    return [read for read in found if not (origin is Origin.LIBRARY and _is_no_document(read))]


def _together(files: Sequence[Source]) -> int:
    """Bytes of all files; what cannot be looked at is told when it is to be read."""
    total = 0
    for source in files:
        with suppress(OSError):
            total += source.path.stat().st_size
    return total


def _is_no_document(read: Reading) -> bool:
    """The library's folder also holds data that is not for reading, such as word lists."""
    return read.rejection is not None and read.rejection.reason is Reason.WRONG_TYPE


async def _side_by_side(works: Sequence[Coroutine[None, None, list[Reading]]]) -> list[list[Reading]]:
    """The results in order; where one fails, none goes on."""
    tasks = [asyncio.create_task(work) for work in works]
    try:
        return await asyncio.gather(*tasks)
    except BaseException:
        for task in tasks:
            task.cancel()
        await asyncio.gather(*tasks, return_exceptions=True)
        raise


class _Batch:
    """What the readings of one ingest have in common."""

    def __init__(
        self,
        before: dict[Key, File],
        origin: Origin,
        limits: Limits,
        tell: Progress,
        sandbox: Sandbox,
        total: int,
        workers: int,
    ) -> None:
        self._before = before
        self._origin = origin
        self._limits = limits
        self._tell = tell
        self._sandbox = sandbox
        self._scans = Scans(sandbox, limits.recognition, tell)
        self._done, self._total = 0, total
        self._turns = asyncio.Semaphore(workers)  # so that no file's seconds are those of others
        self._unpacking = asyncio.Lock()  # so that one archive at a time takes space on the disk

    async def read(self, source: Source) -> list[Reading]:
        """One file's reading, or those of the files in it."""
        reading = await self._attempt(source)
        if not _to_unpack(reading):
            return [self._finished(reading)]
        async with self._unpacking:
            with ExitStack() as stack:
                try:
                    folder = await asyncio.to_thread(stack.enter_context, scratch_folder())
                except OSError as error:
                    refused = DocumentRejected(Reason.NO_SPACE, error.strerror or "no temporary folder")
                    return [self._finished(replace(reading, rejection=refused))]
                try:
                    size, _ = await asyncio.to_thread(_state, source.path)
                    reads, _ = await self._inside(source, folder, room_for(size), depth=1)
                finally:
                    await asyncio.shield(asyncio.to_thread(stack.close))
        return reads

    async def _inside(self, archive: Source, folder: Path, room: Room, depth: int) -> tuple[list[Reading], Room]:
        """The readings of an archive's files, and how much room they have left for the next one."""
        begun = time.monotonic()
        try:
            entries = await self._sandbox.unpack(archive.path, folder, room)
        except DocumentRejected as rejection:
            return [self._finished(Reading(archive, rejection=rejection, seconds=time.monotonic() - begun))], room
        self._total += len(entries) - 1
        room = Room(room.files - len(entries), room.total - sum(entry.size for entry in entries))
        reads: list[Reading] = []
        for several in await _side_by_side([self._entry(archive, folder, entry, depth) for entry in entries]):
            for reading in several:
                if not (_to_unpack(reading) and depth < _DEPTH):
                    reads.append(reading)
                    continue
                if room.total < ENOUGH or room.files <= 0:
                    full = DocumentRejected(Reason.TOO_LARGE, "the archive has inflated to all that it may")
                    reads.append(self._finished(replace(reading, rejection=full)))
                    continue
                below = folder / f"{reading.source.path.stem}-files"
                await asyncio.to_thread(below.mkdir)
                inner, room = await self._inside(reading.source, below, room, depth + 1)
                reads += inner
        return reads, room

    async def _entry(self, archive: Source, folder: Path, entry: Entry, depth: int) -> list[Reading]:
        name = f"{archive.relative}/{entry.name}"
        source = Source(folder / entry.stored, name, inside=archive.relative, url=archive.url)
        if entry.reason is not None:
            return [self._finished(Reading(source, rejection=DocumentRejected(entry.reason, entry.detail)))]
        reading = await self._attempt(source)
        return [reading if _to_unpack(reading) and depth < _DEPTH else self._finished(reading)]

    async def _attempt(self, source: Source) -> Reading:
        known = self._before.get((self._origin, source.relative))
        async with self._turns:
            begun = time.monotonic()
            try:
                result = await self._read(source, known.document.checksum if known else "")
            except DocumentRejected as rejection:
                result = Reading(source, rejection=rejection)
            return replace(result, seconds=time.monotonic() - begun)

    def _finished(self, reading: Reading) -> Reading:
        self._done += 1
        self._tell(Advance(Phase.LOAD, self._done, self._total, reading.source.relative))
        return reading

    async def _read(self, source: Source, known: str) -> Reading:
        if source.problem is not None:
            raise DocumentRejected(source.problem, source.detail)
        if not _is_unicode(source.path):
            raise DocumentRejected(Reason.UNREADABLE, "its name, or its folder's, is not in UTF-8: rename it")
        before = await asyncio.to_thread(_state, source.path)
        limit = MAX_ARCHIVE if source.path.suffix.lower() == ".zip" else self._limits.max_bytes
        if before[0] > limit:
            raise DocumentRejected(Reason.TOO_LARGE, f"{before[0] / 1e6:.0f} MB, limit {limit / 1e6:.0f} MB")
        try:
            digest = await asyncio.to_thread(checksum, source.path)
        except OSError as error:
            raise DocumentRejected(Reason.UNREADABLE, error.strerror or "cannot be opened") from error
        if digest == known or (known == digest + WAITING and await self._scans.unavailable()):
            return Reading(source, digest)
        if self._origin is Origin.LIBRARY:
            loaded = await asyncio.to_thread(load_file, source.path, source.relative, TEXT_LOADERS, MAX_BYTES)
        else:
            loaded = await self._scans.load(source.path, source.relative)
        if await asyncio.to_thread(_state, source.path) != before:
            raise DocumentRejected(Reason.CHANGING)  # else half of it would pass for the whole until it changes again
        digest += WAITING if loaded.remark in LACKING else ""
        # Whatever a page says of where it is: readers are sent to where it was.
        return Reading(source, digest, replace(loaded, url=source.url) if source.url else loaded)


def _to_unpack(reading: Reading) -> bool:
    return reading.rejection is not None and reading.rejection.reason is Reason.ARCHIVE


def _is_unicode(path: Path) -> bool:
    """Whether it can be told to another process, and be stored."""
    return os.fsencode(path) == str(path).encode("utf-8", "replace")


def _state(path: Path) -> tuple[int, int]:
    """Size in bytes and time of change. Raises DocumentRejected(UNREADABLE)."""
    try:
        found = path.stat()
    except OSError as error:
        raise DocumentRejected(Reason.UNREADABLE, error.strerror or "cannot be opened") from error
    return found.st_size, found.st_mtime_ns
