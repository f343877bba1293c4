"""What pages are made of: tables, pictures, links. Every word in them is said already; templates only lay them out."""

from __future__ import annotations

from dataclasses import dataclass, field
from enum import StrEnum
from typing import Final

DASH: Final = "–"
"""What stands for what is not told; screen readers get words instead."""


class Look(StrEnum):
    """How an entry looks. NUMBER is aligned with those above it; HIDDEN is not told; HEAT is coloured by its number."""

    TEXT = "text"
    NUMBER = "number"
    HIDDEN = "hidden"
    HEAT = "heat"


@dataclass(frozen=True, slots=True)
class Entry:
    """One cell of a table. `note` stands below the text, smaller; `spoken` is read out instead of a sign such as `–`.

    `heat` (0-4) is how dark a HEAT entry is. `language` is there where the text is not in the page's language.
    """

    text: str
    note: str = ""
    look: Look = Look.TEXT
    href: str = ""
    spoken: str = ""
    heat: int = 0
    tags: tuple[str, ...] = ()
    language: str = ""


def untold(spoken: str, *, note: str = "") -> Entry:
    """An entry for what is not told; `spoken` says that in words, `note` why."""
    return Entry(DASH, note, Look.HIDDEN, spoken=spoken)


@dataclass(frozen=True, slots=True)
class Row:
    """A line of a table: what it is about, and the rest."""

    head: Entry
    cells: tuple[Entry, ...]


@dataclass(frozen=True, slots=True)
class Group:
    """Rows that belong together; without a title where there is only one group."""

    rows: tuple[Row, ...]
    title: str = ""


@dataclass(frozen=True, slots=True)
class Table:
    """A table. `columns` begins with the name of the first column; `numeric` are the places of columns of numbers.

    `narrow` columns have their names set upright, for tables with very many of them.
    """

    caption: str
    columns: tuple[str, ...]
    groups: tuple[Group, ...]
    numeric: frozenset[int] = frozenset()
    note: str = ""
    narrow: bool = False

    @property
    def empty(self) -> bool:
        """Whether there is nothing in it."""
        return not any(group.rows for group in self.groups)


@dataclass(frozen=True, slots=True)
class Figure:
    """A picture of a chart: its address, what it shows in words, and its sizes (wide, narrow) in CSS pixels."""

    address: str
    alt: str
    wide: tuple[int, int]
    narrow: tuple[int, int]


@dataclass(frozen=True, slots=True)
class Link:
    """A link; `current` marks the page that one is on."""

    text: str
    href: str
    current: bool = False
    note: str = ""


@dataclass(frozen=True, slots=True)
class Choice:
    """An option of a form's field."""

    value: str
    text: str
    chosen: bool = False


@dataclass(frozen=True, slots=True)
class Select:
    """A field with options, in a form that is sent with GET."""

    name: str
    label: str
    choices: tuple[Choice, ...]


@dataclass(frozen=True, slots=True)
class FilterForm:
    """Filters of a page: fields, and those in force as links that take them away."""

    action: str
    selects: tuple[Select, ...]
    active: tuple[Link, ...] = ()
    hidden: tuple[tuple[str, str], ...] = ()
    reset: str = ""


@dataclass(frozen=True, slots=True)
class Fact:
    """A key figure: its name, its value, and what it rests on."""

    name: str
    value: str
    note: str = ""


@dataclass(frozen=True, slots=True)
class Section:
    """A part of a page: what it is about, a picture with the same in a table, and what has to be said about it."""

    id: str
    title: str
    texts: tuple[str, ...] = ()
    figure: Figure | None = None
    table: Table | None = None
    notes: tuple[str, ...] = ()
    facts: tuple[Fact, ...] = ()
    links: tuple[Link, ...] = ()
    more: tuple[Link, ...] = ()
    foreign_notes: tuple[str, ...] = field(default=())
    """Notes that exist in Swedish only, told as such on English pages."""
