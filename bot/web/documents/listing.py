"""Which of the published documents are shown: searched, overdue ones alone, a page at a time."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from datetime import date
from typing import Final
from urllib.parse import urlencode

from bot.documents.ports import Listed
from bot.documents.words import shown_path
from knowledge.model import Document, Origin

PAGE: Final = 50
"""Documents on a page."""


@dataclass(frozen=True, slots=True)
class Row:
    """A document as it is listed; `overdue` and `expired` are the days that have passed, empty where none has.

    `manageable` is whether the visitor may change facts about it and take it out.
    """

    document: Document
    path: str
    passages: int
    overdue: str
    expired: str
    manageable: bool

    @property
    def needs_care(self) -> bool:
        """Whether somebody should look it over."""
        return bool(self.overdue or self.expired)

    @property
    def since(self) -> str:
        """The day since which it does."""
        return min(filter(None, (self.overdue, self.expired)), default="")


@dataclass(frozen=True, slots=True)
class Listing:
    """One page of those that fit; `count` is how many there are in all.

    `due` are those of the visitor's that need care, the longest first.
    """

    rows: tuple[Row, ...]
    count: int
    due: tuple[Row, ...]
    earlier: str
    later: str


def listing(
    found: Sequence[Listed], today: date, covers: Callable[[str], bool], *, query: str, overdue: bool, page: int
) -> Listing:
    """`found` are those that may be shown; `covers` says of whose the visitor takes care."""
    every = [row_of(each, today, manageable=_manageable(each.document, covers)) for each in found]
    due = [each for each in every if each.needs_care and covers(each.document.owner)]
    words = query.casefold().split()
    fitting = [
        each
        for each in (due if overdue else every)
        if all(word in f"{each.document.title} {each.path}".casefold() for word in words)
    ]
    begin = (page - 1) * PAGE
    return Listing(
        rows=tuple(fitting[begin : begin + PAGE]),
        count=len(every),
        due=tuple(sorted(due, key=lambda each: (each.since, each.path))),
        earlier=_address(query, overdue, page - 1) if page > 1 else "",
        later=_address(query, overdue, page + 1) if len(fitting) > begin + PAGE else "",
    )


def row_of(listed: Listed, today: date, *, manageable: bool) -> Row:
    """A document as it is listed."""
    document = listed.document
    return Row(
        document,
        shown_path(document.path),
        listed.passages,
        overdue=_passed(document.review_by, today),
        expired=_passed(document.valid_until, today),
        manageable=manageable,
    )


def _manageable(document: Document, covers: Callable[[str], bool]) -> bool:
    return document.origin is Origin.INGESTED and covers(document.owner)


def _passed(day: str | None, today: date) -> str:
    return day if day and day < today.isoformat() else ""


def _address(query: str, overdue: bool, page: int) -> str:
    return f"/documents?{urlencode({'find': query, 'overdue': int(overdue), 'page': page})}"
