"""What goes to the process that draws, and what comes back: a line of JSON each."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

from pydantic import TypeAdapter


@dataclass(frozen=True, slots=True)
class Job:
    """A Vega-Lite specification, and how numbers along its axes are written (a locale of d3-format)."""

    spec: dict[str, Any]
    numbers: dict[str, Any]


@dataclass(frozen=True, slots=True)
class Drawn:
    """The picture as SVG, or what was wrong with the specification."""

    svg: str = ""
    error: str = ""


JOB = TypeAdapter(Job)
DRAWN = TypeAdapter(Drawn)
