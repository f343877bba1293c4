"""Whose documents somebody manages, which are listed, and words for them."""

from __future__ import annotations

from dataclasses import replace
from datetime import UTC, date, datetime

import pytest

from bot.access.roles import Role
from bot.access.visitor import Visitor
from bot.documents.board import KEPT, Board
from bot.documents.jobs import Job, JobFile
from bot.documents.ports import Listed
from bot.web.documents.listing import PAGE, listing
from bot.web.documents.reach import reach_of
from bot.web.documents.words import numbers, shown_path
from knowledge.model import Document, DocumentKind, Origin
from tests.fakes.visitors import ADMINISTRATOR, CONTACT_A, FEDERATION, MUNICIPAL

NOW = datetime(2026, 11, 20, 12, tzinfo=UTC)
NAMES = {"uddevalla": "Uddevalla", "lysekil": "Lysekil"}
TODAY = date(2026, 11, 20)


def test_r07_reach_follows_from_the_role() -> None:
    everything = reach_of(ADMINISTRATOR, NAMES)
    assert everything.choices == ("", "lysekil", "uddevalla")
    assert all(everything.covers(each) for each in ("", "lysekil", "uddevalla", "gone"))
    own = reach_of(MUNICIPAL, NAMES)
    assert own.choices == ("uddevalla",)
    assert [own.covers(each) for each in ("uddevalla", "lysekil", "")] == [True, False, False]
    assert [own.shows(each) for each in ("uddevalla", "lysekil", "")] == [True, False, True]
    for nobody in (CONTACT_A, FEDERATION, Visitor("x", "", "", frozenset({Role.MUNICIPAL_ADMINISTRATOR}))):
        assert (reach_of(nobody, NAMES).choices, reach_of(nobody, NAMES).covers("")) == ((), False)


def document(number: int, *, review_by: str | None = None, valid_until: str | None = None) -> Listed:
    path, title = f"plan-{number:03}.pdf", f"Plan {number:03}"
    kept = Document(path, path, title, DocumentKind.GUIDE, Origin.INGESTED, "0")
    return Listed(replace(kept, review_by=review_by, valid_until=valid_until), number)


def test_documents_are_listed_by_page_by_words_and_by_what_is_overdue() -> None:
    found = [document(number) for number in range(PAGE + 1)]
    found[3] = document(3, review_by="2026-11-19")
    found[4] = document(4, valid_until="2026-11-20")
    first = listing(found, TODAY, query="", overdue=False, page=1)
    assert (len(first.rows), first.count, first.overdue, first.earlier) == (PAGE, PAGE + 1, 1, "")
    last = listing(found, TODAY, query="", overdue=False, page=2)
    assert ([row.passages for row in last.rows], last.later) == ([PAGE], "")
    [row] = listing(found, TODAY, query="plan 007 PDF", overdue=False, page=1).rows
    assert row.path == "plan-007.pdf"
    [row] = listing(found, TODAY, query="", overdue=True, page=1).rows
    assert (row.overdue, row.expired) == ("2026-11-19", "")


@pytest.mark.parametrize(
    ("pages", "words"), [((), ""), ((3,), "3"), ((1, 2, 3, 7), "1–3, 7"), ((9, 2, 2, 1), "1–2, 9")]
)
def test_pages_are_drawn_together(pages: tuple[int, ...], words: str) -> None:
    assert numbers(pages) == words


def test_the_folder_of_an_owner_is_not_shown() -> None:
    assert shown_path("@uddevalla/a/b.md") == "a/b.md"
    assert shown_path("a/@b.md") == "a/@b.md"


async def test_a_board_keeps_the_latest_word_on_the_latest_jobs() -> None:
    board = Board()
    jobs = [Job(str(number), NOW, "m-1", "t", "", (JobFile("f", "a.md", 1),)) for number in range(KEPT + 1)]
    for job in jobs:
        board.tell(job)
    assert board.of("0") is None
    seen = board.number
    assert not await board.newer(seen, 0.01)
    board.tell(jobs[-1], "load", 1, 2)
    assert await board.newer(seen, 0.01)
    [word] = board.since(seen)
    assert (word.job, word.phase, word.done, word.total) == (str(KEPT), "load", 1, 2)
    board.close()
    assert await board.newer(board.number, 10)
