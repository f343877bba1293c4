"""One answer for everybody who asks the same at once: whatever happens in whatever order, one is made at a time."""

from __future__ import annotations

import asyncio
from dataclasses import dataclass, field
from itertools import permutations

import pytest
from hypothesis import settings
from hypothesis import strategies as st
from hypothesis.stateful import RuleBasedStateMachine, initialize, invariant, precondition, rule

from knowledge.composing.cache import AnswerKey
from knowledge.composing.ports import Advance, Tell, Written
from knowledge.composing.sharing import Made, Sharing
from knowledge.model import Answer, Status

KEYS = [AnswerKey("Fråga?", "Fråga?", (), language, "g", "p", "m", frozenset()) for language in ("sv", "en")]


class Broken(Exception):
    """What is raised by a making that breaks."""


def answer(text: str) -> Answer:
    return Answer("Fråga?", Status.ANSWERED, "sv", text)


@dataclass
class Work:
    """An answer in the making: says what it is told to, and ends as it is told to."""

    key: AnswerKey
    starter: Asker
    end: asyncio.Future[Made]
    said: list[Advance] = field(default_factory=list)
    tell: Tell | None = None
    ended: bool = False

    def say(self, text: str) -> None:
        assert self.tell is not None
        self.said.append(Written(text))
        self.tell(self.said[-1])


@dataclass
class Asker:
    """Somebody who asks, with what was heard."""

    key: AnswerKey
    heard: list[Advance] = field(default_factory=list)
    task: asyncio.Task[tuple[Made, bool]] | None = None
    waits_for: Work | None = None
    stopped: bool = False


class People(RuleBasedStateMachine):
    """People who ask one of two questions, hear of it, stop, and get an answer, in any order."""

    @initialize()
    def begin(self) -> None:
        self.runner = asyncio.Runner()
        self.sharing = Sharing()
        self.askers: list[Asker] = []
        self.works: list[Work] = []

    def teardown(self) -> None:
        if hasattr(self, "runner"):
            self.runner.run(self.leave())
            self.runner.close()

    async def leave(self) -> None:
        """Everybody stops; then nothing may be left under way."""
        for asker in self.waiting():
            assert asker.task is not None
            asker.task.cancel()
        await rest()
        assert len(self.sharing) == 0
        assert all(work.ended for work in self.works)

    def waiting(self, work: Work | None = None) -> list[Asker]:
        return [one for one in self.askers if one.waits_for and (work is None or one.waits_for is work)]

    def running(self) -> list[Work]:
        return [work for work in self.works if not work.ended]

    async def asks(self, asker: Asker) -> tuple[Made, bool]:
        async def making(tell: Tell) -> Made:
            work = Work(asker.key, asker, asyncio.get_running_loop().create_future(), tell=tell)
            self.works.append(work)
            try:
                return await work.end
            finally:
                work.ended = True

        return await self.sharing.made(asker.key, making, asker.heard.append)

    async def settle(self) -> None:
        await rest()
        for asker in self.askers:
            if asker.task is not None and not asker.task.done():
                asker.waits_for = next(work for work in self.running() if work.key == asker.key)
            else:
                asker.waits_for = None

    @rule(key=st.sampled_from(KEYS), count=st.integers(1, 3))
    def ask(self, key: AnswerKey, count: int) -> None:
        async def asking() -> None:
            for _ in range(count):
                asker = Asker(key)
                asker.task = asyncio.create_task(self.asks(asker))
                self.askers.append(asker)
            before = next((work for work in self.running() if work.key == key), None)
            await self.settle()
            newest = self.askers[-1]
            if before is not None:
                assert newest.waits_for is before
                assert newest.heard == before.said[-1:], "told at once how far it is"

        self.runner.run(asking())

    @precondition(lambda self: self.running())
    @rule(data=st.data(), text=st.text(max_size=3))
    def say(self, data: st.DataObject, text: str) -> None:
        work = data.draw(st.sampled_from(self.running()))
        work.say(text)
        assert all(asker.heard[-1] == Written(text) for asker in self.waiting(work))

    @precondition(lambda self: self.waiting())
    @rule(data=st.data())
    def stop(self, data: st.DataObject) -> None:
        asker = data.draw(st.sampled_from(self.waiting()))
        work = asker.waits_for
        assert work is not None
        others = [one for one in self.waiting(work) if one is not asker]

        async def stopping() -> None:
            assert asker.task is not None
            asker.task.cancel()
            await self.settle()
            assert asker.task.cancelled()

        self.runner.run(stopping())
        assert work.ended is not bool(others), "it goes on exactly as long as somebody waits"
        assert all(one.waits_for is work for one in others)

    @precondition(lambda self: self.running())
    @rule(data=st.data(), text=st.text(max_size=3), kept=st.booleans())
    def answered(self, data: st.DataObject, text: str, kept: bool) -> None:
        work = data.draw(st.sampled_from(self.running()))
        self.ends(work, Made(answer(text), kept))

    @precondition(lambda self: self.running())
    @rule(data=st.data(), stops=st.booleans())
    def answered_for_one_alone(self, data: st.DataObject, stops: bool) -> None:
        """The first one's budget is spent; perhaps that one stops in the same moment."""
        work = data.draw(st.sampled_from(self.running()))
        waiting = self.waiting(work)
        others = [one for one in waiting if one is not work.starter]

        async def ending() -> None:
            work.end.set_result(Made(answer("own"), kept=False, own=True))
            if stops and work.starter in waiting and work.starter.task is not None:
                work.starter.task.cancel()
            await self.settle()

        begun = len(self.works)
        self.runner.run(ending())
        assert work.ended
        assert work.starter.waits_for is None
        assert len(self.works) == begun + bool(others), "one of the others takes over, and the rest wait with them"
        assert {id(one.waits_for) for one in others} == ({id(self.works[-1])} if others else set())

    @precondition(lambda self: self.running())
    @rule(data=st.data())
    def breaks(self, data: st.DataObject) -> None:
        work = data.draw(st.sampled_from(self.running()))
        self.ends(work, Broken())

    def ends(self, work: Work, outcome: Made | Broken) -> None:
        waiting = self.waiting(work)

        async def ending() -> None:
            if isinstance(outcome, Broken):
                work.end.set_exception(outcome)
            else:
                work.end.set_result(outcome)
            await self.settle()

        self.runner.run(ending())
        for asker in waiting:
            assert asker.task is not None
            if isinstance(outcome, Broken):
                assert asker.task.exception() is outcome
            else:
                assert asker.task.result() == (outcome, asker is work.starter)

    @invariant()
    def one_is_made_at_a_time(self) -> None:
        running = [work.key for work in self.running()]
        assert len(running) == len(set(running)) == len(self.sharing)
        assert all(self.waiting(work) for work in self.running())


