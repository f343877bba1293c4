"""The process in which a round is published: `python -m bot.publishing.worker`.

One task comes as JSON on standard input; how it went goes, as JSON, to the original standard output.
"""

from __future__ import annotations

import asyncio
import os
import sys
from typing import Final

from bot.maturity.errors import MaturityError
from bot.publishing.due import Outcome
from bot.publishing.edition import publish_round
from bot.publishing.process import ANSWER, TASK, Answer, Task
from bot.results.errors import ResultsError
from bot.storage.database import open_database

NICENESS: Final = 10
"""By how much it gives way to the service and whatever else the machine does."""


def main() -> int:
    """Publish one round."""
    answer = os.dup(1)
    os.dup2(2, 1)  # whatever a library prints must not get into the answer
    os.nice(NICENESS)
    task = TASK.validate_json(sys.stdin.buffer.read())
    told = asyncio.run(_answered(task))
    with os.fdopen(answer, "wb") as out:
        out.write(ANSWER.dump_json(told))
    return 0


async def _answered(task: Task) -> Answer:
    try:
        return Answer(await _published(task))
    except (MaturityError, ResultsError) as error:
        # Their kind alone: a message may name what is in a database.
        return Answer(failure=type(error).__name__)


async def _published(task: Task) -> Outcome:
    database = await open_database(task.database, task.identity_database, demo=task.demo, beside=True)
    try:
        return await publish_round(database, task.round, day=task.day)
    finally:
        await database.close()


if __name__ == "__main__":
    sys.exit(main())
