"""What of a round is deleted when: nothing that was sent in without a decision, and not a day too early."""

from __future__ import annotations

from dataclasses import replace
from datetime import date, timedelta

import pytest

from bot.maturity.retention import DRAFTS_KEPT, Disposal, Disposed, Held, dispose, due, planned
from bot.maturity.round_life import SERVICE, By
from bot.maturity.rounds import Round, RoundStatus
from tests.fakes.check_store import MemoryCheckStore
from tests.fakes.instruments import instrument

CLOSED_ON = date(2026, 12, 1)
ARCHIVED_ON = date(2027, 1, 15)
ARCHIVED = Round(
    "r1",
    "2026:1",
    instrument(),
    RoundStatus.ARCHIVED,
    date(2026, 11, 1),
    closed_on=CLOSED_ON,
    archived_on=ARCHIVED_ON,
    diary_number="KS 1",
    retention="Dnr 2015/3",
    keep_answers=730,
)


def classes(held: Round, today: date) -> list[Held]:
    return [each.held for each in due([held], today)]


@pytest.mark.parametrize(("days", "gone"), [(729, False), (730, False), (731, True)], ids=["N-1", "N", "N+1"])
def test_d07_answers_go_after_more_days_than_the_decision_says(days: int, gone: bool) -> None:
    assert (Held.ANSWERS in classes(ARCHIVED, ARCHIVED_ON + timedelta(days=days))) is gone


@pytest.mark.parametrize(("days", "gone"), [(29, False), (30, False), (31, True)], ids=["N-1", "N", "N+1"])
def test_d07_what_a_closing_left_goes_after_thirty_days(days: int, gone: bool) -> None:
    assert DRAFTS_KEPT == 30
    assert (Held.DRAFTS in classes(ARCHIVED, CLOSED_ON + timedelta(days=days))) is gone


@pytest.mark.parametrize(
    "held",
    [
        replace(ARCHIVED, retention=""),
        replace(ARCHIVED, keep_answers=None),
        replace(ARCHIVED, status=RoundStatus.CLOSED, archived_on=None),
        replace(ARCHIVED, status=RoundStatus.OPEN, archived_on=None, closed_on=None),
    ],
    ids=["no decision", "no period", "not archived", "open"],
)
def test_d07_without_decision_and_period_nothing_that_was_sent_in_goes_ever(held: Round) -> None:
    assert Held.ANSWERS not in classes(held, date(9999, 1, 1))


def test_d07_zero_days_are_kept_to_the_end_of_the_day() -> None:
    held = replace(ARCHIVED, keep_answers=0)
    assert Held.ANSWERS not in classes(held, ARCHIVED_ON)
    assert Held.ANSWERS in classes(held, ARCHIVED_ON + timedelta(days=1))


def test_a_plan_names_the_decision_and_the_day() -> None:
    drafts, answers = planned(ARCHIVED)
    assert (drafts.due, drafts.decision) == (date(2027, 1, 1), "")
    assert (answers.due, answers.decision) == (ARCHIVED_ON + timedelta(days=731), "Dnr 2015/3")


class Recorded:
    """Implements `bot.maturity.retention.Retention`; there is something in `full`, until it is deleted."""

    def __init__(self, *full: Held) -> None:
        self.full = set(full)
        self.deleted: list[Held] = []

    async def look(self, disposal: Disposal) -> Disposed:
        return Disposed(disposal, 3 if disposal.held in self.full else 0, key=False)

    async def delete(self, disposal: Disposal, by: By = SERVICE) -> Disposed:
        found = await self.look(disposal)
        self.full.discard(disposal.held)
        self.deleted.append(disposal.held)
        return found


async def test_d07_a_dry_run_deletes_nothing_and_what_is_gone_is_not_deleted_again() -> None:
    store, there = MemoryCheckStore(ARCHIVED), Recorded(Held.ANSWERS)
    late = date(2030, 1, 1)
    for dry_run, deleted in ((True, []), (False, [Held.ANSWERS])):
        [told] = await dispose(store, there, late, dry_run=dry_run)
        assert (told.disposal.held, told.count, there.deleted) == (Held.ANSWERS, 3, deleted)
    assert await dispose(store, there, late) == ()
    assert there.deleted == [Held.ANSWERS]
