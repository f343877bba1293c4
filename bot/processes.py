"""A process of our own Python that is given something, answers, and ends."""

from __future__ import annotations

import asyncio
import os
import sys
from asyncio.subprocess import PIPE
from collections.abc import Mapping
from contextlib import suppress
from dataclasses import dataclass


class ProcessFailed(Exception):
    """The process could not be started, or did not end in time; the message says which."""


@dataclass(frozen=True, slots=True)
class Ended:
    """How a process ended: its exit code, its answer, and what it wrote to standard error."""

    code: int
    answer: bytes
    said: bytes


async def run_once(command: tuple[str, ...], given: bytes, *, seconds: float, environment: Mapping[str, str]) -> Ended:
    """Start `python COMMAND`, give it something on standard input, and wait for its end, so many seconds at most.

    It sees the `environment` and where our modules are, nothing else. No process is left behind. Raises ProcessFailed.
    """
    try:
        process = await asyncio.create_subprocess_exec(
            sys.executable,
            *command,
            stdin=PIPE,
            stdout=PIPE,
            stderr=PIPE,
            env={**environment, "PYTHONPATH": os.pathsep.join(filter(None, sys.path))},
            start_new_session=True,
        )
    except OSError as error:
        raise ProcessFailed(f"no process could be started: {error}") from error
    try:
        async with asyncio.timeout(seconds):
            answer, said = await process.communicate(given)
    except TimeoutError as error:
        raise ProcessFailed(f"more than {seconds:g} s") from error
    finally:
        if process.returncode is None:
            with suppress(ProcessLookupError):  # it ended by itself in between
                process.kill()
        await process.wait()
    return Ended(process.returncode or 0, answer, said)
