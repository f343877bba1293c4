"""Any order of changes, days and restarts leaves in the database what it leaves in a store that cannot fail."""

from __future__ import annotations

import asyncio
import shutil
import tempfile
from collections.abc import Awaitable, Sequence
from dataclasses import replace
from datetime import timedelta
from pathlib import Path
from typing import Any

import pytest
from hypothesis import settings
from hypothesis import strategies as st
from hypothesis.stateful import RuleBasedStateMachine, initialize, invariant, rule

from bot.maturity.errors import StoreFailed
from bot.maturity.responses import ItemAnswer
from bot.maturity.rounds import RoundStatus
from bot.maturity.session import Source
from bot.storage.database import open_database
from tests.contract.storage.checks import (
    ANNA,
    BO,
    NAMESAKE,
    OPENS,
    Calendar,
    a_response,
    a_round,
    a_session,
    read,
    with_answer,
)
from tests.fakes.check_store import MemoryCheckStore

PEOPLE = (ANNA, BO, NAMESAKE)
NAMES = ("r1", "r2")
people = st.sampled_from(PEOPLE)
names = st.sampled_from(NAMES)
sources = st.sampled_from(list(Source))
behind = st.sampled_from([0, 0, 0, 1, 2, -1])
"""By how much a change comes too late; mostly in time."""


class Store(RuleBasedStateMachine):
    """The database beside the store in memory: each does the same, and both tell the same."""

    @initialize()
    def begin(self) -> None:
        self.folder = Path(tempfile.mkdtemp())
        self.runner = asyncio.Runner()
        self.calendar = Calendar()
        self.memory = MemoryCheckStore(clock=self.calendar)
        self.count = 0
        self.start()
        self.both("add", a_round("r1"))

    def start(self) -> None:
        urls = (f"sqlite:///{self.folder / name}.sqlite3" for name in ("fyren", "identity"))
        self.database = self.runner.run(open_database(*urls, today=self.calendar, read=read))

    def both(self, method: str, *arguments: Any, **named: Any) -> None:
        told = [self.told(getattr(store, method)(*arguments, **named)) for store in (self.database.check, self.memory)]
        assert told[0] == told[1]

    def told(self, call: Awaitable[Any]) -> Any:
        async def awaited() -> Any:
            return await call

        try:
            return self.runner.run(awaited())
        except StoreFailed as error:
            return type(error), getattr(error, "reason", "")

    @rule(name=names, status=st.sampled_from([RoundStatus.PLANNED, RoundStatus.OPEN]))
    def add(self, name: str, status: RoundStatus) -> None:
        self.both("add", a_round(name, status=status))

    @rule(name=names, method=st.sampled_from(["open", "open", "close"]))
    def open_or_close(self, name: str, method: str) -> None:
        self.both(method, name)

    @rule(name=names, days=st.integers(-1, 3))
    def reopen(self, name: str, days: int) -> None:
        self.both("reopen", name, closes=self.calendar.day + timedelta(days=days), reason="x")

    @rule(name=names, number=st.sampled_from(["KS 1", ""]), keep=st.sampled_from([None, 0, 30]))
    def archive(self, name: str, number: str, keep: int | None) -> None:
        self.both("archive", name, diary_number=number, retention="Dnr 2", keep_answers=keep)

    @rule(name=names, days=st.integers(-1, 60), threshold=st.sampled_from([5, 5, 6]), people=st.integers(-1, 3))
    def change(self, name: str, days: int, threshold: int, people: int) -> None:
        held = self.memory.held.get(name) or a_round(name)
        closes, invited = OPENS + timedelta(days=days), {("uddevalla", "it"): people} if people else {}
        self.both("change", replace(held, closes=closes, threshold=threshold, invited=invited))

    @rule(name=names, number=st.integers(1, 3))
    def correct(self, name: str, number: int) -> None:
        self.both("correct", a_round(name, text=f"koll {number}"))

    @rule(person=people, name=names, source=sources, late=behind)
    def save(self, person: Any, name: str, source: Source, late: int) -> None:
        self.count += 1
        session = with_answer(a_session(round=name, source=source), f"i{self.count % 7}", str(self.count))
        self.both("save", person, session, self.version(person, name, source) - late)

    @rule(
        person=people,
        name=names,
        source=sources,
        late=behind,
        places=st.lists(st.sampled_from(["orust", "sotenas", "tjorn"]), unique=True),
    )
    def submit(self, person: Any, name: str, source: Source, late: int, places: list[str]) -> None:
        self.count += 1
        code = (str(self.count),)
        session = with_answer(a_session(round=name, source=source), "i", code[0])
        answers = (ItemAnswer("i", code), ItemAnswer("hemlig", code, security=True))
        response = a_response(answers, round=name, source=source, municipalities=tuple(places))
        self.both("submit", person, session, response, self.version(person, name, source) - late)

    @rule(person=people, name=names, source=sources)
    def erase(self, person: Any, name: str, source: Source) -> None:
        self.both("erase", person, name, source)

    @rule(day=st.sampled_from([-1, 0, 1, 1, 1, 44, 45]))
    def another_day(self, day: int) -> None:
        self.calendar.day = OPENS + timedelta(days=day)

    @rule()
    def restart(self) -> None:
        self.runner.run(self.database.close())
        self.start()

    def version(self, person: Any, name: str, source: Source) -> int:
        draft = self.memory.drafts.get((name, person, source))
        return draft.version if draft else 0

    @invariant()
    def both_hold_the_same(self) -> None:
        if not hasattr(self, "database"):
            return
        store = self.database.check
        assert self.runner.run(store.rounds()) == tuple(self.runner.run(self.memory.rounds()))
        for person in PEOPLE:
            mine = [self.runner.run(each.mine(person)) for each in (store, self.memory)]
            assert in_order(mine[0]) == in_order(mine[1])
        for name in NAMES:
            responses = [self.runner.run(each.of_round(name)) for each in (store, self.memory)]
            assert in_order(responses[0]) == in_order(responses[1])

    def both_have_told_the_same(self) -> None:
        """The log, and what is counted; once in the end, as it takes its time."""
        log = [entry.event for entry in self.runner.run(self.database.audit.entries(limit=1000))][::-1]
        assert [(each.action, each.subject, each.details) for each in log] == [
            (each.action, each.subject, each.details) for each in self.memory.log
        ]
        for name in NAMES:
            counted = [self.runner.run(each.participation(name)) for each in (self.database.check, self.memory)]
            assert counted[0] == counted[1]

    def teardown(self) -> None:
        if hasattr(self, "database"):
            self.both_have_told_the_same()
            self.runner.run(self.database.close())
            self.runner.close()
            shutil.rmtree(self.folder)


def in_order(kept: Sequence[Any]) -> list[Any]:
    return sorted(kept, key=repr)


TestStore = pytest.mark.slow(Store.TestCase)
TestStore.settings = settings(max_examples=8, stateful_step_count=30, deadline=None)
