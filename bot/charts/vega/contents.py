"""What the dashboard's charts show: every word of them already said, every number ready to be drawn."""

from __future__ import annotations

from dataclasses import dataclass
from enum import StrEnum

from bot.charts.palette import Theme


class Width(StrEnum):
    """WIDE stands beside a table on a desktop. NARROW is for telephones, with labels above the bars."""

    WIDE = "wide"
    NARROW = "narrow"


@dataclass(frozen=True, slots=True)
class Look:
    """How a chart is drawn. The language decides how numbers along an axis are written."""

    theme: Theme = Theme.LIGHT
    width: Width = Width.WIDE
    language: str = "sv"


@dataclass(frozen=True, slots=True)
class Bar:
    """One bar's `value` and the same in `words`. Without a value there is a `band`, from its lowest to its highest, or
    nothing but the words. `interval` is how sure it is, drawn as a line over its end."""

    words: str
    value: float | None = None
    band: tuple[float, float] | None = None
    interval: tuple[float, float] | None = None


@dataclass(frozen=True, slots=True)
class BarRow:
    """An option with its share or number now, and what it was before (None where it did not exist)."""

    label: str
    now: Bar
    before: Bar | None = None


@dataclass(frozen=True, slots=True)
class BarsChart:
    """A distribution. `now` and `before` name the two series; an empty `before` leaves the second out.

    Values are shares (0-1), and `shares` whether the axis says so in percent. `axis` says what is measured, `sure` what
    the lines of intervals are.
    """

    description: str
    rows: tuple[BarRow, ...]
    axis: str
    now: str
    before: str = ""
    shares: bool = True
    sure: str = ""


@dataclass(frozen=True, slots=True)
class Dots:
    """Points on a line. `values` has one a series, None where it has none; `span` is the whole range behind them and
    `core` the middle of it. `words` stand at the end of the line."""

    label: str
    values: tuple[float | None, ...]
    words: str = ""
    span: tuple[float, float] | None = None
    core: tuple[float, float] | None = None


@dataclass(frozen=True, slots=True)
class DotsChart:
    """Views beside each other: of roles, of a municipality and its peers, of two rounds. At most three `series`.

    `ticks` are the values that the scale names, from its lowest to its highest. With `arrows` a line leads from the
    first series to the second. `lines` explains the ranges, and is empty where there are none.
    """

    description: str
    rows: tuple[Dots, ...]
    axis: str
    series: tuple[str, ...]
    ticks: tuple[tuple[float, str], ...]
    lines: str = ""
    arrows: bool = False


@dataclass(frozen=True, slots=True)
class Taken:
    """How many have answered, between `low` and `high`, of so many `invited` (None where that is not known)."""

    label: str
    low: int
    high: int
    invited: int | None
    words: str


@dataclass(frozen=True, slots=True)
class ResponseChart:
    """Answers of those who were invited; `answered` and `invited` name the two, `between` the range that is not told
    closer (empty where there is none)."""

    description: str
    rows: tuple[Taken, ...]
    axis: str
    answered: str
    invited: str
    between: str = ""


@dataclass(frozen=True, slots=True)
class Units:
    """So many squares of `of` filled; None where the number may not be told."""

    label: str
    count: int | None
    words: str


@dataclass(frozen=True, slots=True)
class UnitsChart:
    """Municipalities as squares, one each, without names: how many of how many stand on a level."""

    description: str
    rows: tuple[Units, ...]
    of: int
    filled: str
    empty: str


VegaChart = BarsChart | DotsChart | ResponseChart | UnitsChart
