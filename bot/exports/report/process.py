"""Sets reports in a process of their own, which ends afterwards."""

from __future__ import annotations

import asyncio
import os
import sys
from asyncio.subprocess import PIPE, Process
from contextlib import suppress
from typing import Final

from bot.exports.errors import ReportFailed
from bot.exports.report.blocks import PRINTABLE, Printable

TIMEOUT: Final = 60.0
"""Seconds; a report takes about one."""


class ReportProcess:
    """Sets one report at a time: two of them would not be ready sooner, and take twice the memory."""

    def __init__(
        self, *, timeout: float = TIMEOUT, command: tuple[str, ...] = ("-m", "bot.exports.report.worker")
    ) -> None:
        self._timeout = timeout
        self._command = command
        self._one_at_a_time = asyncio.Lock()

    async def set(self, report: Printable) -> bytes:
        """The PDF. Raises ReportFailed."""
        document = await asyncio.to_thread(PRINTABLE.dump_json, report)
        async with self._one_at_a_time:
            return await self._set(document)

    async def _set(self, document: bytes) -> bytes:
        try:
            worker = await self._start()
        except OSError as error:
            raise ReportFailed(f"no process could be started: {error}") from error
        try:
            async with asyncio.timeout(self._timeout):
                pdf, said = await worker.communicate(document)
        except TimeoutError as error:
            raise ReportFailed(f"more than {self._timeout:g} s") from error
        finally:
            await _end(worker)
        if worker.returncode or not pdf.startswith(b"%PDF-"):
            last = said.decode("utf-8", "replace").strip().rpartition("\n")[2]
            raise ReportFailed(f"the process ended with {worker.returncode}: {last[:300]}")
        return pdf

    async def _start(self) -> Process:
        return await asyncio.create_subprocess_exec(
            sys.executable,
            *self._command,
            stdin=PIPE,
            stdout=PIPE,
            stderr=PIPE,
            env={"PYTHONPATH": os.pathsep.join(filter(None, sys.path)), "LANG": "C.UTF-8"},
            start_new_session=True,
        )


async def _end(worker: Process) -> None:
    if worker.returncode is None:
        with suppress(ProcessLookupError):  # it ended by itself in between
            worker.kill()
    await worker.wait()
