"""Reminders are counted before they are sent, stop when the day or the channel does, and survive a crash."""

from __future__ import annotations

import asyncio
from collections import deque
from dataclasses import dataclass, field
from datetime import datetime, timedelta

import hypothesis.strategies as st
import pytest
from hypothesis import given, settings

from bot.maturity.errors import StoreFailed
from bot.maturity.ports import Person
from bot.maturity.round_life import COMMAND_LINE, SERVICE, By
from bot.maturity.rounds import Round
from bot.maturity.session import Source
from bot.reminders.hourly import every_hour, until_next_hour
from bot.reminders.model import Standing, Wish
from bot.reminders.planning import Why
from bot.reminders.ports import Delivery
from bot.reminders.sending import Reminding, Tally
from bot.reminders.workdays import is_workday
from tests.contract.storage.checks import a_response, a_session
from tests.fakes.reminders import Post, RemindedStore
from tests.unit.reminders.checks import SetClock, a_round, at

ALONE = Source.INDIVIDUAL
WISH = Wish("{}", "sv", "s1", 3)
PEOPLE = tuple(Person("tenant-a", name) for name in ("anna", "bo", "cecilia"))


class Crash(BaseException):
    """The process ends here."""


@dataclass
class Desk:
    """A store, a channel and a clock, with everybody paused on Wednesday the 25th of November."""

    clock: SetClock = field(default_factory=lambda: SetClock(at("2026-11-25 10:00")))
    post: Post = field(default_factory=Post)

    def __post_init__(self) -> None:
        self.store = RemindedStore(a_round(), clock=self.clock.today)
        self.reminding = Reminding(self.store, self.store.reminders, self.post, self.clock)

    async def paused(self, *people: Person) -> Desk:
        for person in people or PEOPLE:
            await self.store.reminders.remember(person, "r1", ALONE, WISH, asked=False)
        return self

    @property
    def sent(self) -> list[int]:
        return [row.sent for row in self.store.reminders.rows.values()]


async def test_everybody_who_is_due_is_reminded_once_however_often_it_runs() -> None:
    desk = await Desk().paused()
    for moment in ("2026-11-27 10:00", "2026-11-30 09:00", "2026-11-30 10:00", "2026-12-01 10:00"):
        desk.clock.now = at(moment)
        await desk.reminding.all_rounds()
    assert (len(desk.post.reminders), desk.sent) == (3, [1, 1, 1])
    for moment in ("2026-12-04 10:00", "2026-12-08 10:00", "2026-12-14 10:00"):
        desk.clock.now = at(moment)
        await desk.reminding.all_rounds()
    assert (len(desk.post.reminders), desk.sent) == (6, [2, 2, 2])


async def test_two_services_that_run_at_once_remind_nobody_twice() -> None:
    desk = await Desk().paused()
    desk.clock.now = at("2026-11-30 10:00")
    others = [Reminding(desk.store, desk.store.reminders, desk.post, desk.clock) for _ in range(3)]
    await asyncio.gather(*(each.all_rounds() for each in others))
    assert len({kept.owner for kept in desk.post.reminders}) == len(desk.post.reminders) == 3


@pytest.mark.parametrize("when", ["before it is sent", "after it was sent"])
async def test_a_crash_loses_one_reminder_at_most_and_doubles_none(when: str) -> None:
    desk = await Desk().paused()
    desk.clock.now = at("2026-11-30 10:00")

    def crash() -> None:
        if len(desk.post.reminders) == (0 if when == "before it is sent" else 1):
            raise Crash

    desk.post.before = crash
    with pytest.raises(Crash):
        await desk.reminding.all_rounds()
    desk.post.before = lambda: None
    await Reminding(desk.store, desk.store.reminders, desk.post, desk.clock).all_rounds()
    reached = [kept.owner for kept in desk.post.reminders]
    assert len(reached) == len(set(reached)) == 2
    assert desk.sent == [1, 1, 1]


