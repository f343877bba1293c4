"""Publishes in a process of its own, so that the service neither waits for the processor nor holds all answers."""

from __future__ import annotations

import os
from dataclasses import dataclass, field
from datetime import date
from typing import Final

from pydantic import TypeAdapter, ValidationError

from bot.processes import ProcessFailed, run_once
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
_WORKER: Final = ("-m", "bot.publishing.worker")


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
        environment = {
            **os.environ,  # noqa: TID251 - not read here: a database's driver has variables of its own
            # One processor for it, whatever libraries of numbers would like; the service needs the others.
            "OMP_NUM_THREADS": "1",
            "OPENBLAS_NUM_THREADS": "1",
        }
        try:
            ended = await run_once(_WORKER, task, seconds=self._timeout, environment=environment)
        except ProcessFailed as error:
            raise CompilingFailed(str(error)) from error
        if ended.code:
            raise CompilingFailed(f"the process ended with {ended.code}")
        try:
            answer = ANSWER.validate_json(ended.answer)
        except ValidationError:
            raise CompilingFailed("the process's answer is damaged") from None
        if answer.outcome is None:
            raise CompilingFailed(answer.failure)
        return answer.outcome
