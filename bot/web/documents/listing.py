"""Which of the published documents are shown: searched, overdue ones alone, a page at a time."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date
from typing import Final
from urllib.parse import urlencode

from bot.documents.ports import Listed
from bot.web.documents.words import shown_path
from knowledge.model import Document

PAGE: Final = 50
"""Documents on a page."""


@dataclass(frozen=True, slots=True)
class Row:
    """A document as it is listed; `overdue` and `expired` are the days that have passed, empty where none has."""

    document: Document
    path: str
    passages: int
    overdue: str
    expired: str

    @property
    def needs_care(self) -> bool:
        """Whether somebody should look it over."""
        return bool(self.overdue or self.expired)


@dataclass(frozen=True, slots=True)
class Listing:
    """One page of those that fit; `count` is how many there are in all, `overdue` how many need care."""

    rows: tuple[Row, ...]
    count: int
    overdue: int
    earlier: str
    later: str


def listing(found: Sequence[Listed], today: date, *, query: str, overdue: bool, page: int) -> Listing:
    """`found` are those that may be shown."""
    every = [_row(each, today) for each in found]
    words = query.casefold().split()
    fitting = [
        each
        for each in every
        if (each.needs_care or not overdue)
        and all(word in f"{each.document.title} {each.path}".casefold() for word in words)
    ]
    begin = (page - 1) * PAGE
    return Listing(
        rows=tuple(fitting[begin : begin + PAGE]),
        count=len(every),
        overdue=sum(each.needs_care for each in every),
        earlier=_address(query, overdue, page - 1) if page > 1 else "",
        later=_address(query, overdue, page + 1) if len(fitting) > begin + PAGE else "",
    )


def _row(listed: Listed, today: date) -> Row:
    document = listed.document
    return Row(
        document,
        shown_path(document.path),
        listed.passages,
        overdue=_passed(document.review_by, today),
        expired=_passed(document.valid_until, today),
    )


def _passed(day: str | None, today: date) -> str:
    return day if day and day < today.isoformat() else ""


def _address(query: str, overdue: bool, page: int) -> str:
    return f"/documents?{urlencode({'find': query, 'overdue': int(overdue), 'page': page})}"
