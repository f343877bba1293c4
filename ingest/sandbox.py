"""Runs loaders in separate processes without a network, with limits on memory, processor time, time and output.

A worker serves file after file, because starting Python costs more than most files; a worker that crashed or hung is
replaced, and only the file that it was reading is lost.
"""

from __future__ import annotations

import asyncio
import os
import signal
import sys
from asyncio.subprocess import PIPE, Process
from contextlib import suppress
from dataclasses import dataclass
from pathlib import Path
from types import TracebackType
from typing import Self

from pydantic import ValidationError

from ingest.archives import Entry, Room
from ingest.errors import DocumentRejected, IsolationUnavailable, Reason
from ingest.loaders.base import MAX_BYTES
from ingest.model import LoadedDocument
from ingest.recognition.limits import RecognitionLimits
from ingest.worker import PREFIX, REPLY, Reply, Request

_FAREWELL = 2.0
"""Seconds that a worker gets to end by itself when its input closes."""
_START = 60.0
"""Seconds that it gets to load its libraries, which counts for no file."""


@dataclass(frozen=True, slots=True)
class Limits:
    """What one file may cost: `cpu` and `wall` in seconds, the rest in bytes.

    `max_answer` is for the text that comes out of it: 3,000 close-printed pages take a fifth of that. `recognition` is
    for its scanned pages; None leaves them unread.
    """

    memory: int = 1_500_000_000
    cpu: int = 120
    wall: float = 180.0
    max_bytes: int = MAX_BYTES
    max_answer: int = 64_000_000
    recognition: RecognitionLimits | None = RecognitionLimits()  # noqa: RUF009 - a frozen value


class Sandbox:
    """A small pool of workers; an async context manager that leaves no process behind."""

    def __init__(self, limits: Limits = Limits(), workers: int = 2, program: str = "ingest.worker") -> None:
        """`program`: the module that a worker runs."""
        self._limits = limits
        self._program = program
        self._slots = asyncio.Semaphore(workers)
        self._idle: list[Process] = []
        self._all: set[Process] = set()

    async def __aenter__(self) -> Self:
        return self

    async def __aexit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        await asyncio.gather(*(self._end(worker, at_once=error is not None) for worker in tuple(self._all)))

    @property
    def processes(self) -> int:
        """How many workers are alive."""
        return len(self._all)

    async def load(self, path: Path, relative: str, recognised: Path | None = None) -> LoadedDocument:
        """Read a file in a worker, its scanned pages from what was `recognised` on them.

        Raises what `unpack` does; DocumentRejected(ARCHIVE) where it is to be unpacked.
        """
        answers = os.fspath(recognised) if recognised is not None else ""
        reply = await self._reply(Request(path=os.fspath(path), relative=relative, recognised=answers))
        if reply.document is None:
            raise DocumentRejected(reply.reason or Reason.UNREADABLE, reply.detail, reply.unread)
        return reply.document

    async def draw(self, path: Path, page: int, target: Path, seconds: float) -> None:
        """Draw a page of a PDF file as a picture in a worker. Raises what `unpack` does."""
        request = Request(path=os.fspath(path), page=page, target=os.fspath(target))
        reply = await self._reply(request, min(seconds, self._limits.wall))
        if reply.reason is not None:
            raise DocumentRejected(reply.reason, reply.detail)

    async def unpack(self, path: Path, folder: Path, room: Room) -> tuple[Entry, ...]:
        """Unpack an archive into an empty folder in a worker.

        Raises DocumentRejected, TIMED_OUT and UNREADABLE (crash) included; IsolationUnavailable.
        """
        reply = await self._reply(Request(path=os.fspath(path), folder=os.fspath(folder), room=room))
        if reply.reason is not None:
            raise DocumentRejected(reply.reason, reply.detail)
        return reply.entries

    async def prove(self) -> None:
        """Start a worker, which shows that it is locked in before it is ready. Raises IsolationUnavailable, and
        DocumentRejected where it does not start."""
        async with self._slots:
            self._idle.append(await self._start())

    async def _reply(self, request: Request, seconds: float | None = None) -> Reply:
        async with self._slots:
            worker = self._idle.pop() if self._idle else await self._start()
            assert worker.stdin is not None  # noqa: S101 - for mypy: started with a pipe
            worker.stdin.write(request.model_dump_json().encode() + b"\n")
            reply = await self._answer(worker, self._limits.wall if seconds is None else seconds)
            self._idle.append(worker)
        return reply

    async def _start(self) -> Process:
        limits = self._limits
        worker = await asyncio.create_subprocess_exec(
            sys.executable,
            *("-m", self._program),
            *map(str, (limits.memory, limits.cpu, limits.max_bytes, limits.max_answer)),
            stdin=PIPE,
            stdout=PIPE,
            stderr=asyncio.subprocess.DEVNULL,
            env={"PYTHONPATH": os.pathsep.join(filter(None, sys.path)), "LANG": "C.UTF-8", "OMP_NUM_THREADS": "1"},
            start_new_session=True,
        )
        self._all.add(worker)
        greeting = await self._answer(worker, _START)
        if not greeting.locked_in:
            await self._end(worker, at_once=False)
            raise IsolationUnavailable(greeting.detail)
        return worker

    async def _answer(self, worker: Process, seconds: float) -> Reply:
        """The next answer; without one the worker is ended, and the reason raised as DocumentRejected."""
        try:
            async with asyncio.timeout(seconds):
                payload = await self._payload(worker)
            # A long document takes too long to be checked on the loop.
            return await asyncio.to_thread(_checked, payload)
        except TimeoutError as error:
            await self._end(worker, at_once=True)
            raise DocumentRejected(Reason.TIMED_OUT, f"more than {seconds:g} s") from error
        except (asyncio.IncompleteReadError, ConnectionError) as error:
            raise await self._crashed(worker) from error
        except BaseException:
            await self._end(worker, at_once=True)
            raise

    async def _payload(self, worker: Process) -> bytes:
        assert worker.stdin is not None  # noqa: S101 - for mypy: started with a pipe
        assert worker.stdout is not None  # noqa: S101 - for mypy: started with a pipe
        await worker.stdin.drain()
        (length,) = PREFIX.unpack(await worker.stdout.readexactly(PREFIX.size))
        if length > self._limits.max_answer:
            raise ConnectionError("answer too long")
        return await worker.stdout.readexactly(length)

    async def _crashed(self, worker: Process) -> DocumentRejected:
        # Its output is closed before it is gone: a kill in between would hide what it died of.
        await self._end(worker, at_once=False)
        if worker.returncode == -signal.SIGXCPU:
            return DocumentRejected(Reason.TIMED_OUT, f"more than {self._limits.cpu} s of processor time")
        return DocumentRejected(Reason.UNREADABLE, "the parser crashed")

    async def _end(self, worker: Process, *, at_once: bool) -> None:
        self._all.discard(worker)
        if worker in self._idle:
            self._idle.remove(worker)
        if worker.stdin is not None:
            worker.stdin.close()
        if not at_once:
            try:
                async with asyncio.timeout(_FAREWELL):
                    await worker.wait()
            except TimeoutError:
                at_once = True
        if at_once and worker.returncode is None:
            with suppress(ProcessLookupError):  # it ended by itself in between
                worker.kill()
        await worker.wait()


def _checked(payload: bytes) -> Reply:
    try:
        return REPLY.validate_json(payload)
    except ValidationError as error:
        raise DocumentRejected(Reason.UNREADABLE, "the parser's answer is damaged") from error
