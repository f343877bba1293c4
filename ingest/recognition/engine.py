"""Tesseract, which reads text from pictures: whether it is installed with Swedish, and one page read with it."""

from __future__ import annotations

import asyncio
import math
import os
import shutil
import signal
import sys
from asyncio.subprocess import DEVNULL, PIPE, Process
from contextlib import suppress
from dataclasses import dataclass
from pathlib import Path
from types import MappingProxyType

from ingest.errors import PageNotRead
from ingest.recognition.cell import REFUSED
from ingest.recognition.limits import RecognitionLimits, Remark

PROGRAM = "tesseract"
SWEDISH = "swe"
"""Alone: with English beside it, Tesseract takes `År` for `Ar` in tables and in headings of few words."""
_TURNED = "osd"
"""What Tesseract calls the data by which it sees that a page lies on its side or upside down."""
_ENVIRONMENT = MappingProxyType({"LC_ALL": "C.UTF-8", "OMP_THREAD_LIMIT": "1"})
"""One thread a page, since files are read side by side."""
_PATIENCE = 15.0
"""Seconds to say which languages it has."""


@dataclass(frozen=True, slots=True)
class Engine:
    """An installed Tesseract with Swedish; `turns` where it can tell how a page lies."""

    program: str
    turns: bool

    async def read(self, picture: Path, limits: RecognitionLimits) -> bytes:
        """The text of a picture as hOCR, which gives every line its place. Raises PageNotRead."""
        process = await asyncio.create_subprocess_exec(
            *(sys.executable, "-m", "ingest.recognition.cell"),
            *(str(limits.memory), str(math.ceil(limits.page_seconds)), self.program),
            *(os.fspath(picture), "stdout", "-l", SWEDISH, "--psm", "1" if self.turns else "3", "hocr"),
            stdin=DEVNULL,
            stdout=PIPE,
            stderr=DEVNULL,
            env={**_ENVIRONMENT, "PYTHONPATH": os.pathsep.join(filter(None, sys.path))},
            start_new_session=True,
        )
        try:
            async with asyncio.timeout(limits.page_seconds):
                text = await _at_most(process, limits.text)
                status = await process.wait()
        except TimeoutError as error:
            raise PageNotRead(f"more than {limits.page_seconds:g} s") from error
        finally:
            await _ended(process)
        if status == REFUSED:
            raise PageNotRead("the process could not be locked in")
        if status:
            raise PageNotRead(f"{PROGRAM} ended with status {status}")
        return text


async def find_engine() -> Engine | Remark:
    """Tesseract as it is installed, or what is lacking."""
    program = await asyncio.to_thread(shutil.which, PROGRAM)
    if program is None:
        return Remark.MISSING
    process = await asyncio.create_subprocess_exec(
        *(program, "--list-langs"), stdin=DEVNULL, stdout=PIPE, stderr=DEVNULL, env=dict(_ENVIRONMENT)
    )
    try:
        async with asyncio.timeout(_PATIENCE):
            told, _ = await process.communicate()
    except TimeoutError:
        return Remark.MISSING  # what cannot even say that much reads no page
    finally:
        if process.returncode is None:
            process.kill()
            await process.wait()
    installed = told.decode("utf-8", "replace").split("\n")
    if SWEDISH not in installed:
        return Remark.NO_SWEDISH
    return Engine(program, _TURNED in installed)


async def _at_most(process: Process, limit: int) -> bytes:
    assert process.stdout is not None  # noqa: S101 - for mypy: started with a pipe
    pieces: list[bytes] = []
    size = 0
    while piece := await process.stdout.read(65_536):
        size += len(piece)
        if size > limit:
            raise PageNotRead(f"more than {limit / 1e6:.0f} MB of text")
        pieces.append(piece)
    return b"".join(pieces)


async def _ended(process: Process) -> None:
    """Nothing of it is left, however it went."""
    if process.returncode is None:
        with suppress(ProcessLookupError):  # it ended by itself in between
            os.killpg(process.pid, signal.SIGKILL)
        await process.wait()
