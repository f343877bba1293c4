"""The weekly digest goes out once, on Monday mornings, where a round is open and somebody wants it."""

from __future__ import annotations

import asyncio
from collections import deque
from datetime import date, timedelta

import pytest

from bot.maturity.rounds import Round, RoundStatus
from bot.reminders.digest import OpenRound, WeeklyDigest, is_time, week_of
from bot.reminders.model import Channel
from bot.reminders.ports import Delivery
from bot.results.model import Count, Participation, Response
from tests.fakes.check_store import MemoryCheckStore
from tests.fakes.reminders import MemoryDigests, Post
from tests.unit.reminders.checks import SetClock, a_round, at

CHANNEL = Channel("{}", "sv")
SEVEN = Participation(Response(Count(7, 7)))


async def seven(held: Round) -> Participation:
    return SEVEN


class Desk:
    """A channel that wants the digest, and rounds to tell of."""

    def __init__(self, *rounds: Round, now: str = "2026-11-30 09:00") -> None:
        self.clock = SetClock(at(now))
        self.post = Post()
        self.digests = MemoryDigests()
        self.digests.to = CHANNEL
        self.store = MemoryCheckStore(*(rounds or (a_round(),)), clock=self.clock.today)

    def digest(self) -> WeeklyDigest:
        return WeeklyDigest(self.store, self.digests, seven, self.post, self.clock)


async def test_it_is_sent_once_a_week_whatever_restarts_in_between() -> None:
    desk = Desk()
    for day in range(15):
        for hour in (0, 9, 10):
            desk.clock.now = at("2026-11-30 00:00") + timedelta(days=day, hours=hour)
            await desk.digest().send()
    assert len(desk.post.digests) == 3
    assert desk.digests.weeks == {"2026-W49", "2026-W50", "2026-W51"}


async def test_it_tells_of_open_rounds_with_the_days_that_are_left() -> None:
    closed = a_round("r2", status=RoundStatus.CLOSED)
    desk = Desk(
        a_round(),
        closed,
        a_round("r3", practice=True),
        a_round("r4", closes=None),
        a_round("r5", closes=date(2026, 11, 29)),
    )
    assert await desk.digest().send() is Delivery.SENT
    [(channel, rounds)] = desk.post.digests
    assert channel == CHANNEL
    told = {each.held.id: each.days_left for each in rounds}
    assert told == {"r1": 19, "r4": None}
    assert all(each == OpenRound(each.held, SEVEN, each.days_left) for each in rounds)


async def test_without_an_open_round_or_a_channel_there_is_none() -> None:
    desk = Desk(a_round(status=RoundStatus.PLANNED))
    assert await desk.digest().send() is None
    desk = Desk()
    desk.digests.to = None
    assert await desk.digest().send() is None
    assert desk.digests.weeks == set()


async def test_two_services_send_one() -> None:
    desk = Desk()
    await asyncio.gather(*(desk.digest().send() for _ in range(3)))
    assert len(desk.post.digests) == 1


@pytest.mark.parametrize(
    ("delivery", "sent", "kept"),
    [
        (Delivery.FAILED, 2, CHANNEL),
        (Delivery.STOPPED, 2, CHANNEL),
        (Delivery.UNCERTAIN, 1, CHANNEL),
        (Delivery.UNREACHABLE, 1, None),
    ],
)
async def test_what_surely_did_not_arrive_is_tried_again(delivery: Delivery, sent: int, kept: Channel | None) -> None:
    desk = Desk()
    desk.post.script = deque([delivery])
    for _ in range(3):
        await desk.digest().send()
    assert (len(desk.post.digests), desk.digests.to) == (sent, kept)


def test_it_is_monday_from_nine_to_five() -> None:
    moments = ["2026-11-30 08:59", "2026-11-30 09:00", "2026-11-30 16:59", "2026-11-30 17:00", "2026-12-01 09:00"]
    assert [is_time(at(moment)) for moment in moments] == [False, True, True, False, False]


def test_weeks_are_those_of_the_iso_calendar() -> None:
    assert [week_of(date(2027, 1, day)) for day in (3, 4)] == ["2026-W53", "2027-W01"]
