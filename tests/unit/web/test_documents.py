"""Whose documents somebody manages, which are listed, and words for them."""

from __future__ import annotations

from dataclasses import replace
from datetime import UTC, date, datetime

import pytest

from bot.access.roles import Role
from bot.access.visitor import Visitor
from bot.documents.board import KEPT, Board
from bot.documents.facts import Facts
from bot.documents.jobs import Job, JobFile
from bot.documents.ports import Listed
from bot.web.documents.facts_form import DAYS, RESPONSIBLE_LIMIT, mark, read
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


def own(owner: str) -> bool:
    return True


def test_documents_are_listed_by_page_by_words_and_by_what_is_overdue() -> None:
    found = [document(number) for number in range(PAGE + 1)]
    found[3] = document(3, review_by="2026-11-19")
    found[4] = document(4, valid_until="2026-11-20")
    found[5] = document(5, review_by="2026-12-01", valid_until="2026-11-01")
    first = listing(found, TODAY, own, query="", overdue=False, page=1)
    assert (len(first.rows), first.count, first.earlier) == (PAGE, PAGE + 1, "")
    assert [row.path for row in first.due] == ["plan-005.pdf", "plan-003.pdf"], "the longest first"
    last = listing(found, TODAY, own, query="", overdue=False, page=2)
    assert ([row.passages for row in last.rows], last.later) == ([PAGE], "")
    [row] = listing(found, TODAY, own, query="plan 007 PDF", overdue=False, page=1).rows
    assert row.path == "plan-007.pdf"
    rows = listing(found, TODAY, own, query="", overdue=True, page=1).rows
    assert [(row.overdue, row.expired) for row in rows] == [("2026-11-19", ""), ("", "2026-11-01")]


def test_r07_only_what_is_the_visitors_is_theirs_to_look_over_and_to_change() -> None:
    mine, everybodys, builtin = (document(number, review_by="2026-11-19") for number in range(3))
    mine = replace(mine, document=replace(mine.document, owner="uddevalla"))
    builtin = replace(builtin, document=replace(builtin.document, origin=Origin.LIBRARY))
    found = [mine, everybodys, builtin]
    shown = listing(found, TODAY, reach_of(MUNICIPAL, NAMES).covers, query="", overdue=False, page=1)
    assert ([row.manageable for row in shown.rows], len(shown.due)) == ([True, False, False], 1)
    shown = listing(found, TODAY, reach_of(ADMINISTRATOR, NAMES).covers, query="", overdue=False, page=1)
    assert ([row.manageable for row in shown.rows], len(shown.due)) == ([True, True, False], 3)


@pytest.mark.parametrize(
    ("sent", "wrong"),
    [
        ({}, set()),
        ({"valid_from": "2027-01-01", "valid_until": "2027-01-01", "review_by": "2026-12-31"}, set()),
        ({"valid_from": "2027-01-02", "valid_until": "2027-01-01"}, {"valid_until"}),
        ({"review_by": "20270101"}, {"review_by"}),
        ({"review_by": "2027-02-29", "valid_from": "i morgon", "valid_until": "0001-01-01"}, set(DAYS)),
        ({"responsible": "a" * (RESPONSIBLE_LIMIT + 1), "owner": "nowhere"}, {"responsible", "owner"}),
    ],
)
def test_what_is_wrong_with_facts_is_said_at_its_field(sent: dict[str, str], wrong: set[str]) -> None:
    before = Facts(owner="uddevalla")
    given, found = read(sent, before, ("", "uddevalla"), lambda key, **_: key)
    assert set(found) == wrong
    if not found:
        assert given == Facts(**{"owner": "uddevalla", **sent})


def test_r07_without_a_choice_the_owner_stays_whatever_is_sent() -> None:
    given, found = read({"owner": ""}, Facts(owner="uddevalla"), (), lambda key, **_: key)
    assert (given.owner, found) == ("uddevalla", {})
    assert mark(given) != mark(Facts()) == mark(Facts())


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
