"""A process that takes a job and reads it without end, to be killed while it does."""

from __future__ import annotations

import asyncio
from datetime import timedelta
from multiprocessing.connection import Connection as Pipe

from bot.documents.jobs import Job
from bot.documents.timing import Timing
from bot.storage.database import open_database
from bot.storage.documents.job_queue import SqlJobQueue


def read_without_end(tell: Pipe, url: str, lease: float) -> None:
    """Tell the id of the job once it is taken."""

    async def read(job: Job) -> None:
        tell.send_bytes(job.id.encode())
        await asyncio.Event().wait()

    async def serve() -> None:
        database = await open_database(url, url, beside=True)
        timing = Timing(lease=timedelta(seconds=lease), pause=0.05)
        await SqlJobQueue(url, database.jobs, database.turns, timing=timing).serve(read)

    asyncio.run(serve())
