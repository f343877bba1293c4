"""Keeps one process that draws charts, starts it when it is needed, and another when it has ended or hangs."""

from __future__ import annotations

import asyncio
import os
import sys
from asyncio.subprocess import DEVNULL, PIPE, Process
from contextlib import suppress
from typing import Final

from pydantic import ValidationError

from bot.charts.errors import DrawingFailed
from bot.charts.vega.job import DRAWN, JOB, Job

FIRST_TIMEOUT: Final = 30.0
"""Seconds for the first drawing of a process, which starts an engine; it takes one to two."""
TIMEOUT: Final = 10.0
"""Seconds for each one after that, which takes about 0.05."""
ENDING: Final = 2.0
"""Seconds that a process which ends by itself has for it."""
LONGEST: Final = 4 << 20
"""Bytes of an answer; a picture has about 20 000."""


class _Ended(Exception):
    """The process ended before it answered."""


class VegaProcess:
    """Draws one at a time. `timeouts` are in seconds: for a process's first drawing, and for others."""

    def __init__(
        self,
        *,
        timeouts: tuple[float, float] = (FIRST_TIMEOUT, TIMEOUT),
        command: tuple[str, ...] = ("-m", "bot.charts.vega.worker"),
    ) -> None:
        self._timeouts = timeouts
        self._command = command
        self._one_at_a_time = asyncio.Lock()
        self._worker: Process | None = None
        self._fresh = True

    async def draw(self, job: Job) -> bytes:
        """The picture as SVG. Raises DrawingFailed. A process that has ended in between is replaced, once."""
        line = JOB.dump_json(job) + b"\n"
        async with self._one_at_a_time:
            try:
                answer = await self._answer(line)
            except _Ended:
                try:
                    answer = await self._answer(line)
                except _Ended as error:
                    raise DrawingFailed("the process ended before it answered") from error
        try:
            drawn = DRAWN.validate_json(answer)
        except ValidationError as error:
            raise DrawingFailed("the process's answer is damaged") from error
        if drawn.error or not drawn.svg.startswith("<svg"):
            raise DrawingFailed(drawn.error or "what was drawn is no picture")
        return drawn.svg.encode()

    async def close(self) -> None:
        """End the process; a later drawing starts another."""
        async with self._one_at_a_time:
            await self._end()

    async def _answer(self, line: bytes) -> bytes:
        if self._worker is None or self._worker.returncode is not None:
            self._worker = await self._start()
            self._fresh = True
        reader, writer = self._worker.stdout, self._worker.stdin
        assert reader is not None  # noqa: S101 - both are pipes
        assert writer is not None  # noqa: S101
        seconds = self._timeouts[0 if self._fresh else 1]
        answered = False
        try:
            async with asyncio.timeout(seconds):
                writer.write(line)
                await writer.drain()
                answer = await reader.readline()
            answered = answer.endswith(b"\n")
        except TimeoutError as error:
            raise DrawingFailed(f"more than {seconds:g} s") from error
        except (OSError, ValueError) as error:  # a broken pipe, or an answer without an end
            raise _Ended from error
        finally:
            if not answered:
                # Whatever it still writes would be taken for the answer to the next job.
                await self._end()
        if not answered:
            raise _Ended
        self._fresh = False
        return answer

    async def _start(self) -> Process:
        try:
            return await asyncio.create_subprocess_exec(
                sys.executable,
                *self._command,
                stdin=PIPE,
                stdout=PIPE,
                stderr=DEVNULL,
                limit=LONGEST,
                env={"PYTHONPATH": os.pathsep.join(filter(None, sys.path)), "LANG": "C.UTF-8"},
                start_new_session=True,
            )
        except OSError as error:
            raise DrawingFailed(f"no process could be started: {error}") from error

    async def _end(self) -> None:
        worker, self._worker = self._worker, None
        if worker is None:
            return
        reader = worker.stdout
        with suppress(TimeoutError):
            # A process that has closed its output is ending by itself, and needs only to be waited for.
            async with asyncio.timeout(ENDING if reader is not None and reader.at_eof() else 0):
                await worker.wait()
        if worker.returncode is None:
            with suppress(ProcessLookupError):  # it ended in between
                worker.kill()
        await worker.wait()
