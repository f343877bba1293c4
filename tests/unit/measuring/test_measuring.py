"""What measures parts of the service does what they do, and tells how it went."""

from __future__ import annotations

import asyncio
from collections.abc import Sequence
from dataclasses import replace
from datetime import UTC, datetime

import pytest

from bot.conversation.ask import AskFlow, Limits
from bot.conversation.ports import Place
from bot.conversation.question_pace import QuestionPace
from bot.conversation.replies import Reply
from bot.conversation.texts import Texts
from bot.conversation.turn import Joined, Message, Sender, Turn
from bot.documents.board import Board
from bot.documents.jobs import Job, JobState
from bot.measuring.jobs import JobWatch
from bot.measuring.model import MeasuredModel, watch_breaker
from bot.measuring.standing import Looks, Standing
from bot.measuring.turns import MeasuredConversation
from bot.serving import State
from bot.storage.errors import StorageError
from bot.telemetry.metrics import JOB_PHASES, LIMITED, MODEL_CALLS, QUESTIONS, RETRIEVAL, TURNS
from bot.telemetry.turn_notes import Pseudonyms, apologised
from knowledge.composing.ports import ModelRequest, Usage
from knowledge.errors import IndexUnavailable, ModelFailed
from tests.fakes.advice import FakeAdvice
from tests.fakes.chat_model import Cut, Hang, Scripted, ScriptedModel
from tests.fakes.journal import MemoryJournal
from tests.fakes.teams import RecordingConversation
from tests.fakes.telemetry import RecordingTelemetry

TURN = Turn(Message("Hej"), Sender("t", "u"), "a:1", "1")
REQUEST = ModelRequest("compose", "s", "u", "n", {})
JOB = Job("a" * 32, datetime(2026, 11, 29, tzinfo=UTC), "m-1", "t", "", ())


def apologising(turn: Turn) -> Sequence[Reply]:
    apologised()
    return []


async def test_a_turn_ends_done_failed_or_stopped() -> None:
    telemetry = RecordingTelemetry()

    async def take(turn: Turn, conversation: RecordingConversation) -> None:
        await MeasuredConversation(conversation, telemetry, Pseudonyms(b"hemlig")).respond(turn)

    await take(TURN, RecordingConversation())
    await take(replace(TURN, event=Joined()), RecordingConversation())
    await take(TURN, RecordingConversation(answer=apologising))
    hanging = RecordingConversation()
    hanging.gate = asyncio.Event()
    task = asyncio.create_task(take(TURN, hanging))
    await asyncio.sleep(0)
    task.cancel()
    with pytest.raises(asyncio.CancelledError):
        await task
    assert telemetry.seen(TURNS) == {
        ("message", "done"): 1,
        ("joined", "done"): 1,
        ("message", "failed"): 1,
        ("message", "stopped"): 1,
    }
    assert [each.failure for each in telemetry.spans] == ["", "", "failed", ""]


@pytest.mark.parametrize(
    ("said", "outcome"),
    [
        ("{}", "done"),
        (Cut("{"), "cut"),
        (ModelFailed("gone", "unavailable"), "unavailable"),
        (Hang("{"), "abandoned"),
    ],
)
async def test_a_call_of_the_model_is_told_with_its_end_and_its_tokens(said: Scripted, outcome: str) -> None:
    telemetry = RecordingTelemetry()
    model = MeasuredModel(ScriptedModel(said, usage=Usage(20, 3)), telemetry)
    try:
        async with asyncio.timeout(0.05), model.stream(REQUEST) as stream:
            async for _ in stream:
                pass
    except (ModelFailed, TimeoutError):
        pass
    assert telemetry.seen(MODEL_CALLS) == {("compose", outcome): 1}
    begun = outcome != "unavailable"
    assert telemetry.counts == (
        {("fyren_model_tokens", "prompt"): 20, ("fyren_model_tokens", "completion"): 3} if begun else {}
    )
    watch_breaker(telemetry, lambda: "half-open")
    assert telemetry.gauges["fyren_model_breaker"]() == {("closed",): 0, ("open",): 0, ("half-open",): 1}


def test_a_job_is_counted_once_a_state_and_its_phases_are_timed() -> None:
    telemetry, now = RecordingTelemetry(), [0.0]
    board = Board()
    board.heard_by(JobWatch(telemetry, lambda: now[0]).hear)
    reading = replace(JOB, state=JobState.READING)
    board.tell(JOB)
    board.tell(reading)
    for at, phase in enumerate(("load", "load", "embed", "write")):
        now[0] = float(at)
        board.tell(reading, phase, at, 4)
    board.tell(replace(JOB, state=JobState.DRAFT))
    states = {key[2]: count for key, count in telemetry.counts.items()}
    assert states == {"queued": 1, "reading": 1, "draft": 1}
    assert {key[1]: values for key, values in telemetry.values.items() if key[0] == JOB_PHASES.name} == {
        "load": [2.0],
        "embed": [1.0],
        "write": [0.0],
    }


async def test_questions_are_told_with_who_worded_them_and_those_that_were_put_off() -> None:
    telemetry, advice = RecordingTelemetry(), FakeAdvice()
    ask = AskFlow(Texts.load(), advice, MemoryJournal(), limits=Limits(), pace=QuestionPace(2), telemetry=telemetry)

    async def question() -> None:
        await ask.answer("Hur är läget?", Place("t", "a:1"), Sender("t", "u"), "sv")

    await question()
    advice.error = IndexUnavailable("gone")
    await question()
    await question()
    assert telemetry.seen(QUESTIONS) == {("answered", "quoted"): 1, ("unavailable", "none"): 1}
    assert telemetry.seen(RETRIEVAL) == {(): 1}
    assert telemetry.counts == {(LIMITED.name, "questions"): 1}


async def test_what_has_to_be_looked_up_is_known_once_it_was_and_unknown_where_it_failed() -> None:
    telemetry = RecordingTelemetry()

    async def there() -> bool:
        return True

    async def sessions() -> int:
        return 3

    async def tokens() -> int:
        raise StorageError("gone")

    state = State("g-1", documents=2, passages=9)
    standing = Standing(telemetry, Looks(lambda: state, there, sessions, tokens, 100))
    assert telemetry.gauges["fyren_ready"]() is None
    await standing.look()
    told = {name: read() for name, read in telemetry.gauges.items()}
    assert told == {
        "fyren_ready": 1.0,
        "fyren_web_sessions": 3,
        "fyren_documents": 2,
        "fyren_passages": 9,
        "fyren_generation_info": {("g-1", "lexical"): 1.0},
        "fyren_budget_used_tokens": None,
        "fyren_budget_limit_tokens": 100,
    }
