"""What is set aside for a request is charged or given back, however the request ends."""

from __future__ import annotations

import asyncio

import pytest

from knowledge.composing.calls import ModelCalls, prompt_tokens
from knowledge.composing.ports import NOBODY, Asker, BudgetsFailed, ModelRequest, Usage
from knowledge.errors import ModelFailed
from tests.fakes.chat_model import Cut, Hang, Scripted, ScriptedModel

REQUEST = ModelRequest("compose", "regler " * 30, "fråga", "answer", {"type": "object"}, max_tokens=100)


class Slow:
    """Budgets that answer when they are let; settling fails where it is told to."""

    def __init__(self, failure: BudgetsFailed | None = None) -> None:
        self.asked = asyncio.Event()
        self.let = asyncio.Event()
        self.failure = failure
        self.tokens: list[int] = []
        self.settled: list[int] = []

    async def reserve(self, asker: Asker, tokens: int) -> Slow:
        self.tokens.append(tokens)
        self.asked.set()
        await self.let.wait()
        return self

    async def settle(self, used: int) -> None:
        self.settled.append(used)
        if self.failure is not None:
            raise self.failure


async def spoken(calls: ModelCalls, seconds: float = 30.0) -> str:
    limit = asyncio.get_running_loop().time() + seconds
    async with calls.opened(REQUEST, NOBODY, limit) as stream:
        return "".join([piece async for piece in stream])


@pytest.mark.parametrize(
    ("answer", "charged"),
    [
        (ModelFailed("away", "unavailable"), 0),
        (ModelFailed("no", "filtered"), prompt_tokens(REQUEST)),
        (Cut("hej", ModelFailed("away", "unavailable")), 40),
    ],
)
async def test_r09_a_failed_request_costs_what_the_model_may_have_read(answer: Scripted, charged: int) -> None:
    budgets = Slow()
    budgets.let.set()
    with pytest.raises(ModelFailed):
        await spoken(ModelCalls(ScriptedModel(answer, usage=Usage(30, 10)), budgets))
    assert budgets.tokens == [prompt_tokens(REQUEST) + 100]
    assert budgets.settled == [charged]


async def test_r09_tokens_that_nobody_waits_for_any_more_are_given_back() -> None:
    budgets = Slow()
    model = ScriptedModel("hej")
    calls = ModelCalls(model, budgets)
    task = asyncio.create_task(spoken(calls))
    await budgets.asked.wait()
    task.cancel()
    with pytest.raises(asyncio.CancelledError):
        await task
    budgets.let.set()
    await calls.close()
    assert budgets.settled == [0]
    assert model.requests == []


async def test_an_answer_that_cannot_be_charged_is_given_all_the_same(caplog: pytest.LogCaptureFixture) -> None:
    budgets = Slow(BudgetsFailed("the database is away"))
    budgets.let.set()
    assert await spoken(ModelCalls(ScriptedModel("hej"), budgets)) == "hej"
    assert "could not be charged" in caplog.text


async def test_r12_time_that_is_up_is_a_slow_model() -> None:
    with pytest.raises(ModelFailed) as failed:
        await spoken(ModelCalls(ScriptedModel(Hang("hej")), None), 0.05)
    assert failed.value.reason == "slow"
