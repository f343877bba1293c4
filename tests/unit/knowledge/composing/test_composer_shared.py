"""Several people ask the same in the same moment: one answer, paid once, and nobody's stop or budget is another's."""

from __future__ import annotations

import asyncio
from collections.abc import Callable

import pytest

from knowledge.composing.ports import Advance, Asker, BudgetSpent, Searching, Written
from knowledge.errors import ModelFailed
from knowledge.model import Answer
from tests.fakes.chat_model import Cut, Hang, Scripted
from tests.fakes.composing import FIRST, GOOD, NEVER, SECOND, Asking, Purse, label

BEGUN = GOOD[: GOOD.index(", {") + 1]
WHOLE = f"{FIRST[0]} [1]\n\n{SECOND[0]} [1]"


class Heard(list[Advance]):
    """What somebody was told, for whoever waits for more."""

    def __init__(self) -> None:
        super().__init__()
        self._more = asyncio.Event()

    def append(self, one: Advance) -> None:
        super().append(one)
        self._more.set()

    async def until(self, enough: Callable[[Heard], bool]) -> None:
        while not enough(self):
            self._more.clear()
            await self._more.wait()


class Together:
    """People who ask the same, one after another, each with what was told."""

    def __init__(self, asking: Asking) -> None:
        self.asking = asking
        self.told: list[Heard] = []
        self.tasks: list[asyncio.Task[Answer]] = []

    def ask(self) -> asyncio.Task[Answer]:
        told = Heard()
        person = str(len(self.tasks))
        self.told.append(told)
        self.tasks.append(asyncio.create_task(self.asking.ask(person=person, told=told)))
        return self.tasks[-1]

    async def ask_while_it_is_made(self) -> None:
        """Returns when this one waits for the answer that the model has begun."""
        await self.asking.model.begun.wait()
        self.ask()
        await self.told[-1].until(lambda told: len(told) > 1)

    async def stop(self) -> None:
        for task in self.tasks:
            task.cancel()
        await asyncio.wait(self.tasks)
        assert all(task.cancelled() for task in self.tasks)

    def written(self, person: int) -> list[str]:
        return [one.text for one in self.told[person] if isinstance(one, Written)]


async def test_the_same_question_in_the_same_moment_is_answered_once_and_paid_once() -> None:
    budgets = Purse()
    asking = Asking(GOOD, budgets=budgets)
    together = Together(asking)
    answers = await asyncio.gather(together.ask(), together.ask(), together.ask())
    assert [answer.text for answer in answers] == [WHOLE] * 3
    assert asking.model.purposes == ["compose"]
    assert [asker for asker, _ in budgets.reserved] == [Asker("t", "t/0")]
    assert len(budgets.settled) == 1
    assert sorted(answer.timing.retrieve > 0 for answer in answers) == [False, False, True]


async def test_everybody_is_told_each_sentence_and_who_comes_later_how_far_it_is() -> None:
    asking = Asking(Hang(BEGUN), GOOD)
    together = Together(asking)
    together.ask()
    await together.told[0].until(lambda told: Written(f"{FIRST[0]} [1]") in told)
    await together.ask_while_it_is_made()
    assert together.told[1] == [Searching(), Written(f"{FIRST[0]} [1]")]
    await together.stop()
    assert asking.model.open == 0
    told = Together(Asking(GOOD))
    await asyncio.gather(told.ask(), told.ask())
    assert told.written(0) == told.written(1) == [f"{FIRST[0]} [1]", WHOLE]


class Gate(Purse):
    """Lets nobody to the model until it is opened."""

    def __init__(self) -> None:
        super().__init__()
        self.opened = asyncio.Event()

    async def reserve(self, asker: Asker, tokens: int) -> Purse:
        purse = await super().reserve(asker, tokens)
        await self.opened.wait()
        return purse


