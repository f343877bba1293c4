"""Draws in a process of its own, which ends afterwards: the service neither loads matplotlib nor waits for it."""

from __future__ import annotations

import asyncio
import os
import sys
from asyncio.subprocess import DEVNULL, PIPE, Process
from collections.abc import Mapping
from contextlib import suppress
from pathlib import Path

from pydantic import ConfigDict, TypeAdapter, ValidationError

from bot.charts.chart import Chart
from bot.charts.errors import DrawingFailed
from bot.charts.palette import Theme
from bot.charts.reliability import ReliabilityChart

TIMEOUT = 60.0
"""Seconds. A drawing takes one to two; the first on a machine also looks through its fonts."""

CHART: TypeAdapter[Chart | ReliabilityChart] = TypeAdapter(Chart | ReliabilityChart)
PICTURES = TypeAdapter(dict[Theme, bytes], config=ConfigDict(ser_json_bytes="base64", val_json_bytes="base64"))


class ProcessDrawing:
    """Draws charts one by one. `scratch` is where matplotlib keeps its list of fonts; `timeout` is in seconds."""

    def __init__(self, scratch: Path, *, timeout: float = TIMEOUT) -> None:
        self._scratch = scratch
        self._timeout = timeout

    async def __call__(self, chart: Chart | ReliabilityChart) -> Mapping[Theme, bytes]:
        """A PNG for every theme. Raises DrawingFailed."""
        try:
            worker = await self._start()
        except OSError as error:
            raise DrawingFailed(f"no process could be started: {error}") from error
        try:
            async with asyncio.timeout(self._timeout):
                answer, _ = await worker.communicate(CHART.dump_json(chart))
        except TimeoutError as error:
            raise DrawingFailed(f"more than {self._timeout:g} s") from error
        finally:
            await _end(worker)
        if worker.returncode:
            raise DrawingFailed(f"the process ended with {worker.returncode}")
        try:
            pictures = PICTURES.validate_json(answer)
        except ValidationError as error:
            raise DrawingFailed("the process's answer is damaged") from error
        if pictures.keys() != set(Theme):
            raise DrawingFailed("the process's answer lacks a theme")
        return pictures

    async def _start(self) -> Process:
        return await asyncio.create_subprocess_exec(
            sys.executable,
            *("-m", "bot.charts.worker"),
            stdin=PIPE,
            stdout=PIPE,
            stderr=DEVNULL,
            env={
                "PYTHONPATH": os.pathsep.join(filter(None, sys.path)),
                "LANG": "C.UTF-8",
                "MPLCONFIGDIR": os.fspath(self._scratch.absolute()),
                "OMP_NUM_THREADS": "1",
            },
            start_new_session=True,
        )


async def _end(worker: Process) -> None:
    if worker.returncode is None:
        with suppress(ProcessLookupError):  # it ended by itself in between
            worker.kill()
    await worker.wait()
