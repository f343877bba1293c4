"""Makes drafts in a process of its own, which gives way to the service and ends with its work."""

from __future__ import annotations

import asyncio
import os
import sys
from asyncio.subprocess import PIPE, Process
from contextlib import suppress
from typing import Final

from pydantic import ValidationError

from bot.documents.errors import DraftFailed, DraftStale, Problem
from bot.documents.ports import Prepared, Tell
from bot.drafting.lines import GIVEN, LINE, End, Given, settings_for
from bot.drafting.order import Order
from bot.settings import PREFIX, Settings

PATIENCE: Final = 6 * 3600.0
"""Seconds that a draft may take: an order has at most some thousand files, each of which has minutes."""
FAREWELL: Final = 4.0
"""Seconds that the process has to end by itself when it is not wanted any more."""
LONGEST: Final = 256_000_000
"""Bytes of a line: the last one tells of every file."""
_WORKER: Final = ("-m", "bot.drafting.worker")


class ProcessMaking:
    """Implements `bot.drafting.order.Making`, under these settings."""

    def __init__(self, settings: Settings, *, patience: float = PATIENCE) -> None:
        self._settings = settings_for(settings)
        self._patience = patience

    async def __call__(self, order: Order, tell: Tell) -> Prepared:
        """See `Making`. Where the caller is cancelled the process ends, and no draft is left that nobody knows of."""
        process = await self._start()
        try:
            async with asyncio.timeout(self._patience):
                end = await self._heard(process, order, tell)
        except TimeoutError as error:
            raise DraftFailed(Problem.BROKEN, f"no draft within {self._patience:g} s") from error
        finally:
            await _end(process)
        if end.prepared is not None:
            return end.prepared
        if end.stale:
            raise DraftStale(end.detail)
        raise DraftFailed(end.problem or Problem.BROKEN, end.detail)

    async def _start(self) -> Process:
        environment = {
            # Not read here: libraries have variables of their own. Ours come with the order.
            **{name: value for name, value in os.environ.items() if not name.startswith(PREFIX)},  # noqa: TID251
            "PYTHONPATH": os.pathsep.join(filter(None, sys.path)),
            # One processor for it, whatever libraries of numbers would like; the service needs the others.
            "OMP_NUM_THREADS": "1",
            "OPENBLAS_NUM_THREADS": "1",
        }
        try:
            return await asyncio.create_subprocess_exec(
                sys.executable,
                *_WORKER,
                stdin=PIPE,
                stdout=PIPE,
                stderr=None,
                env=environment,
                start_new_session=True,
                limit=LONGEST,
            )
        except OSError as error:
            raise DraftFailed(Problem.BROKEN, f"no process could be started: {error}") from error

    async def _heard(self, process: Process, order: Order, tell: Tell) -> End:
        assert process.stdin is not None  # noqa: S101 - for mypy: started with a pipe
        assert process.stdout is not None  # noqa: S101 - for mypy: started with a pipe
        # Its input stays open: where it closes, the service is gone, and nobody waits for the draft any more.
        with suppress(ConnectionError):  # then there is no answer either
            process.stdin.write(GIVEN.dump_json(Given(order, self._settings), by_alias=True) + b"\n")
            await process.stdin.drain()
        while line := await process.stdout.readline():
            try:
                said = await asyncio.to_thread(LINE.validate_json, line)
            except ValidationError as error:
                raise DraftFailed(Problem.BROKEN, "the process's answer is damaged") from error
            if isinstance(said, End):
                return said
            tell(said.phase, said.done, said.total, said.path)
        raise DraftFailed(Problem.BROKEN, f"the process ended with {await process.wait()} and no answer")


async def _end(process: Process) -> None:
    if process.stdin is not None:
        process.stdin.close()
    try:
        async with asyncio.timeout(FAREWELL):
            await process.wait()
    except TimeoutError:
        with suppress(ProcessLookupError):  # it ended by itself in between
            process.kill()
        await process.wait()