async def test_what_did_not_arrive_is_tried_again_and_what_may_have_arrived_is_not() -> None:
    desk = await Desk().paused()
    desk.clock.now = at("2026-11-30 10:00")
    desk.post.script = deque([Delivery.FAILED, Delivery.UNCERTAIN])
    done = await desk.reminding.all_rounds()
    assert dict(done) == {Delivery.FAILED: 1, Delivery.UNCERTAIN: 1, Delivery.SENT: 1}
    assert sorted(desk.sent) == [0, 1, 1]
    assert dict(await desk.reminding.all_rounds()) == {Delivery.SENT: 1}
    assert desk.sent == [1, 1, 1]


async def test_whoever_has_removed_the_bot_is_not_tried_again() -> None:
    desk = await Desk().paused(PEOPLE[0])
    desk.clock.now = at("2026-11-30 10:00")
    desk.post.script = deque([Delivery.UNREACHABLE])
    await desk.reminding.all_rounds()
    [row] = desk.store.reminders.rows.values()
    assert (row.standing, row.sent, row.wish) == (Standing.UNREACHABLE, 0, None)
    assert dict(await desk.reminding.all_rounds()) == {}


async def test_a_channel_that_wants_no_more_is_left_alone_until_the_next_run() -> None:
    desk = await Desk().paused()
    await desk.store.add(a_round("r2"))
    await desk.store.reminders.remember(PEOPLE[0], "r2", ALONE, WISH, asked=False)
    desk.clock.now = at("2026-11-30 10:00")
    desk.post.script = deque([Delivery.STOPPED])
    assert dict(await desk.reminding.all_rounds()) == {Delivery.STOPPED: 1}
    assert sum(desk.sent) == 0
    assert dict(await desk.reminding.all_rounds()) == {Delivery.SENT: 4}


async def test_a_run_ends_with_the_hours() -> None:
    desk = await Desk().paused()
    desk.clock.now = at("2026-11-30 15:59")

    def later() -> None:
        desk.clock.now += timedelta(minutes=1)

    desk.post.before = later
    await desk.reminding.all_rounds()
    assert len(desk.post.reminders) == 1


async def test_whoever_sends_in_while_others_are_reminded_is_not_reminded() -> None:
    desk = await Desk().paused()
    desk.clock.now = at("2026-11-30 10:00")
    last = list(desk.store.reminders.rows)[-1]
    order = sorted(desk.store.reminders.rows, key=lambda key: desk.store.reminders.rows[key].owner)

    def submit() -> None:
        desk.store.responses[order[-1]] = a_response()

    desk.post.before = submit
    await desk.reminding.all_rounds()
    assert len(desk.post.reminders) == 2
    assert last in desk.store.reminders.rows


async def test_what_was_sent_is_written_down_also_where_the_store_fails_in_the_middle() -> None:
    desk = await Desk().paused()
    desk.clock.now = at("2026-11-30 10:00")
    written: list[tuple[str, dict[Delivery, int], str]] = []

    class Book:
        async def sent(self, held: Round, tally: Tally, by: By) -> None:
            written.append((held.label, dict(tally), by.actor))

    def breaks() -> None:
        desk.store.reminders.broken = len(desk.post.reminders) == 1
        if desk.store.reminders.broken:
            desk.post.script.append(Delivery.FAILED)

    desk.post.before = breaks
    reminding = Reminding(desk.store, desk.store.reminders, desk.post, desk.clock, record=Book())
    with pytest.raises(StoreFailed):
        await reminding.one_round(a_round(), COMMAND_LINE)
    desk.post.before = lambda: None
    desk.store.reminders.broken = False
    await reminding.all_rounds()
    assert written == [
        ("2026:r1", {Delivery.SENT: 1}, COMMAND_LINE.actor),
        ("2026:r1", {Delivery.SENT: 1}, SERVICE.actor),
    ]


async def test_the_plan_says_why_and_changes_nothing() -> None:
    desk = await Desk().paused(*PEOPLE[:2])
    await desk.store.reminders.refuse(PEOPLE[1])
    desk.clock.now = at("2026-11-30 19:00")
    lines = await desk.reminding.plan(a_round())
    assert sorted(line.why for line in lines) == [Why.HOURS, Why.REFUSED]
    assert (desk.post.reminders, desk.sent) == ([], [0, 0])


