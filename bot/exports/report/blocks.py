"""What a report is made of. Words are words here and in the template: nothing in them is ever taken for markup."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Final, Literal

from pydantic import TypeAdapter

from bot.charts.vega.contents import VegaChart

Cell = str
Row = tuple[Cell, ...]


@dataclass(frozen=True, slots=True)
class Heading:
    """A heading; level 1 begins a part of the report, on a new `page` or where there is room."""

    text: str
    level: int = 1
    page: bool = False
    kind: Literal["heading"] = "heading"


@dataclass(frozen=True, slots=True)
class Paragraph:
    """A paragraph; a `quiet` one explains and stands back. With `leading` it is on the page of what follows it.

    `language` is there where the text is not in the report's.
    """

    text: str
    quiet: bool = False
    leading: bool = False
    language: str = ""
    kind: Literal["paragraph"] = "paragraph"


@dataclass(frozen=True, slots=True)
class Bullets:
    """A list of sentences."""

    items: tuple[str, ...]
    kind: Literal["bullets"] = "bullets"


@dataclass(frozen=True, slots=True)
class Note:
    """Something that has to be known about the figures beside it; `language` as for a paragraph."""

    text: str
    language: str = ""
    kind: Literal["note"] = "note"


@dataclass(frozen=True, slots=True)
class Table:
    """A table with its header row. `numbers` are the columns that are set to the right, from 0; the first is wide."""

    caption: str
    head: Row
    rows: tuple[Row, ...]
    numbers: tuple[int, ...] = ()
    kind: Literal["table"] = "table"


@dataclass(frozen=True, slots=True)
class Figure:
    """A chart; `alternative` says all that it shows. Its data stand in a table beside it."""

    chart: VegaChart
    caption: str
    alternative: str


@dataclass(frozen=True, slots=True)
class Drawn:
    """A chart that has been drawn, as SVG."""

    svg: str
    caption: str
    alternative: str
    kind: Literal["figure"] = "figure"


Block = Heading | Paragraph | Bullets | Note | Table | Figure
Settable = Heading | Paragraph | Bullets | Note | Table | Drawn


@dataclass(frozen=True, slots=True)
class Report:
    """A report before its charts are drawn. `facts` stand on the title page."""

    language: str
    title: str
    subtitle: str
    author: str
    footer: str
    contents: str
    page_of: str
    facts: tuple[tuple[str, str], ...]
    statement: str
    blocks: tuple[Block, ...]


@dataclass(frozen=True, slots=True)
class Printable:
    """The same with its charts drawn; this goes to the process that sets it. `dated` is when it counts as written, in
    seconds after 1970: the same edition gives the same file."""

    language: str
    title: str
    subtitle: str
    author: str
    footer: str
    contents: str
    page_of: str
    facts: tuple[tuple[str, str], ...]
    statement: str
    dated: int
    blocks: Sequence[Settable]


PRINTABLE: Final = TypeAdapter(Printable)
