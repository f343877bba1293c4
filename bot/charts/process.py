"""Draws in a process of its own, which ends afterwards: the service neither loads matplotlib nor waits for it."""

from __future__ import annotations

import os
from collections.abc import Mapping
from pathlib import Path

from pydantic import ConfigDict, TypeAdapter, ValidationError

from bot.charts.chart import Chart
from bot.charts.errors import DrawingFailed
from bot.charts.palette import Theme
from bot.charts.reliability import ReliabilityChart
from bot.processes import ProcessFailed, run_once

TIMEOUT = 60.0
"""Seconds. A drawing takes one to two; the first on a machine also looks through its fonts."""

CHART: TypeAdapter[Chart | ReliabilityChart] = TypeAdapter(Chart | ReliabilityChart)
PICTURES = TypeAdapter(dict[Theme, bytes], config=ConfigDict(ser_json_bytes="base64", val_json_bytes="base64"))

_WORKER = ("-m", "bot.charts.worker")


class ProcessDrawing:
    """Draws charts one by one. `scratch` is where matplotlib keeps its list of fonts; `timeout` is in seconds."""

    def __init__(self, scratch: Path, *, timeout: float = TIMEOUT) -> None:
        self._scratch = scratch
        self._timeout = timeout

    async def __call__(self, chart: Chart | ReliabilityChart) -> Mapping[Theme, bytes]:
        """A PNG for every theme. Raises DrawingFailed."""
        environment = {
            "LANG": "C.UTF-8",
            "MPLCONFIGDIR": os.fspath(self._scratch.absolute()),
            "OMP_NUM_THREADS": "1",
        }
        given = CHART.dump_json(chart)
        try:
            ended = await run_once(_WORKER, given, seconds=self._timeout, environment=environment)
        except ProcessFailed as error:
            raise DrawingFailed(str(error)) from error
        if ended.code:
            raise DrawingFailed(f"the process ended with {ended.code}")
        try:
            pictures = PICTURES.validate_json(ended.answer)
        except ValidationError as error:
            raise DrawingFailed("the process's answer is damaged") from error
        if pictures.keys() != set(Theme):
            raise DrawingFailed("the process's answer lacks a theme")
        return pictures