@pytest.mark.parametrize("stops", [0, 1], ids=["the first", "the second"])
async def test_who_stops_leaves_the_answer_to_the_others(stops: int) -> None:
    gate = Gate()
    asking = Asking(GOOD, budgets=gate)
    together = Together(asking)
    for person in (0, 1):
        together.ask()
        await together.told[person].until(lambda told: len(told) > 1)
    together.tasks[stops].cancel()
    await asyncio.wait({together.tasks[stops]})
    gate.opened.set()
    assert (await together.tasks[1 - stops]).text == WHOLE
    assert together.tasks[stops].cancelled()
    assert asking.model.purposes == ["compose"]
    assert [asker for asker, _ in gate.reserved] == [Asker("t", "t/0")]
    assert len(gate.settled) == 1


async def test_when_all_have_stopped_the_model_is_let_go_and_the_next_one_asks_it_again() -> None:
    budgets = Purse()
    asking = Asking(Hang(BEGUN), GOOD, budgets=budgets)
    together = Together(asking)
    together.ask()
    await together.ask_while_it_is_made()
    await together.stop()
    assert (asking.model.open, len(budgets.settled)) == (0, 1)
    assert (await together.ask()).text == WHOLE


@pytest.mark.parametrize(
    ("said", "note"),
    [
        (ModelFailed("no", "unavailable"), label("unavailable")),
        (ModelFailed("no", "slow"), label("slow")),
        (Cut(BEGUN), "<composed.partial.cut sv>"),
    ],
    ids=["unavailable", "slow by itself", "cut"],
)
async def test_r13_a_model_that_fails_fails_for_all_who_wait_and_is_asked_once(said: Scripted, note: str) -> None:
    asking = Asking(said, GOOD)
    together = Together(asking)
    answers = await asyncio.gather(together.ask(), together.ask(), together.ask())
    assert {answer.notes[-1] for answer in answers} == {note}
    assert asking.model.purposes == ["compose"]


class FirstIsPoor(Purse):
    """The first person has used up the month's tokens."""

    async def reserve(self, asker: Asker, tokens: int) -> Purse:
        await asyncio.sleep(0)
        if asker.person == "t/0":
            raise BudgetSpent("spent")
        return await super().reserve(asker, tokens)


async def test_r09_a_spent_budget_is_nobody_else_s() -> None:
    budgets = FirstIsPoor()
    asking = Asking(GOOD, budgets=budgets)
    together = Together(asking)
    first, second, third = await asyncio.gather(together.ask(), together.ask(), together.ask())
    assert first.notes[-1] == label("budget")
    assert [second.text, third.text] == [WHOLE] * 2
    assert asking.model.purposes == ["compose"]
    assert len(budgets.reserved) == 1
    assert together.written(0) == [first.text]
    assert first.text not in together.written(1)


async def test_r09_a_spent_budget_leaves_a_refusal_in_better_words_to_others() -> None:
    asking = Asking('{"standalone": "", "route": "check"}', budgets=FirstIsPoor(), options=NEVER)
    together = Together(asking)
    first, second = await asyncio.gather(together.ask(), together.ask())
    assert first.text == (await asking.extractive()).text
    assert second.text == "<composed.route.check sv>"
    assert asking.model.purposes == ["interpret"]


async def test_each_has_a_deadline_of_one_s_own() -> None:
    """The first one's time is up; who came later has time left, and uses it."""
    asking = Asking(Hang(), GOOD, deadline=1.2)
    together = Together(asking)
    together.ask()
    await asyncio.sleep(1.0)
    await together.ask_while_it_is_made()
    first, second = await asyncio.gather(*together.tasks)
    assert first.notes[-1] == label("slow")
    assert second.text == WHOLE


async def test_what_a_kept_answer_would_not_serve_is_not_shared() -> None:
    for asking, others in (
        (Asking(GOOD), {"language": "en"}),
        (Asking(GOOD), {"question": "Hur många personer besvarade enkäten"}),
        (Asking(GOOD, cache_minutes=0), {}),
    ):
        await asyncio.gather(asking.ask(), asking.ask(**others))  # type: ignore[arg-type]  # names of texts
        assert len(asking.model.requests) == 2


async def test_a_generation_that_comes_meanwhile_is_asked_itself() -> None:
    asking = Asking(Hang(BEGUN), GOOD)
    together = Together(asking)
    together.ask()
    await asking.model.begun.wait()
    asking.index.generation = "g-other"
    assert (await asking.ask()).generation == "g-other"
    assert not together.tasks[0].done()
    await together.stop()