def unheard(_: Advance) -> None:
    """Nobody listens."""


async def rest() -> None:
    """Until everything that can happen by itself has happened."""
    for _ in range(20):
        await asyncio.sleep(0)


TestPeople = People.TestCase
TestPeople.settings = settings(max_examples=25, stateful_step_count=15, deadline=None)


@pytest.mark.parametrize("order", list(permutations(["first stops", "second stops", "answered"])), ids="; ".join)
async def test_whatever_comes_first_only_who_stopped_gets_no_answer(order: tuple[str, ...]) -> None:
    sharing = Sharing()
    end: asyncio.Future[Made] = asyncio.get_running_loop().create_future()
    made = Made(answer("Svar."), kept=True)

    async def making(_: Tell) -> Made:
        return await asyncio.shield(end)

    people = {
        name: asyncio.create_task(sharing.made(KEYS[0], making, unheard)) for name in ("first", "second", "third")
    }
    await rest()
    for happens in order:
        if happens == "answered":
            end.set_result(made)
        else:
            people[happens.split()[0]].cancel()
    # All three in the same moment of the loop: an answer that is there does not undo a stop.
    told = await asyncio.gather(*people.values(), return_exceptions=True)
    assert [isinstance(one, asyncio.CancelledError) for one in told] == [True, True, False]
    assert people["third"].result() == (made, False)
    assert len(sharing) == 0


async def test_who_asks_while_a_stopped_answer_is_ending_gets_another_one() -> None:
    """Letting go of the model takes a moment; nobody is given what is being cancelled."""
    sharing, ending, gone = Sharing(), asyncio.Event(), asyncio.Event()
    made = Made(answer("Svar."), kept=True)

    async def stopped(_: Tell) -> Made:
        try:
            await asyncio.Event().wait()
        finally:
            ending.set()
            await gone.wait()
        return made

    async def making(_: Tell) -> Made:
        return made

    first = asyncio.create_task(sharing.made(KEYS[0], stopped, unheard))
    await rest()
    first.cancel()
    await ending.wait()
    assert await sharing.made(KEYS[0], making, unheard) == (made, True)
    assert not first.done()
    gone.set()
    await asyncio.wait({first})
    assert first.cancelled()
