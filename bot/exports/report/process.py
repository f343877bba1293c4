"""Sets reports in a process of their own, which ends afterwards."""

from __future__ import annotations

import asyncio
from typing import Final

from bot.exports.errors import ReportFailed
from bot.exports.report.blocks import PRINTABLE, Printable
from bot.processes import ProcessFailed, run_once

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
            ended = await run_once(self._command, document, seconds=self._timeout, environment={"LANG": "C.UTF-8"})
        except ProcessFailed as error:
            raise ReportFailed(str(error)) from error
        if ended.code or not ended.answer.startswith(b"%PDF-"):
            last = ended.said.decode("utf-8", "replace").strip().rpartition("\n")[2]
            raise ReportFailed(f"the process ended with {ended.code}: {last[:300]}")
        return ended.answer
