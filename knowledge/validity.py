"""Whether documents are in force, what is said of that beside an answer, and which somebody is to look over."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from datetime import date, datetime
from zoneinfo import ZoneInfo

from knowledge.language import Language
from knowledge.model import Document, DocumentKind
from knowledge.ports import Phrases

PLACE = "Europe/Stockholm"


def swedish_day() -> date:
    """Today where the documents are in force, wherever the program runs. Reads a file when it is first asked."""
    return datetime.now(ZoneInfo(PLACE)).date()


def has_expired(document: Document, day: date) -> bool:
    """Whether its last day is over."""
    return document.valid_until is not None and date.fromisoformat(document.valid_until) < day


def is_not_yet(document: Document, day: date) -> bool:
    """Whether its first day is still to come."""
    return document.valid_from is not None and date.fromisoformat(document.valid_from) > day


def is_overdue(document: Document, day: date) -> bool:
    """Whether it should have been looked over by now, or is not in force any more."""
    due = document.review_by is not None and date.fromisoformat(document.review_by) < day
    return due or has_expired(document, day)


def overdue(documents: Iterable[Document], day: date) -> list[Document]:
    """Those that are overdue, the longest first."""
    return sorted((each for each in documents if is_overdue(each, day)), key=_since)


def reservations(documents: Iterable[Document], day: date, phrases: Phrases, language: Language) -> Iterator[str]:
    """What is said of their time beside an answer from documents: whether they are in force, on which day an act or
    initiative stood as told, and of an act also that telling it is no legal advice.

    What is not in force answers all the same: people ask about what was and what will be.
    """
    for document in documents:
        if has_expired(document, day):
            yield phrases.say("validity.expired", language, title=document.title, date=document.valid_until)
        elif is_not_yet(document, day):
            yield phrases.say("validity.not_yet", language, title=document.title, date=document.valid_from)
        if document.kind in (DocumentKind.REGULATION, DocumentKind.INITIATIVE) and document.as_of:
            yield phrases.say("answer.note.as_of", language, date=document.as_of)
        if document.kind is DocumentKind.REGULATION:
            yield phrases.say("answer.note.guidance", language)


def _since(document: Document) -> tuple[str, str]:
    return min(filter(None, (document.review_by, document.valid_until))), document.path
