"""Streams: golden steps, the pace, every refusal, and that nothing which happens breaks Teams' rules."""

from __future__ import annotations

import asyncio
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from bot.conversation.texts import Texts
from bot.teams.streaming.payloads import shown
from bot.teams.streaming.refusals import RefusedStreams
from bot.teams.streaming.stream import AnswerStream
from knowledge.composing.ports import Advance, Reading, Searching, Written
from tests.fakes import teams_streams as teams
from tests.fakes.passing_time import in_no_time
from tests.fakes.teams_streams import StreamingTeams

TEXTS = Texts.load()
ENTITY = {"type": "https://schema.org/Message", "additionalType": ["AIGeneratedContent"]}
FINAL: dict[str, Any] = {
    "type": "message",
    "textFormat": "markdown",
    "text": "Ett [1]. Två [2].\n\nEn not.",
    "entities": [ENTITY],
    "channelData": {"feedbackLoop": {"type": "default"}},
}
Told = tuple[float, Advance]
USUAL: tuple[Told, ...] = (
    (0, Searching()),
    (0.05, Reading(6)),
    (2.0, Written("Ett [1].")),
    (0.5, Written("Ett [1]. Två [2].")),
)


class Streamed:
    """What came of telling advances, each so many seconds after the one before, and finishing."""

    def __init__(self, outlet: StreamingTeams, *told: Told, final: dict[str, Any] = FINAL, rest: float = 0.2) -> None:
        self.outlet = outlet
        self.refused = 0
        self.cancelled = 0
        self.id: str | None = None
        in_no_time(self._run(told, final, rest))

    async def _run(self, told: tuple[Told, ...], final: dict[str, Any], rest: float) -> None:
        stream = AnswerStream(
            self.outlet, lambda advance: shown(advance, TEXTS, "sv"), refused=self._refuse, cancelled=self._cancel
        )
        for seconds, advance in told:
            await asyncio.sleep(seconds)
            stream.tell(advance)
        await asyncio.sleep(rest)
        self.id = await stream.finish(final)

    def _refuse(self) -> None:
        self.refused += 1

    def _cancel(self) -> None:
        self.cancelled += 1

    @property
    def texts(self) -> list[str]:
        return [step["text"] for step in self.outlet.steps]


def test_the_three_kinds_of_steps() -> None:
    streamed = Streamed(StreamingTeams(), *USUAL)
    assert streamed.outlet.steps == [
        {
            "type": "typing",
            "text": "Läser 6 stycken i underlaget …",
            "entities": [{"type": "streaminfo", "streamType": "informative", "streamSequence": 1}],
        },
        {
            "type": "typing",
            "text": "Ett [1].",
            "entities": [{"type": "streaminfo", "streamType": "streaming", "streamId": "S", "streamSequence": 2}],
        },
        {**FINAL, "entities": [{"type": "streaminfo", "streamId": "S", "streamType": "final"}, ENTITY]},
    ]
    assert streamed.id == "S"
    assert streamed.outlet.violations == []


def test_an_answer_that_is_there_at_once_is_a_plain_message() -> None:
    streamed = Streamed(StreamingTeams(), (0, Searching()), (0.05, Reading(3)), rest=0.05)
    assert streamed.outlet.steps == []
    assert streamed.outlet.sent == [FINAL]


def test_the_first_sentence_leaves_at_once_and_the_next_ones_a_second_apart() -> None:
    words = [(0.4, Written("Ett [1]." + " mer" * n)) for n in range(1, 8)]
    outlet = Streamed(
        StreamingTeams(slow=0.2), (0, Searching()), (3.0, Written("Ett [1].")), *words, final=FINAL
    ).outlet
    assert outlet.times[1] == pytest.approx(3.2)
    assert outlet.times[2] == pytest.approx(3.2 + 1.1 + 0.2)
    assert outlet.violations == []


def test_a_second_line_of_progress_does_not_stand_in_the_way() -> None:
    outlet = StreamingTeams()
    Streamed(outlet, (0, Searching()), (0.6, Reading(6)), (1.0, Written("Ett [1].")))
    assert [step["text"] for step in outlet.steps][:2] == ["Söker i underlaget …", "Ett [1]."]
    assert outlet.times[1] == pytest.approx(1.6)


def test_markup_and_markers_are_shown_as_in_the_end() -> None:
    assert shown(Written("*Ett* <at>alla</at> [1]. [11]"), TEXTS, "sv") == "\\*Ett\\* &lt;at>alla&lt;/at> [1]."
    assert shown(Reading(1), TEXTS, "en") == "Reading one passage of the sources …"
    assert shown(Written("x" * 30_000), TEXTS, "sv") == ""


def test_streams_that_are_not_allowed_become_a_plain_message_and_are_remembered() -> None:
    streamed = Streamed(StreamingTeams([teams.NOT_ALLOWED]), *USUAL)
    assert streamed.refused == 1
    assert list(streamed.outlet.messages.values()) == [FINAL]
    assert len(streamed.outlet.steps) == 1


@pytest.mark.parametrize("reason", [teams.COMPLETED, teams.TIME_EXCEEDED])
@pytest.mark.parametrize("step", [1, 2])
def test_a_stream_that_is_over_is_replaced_in_place(reason: str, step: int) -> None:
    streamed = Streamed(StreamingTeams([""] * step + [reason]), *USUAL)
    assert streamed.outlet.updated == [("S", FINAL)]
    assert streamed.outlet.messages == {"S": FINAL}
    assert streamed.id == "S"