async def test_every_hour_goes_on_when_the_store_does_not() -> None:
    desk = await Desk().paused(PEOPLE[0])
    desk.clock.now = at("2026-11-30 09:30")
    desk.store.reminders.broken = True
    pauses: list[float] = []

    class Quiet:
        async def send(self) -> None:
            if len(pauses) > 1:
                raise StoreFailed("gone")

    async def sleep(seconds: float) -> None:
        pauses.append(seconds)
        desk.clock.now += timedelta(seconds=seconds)
        desk.store.reminders.broken = False
        if len(pauses) == 3:
            raise Crash

    with pytest.raises(Crash):
        await every_hour(desk.reminding, Quiet(), desk.clock, sleep)
    assert pauses == [1800.0, 3600.0, 3600.0]
    assert desk.sent == [1]


def test_the_next_run_is_at_the_full_hour() -> None:
    assert until_next_hour(at("2026-11-30 09:59:59.5")) == 1.0
    assert until_next_hour(at("2026-11-30 10:00:00")) == 3600.0


Step = tuple[tuple[int, int], str, Delivery | str]
ACTIONS = st.sampled_from([*["nothing"] * 6, "pause", "ask", "go on", "refuse", "submit", "erase"])
OUTCOMES = st.sampled_from([*Delivery, Delivery.SENT, Delivery.SENT, "crash"])
STEPS = st.tuples(st.tuples(st.integers(1, 4), st.integers(7, 17)), ACTIONS, OUTCOMES)
"""Days that pass and the hour, what the person does then, and how sending a reminder would end after that."""


@settings(max_examples=150, deadline=None)
@given(st.lists(STEPS, max_size=16))
def test_whatever_happens_nobody_is_pestered(steps: list[Step]) -> None:
    asyncio.run(_live_through(steps))


async def test_such_a_life_has_reminders_in_it() -> None:
    life = await _live_through([((2, 10), "nothing", Delivery.SENT)] * 10)
    assert len(life.reached) == 2


class Life:
    """One person's autumn; every reminder that goes out is checked against what they did before."""

    def __init__(self) -> None:
        self.desk = Desk()
        self.reached: list[datetime] = []
        self.refused = self.submitted = self.crash = False
        self.active = self.desk.clock.today()
        self.desk.post.before = self._check

    def _check(self) -> None:
        now = self.desk.clock.now
        assert is_workday(now.date())
        assert 8 <= now.hour < 16
        assert not self.refused
        assert not self.submitted
        assert (now.date() - self.active).days >= 3
        assert not self.reached or (now.date() - self.reached[-1].date()).days >= 4
        self.reached.append(now)
        assert len(self.reached) <= 2
        if self.crash:
            raise Crash

    async def run(self, outcome: Delivery | str) -> None:
        self.crash = outcome == "crash"
        self.desk.post.script = deque([outcome] if isinstance(outcome, Delivery) else [])
        before = len(self.reached)
        try:
            await self.desk.reminding.all_rounds()
        except Crash:
            assert len(self.reached) == before + 1
        if isinstance(outcome, Delivery) and outcome.surely_not:
            del self.reached[before:]

    async def do(self, action: str) -> None:
        store, anna, day = self.desk.store, PEOPLE[0], self.desk.clock.today()
        if action == "refuse":
            await store.reminders.refuse(anna)
            self.refused = True
        if not a_round().takes_answers(day):
            return
        match action:
            case "pause" | "ask" if not self.submitted:
                kept = await store.reminders.remember(anna, "r1", ALONE, WISH, asked=action == "ask")
                assert (kept is None) == (self.refused and action == "pause")
                self.refused = self.refused and action == "pause"
                self.active = day if kept is not None else self.active
            case "go on" | "submit":
                draft = await store.load(anna, "r1", ALONE)
                version = draft.version if draft else 0
                if action == "submit":
                    await store.submit(anna, a_session(), a_response(), version)
                    self.submitted = True
                else:
                    await store.save(anna, a_session(), version)
                self.active = day
            case "erase":
                await store.erase(anna, "r1", ALONE)
                self.submitted = False
                self.reached.clear()  # whoever erases everything and begins anew is somebody new


async def _live_through(steps: list[Step]) -> Life:
    life = Life()
    await life.do("pause")
    for (days, hour), action, outcome in steps:
        life.desk.clock.now = (life.desk.clock.now + timedelta(days=days)).replace(hour=hour)
        await life.do(action)
        await life.run(outcome)
    return life
