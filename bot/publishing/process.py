"""Publishes in a process of its own, so that the service neither waits for the processor nor holds all answers."""

from __future__ import annotations

import asyncio
import os
import sys
from asyncio.subprocess import DEVNULL, PIPE, Process
from contextlib import suppress
from dataclasses import dataclass, field
from datetime import date
from typing import Final

from pydantic import TypeAdapter, ValidationError

from bot.publishing.due import Outcome
from bot.publishing.errors import CompilingFailed

TIMEOUT: Final = 600.0
"""Seconds. Tens of thousands of responses take less than a minute, on a busy machine a few."""


@dataclass(frozen=True, slots=True)
class Task:
    """What the process is to do: publish a round that is in these databases, on a `day`."""

    round: str
    day: date
    database: str = field(repr=False)
    identity_database: str = field(repr=False)
    demo: bool = False


@dataclass(frozen=True, slots=True)
class Answer:
    """How it went; `failure` says what went wrong, without anything of the content."""

    outcome: Outcome | None = None
    failure: str = ""


TASK: Final = TypeAdapter(Task)
ANSWER: Final = TypeAdapter(Answer)


class ProcessPublishing:
    """Publishes rounds of two databases, given by their URLs; `timeout` is in seconds."""

    def __init__(self, database: str, identity_database: str, *, demo: bool = False, timeout: float = TIMEOUT) -> None:
        self._database = database
        self._identity_database = identity_database
        self._demo = demo
        self._timeout = timeout

    async def __call__(self, round_id: str, day: date) -> Outcome:
        """As `bot.publishing.edition.publish_round`. Raises CompilingFailed."""
        # On standard input, as URLs may hold passwords and command lines can be seen by everybody on the machine.
        task = TASK.dump_json(Task(round_id, day, self._database, self._identity_database, self._demo))
        try:
            worker = await self._start()
        except OSError as error:
            raise CompilingFailed(f"no process could be started: {error}") from error
        try:
            async with asyncio.timeout(self._timeout):
                told, _ = await worker.communicate(task)
        except TimeoutError as error:
            raise CompilingFailed(f"more than {self._timeout:g} s") from error
        finally:
            await _end(worker)
        if worker.returncode:
            raise CompilingFailed(f"the process ended with {worker.returncode}")
        try:
            answer = ANSWER.validate_json(told)
        except ValidationError:
            raise CompilingFailed("the process's answer is damaged") from None
        if answer.outcome is None:
            raise CompilingFailed(answer.failure)
        return answer.outcome

    async def _start(self) -> Process:
        return await asyncio.create_subprocess_exec(
            sys.executable,
            *("-m", "bot.publishing.worker"),
            stdin=PIPE,
            stdout=PIPE,
            stderr=DEVNULL,
            env={
                **os.environ,  # noqa: TID251 - not read here: a database's driver has variables of its own
                "PYTHONPATH": os.pathsep.join(filter(None, sys.path)),
                # One processor for it, whatever libraries of numbers would like; the service needs the others.
                "OMP_NUM_THREADS": "1",
                "OPENBLAS_NUM_THREADS": "1",
            },
            start_new_session=True,
        )


async def _end(worker: Process) -> None:
    if worker.returncode is None:
        with suppress(ProcessLookupError):  # it ended by itself in between
            worker.kill()
    await worker.wait()
