"""Processes that are forked from a server which has the imports behind it.

Each is a process of its own, with its own memory, environment and streams, and can be killed at any moment; but it
starts in hundredths of a second instead of one or two whole ones.
"""

from __future__ import annotations

import multiprocessing
from multiprocessing.context import ForkServerContext

PRELOADED = ["pytest", "asyncpg", "sqlalchemy.dialects.sqlite", "tests.contract.storage.warmed", "tests.program_warmed"]
"""What the server imports; there is one for each process that tests run in."""


def context() -> ForkServerContext:
    """What such processes, and the pipes to them, are made with."""
    made = multiprocessing.get_context("forkserver")
    made.set_forkserver_preload(PRELOADED)
    return made
