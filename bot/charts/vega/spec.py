"""A chart and a look -> a Vega-Lite specification, its name among all pictures, and its size."""

from __future__ import annotations

import hashlib
import json
from collections.abc import Mapping
from typing import Any, Final

from bot.charts.vega.bars import bars_spec
from bot.charts.vega.contents import BarsChart, DotsChart, Look, ResponseChart, UnitsChart, VegaChart
from bot.charts.vega.dots import dots_spec
from bot.charts.vega.response import response_spec
from bot.charts.vega.sheet import Spec
from bot.charts.vega.units import units_spec

LOCALES: Final[Mapping[str, Mapping[str, Any]]] = {
    "sv": {
        "decimal": ",",
        "thousands": "\N{NARROW NO-BREAK SPACE}",
        "grouping": [3],
        "currency": ["", "\N{NO-BREAK SPACE}kr"],
        "percent": "\N{NO-BREAK SPACE}%",
        "minus": "\N{MINUS SIGN}",
    },
    "en": {"decimal": ".", "thousands": ",", "grouping": [3], "currency": ["SEK ", ""], "minus": "\N{MINUS SIGN}"},
}
"""How Vega writes numbers along an axis."""


def spec_of(chart: VegaChart, look: Look) -> Spec:
    """The specification; the same chart and look give the same, always."""
    match chart:
        case BarsChart():
            return bars_spec(chart, look)
        case DotsChart():
            return dots_spec(chart, look)
        case ResponseChart():
            return response_spec(chart, look)
        case UnitsChart():
            return units_spec(chart, look)


def key_of(spec: Spec, language: str) -> str:
    """Names a picture: another content, theme, width or language has another key."""
    told = json.dumps([spec, language], ensure_ascii=False, sort_keys=True)
    return hashlib.sha256(told.encode()).hexdigest()[:32]


def size_of(spec: Spec) -> tuple[int, int]:
    """Width and height of the picture, in CSS pixels."""
    padding = spec["padding"]
    width = spec["width"] + padding["left"] + padding["right"]
    height = spec["height"] + padding["top"] + padding["bottom"]
    return round(width), round(height)