@pytest.mark.parametrize("step", [0, 1, 2])
def test_nothing_comes_after_the_person_has_cancelled(step: int) -> None:
    streamed = Streamed(StreamingTeams([""] * step + [teams.CANCELLED]), *USUAL)
    assert streamed.id is None
    assert streamed.cancelled == (step < 2)
    assert streamed.outlet.messages == {}


@pytest.mark.parametrize("step", [1, 2])
def test_a_stream_that_is_too_large_becomes_a_plain_message(step: int) -> None:
    streamed = Streamed(StreamingTeams([""] * step + [teams.TOO_LARGE]), *USUAL)
    assert list(streamed.outlet.messages.values()) == [FINAL]
    assert streamed.id != "S"


def test_a_text_that_is_said_not_to_continue_is_left_to_the_end() -> None:
    assert Streamed(StreamingTeams(["", teams.NOT_CONTINUED]), *USUAL).outlet.messages["S"]["text"] == FINAL["text"]
    assert Streamed(StreamingTeams(["", "", teams.NOT_CONTINUED]), *USUAL).outlet.messages == {"S": FINAL}


@pytest.mark.parametrize("fate", [teams.GONE, "ContentStreamNotAllowed: something new"])
@pytest.mark.parametrize("step", [0, 1, 2])
def test_other_refusals_leave_a_plain_message_or_the_end(fate: str, step: int) -> None:
    [message] = Streamed(StreamingTeams([""] * step + [fate]), *USUAL).outlet.messages.values()
    assert message["text"] == FINAL["text"]


def test_two_minutes_are_kept_by_our_own_clock() -> None:
    outlet = StreamingTeams()
    Streamed(outlet, (0, Searching()), (1, Written("Ett [1].")), (115, Written("Ett [1]. Två [2].")))
    assert len(outlet.steps) == 2
    assert outlet.updated == [("S", FINAL)]
    assert outlet.violations == []


def test_a_pause_that_teams_asks_for_is_kept() -> None:
    outlet = StreamingTeams(["", teams.THROTTLED])
    Streamed(outlet, *USUAL, rest=6)
    assert outlet.times[2] - outlet.times[1] == pytest.approx(3.0)
    assert [step["text"] for step in outlet.steps[1:3]] == ["Ett [1].", "Ett [1]. Två [2]."]
    assert outlet.violations == []


def test_a_dropped_update_is_nothing_to_worry_about() -> None:
    outlet = StreamingTeams(["", teams.DROPPED])
    assert Streamed(outlet, *USUAL).id == "S"
    assert outlet.messages["S"]["text"] == FINAL["text"]


def test_an_end_that_does_not_continue_what_is_shown_replaces_it() -> None:
    apology = {"type": "message", "text": "Nu gick något fel hos mig."}
    outlet = Streamed(StreamingTeams(), *USUAL, final=apology).outlet
    assert outlet.steps[-1]["text"] == "Ett [1]."
    assert outlet.messages == {"S": apology}
    assert outlet.violations == []


def test_refusals_are_remembered_for_an_hour_and_not_without_end() -> None:
    now = [0.0]
    refused = RefusedStreams(lambda: now[0], most=2)
    for conversation in ("a", "b", "c"):
        refused.add(conversation)
    assert [each in refused for each in ("a", "b", "c")] == [False, True, True]
    now[0] = 3601
    assert "c" not in refused


def test_an_end_that_arrived_unheard_is_replaced_when_the_next_try_is_refused() -> None:
    outlet = StreamingTeams(["", teams.LOST, teams.TOO_LARGE])
    Streamed(outlet, (0, Written("Så här är det. Ett [1].")), final={**FINAL, "text": "Något annat."}, rest=2.0)
    assert [message["text"] for message in outlet.messages.values()] == ["Något annat."]


SENTENCES = st.sampled_from([" Ett [1].", "\n- *Två* [2]", " (se [3]):", " [12]"])
FATES = st.sampled_from(
    [""] * 6
    + [teams.DROPPED, teams.LOST, teams.THROTTLED, teams.GONE, teams.NOT_ALLOWED, teams.COMPLETED]
    + [teams.TIME_EXCEEDED, teams.CANCELLED, teams.TOO_LARGE, teams.NOT_CONTINUED, "ContentStreamNotAllowed: new"]
)
SECONDS = st.sampled_from([0.0, 0.05, 0.3, 0.6, 1.0, 1.1, 2.5, 40.0])


@given(
    before=st.lists(st.tuples(SECONDS, st.sampled_from([Searching(), Reading(1), Reading(6)])), max_size=3),
    sentences=st.lists(st.tuples(SECONDS, SENTENCES), max_size=6),
    script=st.lists(FATES, max_size=6),
    slow=st.sampled_from([0.0, 0.2, 1.5]),
    rest=SECONDS,
    continued=st.booleans(),
)
def test_whatever_happens_the_rules_are_kept_and_one_message_stands(
    before: list[Told], sentences: list[tuple[float, str]], script: list[str], slow: float, rest: float, continued: bool
) -> None:
    told, text = list(before), "Så här är det."
    for seconds, sentence in sentences:
        text += sentence
        told.append((seconds, Written(text)))
    whole = shown(Written(text), TEXTS, "sv") if continued else "Något annat."
    final = {**FINAL, "text": whole}
    outlet = StreamingTeams(script, slow=slow)
    streamed = Streamed(outlet, *told, final=final, rest=rest)
    assert outlet.violations == []
    texts = [message["text"] for message in outlet.messages.values()]
    if streamed.id is not None:
        assert texts == [whole]
    else:
        assert any(fate == teams.CANCELLED for fate in script)
        assert len(texts) <= 1  # its end may have arrived, without an answer, before it was cancelled
