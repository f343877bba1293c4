"""Documents that are not in force, and that somebody should look over."""

from __future__ import annotations

from dataclasses import replace
from datetime import date
from typing import Any

import pytest

from knowledge.advisor import Advisor
from knowledge.model import Status
from knowledge.validity import has_expired, is_not_yet, is_overdue, overdue, swedish_day
from tests.fakes.knowledge import DOCUMENTS, PASSAGES, MemoryIndex, ShownKeys, WordList, document, judged_by_coverage

DAY = date(2026, 11, 23)
QUESTION = "När gäller cybersäkerhetslagen?"


@pytest.mark.parametrize(
    ("facts", "expired", "not_yet", "due"),
    [
        ({}, False, False, False),
        ({"valid_until": "2026-11-22"}, True, False, True),
        ({"valid_until": "2026-11-23"}, False, False, False),
        ({"valid_from": "2026-11-24"}, False, True, False),
        ({"valid_from": "2026-11-23"}, False, False, False),
        ({"review_by": "2026-11-22"}, False, False, True),
        ({"review_by": "2026-11-23"}, False, False, False),
    ],
)
def test_the_last_day_counts(facts: dict[str, Any], expired: bool, not_yet: bool, due: bool) -> None:
    one = replace(document(), **facts)
    assert (has_expired(one, DAY), is_not_yet(one, DAY), is_overdue(one, DAY)) == (expired, not_yet, due)


def test_what_is_overdue_is_listed_with_the_longest_first() -> None:
    old = replace(document("a"), review_by="2026-01-01", valid_until="2030-01-01")
    older = replace(document("b"), valid_until="2025-01-01")
    assert overdue([document("c"), old, older], DAY) == [older, old]


def test_days_are_those_of_sweden() -> None:
    assert abs((swedish_day() - date.today()).days) <= 1  # noqa: DTZ011 - the machine's day, near enough


async def notes(**facts: Any) -> tuple[str, ...]:
    files = [replace(one, **facts) if one.id == "nis2" else one for one in DOCUMENTS]
    advisor = Advisor(
        MemoryIndex(PASSAGES, files),
        None,
        WordList(),
        ShownKeys(),
        answerability=judged_by_coverage(),
        today=lambda: DAY,
    )
    answer = await advisor.ask(QUESTION)
    assert answer.status is Status.ANSWERED
    return tuple(note for note in answer.notes if "validity" in note)


async def test_an_answer_from_a_document_that_is_not_in_force_says_so() -> None:
    assert await notes(valid_until="2026-10-01", valid_from="2020-01-01") == (
        "<validity.expired sv title=NIS 2 och cybersäkerhetslagen date=2026-10-01>",
    )
    assert await notes(valid_from="2027-01-01") == (
        "<validity.not_yet sv title=NIS 2 och cybersäkerhetslagen date=2027-01-01>",
    )
    assert await notes(valid_from="2020-01-01", valid_until="2027-01-01") == ()
